package lts

import "math/bits"

// Back lists where some of the transitions to each state come from.
type back struct{ first, from []int32 }

func (b *back) to(s int32) []int32 { return b.from[b.first[s]:b.first[s+1]] }

// back returns the transitions by some events, backwards.
func (r *rounds) back(by func(uint32) bool) back {
	n := len(r.diverges)
	var from, target []int32
	for s := range int32(n) {
		for t := r.first[s]; t < r.first[s+1]; t++ {
			if by(r.event[t]) {
				from, target = append(from, s), append(target, r.target[t])
			}
		}
	}
	first, order := grouped(target, n)
	for i, t := range order {
		order[i] = from[t]
	}
	return back{first, order}
}

// An agenda is a set of states from which the lowest is taken. What is added
// must be higher than what was taken last, unless it has become empty.
type agenda struct {
	bits   []uint64
	lo, hi int // members are in bits[lo:hi]
}

func newAgenda(n int) agenda { return agenda{bits: make([]uint64, (n+63)/64)} }

func (a *agenda) add(s int32) {
	i := int(s / 64)
	if a.lo == a.hi {
		a.lo, a.hi = i, i+1
	}
	a.lo, a.hi = min(a.lo, i), max(a.hi, i+1)
	a.bits[i] |= 1 << (s % 64)
}

func (a *agenda) addAll(states []int32) {
	for _, s := range states {
		a.add(s)
	}
}

// next takes the lowest state, or is -1.
func (a *agenda) next() int32 {
	for ; a.lo < a.hi; a.lo++ {
		if w := a.bits[a.lo]; w != 0 {
			a.bits[a.lo] = w & (w - 1)
			return int32(64*a.lo + bits.TrailingZeros64(w))
		}
	}
	return -1
}
