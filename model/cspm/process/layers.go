package process

import (
	"encoding/binary"
	"slices"

	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// P[[R]][[S]] is P with two layers around it, and so is (P [|A|> Q) [|B|> R. A state has
// one operator for all layers of a kind that stand around each other: of
// P(n) = P(n-1)[[ b.n <- c.n ]] a step changes the process below, and not n operators
// around it, and an event is not looked for in each of them. So it is with what a term
// does: see head. One [[R]] and one [|A|> stay what they are; several are a Rename by
// what they make of an event together, and a Throws.

// A layer is one operator, and those further out.
type layer struct {
	op   *Term     // as it stands; its first operand is of no account
	out  *layer    // the next further out, or nil
	key  value.Key // of them all
	next *Term     // of [|A|>: what follows an event of A, with those further out around it; once known

	in *pile // once looked through
	at int   // in that
}

// A pile is layers that are looked through at once, innermost first.
type pile struct {
	layers []*layer
	having *parties // by numbers of the layers
}

// layered reports whether t is a layer, or several.
func (t *Term) layered() bool { return t.Op == Rename || t.Op.one() == Throw }

// sameLayers reports whether the layers of u, if it has some, are of the kind of t's.
func (t *Term) sameLayers(u *Term) bool {
	return u.layered() && t.Op.one() == u.Op.one()
}

// layersOf returns the layers that t is, innermost first.
func (s *Space) layersOf(t *Term) *layer {
	switch {
	case t.Op == Throws:
		return t.args.layers
	case t.Op == Rename && t.args.rel.layers != nil:
		return t.args.rel.layers
	}
	return s.layer(t, nil)
}

// layer returns the layer that op is, with others around it.
func (s *Space) layer(op *Term, out *layer) *layer {
	key := op.appendSets([]byte{value.TagUser, 'L', byte(op.Op)})
	for _, kid := range op.Kids[1:] {
		key = s.Keys.Append(key, kid)
	}
	if out != nil {
		key = binary.LittleEndian.AppendUint64(key, uint64(out.key))
	}
	return &layer{op: op, out: out, key: s.Keys.Intern(key)}
}

// inside returns some layers, innermost first, with others around them.
func (s *Space) inside(layers, out *layer) *layer {
	if out == nil {
		return layers
	}
	var ops []*Term
	for l := layers; l != nil; l = l.out {
		ops = append(ops, l.op)
	}
	for _, op := range slices.Backward(ops) {
		out = s.layer(op, out)
	}
	return out
}

// wrapped returns the term that is layers around t.
func (s *Space) wrapped(l *layer, t *Term) *Term {
	kids := []*Term{t}
	switch {
	case l.out == nil && t == l.op.Kids[0]:
		return l.op
	case l.out == nil:
		return l.op.overOne(0, t)
	case l.op.Op == Rename:
		return &Term{Op: Rename, id: -1, Kids: kids, args: &args{space: s, rel: s.composed(l)}}
	}
	return &Term{Op: Throws, id: -1, Kids: kids, args: &args{space: s, layers: l}}
}

// asLayers returns t, which is a layer, as one operator with all that stand directly
// below it, calls unfolded.
func (s *Space) asLayers(t *Term) *Term {
	if below := t.Kids[0].Head(); !t.sameLayers(below) {
		return t
	}
	var l *layer
	below := t
	for h := t; t.sameLayers(h); h = below.Head() {
		s.Spend(8)
		l, below = s.inside(s.layersOf(h), l), h.Kids[0]
	}
	return s.wrapped(l, below)
}

// spelled returns t, which has layers, as operators that stand around each other, the
// outermost most of them.
func (s *Space) spelled(t *Term, most int) *Term {
	var ops []*Term
	for l := s.layersOf(t); l != nil; l = l.out {
		ops = append(ops, l.op)
	}
	u := t.Kids[0]
	for _, op := range ops[max(0, len(ops)-most):] {
		u = op.overOne(0, u)
	}
	return u
}

// stateOfLayers returns the state that t is, which is a layer, or several.
func (s *Space) stateOfLayers(t *Term) *Term {
	around, st := s.descend(t, t.sameLayers)
	s.Spend(8 * len(around))
	switch {
	case len(around) > 1:
		var l *layer
		for _, u := range around {
			l = s.inside(s.layersOf(u.op), l)
		}
		t = s.wrapped(l, st)
	case st != t.Kids[0]:
		t = t.overOne(0, st)
	}
	key := s.appendOperand(t.appendSets(s.take(t.Op)), t.Op, st)
	for _, kid := range t.Kids[1:] {
		key = s.Keys.Append(key, kid)
	}
	return s.intern(key, t)
}

// first returns the innermost of l and those further out that has e in its set, or ties
// it to something; nil if none does.
func (l *layer) first(e model.Event) *layer {
	for l != nil {
		p := l.pile()
		who := p.having.who(e)
		if i, _ := slices.BinarySearch(who, int32(l.at)); i < len(who) {
			return p.layers[who[i]]
		}
		l = p.layers[len(p.layers)-1].out
	}
	return nil
}

// last is first, but the outermost.
func (l *layer) last(e model.Event) (found *layer) {
	for l != nil {
		p := l.pile()
		if who := p.having.who(e); len(who) > 0 && int(who[len(who)-1]) >= l.at {
			found = p.layers[who[len(who)-1]]
		}
		l = p.layers[len(p.layers)-1].out
	}
	return found
}

// pile returns the pile that l is in. One that is made has the layers around it that are
// in none, and those of piles that are no larger than what it has: so a process around
// which there are ever more has few of them.
func (l *layer) pile() *pile {
	if l.in == nil {
		p := &pile{}
		for x := l; x != nil && (x.in == nil || len(x.in.layers)-x.at <= len(p.layers)); x = x.out {
			p.layers = append(p.layers, x)
		}
		for i, x := range p.layers {
			if x.in == nil {
				x.in, x.at = p, i
			}
		}
		p.having = l.op.args.space.havingLayers(p.layers)
		l.in, l.at = p, 0
	}
	return l.in
}

// havingLayers tells the layers by the events that they have: see layer.first.
func (s *Space) havingLayers(layers []*layer) *parties {
	s.Spend(8 * len(layers))
	if layers[0].op.Op == Rename {
		rels := make([]*Relation, len(layers))
		for i, l := range layers {
			rels[i] = l.op.args.rel
		}
		return s.tying(rels)
	}
	sets := make([]*EventSet, len(layers))
	for i, l := range layers {
		sets[i] = l.op.args.set
	}
	return s.newParties(sets)
}

// after returns what follows an event of the set of l, which is a [|A|>, with those
// further out around it.
func (l *layer) after() *Term {
	if l.next == nil {
		l.next = l.op.Kids[1]
		if l.out != nil {
			s := l.op.args.space
			l.next = s.wrapped(l.out, l.next)
		}
	}
	return l.next
}

// layered is fits for [[R]] and [|A|>, of which a state has one for all that stand around
// each other.
func (g *guide) layered(o *model.Operator, s []uint64, t *Term) bool {
	op, n := terms[o.Op], 0 // how many of them are still there
	for terms[o.Op] == op || o.Op == model.OpRecursive {
		i := 0
		switch o.Op {
		case model.OpRename:
			n++
		case model.OpThrow:
			i = int(g.sys.Local(s, o.Component))
			if i >= len(o.Kids) { // it has ended
				return false
			}
			n += len(o.Kids) - 1 - i
		}
		o = o.Kids[i]
	}
	if n == 0 {
		return g.fits(o, s, t)
	}
	if t.Op.one() != op {
		return false
	}
	space := t.args.space
	var ops []*Term
	for l := space.layersOf(t); l != nil; l = l.out {
		ops = append(ops, l.op)
	}
	if len(ops) < n {
		return false
	}
	below := t.Kids[0]
	if ops = ops[:len(ops)-n]; len(ops) > 0 {
		var l *layer
		for _, op := range slices.Backward(ops) {
			l = space.layer(op, l)
		}
		below = space.State(space.wrapped(l, below))
	}
	return g.fits(o, s, below)
}

// thrown returns a node of what follows a [|A|>, below those further out.
func (r *replay) thrown(l *layer) *node {
	q := r.build(l.op.Kids[1], "", syntax.Span{})
	if l.out == nil {
		return q
	}
	n := &node{comp: -1, term: r.sys.space.wrapped(l.out, l.op.Kids[1])}
	n.kids = make([]*node, len(n.term.Kids))
	n.kids[0] = q
	return n.asItStands()
}

// asItStands returns n, whose term is one operator and not one with those below it: they
// have nodes of their own.
func (n *node) asItStands() *node {
	if t := n.term; t.Op.merges() {
		t.body = t
	}
	return n
}
