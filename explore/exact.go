package explore

import (
	"encoding/binary"
	"math/bits"
)

// An exact finds states by keys of few bits, and keeps the keys themselves:
// a hash is a permutation of the key. It says where a state belongs, its
// home; a slot has three parts:
//
//	tag    the upper bits of the fraction, see slots: as many as hashes have
//	       that the home does not tell
//	off    one more than how many slots behind its home it is
//	number of the state, plus one: as many bits as number the slots
//
// Home and tag together are the key. So an entry with the right tag at the
// right distance from its home is the right one, and a probe reads one line
// of memory. What would be too far from its home for off is kept apart; that
// is one in some thousands. (To store what remains of a key besides its
// address: Knuth's exercise 6.4-13; Cleary, "Compact hash tables using
// bidirectional linear probing", 1984.)
type exact struct {
	slots
	key     permutation
	offBits uint
	inverse [2]uint64           // of the number of slots: 1<<64 over it, and the fraction
	far     []map[uint64]uint32 // by region: what is kept apart, hash → number plus one
}

const (
	leastOff  = 6 // bits
	exactBits = 64 - leastOff
)

// newExact returns an empty one for keys of up to exactBits bits.
func newExact(keyBits int) *exact {
	p := newPermutation(uint(keyBits))
	size := uint64(p.bits+leastOff+7) / 8
	x := &exact{slots: newSlots(size), key: p}
	x.resize(1 << firstBits)
	return x
}

// resize makes the slots count, with nothing apart from them. What is in them
// is what it was.
func (x *exact) resize(count uint64) {
	x.extend(count)
	x.number(count)
	x.far = make([]map[uint64]uint32, x.regions())
}

// number sets what follows from their number.
func (x *exact) number(count uint64) {
	x.count, x.bits = count, uint(bits.Len64(count-1))
	x.offBits = 8*uint(x.size) - x.tagBits() - x.bits
	whole, rest := bits.Div64(1, 0, count)
	fraction, _ := bits.Div64(rest, 0, count)
	x.inverse = [2]uint64{whole, fraction}
}

// tagBits returns those of a tag: hashes of a home are as far from each other,
// times the slots, as tell their fractions' upper bits from each other.
func (x *exact) tagBits() uint { return x.key.bits - x.whole() }

// hashes sets hashes to those of keys.
func (x *exact) hashes(keys, hashes []uint64) {
	all := uint64(0)
	for k, key := range keys[:len(hashes)] {
		hashes[k] = x.key.of(key)
		all |= key
	}
	x.key.must(all)
}

// entry returns what is in the slot of a state with a hash if it is at home,
// but for its number, and by how much that grows from slot to slot. (off is 1
// at home, so that no entry is 0.)
func (x *exact) entry(h uint64) (v, step uint64) {
	low := uint64(1)<<(x.bits+x.offBits) - 1
	step = 1 << x.bits
	_, fraction := x.home(h)
	return fraction>>(64-8*x.size)&^low | step, step
}

// reach returns in how many slots from its home on a state may be.
func (x *exact) reach() uint64 { return 1<<x.offBits - 1 }

// look looks for states where they belong and in the two slots behind, and
// puts the numbers of those it finds there into found. Of the others it
// returns which they are, in rest: find must look for those.
//
// The loads of a block don't depend on each other, so the processor waits for
// them together; and no branch depends on what is there, since that can't be
// predicted.
func (x *exact) look(hashes []uint64, found, rest []uint32) []uint32 {
	x.touch(hashes)
	found, rest = found[:len(hashes)], rest[:len(hashes)]
	count, size, pages := x.count, x.size, x.pages
	down := (64 - 8*uint(size)) % 64
	step := uint64(1) << x.bits
	tag := x.mask &^ (step*(x.reach()+1) - 1)
	number := step - 1
	other := x.mask &^ number // what is not of the number
	n := 0
	for k, h := range hashes {
		slot, fraction := bits.Mul64(h, count)
		p := pages[slot>>pageBits][slot%(1<<pageBits)*size:]
		v := fraction>>down&tag | step
		f, g, i := binary.LittleEndian.Uint64(p), binary.LittleEndian.Uint64(p[size:]), binary.LittleEndian.Uint64(p[2*size:])
		f = number & (f&equal((f^v)&other) | g&equal((g^(v+step))&other) | i&equal((i^(v+2*step))&other))
		found[k] = uint32(f) - 1
		rest[n] = uint32(k)
		n += int((f - 1) >> 63)
	}
	return rest[:n]
}

// equal returns all bits if none of d is set, and else none.
func equal(d uint64) uint64 { return (d|-d)>>63 - 1 }

// find looks for the state with a hash. Without success it returns -1 and
// where put is to put it.
func (x *exact) find(_ []uint64, h uint64) (int, gap) {
	v, step := x.entry(h)
	number, mask, size := step-1, x.mask, x.size
	slot, _ := x.home(h)
	most := x.reach()
	page := x.pages[slot>>pageBits]
	last := uint64(len(page)) - pageSlack
	for o := slot % (1 << pageBits) * size; most > 0; most-- {
		if o == last {
			slot = x.next(slot - 1)
			page, o = x.pages[slot>>pageBits], slot%(1<<pageBits)*size
		}
		e := binary.LittleEndian.Uint64(page[o:]) & mask
		if e == 0 {
			return -1, gap{slot: slot, entry: v}
		}
		if e&^number == v {
			return int(e&number) - 1, gap{}
		}
		slot++
		o += size
		v += step
	}
	if n, ok := x.far[x.region(h)][h]; ok {
		return int(n) - 1, gap{}
	}
	return -1, gap{entry: h, far: true}
}

