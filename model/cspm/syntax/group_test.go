package syntax

import (
	"strings"
	"testing"
)

// What is written, and how it groups.
var grouping = []struct{ text, groups string }{
	{"k.n+1", "k.(n+1)"},
	{"k.n == m", "k.(n == m)"},
	{"u.v.w", "u.(v.w)"},
	{"-x*y", "-(x*y)"},
	{"-x+y", "(-x)+y"},
	{"x * -y * z", "x*(-(y*z))"},
	{"x * -y + z", "(x*(-y))+z"},
	{"x - y - z", "(x-y)-z"},
	{"x / y * z % w", "((x/y)*z)%w"},
	{"-7/2", "-(7/2)"},
	{"#s^t", "#(s^t)"},
	{"#s*2", "(#s)*2"},
	{"#<1>^<2,3>", "#((<1>)^(<2,3>))"},
	{"s^t^u", "(s^t)^u"},
	{"not p == q", "not (p == q)"},
	{"not p and q", "(not p) and q"},
	{"p or q and r", "p or (q and r)"},
	{"p or q or r", "(p or q) or r"},
	{"x + not p == q", "x + (not (p == q))"},
	{"x+y < z*w", "(x+y) < (z*w)"},
	{"pos.0.1 == pos.0.1", "pos.(0.((1 == pos).(0.1)))"},
	{"num.1+1", "num.(1+1)"},
	{"f(x)(y)", "(f(x))(y)"},
	{"f (x)", "f(x)"},
	{"#f(x)", "#(f(x))"},
	{"f(\\ x @ x, 2)", "f((\\ x @ x), 2)"},
	{"1 + if p then 2 else 3 + 4", "1 + (if p then 2 else (3 + 4))"},
	{"\\ x @ x + 1", "\\ x @ (x + 1)"},
	{"let a = 1 within a + 1", "let a = 1 within (a + 1)"},

	{"g & a -> P [] Q", "(g & (a -> P)) [] Q"},
	{"g & h & P", "g & (h & P)"},
	{"a -> b -> P ; Q", "(a -> (b -> P)) ; Q"},
	{"x == y & P", "(x == y) & P"},
	{"P ; Q ; R", "(P ; Q) ; R"},
	{"P [> Q ; R", "P [> (Q ; R)"},
	{"P [] Q /\\ R", "P [] (Q /\\ R)"},
	{"P /\\ Q [> R", "P /\\ (Q [> R)"},
	{"P /+A+\\ Q /\\ R", "(P /+A+\\ Q) /\\ R"},
	{"P [] Q [+A+] R", "(P [] Q) [+A+] R"},
	{"P |~| Q [] R", "P |~| (Q [] R)"},
	{"P [] Q [|A|] R", "(P [] Q) [|A|] R"},
	{"P [] Q [|A|> R", "(P [] Q) [|A|> R"},
	{"P |~| Q [A||B] R", "(P |~| Q) [A||B] R"},
	{"P ||| Q [|A|] R", "P ||| (Q [|A|] R)"},
	{"P ||| Q [a <-> b] R", "P ||| (Q [a <-> b] R)"},
	{"P \\ A \\ B", "(P \\ A) \\ B"},
	{"P ||| Q \\ A", "(P ||| Q) \\ A"},
	{"go -> STOP \\ {go}", "(go -> STOP) \\ {go}"},
	{"[] i:S @ P \\ A", "[] i:S @ (P \\ A)"},
	{"Q [] [] i:S @ P [] R", "Q [] ([] i:S @ (P [] R))"},
	{"|| i:S @ [A] P [] Q", "|| i:S @ [A] (P [] Q)"},
	{"|| i:S @ [A] P ||| Q", "(|| i:S @ [A] P) ||| Q"},
	{"|| i:S @ [A] P \\ H", "(|| i:S @ [A] P) \\ H"},
	{"|| i:S @ [A(i)] X(i) \\ {go}", "(|| i:S @ [A(i)] X(i)) \\ {go}"},
	{"(|| i:S @ [A] P) [|B|] Q", "((|| i:S @ [A] P)) [|B|] Q"},
	{"Q ||| || i:S @ [A] P ||| R", "(Q ||| (|| i:S @ [A] P)) ||| R"},
	{"a -> P[[x <- y]]", "a -> (P[[x <- y]])"},
	{"a -> P[[x <- y]][[y <- z]]", "a -> ((P[[x <- y]])[[y <- z]])"},
	{"go -> STOP [[go <- ping, go <- halt]]", "go -> (STOP [[go <- ping, go <- halt]])"},
	{"if b then P else Q \\ A", "if b then P else (Q \\ A)"},
	{"SKIP [] go -> STOP ||| SKIP", "(SKIP [] (go -> STOP)) ||| SKIP"},

	// Hiding takes only what stands beside it.
	{"P \\ A ||| Q", "(P \\ A) ||| Q"},
	{"P \\ A [|B|] Q", "(P \\ A) [|B|] Q"},
	{"P \\ A [B||C] Q", "(P \\ A) [B||C] Q"},
	{"P \\ A [|B|> Q", "(P \\ A) [|B|> Q"},
	{"P \\ A |~| Q", "(P \\ A) |~| Q"},
	{"P \\ A [] Q", "(P \\ A) [] Q"},
	{"P \\ A /\\ Q", "(P \\ A) /\\ Q"},
	{"P \\ A [> Q", "(P \\ A) [> Q"},
	{"P \\ A ; Q", "(P \\ A) ; Q"},
	{"P \\ A [+B+] Q", "(P \\ A) [+B+] Q"},
	{"P \\ A /+B+\\ Q", "(P \\ A) /+B+\\ Q"},
	{"P |\\ A [] Q", "(P |\\ A) [] Q"},
	{"P \\ A [] Q ||| R", "((P \\ A) [] Q) ||| R"},
	{"P \\ A ||| Q \\ B", "((P \\ A) ||| Q) \\ B"},
	{"P \\ A [x <-> y] Q", "P \\ (A [x <-> y] Q)"},
	{"P \\ (A [] Q)", "P \\ ((A [] Q))"},
	{"P \\ if b then A else B [] Q", "P \\ (if b then A else (B [] Q))"},

	// Fields end at the next one and at the arrow.
	{"c.x?y!z -> P", "(c.x)?(y)!(z) -> P"},
	{"c?x.y:S!z+1.w -> P", "c?(x.y):(S)!((z+1).w) -> P"},
	{"c?x:S.T -> P", "c?x:(S.T) -> P"},
	{"c$x?y:{1..2}!f(x) -> P ; Q", "(c$(x)?(y):({1..2})!(f(x)) -> P) ; Q"},
	{"g & c?x -> b & P", "g & (c?x -> (b & P))"},
	{"P [] c?x -> Q", "P [] (c?x -> Q)"},
	{"c?x@@y:S -> P", "c?x@@y:(S) -> P"},
}

