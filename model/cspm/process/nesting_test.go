package process_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
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

// A renesting compares ways to write one state.
type renesting struct{ asked, large, told int }

const renested = `
channel a, b, c, x, y
channel d : {0..1}
N = a -> N
TWO = b -> N /\ c -> STOP
PAR = a -> SKIP ||| b -> c -> STOP
HID = b -> (c -> (PAR \ {b}) \ {a})
LAY = b -> (c -> (PAR [[ b <- c ]]) [[ a <- d.0 ]])
THR = b -> (PAR [| {b} |> c -> PAR) [| {c} |> (TWO [| {c} |> a -> PAR)
`

// same checks that two processes are one state, and have the same wherever they lead;
// and that paths of them are told, as those of terms.
func (x *renesting) same(t *rapid.T, one, other string) {
	x.asked++
	explored := func(p, q string, engine cspm.Engine) (explore.System, *explore.Search) {
		sys, err := system(renested, fmt.Sprintf("x -> (%s) [] y -> (%s)", p, q), engine)
		if err != nil {
			t.Fatal(err)
		}
		s, err := explore.Run(context.Background(), sys, explore.Limits{States: 1000}, nil)
		var limit *explore.Limit
		if errors.As(err, &limit) {
			x.large++
			t.Skip("too many states")
		} else if err != nil {
			t.Fatal(err)
		}
		return sys, s
	}
	_, once := explored(one, one, cspm.Terms)
	terms, both := explored(one, other, cspm.Terms)
	network, found := explored(one, other, cspm.Auto)
	if once.Len() != both.Len() {
		t.Fatalf("%s has %d states, and %d with\n%s", one, once.Len(), both.Len(), other)
	}
	tell := func(sys explore.System, s *explore.Search) {
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
			x.told++
		}
	}
	tell(terms, both)
	tell(network, found)
}

func (x *renesting) report(t *testing.T) {
	t.Logf("%d asked, %d of them too large, %d paths told", x.asked, x.large, x.told)
	if x.large > x.asked/4 {
		t.Error("too few of them say much")
	}
}

