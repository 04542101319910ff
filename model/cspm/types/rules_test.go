package types_test

import "testing"

// names are in scope of the rows below. Each row is accepted, or refused
// with an error of class type that has want in it.
const names = `datatype Tint = Red | Mix.{0..1}.{0..1}
datatype Cell = Box.Tint.{0..3}
datatype Nat = Zero | Succ.Nat
datatype Holder = Held.Proc | Empty
channel go, halt, ping
channel num : {0..2}
channel flag : Bool
channel pos : {0..1}.{0..1}
channel ink : Tint.{0..1}
channel pair : (Bool, {0..1})
n = 3
s = <1, 2>
S = {1, 2}
inc(x) = x + 1
P = go -> STOP
`

const (
	ok = ""
	no = ": type: " // any type error
)

func rows(t *testing.T, rs []row) { t.Helper(); check(t, names, rs) }

// Expressions.
func TestExpressions(t *testing.T) {
	rows(t, []row{
		{"v = (1, true, 'c', \"s\")", ok},
		{"v = (inc(1), inc(true))", "true is Bool, not Int"},
		{"v = inc(1, 2)", "inc takes 1 argument, not 2"},
		{"v = inc()", "inc takes 1 argument, not 0"},
		{"f() = 1\nv = f() + 1", ok},
		{"f() = 1\nv = f + 1", "f is () -> Int, not Int"},
		{"f() = 1\nv = f(1)", "f takes no arguments, not 1"},
		{"v = 3(1)", "3 is Int, not a function"},
		{"v = (\\ x, y @ x + y)(1, 2)", ok},
		{"v = (\\ x, y @ x + y)(1)", "takes 2 arguments, not 1"},
		{"v = (\\ x @ not x)(1)", no},
		{"f(g, x) = g(g(x))\nv = f(\\ x @ x + 1, 2)", ok},
		{"f(g, x) = g(g(x))\nv = f(\\ x @ <x>, 2)", no},
		{"v = if 1 == 2 then 3 else 4", ok},
		{"v = if 1 then 3 else 4", "1 is Int, not Bool; the condition of an if is a Bool"},
		{"v = if true then 3 else 'c'", "'c' is Char, not Int"},
		{"v = let x = 1\n y = x within y + x", ok},
		{"v = let x = 1 within not x", no},
		{"v = <1, 2> ^ <>", ok},
		{"v = <1, true>", "true is Bool, not Int"},
		{"v = <1, 2> ^ 3", "3 is Int, not <Int>"},
		{"v = \"ab\" ^ <'c'>", ok},
		{"v = \"ab\" ^ <1>", no},
		{"v = {1, 2}", ok},
		{"v = {1, 'c'}", no},
		{"v = <1..3> ^ <4..>", ok},
		{"v = <'a'..'c'>", "'a' is Char, not Int; a range is of integers"},
		{"v = {num.1 .. 2}", no},
		{"v = {1..true}", no},
		{"v = <x * 2 | x <- s, (x > 1)>", ok},
		{"v = <x | x <- S>", "S is {Int}, not <a>"},
		{"v = {x | x <- s}", "s is <Int>, not {a}"},
		{"v = {x | x <- S, x}", "x is Int, not Bool; a filter is a Bool"},
		{"v = <x..y | (x, y) <- <(1, 2)>>", ok},
		{"v = {x..x | x <- {true}}", no},
		{"v = <n, -n | n <- s>", ok},
		{"v = {|num, go|}", ok},
		{"v = {|num.1|}", ok},
		{"v = {|Mix|}", ok},
		{"v = {|num, Mix|}", no},
		{"v = {|1|}", no},
		{"v = {|num.i | i <- S|}", ok},
		{"v = {|num.i | i <- s|}", "s is <Int>, not {a}"},
		{"v = (| 1 => true, 2 => false |)", ok},
		{"v = (| 1 => true, 2 => 3 |)", no},
		{"v = (| 1 => true, 'c' => true |)", no},
		{"v = (| inc => true |)", "not Set"},
		{"v = (| 1 => inc |)", ok},
		{"v = (| P => 1 |)", ok},
		{"v = -1 + 2 * 3 / 4 % 5 - 6", ok},
		{"v = -true", "true is Bool, not Int"},
		{"v = 1 + 'c'", "'c' is Char, not Int"},
		{"v = <1> + <2>", "<1> is <Int>, not Int"},
		{"v = not true and false or 1 < 2", ok},
		{"v = not 1", no},
		{"v = 1 and true", no},
		{"v = true or 1", no},
		{"v = #s + #\"ab\"", ok},
		{"v = #S", "S is {Int}, not <a>"},
		{"v = #s^s", ok},
	})
}

// What follows from precedence.
func TestPrecedence(t *testing.T) {
	rows(t, []row{
		{"e = num.n+1", ok},
		{"b = num.n == num.n", no},
		{"b = (num.n) == num.n", no}, // ((num.n) == num).n
		{"b = (num.n) == (num.n)", ok},
		{"b = not 1 == 2", ok},
		{"b = not true and false", ok},
		{"v = #s*2", ok},
		{"f(g, y) = g(\\ x @ x, y)\nv = f(\\ h, z @ h(z), 2)", ok},
		{"Q = STOP \\ {go} [num <-> num] STOP", no}, // §2.4: P \ ({go} [..] STOP)
		{"Q = (STOP \\ {go}) [num <-> num] STOP", ok},
		{"Q = STOP \\ {go} [] STOP", ok},
	})
}

