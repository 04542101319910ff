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

func TestCheckTrace(t *testing.T) {
	const (
		// Deadlocks after <a, a>, <a, b> and <c, a, a>.
		tree = "s a t, t a d, t b d2, s c u, u a v, v a d3"
		// Deadlocks after <b> in two steps, and after <a> in three.
		hidden = "s b t, t τ d, s τ u, u τ v, v a d2"
		// Diverges after <a> and after <b, c>.
		loops = "s a t, t τ t, s b u, u c v, v τ w, w τ v, w d s"
	)
	for _, tt := range []struct{ machine, trace, want string }{
		{tree, "a a", ""},
		{tree, "a b", ""}, // another of the same length
		{tree, "c a a", "a shorter one exists: <a, a>"},
		{tree, "a", "<a> is performed but the process goes on with a, b"},
		{tree, "", "<> is performed but the process goes on with a, c"},
		{tree, "c b", "<c, b> is not a trace: after <c> only a is possible"},
		{tree, "a c", "<a, c> is not a trace: after <a> only a, b are possible"},
		{tree, "a a a", "<a, a, a> is not a trace: after <a, a> nothing is possible"},
		{tree, "a x a", "<a, x> is not a trace: there is no event x"},
		{tree, "a τ", "<a, τ> is not a trace: there is no event τ"},
		{hidden, "b", ""},
		{hidden, "a", "a shorter one exists: <b> (2 steps with τ, not 3)"},
		{"s ✓ e", "✓", ""},
		{"s ✓ e, s a t", "a", ""}, // as short as ✓
		{"s ✓ e", "", "<> is performed but the process goes on with ✓"},
		{"s a t, t τ t, s τ u, u τ v, v τ w", "a", "<a> is performed but the process goes on with τ"},
		{loops, "a", ""},
		{loops, "b c", "a shorter one exists: <a>"},
		{loops, "b", "<b> is performed but the process goes on with c and does not diverge"},
		{loops, "", "<> is performed but the process goes on with a, b and does not diverge"},
		{"s a t, t τ t, s b u", "b", "<b> is performed but the process stops instead of diverging"},
		{"s a t, t τ t, s b u, u τ u", "b", ""},
	} {
		sys := explore.Machine(machine(t, tt.machine))
		q := deadlock.Question{Topic: deadlock.DeadlockFreedom, Model: deadlock.F, Impl: sys}
		if strings.Contains(tt.want, "diverg") || tt.machine == loops || strings.Contains(tt.machine, "u τ u") {
			q.Topic = deadlock.DivergenceFreedom
		}
		v, err := deadlock.Ask(context.Background(), q, explore.Limits{})
		if err != nil || v.Answer != deadlock.Fails {
			t.Fatalf("%s: %v, %v", tt.machine, v, err)
		}
		got, err := deadlock.CheckTrace(context.Background(), q, v, strings.Fields(tt.trace), explore.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if got != tt.want {
			t.Errorf("%s, %s, expecting <%s>:\n%s\nwant:\n%s", tt.machine, answer(v), tt.trace, got, tt.want)
		}
	}
}

// A trace is right if by the definition a dead state can be reached by it in
// the least number of steps.
func TestCheckTraceFindsEveryShortestDeadlock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := modeltest.Machines(7, 2).Draw(t, "machine")
		o := newOracle(m)
		least := o.nearest(o.dead)
		if least < 0 {
			return
		}
		q := deadlock.Question{Topic: deadlock.DeadlockFreedom, Model: deadlock.F, Impl: explore.Machine(m)}
		v, err := deadlock.Ask(context.Background(), q, explore.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		trace := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "✓"}), 0, 3).Draw(t, "trace")
		if rapid.Bool().Draw(t, "the one reported") {
			trace = v.Counterexample.Impl.Trace()
		}
		got, err := deadlock.CheckTrace(context.Background(), q, v, trace, explore.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if want := reaches(m, m.Initial(), trace, least); (got == "") != want {
			t.Errorf("%s, expecting %v: %q, want right: %v", answer(v), trace, got, want)
		}
	})
}

// reaches reports whether exactly n steps along trace lead from s to a dead
// end.
func reaches(m *model.Machine, s model.State, trace []string, n int) bool {
	events, targets := m.Transitions(s)
	if n == 0 {
		return len(trace) == 0 && len(events) == 0
	}
	for i, e := range events {
		if e == model.Tau && reaches(m, targets[i], trace, n-1) {
			return true
		}
		if e != model.Tau && len(trace) > 0 && m.Events().Name(e) == trace[0] && reaches(m, targets[i], trace[1:], n-1) {
			return true
		}
	}
	return false
}

func TestCheckTraceHitsLimits(t *testing.T) {
	sys := explore.Machine(machine(t, "s a t, t a u, u a v"))
	q := deadlock.Question{Topic: deadlock.DeadlockFreedom, Model: deadlock.F, Impl: sys}
	v, err := deadlock.Ask(context.Background(), q, explore.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = deadlock.CheckTrace(context.Background(), q, v, []string{"a", "a", "a"}, explore.Limits{States: 2})
	if err == nil || err.Error() != "more than 2 states" {
		t.Errorf("error %v", err)
	}
}
