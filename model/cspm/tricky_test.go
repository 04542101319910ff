package cspm_test

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// declarations are in scope of every case.
const declarations = `datatype Tint = Red | Mix.{0..1}.{0..1}
channel go, halt, ping
channel num : {0..2}
channel pos : {0..1}.{0..1}
channel ink : Tint.{0..1}
`

// A case is a script and a question about it:
//
//	""              what the script comes to: "fine" or an error class
//	"= e"           the value of e
//	"traces P"      all traces of P of up to six visible events, sorted
//	"offers P"      its initial visible events, those behind τ included
//	"deadlock P", "divergence P"
//	                the verdict in F, with the trace after which it fails
type trickyCase struct {
	n      int // in the list of cases
	script string
	ask    string
	want   string
}

var trickyCases = []trickyCase{
	// lexing and layout
	{1, "v = {-1}", "", "lex"},
	{1, "v = { -1}", "= v", "{-1}"},
	{2, "v = 4--2", "= v", "4"},
	{3, "n = 5\nv = n\n  - 1", "", "parse"},
	{3, "n = 5\nv = n\n  + 1", "= v", "6"},
	{3, "n = 5\nv = n -\n   1", "= v", "4"},
	{4, "f(x) = x\nv = f\n  (3)", "", "parse"},
	{5, "s = 1\nt = 0\nv = s >\n  t", "", "parse"},
	{5, "s = 1\nt = 0\nv = s\n> t", "= v", "true"},
	{6, "v = <k | k <- <1,5>, k > 3>", "", "parse"},
	{6, "v = <k | k <- <1,5>, (k > 3)>", "= v", "<5>"},
	{7, "m = (|1 => 2|)", "", "parse"},
	{7, "m = (| 1 => 2|)", "= m", "(| 1 => 2 |)"},
	{8, "x = 1\nv = x<-3", "", "parse"},
	{9, "P' = STOP", "", "fine"},
	{9, "x'y = 1", "", "parse"},
	{10, "f ::Int\nf = 1", "= f", "1"},
	{10, "v = f::g", "", "scope"},
	{11, "P = STOP\nassert P :[has trace]: <>", "", "parse"},
	{12, "channel tock\nd(_) = 1\nTimed (d)\n{ P = STOP }", "", "parse"},

	// parsing
	{13, "b = pos.0.1 == pos.0.1", "", "type"},
	{13, "b = (pos.0.1) == (pos.0.1)", "= b", "true"},
	{14, "e = num.1+1", "= e", "num.2"},
	{15, "P = go -> STOP \\ {go}", "traces P", "<>"},
	{16, "P = go -> STOP\nQ = go -> STOP", "traces P \\ {go} [] Q", "<> <go>"},
	{17, "P = STOP\nQ = STOP\nR = STOP\nX = P [|{go}|] Q [|{halt}|] R", "", "parse"},
	{18, "A(i) = {num.i, go}\nX(i) = go -> num.i -> STOP\nP = || i:{0,1} @ [A(i)] X(i) \\ {go}", "traces P", "<> <num.0> <num.0, num.1> <num.1> <num.1, num.0>"},
	{18, "X(i) = go -> num.i -> STOP\nP = [] i:{0,1} @ X(i) \\ {go}", "traces P", "<> <num.0> <num.1>"},
	{19, "v = (-7/2, (-7)/2, (-7)%3)", "= v", "(-3, -4, 2)"},
	{20, "v = #<1>^<2,3>", "= v", "3"},
	{21, "n = 1\nv = let n = n + 1 within n", "= v", "eval"},

	// scope and patterns
	{22, "f(num) = 1\nv = f(0)", "", "type"},
	{22, "f(num) = 1\nv = f(num)", "= v", "1"},
	{23, "f(STOP) = 1", "= f(3)", "1"},
	{24, "f(0) = 1\ng = 2\nf(n) = n", "", "scope"},
	{25, "g(x, x) = x", "", "scope"},
	{25, "P = pos?x?x -> STOP", "", "scope"},
	{26, "P = pos?x$y -> STOP", "", "scope"},
	{26, "P = pos$x?y -> STOP", "offers P", "pos.0.0 pos.0.1 pos.1.0 pos.1.1"},
	{27, "h({x,y}) = 1", "", "static"},
	{28, "h(a^b) = a", "", "static"},
	{28, "h(a^<z>) = a", "= h(<1,2,3>)", "<1, 2>"},
	{29, "k(w@@Mix.i.j) = (w,i,j)", "= k(Mix.0.1)", "(Mix.0.1, 0, 1)"},
	{30, "go = 3", "", "type"},
	{31, "v = let 3 = 4 within 5", "= v", "5"},
	{32, "P = normal(STOP)", "", "scope"},
	{32, "external normal\nP = normal(STOP)", "", "scope"},
	{32, "transparent normal\nP = normal(STOP)", "traces P", "<>"},

	// types
	{33, "channel q : {}", "", "type"},
	{33, "channel q : {}\nq :: Int => Event", "", "fine"},
	{34, "P = STOP \\ {num}", "", "type"},
	{34, "P = STOP \\ {|num|}", "traces P", "<>"},
	{35, "v = let id(x) = x within (id(1), id(true))", "", "type"},
	{35, "v = let id :: (a) -> a\nid(x) = x within (id(1), id(true))", "= v", "(1, true)"},
	{35, "id(x) = x\nv = (id(1), id(true))", "= v", "(1, true)"},
	{36, "fst(x.y) = x\nv = fst(num.0)", "", "type"},
	{36, "fst(x.y) = x\nv = fst(1.2)", "= v", "1"},
	{37, "v = extensions(go)", "", "type"},
	{37, "v = productions(go)", "= v", "{go}"},
	{38, "P = pos?x:({0..1}.{0..1}) -> STOP", "", "type"},
	{38, "P = pos?x:{i.j | i <- {0..1}, j <- {0..1}} -> STOP", "offers P", "pos.0.0 pos.0.1 pos.1.0 pos.1.1"},
	{39, "x :: Colour\nx = 3", "", "type"},
	{39, "x :: Tint\nx = Red", "= x", "Red"},
	{40, "datatype W = W1.Proc\nv = {W1.STOP}", "", "fine"},
	{40, "datatype W = W1.Proc\nv = (W1.STOP) == (W1.STOP)", "", "type"},

	// values and dots
	{41, "v = (ink.Mix.0.1.0) == (ink.(Mix.0.1).0)", "= v", "true"},
	{42, "v = extensions(ink.Mix.1)", "= v", "{0.0, 0.1, 1.0, 1.1}"},
	{43, "v = {x | ink.x.1 <- {|ink|}}", "= v", "{Red, Mix.0.0, Mix.0.1, Mix.1.0, Mix.1.1}"},
	{44, "v = num.3", "= v", "eval"},
	{44, "v = member(num.3, Events)", "= v", "eval"},
	{45, "P = num?x:{1,2,3} -> STOP", "traces P", "eval"},
	{46, "P = pos?x!x -> STOP", "offers P", "pos.0.0 pos.1.1"},

	// process semantics
	{49, "P = SKIP [] go -> STOP ||| SKIP", "traces P", "<> <go> <✓>"},
	{50, "P = SKIP ||| STOP", "deadlock P", "fails after <>"},
	{51, "P = SKIP", "deadlock P", "fails after <✓>"},
	{54, "P = go -> P", "divergence P \\ {go}", "fails after <>"},
	{55, "P = go -> STOP [[go <- ping, go <- halt]]", "traces P", "<> <go>"},
	{55, "P = (go -> STOP) [[go <- ping, go <- halt]]", "traces P", "<> <halt> <ping>"},
	{56, "P = (go -> SKIP) [|{go}|> (halt -> SKIP)", "traces P", "<> <go> <go, halt> <go, halt, ✓>"},
	{57, "P = go -> STOP [go <-> ping] ping -> halt -> STOP", "traces P", "<> <halt>"},
	{58, "P = (go -> SKIP) [{go}||{go,halt}] (halt -> SKIP)", "traces P", "<> <halt>"},
	{58, "P = (go -> SKIP) [{go}||{go,halt}] (halt -> SKIP)", "deadlock P", "fails after <halt>"},
	{59, "P = (go -> ping -> STOP) [+{go}+] (go -> halt -> STOP)", "traces P", "<> <go> <go, halt> <go, ping>"},
	{60, "P = (go -> go -> STOP) /\\ (halt -> STOP)", "traces P", "<> <go> <go, go> <go, go, halt> <go, halt> <halt>"},
	{61, "P = |~| x:{} @ num!x -> STOP", "traces P", "eval"},
	{61, "P = [] x:{} @ num!x -> STOP", "traces P", "<>"},
	{64, "P = P [] go -> STOP", "traces P", "limit"},
	{64, "P = P", "traces P", "limit"},
	{64, "P = Q\nQ = P", "traces P", "limit"},
	{64, "P = Q\nQ = P", "traces STOP ; P", "<>"},
	{64, "P = go -> Q\nQ = (if true then R else Q)\nR = (Q)", "traces P", "limit"},
	{64, "P(x) = P(x)", "traces P(1)", "limit"},
	{64, "P = let X = Y\nY = X within X", "traces P", "limit"},
	{64, "P = let X(n) = X(n) within X(1)", "traces P", "limit"},
	{64, "x = y\ny = x", "= x", "eval"},                                         // no process
	{64, "x = y\ny = x\nP = if x == 1 then STOP else SKIP", "traces P", "eval"}, // nor this
	{64, "f(x) = x\ng(y) = f(y)\nP = g(STOP)\nv = g(3)", "= v", "3"},            // a result, if not always a process
	{67, "P = (go -> SKIP ; halt -> SKIP) \\ {go}", "traces P", "<> <halt> <halt, ✓>"},
}

