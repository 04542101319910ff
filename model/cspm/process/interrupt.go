package process

import (
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// (P /\ Q) /\ R and P /\ (Q /\ R) do the same, transition by transition and in one
// order; so do two /+A+\ with one A. How they are nested is no part of a state. It is
// nested to the right: of P(n) = P(n-1) /\ a -> Q, what an event of an operand leaves is
// that and an operand that is there already, which has been worked out once, and
// not n operators around it. But if something in it runs in parallel it is nested
// to the left, as it is mostly written, so that each operand is a part of its own.

// alike reports whether u is the operator of t again, a /\ or /+A+\.
func (t *Term) alike(u *Term) bool {
	return (t.Op == Interrupt || t.Op == SyncInterrupt) && u.Op == t.Op && u.args.set == t.args.set
}

// stateOfInterrupt returns the state that t is, which is a /\ or /+A+\.
func (s *Space) stateOfInterrupt(t *Term) *Term {
	around, st := s.descend(t, t.alike)
	s.Spend(8 * len(around))
	operands := t.operands(nil, st)
	for _, u := range slices.Backward(around[1:]) {
		operands = t.operands(operands, s.State(u.op.Kids[1]))
	}
	all := s.interrupts(t, operands, s.State(around[0].op.Kids[1]))
	s.callsAround(t, around, all)
	return all
}

// callsAround notes the states of the calls that come to the operators in a state that
// is nested to the left: a network asks for each.
func (s *Space) callsAround(t *Term, around []level, st *Term) {
	for i, u := range around[1:] {
		last := s.State(around[i].op.Kids[1])
		for range t.operands(nil, last) {
			if !concurrent(st) {
				return
			}
			st = st.Kids[0]
		}
		if !concurrent(st) {
			return
		}
		for _, one := range u.calls {
			one.state = st
			s.publish(one)
		}
	}
}

// movedInterrupt returns the state t, a /\ or /+A+\, after moves of its operands. Of those
// that are nested to the left only the innermost is looked at that moves with both
// operands or the second: in each of those around it the others would be nested anew.
func (s *Space) movedInterrupt(t *Term, moves []move) *Term {
	var behind []*Term // the second operands of those around it, outermost first
	u := t
	for len(moves) == 1 && moves[0].kid == 0 && t.alike(u.Kids[0]) {
		w := s.workOf(u.Kids[0])
		tr := w.trans[moves[0].by]
		if tr.becomes != staysOn {
			break
		}
		behind = append(behind, u.Kids[1])
		moves, u = w.movesOf(int(moves[0].by)), u.Kids[0]
	}
	kids := [2]*Term{u.Kids[0], u.Kids[1]}
	for _, m := range moves {
		kids[m.kid] = s.nextOf(kids[m.kid], m.by)
	}
	operands, last := t.operands(nil, kids[0]), kids[1]
	for _, q := range slices.Backward(behind) {
		operands, last = t.operands(operands, last), q
	}
	return s.interrupts(t, operands, last)
}

// overTwo returns the state that is t over two states, as they stand.
func (s *Space) overTwo(t, p, q *Term) *Term {
	key := t.appendSets(s.take(t.Op))
	key = s.appendOperand(s.appendOperand(key, t.Op, p), t.Op, q)
	n := s.numberOf(key)
	s.give(key)
	if st := s.byID.at(n); st != nil {
		return st
	}
	return s.enter(t.over([]*Term{p, q}), n)
}

// interrupts returns the state in which t stands between each of the states and the
// next: the operands are no t, but the last may be one.
func (s *Space) interrupts(t *Term, operands []*Term, last *Term) *Term {
	if !concurrent(last) && !slices.ContainsFunc(operands, concurrent) {
		for _, p := range slices.Backward(operands) {
			last = s.overTwo(t, p, last)
		}
		return last
	}
	operands = t.operands(operands, last)
	st := operands[0]
	for _, p := range operands[1:] {
		st = s.overTwo(t, st, p)
	}
	return st
}

// operands appends the operands of u, if it is a t, and of all in it that are; otherwise
// u itself. Calls are not looked into.
func (t *Term) operands(out []*Term, u *Term) []*Term {
	for ; t.alike(u); u = u.Kids[1] {
		out = t.operands(out, u.Kids[0])
	}
	return append(out, u)
}

// leftmost returns t, a /\ or /+A+\, nested to the left.
func (t *Term) leftmost() *Term {
	if !t.alike(t.Kids[1]) {
		return t
	}
	all := t.operands(nil, t.Kids[1])
	u := t.over([]*Term{t.Kids[0], all[0]})
	for _, p := range all[1:] {
		u = t.over([]*Term{u, p})
	}
	return u
}

// renested reports whether a state may be nested in another way than t, which it
// is.
func (t *Term) renested() bool {
	if t = t.Head(); t.alike(t) || t.Op.merges() || t.slides() {
		return true
	}
	for i, kid := range t.Kids {
		if !t.Op.off(i) && t.Op != Chase && kid.renested() {
			return true
		}
	}
	return false
}

// interrupts is fits for /\ and /+A+\, which may be nested in another way in a state.
// A leaf or host may be several of the operands.
func (g *guide) interrupts(o *model.Operator, s []uint64, t *Term) bool {
	parts, operands := g.interrupting(nil, o, o, s), t.operands(nil, t)
	more := len(operands) - len(parts)
	from := []int{0} // how many operands the parts so far can be
	for _, part := range parts {
		var next []int
		for _, i := range from {
			for j := i; j <= i+more && j < len(operands); j++ {
				if !slices.Contains(next, j+1) && g.fits(part, s, t.args.space.interrupts(t, operands[i:j:j], operands[j])) {
					next = append(next, j+1)
				}
			}
		}
		from = next
	}
	return slices.Contains(from, len(operands))
}

// interrupting appends the operands of o, if it is an operator like another that is
// still there, and of all in it that are; otherwise o itself.
func (g *guide) interrupting(out []*model.Operator, o, like *model.Operator, s []uint64) []*model.Operator {
	at := model.State(-1)
	if o.Component >= 0 {
		at = g.sys.Local(s, o.Component)
	}
	switch o.Op {
	case model.OpRecursive:
		return g.interrupting(out, o.Kids[0], like, s)
	case model.OpLeaf, model.OpHost, model.OpWhole:
		return append(out, o)
	case model.OpSeq:
		if int(at) < len(o.Kids)-1 {
			return append(out, o)
		}
	}
	if !o.Chosen(at) && (o.Op != like.Op || o.Set != like.Set) {
		return append(out, o)
	}
	for i, kid := range o.Kids { // one operand is left, or both are
		if o.On(at, i) {
			out = g.interrupting(out, kid, like, s)
		}
	}
	return out
}
