package lts

import (
	"iter"
	"math/bits"
)

// A set is the number of a set of numbers, which has one number only: equal
// sets are the same set. Sets share what they have in common: a set is a tree
// each of whose inner nodes has a set of the lower, of the two middle, and of
// the higher quarter of the numbers that there may be; and a leaf is a bitmap.
// So one more element costs a node on each level, and the union of two sets
// steps for what they don't share. (Filliâtre, Conchon, "Type-safe modular
// hash-consing", 2006; Okasaki, Gill, "Fast mergeable integer maps", 1998.)
//
// Two trees on top of each other are a set of pairs.
type set uint32

const (
	empty    set = 0
	leafBit  set = 1 << 31 // of sets that are leaves
	leafBits     = 7       // a leaf says which of 2^leafBits numbers there are
	fewNodes     = 1 << 16
)

// sets are those in use, and some that were.
type sets struct {
	inner, leaves nodes
	memo          []memo
	steps         int // of all unions
	most          int // nodes before it is time to look which are in use
	numbers       []uint32
}

// A memo says what the union of two sets was.
type memo struct{ a, b, union set }

func newSets() *sets {
	return &sets{inner: newNodes(), leaves: newNodes(), memo: make([]memo, 1<<14), most: fewNodes}
}

// reset forgets all sets.
func (x *sets) reset() {
	x.inner.reset()
	x.leaves.reset()
	clear(x.memo)
}

// heightFor returns the height of a tree of numbers below n whose trees of
// height 0 have so many bits of them.
func heightFor(n, bits int) (h int) {
	for ; n > 1<<(bits+2*h); h++ {
	}
	return h
}

// of returns the set of some numbers, which rise, of a tree of a height.
func (x *sets) of(numbers []uint32, height int) set { return x.with(empty, numbers, height) }

// with returns a set and some numbers more, which rise. A union with the set of
// these would make the nodes of that, too.
func (x *sets) with(a set, numbers []uint32, height int) set {
	if len(numbers) == 0 {
		return a
	}
	if height == 0 {
		leaf := x.leaves.node[a&^leafBit]
		for _, i := range numbers {
			leaf[i>>5&3] |= 1 << (i & 31)
		}
		if a != empty && leaf == x.leaves.node[a&^leafBit] {
			return a
		}
		return set(x.leaves.number(leaf)) | leafBit
	}
	quarters := x.inner.node[a]
	shift := leafBits + 2*(height-1)
	for len(numbers) > 0 {
		q, n := numbers[0]>>shift&3, 1
		for n < len(numbers) && numbers[n]>>shift&3 == q {
			n++
		}
		quarters[q] = uint32(x.with(set(quarters[q]), numbers[:n], height-1))
		numbers = numbers[n:]
	}
	return x.changed(a, quarters)
}

// withPairs returns a set of pairs and some more, each an event and a number,
// which rise: a tree of a height, on top of those of a height of the numbers.
func (x *sets) withPairs(a set, pairs []uint64, height, below int) set {
	switch {
	case len(pairs) == 0:
		return a
	case height == 0:
		x.numbers = x.numbers[:0]
		for _, p := range pairs {
			x.numbers = append(x.numbers, uint32(p))
		}
		return x.with(a, x.numbers, below)
	}
	quarters := x.inner.node[a]
	shift := 32 + 2*(height-1)
	for len(pairs) > 0 {
		q, n := pairs[0]>>shift&3, 1
		for n < len(pairs) && pairs[n]>>shift&3 == q {
			n++
		}
		quarters[q] = uint32(x.withPairs(set(quarters[q]), pairs[:n], height-1, below))
		pairs = pairs[n:]
	}
	return x.changed(a, quarters)
}

// changed returns the set of quarters that were those of an inner node.
func (x *sets) changed(a set, quarters [4]uint32) set {
	if a != empty && quarters == x.inner.node[a] {
		return a
	}
	return set(x.inner.number(quarters))
}

// A pairing is an event, and the set of what it is paired with.
type pairing struct {
	event uint32
	with  set
}

// pairs returns the set of some pairs, whose events rise; it is a tree of a
// height, on top of those of the sets.
func (x *sets) pairs(of []pairing, height int) set {
	switch {
	case len(of) == 0:
		return empty
	case height == 0:
		return of[0].with
	}
	var quarters [4]uint32
	shift := 2 * (height - 1)
	for len(of) > 0 {
		q, n := of[0].event>>shift&3, 1
		for n < len(of) && of[n].event>>shift&3 == q {
			n++
		}
		quarters[q] = uint32(x.pairs(of[:n], height-1))
		of = of[n:]
	}
	return set(x.inner.number(quarters))
}

// union returns the union of two sets of the same height.
func (x *sets) union(a, b set) set {
	switch {
	case a == b || b == empty:
		return a
	case a == empty:
		return b
	case a > b:
		a, b = b, a
	}
	x.steps++
	if a&leafBit != 0 {
		p, q := x.leaves.node[a&^leafBit], x.leaves.node[b&^leafBit]
		for i := range p {
			p[i] |= q[i]
		}
		return set(x.leaves.number(p)) | leafBit
	}
	m := &x.memo[mix(uint64(a)<<32|uint64(b), k0)&uint64(len(x.memo)-1)]
	if m.a == a && m.b == b {
		return m.union
	}
	p, q := x.inner.node[a], x.inner.node[b]
	for i := range p {
		p[i] = uint32(x.union(set(p[i]), set(q[i])))
	}
	union := set(x.inner.number(p))
	*m = memo{a, b, union}
	return union
}

// numbersOf yields the numbers of a set, which is a tree of a height, rising.
func (x *sets) numbersOf(s set, height int) iter.Seq[uint32] {
	return func(yield func(uint32) bool) { x.yieldNumbers(s, height, 0, yield) }
}

