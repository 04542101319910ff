package eval_test

import "testing"

func TestPatterns(t *testing.T) {
	checkUntyped(t, prelude+`
h8(Red) = "Red"
h8(Mix) = "Mix"
h8(Mix.i) = "Mix.i"
h8(Mix.i.j) = "never: the row above takes all"
`, []row{
		{"<h8(Red), h8(Mix), h8(Mix.1), h8(Mix.1.0)>", `<"Red", "Mix", "Mix.i", "Mix.i">`},
		{`let f("ab") = 1` + "\n" + `f('c') = 2 within f("ab")`, "1"},
		{"let f(<a,b>^m^<z>) = (a, b, m, z)\nf(s) = #s within f(<1,2>)", "2"},
		{"h8(go)", "eval"},
	})
	check(t, prelude+`
h1(Box.t.n) = t
h2(Box.r) = r
h3(Box.Mix.i.j.n) = (i, j, n)
h3(Box.Red.n) = (9, 9, n)
h4(x.y.z) = (x, y, z)
h5(w@@Mix.i.j) = (w, i, j)
h6(x.(w@@i.j).z) = (x, w, i, j, z)
h7(num) = "num"
h7(any) = "any"
h9(pos.i.j) = (i, j)
`, []row{
		{"let f(x) = x within f(3)", "3"},
		{"let f(_) = 1 within f(3)", "1"},
		{"let f(3) = 1\nf(-3) = 2\nf(_) = 0 within <f(3), f(-3), f(4)>", "<1, 2, 0>"},
		{`let f('c') = 1` + "\nf(_) = 2 within <f('c'), f('d')>", "<1, 2>"},
		{"let f(true) = 1\nf(false) = 0 within <f(1 < 2), f(2 < 1)>", "<1, 0>"},
		{"let f((x, (y, z))) = x + y + z within f((1, (2, 3)))", "6"},
		{"let f(<>) = 0\nf(<x>) = 1\nf(<x,y>) = 2\nf(_) = 3 within <f(<>), f(<7>), f(<7,7>), f(ones)>", "<0, 1, 2, 3>"},
		{"let f(<x>^s) = (x, s) within f(<1,2,3>)", "(1, <2, 3>)"},
		{"let f(s^<x>) = (s, x) within f(<1,2,3>)", "(<1, 2>, 3)"},
		{"let f(<a,b>^m^<z>) = (a, b, m, z) within f(<1,2,3>)", "(1, 2, <>, 3)"},
		{"let f(<a>^<b>) = (a, b) within f(<1,2>)", "(1, 2)"},
		{"let f(<a>^_^<b>) = (a, b) within f(<1,2,3,4>)", "(1, 4)"},
		{"let f((<a>^<b>)^s) = (a, b, s) within f(<1,2,3,4>)", "(1, 2, <3, 4>)"},
		{`let f("ab"^s) = s within f("abc")`, `"c"`},
		{"let f(<a,b,a2>) = 1 within f(<1,2>)", "eval: no clause of f matches f(<1, 2>)"},
		{"let f({}) = 0\nf({x}) = x\nf(_) = -1 within <f({}), f({7}), f({7,8}), f({1..})>", "<0, 7, -1, -1>"},
		{"let f(w@@<h>^t) = (w, h, t) within f(<1,2>)", "(<1, 2>, 1, <2>)"},
		{"let f(x@@3) = x\nf(_) = 0 within <f(3), f(4)>", "<3, 0>"},
		{"h1(Box.(Mix.0.1).2)", "Mix.0.1"},
		{"h2(Box.(Mix.0.1).2)", "Mix.0.1.2"},
		{"h2(Box.Red.2)", "Red.2"},
		{"h3(Box.Mix.0.1.2)", "(0, 1, 2)"},
		{"h3(Box.Red.2)", "(9, 9, 2)"},
		{"h4(1.2.3)", "(1, 2, 3)"},
		{"h4(1.2.3.4)", "(1, 2, 3.4)"},
		{"h4(1.2)", "eval"},
		{"h5(Mix.0.1)", "(Mix.0.1, 0, 1)"},
		{"h6(1.2.3.4)", "(1, 2.3, 2, 3, 4)"},
		{"<h7(num), h7(any)>", `<"num", "any">`},
		{"h7(go)", "eval: no clause"},
		{"h7(0)", "eval"},
		{"h9(pos.0.1)", "(0, 1)"},
		{"h9(num.1)", "eval"},
		{"(\\ Mix.i.j, <x> @ i + j + x)(Mix.1.1, <5>)", "7"},
		{"(\\ <x> @ x)(<>)", "eval: does not match"},
		// one name, one binding
		{"let f(x, x) = x within 1", "scope: x is bound twice"},
		{"let f(x)(x) = x within 1", "scope: x is bound twice"},
		{"(\\ x, x @ x)(1, 2)", "scope: x is bound twice"},
		{"let (x, x) = (1, 1) within x", "scope"},
		{"let f({x,y}) = 1 within 1", "static"},
		{"let f(a^b) = 1 within 1", "static"},
		{"let f(a^<x>^b) = 1 within 1", "static"},
		{"let f((a^<x>)^_) = 1 within 1", "static"},
		{"let f(<a^b>) = 1 within 1", "static"},
		{"go?x@@y -> STOP", "static"},
		// values of other types
		{"let f((x, y)) = x within f(1)", "eval: 1 is an integer: it cannot be matched with a tuple of 2"},
		{"let f(<x>) = x within f(1)", "eval: sequence"},
		{"let f({x}) = x within f(1)", "eval: set"},
		{"let f(1) = 1 within f(true)", "eval"},
		{"let f(1) = 1 within f(2)", "eval: no clause of f matches f(2)"},
	})
}

