package deadlock_test

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/modeltest"
)

// A counterexample to the first machine is replayed on the second.
func TestReplay(t *testing.T) {
	for _, tt := range []struct {
		topic       deadlock.Topic
		m           deadlock.Model
		before, now string
		spec        string
		want        string
	}{
		{deadlock.DeadlockFreedom, deadlock.F, "s a t, t b u", "s a t, t b u, u τ v", "", ""}, // as far as the world sees
		{deadlock.DeadlockFreedom, deadlock.F, "s a t, t b u", "s c v, s a t, t b u", "", ""}, // c is shorter: no matter
		{deadlock.DeadlockFreedom, deadlock.F, "s a t, t b u", "s a t, t b s", "", "<a, b> is performed but the process goes on with a"},
		{deadlock.DeadlockFreedom, deadlock.F, "s a t, t b u", "s a t, t c u", "", "<a, b> is not a trace: there is no event b"},
		{deadlock.DeadlockFreedom, deadlock.F, "s a t, t b u", "s b t, t a u", "", "<a, b> is not a trace: after <> only b is possible"},
		{deadlock.DeadlockFreedom, "", "s a t, t τ t", "s a t, t b s", "", "<a> is performed but the process goes on with b and does not diverge"},
		{deadlock.DivergenceFreedom, "", "s a t, t τ t", "s a t, t τ u, u τ t", "", ""},
		{deadlock.Refinement, deadlock.T, "s a t, t b u", "s a t, t b t", "s a s", ""},
		{deadlock.Refinement, deadlock.T, "s a t, t b u", "s a t, t a u, u b s", "s a s", "<a, b> is not a trace: after <a> only a is possible"},
		{deadlock.Refinement, deadlock.F, "s a t, t b s", "s a t, t b s, t c s", "s a t, t b s, t c s", "<a> is performed but the process goes on with b, c"},
		{deadlock.Determinism, deadlock.F, "s a t, s a u, t b s, u c s", "s a t, s a u, t b s, t c s, u c s", "", ""},
		{deadlock.Determinism, "", "s a t, s a u, t b s, u c s", "s τ s", "", "<a> is not a trace: there is no event a"},
		{deadlock.Determinism, "", "s a t, s a u, t b s, u c s", "s τ s, s a t, s a u, t b s, u c s", "", "the process diverges now, and nothing else is looked for"},
		{deadlock.Determinism, "", "s a t, t τ t", "s a t, t a s", "", "<a> is performed but the process goes on with a and does not diverge"},
	} {
		ask := func(text string) deadlock.Question {
			events := model.NewEvents()
			q := deadlock.Question{Topic: tt.topic, Model: tt.m, Impl: explore.Machine(machineOver(t, events, text))}
			if tt.spec != "" {
				q.Spec = explore.Machine(machineOver(t, events, tt.spec))
			}
			return q
		}
		v, err := deadlock.Ask(context.Background(), ask(tt.before), explore.Limits{})
		if err != nil || v.Answer != deadlock.Fails {
			t.Fatalf("%s: %v, %v", tt.before, v, err)
		}
		got, err := deadlock.Replay(context.Background(), ask(tt.now), v.Counterexample, explore.Limits{})
		if err != nil || got != tt.want {
			t.Errorf("%s of %s on %s:\n%s, %v\nwant\n%s", answer(v), tt.before, tt.now, got, err, tt.want)
		}
	}
	_, err := deadlock.Replay(context.Background(), deadlock.Question{Topic: deadlock.Trace}, &explore.Counterexample{Kind: explore.Deadlock}, explore.Limits{})
	if err == nil {
		t.Error("a deadlock is replayed as a trace")
	}
	long := deadlock.Question{Topic: deadlock.DeadlockFreedom, Model: deadlock.F, Impl: explore.Machine(machine(t, "s a t, t a u, u a v"))}
	v, err := deadlock.Ask(context.Background(), long, explore.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := deadlock.Replay(context.Background(), long, v.Counterexample, explore.Limits{States: 2}); err == nil {
		t.Error("two states are enough for three events")
	}
}

// By the definition: a deadlock stands if the trace leads to a dead state, a
// divergence if it leads to a state on a cycle of τ.
func TestReplayIsTheDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		topic := rapid.SampledFrom([]deadlock.Topic{deadlock.DeadlockFreedom, deadlock.DivergenceFreedom}).Draw(t, "topic")
		ask := func(m *model.Machine) deadlock.Question {
			return deadlock.Question{Topic: topic, Model: deadlock.F, Impl: explore.Machine(m)}
		}
		before, now := modeltest.Machines(6, 2).Draw(t, "before"), modeltest.Machines(6, 2).Draw(t, "now")
		v, err := deadlock.Ask(context.Background(), ask(before), explore.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if v.Answer != deadlock.Fails {
			return
		}
		got, err := deadlock.Replay(context.Background(), ask(now), v.Counterexample, explore.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		want := false
		for s := range after(now, v.Counterexample.Impl.Trace()) {
			events, _ := now.Transitions(s)
			want = want || topic == deadlock.DeadlockFreedom && len(events) == 0 || topic == deadlock.DivergenceFreedom && taus(now, next(now, s))[s]
		}
		if (got == "") != want {
			t.Errorf("%s replayed: %q, want that it stands: %v", answer(v), got, want)
		}
	})
}

// next is where one τ leads.
func next(m *model.Machine, s model.State) map[model.State]bool {
	out := map[model.State]bool{}
	events, targets := m.Transitions(s)
	for i, e := range events {
		if e == model.Tau {
			out[targets[i]] = true
		}
	}
	return out
}

// taus adds where τ lead.
func taus(m *model.Machine, from map[model.State]bool) map[model.State]bool {
	for {
		n := len(from)
		for s := range from {
			for t := range next(m, s) {
				from[t] = true
			}
		}
		if len(from) == n {
			return from
		}
	}
}

// after is where a trace leads.
func after(m *model.Machine, trace []string) map[model.State]bool {
	now := taus(m, map[model.State]bool{m.Initial(): true})
	for _, name := range trace {
		then := map[model.State]bool{}
		for s := range now {
			events, targets := m.Transitions(s)
			for i, e := range events {
				if m.Events().Name(e) == name {
					then[targets[i]] = true
				}
			}
		}
		now = taus(m, then)
	}
	return now
}
