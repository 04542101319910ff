package explore

import "encoding/binary"

// A plain finds states by keys of up to 64 bits, more than an exact has room
// for, or of two words. A slot has the number of a state, plus one, then its hash,
// all of it, and the second word of the key, if there is one. Hash and second word
// tell the key, see hash; so nothing else need be looked at.
type plain struct {
	slots
	key   permutation // of keys of one word
	words int         // of a key
}

const (
	plainBytes  = 4 + 8          // of a slot for keys of one word
	doubleBytes = plainBytes + 8 // of two
	plainBits   = 64             // of a word of a key
	plainWords  = 2              // of a key, at most
)

// newPlain returns an empty one for keys of up to plainBits bits.
func newPlain(keyBits int) *plain {
	x := &plain{newSlots(plainBytes), newPermutation(uint(keyBits)), 1}
	x.mask = 1<<32 - 1
	return x
}

// newDouble returns an empty one for keys of two words.
func newDouble() *plain {
	x := &plain{newSlots(doubleBytes), mixing, plainWords}
	x.mask = 1<<32 - 1
	return x
}

// An inline is a set that has the keys in its slots: an exact or a plain.
type inline interface {
	set
	each(f func(key uint64, number int))
	insert(h, number uint64)
	resize(count uint64)
	table() *slots
}

// newInline returns an empty one for keys of up to plainBits bits.
func newInline(keyBits int) inline {
	if keyBits > exactBits {
		return newPlain(keyBits)
	}
	return newExact(keyBits)
}

// rekeyed returns one with other keys, of so many bits, for the same states,
// and as many slots.
func rekeyed(old inline, keyBits int, key func(uint64) uint64) inline {
	x := newInline(keyBits)
	x.resize(old.table().count)
	x.table().ample = old.table().ample
	var hashes [blockSteps]uint64 // some together, since they go all over the place
	var numbers [blockSteps]uint64
	n := 0
	flush := func() {
		x.touch(hashes[:n])
		for k, h := range hashes[:n] {
			x.insert(h, numbers[k])
		}
		n = 0
	}
	old.each(func(was uint64, number int) {
		keys := [1]uint64{key(was)}
		x.hashes(keys[:], hashes[n:n+1])
		numbers[n] = uint64(number) + 1
		if n++; n == len(hashes) {
			flush()
		}
	})
	flush()
	return x
}

// resize makes the slots count. What is in them is what it was.
func (x *plain) resize(count uint64) { x.extend(count) }

// insert is that of exact, for keys of one word.
func (x *plain) insert(h, number uint64) { x.insertAt(h, 0, uint32(number), 0) }

// injective: the hashes of one word are keys.
func (x *plain) injective() bool { return x.words == 1 }

// provisional is for a set that compares keys.
func (x *plain) provisional(func(i int) []uint64) {}

// bytes returns the memory that it takes.
func (x *plain) bytes() int64 { return x.slots.bytes() }

// hashes sets hashes to those of keys.
func (x *plain) hashes(keys, hashes []uint64) {
	if x.words == plainWords {
		for k := range hashes {
			hashes[k] = hash(keys[plainWords*k : plainWords*(k+1)])
		}
		return
	}
	all := uint64(0)
	for k, key := range keys[:len(hashes)] {
		hashes[k] = x.key.of(key)
		all |= key
	}
	x.key.must(all)
}

// look is that of exact. Of keys of two words it finds none, as it has not got
// them, and says that all are left.
func (x *plain) look(hashes []uint64, found, rest []uint32) []uint32 {
	found, rest = found[:len(hashes)], rest[:len(hashes)]
	if x.words == plainWords {
		for k := range rest {
			rest[k] = uint32(k)
		}
		return rest
	}
	n := 0
	for k, h := range hashes {
		slot, _ := x.home(h)
		p := x.place(slot)
		p = p[:3*plainBytes]
		f := uint64(binary.LittleEndian.Uint32(p)) & equal(binary.LittleEndian.Uint64(p[4:])^h)
		f |= uint64(binary.LittleEndian.Uint32(p[plainBytes:])) & equal(binary.LittleEndian.Uint64(p[plainBytes+4:])^h)
		f |= uint64(binary.LittleEndian.Uint32(p[2*plainBytes:])) & equal(binary.LittleEndian.Uint64(p[2*plainBytes+4:])^h)
		found[k] = uint32(f) - 1
		rest[n] = uint32(k)
		n += int((f - 1) >> 63)
	}
	return rest[:n]
}

