package eval_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// limits end what does not end by itself.
var limits = explore.Limits{Time: 20 * time.Second, Memory: 4 << 30}

// prelude is in scope of the rows below.
const prelude = `datatype Tint = Red | Mix.{0..1}.{0..1}
datatype Cell = Box.Tint.{0..3}
datatype Q = P.{0,1}.{0,1}
datatype R = H.{P.0.1, P.1.0}
datatype Tree = Leaf | Node.Tree.Tree
datatype Two = One.(Bool, {0..1})
datatype Holder = Held.Proc
channel go, halt, ping
channel num : {0..2}
channel pos : {0..1}.{0..1}
channel ink : Tint.{0..1}
channel any : Int
channel up : {0..}.Bool
nametype Pairs = {0..1}.{5}
subtype Mixed = Mix.{0}
subtype Plain = Red
ones = <1>^ones
nats(n) = <n>^nats(n+1)
bad = error("x")
map(f, s) = <f(x) | x <- s>
sum(<>) = 0
sum(<x>^s) = x + sum(s)
add(x)(y) = x + y
none()(x) = x + 1
first(x, _) = x
`

// A row is an expression, or a script and an expression behind a line of
// dashes; and its value as it is shown, or "class" or "class: part of the
// message".
type row struct{ expr, want string }

// answer evaluates a row's expression, typed or not.
func answer(t testing.TB, script, expr string, untyped bool) string {
	t.Helper()
	s, err := cspm.Load("t.csp", []byte(script), cspm.Options{Untyped: untyped})
	if err != nil {
		return err.Error()
	}
	got, err := s.Eval(context.Background(), limits, expr)
	if err != nil {
		return err.Error()
	}
	return got
}

// check runs rows. A class is found behind the position of an error. What
// has a value has a type, too; where an error is wanted, evaluation must find
// it by itself.
func check(t *testing.T, script string, rows []row) {
	t.Helper()
	checkRows(t, script, rows, false)
}

// checkUntyped runs rows whose scripts no type fits.
func checkUntyped(t *testing.T, script string, rows []row) {
	t.Helper()
	checkRows(t, script, rows, true)
}

func checkRows(t *testing.T, script string, rows []row, untyped bool) {
	t.Helper()
	for _, r := range rows {
		src, expr := script, r.expr
		if before, after, ok := strings.Cut(r.expr, "\n---\n"); ok {
			src, expr = script+before+"\n", after
		}
		got := answer(t, src, expr, untyped || isClass(r.want))
		if got == r.want || failed(got, r.want) {
			continue
		}
		t.Errorf("%s\n\tis   %s\n\twant %s", r.expr, got, r.want)
	}
}

// isClass reports whether a row wants an error.
func isClass(want string) bool {
	class, _, _ := strings.Cut(want, ": ")
	return slices.Contains([]string{"eval", "limit", "scope", "static", "type"}, class)
}

// failed reports whether got is an error as wanted: class, or class: part,
// and whether it has a place.
func failed(got, want string) bool {
	class, part, _ := strings.Cut(want, ": ")
	at, msg, ok := strings.Cut(got, ": "+class+": ")
	return isClass(want) && ok && strings.Contains(at, ":") && strings.Contains(msg, part)
}

