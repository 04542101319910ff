package explore

import (
	"math/bits"
	"slices"
)

// A memo remembers the numbers of the states that steps led to last, by their
// hashes. Most states are reached again soon: then the set, which is in no
// cache, need not be asked.
//
// Each hash has one place, by its upper bits, which it takes from another. A
// value that is not a number, but pending or more, tells of a step of the
// parts at hand that leads to the same state, see place.
//
// It has a place for one of 64 states, as far as it stays in a cache that is
// faster than where the set is. One that is nil remembers nothing.
type memo struct {
	hashes  []uint64
	values  []uint32
	seconds []uint64 // words of keys of two, with which hashes tell keys
	shift   uint     // of a hash, for its place
}

const (
	leastMemo  = 12 // bits of a place
	mostMemo   = 16
	memoShare  = 6
	memoStates = 1 << 10 // a smaller set is in the cache itself, and soon at its end
	pending    = maxStates
)

// A place is a step of some parts: which of them, and which of its steps.
type place uint32

const (
	placeBits = 24
	mostPlace = 1 << placeBits // steps of a part
)

func placeOf(part, step int) place { return place(part<<placeBits | step) }

func (p place) part() int { return int(p >> placeBits) }
func (p place) step() int { return int(p % mostPlace) }

func newMemo() *memo {
	m := &memo{}
	m.fit(0)
	return m
}

// fit gives it the size for a search that has found so many states. If that
// is another one, it forgets all: nothing may be pending.
func (m *memo) fit(states int) {
	n := uint(min(max(bits.Len(uint(states)), leastMemo+memoShare)-memoShare, mostMemo))
	if m == nil || len(m.hashes) == 1<<n {
		return
	}
	m.hashes, m.values, m.seconds, m.shift = make([]uint64, 1<<n), make([]uint32, 1<<n), nil, 64-n
	m.clear()
}

// clear forgets all.
func (m *memo) clear() {
	if m == nil {
		return
	}
	for i := range m.hashes {
		m.hashes[i] = ^uint64(i) << (m.shift % 64) // one that belongs elsewhere
	}
}

// recall sets found to what is known of the hashes of a part, the i-th. It
// returns which of them are new, in rest, and which are pending, in again. The
// new ones it takes for pending from then on. What only a later part leads to
// is new, too: parts may come in any order.
//
// What a step comes to can't be predicted, so nothing depends on it.
func (m *memo) recall(i int, hashes []uint64, found, rest, again []uint32) ([]uint32, []uint32) {
	known, values, shift := m.hashes, m.values[:len(m.hashes)], m.shift%64
	found, rest, again = found[:len(hashes)], rest[:len(hashes)], again[:len(hashes)]
	own := pending + uint32(placeOf(i, 0))
	later := uint64(own) + mostPlace
	n, a := 0, 0
	for k, h := range hashes {
		at := h >> shift
		was, v := known[at], values[at]
		differs := was ^ h
		miss := uint32((differs | -differs | (later - 1 - uint64(v))) >> 63)
		found[k] = v
		rest[n], again[a] = uint32(k), uint32(k)
		n += int(miss)
		waits := miss ^ 1
		if v < pending {
			waits = 0
		}
		a += int(waits)
		if miss != 0 {
			v = own + uint32(k)
		}
		known[at], values[at] = h, v
	}
	return rest[:n], again[:a]
}

// learn notes the numbers of some states.
func (m *memo) learn(hashes []uint64, found, some []uint32) {
	for _, k := range some {
		h := hashes[k]
		if at := h >> (m.shift % 64); m.hashes[at] == h {
			m.values[at] = found[k]
		}
	}
}

// remember asks a memo for the numbers of where the steps of a part lead, the
// i-th of parts. What it can't tell is in p.rest, and what another step leads
// to as well in p.again. No memo remembers nothing.
func (p *part) remember(i int, parts []*part, s *store, m *memo) {
	n := len(p.hashes)
	p.rest, p.again = p.rest[:n], room(p.again[:0], n)
	if m != nil && n < mostPlace {
		p.rest, p.again = m.recall(i, p.hashes, p.targets, p.rest, p.again)
		if s.injective() || p.keyWidth == 2 && m.agrees(p) || p.keyWidth != 2 && p.recalled(parts, s) {
			return
		}
		m.clear()
		p.rest = p.rest[:n]
	}
	for k := range p.rest {
		p.rest[k] = uint32(k)
	}
	p.again = p.again[:0]
}

// agrees is recalled for keys of two words: it goes through the steps of a part
// as recall did, and notes the second words of those that were new.
func (m *memo) agrees(p *part) bool {
	if m.seconds == nil {
		m.seconds = make([]uint64, len(m.hashes))
	}
	rest := p.rest
	for k, h := range p.hashes {
		second := &m.seconds[h>>(m.shift%64)]
		if len(rest) > 0 && int(rest[0]) == k {
			rest, *second = rest[1:], p.keys[2*k+1]
		} else if *second != p.keys[2*k+1] {
			return false
		}
	}
	return true
}

// recalled reports whether the keys of all steps but those in p.rest are
// those of what they were taken for: they are, but for states that have the
// same hash of 64 bits.
func (p *part) recalled(parts []*part, s *store) bool {
	rest, keys := p.rest, s.keysCompared()
	for k, v := range p.targets {
		if len(rest) > 0 && int(rest[0]) == k {
			rest = rest[1:]
			continue
		}
		var key []uint64
		switch at := place(v - pending); {
		case v >= pending:
			key = parts[at.part()].key(at.step())
		case int(v) < keys.n:
			key = keys.at(int(v))
		default:
			key = s.set.(*tagged).beyond(int(v))
		}
		if !slices.Equal(key, p.key(k)) {
			return false
		}
	}
	return true
}

// ask puts down what is to be looked for: the hashes of what is in p.rest.
func (p *part) ask() {
	p.asked = room(p.asked[:0], len(p.rest))
	for i, k := range p.rest {
		p.asked[i] = p.hashes[k]
	}
}

// look looks in the set for what is in p.rest. What it does not find at once is
// then in p.lost.
func (p *part) look(s *store) {
	p.ask()
	p.found, p.left = room(p.found[:0], batch), room(p.left[:0], batch)
	p.lost = p.lost[:0]
	inBatches(s.set, p.asked, func(from, to int) {
		left := s.look(p.asked[from:to], p.found, p.left)
		some := p.rest[from:to]
		for i, k := range some {
			p.targets[k] = p.found[i]
		}
		for _, i := range left {
			p.lost = append(p.lost, some[i])
		}
	})
}

// inBatches has some hashes at a time looked for in a set, in order, while the
// homes of the next are on their way into the cache.
func inBatches(s set, hashes []uint64, look func(from, to int)) {
	all := len(hashes)
	s.touch(hashes[:min(batch, all)])
	for from := 0; from < all; from += batch {
		to := min(from+batch, all)
		s.touch(hashes[to:min(to+batch, all)])
		look(from, to)
	}
}
