package explore

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// A lazy keeps what has been asked of a component on demand.
type lazy struct {
	source model.OnDemand
	open   bool          // it can meet events that are not in does
	does   []model.Event // see model.Component

	rules  []int32 // that the component leads, by local event
	starts map[model.Event][2]int32

	often map[model.Event]int // in how many steps of walk each event was possible
	steps int                 // of walk

	ranges  []lazyRange // by local state
	events  []model.Event
	targets []model.State
	moves   []move
}

func newLazy(c *model.Component) *lazy {
	_, open := c.Demand.(model.OpenEnded)
	return &lazy{source: c.Demand, open: open, does: c.Does}
}

// errNewEvents is the error of a component that can do what no rule was made
// for.
var errNewEvents = errors.New("a component does events that were not known of")

// ask returns the transitions of a local state that need not be known.
func (l *lazy) ask(s model.State) ([]model.Event, []model.State, error) {
	events, targets, err := l.source.Transitions(s)
	if err == nil && l.open {
		for i, e := range events {
			if i > 0 && events[i-1] == e {
				continue
			}
			if _, ok := slices.BinarySearch(l.does, e); !ok {
				return nil, nil, errNewEvents
			}
		}
	}
	return events, targets, err
}

// A lazyRange says where a local state's transitions and moves are. Both ends
// are there once it is known.
type lazyRange struct {
	known    bool
	from, to int // in events and targets
	lo, hi   int // in moves
}

// A component of up to this many states and transitions is spelt out at the
// start, whatever its partners let it do.
const (
	spelledStates      = 1 << 12
	spelledTransitions = 1 << 16
)

// tabulate returns the component as a machine, or nil if it has more states
// or transitions.
func (l *lazy) tabulate(name string, initial model.State, events *model.Events, states, most int) *model.Machine {
	b := model.NewMachine(name, events)
	number := map[model.State]bool{initial: true}
	queue := []model.State{initial}
	highest, transitions := initial, 0
	for i := 0; i < len(queue); i++ {
		es, ts, err := l.ask(queue[i])
		if err != nil {
			return nil // perhaps it never comes to that state
		}
		transitions += len(es)
		for k, t := range ts {
			b.Add(queue[i], es[k], t)
			highest = max(highest, t)
			if !number[t] {
				number[t] = true
				queue = append(queue, t)
			}
		}
		if len(queue) > states || transitions > most || int(highest) >= 4*states {
			return nil
		}
	}
	b.States(int(highest) + 1)
	b.Start(initial)
	m, err := b.Build()
	if err != nil {
		return nil // moves after ✓, in a network made rule by rule
	}
	return m
}

// A walk has at most this many steps, and stops when the states on it have
// more than spelledTransitions.
const walkSteps = 256

// walk notes how often the component can do an event on a random walk through
// its states, always the same one. It starts again where there is an end.
func (l *lazy) walk(initial model.State) {
	type place struct {
		events  []model.Event
		targets []model.State
		times   int
	}
	places := map[model.State]*place{}
	random := rand.New(rand.NewPCG(1, 1))
	transitions := 0
	for s := initial; l.steps < walkSteps && transitions <= spelledTransitions; {
		x := places[s]
		if x == nil {
			x = &place{}
			var err error
			if x.events, x.targets, err = l.source.Transitions(s); err != nil {
				break // perhaps it never comes to that state
			}
			places[s] = x
			transitions += len(x.events)
		}
		x.times++
		l.steps++
		if s = initial; len(x.targets) > 0 {
			s = x.targets[random.IntN(len(x.targets))]
		}
	}
	l.often = map[model.Event]int{}
	for _, x := range places {
		for k, e := range x.events {
			if k == 0 || x.events[k-1] != e {
				l.often[e] += x.times
			}
		}
	}
}

// frequency estimates how often the component can do an event. One that the
// walk did not meet is taken for one that would come in twice as many steps.
// One whose initial state is an error is led by others wherever possible: it
// may be part of an operand that is not on.
func (l *lazy) frequency(e model.Event) float64 {
	if l.steps == 0 {
		return math.Inf(1)
	}
	return max(float64(l.often[e]), 0.5) / float64(max(1, l.steps))
}

// transitions returns those of a local state that is known.
func (l *lazy) transitions(s model.State) ([]model.Event, []model.State) {
	r := &l.ranges[s]
	return l.events[r.from:r.to:r.to], l.targets[r.from:r.to:r.to]
}

// lazyMoves returns what m leads in a local state.
func (n *network) lazyMoves(m *member, s model.State) []move {
	if n.expandLazy(m, s); n.err != nil {
		return nil
	}
	r := &m.lazy.ranges[s]
	return m.lazy.moves[r.lo:r.hi]
}

// expandLazy makes a local state known, or notes an error.
func (n *network) expandLazy(m *member, s model.State) {
	l := m.lazy
	if int(s) < len(l.ranges) && l.ranges[s].known || n.err != nil {
		return
	}
	if n.of != nil {
		n.err = ErrLater
		return
	}
	n.asked++
	events, targets, err := l.ask(s)
	if err != nil {
		n.err = err
		return
	}
	if int(s) >= len(l.ranges) {
		l.ranges = append(l.ranges, make([]lazyRange, int(s)+1-len(l.ranges))...)
	}
	r := lazyRange{known: true, from: len(l.events), lo: len(l.moves)}
	l.events = append(l.events, events...)
	l.targets = append(l.targets, targets...)
	l.moves = n.appendMoves(l.moves, m, s, events, targets, l.rules, l.starts)
	r.to, r.hi = len(l.events), len(l.moves)
	l.ranges[s] = r
}

// A whole is a network as one component: its states are numbered as they are
// met, in the order of the network's successors.
type whole struct {
	numbering
	net *network
}

func newWhole(n *model.Network, room func(bytes int64) error) *whole {
	net := newNetworkIn(n, 64, room)
	return &whole{newNumbering(inner{net}), net}
}

// inner is a network inside of another: it is the outer one that is made
// again for new events.
type inner struct{ *network }

func (n inner) Successors(s []uint64, out *Steps) error { return n.successors(s, out) }

func (w *whole) Initial() (model.State, error) {
	s, err := w.initial()
	return model.State(s), err
}

func (w *whole) Transitions(s model.State) ([]model.Event, []model.State, error) {
	edges, err := w.edges(int(s))
	if err != nil {
		return nil, nil, err
	}
	events, targets := make([]model.Event, len(edges)), make([]model.State, len(edges))
	for i, x := range edges {
		events[i], targets[i] = x.event, model.State(x.target)
	}
	return events, targets, nil
}
