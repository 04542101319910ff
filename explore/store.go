package explore

import (
	"encoding/binary"
	"math"
	"slices"
)

// A store keeps states, each once, numbered in the order of arrival: their
// words in an arena, where the table finds them.
type store struct {
	table
	width   int
	shift   uint       // a chunk has 1<<shift states; the last may have fewer as yet
	words   [][]uint64 // state i is in words[i>>shift]
	parents [][]uint32 // of state i, likewise
}

const (
	chunkBytes  = 1 << 16
	firstStates = 64                     // of the first chunk, which grows
	maxStates   = math.MaxUint32 / 4 * 3 // 3/4 of 2^32 slots
)

// newStore returns a store for the states of a System.
func newStore(sys System) *store {
	return newStoreOf(sys.Width(), Bits(sys))
}

// newStoreOf returns a store for states of some words, or of a single one in
// which only the low bits may be set.
func newStoreOf(width, bits int) *store {
	s := &store{table: newTable(width, bits), width: width, shift: 4}
	for s.shift < 12 && max(width, 1)*8<<(s.shift+1) <= chunkBytes {
		s.shift++
	}
	return s
}

// at returns the words of state i, which nobody may change.
func (s *store) at(i int) []uint64 {
	o := (i & (1<<s.shift - 1)) * s.width
	return s.words[i>>s.shift][o : o+s.width : o+s.width]
}

// parent returns the state from which i was reached first.
func (s *store) parent(i int) int {
	return int(s.parents[i>>s.shift][i&(1<<s.shift-1)])
}

// hashAll sets hashes to those of states.
func (s *store) hashAll(words, hashes []uint64) {
	switch {
	case s.exact:
		all := uint64(0)
		for k, x := range words[:len(hashes)] {
			hashes[k] = s.key.of(x)
			all |= x
		}
		s.key.must(all)
	default:
		for k := range hashes {
			hashes[k] = hash(words[k*s.width : (k+1)*s.width])
		}
	}
}

// look looks for states where they belong, and puts the numbers of those it
// finds there into found. Of the others it returns which they are, in rest:
// find must look for those.
//
// The loads of a block don't depend on each other, so the processor waits for
// them together; and where they are in the cache, no branch needs guessing.
func (s *store) look(hashes []uint64, found, rest []uint32) []uint32 {
	s.touched += s.touch(hashes)
	found, rest = found[:len(hashes)], rest[:len(hashes)]
	if s.exact {
		return rest[:s.atHome(hashes, found, rest)]
	}
	if s.width > 0 {
		s.touchStates(hashes)
	}
	for k := range rest {
		rest[k] = uint32(k)
	}
	return rest
}

// find looks for a state whose hash is h. Without success it returns -1 and
// where add is to put it.
func (s *store) find(words []uint64, h uint64) (i int, at gap) {
	pages, size, mask := s.pages, s.size, s.mask
	number := uint64(1)<<(s.bits%64) - 1
	v, far, step := s.entry(h)
	for slot := h >> ((64 - s.bits) % 64); ; slot = (slot + 1) & number {
		x := binary.LittleEndian.Uint64(pages[slot>>pageBits][slot%(1<<pageBits)*size:]) & mask
		if x == 0 {
			return -1, gap{slot, v}
		}
		if x&^number == v {
			if i := int(x&number) - 1; v != far || slices.Equal(s.at(i), words) {
				return i, gap{}
			}
		}
		if v != far {
			v += step
		}
	}
}

// add appends a state that is not there, in the gap found for it. The table
// must not be full.
func (s *store) add(words []uint64, at gap, parent int) {
	last := len(s.words) - 1
	if s.n&(1<<s.shift-1) == 0 {
		size := 1 << s.shift
		if last < 0 {
			size = min(size, firstStates)
		}
		s.words = append(s.words, make([]uint64, 0, size*s.width))
		s.parents = append(s.parents, make([]uint32, 0, size))
		last++
	}
	s.words[last] = append(s.words[last], words...)
	s.parents[last] = append(s.parents[last], uint32(parent))
	s.fill(at)
}

// grow makes the table larger.
func (s *store) grow() { s.table.grow(s.at) }

// touchStates brings the states into the cache that find will look at.
func (s *store) touchStates(hashes []uint64) {
	number := uint64(1)<<s.bits - 1
	sum := uint64(0)
	for _, h := range hashes {
		x := s.slot(h >> (64 - s.bits))
		if v, _, _ := s.entry(h); x != 0 && x&^number == v {
			i := int(x&number) - 1
			sum += s.words[i>>s.shift][(i&(1<<s.shift-1))*s.width]
		}
	}
	s.touched += sum
}

// bytes returns the memory that the store holds.
func (s *store) bytes() int64 {
	total := s.table.bytes()
	for c := range s.words {
		total += 8*int64(cap(s.words[c])) + 4*int64(cap(s.parents[c]))
	}
	return total
}
