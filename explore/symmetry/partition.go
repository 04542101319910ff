package symmetry

import (
	"cmp"
	"slices"
)

// A partition is one of the vertices of a graph into cells, and can be undone
// step by step. Cell c is elems[start[c]:start[c]+size[c]].
//
// Cells have numbers, and how they come by them depends on the shape of the
// graph alone, not on the numbers of vertices: partitions that began alike
// and have the same trace correspond, cell by cell.
type partition struct {
	*graph
	elems, at, cell []int32 // elems[at[v]] is v, which is in cell[v]
	start, size     []int32
	from            []int32 // the cell that each was split off, -1: none
	queue           []int32
	queued          []bool
	trace           uint64
	work            int64 // edges looked at, all in all

	count   []int32 // of a vertex, its neighbours in the splitting cell; 0 between splits
	hits    []int32 // of a cell, its vertices with neighbours there; 0 between splits
	touched []int32
	cells   []int32
	parts   []part
}

// A part is what becomes a cell: vertices with the same count.
type part struct{ count, lo, hi int32 }

// newPartition returns the coarsest partition by colours.
func newPartition(g *graph) *partition {
	n := len(g.colour)
	p := &partition{graph: g, elems: make([]int32, n), at: make([]int32, n), cell: make([]int32, n), count: make([]int32, n)}
	for v := range p.elems {
		p.elems[v] = int32(v)
	}
	slices.SortStableFunc(p.elems, func(u, v int32) int { return cmp.Compare(g.colour[u], g.colour[v]) })
	for i, v := range p.elems {
		if i == 0 || g.colour[p.elems[i-1]] != g.colour[v] {
			p.enqueue(p.newCell(int32(i), 0, -1))
		}
		c := int32(len(p.start) - 1)
		p.size[c]++
		p.at[v], p.cell[v] = int32(i), c
	}
	return p
}

// clone returns a partition that is the same, for its own use.
func (p *partition) clone() *partition {
	q := *p
	for _, s := range []*[]int32{&q.elems, &q.at, &q.cell, &q.start, &q.size, &q.from, &q.count, &q.hits} {
		*s = slices.Clone(*s)
	}
	q.queued = slices.Clone(q.queued)
	q.queue, q.touched, q.cells, q.parts = nil, nil, nil, nil
	return &q
}

func (p *partition) newCell(start, size, from int32) int32 {
	p.start = append(p.start, start)
	p.size = append(p.size, size)
	p.from = append(p.from, from)
	p.queued = append(p.queued, false)
	p.hits = append(p.hits, 0)
	return int32(len(p.start) - 1)
}

func (p *partition) enqueue(c int32) {
	if !p.queued[c] {
		p.queued[c] = true
		p.queue = append(p.queue, c)
	}
}

// members returns the vertices of a cell. They are good until it is split.
func (p *partition) members(c int32) []int32 { return p.elems[p.start[c] : p.start[c]+p.size[c]] }

// mark returns what undo goes back to: how many cells there are.
func (p *partition) mark() int32 { return int32(len(p.start)) }

// undo makes one cell again of those that were split since the mark.
func (p *partition) undo(mark int32) {
	for c := p.mark() - 1; c >= mark; c-- {
		old := p.from[c]
		for _, v := range p.members(c) {
			p.cell[v] = old
		}
		p.size[old] += p.size[c]
	}
	p.start, p.size, p.from = p.start[:mark], p.size[:mark], p.from[:mark]
	p.queued, p.hits = p.queued[:mark], p.hits[:mark]
}

func (p *partition) place(v, at int32) {
	u, was := p.elems[at], p.at[v]
	p.elems[at], p.at[v] = v, at
	p.elems[was], p.at[u] = u, was
}

// individualise gives v a cell of its own, and refines. The trace is that of
// this step alone.
func (p *partition) individualise(v int32) {
	c := p.cell[v]
	p.place(v, p.start[c]+p.size[c]-1)
	p.trace = uint64(c)
	p.splitOff(c, 1)
	p.refine()
}

