// Package scc finds the strongly connected components of graphs: those nodes
// that lead to each other. What the nodes and edges are is the caller's
// business.
//
// A graph of n nodes and m edges takes n + m steps, and at most 40 bytes for
// each node of the longest way that is gone; the Go stack does not grow.
package scc

import "math"

// A Search goes through a graph depth first (Tarjan, "Depth-first search and
// linear graph algorithms", 1972; with one number for each node, Pearce, "A
// space-efficient algorithm for finding strongly connected components", 2016).
// Nodes are numbered from 0. Fields are set before the first From.
type Search[N ~int | ~int32 | ~uint32] struct {
	// After returns where a node leads to. It is asked once for each node, and
	// what it returns must stay until the node's component is found.
	After func(N) []N
	// Found is told each component, after all others that it leads to. Its nodes
	// are in the order in which they were met, and not the callee's to keep.
	Found func(component []N)
	// Left, if there is one, is told each node once all that it leads to has
	// been gone through.
	Left func(N)
	// Check, if there is one, is asked now and then whether to go on.
	Check func() error

	low    []uint32 // of each node: 0 not met yet, closed, or the least number known to be reached
	count  uint32   // the nodes met; they are numbered from 1
	open   []N      // met, and their component not found yet
	frames []frame[N]
}

type frame[N any] struct {
	node   N
	number uint32
	rest   []N // of where it leads to
}

// closed is no less than any number, so that what leads to a component that
// has been found counts for nothing.
const closed = math.MaxUint32

// Every is how many nodes are met between two checks.
const Every = 1 << 12

// Grow says that there are n nodes, which have not been met.
func (s *Search[N]) Grow(n int) {
	if more := n - len(s.low); more > 0 {
		s.low = append(s.low, make([]uint32, more)...)
	}
}

// Forget makes of a node, whose component has been found, one that has not been
// met.
func (s *Search[N]) Forget(node N) { s.low[node] = 0 }

// All finds the components of a graph of n nodes.
func (s *Search[N]) All(n int) error {
	s.Grow(n)
	for root := range n {
		if err := s.From(N(root)); err != nil {
			return err
		}
	}
	return nil
}

// From finds the components of what a node leads to, unless it was met. The
// only error is that of Check; the search is of no use then.
func (s *Search[N]) From(root N) error {
	if s.low[root] != 0 {
		return nil
	}
	s.enter(root)
	for len(s.frames) > 0 {
		f := &s.frames[len(s.frames)-1]
		if len(f.rest) > 0 {
			to := f.rest[0]
			f.rest = f.rest[1:]
			if low := s.low[to]; low != 0 {
				s.low[f.node] = min(s.low[f.node], low)
				continue
			}
			s.enter(to)
			if s.count%Every == 0 && s.Check != nil {
				if err := s.Check(); err != nil {
					return err
				}
			}
			continue
		}
		node, low := f.node, s.low[f.node]
		own := low == f.number
		s.frames = s.frames[:len(s.frames)-1]
		if s.Left != nil {
			s.Left(node)
		}
		if own {
			s.found(node)
		} else {
			up := s.frames[len(s.frames)-1].node
			s.low[up] = min(s.low[up], low)
		}
	}
	return nil
}

func (s *Search[N]) enter(node N) {
	s.count++
	s.low[node] = s.count
	s.open = append(s.open, node)
	s.frames = append(s.frames, frame[N]{node, s.count, s.After(node)})
}

// found tells the component whose first node that was met is first.
func (s *Search[N]) found(first N) {
	n := len(s.open) - 1
	for s.low[s.open[n]] = closed; s.open[n] != first; {
		n--
		s.low[s.open[n]] = closed
	}
	component := s.open[n:]
	s.open = s.open[:n]
	s.Found(component)
}

// Numbers returns the number of each node's component, of a graph of n nodes. What
// a component leads to has lower numbers.
func Numbers[N ~int | ~int32 | ~uint32](n int, after func(N) []N) []int {
	number := make([]int, n)
	found := 0
	s := Search[N]{After: after, Found: func(component []N) {
		for _, x := range component {
			number[x] = found
		}
		found++
	}}
	if err := s.All(n); err != nil {
		panic("scc: stopped by nothing: " + err.Error())
	}
	return number
}
