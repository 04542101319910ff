package syntax

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
)

func TestPatterns(t *testing.T) {
	for _, tt := range []struct{ pat, want string }{
		{"x", "*syntax.PatName"}, {"M::C", "*syntax.PatName"}, {"_", "*syntax.PatWild"},
		{"3", "*syntax.PatLit"}, {"-3", "*syntax.PatLit"}, {"'c'", "*syntax.PatLit"}, {`"str"`, "*syntax.PatLit"}, {"true", "*syntax.PatLit"},
		{"(x)", "*syntax.PatParen"}, {"(x, _)", "*syntax.PatTuple"}, {"<x, y>", "*syntax.PatSeq"}, {"<>", "*syntax.PatSeq"},
		{"<x>^s^<y>", "*syntax.PatConcat"}, {"{}", "*syntax.PatSet"}, {"{x}", "*syntax.PatSet"}, {"{x, y}", "*syntax.PatSet"},
		{"x.y.z", "*syntax.PatDot"}, {"x@@y", "*syntax.PatBoth"}, {"w@@<h>^t", "*syntax.PatBoth"}, {"(w@@x)^y", "*syntax.PatConcat"},
		{"-x", ""}, {"1+1", ""}, {"f(x)", ""}, {"{|x|}", ""}, {"{1..2}", ""}, {"<1..>", ""}, {"<x | x <- s>", ""}, {"(| |)", ""},
		{"#x", ""}, {"not x", ""}, {"P [] Q", ""}, {"a -> P", ""}, {"if p then x else y", ""}, {"- 3 ^ x", ""}, {"(f(x), y)", ""},
	} {
		f, errs := Parse("test.csp", []byte("f("+tt.pat+") = 1\nok = 1"), nil)
		got := ""
		if len(errs) == 0 {
			got = fmt.Sprintf("%T", f.Decls[0].(*Clause).Groups[0][0])
		} else if len(errs) > 1 || errs[0].Class != ParseClass || !strings.Contains(errs[0].Msg, "is not a valid pattern") {
			t.Errorf("%s: %v", tt.pat, errs)
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.pat, got, tt.want)
		}
	}
	if lit := parseOK(t, "f(-3) = 1").Decls[0].(*Clause).Groups[0][0].(*PatLit); lit.Value.(*IntLit).Value != -3 {
		t.Errorf("-3 is read as %v", String(lit))
	}
	both := parseOK(t, "f(w@@<h>^t) = 1").Decls[0].(*Clause).Groups[0][0].(*PatBoth)
	if _, ok := both.Y.(*PatConcat); !ok {
		t.Error("@@ binds tighter than ^")
	}
}

