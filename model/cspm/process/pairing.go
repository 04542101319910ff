package process

import (
	"cmp"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// A pairing says which component of a story each part of a network is, at the
// end of a path.
type pairing struct {
	places []explore.Place
	kids   [][]int     // of places
	comp   map[int]int // of places that are leaves and on
	actor  map[int32]int
	on     []bool // of places
	chosen []bool
}

// below returns the components of a place, sorted.
func (x *pairing) below(place int) []int {
	var out []int
	if c, ok := x.comp[place]; ok {
		out = append(out, c)
	}
	for _, kid := range x.kids[place] {
		out = append(out, x.below(kid)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// choices is a network that knows which operators are there no more.
type choices interface {
	Chosen(s []uint64, place int) bool
}

// pair follows the places and the tree of a replay side by side, as the guide
// of a path does.
func (p *Parted) pair(path []explore.PathStep, r *replay) (*pairing, error) {
	s := make([]uint64, p.Width())
	if n := len(path); n > 0 {
		s = path[n-1].State
	} else if err := p.composed.Initial(s); err != nil {
		return nil, err
	}
	x := &pairing{places: p.composed.Places(), comp: map[int]int{}, actor: map[int32]int{}}
	x.kids = make([][]int, len(x.places))
	x.on, x.chosen = make([]bool, len(x.places)), make([]bool, len(x.places))
	choices := p.System.(choices)
	for i, place := range x.places {
		x.on[i], x.chosen[i] = p.composed.On(s, i), choices.Chosen(s, i)
		if place.Up >= 0 {
			x.kids[place.Up] = append(x.kids[place.Up], i)
		}
	}
	if len(x.places) > 0 {
		x.follow(0, r.tree)
	}
	actors := int32(0)
	for i, place := range x.places {
		if !place.Leaf {
			continue
		}
		x.actor[actors] = -1
		if c, ok := x.comp[i]; ok {
			x.actor[actors] = c
		}
		actors++
	}
	return x, nil
}

// follow pairs a place that is on with a node.
func (x *pairing) follow(place int, n *node) {
	if n == nil {
		return
	}
	if n.comp >= 0 {
		x.all(place, n.comp)
		return
	}
	var alive []int // operands that are on, by number
	for i, kid := range x.kids[place] {
		if x.on[kid] {
			alive = append(alive, i)
		}
	}
	at := x.places[place]
	kid := func(i int) int { return x.kids[place][i] }
	switch {
	case at.Op == model.OpRecursive, at.Op == model.OpWhole:
		x.follow(kid(0), n)
	case x.chosen[place]:
		if len(alive) == 1 {
			x.follow(kid(alive[0]), n)
		}
	case at.Op == model.OpHost && len(alive) > 0, at.Op == model.OpSeq && len(alive) == 1:
		x.follow(kid(alive[0]), n)
	case n.term.Op == Seq, // of a place above: what runs comes before all that follows
		n.term.Op == Prioritise && at.Op != model.OpPrioritise: // of a whole, which is no place
		x.follow(place, n.kids[0])
	case at.Op == model.OpLeaf, at.Op == model.OpHost:
		for len(n.kids) == 1 && n.kids[0] != nil { // what relabels stands above a component
			n = n.kids[0]
		}
		if n.comp >= 0 {
			x.comp[place] = n.comp
		}
	case counterpart(at.Op).merges():
		if n.term.Op.one() == counterpart(at.Op) {
			n = n.kids[0]
		}
		x.follow(kid(0), n) // otherwise it is one of several that are one in the story
	case n.term.Op.merges(): // the other way round
		x.follow(place, n.kids[0])
	case n.term.Op == counterpart(at.Op) && len(n.kids) == len(x.kids[place]):
		for _, i := range alive {
			x.follow(kid(i), n.kids[i])
		}
	}
}

// all pairs the leaves below a place with one component: its term has nothing
// parallel in it.
func (x *pairing) all(place, comp int) {
	if !x.on[place] {
		return
	}
	if x.places[place].Leaf {
		x.comp[place] = comp
	}
	for _, kid := range x.kids[place] {
		x.all(kid, comp)
	}
}

// counterpart returns the operator of terms that becomes one of a network.
func counterpart(op model.Op) Op {
	switch op {
	case model.OpPrioritise:
		return Prioritise
	}
	return terms[op]
}

// partsOf appends who takes part in the k-th transition of a node.
func (r *replay) partsOf(n *node, k int, out []explore.Part) []explore.Part {
	t := n.term.Head()
	if n.comp >= 0 {
		p := r.part(t, k)
		p.Component = n.comp
		return append(out, p)
	}
	for _, m := range r.sys.space.moves(t, k) {
		out = r.partsOf(n.kids[m.kid], int(m.by), out)
	}
	slices.SortStableFunc(out, func(p, q explore.Part) int { return cmp.Compare(p.Component, q.Component) })
	return out
}