func TestLiteralsAndArithmetic(t *testing.T) {
	check(t, prelude, []row{
		{"007", "7"},
		{"true", "true"},
		{"(True, False)", "(true, false)"},
		{`'c'`, "'c'"},
		{`<'\n', '\t', '\r'>`, `"\n\t\r"`},
		{`'\x'`, "'x'"},
		{`"a\"b\\c"`, `"a\"b\\c"`},
		{`#"\\"`, "1"},
		{`"ab" == <'a', 'b'>`, "true"},
		{"1 + 2 * 3 - 4", "3"},
		{"7/2", "3"},
		{"-7/2", "-3"},
		{"(-7)/2", "-4"},
		{"(-7)%2", "1"},
		{"(-7)%3", "2"},
		{"7%(-3)", "-2"},
		{"7/(-2)", "-4"},
		{"(-8)/(-2)", "4"},
		{"1/0", "eval: division by zero"},
		{"1%0", "eval: division by zero"},
		{"9223372036854775807", "9223372036854775807"},
		{"9223372036854775807 + 1", "eval: too large"},
		{"-9223372036854775807 - 1", "-9223372036854775808"},
		{"-9223372036854775807 - 2", "eval: too large"},
		{"4294967296 * 4294967296", "eval: too large"},
		{"(-9223372036854775807 - 1) * (-1)", "eval: too large"},
		{"(-9223372036854775807 - 1) / (-1)", "eval: too large"},
		{"-(-9223372036854775807 - 1)", "eval: negated"},
		{"3037000499 * 3037000499", "9223372030926249001"},
		{"1 + true", "eval: true is a boolean, not an integer"},
		{"-'c'", "eval: a character"},
		{"not 1", "eval"},
		{"1 and true", "eval"},
		{"if 1 then 2 else 3", "eval"},
		{"true or bad", "true"},
		{"false and bad", "false"},
		{"bad or true", "eval: error: x"},
		{"not (true and false)", "true"},
	})
}

func TestEqualityAndOrder(t *testing.T) {
	checkUntyped(t, prelude, []row{
		{"(ink.Mix) == (ink)", "false"},
	})
	check(t, prelude, []row{
		{"(1, <true>) == (1, <true>)", "true"},
		{"{1,2,1} == {2,1}", "true"},
		{"(| 1 => 2, 3 => 4 |) == (| 3 => 4, 1 => 2 |)", "true"},
		{"(| 1 => 2 |) == (| 1 => 3 |)", "false"},
		{"(Box.(Mix.0.1).2) == (Box.Mix.0.1.2)", "true"},
		{"(ink.Mix.0) == (ink.Mix.1)", "false"},
		{"(ink.Mix.0) == (ink.(Mix.0))", "true"},
		{"<> == <1>", "false"},
		{`"abc" != "abd"`, "true"},
		{"<1> <= <1,2>", "true"},
		{"<1> <= <2>", "false"},
		{"<1> >= <2>", "false"},
		{"<1> < <1>", "false"},
		{"<> < <1>", "true"},
		{"{1} <= {1,2}", "true"},
		{"{1,3} <= {1,2}", "false"},
		{"{1} < {1}", "false"},
		{"{1,2} > {2}", "true"},
		{"(1, 2) < (1, 3)", "true"},
		{"(1, 2) < (0, 3)", "false"},
		{"(1, {1}) <= (1, {2})", "false"},
		{"(1, {1}) >= (1, {2})", "false"},
		{"(0, {1}) <= (1, {2})", "true"},
		{"(| 1 => 2 |) < (| 1 => 2, 2 => 0 |)", "true"},
		{"(| 1 => 2 |) <= (| 1 => 1, 2 => 0 |)", "false"},
		{"(| 1 => 2 |) < (| 1 => 2 |)", "false"},
		{"(| 1 => <1> |) < (| 1 => <1,2> |)", "true"},
		{"'a' < 'b'", "true"},
		{"'Z' < 'a'", "true"},
		{"ones == <2>", "false"},
		{"<1..> == <1,2>", "false"},
		{"<1..> == <1>^<2..>", "true"},
		{"tail(<1..>) == <2..>", "true"},
		{"<1..> == <2..>", "false"},
		{"<1..> <= <1..>", "true"},
		{"<1,2> <= <1..>", "true"},
		{"<1..> <= <1,2>", "false"},
		{"<1..> < <2..>", "false"},
		// what is ill-typed
		{"true < false", "eval"},
		{"go < halt", "eval"},
		{"STOP == STOP", "eval"},
		{"1 == true", "eval"},
		{"<1> == <true>", "eval"},
		{"(1, 2) == (1, 2, 3)", "eval"},
		{"(1, 2) == (1, true)", "eval"},
		{"Red == go", "eval"},
		{"head == head", "eval"},
		{"1 < 'a'", "eval"},
	})
}

