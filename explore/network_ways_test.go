package explore_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/modeltest"
)

// The ways of a state are its moves, and lead where its steps lead; a path
// that says who takes part is told so.
func TestWaysAreMovesAndSteps(t *testing.T) {
	told := 0
	rapid.Check(t, func(t *rapid.T) {
		net := modeltest.Networks(3).Draw(t, "network")
		sys := explore.Network(net).(explore.Composed)
		states := 0
		_, err := explore.Run(context.Background(), sys, explore.Limits{States: 200}, func(v *explore.Visit) bool {
			states++
			w := sys.Width()
			steps, led, moves, ways := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
			for i, e := range v.Steps.Events {
				steps[fmt.Sprint(e, v.Steps.States[i*w:(i+1)*w])] = true
			}
			if err := sys.Moves(v.Words, nil, func(m *explore.Move) { moves[fmt.Sprint(*m)] = true }); err != nil {
				t.Fatal(err)
			}
			var all []explore.Way
			if err := sys.Ways(v.Words, func(x *explore.Way) { all = append(all, *x) }); err != nil {
				t.Fatal(err)
			}
			for _, x := range all {
				led[fmt.Sprint(x.Event, x.To)] = true
				ways[fmt.Sprint(x.Move)] = true
			}
			if fmt.Sprint(steps) != fmt.Sprint(led) || fmt.Sprint(moves) != fmt.Sprint(ways) {
				t.Fatalf("%s\nstate %v: steps %v, ways to %v; moves %v, ways %v", net, v.Words, steps, led, moves, ways)
			}
			if v.State > 0 {
				return true
			}
			for _, x := range all {
				b, err := sys.Explain([]explore.PathStep{{Event: x.Event, State: x.To, By: &x.Move}})
				if err != nil {
					t.Fatal(err)
				}
				var who []int32
				for _, p := range b.Steps[0].Parts {
					who = append(who, int32(p.Component))
				}
				if !slices.Equal(slices.Compact(who), x.Who()) {
					t.Fatalf("%s\n%v is told as %v", net, x, b.Steps[0])
				}
				told++
			}
			return true
		})
		if _, limit := err.(*explore.Limit); err != nil && !limit {
			t.Fatal(err)
		}
	})
	if told < 50 {
		t.Errorf("only %d ways were told", told)
	}
}

// A component wants what it is ready for, by the name that the world sees or
// under which it was hidden, whether or not its partners are ready.
func TestWants(t *testing.T) {
	events := model.NewEvents()
	a, b, c := events.Event("a"), events.Event("b"), events.Event("c")
	leaf := func(name string, does ...model.Event) *model.Process {
		m := model.NewMachine(name, events)
		m.Start(m.States(1))
		for _, e := range does {
			m.Add(0, e, 0)
		}
		built, err := m.Build()
		if err != nil {
			t.Fatal(err)
		}
		return model.Leaf(built).Named(name)
	}
	set := model.NewAlphabet
	for _, tt := range []struct {
		p      *model.Process
		wanted model.Event
		want   string // who
	}{
		{model.Interleave(leaf("P", a), leaf("Q", b)), a, "P"},
		{model.Par(set(a), leaf("P", a), leaf("Q", b)), a, "P"}, // in vain
		{model.Hide(leaf("P", a), set(a)), a, "P"},
		{model.Rename(model.Hide(leaf("P", a), set(a)), model.NewPairs([2]model.Event{a, b})), b, ""},
		{model.Rename(leaf("P", a), model.NewPairs([2]model.Event{a, b}, [2]model.Event{a, c})), c, "P"},
		{model.Rename(leaf("P", a), model.NewPairs([2]model.Event{a, b})), a, ""},
		{model.AlphaPar(model.Party{Process: leaf("P", a), Alphabet: set(b)}, model.Party{Process: leaf("Q", a), Alphabet: set(a)}), a, "Q"},
		{model.Link(leaf("P", a), leaf("Q", b), model.NewPairs([2]model.Event{a, b})), a, "P Q"},
		{model.Link(leaf("P", a), leaf("Q", a), model.NewPairs([2]model.Event{a, b})), a, "P Q"}, // Q's is not tied
		{model.Interleave(model.Whole(model.Hide(model.Interleave(leaf("P", a), leaf("Q", b)), set(a))), leaf("R", a)), a, "P R"},
		{model.IntChoice(leaf("P", a), leaf("Q", a)), a, ""}, // neither is on
		{model.ExtChoice(leaf("P", a), leaf("Q", b)), b, "Q"},
	} {
		net, err := model.NewNetwork("N", events, tt.p)
		if err != nil {
			t.Fatal(err)
		}
		sys := explore.Network(net).(explore.Composed)
		places := sys.Places()
		s := make([]uint64, sys.Width())
		if err := sys.Initial(s); err != nil {
			t.Fatal(err)
		}
		var all []int
		for i := range places {
			all = append(all, i)
		}
		out := make([]bool, len(all))
		if err := sys.Wants(s, func(e model.Event) bool { return e == tt.wanted }, all, out); err != nil {
			t.Fatal(err)
		}
		got := ""
		for i, yes := range out {
			if yes && places[i].Leaf {
				got += " " + places[i].Name
			}
			if up := places[i].Up; yes && up >= 0 && !out[up] {
				t.Errorf("%s: what is above %s does not want what it wants", net.Tree(), places[i].Name)
			}
		}
		if want := tt.want; want != "" && got != " "+want || want == "" && got != "" {
			t.Errorf("%s: %q want %s, should be %s", net.Tree(), got, events.Name(tt.wanted), tt.want)
		}
	}
}
