package process

// (P ; Q) ; R and P ; (Q ; R) do the same, transition by transition. A state
// is nested to the right: of P(n) = P(n-1) ; a -> SKIP a step changes the
// process that is on, and not n operators around it.

// stateOfSequence returns the state that t is, which is a ;.
func (s *Space) stateOfSequence(t *Term) *Term {
	around, st := s.descend(t, func(t *Term) bool { return t.Op == Seq })
	rest := around[0].op.Kids[1]
	for _, u := range around[1:] {
		rest = s.then(u.op.Kids[1], rest)
	}
	if st != t.Kids[0] || rest != t.Kids[1] {
		t = s.Make(Seq, st, rest)
	}
	return s.intern(s.Keys.Append(s.appendOperand(s.take(Seq), Seq, st), rest), t)
}

// then returns t ; rest, which has not started, with all ; of t nested to the
// right.
func (s *Space) then(t, rest *Term) *Term {
	if t.Op != Seq {
		return s.Make(Seq, t, rest)
	}
	return s.then(t.Kids[0], s.then(t.Kids[1], rest))
}

// headOf is Head, but that a ; is nested to the right, as states are: calls are
// unfolded then that are a ;. Others stand as they were written, but a /\ around
// something parallel is nested to the left. The state of t is known.
func (s *Space) headOf(t *Term) *Term {
	t = t.Head()
	switch {
	case t.alike(t) && concurrent(t):
		return t.leftmost()
	case t.Op == Slides:
		return s.asWritten(t)
	}
	if t.Op != Seq {
		return t
	}
	first, rest := t.Kids[0], t.Kids[1]
	for h := first.Head(); h.Op == Seq; h = first.Head() {
		first, rest = h.Kids[0], s.then(h.Kids[1], rest)
	}
	if first == t.Kids[0] {
		return t
	}
	return s.Make(Seq, first, rest)
}
