package deadlock

import (
	"math"
	"slices"
)

// A Fairness is what is assumed of infinite runs: how components are treated
// that can move. It is of every component, and of every operator that can
// decide something by itself, such as |~|.
type Fairness string

const (
	Unfair Fairness = ""       // nothing: any infinite run may happen
	Weak   Fairness = "weak"   // who can move at all times from some time on moves again and again
	Strong Fairness = "strong" // who can move again and again moves again and again
)

// fairnesses are all, from the weakest assumption to the strongest.
var fairnesses = []Fairness{Unfair, Weak, Strong}

// A region is a strongly connected set of states in which a fair run of
// certain steps can stay for ever. All steps between its states count but
// for those left out.
type region struct {
	states []uint32 // sorted
	in     func(from uint32, x charted) bool
}

// regions finds the largest regions for fair runs of the steps that are in.
//
// Without fairness those are the strongly connected components that have a
// step. Under weak fairness (generalised Büchi) each unit must, in its
// component, move or somewhere not be able to. Under strong fairness (Streett)
// a unit that cannot move within a component must not be able to where a run
// stays: those states are taken out, and what is left is looked at again
// (Emerson, Lei, "Modalities for model checking", 1987).
func (g *chart) regions(f Fairness, in func(from uint32, x charted) bool) ([]region, error) {
	var out []region
	all := make([]uint32, g.Len())
	for i := range all {
		all[i] = uint32(i)
	}
	among := make([]uint32, g.Len()) // the piece that a state is in, from 1; 0: it is out
	home := make([]uint32, g.Len())  // the region, likewise
	t := &components{chart: g, among: among, low: make([]uint32, g.Len())}
	for pieces := [][]uint32{all}; len(pieces) > 0; {
		piece := pieces[len(pieces)-1]
		pieces = pieces[:len(pieces)-1]
		found, err := t.of(piece, in)
		if err != nil {
			return nil, err
		}
		for _, states := range found {
			slices.Sort(states)
			id := t.mark(states)
			inside := func(from uint32, x charted) bool {
				return among[from] == id && among[x.to] == id && in(from, x)
			}
			bad := g.unfair(f, states, inside)
			if len(bad) == 0 {
				out = append(out, region{states, func(from uint32, x charted) bool { return home[from] == id && home[x.to] == id && in(from, x) }})
				for _, s := range states {
					home[s] = id
				}
				continue
			}
			if f == Strong {
				rest := slices.DeleteFunc(slices.Clone(states), func(s uint32) bool {
					return slices.ContainsFunc(bad, func(u int) bool { return g.can(u, s) })
				})
				if len(rest) > 0 {
					pieces = append(pieces, rest)
				}
			}
		}
	}
	return out, nil
}

// unfair returns the units that are not treated fairly in a component.
func (g *chart) unfair(f Fairness, states []uint32, inside func(from uint32, x charted) bool) []int {
	if f == Unfair {
		return nil
	}
	moves := map[int]bool{}
	able := map[int]int{} // in how many states
	for _, s := range states {
		for _, x := range g.of(s) {
			if inside(s, x) {
				for _, u := range g.moves[x.by] {
					moves[u] = true
				}
			}
		}
		for _, u := range g.sets[g.ready[s]] {
			able[u]++
		}
	}
	var bad []int
	for _, u := range g.units {
		if !moves[u] && (f == Strong && able[u] > 0 || f == Weak && able[u] == len(states)) {
			bad = append(bad, u)
		}
	}
	return bad
}

// components finds strongly connected components of parts of a chart (Tarjan,
// 1972, with Pearce's single array, 2016), with a stack of its own.
type components struct {
	*chart
	among []uint32
	marks uint32
	low   []uint32
	seen  int // states, for looks at the limits
}

// mark makes states a piece of their own.
func (t *components) mark(states []uint32) uint32 {
	t.marks++
	for _, s := range states {
		t.among[s] = t.marks
	}
	return t.marks
}

// of returns the components of a piece that have a step.
func (t *components) of(piece []uint32, in func(from uint32, x charted) bool) (found [][]uint32, err error) {
	const closed = math.MaxUint32
	id := t.mark(piece)
	for _, s := range piece {
		t.low[s] = 0
	}
	inside := func(s uint32, x charted) bool { return t.among[x.to] == id && in(s, x) }
	type frame struct {
		s, number uint32
		edge      int
	}
	var stack []frame
	var open []uint32
	count := uint32(0)
	enter := func(s uint32) {
		count++
		t.low[s] = count
		open = append(open, s)
		stack = append(stack, frame{s, count, t.first[s]})
	}
	for _, root := range piece {
		if t.low[root] != 0 {
			continue
		}
		for enter(root); len(stack) > 0; {
			f := &stack[len(stack)-1]
			if f.edge < t.first[f.s+1] {
				x := t.steps[f.edge]
				f.edge++
				switch {
				case !inside(f.s, x):
				case t.low[x.to] == 0:
					enter(x.to)
				default:
					t.low[f.s] = min(t.low[f.s], t.low[x.to])
				}
				continue
			}
			s, number := f.s, f.number
			stack = stack[:len(stack)-1]
			if t.seen++; t.seen%lookEvery == 0 {
				if err := t.check(); err != nil {
					return nil, err
				}
			}
			if t.low[s] != number {
				up := stack[len(stack)-1].s
				t.low[up] = min(t.low[up], t.low[s])
				continue
			}
			n := len(open) - 1
			for open[n] != s {
				n--
			}
			component := slices.Clone(open[n:])
			open = open[:n]
			for _, u := range component {
				t.low[u] = closed
			}
			if len(component) > 1 || slices.ContainsFunc(t.chart.of(s), func(x charted) bool { return x.to == s && inside(s, x) }) {
				found = append(found, component)
			}
		}
	}
	return found, nil
}
