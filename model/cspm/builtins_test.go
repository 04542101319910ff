package cspm_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// builtinNames are in scope of the rows below.
const builtinNames = `datatype T = A | B.{0..1}.Bool | C.T
datatype H = Hold.Proc | Empty
subtype S = B.{1}
nametype N = {0..1}.{5}
channel go, halt
channel num : {0..2}
channel pair : {0..1}.Bool
channel box : T
channel vast : Int.Bool
f(x) = x + 1
P = go -> STOP
R = {(1, 2), (2, 3), (5, 6)}
`

// builtinRows: a built-in, how it is imported, an expression or a script and
// an expression behind it, and the value as it is shown or the class of the
// error. A process has its traces, of two events at the most, for a value.
var builtinRows = []struct{ how, name, expr, want string }{
	// constants
	{"", "Bool", "Bool", "{false, true}"},
	{"", "Bool", "<b | b <- seq(Bool)>", "<false, true>"},
	{"", "Bool", "card(Set(Bool))", "4"},
	{"", "Bool", "union(Bool, {1})", "type"},
	{"", "Bool", "Bool(1)", "type"},
	{"", "Int", "Int", "Int"},
	{"", "Int", "(member(-3, Int), {1..} <= Int, Int == Int)", "(true, true, true)"},
	{"", "Int", "card(Int)", "eval"},
	{"", "Int", "{x | x <- Int}", "limit"},
	{"", "Int", "member(true, Int)", "type"},
	{"", "Char", "(member('a', Char), member(' ', Char), {'a', 'b'} <= Char)", "(true, true, true)"},
	{"", "Char", "member(1, Char)", "type"},
	{"", "Events", "(member(go, Events), member(num.2, Events), {|box|} <= Events)", "(true, true, true)"},
	{"", "Events", "card({|num, go, halt, pair|})", "9"},
	{"", "Events", "member(num, Events)", "type"},
	{"", "Events", "member(num.3, Events)", "eval"},
	{"", "Events", "card(Events)", "eval"},
	{"", "Events", "{e | e <- Events}", "limit"},
	{"", "Proc", "(Hold.STOP, Empty)", "(Hold.STOP, Empty)"},
	{"", "Proc", "member(P, Proc)", "type"},
	{"", "Proc", "Proc(1)", "type"},
	{"", "True", "(True, True == true, True and False)", "(true, true, false)"},
	{"", "True", "True + 1", "type"},
	{"", "False", "(False, not False, if False then 1 else 2)", "(false, true, 2)"},
	{"", "False", "#False", "type"},
	{"", "STOP", "STOP", "<>"},
	{"", "STOP", "STOP == STOP", "type"},
	{"", "STOP", "STOP(1)", "type"},
	{"", "SKIP", "SKIP", "<> <✓>"},
	{"", "SKIP", "SKIP + 1", "type"},
	{"", "DIV", "DIV", "<>"},
	{"", "DIV", "not DIV", "type"},
	{"", "emptyMap", "(emptyMap, mapUpdate(emptyMap, 1, 'c'), mapToList(emptyMap) == <(1, 2)>)", "((| |), (| 1 => 'c' |), false)"},
	{"", "emptyMap", "mapLookup(emptyMap, 1)", "eval"},
	{"", "emptyMap", "emptyMap(1)", "type"},

	// sets
	{"", "union", "(union({}, {}), union({1}, {}), union({}, {1}), union({2, 1}, {1, 3}))", "({}, {1}, {1}, {1, 2, 3})"},
	{"", "union", "(union({3..}, {1, 2}), union({1..3}, {2..9}) == {1..9}, union(Int, {1}))", "({1..}, true, Int)"},
	{"", "union", "card({union({STOP}, {P}), union({P}, {STOP})})", "type"},
	{"", "union", "seq({<s> | s <- {union({<1>}, {<>})}})", "<<{<>, <1>}>>"},
	{"", "union", "union({1}, {true})", "type"},
	{"", "union", "union({1})", "type"},
	{"", "union", "union({f}, {})", "type"},
	{"", "inter", "(inter({}, {1}), inter({1, 2}, {2, 3}), inter({0..}, { -3..2}), inter(Int, {7}))", "({}, {2}, {0, 1, 2}, {7})"},
	{"", "inter", "inter({1}, <1>)", "type"},
	{"", "inter", "card(inter({0..}, {5..}))", "eval"},
	{"", "diff", "(diff({}, {1}), diff({1}, {}), diff({1, 2}, {2}), diff({1}, {1..}), diff({1..}, {1, 2}))", "({}, {1}, {1}, {}, {3..})"},
	{"", "diff", "(diff({1, 2, 5}, {2..}), diff({0..}, {2..}))", "({1}, {0, 1})"},
	{"", "diff", "diff({1}, 1)", "type"},
	{"", "Union", "(Union({}) == {1}, Union({{}}) == {1}, Union({{1}, {2, 3}, {}}), Union({{1..}, {0}}))", "(false, false, {1, 2, 3}, {0..})"},
	{"", "Union", "Union({1})", "type"},
	{"", "Union", "Union(<{1}>)", "type"},
	{"", "Inter", "(Inter({}) == {1}, Inter({{}}) == {1}, Inter({{1, 2}, {2, 3}, {2}}), Inter({{1..}, {0, 4}}))", "(false, false, {2}, {4})"},
	{"", "Inter", "Inter({})", "{}"},
	{"", "Inter", "Inter({1}, {2})", "type"},
	{"", "member", "(member(1, {1}), member(1, {}), member({}, {{}}), member(<1>, Seq({1})), member((1, 'c'), {(1, 'c')}))", "(true, false, true, true, true)"},
	{"", "member", "(member(A, T), member(C.C.A, T), member(B.1.true, S), member(B.0.true, S), member(0.5, N))", "(true, true, true, false, true)"},
	{"", "member", "member(P, {P})", "type"},
	{"", "member", "member(Empty, H)", "type"},
	{"", "member", "member(1, <1>)", "type"},
	{"", "member", "member(1, {error(\"in it\")})", "eval"},
	{"", "card", "(card({}), card({1, 1, 2}), card({{}, {1}}), card({5..2}), card(union({0..9}, {5..14})))", "(0, 2, 2, 0, 15)"},
	{"", "card", "(card(Set({0..9})), card(N), card(S), card(Map({0, 1}, {0, 1})))", "(1024, 2, 2, 9)"},
	{"", "card", "card({0..})", "eval"},
	{"", "card", "card(Seq({0}))", "eval"},
	{"", "card", "card(T)", "eval"},
	{"", "card", "card({|vast|})", "eval"},
	{"", "card", "card({P})", "type"},
	{"", "card", "card(1)", "type"},
	{"", "empty", "(empty({}), empty({1}), empty({2..1}), empty(Int), empty(Seq({})), empty(inter({1..}, {0})))", "(true, false, true, false, false, true)"},
	{"", "empty", "empty(<>)", "type"},
	{"", "empty", "empty({P})", "type"},
	{"", "set", "(set(<>) == {1}, set(<2, 1, 2>), set(\"banana\"), set(<<>, <1>>))", "(false, {1, 2}, {'a', 'b', 'n'}, {<>, <1>})"},
	{"", "set", "set(<1..>)", "limit"},
	{"", "set", "set({1})", "type"},
	{"", "set", "set(<f>)", "type"},
	{"", "seq", "(seq({}) == <1>, seq({3, 1, 2}), seq({true, false}), seq({'b', 'a'}), seq({<1>, <>, <0, 5>}))", "(false, <1, 2, 3>, <false, true>, \"ab\", <<>, <0, 5>, <1>>)"},
	{"", "seq", "(seq({(2, 1), (1, 2)}), seq({{2}, {1, 3}, {}}), seq({C.A, A, B.1.true}), seq({halt, num.0, go}))", "(<(1, 2), (2, 1)>, <{}, {1, 3}, {2}>, <A, B.1.true, C.A>, <go, halt, num.0>)"},
	{"", "seq", "(head(seq({4..})), seq({ -2..2}))", "(4, <-2, -1, 0, 1, 2>)"},
	{"", "seq", "#seq(Int)", "limit"},
	{"", "seq", "seq({P})", "type"},
	{"", "seq", "seq(<1>)", "type"},
	{"", "Set", "(Set({}), Set({1, 2}), member({1}, Set({1..})), member({0}, Set({1..})))", "({{}}, {{}, {1}, {1, 2}, {2}}, true, false)"},
	{"", "Set", "{s | s <- Set({0..})}", "limit"},
	{"", "Set", "Set(1)", "type"},
	{"", "Seq", "(Seq({}), member(<>, Seq({1})), member(<1, 1>, Seq({1})), member(<2>, Seq({1})), member(\"ab\", Seq(Char)))", "({<>}, true, true, false, true)"},
	{"", "Seq", "(head(seq(Seq({1}))), head(tail(seq(Seq({1})))), Seq({1}) <= Seq({0..}))", "(<>, <1>, true)"},
	{"", "Seq", "{s | s <- Seq({1})}", "limit"},
	{"", "Seq", "Seq(<1>)", "type"},

	// sequences
	{"", "length", "(length(<>), length(<1, 1>), length(\"abc\"), length(<1..3>), length(<error(\"x\")>))", "(0, 2, 3, 3, 1)"},
	{"", "length", "length(<1..>)", "limit"},
	{"", "length", "length({1})", "type"},
	{"", "null", "(null(<>), null(<1>), null(\"\"), null(<1..>), null(<3..1>))", "(true, false, true, false, true)"},
	{"", "null", "null({})", "type"},
	{"", "head", "(head(<1>), head(\"abc\"), head(<1> ^ error(\"x\")), head(<5..>), head(<P>) == 1)", "type"},
	{"", "head", "(head(<1>), head(\"abc\"), head(<1> ^ error(\"x\")), head(<5..>))", "(1, 'a', 1, 5)"},
	{"", "head", "head(<>)", "eval"},
	{"", "head", "head({1})", "type"},
	{"", "tail", "(tail(<1>) == <2>, tail(<1, 2>), tail(\"ab\"), head(tail(<5..>)), #tail(<error(\"x\"), 1>))", "(false, <2>, \"b\", 6, 1)"},
	{"", "tail", "tail(<>)", "eval"},
	{"", "tail", "tail(1)", "type"},
	{"", "concat", "(concat(<>) == <1>, concat(<<1>, <>, <2, 3>>), concat(<\"ab\", \"c\">), head(concat(<<1..>, <0>>)))", "(false, <1, 2, 3>, \"abc\", 1)"},
	{"", "concat", "#concat(<<1..>>)", "limit"},
	{"", "concat", "concat(<1>)", "type"},
	{"", "elem", "(elem(1, <>), elem(1, <2, 1>), elem('a', \"ba\"), elem(7, <1..>), elem(<>, <<>>))", "(false, true, true, true, true)"},
	{"", "elem", "elem(P, <P>)", "type"},
	{"", "elem", "elem(1, {1})", "type"},
	{"", "elem", "elem(2, <1, error(\"x\")>)", "eval"},

	// maps
	{"", "mapFromList", "(mapFromList(<(1, 2), (1, 3)>), mapFromList(<({1}, 'c'), ({}, 'd')>))", "((| 1 => 3 |), (| {} => 'd', {1} => 'c' |))"},
	{"", "mapFromList", "mapFromList(<(f, 1)>)", "type"},
	{"", "mapFromList", "mapFromList({(1, 2)})", "type"},
	{"", "mapToList", "(mapToList((| 3 => 1, -2 => 5 |)), mapToList((| 1 => 2, 1 => 4 |)))", "(<(-2, 5), (3, 1)>, <(1, 4)>)"},
	{"", "mapToList", "mapToList(<(1, 2)>)", "type"},
	{"", "mapLookup", "(mapLookup((| 1 => 2, 3 => error(\"x\") |), 1), mapLookup((| <> => 'a' |), <>))", "(2, 'a')"},
	{"", "mapLookup", "mapLookup((| 1 => 2 |), 2)", "eval"},
	{"", "mapLookup", "mapLookup((| 1 => 2 |), true)", "type"},
	{"", "mapMember", "(mapMember((| 1 => 2 |), 1), mapMember((| 1 => 2 |), 2), mapMember(emptyMap, 1), mapMember((| 1 => error(\"x\") |), 1))", "(true, false, false, true)"},
	{"", "mapMember", "mapMember({1}, 1)", "type"},
	{"", "mapUpdate", "(mapUpdate((| 1 => 2 |), 1, 3), mapUpdate((| 1 => 2 |), 0, 3))", "((| 1 => 3 |), (| 0 => 3, 1 => 2 |))"},
	{"", "mapUpdate", "mapUpdate((| 1 => 2 |), 1, 'c')", "type"},
	{"", "mapUpdate", "mapUpdate((| 1 => 2 |), error(\"x\"), 1)", "eval"},
	{"", "mapUpdateMultiple", "(mapUpdateMultiple((| 1 => 2 |), <>), mapUpdateMultiple((| 1 => 2 |), <(1, 3), (1, 4), (0, 0)>))", "((| 1 => 2 |), (| 0 => 0, 1 => 3 |))"},
	{"", "mapUpdateMultiple", "mapUpdateMultiple((| 1 => 2 |), (1, 3))", "type"},
	{"", "mapDelete", "(mapDelete((| 1 => 2 |), 1) == emptyMap, mapDelete((| 1 => 2 |), 3), mapDelete(emptyMap, 1) == (| 1 => 2 |))", "(true, (| 1 => 2 |), false)"},
	{"", "mapDelete", "mapDelete((| 1 => 2 |), 'c')", "type"},
	{"", "Map", "(Map({1}, {2, 3}), Map({}, {1}) == {emptyMap}, member((| 4 => 5 |), Map(Int, Int)))", "({(| |), (| 1 => 2 |), (| 1 => 3 |)}, true, true)"},
	{"", "Map", "Map({1}, <2>)", "type"},
	{"", "Map", "card(Map({1}, Int))", "eval"},

	// events and values in parts
	{"", "extensions", "(extensions(num), extensions(pair), extensions(pair.1), extensions(B), extensions(B.1))", "({0, 1, 2}, {0.false, 0.true, 1.false, 1.true}, {false, true}, {0.false, 0.true, 1.false, 1.true}, {false, true})"},
	{"", "extensions", "(extensions(box.B.1), extensions(box.C.B), extensions(vast.3), member(7.true, extensions(vast)))", "({false, true}, {0.false, 0.true, 1.false, 1.true}, {false, true}, true)"},
	{"", "extensions", "member(A, extensions(box)) and member(C.A, extensions(box)) and member(A, extensions(C))", "true"},
	{"", "extensions", "extensions(go)", "type"},
	{"", "extensions", "extensions(num.1)", "type"},
	{"", "extensions", "extensions(B.1.true)", "type"},
	{"", "extensions", "extensions(1)", "type"},
	{"", "extensions", "extensions(pair.2)", "eval"},
	{"", "productions", "(productions(go), productions(num), productions(pair.1), productions(num.2))", "({go}, {num.0, num.1, num.2}, {pair.1.false, pair.1.true}, {num.2})"},
	{"", "productions", "(productions(B.0), productions(B.1.true), productions(A), productions(box.B.0), productions(box.C.C.B.1))", "({B.0.false, B.0.true}, {B.1.true}, {A}, {box.B.0.false, box.B.0.true}, {box.C.C.B.1.false, box.C.C.B.1.true})"},
	{"", "productions", "productions(3)", "type"},
	{"", "productions", "productions(<num>)", "type"},
	{"", "productions", "card(productions(vast))", "eval"},
	{"", "productions", "productions(B.7)", "eval"},
	{"", "show", "(show(-3), show(<>), show({}), show((1, true)), show(B.1.true), show(num.1), show(1.2))", `("-3", "<>", "{}", "(1, true)", "B.1.true", "num.1", "1.2")`},
	{"", "show", `(show('a'), show("a\"b"), show(""), show(<'a', 'b'>), show((| |)), show((| 1 => <2> |)))`, `("'a'", "\"a\\\"b\"", "<>", "\"ab\"", "(| |)", "(| 1 => <2> |)")`},
	{"", "show", "(show(num), show(B), show(B.1), show({|num|}), show({1..}), show(Int))", `("num", "B", "B.1", "{num.0, num.1, num.2}", "{1..}", "Int")`},
	{"", "show", "show(1, 2)", "type"},
	{"", "show", "show(error(\"x\"))", "eval"},
	{"", "show", "show(1) + 1", "type"},
	{"", "error", "if true then 1 else error(\"not looked at\")", "1"},
	{"", "error", "error(\"boom\") + 1", "eval"},
	{"", "error", "go -> error(\"later\")", "eval"},
	{"", "error", "error(1)", "type"},

	// processes
	{"", "CHAOS", "CHAOS({go, num.1})", "<> <go> <go, go> <go, num.1> <num.1> <num.1, go> <num.1, num.1>"},
	{"", "CHAOS", "CHAOS({})", "<>"},
	{"", "CHAOS", "CHAOS({num})", "type"},
	{"", "CHAOS", "CHAOS(go)", "type"},
	{"", "CHAOS", "CHAOS(Events)", "limit"},
	{"", "RUN", "RUN({go})", "<> <go> <go, go>"},
	{"", "RUN", "RUN({})", "<>"},
	{"", "RUN", "RUN(num)", "type"},
	{"", "RUN", "RUN({|vast|})", "limit"},
	{"", "BUFFER", "BUFFER(1, {(go, halt), (num.0, num.1)})", "<> <go> <go, halt> <num.0> <num.0, num.1>"},
	{"", "BUFFER", "BUFFER(2, {(go, halt)})", "<> <go> <go, go> <go, halt>"},
	{"", "BUFFER", "BUFFER(1, {})", "<>"},
	{"", "BUFFER", "BUFFER(0, {(go, halt)})", "eval"},
	{"", "BUFFER", "BUFFER(-1, {(go, halt)})", "eval"},
	{"", "BUFFER", "BUFFER(1, {(go, go)})", "eval"},
	{"", "BUFFER", "BUFFER(1, {(go, num.1), (halt, num.1)})", "eval"},
	{"", "BUFFER", "BUFFER(1, {(go, halt), (go, num.1)})", "eval"},
	{"", "BUFFER", "BUFFER(1, {(go, num)})", "type"},
	{"", "BUFFER", "BUFFER(1, <(go, halt)>)", "type"},
	{"", "WEAK_BUFFER", "WEAK_BUFFER(1, num.0, {(go, halt)})", "limit"},
	{"", "WEAK_BUFFER", "WEAK_BUFFER(1, num, {(go, halt)})", "type"},
	{"", "SIGNAL_BUFFER", "SIGNAL_BUFFER(1, num.0, num.1, {(go, halt)})", "limit"},
	{"", "SIGNAL_BUFFER", "SIGNAL_BUFFER(1, num.0, {(go, halt)})", "type"},

	// compressions
	{"transparent", "sbisim", "sbisim(P ||| P)", "<> <go> <go, go>"},
	{"transparent", "sbisim", "sbisim({go})", "type"},
	{"transparent", "sbisim", "sbisim(P, P)", "type"},
	{"transparent", "sbisim", "let Q = sbisim(Q) within Q", "limit"},
	{"transparent", "sbisim", "let Q = halt -> P [] sbisim(Q) within Q", "limit"},
	{"transparent", "sbisim", "let Q(n) = sbisim(Q(n + 1)) within Q(0)", "limit"},
	{"transparent", "sbisim", "let Q = go -> sbisim(Q) within Q", "limit"},
	{"transparent", "sbisim", "let Q = go -> Q within sbisim(Q)", "<> <go> <go, go>"},
	{"transparent", "wbisim", "wbisim((go -> halt -> SKIP) \\ {go})", "<> <halt> <halt, ✓>"},
	{"transparent", "wbisim", "wbisim(go)", "type"},
	{"transparent", "dbisim", "dbisim(P |~| halt -> STOP)", "<> <go> <halt>"},
	{"transparent", "dbisim", "dbisim(1)", "type"},
	{"transparent", "diamond", "diamond(P [> halt -> SKIP)", "<> <go> <halt> <halt, ✓>"},
	{"transparent", "diamond", "diamond()", "type"},
	{"transparent", "normal", "normal(go -> P [] go -> halt -> STOP)", "<> <go> <go, go> <go, halt>"},
	{"transparent", "normal", "normal(P) + 1", "type"},
	{"transparent", "lazynorm", "lazynorm(SKIP ; P)", "<> <go>"},
	{"transparent", "lazynorm", "lazynorm(<P>)", "type"},
	{"transparent", "explicate", "explicate(BUFFER(2, {(go, halt)}))", "<> <go> <go, go> <go, halt>"},
	{"transparent", "explicate", "explicate(true)", "type"},
	{"transparent", "explicate", "let Q(n) = go -> Q(n + 1) within explicate(Q(0))", "limit"},
	{"transparent", "lazyenumerate", "let Q(n) = go -> Q(n + 1) within lazyenumerate(Q(0))", "<> <go> <go, go>"},
	{"transparent", "lazyenumerate", "lazyenumerate('c')", "type"},
	{"transparent", "tau_loop_factor", "tau_loop_factor(RUN({go, halt}) \\ {go})", "<> <halt> <halt, halt>"},
	{"transparent", "tau_loop_factor", "tau_loop_factor({P})", "type"},
	{"transparent", "model_compress", "model_compress(P ; P)", "<> <go>"},
	{"transparent", "model_compress", "model_compress(num)", "type"},
	{"transparent", "chase", "chase((go -> P) \\ {go})", "<>"},
	{"transparent", "chase", "chase((P ||| halt -> STOP) \\ {go})", "<> <halt>"},
	{"transparent", "chase", "chase(DIV)", "limit"},
	{"transparent", "chase", "chase(1)", "type"},
	{"transparent", "chase_nocache", "chase_nocache(SKIP ; P)", "<> <go>"},
	{"transparent", "chase_nocache", "chase_nocache(Events)", "type"},
	{"transparent", "chase_nocache", "chase_nocache(RUN({go}) \\ {go})", "limit"},

	// other functions that are imported
	{"external", "chase", "chase(P |~| P)", "<> <go>"},
	{"external", "chase", "chase(P |~| 1)", "type"},
	{"external", "chase_nocache", "chase_nocache(P |~| P)", "<> <go>"},
	{"external", "chase_nocache", "chase_nocache()", "type"},
	{"external", "prioritise", "prioritise(P [] halt -> STOP, <{}, {halt}, {go}>)", "<> <halt>"},
	{"external", "prioritise", "prioritise(P [] halt -> STOP [] num.1 -> STOP, <{halt}, {go}>)", "<> <halt> <num.1>"},
	{"external", "prioritise", "prioritise(P [> halt -> STOP, <{}, {go}>)", "<> <halt>"},
	{"external", "prioritise", "prioritise(P [] SKIP, <{}, {go}>)", "<> <✓>"},
	{"external", "prioritise", "prioritise(P, <>)", "eval"},
	{"external", "prioritise", "prioritise(P, <{num}>)", "type"},
	{"external", "prioritise", "prioritise(P, {{}})", "type"},
	{"external", "prioritise_nocache", "prioritise_nocache(P [] halt -> STOP, <{}, {halt}, {go}>)", "<> <halt>"},
	{"external", "prioritise_nocache", "prioritise_nocache(P, <>)", "eval"},
	{"external", "prioritise_nocache", "prioritise_nocache(P)", "type"},
	{"external", "prioritisepo", "prioritisepo(P [] halt -> STOP, {go, halt}, {(go, halt)}, {})", "<> <go>"},
	{"external", "prioritisepo", "prioritisepo(P [] halt -> P [] num.0 -> P, {go, halt, num.0}, {(go, halt), (halt, num.0)}, {go})", "<> <go>"},
	{"external", "prioritisepo", "prioritisepo(P [> halt -> STOP, {go, halt}, {}, {go})", "<> <go> <halt>"},
	{"external", "prioritisepo", "prioritisepo(P, {go}, {(go, halt)}, {})", "eval"},
	{"external", "prioritisepo", "prioritisepo(P, {go, halt}, {(go, halt), (halt, go)}, {})", "eval"},
	{"external", "prioritisepo", "prioritisepo(P, {go}, {(go, go)}, {})", "eval"},
	{"external", "prioritisepo", "prioritisepo(P, {go}, {}, {halt})", "eval"},
	{"external", "prioritisepo", "prioritisepo(P, {go, halt}, {(go, halt)}, {halt})", "eval"},
	{"external", "prioritisepo", "prioritisepo(P, {go}, {go}, {})", "type"},
	{"external", "deter", "deter(P |~| STOP)", "<> <go>"},
	{"external", "deter", "deter(go -> P |~| go -> SKIP)", "<> <go> <go, go> <go, ✓>"},
	{"external", "deter", "deter(deter)", "type"},
	{"external", "loop", "loop(go -> halt -> SKIP)", "<> <go> <go, halt>"},
	{"external", "loop", "loop(P)", "<> <go>"},
	{"external", "loop", "loop(SKIP)", "<>"},
	{"external", "loop", "loop(<>)", "type"},
	{"external", "trace_watchdog", "trace_watchdog(P, {go, halt}, num.0)", "<> <go> <go, go> <go, halt> <halt> <halt, num.0>"},
	{"external", "trace_watchdog", "trace_watchdog(P, {}, num.0)", "<>"},
	{"external", "trace_watchdog", "trace_watchdog(P, {go}, num)", "type"},
	{"external", "trace_watchdog", "trace_watchdog(P, {go}, go)", "eval"},
	{"external", "trace_watchdog", "trace_watchdog(P, {|vast|}, go)", "limit"},
	{"external", "failure_watchdog", "failure_watchdog(P, {go, halt}, num.0)", "<> <go> <go, go> <go, halt> <halt> <halt, num.0>"},
	{"external", "failure_watchdog", "failure_watchdog(P ||| SKIP, {go, halt}, num.0)", "<> <go> <go, go> <go, halt> <halt> <halt, num.0>"},
	{"external", "failure_watchdog", "failure_watchdog(STOP, {}, num.0)", "<>"},
	{"external", "failure_watchdog", "failure_watchdog(P, {halt}, num.0)", "eval"},
	{"external", "failure_watchdog", "failure_watchdog(P, {go}, go)", "eval"},
	{"external", "failure_watchdog", "failure_watchdog(P, {go}, num)", "type"},
	{"external", "failure_watchdog", "failure_watchdog(P, {|vast, go|}, halt)", "limit"},
	{"external", "failure_watchdog", "failure_watchdog(P, {go})", "type"},
	{"external", "transpose", "(transpose(R), transpose({}) == R, transpose({(1, 'a')}))", "({(2, 1), (3, 2), (6, 5)}, false, {('a', 1)})"},
	{"external", "transpose", "transpose({1})", "type"},
	{"external", "transpose", "transpose({(x, x) | x <- Int})", "limit"},
	{"external", "relational_image", "(relational_image(R)(1), relational_image(R)(9), relational_image({})(1) == {2})", "({2}, {}, false)"},
	{"external", "relational_image", "let image = relational_image({(1, 2), (1, 3)}) within <image(x) | x <- <1, 2>>", "<{2, 3}, {}>"},
	{"external", "relational_image", "relational_image(R, 1)", "type"},
	{"external", "relational_image", "relational_image({(P, 1)})(P)", "type"},
	{"external", "relational_inverse_image", "(relational_inverse_image(R)(2), relational_inverse_image({(1, 'a'), (2, 'a')})('a'), relational_inverse_image(R)(1))", "({1}, {1, 2}, {})"},
	{"external", "relational_inverse_image", "relational_inverse_image(R)(true)", "type"},
	{"external", "relational_inverse_image", "relational_inverse_image({(1, P)})", "type"},
	{"external", "mtransclose", "(mtransclose(R, {1, 2, 3, 5, 6, 7}), mtransclose(R, {}) == R, mtransclose({}, {1, 2}) == R)", "({(1, 2), (1, 3), (5, 6)}, false, false)"},
	{"external", "mtransclose", "(mtransclose({(3, 2), (2, 1)}, {1, 3}), mtransclose({('b', 'a')}, {'a', 'b'}), mtransclose({(1, 1)}, {1}) == R)", "({(1, 3)}, {('a', 'b')}, false)"},
	{"external", "mtransclose", "mtransclose(R, {true})", "type"},
	{"external", "mtransclose", "mtransclose({(STOP, STOP)}, {})", "type"},
}