func TestDeclarations(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		{"f(0)(x) = 1\nf(n)(x) = 2", "ok"}, {"f() = 1", "ok"}, {"M::f(x) = 1", "parse"}, {"f(x)^y = 1", "parse"}, {"1(x) = 2", "parse"},
		{"(x, y) = z", "ok"}, {"<x>^s = z", "ok"}, {"x", "parse"}, {"f(x)", "parse"}, {"x == 1", "parse"}, {"= 1", "parse"}, {") x", "parse"},
		{"P = _", "parse"}, {"P = a@@b", "parse"},

		{"channel c", "ok"}, {"channel c, d : X.Y", "ok"}, {"channel", "parse"}, {"channel c d", "parse"}, {"channel c : ", "parse"},
		{"channel if : X", "parse"}, {"channel c : (Int, Bool)", "ok"}, {"chanel c", "parse"},
		{"datatype T = A | B.X | C.X.Y", "ok"}, {"datatype T = A.{0..3} | A", "ok"}, {"datatype T", "parse"}, {"datatype T = ", "parse"},
		{"datatype T = A(X)", "parse"}, {"datatype T = A | ", "parse"}, {"datatype T(a) = A", "parse"}, {"datatype T = 1", "parse"},
		{"subtype S = A | B.X", "ok"}, {"nametype N = {0..3}.Bool", "ok"}, {"nametype N : X", "parse"},
		{"transparent f, g", "ok"}, {"external f", "ok"}, {"transparent", "parse"},

		{"f :: Int\nf = 1", "ok"}, {"f = 1\nf :: Int", "ok"}, {"f, g :: Int\nf = 1\ng = 2", "ok"}, {"f ::Int\nf = 1", "ok"}, {"f:: Int\nf = 1", "ok"},
		{"f :: Int\nf :: Int\nf = 1", "parse"}, {"f, f :: Int\nf = 1", "parse"}, {"f :: Int", "parse"}, {"f :: Int\nf = )", "parse"},
		{"f :: Int\n(f, g) = h", "parse"}, {"f :: Int\n(f) = h", "ok"}, {"T :: Int\ndatatype T = A", "parse"}, {"A :: T\ndatatype T = A", "ok"},
		{"N :: {Int}\nnametype N = {1}", "ok"}, {"c :: Event\nchannel c", "ok"}, {"S :: T\nsubtype T = S", "parse"},
		{"c, d :: Event\nchannel c, d", "ok"}, {"c :: Event\nd :: Event\nchannel c, d", "parse"}, {"c :: Event\nchannel c, d", "ok"},
		{"v = let f :: Int\nf = 1 within f", "ok"}, {"v = let f :: Int\nwithin f", "parse"}, {"f :: Int\nv = let f = 1 within f", "parse"},
		{"f :: Int\nTimed { f = 1 }", "parse"}, {"Timed { f :: Int\nf = 1 }", "ok"},
		{"f :: (Int) -> Bool\nf = 1", "ok"}, {"f :: Int -> Bool\nf = 1", "parse"}, {"f :: () -> Bool\nf = 1", "ok"}, {"f :: ()\nf = 1", "parse"},
		{"f :: (a, {b}) -> <c> => (d) -> M::T.Int\nf = 1", "ok"}, {"f :: (| a => b |)\nf = 1", "ok"}, {"f :: (| a.b => (c) -> d |)\nf = 1", "ok"},
		{"f :: v =>* Event\nf = 1", "ok"}, {"f :: {v} =>* Event\nf = 1", "parse"}, {"f :: a => b => c\nf = 1", "ok"},
		{"f :: Eq a => (a) -> a\nf = 1", "ok"}, {"f :: (Eq a, Ord b) => (a) -> b\nf = 1", "ok"}, {"f :: (Eq a) => a\nf = 1", "ok"},
		{"f :: Eqq a => a\nf = 1", "parse"}, {"f :: (Eq a, Foo b) => a\nf = 1", "parse"}, {"f :: Set a => Complete b => a\nf = 1", "parse"},
		{"f :: (Int, Bool)\nf = 1", "ok"}, {"f :: <\nf = 1", "parse"},

		{"module M\nx = 1\nexports\ny = 2\nendmodule", "ok"}, {"module M\nx = 1\nendmodule", "parse"}, {"module M(a, b)\nexports\nendmodule\n", "ok"},
		{"module M()\nexports\nendmodule", "parse"}, {"module M\nx = 1", "parse"}, {"endmodule", "parse"}, {"exports", "parse"},
		{"module M\nmodule N\nexports\nendmodule\nexports\ninstance I = N(1)\nendmodule", "ok"}, {"module M\nexports\nexports\nendmodule", "parse"},
		{"module M\nassert P [T= Q\nexports\nendmodule", "parse"}, {"module M\nexports\nprint x\nendmodule", "parse"}, {"module 3\nendmodule", "parse"},
		{"instance I = M", "ok"}, {"instance I = M::N(1, x)", "ok"}, {"instance I = M()", "parse"}, {"instance I", "parse"}, {"instance I = 3", "parse"},
		{"instance I = M(1", "parse"},

		{"v = let channel c within c", "parse"}, {"v = let datatype T = A within c", "parse"}, {"v = let nametype T = A within c", "parse"},
		{"v = let assert P [T= Q\nwithin c", "parse"}, {"v = let instance I = M within c", "parse"}, {"v = let print 1\nwithin c", "parse"},
		{"v = let transparent f\nexternal g\nTimed { P = a -> P }\nwithin c", "ok"}, {"v = let module M\nendmodule\nwithin c", "parse"},

		{"Timed { }", "ok"}, {"Timed(f) { P = Q\nassert P [T= Q\n}", "ok"}, {"Timed { print 1\n}", "parse"}, {"Timed { include \"x\"\n}", "parse"},
		{"Timed { P = Q", "parse"}, {"Timed { Timed(g) { P = Q } }", "ok"}, {"Timed P = Q", "parse"},
		{"print 1 + 2 -- three", "ok"}, {"print 0\n\n\x10", "lex"}, {"print 0\n§ x = 1", "lex"}, {"print )", "ok"}, {"print", "parse"}, {"print \n", "parse"}, {"print = 1", "ok"}, {"print(x) = 1", "ok"},
		{"include", "parse"}, {"include x", "parse"}, {"include \"x\"", "parse"}, {"include(x) = 1", "ok"}, {"include = 3", "ok"},
	} {
		_, errs := Parse("test.csp", []byte(tt.src), nil)
		got := "ok"
		if len(errs) > 0 {
			got = string(errs[0].Class)
		}
		if len(errs) > 1 {
			t.Errorf("%q: one mistake is reported as\n%v", tt.src, errs)
		}
		if got != tt.want {
			t.Errorf("%q: %s, want %s: %v", tt.src, got, tt.want, errs)
		}
	}
}

