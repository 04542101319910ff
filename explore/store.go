package explore

import (
	"fmt"
	"math"
)

// maxStates is how many a store can number.
const maxStates = math.MaxUint32 / 8 * 7

// A set finds the numbers of states by their keys, words of a fixed width.
// It is an exact or a tagged.
type set interface {
	hashes(keys, hashes []uint64)
	touch(hashes []uint64)
	look(hashes []uint64, found, rest []uint32) []uint32
	enter(key []uint64, h uint64, i int) (n int, at uint64)
	renumber(slots []uint64, numbers []uint32)
	find(key []uint64, h uint64) (int, gap)
	put(key []uint64, g gap, i int)

	// provisional says where the keys are of states whose numbers are not yet
	// given: for enter and find, see rounds.
	provisional(key func(i int) []uint64)

	// injective reports whether states with the same hash are the same.
	injective() bool

	regions() int
	regionShift() uint

	room() int // states that fit before it must grow
	growth() int64
	grow(do func(n int, work func(region int)))
	inOrder(tell func(entry) error) error
	clear()
	bytes() int64
}

// A store numbers states, each once, in the order of arrival. A state is
// folded into a key, by which the set finds its number. Of the states
// themselves it keeps those that are asked for: all of them, or only those
// that are not expanded yet.
type store struct {
	set
	kind   Store
	n      int // states
	width  int // words of a state
	kept   bool
	strict bool // the kind is asked for
	layout []int
	fold   fold   // nil: a state is its own key
	states *arena // their words
	keys   *arena // of a tagged set whose keys are not the states; nil if there is none
	up     parents
	memo   *memo     // nil while there are few states
	memos  []*memo   // that one, and those of workers
	onDisk *spill    // nil unless memory was too small; then the set has only some
	one    [1]uint64 // a key
}

// A fold makes keys of one word of states: different ones of different states,
// but for fingerprints. Where that takes learning, it may be told not to, and
// returns false if it would have to.
type fold interface {
	fold(words, keys []uint64, learn bool) bool
}

// A Store is a way to keep states.
type Store string

const (
	// StoreAuto is StoreInline for states of at most 58 bits, StorePacked for
	// those of at most 2 words, and StoreTree for wider ones.
	StoreAuto Store = "auto"
	// StoreInline keeps states of at most 64 bits, or two words, in the table itself.
	StoreInline Store = "inline"
	// StorePacked keeps states side by side, and their places in a table.
	StorePacked Store = "packed"
	// StoreTree shares the parts that states have in common.
	StoreTree Store = "tree"
	// StoreHashed keeps fingerprints of 64 bits: it may miss states, see Missed.
	StoreHashed Store = "hashed"
)

// Stores are the ways to keep states that Limits can ask for.
var Stores = []Store{StoreAuto, StoreInline, StorePacked, StoreTree, StoreHashed}

// newStore returns a store for the states of a System. kept says that all
// words are to be kept, fixed that keys are not to be made again, as where
// they go to disk. The error is a *Limit.
func newStore(sys System, kind Store, kept, fixed bool) (*store, error) {
	layout := Bits(sys)
	squeezes := kind == StoreAuto || kind == "" || kind == StoreInline || kind == StoreTree && !kept
	if growing := GrowingFields(sys); len(growing) > 0 && squeezes && !fixed {
		most := uint(exactBits)
		if kind == StoreInline {
			most = plainBits
		}
		if q := newSqueezed(layout, growing, most); q != nil {
			s := newStoreOf(layout, StorePacked, kept)
			s.set, s.keys, s.fold, s.kept = newInline(int(q.bits())), nil, q, kept
			s.kind, s.strict = StoreInline, kind == StoreInline
			if kind == StoreTree {
				s.kind = kind // of one pair, as yet
			}
			return s, nil
		}
	}
	total := 0
	for _, b := range layout {
		total += b
	}
	if kind == StoreInline && (total > plainBits && len(layout) != plainWords || len(layout) == 0) {
		return nil, &Limit{Reason: fmt.Sprintf("states have %d bits in %d words, and --store %s has room for %d bits, or %d words", total, len(layout), kind, plainBits, plainWords)}
	}
	return newStoreOf(layout, kind, kept), nil
}

