package process_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// onDemand has parts that are infinite, or mistakes somewhere, and partners
// that leave but a few of their states.
const onDemand = `transparent sbisim
channel a, b, up, down
channel unrelated : Int
channel ic, id : Int
channel wide : {0..999999}.{0..999999}
COUNT(n) = up -> COUNT(n+1) [] n > 0 & down -> COUNT(n-1)
BOUND(n) = n < 4 & up -> BOUND(n+1) [] n > 0 & down -> BOUND(n-1)

-- Events never heard of turn up as it counts.
ICN(k) = ic.k -> ICN(k+1)
LATE(k) = k < 9000 & a -> LATE(k+1) [] k == 9000 & id.k -> b -> STOP
FAR = LATE(0) [| {a} |] LATE(1)

-- Nobody waits for what a part turns out to do.
ODD(k) = ic.k -> (if k > 4100 then id.k -> STOP else ODD(k+1))
PUSH(k) = ic.k -> PUSH(k+1)

-- Behind down there is a mistake.
BAD = up -> BAD [] down -> (if 1/0 == 1 then STOP else SKIP)
ONLYUP = up -> ONLYUP
WORSE = up -> WORSE [] down -> wide.(1/0).0 -> STOP

-- Nothing in these is parallel, and their terms grow.
LIM(n) = n < 2 & up -> LIM(n+1) [] n > 0 & down -> LIM(n-1)
PILE = up -> (PILE /\ down -> SKIP)
AGAIN = (b -> AGAIN) ; AGAIN
VEIL = b -> (VEIL \ {a})
NEW = b -> (NEW[[a <- up]])
STACK = up -> (STACK ; down -> SKIP) [] down -> SKIP
CATCH = b -> (CATCH [|{a}|> STOP)
`

// Parts are evaluated on demand: states and transitions are as by the terms.
func TestOnDemand(t *testing.T) {
	for _, proc := range []string{
		"COUNT(0) [| {up, down} |] BOUND(0)",
		"ICN(0) [| {|ic|} |] (ic.0 -> ic.1 -> ic.2 -> STOP)",
		"FAR",
		"(FAR \\ {a}) [| {b} |] (b -> STOP)",
		"(ODD(4090) [| {|ic|} |] PUSH(4090)) \\ {|ic|}",
		"PILE [| {up, down} |] LIM(0)",
		"AGAIN [| {b} |] (b -> b -> STOP)",
		"VEIL [| {b} |] (b -> b -> STOP)",
		"NEW [| {b} |] (b -> b -> STOP)",
		"STACK [| {up, down} |] LIM(0)",
		"CATCH [| {b} |] (b -> b -> STOP)",
		"BAD [| {up, down} |] ONLYUP",
		"BAD [| {up, down} |] (up -> STOP)",
		"WORSE [| {up, down} |] (up -> STOP)",
		"(a -> SKIP ||| b -> STOP) ; BAD",
		"sbisim(BAD [| {up, down} |] ONLYUP)",
		"(a -> STOP ||| b -> STOP) ; (if 1/0 == 1 then STOP else SKIP)",
		"(a -> STOP ||| b -> STOP) [> (BAD [| {up, down} |] ONLYUP)",
		"(a -> SKIP ||| b -> SKIP) /\\ (BAD [| {up, down} |] ONLYUP)",
	} {
		want, err := exploreBy(cspm.Terms, onDemand, proc)
		if err != nil {
			t.Errorf("%s: %v", proc, err)
		}
		if got, err := exploreBy(cspm.Network, onDemand, proc); err != nil || got != want {
			t.Errorf("%s: %v states and transitions, %v, want %v", proc, got, err, want)
		}
	}
}

// A mistake that is come to is an error, whatever the engine; and terms that
// are none of the network's states yet are not.
func TestMistakesOnDemand(t *testing.T) {
	for _, proc := range []string{
		"BAD ||| ONLYUP",
		"BAD [| {up, down} |] COUNT(1)",
		"WORSE ||| ONLYUP",
		"(a -> SKIP ||| b -> SKIP) ; (if 1/0 == 1 then STOP else SKIP)",
		"(a -> STOP ||| b -> STOP) [> (if 1/0 == 1 then STOP else SKIP)",
		"(a -> SKIP ||| b -> SKIP) ; (BAD ||| ONLYUP)",
		"sbisim(BAD ||| ONLYUP)",
	} {
		_, want := exploreBy(cspm.Terms, onDemand, proc)
		_, got := exploreBy(cspm.Network, onDemand, proc)
		var limit *explore.Limit
		if want == nil || got == nil || errors.As(got, &limit) || got.Error() != want.Error() {
			t.Errorf("%s: %v, want %v", proc, got, want)
		}
	}
}

