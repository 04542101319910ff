package process_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/model/cspm/process"
)

// The network of a term and the term itself are strongly bisimilar: whether
// small parts are leaves or every operator is a part of the network, with
// leaves on demand, and with leaves minimised.
func TestNetworksAreBisimilarToTerms(t *testing.T) {
	t.Parallel()
	const enough = 20000 // of each, whatever the flags
	kinds := []string{"default", "deep", "on demand", "minimised"}
	made, none := map[string]int{}, map[string]int{}
	onDemand := 0
	least := 0
	until(t, &least, enough, func(t *rapid.T) {
		pr := drawProgram(t, rapid.SampledFrom([]int{1, 2, 3, 4, 5}).Draw(t, "size"))
		s, err := cspm.Load("t.csp", []byte(pr.text()), cspm.Options{Engine: cspm.Terms})
		if err != nil {
			t.Fatalf("%v\n%s", err, pr.text())
		}
		ctx, limits := context.Background(), explore.Limits{}
		sys, err := s.Process(ctx, limits, both)
		if err != nil {
			t.Fatalf("%v\n%s", err, pr.text())
		}
		want, err := tabulate(sys, explore.Limits{States: mostStates})
		if err != nil {
			return // too large
		}
		states := rapid.IntRange(1, 3).Draw(t, "states of a leaf")
		deep := rapid.Bool().Draw(t, "deep")
		for i, o := range []process.NetworkOptions{
			{}, {Deep: true}, {LeafStates: states, Deep: deep}, {Minimise: true, Deep: !deep},
		} {
			net, err := s.Network(ctx, limits, both, o)
			if errors.Is(err, process.ErrNoNetwork) {
				none[kinds[i]]++
				continue
			}
			if err != nil {
				t.Fatalf("%s: %v\n%s", kinds[i], err, pr.text())
			}
			made[kinds[i]]++
			if slices.ContainsFunc(net.Components(), func(c model.Component) bool { return c.Demand != nil }) {
				onDemand++
			}
			got, err := tabulate(explore.Network(net), explore.Limits{States: 50 * mostStates})
			if err != nil {
				t.Fatalf("%s, %d terms: %v\n%s", kinds[i], len(want), err, pr.text())
			}
			if !bisimilar(want, got) {
				t.Fatalf("%s %+v\n%s\nby the terms:\n%s\nby the network:\n%s", kinds[i], o, pr.text(), want, got)
			}
		}
		least = min(made["default"], made["deep"])
	})
	t.Logf("networks %v, %d of them with leaves on demand; none for %v", made, onDemand, none)
	if onDemand < least/4 {
		t.Error("too few leaves on demand")
	}
}

// asserted returns the states of a process as an assertion about it sees them.
func asserted(script, process, question string) (explore.System, error) {
	s, err := cspm.Load("t.csp", []byte(script+"\n--! assert "+process+" "+question+"\n"), cspm.Options{})
	if err != nil {
		return nil, err
	}
	in, err := s.Asserts[0].Instance(context.Background(), explore.Limits{})
	if err != nil {
		return nil, err
	}
	return in.Impl, nil
}

// guided is a network that finds the terms of its paths among those that
// states say.
type guided interface {
	Guided([]explore.PathStep) (bool, error)
}