// newStoreOf returns a store for states in each of whose words only so many
// low bits may be set.
func newStoreOf(layout []int, kind Store, kept bool) *store {
	s := &store{kind: kind, width: len(layout), kept: kept, layout: layout}
	total := 0
	for _, b := range layout {
		total += b
	}
	if s.kind == StoreAuto || s.kind == "" {
		switch {
		case s.width > 0 && total <= exactBits:
			s.kind = StoreInline
		case s.width <= 2:
			s.kind = StorePacked
		default:
			s.kind = StoreTree
		}
	}
	if s.width == 0 || kept && s.kind == StoreTree {
		s.kind = StorePacked // its words are there anyway, and there may be more
	}
	s.states = newArena(s.width)
	switch {
	case s.kind == StoreInline && total > plainBits:
		s.set = newDouble()
	case s.kind == StoreInline:
		s.set = newInline(total)
		if s.width > 1 {
			s.fold = newJoined(layout)
		}
	case s.kind == StoreTree:
		t := newTree(layout)
		s.set, s.fold = newExact(int(t.halves[0]+t.halves[1])), t
	case s.kind == StoreHashed:
		s.keys = newArena(1)
		s.set, s.fold = newTagged(s.keys), fingerprints{}
	case s.width > 1 && total <= 64:
		s.keys = newArena(1)
		s.set, s.fold = newTagged(s.keys), newJoined(layout)
	default:
		s.set, s.kept = newTagged(s.states), true
	}
	return s
}

// A table that has the states themselves doubles, which takes the least time,
// while it takes no more than such a share of the memory; or so much, if that is
// not limited.
const (
	ampleShare = 8
	ampleBytes = 1 << 30
)

// plenty says what the limit on memory is, or 0, before there are states.
func (s *store) plenty(memory int64) {
	if x, ok := s.set.(inline); ok && s.kind == StoreInline {
		x.table().ample = ampleBytes
		if memory > 0 {
			x.table().ample = uint64(memory / ampleShare)
		}
	}
}

// at returns the words of state i, which nobody may change.
func (s *store) at(i int) []uint64 { return s.states.at(i) }

// keysOf returns the keys of n states, which may be in buf, and whether it
// could.
func (s *store) keysOf(words []uint64, n int, buf *[]uint64, learn bool) ([]uint64, bool) {
	if s.fold == nil {
		return words[:n*s.width], true
	}
	*buf = room((*buf)[:0], n)
	return *buf, s.fold.fold(words[:n*s.width], *buf, learn)
}

// steady reports whether keys can be made without learning, whoever makes them:
// all, or until they outgrow a squeezed.
func (s *store) steady() bool {
	switch s.fold.(type) {
	case nil, *joined, fingerprints, *squeezed:
		return true
	}
	return false
}

// outgrown reports whether keys need more bits than they have, so that those
// made since are wrong.
func (s *store) outgrown() bool {
	f, ok := s.fold.(interface{ outgrown() bool })
	return ok && f.outgrown()
}

// newMemo returns a memo that forgets what becomes wrong when keys are widened.
func (s *store) newMemo() *memo {
	m := newMemo()
	s.memos = append(s.memos, m)
	return m
}

// widening returns how much memory it may take to widen.
func (s *store) widening() int64 {
	if x, ok := s.set.(inline); ok && s.strict && s.width == plainWords {
		return int64(x.table().count) * doubleBytes
	}
	return s.set.bytes()
}

// widen gives keys the bits they need. The error is a *Limit.
func (s *store) widen() (err error) {
	for _, m := range s.memos { // hashes are other ones from now on
		m.clear()
	}
	if q, ok := s.fold.(*squeezed); ok {
		return s.repack(q)
	}
	s.set, err = s.fold.(*tree).widen(s.set)
	return err
}

