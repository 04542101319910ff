package lts

import (
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// Classes is Bisim, and returns the state that each of m has become, -1 of one
// that cannot be reached.
func Classes(m *model.Machine, check func() error) (smallest *model.Machine, of []model.State, err error) {
	patience := &patience{check: check}
	p, err := newPartition(m, patience)
	if err != nil {
		return nil, nil, err
	}
	if err := p.refine(patience); err != nil {
		return nil, nil, err
	}
	return p.quotient(m, patience)
}

// Bisim returns the smallest machine that is strongly bisimilar to m: the
// states that can be reached, with one for each class of bisimilar ones. τ
// and ✓ are events like others.
//
// The classes are the coarsest partition in which states of one class have
// the same events into the same classes. It is found by refining a coarser
// one, as Paige and Tarjan do ("Three Partition Refinement Algorithms", 1987;
// with labels, Valmari, "Simple Bisimilarity Minimization in O(m log n)
// Time", 2010): n states and m transitions cost O(m log n) steps, and 60 and
// 20 bytes each besides the machine that is built.
func Bisim(m *model.Machine, check func() error) (*model.Machine, error) {
	smallest, _, err := Classes(m, check)
	return smallest, err
}

// A partition of the reachable states into blocks, and of blocks into
// chunks. States are numbered here in the order of a breadth-first search.
//
// Invariants: the states of a block are elems[lo:hi], and those of a chunk
// as well, so that the blocks of a chunk stand side by side. Two states of
// one block have transitions by the same events into the same chunks. A
// chunk of several blocks is in queue.
type partition struct {
	order []model.State // the state of the machine that each is

	// Transitions: those that lead to s are numbered first[s] to first[s+1]-1.
	from  []int32
	event []int32 // numbered densely
	first []int32
	// count[cell[t]] is how many transitions have the same source and event
	// as t, and lead into the same chunk.
	cell  []int32
	count []int32
	free  []int32 // cells not in use

	elems   []int32 // the states, by block
	place   []int32 // of each state in elems
	blockOf []int32
	blocks  []block
	chunks  []span
	queue   []int32

	marked  []int32 // the cell to be of each state that is marked; or -1
	was     []int32 // and its cell until now
	touched []int32 // blocks with marked states
}

// A span is elems[lo:hi].
type span struct{ lo, hi int32 }

// A block is a span of which elems[lo:mid] have been marked.
type block struct {
	span
	mid   int32
	chunk int32
}

func newPartition(m *model.Machine, patience *patience) (*partition, error) {
	p := &partition{order: []model.State{m.Initial()}}
	number := make([]int32, m.Len())
	for i := range number {
		number[i] = -1
	}
	number[m.Initial()] = 0
	degree := make([]int32, 1, m.Len()+1) // of transitions that lead to each
	total := 0
	for i := 0; i < len(p.order); i++ {
		_, targets := m.Transitions(p.order[i])
		total += len(targets)
		if err := patience.spend(1 + len(targets)); err != nil {
			return nil, err
		}
		for _, t := range targets {
			if number[t] < 0 {
				number[t] = int32(len(p.order))
				p.order = append(p.order, t)
				degree = append(degree, 0)
			}
			degree[number[t]]++
		}
	}
	n := len(p.order)
	p.first = make([]int32, n+1)
	for s, d := range degree {
		p.first[s+1] = p.first[s] + d
	}
	p.from, p.event = make([]int32, total), make([]int32, total)
	p.cell = make([]int32, total)
	dense := map[model.Event]int32{}
	end := slices.Clone(p.first)
	for s, x := range p.order {
		events, targets := m.Transitions(x)
		if err := patience.spend(1 + len(targets)); err != nil {
			return nil, err
		}
		for i, t := range targets {
			e, ok := dense[events[i]]
			if !ok {
				e = int32(len(dense))
				dense[events[i]] = e
			}
			if i == 0 || events[i-1] != events[i] { // all lead into the one chunk
				p.count = append(p.count, 0)
			}
			c := int32(len(p.count) - 1)
			p.count[c]++
			at := end[number[t]]
			end[number[t]]++
			p.from[at], p.event[at], p.cell[at] = int32(s), e, c
		}
	}
	all := span{0, int32(n)}
	p.blocks, p.chunks = []block{{span: all}}, []span{all}
	p.blockOf = make([]int32, n)
	p.elems, p.place = make([]int32, n), make([]int32, n)
	p.marked, p.was = make([]int32, n), make([]int32, n)
	for s := range int32(n) {
		p.elems[s], p.place[s], p.marked[s] = s, s, -1
	}
	return p, nil
}

// refine makes every chunk one block.
func (p *partition) refine(patience *patience) error {
	b := newBuckets(p)
	// At first, tell states apart by their events: all lead into one chunk.
	b.fill(span{0, int32(len(p.elems))})
	for e, ok := b.next(); ok; e, ok = b.next() {
		steps := 1
		for t := b.head[e]; t >= 0; t = b.link[t] {
			p.mark(p.from[t])
			steps++
		}
		if err := patience.spend(steps); err != nil {
			return err
		}
		p.split()
		b.head[e] = -1
	}
	for len(p.queue) > 0 {
		c := p.queue[len(p.queue)-1]
		x := p.smallest(c)
		if err := patience.spend(int(x.hi - x.lo)); err != nil {
			return err
		}
		// What leads into x, by event: x may be split meanwhile.
		b.fill(x)
		if left := p.chunks[c]; p.blocks[p.blockOf[p.elems[left.lo]]].hi == left.hi {
			p.queue = p.queue[:len(p.queue)-1]
		}
		for e, ok := b.next(); ok; e, ok = b.next() {
			p.splitBy(b, e)
			b.head[e] = -1
		}
	}
	return nil
}

// smallest makes the first or last block of a chunk a chunk of its own: the
// smaller one, so that a state is in one log n times at most.
func (p *partition) smallest(c int32) span {
	chunk := &p.chunks[c]
	b := p.blockOf[p.elems[chunk.lo]]
	if last := p.blockOf[p.elems[chunk.hi-1]]; p.blocks[last].hi-p.blocks[last].lo < p.blocks[b].hi-p.blocks[b].lo {
		b = last
		chunk.hi = p.blocks[b].lo
	} else {
		chunk.lo = p.blocks[b].hi
	}
	p.blocks[b].chunk = int32(len(p.chunks))
	x := p.blocks[b].span
	p.chunks = append(p.chunks, x)
	return x
}

// splitBy splits blocks by event e into the chunk that has become one:
// states that have no such transition, or that and one into what was left of
// the chunk, or only that.
func (p *partition) splitBy(b *buckets, e int32) {
	for t := b.head[e]; t >= 0; t = b.link[t] {
		s, old := p.from[t], p.cell[t]
		if p.marked[s] < 0 {
			p.mark(s)
			p.marked[s], p.was[s] = p.newCell(), old
		}
		p.count[old]--
		p.cell[t] = p.marked[s]
		p.count[p.marked[s]]++
	}
	p.split()
	for t := b.head[e]; t >= 0; t = b.link[t] {
		s := p.from[t]
		if p.marked[s] < 0 {
			continue // seen
		}
		p.marked[s] = -1
		if old := p.was[s]; p.count[old] == 0 {
			p.free = append(p.free, old)
			p.mark(s)
		}
	}
	p.split()
}

func (p *partition) newCell() int32 {
	if n := len(p.free); n > 0 {
		c := p.free[n-1]
		p.free = p.free[:n-1]
		return c
	}
	p.count = append(p.count, 0)
	return int32(len(p.count) - 1)
}

// mark moves a state to the marked ones of its block, unless it is there.
func (p *partition) mark(s int32) {
	b := &p.blocks[p.blockOf[s]]
	i := p.place[s]
	if i < b.mid {
		return
	}
	if b.mid == b.lo {
		p.touched = append(p.touched, p.blockOf[s])
	}
	other := p.elems[b.mid]
	p.elems[i], p.place[other] = other, i
	p.elems[b.mid], p.place[s] = s, b.mid
	b.mid++
}

// split makes the marked states of each block a block of their own, and
// leaves no state marked.
func (p *partition) split() {
	for _, i := range p.touched {
		b := &p.blocks[i]
		mid := b.mid
		b.mid = b.lo
		if mid == b.hi {
			continue
		}
		chunk := b.chunk
		if p.chunks[chunk] == b.span { // now it has two
			p.queue = append(p.queue, chunk)
		}
		marked := block{span: span{b.lo, mid}, mid: b.lo, chunk: chunk}
		b.lo, b.mid = mid, mid
		for _, s := range p.elems[marked.lo:mid] {
			p.blockOf[s] = int32(len(p.blocks))
		}
		p.blocks = append(p.blocks, marked)
	}
	p.touched = p.touched[:0]
}

// buckets are the transitions into some states, by event.
type buckets struct {
	*partition
	head []int32 // of each event; -1 is the end
	link []int32 // of each transition
	todo []int32 // events
}

func newBuckets(p *partition) *buckets {
	b := &buckets{partition: p, link: make([]int32, len(p.from))}
	if len(p.event) > 0 {
		b.head = make([]int32, slices.Max(p.event)+1)
	}
	for e := range b.head {
		b.head[e] = -1
	}
	return b
}

// fill collects what leads into the states of x.
func (b *buckets) fill(x span) {
	for _, s := range b.elems[x.lo:x.hi] {
		for t := b.first[s]; t < b.first[s+1]; t++ {
			e := b.event[t]
			if b.head[e] < 0 {
				b.todo = append(b.todo, e)
			}
			b.link[t] = b.head[e]
			b.head[e] = t
		}
	}
}

// next takes the next event of which there are transitions.
func (b *buckets) next() (int32, bool) {
	n := len(b.todo)
	if n == 0 {
		return 0, false
	}
	e := b.todo[n-1]
	b.todo = b.todo[:n-1]
	return e, true
}

// quotient returns the machine of the classes, and see Classes. Each is numbered by the first
// of its states: that is breadth first again, since what leads to the first
// state of a class leads from the first state of another.
func (p *partition) quotient(m *model.Machine, patience *patience) (*model.Machine, []model.State, error) {
	out := model.NewMachine(m.Name(), m.Events())
	class := make([]model.State, len(p.blocks)) // plus one; 0: none yet
	var firsts []model.State                    // of m
	number := make([]int32, m.Len())
	for s, x := range p.order {
		number[x] = int32(s)
		if c := &class[p.blockOf[s]]; *c == 0 {
			firsts = append(firsts, x)
			*c = model.State(len(firsts))
		}
	}
	out.States(len(firsts))
	out.Start(0)
	for c, x := range firsts {
		events, targets := m.Transitions(x)
		if err := patience.spend(1 + len(targets)); err != nil {
			return nil, nil, err
		}
		for i, t := range targets {
			out.Add(model.State(c), events[i], class[p.blockOf[number[t]]]-1)
		}
	}
	quotient, err := out.Build()
	if err != nil {
		panic("lts: a quotient is not well formed: " + err.Error())
	}
	of := make([]model.State, m.Len())
	for x := range of {
		of[x] = -1
	}
	for s, x := range p.order {
		of[x] = class[p.blockOf[s]] - 1
	}
	return quotient, of, nil
}