// Process operators.
func TestProcesses(t *testing.T) {
	rows(t, []row{
		{"Q = go -> P", ok},
		{"Q = num -> P", "num is Int=>Event, not Event"},
		{"Q = 1 -> P", "1 is Int, not Event"},
		{"Q = go -> 1", "1 is Int, not Proc"},
		{"Q = n > 1 & P", ok},
		{"Q = n & P", "n is Int, not Bool; a guard is a Bool"},
		{"Q = true & 1", no},
		{"Q = P ; P [] P |~| P [> P /\\ P ||| P", ok},
		{"Q = P ; 1", no}, {"Q = P [] 1", "1 is Int, not Proc"}, {"Q = P |~| 1", no}, {"Q = 1 [> P", no}, {"Q = P /\\ 1", no}, {"Q = 1 ||| P", no},
		{"Q = P [| {go} |> P", ok}, {"Q = P [| {num} |> P", no}, {"Q = P [| {go} |> 1", no},
		{"Q = P \\ {go} |\\ {|num|}", ok}, {"Q = P \\ {num}", no}, {"Q = P |\\ num", no}, {"Q = 1 \\ {go}", no},
		{"Q = P \\ go", "go is Event, not {Event}"},
		{"Q = P [| {go} |] P", ok}, {"Q = P [| {num} |] P", "write {|num|}"}, {"Q = P [| <go> |] P", no},
		{"Q = P [ {go} || {|num|} ] P", ok}, {"Q = P [ {go} || {num} ] P", no}, {"Q = P [ go || {go} ] P", no},
		{"Q = P [+ {go} +] P", ok}, {"Q = P [+ {num} +] P", no},
		{"Q = P /+ {go} +\\ P", ok}, {"Q = P /+ {1} +\\ P", no},
		{"Q = P[[go <- halt]]", ok},
		{"Q = P[[num <- num]]", ok},
		{"Q = P[[num.1 <- go]]", ok},
		{"Q = P[[num <- pos.0]]", ok},
		{"Q = P[[num <- go]]", no}, // both sides lack the same fields
		{"Q = P[[num <- flag]]", no},
		{"Q = P[[num <- pos]]", no},
		{"Q = P[[Mix <- Mix]]", no},
		{"Q = P[[num.i <- pos.i.j | i <- {0..1}, j <- {0..1}]]", ok},
		{"Q = P[[num.i <- num.i | i <- s]]", "s is <Int>, not {a}"},
		{"Q = P [go <-> halt] P", ok}, {"Q = P [num <-> pos.0, go <-> go] P", ok},
		{"Q = P [num <-> go] P", no}, {"Q = P [go <-> halt] 1", no},
		{"Q = P [num.i <-> num.i | i <- S] P", ok}, {"Q = P [num.i <-> num.i | i <- s] P", no},

		{"Q = [] x:S @ num!x -> P", ok}, {"Q = [] x:s @ num!x -> P", "s is <Int>, not {a}"}, {"Q = [] x:S @ x", no},
		{"Q = |~| x:S @ num!x -> P", ok}, {"Q = |~| x:s @ num!x -> P", no},
		{"Q = ||| x:S, y:S, x < y @ P", ok}, {"Q = ||| x:s @ P", no},
		{"Q = [| {go} |] x:S @ P", ok}, {"Q = [| {num} |] x:S @ P", no}, {"Q = [| {go} |] x:s @ P", no},
		{"Q = [+ {go} +] x:S @ P", ok}, {"Q = [+ num +] x:S @ P", no},
		{"Q = || x:S @ [{num.x}] P", ok}, {"Q = || x:S @ [{num}] P", no}, {"Q = || x:s @ [{num.x}] P", no},
		{"Q = ; x:s @ num!x -> SKIP", ok}, {"Q = ; x:S @ num!x -> SKIP", "S is {Int}, not <a>"},
		{"Q = [num.x <-> num.x] x:s @ P", ok}, {"Q = [num.x <-> num.x] x:S @ P", no},
		{"Q = [num.i <-> num.x | i <- S] x:s @ P", ok}, {"Q = [num.i <-> num.x | i <- s] x:s @ P", no},
		{"Q = [] e:{go, halt} @ e -> P", ok}, {"Q = [] e:{num} @ e -> P", no}, {"Q = [] e:{num} @ e?x -> P", ok},
	})
}

// Prefixes.
func TestPrefixes(t *testing.T) {
	rows(t, []row{
		{"Q = num?x -> num!x -> P", ok},
		{"Q = pos?x -> pos.x -> P", ok}, // x stands for both fields
		{"Q = pos?x -> pos!x -> P", ok},
		{"Q = pos?x -> num!x -> P", no},
		{"Q = pos?x?y -> num!x+y -> P", ok},
		{"Q = pos?x?y?z -> P", no}, // too many
		{"Q = num?x?y -> P", no},
		{"Q = go?x -> P", no},
		{"Q = go!1 -> P", "1 is one field too many: go has all its fields without it"},
		{"Q = num.1.2 -> P", "2 is one field too many"},
		{"Q = pos!1 -> P", no}, // too few
		{"Q = pos.1 -> P", no},
		{"Q = flag!1 -> P", "1 is Int, not Bool"},
		{"Q = num!true -> P", "true is Bool, not Int"},
		{"Q = num.true -> P", "true is Bool, not Int"},
		{"Q = flag?x -> if x then P else STOP", ok},
		{"Q = num?x -> if x then P else STOP", "x is Int, not Bool"},
		{"Q = num?x:S -> P", ok},
		{"Q = num?x:s -> P", "s is <Int>, not {a}"},
		{"Q = num?x:{true} -> P", no},
		{"Q = num$x:S -> P", ok}, {"Q = num$x:{true} -> P", no},
		{"Q = pos$x?y -> P", ok},
		{"Q = pos?x:({0..1}.{0..1}) -> P", no},
		{"Q = pos?x:{i.j | i <- {0..1}, j <- {0..1}} -> P", ok},
		{"Q = pos?x.y:{i.j | i <- {0..1}, j <- {0..1}} -> P", ok},
		{"Q = pos?x.y -> num!x -> P", ok},
		{"Q = ink?Mix.x.y?z -> num!x -> P", ok},
		{"Q = ink.Mix?x?y?z -> num!x -> P", ok},
		{"Q = ink?Mix.x -> ink.Mix!x -> P", ok}, // the last is all that is left, as in a function
		{"Q = ink?Mix.x -> num!x -> P", "x is one field too many"},
		{"Q = ink?Mix.x.y -> pos!y -> P", ok},
		{"Q = ink?Mix.x?z -> P", "Mix.x is of type Int=>Tint, which is not Complete"}, // x is one field
		{"Q = ink?Mix.x:{Mix.0.1}?z -> pos!x -> P", ok},                               // a set's is whole
		{"Q = ink?Mix.x:{Mix.0.1} -> P", no},
		{"Q = ink?Red?z -> num!z -> P", ok},
		{"Q = ink?x:{Red, Mix}?y -> P", no}, // Mix waits for fields
		{"Q = ink?Mix?z -> P", no},
		{"Q = ink?x:{Red}?y -> P", ok},
		{"Q = ink!Red?y -> ink!Mix.0.1!y -> P", ok},
		{"Q = ink!Mix!0!1!y -> P\ny = 1", ok},
		{"Q = pair?(b, i) -> if b then num!i -> P else P", ok},
		{"Q = pair!(true, 1) -> P", ok},
		{"Q = pair!true!1 -> P", no},
		{"Q = num?3 -> P", ok}, {"Q = num?'c' -> P", no},
		{"Q(c) = c?x -> c!x -> P\nR = Q(num) [] Q(flag) [] Q(pos) [] Q(ink)", ok},
		{"Q(c) = c?x -> c!x -> P\nR = Q(go)", "go is Event"},
		{"Q(c) = c?x -> c!x -> P\nR = Q(Mix)", no},
		{"Q(c, x) = c.x -> P\nR = Q(num, 1) [] Q(pos, 1.0) [] Q(pos.0, 1) [] Q(flag, true)", ok},
		{"Q(c, x) = c.x -> P\nR = Q(num, true)", "true is Bool, not Int"},
		{"Q = num?x:{x | x <- S} -> P", ok}, // its own set does not see x
		{"Q = pos?x?y:{x} -> P", ok},        // later ones do
		{"Q = pos?x?y:{y | y <- x} -> P", no},
	})
}