// put gives the state for which find found a gap a number, or another one.
func (x *exact) put(_ []uint64, g gap, i int) {
	if g.far {
		r := x.region(g.entry)
		if x.far[r] == nil {
			x.far[r] = map[uint64]uint32{}
		}
		x.far[r][g.entry] = uint32(i) + 1
		return
	}
	x.set(g.slot, g.entry|uint64(i+1))
}

// injective: hashes are keys.
func (x *exact) injective() bool { return true }

// provisional is for a set that compares keys.
func (x *exact) provisional(func(i int) []uint64) {}

// grow makes the slots more. The work can be done by region, by several
// workers: do calls its argument once for each.
func (x *exact) grow(do func(n int, work func(region int))) {
	old := *x
	x.resize(x.more())
	do(old.regions(), func(region int) { x.rehome(&old, region) })
}

// bytes returns the memory that it takes.
func (x *exact) bytes() int64 {
	n := 0
	for _, m := range x.far {
		n += len(m)
	}
	const each = 40 // or so
	return x.slots.bytes() + each*int64(n)
}

// rehome moves the entries of a region of old, whose pages are now the first
// of those that it became, to their new places: from the last to the first.
// The new home of each is further up than it is, where all has been moved
// already. Those for which that is not so, at the lower end, wait.
func (x *exact) rehome(old *exact, region int) {
	type entry struct{ hash, number uint64 }
	var waiting []entry
	for h, n := range old.far[region] {
		waiting = append(waiting, entry{h, uint64(n)})
	}
	before := uint64(region) * old.lap
	lowest := uint64(region) * (x.count >> old.split)
	for i := old.lap; i > 0; i-- {
		now := lowest + i - 1
		if e := x.get(now); e != 0 {
			x.set(now, 0)
			w := entry{old.hashOf(old.homeOf(before, before+i-1, e), e), e % (1 << old.bits)}
			if !x.insert(w.hash, w.number, now+1) {
				waiting = append(waiting, w)
			}
		}
	}
	for _, w := range waiting {
		x.insert(w.hash, w.number, 0)
	}
}

// insert puts an entry into the first empty slot from its home on, or apart
// from them. It does not, and returns false, if only the slots from lowest on
// may be looked at and that is not enough.
func (x *exact) insert(h, number, lowest uint64) bool {
	v, step := x.entry(h)
	slot, _ := x.home(h)
	for range x.reach() {
		if slot < lowest {
			return false
		}
		if x.get(slot) == 0 {
			x.set(slot, v|number)
			return true
		}
		slot = x.next(slot)
		v += step
	}
	x.put(nil, gap{entry: h, far: true}, int(number)-1)
	return true
}

// hashAt returns the hash of the entry in a slot.
func (x *exact) hashAt(slot, e uint64) uint64 {
	return x.hashOf(x.homeOf(slot-slot%x.lap, slot, e), e)
}

// homeOf returns the home of the entry in a slot of the region that begins at
// first.
func (x *exact) homeOf(first, slot, e uint64) uint64 {
	home := slot + 1 - e>>x.bits&(1<<x.offBits-1)
	if home < first || home > slot {
		home += x.lap // it went round
	}
	return home
}

// hashOf returns the hash of an entry with a home: the least, of those that
// there are, whose product with the slots is not below home and tag. What is
// computed of the quotient may be less by up to 4. The product is above
// home and tag by less than there can be in a tag, so that the quotient is
// below the hash by at most 4/5 of what is between two hashes, 64 or more;
// but if the slots are a power of 2: then there is no error.
func (x *exact) hashOf(home, e uint64) uint64 {
	fraction := e >> (x.bits + x.offBits) << (64 - x.tagBits())
	a, _ := bits.Mul64(home, x.inverse[1])
	b, _ := bits.Mul64(fraction, x.inverse[0])
	last := uint64(1)<<(64-x.key.bits) - 1
	return (home*x.inverse[0] + a + b + last) &^ last
}

// each calls f for each state: its key and its number.
func (x *exact) each(f func(key uint64, number int)) {
	for slot := range x.count {
		if e := x.get(slot); e != 0 {
			f(x.key.undo(x.hashAt(slot, e)), int(e%(1<<x.bits))-1)
		}
	}
	for _, far := range x.far {
		for h, n := range far {
			f(x.key.undo(h), int(n)-1)
		}
	}
}

// with returns one with other keys, of other bits, for the same states, and
// as many slots.
func (x *exact) with(keyBits int, key func(uint64) uint64) *exact {
	y := newExact(keyBits)
	y.resize(x.count)
	x.each(func(old uint64, number int) {
		y.insert(y.key.of(key(old)), uint64(number)+1, 0)
	})
	return y
}
