package deadlock

import (
	"math"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// taus keeps the steps by τ of the states that a search has expanded. States
// without τ cost nothing, the others 12 bytes and 4 for each step; looking
// for a loop takes 4 more for every state and 8 for those with τ, for the
// time that it lasts.
//
// Numbers rise along a step unless it leads to a state that was expanded
// before, or to itself. A loop cannot rise all the way round: its highest
// state, the last to be expanded, has a step that falls. So only after such a
// step is there a new loop to look for.
type taus struct {
	sources  []uint32 // the states with τ, rising
	first    []int    // the steps of sources[k] start at first[k]
	targets  []uint32
	expanded int  // states
	falling  bool // a step that does not rise came after the last look
}

// note takes in the steps of a state. States come in the order of their
// numbers.
func (g *taus) note(v *explore.Visit) {
	g.expanded = v.State + 1
	from := len(g.targets)
	for i, e := range v.Steps.Events {
		if e == model.Tau {
			g.targets = append(g.targets, v.Targets[i])
			g.falling = g.falling || int(v.Targets[i]) <= v.State
		}
	}
	if len(g.targets) > from {
		g.sources = append(g.sources, uint32(v.State))
		g.first = append(g.first, from)
	}
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
// none among the states expanded so far.
func (g *taus) lasso() *lasso {
	if !g.falling {
		return nil
	}
	g.falling = false
	place := make([]uint32, g.expanded)
	for k, s := range g.sources {
		place[s] = uint32(k) + 1
	}
	t := tarjan{taus: g, place: place, low: make([]uint32, len(g.sources)), looping: make([]bool, len(g.sources))}
	for k := range g.sources {
		if t.low[k] == 0 && t.visit(k) {
			return t.lasso(k)
		}
	}
	return nil
}

// tarjan finds the strongly connected components of the τ-steps (Tarjan,
// 1972, with Pearce's single array, 2016), with a stack of its own.
type tarjan struct {
	*taus
	place   []uint32 // of a state in sources, plus one; 0 if it has no τ
	low     []uint32 // of sources[k]: 0 not seen yet, closed, or the least number known to be reached
	looping []bool   // sources[k] is on a loop
	count   uint32   // the next number is count+1
	open    []uint32 // seen, component not closed yet
}

// closed is no less than any number, so that steps to a closed component
// count for nothing.
const closed = math.MaxUint32

// visit closes the components of all that can be reached from sources[root],
// and reports whether one of them has a loop.
func (t *tarjan) visit(root int) (found bool) {
	type frame struct {
		k      int
		edge   int
		number uint32
	}
	enter := func(k int) frame {
		t.count++
		t.low[k] = t.count
		t.open = append(t.open, uint32(k))
		return frame{k, t.first[k], t.count}
	}
	stack := []frame{enter(root)}
	for len(stack) > 0 {
		f := &stack[len(stack)-1]
		if f.edge < t.end(f.k) {
			k, ok := t.at(t.targets[f.edge])
			f.edge++
			switch {
			case !ok:
			case t.low[k] == 0:
				stack = append(stack, enter(k))
			default:
				t.looping[f.k] = t.looping[f.k] || k == f.k
				t.low[f.k] = min(t.low[f.k], t.low[k])
			}
			continue
		}
		k, low, number := f.k, t.low[f.k], f.number
		stack = stack[:len(stack)-1]
		if len(stack) > 0 {
			up := stack[len(stack)-1].k
			t.low[up] = min(t.low[up], low)
		}
		if low == number {
			found = t.close(k) || found
		}
	}
	return found
}

// close takes the component of sources[k] off the open ones, and reports
// whether it has a loop.
func (t *tarjan) close(k int) bool {
	n := len(t.open) - 1
	for int(t.open[n]) != k {
		n--
	}
	component := t.open[n:]
	t.open = t.open[:n]
	for _, m := range component {
		t.low[m] = closed
		t.looping[m] = t.looping[m] || len(component) > 1
	}
	return t.looping[k]
}

// at returns where a state is in sources, if it has τ and was expanded.
func (t *tarjan) at(state uint32) (k int, ok bool) {
	if int(state) >= len(t.place) || t.place[state] == 0 {
		return 0, false
	}
	return int(t.place[state]) - 1, true
}

// end returns where the steps of sources[k] end.
func (t *tarjan) end(k int) int {
	if k+1 < len(t.first) {
		return t.first[k+1]
	}
	return len(t.targets)
}

// lasso returns the lasso from sources[k].
func (t *tarjan) lasso(k int) *lasso {
	l := &lasso{start: int(t.sources[k])}
	if !t.looping[k] {
		l.stem = t.walk(k, func(k int) bool { return t.looping[k] })
		k, _ = t.at(l.stem[len(l.stem)-1])
	}
	l.loop = t.walk(k, func(to int) bool { return to == k })
	return l
}

// walk returns the states of a shortest way of at least one step by τ from
// sources[k] to one that is wanted. There must be one.
func (t *tarjan) walk(k int, wanted func(int) bool) []uint32 {
	from := map[int]int{}
	for queue := []int{k}; len(queue) > 0; queue = queue[1:] {
		for _, state := range t.targets[t.first[queue[0]]:t.end(queue[0])] {
			next, ok := t.at(state)
			if !ok {
				continue
			}
			if wanted(next) {
				way := []uint32{state}
				for at := queue[0]; at != k; at = from[at] {
					way = append(way, t.sources[at])
				}
				slices.Reverse(way)
				return way
			}
			if _, seen := from[next]; !seen {
				from[next] = queue[0]
				queue = append(queue, next)
			}
		}
	}
	panic("deadlock: no way by τ into a loop that was found")
}