func TestPrintIsText(t *testing.T) {
	f := parseOK(t, "print  f(\"--\") + {1} -- sum\nprint )(\nx = 1")
	for i, want := range []string{`f("--") + {1}`, ")("} {
		d := f.Decls[i].(*Print)
		if d.Text != want || f.Files.Text(d.TextSpan) != want {
			t.Errorf("print %q at %q, want %q", d.Text, f.Files.Text(d.TextSpan), want)
		}
	}
	e, errs := ParseAt(f.Files, f.Decls[0].(*Print).TextSpan)
	if len(errs) > 0 || f.Files.Position(e.At().Start).String() != "test.csp:1:8" {
		t.Errorf("%v at %v: %v", e, f.Files.Position(e.At().Start), errs)
	}
	_, errs = ParseAt(f.Files, f.Decls[1].(*Print).TextSpan)
	if len(errs) != 1 || errs[0].Position().String() != "test.csp:2:7" {
		t.Errorf("print )( gives %v", errs)
	}
}

func TestAssertions(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		{"P [T= Q", "refines T P Q"}, {"P [F= Q", "refines F P Q"}, {"P [FD= Q", "refines FD P Q"}, {"P [V= Q", "refines V P Q"},
		{"P [VD= Q", "refines VD P Q"}, {"P [R= Q", "refines R P Q"}, {"P [RD= Q", "refines RD P Q"},
		{"P \\ A [T= Q ||| R", "refines T P \\ A Q ||| R"}, {"a -> P [T= Q [] R", "refines T a -> P Q [] R"},
		{"not P [T= Q", "not refines T P Q"}, {"not not P [T= Q", "not refines T not P Q"},
		{"P :[deadlock free]", "deadlock free P"}, {"P :[deadlock-free]", "deadlock free P"}, {"P :[deadlock free [F]]", "deadlock free F P"},
		{"P :[ deadlock free [ FD ] ]", "deadlock free FD P"}, {"P :[divergence free]", "divergence free P"}, {"P :[livelock free]", "divergence free P"},
		{"P :[livelock-free]", "divergence free P"}, {"P :[divergence-free]", "divergence free P"}, {"not P :[divergence free [FD]]", "not divergence free FD P"},
		{"P :[deterministic]", "deterministic P"}, {"P :[deterministic [F]]", "deterministic F P"},
		{"P :[has trace]: <a, b.1>", "has trace P <a, b.1>"}, {"P :[has trace] <a>", "has trace P <a>"}, {"P :[has trace [F]]: <a>", "has trace F P <a>"},
		{"P [T= Q :[tau priority]: {t}", "refines T P Q tau {t}"}, {"P [T= Q :[tau priority over]: A \\ B", "refines T P Q tau A \\ B"},
		{"P :[deadlock free] :[partial order reduce]", "deadlock free P reduce default"}, {"P [T= Q :[partial order reduce [hybrid]]", "refines T P Q reduce hybrid"},
		{"P [T= Q :[partial order reduce [precise]] :[tau priority]: {}", "refines T P Q tau {} reduce precise"},
		{"P [T= Q:[partial order reduce [fast]]", "refines T P Q reduce fast"},
		{"P :[deadlock free]:[partial order reduce]", "deadlock free P reduce default"},

		{"P", "parse"}, {"P [T=", "parse"}, {"[T= Q", "parse"}, {"P [X= Q", "parse"}, {"P [= Q", "parse"}, {"P :[deadlock  free]", "parse"},
		{"P :[deadlock free", "parse"}, {"P :[deadlock free]]", "parse"}, {"P :[deadlockfree]", "parse"}, {"P :[deadlock free [T]]", "parse"},
		{"P :[deadlock free [X]]", "parse"}, {"P :[deadlock free [F]", "parse"}, {"P :[]", "parse"}, {"P : [deadlock free]", "parse"},
		{"P :[has trace]: <>", "parse"}, {"P :[has trace]: s", "parse"}, {"P :[has trace]: <x | x <- s>", "parse"}, {"P :[has trace]: <1..2>", "parse"},
		{"P :[tau priority]: A", "parse"}, {"P [T= Q :[tau priority]:", "parse"}, {"P [T= Q :[deadlock free]", "parse"},
		{"P [T= Q :[tau priority]: A :[tau priority]: B", "parse"}, {"P [T= Q :[partial order reduce] :[partial order reduce]", "parse"},
		{"P [T= Q :[partial order reduce [slow]]", "parse"}, {"P [T= Q [T= R", "parse"}, {"not", "parse"},
	} {
		f, errs := Parse("test.csp", []byte("assert "+tt.src+"\nx = 1"), nil)
		got := ""
		if len(errs) > 0 {
			got = string(errs[0].Class)
			if len(errs) > 1 {
				t.Errorf("%s: one mistake is reported as\n%v", tt.src, errs)
			}
		} else {
			a := f.Decls[0].(*Assert)
			var parts []string
			if a.Not {
				parts = append(parts, "not")
			}
			parts = append(parts, string(a.Kind))
			if a.Model != NoModel {
				parts = append(parts, string(a.Model))
			}
			if a.Spec != nil {
				parts = append(parts, String(a.Spec))
			}
			parts = append(parts, String(a.Impl))
			if a.Trace != nil {
				parts = append(parts, String(&List{Elems: a.Trace}))
			}
			if a.TauPriority != nil {
				parts = append(parts, "tau", String(a.TauPriority))
			}
			if a.Reduce != "" {
				parts = append(parts, "reduce", a.Reduce)
			}
			got = strings.Join(parts, " ")
			if text := f.Files.Text(a.At()); text != "assert "+tt.src {
				t.Errorf("%s: the span is %q", tt.src, text)
			}
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s: %v", tt.src, got, tt.want, errs)
		}
	}
}

