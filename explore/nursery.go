package explore

import "slices"

// A place is a step of a round that leads to what the set had not: a part,
// and which of those that it missed.
type place uint64

func placeOf(part, missed int) place { return place(part)<<32 | place(missed) }

func (p place) part() int   { return int(p >> 32) }
func (p place) missed() int { return int(uint32(p)) }

// A nursery is what a worker has seen of new states in a round, as far as
// there is room: a small hash table that stays in the cache.
type nursery struct {
	slots []uint64 // 0, or upper bits of a hash and, plus one, which of seen has it
	seen  []born
}

// A born is a new state: its hash, and a step that led there.
type born struct {
	hash uint64
	place
}

const (
	nurseryBits = 13
	nurserySize = 1 << nurseryBits
	nurseryMost = nurserySize / 2
)

func newNursery() nursery {
	return nursery{slots: make([]uint64, nurserySize), seen: make([]born, 0, nurseryMost)}
}

// clear forgets all.
func (n *nursery) clear() {
	clear(n.slots)
	n.seen = n.seen[:0]
}

// find returns which state has a hash, or -1 and the slot for it. Those that
// the same says are others it passes over.
func (n *nursery) find(h uint64, same func(place) bool) (int, int) {
	const which = nurserySize - 1
	// Upper bits alone won't do: they are the region's.
	for slot := int(h * 0x9e3779b97f4a7c15 >> (64 - nurseryBits)); ; slot = (slot + 1) % nurserySize {
		e := n.slots[slot]
		if e == 0 {
			return -1, slot
		}
		if (e^h)&^which == 0 {
			i := int(e&which) - 1
			if n.seen[i].hash == h && (same == nil || same(n.seen[i].place)) {
				return i, slot
			}
		}
	}
}

// add notes a state in the slot for it, if there is room.
func (n *nursery) add(slot int, h uint64, at place) {
	if len(n.seen) < nurseryMost {
		n.seen = append(n.seen, born{h, at})
		n.slots[slot] = h&^(nurserySize-1) | uint64(len(n.seen))
	}
}

// seek finds the numbers of where the steps of part i lead. Of those that the
// set has not, it says which lead where another one does, as far as the
// nursery knows: one that comes before.
func (x *rounds) seek(i int, n *nursery) {
	p, s := x.parts[i], x.states
	kw := p.keyWidth()
	var key []uint64
	var same func(place) bool
	if !s.injective() {
		same = func(q place) bool { return slices.Equal(x.parts[q.part()].keyOf(q.missed()), key) }
	}
	p.missed, p.like, p.heads = p.missed[:0], p.like[:0], p.heads[:0]
	for from := 0; from < len(p.hashes); from += blockSteps {
		to := min(from+blockSteps, len(p.hashes))
		for _, j := range s.look(p.hashes[from:to], p.targets[from:to], p.rest) {
			k := from + int(j)
			key = p.keys[k*kw : (k+1)*kw]
			at := placeOf(i, len(p.missed))
			which, slot := n.find(p.hashes[k], same)
			if which < 0 {
				if number, _ := s.find(key, p.hashes[k]); number >= 0 {
					p.targets[k] = uint32(number)
					continue
				}
				n.add(slot, p.hashes[k], at)
			}
			p.missed = append(p.missed, uint32(k))
			first := at
			if which >= 0 {
				was := &n.seen[which].place
				if first = min(*was, at); first == at { // its part comes before those seen so far
					x.parts[was.part()].like[was.missed()] = at
					*was = at
				}
			}
			if p.like = append(p.like, first); first == at {
				p.heads = append(p.heads, uint32(at.missed()))
			}
		}
	}
	p.scatter(s)
}

// scatter sorts by region what was missed and is the first of its kind.
func (p *part) scatter(s *store) {
	shift := s.regionShift()
	var at [mostRegions]int
	for _, m := range p.heads {
		at[p.hashes[p.missed[m]]>>shift%mostRegions]++
	}
	sum := 0
	for r, c := range at {
		p.at[r], at[r] = sum, sum
		sum += c
	}
	p.at[mostRegions] = sum
	p.order, p.sorted = room(p.order[:0], sum), room(p.sorted[:0], sum)
	for _, m := range p.heads {
		h := p.hashes[p.missed[m]]
		to := &at[h>>shift%mostRegions]
		p.order[*to], p.sorted[*to] = m, h
		*to++
	}
	p.fresh = room(p.fresh[:0], len(p.missed))
	clear(p.fresh)
}

// keyOf returns the key of where a step leads that was missed.
func (p *part) keyOf(missed int) []uint64 {
	k, kw := int(p.missed[missed]), p.keyWidth()
	return p.keys[k*kw : (k+1)*kw]
}

// target returns the place for the number of where a step leads that was
// missed.
func (p *part) target(missed int) *uint32 { return &p.targets[p.missed[missed]] }

// number gives the new states of a part their numbers, from n on.
func (p *part) number(s *store, n int) {
	m := 0
	for _, to := range p.bounds {
		for ; m < len(p.missed) && int(p.missed[m]) < to; m++ {
			if !p.fresh[m] {
				continue
			}
			k := int(p.missed[m])
			p.targets[k] = uint32(n)
			copy(s.states.at(n), p.steps.States[k*p.width:(k+1)*p.width])
			if s.keys != nil {
				copy(s.keys.at(n), p.keyOf(m))
			}
			n++
		}
		p.after = append(p.after, n)
	}
}

// resolve finds the numbers of where steps lead to what others found.
func (p *part) resolve(parts []*part) {
	for m, first := range p.like {
		if p.fresh[m] {
			continue
		}
		q := parts[first.part()]
		for !q.fresh[first.missed()] { // that of another part, or worker, comes before
			first = q.like[first.missed()]
			q = parts[first.part()]
		}
		*p.target(m) = *q.target(first.missed())
	}
}
