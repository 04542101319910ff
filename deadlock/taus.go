package deadlock

import (
	"fmt"
	"math/bits"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/scc"
)

// taus keeps the steps by τ of the states that a search has expanded, as far
// as they may be of a loop, or lead there: from a state that settles, τ leads
// nowhere but to states that have been expanded, and on to where none is
// possible, whatever comes. So what is kept is near the states that wait, unless
// τ leads on and on. A state that is kept costs 8 bytes and 4 for each
// step, which go to disk with the search; looking for a loop takes a bit for
// every state, and where there is one 11 bytes for each state that is kept and 4
// for each step into a loop.
//
// Numbers rise along a step unless it leads to a state that was expanded
// before, or to itself. A loop cannot rise all the way round: its highest
// state, the last to be expanded, has a step that falls. So only after such a
// step is there a new loop to look for.
type taus struct {
	rows     explore.Rows // of states with τ that are not known to settle, rising: the state, and where τ leads
	expanded int          // states
	falling  bool         // a step that does not rise came after the last look
	enough   int          // rows with which those that settle are dropped next
}

// at returns the k-th state that is kept, and where its steps lead.
func (g *taus) at(k int) (state uint32, steps []uint32) {
	row := g.rows.At(k)
	if len(row) == 0 { // the disk failed
		return 0, nil
	}
	return row[0], row[1:]
}

// note takes in the steps of a state. States come in the order of their
// numbers.
func (g *taus) note(v *explore.Visit) {
	g.expanded = v.State + 1
	var few [64]uint32
	row := append(few[:0], uint32(v.State))
	for i, e := range v.Steps.Events {
		if e == model.Tau {
			row = append(row, v.Targets[i])
			g.falling = g.falling || int(v.Targets[i]) <= v.State
		}
	}
	if len(row) > 1 {
		g.rows.Add(row)
	}
	if g.rows.Len() >= max(g.enough, g.expanded/64) { // settle takes time for both
		g.settle()
		g.enough = 2 * g.rows.Len()
	}
}

// settle drops states that settle. No loop is lost by it, nor a way into one:
// none goes through a state that settles.
func (g *taus) settle() {
	on := g.leadOn(true)
	g.rows.Filter(func(row []uint32) bool { return on.has(row[0]) })
}

// leadOn returns the states from which τ may lead on for ever, or to a state
// that has not been expanded if ahead counts: all from which it does, and perhaps
// some others, as they are gone through a few times only.
func (g *taus) leadOn(ahead bool) stateSet {
	const patience = 8 // times
	on := make(stateSet, g.expanded/64+1)
	n := g.rows.Len()
	for k := range n {
		state, _ := g.at(k)
		on.add(state)
	}
	counts := func(state uint32) bool {
		if int(state) >= g.expanded {
			return ahead
		}
		return on.has(state)
	}
	more := true
	for times := 0; more && times < patience; times++ {
		more = false
		for i := range n {
			k := i
			if times%2 == 0 { // most steps rise
				k = n - 1 - i
			}
			if state, steps := g.at(k); on.has(state) && !slices.ContainsFunc(steps, counts) {
				on.remove(state)
				more = true
			}
		}
	}
	return on
}

// A stateSet has a bit for each of some states.
type stateSet []uint64

func (x stateSet) has(state uint32) bool { return x[state/64]>>(state%64)&1 != 0 }
func (x stateSet) add(state uint32)      { x[state/64] |= 1 << (state % 64) }
func (x stateSet) remove(state uint32)   { x[state/64] &^= 1 << (state % 64) }

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

// hint says what to do about a limit on so much memory, if steps by τ are a
// good part of what has passed it.
func (g *taus) hint(l *explore.Limit, memory int64) string {
	if l == nil || !l.OfMemory() || g.rows.Bytes() < memory/8 {
		return ""
	}
	return fmt.Sprintf("; %d MB of it are steps by τ, which stay there to look for loops: hide less, ask in F, or try --reduce compress", g.rows.Bytes()/1_000_000)
}

