package process

import (
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// follow returns the states of a path of terms by the events of path.
//
// Where there are several ways on, the states of the path tell which terms can
// be meant: see guide. Without that a path of τ would be a search of all terms
// of its depth. So does what can happen in them, which is found out then only:
// of n components that take n steps it is n² events.
func (n *Networked) follow(path []explore.PathStep) (told []*Term, err error) {
	offers := make([][]model.Event, len(path))
	same := func(i int, t *Term) bool {
		if offers[i] == nil && err == nil {
			offers[i], err = n.offered(path[i].State)
		}
		return err == nil && slices.Equal(n.terms.space.offers(t), offers[i])
	}
	told = n.search(path, func(i int, t *Term) bool { return n.guide.agrees(path[i].State, t) && same(i, t) })
	if told == nil && err == nil {
		told = n.search(path, same)
	}
	if told == nil && err == nil {
		panic("process: a path of the network is not one of the process")
	}
	return told, err
}

// search is follow, but asks which terms can be meant after a step, where there
// are several; nil if there is no such path.
func (n *Networked) search(path []explore.PathStep, meant func(i int, t *Term) bool) []*Term {
	type step struct {
		state *Term
		from  int // in the layer before
	}
	s := n.terms.space
	layers := [][]step{{{s.State(n.terms.root), -1}}}
	for i, p := range path {
		var layer []step
		seen := map[int32]bool{}
		for from, x := range layers[i] {
			s.Spend(64)
			for _, to := range s.after(x.state, p.Event) {
				if !seen[to.id] {
					seen[to.id] = true
					layer = append(layer, step{to, from})
				}
			}
		}
		if len(layer) > 1 {
			layer = slices.DeleteFunc(layer, func(x step) bool { return !meant(i, x.state) })
		}
		if len(layer) == 0 {
			return nil
		}
		for _, x := range layers[i] {
			s.leave(x.state, layer[0].state)
		}
		layers = append(layers, layer)
	}
	out := make([]*Term, len(path))
	at := 0
	for i := len(path); i > 0; i-- {
		x := layers[i][at]
		out[i-1], at = x.state, x.from
	}
	return out
}

// after returns the states that the state t leads to by an event, in the order of
// its transitions. Of operands side by side it asks those only that take part:
// the others may be many.
func (s *Space) after(t *Term, e model.Event) (out []*Term) {
	joint := []int32(nil)
	switch {
	case e == model.Tau || e == model.Tick || t.Op != Par && t.Op != AlphaPar:
		work := s.workOf(t)
		for k := range work.trans {
			if work.trans[k].Event == e {
				out = append(out, s.next(t, work, k))
			}
		}
		return out
	case t.Op == AlphaPar:
		joint = s.who(t.args, e)
	case t.args.set.Contains(e):
		for i := range t.Kids {
			joint = append(joint, int32(i))
		}
	default:
		for i, kid := range t.Kids {
			for _, st := range s.after(kid, e) {
				out = append(out, s.placed(t, 1, func(int) (int, *Term) { return i, st }))
			}
		}
		return out
	}
	if len(joint) == 0 {
		return nil
	}
	choices, at := make([][]*Term, len(joint)), make([]int, len(joint))
	for k, i := range joint {
		if choices[k] = s.after(t.Kids[i], e); len(choices[k]) == 0 {
			return nil
		}
	}
	for {
		s.Spend(len(joint))
		out = append(out, s.placed(t, len(joint), func(k int) (int, *Term) { return int(joint[k]), choices[k][at[k]] }))
		k := len(joint) - 1
		for ; k >= 0; k-- {
			if at[k]++; at[k] < len(choices[k]) {
				break
			}
			at[k] = 0
		}
		if k < 0 {
			return out
		}
	}
}

// offers returns the events that can happen in a state.
func (s *Space) offers(t *Term) []model.Event {
	trans := s.Trans(t)
	es := make([]model.Event, 0, len(trans))
	for _, tr := range trans {
		es = append(es, tr.Event)
	}
	return distinctEvents(es)
}

// A guide tells which terms a state of a network can be. It follows the
// operator tree and the term side by side: where an operator is still there,
// its operands go with those of the term; where one operand is left, with the
// term; and a leaf knows its terms. It says yes where it can't tell.
type guide struct {
	net     *model.Network
	sys     locals
	numbers numbers
	firsts  firsts
}

// locals is a network that is searched.
type locals interface {
	// Local returns the local state of a component in s.
	Local(s []uint64, component int) model.State
	// Within returns the network that a component is, and its state in s.
	Within(s []uint64, component int) (explore.System, *model.Network, []uint64)
}

func (g *guide) agrees(s []uint64, t *Term) bool {
	if g.prioritises(t) {
		t = t.Kids[0]
	}
	return g.fits(g.net.Tree(), s, t)
}

// fits reports whether t can be what the part of s below o is.
func (g *guide) fits(o *model.Operator, s []uint64, t *Term) bool {
	at := model.State(-1)
	if o.Component >= 0 {
		at = g.sys.Local(s, o.Component)
	}
	switch o.Op {
	case model.OpRecursive:
		return g.fits(o.Kids[0], s, t)
	case model.OpWhole:
		in, inner := g.within(o, s)
		return in.agrees(inner, t)
	case model.OpLeaf, model.OpHost:
		for i, kid := range o.Kids {
			if o.On(at, i) { // and perhaps a ; after it
				return g.fits(kid, s, t) || g.begins(kid, s, t)
			}
		}
		return g.isAt(o, at, t)
	case model.OpSeq:
		if i := int(at); i < len(o.Kids)-1 {
			return g.begins(o.Kids[i], s, t)
		}
	}
	switch {
	case t.Op == Omega:
		return true
	case o.Op == model.OpRename || o.Op == model.OpThrow:
		return g.layered(o, s, t)
	case o.Chosen(at): // one operand is left
		for i, kid := range o.Kids {
			if o.On(at, i) {
				return g.fits(kid, s, t)
			}
		}
		return false
	}
	if o.Op == model.OpSlide {
		return g.slides(o, at, s, t)
	}
	if t.Op != terms[o.Op] {
		return false
	}
	if t.Op == Hide {
		below := t
		for below.Op == Hide {
			below = below.Kids[0]
		}
		return g.hidings(o, s, t, below, nil)
	}
	if t.alike(t) {
		return g.interrupts(o, s, t)
	}
	if flattened(o, t) {
		return slices.Contains(g.operands(o, at, s, t, []int{0}), len(o.Kids))
	}
	if len(o.Kids) != len(t.Kids) {
		return false
	}
	for i, kid := range t.Kids {
		if o.On(at, i) && !g.fits(o.Kids[i], s, kid) {
			return false
		}
	}
	return true
}

// operands returns up to which operands of o the operands of t can reach,
// when those before end at one of the given. Of a nested operator that is the
// same, o may have the operands instead.
func (g *guide) operands(o *model.Operator, at model.State, s []uint64, t *Term, from []int) []int {
	for _, kid := range t.Kids {
		var next []int
		for _, i := range from {
			if i < len(o.Kids) && (!o.On(at, i) || g.fits(o.Kids[i], s, kid)) {
				next = append(next, i+1)
			}
		}
		if kid.Op == t.Op && flattened(o, t) {
			next = append(next, g.operands(o, at, s, kid, from)...)
		}
		from = next
	}
	return from
}

// flattened reports whether o may have the operands of an operand of t instead
// of that itself. That is not tried elsewhere: of n operators inside each other
// there would be 2ⁿ ways to go down.
func flattened(o *model.Operator, t *Term) bool {
	if t.Op != ExtChoice && t.Op != Par {
		return false
	}
	return len(o.Kids) != len(t.Kids) ||
		slices.ContainsFunc(t.Kids, func(kid *Term) bool { return kid.Op == t.Op && len(kid.Kids) < 2 })
}

// isAt reports whether t can be what a leaf or host is in a local state.
func (g *guide) isAt(o *model.Operator, at model.State, t *Term) bool {
	if e, ok := t.leaf.(*explicit); ok && e.machine == o.From {
		return e.state == at
	}
	number := g.numbers[o.From]
	if o.From == nil && o.Component >= 0 {
		if d, ok := g.net.Components()[o.Component].Demand.(*demand); ok {
			number = d.number
		}
	}
	if number == nil || t.id < 0 {
		return true
	}
	n, ok := number[t.id]
	return ok && n == at || o.Ended(at) && t.Op == Omega
}

// terms are the operators of terms that become those of a network.
var terms = map[model.Op]Op{
	model.OpExtChoice: ExtChoice, model.OpIntChoice: IntChoice, model.OpSlide: Slide, model.OpInterrupt: Interrupt,
	model.OpThrow: Throw, model.OpHide: Hide, model.OpRename: Rename, model.OpPar: Par, model.OpAlphaPar: AlphaPar,
	model.OpLink: Link, model.OpSyncChoice: SyncChoice, model.OpSyncInterrupt: SyncInterrupt,
}
