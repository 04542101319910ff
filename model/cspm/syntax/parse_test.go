package syntax

import (
	"fmt"
	"strings"
	"testing"
)

// outcome parses a script and says "ok", or the class of its first error.
func outcome(src string) string {
	_, errs := Parse("test.csp", []byte(src), nil)
	if len(errs) == 0 {
		return "ok"
	}
	return string(errs[0].Class)
}

// parseOK parses a script that has no errors.
func parseOK(t testing.TB, src string) *File {
	t.Helper()
	f, errs := Parse("test.csp", []byte(src), nil)
	if len(errs) > 0 {
		t.Fatalf("%q:\n%v", src, errs)
	}
	return f
}

// exprOK parses an expression that has no errors.
func exprOK(t testing.TB, text string) Expr {
	t.Helper()
	e, errs := ParseExpr(new(Files), "test", text)
	if len(errs) > 0 {
		t.Fatalf("%q:\n%v", text, errs)
	}
	return e
}

func TestLiterals(t *testing.T) {
	for _, tt := range []struct {
		text string
		want any
	}{
		{"0", int64(0)},
		{"007", int64(7)},
		{"9223372036854775807", int64(9223372036854775807)},
		{"true", true},
		{"false", false},
		{`'c'`, 'c'},
		{`'\n'`, '\n'},
		{`'\t'`, '\t'},
		{`'\r'`, '\r'},
		{`'\q'`, 'q'}, // any other escaped character is itself
		{`'\''`, '\''},
		{`'\\'`, '\\'},
		{`'é'`, 'é'},
		{`'"'`, '"'},
		{`""`, ""},
		{`"a--b{-"`, "a--b{-"}, // no comments in strings
		{`"\n\t\r\""`, "\n\t\r\""},
		{`"\\"`, `\`}, // a quote in FDR
		{`"\q\é"`, `""`},
		{"\"\xff\"", "ÿ"}, // what is not UTF-8 is Windows-1252
		{"\"\x93\xe9 \x81 \x94 é\"", "“é \u0081 ” é"},
		{"'\xe9'", 'é'},
		{"'\\\xe9'", 'é'},
	} {
		var got any
		switch e := exprOK(t, tt.text).(type) {
		case *IntLit:
			got = e.Value
		case *BoolLit:
			got = e.Value
		case *CharLit:
			got = e.Value
		case *StringLit:
			got = e.Value
		}
		if got != tt.want {
			t.Errorf("%s: %#v, want %#v", tt.text, got, tt.want)
		}
	}
}

func TestLexing(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		{"", "ok"},
		{"\n\n  -- nothing\n", "ok"},
		{"v = 1", "ok"}, // a newline is assumed at the end
		{"\r\nv = 1\r\nw = 2\r\n", "ok"},
		{"\uFEFFv = 1", "ok"},
		{"v = {-1}", "lex"}, // {- opens a comment
		{"v = { -1}", "ok"},
		{"v = 1 {- a {- b -} c -}", "ok"},
		{"v = 1 {- a {- b -}", "lex"},
		{"v = 1 -- {- inert", "ok"},
		{"v = {- -- inert -} 1", "ok"},
		{"v = {- --} 1", "ok"}, // the first -} closes; in FDR this one does not
		{"v = {- ---} 1", "ok"},
		{"v = 1 -- \xff\xfe", "ok"},
		{"v = {- \xff -} 1", "ok"},
		{"v = \xff", "lex"},
		{"v = \x01", "lex"},
		{"v = 1 \x00", "lex"},
		{"v = é", "lex"},
		{"v = `a`", "lex"},
		{"v = ~a", "lex"},
		{"v = \"a\nb\"", "lex"},
		{"v = \"a", "lex"},
		{"v = 'ab'", "lex"},
		{"v = ''", "lex"},
		{"v = '", "lex"},
		{"v = 9223372036854775808", "lex"},
		{"v = 99999999999999999999", "lex"},
		{"P' = STOP\nP'' = P'", "ok"},
		{"x'y = 1", "parse"},
		{"_x = 1", "parse"},
		{"letter = 1\nendmodule' = 2\nif_ = 3\nif' = 4", "ok"},
		{"let = 1", "parse"},
		{"True = 1", "ok"}, // no keyword
		{"v = M::N::x", "ok"},
		{"v = M:: x", "parse"},
		{"v = M ::x", "parse"},
		{"include' = 1\nprint' = 2", "ok"},
		{"v = 2x", "parse"},
		{"m = (|1 => 2|)", "parse"}, // the opener of a map needs a blank
		{"m = (| 1 => 2|)", "ok"},
		{"m = (|\n1 => 2|)", "ok"},
		{"m = (| |)", "ok"},
		{"m = (||)", "parse"},
		{"P = (|~| i:S @ Q)", "ok"},
		{"P = (||| i:S @ Q)", "ok"},
		{"P = (|| i:S @ [A] Q)", "ok"},
		{"v = x<-3", "parse"}, // x <- 3
		{"v = x< -3", "ok"},
		{"v = {|a|}", "ok"},
		{"P = Q [|{|a|}|] R", "ok"},
		{"P = Q [|{|a|}|> R", "ok"},
		{"P = Q[[a <- b]]", "ok"},
		{"P = Q[[a <- b]][[b <- c]]", "ok"},
		{"P = Q [a <-> R[[b <- c]]] S", "ok"},
		{"P = Q [[a <-> b]] R", "parse"},
		{"v = 4--2", "ok"},
		{"v = <1>==<2>", "ok"}, // >= by the longest match, which nothing could follow
		{"f :: (|<Int>=>Int|)\nf = 1", "parse"},
		{"f :: (| <Int>=>Int |)\nf = 1", "ok"},
	} {
		if got := outcome(tt.src); got != tt.want {
			t.Errorf("%q: %s, want %s", tt.src, got, tt.want)
		}
	}
}

// What absorbs the newline before it can begin a line that goes on with the
// one above.
func TestNewlineBefore(t *testing.T) {
	for _, text := range []string{
		"P\n[] Q", "P\n|~| Q", "P\n||| Q", "P\n/\\ Q", "P\n[> Q", "P\n; Q", "g\n& P", "P\n\\ A", "P\n|\\ A", "a\n-> P",
		"P\n[A\n|| B\n] Q", "P\n[+A\n+] Q", "P\n/+A\n+\\ Q", "P\n[|A\n|] Q", "P\n[|A\n|> Q", "P\n[[a\n<- b\n]]",
		"P\n[a\n<-> b\n] Q", "p\nand q", "p\nor q", "p\n== q", "p\n!= q", "p\n<= q", "p\n>= q", "p\n> q",
		"x\n+ y", "x\n* y", "x\n/ y", "x\n% y", "s\n^ t", "x\n. y", "{x\n.. y}", "f(x\n, y\n)", "{x\n| x\n<- s\n}",
		"{|x\n|}", "[] x\n: S\n@ P", "c\n?x -> P", "c\n!x -> P", "c\n$x -> P", "c?x\n:S -> P", "(| x\n=> y\n|)",
		"if p\nthen q\nelse r", "let\nx = 1\nwithin\nx", "\\ x\n@ x", "x +\n1", "x +\n'c'", "x +\n\"s\"", "p and\ntrue",
		"p and\nnot q", "\\\n_\n@ x", "<\nx\n, y>", "(\nx)", "{\nx}", "{|\nx|}", "(| \nx => y|)", "f(\nx)", "-\nx", "#\nx",
		"\\ x @@\ny @ x",
	} {
		if got := outcome("V = " + text + "\nW = 1"); got != "ok" {
			t.Errorf("%q: %s", text, got)
		}
	}
}

func TestNewlines(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		{"A = n\n  + 1", "ok"},
		{"B = n\n  - 1", "parse"},
		{"C = f\n  (1)", "parse"},
		{"D = n -\n  1", "ok"},
		{"E = s >\n  t", "parse"},
		{"E = s\n> t", "ok"},
		{"A = s\n< t", "parse"},
		{"A = s <\nt", "ok"},
		{"A = n\n#s", "parse"},
		{"A = n\n{1}", "parse"},
		{"A = n +\n\n-- c\n{- d\n-}\n 1", "ok"},
		{"A = 1 B = 2", "parse"},
		{"A = 1 {- c -} B = 2", "parse"},
		{"A = 1 {- \n -} B = 2", "ok"},
		{"A = 1\n3 = 3", "parse"}, // 1 3
		{"3 = 3", "ok"},
		{"(3) = 3\n(3) = 4", "ok"},
		{"A =\n1\nB\n=\n2", "ok"},
		{"channel\na,\nb\n:\nS", "ok"},
		{"datatype T\n= A\n| B\n", "ok"},
		{"assert\nP\n[T=\nQ", "ok"},
		{"assert P\n:[deadlock free]\nA = 1", "ok"},
		{"assert P :[deadlock free]\n[] Q", "parse"},
		{"assert P :[has trace]:\n<a>", "parse"}, // the ]: absorbs nothing
		{"assert P :[tau priority]:\nA", "parse"},
		{"assert P :[ deadlock free [ F ] ]\nA = 1", "ok"},
		{"Timed (d)\n{ P = Q }", "parse"},
		{"Timed (d) {\nP = Q\n}", "ok"},
		{"Timed\n{ P = Q }", "ok"},
		{"module M\nexports\nendmodule", "ok"},
		{"module M A = 1\nendmodule", "parse"},
		{"module M\nexports A = 1\nendmodule", "parse"},
		{"module M(x) A = 1\nendmodule", "parse"},
		{"v = {1,\n2\n}\nw = 1", "ok"},
		{"v = {1\n2}", "parse"},
		{"v = let x = 1\n        y = 2\n    within x", "ok"},
		{"v = let x = 1 y = 2 within x", "parse"},
		{"v = let f(0) = 1\nf(n) = 2 within f", "ok"},
		{"v = let 3 = 4 within 5", "ok"},
		{"print 1 +\nv = 2", "ok"}, // the line is text
	} {
		if got := outcome(tt.src); got != tt.want {
			t.Errorf("%q: %s, want %s", tt.src, got, tt.want)
		}
	}
}

func TestSequenceBrackets(t *testing.T) {
	for _, tt := range []struct{ text, groups string }{
		{"<>", "<>"},
		{"< >", "<>"},
		{"<<>>", "<(<>)>"},
		{"<<1>,<2>>", "<(<1>),(<2>)>"},
		{"<x < y>", "<(x < y)>"},
		{"<x >= y>", "<(x >= y)>"},
		{"<(p > q)>", "<(p > q)>"},
		{"<f(p > q)>", "<(f(p > q))>"},
		{"<{x > y}>", "<({(x > y)})>"},
		{"a > b", "(a) > (b)"},
		{"<a> > <b>", "(<a>) > (<b>)"},
		{"s > <b>", "s > (<b>)"},
		{"{x | x <- s, x > 3}", "{x | x <- s, (x > 3)}"},
		{"<n | n <- s, (n > 3)>", "<n | n <- s, (n > 3)>"},
		{"<x..>", "<(x)..>"},
		{"<x.. | p>", "<(x).. | p>"},
		{"<x..y | p>", "<(x)..(y) | p>"},
		{"<let a = 1 within a>", "<(let a = 1 within a)>"},
		{"<P[[x <- y]]>", "<(P[[x <- y]])>"},
	} {
		if got, want := exprOK(t, tt.text), exprOK(t, tt.groups); !Equal(got, want) {
			t.Errorf("%s groups as %v, want %s", tt.text, String(got), tt.groups)
		}
	}
	for _, text := range []string{"<n | n <- s, n > 3>", "<n | n <- s, n > m>", "<1", "1>", "<1,>", "<,>", "<|x <- s>"} {
		if e, errs := ParseExpr(new(Files), "test", text); len(errs) == 0 {
			t.Errorf("%s is read as %s", text, String(e))
		}
	}
}

// Several mistakes are reported in one run, each once, and what is right
// between them is kept.
func TestRecovery(t *testing.T) {
	src := "A = (1 +\nB = 2\nC = {1, 2\nD = 4\nE = 5 )\nchannel c : \nF = 6\nG = = 7\n    + 8\nH = 8\n"
	f, errs := Parse("test.csp", []byte(src), nil)
	var lines []string
	for _, e := range errs {
		lines = append(lines, fmt.Sprint(e.Position().Line))
	}
	if got, want := strings.Join(lines, " "), "1 3 5 6 8"; got != want {
		t.Errorf("errors on lines %s, want %s:\n%v", got, want, errs)
	}
	var names []string
	for _, d := range f.Decls {
		names = append(names, String(d))
	}
	if got, want := strings.Join(names, "; "), "B = 2; D = 4; F = 6; H = 8"; got != want {
		t.Errorf("read %s, want %s", got, want)
	}
}

func TestErrorsAreBounded(t *testing.T) {
	for _, tt := range []struct {
		lines int
		want  string
	}{
		{1000, "and 950 more errors from here on"},
		{5_000_000, "and at least 9950 more errors from here on"},
	} {
		_, errs := Parse("test.csp", []byte(strings.Repeat("A = )\n", tt.lines)), nil)
		if len(errs) != maxErrors+1 || errs[maxErrors].Msg != tt.want {
			t.Errorf("%d errors, the last of them %v", len(errs), errs[len(errs)-1])
		}
	}
}
