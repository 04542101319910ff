package process_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

const unbounded = `channel a, b
channel big : {0..199999}
channel some : {0..99999}
channel inf : {0..}
COUNT(n) = a -> COUNT(n+1)
GROW = a -> (GROW ||| b -> STOP)
channel val : {0..9999}
AGAIN(x) = val?x -> ((a -> SKIP ||| b -> SKIP) ; AGAIN(x))
SELF = SELF ||| a -> STOP
SEQS(n) = SEQS(n+1) ; SKIP
SLIDES(n) = SLIDES(n+1) [> STOP
LOOP(n) = LOOP(n+1)
down(n) = 1 + down(n+1)
DEEP = if down(0) == 0 then STOP else SKIP
END(n) = SKIP ; END(n+1)
PILE = a -> PILE[[b <- a]]
WIDE = ||| i:{0..49999} @ a -> STOP
SYNC = [|{a}|] i:{0..99999} @ a -> STOP
ALPHA = || i:{0..19999} @ [{some.i}] some.i -> STOP
CHAIN(n) = if n == 0 then STOP else a -> CHAIN(n-1)
RIGHT(n) = if n == 0 then SKIP else (a -> STOP) ||| RIGHT(n-1)
LEFT(n) = if n == 0 then SKIP else LEFT(n-1) ||| a -> STOP
SKIPS(n) = if n == 0 then SKIP else SKIPS(n-1) ; SKIP
BREAKS(n) = if n == 0 then SKIP else a -> STOP /\ BREAKS(n-1)
TIMES(n) = if n == 0 then a -> STOP else TIMES(n-1) [> b -> STOP
HIDDEN(n) = if n == 0 then a -> HIDDEN(0) else HIDDEN(n-1) \ {b}
`

// Whatever a process is like, exploring it ends by an answer, a limit, or an
// error, and soon.
func TestBounds(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	const (
		second = time.Second
		gib    = 1 << 30
	)
	for _, tt := range []struct {
		proc   string
		limits explore.Limits
		want   string
	}{
		{"COUNT(0)", explore.Limits{States: 10000}, "unknown: more than 10000 states"},
		{"COUNT(0)", explore.Limits{Time: second / 5}, "unknown: longer than 200ms"},
		{"GROW", explore.Limits{States: 10000}, "unknown: more than 10000 states"},
		{"GROW", explore.Limits{Time: second / 5}, "unknown: longer than 200ms"},
		{"PILE", explore.Limits{States: 10000}, "unknown: more than 10000 states"},
		{"END(0)", explore.Limits{Time: second / 5}, "unknown: longer than 200ms"},
		{"SELF", explore.Limits{}, "limit: SELF needs itself before its first event"},
		{"SEQS(0)", explore.Limits{}, "limit: more than 20000 definitions unfold into each other before the first event of SEQS(20000)"},
		{"SLIDES(0)", explore.Limits{}, "limit: more than 20000 definitions unfold into each other before the first event of SLIDES(20000)"},
		{"LOOP(0)", explore.Limits{}, "limit: more than 20000 definitions unfold into each other before the first event of LOOP(20000)"},
		{"DEEP", explore.Limits{}, "limit: the recursion is too deep: more than 1000000 expressions inside each other are being evaluated"},
		{"inf?x -> STOP", explore.Limits{}, "limit: the 1st field of inf has infinitely many values, {0..}: they cannot be listed"},
		{"inf?x:{0..} -> STOP", explore.Limits{}, "limit: the set {0..} is infinite: it cannot be listed"},
		{"inf?x:{3,5} -> STOP", explore.Limits{}, "2 states, 2 transitions"},
		{"RUN({|inf|})", explore.Limits{}, "limit: the set {|inf|} is infinite: it cannot be listed"},
		{"COUNT(0) [| {|inf|} |] STOP", explore.Limits{States: 100}, "unknown: more than 100 states"},
		{"a -> STOP [| {0..} |] STOP", explore.Limits{}, "eval: {0..} is a set of integers: a set of events is needed here"},
		{"big?x -> STOP", explore.Limits{}, "2 states, 200000 transitions"},
		{"(a -> STOP) [[ a <- big.x | x <- {0..199999} ]]", explore.Limits{}, "2 states, 200000 transitions"}, // and not for a minute
		{"AGAIN(0)", explore.Limits{States: 20000}, "unknown: more than 20000 states"},                        // the same if it's compiled at any cost
		{"WIDE", explore.Limits{Time: second / 2}, "unknown: longer than 500ms"},
		{"WIDE", explore.Limits{Memory: gib / 4}, "unknown: more than 256.0 MiB of memory"},
		{"SYNC", explore.Limits{}, "2 states, 1 transitions"},
		{"ALPHA", explore.Limits{Time: second / 2, Memory: gib}, "unknown: longer than 500ms"},
		{"ALPHA", explore.Limits{States: 1}, "unknown: more than 1 states"},
		{"CHAIN(20000)", explore.Limits{}, "20001 states, 20000 transitions"},
		{"RIGHT(15000)", explore.Limits{Time: second / 2, Memory: 2 * gib}, "unknown: longer than 500ms"},
		{"LEFT(15000)", explore.Limits{Time: second / 2, Memory: 2 * gib}, "unknown: longer than 500ms"},
		{"BREAKS(15000)", explore.Limits{Time: second / 2, Memory: 2 * gib}, "unknown: longer than 500ms"},
		{"TIMES(15000)", explore.Limits{Time: second / 2, Memory: 2 * gib}, "unknown: longer than 500ms"},
		{"SKIPS(3000)", explore.Limits{}, "3002 states, 3001 transitions"},
		{"HIDDEN(15000)", explore.Limits{}, "1 states, 1 transitions"},
	} {
		if got := outcome(tt.proc, tt.limits); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.proc, got, tt.want)
		}
	}
}

