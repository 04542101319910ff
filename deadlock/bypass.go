package deadlock

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// BypassAtMost asks whether none of the tasks is overtaken more than bound
// times (bounded bypass, Lamport, "The mutual exclusion problem", 1986).
//
// A task waits while something in it is ready for its share in one of the
// events, whether or not the others are, until it takes part in one of them.
// What it does otherwise in the meantime changes nothing, unless it is no
// longer ready: then it has stopped waiting. It is overtaken whenever one of
// the events happens without it while it waits. An event is known by the name
// that the world sees or, if it was hidden, by its name where it was hidden.
//
// The counterexample, of Kind Bypass, is a shortest path to a state in which a
// task has been overtaken once more than it may be. Each task takes a search
// of at most bound+2 times as many states as there are.
func BypassAtMost(ctx context.Context, sys explore.System, tasks []Task, events model.EventSet, bound int, limits explore.Limits) (*Verdict, error) {
	if _, err := bypassAtMost(sys, tasks, events, bound); err != nil {
		return nil, err
	}
	limits = limits.Begun()
	over := limits.Watch(ctx)
	var stats explore.Stats
	best := &Verdict{Answer: Holds}
	for i := range tasks {
		if err := over(); err != nil {
			if best.Answer == Holds {
				best, _ = limited(&Verdict{}, err)
			}
			break
		}
		v, err := bypassOf(ctx, sys, tasks, i, events, bound, limits)
		if err != nil {
			return v, err
		}
		stats = most(stats, v.Stats)
		switch {
		case v.Answer == Fails && (best.Answer != Fails || v.steps < best.steps), v.Answer == Unknown && best.Answer == Holds:
			best = v
		}
		if c := limits.Checkpoint; c != nil && c.Left {
			break // the next search would take its place in the file
		}
	}
	best.Stats = stats
	return best, nil
}

// bypassOf is BypassAtMost of the i-th task.
func bypassOf(ctx context.Context, sys explore.System, tasks []Task, i int, events model.EventSet, bound int, limits explore.Limits) (*Verdict, error) {
	var over struct {
		Verdict *Verdict
		Steps   int
	}
	name := fmt.Sprint(outcomeOvertaken, i)
	known, err := limits.Checkpoint.Known(name, &over)
	if err != nil {
		return &Verdict{}, err
	}
	if known {
		over.Verdict.steps = over.Steps
		return over.Verdict, nil
	}
	q, err := bypassAtMost(sys, tasks[i:i+1], events, bound)
	if err != nil {
		return nil, err
	}
	q.search = fmt.Sprint(" for task ", i)
	before := learnt(sys)
	v, err := q.run(ctx, limits)
	if err == nil && v.Answer != Unknown && before.same(sys) {
		over.Verdict, over.Steps = v, v.steps
		err = limits.Checkpoint.Note(name, over)
	}
	return v, err
}

// most returns what the larger of two searches saw, and the time that it took.
// Either may have missed states.
func most(a, b explore.Stats) explore.Stats {
	missed := min(1, a.Missed+b.Missed)
	if b.States > a.States {
		a = b
	}
	a.Missed = missed
	return a
}

func bypassAtMost(sys explore.System, tasks []Task, events model.EventSet, bound int) (*inquiry, error) {
	c, err := composed(sys, BoundedBypass)
	if err != nil {
		return nil, err
	}
	switch {
	case len(tasks) == 0:
		return nil, errors.New("of no task it is asked how often it is overtaken: take tasks from Tasks")
	case events == nil:
		return nil, errors.New("a task is overtaken by one of a set of events: none is given")
	case bound < 0 || bound > math.MaxInt32:
		return nil, fmt.Errorf("a task cannot be overtaken at most %d times", bound)
	}
	all := c.Places()
	if err := checkTasks(all, tasks); err != nil {
		return nil, err
	}
	x := &queues{Composed: c, tasks: tasks, events: events, bound: bound}
	for _, p := range all {
		x.up = append(x.up, p.Up)
	}
	for _, t := range tasks {
		x.at = append(x.at, t.place)
	}
	x.wants = make([]bool, len(tasks))
	return &inquiry{sys: x, bad: func(s []uint64, _ []model.Event) bool { return x.overtaken(s) >= 0 }, tell: x.tell}, nil
}

