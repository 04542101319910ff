package specs_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// What is written in a Timed section means what the timed translation says:
// both are equal in FD. TSTOP and TSKIP are spelt out.
func TestTimed(t *testing.T) {
	const before = `
channel tock, x
channel a : {0..2}
transparent sbisim
TSTOP = tock -> TSTOP
TSKIP = tock -> TSKIP [] SKIP
WAITS(n) = if n == 0 then TSKIP else tock -> WAITS(n - 1)
A(i) = tock -> A(i) [] a.i -> WAITS(i) ; TSTOP
UNTIMED = a.0 -> STOP
d(a.i) = i
d(_) = 1
`
	rows := []struct{ timed, means string }{
		{"STOP", "TSTOP"},
		{"SKIP", "TSKIP"},
		{"false & a.0 -> STOP", "TSTOP"},
		{"true & SKIP", "TSKIP"},
		{"WAIT(0)", "TSKIP"},
		{"WAIT(3)", "tock -> tock -> tock -> TSKIP"},
		{"a.0 -> STOP", "let X = tock -> X [] a.0 -> TSTOP within X"},
		{"a.2 -> STOP", "let X = tock -> X [] a.2 -> tock -> tock -> TSTOP within X"},
		{"x -> SKIP", "let X = tock -> X [] x -> tock -> TSKIP within X"},
		{"a?i -> STOP", "let X = tock -> X [] a.0 -> TSTOP [] a.1 -> tock -> TSTOP [] a.2 -> tock -> tock -> TSTOP within X"},
		{"a.0 -> STOP [] a.1 -> STOP", "A(0) [+{tock}+] A(1)"},
		{"[] i : {0, 1} @ a.i -> STOP", "A(0) [+{tock}+] A(1)"},
		{"[] i : {} @ a.i -> STOP", "TSTOP"},
		{`(a.1 -> STOP) /\ (a.2 -> STOP)`, `A(1) /+{tock}+\ A(2)`},
		{"a.1 -> STOP ||| a.2 -> STOP", "A(1) [|{tock}|] A(2)"},
		{"||| i : {1, 2} @ a.i -> STOP", "A(1) [|{tock}|] A(2)"},
		{"||| i : {} @ a.i -> STOP", "TSTOP"},
		{"(a.1 -> STOP) [|{a.1}|] (a.1 -> STOP)", "A(1) [|{a.1, tock}|] A(1)"},
		{"[|{a.1}|] i : {1} @ a.i -> STOP", "A(1)"},
		{"[|{a.1}|] i : {} @ a.i -> STOP", "TSTOP"},
		{"(a.1 -> STOP) [{a.1} || {a.1, a.2}] (a.2 -> STOP)", "A(1) [{a.1, tock} || {a.1, a.2, tock}] A(2)"},
		{"|| i : {1, 2} @ [{a.i}] a.i -> STOP", "A(1) [{a.1, tock} || {a.2, tock}] A(2)"},
		{"|| i : {} @ [{a.i}] a.i -> STOP", "TSTOP"},
		{"(a.1 -> STOP) [+{a.1}+] (a.1 -> x -> STOP)", "A(1) [+{a.1, tock}+] (let X = tock -> X [] a.1 -> tock -> Y  Y = tock -> Y [] x -> tock -> TSTOP within X)"},
		{"[+{x}+] i : {} @ a.i -> STOP", "TSTOP"},
		{`(a.1 -> STOP) /+{a.1}+\ (a.1 -> STOP)`, `A(1) /+{a.1, tock}+\ A(1)`},
		{"a.1 -> STOP |~| STOP", "A(1) |~| TSTOP"},
		{"(a.1 -> STOP) [> STOP", "A(1) [> TSTOP"},
		{"WAIT(1) ; a.1 -> STOP", "WAITS(1) ; A(1)"},
		{"; i : <> @ a.i -> SKIP", "TSKIP"},
		{"; i : <1, 2> @ WAIT(i)", "WAITS(1) ; WAITS(2)"},
		{`(a.1 -> STOP) \ {a.1}`, `A(1) \ {a.1}`},
		{`(a.1 -> STOP) |\ {tock}`, `A(1) |\ {tock}`},
		{"(a.1 -> STOP)[[a.1 <- x]]", "A(1)[[a.1 <- x]]"},
		{"(a.1 -> STOP) [|{a.1}|> SKIP", "A(1) [|{a.1}|> TSKIP"},
		{"RUN({a.1})", "let X = a.1 -> X within X"},
		{"UNTIMED", "UNTIMED"}, // defined outside
		{"timed_priority((a.1 -> STOP) \\ {a.1})", "prioritise(A(1) \\ {a.1}, <{}, {tock}>)"},
		{"let Y = a.1 -> Y within Y", "let X = tock -> X [] a.1 -> tock -> X within X"},
		{"if true then STOP else SKIP", "TSTOP"},
		{"sbisim(STOP)", "TSTOP"},
	}
	var b strings.Builder
	b.WriteString(before + "external prioritise\nTimed(d) {\n")
	for i, r := range rows {
		fmt.Fprintf(&b, "  L%d = %s\n", i, r.timed)
	}
	b.WriteString("}\n")
	for i, r := range rows {
		fmt.Fprintf(&b, "R%d = %s\n", i, strings.ReplaceAll(r.means, "  Y = ", "\n  Y = "))
	}
	script, err := cspm.Load("timed.csp", []byte(b.String()), cspm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	for i, r := range rows {
		left, err := script.Process(ctx, explore.Limits{}, fmt.Sprintf("L%d", i))
		if err != nil {
			t.Fatalf("%s: %v", r.timed, err)
		}
		right, err := script.Process(ctx, explore.Limits{}, fmt.Sprintf("R%d", i))
		if err != nil {
			t.Fatalf("%s: %v", r.means, err)
		}
		for _, pair := range [][2]explore.System{{left, right}, {right, left}} {
			v, err := deadlock.Refines(ctx, pair[0], pair[1], deadlock.FD, explore.Limits{States: 10_000})
			if err != nil || v.Answer != deadlock.Holds {
				t.Errorf("%s, as %s: %v %v", r.timed, r.means, v, err)
			}
		}
	}
}

// The inner section's function counts, and without one all events take 1; the
// outer names stay untimed.
func TestTimedSectionsNest(t *testing.T) {
	script, err := cspm.Load("nest.csp", []byte(`
channel tock, a
two(_) = 2
Timed(two) {
  P = a -> a -> STOP
  Timed {
    Q = a -> a -> STOP
  }
}
assert P [T= tock -> a -> tock -> tock -> a -> STOP
assert Q [T= a -> tock -> a -> STOP
assert not P [T= Q
`), cspm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range script.Asserts {
		a := &script.Asserts[i]
		in, err := a.Instance(context.Background(), explore.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		v, err := deadlock.Ask(context.Background(), deadlock.Question{Topic: deadlock.Refinement, Model: deadlock.Model(a.Model), Spec: in.Spec, Impl: in.Impl}, explore.Limits{})
		want := deadlock.Holds
		if a.Not {
			want = deadlock.Fails
		}
		if err != nil || v.Answer != want {
			t.Errorf("%s: %v %v", a.Text, v, err)
		}
	}
}
