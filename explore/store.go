package explore

import (
	"math"
	"math/bits"
	"slices"
)

// A store keeps states, each once, numbered in the order of arrival.
//
// The words lie in one arena, cut into chunks so that growth copies nothing.
// An open-addressing table with linear probing finds them: a slot is 0 if it
// is empty; its low bits (as many as number the slots) are the state's number
// plus one, and its other bits the same number of bits of the state's hash.
// These tags save most looks into the arena that would find another state.
type store struct {
	width   int
	n       int        // states; 4*n <= 3*len(slots), so numbers fit beside tags
	shift   uint       // a chunk has 1<<shift states
	words   [][]uint64 // state i is in words[i>>shift]
	parents [][]uint32 // of state i, likewise
	slots   []uint32
	bits    uint   // len(slots) == 1<<bits
	touched uint32 // keeps grow's loads ahead from being optimised away
}

const (
	chunkBytes = 1 << 16
	firstBits  = 8
	maxStates  = math.MaxUint32 / 4 * 3 // 3/4 of 2^32 slots
)

func newStore(width int) *store {
	s := &store{width: width, shift: 4, bits: firstBits, slots: make([]uint32, 1<<firstBits)}
	for s.shift < 12 && max(width, 1)*8<<(s.shift+1) <= chunkBytes {
		s.shift++
	}
	return s
}

// at returns the words of state i, which nobody may change. They stay where
// they are.
func (s *store) at(i int) []uint64 {
	o := (i & (1<<s.shift - 1)) * s.width
	return s.words[i>>s.shift][o : o+s.width : o+s.width]
}

// parent returns the state from which i was reached first.
func (s *store) parent(i int) int {
	return int(s.parents[i>>s.shift][i&(1<<s.shift-1)])
}

// find looks for a state whose hash is h. Without success it returns -1 and
// the slot where add is to put it.
func (s *store) find(words []uint64, h uint64) (i int, slot uint64) {
	if s.width == 1 {
		return s.find1(words[0], h)
	}
	mask := uint64(1)<<s.bits - 1
	tag := uint32(h) << s.bits
	for slot = h >> (64 - s.bits); ; slot = (slot + 1) & mask {
		v := s.slots[slot]
		if v == 0 {
			return -1, slot
		}
		if low := v & uint32(mask); v-low == tag {
			if i := int(low) - 1; slices.Equal(s.at(i), words) {
				return i, slot
			}
		}
	}
}

// find1 is find for states of one word.
func (s *store) find1(word, h uint64) (i int, slot uint64) {
	slots := s.slots
	mask := uint64(len(slots) - 1)
	tag := uint32(h) << s.bits
	chunk := uint32(1)<<s.shift - 1
	for slot = h >> (64 - s.bits); ; slot = (slot + 1) & mask {
		v := slots[slot&mask]
		if v == 0 {
			return -1, slot
		}
		if low := v & uint32(mask); v-low == tag {
			if i := low - 1; s.words[i>>s.shift][i&chunk] == word {
				return int(i), slot
			}
		}
	}
}

// add appends a state that is not there yet, in the slot found for it. The
// table must not be full.
func (s *store) add(words []uint64, h, slot uint64, parent int) {
	i := s.n
	if i>>s.shift == len(s.words) {
		s.words = append(s.words, make([]uint64, s.width<<s.shift))
		s.parents = append(s.parents, make([]uint32, 1<<s.shift))
	}
	copy(s.at(i), words)
	s.parents[i>>s.shift][i&(1<<s.shift-1)] = uint32(parent)
	s.n++
	s.slots[slot] = uint32(h)<<s.bits | uint32(s.n)
}

// nextBits says how large the table is to be next: twice as large, or four
// times while that is little, since most of the cost of growth is in the last
// steps.
func (s *store) nextBits() uint {
	const little = 22 // 16 MB
	return max(min(s.bits+2, little), s.bits+1)
}

// full reports whether the table must grow before the next add.
func (s *store) full() bool { return 4*(s.n+1) > 3*len(s.slots) }

// grow makes the table larger. The hashes are taken from the arena again, in
// order.
func (s *store) grow() {
	s.bits = s.nextBits()
	s.slots = nil // let the old table go before the new one comes
	s.slots = make([]uint32, 1<<s.bits)
	mask := uint64(1)<<s.bits - 1
	var hashes [256]uint64
	touched := uint32(0)
	for from := 0; from < s.n; from += len(hashes) {
		n := min(len(hashes), s.n-from)
		for k := range n {
			h := hash(s.at(from + k))
			hashes[k] = h
			touched += s.slots[h>>(64-s.bits)] // as touch does
		}
		for k, h := range hashes[:n] {
			slot := h >> (64 - s.bits)
			for s.slots[slot] != 0 {
				slot = (slot + 1) & mask
			}
			s.slots[slot] = uint32(h)<<s.bits | uint32(from+k+1)
		}
	}
	s.touched += touched
}

// touch brings what find will read into the cache. The loads of a block
// don't depend on each other, so the processor waits for them together:
// first for the slots, then for the states that they point to.
func (s *store) touch(hashes []uint64) (sum uint64) {
	mask := uint32(uint64(1)<<s.bits - 1)
	for _, h := range hashes {
		sum += uint64(s.slots[h>>(64-s.bits)])
	}
	if s.width == 0 {
		return sum
	}
	for _, h := range hashes {
		v := s.slots[h>>(64-s.bits)]
		if low := v & mask; low != 0 && v-low == uint32(h)<<s.bits {
			i := int(low) - 1
			sum += s.words[i>>s.shift][(i&(1<<s.shift-1))*s.width]
		}
	}
	return sum
}

// bytes returns the memory that the store holds.
func (s *store) bytes() int64 {
	return int64(len(s.words))<<s.shift*int64(8*s.width+4) + 4*int64(len(s.slots))
}

// hash mixes the words of a state by folded multiplication, as wyhash does
// (Wang Yi, 2019). It is the same in every run.
func hash(words []uint64) uint64 {
	const k0, k1, k2 = 0xa0761d6478bd642f, 0xe7037ed1a0b428db, 0x8ebc6af09c88c6e3
	if len(words) == 1 {
		return mix(words[0]^k0, k1)
	}
	h := uint64(k2)
	for len(words) >= 2 {
		h = mix(words[0]^k0, words[1]^h)
		words = words[2:]
	}
	if len(words) == 1 {
		h = mix(words[0]^k0, h)
	}
	return mix(h^k1, k2)
}

func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}