// queues is a System with a word more for each of some tasks: 0 while it does
// not wait, and otherwise how often it has been overtaken, and one. Beyond
// the bound it counts no further.
type queues struct {
	explore.Composed
	tasks  []Task
	events model.EventSet
	bound  int

	up    []int // of places
	at    []int // places of the tasks
	wants []bool
}

func (x *queues) wanted(e model.Event) bool { return e > model.Tick && x.events.Contains(e) }

func (x *queues) Width() int { return x.Composed.Width() + len(x.tasks) }

// Bits makes it an explore.Narrow, and Growing an explore.Growing: the system's
// words come first.
func (x *queues) Bits() []int {
	most := bits.Len(uint(x.bound) + 2)
	return append(slices.Clone(explore.Bits(x.Composed)), slices.Repeat([]int{most}, len(x.tasks))...)
}

func (x *queues) Growing() []explore.Bitfield { return explore.GrowingFields(x.Composed) }

// overtaken returns the first task that has been overtaken too often in a
// state, or -1.
func (x *queues) overtaken(s []uint64) int {
	return slices.IndexFunc(s[x.Composed.Width():], func(n uint64) bool { return n > uint64(x.bound)+1 })
}

func (x *queues) Initial(s []uint64) error {
	w := x.Composed.Width()
	if err := x.Composed.Initial(s[:w:w]); err != nil {
		return err
	}
	if err := x.Wants(s[:w:w], x.wanted, x.at, x.wants); err != nil {
		return err
	}
	for i, wants := range x.wants {
		s[w+i] = 0
		if wants {
			s[w+i] = 1
		}
	}
	return nil
}

func (x *queues) Successors(s []uint64, out *explore.Steps) error {
	return x.each(s, func(way *explore.Way, to []uint64) { out.Add(way.Event, to...) })
}

// each tells what can happen in a state, and where it leads.
func (x *queues) each(s []uint64, tell func(way *explore.Way, to []uint64)) error {
	w := x.Composed.Width()
	var ways []explore.Way
	if err := x.Ways(s[:w:w], func(way *explore.Way) { ways = append(ways, *way) }); err != nil {
		return err
	}
	for i := range ways {
		way := &ways[i]
		if err := x.Wants(way.To, x.wanted, x.at, x.wants); err != nil {
			return err
		}
		to := slices.Clone(way.To)
		for t, n := range s[w:] {
			switch gets := way.Is(x.wanted); {
			case !x.wants[t]:
				n = 0
			case n == 0, gets && x.within(way, x.at[t]):
				n = 1
			case gets:
				n = min(n+1, uint64(x.bound)+2)
			}
			to = append(to, n)
		}
		tell(way, to)
	}
	return nil
}

// within reports whether something in a place takes part.
func (x *queues) within(way *explore.Way, place int) bool {
	return slices.ContainsFunc(way.Places, func(p int) bool {
		for p >= 0 && p != place {
			p = x.up[p]
		}
		return p == place
	})
}

// tell tells how a task is overtaken.
func (x *queues) tell(f *finding) (*explore.Counterexample, error) {
	w := x.Composed.Width()
	s := make([]uint64, x.Width())
	if err := x.Initial(s); err != nil {
		return nil, err
	}
	t := x.overtaken(f.path[len(f.path)-1].State)
	told := &explore.OvertakenOf{Task: x.tasks[t].Name, Bound: x.bound}
	path := slices.Clone(f.path)
	for i := range path {
		p := &path[i]
		var found *explore.Way
		if err := x.each(s, func(way *explore.Way, to []uint64) {
			if found == nil && way.Event == p.Event && slices.Equal(to, p.State) {
				found = way
			}
		}); err != nil {
			return nil, err
		}
		p.By = &found.Move
		switch n := p.State[w+t]; {
		case n == 0, n == 1 && (s[w+t] != 1 || found.Is(x.wanted) && x.within(found, x.at[t])):
			told.Since, told.By = i+1, nil
		case n > s[w+t]:
			told.By = append(told.By, i)
		}
		s = p.State
	}
	b, components, err := x.Waiting(narrowed(path, 0, w), []int{x.at[t]})
	if err != nil {
		return nil, err
	}
	b.Loop = -1
	told.Components = components[0]
	return &explore.Counterexample{Kind: explore.Bypass, Impl: *b, Overtaken: told}, nil
}