// number returns the number of a state that it has found, or -1. A state
// that was not found before may need widen. It is for a store that is not on
// disk.
func (s *store) number(words []uint64) (i int, key []uint64, g gap) {
	key, h := s.keyOf(words)
	i, g = s.find(key, h)
	return i, key, g
}

// keysCompared returns where the keys are that the set compares, nil if it has
// them itself.
func (s *store) keysCompared() *arena {
	switch _, compares := s.set.(*tagged); {
	case !compares:
		return nil
	case s.keys != nil:
		return s.keys
	}
	return s.states
}

// anyNumber returns the number of a state, wherever it is, or -1. The error
// is a *Limit.
func (s *store) anyNumber(words []uint64) (int, error) {
	key, h := s.keyOf(words)
	if s.onDisk != nil {
		return s.onDisk.number(key, h)
	}
	if q, ok := s.fold.(*squeezed); ok && !q.fits(words) {
		return -1, nil // those that it has do
	}
	i, _ := s.find(key, h)
	return i, nil
}

// keyOf returns the key of a state, good until it is called again, and its
// hash.
func (s *store) keyOf(words []uint64) ([]uint64, uint64) {
	key := words
	if s.fold != nil {
		key = s.one[:]
		s.fold.fold(words, key, true)
	}
	var h [1]uint64
	s.hashes(key, h[:])
	return key, h[0]
}

// add gives a state that it does not have yet the next number, in the gap
// found for it. The set must have room.
func (s *store) add(words, key []uint64, g gap) {
	s.put(key, g, s.n)
	s.keep(words, key)
}

// keep keeps a state that has the next number.
func (s *store) keep(words, key []uint64) {
	s.states.add(words)
	if s.keys != nil {
		s.keys.add(key)
	}
	s.n++
}

// settle finds the numbers of where the steps of a part lead, new ones for
// new states. It asks for room before the set grows; after an error the part
// ends with the state before.
func (s *store) settle(p *part, room func(bytes int64) error) error {
	if s.memo == nil && s.n >= memoStates {
		s.memo = s.newMemo()
	}
	if s.memo != nil {
		s.memo.fit(s.n)
	}
	p.remember(0, []*part{p}, s, s.memo)
	p.look(s)
	lost, most, injective := p.lost, s.room(), s.injective()
	var failed error
states:
	for b, to := range p.bounds {
		for len(lost) > 0 && int(lost[0]) < to {
			k := int(lost[0])
			lost = lost[1:]
			var key []uint64
			if !injective {
				key = p.key(k)
			}
			h := p.hashes[k]
			if s.n >= most {
				if i, _ := s.find(key, h); i >= 0 {
					p.targets[k] = uint32(i)
					continue
				}
				if err := room(s.growth()); err != nil {
					p.bounds, failed = p.bounds[:b], err
					break states
				}
				s.grow(here)
				most = s.room()
			}
			i, _ := s.enter(key, h, s.n)
			if i == s.n {
				s.keep(p.steps.States[k*p.width:(k+1)*p.width], key)
			}
			p.targets[k] = uint32(i)
		}
		p.after = append(p.after, s.n)
	}
	switch {
	case s.memo == nil:
	case failed != nil:
		s.memo.clear() // it may know steps as pending
	default:
		s.memo.learn(p.hashes, p.targets, p.rest)
	}
	for _, k := range p.again {
		p.targets[k] = p.targets[place(p.targets[k]-pending).step()]
	}
	return failed
}

// spend lets go of memory that is kept for what may come.
func (s *store) spend() {
	if s.states != nil {
		s.states.spend()
	}
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
	total := s.up.bytes()
	if s.set != nil { // not between two sets, see spill
		total += s.set.bytes()
	}
	if s.states != nil {
		total += s.states.bytes()
	}
	if s.keys != nil {
		total += s.keys.bytes()
	}
	if t, ok := s.fold.(*tree); ok {
		total += t.bytes()
	}
	if s.onDisk != nil {
		total += s.onDisk.bytes()
	}
	return total
}
