package deadlock

import (
	"testing"

	"github.com/cspcheck/cspcheck/explore"
)

// An answer is in doubt where it rests on all states, and certain where a path
// shows it.
func TestDoubtIsOfWhatNoPathShows(t *testing.T) {
	const missed = 1e-9
	seen := explore.Stats{Missed: missed}
	for _, x := range []struct {
		answer Answer
		kind   explore.Kind // of the counterexample; "" is none
		doubt  float64
	}{
		{Holds, "", missed},
		{Fails, "", missed}, // the negation of what holds
		{Unknown, "", 0},
		{Fails, explore.Deadlock, 0},
		{Holds, explore.Deadlock, 0}, // the negation of what fails
		{Fails, explore.TraceViolation, 0},
		{Fails, explore.Refusal, 0},
		{Fails, explore.Race, 0},
		{Fails, explore.NoTrace, missed},
		{Fails, explore.Stuck, missed},
		{Fails, explore.Lost, missed},
		{Fails, explore.Divergence, missed},
	} {
		v := &Verdict{Answer: x.answer, Stats: seen}
		if x.kind != "" {
			v.Counterexample = &explore.Counterexample{Kind: x.kind}
		}
		if got := v.Doubt(); got != x.doubt {
			t.Errorf("%s by a counterexample of the kind %q: %v, want %v", x.answer, x.kind, got, x.doubt)
		}
	}
	if a := most(explore.Stats{States: 2, Missed: 0.25}, explore.Stats{States: 1, Missed: 0.5}); a.Missed != 0.75 {
		t.Errorf("two searches missed states with a probability of at most %v", a.Missed)
	}
}
