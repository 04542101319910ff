package explore

import "encoding/binary"

// Slots are the slots of a hash table with linear probing: 1<<bits of them,
// in pages. A slot is 0 if it is empty; the low bits of another are the
// number of a state, plus one.
//
// From 1<<pageBits slots on they are in regions of whole pages: probing goes
// round in the region in which it began. So workers that have different
// regions don't get into each other's way.
type slots struct {
	bits  uint
	size  uint64   // bytes of a slot
	mask  uint64   // of as many bits
	lap   uint64   // the slots of a region, less one
	split uint     // there are 1<<split regions
	pages [][]byte // of slots
}

const (
	firstBits   = 8
	pageBits    = 16 // a page has 1<<pageBits slots, but for that of a small table
	mostRegions = 16

	// A slot is read and written as 8 bytes, of which only the lower ones
	// are its own. Behind the last one of a page there are as many for it and
	// for two more, which stay empty, see exact.look.
	slotReach = 8
	pageSlack = 3 * slotReach
)

// A gap is an empty slot and what is to go into it, but for a number.
type gap struct {
	slot, entry uint64
	far         bool // no slot, see exact
}

// newSlots returns empty slots of some bytes.
func newSlots(size uint64) slots {
	s := slots{bits: firstBits, size: size, mask: ^uint64(0) >> (64 - 8*size)}
	s.extend(firstBits)
	return s
}

// littleBits is that of few slots: they may be half empty, and grow faster.
const littleBits = 20

// room returns how many states fit before the slots must be more.
func (s *slots) room() int {
	if s.bits <= littleBits {
		return 1 << s.bits / 2
	}
	return 3 << s.bits / 4
}

// nextBits says how many there are to be next: twice as many, or four times
// while that is little, since most of the cost of growth is in the last steps.
func (s *slots) nextBits() uint {
	return max(min(s.bits+2, littleBits), s.bits+1)
}

// growth returns by how many bytes they will grow.
func (s *slots) growth() int64 { return int64(s.size) * (1<<s.nextBits() - 1<<s.bits) }

// bytes returns the memory that they take.
func (s *slots) bytes() int64 { return int64(s.size) << s.bits }

// regions returns how many there are.
func (s *slots) regions() int { return 1 << s.split }

// regionShift returns by how much a hash is shifted for its region.
func (s *slots) regionShift() uint { return 64 - s.split }

// region returns in which region a hash belongs.
func (s *slots) region(h uint64) int { return int(h >> (64 - s.split)) }

// extend makes them 1<<bits. What was in a page is now in the first of as
// many pages as it grows into, at its beginning.
func (s *slots) extend(bits uint) {
	before := s.pages
	s.bits = bits
	per := uint64(1) << min(bits, pageBits) // slots of a page
	s.split = min(uint(max(0, int(bits)-pageBits)), 4)
	s.lap = 1<<(bits-s.split) - 1
	s.pages = make([][]byte, uint64(1)<<bits/per)
	size := int(per*s.size) + pageSlack
	grown := len(s.pages) / max(1, len(before))
	fresh := manyBytes((len(s.pages) - len(before)) * size) // the new pages, together
	for i := range s.pages {
		if i%grown != 0 || len(before) == 0 {
			s.pages[i], fresh = fresh[:size:size], fresh[size:]
			continue
		}
		s.pages[i] = before[i/grown]
		if len(s.pages[i]) < size { // a small table's only page
			s.pages[i] = make([]byte, size)
			copy(s.pages[i], before[0])
		}
	}
}

// place returns the bytes of a slot, and some behind.
func (s *slots) place(slot uint64) []byte {
	o := slot % (1 << pageBits) * s.size
	return s.pages[slot>>pageBits][o : o+slotReach]
}

func (s *slots) get(slot uint64) uint64 {
	return binary.LittleEndian.Uint64(s.place(slot)) & s.mask
}

func (s *slots) set(slot, v uint64) {
	p := s.place(slot)
	binary.LittleEndian.PutUint64(p, binary.LittleEndian.Uint64(p)&^s.mask|v)
}

// next returns the slot after another, in the same region.
func (s *slots) next(slot uint64) uint64 { return slot&^s.lap | (slot+1)&s.lap }

// touch brings the homes of states into the cache. What it returns means
// nothing, but has to be returned: otherwise nothing would be loaded.
//
//go:noinline
func (s *slots) touch(hashes []uint64) uint64 {
	home, size, pages := (64-s.bits)%64, s.size, s.pages
	sum := uint64(0)
	for _, h := range hashes {
		slot := h >> home
		sum += uint64(pages[slot>>pageBits][slot%(1<<pageBits)*size])
	}
	return sum
}
