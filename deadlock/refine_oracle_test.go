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

// The engine and the definition agree in each model on every tiny pair, and
// on tens of thousands of others, the same ones in every run. Counterexamples
// are held against the definition, too.

// Tiny machines have at most two states, and one event besides τ and ✓.
func TestRefinesEveryTinyPair(t *testing.T) {
	var all []*process
	var denotes []*denotation
	for _, m := range tiny() {
		p := newProcess(m)
		all = append(all, p)
		denotes = append(denotes, p.denote(6)) // enough for two and two states
	}
	for _, m := range []deadlock.Model{deadlock.T, deadlock.F, deadlock.FD} {
		t.Run(string(m), func(t *testing.T) {
			mix := outcomes{}
			for i, spec := range all {
				for j, impl := range all {
					mix.add(checkRefines(t, spec, impl, m, denotes[i].refinedBy(denotes[j], m)))
					if t.Failed() {
						t.Fatalf("spec\n%simpl\n%s", spec.m, impl.m)
					}
				}
			}
			mix.atLeast(t, m, outcomes{holds: 20_000, explore.TraceViolation: 100, explore.Refusal: 200, explore.Divergence: 3000})
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
	byDenotation := func(spec, impl *process, m deadlock.Model) bool {
		n := enough(spec, impl)
		return spec.denote(n).refinedBy(impl.denote(n), m)
	}
	for _, tt := range []struct {
		name            string
		states, visible int // of each machine
		refined         func(spec, impl *process, m deadlock.Model) bool
	}{
		{"2 states, 2 events", 2, 2, byDenotation},
		{"3 states, 1 event", 3, 1, byDenotation},
		{"6 states, 2 events", 6, 2, (*process).refinedBy},
		{"8 states, 1 event", 8, 1, (*process).refinedBy},
		{"10 states, 3 events", 10, 3, (*process).refinedBy},
	} {
		for _, m := range []deadlock.Model{deadlock.T, deadlock.F, deadlock.FD} {
			t.Run(tt.name+"/"+string(m), func(t *testing.T) {
				pairs := modeltest.Pairs(tt.states, tt.visible)
				mix := outcomes{}
				for seed := range 10_000 {
					pair := pairs.Example(seed)
					spec, impl := newProcess(pair.Spec), newProcess(pair.Impl)
					mix.add(checkRefines(t, spec, impl, m, tt.refined(spec, impl, m)))
					if t.Failed() {
						t.Fatalf("seed %d\n%s", seed, pair)
					}
				}
				mix.atLeast(t, m, outcomes{holds: 4000, explore.TraceViolation: 1000, explore.Refusal: 1200, explore.Divergence: 300})
			})
		}
	}
}

// holds is the outcome without a counterexample.
const holds explore.Kind = "holds"

// Outcomes says how many verdicts there were of each kind.
type outcomes map[explore.Kind]int

func (x outcomes) add(k explore.Kind) { x[k]++ }

// atLeast checks that there were enough of each kind, of those that there are
// in m.
func (x outcomes) atLeast(t *testing.T, m deadlock.Model, floor outcomes) {
	t.Log(x)
	for kind, n := range floor {
		if kind == explore.Refusal && m == deadlock.T || kind == explore.Divergence && m != deadlock.FD {
			n = 0
		}
		if x[kind] < n {
			t.Errorf("only %d verdicts are %s, want %d: not much of a test", x[kind], kind, n)
		}
	}
}

// checkRefines checks the engine's answer, and its counterexample, and
// returns the outcome.
func checkRefines(t *testing.T, spec, impl *process, m deadlock.Model, want bool) explore.Kind {
	v, err := deadlock.Refines(context.Background(), explore.Machine(spec.m), explore.Machine(impl.m), m, explore.Limits{})
	if err != nil {
		t.Errorf("in %s: %v", m, err)
		return ""
	}
	if !checkAnswer(t, v, want) || want {
		return holds
	}
	ce := v.Counterexample
	trace := strings.Join(ce.Impl.Trace(), "")
	if m == deadlock.FD && spec.hasDivergence(trace) {
		t.Errorf("%s: the specification diverges", answer(v))
	}
	final := checkBehaviour(t, impl, &ce.Impl)
	seen := trace // that the specification has seen in the end
	switch ce.Kind {
	case explore.TraceViolation:
		if spec.hasTrace(trace) {
			t.Errorf("%s: a trace of the specification", answer(v))
		}
		_, size := utf8.DecodeLastRuneInString(trace)
		seen = trace[:len(trace)-size]
		if n := len(ce.Impl.Steps); n == 0 || ce.Impl.Steps[n-1].Event == "τ" {
			t.Errorf("%s: the last step is not the event", answer(v))
		}
	case explore.Refusal:
		x := final.refusal(spec.m.Events())
		if m == deadlock.T || !impl.hasFailure(trace, x) || spec.hasFailure(trace, x) {
			t.Errorf("%s: in %s, and in the end it offers %v", answer(v), m, ce.Impl.Final)
		}
	case explore.Divergence:
		if m != deadlock.FD {
			t.Errorf("%s: in %s", answer(v), m)
		}
		checkLasso(t, impl.m, v)
	default:
		t.Errorf("%s: no answer to this question", answer(v))
	}
	if ce.Kind != explore.Divergence {
		if run, ok := spec.forbids(impl, m, len(ce.Impl.Steps)); ok {
			t.Errorf("%s in %s: after %q it fails in fewer steps", answer(v), m, run)
		}
		if ce.Impl.Loop != -1 {
			t.Errorf("%s: a loop", answer(v))
		}
	}
	if ce.Spec == nil {
		t.Errorf("%s: no behaviour of the specification", answer(v))
		return ce.Kind
	}
	checkBehaviour(t, spec, ce.Spec)
	if got := strings.Join(ce.Spec.Trace(), ""); got != seen || ce.Spec.Loop != -1 {
		t.Errorf("%s: the specification does %q, and then from step %d again", answer(v), got, ce.Spec.Loop)
	}
	return ce.Kind
}

// checkAnswer checks whether v is what is wanted, as far as it goes without
// a look at the counterexample.
func checkAnswer(t *testing.T, v *deadlock.Verdict, holds bool) bool {
	want := deadlock.Fails
	if holds {
		want = deadlock.Holds
	}
	if v.Answer != want || (v.Counterexample == nil) != holds {
		t.Errorf("%s %s, want %s", v.Answer, v.Reason, want)
		return false
	}
	return true
}

// checkBehaviour checks that p can behave as b says and in the end offers
// what b.Final says, which is returned.
func checkBehaviour(t *testing.T, p *process, b *explore.Behaviour) set {
	var offers set
	for _, branch := range b.Final {
		e, _ := p.m.Events().Lookup(branch.Event)
		offers |= 1 << e
	}
	for s := range replay(p.m, b)[len(b.Steps)] {
		if p.offers(int(s)) == offers {
			return offers
		}
	}
	var steps []string
	for _, step := range b.Steps {
		steps = append(steps, step.Event)
	}
	t.Errorf("steps %v, and in the end offers %v: no behaviour of this process", steps, b.Final)
	return offers
}

// refusal returns all that a stable state which offers x refuses.
func (x set) refusal(events *model.Events) set {
	return (1<<events.Len() - 1) &^ (x | 1<<model.Tau)
}

// forbids looks for a run of impl of fewer than n steps, τ among them, that
// p forbids: by its trace, or in F and FD by the failure that it ends with.
// It returns the trace.
func (p *process) forbids(impl *process, m deadlock.Model, n int) (trace string, found bool) {
	type point struct {
		trace string
		state int
	}
	now := map[point]bool{{"", int(impl.m.Initial())}: true}
	for range n {
		next := map[point]bool{}
		for at := range now {
			refusal := impl.offers(at.state).refusal(impl.m.Events())
			if m != deadlock.FD || !p.hasDivergence(at.trace) {
				if !p.hasTrace(at.trace) || m != deadlock.T && impl.stable(at.state) && !p.hasFailure(at.trace, refusal) {
					return at.trace, true
				}
			}
			events, targets := impl.m.Transitions(model.State(at.state))
			for i, e := range events {
				trace := at.trace
				if e != model.Tau {
					trace += impl.m.Events().Name(e)
				}
				next[point{trace, int(targets[i])}] = true
			}
		}
		now = next
	}
	return "", false
}
