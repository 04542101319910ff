package eval_test

import (
	"context"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/model/cspm"
)

func TestModules(t *testing.T) {
	check(t, `
module Queue(S, n)
  room(s) = #s < n
exports
  channel put, get : S
  datatype State = Full | Free
  state(s) = if room(s) then Free else Full
  names = <put, get>
endmodule
instance Q1 = Queue({0,1}, 1)
instance Q2 = Queue({2}, k)
k = 3
module Plain
  hidden = 7
exports
  shown = hidden + 1
  channel c
  sees = Plain::shown + shown
endmodule
instance Again = Plain
module Outer(n)
exports
  module Inner(m)
  exports
    value = n * 10 + m
    channel d : {n..m}
  endmodule
  instance Mine = Inner(n + 1)
  mine = Mine::value
endmodule
instance Out = Outer(3)
instance In = Out::Inner(5)
module Takes(f, P)
exports
  use(x) = f(x)
  again(x) = f(f(x))
  both = <P>
endmodule
inc(x) = x + 1
instance T = Takes(inc, STOP)
instance U = Takes(\ x @ x * 2, SKIP)
`, []row{
		{"Q1::put.0", "Q1::put.0"},
		{"Q1::put.2", "eval: not a value of Q1::put"},
		{"Q2::put.2", "Q2::put.2"},
		{"{|Q1::put|}", "{Q1::put.0, Q1::put.1}"},
		{"(Q1::state(<>), Q1::state(<0>))", "(Q1::Free, Q1::Full)"},
		{"Q2::state(<2,2>)", "Q2::Free"},
		{"Q1::Free == Q2::Free", "eval"}, // of different types
		{"(head(Q1::names)) == Q1::put", "true"},
		{"(head(Q1::names)) == Q2::put", "false"},
		{"Plain::shown", "8"},
		{"Plain::sees", "16"},
		{"Again::shown", "8"},
		{"Plain::c == Again::c", "false"},
		{"Out::mine", "34"},
		{"Out::Mine::value", "34"},
		{"In::value", "35"},
		{"In::d.4", "In::d.4"},
		{"T::use(1) + T::again(1)", "5"},
		{"U::again(3)", "12"},
		{"#(T::both^U::both)", "2"},
		// each instance has its channels
		{"card(Events)", "13"}, // Q1: 4, Q2: 2, Plain and Again: 2, Mine: 2, In: 3
		{"member(Again::c, Events)", "true"},
		{"Q1::room(<>)", "scope: room is private"},
		{"Plain::hidden", "scope: hidden is private"},
		{"Q1::n", "scope: n is private"},
		{"Queue::put", "scope: only through an instance"},
		{"Out::Inner::value", "scope: only through an instance"},
		{"Q1", "scope: is an instance, not a value"},
		{"Plain", "scope: is a module, not a value"},
		{"Q1::nothing", "scope: nothing is not defined"},
		{"Nowhere::x", "scope: Nowhere is not defined"},
		{"k::x", "scope: not a module"},
	})
	check(t, "", []row{
		{"module M(n)\nexports\n  instance I = M(n)\nendmodule\n---\n1", "type: instance of itself"},
		{"module M\nexports\n  instance I = M\nendmodule\n---\n1", "type: instance of itself"},
		{"module A(n)\nexports\n  instance X = B(n)\nendmodule\nmodule B(n)\nexports\n  instance Y = A(n)\nendmodule\ninstance I = A(1)\n---\n1", "type: instance of itself"},
		{"instance I = I::M\n---\n1", "type"},
		{"module M(n)\nexports\n  v = n\nendmodule\ninstance I = M(1, 2)\n---\n1", "type: takes 1 argument"},
		{"instance I = M(1)\n---\n1", "scope: M is not defined"},
		{"M = 1\ninstance I = M(1)\n---\n1", "scope: not a module"},
		{"module M(n)\n  n = 2\nexports\n  v = n\nendmodule\n---\n1", "scope: n is defined twice"},
		{"module M(n)\nexports\n  v = n\n  v = 2\nendmodule\n---\n1", "scope: v is defined twice"},
		{"module M(n)\nexports\n  v = w\nendmodule\n---\n1", "scope: w is not defined"},
		{"module M\nexports\n  v = 1\nendmodule\nchannel M\n---\n1", "scope: M is defined twice"},
		{"module M\nexports\n  instance N = K(2)\n  module K(i)\n  exports\n    v = i\n  endmodule\nendmodule\n---\nM::N::v", "2"},
		{"a = M::b\nmodule M\nexports\n  b = c\nendmodule\nc = 5\n---\na", "5"},
		{"x = 1\nmodule M\nexports\n  x = 2\n  y = x\nendmodule\n---\n(x, M::x, M::y)", "(1, 2, 2)"},
		{"module M\nexports\n  datatype T = A | B.{0,1}\nendmodule\nf(M::A) = 1\nf(M::B.x) = x\n---\n(f(M::A), f(M::B.0), M::T)", "(1, 0, {M::A, M::B.0, M::B.1})"},
		{"module M\nexports\n  v = 1\nendmodule\nf(M::v) = 1\n---\n1", "scope: only channels and constructors"},
		{"module M(n)\nexports\n  v = n\nendmodule\ninstance I = M(J::v)\ninstance J = M(4)\n---\nI::v", "4"},
		{"module M(n)\nexports\n  v = n\nendmodule\ninstance I = M(I::v)\n---\nI::v", "eval: depends on itself"},
		{"module M(S)\nexports\n  channel c : S\nendmodule\ninstance I = M({|J::c|})\ninstance J = M({0})\n---\n{|I::c|}", "{I::c.J::c.0}"},
		{"transparent normal\nmodule M\n  transparent sbisim\nexports\n  P = sbisim(normal(STOP))\nendmodule\n---\n#<M::P>", "1"},
	})
}

