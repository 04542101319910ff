package cspm_test

import (
	"context"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// How operators that may be nested in any way are nested makes no states: what is
// written in two ways has as many as what is written once, where nothing in it runs
// in parallel.
func TestNestingMakesNoStates(t *testing.T) {
	const script = `
channel a, b, c, d, x, y
P = a -> (b -> STOP /\ c -> SKIP)
Q = b -> P
R = c -> (d -> STOP \ {c})
`
	states := func(process string, engine cspm.Engine) int64 {
		s, err := cspm.Load("nested.csp", []byte(script+"assert "+process+" :[divergence free]\n"), cspm.Options{Engine: engine})
		if err != nil {
			t.Fatal(err)
		}
		ctx := context.Background()
		in, err := s.Asserts[0].Instance(ctx, explore.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		v, err := deadlock.DivergenceFree(ctx, in.Impl, explore.Limits{})
		if err != nil || v.Answer != deadlock.Holds {
			t.Fatalf("%s: %s %v", process, v.Answer, err)
		}
		return v.Stats.States
	}
	for _, tt := range []struct{ one, other string }{
		{`(P /\ Q) /\ R`, `P /\ (Q /\ R)`},
		{`((P /\ Q) /\ R) /\ Q`, `(P /\ Q) /\ (R /\ Q)`},
		{`(R \ {c}) \ {d}`, `R \ {c, d}`},
		{`((P \ {a}) \ {b}) \ {c}`, `(P \ {a, b, c}) \ {b}`},
		{`((P /\ Q) /\ R) \ {a} \ {b}`, `(P /\ (Q /\ R)) \ {a, b}`},
	} {
		for _, engine := range []cspm.Engine{cspm.Auto, cspm.Terms} {
			want := states("x -> ("+tt.one+") [] y -> ("+tt.one+")", engine)
			if got := states("x -> ("+tt.one+") [] y -> ("+tt.other+")", engine); got != want {
				t.Errorf("%s beside %s has %d states, want %d", tt.one, tt.other, got, want)
			}
		}
	}
}