// Patterns.
func TestPatternRules(t *testing.T) {
	rows(t, []row{
		{"f(0) = 1\nf(-3) = 2\nf(_) = 3\nv = f(4)", ok},
		{"f(0) = 1\nv = f('c')", no},
		{"f('c') = 1\nv = f('d')", ok},
		{"f(\"ab\") = 1\nv = f(\"cd\")", ok},
		{"f(\"ab\") = 1\nv = f('c')", no},
		{"f(true) = 1\nf(0) = 2", no},
		{"f((x, y)) = x + y\nv = f((1, 2))", ok},
		{"f((x, y)) = x + y\nv = f((1, 2, 3))", no},
		{"f((x, y)) = x + y\nv = f(1, 2)", "f takes 1 argument, not 2"},
		{"f(<>) = 0\nf(<x>^t) = x + f(t)\nv = f(s)", ok},
		{"f(<>) = 0\nf(<x>^t) = x + f(t)\nv = f(S)", no},
		{"f(<x, y>) = x + y\nv = f(<1>)", ok}, // the length is not in the type
		{"f(<a, b>^m^<z>) = (a, m, z)\nv = f(s)", ok},
		{"f(x^<1>) = x\nv = f(<true>)", no},
		{"f(x^1) = x", no},
		{"f({}) = 0\nf({x}) = x\nv = f(S)", ok},
		{"f({x}) = x\nv = f({P})", "not Eq"},
		{"f({x}) = 0\nv = f(s)", no},
		{"f(w@@<h>^t) = (w, h, t)\nv = f(s)", ok},
		{"f(w@@(x, y)) = w + 1", no},
		{"f(x@@(true@@y)) = x", ok},
		{"f(num) = 1\nv = f(num)", ok}, // a channel is a constant
		{"f(num) = 1\nv = f(0)", no},
		{"f(Red) = 1\nf(Mix.i.j) = i + j\nv = f(Mix.0.1)", ok},
		{"f(Red) = 1\nf(Mix) = 2", no}, // a bare constructor is something else
		{"f(Box.Mix.i.j.k) = i + j + k\nf(Box.t.k) = k\nf(Box.r) = 0\nv = f(Box.Red.1)", ok},
		{"f(Box.t.k) = t + k", no},
		{"f(Box.Mix.t.k) = t + k", no}, // a field of Mix and one of Box are missing: k is two
		{"f(Box.r) = r\nv = f(Box.Red.1) == f(Box.Red.1)", ok},
		{"f(Box.r) = r + 1", "r is Tint.Int, not Int"},
		{"f(num.x) = x\nv = f(num.0)", ok},
		{"f(num.x) = not x", no},
		{"f(x.y) = x\nv = f(1.2)", ok},
		{"f(x.y) = x\nv = f(num.0)", no},
		{"f(x.y) = x\nv = f(Mix.0.1)", no},
		{"f(x.y) = x\nv = f(num)", ok}, // it fits, though it never matches
		{"f(x.y) = x\nv = f(1)", no},
		{"f(x.y.z) = (x, y, z)\nv = f(1.2.3.4)", ok},
		{"(a, b) = (1, true)\nv = if b then a else 2", ok},
		{"(a, b) = (1, true)\nv = a and b", no},
		{"(a, b) = 1", no},
		{"<a, b>^t = s\nv = a + b + #t", ok},
		{"num.x = num.1\nv = x + 1", ok},
		{"x.y = num.1", no}, // §4.5: complete
		{"x.y = 1.true\nv = if y then x else 0", ok},
		{"go = 3", "3 is Int, not Event"}, // a constant, not a definition
		{"v = let 3 = 4 within 5", ok},
		{"v = let 3 = true within 5", no},
		{"v = {x | num.x <- {|num|}}", ok},
		{"v = {x | x.y <- {|num|}}", no},
		{"v = {x | Mix.x.1 <- Tint}", ok},
		{"v = {x | (x, true) <- {(1, true)}}", ok},
		{"v = {x | (x, true) <- {(1, 2)}}", no},
		{"f(x)(y, z) = x + y + z\nv = f(1)(2, 3)", ok},
		{"f(x)(y, z) = x + y + z\nv = f(1, 2, 3)", no},
		{"f(x)(y, z) = x + y + z\nv = f(1)(2)", no},
		{"f(x) = x + 1\ng = f(true)", no},
		{"f(1) = 2\nf(x) = true", "true is Bool, not Int"},
	})
}

// Channels, datatypes, subtypes, nametypes.
func TestDeclarations(t *testing.T) {
	rows(t, []row{
		{"channel c : {0..3}.Bool.Tint", ok},
		{"channel c : 3", no},
		{"channel c : <1, 2>", no},
		{"channel c : {0..1}.3", no},
		{"channel c, d : Set({0, 1}).Seq(Tint).(Int, Bool)\nQ = c?x?y?(i, b) -> P", ok},
		{"channel c : (Int, Bool)\nQ = c.1.true -> P", no},
		{"channel c : {i.j | i <- {0..1}, j <- {true}}\nQ = c?i?b -> if b then P else num!i -> P", ok},
		{"channel c : ({0..1}.Bool).Int\nQ = c.1.true.3 -> P", ok},
		{"channel c : Proc", "not Eq"},
		{"channel c : {P}", no},
		{"channel c : Holder", "not Eq"},
		{"channel c : {inc}", no},
		{"channel c : {num}", "not Complete"},
		{"channel c : {Mix}", no},
		{"channel c : {Mix.0}", no},
		{"channel c : {Mix.0.1}", ok},
		{"channel c : {|num|}", ok},
		{"channel c : Events\nQ = c.go -> c.num.1 -> P", ok},
		{"channel c : {}", "not known whole"},
		{"channel c : {<>}", no},
		{"channel c : {}\nc :: Int => Event", ok},
		{"channel c : {}\nc :: (a) => Event", no},
		{"channel c : Set({})", no},
		{"datatype D = D1.{}", no},
		{"datatype D = D1.{}\nD1 :: Int => D", ok},
		{"datatype D = D1.Int.Bool | D2.D | D3\nv = D2.D1.1.true", ok},
		{"datatype D = D1.Int.Bool\nv = D1.true.1", no},
		{"datatype D = D1.E | D2\ndatatype E = E1.D\nv = D1.E1.D2", ok},
		{"datatype D = D1.E | D2\ndatatype E = E1.D\nv = D1.D2", no},
		{"datatype D = D1.Proc.Seq(Proc)\nv = D1.STOP.<SKIP>", ok},
		{"datatype D = D1.{inc}", no},
		{"datatype D = D1.{num}", "not Complete"},
		{"datatype D = D1.Int\nv = {D1.1} == {D1.2}", ok},
		{"datatype D = D1.Proc\nv = {D1.STOP}", ok},
		{"datatype D = D1.Proc\nv = (D1.STOP) == (D1.STOP)", "not Eq"},
		{"datatype D = D1.Proc | D2\nv = D2 == D2", no},
		{"datatype D = D1.Proc | D2.E\ndatatype E = E1.D | E2\nv = E2 == E2", no}, // none of a group
		{"datatype D = D1.Proc | D2\ndatatype E = E1.D | E2\nv = E2 == E2", no},   // nor what has one as a field
		{"datatype D = D1.Seq(D) | D2.Set(D)\nv = member(D1.<>, {})", ok},
		{"subtype U = Red | Mix.{0}\nv = union(U, Tint)", ok},
		{"subtype U = Mix.{0}.{1}\nQ = ink?x:U?y -> P", ok},
		{"subtype U = Mix\nv = union(U, Tint)", ok},
		{"subtype U = Mix.{0}.{0}.{0}", no}, // more fields than Mix has
		{"subtype U = Red.{0}", no},
		{"subtype U = Mix.{true}", no},
		{"subtype U = Mix.3", no},
		{"nametype N = {0..1}.{5}\nchannel c : N\nQ = c.0.5 -> P\nv = {i | i.j <- N}", ok},
		{"nametype N = {0..1}\nv = member(true, N)", no},
		{"nametype N = 3", no},
		{"nametype N = (Int, Bool)\nv = member((1, true), N)", ok},
		{"nametype N = {0..1}\nN :: {Int}", ok},
		{"nametype N = {0..1}\nN :: {Bool}", no},
		{"v = member(Red, Tint)", ok},
		{"v = member(1, Tint)", no},
	})
}

