package deadlock_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// asked is a question of each sort and each outcome.
var asked = []struct {
	topic      deadlock.Topic
	m          deadlock.Model
	spec, impl string // machines
	trace      string
	want       string
}{
	{deadlock.Refinement, deadlock.T, "s a t, t b s", "s a t, t b s", "", "holds"},
	{deadlock.Refinement, deadlock.T, "s a t, t b s", "s τ u, u a t, t c s", "", "trace τ a c"},
	{deadlock.Refinement, deadlock.F, "s a t, t b s, t c s", "s a t, t b s", "", "refusal a"},
	{deadlock.Refinement, deadlock.F, "s τ s, s a s", "s a t, t b s", "", "refusal"},
	{deadlock.Refinement, deadlock.FD, "s a t, t b s", "s a t, t τ u, u τ t", "", "divergence a ( τ τ )"},
	{deadlock.Refinement, "", "s a t, t τ t", "s a t, t b s", "", "holds"},
	{deadlock.DeadlockFreedom, deadlock.F, "", "s a t, t τ u", "", "deadlock a τ"},
	{deadlock.DeadlockFreedom, "", "", "s a t, t τ t", "", "divergence a ( τ )"},
	{deadlock.DivergenceFreedom, "", "", "s a t, t τ t", "", "divergence a ( τ )"},
	{deadlock.Determinism, deadlock.F, "", "s a t, s a u, t b s, u c s", "", "nondeterminism a b"},
	{deadlock.Determinism, deadlock.F, "", "s a t, t b s", "", "holds"},
	{deadlock.Determinism, deadlock.FD, "", "s a t, s a u, t b s, u c s, u b s", "", "nondeterminism a c"},
	{deadlock.Determinism, deadlock.FD, "", "s a t, s a u, t b s, t c s, u b s", "", "nondeterminism a c"},
	{deadlock.Determinism, "", "", "s a t, t b u, u τ u", "", "divergence a b ( τ )"},
	{deadlock.Determinism, "", "", "s a t, t b u, u τ v, v τ v", "", "divergence a b τ ( τ )"},
	{deadlock.Trace, "", "", "s a t, t b s", "a b a", "holds"},
	{deadlock.Trace, "", "", "s a t, t b s", "a b b", "no trace a b"},
}

// question returns the i-th question of asked; wrap is put around its
// systems.
func question(t *testing.T, i int, wrap func(explore.System) explore.System) deadlock.Question {
	a := asked[i]
	events := model.NewEvents()
	q := deadlock.Question{Topic: a.topic, Model: a.m, Impl: wrap(explore.Machine(machineOver(t, events, a.impl)))}
	if a.spec != "" {
		q.Spec = wrap(explore.Machine(machineOver(t, events, a.spec)))
	}
	for _, name := range strings.Fields(a.trace) {
		q.Trace = append(q.Trace, events.Event(name))
	}
	return q
}

func as(sys explore.System) explore.System { return sys }

