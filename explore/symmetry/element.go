package symmetry

import (
	"slices"
)

// An element of a group, as far as it acts on states: component touch[i] gets
// the local state of component from[i], by the numbers of maps[i]; a nil map
// keeps numbers. All others keep their state. The nodes of a specification are
// one component more, the last.
type element struct {
	touch, from []int32 // touch rises
	maps        [][]int32
}

// A vector is the local states of a state.
type vector []uint32

// fixed is a local state that no element moves: a broken specification.
const fixed = ^uint32(0)

// set adds that component d gets its state from c, if that changes anything.
// Components come in the order of their numbers.
func (e *element) set(d, c int32, m []int32) {
	if m = unlessPlain(m); d != c || m != nil {
		e.touch, e.from, e.maps = append(e.touch, d), append(e.from, c), append(e.maps, m)
	}
}

// unlessPlain returns a map, or nil if it keeps all numbers.
func unlessPlain(numbers []int32) []int32 {
	for i, x := range numbers {
		if int32(i) != x {
			return numbers
		}
	}
	return nil
}

// source returns where component d gets its state from, and by what map.
func (e *element) source(d int32) (int32, []int32) {
	if i, ok := slices.BinarySearch(e.touch, d); ok {
		return e.from[i], e.maps[i]
	}
	return d, nil
}

// trivial reports whether e does nothing.
func (e *element) trivial() bool { return len(e.touch) == 0 }

// element returns what a matching does to states.
func (m *matching) element() *element {
	var comps []int32           // that something is moved to
	for _, v := range m.moved { // states before what is none
		if v >= m.base[0] {
			if v >= m.base[m.comps] {
				break
			}
			v = int32(m.componentOf(v))
		}
		comps = append(comps, m.image[v])
	}
	slices.Sort(comps)
	e := &element{}
	for _, d := range slices.Compact(comps) {
		c := m.back[d]
		numbers := make([]int32, m.base[c+1]-m.base[c])
		for i := range numbers {
			numbers[i] = m.image[m.base[c]+int32(i)] - m.base[d]
		}
		e.set(d, c, numbers)
	}
	return e
}

// at returns the state that touch[i] gets of x.
func (e *element) at(x vector, i int) uint32 { return mapped(e.maps[i], x[e.from[i]]) }

// mapped returns a local state by another number.
func mapped(m []int32, s uint32) uint32 {
	if m == nil || s == fixed {
		return s
	}
	return uint32(m[s])
}

// apply writes the image of x to y.
func (e *element) apply(x, y vector) {
	copy(y, x)
	for i, d := range e.touch {
		y[d] = e.at(x, i)
	}
}

// then returns the element that does e and then f.
func (e *element) then(f *element) *element {
	both := slices.Concat(e.touch, f.touch)
	slices.Sort(both)
	g := &element{}
	for _, d := range slices.Compact(both) {
		middle, second := f.source(d)
		c, first := e.source(middle)
		g.set(d, c, joined(first, second))
	}
	return g
}

// joined returns the map that does f and then g.
func joined(f, g []int32) []int32 {
	switch {
	case f == nil:
		return g
	case g == nil:
		return f
	}
	both := make([]int32, len(f))
	for i, s := range f {
		both[i] = g[s]
	}
	return both
}

// inverse returns the element that takes e back.
func (e *element) inverse() *element {
	g := &element{}
	for _, c := range e.touch { // they are permuted
		i := slices.Index(e.from, c)
		g.set(c, e.touch[i], inverted(e.maps[i]))
	}
	return g
}

// inverted returns the inverse of a map.
func inverted(m []int32) []int32 {
	if m == nil {
		return nil
	}
	back := make([]int32, len(m))
	for i, s := range m {
		back[s] = int32(i)
	}
	return back
}

// same reports whether two elements do the same.
func (e *element) same(f *element) bool {
	return slices.Equal(e.touch, f.touch) && slices.Equal(e.from, f.from) && slices.EqualFunc(e.maps, f.maps, slices.Equal)
}

// key returns a hash of what an element does.
func (e *element) key() uint64 {
	h := uint64(0)
	for i, d := range e.touch {
		h = mix(h ^ uint64(uint32(d))<<32 ^ uint64(uint32(e.from[i])))
		for _, s := range e.maps[i] {
			h = mix(h ^ uint64(uint32(s)))
		}
	}
	return h
}

// size is about how many numbers an element takes.
func (e *element) size() int {
	n := 8 * (len(e.touch) + 1)
	for _, m := range e.maps {
		n += len(m)
	}
	return n
}
