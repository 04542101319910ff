package inductive

import (
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// A scale weighs a part. Its bounds are those of the network: what the part
// weighs, and what the others can, comes to what all weigh together.
type scale struct {
	start, least, most load
	changes            []load // by action of the part
}

// weigh says what the target of a step weighs, and reports whether it can.
func (x *scale) weigh(before load, s *step) bool {
	s.target.load = before
	if s.event == model.Tau {
		return true // what only the part takes part in leaves it as heavy as it is
	}
	for i, change := range x.changes[s.event-firstAction] {
		w := before[i] + change
		if w < x.least[i] || w > x.most[i] {
			return false
		}
		s.target.load[i] = w
	}
	return true
}

// balance says by how much the actions of a part change what it weighs, and
// makes its scale. All ways to do an action change it alike: the others that
// take part are the same, and all together come to nothing.
func (c *composer) balance(p *part) {
	if len(c.weights) == 0 {
		return
	}
	p.change = make([]load, len(p.actions))
	for a, ways := range p.actions {
		p.change[a] = c.changeBy(p, ways[0])
		for _, w := range ways[1:] {
			if c.changeBy(p, w) != p.change[a] {
				panic("inductive: two ways to do the same change a weight by something else")
			}
		}
	}
	for i, w := range c.weights {
		if p.component >= 0 {
			p.starts[i], p.room[i] = w.starts[p.component], w.most[p.component]
			continue
		}
		p.starts[i] = p.kids[0].starts[i] + p.kids[1].starts[i]
		p.room[i] = p.kids[0].room[i] + p.kids[1].room[i]
	}
	x := &scale{start: p.starts, changes: slices.Clone(p.change)}
	for i, w := range c.weights {
		x.least[i], x.most[i] = max(0, w.total-(w.room-p.room[i])), min(p.room[i], w.total)
		if x.least[i] > 0 || x.most[i] < p.room[i] {
			p.scale = x
			continue
		}
		x.start[i] = 0 // it may weigh whatever it can: that is not to tell states apart
		for a := range x.changes {
			x.changes[a][i] = 0
		}
	}
}

// changeBy returns what a way to do an action changes.
func (c *composer) changeBy(p *part, way inner) (change load) {
	if p.component >= 0 {
		for i, w := range c.weights {
			if by := w.change[p.component]; by != nil {
				change[i] = by[way.left]
			}
		}
		return change
	}
	for k, action := range []int32{way.left, way.right} {
		if action < 0 {
			continue
		}
		for i, by := range p.kids[k].change[action] {
			change[i] += by
		}
	}
	return change
}
