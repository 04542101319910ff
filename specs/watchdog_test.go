package specs_test

import (
	"context"
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