// due reports whether this is one of the points at which a loop is looked
// for before the end. They depend on nothing but the number of states.
func (g *taus) due() bool {
	const least = 1024
	return g.expanded >= least && g.expanded&(g.expanded-1) == 0
}

// A lasso is a divergence: the states that τ leads through, from a start into
// a loop.
type lasso struct {
	start int
	stem  []uint32 // after start, up to and with the first state of the loop
	loop  []uint32 // from there round, back to the same state
}

// lasso returns the divergence with the smallest start, or nil if there is
// none among the states expanded so far, or the disk failed.
func (g *taus) lasso() *lasso {
	if !g.falling {
		return nil
	}
	g.falling = false
	g.settle() // most do, and it takes less memory than to look
	on := g.leadOn(false)
	if !slices.ContainsFunc(on, func(word uint64) bool { return word != 0 }) || g.rows.Err() != nil {
		return nil
	}
	n := g.rows.Len()
	t := loops{taus: g, on: on, place: g.ranks(), looping: make([]bool, n)}
	found := false
	search := scc.Search[uint32]{After: t.after, Found: func(component []uint32) { found = t.close(component) || found }}
	search.Grow(n)
	for k := range n {
		if state, _ := g.at(k); !on.has(state) {
			continue
		}
		if err := search.From(uint32(k)); err != nil {
			panic("deadlock: stopped by nothing: " + err.Error())
		}
		if found {
			return t.lasso(k)
		}
	}
	return nil
}

// Loops are those of the strongly connected components of the τ-steps. The
// nodes are the rows of states that lead on.
type loops struct {
	*taus
	on      stateSet
	place   ranks
	looping []bool   // the state of row k is on a loop
	places  []uint32 // of the targets of those that have been met
}

// after returns where the steps of row k lead, as far as they lead on.
func (t *loops) after(k uint32) []uint32 {
	from := len(t.places)
	_, steps := t.at(int(k))
	for _, state := range steps {
		if t.leads(state) {
			to := t.place.at(state)
			t.places = append(t.places, uint32(to))
			t.looping[k] = t.looping[k] || to == int(k)
		}
	}
	return t.places[from:]
}

// leads reports whether τ may lead on for ever from a state.
func (t *loops) leads(state uint32) bool { return int(state) < t.expanded && t.on.has(state) }

// close notes who is on a loop, of a component that has been found, and
// reports whether it has one.
func (t *loops) close(component []uint32) bool {
	for _, k := range component {
		t.looping[k] = t.looping[k] || len(component) > 1
	}
	return t.looping[component[0]]
}

// lasso returns the lasso from row k, or nil if the disk failed.
func (t *loops) lasso(k int) *lasso {
	state, _ := t.at(k)
	l := &lasso{start: int(state)}
	if !t.looping[k] {
		if l.stem = t.walk(k, func(k int) bool { return t.looping[k] }); l.stem == nil {
			return nil
		}
		k = t.place.at(l.stem[len(l.stem)-1])
	}
	if l.loop = t.walk(k, func(to int) bool { return to == k }); l.loop == nil {
		return nil
	}
	return l
}

// walk returns the states of a shortest way of at least one step by τ from
// row k to one that is wanted. There must be one; it is nil if the disk failed.
func (t *loops) walk(k int, wanted func(int) bool) []uint32 {
	from := map[int]int{}
	for queue := []int{k}; len(queue) > 0; queue = queue[1:] {
		_, steps := t.at(queue[0])
		for _, state := range steps {
			if !t.leads(state) {
				continue
			}
			next := t.place.at(state)
			if wanted(next) {
				return append(t.way(from, k, queue[0]), state)
			}
			if _, seen := from[next]; !seen {
				from[next] = queue[0]
				queue = append(queue, next)
			}
		}
	}
	if t.rows.Err() != nil {
		return nil
	}
	panic("deadlock: no way by τ into a loop that was found")
}

// way returns the states behind row k on the way that was gone to another row.
func (t *loops) way(from map[int]int, k, to int) []uint32 {
	var way []uint32
	for ; to != k; to = from[to] {
		state, _ := t.at(to)
		way = append(way, state)
	}
	slices.Reverse(way)
	return way
}