func TestFiniteSets(t *testing.T) {
	checkUntyped(t, prelude, []row{
		{"card({STOP, SKIP, STOP})", "2"},
		{"{Held.STOP} == {}", "false"},
	})
	check(t, prelude, []row{
		{"{}", "{}"},
		{"{3,1,2,1}", "{1, 2, 3}"},
		{"{2..4}", "{2, 3, 4}"},
		{"{4..2}", "{}"},
		{"<4..2>", "<>"},
		{"{true, false}", "{false, true}"},
		{"{'b', 'a', 'B'}", "{'B', 'a', 'b'}"},
		{"{<2>, <1,5>, <1>, <>}", "{<>, <1>, <1, 5>, <2>}"},
		{"{(2,0), (1,9)}", "{(1, 9), (2, 0)}"},
		{"{{2}, {1,3}, {}, {1}}", "{{}, {1}, {1, 3}, {2}}"},
		{"{Mix.1.0, Red, Mix.0.1}", "{Red, Mix.0.1, Mix.1.0}"},
		{"{ping, go, halt}", "{go, halt, ping}"},
		{"{0.1, 0.0}", "{0.0, 0.1}"},
		{"{(| 1 => 2 |), (| |)}", "{(| |), (| 1 => 2 |)}"},
		{"seq({3,1,2})", "<1, 2, 3>"},
		{"set(<3,1,3>)", "{1, 3}"},
		{"union({1,3}, {2,3})", "{1, 2, 3}"},
		{"inter({1,3}, {2,3})", "{3}"},
		{"diff({1,2,3}, {2})", "{1, 3}"},
		{"Union({{1}, {2}, {1,3}})", "{1, 2, 3}"},
		{"Union({})", "{}"},
		{"Inter({{1,2}, {2,3}})", "{2}"},
		{"Inter({})", "{}"},
		{"(member(1, {1,2}), member(3, {1,2}), member(1, {}))", "(true, false, false)"},
		{"(card({1,1,2}), card({}), card({5..9}))", "(2, 0, 5)"},
		{"(empty({}), empty({1}))", "(true, false)"},
		{"Set({1,2})", "{{}, {1}, {1, 2}, {2}}"},
		{"card(Set({0..40}))", "2199023255552"},
		{"card(Set({0..99}))", "limit"},
		{"card({0..1000000000000})", "1000000000001"},
		{"member({3,7}, Set({0..40}))", "true"},
		{"Set({0..40}) == Set({0..40})", "true"},
		{"Seq({})", "{<>}"},
		{"card(union({0..100}, {50..150}))", "151"},
		{"card(union(Set({0..9}), Set({5..14})))", "2016"}, // 2*1024 - 32
		{"card(union({x | x <- {0..99}}, {0..9}))", "100"},
		{"seq(union({|num|}, {num.1}))", "<num.0, num.1, num.2>"},
		{"card({|go, halt, ping, num, pos, ink|})", "20"},
		{"(card(Bool), Bool)", "(2, {false, true})"},
		{"card(Char)", "1114112"},
		{"member('x', Char)", "true"},
		{"head(seq(Char)) == 'a'", "false"},
		{"Tint", "{Red, Mix.0.0, Mix.0.1, Mix.1.0, Mix.1.1}"},
		{"Pairs", "{0.5, 1.5}"},
		{"Mixed", "{Mix.0.0, Mix.0.1}"},
		{"Plain", "{Red}"},
		{"{bad}", "eval: error: x"},
		{"card({1, bad})", "eval: error: x"},
		{"{head}", "eval"},
		{"{1, true}", "eval"},
		{"{Red, go}", "eval"},
		{"union({1}, {true})", "eval"},
		{"member(true, {1})", "eval"},
		{"member(true, {0..100})", "eval"},
		{"member(1, Char)", "eval"},
		{"member(1, Tint)", "eval"},
		{"member(1, Events)", "eval"},
		{"member(go, Tint)", "eval"},
		{"member(num.3, Events)", "eval"},
		{"card(<1>)", "eval: not a set"},
		{"union(1, {})", "eval"},
		{"(union({}, {2}), union({1, 3}, {2}), union({2}, {(2)}), union({1..}, {0}), union(Int, {7}))", "({2}, {1, 2, 3}, {2}, {0..}, Int)"},
		{"(diff({}, {2}), diff({1, 3}, {2}), diff({2}, {2}), diff({0..}, {0}), diff({0..2}, {1}))", "({}, {1, 3}, {}, {1..}, {0, 2})"},
		{"union({}, {head})", "eval"},
		{"diff({1}, {true})", "eval"},
		{"union({}, {bad})", "eval: error: x"},
	})
}

