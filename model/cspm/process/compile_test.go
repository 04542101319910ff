package process_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/model/cspm/process"
)

// networkOf returns the states of a process as a network, or nil if it has
// none.
func networkOf(script, text string, o process.NetworkOptions) (explore.System, error) {
	s, err := cspm.Load("t.csp", []byte(script), cspm.Options{})
	if err != nil {
		return nil, err
	}
	net, err := s.Network(context.Background(), explore.Limits{}, text, o)
	if err != nil {
		return nil, err
	}
	return explore.Network(net), nil
}

// The network of a term and the term itself are strongly bisimilar, whether
// small parts are leaves or every operator is a part of the network.
func TestNetworksAreBisimilarToTerms(t *testing.T) {
	made, none := map[bool]int{}, map[bool]int{}
	check(t, func(t *rapid.T) {
		pr := drawProgram(t, rapid.SampledFrom([]int{1, 2, 3, 4, 5}).Draw(t, "size"))
		sys, err := system(pr.text(), both, cspm.Terms)
		if err != nil {
			t.Fatalf("%v\n%s", err, pr.text())
		}
		want, err := tabulate(sys, explore.Limits{States: mostStates})
		if err != nil {
			return // too large
		}
		for _, deep := range []bool{false, true} {
			net, err := networkOf(pr.text(), both, process.NetworkOptions{Deep: deep})
			if errors.Is(err, process.ErrNoNetwork) {
				none[deep]++
				continue
			}
			if err != nil {
				t.Fatalf("deep %v: %v\n%s", deep, err, pr.text())
			}
			made[deep]++
			got, err := tabulate(net, explore.Limits{States: 50 * mostStates})
			if err != nil {
				t.Fatalf("deep %v, %d terms: %v\n%s", deep, len(want), err, pr.text())
			}
			if !bisimilar(want, got) {
				t.Fatalf("deep %v\n%s\nby the terms:\n%s\nby the network:\n%s", deep, pr.text(), want, got)
			}
		}
	})
	t.Logf("by default %d networks and %d without, deep %d and %d", made[false], none[false], made[true], none[true])
}

// A path of a network is told in the terms: by the same events, to a state
// that offers the same.
func TestNetworksTellTheirPaths(t *testing.T) {
	networks := 0
	check(t, func(t *rapid.T) {
		pr := drawProgram(t, rapid.SampledFrom([]int{1, 2, 3, 4, 5}).Draw(t, "size"))
		sys, err := system(pr.text(), rapid.SampledFrom([]string{both, "MAIN(0) ||| MAIN(1)"}).Draw(t, "process"), cspm.Auto)
		if err != nil {
			t.Fatalf("%v\n%s", err, pr.text())
		}
		if cspm.EngineOf(sys) == cspm.Network {
			networks++
		}
		var path []explore.PathStep
		var steps explore.Steps
		at := make([]uint64, sys.Width())
		if err := sys.Initial(at); err != nil {
			t.Fatalf("%v\n%s", err, pr.text())
		}
		for range rapid.IntRange(0, 8).Draw(t, "length") {
			steps.Reset()
			if err := sys.Successors(at, &steps); err != nil {
				t.Fatalf("%v\n%s", err, pr.text())
			}
			if len(steps.Events) == 0 {
				break
			}
			k := rapid.IntRange(0, len(steps.Events)-1).Draw(t, "step")
			at = slices.Clone(steps.States[k*sys.Width() : (k+1)*sys.Width()])
			path = append(path, explore.PathStep{Event: steps.Events[k], State: at})
		}
		steps.Reset()
		if err := sys.Successors(at, &steps); err != nil {
			t.Fatalf("%v\n%s", err, pr.text())
		}
		b, err := explore.Explain(sys, path)
		if err != nil {
			t.Fatalf("%v\n%s", err, pr.text())
		}
		for i, s := range b.Steps {
			if want := sys.Events().Name(path[i].Event); s.Event != want {
				t.Fatalf("step %d of %s is told as %s\n%s", i, want, s.Event, pr.text())
			}
		}
		if len(b.Steps) != len(path) || (len(b.Final) == 0) != (len(steps.Events) == 0) {
			t.Fatalf("%d steps of %d, %d final transitions for %d\n%s", len(b.Steps), len(path), len(b.Final), len(steps.Events), pr.text())
		}
	})
	if networks == 0 {
		t.Error("no process was a network")
	}
	t.Logf("%d networks", networks)
}

// Networks of scripts are as large as what they describe.
func TestNetworksDoNotMultiply(t *testing.T) {
	const script = `
channel go, kill, a
channel own : {0..199}
channel sync : {0..99}
channel n : {0..19}
channel big : {0..99}.{0..99}
PAIR(i) = own.i -> sync.(i/2) -> PAIR(i)
PAIRS = || i:{0..199} @ [{own.i, sync.(i/2)}] PAIR(i)
NEST(0) = PAIR(0)
NEST(i) = NEST(i-1) [| if i%2 == 1 then {sync.(i/2)} else {} |] PAIR(i)
N(i) = n.i -> N(i)
INTERRUPTED = ||| i:{0..19} @ (N(i) ||| own.i -> SKIP) /\ kill -> SKIP
RECEIVER(i) = go -> own.i -> RECEIVER(i)
BROADCAST = (go -> STOP) [| {go} |] ([| {go} |] i:{0..99} @ RECEIVER(i))
SPREAD = (N(0) ||| N(1)) [[ n.0 <- big.x.y | x <- {0..99}, y <- {0..99} ]]
SPREADALL = (||| i:{0..19} @ N(i)) [[ n.i <- big.i.y | i <- {0..19}, y <- {0..99} ]]
`
	for _, tt := range []struct {
		proc              string
		components, rules int // at most
	}{
		{"PAIRS", 200, 300},
		{"NEST(199)", 200, 300},
		{"INTERRUPTED", 80, 1400},
		{"BROADCAST", 101, 101},
		{"SPREAD", 2, 10001},
		{"SPREADALL", 20, 2000},
	} {
		s, err := cspm.Load("t.csp", []byte(script), cspm.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, deep := range []bool{false, true} {
			net, err := s.Network(context.Background(), explore.Limits{}, tt.proc, process.NetworkOptions{Deep: deep})
			if err != nil {
				t.Errorf("%s: %v", tt.proc, err)
			} else if c, r := len(net.Components()), net.NumRules(); c > tt.components && !deep || r > tt.rules {
				t.Errorf("%s, deep %v: %d components, %d rules, want at most %d, %d", tt.proc, deep, c, r, tt.components, tt.rules)
			}
		}
	}
}
