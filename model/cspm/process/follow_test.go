package process_test

import (
	"context"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// A guide knows the terms of every state, also where what has more after it is
// a ; itself, and stands in a term with the operands of both in a row.
func TestGuidesKnowWhatIsNestedToTheRight(t *testing.T) {
	const script = `external prioritise
channel a, b, c
S = b -> SKIP ; (c -> SKIP ; a -> SKIP)
CALLED = a -> (S ; S)
COUNT(n) = if n == 0 then SKIP else a -> SKIP ; COUNT(n - 1)
UP(n) = (b -> SKIP ; c -> SKIP) ; UP(n + 1) [] a -> SKIP
PAR = a -> SKIP ||| SKIP
TWO = PAR ; (b -> SKIP ; SKIP)
ALONE = a -> TWO ; S
`
	for _, proc := range []string{
		"((PAR [] a -> S) ; SKIP) ||| S",
		"((PAR /\\ CALLED) ; S) ; b -> STOP",
		"((PAR [> COUNT(4)) ; SKIP) [|{a}|] RUN({a})",
		"((PAR [> UP(0)) ; SKIP) [|{a, b}|] (b -> b -> a -> SKIP)",
		"(prioritise(PAR [] b -> S, <{a}, {b}>) ; S) ||| SKIP",
		"(prioritise(PAR, <{a}, {b}>) [] S ; S) ; S",
		"(ALONE ; S) ||| SKIP",
		"(ALONE [] PAR) ; ((TWO ; S) ; b -> STOP)",
		"((((PAR [> S) [> TWO) [> PAR) ; SKIP) ||| SKIP",
		"((((a -> SKIP |~| CALLED) [> S) [> a -> TWO) [> PAR) [] PAR",
		"((PAR [+ {a} +] a -> S) ; SKIP) /+ {b} +\\ S",
		"(((PAR \\ {c}) [| {b} |> (S ; S)) [[ a <- b ]] ; S) \\ {a, b, c}",
	} {
		sys, err := system(script, proc, cspm.Network)
		if err != nil {
			t.Errorf("%s: %v", proc, err)
			continue
		}
		s, err := explore.Run(context.Background(), sys, explore.Limits{States: 5000}, nil)
		if err != nil {
			t.Errorf("%s: %v", proc, err)
			continue
		}
		for i := range s.Len() {
			path, err := s.Path(i)
			if err != nil {
				t.Fatal(err)
			}
			if ok, err := sys.(guided).Guided(path); err != nil || !ok {
				t.Errorf("%s: the guide knows no terms of %v, %v", proc, path, err)
				break
			}
		}
	}
}
