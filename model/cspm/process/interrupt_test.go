package process_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/deadlock/verdicttest"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// nested draws in which way operands stand in an operator between each and the next.
func nested(t *rapid.T, op string, operands []string) string {
	if len(operands) == 1 {
		return operands[0]
	}
	k := rapid.IntRange(1, len(operands)-1).Draw(t, "operands on the left")
	return fmt.Sprintf("(%s) %s (%s)", nested(t, op, operands[:k]), op, nested(t, op, operands[k:]))
}

// However interrupts are nested, it is the same state; and each path of a process in
// which some begin or cease to run in parallel is told, as one of the terms.
func TestHowInterruptsAreNestedIsNoPartOfAState(t *testing.T) {
	const script = `
channel a, b, c, x, y
N = a -> N
TWO = b -> N /\ c -> STOP
PAR = a -> SKIP ||| b -> c -> STOP
`
	interrupts := rapid.SliceOfN(rapid.SampledFrom([]string{
		"a -> STOP", "b -> SKIP", "N", "TWO", "PAR", "c -> PAR", "STOP |~| a -> c -> SKIP", "b -> (a -> STOP /\\ PAR)", "c -> (PAR /\\ b -> STOP)",
		"a -> (b -> SKIP /+{b}+\\ b -> PAR)", "PAR [] c -> N", "TWO [> PAR",
	}), 2, 5)
	around := rapid.SampledFrom([]string{"%s", "(%s) ; b -> STOP", "(%s) [] c -> SKIP", "((%s) /\\ c -> TWO) \\ {a}", "(%s) ||| c -> SKIP"})
	const enough = 3000
	asked, large, told := 0, 0, 0
	until(t, &asked, enough, func(t *rapid.T) {
		operands := interrupts.Draw(t, "operands")
		op := rapid.SampledFrom([]string{`/\`, `/+{b}+\`}).Draw(t, "operator")
		in := around.Draw(t, "around it")
		one, other := fmt.Sprintf(in, nested(t, op, operands)), fmt.Sprintf(in, nested(t, op, operands))
		asked++
		limits := explore.Limits{States: 1000}
		states := func(p, q string, engine cspm.Engine) (explore.System, *explore.Search) {
			sys, err := system(script, fmt.Sprintf("x -> (%s) [] y -> (%s)", p, q), engine)
			if err != nil {
				t.Fatal(err)
			}
			s, err := explore.Run(context.Background(), sys, limits, nil)
			var limit *explore.Limit
			if errors.As(err, &limit) {
				large++
				t.Skip("too many states")
			} else if err != nil {
				t.Fatal(err)
			}
			return sys, s
		}
		_, once := states(one, one, cspm.Terms)
		terms, both := states(one, other, cspm.Terms)
		if once.Len() != both.Len() {
			t.Fatalf("%s has %d states, and %d with\n%s", one, once.Len(), both.Len(), other)
		}
		for _, engine := range []cspm.Engine{cspm.Terms, cspm.Auto} {
			sys, s := states(one, other, engine)
			for i := 0; i < s.Len(); i += 1 + s.Len()/20 {
				path, err := s.Path(i)
				if err != nil {
					t.Fatal(err)
				}
				b, err := explore.Explain(sys, path)
				if err != nil {
					t.Fatal(err)
				}
				if n := len(path); n > 0 && path[n-1].Event > model.Tick {
					if err := verdicttest.Replay(nil, terms, &explore.Counterexample{Kind: explore.Panic, Impl: *b}); err != nil {
						t.Fatalf("%v\n%s\n%s", err, one, other)
					}
				}
				if g, ok := sys.(guided); ok {
					if ok, err := g.Guided(path); err != nil || !ok {
						t.Fatalf("the guide knows no terms of %v, %v\n%s\n%s", path, err, one, other)
					}
				}
				told++
			}
		}
	})
	t.Logf("%d asked, %d of them too large, %d paths told", asked, large, told)
	if large > asked/4 {
		t.Error("too few of them say much")
	}
}