func TestExpectations(t *testing.T) {
	for _, tt := range []struct{ line, want string }{
		{"assert P [T= Q", "none"},
		{"assert P [T= Q -- holds", "none"},
		{"assert P [T= Q --! holds", "holds"},
		{"assert P [T= Q--!holds \t\r", "holds"},
		{"assert P [T= Q --!  fails", "fails"},
		{"assert P [T= Q --! fails after <>", "fails after <>"},
		{"assert P [T= Q --!fails  after<a.1, b>", "fails after <a.1, b>"},
		{"assert P [T= Q --! fails after < a > ", "fails after < a >"},
		{"assert P :[deadlock free] {- c -} --! holds", "holds"},
		{"assert P\n[T=\nQ --! holds", "holds"},
		{"Timed {\nassert P [T= Q --! holds\n}", "holds"},
		{"assert P [T= Q --! hold", "parse"},
		{"assert P [T= Q --! holds not", "parse"},
		{"assert P [T= Q --! failsafter <a>", "parse"},
		{"assert P [T= Q --! fails after a", "parse"},
		{"assert P [T= Q --!", "none"}, // a comment like others
		{"assert P [T= Q --!!!! fails in FDR2", "none"},
		{"assert P [T= Q\n--! beware of this", "none"},
		{"assert P [T= Q\n--! this holds", "none"},
		{"assert P [T= Q\n--!!! important", "none"},
		{"assert P [T= Q --! might fail", "parse"},
		{"assert P [T= Q\n--! hold", "parse"},
		{"assert P [T= Q\n--! Fails", "parse"},
		{"assert P [T= Q\n--!asert P [T= Q", "parse"},
		{"assert P [T= Q\n--! holds", "parse"},
		{"assert P --! holds\n[T= Q", "parse"},
		{"--! holds\nassert P [T= Q", "parse"},
		{"x = 1 --! holds", "parse"},
		{"--! assert P [T= Q", "none"},
		{"--! assert P [T= Q\n--! holds", "holds"},
		{"--! assert P [T= Q\n  --! fails after <a, b>", "fails after <a, b>"},
		{"--! assert P [T= Q --! holds", "holds"},
		{"--!assert P :[never stuck] -- why --! not this", "none"},
		{"--! assert P [T= Q --! fails after <a>\n\n", "fails after <a>"},
		{"Timed {\n--! assert P [T= Q\n--! holds\n}", "holds"},
		{"--! assert P [T= Q\n\n--! holds", "parse"},
		{"--! assert P [T= Q --! holds\n--! holds", "parse"},
		{"--! assert P [T= Q\n--! holds\n--! fails", "parse"},
		{"--! assert P [T= ", "parse"},
		{"--! assert P :[no leak]", "parse"},
		{"--! asserted", "parse"},
		{"assert P [T= --! holds", "parse"}, // one error, not two
	} {
		f, errs := Parse("test.csp", []byte(tt.line), nil)
		got := "none"
		if len(errs) > 0 {
			got = string(errs[0].Class)
			if len(errs) > 1 {
				t.Errorf("%q: one mistake is reported as\n%v", tt.line, errs)
			}
		} else {
			for _, d := range f.Decls {
				if timed, ok := d.(*Timed); ok {
					d = timed.Decls[0]
				}
				switch e := d.(*Assert).Expect; {
				case e == nil:
				case e.Holds:
					got = "holds"
				case e.HasTrace:
					got = "fails after <" + e.Trace + ">"
					if f.Files.Text(e.TraceSpan) != e.Trace {
						t.Errorf("%q: the trace is at %q", tt.line, f.Files.Text(e.TraceSpan))
					}
				default:
					got = "fails"
				}
			}
		}
		if got != tt.want {
			t.Errorf("%q: %s, want %s", tt.line, got, tt.want)
		}
	}
}

