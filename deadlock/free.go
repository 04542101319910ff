package deadlock

import (
	"context"
	"fmt"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// An Option changes what Free asks.
type Option int

// AcceptTermination makes a state without transitions all right if it was
// entered by ✓. Scripts don't take it: there, SKIP is not deadlock free.
const AcceptTermination Option = 1

// Free asks whether sys is deadlock free.
//
// In F: no reachable state is without transitions. The counterexample is a
// shortest path to one, τ counted; its Kind is Termination if it ends in ✓,
// and Deadlock otherwise.
//
// In FD: the same, and no reachable loop of τ. When the search comes to a
// state without transitions, a loop whose states were all expanded before is
// reported instead, as by DivergenceFree.
//
// A network is searched by stubborn sets where that makes no difference, see
// AutoReduction: the Verdict says so, and whether the path is not promised to
// be a shortest one.
func Free(ctx context.Context, sys explore.System, m Model, limits explore.Limits, options ...Option) (*Verdict, error) {
	return Ask(ctx, Question{Topic: DeadlockFreedom, Model: m, Impl: sys, Terminates: slices.Contains(options, AcceptTermination)}, limits)
}

func free(sys explore.System, m Model, options ...Option) (*inquiry, error) {
	if m != F && m != FD {
		return nil, fmt.Errorf("deadlock freedom is a question in F or FD, not in %q", m)
	}
	q := &inquiry{sys: sys, bad: isDead, diverges: m == FD}
	if slices.Contains(options, AcceptTermination) {
		q.sys, q.bad = &ends{System: sys}, func(s []uint64, events []model.Event) bool { return isDead(s, events) && !ended(s) }
	}
	q.tell = q.tellFree
	return q, nil
}

func isDead(_ []uint64, events []model.Event) bool { return len(events) == 0 }

// tellFree tells of a deadlock, a termination or a divergence.
func (q *inquiry) tellFree(f *finding) (*explore.Counterexample, error) {
	b, err := story(q.sys, f)
	if err != nil {
		return nil, err
	}
	kind := explore.Deadlock
	switch n := len(f.path); {
	case f.loop >= 0:
		kind = explore.Divergence
	case n > 0 && f.path[n-1].Event == model.Tick:
		kind = explore.Termination
	}
	return &explore.Counterexample{Kind: kind, Impl: *b}, nil
}