func (x *sets) yieldNumbers(s set, height int, from uint32, yield func(uint32) bool) bool {
	if s == empty {
		return true
	}
	if height == 0 {
		for i, w := range x.leaves.node[s&^leafBit] {
			for ; w != 0; w &= w - 1 {
				if !yield(from + uint32(32*i+bits.TrailingZeros32(w))) {
					return false
				}
			}
		}
		return true
	}
	for i, q := range x.inner.node[s] {
		if !x.yieldNumbers(set(q), height-1, from+uint32(i)<<(leafBits+2*(height-1)), yield) {
			return false
		}
	}
	return true
}

// pairsOf yields the events of a set of pairs, which is a tree of a height on
// top of others, with what each is paired with.
func (x *sets) pairsOf(s set, height int) iter.Seq2[uint32, set] {
	return func(yield func(uint32, set) bool) { x.yieldPairs(s, height, 0, yield) }
}

func (x *sets) yieldPairs(s set, height int, from uint32, yield func(uint32, set) bool) bool {
	switch {
	case s == empty:
		return true
	case height == 0:
		return yield(from, s)
	}
	for i, q := range x.inner.node[s] {
		if !x.yieldPairs(set(q), height-1, from+uint32(i)<<(2*(height-1)), yield) {
			return false
		}
	}
	return true
}

// len returns how many nodes there are.
func (x *sets) len() int { return len(x.inner.node) + len(x.leaves.node) }

// crowded reports whether it is time to keep only what is in use.
func (x *sets) crowded() bool { return x.len() > x.most }

// keep forgets all sets but some, which get other numbers.
func (x *sets) keep(roots ...[]set) {
	inner, leaves := make([]bool, len(x.inner.node)), make([]bool, len(x.leaves.node))
	mark := func(s set) {
		if s&leafBit != 0 {
			leaves[s&^leafBit] = true
		} else {
			inner[s] = true
		}
	}
	for _, all := range roots {
		for _, s := range all {
			mark(s)
		}
	}
	for i := len(inner) - 1; i > 0; i-- { // what a node has is older than it is
		if inner[i] {
			for _, q := range x.inner.node[i] {
				mark(set(q))
			}
		}
	}
	ofLeaf := x.leaves.keep(leaves, func(_ []uint32, q uint32) uint32 { return q })
	renumbered := func(ofInner []uint32, s set) set {
		if s&leafBit != 0 {
			return set(ofLeaf[s&^leafBit]) | leafBit
		}
		return set(ofInner[s])
	}
	ofInner := x.inner.keep(inner, func(of []uint32, q uint32) uint32 { return uint32(renumbered(of, set(q))) })
	for _, all := range roots {
		for i, s := range all {
			all[i] = renumbered(ofInner, s)
		}
	}
	clear(x.memo)
	x.most = max(x.most, 2*x.len())
	if len(x.memo) < 1<<20 && len(x.memo) < x.len() {
		x.memo = make([]memo, 2*len(x.memo))
	}
}

// Nodes are different groups of four numbers, numbered as they come. Number 0
// stands for none.
//
// Most looks are for nodes that are new. So a slot says what the hash of its node is,
// and nodes that are in no cache are looked at only if it is the same.
type nodes struct {
	node  [][4]uint32
	slots []slot // by hash, linear probing; 0 is free; at most half are used
}

// A slot is the low half of a node's hash, and below it the node's number.
type slot uint64

func newNodes() nodes {
	return nodes{node: make([][4]uint32, 1, fewNodes), slots: make([]slot, 1<<10)}
}

func hashOf(n [4]uint32) uint32 {
	return uint32(mix(mix(uint64(n[0])<<32|uint64(n[1]), k0)^(uint64(n[2])<<32|uint64(n[3])), k1))
}

func (x *nodes) reset() {
	x.node = x.node[:1]
	clear(x.slots)
}

// number returns the number of a node, which is not all 0.
func (x *nodes) number(n [4]uint32) uint32 {
	h, mask := hashOf(n), len(x.slots)-1
	i := int(h) & mask
	for ; x.slots[i] != 0; i = (i + 1) & mask {
		if at := uint32(x.slots[i]); uint32(x.slots[i]>>32) == h && x.node[at] == n {
			return at
		}
	}
	at := uint32(len(x.node))
	x.node = append(x.node, n)
	x.slots[i] = slot(h)<<32 | slot(at)
	if 2*len(x.node) > len(x.slots) {
		old := x.slots
		x.slots = make([]slot, 2*len(old))
		for _, s := range old {
			if s != 0 {
				x.place(s)
			}
		}
	}
	return at
}

// place puts in a slot what is in none.
func (x *nodes) place(s slot) {
	mask := len(x.slots) - 1
	i := int(s>>32) & mask
	for x.slots[i] != 0 {
		i = (i + 1) & mask
	}
	x.slots[i] = s
}

// keep forgets all nodes but some, and returns the new numbers of these. What
// a node has is renumbered by a function, which is told the new numbers of
// older nodes.
func (x *nodes) keep(kept []bool, renumbered func(of []uint32, q uint32) uint32) []uint32 {
	of := make([]uint32, len(x.node))
	left := x.node[:1]
	clear(x.slots)
	for i := 1; i < len(kept); i++ {
		if !kept[i] {
			continue
		}
		n := x.node[i]
		for k, q := range n {
			n[k] = renumbered(of, q)
		}
		of[i] = uint32(len(left))
		x.place(slot(hashOf(n))<<32 | slot(len(left)))
		left = append(left, n)
	}
	x.node = left
	return of
}