// A path of a network is told in the terms: by the same events, to a state
// that offers the same and that the network's says. That of an assertion has its
// leaves minimised, or is of parts, which may hide.
func TestNetworksTellTheirPaths(t *testing.T) {
	t.Parallel()
	networks := 0
	check(t, func(t *rapid.T) {
		pr := drawProgram(t, rapid.SampledFrom([]int{1, 2, 3, 4, 5}).Draw(t, "size"))
		main := rapid.SampledFrom([]string{both, "MAIN(0) ||| MAIN(1)"}).Draw(t, "process")
		var sys explore.System
		var err error
		switch rapid.SampledFrom([]string{"plain", "minimised", "parts", "hidden"}).Draw(t, "network") {
		case "plain":
			sys, err = system(pr.text(), main, cspm.Auto)
		case "minimised":
			sys, err = asserted(pr.text(), main, ":[deadlock free [F]]")
		case "parts":
			sys, err = asserted(pr.text(), "("+main+")", ":[starvation free]")
		case "hidden":
			sys, err = asserted(pr.text(), "("+main+")", ":[race free]: {({}, {c})}")
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, pr.text())
		}
		if cspm.EngineOf(sys) != cspm.Network {
			return
		}
		networks++
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
		if ok, err := sys.(guided).Guided(path); err != nil || !ok {
			t.Fatalf("the guide knows no terms of %v, %v\n%s", path, err, pr.text())
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

// A path of nothing but τ is told as the network did it: by the same parts.
func TestHiddenPathsAreToldAsTheyWent(t *testing.T) {
	const script = `channel c : {0..29}.{0..39}
C(i, n) = n < 39 & c.i.n -> C(i, n+1)
ALL = (||| i:{0..29} @ C(i, 0)) \ {|c|}
QUIET(i) = C(i, 0) \ {|c|}
EACH = ||| i:{0..29} @ QUIET(i)
FIRST(i) = c.i.0 -> SKIP
LATER = (FIRST(0) ||| FIRST(1)) ; (ALL [] c.0.39 -> STOP)
`
	for _, proc := range []string{"ALL", "EACH", "LATER"} {
		sys, err := system(script, proc, cspm.Network)
		if err != nil {
			t.Fatal(err)
		}
		var path []explore.PathStep
		var want, got []string
		var steps explore.Steps
		at := make([]uint64, sys.Width())
		if err := sys.Initial(at); err != nil {
			t.Fatal(err)
		}
		for i := range 60 {
			steps.Reset()
			if err := sys.Successors(at, &steps); err != nil {
				t.Fatal(err)
			}
			k := len(steps.Events) * (1 + i%5) / 7
			at = slices.Clone(steps.States[k*sys.Width() : (k+1)*sys.Width()])
			path = append(path, explore.PathStep{Event: steps.Events[k], State: at})
		}
		b, err := explore.Explain(sys, path)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range b.Steps {
			part := b.Components[s.Parts[0].Component]
			got = append(got, part.Name)
		}
		net := networkStory(t, script, proc, path)
		for _, s := range net.Steps {
			want = append(want, net.Components[s.Parts[0].Component].Name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: told as %v, want %v", proc, got, want)
		}
	}
}

// networkStory tells a path by the network alone.
func networkStory(t *testing.T, script, proc string, path []explore.PathStep) *explore.Behaviour {
	s, err := cspm.Load("t.csp", []byte(script), cspm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	net, err := s.Network(context.Background(), explore.Limits{}, proc, process.NetworkOptions{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := explore.Explain(explore.Network(net), path)
	if err != nil {
		t.Fatal(err)
	}
	return b
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

// What follows an exception may be the process that it stands around, or one that stands
// around that: it starts again, and is not there twice.
func TestExceptionsStartAgainWhatTheyStandIn(t *testing.T) {
	const script = `channel a, b, c, d
PAR = c -> d -> SKIP ||| a -> STOP
X = PAR [| {a} |> X
Y = X [| {b} |> SKIP
V = (PAR ||| b -> STOP) [| {a} |> V
Q(n) = PAR [| {a} |> Q(0)
`
	for proc, want := range map[string]int{
		"X":                                 3,
		"Y":                                 3,
		"(V [| {b} |> SKIP) [| {d} |> Y":    7,
		"(Q(5) [| {c} |> X) [| {b} |> Q(7)": 4,
	} {
		sys, err := system(script, proc, cspm.Network)
		if err != nil {
			t.Errorf("%s: %v", proc, err)
			continue
		}
		s, err := explore.Run(context.Background(), sys, explore.Limits{States: 1000}, nil)
		if err != nil {
			t.Errorf("%s: %v", proc, err)
			continue
		}
		if s.Len() != want {
			t.Errorf("%s has %d states, not %d", proc, s.Len(), want)
		}
	}
}

// What a renaming makes of events has the same order whenever a script is read.
func TestRenamedEventsHaveOneOrder(t *testing.T) {
	const script = "channel a, b, c : {0..9}\nP = a?x -> P\nW = (P ||| P)[[ a.x <- b.x | x <- {0..9} ]][[ b <- c ]]\n"
	order := ""
	for range 20 {
		sys, err := system(script, "W", cspm.Network)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for e := range sys.Events().Len() {
			got += " " + sys.Events().Name(model.Event(e))
		}
		if order == "" {
			order = got
		}
		if got != order {
			t.Fatalf("the events are%s, and were%s", got, order)
		}
	}
}
