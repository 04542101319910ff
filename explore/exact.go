package explore

import "encoding/binary"

// An exact finds states by keys of few bits, and keeps the keys themselves:
// a hash is a permutation of the key. Its upper bits say where a state
// belongs, its home; a slot has three parts:
//
//	tag    the bits of the hash below those of the home
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
	return &exact{slots: newSlots(size), key: p, offBits: 8*uint(size) - p.bits, far: make([]map[uint64]uint32, 1)}
}

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
	return h<<x.bits>>(64-8*x.size)&^low | step, step
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
	home, size, pages := (64-x.bits)%64, x.size, x.pages
	up, down := x.bits%64, (64-8*uint(size))%64
	step := uint64(1) << x.bits
	tag := x.mask &^ (step*(x.reach()+1) - 1)
	number := step - 1
	other := x.mask &^ number // what is not of the number
	n := 0
	for k, h := range hashes {
		slot := h >> home
		p := pages[slot>>pageBits][slot%(1<<pageBits)*size:]
		v := h<<up>>down&tag | step
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
	slot := h >> (64 - x.bits)
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
	x.extend(x.nextBits())
	x.far = make([]map[uint64]uint32, x.regions())
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
// of those that they became, to their new places: from the last to the first.
// The new home of each is further up than it is, where all has been moved
// already. Those for which that is not so, at the lower end, wait.
func (x *exact) rehome(old *exact, region int) {
	type entry struct{ hash, number uint64 }
	var waiting []entry
	for h, n := range old.far[region] {
		waiting = append(waiting, entry{h, uint64(n)})
	}
	up := x.bits - old.bits // pages became 1<<up, once there were several
	for slot := uint64(region+1)*(old.lap+1) - 1; ; slot-- {
		now := slot
		if old.bits >= pageBits {
			now = slot>>pageBits<<(pageBits+up) | slot%(1<<pageBits)
		}
		if e := x.get(now); e != 0 {
			x.set(now, 0)
			off := e >> old.bits & (1<<x.offBits - 1)
			home := slot&^old.lap | (slot+1-off)&old.lap
			tag := e >> (old.bits + x.offBits)
			w := entry{home<<(64-old.bits) | tag<<(64-x.key.bits), e % (1 << old.bits)}
			if !x.insert(w.hash, w.number, now+1) {
				waiting = append(waiting, w)
			}
		}
		if slot == uint64(region)*(old.lap+1) {
			break
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
	slot := h >> (64 - x.bits)
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

// each calls f for each state: its key and its number.
func (x *exact) each(f func(key uint64, number int)) {
	for slot := range uint64(1) << x.bits {
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
	y.extend(x.bits)
	y.far = make([]map[uint64]uint32, y.regions())
	x.each(func(old uint64, number int) {
		y.insert(y.key.of(key(old)), uint64(number)+1, 0)
	})
	return y
}
