package process_test

import (
	"context"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// Leaves are minimised where an assertion is checked, and left as they are
// written where states are counted.
func TestLeavesAreMinimisedForAssertions(t *testing.T) {
	const script = `
channel a, b, c, z : {0..1}
CLOCK(n) = a.0 -> CLOCK((n + 1) % 5)
SAME = a.0 -> b.0 -> STOP [] a.1 -> (b.0 -> STOP [] b.0 -> STOP)
ENDS = a.0 -> SKIP [] a.1 -> STOP
PART = b.0 -> SKIP ||| b.1 -> SKIP
HOSTS = a.0 -> PART; a.0 -> PART; HOSTS
Z = z.0 -> Z
`
	for _, tt := range []struct {
		proc             string
		counted, checked int64
		kind             explore.Kind // why it is not deadlock free [F], if so
		accepting        explore.Kind // and if it may terminate
	}{
		{"CLOCK(0) ||| Z", 5, 1, "", ""},
		{"CLOCK(0) ||| CLOCK(0)", 25, 1, "", ""},
		{"SAME [|{|b|}|] RUN({|b|})", 4, 3, explore.Deadlock, explore.Deadlock},
		// After ✓ as in a deadlock nothing happens: what tells them apart is the
		// event that leads there.
		{"ENDS", 4, 3, explore.Deadlock, explore.Deadlock},
		{"SKIP [] a.0 -> a.0 -> STOP", 4, 3, explore.Termination, explore.Deadlock},
		{"SKIP [] a.0 -> a.0 -> SKIP", 4, 4, explore.Termination, ""},
		{"ENDS ||| ENDS", 10, 9, explore.Deadlock, explore.Deadlock},
		// What a machine hosts tells its states apart.
		{"HOSTS", 10, 10, "", ""},
	} {
		s, err := cspm.Load("t.csp", []byte(script+"assert "+tt.proc+" :[deadlock free [F]]"), cspm.Options{Engine: cspm.Network})
		if err != nil {
			t.Fatal(err)
		}
		states := func(sys explore.System, err error) int64 {
			if err != nil {
				t.Fatalf("%s: %v", tt.proc, err)
			}
			found, err := explore.Run(context.Background(), sys, explore.Limits{}, nil)
			if err != nil {
				t.Fatalf("%s: %v", tt.proc, err)
			}
			return found.States
		}
		in, err := s.Asserts[0].Instance(context.Background(), explore.Limits{})
		if err != nil {
			t.Fatalf("%s: %v", tt.proc, err)
		}
		counted, checked := states(s.Process(context.Background(), explore.Limits{}, tt.proc)), states(in.Impl, nil)
		if counted != tt.counted || checked != tt.checked {
			t.Errorf("%s: %d states counted and %d checked, want %d and %d", tt.proc, counted, checked, tt.counted, tt.checked)
		}
		if kind := stuck(t, in.Impl); kind != tt.kind {
			t.Errorf("%s: %q, want %q", tt.proc, kind, tt.kind)
		}
		if kind := stuck(t, in.Impl, deadlock.AcceptTermination); kind != tt.accepting {
			t.Errorf("%s: %q if it may terminate, want %q", tt.proc, kind, tt.accepting)
		}
	}
}

// stuck returns why a system is not deadlock free in F, or "" if it is.
func stuck(t *testing.T, sys explore.System, o ...deadlock.Option) explore.Kind {
	v, err := deadlock.Free(context.Background(), sys, deadlock.F, explore.Limits{}, o...)
	if err != nil {
		t.Fatal(err)
	}
	if v.Counterexample == nil {
		return ""
	}
	return v.Counterexample.Kind
}
