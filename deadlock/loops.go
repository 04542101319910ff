package deadlock

import (
	"math/bits"
	"slices"

	"github.com/cspcheck/cspcheck/model/scc"
)

// Loops are those of the steps by τ that are kept. To find a way into one takes 8
// bytes for each row, and to find out which states are on one 40 at most for
// each that is on one, or between two, and 4 for each step between these.
type loops struct {
	*taus
	on      stateSet // from these τ leads on for ever
	within  stateSet // of these, those that are on a loop or behind one, and perhaps some others
	looping stateSet // those that are on a loop
	place   ranks    // of rows
	places  []uint32 // of the targets of those that have been met
}

// newLoops finds out which states are on a loop, given from which τ leads on for
// ever. It is of no use after an error.
func newLoops(g *taus, on stateSet) *loops {
	t := &loops{taus: g, on: on, within: g.comeTo(on), place: g.ranks(), looping: make(stateSet, len(on))}
	search := scc.Search[uint32]{After: t.after, Found: t.close, Check: g.check}
	search.Grow(g.rows.Len())
	for k := range g.rows.Len() {
		if state, _ := g.at(k); t.within.has(state) && g.failed == nil {
			g.failed = search.From(uint32(k))
		}
	}
	return t
}

// comeTo returns those of some states that steps between them come to again and
// again; and perhaps some others, as they are gone through a few times only.
//
// Upwards, a state is left out if none before it comes to it, nor did one behind
// it, or itself, the time before.
func (g *taus) comeTo(on stateSet) stateSet {
	const patience = 8 // times
	within, back := slices.Clone(on), slices.Clone(on)
	for times, more := 0, true; more && times < patience; times++ {
		more = false
		up, down := make(stateSet, len(on)), make(stateSet, len(on))
		for k := range g.rows.Len() {
			if g.stopped(k) {
				return within
			}
			state, steps := g.at(k)
			if !within.has(state) {
				continue
			}
			if !up.has(state) && !back.has(state) {
				within.remove(state)
				more = true
				continue
			}
			for _, to := range steps {
				switch {
				case int(to) >= g.expanded || !within.has(to):
				case to > state:
					up.add(to)
				default:
					down.add(to)
				}
			}
		}
		back = down
		more = more || times == 0 // then all counted as come back to
	}
	return within
}

// after returns where the steps of row k lead, as far as they may be of a loop.
func (t *loops) after(k uint32) []uint32 {
	from := len(t.places)
	state, steps := t.at(int(k))
	for _, to := range steps {
		if int(to) < t.expanded && t.within.has(to) {
			t.places = append(t.places, uint32(t.place.at(to)))
			if to == state {
				t.looping.add(state)
			}
		}
	}
	return t.places[from:]
}

// close notes who is on a loop, of a component that has been found.
func (t *loops) close(component []uint32) {
	for _, k := range component {
		if state, _ := t.at(int(k)); len(component) > 1 {
			t.looping.add(state)
		}
	}
}

// lasso returns the lasso from the first state from which τ leads on for ever, or
// nil after an error.
func (t *loops) lasso() *lasso {
	l := &lasso{start: t.on.first()}
	at := uint32(l.start)
	if !t.looping.has(at) {
		if l.stem = t.walk(at, t.looping.has); l.stem == nil {
			return nil
		}
		at = l.stem[len(l.stem)-1]
	}
	if l.loop = t.walk(at, func(to uint32) bool { return to == at }); l.loop == nil {
		return nil
	}
	return l
}

// walk returns the states of a shortest way of at least one step by τ from
// a state to one that is wanted. There must be one; it is nil after an error.
func (t *loops) walk(start uint32, wanted func(uint32) bool) []uint32 {
	from := make([]uint32, t.rows.Len()) // by row: the row it was come to from first, plus one
	queue := []uint32{uint32(t.place.at(start))}
	for i := 0; i < len(queue); i++ {
		if t.stopped(i) {
			return nil
		}
		_, steps := t.at(int(queue[i]))
		for _, to := range steps {
			if int(to) >= t.expanded || !t.on.has(to) {
				continue
			}
			if wanted(to) {
				return append(t.way(from, queue[0], queue[i]), to)
			}
			if next := uint32(t.place.at(to)); from[next] == 0 && next != queue[0] {
				from[next] = queue[i] + 1
				queue = append(queue, next)
			}
		}
	}
	if t.err() != nil {
		return nil
	}
	panic("deadlock: no way by τ into a loop that was found")
}

// way returns the states behind a row on the way that was gone to another row.
func (t *loops) way(from []uint32, start, to uint32) []uint32 {
	var way []uint32
	for ; to != start; to = from[to] - 1 {
		state, _ := t.at(int(to))
		way = append(way, state)
	}
	slices.Reverse(way)
	return way
}

// A stateSet has a bit for each of some states.
type stateSet []uint64

func (x stateSet) has(state uint32) bool { return x[state/64]>>(state%64)&1 != 0 }
func (x stateSet) add(state uint32)      { x[state/64] |= 1 << (state % 64) }
func (x stateSet) remove(state uint32)   { x[state/64] &^= 1 << (state % 64) }

// first returns the first state, or -1 if there is none.
func (x stateSet) first() int {
	w := slices.IndexFunc(x, func(word uint64) bool { return word != 0 })
	if w < 0 {
		return -1
	}
	return 64*w + bits.TrailingZeros64(x[w])
}

func (x stateSet) none() bool { return x.first() < 0 }

// ranks finds states among some that rise: how many there are before each word
// of their set.
type ranks struct {
	stateSet
	before []uint32
}

// ranks returns those of the states that are kept.
func (g *taus) ranks() ranks {
	n := g.expanded/64 + 1
	p := ranks{make(stateSet, n), make([]uint32, n)}
	for k := range g.rows.Len() {
		state, _ := g.at(k)
		p.add(state)
	}
	sum := 0
	for w, b := range p.stateSet {
		p.before[w] = uint32(sum)
		sum += bits.OnesCount64(b)
	}
	return p
}

// at returns the place of a state that is kept.
func (p ranks) at(state uint32) int {
	w := state / 64
	return int(p.before[w]) + bits.OnesCount64(p.stateSet[w]&(1<<(state%64)-1))
}
