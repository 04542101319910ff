package explore

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

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

// Of a loop that is closed by a reset, by who stays, the reset is sticky, and no step.
func TestAResetIsSticky(t *testing.T) {
	events := model.NewEvents()
	step, tick := events.Event("step"), events.Event("tick")
	b := model.NewRules("N", events)
	for _, m := range []struct {
		name   string
		states int
		event  model.Event
		to     model.State
	}{{"LOOP", 2, step, 1}, {"CLOCK", 1, tick, 0}} {
		machine := model.NewMachine(m.name, events)
		machine.States(m.states)
		machine.Start(0)
		machine.Add(0, m.event, m.to)
		built, err := machine.Build()
		if err != nil {
			t.Fatal(err)
		}
		b.Component(model.Component{Name: m.name, Machine: built})
	}
	b.Rule(model.Tau, []model.Part{{Component: 0, Event: step}})
	b.Rule(model.Tau, []model.Part{{Component: 1, Event: tick}}, model.Span{Lo: 0, Hi: 1})
	net, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	n := newNetwork(net)
	if got := n.stubbornTables().stickies(n); !slices.Equal(got, []bool{false, true}) {
		t.Errorf("sticky are %v", got)
	}
}

// Each loop of τ has a sticky step: without those that are, τ leads from no state
// that there is back to it.
func TestEachLoopHasAStickyStep(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		net := drawn{components: 3, states: 3, events: 3, transitions: 5, rules: 6, taus: true}.network(t)
		n := newNetwork(net)
		if rapid.IntRange(0, 3).Draw(t, "on demand") == 0 {
			n = newNetwork(onDemand(t, net))
		}
		sticky := n.stubbornTables().stickies(n)
		initial := make([]model.State, len(net.Components()))
		for i, c := range net.Components() {
			initial[i] = c.Machine.Initial()
		}
		number, states := map[string]int{fmt.Sprint(initial): 0}, [][]model.State{initial}
		taus := map[int][]int{}
		for i := 0; i < len(states); i++ {
			if i > 300 {
				return
			}
			for r := range net.NumRules() {
				for _, to := range naiveRule(net, r, states[i]) {
					j, seen := number[fmt.Sprint(to)]
					if !seen {
						j = len(states)
						number[fmt.Sprint(to)], states = j, append(states, to)
					}
					if net.Event(r) == model.Tau && !sticky[r] {
						taus[i] = append(taus[i], j)
					}
				}
			}
		}
		done := map[int]int{} // 1: on the way, 2: left
		var walk func(i int) bool
		walk = func(i int) bool {
			done[i] = 1
			for _, j := range taus[i] {
				if done[j] == 1 || done[j] == 0 && !walk(j) {
					return false
				}
			}
			done[i] = 2
			return true
		}
		for i := range states {
			if done[i] == 0 && !walk(i) {
				t.Fatalf("a loop of τ from %v has no sticky step: %v\n%s", states[i], sticky, net)
			}
		}
	})
}
