package deadlock

import (
	"math"
	"math/bits"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// taus keeps the steps by τ of the states that a search has expanded, as far
// as they may be of a loop, or lead there: from a state that settles, τ leads
// nowhere but to states that have been expanded, and on to where none is
// possible, whatever comes. So what is kept is near the states that wait, unless
// τ leads on and on. A state that is kept costs 12 bytes and 4 for each
// step; looking for a loop takes 8 more for each, and a bit and a half for
// every state, for the time that it lasts.
//
// Numbers rise along a step unless it leads to a state that was expanded
// before, or to itself. A loop cannot rise all the way round: its highest
// state, the last to be expanded, has a step that falls. So only after such a
// step is there a new loop to look for.
type taus struct {
	sources  []uint32 // the states with τ that are not known to settle, rising
	first    []int    // the steps of sources[k] start at first[k]
	targets  []uint32
	expanded int  // states
	falling  bool // a step that does not rise came after the last look
	enough   int  // sources with which those that settle are dropped next
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
	if len(g.sources) >= max(g.enough, g.expanded/64) { // settle takes time for both
		g.settle()
		g.enough = 2 * len(g.sources)
	}
}

// settle drops states that settle. No loop is lost by it, nor a way into one:
// none goes through a state that settles.
func (g *taus) settle() {
	const most = 8 // times
	place, settled := g.ranks(), make([]bool, len(g.sources))
	settles := func(state uint32) bool {
		k, ok := place.at(state)
		return int(state) < g.expanded && (!ok || settled[k])
	}
	for more, times := true, 0; more && times < most; times++ {
		more = false
		for k := len(g.sources) - 1; k >= 0; k-- { // most steps rise
			if !settled[k] && !slices.ContainsFunc(g.targets[g.first[k]:g.end(k)], func(s uint32) bool { return !settles(s) }) {
				settled[k], more = true, true
			}
		}
	}
	kept, n := 0, 0
	for k, s := range g.sources {
		if settled[k] {
			continue
		}
		from, to := g.first[k], g.end(k)
		g.sources[kept], g.first[kept] = s, n
		n += copy(g.targets[n:], g.targets[from:to])
		kept++
	}
	g.sources, g.first, g.targets = shrunk(g.sources[:kept]), shrunk(g.first[:kept]), shrunk(g.targets[:n])
}

// shrunk returns s in less memory, if it takes much more than it needs.
func shrunk[E any](s []E) []E {
	if cap(s) > 4*len(s) {
		return slices.Clone(s)
	}
	return s
}

// ranks finds states among some that rise: a bit for each, and how many there
// are before each word of bits.
type ranks struct {
	bits   []uint64
	before []uint32
}

// ranks returns those of the sources.
func (g *taus) ranks() ranks {
	n := g.expanded/64 + 1
	p := ranks{make([]uint64, n), make([]uint32, n)}
	for _, s := range g.sources {
		p.bits[s/64] |= 1 << (s % 64)
	}
	sum := 0
	for w, b := range p.bits {
		p.before[w] = uint32(sum)
		sum += bits.OnesCount64(b)
	}
	return p
}

// at returns the place of a state, if it has one.
func (p ranks) at(state uint32) (k int, ok bool) {
	w := int(state / 64)
	if w >= len(p.bits) || p.bits[w]>>(state%64)&1 == 0 {
		return 0, false
	}
	return int(p.before[w]) + bits.OnesCount64(p.bits[w]&(1<<(state%64)-1)), true
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
	t := tarjan{taus: g, place: g.ranks(), low: make([]uint32, len(g.sources)), looping: make([]bool, len(g.sources))}
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
	place   ranks    // in sources
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
			k, ok := t.place.at(t.targets[f.edge])
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

// end returns where the steps of sources[k] end.
func (g *taus) end(k int) int {
	if k+1 < len(g.first) {
		return g.first[k+1]
	}
	return len(g.targets)
}

// lasso returns the lasso from sources[k].
func (t *tarjan) lasso(k int) *lasso {
	l := &lasso{start: int(t.sources[k])}
	if !t.looping[k] {
		l.stem = t.walk(k, func(k int) bool { return t.looping[k] })
		k, _ = t.place.at(l.stem[len(l.stem)-1])
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
			next, ok := t.place.at(state)
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