func TestBuiltinRows(t *testing.T) {
	for _, r := range builtinRows {
		src := builtinNames
		if r.how != "" {
			src += r.how + " " + r.name + "\n"
		}
		if got := builtinAnswer(t, src, r.expr); got != r.want {
			t.Errorf("%s: %s\n\tis   %s\n\twant %s", r.name, r.expr, got, r.want)
		}
	}
}

// imports are the built-ins that have to be imported, and how.
var imports = map[string]string{
	"transparent": "sbisim wbisim dbisim diamond normal lazynorm explicate lazyenumerate tau_loop_factor model_compress chase chase_nocache",
	"external": "chase chase_nocache prioritise prioritise_nocache prioritisepo deter loop trace_watchdog failure_watchdog " +
		"transpose relational_image relational_inverse_image mtransclose",
}

// What is to be imported is not known without that, nor by another word, and
// what is none cannot be.
func TestImportedBuiltins(t *testing.T) {
	vet := func(src string) string {
		if _, err := cspm.Load("rows.csp", []byte(src), cspm.Options{}); err != nil {
			return class(err)
		}
		return "fine"
	}
	names := strings.Fields(imports["transparent"] + " " + imports["external"])
	for _, name := range names {
		for _, how := range []string{"transparent", "external"} {
			want := "scope"
			if slices.Contains(strings.Fields(imports[how]), name) {
				want = "fine"
			}
			for _, src := range []string{
				how + " " + name + "\nv = " + name,
				"v = let " + how + " " + name + "\nwithin " + name,
				"module M\n" + how + " " + name + "\nv = " + name + "\nexports\nw = v\nendmodule",
			} {
				if got := vet(src); got != want {
					t.Errorf("%s\n\tis %s, want %s", src, got, want)
				}
			}
		}
		for _, src := range []string{
			"v = " + name,
			"u = let external " + name + "\nwithin 1\nv = " + name,
		} {
			if got := vet(src); got != "scope" {
				t.Errorf("%s\n\tis %s, want scope", src, got)
			}
		}
		if got := vet(name + " = 1\nv = " + name + " + 1"); got != "fine" {
			t.Errorf("the definition of a %s of one's own is %s", name, got)
		}
	}
	for _, name := range []string{"union", "STOP", "head", "nothing", "WAIT", "RUN", "v"} {
		for _, how := range []string{"transparent", "external"} {
			if got := vet(how + " " + name + "\nv = 1"); got != "scope" {
				t.Errorf("%s %s is %s, want scope", how, name, got)
			}
		}
	}
}

