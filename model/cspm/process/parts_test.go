package process_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/deadlock/verdicttest"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// askParts answers the first assertion of a script, with an engine.
func askParts(script string, e cspm.Engine, limits explore.Limits) (*deadlock.Verdict, *cspm.Instance, error) {
	s, err := cspm.Load("t.csp", []byte(script), cspm.Options{Engine: e})
	if err != nil {
		return nil, nil, err
	}
	a := &s.Asserts[0]
	in, err := a.Instance(context.Background(), limits)
	if err != nil {
		return nil, nil, err
	}
	q := deadlock.Question{Topic: deadlock.Topic(a.Kind), Impl: in.Impl, Events: in.Events, Fairness: deadlock.Fairness(a.Fairness), Bound: in.Bound}
	for _, v := range in.Variables {
		q.Variables = append(q.Variables, deadlock.Variable{Name: v.Name, Reads: v.Reads, Writes: v.Writes})
	}
	if sys, ok := in.Impl.(explore.Composed); ok {
		for _, p := range in.Places {
			q.Tasks = append(q.Tasks, deadlock.TaskAt(sys, p))
		}
	}
	v, err := deadlock.Ask(context.Background(), q, limits)
	return v, in, err
}

// Races and panics are those of the terms, where who takes part in what is
// seen in the term itself; and a counterexample of a network is one of the
// terms, with the same participants.
func TestPartsOfNetworksAreThoseOfTerms(t *testing.T) {
	t.Parallel()
	const enough = 10000
	networks, none := 0, 0
	kinds := map[explore.Kind]int{}
	until(t, &networks, enough, func(t *rapid.T) {
		pr := drawProgram(t, rapid.SampledFrom([]int{1, 2, 3, 4, 5}).Draw(t, "size"))
		main := rapid.SampledFrom([]string{both, "MAIN(0) ||| MAIN(1)", "MAIN(0) [|{a}|] MAIN(1)", "(MAIN(0) ||| MAIN(0)) \\ {|d|}", "MAIN(0)"}).Draw(t, "process")
		set := func() string {
			return "{" + strings.Join(rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c", "d.0", "e.1"}), 0, 3, rapid.ID[string]).Draw(t, "events"), ", ") + "}"
		}
		question := rapid.SampledFrom([]string{
			fmt.Sprintf(":[race free]: {(%s, %s), (%s, {c})}", set(), set(), set()),
			fmt.Sprintf(":[no panic]: %s", set()),
		}).Draw(t, "question")
		text := fmt.Sprintf("%s\nSYS = %s\n--! assert SYS %s\n", pr.text(), main, question)
		limits := explore.Limits{States: 10 * mostStates}
		want, in, err := askParts(text, cspm.Terms, limits)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		got, on, err := askParts(text, cspm.Auto, limits)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if cspm.EngineOf(on.Impl) != cspm.Network {
			none++
			return
		}
		if got.Answer == deadlock.Unknown || want.Answer == deadlock.Unknown {
			return
		}
		networks++
		if got.Answer != want.Answer {
			t.Fatalf("%s, and %s of the terms\n%s", verdicttest.Line(got), verdicttest.Line(want), text)
		}
		ce := got.Counterexample
		if ce == nil {
			return
		}
		kinds[ce.Kind]++
		if len(ce.Impl.Steps) != len(want.Counterexample.Impl.Steps) {
			t.Fatalf("%s, and %s of the terms\n%s", verdicttest.Line(got), verdicttest.Line(want), text)
		}
		for _, engine := range []explore.System{in.Impl, on.Impl} {
			for _, ce := range []*explore.Counterexample{ce, want.Counterexample} {
				if err := verdicttest.Replay(nil, engine, ce); err != nil {
					t.Fatalf("%v\n%s\n%+v", err, text, ce)
				}
			}
		}
	})
	t.Logf("%d networks, %d without, %v", networks, none, kinds)
	if kinds[explore.Race] < networks/50 || kinds[explore.Panic] < networks/50 || none > networks {
		t.Error("too few of them say much")
	}
}

// A ; may be the process's own, or stand for what called it, and a priority may
// be that of a whole: both accesses are told of those that do them.
func TestRacesBeforeMoreAreToldOfBoth(t *testing.T) {
	for _, p := range []string{
		"(((b -> c -> SKIP) /+{}+\\ (STOP [|{b}|] STOP)) |~| STOP) ; SKIP [] STOP",
		"(b -> c -> SKIP) /+{}+\\ (STOP [|{b}|] STOP) ; SKIP",
		"((b -> c -> SKIP ||| STOP) ; SKIP) ; a -> SKIP",
		"(b -> ((c -> SKIP ||| STOP) ; SKIP)) ; a -> SKIP",
		"prioritise((a -> SKIP ||| c -> STOP) [> b -> SKIP, <{c}, {a, b}>) ; SKIP",
		"prioritise(prioritise(a -> SKIP ||| c -> STOP, <{c}, {a}>) ; SKIP, <{c}, {b}>) ; SKIP",
		"((STOP \\ {c} [] b -> (b -> SKIP ; c -> SKIP)) ; SKIP) \\ {a, b, c}",
	} {
		text := fmt.Sprintf("external prioritise\nchannel a, b, c\nP = %s\nSYS = P ||| P\n--! assert SYS :[race free]: {({}, {a}), ({}, {c})}\n", p)
		for _, e := range []cspm.Engine{cspm.Terms, cspm.Auto} {
			v, in, err := askParts(text, e, explore.Limits{})
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			if v.Answer != deadlock.Fails {
				t.Fatalf("%s\n%s", verdicttest.Line(v), text)
			}
			if err := verdicttest.Replay(nil, in.Impl, v.Counterexample); err != nil {
				t.Errorf("%v\n%s", err, text)
			}
		}
	}
}