func TestInfiniteSets(t *testing.T) {
	check(t, prelude, []row{
		{"{1..}", "{1..}"},
		{"Int", "Int"},
		{"Seq({0,1})", "Seq({0, 1})"},
		{"member(5, {1..})", "true"},
		{"member(0, {1..})", "false"},
		{"member(-99, Int)", "true"},
		{"member(<1,2>, Seq({1,2}))", "true"},
		{"member(<1,3>, Seq({1,2}))", "false"},
		{"member(<1..>, Seq(Int))", "false"},
		{"member({<1>}, Set(Seq({1,2})))", "true"},
		{"member(Node.Leaf.Leaf, Tree)", "true"},
		{"diff({1..}, {1,2})", "{3..}"},
		{"diff({1,2,5}, {2..})", "{1}"},
		{"diff({1..}, {5}) == union({1..4}, {6..})", "true"},
		{"diff({1..}, {3..})", "{1, 2}"},
		{"diff(Int, {0..}) == diff(Int, {0..})", "true"},
		{"member(-1, diff(Int, {0..}))", "true"},
		{"diff(Int, Int)", "{}"},
		{"diff(Seq({0}), Seq({0,1}))", "{}"},
		{"member(<>, diff(Seq({0}), {<>}))", "false"},
		{"member(<0>, diff(Seq({0}), {<>}))", "true"},
		{"union({1..}, {0})", "{0..}"},
		{"union({1..}, {5..7}) == {1..}", "true"},
		{"union({1..3}, {3..}) == {1..}", "true"},
		{"union(Seq({0}), {<1>}) == union({<1>}, Seq({0}))", "true"},
		{"inter({1..}, {0-5..3})", "{1, 2, 3}"},
		{"inter({}, {1..})", "{}"},
		{"inter({1..}, {})", "{}"},
		{"inter({1..}, {3..})", "{3..}"},
		{"inter(Seq({0,1}), {<1>, <2>})", "{<1>}"},
		{"inter(Seq({0,1}), Seq({0,1})) == Seq({0,1})", "true"},
		{"{1..} == {1..}", "true"},
		{"{1..} == {2..}", "false"},
		{"{1..} <= {0..}", "true"},
		{"{0..} <= {1..}", "false"},
		{"{1..} <= Int", "true"},
		{"{3,4} <= {1..}", "true"},
		{"{1..} <= {3,4}", "false"},
		{"Seq({0}) <= Seq({0,1})", "true"},
		{"Seq({0,1}) <= Seq({0})", "false"},
		{"Set({1..}) == Set({1..})", "true"},
		{"Set({1..}) <= Set(Int)", "true"},
		{"Tree == Tree", "true"},
		{"Map({1}, Int) == Map({1}, Int)", "true"},
		{"head(seq({7..}))", "7"},
		{"head(tail(tail(seq({7..}))))", "9"},
		{"head(seq(Seq({0,1})))", "<>"},
		{"<x | x <- seq(Seq({0,1})), #x == 2> >= <<0,0>, <0,1>, <1,0>, <1,1>>", "true"},
		{"head(seq(Tree))", "Leaf"},
		{"member(head(tail(seq(Tree))), Tree)", "true"},
		{"elem(Node.(Node.Leaf.Leaf).Leaf, seq(Tree))", "true"},
		{"elem(-3, seq(Int))", "true"},
		{"empty({1..})", "false"},
		{"empty(Seq({}))", "false"},
		{"{ {1..}, {2..}, {1..} }", "{{1..}, {2..}}"},
		{"card({ Int, {1..} })", "2"},
		{"card({1..})", "eval: infinite"},
		{"card(Tree)", "eval: infinite"},
		{"card(Seq({0}))", "eval: infinite"},
		{"{x | x <- {1..}}", "limit: infinite"},
		{"{x | x <- Int, x < 3}", "limit"},
		{"Union(Set({1..}))", "limit"},
		{"{|any|}", "{|any|}"}, // described, not listed
		{"{x | any.x <- {|any|}}", "limit"},
		{"seq({|up|}) == <>", "false"},
		{"card({|any|})", "eval: infinite"},
		{"member(any.3, {|any|})", "true"},
		{"extensions(any)", "Int"},
		{"member(3.true, extensions(up))", "true"},
		{"extensions(up.2)", "{false, true}"},
	})
}

