package deadlock_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/explore/checkpoint"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/modeltest"
	"pgregory.net/rapid"
)

// resumable draws a question, to be made anew again and again.
func resumable(t *rapid.T) func() deadlock.Question {
	topic := rapid.SampledFrom([]deadlock.Topic{
		deadlock.Refinement, deadlock.DeadlockFreedom, deadlock.DivergenceFreedom, deadlock.Determinism, deadlock.Trace,
		deadlock.RaceFreedom, deadlock.Liveness, deadlock.LeakFreedom, deadlock.PanicFreedom,
		deadlock.StarvationFreedom, deadlock.BoundedBypass, deadlock.LossFreedom,
	}).Draw(t, "topic")
	m := rapid.SampledFrom([]deadlock.Model{deadlock.F, deadlock.FD}).Draw(t, "model")
	if topic == deadlock.Refinement {
		pair := modeltest.Pairs(8, 2).Draw(t, "pair")
		m = rapid.SampledFrom([]deadlock.Model{deadlock.T, deadlock.F, deadlock.FD}).Draw(t, "model")
		return func() deadlock.Question {
			return deadlock.Question{Topic: topic, Model: m, Spec: explore.Machine(pair.Spec), Impl: explore.Machine(pair.Impl)}
		}
	}
	net := modeltest.Networks(4).Draw(t, "network")
	some := func(what string) model.EventSet { return someEvents(t, net, what) }
	q := deadlock.Question{
		Topic: topic, Model: m, Events: some("event"), Bound: 1,
		Variables:     []deadlock.Variable{{Reads: some("read"), Writes: some("written")}},
		Notifications: []deadlock.Notification{{Vain: some("vain"), Waits: some("waits"), Ends: some("ends")}},
	}
	for range rapid.IntRange(0, 3).Draw(t, "length") {
		q.Trace = append(q.Trace, model.Event(rapid.IntRange(int(model.Tick)+1, net.Events().Len()-1).Draw(t, "event")))
	}
	return func() deadlock.Question {
		q := q
		q.Impl = explore.Network(net)
		sys := q.Impl.(explore.Composed)
		for i, p := range sys.Places() {
			if p.Leaf && len(q.Tasks) < 3 {
				q.Tasks = append(q.Tasks, deadlock.TaskAt(sys, i))
			}
		}
		return q
	}
}

// someEvents draws some of the events of a network.
func someEvents(t *rapid.T, net *model.Network, what string) model.EventSet {
	var events []model.Event
	for e := model.Tick + 1; int(e) < net.Events().Len(); e++ {
		if rapid.Bool().Draw(t, what) {
			events = append(events, e)
		}
	}
	return model.NewAlphabet(events...)
}

// askedFor asks a question, and returns all that is told but for what it took.
func askedFor(t *rapid.T, q deadlock.Question, limits explore.Limits) (*deadlock.Verdict, string) {
	v, err := deadlock.Ask(context.Background(), q, limits)
	if err != nil {
		return v, err.Error()
	}
	st := v.Stats
	st.Time, st.CPU, st.Memory, st.Spilled, st.Usage = 0, 0, 0, 0, explore.Usage{}
	text, err := json.Marshal([]any{v.Answer, v.Reason, v.Counterexample, st})
	if err != nil {
		t.Fatal(err)
	}
	return v, string(text)
}

// A question whose search goes to disk has the same answer, with the same
// counterexample and counts, as one that stays in memory.
func TestSpilledHasTheSameAnswer(t *testing.T) {
	dir, spilled := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		question := resumable(t)
		_, want := askedFor(t, question(), explore.Limits{})
		limits := explore.Limits{Spill: dir, SpillAfter: rapid.SampledFrom([]int{1, 2, 5, 20}).Draw(t, "spilled after")}
		v, got := askedFor(t, question(), limits)
		if got != want {
			t.Fatalf("spilled after %d states the answer is\n%s\notherwise\n%s", limits.SpillAfter, got, want)
		}
		if v != nil && v.Stats.Spilled > 0 {
			spilled++
		}
	})
	if spilled < 5 {
		t.Errorf("only %d questions went to disk", spilled)
	}
}

// A question whose search is stopped again and again, and goes on from its
// file each time, has the same answer, with the same counterexample and
// counts, as one that is not stopped. It may be on disk or not.
func TestResumedHasTheSameAnswer(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "search")
	resumed := 0
	rapid.Check(t, func(t *rapid.T) {
		os.Remove(file)
		question := resumable(t)
		whole, want := askedFor(t, question(), explore.Limits{})
		var spill explore.Limits
		if rapid.Bool().Draw(t, "on disk") {
			spill.Spill, spill.SpillAfter = dir, rapid.SampledFrom([]int{1, 5, 20}).Draw(t, "spilled after")
		}
		for turn := range 5 {
			c := &explore.Checkpoint{States: rapid.Int64Range(0, 20).Draw(t, "every")}
			c.Write = func(search func(*checkpoint.Writer)) error { return checkpoint.Write(file, search) }
			c.Wrote = func(_ int64, err error) {
				if err != nil {
					t.Fatal(err)
				}
			}
			if r, err := checkpoint.Open(file); err == nil {
				c.Resume = r
				resumed++
			}
			limits := spill
			limits.Checkpoint, limits.Workers = c, 1
			if turn < 4 && whole != nil && whole.Stats.States > 1 {
				limits.States = rapid.Int64Range(1, whole.Stats.States).Draw(t, "most")
			}
			v, got := askedFor(t, question(), limits)
			if limits.States > 0 && v != nil && v.Answer == deadlock.Unknown && v.Reason != "" && got[0] == '[' {
				continue
			}
			// What is proved before a limit may be proved by less than otherwise.
			if got != want && !(limits.States > 0 && v != nil && v.Answer == whole.Answer) {
				t.Fatalf("after turn %d the answer is\n%s\notherwise\n%s", turn, got, want)
			}
			return
		}
	})
	if resumed == 0 {
		t.Error("nothing was resumed")
	}
}
