package scc

import "slices"

// A Sweep finds components without going along edges: it goes through all nodes
// in the order of their numbers, up and down, again and again. So edges may be
// where they can only be read in order, and it takes no more than 4 bytes and
// 2 bits for each node, besides what it finds.
//
// How often it goes depends on the graph: a few times, if most edges rise by
// little, as those of a breadth-first search do; n times at worst. Each node gets
// the highest number that leads to it, its colour; what leads back to the node of
// that number, within the colour, is a component with it; and what is left is gone
// through again. (Orzan, "On distributed verification and verified
// distribution", 2004.)
//
// Fields are set before the first Of.
type Sweep struct {
	// Each tells where a node leads to, until tell returns false.
	Each func(node uint32, tell func(uint32) bool)
	// Found is told each component, in some order. Its nodes rise.
	Found func(component []uint32)
	// Check, if there is one, is asked now and then whether to go on.
	Check func() error

	colour []uint32 // of each node
	in     bits     // nodes that are looked at
	back   bits     // those that are known to lead back to the node of their colour
	seen   int      // nodes gone through
}

// bits are a set of nodes.
type bits []uint64

func (b bits) has(i uint32) bool { return b[i/64]>>(i%64)&1 != 0 }
func (b bits) add(i uint32)      { b[i/64] |= 1 << (i % 64) }
func (b bits) remove(i uint32)   { b[i/64] &^= 1 << (i % 64) }

// Grow says that there are n nodes.
func (s *Sweep) Grow(n int) {
	s.colour = make([]uint32, n)
	s.in, s.back = make(bits, n/64+1), make(bits, n/64+1)
}

// Of finds the components of some nodes, rising: what they lead to besides
// counts for nothing. The only error is that of Check.
func (s *Sweep) Of(nodes []uint32) error {
	rest := slices.Clone(nodes)
	for _, n := range rest {
		s.in.add(n)
	}
	err := error(nil)
	for err == nil && len(rest) > 0 {
		if rest, err = s.ends(rest); err == nil {
			rest, err = s.round(rest)
		}
	}
	for _, n := range rest {
		s.in.remove(n)
	}
	return err
}

// ends takes nodes out that lead nowhere: each is a component. It goes through
// them a few times only.
func (s *Sweep) ends(nodes []uint32) ([]uint32, error) {
	const patience = 4 // times
	out := 0
	err := s.until(nodes, patience, func(n uint32) bool {
		if !s.in.has(n) {
			return false
		}
		leads := false
		s.Each(n, func(to uint32) bool {
			leads = s.in.has(to)
			return !leads
		})
		if leads {
			return false
		}
		s.in.remove(n)
		s.Found([]uint32{n})
		out++
		return true
	})
	if out > 0 {
		nodes = slices.DeleteFunc(nodes, func(n uint32) bool { return !s.in.has(n) })
	}
	return nodes, err
}

// round finds the components of the nodes that have their own colour, and
// returns the nodes that are left.
func (s *Sweep) round(nodes []uint32) ([]uint32, error) {
	for _, n := range nodes {
		s.colour[n] = n
	}
	const always = int(^uint(0) >> 1)
	err := s.until(nodes, always, func(n uint32) bool {
		news := false
		s.Each(n, func(to uint32) bool {
			if s.in.has(to) && s.colour[to] < s.colour[n] {
				s.colour[to], news = s.colour[n], true
			}
			return true
		})
		return news
	})
	if err != nil {
		return nodes, err
	}
	for _, n := range nodes {
		if s.back.remove(n); s.colour[n] == n {
			s.back.add(n)
		}
	}
	err = s.until(nodes, always, func(n uint32) bool {
		if s.back.has(n) {
			return false
		}
		back := false
		s.Each(n, func(to uint32) bool {
			back = s.in.has(to) && s.colour[to] == s.colour[n] && s.back.has(to)
			return !back
		})
		if back {
			s.back.add(n)
		}
		return back
	})
	if err != nil {
		return nodes, err
	}
	return s.take(nodes), nil
}

// take tells the components of nodes that lead back, and returns the others.
func (s *Sweep) take(nodes []uint32) []uint32 {
	size := map[uint32]int{} // of components by colour
	for _, n := range nodes {
		if s.back.has(n) {
			size[s.colour[n]]++
		}
	}
	found := map[uint32][]uint32{}
	rest := nodes[:0]
	for _, n := range nodes {
		c := s.colour[n]
		if !s.back.has(n) {
			rest = append(rest, n)
			continue
		}
		s.in.remove(n)
		if found[c] == nil {
			found[c] = make([]uint32, 0, size[c])
		}
		if found[c] = append(found[c], n); len(found[c]) == size[c] {
			s.Found(found[c])
			delete(found, c)
		}
	}
	return rest
}

// until goes through nodes, down and up, until there is nothing new, or so many
// times.
func (s *Sweep) until(nodes []uint32, times int, look func(uint32) bool) error {
	for k, more := 0, true; more && k < times; k++ {
		more = false
		for i := range nodes {
			if s.seen++; s.seen%Every == 0 && s.Check != nil {
				if err := s.Check(); err != nil {
					return err
				}
			}
			n := nodes[i]
			if k%2 == 0 {
				n = nodes[len(nodes)-1-i]
			}
			if look(n) {
				more = true
			}
		}
	}
	return nil
}