func TestTrickyCases(t *testing.T) {
	for _, tt := range trickyCases {
		t.Run(fmt.Sprintf("%d/%s", tt.n, firstLine(tt.script)), func(t *testing.T) {
			if got := tt.answer(t); got != tt.want {
				t.Errorf("%s\n%s: %s, want %s", tt.script, tt.ask, got, tt.want)
			}
		})
	}
}

func firstLine(s string) string { line, _, _ := strings.Cut(s, "\n"); return line }

func (tt *trickyCase) answer(t *testing.T) string {
	s, err := cspm.Load("case.csp", []byte(declarations+tt.script+"\n"), cspm.Options{})
	if err != nil {
		return class(err)
	}
	verb, expr, _ := strings.Cut(tt.ask, " ")
	ctx, limits := context.Background(), explore.Limits{States: 100000}
	switch verb {
	case "":
		return "fine"
	case "=":
		v, err := s.Eval(ctx, limits, expr)
		if err != nil {
			return class(err)
		}
		return v
	}
	sys, err := s.Process(ctx, limits, expr)
	if err != nil {
		return class(err)
	}
	switch verb {
	case "traces":
		ts, err := traces(sys, 6)
		if err != nil {
			return class(err)
		}
		return strings.Join(ts, " ")
	case "offers":
		ts, err := traces(sys, 1)
		if err != nil {
			return class(err)
		}
		return strings.NewReplacer("<> ", "", "<", "", ">", "").Replace(strings.Join(ts, " "))
	case "deadlock", "divergence":
		v, err := deadlock.Free(ctx, sys, deadlock.F, limits)
		if verb == "divergence" {
			v, err = deadlock.DivergenceFree(ctx, sys, limits)
		}
		if err != nil {
			return class(err)
		}
		if v.Counterexample != nil {
			return string(v.Answer) + " after <" + strings.Join(v.Counterexample.Impl.Trace(), ", ") + ">"
		}
		return string(v.Answer)
	}
	t.Fatalf("no such question: %s", tt.ask)
	return ""
}

