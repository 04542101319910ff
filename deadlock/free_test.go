package deadlock_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/deadlock/verdicttest"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/modeltest"
	"pgregory.net/rapid"
)

// machine reads "s a t, t b s": the transitions s -a-> t and t -b-> s. The
// first state is the initial one; a state alone has no transitions.
func machine(t testing.TB, text string) *model.Machine {
	t.Helper()
	return machineOver(t, model.NewEvents(), text)
}

func machineOver(t testing.TB, events *model.Events, text string) *model.Machine {
	t.Helper()
	b := model.NewMachine("M", events)
	for i, edge := range strings.Split(text, ", ") {
		f := strings.Fields(edge)
		if i == 0 {
			b.Initial(f[0])
		}
		b.State(f[0])
		if len(f) == 3 {
			b.On(f[0], f[1], f[2])
		}
	}
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// answer puts a verdict in a line.
func answer(v *deadlock.Verdict) string { return verdicttest.Line(v) }

func TestFree(t *testing.T) {
	for _, tt := range []struct {
		name, machine  string
		f, fd, accepts string // in F, in FD, in F accepting termination
	}{
		{"STOP", "s", "deadlock", "deadlock", "deadlock"},
		{"a process that goes on", "s a s", "holds", "holds", "holds"},
		{"SKIP ended, and is not stuck", "s ✓ end", "termination ✓", "termination ✓", "holds"},
		{"τ counts as a step", "s a t, s τ u, u τ v, v b w, t c x, x d x", "deadlock τ τ b", "deadlock τ τ b", "deadlock τ τ b"},
		{"the nearest deadlock", "s a t, t a u, s b v, v b w, w b x, u", "deadlock a a", "deadlock a a", "deadlock a a"},
		{"the nearest is ✓", "s a t, t a u, s ✓ e", "termination ✓", "termination ✓", "deadlock a a"},
		{"one state, after ✓ and after a deadlock", "s ✓ e, s a e", "termination ✓", "termination ✓", "deadlock a"},
		{"the same, the deadlock farther away", "s ✓ e, s a t, t a e", "termination ✓", "termination ✓", "deadlock a a"},
		{"divergence is no deadlock in F", "s τ s", "holds", "divergence ( τ )", "holds"},
		{"divergence that can be left", "s τ t, t τ s, s a s", "holds", "divergence ( τ τ )", "holds"},
		{"divergence before deadlock", "s τ s, s a t", "deadlock a", "divergence ( τ )", "deadlock a"},
		{"deadlock before divergence", "s a t, s b u, u τ u, t", "deadlock a", "deadlock a", "deadlock a"},
		{"on one level, the first in order", "s a u, s b t, u τ u, t", "deadlock b", "divergence a ( τ )", "deadlock b"},
		{"a loop whose last state was not expanded yet", "s a t, s τ u, u τ s, t", "deadlock a", "divergence ( τ τ )", "deadlock a"},
		{"a loop beyond the deadlock", "s a t, s τ u, u b v, v τ u, t", "deadlock a", "deadlock a", "deadlock a"},
		{"a stem of τ", "s a t, t τ u, u τ v, v τ w, w τ v, v b s", "holds", "divergence a τ τ ( τ τ )", "holds"},
		{"the shorter loop through the same state", "s τ t, t τ u, u τ v, v τ s, t τ s", "holds", "divergence ( τ τ )", "holds"},
		{"a loop that leads to what is done with", "s τ e, s τ t, t τ e, t τ t, e τ f, f a s", "holds", "divergence τ ( τ )", "holds"},
		{"a loop with a visible event is none", "s τ t, t a s", "holds", "holds", "holds"},
		{"two ways by τ are no loop", "s τ t, s τ u, t τ v, u τ v, v a s", "holds", "holds", "holds"},
	} {
		sys := explore.Machine(machine(t, tt.machine))
		for _, q := range []struct {
			m       deadlock.Model
			options []deadlock.Option
			want    string
		}{
			{deadlock.F, nil, tt.f},
			{deadlock.FD, nil, tt.fd},
			{deadlock.F, []deadlock.Option{deadlock.AcceptTermination}, tt.accepts},
		} {
			v, err := deadlock.Free(context.Background(), sys, q.m, explore.Limits{}, q.options...)
			if err != nil {
				t.Fatal(err)
			}
			if got := answer(v); got != q.want {
				t.Errorf("%s, in %s %v: %s, want %s", tt.name, q.m, q.options, got, q.want)
			}
		}
	}
}

func TestFreeIsNotAskedInT(t *testing.T) {
	if _, err := deadlock.Free(context.Background(), explore.Machine(machine(t, "s")), deadlock.T, explore.Limits{}); err == nil {
		t.Error("deadlock freedom in T has an answer")
	}
}

// replay follows the visible trace and the steps of a counterexample through
// m, on sets of states since τ and events may lead to several, and returns
// where it may be at each step.
func replay(m *model.Machine, b *explore.Behaviour) []map[model.State]bool {
	at := []map[model.State]bool{{m.Initial(): true}}
	for i, step := range b.Steps {
		next := map[model.State]bool{}
		for s := range at[i] {
			events, targets := m.Transitions(s)
			for k, e := range events {
				if m.Events().Name(e) == step.Event {
					next[targets[k]] = true
				}
			}
		}
		at = append(at, next)
	}
	return at
}

func TestFreeMeansNoDeadState(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := modeltest.Machines(10, 2).Draw(t, "machine")
		o := newOracle(m)
		accept := rapid.Bool().Draw(t, "accept termination")
		var options []deadlock.Option
		want := o.nearest(o.dead)
		if accept {
			options = append(options, deadlock.AcceptTermination)
			want = -1
			// A dead end that ✓ leads to first may be entered otherwise later:
			// one step after the nearest state with such a step.
			for s := range o.dist {
				if o.dist[s] < 0 {
					continue
				}
				if s == int(m.Initial()) && o.dead(s) {
					want = 0
				}
				events, targets := m.Transitions(model.State(s))
				for i, e := range events {
					if e != model.Tick && o.dead(int(targets[i])) && (want < 0 || o.dist[s]+1 < want) {
						want = o.dist[s] + 1
					}
				}
			}
		}
		v, err := deadlock.Free(context.Background(), explore.Machine(m), deadlock.F, explore.Limits{}, options...)
		if err != nil {
			t.Fatal(err)
		}
		if (v.Answer == deadlock.Holds) != (want < 0) || v.Answer == deadlock.Unknown {
			t.Fatalf("%s, nearest deadlock %d", answer(v), want)
		}
		if want < 0 {
			return
		}
		b := &v.Counterexample.Impl
		if len(b.Steps) != want || b.Loop != -1 {
			t.Errorf("%s: %d steps, want %d", answer(v), len(b.Steps), want)
		}
		ended := want > 0 && b.Steps[want-1].Event == "✓"
		if ended != (v.Counterexample.Kind == explore.Termination) || ended && accept {
			t.Errorf("%s, accepting termination: %v", answer(v), accept)
		}
		dead := false
		for s := range replay(m, b)[want] {
			dead = dead || o.dead(int(s))
		}
		if !dead {
			t.Errorf("%s cannot be replayed", answer(v))
		}
	})
}

