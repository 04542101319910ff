package process

import (
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// A Trans is a transition, as a rule makes it from the operands'. What it
// leads to is worked out when it is asked for: most transitions of an operand
// never happen.
type Trans struct {
	Event model.Event
	// becomes is the operand that remains, after its own move if it moved;
	// staysOn if the operator does; endsAll if nothing is left but Ω; follows
	// if To is what follows a prefix, or what is left of a chain of [>.
	becomes int32
	// first and count say which of the moves of the term's work are those of
	// the operands.
	first, count int32
	// To is the term that follows, if becomes says so. Of other operators it is the state
	// that comes next, once that is known and if the term is a state.
	To *Term
}

const (
	staysOn = -1
	endsAll = -2
	follows = -3
)

// A move says that operand kid does its by-th transition.
type move struct{ kid, by int32 }

// A work is what has been worked out about a term that is not delayed.
type work struct {
	trans []Trans
	moves []move   // of all transitions, each one's sorted by operand
	index []uint64 // by event: event and number of each transition; see having
	// bottoms are, of a choice with choices in it, those of the transitions.
	bottoms []bottom
}

// Trans returns the transitions of t, in a fixed order: operands from left
// to right, each in its own order; a joint event where its first participant
// has it.
func (s *Space) Trans(t *Term) []Trans { return s.workOf(s.head(t)).trans }

func (s *Space) workOf(t *Term) *work {
	if t.work == nil {
		var x *stepper // calls are nested
		if n := len(s.steppers); n == 0 {
			x = &stepper{space: s}
		} else {
			x = s.steppers[n-1]
			s.steppers = s.steppers[:n-1]
		}
		x.collect(t)
		t.work = &work{trans: slices.Clone(x.trans), moves: slices.Clone(x.moves), bottoms: slices.Clone(x.bottoms)}
		s.worked += len(x.trans)
		s.steppers = append(s.steppers, x)
	}
	return t.work
}

// leave forgets what has been worked out about a state of something parallel that
// the next one does not have in it: of n operands that take n steps, that would be
// n² transitions.
func (s *Space) leave(t, next *Term) {
	if t == next || !concurrent(t) {
		return
	}
	t.work = nil
	if t.Op == next.Op && len(t.Kids) == len(next.Kids) {
		for i, kid := range t.Kids {
			s.leave(kid, next.Kids[i])
		}
	}
}

// moves returns which transitions of the operands make the k-th transition
// of t.
func (s *Space) moves(t *Term, k int) []move {
	return s.workOf(s.head(t)).movesOf(k)
}

// movesOf returns the moves of the k-th transition.
func (w *work) movesOf(k int) []move {
	tr := &w.trans[k]
	return w.moves[tr.first : tr.first+tr.count]
}

// mover returns the first operand that moves in the k-th transition of t, and
// by which of its own; of choices inside each other the one at the bottom. It is
// nil if none moves.
func (s *Space) mover(t *Term, k int) (*Term, int) {
	w := s.workOf(t)
	if len(w.bottoms) > 0 {
		b := &w.bottoms[k]
		return b.term, int(b.by)
	}
	if moves := w.movesOf(k); len(moves) > 0 {
		return s.head(t.Kids[moves[0].kid]), int(moves[0].by)
	}
	return nil, 0
}

// having appends which transitions of t are an e.
func (s *Space) having(t *Term, e model.Event, out []int32) []int32 {
	const few = 16
	w := s.workOf(s.head(t))
	if len(w.trans) <= few {
		for k, tr := range w.trans {
			if tr.Event == e {
				out = append(out, int32(k))
			}
		}
		return out
	}
	if w.index == nil {
		w.index = make([]uint64, len(w.trans))
		for k, tr := range w.trans {
			w.index[k] = uint64(tr.Event)<<32 | uint64(k)
		}
		slices.Sort(w.index)
	}
	from, _ := slices.BinarySearch(w.index, uint64(e)<<32)
	for _, x := range w.index[from:] {
		if x>>32 != uint64(e) {
			break
		}
		out = append(out, int32(uint32(x)))
	}
	return out
}

// to returns the term that the k-th transition of t leads to. Calls in it
// stand as they were written: a replay takes names from them.
func (s *Space) to(t *Term, k int) *Term {
	t = s.head(t)
	w := s.workOf(t)
	tr, moves := w.trans[k], w.movesOf(k)
	switch {
	case tr.becomes == follows:
		return tr.To
	case tr.becomes == endsAll:
		return s.omega
	case len(w.bottoms) > 0:
		return s.toAt(&w.bottoms[k], tr.becomes == staysOn)
	case tr.becomes == staysOn:
		if len(moves) == 0 {
			return t
		}
		kids := slices.Clone(t.Kids)
		for _, m := range moves {
			kids[m.kid] = s.to(kids[m.kid], int(m.by))
		}
		return t.over(kids)
	}
	kid := t.Kids[tr.becomes]
	for _, m := range moves {
		if m.kid == tr.becomes {
			return s.to(kid, int(m.by))
		}
	}
	return kid
}

// next returns the state that the k-th transition of the state t leads to,
// given its work.
func (s *Space) next(t *Term, w *work, k int) *Term {
	tr, moves := &w.trans[k], w.movesOf(k)
	switch {
	case tr.becomes == follows:
		return s.State(tr.To)
	case tr.To != nil:
		return tr.To
	case tr.becomes == endsAll:
		tr.To = s.State(s.omega)
	case len(w.bottoms) > 0:
		tr.To = s.nextAt(&w.bottoms[k], tr.becomes == staysOn)
	case tr.becomes == staysOn && t.Op == Chase:
		tr.To = s.chase(t, s.nextOf(t.Kids[0], moves[0].by))
	case tr.becomes == staysOn:
		tr.To = s.moved(t, moves)
	case len(moves) > 0 && moves[0].kid == tr.becomes:
		tr.To = s.nextOf(t.Kids[tr.becomes], moves[0].by)
	default:
		tr.To = s.State(t.Kids[tr.becomes])
	}
	return tr.To
}

// nextOf is next for the k-th transition of an operand.
func (s *Space) nextOf(t *Term, k int32) *Term {
	return s.next(t, s.workOf(t), int(k))
}

// moved returns the state t after moves of its operands.
func (s *Space) moved(t *Term, moves []move) *Term {
	s.Spend(8 + len(t.Kids))
	if len(moves) == 0 {
		return t
	}
	if t.alike(t) {
		return s.movedInterrupt(t, moves)
	}
	for _, m := range moves {
		s.nextOf(t.Kids[m.kid], m.by) // known from here on: what follows calls nothing that needs the buffer
	}
	if t.Op == Seq {
		if st := s.nextOf(t.Kids[0], moves[0].by); st.Op == Seq {
			return s.State(s.Make(Seq, st, t.Kids[1]))
		}
	}
	if t.Op.merges() || t.slides() {
		if st := s.nextOf(t.Kids[0], moves[0].by); st.Op.merges() || st.slides() {
			return s.State(t.overOne(0, st))
		}
	}
	return s.placed(t, len(moves), func(k int) (int, *Term) { return int(moves[k].kid), s.nextOf(t.Kids[moves[k].kid], moves[k].by) })
}

// placed returns the state t with other states for n operands, in order.
func (s *Space) placed(t *Term, n int, other func(k int) (int, *Term)) *Term {
	key := t.appendSets(s.take(t.Op))
	k, at, st := 0, -1, (*Term)(nil)
	if n > 0 {
		at, st = other(0)
	}
	for i, kid := range t.Kids {
		switch {
		case t.Op.off(i):
			key = s.Keys.Append(key, kid)
			continue
		case i == at:
			kid = st
			if k++; k < n {
				at, st = other(k)
			}
		}
		key = s.appendOperand(key, t.Op, kid)
	}
	s.give(key)
	number := s.numberOf(key)
	if st := s.byID.at(number); st != nil {
		return st
	}
	kids := slices.Clone(t.Kids)
	for k := range n {
		at, st := other(k)
		kids[at] = st
	}
	return s.enter(t.over(kids), number)
}

// A stepper collects the transitions of one term.
type stepper struct {
	space *Space
	t     *Term
	work

	// Kept between uses.
	all     []int32
	choices [][]int32
	at      []int
}

// collect finds the transitions of t.
func (x *stepper) collect(t *Term) {
	x.t, x.trans, x.moves, x.bottoms = t, x.trans[:0], x.moves[:0], x.bottoms[:0]
	x.step()
}

// kid returns the transitions of operand i.
func (x *stepper) kid(i int) []Trans { return x.space.Trans(x.t.Kids[i]) }

// everyone returns the numbers of all operands.
func (x *stepper) everyone() []int32 {
	for len(x.all) < len(x.t.Kids) {
		x.all = append(x.all, int32(len(x.all)))
	}
	return x.all[:len(x.t.Kids)]
}

// add adds a transition.
func (x *stepper) add(e model.Event, becomes int32, moves ...move) {
	x.space.Spend(8)
	x.trans = append(x.trans, Trans{Event: e, becomes: becomes, first: int32(len(x.moves)), count: int32(len(moves))})
	x.moves = append(x.moves, moves...)
}

// stays adds: operand i does its k-th transition, the world sees e, the
// operator stays.
func (x *stepper) stays(e model.Event, i, k int) {
	x.add(e, staysOn, move{int32(i), int32(k)})
}

// resolves adds: operand i does its k-th transition and alone remains.
func (x *stepper) resolves(i, k int) {
	x.add(x.kid(i)[k].Event, int32(i), move{int32(i), int32(k)})
}

// joint adds: the first of who does its k-th transition, which is an e, and
// each other of who one of its own e's, in all combinations.
func (x *stepper) joint(e model.Event, k int, who []int32) {
	for len(x.choices) < len(who) {
		x.choices = append(x.choices, nil)
		x.at = append(x.at, 0)
	}
	choices, at := x.choices[:len(who)], x.at[:len(who)]
	choices[0] = append(choices[0][:0], int32(k))
	for p, i := range who[1:] {
		if choices[p+1] = x.space.having(x.t.Kids[i], e, choices[p+1][:0]); len(choices[p+1]) == 0 {
			return
		}
	}
	clear(at)
	becomes := int32(staysOn)
	if e == model.Tick {
		becomes = endsAll
	}
	for {
		x.add(e, becomes)
		for p, i := range who {
			x.moves = append(x.moves, move{i, choices[p][at[p]]})
		}
		x.trans[len(x.trans)-1].count = int32(len(who))
		x.space.Spend(len(who))
		p := len(who) - 1
		for ; p >= 0; p-- {
			if at[p]++; at[p] < len(choices[p]) {
				break
			}
			at[p] = 0
		}
		if p < 0 {
			return
		}
	}
}
