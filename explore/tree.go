package explore

import (
	"fmt"
	"math/bits"
)

// A tree folds wide states: it cuts them into cuts, pairs these, numbers the
// different pairs, pairs the numbers, and so on, until a pair is left, which
// is the key. Parts of a state that many have are kept once. (Laarman, van de
// Pol, Weber, "Parallel recursive state compression for free", 2011.)
//
// Numbers get as many bits in a key as they need as yet; when one needs more,
// the keys of all states are made again.
type tree struct {
	cuts   []cut
	pairs  []*pair // pair i has place len(cuts)+i
	last   [2]int  // the places of those that the key is a pair of
	halves [2]uint // their bits
	above  []int   // by place: the pair that it is part of, or -1
	first  []int   // the cuts of word w are cuts[first[w]:first[w+1]]
	latest *folded // what was folded last, learning: see tree_fold.go
}

// A cut is some adjoining bits of a word of a state.
type cut struct {
	word        int
	shift, bits uint
}

// A pair numbers the different pairs of what is in two places before.
type pair struct {
	*exact
	n           int
	left, right int
	shift       uint   // bits of the right one
	asked       uint64 // its slots when room was asked for more
}

const mostNumber = exactBits / 2 // bits

// newTree returns a tree for states of some words, in each of which only so
// many low bits may be set.
func newTree(layout []int) *tree {
	t := &tree{}
	var level []int  // places
	var width []uint // of what is there, in bits
	for w, n := range layout {
		count := (n + mostNumber - 1) / mostNumber
		t.first = append(t.first, len(t.cuts))
		for i := range count {
			from, to := n*i/count, n*(i+1)/count
			level = append(level, len(t.cuts))
			width = append(width, uint(to-from))
			t.cuts = append(t.cuts, cut{w, uint(from), uint(to - from)})
		}
	}
	t.first = append(t.first, len(t.cuts))
	for len(t.cuts) < 2 {
		level, width = append(level, len(t.cuts)), append(width, 0)
		t.cuts = append(t.cuts, cut{})
	}
	for len(level) > 2 {
		var next []int
		for ; len(level) > 1; level = level[2:] {
			a, b := level[0], level[1]
			next = append(next, len(width))
			t.pairs = append(t.pairs, &pair{exact: newExact(int(width[a] + width[b])), left: a, right: b, shift: width[b]})
			width = append(width, mostNumber)
		}
		level = append(next, level...)
	}
	t.last = [2]int(level)
	for i, place := range t.last {
		t.halves[i] = min(width[place], leastHalf)
		if place < len(t.cuts) {
			t.halves[i] = width[place]
		}
	}
	t.above = make([]int, len(width))
	for i := range t.above {
		t.above[i] = -1
	}
	for i, p := range t.pairs {
		t.above[p.left], t.above[p.right] = i, i
	}
	t.latest = t.newFolded()
	return t
}

// leastHalf is how many bits numbers of the last pair get at first. With
// fewer, slots would not be smaller.
const leastHalf = 17

// narrow gives numbers of the last pair fewer bits, soon too few: for tests.
func (t *tree) narrow() {
	for i, place := range t.last {
		if place >= len(t.cuts) {
			t.halves[i] = uint(2 + i)
		}
	}
}

// ahead returns by how many bytes the tables may grow to learn some states.
// It tells of each growth once.
func (t *tree) ahead(states int) int64 {
	total := int64(0)
	for _, p := range t.pairs {
		if p.n+states > p.room() && p.asked != p.count {
			p.asked = p.count
			total += p.growth()
		}
	}
	return total
}

// outgrown reports whether a number of the last pair needs more bits than it
// has: keys made since are wrong.
func (t *tree) outgrown() bool {
	return t.need(0) > t.halves[0] || t.need(1) > t.halves[1]
}

// need returns how many bits a half of the key needs.
func (t *tree) need(half int) uint {
	i := t.last[half] - len(t.cuts)
	if i < 0 {
		return t.halves[half]
	}
	return uint(bits.Len(uint(max(t.pairs[i].n-1, 0))))
}

// widen gives the numbers of the last pair as many bits as they need, and
// some more, and returns the set with the keys that states then have. The
// error is a *Limit.
func (t *tree) widen(s set) (set, error) {
	was := t.halves
	if err := t.enough(); err != nil {
		return s, err
	}
	return rekeyed(s.(inline), int(t.halves[0]+t.halves[1]), func(key uint64) uint64 {
		return key>>was[1]<<t.halves[1] | key&(1<<was[1]-1)
	}), nil
}

// enough gives the numbers of the last pair as many bits as they need, and
// some more. The error is a *Limit.
func (t *tree) enough() error {
	for i := range t.halves {
		if t.need(i) > mostNumber {
			return &Limit{Reason: fmt.Sprintf("more than %d different halves of states (--store packed can have more)", 1<<mostNumber)}
		}
		if t.need(i) > t.halves[i] {
			t.halves[i] = min(mostNumber, t.need(i)+1)
		}
	}
	return nil
}

// most gives the numbers of the last pair as many bits as they can have. It
// returns what keys become.
func (t *tree) most() func(key uint64) uint64 {
	was := t.halves
	for i, place := range t.last {
		if place >= len(t.cuts) {
			t.halves[i] = mostNumber
		}
	}
	now := t.halves
	return func(key uint64) uint64 { return key>>was[1]<<now[1] | key&(1<<was[1]-1) }
}

// bytes returns the memory that it takes.
func (t *tree) bytes() int64 {
	total := int64(0)
	for _, p := range t.pairs {
		total += p.exact.bytes()
	}
	return total
}
