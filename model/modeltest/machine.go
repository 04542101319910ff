// Package modeltest draws random models for property tests.
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
		events := model.NewEvents()
		for i := range visible {
			events.Event(string(rune('a' + i)))
		}
		n := rapid.IntRange(1, states).Draw(t, "states")
		state := rapid.IntRange(0, n-1)
		type edge struct{ from, event, to int }
		edges := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) edge {
			return edge{state.Draw(t, "from"), rapid.IntRange(0, visible+1).Draw(t, "event"), state.Draw(t, "to")}
		}), 0, 2*n).Draw(t, "transitions")
		last := map[int]bool{}
		for _, e := range edges {
			if model.Event(e.event) == model.Tick {
				last[e.to] = true
			}
		}
		b := model.NewMachine("M", events)
		b.States(n)
		for _, e := range edges {
			if !last[e.from] {
				b.Add(model.State(e.from), model.Event(e.event), model.State(e.to))
			}
		}
		b.Start(model.State(state.Draw(t, "initial")))
		m, err := b.Build()
		if err != nil {
			panic(fmt.Sprintf("modeltest: %v", err))
		}
		return m
	})
}
