package process

import (
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// Where calls stand in a choice, as in P(n) = a -> STOP [] P(n-1), choices are
// inside each other. The outermost goes down to the operands that are none, and
// does not ask those between what they do: each would tell all that those
// below it do, which is n² for n of them. So it is with [+A+] of one A as long as nothing
// in A is offered.

// A bottom is a transition of an operand that is no choice, below choices.
type bottom struct {
	term *Term
	by   int32
	at   *nesting
}

// A nesting is a place in choices inside each other: an operand of one, and
// where that stands in the next; nil: the whole.
type nesting struct {
	choice *Term
	kid    int32
	up     *nesting
}

// choosesLike reports whether u is a choice as t is, [] or [+A+].
func (t *Term) choosesLike(u *Term) bool { return u.Op == t.Op && u.args.set == t.args.set }

// nests reports whether an operand of a choice is a choice like it.
func (t *Term) nests() bool {
	return slices.ContainsFunc(t.Kids, func(kid *Term) bool { return t.choosesLike(kid.Head()) })
}

// nested adds the transitions of a choice with choices in it: see extChoice. It is false,
// and there are none, if something is offered that is to be done together.
func (x *stepper) nested() bool {
	for i := range x.t.Kids {
		from := len(x.trans)
		ok := !x.t.meet && x.descend(&nesting{choice: x.t, kid: int32(i)}, func(e model.Event) {
			becomes := int32(i)
			switch e {
			case model.Tau:
				becomes = staysOn
			case model.Tick:
				becomes = endsAll
			}
			x.add(e, becomes, move{int32(i), int32(len(x.trans) - from)})
		})
		if !ok {
			x.trans, x.moves, x.bottoms = x.trans[:0], x.moves[:0], x.bottoms[:0]
			return false
		}
	}
	return true
}

// descend adds what the operand at a place does, if nothing of that is to be done
// together.
func (x *stepper) descend(at *nesting, add func(model.Event)) bool {
	t := x.space.head(at.choice.Kids[at.kid])
	if !x.t.choosesLike(t) {
		for k, tr := range x.space.Trans(t) {
			if x.t.Op == SyncChoice && tr.Event > model.Tick && x.t.args.set.Contains(tr.Event) {
				for ; at != nil; at = at.up {
					at.choice.meet = true
				}
				return false
			}
			add(tr.Event)
			x.bottoms = append(x.bottoms, bottom{t, int32(k), at})
		}
		return true
	}
	if t.meet {
		return false
	}
	if t.work != nil && len(t.work.trans) == 0 {
		return true
	}
	x.space.Spend(len(t.Kids))
	from := len(x.trans)
	for i := range t.Kids {
		if !x.descend(&nesting{choice: t, kid: int32(i), up: at}, add) {
			return false
		}
	}
	if len(x.trans) == from {
		t.work = &work{} // many ways may lead down to nothing
	}
	return true
}

// nextAt returns the state that a choice comes to when one at its bottom moves.
func (s *Space) nextAt(b *bottom, stays bool) *Term {
	st := s.nextOf(b.term, b.by)
	if stays {
		for at := b.at; at != nil; at = at.up {
			st = s.with(at.choice, int(at.kid), st)
		}
	}
	return st
}

// with returns the state t with another state as an operand.
func (s *Space) with(t *Term, i int, st *Term) *Term {
	s.Spend(8 + len(t.Kids))
	key := t.appendSets(s.take(t.Op))
	for j, kid := range t.Kids {
		if j == i {
			kid = st
		}
		key = s.appendOperand(key, t.Op, kid)
	}
	s.give(key)
	n := s.numberOf(key)
	if old := s.byID.at(n); old != nil {
		return old
	}
	return s.enter(t.overOne(i, st), n)
}

// toAt is nextAt for terms: see Space.to.
func (s *Space) toAt(b *bottom, stays bool) *Term {
	t := s.to(b.term, int(b.by))
	if stays {
		for at := b.at; at != nil; at = at.up {
			t = at.choice.overOne(int(at.kid), t)
		}
	}
	return t
}

// overOne returns t with another operand in place of one.
func (t *Term) overOne(i int, kid *Term) *Term {
	kids := slices.Clone(t.Kids)
	kids[i] = kid
	return t.over(kids)
}

// moveNested is move for a choice with choices in it, given its work: it goes down to who
// moves, and does not ask those between what they do.
func (r *replay) moveNested(n *node, w *work, k int, step *explore.Step) *node {
	var down []*nesting // innermost first
	for at := w.bottoms[k].at; at != nil; at = at.up {
		down = append(down, at)
	}
	var choices []*node // on the way
	at, by := len(down), int(w.bottoms[k].by)
	for at > 0 && n.comp < 0 {
		at--
		choices, n = append(choices, n), n.kids[down[at].kid]
	}
	if at > 0 { // the choices further down are one component
		for by = 0; by < k && w.bottoms[k-by-1].at.in(down[at]); {
			by++
		}
	}
	moved := r.move(n, by, step)
	switch w.trans[k].becomes {
	case endsAll:
		return &node{term: r.sys.space.omega, comp: -1}
	case staysOn:
		for i, c := range slices.Backward(choices) {
			moved = r.with(c, r.sys.space.head(c.term), map[int32]*node{down[len(down)-1-i].kid: moved})
		}
	}
	return moved
}

// in reports whether a place is another, or below it.
func (at *nesting) in(other *nesting) bool {
	for ; at != nil; at = at.up {
		if at == other {
			return true
		}
	}
	return false
}
