package deadlock

import (
	"context"
	"fmt"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
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
func Free(ctx context.Context, sys explore.System, m Model, limits explore.Limits, options ...Option) (*Verdict, error) {
	if m != F && m != FD {
		return nil, fmt.Errorf("deadlock freedom is a question in F or FD, not in %q", m)
	}
	q := inquiry{sys: sys, dead: isDead}
	if slices.Contains(options, AcceptTermination) {
		q = inquiry{sys: &ends{System: sys}, dead: func(v *explore.Visit) bool { return isDead(v) && !ended(v.Words) }}
	}
	if m == FD {
		q.taus = &taus{}
	}
	return q.run(ctx, limits)
}

func isDead(v *explore.Visit) bool { return len(v.Steps.Events) == 0 }