func TestGrouping(t *testing.T) {
	for _, tt := range grouping {
		if got, want := exprOK(t, tt.text), exprOK(t, tt.groups); !Equal(got, want) {
			t.Errorf("%s groups as %s, want %s", tt.text, String(got), tt.groups)
		}
	}
}

func TestOperatorsThatDoNotAssociate(t *testing.T) {
	for _, text := range []string{
		"p < q == r", "p == q == r", "p < q > r", "p != q <= r",
		"P [|A|] Q [|B|] R", "P [A||B] Q [C||D] R", "P [|A|] Q [C||D] R", "P [|A|> Q [|B|] R", "P [a <-> b] Q [c <-> d] R",
		"|| i:S @ [A] P [|B|] Q", "a -> || i:S @ [A] P [|B|] Q", "P [|A|] Q [a <-> b] R",
		"\\ x@@y@@z @ x", "c?x@@y@@z -> P",
	} {
		_, errs := ParseExpr(new(Files), "test", text)
		if len(errs) != 1 || errs[0].Class != ParseClass || !strings.Contains(errs[0].Msg, "another operator of its kind") {
			t.Errorf("%s: %v", text, errs)
		}
	}
}

func TestExpressions(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"(x)", "ok"}, {"(x, y)", "ok"}, {"()", "parse"}, {"(x,)", "parse"}, {"(, x)", "parse"},
		{"f()", "ok"}, {"f(x,)", "parse"},
		{"\\ x, (y, z), <w> @ x", "ok"}, {"\\ @ x", "parse"}, {"\\ x+1 @ x", "parse"}, {"\\ f(x) @ x", "parse"},
		{"if x then y", "parse"}, {"if x else y", "parse"}, {"let x = 1 in x", "parse"}, {"let x = 1", "parse"},
		{"{}", "ok"}, {"{1, 2}", "ok"}, {"{1..}", "ok"}, {"{1..2}", "ok"}, {"{a.1 .. 2}", "ok"}, {"{1, 2..3}", "parse"},
		{"{x | x <- s, y : t, p(x)}", "ok"}, {"{x, y | (x, y) <- s}", "ok"}, {"{ | x <- s}", "parse"}, {"{x | }", "parse"},
		{"{1.. | p}", "ok"}, {"{1..2 | p}", "ok"}, {"{..2}", "parse"},
		{"{||}", "ok"}, {"{| |}", "ok"}, {"{|a, b|}", "ok"}, {"{|a.x | x <- s|}", "ok"}, {"{|a..b|}", "parse"},
		{"(| |)", "ok"}, {"(| 1 => 2, 2 => 3 |)", "ok"}, {"(| 1 |)", "parse"}, {"(| 1 => 2, |)", "parse"},
		{"_", "parse"}, {"f(_)", "parse"}, {"x @@ y", "parse"}, {"{_ | x <- s}", "parse"}, {"{x | _ <- s}", "ok"},
		{"{x | f(x) <- s}", "parse"},
		{"c?x -> P", "ok"}, {"c?_ -> P", "ok"}, {"c?x", "parse"}, {"c?x & P", "parse"}, {"c? -> P", "parse"},
		{"c?f(x) -> P", "parse"}, {"c?(x,y):S!(f(y)) -> P", "ok"}, {"c?x$y -> P", "ok"}, // scope, later
		{"a -> ", "parse"}, {"-> P", "parse"},
		{"P [|A|] Q", "ok"}, {"P [|A Q", "parse"}, {"P [A||B] Q", "ok"}, {"P [A] Q", "parse"}, {"P [a <-> b, c <-> d | x <- s] Q", "ok"},
		{"P [a <- b] Q", "parse"}, {"P[[a <- b, c <- d | x <- s]]", "ok"}, {"P[[a]]", "parse"}, {"P[[]]", "parse"},
		{"[] x:S @ P", "ok"}, {"|~| x:S @ P", "ok"}, {"||| x:S @ P", "ok"}, {"; x:<1> @ P", "ok"}, {"[|A|] x:S @ P", "ok"},
		{"[+A+] x:S @ P", "ok"}, {"|| x:S @ [A] P", "ok"}, {"|| x:S @ P", "parse"}, {"[a <-> b] x:S @ P", "ok"},
		{"[a.x <-> b.x | x <- s] x:S, p(x) @ P", "ok"}, {"[] x <- S @ P", "ok"}, {"[] @ P", "parse"}, {"[] x:S P", "parse"},
		{"/\\ x:S @ P", "parse"}, {"[> x:S @ P", "parse"}, {"[|A|> x:S @ P", "parse"},
		{"x y", "parse"}, {"1 2", "parse"}, {"x ! y", "parse"}, {"p && q", "parse"}, {"p || q", "parse"},
	} {
		got := "ok"
		if _, errs := ParseExpr(new(Files), "test", tt.text); len(errs) > 0 {
			got = string(errs[0].Class)
			if len(errs) > 1 {
				t.Errorf("%s: one mistake is reported as\n%v", tt.text, errs)
			}
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.text, got, tt.want)
		}
	}
}

func TestExprString(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"{ -1 , x|x<-s }", "{ -1, x | x <- s}"},
		{"let\nx = 1\ny = 2\nwithin x", "let x = 1; y = 2 within x"},
		{"f(" + strings.Repeat("aaaa, ", 20) + "b)", "f(" + strings.Repeat("aaaa, ", 12) + "aaaa,…"},
	} {
		if got := ExprString(exprOK(t, tt.text)); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}
