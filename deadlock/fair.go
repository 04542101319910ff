package deadlock

import (
	"fmt"
	"math"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/scc"
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
	all, err := g.lasting(in)
	if err != nil {
		return nil, err
	}
	const each = 21 // bytes: what is made here of a state, by lasting, and of components
	g.fixed = 0
	if err := g.room(each * int64(g.Len())); err != nil {
		return nil, err
	}
	g.fixed = each * int64(g.Len())
	among := make([]uint32, g.Len()) // the piece that a state is in, from 1; 0: it is out
	home := make([]uint32, g.Len())  // the region, likewise
	t := newComponents(g, among)
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
					return slices.ContainsFunc(bad, g.ready(s).has)
				})
				if len(rest) > 0 {
					pieces = append(pieces, rest)
				}
			}
		}
	}
	return out, g.rows.Err()
}

// lasting returns the states, rising, from which steps that are in can lead on
// for ever, and perhaps some others: they are gone through a few times only.
func (g *chart) lasting(in func(from uint32, x charted) bool) ([]uint32, error) {
	const patience = 8 // times
	ends := make([]bool, g.Len())
	for times, more := 0, true; more && times < patience; times++ {
		var err error
		more, err = through(&g.rows, g.check, times%2 == 0, func(s uint32) bool {
			if ends[s] {
				return false
			}
			for x := range g.of(s) {
				if !ends[x.to] && in(s, x) {
					return false
				}
			}
			ends[s] = true
			return true
		})
		if err != nil {
			return nil, err
		}
	}
	var out []uint32
	for s, ends := range ends {
		if !ends {
			out = append(out, uint32(s))
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
	by, ready := map[uint32]bool{}, map[uint32]int{}
	for _, s := range states {
		for x := range g.of(s) {
			if !by[x.by] && inside(s, x) {
				by[x.by] = true
			}
		}
		ready[g.readySet(s)]++
	}
	for set := range by {
		for _, u := range g.moves[set] {
			moves[u] = true
		}
	}
	for set, n := range ready {
		for _, u := range g.sets[set] {
			able[u] += n
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

// components finds strongly connected components of parts of a chart: along the
// steps or, if these are on disk, by going through all states in order.
type components struct {
	*chart
	among   []uint32
	marks   uint32
	sweep   *scc.Sweep // nil: along the steps
	search  scc.Search[uint32]
	at      []uint32 // by state of the piece: where its targets are
	targets []uint32 // of the piece's steps: for each state how many, and they
}

func newComponents(g *chart, among []uint32) *components {
	t := &components{chart: g, among: among}
	if g.rows.OnDisk() {
		t.sweep = &scc.Sweep{Check: g.check}
		t.sweep.Grow(g.Len())
		return t
	}
	t.at = make([]uint32, g.Len())
	t.search.Grow(g.Len())
	return t
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
	if t.sweep != nil {
		return t.swept(piece, in)
	}
	id := t.mark(piece)
	t.targets = t.targets[:0]
	for _, s := range piece { // in order: they may be on disk
		at := len(t.targets)
		if at > math.MaxUint32 {
			return nil, &explore.Limit{Reason: fmt.Sprintf("more than %d steps to look for fair runs in", math.MaxUint32)}
		}
		t.at[s] = uint32(at)
		t.targets = append(t.targets, 0)
		for x := range t.chart.of(s) {
			if t.among[x.to] == id && in(s, x) {
				t.targets = append(t.targets, x.to)
			}
		}
		t.targets[at] = uint32(len(t.targets) - at - 1)
	}
	if err := t.rows.Err(); err != nil {
		return nil, err
	}
	search := &t.search
	search.After = func(s uint32) []uint32 {
		from := int(t.at[s]) + 1
		return t.targets[from : from+int(t.targets[from-1])]
	}
	search.Found = func(component []uint32) {
		s := component[0]
		if len(component) > 1 || slices.Contains(search.After(s), s) {
			found = append(found, slices.Clone(component))
		}
	}
	search.Check = t.check
	for _, s := range piece {
		search.Forget(s)
	}
	for _, root := range piece {
		if err := search.From(root); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// swept is of for what is on disk.
func (t *components) swept(piece []uint32, in func(from uint32, x charted) bool) (found [][]uint32, err error) {
	id := t.mark(piece)
	t.sweep.Each = func(s uint32, tell func(uint32) bool) {
		for x := range t.chart.of(s) {
			if t.among[x.to] == id && in(s, x) && !tell(x.to) {
				return
			}
		}
	}
	t.sweep.Found = func(component []uint32) {
		s := component[0]
		own := len(component) > 1
		if !own {
			t.sweep.Each(s, func(to uint32) bool {
				own = to == s
				return !own
			})
		}
		if own {
			found = append(found, component)
		}
	}
	if err := t.sweep.Of(piece); err != nil {
		return nil, err
	}
	return found, t.rows.Err()
}