func TestInclude(t *testing.T) {
	disk := map[string]string{
		"specs/a.csp":     "A = 1\ninclude \"sub/b.csp\"\nC = 3",
		"specs/sub/b.csp": "B = 2\ninclude \"c.csp\" -- c", // beside the root, not beside b
		"specs/c.csp":     "D = 4\n\n",
		"specs/bad.csp":   "\nE = )\nF = 6",
		"specs/self.csp":  "include \"self.csp\"",
		"specs/root.csp":  "",
		"specs/back.csp":  "include \"root.csp\"",
		"specs/half.csp":  "G = 1 +",
		"specs/ann.csp":   "H :: Int",
		"/abs.csp":        "I = 1",
		"specs/two.csp":   "include \"one.csp\"\ninclude \"one.csp\"",
		"specs/one.csp":   "include \"two.csp\"",
	}
	open := func(path string) ([]byte, error) {
		if text, ok := disk[path]; ok {
			return []byte(text), nil
		}
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
	}
	for _, tt := range []struct{ src, want string }{
		{`include "a.csp"`, "A B D C"},
		{"X = 1\ninclude \"a.csp\"\nY = 2", "X A B D C Y"},
		{"module M\ninclude \"c.csp\"\nexports\ninclude \"bad.csp\"\nendmodule", "F specs/bad.csp:2:5"},
		{`include "bad.csp"`, "F specs/bad.csp:2:5"},
		{`include "self.csp"`, "specs/self.csp:1:9"},
		{`include "back.csp"`, "specs/back.csp:1:9"},
		{`include "none.csp"`, "specs/root.csp:1:9"},
		{`include none.csp`, "specs/root.csp:1:9"},
		{"include \"half.csp\"\nX = 1", "X specs/half.csp:1:8"},
		{"H = 2\ninclude \"ann.csp\"", "H"},
		{`include "/abs.csp"`, "I"},
		{"X = 1 include \"c.csp\"", "specs/root.csp:1:7"},
		{"include \"c.csp\" X = 1", "specs/root.csp:1:17"},
		{`include "../specs/c.csp"`, "D"},
		{`include "two.csp"`, "specs/one.csp:1:9 specs/one.csp:1:9"},
	} {
		f, errs := Parse("specs/root.csp", []byte(tt.src), open)
		var got []string
		eachDecl(f.Decls, func(d Decl) {
			if b, ok := d.(*Bind); ok {
				got = append(got, b.Pat.(*PatName).Name)
			}
			if m, ok := d.(*Module); ok {
				eachDecl(m.Public, func(d Decl) { got = append(got, d.(*Bind).Pat.(*PatName).Name) })
			}
		})
		for _, e := range errs {
			got = append(got, e.Position().String())
			if e.Class != ParseClass {
				t.Errorf("%s: %v", tt.src, e)
			}
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %v, want %s: %v", tt.src, got, tt.want, errs)
		}
	}
}

func TestComments(t *testing.T) {
	f := parseOK(t, "-- one\r\nA = {- two {- deep -} -} f --three\n  + 1\nB :: (Int) -> Int --four\nB = \"--\"\nassert A [T= A --! fails\n-- \xff")
	var got []string
	for _, c := range f.Comments {
		got = append(got, c.Text)
		if text := f.Files.Text(c.Span); text != validUTF8([]byte(c.Text)) {
			t.Errorf("%q stands at %q", c.Text, text)
		}
	}
	want := "-- one|{- two {- deep -} -}|--three|--four|--! fails|-- \xff"
	if strings.Join(got, "|") != want {
		t.Errorf("%q, want %q", got, want)
	}
}
