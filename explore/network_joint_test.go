package explore

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/model"
)

// A network takes the same steps in the same order whether its leaders are
// joined or each is asked on its own.
func TestJointsChangeNothing(t *testing.T) {
	joined, cases := 0, 0
	changes := func(t *rapid.T) {
		net := smallNetwork(t)
		fast, slow := newNetwork(net), newNetwork(net)
		slow.stages = nil
		for _, c := range slow.leaders {
			slow.stages = append(slow.stages, stage{leader: c})
		}
		for _, g := range fast.stages {
			if g.joint != nil {
				joined++
			}
		}
		if len(fast.stages) < len(fast.leaders) {
			cases++
		}
		queue := []uint64{0}
		if err := fast.Initial(queue); err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(queue) && i < 500; i++ {
			var got, want Steps
			if err := fast.Successors(queue[i:i+1], &got); err != nil {
				t.Fatal(err)
			}
			if err := slow.Successors(queue[i:i+1], &want); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got.Events, want.Events) || !slices.Equal(got.States, want.States) {
				t.Fatalf("state %x: %v %x, want %v %x", queue[i], got.Events, got.States, want.Events, want.States)
			}
			for _, s := range got.States {
				if !slices.Contains(queue, s) {
					queue = append(queue, s)
				}
			}
		}
	}
	for range 50 { // few draws may have none
		if rapid.Check(t, changes); t.Failed() || joined > 0 && cases > 0 {
			return
		}
	}
	t.Errorf("%d joints, %d networks with leaders joined: this tests nothing", joined, cases)
}

// drawn are the most that a random network has of each, and if it is to be
// large, it has half of that at least.
type drawn struct {
	components, states, events, transitions, rules int
	large                                          bool
	taus                                           bool // most rules are by τ, and many reset
}

// smallNetwork draws some machines of one to five states, and rules among
// them.
func smallNetwork(t *rapid.T) *model.Network {
	return drawn{components: 6, states: 5, events: 3, transitions: 8, rules: 12}.network(t)
}

// network draws some machines, and rules among them.
func (d drawn) network(t *rapid.T) *model.Network {
	events := model.NewEvents()
	var visible []model.Event
	for i := range d.events {
		visible = append(visible, events.Event(fmt.Sprint("e", i)))
	}
	number := func(label string, lo, hi int) int { return rapid.IntRange(lo, hi).Draw(t, label) }
	size := func(label string, least, most int) int {
		if d.large {
			least = most / 2
		}
		return number(label, least, most)
	}
	b := model.NewRules("N", events)
	var does [][]model.Event // by component
	for i := range size("components", 1, d.components) {
		m := model.NewMachine(fmt.Sprint("M", i), events)
		states := size("states", 1, d.states)
		m.States(states)
		m.Start(model.State(number("initial", 0, states-1)))
		does = append(does, nil)
		for range size("transitions", 0, d.transitions) {
			e := rapid.SampledFrom(visible).Draw(t, "event")
			m.Add(model.State(number("from", 0, states-1)), e, model.State(number("to", 0, states-1)))
			does[i] = append(does[i], e)
		}
		built, err := m.Build()
		if err != nil {
			t.Fatal(err)
		}
		b.Component(model.Component{Name: fmt.Sprint("c", i), Machine: built})
	}
	for range size("rules", 0, d.rules) {
		var parts []model.Part
		for c, own := range does {
			if len(own) > 0 && number("takes part", 0, 2) == 0 {
				parts = append(parts, model.Part{Component: int32(c), Event: rapid.SampledFrom(own).Draw(t, "local")})
			}
		}
		if len(parts) == 0 {
			continue
		}
		var resets []model.Span
		if number("resets", 0, 9) == 0 || d.taus && rapid.Bool().Draw(t, "reset") {
			resets = []model.Span{{Lo: 0, Hi: 1}}
		}
		seen := rapid.SampledFrom(visible).Draw(t, "seen")
		if d.taus && number("tau", 0, 5) > 0 {
			seen = model.Tau
		}
		b.Rule(seen, parts, resets...)
	}
	net, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return net
}
