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

// Deterministic means that never both s^<a> is a trace and (s, {a}) a failure.
func TestDeterministicMeansNeverBoth(t *testing.T) {
	// A shortest counterexample meets no nonempty set of states twice, and so
	// has fewer events than there are such sets; the refused one comes on top.
	byDenotation := func(p *modeltest.Process, m modeltest.Model) bool {
		return p.Denote(1<<p.Machine.Len() - 1).Deterministic(m)
	}
	drawn := func(states, visible int) []*model.Machine {
		pairs := modeltest.Pairs(states, visible)
		var all []*model.Machine
		for seed := range 10_000 {
			all = append(all, pairs.Example(seed).Impl)
		}
		return all
	}
	many := verdicttest.Mix{verdicttest.Holds: 3000, explore.Nondeterminism: 1500, explore.Divergence: 400}
	for _, tt := range []struct {
		name          string
		machines      []*model.Machine
		deterministic func(p *modeltest.Process, m modeltest.Model) bool
		mix           verdicttest.Mix
	}{
		{"tiny", tiny(), byDenotation, verdicttest.Mix{verdicttest.Holds: 20, explore.Nondeterminism: 5, explore.Divergence: 50}},
		{"3 states, 2 events", drawn(3, 2), byDenotation, many},
		{"6 states, 2 events", drawn(6, 2), (*modeltest.Process).Deterministic, many},
		{"10 states, 3 events", drawn(10, 3), (*modeltest.Process).Deterministic, many},
	} {
		for _, m := range []deadlock.Model{deadlock.F, deadlock.FD} {
			t.Run(tt.name+"/"+string(m), func(t *testing.T) {
				mix := verdicttest.Mix{}
				for _, machine := range tt.machines {
					p := modeltest.NewProcess(machine)
					mix[checkDeterministic(t, p, m, tt.deterministic(p, modeltest.Model(m)))]++
					if t.Failed() {
						t.Fatalf("\n%s", machine)
					}
				}
				enough(t, mix, m, tt.mix)
			})
		}
	}
}

// checkDeterministic checks the engine's answer, and its counterexample, and
// returns the outcome.
func checkDeterministic(t *testing.T, p *modeltest.Process, m deadlock.Model, want bool) explore.Kind {
	v, err := deadlock.Deterministic(context.Background(), explore.Machine(p.Machine), m, explore.Limits{})
	if err != nil {
		t.Errorf("in %s: %v", m, err)
		return ""
	}
	kind, err := verdicttest.Deterministic(v, p, m, want)
	if err != nil {
		t.Error(err)
	}
	return kind
}
