package explore

import "encoding/binary"

// A table finds states by their hashes, with linear probing. It grows in
// place, page by page.
//
// A hash has 64 bits. The upper ones say where a state belongs, its home. A
// slot is 0 if it is empty, and otherwise has three parts:
//
//	tag    the bits of the hash below those of the home
//	off    one more than how many slots behind its home it is, or the
//	       largest number that fits if it is further away
//	number of the state, plus one: as many bits as number the slots
//
// Where states have few bits (exact), a hash is a permutation of them: home
// and tag together are the state. So an entry with the right tag, the right
// distance from the home, is the right one, and a probe reads one line of
// memory; only for those far away must the state itself be compared. (To
// store what remains of a key besides its address: Knuth's exercise 6.4-13;
// Cleary, "Compact hash tables using bidirectional linear probing", 1984.)
//
// Where states have many bits there is no off, the tag is what room is left
// in 32 bits, and a state with the right tag must be compared.
type table struct {
	n    int  // states; 4*n <= 3<<bits
	bits uint // there are 1<<bits slots

	exact bool
	key   permutation // of exact ones

	size    uint64   // bytes of a slot
	mask    uint64   // of as many bits
	offBits uint     // 0 if not exact
	pages   [][]byte // of slots
	touched uint64   // keeps touch's loads from being optimised away
}

const (
	firstBits = 8
	pageBits  = 16 // a page has 1<<pageBits slots, but for that of a small table
	leastOff  = 6  // bits

	// A slot is read and written as 8 bytes, of which only the lower ones
	// are its own.
	slotReach = 8
)

// A gap is an empty slot and what is to go into it, but for a number.
type gap struct{ slot, entry uint64 }

// newTable returns a table for states of some words, or of a single one in
// which only the low bits may be set.
func newTable(width, bits int) table {
	t := table{bits: firstBits, size: 4}
	if p := newPermutation(uint(bits)); width == 1 && p.bits+leastOff <= 64 {
		t.exact, t.key = true, p
		t.size = uint64(p.bits+leastOff+7) / 8
		t.offBits = 8*uint(t.size) - p.bits
	}
	t.mask = ^uint64(0) >> (64 - 8*t.size)
	t.extend()
	return t
}

// hash returns the hash of a state.
func (t *table) hash(words []uint64) uint64 {
	if t.exact {
		t.key.must(words[0])
		return t.key.of(words[0])
	}
	return hash(words)
}

// entry returns what is in the slot of a state with a hash if it is at home,
// but for its number; what is there if it is far from home; and by how much
// entries grow from slot to slot until then. (An entry grows from 0 offs to 1
// if there are any, so that no exact one is 0.)
func (t *table) entry(h uint64) (v, far, step uint64) {
	low, number := uint64(1)<<((t.bits+t.offBits)%64)-1, uint64(1)<<(t.bits%64)-1
	v = h << (t.bits % 64) >> ((64 - 8*t.size) % 64) &^ low
	far = v | low&^number
	step = (number + 1) & low
	return v + step, far, step
}

// place returns the bytes of a slot, and some behind.
func (t *table) place(slot uint64) []byte {
	o := slot % (1 << pageBits) * t.size
	return t.pages[slot>>pageBits][o : o+slotReach]
}

func (t *table) slot(slot uint64) uint64 {
	return binary.LittleEndian.Uint64(t.place(slot)) & t.mask
}

func (t *table) set(slot, v uint64) {
	p := t.place(slot)
	binary.LittleEndian.PutUint64(p, binary.LittleEndian.Uint64(p)&^t.mask|v)
}

// fill puts the next state into a gap.
func (t *table) fill(g gap) {
	t.n++
	t.set(g.slot, g.entry|uint64(t.n))
}

// full reports whether the table must grow before the next state.
func (t *table) full() bool { return 4*(t.n+1) > 3<<t.bits }

// nextBits says how large the table is to be next: twice as large, or four
// times while that is little, since most of the cost of growth is in the last
// steps.
func (t *table) nextBits() uint {
	const little = 16
	return max(min(t.bits+2, little), t.bits+1)
}

// growth returns by how many bytes it will grow.
func (t *table) growth() int64 { return int64(t.size) * (1<<t.nextBits() - 1<<t.bits) }

