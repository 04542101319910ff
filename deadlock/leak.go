package deadlock

import (
	"context"

	"github.com/cspcheck/cspcheck/explore"
)

// NoLeak asks whether nothing is left behind when main has ended: there is no
// reachable state from which on main has ended for good, being gone after it
// was on, or able to do ✓, or after its ✓; and from which another task never
// ends: comes to a state in which it is able to do ✓, has ended, or is not on.
// The others are all components outside of main, if none are given.
//
// The counterexample, of Kind Leak, is a shortest path to such a state, and
// then what the others may do for ever, if anything.
//
// A component that only serves, such as a mutex, never ends if it is not able
// to do ✓ when nobody needs it: name the others then. The whole state space is
// kept: see graph.
func NoLeak(ctx context.Context, sys explore.System, main Task, others []Task, limits explore.Limits) (*Verdict, error) {
	h, err := noLeak(sys, main, others)
	if err != nil {
		return nil, err
	}
	return h.ask(ctx, limits)
}

func noLeak(sys explore.System, main Task, others []Task) (*hope, error) {
	c, err := composed(sys, LeakFreedom)
	if err != nil {
		return nil, err
	}
	places := c.Places()
	if err := checkTasks(places, append([]Task{main}, others...)); err != nil {
		return nil, err
	}
	if len(others) == 0 {
		others = outside(places, main)
	}
	h := newHope(explore.Leak, c, &main, others)
	h.come = func(m, t *explore.Standing, bits uint64) bool {
		mainEnded := m.Able || m.Ended || !m.On && bits&hasBegun != 0
		return !mainEnded || t.Able || t.Ended || !t.On
	}
	return h, nil
}