// exploreBy returns how many states and transitions a process has.
func exploreBy(engine cspm.Engine, script, proc string) (counts [2]int64, err error) {
	s, err := cspm.Load("t.csp", []byte(script), cspm.Options{Engine: engine})
	if err != nil {
		return counts, err
	}
	limits := explore.Limits{States: 200000}
	sys, err := s.Process(context.Background(), limits, proc)
	if err != nil {
		return counts, err
	}
	r, err := explore.Run(context.Background(), sys, limits, nil)
	if err != nil {
		return counts, err
	}
	return [2]int64{r.States, r.Transitions}, nil
}

// What is made a network, and what is left to the terms: states and
// transitions are the same.
func TestEngines(t *testing.T) {
	const script = `external prioritise
channel a, b, c, d, kill, up, down
SEQ = a -> b -> SEQ
COUNT(n) = n < 9999 & up -> COUNT(n+1) [] n > 0 & down -> COUNT(n-1)
GROW = a -> (GROW ||| b -> STOP)
BAD = up -> down -> (if 1/0 == 1 then STOP else SKIP)

-- Hosts that are large, or infinite and kept small.
LARGE(n) = n < 4999 & up -> (a -> SKIP ||| b -> SKIP) ; LARGE(n+1)
HOST(n) = up -> ((a -> SKIP ||| b -> SKIP) ; HOST(n+1)) [] n > 0 & down -> HOST(n-1)
BOUND(n) = n < 5 & up -> BOUND(n+1) [] n > 0 & down -> BOUND(n-1)

-- Calls by a τ, once a choice is made.
INTERRUPTED = (a -> SKIP ||| b -> SKIP) /\ ((kill -> SKIP) ; INTERRUPTED)
CHOSEN = (a -> STOP ||| b -> STOP) [] ((kill -> SKIP) ; CHOSEN)
SLID = ((kill -> SKIP) ; SLID) [> (a -> STOP ||| b -> STOP)
ONESIDED = (a -> STOP ||| b -> STOP) [+ {c} +] (c -> ONESIDED [] d -> ONESIDED)
TOGETHER = (a -> STOP ||| b -> STOP) [+ {c} +] ((c -> d -> SKIP) ; TOGETHER)
BOTH = (c -> a -> STOP ||| b -> STOP) [+ {c} +] (c -> d -> SKIP ; (d -> BOTH |~| c -> SKIP ; BOTH))
INBOTH = (a -> STOP ||| b -> STOP) /+ {a} +\ (a -> d -> SKIP ; INBOTH)

-- The same, while it is not.
OPEN = (a -> STOP ||| b -> STOP) [] (SKIP ; (kill -> STOP [] c -> SKIP ; OPEN))
OPENED = (a -> STOP ||| b -> STOP) [] ((kill -> SKIP \ {kill}) ; OPENED)
OPENS = (c -> a -> STOP ||| b -> STOP) [+ {c} +] (c -> SKIP ; OPENS)
PILED = (a -> STOP ||| b -> STOP) /\ (kill -> SKIP \ {kill} ; PILED)
`
	for _, tt := range []struct {
		proc   string
		engine cspm.Engine
	}{
		{"STOP", cspm.Network},
		{"SEQ", cspm.Network},
		{"COUNT(0)", cspm.Network},
		{"COUNT(0) \\ {up}", cspm.Network},
		{"prioritise(COUNT(0), <{up}, {down}>)", cspm.Network},
		{"SEQ ||| SEQ", cspm.Network},
		{"BAD", cspm.Network},
		{"GROW", cspm.Terms},
		{"LARGE(0)", cspm.Network},
		{"HOST(0) [| {up, down} |] BOUND(0)", cspm.Network},
		{"HOST(0)", cspm.Terms},
		{"INTERRUPTED", cspm.Network},
		{"CHOSEN", cspm.Network},
		{"SLID", cspm.Network},
		{"ONESIDED", cspm.Network},
		{"TOGETHER", cspm.Network},
		{"BOTH", cspm.Network},
		{"INBOTH", cspm.Network},
		{"OPEN", cspm.Network},
		{"OPENED", cspm.Terms},
		{"OPENS", cspm.Terms},
		{"PILED", cspm.Terms},
	} {
		s, err := cspm.Load("t.csp", []byte(script), cspm.Options{})
		if err != nil {
			t.Fatal(err)
		}
		sys, err := s.Process(context.Background(), explore.Limits{}, tt.proc)
		if err != nil {
			t.Errorf("%s: %v", tt.proc, err)
		} else if got := cspm.EngineOf(sys); got != tt.engine {
			t.Errorf("%s: engine %s, want %s", tt.proc, got, tt.engine)
		}
		if tt.engine == cspm.Terms {
			continue // it grows
		}
		want, err1 := exploreBy(cspm.Terms, script, tt.proc)
		if got, err2 := exploreBy(cspm.Auto, script, tt.proc); got != want || fmt.Sprint(err1) != fmt.Sprint(err2) {
			t.Errorf("%s: %v states and transitions, %v, want %v, %v", tt.proc, got, err2, want, err1)
		}
	}
}