// extend appends empty slots until there are as many as there are to be.
func (t *table) extend() {
	size := uint64(1) << min(t.bits, pageBits) * t.size
	if len(t.pages) == 0 {
		t.pages = [][]byte{nil}
	}
	if first := t.pages[0]; len(first) < int(size) {
		t.pages[0] = make([]byte, size+slotReach)
		copy(t.pages[0], first)
	}
	for len(t.pages)<<pageBits < 1<<t.bits {
		t.pages = append(t.pages, make([]byte, size+slotReach))
	}
}

// bytes returns the memory that the table holds.
func (t *table) bytes() int64 { return int64(t.size) << t.bits }

// grow makes the table larger; at returns the words of a state.
func (t *table) grow(at func(int) []uint64) {
	old := t.bits
	t.bits = t.nextBits()
	t.extend()
	if t.exact {
		t.split(old, at)
	} else {
		t.refill(at)
	}
}

// refill puts all states into the table again, in order.
func (t *table) refill(at func(int) []uint64) {
	for _, p := range t.pages {
		clear(p)
	}
	var hashes [256]uint64
	for from := 0; from < t.n; from += len(hashes) {
		n := min(len(hashes), t.n-from)
		for k := range n {
			hashes[k] = hash(at(from + k))
		}
		t.touched += t.touch(hashes[:n])
		for k, h := range hashes[:n] {
			t.insert(h, uint64(from+k+1), 0)
		}
	}
}

// split moves each entry from a table of 1<<old slots, the lower part of
// what there is now, to its new place. From the last to the first: its new
// home is about twice or four times as far up as it is, where all has been
// moved already. Those for which that is not so, at the lower end, wait.
func (t *table) split(old uint, at func(int) []uint64) {
	type entry struct{ hash, number uint64 }
	var waiting []entry
	far := uint64(1)<<t.offBits - 1
	for slot := uint64(1)<<old - 1; slot+1 > 0; slot-- {
		x := t.slot(slot)
		if x == 0 {
			continue
		}
		t.set(slot, 0)
		e := entry{number: x % (1 << old)}
		if off := x >> old & far; off < far {
			home := (slot + 1 - off) % (1 << old)
			tag := x >> (old + t.offBits)
			e.hash = home<<(64-old) | tag<<(64-t.key.bits)
		} else {
			e.hash = t.key.of(at(int(e.number) - 1)[0])
		}
		if !t.insert(e.hash, e.number, slot+1) {
			waiting = append(waiting, e)
		}
	}
	for _, e := range waiting {
		t.insert(e.hash, e.number, 0)
	}
}

// insert puts an entry into the first empty slot from its home on. It does
// not, and returns false, if only the slots from lowest on may be looked at
// and that is not enough.
func (t *table) insert(h, number, lowest uint64) bool {
	v, far, step := t.entry(h)
	slot := h >> (64 - t.bits)
	if slot < lowest {
		return false
	}
	for t.slot(slot) != 0 {
		if slot++; slot == 1<<t.bits {
			if lowest > 0 {
				return false
			}
			slot = 0
		}
		if v != far {
			v += step
		}
	}
	t.set(slot, v|number)
	return true
}

// touch brings the homes of states into the cache.
func (t *table) touch(hashes []uint64) (sum uint64) {
	home, size, pages := (64-t.bits)%64, t.size, t.pages
	for _, h := range hashes {
		slot := h >> home
		sum += uint64(pages[slot>>pageBits][slot%(1<<pageBits)*size])
	}
	return sum
}

// atHome looks for states of an exact table in their homes. It puts the
// numbers of those it finds there into found, and which the others are into
// rest, and returns how many those are.
func (t *table) atHome(hashes []uint64, found, rest []uint32) int {
	home, size, mask, pages := (64-t.bits)%64, t.size, t.mask, t.pages
	up, down := t.bits%64, (64-8*uint(size))%64
	number, tag, atHome := uint64(1)<<t.bits-1, ^(uint64(1)<<(t.bits+t.offBits) - 1), uint64(1)<<t.bits
	n := 0
	for k, h := range hashes {
		slot := h >> home
		o := slot % (1 << pageBits) * size
		x := binary.LittleEndian.Uint64(pages[slot>>pageBits][o:]) & mask
		found[k] = uint32(x&number) - 1
		rest[n] = uint32(k)
		if x&^number != h<<up>>down&tag|atHome {
			n++
		}
	}
	return n
}
