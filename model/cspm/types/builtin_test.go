package types_test

import (
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// The types of the built-ins, written out.
func TestBuiltinTypes(t *testing.T) {
	const proc = "(Proc) -> Proc"
	for _, tt := range []struct{ how, names, want string }{
		{"", "Bool", "{Bool}"}, {"", "Int", "{Int}"}, {"", "Char", "{Char}"}, {"", "Events", "{Event}"}, {"", "Proc", "{Proc}"},
		{"", "true false True False", "Bool"}, {"", "STOP SKIP DIV", "Proc"},
		{"", "emptyMap", "Set a => (| a => b |)"},

		{"", "union inter diff", "Set a => ({a}, {a}) -> {a}"},
		{"", "Union Inter", "Set a => ({{a}}) -> {a}"},
		{"", "member", "Eq a => (a, {a}) -> Bool"},
		{"", "card", "Eq a => ({a}) -> Int"},
		{"", "empty", "Eq a => ({a}) -> Bool"},
		{"", "set", "Set a => (<a>) -> {a}"},
		{"", "seq", "Eq a => ({a}) -> <a>"},
		{"", "Set", "Set a => ({a}) -> {{a}}"},
		{"", "Seq", "Set a => ({a}) -> {<a>}"},
		{"", "length", "(<a>) -> Int"}, {"", "null", "(<a>) -> Bool"},
		{"", "head", "(<a>) -> a"}, {"", "tail", "(<a>) -> <a>"},
		{"", "concat", "(<<a>>) -> <a>"},
		{"", "elem", "Eq a => (a, <a>) -> Bool"},

		{"", "mapFromList", "Set a => (<(a, b)>) -> (| a => b |)"},
		{"", "mapToList", "Set a => ((| a => b |)) -> <(a, b)>"},
		{"", "mapLookup", "Set a => ((| a => b |), a) -> b"},
		{"", "mapMember", "Set a => ((| a => b |), a) -> Bool"},
		{"", "mapUpdate", "Set a => ((| a => b |), a, b) -> (| a => b |)"},
		{"", "mapUpdateMultiple", "Set a => ((| a => b |), <(a, b)>) -> (| a => b |)"},
		{"", "mapDelete", "Set a => ((| a => b |), a) -> (| a => b |)"},
		{"", "Map", "Set a => ({a}, {b}) -> {(| a => b |)}"},

		{"", "extensions", "Yieldable b => (a=>b) -> {a}"},
		{"", "productions", "Yieldable b => (a=>*b) -> {b}"},
		{"", "show", "(a) -> <Char>"}, {"", "error", "(<Char>) -> a"},
		{"", "CHAOS RUN", "({Event}) -> Proc"},
		{"", "BUFFER", "(Int, {(Event, Event)}) -> Proc"},
		{"", "WEAK_BUFFER", "(Int, Event, {(Event, Event)}) -> Proc"},
		{"", "SIGNAL_BUFFER", "(Int, Event, Event, {(Event, Event)}) -> Proc"},

		{"transparent", "sbisim wbisim dbisim diamond normal lazynorm explicate lazyenumerate tau_loop_factor model_compress chase chase_nocache", proc},
		{"external", "chase chase_nocache deter loop", proc},
		{"external", "prioritise prioritise_nocache", "(Proc, <{Event}>) -> Proc"},
		{"external", "prioritisepo", "(Proc, {Event}, {(Event, Event)}, {Event}) -> Proc"},
		{"external", "trace_watchdog failure_watchdog", "(Proc, {Event}, Event) -> Proc"},
		{"external", "transpose", "(Set a, Set b) => ({(a, b)}) -> {(b, a)}"},
		{"external", "relational_image", "(Eq a, Set b) => ({(a, b)}) -> (a) -> {b}"},
		{"external", "relational_inverse_image", "(Set a, Eq b) => ({(a, b)}) -> (b) -> {a}"},
		{"external", "mtransclose", "Eq a => ({(a, a)}, {a}) -> {(a, a)}"},
	} {
		for _, name := range strings.Fields(tt.names) {
			src := ""
			if tt.how != "" {
				src = tt.how + " " + name + "\n"
			}
			if got := typeOf(t, src, name); got != tt.want {
				t.Errorf("%s :: %s, want %s", name, got, tt.want)
			}
		}
	}
	_, info, _ := script(t, "channel tock\nTimed {\nw = WAIT\np = timed_priority\n}")
	if w, p := info.Of("w").String(), info.Of("p").String(); w != "(Int) -> Proc" || p != proc {
		t.Errorf("WAIT :: %s, timed_priority :: %s", w, p)
	}
}

// typeOf returns the type of an expression in the scope of a script, or what
// is wrong with it.
func typeOf(t *testing.T, src, expr string) string {
	t.Helper()
	prog, info, errs := script(t, src)
	if len(errs) > 0 {
		return errs.Error()
	}
	files := prog.File.Files
	e, errs := syntax.ParseExpr(files, "e", expr)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	names, errs := prog.Expr(files, e)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	s, errs := info.Expr(e, names)
	if len(errs) > 0 {
		return errs.Error()
	}
	return s.String()
}

// Types of expressions, as they are written.
func TestInferredTypes(t *testing.T) {
	for _, tt := range []struct{ src, expr, want string }{
		{"", "1 + 2", "Int"},
		{"", "(1, true, 'c', \"s\")", "(Int, Bool, Char, <Char>)"},
		{"", "<>", "<a>"},
		{"", "{}", "Set a => {a}"},
		{"", "{<>}", "Set a => {<a>}"},
		{"", "(| |)", "Set a => (| a => b |)"},
		{"", "(| 1 => <> |)", "(| Int => <a> |)"},
		{"", "\\ x @ x", "(a) -> a"},
		{"", "\\ x, y @ x == y", "Eq a => (a, a) -> Bool"},
		{"", "\\ x, y @ x < y", "Ord a => (a, a) -> Bool"},
		{"", "\\ x, y @ if x < y then {x} else {y | y <- {x}, x == y}", "(Eq a, Ord a) => (a, a) -> {a}"},
		{"", "\\ x @ \\ y @ (x, y)", "(a) -> (b) -> (a, b)"},
		{"", "\\ f, g @ \\ x @ f(g(x))", "((a) -> b, (c) -> a) -> (c) -> b"},
		{"", "\\ x, y, z @ x.y.z", "(a, b, c) -> a.b.c"},
		{"", "\\ x @ (x.1, x)", "(a) -> (a.Int, a)"},
		{"", "\\ f @ f(1, 2)()", "((Int, Int) -> () -> a) -> a"},
		{"", "\\ c, x @ {|c.x|}", "Yieldable c => (a=>b=>*c, a) -> {c}"},
		{"", "\\ c @ c?x.y -> c?z -> STOP", "(Complete a, Complete b) => (a=>b=>Event) -> Proc"},
		{"", "\\ c @ c?x?y -> STOP", "(Complete a, Complete b) => (a=>b=>Event) -> Proc"},
		{"", "\\ c, d @ c?x -> d!x -> STOP", "Complete a => (a=>Event, a=>Event) -> Proc"},
		{"", "\\ c, S @ c?x:S -> STOP", "Complete a => (a=>Event, {a}) -> Proc"},
		{"", "\\ c @ (c, productions(c))", "Yieldable b => (a=>*b) -> (a=>*b, {b})"},
		{"", "\\ c @ (extensions(c), c)", "Yieldable b => (a=>b) -> ({a}, a=>b)"},
		{"datatype T = A.{0}.{1} | B", "A", "Int=>Int=>T"},
		{"datatype T = A.{0}.{1} | B", "A.0", "Int=>T"},
		{"datatype T = A.{0}.{1} | B", "(A.0.1, B)", "(T, T)"},
		{"datatype T = A.{0}.{1} | B", "\\ x @ A.x", "(Int.Int) -> T"},
		{"datatype T = A.{0}.{1} | B", "T", "{T}"},
		{"datatype T = A.{0}.{1} | B\nsubtype S = B\nnametype N = S.{0}\nnametype M = (S, {0})", "(S, N, M)", "({T}, {T.Int}, {(T, Int)})"},
		{"datatype T = A.{0}.{1} | B\nchannel c : T.Bool", "c.A", "Int=>Int=>Bool=>Event"},
		{"datatype T = A.{0}.{1} | B\nchannel c : T.Bool", "c.A.0", "Int=>Bool=>Event"},
		{"datatype T = A.{0}.{1} | B\nchannel c : T.Bool", "c.(A.0)", "Int=>Bool=>Event"},
		{"channel c : (Int, Bool)", "c", "(Int, Bool)=>Event"},
		{"channel c : {i.j | i <- {0}, j <- Bool}", "c", "Int=>Bool=>Event"},
		{"channel c : {}\nc :: (| Int => <Bool> |).Char => Event", "c", "(| Int => <Bool> |)=>Char=>Event"},
		{"f :: Eq q => (q) -> q\nf(x) = x", "f", "Eq a => (a) -> a"},
		{"f :: (b =>* Event, b) -> Int\nf(x, y) = 1", "f", "(a=>*Event, b) -> Int"},
		{"id(x) = x", "(id, id(id))", "((a) -> a, (b) -> b)"},
		{"f(x, y) = f(y, x)", "f", "(a, a) -> b"},
	} {
		if got := typeOf(t, tt.src, tt.expr); got != tt.want {
			t.Errorf("%s: %s :: %s, want %s", tt.src, tt.expr, got, tt.want)
		}
	}
}
