package deadlock

import (
	"context"
	"errors"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/scc"
)

// A graph is all reachable states and where they lead, for questions about
// what can still happen in some future. It takes 4 bytes for each state and for
// each transition to another, besides what a search takes, and is gone through
// in order, as far as that will do: so it may be on disk.
type graph struct {
	*explore.Search
	rows  explore.Rows // by state: the other states that it leads to, each once, rising
	check func() error
	room  func(bytes int64) error
	fixed int64 // bytes of what is made for a question, once there is room
}

// newGraph searches the whole of sys. The error may be a *explore.Limit; the
// graph says what was seen.
func newGraph(ctx context.Context, sys explore.System, limits explore.Limits) (*graph, error) {
	g := &graph{room: limits.Room()}
	g.check = limits.WatchBeside(ctx, func() int64 { return kept(g.Search, &g.rows) + g.fixed })
	limits.Keep = true
	limits.Enter(explore.Exploring)
	s, err := explore.RunKept(ctx, sys, limits, g.visitor())
	g.Search = s
	if err == nil {
		err = g.rows.Err()
	}
	return g, err
}

// kept returns the bytes of a search that is over, and of what was gathered.
func kept(s *explore.Search, rows *explore.Rows) int64 {
	if s == nil {
		return 0
	}
	return s.Bytes() + rows.Bytes()
}

// relieved asks something of a search that is over; if there is too little
// memory for it, once more with all that was found on disk, if it may go there.
func relieved(s *explore.Search, ask func() error) error {
	err := ask()
	var limit *explore.Limit
	if !errors.As(err, &limit) || !limit.OfMemory() {
		return err
	}
	more, failed := s.Relieve()
	switch {
	case failed != nil:
		return failed
	case more:
		return ask()
	}
	return err
}

// visit returns a function that notes where a state leads.
func (g *graph) visit() func(*explore.Visit) bool {
	var own []uint32
	return func(v *explore.Visit) bool {
		own = own[:0]
		for _, t := range v.Targets {
			if int(t) != v.State {
				own = append(own, t)
			}
		}
		slices.Sort(own)
		g.rows.Add(slices.Compact(own))
		return true
	}
}

// to returns where a state leads, itself excepted.
func (g *graph) to(s uint32) []uint32 { return g.rows.At(int(s)) }

// How many states are gone through between looks at the limits.
const lookEvery = 1 << 12

// finals finds out which of the states that s leads to can be come back to
// from all that they lead to.
func (g *graph) finals(s uint32) ([]bool, error) {
	final, inside := make([]bool, g.Len()), make([]bool, g.Len())
	found := func(component []uint32) {
		for _, s := range component {
			inside[s] = true
		}
		leaves := slices.ContainsFunc(component, func(s uint32) bool {
			return slices.ContainsFunc(g.to(s), func(t uint32) bool { return !inside[t] })
		})
		for _, s := range component {
			inside[s], final[s] = false, !leaves
		}
	}
	components := g.along
	if g.rows.OnDisk() {
		components = g.sweep
	}
	if err := components(s, found); err != nil {
		return nil, err
	}
	return final, g.rows.Err()
}

// along finds the components of what s leads to along the steps.
func (g *graph) along(s uint32, found func([]uint32)) error {
	search := scc.Search[uint32]{After: g.to, Found: found, Check: g.check}
	search.Grow(g.Len())
	return search.From(s)
}

// sweep finds them by going through all states in order.
func (g *graph) sweep(s uint32, found func([]uint32)) error {
	reached, err := g.reached(s)
	if err != nil {
		return err
	}
	x := scc.Sweep{Found: found, Check: g.check, Each: func(s uint32, tell func(uint32) bool) {
		for _, t := range g.to(s) {
			if !tell(t) {
				return
			}
		}
	}}
	x.Grow(g.Len())
	return x.Of(reached)
}

// reached returns what a state leads to, itself included, rising.
func (g *graph) reached(s uint32) ([]uint32, error) {
	reached := make(stateSet, g.Len()/64+1)
	reached.add(s)
	count := 1
	for down, more := false, true; more; down = !down {
		var err error
		more, err = through(&g.rows, g.check, down, func(s uint32) (more bool) {
			if !reached.has(s) {
				return false
			}
			for _, t := range g.to(s) {
				if !reached.has(t) {
					reached.add(t)
					count++
					more = true
				}
			}
			return more
		})
		if err != nil {
			return nil, err
		}
	}
	all := make([]uint32, 0, count)
	for i := range g.Len() {
		if reached.has(uint32(i)) {
			all = append(all, uint32(i))
		}
	}
	return all, nil
}

// through goes through all states that have a row, in the order of their numbers
// or down, and reports whether something was new at one, as look says.
func through(rows *explore.Rows, check func() error, down bool, look func(s uint32) bool) (more bool, err error) {
	n := rows.Len()
	for i := range n {
		if i%lookEvery == 0 {
			if err := check(); err != nil {
				return more, err
			}
		}
		s := i
		if down {
			s = n - 1 - i
		}
		if look(uint32(s)) {
			more = true
		}
	}
	return more, rows.Err()
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
	return nil, g.rows.Err()
}

// forever returns how it goes on after state s: to where nothing leads away from,
// and then round, if it goes round there; and the step from which on it
// repeats, or -1.
func (g *graph) forever(sys explore.System, s uint32) (more []explore.PathStep, loop int, err error) {
	var rest []uint32
	at := s
	final, err := g.finals(s)
	if err != nil {
		return nil, -1, err
	}
	if !final[at] {
		if rest, err = g.way(at, func(t uint32) bool { return final[t] }); err != nil {
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
	words, err := g.Words(int(s))
	if err != nil {
		return nil, -1, err
	}
	more, err = g.Through(words, append(rest, round...), nil)
	return more, loop, err
}

// again reports whether a state of sys leads to itself.
func (g *graph) again(sys explore.System, s uint32) (bool, error) {
	var steps explore.Steps
	words, err := g.Words(int(s))
	if err != nil {
		return false, err
	}
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

	sinceBits = 2
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

func (x *since) Bits() []int { return append(slices.Clone(explore.Bits(x.Composed)), sinceBits) }

func (x *since) Growing() []explore.Bitfield { return explore.GrowingFields(x.Composed) }

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
