package deadlock

import (
	"context"
	"encoding/binary"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
)

// A hope is a question of the form: from every reachable state, for each of
// some tasks, something can come about in some future.
//
// It fails if a strongly connected component that nothing leads out of has no
// state in which it has come about. Then the states from which it never can
// are found, and the earliest of them is told.
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
	g, err := newGraph(ctx, h.sys, limits)
	v := &Verdict{Answer: Holds, Stats: g.Stats}
	if err != nil {
		return limited(v, err)
	}
	hopeless, err := h.hopeless(g)
	if err != nil {
		return limited(v, err)
	}
	if len(hopeless) == 0 {
		return v, nil
	}
	v.Answer = Unknown // until it can be told
	limits.Enter(explore.Telling)
	x, err := h.earliest(g, hopeless)
	if err != nil {
		return limited(v, err)
	}
	ce, err := h.tell(g, x)
	if err != nil {
		return limited(v, err)
	}
	v.Answer, v.Counterexample = Fails, ce
	v.hope = &inquiry{sys: h.sys, spoilt: x.spoilt(g.Search)}
	v.steps = ce.Stuck.Since
	return v, nil
}

// hopeless returns the tasks for which it never comes about in some component
// that nothing leads out of, by their numbers.
func (h *hope) hopeless(g *graph) ([]int, error) {
	without := make([]bool, len(h.tasks))
	var left []int // in this component
	for c := range g.ends {
		if !g.final(c) {
			continue
		}
		left = left[:0]
		for i := range h.tasks {
			left = append(left, i)
		}
		for k, s := range g.of(c) {
			if k%64 == 0 {
				if err := g.check(); err != nil {
					return nil, err
				}
			}
			if len(left) == 0 {
				break
			}
			has := make([]bool, len(h.tasks))
			if err := h.each(g.Words(int(s)), func(i int, come bool) { has[i] = come }); err != nil {
				return nil, err
			}
			left = slices.DeleteFunc(left, func(i int) bool { return has[i] })
		}
		for _, i := range left {
			without[i] = true
		}
	}
	var out []int
	for i, yes := range without {
		if yes {
			out = append(out, i)
		}
	}
	return out, nil
}

// A loss is what earliest finds.
type loss struct {
	task  int
	state uint32
	never []bool // by state: for some task it never comes about from there
}

// earliest returns the first state, as they were found, from which it never
// comes about for one of the tasks.
func (h *hope) earliest(g *graph, tasks []int) (*loss, error) {
	x := &loss{task: -1, never: make([]bool, g.Len())}
	// 64 tasks at a time: can has a bit for each, by component.
	const together = 64
	for ; len(tasks) > 0; tasks = tasks[min(together, len(tasks)):] {
		some := tasks[:min(together, len(tasks))]
		bit := make([]uint64, len(h.tasks))
		all := uint64(0)
		for k, i := range some {
			bit[i] = 1 << k
			all |= bit[i]
		}
		can := make([]uint64, len(g.ends))
		for c := range g.ends { // where they lead comes first
			for k, s := range g.of(c) {
				if k%64 == 0 {
					if err := g.check(); err != nil {
						return nil, err
					}
				}
				for _, t := range g.to(s) {
					can[c] |= can[g.scc[t]]
				}
			}
			for _, s := range g.of(c) {
				if can[c] == all {
					break
				}
				if err := h.each(g.Words(int(s)), func(i int, come bool) {
					if come {
						can[c] |= bit[i]
					}
				}); err != nil {
					return nil, err
				}
			}
		}
		for s := range x.never {
			lost := all &^ can[g.scc[s]]
			if lost == 0 {
				continue
			}
			x.never[s] = true
			if x.task < 0 || uint32(s) < x.state {
				for k, i := range some {
					if lost>>k&1 != 0 {
						x.task, x.state = i, uint32(s)
						break
					}
				}
			}
		}
	}
	return x, nil
}

// spoilt returns a function that tells from which states it never comes about
// for some task.
func (x *loss) spoilt(g *explore.Search) func(s []uint64) (bool, error) {
	var all map[string]bool
	key := func(s []uint64) string {
		var b []byte
		for _, w := range s {
			b = binary.LittleEndian.AppendUint64(b, w)
		}
		return string(b)
	}
	return func(s []uint64) (bool, error) {
		if all == nil {
			all = map[string]bool{}
			for i, never := range x.never {
				if never {
					all[key(g.Words(i))] = true
				}
			}
		}
		return all[key(s)], nil
	}
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
