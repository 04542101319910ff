package explore

import (
	"fmt"
	"testing"

	"github.com/cspcheck/cspcheck/model"
)

// Of a component that goes round by τ one step is sticky, wherever it begins: where
// all are, which is as right, less is left out.
func TestOneStepOfALoopIsSticky(t *testing.T) {
	const steps = 5
	for start := range model.State(steps) {
		events := model.NewEvents()
		m := model.NewMachine("LOOP", events)
		m.States(steps)
		for s := range model.State(steps) {
			m.Add(s, events.Event(fmt.Sprintf("step.%d", s)), (s+1)%steps)
		}
		m.Start(start)
		loop, err := m.Build()
		if err != nil {
			t.Fatal(err)
		}
		b := model.NewRules("N", events)
		c := b.Component(model.Component{Name: "LOOP", Machine: loop})
		for s := range model.State(steps) {
			b.Rule(model.Tau, []model.Part{{Component: int32(c), Event: events.Event(fmt.Sprintf("step.%d", s))}})
		}
		net, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		n := newNetwork(net)
		sticky := 0
		for _, is := range n.stubbornTables().stickies(n) {
			if is {
				sticky++
			}
		}
		if sticky != 1 {
			t.Errorf("from %d %d of %d steps are sticky", start, sticky, steps)
		}
	}
}
