package deadlock_test

import (
	"context"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/modeltest"
	"pgregory.net/rapid"
)

// Every trace of up to 4 events, of every tiny machine.
func TestHasTraceOfTinyMachines(t *testing.T) {
	mix := outcomes{}
	for _, m := range tiny() {
		p := newProcess(m)
		var longer func(trace []model.Event)
		longer = func(trace []model.Event) {
			if len(trace) > 0 {
				mix.add(checkHasTrace(t, p, trace))
			}
			for e := range visible(m.Events()) {
				if len(trace) < 4 {
					longer(append(trace[:len(trace):len(trace)], e))
				}
			}
		}
		longer(nil)
		if t.Failed() {
			t.Fatalf("\n%s", m)
		}
	}
	mix.atLeast(t, deadlock.T, outcomes{holds: 700, explore.NoTrace: 5000})
}

func TestHasTraceMeansMembership(t *testing.T) {
	type question struct {
		process *process
		trace   []model.Event
	}
	questions := rapid.Custom(func(t *rapid.T) question {
		p := newProcess(modeltest.Pairs(8, 3).Draw(t, "pair").Impl)
		var trace []model.Event
		for range rapid.IntRange(1, 8).Draw(t, "length") {
			// Mostly an event that p can do next, if there is one.
			var able []model.Event
			for e := range visible(p.m.Events()) {
				if p.hasTrace(written(p.m.Events(), append(trace, e))) {
					able = append(able, e)
				}
			}
			if len(able) == 0 || rapid.IntRange(0, 15).Draw(t, "any") == 0 {
				trace = append(trace, model.Event(rapid.IntRange(1, p.m.Events().Len()-1).Draw(t, "event")))
			} else {
				trace = append(trace, rapid.SampledFrom(able).Draw(t, "event"))
			}
		}
		return question{p, trace}
	})
	mix := outcomes{}
	for seed := range 20_000 {
		q := questions.Example(seed)
		mix.add(checkHasTrace(t, q.process, q.trace))
		if t.Failed() {
			t.Fatalf("seed %d\n%s", seed, q.process.m)
		}
	}
	mix.atLeast(t, deadlock.T, outcomes{holds: 4000, explore.NoTrace: 4000})
}

// written returns a trace as the oracle writes it.
func written(events *model.Events, trace []model.Event) string {
	var b strings.Builder
	for _, e := range trace {
		b.WriteString(events.Name(e))
	}
	return b.String()
}

// checkHasTrace checks the engine's answer, and its counterexample, and
// returns the outcome.
func checkHasTrace(t *testing.T, p *process, trace []model.Event) explore.Kind {
	v, err := deadlock.HasTrace(context.Background(), explore.Machine(p.m), trace, explore.Limits{})
	if err != nil {
		t.Error(err)
		return ""
	}
	want := written(p.m.Events(), trace)
	if !checkAnswer(t, v, p.hasTrace(want)) || p.hasTrace(want) {
		return holds
	}
	ce := v.Counterexample
	var longest string
	for s := range prefixes(want) {
		if p.hasTrace(s) {
			longest = s
		}
	}
	checkBehaviour(t, p, &ce.Impl)
	if got := strings.Join(ce.Impl.Trace(), ""); ce.Kind != explore.NoTrace || got != longest || ce.Impl.Loop != -1 {
		t.Errorf("%s, and the longest prefix of %q is %q", answer(v), want, longest)
	}
	return ce.Kind
}
