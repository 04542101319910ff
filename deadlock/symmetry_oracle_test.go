package deadlock_test

import (
	"context"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/modeltest"
	"pgregory.net/rapid"
)

// drawQuestion draws a question about a network that symmetries serve.
func drawQuestion(t *rapid.T, x *modeltest.Symmetric) deadlock.Question {
	q := deadlock.Question{Impl: explore.Network(x.Net), Reduce: deadlock.NoReduction, Compress: deadlock.WithoutCompression}
	q.Topic = rapid.SampledFrom([]deadlock.Topic{deadlock.DeadlockFreedom, deadlock.DivergenceFreedom, deadlock.Refinement, deadlock.Refinement}).Draw(t, "topic")
	switch q.Topic {
	case deadlock.DeadlockFreedom:
		q.Model = rapid.SampledFrom([]deadlock.Model{deadlock.F, deadlock.FD}).Draw(t, "model")
		q.Terminates = rapid.Bool().Draw(t, "terminates")
	case deadlock.Refinement:
		q.Model = rapid.SampledFrom([]deadlock.Model{deadlock.T, deadlock.F, deadlock.FD}).Draw(t, "model")
		if q.Spec = explore.Network(x.Net); rapid.IntRange(0, 3).Draw(t, "itself") > 0 {
			q.Spec = explore.Machine(x.Specs().Draw(t, "spec"))
		}
	}
	return q
}

// One state of each orbit is enough: the answer is the same, a counterexample
// is one of the network and, where that is promised, as short; and no more
// states are searched.
func TestSymmetryKeepsAnswers(t *testing.T) {
	used, refused, fewer := map[deadlock.Answer]int{}, map[deadlock.Answer]int{}, 0
	kinds := map[explore.Kind]int{}
	for range 15 {
		rapid.Check(t, func(t *rapid.T) {
			x := modeltest.Symmetrics().Draw(t, "network")
			q := drawQuestion(t, x)
			ctx, limits := context.Background(), explore.Limits{States: 2000}
			all, err := deadlock.Ask(ctx, q, limits)
			if err != nil {
				t.Fatal(err)
			}
			if all.Answer == deadlock.Unknown {
				return
			}
			q.Symmetry = true
			few, err := deadlock.Ask(ctx, q, limits)
			if err != nil {
				t.Fatal(err)
			}
			if few.Answer != all.Answer {
				t.Fatalf("%s %s: %s, by symmetry %s (%+v)", q.Topic, q.Model, all.Answer, few.Answer, few.Symmetry)
			}
			switch {
			case few.Symmetry == nil:
				t.Fatal("nothing is said of symmetry")
			case few.Symmetry.Refused != "":
				refused[all.Answer]++
			default:
				used[all.Answer]++
			}
			if few.Stats.States < all.Stats.States {
				fewer++
			}
			if all.Answer == deadlock.Holds {
				// To look at a large specification as a whole merges nodes of it. Of an
				// orbit of which a few states stand for it, one is as near as can be.
				merged := few.Stats.SpecNodes > all.Stats.SpecNodes || all.Stats.SpecNodes > 1<<10
				if few.Stats.States > all.Stats.States || few.Stats.Depth < all.Stats.Depth && !merged {
					t.Fatalf("%d states to depth %d, of %d to %d", few.Stats.States, few.Stats.Depth, all.Stats.States, all.Stats.Depth)
				}
				return
			}
			// A loop that is found later can be one that a bad state hides.
			ce, want := few.Counterexample, all.Counterexample
			kinds[ce.Kind]++
			if ce.Kind != explore.Divergence && want.Kind != explore.Divergence {
				if len(ce.Impl.Steps) != len(want.Impl.Steps) {
					t.Fatalf("a counterexample of %d steps, %d are enough", len(ce.Impl.Steps), len(want.Impl.Steps))
				}
			}
			if why, err := deadlock.Replay(ctx, q, ce, explore.Limits{}); err != nil || why != "" {
				t.Fatalf("it is no counterexample: %s %v", why, err)
			}
			follows(t, q.Impl, &ce.Impl)
		})
	}
	t.Log(used, refused, fewer, kinds)
	for _, a := range []deadlock.Answer{deadlock.Holds, deadlock.Fails} {
		if used[a] == 0 || refused[a] == 0 || fewer == 0 {
			t.Errorf("%s: %d with symmetry, %d without, %d of fewer states", a, used[a], refused[a], fewer)
		}
	}
}

