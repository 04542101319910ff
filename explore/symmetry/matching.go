package symmetry

import (
	"cmp"
	"slices"
)

// A matching maps vertices to vertices such that cells of one partition go to
// the corresponding cells of another. What neither has moved since a mark
// stays in place.
type matching struct {
	*graph
	p, q  *partition
	image []int32 // of each vertex; itself, none yet, or what it is mapped to
	back  []int32 // the other way
	moved []int32 // whose image is another
	all   []int32 // that were in doubt
	work  int64

	classes  []*class // by number of the cell; nil: nothing is undecided
	used     []int32
	dirty    []*class
	open     []*class // in a fixed order
	from, to []signed // memory
}

const undecided = -1

// A class is a cell of p and the one of q that it is to be mapped to: what is
// undecided in them.
type class struct {
	from, to []int32
	dirty    bool
}

func newMatching(g *graph) *matching {
	m := &matching{graph: g, image: make([]int32, len(g.colour)), back: make([]int32, len(g.colour))}
	for v := range m.image {
		m.image[v], m.back[v] = int32(v), int32(v)
	}
	return m
}

// reset forgets what run found.
func (m *matching) reset() {
	for _, v := range m.all {
		m.image[v], m.back[v] = v, v
	}
	m.all, m.moved = m.all[:0], m.moved[:0]
}

// run maps p to q, whose cells up to the mark have been the same, and reports
// whether that was possible.
func (m *matching) run(p, q *partition, mark int32) bool {
	m.p, m.q = p, q
	m.doubt(p, mark)
	m.doubt(q, mark)
	m.sort()
	for _, c := range m.open {
		if len(c.from) != len(c.to) {
			return false
		}
	}
	for {
		if !m.settle() {
			return false
		}
		c := m.undecided()
		if c == nil {
			break
		}
		if !m.choose(c) {
			return false
		}
	}
	for _, v := range m.all {
		if m.image[v] != v {
			m.moved = append(m.moved, v)
		}
	}
	sortInts(m.moved)
	return true
}

// doubt makes undecided what a partition has moved since the mark.
func (m *matching) doubt(p *partition, mark int32) {
	for c := mark; c < p.mark(); c++ {
		for _, v := range p.members(c) {
			if m.image[v] == v {
				m.image[v], m.back[v] = undecided, undecided
				m.all = append(m.all, v)
			}
		}
	}
}

// sort puts what is undecided into classes.
func (m *matching) sort() {
	for _, c := range m.used {
		m.classes[c] = nil
	}
	m.used = m.used[:0]
	m.classes = append(m.classes, make([]*class, max(0, int(m.p.mark())-len(m.classes)))...)
	m.open, m.dirty = m.open[:0], m.dirty[:0]
	of := func(c int32) *class {
		x := m.classes[c]
		if x == nil {
			x = &class{}
			m.classes[c] = x
			m.used = append(m.used, c)
			m.open = append(m.open, x)
			m.taint(x)
		}
		return x
	}
	sortInts(m.all)
	for _, v := range m.all {
		x := of(m.p.cell[v])
		x.from = append(x.from, v)
	}
	for _, v := range m.all {
		x := of(m.q.cell[v])
		x.to = append(x.to, v)
	}
}

// taint marks a class to be looked at.
func (m *matching) taint(c *class) {
	if !c.dirty {
		c.dirty = true
		m.dirty = append(m.dirty, c)
	}
}

// decide maps u to v, and has the classes of neighbours looked at.
func (m *matching) decide(u, v int32) {
	m.image[u], m.back[v] = v, u
	for _, w := range m.near(u) {
		if m.image[w] == undecided {
			m.taint(m.classes[m.p.cell[w]])
		}
	}
}

// A signed vertex has a signature: what its neighbours that are decided are,
// after mapping.
type signed struct {
	sign uint64
	v    int32
}

