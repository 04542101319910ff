package deadlock_test

import (
	"context"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/deadlock/verdicttest"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/modeltest"
)

// The engine and the definition agree in each model on every tiny pair, and
// on tens of thousands of others, the same ones in every run. Counterexamples
// are held against the definition, too.

// Tiny machines have at most two states, and one event besides τ and ✓.
func TestRefinesEveryTinyPair(t *testing.T) {
	var all []*modeltest.Process
	var denotes []*modeltest.Denotation
	for _, m := range tiny() {
		p := modeltest.NewProcess(m)
		all = append(all, p)
		denotes = append(denotes, p.Denote(6)) // enough for two and two states
	}
	for _, m := range models {
		t.Run(string(m), func(t *testing.T) {
			mix := verdicttest.Mix{}
			for i, spec := range all {
				for j, impl := range all {
					mix[checkRefines(t, spec, impl, m, denotes[i].RefinedBy(denotes[j], modeltest.Model(m)))]++
					if t.Failed() {
						t.Fatalf("spec\n%simpl\n%s", spec.Machine, impl.Machine)
					}
				}
			}
			enough(t, mix, m, verdicttest.Mix{verdicttest.Holds: 20_000, explore.TraceViolation: 100, explore.Refusal: 200, explore.Divergence: 3000})
		})
	}
}

// tiny returns the machines of at most two states over τ, ✓ and the event a
// that start in the first, each once: no transition is out of reach.
func tiny() []*model.Machine {
	events := model.NewEvents()
	a := events.Event("a")
	var all []*model.Machine
	for edges := range 1 << 9 {
		has := func(i int) bool { return edges>>i&1 == 1 }
		ends := has(8) // ✓ leads to the second state, so that it has no transitions
		second := edges>>4&15 != 0
		if ends && second || second && !has(1) && !has(3) {
			continue
		}
		b := model.NewMachine("M", events)
		b.States(2)
		b.Start(0)
		for i, e := range []struct {
			from  model.State
			event model.Event
			to    model.State
		}{
			{0, model.Tau, 0}, {0, model.Tau, 1}, {0, a, 0}, {0, a, 1},
			{1, model.Tau, 0}, {1, model.Tau, 1}, {1, a, 0}, {1, a, 1},
			{0, model.Tick, 1},
		} {
			if has(i) {
				b.Add(e.from, e.event, e.to)
			}
		}
		m, err := b.Build()
		if err != nil {
			panic(err)
		}
		all = append(all, m)
	}
	return all
}

func TestRefinesMeansInclusion(t *testing.T) {
	byDenotation := func(spec, impl *modeltest.Process, m modeltest.Model) bool {
		n := modeltest.Enough(spec, impl)
		return spec.Denote(n).RefinedBy(impl.Denote(n), m)
	}
	for _, tt := range []struct {
		name            string
		states, visible int // of each machine
		refined         func(spec, impl *modeltest.Process, m modeltest.Model) bool
	}{
		{"2 states, 2 events", 2, 2, byDenotation},
		{"3 states, 1 event", 3, 1, byDenotation},
		{"6 states, 2 events", 6, 2, (*modeltest.Process).RefinedBy},
		{"8 states, 1 event", 8, 1, (*modeltest.Process).RefinedBy},
		{"10 states, 3 events", 10, 3, (*modeltest.Process).RefinedBy},
	} {
		for _, m := range models {
			t.Run(tt.name+"/"+string(m), func(t *testing.T) {
				pairs := modeltest.Pairs(tt.states, tt.visible)
				mix := verdicttest.Mix{}
				for seed := range 10_000 {
					pair := pairs.Example(seed)
					spec, impl := modeltest.NewProcess(pair.Spec), modeltest.NewProcess(pair.Impl)
					mix[checkRefines(t, spec, impl, m, tt.refined(spec, impl, modeltest.Model(m)))]++
					if t.Failed() {
						t.Fatalf("seed %d\n%s", seed, pair)
					}
				}
				enough(t, mix, m, verdicttest.Mix{verdicttest.Holds: 4000, explore.TraceViolation: 1000, explore.Refusal: 1200, explore.Divergence: 300})
			})
		}
	}
}

// enough checks that there were enough verdicts of each kind.
func enough(t *testing.T, mix verdicttest.Mix, m deadlock.Model, floor verdicttest.Mix) {
	t.Log(mix)
	for _, lacks := range mix.Lacks(m, floor) {
		t.Errorf("%s: not much of a test", lacks)
	}
}

// checkRefines checks the engine's answer, and its counterexample, and
// returns the outcome.
func checkRefines(t *testing.T, spec, impl *modeltest.Process, m deadlock.Model, want bool) explore.Kind {
	v, err := deadlock.Refines(context.Background(), explore.Machine(spec.Machine), explore.Machine(impl.Machine), m, explore.Limits{})
	if err != nil {
		t.Errorf("in %s: %v", m, err)
		return ""
	}
	kind, err := verdicttest.Refines(v, spec, impl, m, want)
	if err != nil {
		t.Error(err)
	}
	return kind
}
