// Package modeltest draws random models for property tests, and says what
// they denote by the books.
//
// Machines and Pairs draw machines, Terms process terms with every operator,
// Networks the networks of these, and Programs concurrent Go programs. All are
// generators of pgregory.net/rapid, and shrink to what is small and simple.
//
// A Process or its Denotation is an oracle that answers about machines are held
// against; a Term says itself, by the firing rules, what it does. None of it
// shares code with what it judges.
package modeltest

import (
	"fmt"

	"github.com/cspcheck/cspcheck/model"
	"pgregory.net/rapid"
)

// Machines draws machines of 1 to states states over τ, ✓ and visible
// events, which are called a, b, c, ... States need not be reachable. They
// have two transitions on average, at most.
func Machines(states, visible int) *rapid.Generator[*model.Machine] {
	return rapid.Custom(func(t *rapid.T) *model.Machine {
		s := &sketch{states: rapid.IntRange(1, states).Draw(t, "states")}
		s.edges = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) edge {
			return edge{s.state(t, "from"), rapid.IntRange(0, visible+1).Draw(t, "event"), s.state(t, "to")}
		}), 0, 2*s.states).Draw(t, "transitions")
		s.initial = s.state(t, "initial")
		return s.machine(alphabet(visible))
	})
}

// A sketch is a machine that is still being drawn.
type sketch struct {
	states  int
	edges   []edge
	initial int
}

type edge struct{ from, event, to int }

func (s *sketch) state(t *rapid.T, label string) int {
	return rapid.IntRange(0, s.states-1).Draw(t, label)
}

// machine returns what was sketched, but for the transitions of states that
// ✓ leads to.
func (s *sketch) machine(events *model.Events) *model.Machine {
	last := map[int]bool{}
	for _, e := range s.edges {
		if model.Event(e.event) == model.Tick {
			last[e.to] = true
		}
	}
	b := model.NewMachine("M", events)
	b.States(s.states)
	for _, e := range s.edges {
		if !last[e.from] {
			b.Add(model.State(e.from), model.Event(e.event), model.State(e.to))
		}
	}
	b.Start(model.State(s.initial))
	m, err := b.Build()
	if err != nil {
		panic(fmt.Sprintf("modeltest: %v", err))
	}
	return m
}

// alphabet returns a table of the first visible events.
func alphabet(visible int) *model.Events {
	events := model.NewEvents()
	for i := range visible {
		events.Event(string(rune('a' + i)))
	}
	return events
}
