package syntax

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// strip takes the brackets that only group out of a tree.
func strip(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface:
		for {
			paren, ok := v.Interface().(*Paren)
			if !ok {
				break
			}
			v.Set(reflect.ValueOf(paren.X))
		}
		strip(v.Elem())
	case reflect.Pointer:
		if !v.IsNil() {
			strip(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			strip(v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			strip(v.Index(i))
		}
	}
}

// Where a tree has no brackets, printing puts those that it needs.
func TestPrintPutsBrackets(t *testing.T) {
	var sources []string
	for _, tt := range grouping {
		sources = append(sources, "V = "+tt.text, "V = "+tt.groups)
	}
	sources = append(sources, `V = P \ ((A [] Q) [] R)`, `V = P \ (A ||| Q)`, `V = P \ (A |\ B)`, "V = (P [] Q) ; R", "V = (P [|A|] Q) [|A|] R",
		"V = P [A || B] (Q [|A|> R)", "V = <(p > q), if a then (b > c) else d>", "V = <let x = (p > q) within x>", "V = <(p > q) | x <- (a > b)>",
		"V = -(-x)", "V = x - (-1)", "V = (a.b).c", "V = (x^y)^(z^w)", "V = x - (y - z)", "V = (p == q) == r", "V = (if a then b else c) + 1",
		"V = (\\ x @ x)(1)", "V = ([] x : S @ P) [] Q", "V = (a -> P)[[a <- b]]", "V = (not p) == q", "V = #(s * t)", "V = c!(if a then b else d) -> P",
		"V = c?x:(if a then b else d) -> P", "V = (|| x : S @ [A] P) [|B|] Q", "V = P [(|~| x : S @ P) || B] Q", "V = [(|| x : S @ [A] P) <-> b] x : S @ P",
		"assert (not p) & P [T= Q", "assert not (not p) & P [T= Q", "assert (not p) & P :[deadlock free]", "assert (if a then b else c) [T= \\ x @ y",
		"datatype T = A.(if a then b else c) | B", "assert P [T= (if a then b else c) :[tau priority]: A")
	for _, src := range sources {
		f, bare := parseOK(t, src), parseOK(t, src)
		strip(reflect.ValueOf(&bare.Decls).Elem())
		var b strings.Builder
		bare.Format(&b)
		again, errs := Parse("printed", []byte(b.String()), nil)
		if len(errs) > 0 || !EqualFiles(f, again) {
			t.Errorf("%s is printed as %s%v", src, b.String(), errs)
		}
	}
}

// checkSpans checks that every node of a script that was read has the text of
// its span, and no more.
func checkSpans(t interface{ Errorf(string, ...any) }, f *File) {
	var within []Span
	var visit func(n Node) bool
	visit = func(n Node) bool {
		s := n.At()
		text := f.Files.Text(s)
		if text == "" || strings.TrimSpace(text) != text {
			t.Errorf("%T has the text %q", n, text)
			return false
		}
		if k := len(within); k > 0 && (s.Start < within[k-1].Start || s.End > within[k-1].End) {
			t.Errorf("%T %q is outside the node it is part of, %q", n, text, f.Files.Text(within[k-1]))
		}
		var same bool
		var errs Errors
		switch n := n.(type) {
		case Expr:
			var e Expr
			if e, errs = ParseExpr(new(Files), "span", text); len(errs) == 0 {
				same = Equal(e, n)
			}
		case Pat:
			var e Expr
			if e, errs = ParseExpr(new(Files), "span", "\\ "+text+" @ 0"); len(errs) == 0 {
				same = len(e.(*Lambda).Params) == 1 && Equal(e.(*Lambda).Params[0], n)
			}
		case TypeExpr:
			var g *File
			if g, errs = Parse("span", []byte("x :: "+text+"\nx = 0"), nil); len(errs) == 0 {
				same = Equal(g.Decls[0].(*Annotation).Type, n)
			}
		default:
			same = true
		}
		if !same {
			t.Errorf("%T has the text %q, which reads otherwise: %v", n, text, errs)
		}
		first := true
		Walk(n, func(m Node) bool {
			if first {
				first = false
				_, literal := n.(*PatLit)
				return !literal // -3 is one literal in a pattern
			}
			within = append(within, s)
			visit(m)
			within = within[:len(within)-1]
			return false
		})
		return false
	}
	for _, d := range f.Decls {
		visit(d)
	}
}

// Spans of trees with brackets, blanks and hidings that move.
func TestSpans(t *testing.T) {
	var b strings.Builder
	for i, tt := range grouping {
		fmt.Fprintf(&b, "v%d = %s -- one\nw%d  =  ( %s ) \n", i, tt.text, i, tt.groups)
	}
	checkSpans(t, parseOK(t, b.String()))
}
