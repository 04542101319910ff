package specs_test

import (
	"context"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// A watchdog barks exactly at what does not refine in the traces model what
// it is made of: P [T= Q if and only if STOP [T= (Q [|A|] W) \ A, where
// W = trace_watchdog(P, A, bark) and A are the events of Q. That P ends is
// nothing that it sees (Goldsmith, Moffat, Roscoe, Whitworth, Zakiuddin:
// "Watchdog transformations for property-oriented model-checking", FME 2003).
func TestWatchdogsAskForTraces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		script := parse(t, "external trace_watchdog\n"+
			"A = {a, b, c}\nP = "+processes(0).Draw(t, "P")+"\nQ = "+processes(0).Draw(t, "Q")+"\n"+
			"SPEC = P ; STOP\nIMPL = Q ; STOP\nWATCHED = (Q [|A|] trace_watchdog(P, A, m)) \\ A\n", engines.Draw(t, "engine"))
		want := refines(t, compile(t, script, "SPEC"), compile(t, script, "IMPL"), deadlock.T)
		got := refines(t, compile(t, script, "STOP"), compile(t, script, "WATCHED"), deadlock.T)
		if want == deadlock.Unknown || got == deadlock.Unknown {
			t.Skip("too large")
		}
		if got != want {
			t.Errorf("P [T= Q %s, and that the watchdog is silent %s", want, got)
		}
	})
}

// With a failure watchdog beside Q there is a bark or a stable state exactly
// at what does not refine in the failures model what it is made of: P [F= Q
// if and only if DIV [F= (Q [|A|] W) \ A, where W = failure_watchdog(P, A, bark).
// Beside what never ends nothing does.
func TestFailureWatchdogsAskForFailures(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		script := parse(t, watched(processes(0).Draw(t, "P"), processes(0).Draw(t, "Q")), engines.Draw(t, "engine"))
		want := refines(t, compile(t, script, "SPEC"), compile(t, script, "IMPL"), deadlock.F)
		got := refines(t, compile(t, script, "DIV"), compile(t, script, "WATCHED"), deadlock.F)
		if want == deadlock.Unknown || got == deadlock.Unknown {
			t.Skip("too large")
		}
		if got != want {
			t.Errorf("P [F= Q %s, and that the watchdog sees nothing %s", want, got)
		}
	})
}

// Where Q does not diverge, that is to ask for a deadlock.
func TestFailureWatchdogsDeadlock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		script := parse(t, watched(processes(0).Draw(t, "P"), processes(calm).Draw(t, "Q")), engines.Draw(t, "engine"))
		want := refines(t, compile(t, script, "SPEC"), compile(t, script, "IMPL"), deadlock.F)
		v, err := deadlock.Free(context.Background(), compile(t, script, "WATCHED"), deadlock.F, explore.Limits{States: 5000})
		if err != nil {
			t.Fatal(err)
		}
		if want == deadlock.Unknown || v.Answer == deadlock.Unknown {
			t.Skip("too large")
		}
		if v.Answer != want {
			t.Errorf("P [F= Q %s, and that nothing deadlocks %s", want, v.Answer)
		}
	})
}

// What a specification accepts may overlap in many ways.
func TestFailureWatchdogsOfManyAcceptances(t *testing.T) {
	set := rapid.Custom(func(t *rapid.T) string {
		return "{" + strings.Join(rapid.SliceOfDistinct(rapid.SampledFrom([]string{"0", "1", "2", "3", "4", "5"}), rapid.ID).Draw(t, "set"), ",") + "}"
	})
	rapid.Check(t, func(t *rapid.T) {
		accepted := rapid.SliceOfN(set, 1, 7).Draw(t, "accepted")
		script := parse(t, "external failure_watchdog\nchannel x : {0..5}\nA = {|x|}\n"+
			"OFFER(s) = [] i : s @ x.i -> STOP\nSPEC = |~| s : {"+strings.Join(accepted, ",")+"} @ OFFER(s)\n"+
			"IMPL = OFFER("+set.Draw(t, "offered")+")\nWATCHED = (IMPL [|A|] failure_watchdog(SPEC, A, m)) \\ A\n", cspm.Auto)
		want := refines(t, compile(t, script, "SPEC"), compile(t, script, "IMPL"), deadlock.F)
		got := refines(t, compile(t, script, "DIV"), compile(t, script, "WATCHED"), deadlock.F)
		if got != want {
			t.Errorf("P [F= Q %s, and that the watchdog sees nothing %s", want, got)
		}
	})
}

// watched is a script of a specification and an implementation that do not
// end, and of this with a failure watchdog of that.
func watched(p, q string) string {
	return "external failure_watchdog\n" +
		"A = {a, b, c}\nP = " + p + "\nQ = " + q + "\n" +
		"SPEC = P [|A|] RUN(A)\nIMPL = Q [|A|] RUN(A)\nWATCHED = (Q [|A|] failure_watchdog(P, A, m)) \\ A\n"
}

// deter(P) has the traces of P, and is deterministic.
func TestDeterIsDeterministic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		script := parse(t, "external deter\nP = "+processes(0).Draw(t, "P")+"\nD = deter(P)\n", cspm.Auto)
		p, d := compile(t, script, "P"), compile(t, script, "D")
		v, err := deadlock.Deterministic(context.Background(), d, deadlock.FD, explore.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if there, back := refines(t, p, d, deadlock.T), refines(t, d, p, deadlock.T); v.Answer != deadlock.Holds || there != deadlock.Holds || back != deadlock.Holds {
			t.Errorf("deter(P) is deterministic: %s; its traces are P's: %s, P's are its: %s", v.Answer, there, back)
		}
	})
}
