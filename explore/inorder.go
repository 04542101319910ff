package explore

import (
	"cmp"
	"slices"
)

// An entry is that of a state in a set.
type entry struct {
	hash   uint64
	number int
	slot   uint64 // where it is, if it is in one
}

// inOrder tells of the entries of a region by rising hashes: of those in the
// slots, whose hashes hashOf returns, and of more, sorted, which are kept apart.
//
// An entry is where its hash belongs or behind that, with no empty slot
// between. So when an empty slot comes, all is known of what belongs before.
func (s *slots) inOrder(region int, more []entry, hashOf func(slot, e uint64) uint64, tell func(entry) error) error {
	first := uint64(region) * s.lap
	home := func(e entry) uint64 {
		slot, _ := s.home(e.hash)
		return slot
	}
	var group, late []entry
	tellGroup := func(until uint64) error { // the last home of those to tell
		for len(more) > 0 && home(more[0]) <= until {
			group, more = append(group, more[0]), more[1:]
		}
		slices.SortFunc(group, func(a, b entry) int { return cmp.Compare(a.hash, b.hash) })
		for _, e := range group {
			if err := tell(e); err != nil {
				return err
			}
		}
		group = group[:0]
		return nil
	}
	number := uint64(1)<<s.bits - 1
	round := true // what has gone round from the end of the region is at its beginning
	for slot := first; slot < first+s.lap; slot++ {
		e := s.get(slot)
		if e == 0 {
			round = false
			if err := tellGroup(slot); err != nil {
				return err
			}
			continue
		}
		x := entry{hashOf(slot, e), int(e&number) - 1, slot}
		if round && home(x) > slot {
			late = append(late, x)
		} else {
			group = append(group, x)
		}
	}
	group = append(group, late...)
	return tellGroup(first + s.lap - 1)
}

// inOrder tells of all states by rising hashes.
func (x *exact) inOrder(tell func(entry) error) error {
	for region := range x.regions() {
		var far []entry
		for h, n := range x.far[region] {
			far = append(far, entry{hash: h, number: int(n) - 1})
		}
		slices.SortFunc(far, func(a, b entry) int { return cmp.Compare(a.hash, b.hash) })
		if err := x.slots.inOrder(region, far, x.hashAt, tell); err != nil {
			return err
		}
	}
	return nil
}

// inOrder is that of exact.
func (t *tagged) inOrder(tell func(entry) error) error {
	number := uint64(1)<<t.bits - 1
	hashOf := func(_, e uint64) uint64 { return hash(t.key(int(e&number) - 1)) }
	for region := range t.regions() {
		if err := t.slots.inOrder(region, nil, hashOf, tell); err != nil {
			return err
		}
	}
	return nil
}

// clear empties the slots.
func (s *slots) clear() {
	for _, p := range s.pages {
		clear(p)
	}
}

func (x *exact) clear() {
	x.slots.clear()
	clear(x.far)
}
