package deadlock_test

import (
	"context"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/deadlock/verdicttest"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/modeltest"
	"pgregory.net/rapid"
)

// Every trace of up to 4 events, of every tiny machine.
func TestHasTraceOfTinyMachines(t *testing.T) {
	mix := verdicttest.Mix{}
	for _, m := range tiny() {
		p := modeltest.NewProcess(m)
		var longer func(trace []model.Event)
		longer = func(trace []model.Event) {
			if len(trace) > 0 {
				mix[checkHasTrace(t, p, trace)]++
			}
			for e := range modeltest.Visible(m.Events()) {
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
	enough(t, mix, deadlock.T, verdicttest.Mix{verdicttest.Holds: 700, explore.NoTrace: 5000})
}

func TestHasTraceMeansMembership(t *testing.T) {
	type question struct {
		process *modeltest.Process
		trace   []model.Event
	}
	questions := rapid.Custom(func(t *rapid.T) question {
		p := modeltest.NewProcess(modeltest.Pairs(8, 3).Draw(t, "pair").Impl)
		var trace []model.Event
		for range rapid.IntRange(1, 8).Draw(t, "length") {
			// Mostly an event that p can do next, if there is one.
			var able []model.Event
			for e := range modeltest.Visible(p.Machine.Events()) {
				if p.HasTrace(written(p.Machine.Events(), append(trace, e))) {
					able = append(able, e)
				}
			}
			if len(able) == 0 || rapid.IntRange(0, 15).Draw(t, "any") == 0 {
				trace = append(trace, model.Event(rapid.IntRange(1, p.Machine.Events().Len()-1).Draw(t, "event")))
			} else {
				trace = append(trace, rapid.SampledFrom(able).Draw(t, "event"))
			}
		}
		return question{p, trace}
	})
	mix := verdicttest.Mix{}
	for seed := range 20_000 {
		q := questions.Example(seed)
		mix[checkHasTrace(t, q.process, q.trace)]++
		if t.Failed() {
			t.Fatalf("seed %d\n%s", seed, q.process.Machine)
		}
	}
	enough(t, mix, deadlock.T, verdicttest.Mix{verdicttest.Holds: 4000, explore.NoTrace: 4000})
}

// written returns a trace as the oracle writes it.
func written(events *model.Events, trace []model.Event) string {
	var names []string
	for _, e := range trace {
		names = append(names, events.Name(e))
	}
	return modeltest.Trace(names...)
}

// checkHasTrace checks the engine's answer, and its counterexample, and
// returns the outcome.
func checkHasTrace(t *testing.T, p *modeltest.Process, trace []model.Event) explore.Kind {
	sys := explore.Machine(p.Machine)
	v, err := deadlock.HasTrace(context.Background(), sys, trace, explore.Limits{})
	if err != nil {
		t.Error(err)
		return ""
	}
	want := written(p.Machine.Events(), trace)
	if p.HasTrace(want) {
		if v.Answer != deadlock.Holds || v.Counterexample != nil {
			t.Errorf("%s, and <%s> is a trace", answer(v), want)
		}
		return verdicttest.Holds
	}
	if v.Answer != deadlock.Fails || v.Counterexample == nil {
		t.Errorf("%s, and <%s> is no trace", answer(v), want)
		return verdicttest.Holds
	}
	ce := v.Counterexample
	var longest string
	for s := range modeltest.Prefixes(want) {
		if p.HasTrace(s) {
			longest = s
		}
	}
	if got := modeltest.Trace(ce.Impl.Trace()...); ce.Kind != explore.NoTrace || got != longest || ce.Impl.Loop != -1 {
		t.Errorf("%s, and the longest prefix of <%s> is <%s>", answer(v), want, longest)
	}
	if err := verdicttest.Replay(nil, sys, ce); err != nil {
		t.Error(err)
	}
	return ce.Kind
}
