package process

import (
	"github.com/cspcheck/cspcheck/model"
)

// begins reports whether t can be P ; Q, where P is what the part of s below o
// is, and Q whatever comes after it. States are nested to the right: P is the
// first operand of t, or several of them if it is itself a ;.
func (g *guide) begins(o *model.Operator, s []uint64, t *Term) bool {
	if t.Op != Seq {
		return false
	}
	first := t.Kids[0]
	at := model.State(-1)
	if o.Component >= 0 {
		at = g.sys.Local(s, o.Component)
	}
	switch o.Op {
	case model.OpRecursive:
		return g.begins(o.Kids[0], s, t)
	case model.OpWhole:
		in, inner := g.within(o, s)
		if in.prioritises(first) {
			return in.agrees(inner, first)
		}
		return in.begins(in.net.Tree(), inner, t)
	}
	if o.Chosen(at) || o.Op == model.OpSeq || o.Op == model.OpHost { // one operand is left, or comes first
		for i, kid := range o.Kids {
			if o.On(at, i) {
				return g.begins(kid, s, t)
			}
		}
	}
	switch o.Op {
	case model.OpLeaf, model.OpHost:
		return g.isAt(o, at, first) || g.startsWith(o, at, t)
	}
	return g.fits(o, s, first)
}

// within returns the guide of the network that o is, and its state in s.
func (g *guide) within(o *model.Operator, s []uint64) (*guide, []uint64) {
	sys, net, inner := g.sys.Within(s, o.Component)
	return &guide{net, sys.(locals), g.numbers, g.firsts}, inner
}

// prioritises reports whether t has the priority of the network around it.
func (g *guide) prioritises(t *Term) bool { return t.Op == Prioritise && g.net.Priority() != nil }

// firsts has, for each local state of a machine, the terms of it that are a ; or \,
// which are one with others around them.
type firsts map[*model.Machine]map[model.State][]*Term

// startsWith reports whether the operands of t, a ;, are those of a term that
// a leaf or host is in a local state, which is a ;, and others after them.
func (g *guide) startsWith(o *model.Operator, at model.State, t *Term) bool {
	for _, u := range g.nested(o, at, t.args.space) {
		if u.Op != Seq {
			continue
		}
		if rest, ok := t.without(u); ok && rest != nil {
			return true
		}
	}
	return false
}

// nested returns the terms that a leaf or host is in a local state, those
// that are a ; or \.
func (g *guide) nested(o *model.Operator, at model.State, space *Space) []*Term {
	if o.From == nil {
		d, ok := g.net.Components()[o.Component].Demand.(*demand)
		if !ok {
			return nil
		}
		if u := d.states[at].state; u != nil && (u.Op == Seq || u.Op == Hide) {
			return []*Term{u}
		}
		return nil
	}
	all, ok := g.firsts[o.From]
	if !ok {
		all = map[model.State][]*Term{}
		for id, n := range g.numbers[o.From] {
			if u := space.byID.at(int(id)); u.Op == Seq || u.Op == Hide {
				all[n] = append(all[n], u)
			}
		}
		g.firsts[o.From] = all
	}
	return all[at]
}

// without returns what follows u in t if the operands of u, or u itself if it is
// no ;, are the first of t: nil if they are all.
func (t *Term) without(u *Term) (rest *Term, ok bool) {
	for ; u.Op == Seq; u = u.Kids[1] {
		if t, ok = t.without(u.Kids[0]); !ok || t == nil {
			return nil, false
		}
	}
	if t.Op != Seq {
		return nil, t.same(u)
	}
	if t.Kids[0].Op == Seq {
		t = t.args.space.then(t.Kids[0], t.Kids[1])
	}
	return t.Kids[1], t.Kids[0].same(u)
}

// same reports whether t and u are one process as a value, or one state.
func (t *Term) same(u *Term) bool {
	if t.id >= 0 && u.id >= 0 {
		return t == u
	}
	keys := t.Keys()
	return keys.Of(t) == keys.Of(u)
}
