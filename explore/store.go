package explore

import "math"

// maxStates is how many a store can number.
const maxStates = math.MaxUint32 / 8 * 7

// A set finds the numbers of states by their keys, words of a fixed width.
// It is an exact or a tagged.
type set interface {
	hashes(keys, hashes []uint64)
	look(hashes []uint64, found, rest []uint32) []uint32
	find(key []uint64, h uint64) (int, gap)
	put(key []uint64, g gap, i int)

	// provisional says where the keys are of states whose numbers are not yet
	// given: for put and find, see rounds.
	provisional(key func(i int) []uint64)

	regions() int
	regionShift() uint

	room() int // states that fit before it must grow
	growth() int64
	grow(do func(n int, work func(region int)))
	bytes() int64
}

// A store numbers states, each once, in the order of arrival. A state is
// folded into a key, by which the set finds its number. Of the states
// themselves it keeps those that are asked for: all of them, or only those
// that are not expanded yet.
type store struct {
	set
	n      int // states
	width  int // words of a state
	kept   bool
	fold   fold   // nil: a state is its own key
	states *arena // their words
	keys   *arena // of a tagged set that has another arena than states
	up     parents
	one    [1]uint64 // a key
}

// A fold makes keys of states: different ones of different states, but for
// fingerprints.
type fold interface {
	width() int // words of a key
	fold(words, keys []uint64)
}

// newStore returns a store for the states of a System, as it is chosen for
// them. kept says that all words are to be kept.
func newStore(sys System, kept bool) *store {
	return newStoreOf(sys.Width(), Bits(sys), kept)
}

// newStoreOf returns a store for states of some words, in each of which only
// so many low bits may be set.
func newStoreOf(width int, layout []int, kept bool) *store {
	s := &store{width: width, kept: kept}
	total := 0
	for _, b := range layout {
		total += b
	}
	if total > exactBits || width == 0 {
		t := newTagged(width)
		s.set, s.states, s.kept = t, t.keys, true
		return s
	}
	s.set, s.states = newExact(total), newArena(width)
	if width > 1 {
		s.fold = newJoined(layout)
	}
	return s
}

// at returns the words of state i, which nobody may change.
func (s *store) at(i int) []uint64 { return s.states.at(i) }

// keysOf returns the keys of n states, which may be in buf.
func (s *store) keysOf(words []uint64, n int, buf *[]uint64) []uint64 {
	if s.fold == nil {
		return words[:n*s.width]
	}
	w := s.fold.width()
	*buf = room((*buf)[:0], n*w)
	s.fold.fold(words[:n*s.width], *buf)
	return *buf
}

// number returns the number of a state that it has found, or -1.
func (s *store) number(words []uint64) (i int, key []uint64, g gap) {
	key = words
	if s.fold != nil {
		key = s.one[:s.fold.width()]
		s.fold.fold(words, key)
	}
	var h [1]uint64
	s.hashes(key, h[:])
	i, g = s.find(key, h[0])
	return i, key, g
}

// add gives a state that it does not have yet the next number, in the gap
// found for it. The set must have room.
func (s *store) add(words, key []uint64, g gap) {
	s.put(key, g, s.n)
	s.states.add(words)
	if s.keys != nil {
		s.keys.add(key)
	}
	s.n++
}

// settle finds the numbers of where the steps of a part lead, new ones for
// new states. It asks for room before the
// set grows; after an error the part ends with the state before.
func (s *store) settle(p *part, room func(bytes int64) error) error {
	kw := p.keyWidth()
	rest := s.look(p.hashes, p.targets, p.rest)
	for b, to := range p.bounds {
		for len(rest) > 0 && int(rest[0]) < to {
			k := int(rest[0])
			rest = rest[1:]
			key := p.keys[k*kw : (k+1)*kw]
			i, g := s.find(key, p.hashes[k])
			if i < 0 {
				if s.full() {
					if err := room(s.growth()); err != nil {
						p.bounds = p.bounds[:b]
						return err
					}
					s.grow(here)
					_, g = s.find(key, p.hashes[k])
				}
				i = s.n
				s.add(p.steps.States[k*p.width:(k+1)*p.width], key, g)
			}
			p.targets[k] = uint32(i)
		}
		p.after = append(p.after, s.n)
	}
	return nil
}

// full reports whether the set must grow before the next state.
func (s *store) full() bool { return s.n >= s.room() }

// here does work for each of n parts, one after the other.
func here(n int, work func(int)) {
	for i := range n {
		work(i)
	}
}

// bytes returns the memory that the store takes.
func (s *store) bytes() int64 {
	total := s.set.bytes() + s.up.bytes()
	if t, ok := s.set.(*tagged); !ok || t.keys != s.states {
		total += s.states.bytes()
	}
	return total
}