// Annotations.
func TestAnnotations(t *testing.T) {
	rows(t, []row{
		{"f :: (Int) -> Int\nf(x) = x", ok},
		{"f :: (Int) -> Bool\nf(x) = x", "x is Int, not Bool"},
		{"f :: (Int) -> Int\nf(x) = x\nv = f(true)", "true is Bool, not Int"},
		{"f :: (a) -> a\nf(x) = x\nv = (f(1), f(true))", ok},
		{"f :: (a) -> a\nf(x) = x + 1", no},
		{"f :: (a, b) -> a\nf(x, y) = y", no},
		{"f :: (a) -> b\nf(x) = f(x)", ok},
		{"f :: (a, a) -> Bool\nf(x, y) = x == y", "write Eq a =>"},
		{"f :: Eq a => (a, a) -> Bool\nf(x, y) = x == y", ok},
		{"f :: Ord a => (a, a) -> Bool\nf(x, y) = x < y", ok},
		{"f :: Eq a => (a, a) -> Bool\nf(x, y) = x < y", "write Ord a =>"},
		{"f :: Eq a => (a) -> {a}\nf(x) = {x}", ok}, // Eq implies Set
		{"f :: (a) -> {a}\nf(x) = {x}", "write Set a =>"},
		{"f :: (Eq a, Set b) => (a, b) -> {b}\nf(x, y) = if x == x then {y} else {}", ok},
		{"f :: Eq a => (a, a) -> Bool\nf(x, y) = x == y\nv = f(P, P)", "not Eq"},
		{"f :: Complete a => (a => Event) -> Proc\nf(c) = c?x -> STOP\nv = f(num)", ok},
		{"f :: (a => Event) -> Proc\nf(c) = c?x -> STOP", "write Complete a =>"},
		{"f :: (a => Event, a) -> Proc\nf(c, x) = c.x -> STOP\nv = f(num, 1)", ok},
		{"f :: Yieldable b => (a =>* b) -> {b}\nf(x) = {|x|}\nv = (f(num), f(go), f(Mix))", ok},
		{"f :: (a =>* b) -> {b}\nf(x) = {|x|}", no},
		{"f :: (a =>* Event) -> Proc\nf(x) = STOP[[x <- x]]\nv = f(num)", ok},
		{"f :: (Int) -> Int\nf(x)(y) = x", no},
		{"f :: Int\nf(x) = x", no},
		{"f :: (Int, Int) -> Int\nf(x) = x", no},
		{"f :: () -> Int\nf() = 1", ok},
		{"f :: (Int) -> (Int) -> Int\nf(x)(y) = x + y", ok},
		{"f :: ((Int) -> Bool, <Int>) -> <Int>\nf(p, t) = <x | x <- t, p(x)>", ok},
		{"x, y :: Int\nx = 1\ny = 2", ok},
		{"x, y :: Int\nx = 1\ny = true", no},
		{"x :: Tint\nx = Red", ok},
		{"x :: Colour\nx = 3", "3 is Int, not Colour"}, // a rigid variable
		{"nametype N = {0..1}\nx :: N\nx = 1", no},     // no type either
		{"x :: {Int}\nx = {}", ok},
		{"x :: <a>\nx = <>", ok},
		{"x :: <a>\nx = <1>", no},
		{"x :: (| Int => Bool |)\nx = (| 1 => true |)", ok},
		{"x :: (| Int => Bool |)\nx = (| 1 => 2 |)", no},
		{"x :: Int.Bool\nx = 1.true", ok},
		{"x :: Int.Bool\nx = 1", no},
		{"x :: Event\nx = num.1", ok},
		{"x :: Int => Event\nx = pos.1", ok},
		{"x :: Bool => Event\nx = pos.1", no},
		{"x :: (Int, <Char>)\nx = (1, \"a\")", ok},
		{"x :: Proc\nx = P", ok},
		{"x :: Proc\nx = go", no},
		{"channel q : {}\nq :: Int => Event\nQ = q.1 -> q?x -> num!x -> P", ok},
		{"channel q : {0}\nq :: Bool => Event", no},
		{"datatype D = D1.{0}\nD1 :: Int => D", ok},
		{"datatype D = D1.{0}\nD1 :: Int => Tint", no},
		// in lets
		{"v = let id(x) = x within (id(1), id(true))", no},
		{"v = let id :: (a) -> a\nid(x) = x within (id(1), id(true))", ok},
		{"v = let id :: (a) -> a\nid(x) = 1 within id(1)", no},
		{"v = let x :: Int\nx = true within x", no},
		// type variables of an annotation around
		{"f :: (a) -> <a>\nf(x) = let y :: a\ny = x within <y>", ok},
		{"f :: (a, b) -> <a>\nf(x, z) = let y :: b\ny = x within <x>", no},
		{"f :: (a) -> <a>\nf(x) = let y :: b\ny = x within <y>", no}, // b is a new one
		{"f :: (a) -> <a>\nf(x) = let g :: Eq a => (a) -> a\ng(y) = y within <g(x)>", "cannot be constrained here"},
		{"f :: Eq b => (a) -> a\nf(x) = x", "b is constrained, but it is not in the type"},
		// polymorphic recursion, which nothing but an annotation makes possible
		{"f :: (a, Int) -> Int\nf(x, n) = if n == 0 then 0 else f(<x>, n - 1)", ok},
		{"f(x, n) = if n == 0 then 0 else f(<x>, n - 1)", "contain itself"},
	})
}

// Order and polymorphism.
func TestPolymorphism(t *testing.T) {
	rows(t, []row{
		{"id(x) = x\nv = (id(1), id(true))", ok},
		{"v = (id(1), id(true))\nid(x) = x", ok}, // in any order
		{"id(x) = x\nid2 = id\nv = (id2(1), id2(true))", ok},
		{"(e, f) = (<>, {})\nv = (e^<1>, e^<true>)", ok},
		{"f(x) = f", "contain itself"},
		{"f(x) = x(x)", "contain itself"},
		{"f(x) = (x, g(x))\ng(x) = if true then x else g(x)\nv = (f(1), f(true))", ok},
		{"f(x) = if true then x else g(x)\ng(x) = if true then x else f(x)\nv = (f(1), f(true))", ok},
		{"f(x) = x\ng(x) = (f(1), f(true))", ok},
		{"f(x) = if true then x else head(g(x))\ng(x) = <f(1)>\nv = f(true)", no}, // one group: f has one type
		{"f(x) = let y = x within (y, y)\nv = (f(1), f(true))", ok},
		{"f(x) = let g(y) = (x, y) within g(1)\nv = (f(1), f(true))", ok},
		{"v = let e = <> within (e^<1>, e^<true>)", no},
		{"module M\nexports\n  id(x) = x\nendmodule\nv = (M::id(1), M::id(true))", ok}, // modules are no obstacle
		{"channel tock\nTimed {\nid(x) = x\n}\nv = (id(1), id(true))", ok},
		{"f(x) = x + 1\ng(y) = f(y)\nh = g(true)", no},
		{"map(f, t) = <f(x) | x <- t>\nv = (map(inc, s), map(\\ x @ x > 1, s))", ok},
		{"map(f, t) = <f(x) | x <- t>\nv = map(inc, <true>)", no},
		{"fold(f, e, <>) = e\nfold(f, e, <x>^t) = f(x, fold(f, e, t))\nv = fold(\\ x, y @ x + y, 0, s)\nw = fold(union, {}, <{1}, {2}>)", ok},
	})
}