// settle decides what follows from what is decided, and reports whether
// nothing speaks against it.
func (m *matching) settle() bool {
	for len(m.dirty) > 0 {
		c := m.dirty[0]
		m.dirty = m.dirty[1:]
		c.dirty = false
		if len(c.from) == 1 { // wrong or right: there is no other
			m.decide(c.from[0], c.to[0])
			c.from, c.to = nil, nil
		}
		if len(c.from) == 0 {
			continue
		}
		m.from, m.to = m.sign(c.from, m.image, m.from), m.sign(c.to, m.back, m.to)
		from, to := m.from, m.to
		for i := range from {
			if from[i].sign != to[i].sign {
				return false
			}
		}
		for i := range from {
			alone := (i == 0 || from[i-1].sign != from[i].sign) && (i+1 == len(from) || from[i+1].sign != from[i].sign)
			if alone {
				m.decide(from[i].v, to[i].v)
			}
		}
		m.shrink(c)
	}
	return true
}

// shrink drops what is decided.
func (m *matching) shrink(c *class) {
	c.from = slices.DeleteFunc(c.from, func(v int32) bool { return m.image[v] != undecided })
	c.to = slices.DeleteFunc(c.to, func(v int32) bool { return m.back[v] != undecided })
}

// sign returns the vertices sorted by signature. Those of what is to be mapped
// are by the images of neighbours, those of what it is mapped to by the
// neighbours that are images. It uses the memory of out.
func (m *matching) sign(vs []int32, image []int32, out []signed) []signed {
	forward := &image[0] == &m.image[0]
	out = out[:0]
	for _, v := range vs {
		near := m.near(v)
		m.work += int64(len(near))
		sign := uint64(0)
		for _, w := range near {
			x := image[w]
			if x == undecided {
				continue
			}
			if !forward {
				x = w
			}
			sign += mix(uint64(x))
		}
		out = append(out, signed{sign, v})
	}
	slices.SortFunc(out, func(a, b signed) int {
		if a.sign == b.sign {
			return int(a.v) - int(b.v)
		}
		if a.sign < b.sign {
			return -1
		}
		return 1
	})
	return out
}

// undecided returns the first class in which something is, or nil.
func (m *matching) undecided() *class {
	for len(m.open) > 0 && len(m.open[0].from) == 0 {
		m.open = m.open[1:]
	}
	if len(m.open) == 0 {
		return nil
	}
	return m.open[0]
}

// choose maps vertices of a class that are free to go to several, and reports
// whether that is possible: one component or state; or of events and what they
// label all, since those that look alike often are twins.
func (m *matching) choose(c *class) bool {
	m.from, m.to = m.sign(c.from, m.image, m.from), m.sign(c.to, m.back, m.to)
	if len(m.from) != len(m.to) {
		return false
	}
	for i := 0; i < len(m.from); {
		j := i
		for j < len(m.from) && m.from[j].sign == m.from[i].sign {
			if m.to[j].sign != m.from[i].sign {
				return false
			}
			j++
		}
		us := m.from[i:j]
		if us[0].v < m.base[m.comps] {
			us = us[:1]
		}
		m.pair(us, m.to[i:j])
		if len(us) < j-i {
			break
		}
		i = j
	}
	m.shrink(c)
	m.taint(c)
	return true
}

// pair maps each of us to one of ts: to itself if that is possible, else to
// what is mapped to it, else to the first.
func (m *matching) pair(us, ts []signed) {
	free := func(v int32) bool {
		if v == undecided || m.back[v] != undecided {
			return false
		}
		_, ok := slices.BinarySearchFunc(ts, v, func(t signed, v int32) int { return cmp.Compare(t.v, v) }) // they rise
		return ok
	}
	for _, u := range us {
		if free(u.v) {
			m.decide(u.v, u.v)
		}
	}
	for _, u := range us {
		if m.image[u.v] == undecided && free(m.back[u.v]) {
			m.decide(u.v, m.back[u.v])
		}
	}
	for _, u := range us {
		if m.image[u.v] == undecided {
			for m.back[ts[0].v] != undecided {
				ts = ts[1:]
			}
			m.decide(u.v, ts[0].v)
		}
	}
}
