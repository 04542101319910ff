package deadlock

import (
	"context"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/scc"
)

// A graph is all reachable states and where they lead, for questions about
// what can still happen in some future. It takes 4 bytes for each transition
// to another state, and 20 for each state, besides what a search takes.
type graph struct {
	*explore.Search
	first   []int    // the steps of state i start at targets[first[i]]
	targets []uint32 // other states, each once
	check   func() error
	room    func(int64) error // asked before targets grow
	full    error             // what it said

	scc   []uint32 // of states: components are numbered so that steps lead to lower numbers, or stay
	order []uint32 // the states by component
	ends  []uint32 // component c is order[ends[c-1]:ends[c]]
}

// newGraph searches the whole of sys. The error may be a *explore.Limit; the
// graph says what was seen.
func newGraph(ctx context.Context, sys explore.System, limits explore.Limits) (*graph, error) {
	g := &graph{check: limits.Watch(ctx)}
	limits.Keep = true
	limits.Enter(explore.Exploring)
	g.room = limits.Room()
	s, err := explore.RunKept(ctx, sys, limits, g.visitor())
	g.Search = s
	if err == nil {
		err = g.full
	}
	if err != nil {
		return g, err
	}
	g.first = append(g.first, len(g.targets))
	return g, g.components()
}

// visit notes where a state leads.
func (g *graph) visit(v *explore.Visit) bool {
	if len(g.targets)+len(v.Targets) > cap(g.targets) {
		if g.full = g.room(5 * int64(cap(g.targets))); g.full != nil { // a quarter more, of 4 bytes each, beside the old ones
			return false
		}
	}
	g.first = append(g.first, len(g.targets))
	from := len(g.targets)
	for _, t := range v.Targets {
		if int(t) != v.State {
			g.targets = append(g.targets, t)
		}
	}
	own := g.targets[from:]
	slices.Sort(own)
	g.targets = g.targets[:from+len(slices.Compact(own))]
	return true
}

// to returns where a state leads, itself excepted.
func (g *graph) to(s uint32) []uint32 { return g.targets[g.first[s]:g.first[s+1]] }

// of returns the states of component c.
func (g *graph) of(c int) []uint32 {
	from := uint32(0)
	if c > 0 {
		from = g.ends[c-1]
	}
	return g.order[from:g.ends[c]]
}

// final reports whether nothing leads out of component c.
func (g *graph) final(c int) bool {
	for _, s := range g.of(c) {
		for _, t := range g.to(s) {
			if g.scc[t] != uint32(c) {
				return false
			}
		}
	}
	return true
}

// How many states are gone through between looks at the limits.
const lookEvery = 1 << 12

// components finds the strongly connected components.
func (g *graph) components() error {
	n := g.Len()
	g.scc, g.order = make([]uint32, n), make([]uint32, 0, n)
	search := scc.Search[uint32]{
		After: g.to,
		Found: func(component []uint32) {
			for _, s := range component {
				g.scc[s] = uint32(len(g.ends))
			}
			slices.Reverse(component)
			g.order = append(g.order, component...)
			g.ends = append(g.ends, uint32(len(g.order)))
		},
		Check: g.check,
	}
	search.Grow(n)
	return search.From(0) // all is reachable from there
}

// way returns the states of a shortest way of at least one step from s to one
// that is wanted, s excepted; nil if there is none.
func (g *graph) way(s uint32, wanted func(uint32) bool) ([]uint32, error) {
	from := map[uint32]uint32{}
	for queue := []uint32{s}; len(queue) > 0; queue = queue[1:] {
		if len(from)%lookEvery == 0 {
			if err := g.check(); err != nil {
				return nil, err
			}
		}
		for _, t := range g.to(queue[0]) {
			if wanted(t) {
				way := []uint32{t}
				for at := queue[0]; at != s; at = from[at] {
					way = append(way, at)
				}
				slices.Reverse(way)
				return way, nil
			}
			if _, seen := from[t]; !seen && t != s {
				from[t] = queue[0]
				queue = append(queue, t)
			}
		}
	}
	return nil, nil
}

// forever returns how it goes on after state s: to where nothing leads away from,
// and then round, if it goes round there; and the step from which on it
// repeats, or -1.
func (g *graph) forever(sys explore.System, s uint32) (more []explore.PathStep, loop int, err error) {
	var rest []uint32
	at := s
	if c := g.scc[at]; !g.final(int(c)) {
		if rest, err = g.way(at, func(t uint32) bool { return g.final(int(g.scc[t])) }); err != nil {
			return nil, -1, err
		}
		at = rest[len(rest)-1]
	}
	round, err := g.way(at, func(t uint32) bool { return t == at })
	if err != nil {
		return nil, -1, err
	}
	if round == nil {
		if own, err := g.again(sys, at); err != nil {
			return nil, -1, err
		} else if own {
			round = []uint32{at}
		}
	}
	loop = -1
	if round != nil {
		loop = len(rest)
	}
	more, err = g.Through(g.Words(int(s)), append(rest, round...), nil)
	return more, loop, err
}

// again reports whether a state of sys leads to itself.
func (g *graph) again(sys explore.System, s uint32) (bool, error) {
	var steps explore.Steps
	words := g.Words(int(s))
	if err := sys.Successors(words, &steps); err != nil {
		return false, err
	}
	w := len(words)
	for i := range steps.Events {
		if slices.Equal(steps.States[i*w:(i+1)*w], words) {
			return true, nil
		}
	}
	return false, nil
}

// hasEnded and hasBegun are bits of the word that a since adds.
const (
	hasEnded = 1 << iota // the last event was ✓
	hasBegun             // the watched place has been on
)

// A since is a System with a word more, of what has happened so far: that a
// state was entered by ✓, after which all is over; and that a place was on at
// some time, if one is watched.
type since struct {
	explore.Composed
	place int // -1: none
	steps explore.Steps
}

func (x *since) Width() int { return x.Composed.Width() + 1 }

// plain returns the state of the system itself.
func (x *since) plain(s []uint64) []uint64 {
	w := len(s) - 1
	return s[:w:w]
}

func (x *since) begun(s []uint64) uint64 {
	if x.place < 0 || !x.On(s, x.place) {
		return 0
	}
	return hasBegun
}

func (x *since) Initial(s []uint64) error {
	if err := x.Composed.Initial(x.plain(s)); err != nil {
		return err
	}
	s[len(s)-1] = x.begun(x.plain(s))
	return nil
}

func (x *since) Successors(s []uint64, out *explore.Steps) error {
	w := len(s) - 1
	x.steps.Reset()
	if err := x.Composed.Successors(x.plain(s), &x.steps); err != nil {
		return err
	}
	for i, e := range x.steps.Events {
		to := x.steps.States[i*w : (i+1)*w : (i+1)*w]
		bits := s[w] & hasBegun
		if bits == 0 {
			bits = x.begun(to)
		}
		if e == model.Tick {
			bits |= hasEnded
		}
		out.Events = append(out.Events, e)
		out.States = append(append(out.States, to...), bits)
	}
	return nil
}
