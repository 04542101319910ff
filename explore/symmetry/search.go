package symmetry

import (
	"math/big"
	"slices"
)

// A search finds generators of the symmetries. Vertices are individualised
// one after the other, components first, until no state has an equal; then,
// from the last to the first, it is tried which others of its cell each could
// be mapped to while those before it stay in place. What is found on the way
// generates the group, and the sizes of orbits multiply to its order
// (Schreier and Sims).
//
// Where colours leave a choice, one is made. If it was wrong, it is made with
// more care, and then the attempt is given up: nothing is taken back. So the
// group may be larger than what is found.
type search struct {
	*graph
	p, q     *partition // after individualising the present vertex, and another instead
	verifier *verifier
	levels   []level
	match    *matching
	orbit    []int32 // of components and states, by those found: parents of a forest
	limit    int64   // of work

	found    []*element
	order    *big.Int
	complete bool
}

// A level is the individualisation of a vertex, and the partitions before it.
type level struct {
	v     int32
	mark  int32
	trace uint64
}

// The attempts may look at so many edges for each of the graph, and this many
// more.
const (
	workPerEdge = 64
	someWork    = 1 << 22
)

func newSearch(g *graph, v *verifier) *search {
	p := newPartition(g)
	p.refine()
	s := &search{graph: g, p: p, verifier: v, order: big.NewInt(1), complete: true}
	s.match = newMatching(g)
	s.orbit = make([]int32, g.base[g.comps])
	for v := range s.orbit {
		s.orbit[v] = int32(v)
	}
	s.limit = someWork + workPerEdge*int64(len(g.next))
	return s
}

func (s *search) run() {
	s.descend()
	s.q = s.p.clone()
	s.q.work = 0 // it was done once
	for k := len(s.levels) - 1; k >= 0; k-- {
		l := &s.levels[k]
		s.q.undo(l.mark)
		s.images(l)
		s.p.undo(l.mark)
	}
}

// descend individualises vertices until there is nothing to choose.
func (s *search) descend() {
	for v := range s.base[s.comps] {
		if s.p.size[s.p.cell[v]] == 1 {
			continue
		}
		l := level{v: v, mark: s.p.mark()}
		s.p.individualise(v)
		l.trace = s.p.trace
		s.levels = append(s.levels, l)
		if s.p.work > s.limit {
			s.complete = false
			return
		}
	}
}

func (s *search) worked() int64 { return s.p.work + s.q.work + s.match.work + s.verifier.work }

// images looks for symmetries that map the vertex of a level to others.
func (s *search) images(l *level) {
	mates := slices.Clone(s.q.members(s.q.cell[l.v]))
	failed := map[int32]bool{}
	for _, w := range mates {
		root := s.root(w)
		if root == s.root(l.v) || failed[root] {
			continue
		}
		if s.worked() > s.limit {
			s.complete = false
			break
		}
		if !s.try(l, w) {
			failed[root] = true
		}
	}
	size := int64(0)
	for _, w := range mates {
		if s.root(w) == s.root(l.v) {
			size++
		}
	}
	s.order.Mul(s.order, big.NewInt(size))
}

// try looks for a symmetry that maps the vertex of a level to w.
func (s *search) try(l *level, w int32) bool {
	defer s.q.undo(l.mark)
	s.q.individualise(w)
	if s.q.trace != l.trace || s.q.mark() != s.p.mark() {
		return false // there is none
	}
	defer s.match.reset()
	if !s.matches(l) && !s.deeper(l) {
		s.complete = false
		return false
	}
	s.found = append(s.found, s.match.element())
	for _, v := range s.match.moved {
		if v < s.base[s.comps] {
			s.join(v, s.match.image[v])
		}
	}
	return true
}

// matches reports whether the partitions lead to a symmetry.
func (s *search) matches(l *level) bool {
	s.match.reset()
	return s.match.run(s.p, s.q, l.mark) && s.verifier.verify(s.match)
}

// deeper looks for a symmetry where free choices have led astray: it makes
// them one by one, and refines after each. A vertex stays where it is, if it
// can.
func (s *search) deeper(l *level) bool {
	mark := s.p.mark()
	defer s.p.undo(mark) // try undoes q
	for v := range s.base[s.comps] {
		c := s.p.cell[v]
		if s.p.size[c] == 1 {
			continue
		}
		s.p.individualise(v)
		others := slices.Clone(s.q.members(c))
		if i := slices.Index(others, v); i >= 0 {
			others[0], others[i] = v, others[0]
		}
		if !slices.ContainsFunc(others, func(w int32) bool { return s.worked() <= s.limit && s.follows(w) }) {
			return false
		}
	}
	return s.matches(l)
}

// follows individualises w in q, and reports whether that comes to the same as
// what p has just done. If not, it is undone.
func (s *search) follows(w int32) bool {
	mark := s.q.mark()
	s.q.individualise(w)
	if s.q.trace == s.p.trace && s.q.mark() == s.p.mark() {
		return true
	}
	s.q.undo(mark)
	return false
}

// root returns the vertex that stands for the orbit of v.
func (s *search) root(v int32) int32 {
	for s.orbit[v] != v {
		s.orbit[v] = s.orbit[s.orbit[v]]
		v = s.orbit[v]
	}
	return v
}

func (s *search) join(u, v int32) {
	a, b := s.root(u), s.root(v)
	s.orbit[max(a, b)] = min(a, b)
}
