package modeltest

import (
	"slices"

	"github.com/cspcheck/cspcheck/model"
	"pgregory.net/rapid"
)

// A Pair is a specification and what may implement it, over one table of
// events.
type Pair struct{ Spec, Impl *model.Machine }

// GoString is String, for reports of property tests.
func (p Pair) GoString() string { return p.String() }

func (p Pair) String() string { return "spec\n" + p.Spec.String() + "impl\n" + p.Impl.String() }

// Pairs draws pairs of machines of at most states states, and mostly at least
// half as many, over τ, ✓ and visible events. Of four pairs one is of two strangers, who rarely refine each
// other. In the others one machine is the other after at most three changes,
// so that refinements hold often, and fail late. States are reachable, or
// were until a change or a ✓ cut them off.
func Pairs(states, visible int) *rapid.Generator[Pair] {
	return rapid.Custom(func(t *rapid.T) Pair {
		events := alphabet(visible)
		s := drawTree(t, states, visible)
		m := s.machine(events)
		kinship := rapid.SampledFrom([]string{"strangers", "impl is changed", "impl is changed", "spec is changed"}).Draw(t, "kinship")
		if kinship == "strangers" {
			return Pair{Spec: m, Impl: drawTree(t, states, visible).machine(events)}
		}
		for range rapid.IntRange(0, 3).Draw(t, "changes") {
			s.change(t, states, visible)
		}
		if kinship == "spec is changed" {
			return Pair{Spec: s.machine(events), Impl: m}
		}
		return Pair{Spec: m, Impl: s.machine(events)}
	})
}

// drawTree draws a tree, with the initial state as its root and rather deep,
// and more transitions.
func drawTree(t *rapid.T, states, visible int) *sketch {
	n := rapid.IntRange((states+1)/2, states).Draw(t, "states")
	s := &sketch{states: 1}
	for ; s.states < n; s.states++ {
		from := rapid.IntRange(max(0, s.states-3), s.states-1).Draw(t, "from")
		s.edges = append(s.edges, edge{from, drawEvent(t, visible), s.states})
	}
	for range rapid.IntRange(0, n+1).Draw(t, "transitions") {
		s.edges = append(s.edges, s.edge(t, visible))
	}
	return s
}

func (s *sketch) edge(t *rapid.T, visible int) edge {
	return edge{s.state(t, "from"), drawEvent(t, visible), s.state(t, "to")}
}

// drawEvent draws τ and ✓ half as often as each other event.
func drawEvent(t *rapid.T, visible int) int {
	n := rapid.IntRange(0, 2*visible+1).Draw(t, "event")
	if e := model.Event(n); e == model.Tau || e == model.Tick {
		return n
	}
	return n/2 + 1 // 2 and 3 are a
}

// change makes one change to s. Some keep what s denotes, some take from it,
// some add to it.
func (s *sketch) change(t *rapid.T, states, visible int) {
	what := rapid.SampledFrom([]string{"add", "remove", "hide", "loop", "copy", "delay"}).Draw(t, "change")
	if what == "add" {
		s.edges = append(s.edges, s.edge(t, visible))
		return
	}
	if len(s.edges) == 0 {
		return
	}
	i := rapid.IntRange(0, len(s.edges)-1).Draw(t, "transition")
	to := s.edges[i].to
	fresh := s.states // the number of a new state, if there is room for it
	switch {
	case what == "remove":
		s.edges = slices.Delete(s.edges, i, i+1)
	case what == "hide":
		s.edges[i].event = int(model.Tau)
	case what == "loop": // the transition is hidden, and a τ leads back
		s.edges[i].event = int(model.Tau)
		s.edges = append(s.edges, edge{to, int(model.Tau), s.edges[i].from})
	case fresh == states:
		return
	case what == "copy": // the transition leads to a copy of its target
		s.states++
		s.edges[i].to = fresh
		for _, e := range s.edges {
			if e.from == to {
				s.edges = append(s.edges, edge{fresh, e.event, e.to})
			}
		}
	case what == "delay": // a τ comes after the transition
		s.states++
		s.edges[i].to = fresh
		s.edges = append(s.edges, edge{fresh, int(model.Tau), to})
	}
}