// find is that of exact.
func (x *plain) find(key []uint64, h uint64) (int, gap) {
	for slot, _ := x.home(h); ; slot = x.next(slot) {
		p := x.place(slot)
		switch n := binary.LittleEndian.Uint32(p); {
		case n == 0:
			return -1, gap{slot: slot, entry: h}
		case binary.LittleEndian.Uint64(p[4:]) == h && (x.words == 1 || binary.LittleEndian.Uint64(p[plainBytes:]) == key[1]):
			return int(n) - 1, gap{}
		}
	}
}

// enter is that of exact.
func (x *plain) enter(key []uint64, h uint64, i int) (int, uint64) {
	n, g := x.find(key, h)
	if n < 0 {
		x.put(key, g, i)
		return i, g.slot
	}
	return n, 0
}

// put is that of exact.
func (x *plain) put(key []uint64, g gap, i int) {
	second := uint64(0)
	if x.words == plainWords {
		second = key[1]
	}
	x.write(g.slot, g.entry, second, uint32(i+1))
}

// write writes a slot.
func (x *plain) write(slot, h, second uint64, number uint32) {
	p := x.place(slot)
	binary.LittleEndian.PutUint32(p, number)
	binary.LittleEndian.PutUint64(p[4:], h)
	if x.words == plainWords {
		binary.LittleEndian.PutUint64(p[plainBytes:], second)
	}
}

// second returns the second word of the key in the slot whose bytes p begins
// with, 0 if there is none.
func (x *plain) second(p []byte) uint64 {
	if x.words == 1 {
		return 0
	}
	return binary.LittleEndian.Uint64(p[plainBytes:])
}

// keyAt sets key to that in a slot that is not empty.
func (x *plain) keyAt(slot uint64, key []uint64) {
	p := x.place(slot)
	first := x.key.undo(binary.LittleEndian.Uint64(p[4:]))
	if x.words == plainWords {
		key[1] = x.second(p)
		first ^= stirred(key[1])
	}
	key[0] = first
}

// grow is that of exact.
func (x *plain) grow(do func(n int, work func(region int))) {
	old := x.slots
	x.extend(x.more())
	do(old.regions(), func(region int) { x.rehome(&old, region) })
}

// rehome is that of exact.
func (x *plain) rehome(old *slots, region int) {
	type entry struct {
		hash, second uint64
		number       uint32
	}
	var some, waiting []entry
	after := uint64(region) * (x.count >> old.split)
	for to := old.lap; to > 0; to -= moved {
		lowest := after + to - moved
		p := x.place(lowest)[:moved*x.size]
		for o := len(p) - int(x.size); o >= 0; o -= int(x.size) {
			if n := binary.LittleEndian.Uint32(p[o:]); n != 0 {
				some = append(some, entry{binary.LittleEndian.Uint64(p[o+4:]), x.second(p[o:]), n})
			}
		}
		clear(p)
		for _, e := range some {
			if !x.insertAt(e.hash, e.second, e.number, lowest) {
				waiting = append(waiting, e)
			}
		}
		some = some[:0]
	}
	for _, e := range waiting {
		x.insertAt(e.hash, e.second, e.number, 0)
	}
}

// insertAt is that of exact.
func (x *plain) insertAt(h, second uint64, number uint32, lowest uint64) bool {
	for slot, _ := x.home(h); slot >= lowest; slot = x.next(slot) {
		if binary.LittleEndian.Uint32(x.place(slot)) == 0 {
			x.write(slot, h, second, number)
			return true
		}
	}
	return false
}

// each is that of exact, for keys of one word.
func (x *plain) each(f func(key uint64, number int)) {
	for slot := range x.count {
		if n := x.get(slot); n != 0 {
			f(x.key.undo(x.hashAt(slot, n)), int(n)-1)
		}
	}
}

// hashAt returns the hash in a slot that is not empty.
func (x *plain) hashAt(slot, _ uint64) uint64 { return binary.LittleEndian.Uint64(x.place(slot)[4:]) }

// inOrder is that of exact.
func (x *plain) inOrder(tell func(entry) error) error {
	for region := range x.regions() {
		if err := x.slots.inOrder(region, nil, x.hashAt, tell); err != nil {
			return err
		}
	}
	return nil
}