func TestComprehensions(t *testing.T) {
	check(t, prelude, []row{
		{"<x * x | x <- <1,2,3>>", "<1, 4, 9>"},
		{"<n, -n | n <- <1,2>>", "<1, -1, 2, -2>"},
		{"<(x,y) | x <- <1,2>, y <- <x..2>>", "<(1, 1), (1, 2), (2, 2)>"},
		{"<(x,y) | x <- <1,2,3>, x != 2, y <- <x>>", "<(1, 1), (3, 3)>"},
		{"<x | x : <1,2>>", "<1, 2>"},
		{"<x | (x, 1) <- <(5,1), (6,2), (7,1)>>", "<5, 7>"},
		{"<x | <x>^_ <- <<1,2>, <>, <3>>>", "<1, 3>"},
		{"<1 | true>", "<1>"},
		{"<1 | false>", "<>"},
		{"{x + y | x <- {1,2}, y <- {10,20}}", "{11, 12, 21, 22}"},
		{"{x, x * 10 | x <- {1,2}}", "{1, 2, 10, 20}"},
		{"{x | x <- {1..5}, x % 2 == 1}", "{1, 3, 5}"},
		{"{x | {x} <- {{1}, {1,2}, {3}}}", "{1, 3}"},
		{"{x | Mix.x.1 <- Tint}", "{0, 1}"},
		{"{x | ink.x.1 <- {|ink|}}", "{Red, Mix.0.0, Mix.0.1, Mix.1.0, Mix.1.1}"},
		{"<a..a+1 | a <- <1,5>>", "<1, 2, 5, 6>"},
		{"{a..a+1 | a <- {1,5}}", "{1, 2, 5, 6}"},
		{"head(<a.. | a <- <1,5>>)", "1"},
		{"head(tail(<a.. | a <- <1,5>>))", "2"},
		{"{a.. | a <- {3,5}}", "{3..}"},
		{"{|num.x | x <- {0,2}|}", "{num.0, num.2}"},
		{"{x | x <- {x | x <- {1}}}", "{1}"},
		{"let x = {4} within {x | x <- x}", "{4}"},
		{"(\\ x @ {x | x <- {x, x + 1}})(3)", "{3, 4}"},
		{"<x | x <- <1,2>, y <- <x>, x <- <y>>", "scope: bound twice"},
		// consumed as far as needed
		{"head(<x | x <- <1..>>)", "1"},
		{"head(tail(<x * x | x <- <1..>, (x > 3)>))", "25"},
		{"head(<x | x <- nats(0), (x > 100)>)", "101"},
		{"let s = <x | x <- <1, bad, 3>, (x > 0)> within head(s)", "1"},
		{"let s = <x + 1 | x <- <1, bad, 3>> within head(tail(tail(s)))", "4"},
		{"let s = <x + 1 | x <- <1, bad, 3>> within #s", "3"},
		{"elem(4, <x * x | x <- <1..>>)", "true"},
		{"let s = <1>^<x * 2 | x <- s> within <head(s), head(tail(s)), head(tail(tail(s)))>", "<1, 2, 4>"},
		{"let s = <x | x <- <1..9>> within (sum(s), sum(s), s)", "(45, 45, <1, 2, 3, 4, 5, 6, 7, 8, 9>)"},
		// ill-typed
		{"{x | x <- <1>}", "eval: generators take sets"},
		{"<x | x <- {1}>", "eval: generators take sequences"},
		{"<x | x <- 1>", "eval"},
		{"{1 | 1}", "eval"},
		{"{x | (x, y) <- {1}}", "eval"},
		{"{x | (x, y) <- {(1, 2, 3)}}", "eval"},
		{"{x | num.x <- {1}}", "eval"},
		{"{x | num.x <- Tint}", "eval"},
		{"{| 1 |}", "eval"},
		{"{'a'..'b'}", "eval"},
	})
}

