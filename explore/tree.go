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
	latest *folded // what was folded last, learning
}

// A folded is a state that was folded, and what each place of a tree is in it.
// The next one is mostly of the same parent, and differs in a word or two:
// only what is above these is looked up again.
type folded struct {
	known  bool // there is such a state
	words  []uint64
	values []uint64 // by place: what a cut is, or the number of a pair
	stale  []uint64 // a bit for each pair that is to be numbered
	recent []recent // by pair
}

// recent are some keys of a pair that were looked up last, each in its place,
// and their numbers plus one: a state goes back to where its sister differed.
type recent [1 << recentBits]struct{ key, number uint64 }

const recentBits = 2

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

func (t *tree) newFolded() *folded {
	return &folded{
		words:  make([]uint64, len(t.first)-1),
		values: make([]uint64, len(t.above)),
		stale:  make([]uint64, (len(t.pairs)+63)/64),
		recent: make([]recent, len(t.pairs)),
	}
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

// fold makes the keys of some states. If it may not learn, it does not make
// new numbers, and returns false where it would have to; then it may be used
// by several workers. A state costs a look at each word, and a look-up for
// each pair that differs from that of the state before.
func (t *tree) fold(words, keys []uint64, learn bool) bool {
	width, f := len(t.first)-1, t.latest
	if !learn {
		f = t.newFolded() // another worker's
	}
	for k := range keys {
		t.cut(words[k*width:(k+1)*width], f)
		if !t.pair(f, learn) {
			return false
		}
		keys[k] = f.values[t.last[0]]<<t.halves[1] | f.values[t.last[1]]
	}
	return true
}

// cut makes s the state of f, whose pairs above what differs become stale.
func (t *tree) cut(s []uint64, f *folded) {
	fresh := !f.known
	f.known = false
	for w, word := range s {
		if word == f.words[w] && !fresh {
			continue
		}
		f.words[w] = word
		for i := t.first[w]; i < t.first[w+1]; i++ {
			c := &t.cuts[i]
			v := word >> c.shift & (1<<c.bits - 1)
			if v == f.values[i] && !fresh {
				continue
			}
			f.values[i] = v
			f.spoil(t.above[i])
		}
		if end := t.first[w+1]; end > t.first[w] && word>>t.cuts[end-1].shift>>t.cuts[end-1].bits != 0 {
			panic(beyond)
		}
	}
	if fresh {
		for i := range t.pairs {
			f.spoil(i)
		}
	}
	f.known = true
}

// spoil makes a pair stale, if there is one.
func (f *folded) spoil(pair int) {
	if pair >= 0 {
		f.stale[pair/64] |= 1 << (pair % 64)
	}
}

// pair numbers the pairs that are stale: those below come first. It returns
// false if there is no number and it may not learn; f is of no use then.
func (t *tree) pair(f *folded, learn bool) bool {
	for i := range f.stale {
		for f.stale[i] != 0 {
			at := 64*i + bits.TrailingZeros64(f.stale[i])
			f.stale[i] &= f.stale[i] - 1
			p := t.pairs[at]
			place := len(t.cuts) + at
			key := f.values[p.left]<<p.shift | f.values[p.right]
			r := &f.recent[at][key*0x9e3779b97f4a7c15>>(64-recentBits)]
			if r.key != key || r.number == 0 {
				var number uint64
				if !p.number(key, learn, &number) {
					return false
				}
				r.key, r.number = key, number+1
			}
			if r.number-1 != f.values[place] {
				f.values[place] = r.number - 1
				f.spoil(t.above[place])
			}
		}
	}
	return true
}

// number sets to to the number of a key, a new one if it may learn, and
// reports whether there is one.
func (p *pair) number(key uint64, learn bool, to *uint64) bool {
	h := p.key.of(key)
	i, g := p.find(nil, h)
	if i < 0 {
		if !learn {
			return false
		}
		if p.n >= p.room() {
			p.grow(here)
			_, g = p.find(nil, h)
		}
		i = p.n
		p.put(nil, g, i)
		p.n++
	}
	*to = uint64(i)
	return true
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
