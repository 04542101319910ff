package deadlock_test

import (
	"context"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// A limit in the middle of telling leaves no doubt that there is something to
// tell, whatever the question.
func TestLimitsWhileItIsTold(t *testing.T) {
	for i, a := range asked {
		if a.want == "holds" {
			continue
		}
		for n := 0; ; n++ {
			calls, spent, told := 1<<30, 0, false
			q := question(t, i, func(sys explore.System) explore.System {
				return brittle{sys, &calls, &explore.Limit{Reason: "too deep"}}
			})
			v, err := deadlock.Ask(context.Background(), q, explore.Limits{Phase: func(p explore.Phase) {
				if p == explore.Telling && !told {
					told, spent = true, 1<<30-calls
					calls = n
				}
			}})
			if err != nil || !told || spent == 0 {
				t.Fatalf("%s in %s of %s: %v after %d calls, told: %v", a.topic, a.m, a.impl, err, spent, told)
			}
			if got := answer(v); got != a.want && got != "unknown too deep: a counterexample was found, but is not told yet" {
				t.Errorf("%s in %s of %s, %d calls of telling: %s", a.topic, a.m, a.impl, n, got)
			}
			if calls >= 0 {
				break
			}
			if n == 0 && v.Answer == deadlock.Fails {
				t.Errorf("%s in %s of %s: nothing was cut short", a.topic, a.m, a.impl)
			}
		}
	}
}

// brittleParts is a brittle network.
type brittleParts struct {
	explore.Composed
	brittle
}

func (x brittleParts) Events() *model.Events         { return x.Composed.Events() }
func (x brittleParts) Width() int                    { return x.Composed.Width() }
func (x brittleParts) Initial(s []uint64) error      { return x.brittle.Initial(s) }
func (x brittleParts) On(s []uint64, place int) bool { return x.Composed.On(s, place) }

func (x brittleParts) Successors(s []uint64, out *explore.Steps) error {
	return x.brittle.Successors(s, out)
}

func (x brittleParts) Ways(s []uint64, tell func(*explore.Way)) error {
	if err := x.spend(); err != nil {
		return err
	}
	return x.Composed.Ways(s, tell)
}

// And so it is for questions about components.
func TestLimitsWhileItIsToldOfComponents(t *testing.T) {
	events := table("a", "b", "c")
	leaf := func(name, text string) *model.Process { return model.Leaf(machineOf(t, events, name, text)) }
	for _, tt := range []struct {
		ask  deadlock.Question
		a, b string
		want explore.Kind
	}{
		{deadlock.Question{Topic: deadlock.Liveness}, "s a u", "s b s", explore.Stuck},
		{deadlock.Question{Topic: deadlock.StarvationFreedom, Fairness: deadlock.Unfair}, "s a s", "s b s", explore.Starvation},
		{deadlock.Question{Topic: deadlock.BoundedBypass, Bound: 1, Events: model.NewAlphabet(2)}, "s a s", "s a s", explore.Bypass},
		{deadlock.Question{Topic: deadlock.LossFreedom, Notifications: []deadlock.Notification{
			{Vain: model.NewAlphabet(2), Waits: model.NewAlphabet(3), Ends: model.NewAlphabet(4)},
		}}, "s a t, t b u", "s c u", explore.Lost},
		{deadlock.Question{Topic: deadlock.RaceFreedom, Variables: []deadlock.Variable{
			{Reads: model.NewAlphabet(), Writes: model.NewAlphabet(2)},
		}}, "s b t, t a u", "s a u", explore.Race},
	} {
		net := network(t, events, model.Interleave(leaf("A", tt.a), leaf("B", tt.b))).(explore.Composed)
		for n := 0; ; n++ {
			calls, told := 1<<30, false
			q := tt.ask
			sys := brittleParts{net, brittle{net, &calls, &explore.Limit{Reason: "too deep"}}}
			q.Impl = sys
			for i, p := range sys.Places() {
				if p.Leaf {
					q.Tasks = append(q.Tasks, deadlock.TaskAt(sys, i))
				}
			}
			v, err := deadlock.Ask(context.Background(), q, explore.Limits{Phase: func(p explore.Phase) {
				if p == explore.Telling && !told {
					told, calls = true, n
				}
			}})
			if err != nil || !told {
				t.Fatalf("%s: %v, told: %v", q.Topic, err, told)
			}
			fails := v.Answer == deadlock.Fails && v.Counterexample.Kind == tt.want
			if !fails && v.Reason != "too deep: a counterexample was found, but is not told yet" {
				t.Errorf("%s, %d calls of telling: %s (%s)", q.Topic, n, v.Answer, v.Reason)
			}
			if calls >= 0 {
				break
			}
		}
	}
}

// And where components are composed.
func TestCancelledWhileACompositionIsTold(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	q := deadlock.Question{Topic: deadlock.Refinement, Model: deadlock.T, Compress: deadlock.CompressFirst}
	events := table("a", "b", "c")
	q.Spec = explore.Machine(machineOf(t, events, "SPEC", "s a t, t b s"))
	leaf := func(name, text string) *model.Process { return model.Leaf(machineOf(t, events, name, text)) }
	q.Impl = network(t, events, model.Par(model.NewAlphabet(2, 3), leaf("A", "s a t, t b u, u c v"), leaf("B", "s a t, t b u, u a s"), leaf("C", "s a t, t b u, u b s")))
	v, err := deadlock.Ask(ctx, q, explore.Limits{Phase: func(p explore.Phase) {
		if p == explore.Telling {
			cancel()
		}
	}})
	if got := answer(v); err != nil || got != "unknown cancelled: a counterexample was found, but is not told yet" {
		t.Errorf("%s, %v", got, err)
	}
}
