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
	down    uint                // by how much a fraction is shifted for its tag
	tag     uint64              // the bits of a slot that are its tag
	step    uint64              // by how much an entry grows from slot to slot
	last    uint64              // the bits that no hash has
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
	x.down, x.step = 64-8*uint(x.size), 1<<x.bits
	x.tag = x.mask &^ (x.step<<x.offBits - 1)
	x.last = 1<<(64-x.key.bits) - 1
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

// entry returns where a state with a hash belongs, and what is in its slot if
// it is there, but for its number. (off is 1 at home, so that no entry is 0.)
func (x *exact) entry(h uint64) (slot, v uint64) {
	slot, fraction := x.home(h)
	return slot, fraction>>(x.down%64)&x.tag | x.step
}

// reach returns in how many slots from its home on a state may be.
func (x *exact) reach() uint64 { return 1<<x.offBits - 1 }

// look looks for states where they belong and in the two slots behind, and
// puts the numbers of those it finds there into found. Of the others it
// returns which they are, in rest: find must look for those.
//
// Their homes should be in the cache, see touch. No branch depends on what is
// there, since that can't be predicted.
func (x *exact) look(hashes []uint64, found, rest []uint32) []uint32 {
	found, rest = found[:len(hashes)], rest[:len(hashes)]
	count, size, pages := x.count, x.size, x.pages
	down, tag, step := x.down%64, x.tag, x.step
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

// enter returns the number of the state with a hash, after giving it one if it
// had none: i. Then it also says in which slot that is, or aside.
func (x *exact) enter(_ []uint64, h uint64, i int) (int, uint64) {
	n, g := x.find(nil, h)
	switch {
	case n >= 0:
		return n, 0
	case g.far:
		x.put(nil, g, i)
		return i, aside
	}
	write(x.place(g.slot), x.size, g.entry|uint64(i+1))
	return i, g.slot
}

// aside is where a state is that is in no slot.
const aside = 1 << 63

// find looks for the state with a hash. Without success it returns -1 and
// where put is to put it.
func (x *exact) find(_ []uint64, h uint64) (int, gap) {
	slot, v := x.entry(h)
	step, mask, size := x.step, x.mask, x.size
	number, most := step-1, x.reach()
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
// of those that it became, to their new places: from the last to the first,
// some at a time. The new home of each is further up than it is, where all has
// been moved already. Those for which that is not so, at the lower end, wait.
func (x *exact) rehome(old *exact, region int) {
	type entry struct{ hash, number uint64 }
	var waiting []entry
	for h, n := range old.far[region] {
		waiting = append(waiting, entry{h, uint64(n)})
	}
	before := uint64(region) * old.lap
	after := uint64(region) * (x.count >> old.split)
	var hashes, numbers [moved]uint64
	for to := old.lap; to > 0; to -= moved {
		lowest := after + to - moved
		n := old.take(before, before+to-moved, x.place(lowest), &hashes, &numbers)
		for k, h := range hashes[:n] {
			slot, v := x.entry(h)
			if !x.insertAt(slot, v|numbers[k], lowest) {
				waiting = append(waiting, entry{h, numbers[k]})
			}
		}
	}
	for _, w := range waiting {
		x.insert(w.hash, w.number)
	}
}

// moved is how many slots are moved together; pages have a multiple of that.
const moved = 1 << firstBits

// take empties some slots, of the region that begins at first, whose bytes are
// in p. It puts the hashes and numbers of what was there into the slices, the
// last first, and returns how many those are. No branch depends on which slots
// are empty.
func (x *exact) take(first, from uint64, p []byte, hashes, numbers *[moved]uint64) int {
	size, mask, shift, reach, number := x.size, x.mask, x.bits%64, x.reach(), x.step-1
	p = p[:(moved-1)*size+slotReach]
	n := 0
	for i := uint64(moved); i > 0; i-- {
		at, slot := p[(i-1)*size:], from+i-1
		e := binary.LittleEndian.Uint64(at) & mask
		off := e >> shift & reach
		home := slot + 1 - off
		if off > slot+1-first {
			home += x.lap // it went round
		}
		hashes[n%moved], numbers[n%moved] = x.hashOf(home, e), e&number
		n += int((e | -e) >> 63)
	}
	clear(p[:moved*size])
	return n
}

// insert puts an entry into the first empty slot from its home on, or apart
// from them.
func (x *exact) insert(h, number uint64) {
	if slot, v := x.entry(h); !x.insertAt(slot, v|number, 0) {
		x.put(nil, gap{entry: h, far: true}, int(number)-1)
	}
}

// insertAt puts an entry into the first empty slot from a slot on, where it
// would be v. It does not, and returns false, if that is too far away, or a
// slot below lowest.
func (x *exact) insertAt(slot, v, lowest uint64) bool {
	size := x.size
	page := x.pages[slot>>pageBits]
	last := uint64(len(page)) - pageSlack
	o := slot % (1 << pageBits) * size
	for range x.reach() {
		if o == last {
			slot = x.next(slot - 1)
			page, o = x.pages[slot>>pageBits], slot%(1<<pageBits)*size
		}
		if slot < lowest {
			return false
		}
		if p := page[o:]; binary.LittleEndian.Uint32(p) == 0 {
			write(p, size, v)
			return true
		}
		slot++
		o += size
		v += x.step
	}
	return false
}

// hashAt returns the hash of the entry in a slot.
func (x *exact) hashAt(slot, e uint64) uint64 {
	return x.hashOf(x.homeOf(slot-slot%x.lap, slot, e), e)
}

// homeOf returns the home of the entry in a slot of the region that begins at
// first.
func (x *exact) homeOf(first, slot, e uint64) uint64 {
	off := e >> x.bits & x.reach()
	if off > slot+1-first {
		return slot + 1 - off + x.lap // it went round
	}
	return slot + 1 - off
}

// hashOf returns the hash of an entry with a home: the least, of those that
// there are, whose product with the slots is not below home and tag. What is
// computed of the quotient may be less by up to 4. The product is above
// home and tag by less than there can be in a tag, so that the quotient is
// below the hash by at most 4/5 of what is between two hashes, 64 or more;
// but if the slots are a power of 2: then there is no error.
func (x *exact) hashOf(home, e uint64) uint64 {
	fraction := e & x.tag << (x.down % 64)
	a, _ := bits.Mul64(home, x.inverse[1])
	b, _ := bits.Mul64(fraction, x.inverse[0])
	return (home*x.inverse[0] + a + b + x.last) &^ x.last
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
