package deadlock

import (
	"context"
	"errors"

	"github.com/cspcheck/cspcheck/explore"
)

// NeverStuck asks whether no task gets stuck (partial deadlock): from every
// reachable state, each can move in some future, which means that it takes
// part in something. A task that is not on, because it has not started or has
// been left, needs not; nor does one that is able to do ✓, or has ended. To be
// left in some future, by an interrupt say, is as good as to move.
//
// The counterexample, of Kind Stuck, is a shortest path to a state from which
// one of the tasks never moves, and then what the others may do for ever, if
// anything.
//
// It is asked of tasks, not of resources: an idle mutex is fine. The whole
// state space is kept: see graph.
func NeverStuck(ctx context.Context, sys explore.System, tasks []Task, limits explore.Limits) (*Verdict, error) {
	h, err := neverStuck(sys, tasks)
	if err != nil {
		return nil, err
	}
	return h.ask(ctx, limits)
}

func neverStuck(sys explore.System, tasks []Task) (*hope, error) {
	c, err := composed(sys, Liveness)
	if err != nil {
		return nil, err
	}
	if len(tasks) == 0 {
		return nil, errors.New("of no task it is asked whether it is never stuck: take tasks from Tasks")
	}
	if err := checkTasks(c.Places(), tasks); err != nil {
		return nil, err
	}
	h := newHope(explore.Stuck, c, nil, tasks)
	h.come = func(_, t *explore.Standing, _ uint64) bool {
		return t.Moves || !t.On || t.Able || t.Ended
	}
	return h, nil
}