// Constraints.
func TestConstraints(t *testing.T) {
	rows(t, []row{
		{"v = 1 == 2 and true == false and 'a' == 'b' and go == halt", ok},
		{"v = <1> == <2> and {1} == {2} and (1, 2) == (3, 4)", ok},
		{"v = (| 1 => 2 |) == (| |)", ok},
		{"v = (1.2) == (3.4)", ok},
		{"v = num == num", ok},
		{"v = Mix == Mix", ok},
		{"v = Red == Mix.0.1", no}, // (Red == Mix).0.1
		{"v = Red == (Mix.0.1)", ok},
		{"v = P == P", "Proc, which is not Eq"},
		{"v = <P> == <>", "not Eq"},
		{"v = (1, P) != (1, P)", no},
		{"v = (| 1 => P |) == (| |)", no},
		{"v = inc == inc", "not Eq"},
		{"v = Held == Held", no},
		{"v = 1 == 'c'", no},
		{"v = {P, STOP}", ok},
		{"v = {Held.P}", ok},
		{"v = {<P>}", ok}, {"v = {(1, P)}", ok}, {"v = {num, num}", ok}, {"v = {Held}", ok},
		{"v = {inc}", "functions cannot be in sets"}, {"v = {<inc>}", no}, {"v = {(1, inc)}", no},
		{"v = {f | f <- {}}", ok},
		{"v = 1 < 2 and 'a' < 'b' and <1> < <2> and {1} <= {2} and (1, 'a') < (2, 'b')", ok},
		{"v = <true> < <false>", ok}, // the order of prefixes needs Eq only
		{"v = {go} <= Events", ok},
		{"v = (| 1 => 2 |) < (| |)", ok},
		{"v = true < false", "Bool, which is not Ord"},
		{"v = go < halt", no}, {"v = Red < Red", no}, {"v = (1.2) < (3.4)", no}, {"v = num < num", no}, {"v = P < P", no}, {"v = inc < inc", no},
		{"v = (1, true) < (2, false)", no}, {"v = (| true => 1 |) < (| |)", no}, {"v = <P> < <P>", no},
		{"f(x, y) = x < y and x == y\nv = f(1, 2)", ok},
		{"f(x, y) = x < y and x == y\nv = f(true, false)", no},
		{"f(x) = <x> < <x>\nv = f(true)", ok},
		{"f(x) = <x> < <x>\nv = f(P)", no},
	})
}

// Dots.
func TestDotRules(t *testing.T) {
	rows(t, []row{
		// resolving, rule by rule
		{"v = 1.num.2\nw = v == v", ok},                                  // 1
		{"e = pos.0.1\nQ = e -> P", ok},                                  // 2
		{"e = pos.true.1", no},                                           // 2
		{"channel c : {0}.{1}\ne = ink.Mix.0.1.1\nQ = e -> P", ok},       // 4
		{"e = ink.Mix.0.1\nQ = e -> P", no},                              // 4: one field is missing
		{"e = ink.Mix\nf = e.0.1.1\nQ = f -> P", ok},                     // 4: the inner fields first
		{"e = ink.Box.Red.1.1", no},                                      // 4: not a Tint
		{"f(x) = pos.x -> P\nv = f(0.1)", ok},                            // 5
		{"f(x) = pos.x\nv = f(0.1)", ok},                                 // 5: the longest match
		{"f(x) = pos.x\nv = f(0)", "0 is Int, not Int.Int"},              // 5
		{"f(x, y) = pos.x.y\nv = f(0, 1)", ok},                           // 5: not the last
		{"f(x) = {|pos.x|}\nv = f(0)", ok},                               // nothing asks for the longest match
		{"f(x) = P[[pos.x <- num]]\nv = f(0)", ok},                       // nor here
		{"v = {pos.x.y | x <- {0..1}, y <- {0..1}}\nQ = P \\ v", ok},     //
		{"f(x) = Box.x\nv = f(Red.1)", ok},                               //
		{"f(x) = if true then x else Succ.x\nv = f(Zero)", ok},           // what builds itself
		{"f(x) = if n > 0 then Succ.f(x) else x\nv = f(Zero)", ok},       //
		{"f(0) = Zero\nf(n) = Succ.f(n - 1)\nv = f(3) == f(4)", ok},      //
		{"v = (ink.Mix.0.1.0) == (ink.(Mix.0.1).0)", ok},                 //
		{"v = ((ink.Mix).0.1.0) == (ink.Mix.0.(1.0))", ok},               //
		{"v = <Box.Red, Box.(Mix.0.1)>\nw = head(v).2 == Box.Red.2", no}, // precedence
		{"v = <Box.Red, Box.(Mix.0.1)>\nw = (head(v).2) == (Box.Red.2)", ok},
		// unification of dots
		{"v = <1.2, 3.4>", ok},
		{"v = <1.2, 3>", no},
		{"v = <1.2, 3.true>", no},
		{"v = <1.2.3, x>\nx = 4.5.6", ok},
		{"f(x) = x == (1.2.3)\nv = f(1.2.3)", ok},
		{"f(x, y) = (x.y) == (1.2.3)\nv = f(1, 2.3)", ok},
		{"v = if true then num.1 else go", ok},
		{"v = if true then num else go", no},
		{"v = <num, pos.0>", ok},
		{"v = <num, pos>", no},
		{"v = {num, flag}", no},
		{"f(c, x, y) = c.x.y -> P\nv = f(pos, 0, 1)", ok},
		{"f(c, x, y) = c.x.y -> P\nv = f(ink, Red, 1)", ok},
		{"f(c, x, y) = c.x.y -> P\nv = f(num, 0, 1)", no},
		{"f(c) = {|c|}\nv = union(f(num), union(f(pos), f(go)))", ok},
		{"f(c) = {|c.1|}\nv = union(f(num), f(pos))", ok},
		{"f(c) = {|c.1|}\nv = f(go)", no},
		{"f(c, d) = P[[c <- d]]\nv = f(num, num) [] f(go, halt) [] f(pos, pos)", ok},
		{"f(c, d) = P[[c <- d]]\nv = f(num, pos)", no},
		{"f(c, d) = P[[c <- d]]\nv = f(num, pos.1)", ok},
		// direction
		{"f(x.y) = x\ng(x) = f(x)\nv = g(num.0)", no},
		{"f(<x.y>) = x\nv = f(<num.0>)", no},
		{"f(x.y) = x\nv = f(x)\nx = 1.2", ok},
		{"f(x, y) = x.y -> P\nv = f(num, 1)", ok},
		{"x.y = Mix.0.1", no},
		{"Mix.x.y = Mix.0.1", ok},
	})
}