func TestAsk(t *testing.T) {
	for i, a := range asked {
		v, err := deadlock.Ask(context.Background(), question(t, i, as), explore.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if got := answer(v); got != a.want {
			t.Errorf("%s in %s of %s: %s, want %s", a.topic, a.m, a.impl, got, a.want)
		}
	}
}

func TestQuestionsThatAreNone(t *testing.T) {
	one, other := explore.Machine(machine(t, "s a t")), explore.Machine(machine(t, "s a t"))
	for _, q := range []deadlock.Question{
		{Topic: "beauty", Impl: one},
		{Topic: deadlock.Refinement, Model: "R", Spec: one, Impl: one},
		{Topic: deadlock.Refinement, Model: deadlock.T, Spec: one, Impl: other}, // other events
		{Topic: deadlock.Determinism, Model: deadlock.T, Impl: one},
		{Topic: deadlock.DeadlockFreedom, Model: deadlock.T, Impl: one},
	} {
		if v, err := deadlock.Ask(context.Background(), q, explore.Limits{}); err == nil {
			t.Errorf("%s in %s: %s", q.Topic, q.Model, answer(v))
		}
	}
}

// A brittle system works for some calls, and then fails.
type brittle struct {
	explore.System
	calls *int // left
	err   error
}

func (x brittle) spend() error {
	if *x.calls--; *x.calls < 0 {
		return x.err
	}
	return nil
}

func (x brittle) Initial(s []uint64) error {
	if err := x.spend(); err != nil {
		return err
	}
	return x.System.Initial(s)
}

func (x brittle) Successors(s []uint64, out *explore.Steps) error {
	if err := x.spend(); err != nil {
		return err
	}
	return x.System.Successors(s, out)
}

// Wherever a system fails, in the search, in the normal form or while the
// counterexample is told, there is no answer but the error; and wherever it
// hits a limit, the answer is unknown, or the right one, with less to tell.
func TestSystemsFailAnywhere(t *testing.T) {
	const untold = ": a counterexample was found, but is not told yet"
	for i, a := range asked {
		plenty := 1 << 30
		sound := func(sys explore.System) explore.System { return brittle{sys, &plenty, nil} }
		right, err := deadlock.Ask(context.Background(), question(t, i, sound), explore.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		for _, broken := range []error{errors.New("head of <>"), &explore.Limit{Reason: "too deep"}} {
			var l *explore.Limit
			limit := errors.As(broken, &l)
			for n := 0; ; n++ {
				calls := n
				q := question(t, i, func(sys explore.System) explore.System { return brittle{sys, &calls, broken} })
				v, err := deadlock.Ask(context.Background(), q, explore.Limits{})
				if calls >= 0 { // all went well
					if answer(v) != answer(right) || !reflect.DeepEqual(v.Counterexample, right.Counterexample) || n == 0 {
						t.Errorf("%s in %s of %s: %s, and %s", a.topic, a.m, a.impl, answer(v), answer(right))
					}
					break
				}
				switch {
				case !limit && (err != broken || v != nil && v.Answer != deadlock.Unknown),
					limit && (err != nil || v.Answer == deadlock.Holds),
					limit && v.Answer == deadlock.Unknown && (strings.TrimSuffix(v.Reason, untold) != "too deep" || v.Counterexample != nil),
					limit && strings.HasSuffix(v.Reason, untold) && right.Answer != deadlock.Fails,
					limit && v.Answer == deadlock.Fails && answer(v) != answer(right):
					t.Errorf("%s in %s of %s after %d calls: %s, %v", a.topic, a.m, a.impl, n, answer(v), err)
				}
			}
		}
	}
}

// An expectation is judged, or not, in the same way.
func TestExpectationsOfBrittleSystems(t *testing.T) {
	broken := errors.New("head of <>")
	for i, a := range asked {
		q := question(t, i, as)
		v, err := deadlock.Ask(context.Background(), q, explore.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if v.Answer != deadlock.Fails {
			continue
		}
		trace := v.Counterexample.Impl.Trace()
		if why, err := deadlock.CheckTrace(context.Background(), q, v, trace, explore.Limits{}); why != "" || err != nil {
			t.Errorf("%s in %s of %s: its own trace %v is not the right one: %s, %v", a.topic, a.m, a.impl, trace, why, err)
		}
		if why, err := deadlock.CheckTrace(context.Background(), q, v, append(trace, "a", "a", "a"), explore.Limits{}); why == "" || err != nil {
			t.Errorf("%s in %s of %s: %v and more is right, %v", a.topic, a.m, a.impl, trace, err)
		}
		if why, err := deadlock.Replay(context.Background(), q, v.Counterexample, explore.Limits{}); why != "" || err != nil {
			t.Errorf("%s in %s of %s: %v no longer stands: %s, %v", a.topic, a.m, a.impl, trace, why, err)
		}
		for n := 0; q.Topic != deadlock.Trace; n++ {
			calls := n
			q := q
			wrap := func(sys explore.System) explore.System { return brittle{sys, &calls, broken} }
			if q.Impl = wrap(q.Impl); q.Spec != nil {
				q.Spec = wrap(q.Spec)
			}
			why, err := deadlock.CheckTrace(context.Background(), q, v, trace, explore.Limits{})
			if calls >= 0 {
				break
			}
			if why != "" || err != broken {
				t.Errorf("%s in %s of %s after %d calls: %q, %v", a.topic, a.m, a.impl, n, why, err)
			}
		}
	}
}

// The specification counts towards the limits, and towards the progress that
// is told.
func TestLimitsOfASpecification(t *testing.T) {
	events := model.NewEvents()
	events.Event("a")
	long := ladder{events, 100_000, 1 << 40, 0, model.Tau} // a node of all states, and after a one of the last
	short := explore.Machine(machineOver(t, events, "s a s"))
	for _, tt := range []struct {
		limits explore.Limits
		want   string
	}{
		{explore.Limits{States: 5000}, "unknown more than 5000 in the specification: "},
		{explore.Limits{Time: time.Nanosecond}, "unknown longer than 1ns"},
		{explore.Limits{}, "holds"},
	} {
		v, err := deadlock.Refines(context.Background(), long, short, deadlock.F, tt.limits)
		if err != nil || !strings.HasPrefix(answer(v), tt.want) {
			t.Errorf("%s, %v, want %s", answer(v), err, tt.want)
		}
	}
	v, err := deadlock.Refines(context.Background(), long, short, deadlock.F, explore.Limits{})
	if err != nil || v.Stats.SpecNodes != 2 || v.Stats.SpecStates != 100_001 || v.Stats.States != 2 {
		t.Errorf("%+v, %v", v.Stats, err)
	}
}

// A question that lacks what it is about is a mistake, not a verdict.
func TestQuestionsThatLackSomething(t *testing.T) {
	b := model.NewMachine("P", model.NewEvents())
	b.Start(b.States(1))
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	for _, topic := range []deadlock.Topic{deadlock.PanicFreedom, deadlock.LeakFreedom, "happiness"} {
		v, err := deadlock.Ask(context.Background(), deadlock.Question{Topic: topic, Impl: explore.Machine(m)}, explore.Limits{})
		if err == nil {
			t.Errorf("%s: %v, want an error", topic, v)
		}
	}
}