// splitOff makes the last n vertices of a cell a new one.
func (p *partition) splitOff(c, n int32) {
	p.size[c] -= n
	d := p.newCell(p.start[c]+p.size[c], n, c)
	for _, v := range p.members(d) {
		p.cell[v] = d
	}
	p.enqueue(d)
}

// refine splits cells until the vertices of each have as many neighbours in
// each other cell (Hopcroft, 1971: the largest part of a cell need not be
// looked at again).
func (p *partition) refine() {
	for i := 0; i < len(p.queue); i++ {
		w := p.queue[i]
		p.queued[w] = false
		p.touched, p.cells = p.touched[:0], p.cells[:0]
		for _, v := range p.members(w) {
			p.work += int64(p.first[v+1] - p.first[v])
			for _, u := range p.near(v) {
				c := p.cell[u]
				if p.size[c] == 1 {
					continue
				}
				if p.count[u] == 0 {
					p.touched = append(p.touched, u)
					if p.hits[c] == 0 {
						p.cells = append(p.cells, c)
					}
					p.hits[c]++
					// Gather those with neighbours at the end of the cell.
					p.place(u, p.start[c]+p.size[c]-p.hits[c])
				}
				p.count[u]++
			}
		}
		slices.Sort(p.cells)
		for _, c := range p.cells {
			p.split(w, c)
		}
		for _, u := range p.touched {
			p.count[u] = 0
		}
	}
	p.queue = p.queue[:0]
}

// split splits a cell by the counts of its vertices; those that are not 0 are
// at its end.
func (p *partition) split(by, c int32) {
	lo, end := p.start[c], p.start[c]+p.size[c]
	hit := p.elems[end-p.hits[c] : end]
	p.hits[c] = 0
	first := p.count[hit[0]]
	if slices.ContainsFunc(hit, func(v int32) bool { return p.count[v] != first }) {
		slices.SortFunc(hit, func(u, v int32) int { return cmp.Compare(p.count[u], p.count[v]) })
	}
	p.parts = p.parts[:0]
	if rest := end - int32(len(hit)); rest > lo {
		p.parts = append(p.parts, part{0, lo, rest})
	}
	for i, v := range hit {
		at := end - int32(len(hit)) + int32(i)
		p.at[v] = at
		if n := len(p.parts); n == 0 || p.parts[n-1].count != p.count[v] {
			p.parts = append(p.parts, part{p.count[v], at, at})
		}
		p.parts[len(p.parts)-1].hi++
	}
	largest := 0
	for i, x := range p.parts {
		p.trace = mix(p.trace ^ uint64(uint32(by))<<32 ^ uint64(uint32(c)))
		p.trace = mix(p.trace ^ uint64(uint32(x.count))<<32 ^ uint64(uint32(x.hi-x.lo)))
		if y := p.parts[largest]; x.hi-x.lo > y.hi-y.lo {
			largest = i
		}
	}
	if len(p.parts) == 1 {
		return
	}
	p.lead(largest)
	for i := len(p.parts) - 1; i > 0; i-- {
		p.splitOff(c, p.parts[i].hi-p.parts[i].lo)
	}
}

// lead moves the largest part to the beginning of the cell, the others
// after it in their order.
func (p *partition) lead(largest int) {
	if largest == 0 {
		return
	}
	lo, big := p.parts[0].lo, p.parts[largest]
	before := slices.Clone(p.elems[lo:big.lo])
	n := copy(p.elems[lo:], p.elems[big.lo:big.hi])
	copy(p.elems[lo+int32(n):], before)
	for i := lo; i < big.hi; i++ {
		p.at[p.elems[i]] = i
	}
	copy(p.parts[1:largest+1], p.parts[:largest])
	p.parts[0] = big
}

// mix is a permutation of 64-bit numbers that leaves no pattern (Stafford's
// Mix13 of SplitMix64).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