func TestDefinitions(t *testing.T) {
	check(t, "", []row{
		{"f(0) = 1\nf(n) = n * f(n - 1)\n---\nf(20)", "2432902008176640000"},
		{"f(n) = 1\nf(0) = 2\n---\nf(0)", "1"},
		{"a = b + 1\nb = c\nc = 4\n---\na", "5"},
		{"(a, <b>^_) = (1, <2,3>)\n---\na + b", "3"},
		{"(a, b) = (b, 1)\n---\na", "1"},
		{"(a, 2) = (1, 3)\n---\na", "eval: does not match"},
		{"f(x) = let g(y) = x + y within g\n---\nf(1)(2)", "3"},
		{"f(x)(y, z) = x + y + z\n---\nlet g = f(1) within g(2, 3)", "6"},
		{"f() = 3\n---\nf()", "3"},
		{"even(0) = true\neven(n) = odd(n-1)\nodd(0) = false\nodd(n) = even(n-1)\n---\neven(10)", "true"},
		{"f(x) = x\ng = 2\nf(y) = 3\n---\ng", "scope: f is defined twice"},
		{"a = 1\na = 2\n---\na", "scope: a is defined twice"},
		{"f(x) = x\nf(x, y) = x\n---\nf(1)", "type: other arguments"},
		{"f(x)(y) = x\nf(x, y) = x\n---\nf(1)", "type: other arguments"},
		{"f(x) = y\n---\n1", "scope: y is not defined"},
		{"union(x, y) = 7\n---\nunion(1, 2)", "7"},
		{"head = 1\n---\nhead", "1"},
		{"datatype T = A | A\n---\n1", "scope: A is defined twice"},
		{"datatype T = A\nchannel A\n---\n1", "scope: A is defined twice"},
		{"datatype A = A\n---\n1", "scope"},
		{"datatype T = A.{0..1} | B\nsubtype S = A.{0}\n---\nS", "{A.0}"},
		{"datatype T = A.{0..1}.{0..1}\nsubtype S = A.{0}\n---\nS", "{A.0.0, A.0.1}"},
		{"datatype T = A.{0..1}\nsubtype S = A.{0}.{0}\n---\nS", "eval"},
		{"datatype T = A.{0..1}\nsubtype S = A.{2}\n---\nS", "eval"},
		{"datatype T = A.{0..1}\nsubtype S = A.{0,2}\n---\nS", "eval"},
		{"datatype T = A.{0..1} | B\nsubtype S = B\nchannel c : S\n---\n{|c|}", "{c.B}"},
		{"datatype T = A.{0..1} | B\nsubtype S = B\nchannel c : S\n---\nc.A.0", "eval"},
		{"datatype T = A.Int | B\nsubtype S = A.{0..}\n---\nmember(A.3, S)", "true"},
		{"datatype T = A.Int | B\nsubtype S = A.{0..}\n---\nmember(A.-3, S)", "false"},
		{"datatype T = A.{0..9}\nsubtype S = A.{0..}\n---\nS", "eval"},
		{"datatype T = A\ndatatype U = B\nsubtype S = A | B\n---\n1", "type"},
		{"subtype S = A\n---\n1", "scope: A is not defined"},
		{"x = 1\nsubtype S = x\n---\n1", "scope: not a constructor"},
		{"nametype N = {0..1}.{2}\nchannel c : N.Bool\n---\nc.1.2.true", "c.1.2.true"},
		{"nametype N = ({0..1}, {2})\n---\nN", "{(0, 2), (1, 2)}"},
		{"channel c : {i.j | i <- {0,1}, j <- {5,6}}\n---\n(c.1.5, extensions(c.0))", "(c.1.5, {5, 6})"},
		{"channel c : {0.0, 1.1}\n---\nc.0.0", "eval: not rectangular"},
		{"channel c : {0.0, 1.1}\n---\n{|c|}", "eval: not rectangular"},
		{"channel c : {0.0, 1.1}\n---\n1", "1"},
		{"datatype PT = P.{0,1}.{0,1}\nchannel c : {P.0.1, P.1.0}\n---\n{|c|}", "{c.P.0.1, c.P.1.0}"},
		{"channel a\nchannel b\nchannel c : {a}\n---\n{|c|}", "{c.a}"},
		{"channel c : {1/0}\n---\n1", "1"},
		{"channel c : {1/0}\n---\nc.1", "eval: division by zero"},
		{"channel c : 3\n---\nc.1", "eval: not a set"},
		{"channel c : {0..f(1)}\nf(x) = x + 1\n---\n{|c|}", "{c.0, c.1, c.2}"},
		{"channel c : {|c|}\n---\n{|c|}", "eval: depend on themselves"},
		{"datatype L = Nil | Cons.{0..1}.L\n---\nCons.0.Cons.1.Nil", "Cons.0.Cons.1.Nil"},
		{"datatype A = A1.B | A0\ndatatype B = B1.A\n---\nA1.B1.A0", "A1.B1.A0"},
		{"datatype T = N.Seq(T)\n---\nN.<N.<>>", "N.<N.<>>"},
		{"datatype T = N.Set(T)\n---\nmember(N.{N.{}}, T)", "true"},
		{"datatype T = N.(Int, Bool)\n---\nN.(3, true)", "N.(3, true)"},
		{"datatype T = A | P.(T, Seq(T)) | U.union({A}, T)\n---\n(P.(P.(A, <>), <U.A>), member(P.(A, <A>), T))", "(P.(P.(A, <>), <U.A>), true)"},
		{"datatype T = C\nx = 1\ny = x.C\n---\ny", "1.C"},
	})
}
