package process

import (
	"slices"

	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// (P \ A) \ B and P \ (A ∪ B) do the same, transition by transition. A state has one
// \ for all that stand around each other: of P(n) = P(n-1) \ {a} a step changes the
// process below, and not n operators around it.
//
// Around what runs in parallel they stay as they were written, as in a network,
// and so do those whose sets cannot be listed.

// stateOfHiding returns the state that t is, which is a \.
func (s *Space) stateOfHiding(t *Term) *Term {
	before := len(s.pending)
	first, around := t, []*args(nil) // outermost first
	var calls []*Term                // that come to first
	for first.Op == Delayed || first.Op == Hide {
		if first.Op == Hide {
			first, around, calls = first.Kids[0], append(around, first.args), nil
			continue
		}
		one := s.Share(first)
		if st := s.stateKnown(one); st != nil {
			first = st
			if first.Op == Hide && concurrent(first) {
				break
			}
			continue
		}
		s.begin(one)
		calls = append(calls, one)
		first = one.Unfold()
	}
	st := s.State(first)
	for _, one := range calls {
		one.state = st
	}
	s.Release(before)
	for _, one := range calls {
		s.publish(one)
	}
	s.Spend(8 * len(around))
	if len(around) > 1 && !concurrent(st) {
		if all := s.union(around); all != nil {
			return s.hiding(st, &args{space: s, set: all})
		}
	}
	for _, a := range slices.Backward(around) {
		st = s.hiding(st, a)
	}
	return st
}

// hiding returns the state that is a \ over a state.
func (s *Space) hiding(st *Term, a *args) *Term {
	t := &Term{Op: Hide, id: -1, Kids: []*Term{st}, args: a}
	return s.intern(s.appendOperand(t.appendSets(s.take(Hide)), Hide, st), t)
}

// union returns the union of the sets of operators, or nil if they are not to be
// listed.
func (s *Space) union(of []*args) *EventSet {
	var sets []value.Set
	var last *EventSet
	total := 0
	for _, a := range of {
		elems, ok := value.Few(a.set.set, fewEvents)
		if a.set.except || !ok {
			return nil
		}
		if a.set == last {
			continue
		}
		last = a.set
		sets = append(sets, a.set.set)
		total += len(elems)
	}
	if len(sets) == 1 {
		return last
	}
	s.Spend(total)
	return s.EventSet(value.Unions(sets))
}
