package cspm_test

import (
	"context"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// A mistake that shows only when an event occurs has the place of what is
// wrong, not of what was evaluated last.
func TestMistakesInTransitionsHaveAPlace(t *testing.T) {
	for _, tt := range []struct{ process, want string }{
		{"(num.2 -> STOP)[[num <- pos.0]]", "process:1:18: eval: 2 is not a value of pos: the 2nd field of pos is in {0..1}"},
		{"go -> (num.2 -> STOP)[[num <- pos.0]]", "process:1:24: eval: 2 is not a value of pos: the 2nd field of pos is in {0..1}"},
		{"(num.2 -> STOP) [num <-> pos.0] STOP", "process:1:18: eval: 2 is not a value of pos: the 2nd field of pos is in {0..1}"},
		{"(pos.0.1 -> STOP) [pos.0 <-> num] (num.2 -> STOP)", ""}, // num.2 is tied to nothing
	} {
		s, err := cspm.Load("t.csp", []byte(declarations), cspm.Options{})
		if err != nil {
			t.Fatal(err)
		}
		sys, err := s.Process(context.Background(), explore.Limits{}, tt.process)
		if err == nil {
			_, err = explore.Run(context.Background(), sys, explore.Limits{}, nil)
		}
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.process, got, tt.want)
		}
	}
}