func TestDots(t *testing.T) {
	check(t, prelude+"datatype KT = K.{0..2}\nchannel d : KT.{0..1}\n", []row{
		{"1.2.3", "1.2.3"},
		{"(1.2).3 == 1.(2.3)", "1.2.false.2.3"}, // . is looser than ==
		{"((1.2).3) == (1.(2.3))", "true"},
		{"<d.(K.1).0 , d.K.1.0, (d.K).1.0, d.(K.1.0)>", "<d.K.1.0, d.K.1.0, d.K.1.0, d.K.1.0>"},
		{"card({d.(K.1).0 , d.K.1.0, (d.K).1.0, d.(K.1.0)})", "1"},
		{"num.1+1", "num.2"},
		{"num.3", "eval: 3 is not a value of num: the 1st field"},
		{"pos.0.2", "eval: 2nd field"},
		{"ink.Mix.0.2", "eval: 2nd field of Mix"},
		{"Box.Red.4", "eval"},
		{"num.true", "eval"},
		{"num.Mix", "eval"},
		{"ink.go", "eval"},
		{"H.P.0.1", "H.P.0.1"},
		{"H.P.0.0", "eval: H"},
		{"One.(true, 1)", "One.(true, 1)"},
		{"One.(true, 2)", "eval"},
		{"card(Two)", "4"},
		{"extensions(num)", "{0, 1, 2}"},
		{"extensions(pos)", "{0.0, 0.1, 1.0, 1.1}"},
		{"extensions(pos.1)", "{0, 1}"},
		{"extensions(ink.Mix.1)", "{0.0, 0.1, 1.0, 1.1}"},
		{"extensions(ink.Red)", "{0, 1}"},
		{"extensions(H.P)", "{0.1, 1.0}"},
		{"extensions(H.P.0)", "{1}"},
		{"extensions(H)", "{P.0.1, P.1.0}"},
		{"extensions(ink) == {t.i | t <- Tint, i <- {0,1}}", "true"},
		{"extensions(go)", "eval: complete"},
		{"extensions(3)", "eval"},
		{"productions(go)", "{go}"},
		{"productions(num)", "{num.0, num.1, num.2}"},
		{"productions(ink.Mix.1.1)", "{ink.Mix.1.1.0, ink.Mix.1.1.1}"},
		{"productions(H.P)", "{H.P.0.1, H.P.1.0}"},
		{"{|go, num.1|}", "{go, num.1}"},
		{"{|Mix.1|}", "{Mix.1.0, Mix.1.1}"},
		{"{|num|} == {num.x | x <- {0..2}}", "true"},
		{"{|num|} <= Events", "true"},
		{"{|pos.1|} <= {|pos|}", "true"},
		{"card({|pos, num, pos.1|})", "7"},
		{"{||}", "{}"},
		{"(\\ c @ c.1)(num)", "num.1"},
		{"{c.1 | c <- {pos.0, pos.1}}", "{pos.0.1, pos.1.1}"},
	})
}