func TestFreeInFDMeansNoDivergenceEither(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := modeltest.Machines(10, 2).Draw(t, "machine")
		o := newOracle(m)
		dead, diverges := o.nearest(o.dead), o.nearest(o.diverges)
		v, err := deadlock.Free(context.Background(), explore.Machine(m), deadlock.FD, explore.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case v.Answer == deadlock.Unknown:
			t.Errorf("%s", answer(v))
		case v.Answer == deadlock.Holds:
			if dead >= 0 || diverges >= 0 {
				t.Errorf("holds, but deadlocks at %d, diverges at %d", dead, diverges)
			}
		case v.Counterexample.Kind == explore.Divergence:
			checkLasso(t, m, v)
		case len(v.Counterexample.Impl.Steps) != dead:
			t.Errorf("%s, want one of %d steps", answer(v), dead)
		}
	})
}

// A limit that is hit makes a verdict Unknown or Fails, never Holds, and a
// Fails is the one without the limit.
func TestLimitsNeverHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := modeltest.Machines(10, 2).Draw(t, "machine")
		states := int64(rapid.IntRange(1, 10).Draw(t, "limit"))
		for _, ask := range questions {
			free, err := ask(context.Background(), explore.Machine(m), explore.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			v, err := ask(context.Background(), explore.Machine(m), explore.Limits{States: states})
			if err != nil {
				t.Fatal(err)
			}
			switch v.Answer {
			case deadlock.Holds:
				if free.Answer != deadlock.Holds || free.Stats.States > states {
					t.Errorf("holds with %d states, and without a limit %s with %d", states, answer(free), free.Stats.States)
				}
			case deadlock.Unknown:
				if want := fmt.Sprintf("more than %d states", states); v.Reason != want {
					t.Errorf("reason %q, want %q", v.Reason, want)
				}
				if free.Stats.States <= states {
					t.Errorf("unknown, though there are only %d states", free.Stats.States)
				}
			case deadlock.Fails:
				if free.Answer != deadlock.Fails {
					t.Errorf("%s, and without a limit %s", answer(v), answer(free))
				}
			}
		}
	})
}