// messages returns all errors that loading a script gives, one a line.
func messages(script string) string {
	_, err := cspm.Load("t.csp", []byte(script), cspm.Options{})
	if err == nil {
		return ""
	}
	errs, _ := cspm.AsErrors(err)
	var lines []string
	for _, e := range errs {
		lines = append(lines, e.Error())
	}
	return strings.Join(lines, "\n")
}

func TestScopeErrors(t *testing.T) {
	for _, tt := range []struct{ script, want string }{
		{"channel coin\nP = coin -> Q\nR = coim -> P\nf(x) = yy\n", `t.csp:2:13: scope: Q is not defined
t.csp:3:5: scope: coim is not defined; did you mean coin?
t.csp:4:8: scope: yy is not defined`},
		{"a = b\na = c\nf(x,x) = d", `t.csp:1:5: scope: b is not defined
t.csp:2:1: scope: a is defined twice; give one of them another name
t.csp:2:5: scope: c is not defined
t.csp:3:5: scope: x is bound twice; give them different names and compare with ==
t.csp:3:10: scope: d is not defined`},
		{"P = normal(STOP)", "t.csp:1:5: scope: normal is not defined; import it first: transparent normal"},
		{"P = prioritise(STOP, <>)", "t.csp:1:5: scope: prioritise is not defined; import it first: external prioritise"},
		{"P = chase(STOP)", "t.csp:1:5: scope: chase is not defined; import it first: external chase"},
		{"external normal", "t.csp:1:10: scope: normal is transparent, not external; write transparent normal"},
		{"transparent loop", "t.csp:1:13: scope: loop is external, not transparent; write external loop"},
		{"external chase\ntransparent chase_nocache\nP = chase(chase_nocache(STOP))", ""},
		{"external nothing", "t.csp:1:10: scope: there is no external function nothing"},
		{"transparent sbism", "t.csp:1:13: scope: there is no transparent function sbism; did you mean sbisim?"},
		{"external prioritize, hcase", `t.csp:1:10: scope: there is no external function prioritize; did you mean prioritise?
t.csp:1:22: scope: there is no external function hcase; did you mean chase?`},
		{"external nomral", "t.csp:1:10: scope: there is no external function nomral; did you mean transparent normal?"},
		{"external WIAT, untion", "t.csp:1:10: scope: there is no external function WIAT\nt.csp:1:16: scope: there is no external function untion"},
		{"external union", "t.csp:1:10: scope: union needs no import; leave it out"},
		{"transparent normal\nnormal = 1", "t.csp:2:1: scope: normal is imported and defined; give one of them another name"},
		{"transparent normal\ntransparent normal", ""},
		{"P = let transparent normal\nQ = STOP within normal(Q)\nR = normal(P)", "t.csp:3:5: scope: normal is not defined; import it first: transparent normal"},
		{"P = WAIT(3)", "t.csp:1:5: scope: WAIT is not defined; it can be used only in a Timed section"},
		{"Timed { P = WAIT(3)\n }", "t.csp:1:1: scope: a Timed section needs a channel tock; declare it: channel tock"},
		// the errors of a module are reported once, however many instances
		{"module M(n)\nexports\n  v = w\nendmodule\ninstance I = M(1)\ninstance J = M(2)", "t.csp:3:7: scope: w is not defined"},
		{"channel c : {0..1}\nP = c?x:f(x) -> STOP", "t.csp:2:9: scope: f is not defined\nt.csp:2:11: scope: x is not defined"},
		{"channel c : {0..1}.{0..1}\nP = c?x?y:{x} -> c!x!y -> STOP\nQ = c?x -> STOP [] c!x -> STOP", "t.csp:3:22: scope: x is not defined"},
		{"f(x) = <x, y | y <- <z | z <- y>>", "t.csp:1:31: scope: y is not defined"},
	} {
		got := messages(tt.script)
		if got != tt.want {
			t.Errorf("%s\nis:\n%s\nwant:\n%s", tt.script, got, tt.want)
		}
	}
}

