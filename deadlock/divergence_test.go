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

// checkLasso checks that a divergence can be replayed.
func checkLasso(t *rapid.T, m *model.Machine, v *deadlock.Verdict) {
	if err := verdicttest.Divergence(v, modeltest.NewProcess(m)); err != nil {
		t.Error(err)
	}
}

func TestDivergenceFreeMeansNoLoopOfTau(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := modeltest.Machines(12, rapid.IntRange(0, 1).Draw(t, "visible events")).Draw(t, "machine")
		o := newOracle(m)
		want := o.nearest(o.diverges)
		v, err := deadlock.DivergenceFree(context.Background(), explore.Machine(m), explore.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if want < 0 {
			if v.Answer != deadlock.Holds {
				t.Errorf("%s, want holds", answer(v))
			}
			return
		}
		if v.Answer != deadlock.Fails {
			t.Fatalf("%s, but diverges after %d steps", answer(v), want)
		}
		checkLasso(t, m, v)
		// The loop is a shortest through its first state, and the stem goes by
		// a nearest state that diverges.
		b := &v.Counterexample.Impl
		first := false
		for s := range replay(m, b)[want] {
			first = first || o.dist[s] == want && o.diverges(int(s))
		}
		if !first {
			t.Errorf("%s does not go by a state that diverges after %d steps", answer(v), want)
		}
		for _, s := range b.Steps[want:] {
			if s.Event != "τ" {
				t.Errorf("%s: %s after the first state that diverges", answer(v), s.Event)
			}
		}
	})
}

// ladder counts by event up from 0 to end, and stays there by event 2. State
// loopAt has a τ back to from.
type ladder struct {
	events       *model.Events
	end          uint64
	loopAt, from uint64
	up           model.Event
}

func (x ladder) Events() *model.Events  { return x.events }
func (x ladder) Width() int             { return 1 }
func (x ladder) Initial([]uint64) error { return nil }
func (x ladder) Successors(s []uint64, out *explore.Steps) error {
	if s[0] == x.loopAt {
		out.Add(model.Tau, x.from)
	}
	if s[0] < x.end {
		out.Add(x.up, s[0]+1)
	} else {
		out.Add(model.Event(2), s[0])
	}
	return nil
}

// Long chains of τ are handled without recursion, and a search that would
// go on for long stops soon after a loop was closed.
func TestLongLoops(t *testing.T) {
	events := model.NewEvents()
	events.Event("a")
	for _, tt := range []struct {
		name            string
		sys             ladder
		stem, loop      int
		answer          deadlock.Answer
		atLeast, atMost int64
	}{
		{"all of it", ladder{events, 1 << 30, 99_999, 0, model.Tau}, 0, 100_000, deadlock.Fails, 100_000, 1<<17 + 1},
		{"its end", ladder{events, 1 << 30, 99_999, 99_998, model.Tau}, 99_998, 2, deadlock.Fails, 100_000, 1<<17 + 1},
		{"no loop, but a step back", ladder{events, 100_000, 99_999, 50_000, 2}, 0, 0, deadlock.Holds, 100_001, 100_001},
		{"a loop of itself", ladder{events, 1 << 30, 2000, 2000, 2}, 2000, 1, deadlock.Fails, 2001, 2049},
		{"no loop at all", ladder{events, 100_000, 1 << 40, 0, model.Tau}, 0, 0, deadlock.Holds, 100_001, 100_001},
	} {
		v, err := deadlock.DivergenceFree(context.Background(), tt.sys, explore.Limits{States: 1 << 20})
		if err != nil {
			t.Fatal(err)
		}
		if v.Answer != tt.answer {
			t.Errorf("%s: %s %s, want %s", tt.name, v.Answer, v.Reason, tt.answer)
			continue
		}
		if v.Stats.States < tt.atLeast || v.Stats.States > tt.atMost {
			t.Errorf("%s: %d states, want %d to %d", tt.name, v.Stats.States, tt.atLeast, tt.atMost)
		}
		if v.Answer == deadlock.Fails {
			b := &v.Counterexample.Impl
			if b.Loop != tt.stem || len(b.Steps)-b.Loop != tt.loop {
				t.Errorf("%s: stem %d, loop %d, want %d, %d", tt.name, b.Loop, len(b.Steps)-b.Loop, tt.stem, tt.loop)
			}
		}
	}
}

// A limit does not hide a loop that was closed before it.
func TestDivergenceGoesBeforeALimit(t *testing.T) {
	events := model.NewEvents()
	events.Event("a")
	sys := ladder{events, 1 << 30, 3, 1, 2}
	for _, tt := range []struct {
		states int64
		want   string
	}{
		{4, "unknown more than 4 states"}, // state 3 has not been expanded
		{5, "unknown more than 5 states"}, // by a it leaves the loop: a, τ is none
	} {
		v, err := deadlock.DivergenceFree(context.Background(), sys, explore.Limits{States: tt.states})
		if err != nil {
			t.Fatal(err)
		}
		if got := answer(v); got != tt.want {
			t.Errorf("%d states: %s, want %s", tt.states, got, tt.want)
		}
	}
	sys.up = model.Tau
	v, err := deadlock.DivergenceFree(context.Background(), sys, explore.Limits{States: 5})
	if err != nil {
		t.Fatal(err)
	}
	if got := answer(v); got != "divergence τ ( τ τ τ )" {
		t.Errorf("%s, want divergence τ ( τ τ τ )", got)
	}
}