func TestLaziness(t *testing.T) {
	check(t, prelude, []row{
		{"first(1, bad)", "1"},
		{"(\\ x, y @ x)(1, bad)", "1"},
		{"let x = bad within 1", "1"},
		{"let (x, y) = bad within 1", "1"},
		{"let (x, y) = (1, bad) within x", "1"},
		{"let (x, 2) = (1, 3) within x", "eval: does not match"},
		{"let 3 = 4 within 5", "5"},
		{"first((bad, bad), 2) == first(bad, 2)", "eval"},
		{"head(<1>^bad)", "1"},
		{"head(<1, bad>)", "1"},
		{"#<bad, bad>", "2"},
		{"#tail(<bad, 1>)", "1"},
		{"null(<bad>)", "false"},
		{"if true then 1 else bad", "1"},
		{"mapLookup((| 1 => 2, 3 => bad |), 1)", "2"},
		{"mapLookup(mapUpdate((| |), 1, bad), 1)", "eval: error: x"},
		{"mapMember(mapUpdate((| |), 1, bad), 1)", "true"},
		{"(| bad => 1 |)", "eval: error: x"},
		{"mapFromList(<(1, bad), (1, 2)>)", "(| 1 => 2 |)"},
		{"head(map(\\ x @ x + 1, ones))", "2"},
		{"head(tail(tail(nats(5))))", "7"},
		{"head(concat(<<>, <1>, bad>))", "1"},
		{"head(concat(<nats(4), bad>))", "4"},
		{"head(concat(<ones | x <- <1..>>))", "1"},
		{"(\\ <x>^_ @ x)(ones)", "1"},
		{"(\\ <x,y> @ x)(<1>^(<2>^bad))", "eval: error: x"},
		{"let f(_) = 0 within f(bad)", "0"},
		{"let f(0) = 0 within f(bad)", "eval: error: x"},
		{"error(\"boom\")", "eval: boom"},
		{"let n = n + 1 within n", "eval: depends on itself"},
		{"let x = y\ny = x within x", "eval: depends on itself"},
		{"let s = <1>^tail(s) within head(tail(s))", "eval: depends on itself"},
		{"let s = tail(s) within s", "eval: depends on itself"},
		{"let s = <1>^tail(t)\nt = <1>^tail(s) within head(tail(s))", "eval"},
		{"let s = <x | x <- s> within s", "eval: depends on itself"},
		{"let s = <1>^<x | x <- tail(s)> within head(tail(s))", "eval: depends on itself"},
		{"let t = (1, t) within t == t", "limit: nested too deep"},
		{"let t = (1, t) within t", "limit: nested too deep"},
		{"let t = (1, t) within {t, t}", "limit: nested too deep"},
		{"let m = (| 1 => m |) within m == m", "limit: nested too deep"},
		{"let s = <s> within s", "limit: nested too deep"},
	})
}

func TestSequences(t *testing.T) {
	check(t, prelude, []row{
		{"<1,2>^<3>", "<1, 2, 3>"},
		{"<>^<>", "<>"},
		{"<1..3>", "<1, 2, 3>"},
		{"length(<1,2>)", "2"},
		{"#<1>^<2,3>", "3"},
		{"(null(<>), null(<1>))", "(true, false)"},
		{"(head(<1,2>), tail(<1,2>))", "(1, <2>)"},
		{"tail(<1>)", "<>"},
		{"head(<>)", "eval: empty"},
		{"tail(<>)", "eval: empty"},
		{"concat(<<1>, <>, <2,3>>)", "<1, 2, 3>"},
		{"concat(<>)", "<>"},
		{"(elem(2, <1,2>), elem(3, <1,2>))", "(true, false)"},
		{"elem(3, <1..>)", "true"},
		{"set(<1..>)", "limit"},
		{"#<1..>", "limit"},
		{"#ones", "limit"},
		{"<1..>", "limit"},
		{"ones", "limit"},
		{"ones == ones", "true"}, // the same value
		{"ones == nats(1)", "false"},
		{"ones == <1>^ones", "limit"},
		{"elem(0, ones)", "limit"},
		{"elem(0, <1..>)", "limit"},
		{"head(<x | x <- <1..>, x < 0>)", "limit"},
		{"concat(<<> | x <- <1..>>)", "limit"},
		{"#(ones^<2>)", "limit"},
		{"head(ones^<2>)", "1"},
		{"(tail(<1..9>)^<1>)^<2>", "<2, 3, 4, 5, 6, 7, 8, 9, 1, 2>"},
		{"let s = <1>^nats(2)\nt = tail(s)\nu = s^<0> within <head(t), head(u), head(tail(t)), head(tail(tail(u)))>", "<2, 1, 3, 3>"},
		{"#<1..1000000>", "1000000"},
		{"head(<1..1000000000000>)", "1"},
		{"length(1)", "eval"},
		{"<1>^2", "eval"},
		{"1^<2>", "eval"},
		{"head({1})", "eval"},
		{"concat(<1>)", "eval"},
	})
}