// Every built-in has a row with a value, but for those that are refused, and
// one with an error.
func TestBuiltinRowsAreComplete(t *testing.T) {
	type seen struct{ good, bad bool }
	rows := map[string]seen{}
	for _, r := range builtinRows {
		s := rows[r.how+" "+r.name]
		if slices.Contains([]string{"scope", "type", "static", "eval", "limit"}, r.want) {
			s.bad = true
		} else {
			s.good = true
		}
		rows[r.how+" "+r.name] = s
	}
	all := map[string]string{"": "Bool Int Char Events Proc True False STOP SKIP DIV emptyMap union inter diff Union Inter member card empty set seq Set Seq " +
		"length null head tail concat elem mapFromList mapToList mapLookup mapMember mapUpdate mapUpdateMultiple mapDelete Map " +
		"extensions productions show error CHAOS RUN BUFFER WEAK_BUFFER SIGNAL_BUFFER"}
	maps.Copy(all, imports)
	for how, names := range all {
		for _, name := range strings.Fields(names) {
			s, refused := rows[how+" "+name], slices.Contains([]string{"WEAK_BUFFER", "SIGNAL_BUFFER"}, name)
			if s.good == refused || !s.bad {
				t.Errorf("%s %s: %+v", how, name, s)
			}
		}
	}
}

func builtinAnswer(t *testing.T, src, expr string) string {
	limits := explore.Limits{Time: 20 * time.Second, Memory: 2 << 30, States: 10000}
	s, err := cspm.Load("rows.csp", []byte(src+"v = "+expr+"\n"), cspm.Options{})
	if err != nil {
		return class(err)
	}
	for _, typed := range s.Types() {
		if typed.Name == "v" && typed.Type.String() == "Proc" {
			sys, err := s.Process(context.Background(), limits, "v")
			if err != nil {
				return class(err)
			}
			ts, err := traces(sys, 2)
			if err != nil {
				return class(err)
			}
			return strings.Join(ts, " ")
		}
	}
	v, err := s.Eval(context.Background(), limits, "v")
	if err != nil {
		return class(err)
	}
	return v
}