// However interrupts are nested, it is the same state; and each path of a process in
// which some begin or cease to run in parallel is told, as one of the terms.
func TestHowInterruptsAreNestedIsNoPartOfAState(t *testing.T) {
	t.Parallel()
	interrupts := rapid.SliceOfN(rapid.SampledFrom([]string{
		"a -> STOP", "b -> SKIP", "N", "TWO", "PAR", "c -> PAR", "STOP |~| a -> c -> SKIP", "b -> (a -> STOP /\\ PAR)", "c -> (PAR /\\ b -> STOP)",
		"a -> (b -> SKIP /+{b}+\\ b -> PAR)", "PAR [] c -> N", "TWO [> PAR", "((TWO [> PAR) [> N) [> c -> PAR", "((PAR [] a -> N) [] (b -> PAR [] TWO))",
		"((PAR [+ {c} +] a -> N) [+ {c} +] (STOP |~| b -> PAR)) [+ {c} +] TWO", "((PAR [+ {b} +] a -> N) [+ {b} +] c -> PAR)", "(c -> PAR [> b -> N) [> PAR",
	}), 2, 5)
	around := rapid.SampledFrom([]string{"%s", "(%s) ; b -> STOP", "(%s) [] c -> SKIP", "((%s) /\\ c -> TWO) \\ {a}", "(%s) ||| c -> SKIP"})
	var x renesting
	until(t, &x.asked, 3000, func(t *rapid.T) {
		operands := interrupts.Draw(t, "operands")
		op := rapid.SampledFrom([]string{`/\`, `/+{b}+\`}).Draw(t, "operator")
		in := around.Draw(t, "around it")
		x.same(t, fmt.Sprintf(in, nested(t, op, operands)), fmt.Sprintf(in, nested(t, op, operands)))
	})
	x.report(t)
}

// What is hidden at once, or one after another, is the same state, too; but for sets
// that are not listed.
func TestHowHidingsAreNestedIsNoPartOfAState(t *testing.T) {
	t.Parallel()
	process := rapid.SampledFrom([]string{
		"N", "TWO", "PAR", "HID", "c -> PAR", "HID [] PAR", "a -> (PAR \\ {b}) [] b -> (HID \\ {c})", "(HID \\ {c}) [> d!0 -> HID",
		"(b -> (PAR \\ {a}) ||| d?i -> STOP) \\ {b}", "(c -> HID ; PAR) /\\ d?i -> PAR", "HID ; PAR \\ {c}", "((HID [> PAR) [> PAR \\ {b}) [> N",
	})
	sets := rapid.SliceOfN(rapid.SampledFrom([]string{"{}", "{a}", "{b}", "{a, c}", "{d.0}", "{|d|}", "{|a, d|}"}), 1, 4)
	around := rapid.SampledFrom([]string{"%s", "(%s) ; b -> STOP", "(%s) [] c -> SKIP", "((%s) /\\ c -> TWO) \\ {a}", "(%s) ||| c -> SKIP"})
	var x renesting
	until(t, &x.asked, 3000, func(t *rapid.T) {
		p, in := "("+process.Draw(t, "process")+")", around.Draw(t, "around it")
		one, other := p, p
		at := "" // what other has not hidden yet
		for _, set := range sets.Draw(t, "sets") {
			one = fmt.Sprintf("(%s \\ %s)", one, set)
			switch {
			case strings.Contains(set, "|"):
				if at != "" {
					other = fmt.Sprintf("(%s \\ %s)", other, at)
				}
				other, at = fmt.Sprintf("(%s \\ %s)", other, set), ""
			case at == "":
				at = set
			case rapid.Bool().Draw(t, "at once"):
				at = fmt.Sprintf("union(%s, %s)", at, set)
			default:
				other, at = fmt.Sprintf("(%s \\ %s)", other, at), set
			}
		}
		if at != "" {
			other = fmt.Sprintf("(%s \\ %s)", other, at)
		}
		x.same(t, fmt.Sprintf(in, one), fmt.Sprintf(in, other))
	})
	x.report(t)
}

// A hiding that hides no more than the one inside is the same state, and no call
// of itself.
func TestHidingsAroundTheSameHavePartsToo(t *testing.T) {
	const script = "channel a, b, c\nQ(n) = if n == 0 then (a -> STOP ||| b -> STOP) else Q(n-1) \\ {c}\nSYS = Q(3)\n" +
		"--! assert SYS :[race free]: {({a}, {}), ({b}, {})}\n--! assert SYS :[no panic]: {a}\n"
	s, err := cspm.Load("t.csp", []byte(script), cspm.Options{Engine: cspm.Network})
	if err != nil {
		t.Fatal(err)
	}
	for i := range s.Asserts {
		if _, err := s.Asserts[i].Instance(context.Background(), explore.Limits{}); err != nil {
			t.Error(err)
		}
	}
}

// Renamings and exceptions that stand around each other are one state with those that are
// called, and with those that a process comes to inside them.
func TestHowLayersAreWrittenIsNoPartOfAState(t *testing.T) {
	t.Parallel()
	process := rapid.SampledFrom([]string{
		"N", "TWO", "PAR", "LAY", "THR", "c -> PAR", "LAY [] PAR", "(THR [[ b <- d.1 ]]) [> d!0 -> LAY", "(b -> (PAR [| {a} |> LAY) ||| d?i -> STOP) [[ b <- a ]]",
		"THR ; PAR [[ c <- a ]]", "((LAY [| {b} |> THR) [> PAR [[ a <- b, a <- c ]]) [> N", "(LAY \\ {a}) [| {c} |> PAR", "((PAR /\\ LAY) /\\ THR) [> c -> THR",
	})
	layers := rapid.SliceOfN(rapid.SampledFrom([]string{
		"[[ a <- b ]]", "[[ b <- c, c <- b ]]", "[[ c <- a, c <- d.0 ]]", "[[ d.0 <- a ]]", "[[ d <- d ]]",
		"[| {a} |> STOP", "[| {b, c} |> N", "[| {|d|} |> (c -> PAR)", "[| {c} |> LAY", "[| {} |> PAR", "[| {a, b} |> (THR [| {c} |> TWO)",
	}), 1, 5)
	around := rapid.SampledFrom([]string{"%s", "(%s) ; b -> STOP", "(%s) [] c -> SKIP", "((%s) /\\ c -> TWO) \\ {a}", "(%s) ||| c -> SKIP", "((%s) [> PAR) [| {b} |> LAY"})
	var x renesting
	until(t, &x.asked, 3000, func(t *rapid.T) {
		p, in := "("+process.Draw(t, "process")+")", around.Draw(t, "around it")
		one, other, lets := p, p, ""
		for i, l := range layers.Draw(t, "layers") {
			one, other = fmt.Sprintf("(%s %s)", one, l), fmt.Sprintf("(%s %s)", other, l)
			if rapid.Bool().Draw(t, "called") {
				lets += fmt.Sprintf("let X%d = %s within ", i, other)
				other = fmt.Sprint("X", i)
			}
		}
		x.same(t, fmt.Sprintf(in, one), fmt.Sprintf(in, "("+lets+other+")"))
	})
	x.report(t)
}