// outcome is how exploring a process ends.
func outcome(proc string, limits explore.Limits) string {
	s, err := cspm.Load("test.csp", []byte(unbounded), cspm.Options{Untyped: true})
	if err != nil {
		return err.Error()
	}
	var r *explore.Search
	sys, err := s.Process(context.Background(), limits, proc)
	if err == nil {
		r, err = explore.Run(context.Background(), sys, limits, nil)
	}
	var limit *explore.Limit
	if errors.As(err, &limit) { // perhaps of what comes before
		return "unknown: " + limit.Reason
	}
	if errs, ok := cspm.AsErrors(err); ok {
		return fmt.Sprintf("%s: %s", errs[0].Class, errs[0].Msg)
	}
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%d states, %d transitions", r.States, r.Transitions)
}

// Terms as deep as a script can write them.
func TestDeepText(t *testing.T) {
	const n = 5000
	for _, tt := range []struct{ left, mid, right string }{
		{"a -> SKIP ||| (", "a -> SKIP", ")"},
		{"(", "a -> SKIP", ") ; SKIP"},
		{"SKIP ; (", "a -> SKIP", ")"},
		{"STOP /\\ (", "a -> SKIP", ")"},
		{"(", "a -> SKIP", ") [> STOP"},
		{"(", "a -> SKIP", ") \\ {b}"},
		{"STOP [] ", "a -> SKIP", ""},
		{"STOP ||| ", "a -> SKIP", ""},
		{"b -> ", "a -> SKIP", ""},
	} {
		text := strings.Repeat(tt.left, n) + tt.mid + strings.Repeat(tt.right, n)
		got := outcome(text, explore.Limits{Time: time.Second / 2, Memory: 3 << 30})
		if !strings.Contains(got, "states") && !strings.HasPrefix(got, "unknown: longer") && !strings.Contains(got, "limit") && !strings.Contains(got, "nested") {
			t.Errorf("%s...: %s", tt.left, got)
		}
	}
}
