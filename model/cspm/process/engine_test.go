package process_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// A counter is infinite; partners keep it small.
const counters = `
channel up, down, reset, odd, z
CNT(k) = up -> CNT(k+1) [] down -> CNT(k-1)
LIM(n, k) = (k < n & up -> LIM(n, k+1)) [] (k > 0 & down -> LIM(n, k-1))
FROM(k) = reset -> FROM(0) [] up -> FROM(k+1) [] k % 2 == 1 & odd -> FROM(k)
THRICE = up -> up -> up -> odd -> reset -> THRICE
TWICE(n) = CNT(0) [|{|up,down|}|] LIM(n, 0)
channel meet : {0..9}
S(i) = meet.i -> S(i) [] meet.i -> T(i)
T(i) = meet.i -> T(i) [] meet.i -> S(i)
SWITCHES(n) = ||| i : {1..n} @ (S(i) [|{|meet.i|}|] S(i))
Z = z -> Z
`

// What is infinite on its own is evaluated on demand, and counted as its
// partners leave it.
func TestInfiniteLeavesOnDemand(t *testing.T) {
	for _, tt := range []struct {
		proc                string
		states, transitions int64
	}{
		{"TWICE(4)", 5, 8},
		{"TWICE(300)", 301, 600},
		{"TWICE(2) ||| TWICE(3)", 12, 34},
		{"TWICE(3) [|{|up|}|] TWICE(2)", 12, 23},
		{"CNT(0) [|{|up,down|}|] (CNT(7) [|{|up,down|}|] LIM(2, 1))", 3, 4},
		{"FROM(0) [|{|up,reset,odd|}|] THRICE", 5, 5},
		{"(CNT(0) [[up <- down, down <- up]]) [|{|up,down|}|] LIM(3, 0)", 4, 6},
		{"TWICE(3) \\ {|up|}", 4, 6},
		{"(TWICE(1) /\\ reset -> TWICE(2)) [|{|z|}|] STOP", 5, 8},
		{"(z -> SKIP ||| SKIP) ; TWICE(2)", 5, 6},
	} {
		sys, err := system(counters, tt.proc, cspm.Auto)
		if err != nil {
			t.Errorf("%s: %v", tt.proc, err)
			continue
		}
		s, err := explore.Run(context.Background(), sys, explore.Limits{States: 1000}, nil)
		if err != nil {
			t.Errorf("%s: %v", tt.proc, err)
		}
		if engine := cspm.EngineOf(sys); engine != cspm.Network || s.States != tt.states || s.Transitions != tt.transitions {
			t.Errorf("%s: %d states, %d transitions of %s, want %d, %d of network", tt.proc, s.States, s.Transitions, engine, tt.states, tt.transitions)
		}
	}
}

// A search of a script's network allocates nothing for each state, and that
// of one with a leaf on demand nothing for each state but the leaf's.
func TestNetworksDoNotAllocatePerState(t *testing.T) {
	for _, proc := range []string{"SWITCHES(%d)", "SWITCHES(%d) ||| TWICE(1)"} {
		allocs := func(n int) (float64, int64) {
			sys, err := system(counters, fmt.Sprintf(proc, n), cspm.Network)
			if err != nil {
				t.Fatal(err)
			}
			var states int64
			return testing.AllocsPerRun(1, func() {
				s, err := explore.Run(context.Background(), sys, explore.Limits{}, nil)
				if err != nil {
					t.Fatal(err)
				}
				states = s.States
			}), states
		}
		small, few := allocs(4)
		large, many := allocs(6)
		if large-small > float64(many-few)/100 {
			t.Errorf("%s: %v allocations for %d states, %v for %d", proc, small, few, large, many)
		}
	}
}