// What is to be rejected, once more in one place.
func TestRejections(t *testing.T) {
	rows(t, []row{
		{"v = P [] 1", no}, {"v = STOP == STOP", no}, {"v = true < false", no}, {"v = {\\ x @ x}", no},
		{"v = member(P, {})", no}, {"v = card({P})", no}, {"v = seq({P})", no}, {"v = elem(P, <>)", no}, {"f({p}) = p\nv = f({P})", no},
		{"channel c : Proc", no}, {"channel c : {Mix.0}", no}, {"v = extensions(go)", no}, {"v = extensions(Red)", no},
		{"v = <x | x <- S>", no}, {"v = {x | x <- s}", no}, {"f :: (a) -> a\nf(x) = x + 1", no},
	})
}

// Modules.
func TestModules(t *testing.T) {
	const queue = `module Queue(T, n)
  room(q) = #q < n
exports
  datatype State = Full | Free
  channel put, get : T
  state(q) = if room(q) then Free else Full
  run(q) = room(q) & put?x -> run(q^<x>) [] q != <> & get!head(q) -> run(tail(q))
endmodule
`
	check(t, names+queue, []row{
		{"instance Q1 = Queue({0, 1}, 3)\nR = Q1::run(<>) \\ {|Q1::put|}", ok},
		{"instance Q1 = Queue({0, 1}, 3)\nR = Q1::put.true -> STOP", "true is Bool, not Int"},
		{"instance Q1 = Queue({0, 1}, 3)\nR = Q1::run(<true>)", no},
		{"instance Q1 = Queue({true}, 3)\ninstance Q2 = Queue(Tint, 3)\nR = Q1::put.true -> Q2::put.Red -> STOP", ok},
		{"instance Q1 = Queue(3, 3)", "24:21: type: module Queue does not fit 3: T is Int"},
		{"instance Q1 = Queue({1}, true)", "24:26: type: module Queue does not fit true: n is Bool"},
		{"instance Q1 = Queue({1})", "24:15: type: module Queue takes 2 arguments, not 1"},
		{"instance Q1 = Queue({1}, 1, 2)", "24:29: type: module Queue takes 2 arguments, not 3"},
		{"module M(n, S)\n  k = n + 1\nexports\n  channel c : S\n  P = c.k -> STOP\nendmodule\ninstance I = M(1, {true})", "30:1: type: module M does not fit these arguments"}, // whose fault is it?
		{"instance Q1 = Queue({P}, 3)", no},
		{"instance Q1 = Queue({num}, 3)", no},
		{"instance Q1 = Queue({}, 3)", no}, // the channels stay polymorphic
		{"instance Q1 = Queue({1}, 1 + true)", "true is Bool, not Int"},
		{"instance Q1 = Queue({1}, 1)\ninstance Q2 = Queue({1}, 1)\nv = Q1::Full == Q1::Free", ok},
		{"instance Q1 = Queue({1}, 1)\ninstance Q2 = Queue({1}, 1)\nv = Q1::Full == Q2::Full", no},
		{"instance Q1 = Queue({1}, 1)\nf :: (Q1::State) -> Int\nf(Q1::Full) = 1\nf(Q1::Free) = 2\nv = f(Q1::state(<>))", ok},
		{"instance Q1 = Queue({1}, 1)\ninstance Q2 = Queue({1}, 1)\nf :: (Q1::State) -> Int\nf(Q2::Full) = 1", no},
		{"instance Q1 = Queue({1}, 1)\ninstance Q2 = Queue({1}, 1)\nv = union({|Q1::put|}, {|Q2::put|})", ok}, // both are events
	})
	check(t, names, []row{
		// a module is typed by itself
		{"module M(k)\nexports\n  v = k + 1\n  w = not k\nendmodule", "k is Int, not Bool"},
		{"module M(k)\nexports\n  v = 1 + true\nendmodule\ninstance I = M(1)\ninstance J = M(2)", "true is Bool, not Int"},
		{"module M\nexports\n  v = 1 + true\nendmodule\ninstance I = M", "true is Bool, not Int"},
		{"module M(T)\nexports\n  channel c : T\nendmodule", ok},
		{"module M(T)\nexports\n  channel c : {}\nendmodule", no},
		{"module M(f)\nexports\n  v = (f(1), f(2))\nendmodule\ninstance I = M(inc)\ninstance J = M(\\ x @ x > 1)", ok},
		{"module M(f)\nexports\n  v = (f(1), f(true))\nendmodule", no}, // parameters have one type
		{"module M(k)\nexports\n  id(x) = (k, x)\nendmodule\ninstance I = M(1)\nv = (I::id(1), I::id(true))", ok},
		{"module M(k)\nexports\n  datatype T = A | B.{k}\n  f :: (T, a) -> a\n  f(A, x) = x\n  f(B.i, x) = x\nendmodule\ninstance I = M(1)\nv = (I::f(I::A, 1), I::f(I::B.1, true))", ok},
		{"module M(k)\nexports\n  datatype T = A | B.{k}\n  f :: (T) -> Int\n  f(B.i) = i\nendmodule\ninstance I = M(1)\ninstance J = M(true)", "module M does not fit true"},
		{"module M(k)\nexports\n  datatype T = A | B.{k}\n  x :: T\n  x = 1\nendmodule", "1 is Int, not M::T"},
		// nested
		{"module Outer(k)\nexports\n  module Inner(l)\n  exports\n    v = k + l\n  endmodule\n  instance Mine = Inner(k)\nendmodule\ninstance O = Outer(3)\ninstance I = O::Inner(5)\nv = O::Mine::v + I::v", ok},
		{"module Outer(k)\nexports\n  module Inner(l)\n  exports\n    v = k + l\n  endmodule\nendmodule\ninstance O = Outer(3)\ninstance I = O::Inner(true)", no},
		{"module Outer(k)\nexports\n  module Inner(l)\n  exports\n    v = not k\n  endmodule\n  w = k + 1\nendmodule", no},
		{"module Outer\nexports\n  datatype T = A\n  module Inner(x)\n  exports\n    f(A) = x\n  endmodule\nendmodule\ninstance I = Outer::Inner(1)\nv = I::f(Outer::A)", ok},
		{"module Outer\nexports\n  datatype T = A\nendmodule\ninstance O = Outer\nv = <Outer::A, O::A>", no},
		// what a channel in an instance carries, the module around it may leave to its own instances
		{"module N(T)\nexports\n  channel c : T\n  datatype D = A.T\nendmodule\nmodule M(S)\nexports\n  instance Q = N(S)\nendmodule\ninstance I = M({1})\ninstance J = M({true})\nR = I::Q::c!1 -> J::Q::c!true -> P\nv = (I::Q::A.1, J::Q::A.true)", ok},
		{"module M(S)\n  module N(T)\n  exports\n    channel c : S.T\n  endmodule\nexports\n  instance Q = N({true})\nendmodule\ninstance I = M({1})\nR = I::Q::c!1!true -> P", ok},
		{"module N(T)\nexports\n  channel c : T\nendmodule\nmodule M(S)\nexports\n  instance Q = N(S)\nendmodule\ninstance I = M({})", no},
		{"module N(T)\nexports\n  channel c : T\nendmodule\nmodule M(S)\nexports\n  instance Q = N({})\nendmodule", no},
		{"module M(k)\nexports\n  v = k\nendmodule\ninstance I = M(J::v)\ninstance J = M(4)\nw = I::v + 1", ok},
		{"module M(k)\nexports\n  v = k\nendmodule\ninstance I = M(I::v)", ok}, // does not end, but has a type
		// no module depends on an instance of itself
		{"module M(k)\nexports\n  v :: Int\n  v = I::v\nendmodule\ninstance I = M(1)", "19:7: type: module M depends on an instance of itself; declare what needs I outside M"},
		{"module M(k)\nexports\n  v = w\nendmodule\ninstance I = M(1)\nw :: Int\nw = I::v", "18:7: type: module M depends on an instance of itself"},
		{"module M(k)\nexports\n  datatype T = A\n  f :: (I::T) -> Int\n  f(_) = 1\nendmodule\ninstance I = M(1)", "19:9: type: module M depends on an instance of itself"},
		{"module M(k)\nexports\n  datatype T = A\n  f(I::A) = k\nendmodule\ninstance I = M(1)", "19:5: type: module M depends on an instance of itself"},
		{"datatype D = A.{0..I::v} | B\nmodule M(k)\nexports\n  v = k\n  subtype S = B\nendmodule\ninstance I = M(1)", "module M depends on an instance of itself"},
		{"module M(k)\nexports\n  module N\n  exports\n    v = I::N::v\n  endmodule\nendmodule\ninstance I = M(1)", "20:9: type: module M depends on an instance of itself"},
		{"module M(k)\nexports\n  module N(l)\n  exports\n    v = l\n  endmodule\n  instance X = I::N(1)\nendmodule\ninstance I = M(1)", "22:16: type: module M depends on an instance of itself"},
		{"module M(k)\nexports\n  instance X = N(I::v)\n  v = k\nendmodule\nmodule N(l)\nexports\n  w = 1\nendmodule\ninstance I = M(1)", "18:18: type: module M depends on an instance of itself"},
		{"module N(l)\nexports\n  w = 1\nendmodule\nmodule M(k)\nexports\n  v = k\n  u = X::w\nendmodule\ninstance X = N(I::v)\ninstance I = M(1)", "23:7: type: module M depends on an instance of itself"},
		{"module M(k)\nexports\n  v = J::w\n  x = k\nendmodule\nmodule N(k)\nexports\n  w = k\n  y = I::x\nendmodule\ninstance I = M(1)\ninstance J = N(1)", "18:7: type: module M depends on an instance of itself"},
		{"module M(k)\nexports\n  module N(l)\n  exports\n    v = k + l\n  endmodule\n  instance X = N(f(1))\n  f(x) = if x == 0 then k else X::v\nendmodule\ninstance I = M(1)", ok}, // N itself needs no f
		{"module M\nexports\n  v = M::w\n  w = n\nendmodule\ninstance I = M\nw = I::v + M::v", ok},
		{"module M(k)\nexports\n  transparent sbisim\n  Q = sbisim(k)\nendmodule\ninstance I = M(P)", ok},
		{"module M(k)\nexports\n  transparent sbisim\n  Q = sbisim(k)\nendmodule\ninstance I = M(1)", no},
	})
}

