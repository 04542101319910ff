package explore

import (
	"encoding/binary"
	"math/bits"

	"github.com/cspcheck/cspcheck/explore/hugepage"
)

// Slots are the slots of a hash table with linear probing, in pages. A slot is
// 0 if it is empty; the low bits of another are the number of a state, plus
// one. A hash times the number of slots is the slot where it belongs, its
// home, and a fraction, from which sets take its tag. (Lemire, "Fast random
// integer generation in an interval", 2019.)
//
// From 1<<pageBits slots on they are in regions of whole pages: probing goes
// round in the region in which it began. So workers that have different
// regions don't get into each other's way.
type slots struct {
	count  uint64   // of slots
	bits   uint     // that number them
	size   uint64   // bytes of a slot
	mask   uint64   // of as many bits
	lap    uint64   // the slots of a region
	inPage uint64   // those of a page, less one
	split  uint     // there are 1<<split regions
	pages  [][]byte // of slots
	ample  uint64   // bytes up to which they double, however many they are
}

const (
	firstBits   = 8
	pageBits    = 16 // a page has 1<<pageBits slots, but for that of a small table
	mostRegions = 16

	// A slot is read and written as 8 bytes, of which only the lower ones are
	// its own, but for those of a plain. Behind the last one of a page there are
	// as many for it and for two more, which stay empty, see exact.look.
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
	s := slots{size: size, mask: ^uint64(0) >> (64 - 8*size)}
	s.extend(1 << firstBits)
	return s
}

// Few slots may be half empty, and become four times as many, then eight times:
// most of the cost of growth is in its last steps. Many double while there is
// memory in plenty; then they grow by half, and by a third, so that at least half
// of them are full.
const (
	few  = 1 << 18
	some = 8 * few
	many = 2 * some
)

// room returns how many states fit before the slots must be more.
func (s *slots) room() int {
	if s.count <= few {
		return int(s.count / 2)
	}
	return int(s.count / 4 * 3)
}

// more returns how many there are to be next.
func (s *slots) more() uint64 {
	switch {
	case s.count < few:
		return min(s.count*4, few)
	case s.count < some:
		return some
	case s.count < many:
		return many
	case s.count&(s.count-1) == 0 && 2*s.size*s.count <= s.ample:
		return 2 * s.count
	}
	return s.count + 1<<(s.whole()-1)
}

// whole returns how many bits of a hash a home tells, at least.
func (s *slots) whole() uint { return uint(bits.Len64(s.count)) - 1 }

// growth returns by how many bytes they will grow.
func (s *slots) growth() int64 { return int64(s.size * (s.more() - s.count)) }

// table returns them, of a set that has some.
func (s *slots) table() *slots { return s }

// bytes returns the memory that they take.
func (s *slots) bytes() int64 { return int64(s.size * s.count) }

// regions returns how many there are.
func (s *slots) regions() int { return 1 << s.split }

// regionShift returns by how much a hash is shifted for its region.
func (s *slots) regionShift() uint { return 64 - s.split }

// region returns in which region a hash belongs.
func (s *slots) region(h uint64) int { return int(h >> (64 - s.split)) }

// valid reports whether there can be so many slots: a power of two or, of many, three
// times one.
func valid(count uint64) bool {
	if count < 1<<firstBits || count > 1<<40 {
		return false
	}
	least := count & -count
	return count == least || count > many && count == 3*least
}

// extend makes them count, a valid number. The pages of a region are now the
// first of those that it has become, or of several that it has become.
func (s *slots) extend(count uint64) {
	before, regions := s.pages, s.regions()
	s.count = count
	s.bits = uint(bits.Len64(count - 1))
	per := min(count, 1<<pageBits) // slots of a page
	s.split = min(s.whole()-min(s.whole(), pageBits), 4)
	s.lap, s.inPage = count>>s.split, per-1
	s.pages = make([][]byte, count/per)
	size := int(per*s.size) + pageSlack
	fresh := hugepage.Make[byte]((len(s.pages) - len(before)) * size) // the new pages, together
	old, share := len(before)/regions, len(s.pages)/regions
	for i := range s.pages {
		if i%share >= old {
			s.pages[i], fresh = fresh[:size:size], fresh[size:]
			continue
		}
		s.pages[i] = before[i/share*old+i%share]
		if len(s.pages[i]) < size { // a small table's only page
			s.pages[i] = make([]byte, size)
			copy(s.pages[i], before[0])
		}
	}
}

// home returns where a hash belongs, and the fraction.
func (s *slots) home(h uint64) (slot, fraction uint64) { return bits.Mul64(h, s.count) }

// place returns the bytes of a slot, and those behind it on its page.
func (s *slots) place(slot uint64) []byte {
	return s.pages[slot>>pageBits][slot%(1<<pageBits)*s.size:]
}

func (s *slots) get(slot uint64) uint64 {
	return binary.LittleEndian.Uint64(s.place(slot)) & s.mask
}

func (s *slots) set(slot, v uint64) {
	write(s.place(slot), s.size, v)
}

// renumber writes other numbers into slots.
func (s *slots) renumber(slots []uint64, numbers []uint32) {
	number := uint32(1<<(s.bits%64) - 1)
	for k, slot := range slots {
		p := s.place(slot)
		binary.LittleEndian.PutUint32(p, binary.LittleEndian.Uint32(p)&^number|(numbers[k]+1))
	}
}

// write writes a slot of 4 to 8 bytes, and nothing behind it: what was written
// last, and is read with the slot before it, would be waited for.
func write(p []byte, size, v uint64) {
	binary.LittleEndian.PutUint32(p, uint32(v))
	binary.LittleEndian.PutUint32(p[size-4:], uint32(v>>(8*(size-4)%64)))
}

// next returns the slot after another, in the same region.
func (s *slots) next(slot uint64) uint64 {
	if slot++; slot&s.inPage == 0 && slot%s.lap == 0 {
		return slot - s.lap
	}
	return slot
}
