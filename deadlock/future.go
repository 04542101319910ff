package deadlock

import (
	"context"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
)

// A hope is a question of the form: from every reachable state, for each of
// some tasks, something can come about in some future.
//
// It fails if there are states from which it never can: the earliest of them is
// told.
type hope struct {
	kind  explore.Kind
	sys   *since
	tasks []Task
	main  *Task // of a leak

	places []int // of main, if there is one, and the tasks
	stands []explore.Standing

	// come reports whether it has come about for a task, given how it and main
	// stand, the state's bits, and that the process as a whole has not ended.
	come func(main, task *explore.Standing, bits uint64) bool
}

func newHope(kind explore.Kind, sys explore.Composed, main *Task, tasks []Task) *hope {
	h := &hope{kind: kind, sys: &since{Composed: sys, place: -1}, tasks: tasks, main: main}
	if main != nil {
		h.sys.place = main.place
		h.places = append(h.places, main.place)
	}
	for _, t := range tasks {
		h.places = append(h.places, t.place)
	}
	h.stands = make([]explore.Standing, len(h.places))
	return h
}

// each tells, for each task, whether it has come about in a state.
func (h *hope) each(s []uint64, tell func(task int, come bool)) error {
	bits := s[len(s)-1]
	if err := h.sys.Standing(h.sys.plain(s), h.places, h.stands); err != nil {
		return err
	}
	if bits&hasEnded != 0 {
		for i := range h.stands {
			h.stands[i] = explore.Standing{On: h.stands[i].On, Ended: true}
		}
	}
	main, tasks := (*explore.Standing)(nil), h.stands
	if h.main != nil {
		main, tasks = &h.stands[0], h.stands[1:]
	}
	for i := range tasks {
		tell(i, h.come(main, &tasks[i], bits))
	}
	return nil
}

// ask answers.
func (h *hope) ask(ctx context.Context, limits explore.Limits) (*Verdict, error) {
	limits = limits.Begun()
	g, err := newGraph(ctx, h.sys, limits)
	v := &Verdict{Answer: Holds, Stats: g.Stats}
	if err != nil {
		return limited(v, err)
	}
	var x *loss
	err = relieved(g.Search, func() (err error) {
		x, err = g.lost(len(h.tasks), h.each)
		return err
	})
	if err != nil {
		return limited(v, err)
	}
	if x == nil {
		return v, nil
	}
	v.Answer = Unknown // until it can be told
	limits.Enter(explore.Telling)
	var ce *explore.Counterexample
	err = relieved(g.Search, func() (err error) {
		ce, err = h.tell(g, x)
		return err
	})
	if err != nil {
		return untold(v, err)
	}
	v.Answer, v.Counterexample = Fails, ce
	v.hope = &inquiry{sys: h.sys, spoilt: x.spoilt(g.Search)}
	v.steps = ce.Stuck.Since
	return v, nil
}

// tell tells how it comes so far: the path, and then what the others can do
// for ever, if anything.
func (h *hope) tell(g *graph, x *loss) (*explore.Counterexample, error) {
	path, err := g.Path(int(x.state))
	if err != nil {
		return nil, err
	}
	told := &explore.StuckOf{Task: h.tasks[x.task].Name, Since: len(path)}
	more, loop, err := g.forever(h.sys, x.state)
	if err != nil {
		return nil, err
	}
	if loop >= 0 {
		loop += len(path)
	}
	path = narrowed(append(path, more...), 0, h.sys.Composed.Width())
	places := []int{h.tasks[x.task].place}
	if h.main != nil {
		places = append(places, h.main.place)
	}
	b, components, err := h.sys.Waiting(path, places)
	if err != nil {
		return nil, err
	}
	b.Loop = loop
	told.Components = components[0]
	if h.main != nil {
		told.Main, told.MainComponents = h.main.Name, components[1]
		b.Waits = slices.DeleteFunc(b.Waits, func(w explore.Wait) bool { return !slices.Contains(told.Components, w.Component) })
	}
	return &explore.Counterexample{Kind: h.kind, Impl: *b, Stuck: told}, nil
}