// Who is passed over is told by the terms, where they are told apart by their
// parts and not by what they look like: it takes no part in the loop, or in
// the steps by which it is overtaken.
func TestPassedOverTasksTakeNoPart(t *testing.T) {
	t.Parallel()
	const enough = 1500
	asked := 0
	kinds := map[explore.Kind]int{}
	until(t, &asked, enough, func(t *rapid.T) {
		pr := drawProgram(t, rapid.SampledFrom([]int{1, 2, 3}).Draw(t, "size"))
		main := rapid.SampledFrom([]string{both, "MAIN(0) ||| MAIN(1)", "MAIN(1) ||| MAIN(1) ||| MAIN(0)", "MAIN(0) [|{a}|] MAIN(1)"}).Draw(t, "process")
		question := rapid.SampledFrom([]string{
			":[starvation free]: <MAIN(1)>", ":[starvation free [weak]]", ":[starvation free [strong]]: <MAIN(1)>", ":[bounded bypass]: (<MAIN(1)>, {a, b, c}, 1)",
		}).Draw(t, "question")
		text := fmt.Sprintf("%s\nSYS = %s\n--! assert SYS %s\n", pr.text(), main, question)
		v, in, err := askParts(text, cspm.Auto, explore.Limits{States: 10 * mostStates})
		if _, limit := err.(*explore.Limit); limit {
			return
		} else if _, mistake := cspm.AsErrors(err); mistake {
			return // the whole is no component of that name
		} else if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		asked++
		ce := v.Counterexample
		if ce == nil {
			return
		}
		kinds[ce.Kind]++
		terms, err := system(pr.text(), main, cspm.Terms)
		if err == nil {
			err = verdicttest.Replay(nil, terms, ce)
		}
		if err == nil {
			err = verdicttest.Replay(nil, in.Impl, ce)
		}
		if err != nil {
			t.Fatalf("%v\n%s\n%+v", err, text, ce)
		}
	})
	t.Logf("%d asked, %v", asked, kinds)
	if kinds[explore.Starvation] < asked/20 || kinds[explore.Bypass] < asked/50 {
		t.Error("too few are passed over")
	}
}

// A task that is independent of the others gets stuck just where it deadlocks
// on its own.
func TestIndependentTasksAreStuckWhereTheyDeadlock(t *testing.T) {
	t.Parallel()
	const enough = 4000
	asked, stuck := 0, 0
	until(t, &asked, enough, func(t *rapid.T) {
		pr := drawProgram(t, rapid.SampledFrom([]int{1, 2, 3, 4}).Draw(t, "size"))
		limits := explore.Limits{States: 10 * mostStates}
		text := pr.text() + "\nSYS = MAIN(0) ||| MAIN(1)\n--! assert SYS :[never stuck]: <MAIN(1)>\n"
		v, _, err := askParts(text, cspm.Auto, limits)
		if _, limit := err.(*explore.Limit); limit {
			return
		} else if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		alone, err := system(pr.text(), "MAIN(1)", cspm.Terms)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		want, err := deadlock.Free(context.Background(), alone, deadlock.F, limits, deadlock.AcceptTermination)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if v.Answer == deadlock.Unknown || want.Answer == deadlock.Unknown {
			return
		}
		asked++
		// MAIN(0) may be the same process as MAIN(1), and is then asked about too.
		if v.Answer != want.Answer {
			t.Fatalf("%s, and alone %s\n%s", verdicttest.Line(v), verdicttest.Line(want), text)
		}
		if v.Counterexample == nil {
			return
		}
		stuck++
		if v.Counterexample.Stuck.Since != len(want.Counterexample.Impl.Steps) {
			t.Fatalf("%s since step %d, and alone %s\n%s", verdicttest.Line(v), v.Counterexample.Stuck.Since, verdicttest.Line(want), text)
		}
		terms, err := system(pr.text(), "MAIN(0) ||| MAIN(1)", cspm.Terms)
		if err == nil {
			err = verdicttest.Replay(nil, terms, v.Counterexample)
		}
		if err != nil {
			t.Fatalf("%v\n%s\n%+v", err, text, v.Counterexample)
		}
	})
	t.Logf("%d asked, %d stuck", asked, stuck)
	if stuck < asked/20 {
		t.Error("too few are stuck")
	}
}