// Timed sections.
func TestTimed(t *testing.T) {
	check(t, names+"channel tock\n", []row{
		{"Timed {\nQ = go -> WAIT(3) ; timed_priority(SKIP)\n}\nR = Q", ok},
		{"Timed {\nQ = WAIT(true)\n}", no},
		{"Timed {\nQ = timed_priority(1)\n}", no},
		{"Timed {\nQ = timed_priority(P) + 1\n}", no},
		{"d(_) = 1\nTimed(d) {\nQ = go -> SKIP\n}", ok},
		{"d(go) = 1\nd(num.x) = x\nTimed(d) {\nQ = go -> SKIP\n}", ok},
		{"d(x) = x + 1\nTimed(d) {\nQ = go -> SKIP\n}", no},
		{"d(_) = true\nTimed(d) {\nQ = go -> SKIP\n}", no},
		{"Timed(3) {\nQ = go -> SKIP\n}", no},
		{"Timed(\\ e @ if e == go then 1 else 2) {\nQ = go -> SKIP\nTimed {\nR = Q\n}\n}", ok},
		{"Timed {\nQ = go -> 1\n}", no},
		{"Timed {\nQ = go -> SKIP\nassert Q :[deadlock free]\n}", ok},
	})
	check(t, "channel tock : {0..1}\n", []row{{"Timed {\nQ = SKIP\n}", "tock must be an Event"}})
}

// Assertions.
func TestAssertions(t *testing.T) {
	rows(t, []row{
		{"assert P [T= P \\ {go}", ok}, {"assert 1 [T= P", no}, {"assert P [F= 1", no}, {"assert P [FD= go", no},
		{"assert not P :[deadlock free]", ok}, {"assert n :[deadlock free]", no}, {"assert inc :[deterministic]", no},
		{"assert P :[divergence free] :[tau priority]: {go}", ok}, {"assert P :[divergence free] :[tau priority]: {num}", no}, {"assert P :[divergence free] :[tau priority]: go", no},
		{"--! assert P :[race free]: {({go}, {|num|}), ({}, {go})}", ok}, {"--! assert P :[race free]: {go}", no}, {"--! assert P :[race free]: {(go, {go})}", no},
		{"--! assert P :[race free]: <({go}, {go})>", no}, {"--! assert 1 :[never stuck]", no}, {"--! assert P :[never stuck]", ok},
		{"--! assert P :[never stuck]: <P, STOP>", ok}, {"--! assert P :[never stuck]: <P | i <- <1..2>>", ok}, {"--! assert P :[never stuck]: P", no},
		{"--! assert P :[never stuck]: {P}", no}, {"--! assert P :[never stuck]: <go>", no},
		{"--! assert P :[starvation free]", ok}, {"--! assert P :[starvation free [weak]]: <P>", ok}, {"--! assert P :[starvation free]: P", no},
		{"--! assert P :[bounded bypass]: (<P>, {go}, 2)", ok}, {"--! assert P :[bounded bypass]: (P, {go}, 2)", no},
		{"--! assert P :[bounded bypass]: (<P>, go, 2)", no}, {"--! assert P :[bounded bypass]: (<P>, {go}, true)", no},
		{"--! assert P :[no leak]: P", ok}, {"--! assert P :[no leak]: <P, STOP>", ok}, {"--! assert P :[no leak]: go", no}, {"--! assert P :[no leak]: <1>", no},
		{"--! assert P :[no panic]: {go}", ok}, {"--! assert P :[no panic]: {|num|}", ok}, {"--! assert P :[no panic]: go", no}, {"--! assert P :[no panic]: {num}", no},
		{"assert P :[has trace]: <go, num.1>", ok}, {"assert P :[has trace]: <num>", no}, {"assert P :[has trace]: <go, 1>", no},
	})
}

