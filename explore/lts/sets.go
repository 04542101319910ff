package lts

import "slices"

// A set of numbers. Equal sets are the same *set.
type set struct {
	items []uint64 // rising
	id    int      // in the order in which they were made
	uses  int      // by states
	hash  uint64
	next  *set // with the same hash
	union int  // the last union that it was a part of
}

// sets are those in use.
type sets struct {
	byHash map[uint64]*set
	made   int
	unions int
	more   []uint64
	all    []uint64
}

// union returns the set of own and the items of parts. It may reorder own.
func (x *sets) union(own []uint64, parts []*set) *set {
	x.unions++
	var largest *set
	for _, p := range parts {
		if largest == nil || len(p.items) > len(largest.items) {
			largest = p
		}
	}
	more := append(x.more[:0], own...)
	if largest != nil {
		more = slices.DeleteFunc(more, largest.has)
		largest.union = x.unions
		for _, p := range parts {
			if p.union == x.unions {
				continue
			}
			p.union = x.unions
			for _, i := range p.items {
				if !largest.has(i) {
					more = append(more, i)
				}
			}
		}
	}
	x.more = more
	if largest != nil && len(more) == 0 {
		return largest
	}
	slices.Sort(more)
	all := slices.Compact(more)
	if largest != nil {
		x.all = merge(x.all[:0], largest.items, all)
		all = x.all
	}
	return x.intern(all)
}

func (s *set) has(i uint64) bool {
	_, ok := slices.BinarySearch(s.items, i)
	return ok
}

// merge appends the items of two lists that rise, and have none in common.
func merge(out, a, b []uint64) []uint64 {
	for len(a) > 0 && len(b) > 0 {
		if a[0] < b[0] {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// intern returns the set of some items, which rise.
func (x *sets) intern(items []uint64) *set {
	h := uint64(len(items)) ^ k1
	for _, i := range items {
		h = mix(h^i, k0)
	}
	for s := x.byHash[h]; s != nil; s = s.next {
		if slices.Equal(s.items, items) {
			return s
		}
	}
	x.made++
	s := &set{items: slices.Clone(items), id: x.made, hash: h, next: x.byHash[h]}
	x.byHash[h] = s
	return s
}

// release says that a set has one use less.
func (x *sets) release(s *set) {
	if s.uses--; s.uses > 0 {
		return
	}
	if x.byHash[s.hash] == s {
		if s.next == nil {
			delete(x.byHash, s.hash)
		} else {
			x.byHash[s.hash] = s.next
		}
		return
	}
	for p := x.byHash[s.hash]; ; p = p.next {
		if p.next == s {
			p.next = s.next
			return
		}
	}
}
