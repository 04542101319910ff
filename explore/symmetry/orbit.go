package symmetry

import (
	"cmp"
	"slices"
)

// An orbit is blocks of components of which any two can be exchanged while
// all others stay what they are: its symmetries are all permutations of the
// blocks. Each block is told in the terms of the first.
type orbit struct{ blocks []block }

// A block is components; comps[k] corresponds to that of the first block. Its
// local state s is toFirst[k][s] there, and toOwn[k] goes back; nil keeps
// numbers.
type block struct {
	comps          []int32
	toFirst, toOwn [][]int32
}

// swaps reports whether e is its own inverse and moves all that it touches to
// another component.
func (e *element) swaps() bool {
	return !slices.ContainsFunc(e.touch, func(d int32) bool { c, _ := e.source(d); return c == d }) && e.then(e).trivial()
}

// orbitsOf returns the orbits that exchanges among the generators make, and
// the generators that are none of these.
func orbitsOf(found []*element) (orbits []*orbit, rest []*element) {
	var swaps []*element
	for _, e := range found {
		if e.swaps() {
			swaps = append(swaps, e)
		} else {
			rest = append(rest, e)
		}
	}
	for len(swaps) > 0 {
		var chain, others []*element
		chain, swaps = connected(swaps)
		o, used := newOrbit(chain)
		if o == nil {
			rest = append(rest, chain...)
			continue
		}
		for i, e := range chain {
			if !used[i] {
				others = append(others, e)
			}
		}
		orbits, rest = append(orbits, o), append(rest, others...)
	}
	return orbits, rest
}

// connected returns the first exchange with all that it shares components
// with, directly or by way of others, and those that are left.
func connected(swaps []*element) (chain, left []*element) {
	has := map[int32]bool{}
	take := func(e *element) {
		chain = append(chain, e)
		for _, d := range e.touch {
			has[d] = true
		}
	}
	take(swaps[0])
	left = slices.Clone(swaps[1:])
	for grown := true; grown; {
		grown = false
		left = slices.DeleteFunc(left, func(e *element) bool {
			touches := slices.ContainsFunc(e.touch, func(d int32) bool { return has[d] })
			if touches {
				take(e)
				grown = true
			}
			return touches
		})
	}
	return chain, left
}

// newOrbit returns the orbit of exchanges that hang together, and which of
// them it is made of; nil if they do not exchange the same blocks.
func newOrbit(chain []*element) (*orbit, []bool) {
	first := firstBlock(chain)
	if first == nil {
		return nil, nil
	}
	o := &orbit{blocks: []block{{comps: first, toFirst: make([][]int32, len(first)), toOwn: make([][]int32, len(first))}}}
	member := map[int32]int{}
	for _, c := range first {
		member[c] = 0
	}
	used := make([]bool, len(chain))
	for i := 0; i < len(o.blocks); i++ {
		for k, e := range chain {
			b, ok := o.blocks[i].moved(e)
			if !ok || slices.ContainsFunc(b.comps, func(c int32) bool { _, known := member[c]; return known }) {
				continue
			}
			for _, c := range b.comps {
				member[c] = len(o.blocks)
			}
			o.blocks = append(o.blocks, b)
			used[k] = true
		}
	}
	slices.SortFunc(o.blocks, func(a, b block) int { return cmp.Compare(a.comps[0], b.comps[0]) })
	return o, used
}

// firstBlock returns one of the blocks that exchanges exchange: half of what
// one touches. That is what another touches, too; if there is no other, the
// first of each pair.
func firstBlock(chain []*element) []int32 {
	e := chain[0]
	var block []int32
	for _, f := range chain[1:] {
		var both []int32
		for _, d := range e.touch {
			if _, ok := slices.BinarySearch(f.touch, d); ok {
				both = append(both, d)
			}
		}
		if 2*len(both) == len(e.touch) && len(e.touch) == len(f.touch) {
			block = both
			break
		}
	}
	if len(chain) == 1 {
		for i, d := range e.touch {
			if d < e.from[i] {
				block = append(block, d)
			}
		}
	}
	// It is to be moved away as a whole.
	for _, d := range block {
		if c, _ := e.source(d); slices.Contains(block, c) {
			return nil
		}
	}
	return block
}

// moved returns where an exchange takes a block, if it takes it away and
// touches nothing else.
func (b *block) moved(e *element) (block, bool) {
	if len(e.touch) != 2*len(b.comps) {
		return block{}, false
	}
	var to block
	for k, c := range b.comps {
		d, back := e.source(c)
		if d == c || slices.Contains(b.comps, d) {
			return block{}, false
		}
		_, there := e.source(d) // from c: e is its own inverse
		to.comps = append(to.comps, d)
		to.toFirst = append(to.toFirst, unlessPlain(joined(back, b.toFirst[k])))
		to.toOwn = append(to.toOwn, unlessPlain(joined(b.toOwn[k], there)))
	}
	return to, true
}

// compare compares the states of two blocks, in the terms of the first.
func (o *orbit) compare(x vector, i, j int32) int {
	a, b := &o.blocks[i], &o.blocks[j]
	for k := range a.comps {
		s, t := mapped(a.toFirst[k], x[a.comps[k]]), mapped(b.toFirst[k], x[b.comps[k]])
		if s != t {
			return cmp.Compare(s, t)
		}
	}
	return 0
}

// sort puts the states of the blocks in order: order is memory for as many
// numbers as there are blocks, y for a vector. It returns the element that
// did it, if that is wanted.
func (o *orbit) sort(x, y vector, order []int32, wanted bool) *element {
	order = order[:len(o.blocks)]
	sorted := true
	for i := range order {
		order[i] = int32(i)
		j := i
		for ; j > 0 && o.compare(x, order[j-1], int32(i)) > 0; j-- {
			order[j] = order[j-1]
			sorted = false
		}
		order[j] = int32(i)
	}
	if sorted {
		return nil
	}
	copy(y, x)
	for to, from := range order {
		a, b := &o.blocks[from], &o.blocks[to]
		for k, c := range a.comps {
			x[b.comps[k]] = mapped(b.toOwn[k], mapped(a.toFirst[k], y[c]))
		}
	}
	if !wanted {
		return nil
	}
	type source struct {
		d, c int32
		m    []int32
	}
	var sources []source
	for to, from := range order {
		a, b := &o.blocks[from], &o.blocks[to]
		for k, c := range a.comps {
			sources = append(sources, source{b.comps[k], c, joined(a.toFirst[k], b.toOwn[k])})
		}
	}
	slices.SortFunc(sources, func(a, b source) int { return cmp.Compare(a.d, b.d) })
	e := &element{}
	for _, x := range sources {
		e.set(x.d, x.c, x.m)
	}
	return e
}
