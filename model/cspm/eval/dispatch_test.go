package eval_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// Which clause fits is that of the first row that does, whatever finds it.
func TestManyClauses(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 11))
	pick := func(of ...string) string { return of[rng.IntN(len(of))] }
	for range 60 {
		params := 1 + rng.IntN(3)
		var clauses [][]string
		for range 9 + rng.IntN(30) {
			var pats []string
			for range params {
				pats = append(pats, pick("0", "1", "2", "(3)", "-4", "5", "0", "1", "2", "x"))
			}
			clauses = append(clauses, pats)
		}
		for _, pats := range clauses[:rng.IntN(len(clauses))] { // variables are rarely first
			for i, p := range pats {
				if p == "x" {
					pats[i] = "1"
				}
			}
		}
		if rng.IntN(3) == 0 {
			for _, pats := range clauses {
				pats[0] = "x" // what is first is not what tells
			}
		}
		var script strings.Builder
		for i, pats := range clauses {
			fmt.Fprint(&script, "f(")
			for k, p := range pats {
				if k > 0 {
					fmt.Fprint(&script, ", ")
				}
				if fmt.Fprint(&script, p); p == "x" {
					fmt.Fprint(&script, k) // x0, x1, ...
				}
			}
			fmt.Fprintln(&script, ") =", i)
		}
		var rows []row
		for range 20 {
			var args []string
			for range params {
				args = append(args, pick("0", "1", "2", "3", "-4", "5", "6"))
			}
			want := "eval: no clause of f matches"
			for i := len(clauses) - 1; i >= 0; i-- {
				fits := true
				for k, p := range clauses[i] {
					fits = fits && (p == "x" || strings.Trim(p, "()") == args[k])
				}
				if fits {
					want = fmt.Sprint(i)
				}
			}
			rows = append(rows, row{"f(" + strings.Join(args, ", ") + ")", want})
		}
		check(t, script.String(), rows)
	}
}

func TestManyClausesOfOtherKinds(t *testing.T) {
	colours := make([]string, 12)
	f, g := "", ""
	for i := range colours {
		colours[i] = fmt.Sprint("C", i)
		f += fmt.Sprintf("f(_, C%d) = %[1]d\n", i)
		g += fmt.Sprintf("g(%d)(false) = 2*%[1]d\ng(%[1]d)(true) = 2*%[1]d+1\n", i)
	}
	script := "datatype D = " + strings.Join(colours, " | ") + " | E.{0..1}\nchannel go\n" + f + "f(x, E.n) = x + n\n" + g
	check(t, script, []row{
		{"f(error(\"x\"), C7)", "7"}, // laziness is as before
		{"f(1, E.1)", "2"},
		{"f(1, E)", "eval: no clause of f matches f(1, E)"},
		{"<g(11)(true), g(0)(false)>", "<23, 0>"},
		{"g(12)(true)", "eval: no clause of g matches g(12)(true)"},
		{"f(1, error(\"late\"))", "eval: late"},
	})
	checkUntyped(t, script, []row{
		{"f(1, go)", "eval: go is a dotted value: it cannot be matched with C0"},
		{"f(1, 3)", "eval"},
		{"g(true)(true)", "eval"},
	})
}

// A choice is the same wherever its parentheses stand.
func TestParenthesesInAChoice(t *testing.T) {
	deep := "channel c : {0..2000}\nP = "
	for i := range 2000 {
		deep += fmt.Sprintf("(c.%d -> STOP [] ", i)
	}
	deep += "STOP" + strings.Repeat(")", 2000)
	if got := explored(t, deep); got != "2 states, 2000 transitions" {
		t.Error(got)
	}
	const script = "channel a, b, c\nP = "
	want := explored(t, script+"a -> P [] (b -> P |~| STOP) [] c -> SKIP [] a -> STOP")
	for _, same := range []string{
		"a -> P [] ((b -> P |~| STOP) [] (c -> SKIP [] a -> STOP))",
		"((a -> P [] (b -> P |~| STOP)) [] ((c -> SKIP))) [] a -> STOP",
		"(a -> P [] ((b -> P |~| STOP) [] c -> SKIP)) [] a -> STOP",
	} {
		if got := explored(t, script+same); got != want {
			t.Errorf("%s: %s, not %s", same, got, want)
		}
	}
}

func explored(t *testing.T, script string) string {
	t.Helper()
	s, err := cspm.Load("t.csp", []byte(script+"\n"), cspm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sys, err := s.Process(context.Background(), limits, "P")
	if err != nil {
		t.Fatal(err)
	}
	search, err := explore.Run(context.Background(), sys, limits, nil)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d states, %d transitions", search.States, search.Transitions)
}