func TestMaps(t *testing.T) {
	check(t, prelude, []row{
		{"emptyMap", "(| |)"},
		{"(| |) == emptyMap", "true"},
		{"(| 3 => 4, 1 => 2, 3 => 5 |)", "(| 1 => 2, 3 => 5 |)"},
		{"mapFromList(<(1,2), (3,4), (1,5)>)", "(| 1 => 5, 3 => 4 |)"},
		{"mapFromList(<(x % 5, x) | x <- <1..20>>)", "(| 0 => 20, 1 => 16, 2 => 17, 3 => 18, 4 => 19 |)"},
		{"mapToList((| 3 => 4, 1 => 2 |))", "<(1, 2), (3, 4)>"},
		{"mapLookup((| 1 => 2 |), 1)", "2"},
		{"mapLookup((| 1 => 2 |), 2)", "eval: no key 2"},
		{"(mapMember((| 1 => 2 |), 1), mapMember((| 1 => 2 |), 2))", "(true, false)"},
		{"mapUpdate((| 1 => 2 |), 1, 3)", "(| 1 => 3 |)"},
		{"mapUpdate((| 1 => 2 |), 0, 3)", "(| 0 => 3, 1 => 2 |)"},
		{"mapUpdateMultiple((| 1 => 2 |), <(1,3), (4,5), (1,6)>)", "(| 1 => 3, 4 => 5 |)"},
		{"mapUpdateMultiple((| 1 => 2 |), <(1,3), (4,5), (1,6), (4,0), (0,0)>)", "(| 0 => 0, 1 => 3, 4 => 5 |)"},
		{"mapDelete((| 1 => 2, 3 => 4 |), 1)", "(| 3 => 4 |)"},
		{"mapDelete((| 1 => 2 |), 7)", "(| 1 => 2 |)"},
		{"Map({1,2}, {true})", "{(| |), (| 1 => true |), (| 1 => true, 2 => true |), (| 2 => true |)}"},
		{"card(Map({0..3}, {0..1}))", "81"},
		{"Map({}, Int)", "{(| |)}"},
		{"Map(Int, {})", "{(| |)}"},
		{"member((| 1 => 2 |), Map({1}, {2..}))", "true"},
		{"member((| 1 => 1 |), Map({1}, {2..}))", "false"},
		{"mapFromList(<1>)", "eval: not a pair"},
		{"mapLookup(1, 1)", "eval"},
		{"(| 1 => 2, true => 3 |)", "eval"},
	})
}

func TestShowAndCalls(t *testing.T) {
	check(t, prelude, []row{
		{"show((1, true))", `"(1, true)"`},
		{"show(<1,2>)", `"<1, 2>"`},
		{"show({1,2})", `"{1, 2}"`},
		{"show(Box.Mix.0.1.3)", `"Box.Mix.0.1.3"`},
		{"show(-1)", `"-1"`},
		{"show(any.-1)", `"any.-1"`},
		{"show((| 1 => 2 |))", `"(| 1 => 2 |)"`},
		{`show("a")`, `"\"a\""`},
		{`show(show("a"))`, `"\"\\\"a\\\"\""`},
		{"show('a')", `"'a'"`},
		{"show(<>)", `"<>"`},
		{"show({})", `"{}"`},
		{"show(((1, 2), <(3, 4)>))", `"((1, 2), <(3, 4)>)"`},
		{"show({0..1000000000000})", "limit"},
		{"show(Set({0..40}))", "limit"},
		{"error(show(3))", "eval: 3"},
		{"error(1)", "eval"},
		{"add(1)(2)", "3"},
		{"map(add(1), <1,2>)", "<2, 3>"},
		{"none()(1)", "2"},
		{"let g = none() within g(1)", "2"},
		{"map(head, <<1>, <2,3>>)", "<1, 2>"},
		{"(\\ x @ \\ y @ x - y)(5)(3)", "2"},
		{"(if true then head else head)(<4>)", "4"},
		{"sum(<1..100>)", "5050"},
		{"add(1, 2)", "eval: takes 1 argument, not 2"},
		{"head(<1>, <2>)", "eval: takes 1 argument, not 2"},
		{"none(1)", "eval"},
		{"add(1)(2)(3)", "eval: not a function"},
		{"1(2)", "eval: not a function"},
		{"Bool(1)", "eval"},
		{"first(1)", "eval"},
	})
}