// class returns the class of the first mistake.
func class(err error) string {
	errs, ok := cspm.AsErrors(err)
	if !ok {
		return err.Error()
	}
	if p := errs[0].Position(); p.Line == 0 {
		return "an error without a place: " + errs.Error()
	}
	return string(errs[0].Class)
}

// traces returns the traces of a system of up to n visible events, by the
// definition: every path, its τ left out.
func traces(sys explore.System, n int) ([]string, error) {
	found := map[string]bool{}
	type node struct {
		state uint64
		trace string
	}
	seen := map[node]bool{}
	var walk func(s []uint64, tr []string) error
	walk = func(s []uint64, tr []string) error {
		text := "<" + strings.Join(tr, ", ") + ">"
		if seen[node{s[0], text}] {
			return nil
		}
		seen[node{s[0], text}] = true
		found[text] = true
		var steps explore.Steps
		if err := sys.Successors(s, &steps); err != nil {
			return err
		}
		for i, e := range steps.Events {
			next := tr
			if e != model.Tau {
				if len(tr) == n {
					continue
				}
				next = append(tr[:len(tr):len(tr)], sys.Events().Name(e))
			}
			if err := walk(steps.States[i:i+1], next); err != nil {
				return err
			}
		}
		return nil
	}
	s := make([]uint64, 1)
	if err := sys.Initial(s); err != nil {
		return nil, err
	}
	if err := walk(s, nil); err != nil {
		return nil, err
	}
	var out []string
	for tr := range found {
		out = append(out, tr)
	}
	sort.Slice(out, func(i, j int) bool { return strings.Trim(out[i], "<>") < strings.Trim(out[j], "<>") })
	return out, nil
}
