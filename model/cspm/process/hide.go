package process

import (
	"slices"

	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// (P \ A) \ B and P \ (A ∪ B) do the same, transition by transition. A state has one
// \ for all that stand around each other, as long as their sets are listed: of
// P(n) = P(n-1) \ {a} a step changes the process below, and not n operators around
// it. A set that is not listed, which another may be described as in many ways, has one
// of its own.

func (t *Term) hides() bool { return t.Op == Hide }

// stateOfHiding returns the state that t is, which is a \.
func (s *Space) stateOfHiding(t *Term) *Term {
	around, st := s.descend(t, (*Term).hides)
	s.Spend(8 * len(around))
	return s.hiding(st, operators(around))
}

func operators(around []level) []*Term {
	ts := make([]*Term, len(around))
	for i, u := range around {
		ts[i] = u.op
	}
	return ts
}

// hiding returns the state of a state, which is no \, with \ around it, outermost
// first.
func (s *Space) hiding(st *Term, around []*Term) *Term {
	for len(around) > 0 {
		var t *Term
		t, around = s.innermost(st, around)
		st = s.intern(s.appendOperand(t.appendSets(s.take(Hide)), Hide, st), t)
	}
	return st
}

// innermost returns t below as many of the \ around it, outermost first, as can be one,
// and those around that.
func (s *Space) innermost(t *Term, around []*Term) (*Term, []*Term) {
	n := len(around) - 1
	for n > 0 && around[n].mergeable() && around[n-1].mergeable() {
		n--
	}
	return &Term{Op: Hide, id: -1, Kids: []*Term{t}, args: s.union(around[n:])}, around[:n]
}

// asOneHiding returns t, a \, as one with those that it stands around, calls unfolded.
func (s *Space) asOneHiding(t *Term) *Term {
	around, below := []*Term{t}, t.Kids[0]
	for h := below.Head(); h.Op == Hide; h = below.Head() {
		around, below = append(around, h), h.Kids[0]
	}
	if len(around) == 1 {
		return t
	}
	for len(around) > 0 {
		below, around = s.innermost(below, around)
		below.body = below
	}
	return below
}

// mergeable reports whether t, a \, can be one with others around it.
func (t *Term) mergeable() bool { return listed(t.args.set.set) && !t.args.set.except }

// union returns what a \ takes that is one for all of several.
func (s *Space) union(hidings []*Term) *args {
	a := hidings[0].args
	var sets []value.Set
	for _, t := range hidings {
		if t.args.set != a.set {
			sets = append(sets, t.args.set.set)
			s.Spend(int(t.args.set.set.Size()))
		}
	}
	if sets == nil {
		return a
	}
	return &args{space: s, set: s.EventSet(value.Unions(append(sets, a.set.set)))}
}

// hidings is fits for a \, of which a state may have one for it, for all \ around it and
// for all in it: around are these and itself, outermost first, and below is what stands
// below those of the state t.
func (g *guide) hidings(o *model.Operator, s []uint64, t, below *Term, around []*Term) bool {
	for ; o.Op == model.OpHide; o = o.Kids[0] {
		around = append(around, t.args.space.WithSet(Hide, o.Set.(*EventSet), below))
	}
	return g.fits(o, s, below) || g.hidingIn(o, s, t, below, around)
}

// hidingIn is hidings for what stands below them all as they are written, if that has
// come to be a \.
func (g *guide) hidingIn(o *model.Operator, s []uint64, t, below *Term, around []*Term) bool {
	at := model.State(-1)
	if o.Component >= 0 {
		at = g.sys.Local(s, o.Component)
	}
	switch {
	case o.Op == model.OpHide:
		return g.hidings(o, s, t, below, around)
	case o.Op != model.OpRecursive && o.Op != model.OpLeaf && o.Op != model.OpHost && o.Op != model.OpSeq && !o.Chosen(at):
		return false
	}
	for i, kid := range o.Kids {
		if o.On(at, i) {
			return g.hidingIn(kid, s, t, below, around)
		}
	}
	if o.Op != model.OpLeaf && o.Op != model.OpHost {
		return false
	}
	space := t.args.space
	return slices.ContainsFunc(g.nested(o, at, space), func(u *Term) bool {
		if u.Op != Hide {
			return false
		}
		all, st := space.descend(u, (*Term).hides)
		return space.hiding(st, slices.Concat(around, operators(all))) == t
	})
}