// Two letters of a short name that have changed places are one mistake.
func TestSwappedLetters(t *testing.T) {
	for _, tt := range []struct{ wrong, right string }{
		{"SKPI", "SKIP"}, {"haed", "head"}, {"elme", "elem"}, {"unoin", "union"}, {"crad", "card"},
		{"gte", "get"}, {"ptu", "put"}, {"Mdo::x", "Mod"},
		{"xy", ""}, {"tge", ""}, {"EKIP", "SKIP"}, {"PKIS", ""},
	} {
		want := "t.csp:6:5: scope: " + strings.TrimSuffix(tt.wrong, "::x") + " is not defined"
		if tt.right != "" {
			want += "; did you mean " + tt.right + "?"
		}
		got := messages("module Mod\nexports\n  x = 1\nendmodule\nchannel get, put, yx\nv = " + tt.wrong + "\n")
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestPositions(t *testing.T) {
	for _, tt := range []struct{ script, expr, want string }{
		{"a = 1 + 2 / 0", "a", "t.csp:1:9: eval: division by zero: 2 / 0"},
		{"f(0) = 1\ng(x) = f(x)", "g(5)", "t.csp:2:8: eval: no clause of f matches f(5)"},
		{"channel c : {0..2}\na = <1, 2>\nb = c.head(tail(tail(a)))", "b", "t.csp:3:7: eval: head of the empty sequence"},
		{"channel c : {0..2}\nb(x) =\n  c.x", "b(3)", "t.csp:3:3: eval: 3 is not a value of c: the 1st field of c is in {0..2}"},
		{"m = (| 1 => 2 |)", "mapLookup(m, 3)", "expression:1:1: eval: the map has no key 3"},
		{"s = {x | x <- {1..}}", "s", "t.csp:1:15: limit: the set {1..} is infinite: it cannot be listed"},
		{"x = y\ny = x", "x", "t.csp:1:5: eval: this value depends on itself"},
		{"", "<1..>", "expression:1:1: limit: an infinite sequence cannot be listed"},
		{"a = (true, 1)\nf((1, x)) = x", "f(a)", "t.csp:2:4: eval: true is a boolean: it cannot be matched with 1"},
		{"a = if 1 == 1 then 3 and true else false", "a", "t.csp:1:20: eval: 3 is an integer, not a boolean"},
	} {
		if got := answer(t, tt.script, tt.expr, true); got != tt.want {
			t.Errorf("%s; %s\nis:   %s\nwant: %s", tt.script, tt.expr, got, tt.want)
		}
	}
}

func TestSetOverrides(t *testing.T) {
	const script = "N = 3\nM = N + 1\nf(x) = x\nchannel c : {0..N}\n(a, b) = (1, 2)\nP = c.N -> STOP\n"
	for _, tt := range []struct {
		set  [2]string
		expr string
		want string
	}{
		{[2]string{"N", "7"}, "(N, M, card({|c|}))", "(7, 8, 8)"},
		{[2]string{"N", "M"}, "N", "eval: depends on itself"},
		{[2]string{"M", "N * f(2)"}, "M", "6"},
		{[2]string{"P", "STOP"}, "#<P, P>", "2"},
		{[2]string{"N", "{|c|}"}, "N", "type: {|c|} is {Event}, not Int"},
		{[2]string{"N", "Nope"}, "", "scope: Nope is not defined"},
		{[2]string{"N", "1 +"}, "", "parse"},
		{[2]string{"K", "1"}, "", "the script does not define K"},
		{[2]string{"f", "1"}, "", "f is a function, not a constant"},
		{[2]string{"a", "1"}, "", "not a constant"},
		{[2]string{"c", "1"}, "", "c is a channel, not a constant"},
	} {
		s, err := cspm.Load("t.csp", []byte(script), cspm.Options{Set: [][2]string{tt.set}})
		got := ""
		if err == nil {
			got, err = s.Eval(context.Background(), limits, tt.expr)
		}
		if err != nil {
			got = err.Error()
			if errs, ok := cspm.AsErrors(err); !ok || len(errs) == 0 {
				t.Errorf("--set %v: the error is a %T", tt.set, err)
			}
		}
		if got != tt.want && !(err != nil && (strings.Contains(got, tt.want) || failed(got, tt.want))) {
			t.Errorf("--set %v: %s, want %s", tt.set, got, tt.want)
		}
	}
}

func TestPrintStatements(t *testing.T) {
	s, err := cspm.Load("t.csp", []byte("n = 3\nprint n + 1\nprint m\nprint 1 / 0\nprint <1,\nprint {n} -- a set\n"), cspm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"4", "t.csp:3:7: scope: m is not defined", "t.csp:4:7: eval: division by zero: 1 / 0", "parse", "{3}"}
	for i := range s.Prints {
		got, err := s.Prints[i].Run(context.Background(), limits)
		if err != nil {
			got = err.Error()
		}
		if i >= len(want) || got != want[i] && !(want[i] == "parse" && strings.Contains(got, ": parse: ")) {
			t.Errorf("print %s: %s", s.Prints[i].Text, got)
		}
	}
	if len(s.Prints) != len(want) {
		t.Errorf("%d print statements", len(s.Prints))
	}
}

// An error leaves nothing behind: what it interrupted gives the same error,
// or the right value, when it is asked for again.
func TestErrorsAreRepeated(t *testing.T) {
	s, err := cspm.Load("t.csp", []byte(`
channel c : {0..k}
k = 1/0
datatype T = A | B.{0..k}
s = <1 / x | x <- <1, 0, 2>>
big = {(x, y, z) | x <- {0..999}, y <- {0..999}, z <- {0..999}}
d = c.0
p = (k, 1)
f(x) = if x == 0 then k else f(x - 1)
`), cspm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, expr := range []string{"c.0", "{|c|}", "Events", "T", "B.0", "s", "d", "p", "f(3)", "k", "productions(c)", "extensions(B)", "#s", "{s}", "s == s", "(s, s)"} {
		first := eval(s, expr)
		for range 2 {
			if again := eval(s, expr); again != first {
				t.Errorf("%s: first %s, then %s", expr, first, again)
			}
		}
		switch expr {
		case "#s":
			if first != "3" {
				t.Errorf("#s is %s", first)
			}
		case "d", "p", "f(3)", "k", "s", "T":
			if !strings.Contains(first, "eval: division by zero") {
				t.Errorf("%s is %s", expr, first)
			}
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if got, err := s.Eval(ctx, limits, "card(big)"); err == nil {
		t.Errorf("a cancelled evaluation gives %s", got)
	}
	if got := eval(s, "A"); got != "A" {
		t.Errorf("after a cancelled evaluation, A is %s", got)
	}
}

func eval(s *cspm.Script, expr string) string {
	got, err := s.Eval(context.Background(), limits, expr)
	if err != nil {
		return err.Error()
	}
	return got
}

func load(t testing.TB, src string) *cspm.Script {
	t.Helper()
	s, err := cspm.Load("t.csp", []byte(src), cspm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
