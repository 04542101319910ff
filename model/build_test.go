package model_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/modeltest"
	"pgregory.net/rapid"
)

func TestBuild(t *testing.T) {
	for _, tt := range []struct {
		name  string
		build func(b *model.MachineBuilder)
		want  string // the machine's lines, or what is wrong, without margins
	}{
		{"STOP", func(b *model.MachineBuilder) { b.State("stop"); b.Initial("stop") },
			"> stop:"},
		{"SKIP, by number", func(b *model.MachineBuilder) { b.States(2); b.Add(0, model.Tick, 1); b.Start(0) },
			"> 0: ✓ -> 1\n1:"},
		{"sorted, and each once", func(b *model.MachineBuilder) {
			b.On("s", "b", "t")
			b.On("s", "a", "t")
			b.On("s", "τ", "s")
			b.On("s", "b", "s")
			b.On("s", "b", "t")
			b.Initial("s")
		},
			"> s: τ -> s, b -> s, b -> t, a -> t\nt:"}, // b was seen before a
		{"the initial state comes first or last", func(b *model.MachineBuilder) { b.Initial("t"); b.On("s", "a", "t") },
			"s: a -> t\n> t:"},
		{"names and numbers", func(b *model.MachineBuilder) {
			s := b.States(2)
			b.Start(b.State("idle"))
			b.Add(b.State("idle"), model.Tau, s+1)
		},
			"0:\n1:\n> idle: τ -> 1"},
		{"nothing", func(b *model.MachineBuilder) {},
			"machine M: no initial state"},
		{"a misspelt initial state", func(b *model.MachineBuilder) { b.On("idle", "a", "idle"); b.Initial("idel") },
			`machine M: unknown initial state "idel": no transition mentions it`},
		{"numbers out of range", func(b *model.MachineBuilder) { b.States(2); b.Start(2); b.Add(0, 9, -1) },
			"machine M: unknown initial state 2: the states are 0 to 1\n" +
				"machine M: unknown state -1 in 0 -9-> -1: the states are 0 to 1\n" +
				"machine M: unknown event 9 in 0 -9-> -1: the events are 0 to 1"},
		{"life after ✓", func(b *model.MachineBuilder) {
			b.On("end", "τ", "s")
			b.On("s", "✓", "end")
			b.Initial("s")
		},
			"machine M: end -τ-> s comes after ✓"},
		{"✓ for ever", func(b *model.MachineBuilder) { b.On("s", "✓", "s"); b.Initial("s") },
			"machine M: s -✓-> s comes after ✓"},
		{"no name", func(b *model.MachineBuilder) { b.On("s", "", "t"); b.State("s"); b.Initial("s") },
			"machine M: a state or an event has no name"},
	} {
		b := model.NewMachine("M", model.NewEvents())
		tt.build(b)
		m, err := b.Build()
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			for line := range strings.Lines(m.String()) {
				got += strings.TrimSpace(line) + "\n"
			}
			got = strings.TrimSpace(got)
		}
		if got != tt.want {
			t.Errorf("%s:\n%s\nwant:\n%s", tt.name, got, tt.want)
		}
	}
}

// The order in which transitions are added does not show.
func TestBuildIsCanonical(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := modeltest.Machines(6, 2).Draw(t, "machine")
		type edge struct {
			from  model.State
			event model.Event
			to    model.State
		}
		var edges []edge
		for s := range model.State(m.Len()) {
			events, targets := m.Transitions(s)
			for i, e := range events {
				edges = append(edges, edge{s, e, targets[i]})
			}
		}
		if m.NumTransitions() != len(edges) {
			t.Errorf("%d transitions in all, but %d at the states", m.NumTransitions(), len(edges))
		}
		again := model.NewMachine("M", m.Events())
		again.States(m.Len())
		again.Start(m.Initial())
		for _, e := range slices.Concat(rapid.Permutation(edges).Draw(t, "order"), edges) {
			again.Add(e.from, e.event, e.to)
		}
		m2, err := again.Build()
		if err != nil {
			t.Fatal(err)
		}
		if m.String() != m2.String() {
			t.Errorf("%v in another order is %v", m, m2)
		}
	})
}

func TestTransitionsAreViews(t *testing.T) {
	b := model.NewMachine("M", model.NewEvents())
	b.On("s", "a", "s")
	b.Initial("s")
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(100, func() { m.Transitions(0) }); n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
}

func TestMachineAlphabet(t *testing.T) {
	events := model.NewEvents()
	events.Event("spare")
	b := model.NewMachine("M", events)
	b.On("s", "a", "s")
	b.On("s", "τ", "s")
	b.On("s", "✓", "end")
	b.Initial("s")
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Alphabet().Text(events); got != "{a}" {
		t.Errorf("%s, want {a}", got)
	}
}
