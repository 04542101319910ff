package deadlock

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cspcheck/cspcheck/explore"
)

// A Task is a part of a system of which something is asked: a component, or
// an operator of the network with all that is below it. It moves if something
// in it moves.
type Task struct {
	Name  string
	place int // of the system's Places
}

// Tasks returns the parts of sys that go by the names, in their order: as
// they were named when the network was built, components first; of several
// components of one name all, or the second as "NAME #2". Without names, it
// returns all components. It fails if there is no part of a name, and
// says which there are.
func Tasks(sys explore.System, names ...string) ([]Task, error) {
	c, err := composed(sys, Liveness)
	if err != nil {
		return nil, err
	}
	leaves, operators := tasksOf(c.Places())
	if len(names) == 0 {
		return leaves, nil
	}
	var out []Task
	for _, name := range names {
		n := len(out)
		for _, all := range [][]Task{leaves, operators} {
			if len(out) == n {
				for _, t := range all {
					if t.Name == name || plain(t.Name) == name {
						out = append(out, t)
					}
				}
			}
		}
		if len(out) == n {
			return nil, fmt.Errorf("there is no component %s: the components are %s", name, Named(leaves))
		}
	}
	return out, nil
}

// TaskOf returns component i of a network, as that numbers them.
func TaskOf(sys explore.System, i int) (Task, error) {
	c, err := composed(sys, Liveness)
	if err != nil {
		return Task{}, err
	}
	places := c.Places()
	leaves, operators := tasksOf(places)
	for _, t := range append(leaves, operators...) {
		if i >= 0 && places[t.place].Component == i {
			return t, nil
		}
	}
	return Task{}, fmt.Errorf("there is no component %d: the components are %s", i, Named(leaves))
}

// TaskAt returns the part that is a place of the system.
func TaskAt(sys explore.Composed, place int) Task {
	leaves, operators := tasksOf(sys.Places())
	for _, t := range append(leaves, operators...) {
		if t.place == place {
			return t
		}
	}
	return Task{}
}

// Named returns the names of tasks, for messages.
func Named(tasks []Task) string {
	const most = 20
	var names []string
	for i, t := range tasks {
		if i == most {
			names = append(names, fmt.Sprintf("and %d more", len(tasks)-most))
			break
		}
		names = append(names, t.Name)
	}
	return strings.Join(names, ", ")
}

// tasksOf returns the components and the operators of a system as tasks.
// Those of equal name are numbered.
func tasksOf(places []explore.Place) (leaves, operators []Task) {
	count, seen := map[string]int{}, map[string]int{}
	for _, p := range places {
		if p.Leaf {
			count[p.Name]++
		}
	}
	for i, p := range places {
		t := Task{Name: p.Name, place: i}
		switch {
		case !p.Leaf:
			operators = append(operators, t)
		case count[p.Name] > 1:
			seen[p.Name]++
			t.Name = fmt.Sprintf("%s #%d", p.Name, seen[p.Name])
			fallthrough
		default:
			leaves = append(leaves, t)
		}
	}
	return leaves, operators
}

// plain returns a name without its number.
func plain(name string) string {
	if i := strings.LastIndex(name, " #"); i > 0 {
		return name[:i]
	}
	return name
}

// composed returns sys as one whose parts stay where they are.
func composed(sys explore.System, topic Topic) (explore.Composed, error) {
	c, ok := sys.(explore.Composed)
	if !ok {
		return nil, fmt.Errorf("%s is a question about the components of a network, and this system is none: build a network of them", topic)
	}
	return c, nil
}

// check reports a task that is none of the system's places.
func checkTasks(places []explore.Place, tasks []Task) error {
	for _, t := range tasks {
		if t.place < 0 || t.place >= len(places) || t.Name == "" {
			return fmt.Errorf("task %q is none of this system: take tasks from Tasks, TaskOf or TaskAt", t.Name)
		}
	}
	return nil
}

// outside returns the leaves that are not in t.
func outside(places []explore.Place, t Task) []Task {
	leaves, _ := tasksOf(places)
	return slices.DeleteFunc(leaves, func(l Task) bool {
		for i := l.place; i >= 0; i = places[i].Up {
			if i == t.place {
				return true
			}
		}
		return false
	})
}
