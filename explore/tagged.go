package explore

import (
	"encoding/binary"
	"slices"
)

// A tagged finds states by keys of some words, which are kept in an arena. A
// slot has the number of a state and, in what room is left of 32 bits, the
// upper bits of the fraction of its hash, see slots: a key whose tag is the
// right one must be compared.
type tagged struct {
	slots
	keys   *arena
	beyond func(i int) []uint64 // the key of one that has no number yet, see rounds
}

func newTagged(keys *arena) *tagged { return &tagged{slots: newSlots(4), keys: keys} }

func (t *tagged) injective() bool { return false }

func (t *tagged) provisional(key func(i int) []uint64) { t.beyond = key }

// key returns that of state i.
func (t *tagged) key(i int) []uint64 {
	if i < t.keys.n {
		return t.keys.at(i)
	}
	return t.beyond(i)
}

// hashes sets hashes to those of keys.
func (t *tagged) hashes(keys, hashes []uint64) {
	w := t.keys.width
	for k := range hashes {
		hashes[k] = hash(keys[k*w : (k+1)*w])
	}
}

// belongs returns the home of a hash, and its tag in its place in a slot.
func (t *tagged) belongs(h uint64) (slot, tag uint64) {
	slot, fraction := t.home(h)
	return slot, fraction >> 32 &^ (1<<t.bits - 1)
}

// look is that of exact: it finds none, and says that all are left.
func (t *tagged) look(hashes []uint64, _, rest []uint32) []uint32 {
	if t.keys.width > 0 {
		t.touchKeys(hashes)
	}
	rest = rest[:len(hashes)]
	for k := range rest {
		rest[k] = uint32(k)
	}
	return rest
}

// touchKeys brings the keys into the cache that find will look at. What it
// returns means nothing, but has to be returned: otherwise nothing would be loaded.
//
//go:noinline
func (t *tagged) touchKeys(hashes []uint64) uint64 {
	number := uint64(1)<<t.bits - 1
	sum := uint64(0)
	for _, h := range hashes {
		slot, tag := t.belongs(h)
		e := t.get(slot)
		if i := int(e&number) - 1; i >= 0 && i < t.keys.n && e&^number == tag {
			sum += t.keys.at(i)[0]
		}
	}
	return sum
}

// find is that of exact.
func (t *tagged) find(key []uint64, h uint64) (int, gap) {
	number := uint64(1)<<t.bits - 1
	for slot, tag := t.belongs(h); ; slot = t.next(slot) {
		e := uint64(binary.LittleEndian.Uint32(t.pages[slot>>pageBits][slot%(1<<pageBits)*4:]))
		if e == 0 {
			return -1, gap{slot: slot, entry: tag}
		}
		if e&^number == tag {
			if i := int(e&number) - 1; slices.Equal(t.key(i), key) {
				return i, gap{}
			}
		}
	}
}

// enter is that of exact.
func (t *tagged) enter(key []uint64, h uint64, i int) (int, uint64) {
	n, g := t.find(key, h)
	if n < 0 {
		t.put(key, g, i)
		return i, g.slot
	}
	return n, 0
}

// put is that of exact. The key must be in the arena by the time that it is
// looked for.
func (t *tagged) put(_ []uint64, g gap, i int) { t.set(g.slot, g.entry|uint64(i+1)) }

// grow makes the slots more, and puts all states into them again, in order.
func (t *tagged) grow(do func(n int, work func(region int))) {
	t.extend(t.more())
	t.refill()
}

// refill puts all states into the slots, and nothing else.
func (t *tagged) refill() {
	for _, p := range t.pages {
		clear(p)
	}
	var hashes [256]uint64
	for from := 0; from < t.keys.n; from += len(hashes) {
		n := min(len(hashes), t.keys.n-from)
		for k := range n {
			hashes[k] = hash(t.keys.at(from + k))
		}
		t.touch(hashes[:n])
		for k, h := range hashes[:n] {
			slot, tag := t.belongs(h)
			for t.get(slot) != 0 {
				slot = t.next(slot)
			}
			t.set(slot, tag|uint64(from+k+1))
		}
	}
}

// bytes returns the memory that it takes, without the keys.
func (t *tagged) bytes() int64 { return t.slots.bytes() }