// Of each state that stands for its orbit, the steps of a stubborn set are
// enough: the answer is that of all states, and what is found within so few
// states that no shorter one is found again is a counterexample of the network.
func TestStubbornSetsKeepAnswersOfOrbits(t *testing.T) {
	both, fewer, longer := map[deadlock.Answer]int{}, 0, 0
	for range 8 {
		rapid.Check(t, func(t *rapid.T) {
			x := modeltest.Symmetrics().Draw(t, "network")
			q := deadlock.Question{Topic: deadlock.DeadlockFreedom, Impl: explore.Network(x.Net), Reduce: deadlock.NoReduction, Compress: deadlock.WithoutCompression}
			q.Model = rapid.SampledFrom([]deadlock.Model{deadlock.F, deadlock.FD}).Draw(t, "model")
			q.Terminates = rapid.Bool().Draw(t, "terminates")
			ask := func(q deadlock.Question, states int64) *deadlock.Verdict {
				v, err := deadlock.Ask(context.Background(), q, explore.Limits{States: states})
				if err != nil {
					t.Fatal(err)
				}
				return v
			}
			all := ask(q, 2000)
			if all.Answer == deadlock.Unknown {
				return
			}
			q.Symmetry = true
			orbits := ask(q, 2000)
			q.Reduce = deadlock.StubbornSets
			q.Effort = explore.Effort(rapid.IntRange(0, int(explore.Precise)).Draw(t, "effort"))
			few := ask(q, 2000)
			if few.Answer != all.Answer {
				t.Fatalf("%s %s: %s, by stubborn sets and symmetry %s (%+v, %q)", q.Topic, q.Model, all.Answer, few.Answer, few.Symmetry, few.Unreduced)
			}
			if few.Reduced == "" && few.Unreduced == "" && few.Answer == deadlock.Holds {
				t.Fatal("nothing is said of stubborn sets")
			}
			if few.Symmetry.Refused != "" || few.Unreduced != "" {
				return
			}
			both[few.Answer]++
			if few.Answer == deadlock.Holds {
				if few.Stats.States < orbits.Stats.States {
					fewer++
				}
				return
			}
			for states := int64(1); ; states++ {
				v := ask(q, states)
				if v.Answer == deadlock.Unknown {
					continue
				}
				if v.Longer {
					longer++
				}
				if why, err := deadlock.Replay(context.Background(), q, v.Counterexample, explore.Limits{}); err != nil || why != "" {
					t.Fatalf("it is no counterexample: %s %v", why, err)
				}
				follows(t, q.Impl, &v.Counterexample.Impl)
				break
			}
		})
	}
	t.Log(both, fewer, longer)
	if both[deadlock.Holds] == 0 || both[deadlock.Fails] == 0 || fewer == 0 {
		t.Errorf("%v by both, %d of fewer states, %d counterexamples by both", both, fewer, longer)
	}
}

// follows reports an error unless sys can do the events of a behaviour, and a
// loop can come back to where it began.
func follows(t *rapid.T, sys explore.System, b *explore.Behaviour) {
	w := sys.Width()
	s := make([]uint64, w)
	if err := sys.Initial(s); err != nil {
		t.Fatal(err)
	}
	key := func(s []uint64) [4]uint64 { return [4]uint64(append(append([]uint64{}, s...), 0, 0, 0, 0)[:4]) }
	type place struct{ at, start [4]uint64 } // start: where the loop began
	now := map[place][]uint64{{at: key(s)}: s}
	for i, step := range b.Steps {
		next := map[place][]uint64{}
		for p, s := range now {
			if i == b.Loop {
				p.start = key(s)
			}
			var steps explore.Steps
			if err := sys.Successors(s, &steps); err != nil {
				t.Fatal(err)
			}
			for k, e := range steps.Events {
				if sys.Events().Name(e) == step.Event {
					to := steps.States[k*w : (k+1)*w]
					next[place{key(to), p.start}] = to
				}
			}
		}
		now = next
	}
	for p := range now {
		if b.Loop < 0 || p.at == p.start {
			return
		}
	}
	t.Fatalf("the network does not do %v, with a loop from %d", b.Trace(), b.Loop)
}
