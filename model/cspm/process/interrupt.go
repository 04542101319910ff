package process

import "slices"

// (P /\ Q) /\ R and P /\ (Q /\ R) do the same, transition by transition. A state is
// nested to the right: of P(n) = P(n-1) /\ a -> Q, what an event of an operand
// leaves is then that and an operand that is there already, which has been worked
// out once, and not n operators around it.
//
// Around what runs in parallel they stay as they were written, as in a network.

// stateOfInterrupt returns the state that t is, which is a /\.
func (s *Space) stateOfInterrupt(t *Term) *Term {
	before := len(s.pending)
	first, rests := t, []*Term(nil) // what interrupts it, outermost first
	var calls []*Term               // that come to first
	for first.Op == Delayed || first.Op == Interrupt {
		if first.Op == Interrupt {
			first, rests, calls = first.Kids[0], append(rests, first.Kids[1]), nil
			continue
		}
		one := s.Share(first)
		if st := s.stateKnown(one); st != nil {
			first = st
			if first.Op == Interrupt && concurrent(first) {
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
	s.Spend(8 * len(rests))
	rest, alone := (*Term)(nil), !concurrent(st)
	for i, r := range slices.Backward(rests) {
		rests[i] = s.State(r)
	}
	inner := len(rests) // those from there on have nothing in them that runs in parallel
	for alone && inner > 0 && !concurrent(rests[inner-1]) {
		inner--
	}
	for _, r := range rests[inner:] {
		rest = s.interruptedBy(r, rest)
	}
	st = s.interruptedBy(st, rest)
	for _, r := range slices.Backward(rests[:inner]) {
		st = s.interrupted(st, r)
	}
	return st
}

// interruptedBy returns the state of P /\ Q, given those of both, in which nothing
// runs in parallel, or that of P if there is no Q.
func (s *Space) interruptedBy(p, q *Term) *Term {
	if q == nil {
		return p
	}
	if p.Op == Interrupt {
		return s.interruptedBy(p.Kids[0], s.interruptedBy(p.Kids[1], q))
	}
	return s.interrupted(p, q)
}

// interrupted returns the state whose operands are two states.
func (s *Space) interrupted(p, q *Term) *Term {
	key := s.appendOperand(s.appendOperand(s.take(Interrupt), Interrupt, p), Interrupt, q)
	n := s.numberOf(key)
	s.give(key)
	if st := s.byID.at(n); st != nil {
		return st
	}
	return s.enter(s.Make(Interrupt, p, q), n)
}
