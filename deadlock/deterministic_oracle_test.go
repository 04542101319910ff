package deadlock_test

import (
	"context"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/modeltest"
)

// Deterministic means that never both s^<a> is a trace and (s, {a}) a failure.
func TestDeterministicMeansNeverBoth(t *testing.T) {
	// A shortest counterexample meets no nonempty set of states twice, and so
	// has fewer events than there are such sets; the refused one comes on top.
	byDenotation := func(p *process, m deadlock.Model) bool {
		return p.denote(1<<p.m.Len()-1).deterministic(p.m.Events(), m)
	}
	drawn := func(states, visible int) []*model.Machine {
		pairs := modeltest.Pairs(states, visible)
		var all []*model.Machine
		for seed := range 10_000 {
			all = append(all, pairs.Example(seed).Impl)
		}
		return all
	}
	many := outcomes{holds: 3000, explore.Nondeterminism: 1500, explore.Divergence: 400}
	for _, tt := range []struct {
		name          string
		machines      []*model.Machine
		deterministic func(p *process, m deadlock.Model) bool
		mix           outcomes
	}{
		{"tiny", tiny(), byDenotation, outcomes{holds: 20, explore.Nondeterminism: 5, explore.Divergence: 50}},
		{"3 states, 2 events", drawn(3, 2), byDenotation, many},
		{"6 states, 2 events", drawn(6, 2), (*process).deterministic, many},
		{"10 states, 3 events", drawn(10, 3), (*process).deterministic, many},
	} {
		for _, m := range []deadlock.Model{deadlock.F, deadlock.FD} {
			t.Run(tt.name+"/"+string(m), func(t *testing.T) {
				mix := outcomes{}
				for _, machine := range tt.machines {
					p := newProcess(machine)
					mix.add(checkDeterministic(t, p, m, tt.deterministic(p, m)))
					if t.Failed() {
						t.Fatalf("\n%s", machine)
					}
				}
				mix.atLeast(t, m, tt.mix)
			})
		}
	}
}

// checkDeterministic checks the engine's answer, and its counterexample, and
// returns the outcome.
func checkDeterministic(t *testing.T, p *process, m deadlock.Model, want bool) explore.Kind {
	v, err := deadlock.Deterministic(context.Background(), explore.Machine(p.m), m, explore.Limits{})
	if err != nil {
		t.Errorf("in %s: %v", m, err)
		return ""
	}
	if !checkAnswer(t, v, want) || want {
		return holds
	}
	ce := v.Counterexample
	checkBehaviour(t, p, &ce.Impl)
	switch {
	case ce.Kind == explore.Divergence && m == deadlock.FD:
		checkLasso(t, p.m, v)
	case ce.Kind == explore.Nondeterminism && ce.Spec != nil:
		refused := checkBehaviour(t, p, ce.Spec).refusal(p.m.Events())
		does, refuses := strings.Join(ce.Impl.Trace(), ""), strings.Join(ce.Spec.Trace(), "")
		name, _ := utf8.DecodeLastRuneInString(does)
		e, _ := p.m.Events().Lookup(string(name))
		if n := len(ce.Impl.Steps); n == 0 || ce.Impl.Steps[n-1].Event != string(name) {
			t.Errorf("%s: the last step is not the event", answer(v))
		}
		if does != refuses+string(name) || refused&(1<<e) == 0 || !p.hasFailure(refuses, refused) {
			t.Errorf("does %q, and after %q offers %v in the end", does, refuses, ce.Spec.Final)
		}
		if ce.Impl.Loop != -1 || ce.Spec.Loop != -1 {
			t.Errorf("%s: a loop", answer(v))
		}
	default:
		t.Errorf("%s in %s; a second behaviour: %v", answer(v), m, ce.Spec != nil)
	}
	return ce.Kind
}
