package eval_test

import (
	"context"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

const traced = `channel a : {0..3}
channel b
inv(x) = 12 / x
f(x) = inv(x - 1) + 1
deep(n) = if n == 0 then 1 / 0 else deep(n - 1) + 1
hd(<x>^_) = x
add(x)(y) = inv(x - y)
lam = \ x, y @ f(x) + y
big = <0..100>
zero = inv(0)
next = zero + 1
(p, <q>) = (1, <2, 3>)
up(n) = 1 + up(n + 1)
module M
  priv(x) = inv(x - 3)
exports
  pub(x) = priv(x)
endmodule
module N(k)
exports
  pub(x) = inv(x - k)
endmodule
instance I = N(3)
P1 = a!f(1) -> STOP
P2 = a?x -> a!inv(x) -> STOP
P3 = a?x:{y | y <- {0..3}, inv(y) > 2} -> STOP
P4(n) = n > 0 & b -> P4(n - 1) [] n == 0 & a.hd(<>) -> STOP
P5 = let h(n) = inv(n) within a!h(0) -> STOP
P6 = STOP [| {a.inv(0)} |] STOP
P7 = b -> Q7(2)
Q7(n) = b -> R7(n - 1, big)
R7(n, s) = if inv(n - 1) > 0 then STOP else SKIP
P8 = U(0)
U(n) = a!n -> U(n + 1)
P9 = a!3 -> Q9(0, 5)
Q9(n, m) = a!(1/n) -> STOP
P10 = R10(3, 1)
R10(n, m) = b -> a!n -> a.m -> a!inv(n - 3) -> STOP
P11 = S11(4)
S11(n) = a$x:{0..1} -> c$y:{0..1}!n -> STOP
P12 = T12(4)
T12(n) = c$y:{0..1}!(n + 1) -> STOP
P13 = M13(<>)
M13(<x>^_) = a!x -> STOP
P14 = let L(n) = b -> (b -> a!n -> STOP [] L(n + 1)) within L(3)
P15 = A15(4) ; STOP
A15(n) = STOP [] B15(n)
B15(n) = a!n -> STOP
P16 = W16(3) \ {b}
W16(n) = if n == 3 then b -> a!(n + 1) -> STOP else STOP
channel c : {0..1}.{0..3}
`

// What a fault says of the calls that led to it: innermost first, up to the
// expression that was asked for, which begins at 1:1.
func TestCallsOfFaults(t *testing.T) {
	s, err := cspm.Load("t.csp", []byte(traced), cspm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ expr, want string }{
		{"f(1)", "t.csp:3:10 eval: division by zero: 12 / 0; t.csp:4:8 in inv(0); expression:1:1 in f(1)"},
		{"<f(y) | y <- <3,2,1>>", "t.csp:3:10 eval: division by zero: 12 / 0; t.csp:4:8 in inv(0); expression:1:2 in f(1)"},
		{"{inv(x) | x <- {0..2}}", "t.csp:3:10 eval: division by zero: 12 / 0; expression:1:2 in inv(0)"},
		{"lam(1, 2)", `t.csp:3:10 eval: division by zero: 12 / 0; t.csp:4:8 in inv(0); t.csp:8:16 in f(1); expression:1:1 in (\ x, y @ …)(1, 2)`},
		{`(\ <x> @ x)(<1,2>)`, "expression:1:1 eval: the lambda does not match <1, 2>"},
		{"let k(x) = let m(y) = inv(y) within m(x) within k(0)", "t.csp:3:10 eval: division by zero: 12 / 0; expression:1:23 in inv(0); expression:1:37 in m(0); expression:1:49 in k(0)"},
		{"deep(7)", "t.csp:5:26 eval: division by zero: 1 / 0; t.csp:5:37 in deep(0); t.csp:5:37 in deep(1); t.csp:5:37 in deep(2); t.csp:5:37 in deep(3); t.csp:5:37 in deep(4); t.csp:5:37 in deep(5); t.csp:5:37 in deep(6); expression:1:1 in deep(7)"},
		{"deep(20)", "t.csp:5:26 eval: division by zero: 1 / 0; t.csp:5:37 in deep(0); t.csp:5:37 in deep(1); t.csp:5:37 in deep(2); t.csp:5:37 in deep(3); t.csp:5:37 in deep(4); … 14 more calls …; t.csp:5:37 in deep(19); expression:1:1 in deep(20)"},
		{"hd(<>)", "expression:1:1 eval: no clause of hd matches hd(<>); t.csp:6:1 hd is defined here"},
		{"add(3)(3)", "t.csp:3:10 eval: division by zero: 12 / 0; t.csp:7:13 in inv(0); expression:1:1 in add(3)(3)"},
		{"next", "t.csp:3:10 eval: division by zero: 12 / 0; t.csp:10:8 in inv(0); t.csp:10:1 in zero; t.csp:11:1 in next"},
		{"q", "t.csp:12:1 eval: the value (1, <2, 3>) does not match the pattern"},
		{"M::pub(3)", "t.csp:3:10 eval: division by zero: 12 / 0; t.csp:15:13 in inv(0); t.csp:17:12 in M::priv(3); expression:1:1 in M::pub(3)"},
		{"I::pub(3)", "t.csp:3:10 eval: division by zero: 12 / 0; t.csp:21:12 in inv(0); expression:1:1 in I::pub(3)"},
		{`error("no " ^ "way")`, "expression:1:1 eval: error: no way"},
		{"head(tail(<1>))", "expression:1:1 eval: "},
		{"P1", "t.csp:3:10 eval: division by zero: 12 / 0; t.csp:4:8 in inv(0); t.csp:24:8 in f(1); process:1:1 in P1"},
		{"P2", "t.csp:3:10 eval: division by zero: 12 / 0; t.csp:25:15 in inv(0); t.csp:25:1 in P2"},
		{"P3", "t.csp:3:10 eval: division by zero: 12 / 0; t.csp:26:28 in inv(0); process:1:1 in P3"},
		{"P4(2)", "t.csp:27:46 eval: no clause of hd matches hd(<>); t.csp:6:1 hd is defined here; t.csp:27:22 in P4(0)"},
		{"P5", "t.csp:3:10 eval: division by zero: 12 / 0; t.csp:28:17 in inv(0); t.csp:28:33 in h(0); process:1:1 in P5"},
		{"P6", "t.csp:3:10 eval: division by zero: 12 / 0; t.csp:29:17 in inv(0); process:1:1 in P6"},
		{"P7", "t.csp:3:10 eval: division by zero: 12 / 0; t.csp:32:15 in inv(0); t.csp:31:14 in R7(1, <0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, …>)"},
		// Of a process whose first events are looked for; an argument that a
		// prefix does not need is not known there any more.
		{"P8", "t.csp:34:9 eval: 4 is not a value of a: the 1st field of a is in {0..3}; t.csp:34:15 in U(4)"},
		{"P9", "t.csp:36:15 eval: division by zero: 1 / 0; t.csp:35:13 in Q9(0, 5)"},
		{"P10", "t.csp:3:10 eval: division by zero: 12 / 0; t.csp:38:34 in inv(0); t.csp:38:1 in R10(3, _)"},
		{"P11", "t.csp:40:34 eval: 4 is not a value of c: the 2nd field of c is in {0..3}; t.csp:40:1 in S11(4)"},
		{"P12", "t.csp:42:20 eval: 5 is not a value of c: the 2nd field of c is in {0..3}; t.csp:42:1 in T12(4)"},
		{"P13", "t.csp:43:7 eval: no clause of M13 matches M13(<>); t.csp:44:1 M13 is defined here; process:1:1 in P13"},
		{"P14", "t.csp:45:30 eval: 4 is not a value of a: the 1st field of a is in {0..3}; t.csp:45:11 in L(4)"},
		{"P15", "t.csp:48:11 eval: 4 is not a value of a: the 1st field of a is in {0..3}; t.csp:47:18 in B15(4); t.csp:46:7 in A15(4); process:1:1 in P15"},
		{"P16", "t.csp:50:31 eval: 4 is not a value of a: the 1st field of a is in {0..3}; t.csp:50:1 in W16(3)"},
	} {
		if got := calls(s, tt.expr); got != tt.want && !(strings.HasSuffix(tt.want, ": ") && strings.HasPrefix(got, tt.want)) {
			t.Errorf("%s:\n%s, want\n%s", tt.expr, got, tt.want)
		}
	}
	// An endless recursion is stopped, and says where it began.
	got := calls(s, "up(1)")
	if !strings.HasPrefix(got, "t.csp:13:13 limit: the recursion is too deep") || !strings.Contains(got, " more calls …; ") || !strings.HasSuffix(got, "expression:1:1 in up(1)") || len(got) > 500 {
		t.Error(got)
	}
}

// calls returns the fault that a value, or the states of a process, comes to,
// with its notes.
func calls(s *cspm.Script, expr string) string {
	ctx := context.Background()
	var err error
	if strings.HasPrefix(expr, "P") {
		sys, e := s.Process(ctx, limits, expr)
		if err = e; err == nil {
			_, err = explore.Run(ctx, sys, limits, nil)
		}
	} else {
		_, err = s.Eval(ctx, limits, expr)
	}
	errs, ok := cspm.AsErrors(err)
	if !ok || len(errs) != 1 {
		return "no fault"
	}
	e := errs[0]
	out := []string{e.Position().String() + " " + string(e.Class) + ": " + e.Msg}
	for _, n := range e.Notes {
		at, _ := e.Range(n.Span)
		out = append(out, strings.TrimSpace(at.String()+" "+n.Msg))
	}
	return strings.Join(out, "; ")
}
