package deadlock

import (
	"context"

	"github.com/cspcheck/cspcheck/explore"
)

// A Reduction says whether a search may leave out interleavings that come to
// the same as others: by stubborn sets, see explore.Reducible.
type Reduction int

const (
	// AutoReduction reduces a search for deadlocks, where no loop of τ
	// matters: in F, or if there can be none.
	AutoReduction Reduction = iota
	// NoReduction searches all states.
	NoReduction
	// StubbornSets reduces whatever question allows it. A Verdict says why it
	// could not be.
	StubbornSets
)

// StubbornSetsUsed is what Verdict.Reduced says of them.
const StubbornSetsUsed = "stubborn sets"

// reduced returns the question about a reduced system that has the same
// answer. It says why, if there is none, or none was asked for.
func (q *Question) reduced() (r Question, why string) {
	if q.Reduce == NoReduction {
		return r, "no reduction is wanted"
	}
	if q.Symmetry && q.Reduce == AutoReduction {
		return r, "symmetry is used instead"
	}
	keeps, why := q.keeps()
	if why != "" {
		return r, why
	}
	sys, ok := q.Impl.(explore.Reducible)
	if !ok {
		return r, "it is not searched as a network"
	}
	if q.Topic == DeadlockFreedom && q.model() == FD && keeps == explore.Divergences && sys.Converges() {
		keeps = q.deadlocks()
	}
	switch plain := keeps == explore.Deadlocks || keeps == explore.Endings; {
	case q.Reduce == AutoReduction && !plain:
		return r, "a loop of τ would be a divergence"
	case q.Symmetry && !plain:
		return r, "beside symmetry it serves deadlock freedom only, where no loop of τ matters"
	}
	if q.Terminates && keeps == explore.Divergences {
		return r, "whether ✓ is the last event would get lost"
	}
	r = *q
	r.Reduce, r.whole = NoReduction, q.Impl
	if r.Impl, why = sys.Reduced(keeps, q.Effort); why != "" {
		return r, why
	}
	return r, ""
}

func (q *Question) model() Model {
	if q.Model == "" {
		return FD
	}
	return q.Model
}

func (q *Question) deadlocks() explore.Keeps {
	if q.Terminates {
		return explore.Endings
	}
	return explore.Deadlocks
}

// keeps is what the answer depends on, or why that is too much.
func (q *Question) keeps() (k explore.Keeps, why string) {
	switch q.Topic {
	case DeadlockFreedom:
		if q.model() == F {
			return q.deadlocks(), ""
		}
		return explore.Divergences, ""
	case DivergenceFreedom:
		return explore.Divergences, ""
	case Refinement, Determinism:
		return map[Model]explore.Keeps{T: explore.Traces, F: explore.Failures, FD: explore.Divergences}[q.model()], ""
	case Trace:
		return 0, "only the states along the trace are searched anyway"
	}
	return 0, "it is a question about components, which any order of events may matter to"
}

// askReduced answers a question r that was made of q by reducing. A
// counterexample is looked for again among all states, so that it is the one
// that a whole search finds, and a shortest one, unless that takes long.
func (q *Question) askReduced(ctx context.Context, r Question, limits explore.Limits) (*Verdict, error) {
	v, err := r.askWhole(ctx, limits)
	if err != nil {
		return v, err
	}
	v.Reduced = StubbornSetsUsed
	if v.Answer != Fails {
		return v, nil
	}
	if again := q.again(ctx, unkept(limits)); again != nil {
		return again, nil
	}
	v.Longer = true
	return v, nil
}

// A counterexample is looked for again among a few states, then among as many
// as have about that many transitions, or fewer where a transition leads to many words.
const (
	againStates      = 1 << 12
	againTransitions = 1 << 21
	againWords       = 1 << 24
)

// again answers a question that is known to fail, or returns nil if that takes
// too long. How long is a matter of states, not of time: the answer is always
// the same.
func (q *Question) again(ctx context.Context, limits explore.Limits) *Verdict {
	bound := limits.States
	most := int64(againStates)
	for {
		limits.States = most
		if bound > 0 {
			limits.States = min(most, bound)
		}
		v, err := q.askWhole(ctx, limits)
		switch {
		case err != nil: // a mistake in a part that the reduced search never came to
			return nil
		case v.Answer == Fails:
			return v
		case v.Answer == Holds:
			panic("deadlock: a reduced system has a counterexample that the whole one has not")
		case most > againStates || v.Stats.States < againStates: // a search of the specification, or another limit
			return nil
		}
		most = min(againTransitions, againWords/int64(q.Impl.Width())) * v.Stats.States / max(v.Stats.States, v.Stats.Transitions)
		if most <= againStates {
			return nil
		}
	}
}