var questions = []func(context.Context, explore.System, explore.Limits) (*deadlock.Verdict, error){
	func(ctx context.Context, sys explore.System, l explore.Limits) (*deadlock.Verdict, error) {
		return deadlock.Free(ctx, sys, deadlock.F, l)
	},
	func(ctx context.Context, sys explore.System, l explore.Limits) (*deadlock.Verdict, error) {
		return deadlock.Free(ctx, sys, deadlock.FD, l)
	},
	deadlock.DivergenceFree,
}

func TestCancelledIsUnknown(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for i, ask := range questions {
		v, err := ask(ctx, explore.Machine(machine(t, "s a s")), explore.Limits{})
		if err != nil || answer(v) != "unknown cancelled" {
			t.Errorf("question %d: %s, %v", i, answer(v), err)
		}
	}
}

// impatient cancels when a state is expanded again: when the path is told.
type impatient struct {
	explore.System
	cancel func()
	left   int // expansions
}

func (x *impatient) Successors(s []uint64, out *explore.Steps) error {
	if x.left--; x.left < 0 {
		x.cancel()
	}
	return x.System.Successors(s, out)
}

// A counterexample that is found and cannot be told is not kept secret.
func TestCancelledWhenACounterexampleIsTold(t *testing.T) {
	const n = 1000
	var edges []string
	for s := range n {
		edges = append(edges, fmt.Sprintf("%d a %d", s, s+1))
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	sys := &impatient{explore.Machine(machine(t, strings.Join(edges, ", "))), cancel, n + 1}
	v, err := deadlock.Free(ctx, sys, deadlock.F, explore.Limits{})
	if want := "unknown cancelled: a counterexample was found, but is not told yet"; err != nil || answer(v) != want {
		t.Errorf("%s, %v, want %s", answer(v), err, want)
	}
	if v.Stats.States != n+1 || sys.left < -n/2 {
		t.Errorf("%d states, and %d are expanded for the path", v.Stats.States, -sys.left)
	}
}

// faulty counts from 0 up by τ and fails at 100 with its error.
type faulty struct {
	events *model.Events
	err    error
}

func (x faulty) Events() *model.Events  { return x.events }
func (x faulty) Width() int             { return 1 }
func (x faulty) Initial([]uint64) error { return nil }
func (x faulty) Successors(s []uint64, out *explore.Steps) error {
	if s[0] == 100 {
		return x.err
	}
	out.Add(model.Tau, s[0]+1)
	return nil
}

func TestErrorsOfTheSystem(t *testing.T) {
	mistake := errors.New("head of <>")
	for i, ask := range questions {
		v, err := ask(context.Background(), faulty{model.NewEvents(), mistake}, explore.Limits{})
		if err != mistake || answer(v) != "unknown head of <>" || v.Stats.States != 101 {
			t.Errorf("question %d: %s after %d states, %v", i, answer(v), v.Stats.States, err)
		}
		// A System may hit a limit of its own: no mistake, but no answer.
		v, err = ask(context.Background(), faulty{model.NewEvents(), &explore.Limit{Reason: "too deep"}}, explore.Limits{})
		if err != nil || answer(v) != "unknown too deep" {
			t.Errorf("question %d: %s, %v", i, answer(v), err)
		}
	}
}
