package explore

import (
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/model"
)

// forked adds a component that can do the events, each to two states in which
// nothing is possible.
func forked(t *testing.T, b *model.Rules, table *model.Events, events ...model.Event) {
	m := model.NewMachine("M", table)
	m.States(3)
	m.Start(0)
	for _, e := range events {
		m.Add(0, e, 1)
		m.Add(0, e, 2)
	}
	built, err := m.Build()
	if err != nil {
		t.Fatal(err)
	}
	b.Component(model.Component{Name: "M", Machine: built})
}

// Equal transitions count once, whatever makes them equal.
func TestEqualTransitionsCountOnce(t *testing.T) {
	for _, tt := range []struct {
		name        string
		rules       func(b *model.Rules, e, f model.Event)
		distinct    bool
		transitions int64
	}{
		{"none are", func(b *model.Rules, e, f model.Event) {
			b.Rule(e, []model.Part{{Component: 0, Event: e}})
			b.Rule(f, []model.Part{{Component: 0, Event: f}})
		}, true, 4},
		{"two rules look alike", func(b *model.Rules, e, f model.Event) {
			b.Rule(e, []model.Part{{Component: 0, Event: e}})
			b.Rule(e, []model.Part{{Component: 0, Event: f}})
		}, false, 2},
		{"what differs is reset", func(b *model.Rules, e, f model.Event) {
			b.Rule(e, []model.Part{{Component: 0, Event: e}}, model.Span{Lo: 0, Hi: 1})
			b.Rule(f, []model.Part{{Component: 0, Event: f}})
		}, false, 3},
	} {
		events := model.NewEvents()
		e, f := events.Event("e"), events.Event("f")
		b := model.NewRules("N", events)
		forked(t, b, events, e, f)
		tt.rules(b, e, f)
		net, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		s, err := Run(context.Background(), Network(net), Limits{}, nil)
		if err != nil || s.Transitions != tt.transitions || isDistinct(Network(net)) != tt.distinct {
			t.Errorf("%s: %d transitions, %v, distinct: %v", tt.name, s.Transitions, err, isDistinct(Network(net)))
		}
	}
}

// A network whose transitions are said to be distinct gives none twice.
func TestDistinctMeansNoneTwice(t *testing.T) {
	distinct := 0
	for range 30 {
		rapid.Check(t, func(t *rapid.T) {
			net := smallNetwork(t)
			if rapid.Bool().Draw(t, "on demand") {
				net = onDemand(t, net)
			}
			if !isDistinct(Network(net)) {
				return
			}
			asked := Network(net)
			Run(context.Background(), Network(net), Limits{}, func(v *Visit) bool {
				var steps Steps
				if err := asked.Successors(slices.Clone(v.Words), &steps); err != nil {
					t.Fatal(err)
				}
				w := len(v.Words)
				for i, e := range steps.Events {
					distinct += min(i, 1)
					for j := range i {
						if steps.Events[j] == e && slices.Equal(steps.States[i*w:(i+1)*w], steps.States[j*w:(j+1)*w]) {
							t.Fatalf("state %x does %v %x twice", v.Words, e, steps.States[i*w:(i+1)*w])
						}
					}
				}
				return true
			})
		})
	}
	if distinct < 20 {
		t.Errorf("%d transitions that may be equal to another: this tests nothing", distinct)
	}
}