// A use of each built-in, right and wrong.
func TestBuiltinUses(t *testing.T) {
	rows(t, []row{
		{"v = union(S, inter(S, diff(S, {3})))", ok}, {"v = union(S, {true})", no}, {"v = inter(S, s)", no}, {"v = diff(S, 1)", no}, {"v = union({P}, {})", ok},
		{"v = Union({S}) == Inter({S})", ok}, {"v = Union(S)", no}, {"v = Inter({s})", no},
		{"v = member(1, S) and elem(1, s)", ok}, {"v = member(true, S)", no}, {"v = elem(1, S)", no},
		{"v = card(S) + length(s)", ok}, {"v = card(s)", no}, {"v = length(S)", no},
		{"v = empty(S) or null(s)", ok}, {"v = empty(s)", no}, {"v = null(S)", no}, {"v = empty({P})", no},
		{"v = set(s) == S", ok}, {"v = set(<inc>)", no}, {"v = set(S)", no},
		{"v = seq(S) == s", ok}, {"v = seq(s)", no},
		{"v = Set(S) == {S}", ok}, {"v = Seq(S) == {s}", ok}, {"v = Set(s)", no}, {"v = Seq(s)", no},
		{"v = head(s) + head(tail(s))", ok}, {"v = head(S)", no}, {"v = tail(1)", no},
		{"v = concat(<s, s>) == s", ok}, {"v = concat(s)", no},
		{"m = mapFromList(<(1, true)>)\nv = mapLookup(m, 1) or mapMember(m, 1)", ok}, {"m = mapFromList(<1>)", no}, {"m = mapFromList(<(inc, 1)>)", no},
		{"m = (| 1 => true |)\nv = mapLookup(m, true)", no}, {"m = (| 1 => true |)\nv = mapMember(m, 'c')", no},
		{"v = mapToList(emptyMap) == <(1, 2)>", ok}, {"v = mapToList(1)", no},
		{"v = mapUpdate(emptyMap, 1, 2) == mapUpdateMultiple(mapDelete((| 1 => 2 |), 1), <(1, 2)>)", ok}, {"v = mapUpdate(emptyMap, 1)", no}, {"v = mapDelete((| 1 => 2 |), true)", no},
		{"v = member((| 1 => true |), Map({1}, {true}))", ok}, {"v = Map({1}, 2)", no},
		{"v = extensions(num) == S", ok}, {"v = extensions(Box) == {Red.1}", ok}, {"v = extensions(go)", no}, {"v = extensions(1)", no},
		{"v = productions(num) == productions(go)", ok}, {"v = productions(Box.Red) == Cell", ok}, {"v = productions(1)", no}, {"v = productions(P)", no},
		{"v = show(num) ^ show(P)", ok}, {"v = show(1) + 1", no},
		{"v = 1 + error(\"x\")", ok}, {"v = error(1)", no},
		{"Q = CHAOS(Events) [] RUN({go})", ok}, {"Q = CHAOS({num})", no}, {"Q = RUN(go)", no},
		{"Q = BUFFER(3, {(num.i, pos.0.i) | i <- {0..1}})", ok}, {"Q = BUFFER(3, {num})", no}, {"Q = BUFFER({}, 3)", no},
		{"Q = WEAK_BUFFER(3, go, {(num.1, num.2)})", ok}, {"Q = WEAK_BUFFER(3, {(num.1, num.2)})", no},
		{"Q = SIGNAL_BUFFER(3, go, halt, {(num.1, num.2)})", ok}, {"Q = SIGNAL_BUFFER(3, num, halt, {})", no},
		{"channel c : Bool.Int.Char\nQ = c.True.1.'c' -> c.False?x -> P", ok}, {"v = member(1, Bool)", no}, {"v = Int == {1}", ok}, {"v = Char == {1}", no}, {"v = member(P, Proc)", no},
		{"v = Events == {go}", ok}, {"v = Events == {num}", no},
		{"Q = STOP [] SKIP [] DIV", ok}, {"Q = STOP + 1", no},

		{"transparent sbisim, wbisim, dbisim, diamond, normal, lazynorm, explicate, lazyenumerate, tau_loop_factor, model_compress, chase, chase_nocache\n" +
			"Q = sbisim(wbisim(dbisim(diamond(normal(lazynorm(explicate(lazyenumerate(tau_loop_factor(model_compress(chase(chase_nocache(P))))))))))))", ok},
		{"transparent normal\nQ = normal(1)", no}, {"transparent normal\nQ = normal(P) + 1", no},
		{"external chase, chase_nocache, deter, loop\nQ = chase(chase_nocache(deter(loop(P))))", ok}, {"external loop\nQ = loop(1)", no},
		{"external prioritise, prioritise_nocache\nQ = prioritise(prioritise_nocache(P, <{}, {go}>), <{}>)", ok}, {"external prioritise\nQ = prioritise(P, {})", no}, {"external prioritise\nQ = prioritise(P, <go>)", no},
		{"external prioritisepo\nQ = prioritisepo(P, {go}, {(go, halt)}, {})", ok}, {"external prioritisepo\nQ = prioritisepo(P, {go}, {go}, {})", no},
		{"external trace_watchdog, failure_watchdog\nQ = trace_watchdog(failure_watchdog(P, {go}, halt), {go}, halt)", ok}, {"external trace_watchdog\nQ = trace_watchdog(P, {go}, num)", no},
		{"external transpose\nv = transpose({(1, true)}) == {(true, 1)}", ok}, {"external transpose\nv = transpose({1})", no},
		{"external relational_image\nv = relational_image({(1, true)})(1) == {true}", ok}, {"external relational_image\nv = relational_image({(1, true)}, 1)", no}, {"external relational_image\nv = relational_image({(P, true)})", no},
		{"external relational_inverse_image\nv = relational_inverse_image({(1, true)})(true) == {1}", ok}, {"external relational_inverse_image\nv = relational_inverse_image({(1, true)})(1)", no},
		{"external mtransclose\nv = mtransclose({(1, 2)}, {1, 2}) == {(1, 2)}", ok}, {"external mtransclose\nv = mtransclose({(1, true)}, {1})", no},
		// any of them may be shadowed
		{"head = 3\nv = head + 1", ok}, {"f(head) = head + 1", ok},
	})
}

// That a datatype is Eq is assumed until it turns out wrong, wherever that
// is.
func TestDatatypesThatAreNotEq(t *testing.T) {
	check(t, "", []row{
		{"datatype W = W1.{g(W2)} | W2\ng(W2) = STOP\ng(w) = SKIP\nv = {W2}", ok},
		{"datatype W = W1.{g(W2)} | W2\ng(W2) = STOP\ng(w) = SKIP\nv = W2 == W2", no},
		{"datatype W = W1.{g(W2)} | W2\ng(W2) = 1\ng(w) = 2\nv = W2 == W2", ok},
		{"datatype W = W1.{x | x <- {g(W2)}} | W2\ng(w) = if w == W2 then 1 else 2", ok},
		{"datatype W = W1.{x | x <- {g(W2)}} | W2\ng(w) = if w == W2 then STOP else SKIP", no},
		{"datatype W = W1.{1 + true} | W2\nv = W2 == W2", "true is Bool, not Int"},
		{"datatype W = W1.X | W2\ndatatype X = X1.Y\ndatatype Y = Y1.Proc | Y2.W\nv = W2 == W2", "W, which is not Eq"},
	})
}
