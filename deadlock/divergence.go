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

// NoLoopPossible is what Verdict.Reduced says where no state was looked at, as no
// rule can be part of a loop of τ.
const NoLoopPossible = "no loop of τ is possible"

// A search of no more than this is over before anybody notices, and has figures.
const soonSearched = 1 << 16

// convergent reports whether divergence freedom shows by the rules, where a
// search may take longer. A component on demand may have a mistake in it, which
// only a search comes to.
func (q *Question) convergent() bool {
	sys, ok := q.Impl.(explore.Reducible)
	if !ok || q.Topic != DivergenceFreedom || q.Reduce != AutoReduction || q.Symmetry {
		return false
	}
	layout := layoutOf(q.Impl)
	if layout == nil {
		return false
	}
	states := 1
	for _, f := range layout.Fields {
		if f.Machine == nil {
			return false
		}
		states = min(states*f.Machine.Len(), soonSearched)
	}
	return states == soonSearched && sys.Converges()
}
