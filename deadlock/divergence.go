package deadlock

import (
	"context"

	"github.com/cspcheck/cspcheck/explore"
)

// DivergenceFree asks whether no loop of τ is reachable.
//
// The counterexample goes by a shortest path to the first state, in
// breadth-first order, from which steps by τ alone lead into a loop; on from
// there by as few τ as lead to a state on a loop; and round a shortest loop
// through that state. Loops are looked for whenever the number of expanded
// states is a power of two, and at the end: the first is the first among
// the states expanded until then, and the path need not be the shortest of
// all divergences.
func DivergenceFree(ctx context.Context, sys explore.System, limits explore.Limits) (*Verdict, error) {
	return divergenceFree(sys).run(ctx, limits)
}

func divergenceFree(sys explore.System) *inquiry {
	q := &inquiry{sys: sys, diverges: true}
	q.tell = q.tellFree
	return q
}
