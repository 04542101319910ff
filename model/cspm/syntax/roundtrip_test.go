package syntax

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A grower draws trees, such as Parse can give, but with few brackets. fuel
// is how high a tree may still grow.
type grower struct {
	t    *rapid.T
	next int // numbers names, so that annotations meet one definition
}

func (g *grower) pick(n int) int { return rapid.IntRange(0, n-1).Draw(g.t, "pick") }
func (g *grower) bool() bool     { return rapid.Bool().Draw(g.t, "bool") }

func (g *grower) ident() Ident {
	return Ident{Name: rapid.SampledFrom([]string{"x", "y", "P", "c", "A", "x'", "in", "F", "T", "True", "include", "print"}).Draw(g.t, "name")}
}

func (g *grower) fresh() Ident {
	g.next++
	return Ident{Name: fmt.Sprintf("n%d", g.next)}
}

func (g *grower) path() []Ident {
	if g.pick(6) > 0 {
		return nil
	}
	return many(g, 1, 2, g.ident)
}

// many draws from lo to hi items.
func many[T any](g *grower, lo, hi int, item func() T) []T {
	var list []T
	for n := lo + g.pick(hi-lo+1); n > 0; n-- {
		list = append(list, item())
	}
	return list
}

func (g *grower) literal() Expr {
	switch g.pick(4) {
	case 0:
		return &IntLit{Value: rapid.Int64Range(0, 1<<63-1).Draw(g.t, "int")}
	case 1:
		return &BoolLit{Value: g.bool()}
	case 2:
		return &CharLit{Value: rapid.Rune().Draw(g.t, "char")}
	}
	return &StringLit{Value: rapid.String().Draw(g.t, "string")}
}

func (g *grower) atom() Expr {
	if g.pick(3) == 0 {
		return g.literal()
	}
	return &Name{Path: g.path(), Ident: g.ident()}
}

var binaryOps = []Op{OpDot, OpOr, OpAnd, OpEq, OpNe, OpLt, OpLe, OpGt, OpGe, OpAdd, OpSub, OpMul, OpDiv, OpMod, OpConcat, OpGuard,
	OpSeq, OpSlide, OpInterrupt, OpExtChoice, OpIntChoice, OpInterleave, OpHide, OpProject}

func (g *grower) expr(fuel int) Expr {
	if fuel <= 0 {
		return g.atom()
	}
	e := func() Expr { return g.expr(fuel - 1 - g.pick(2)) }
	switch g.pick(22) {
	case 0:
		return g.atom()
	case 1:
		return &Paren{X: e()}
	case 2:
		return &Tuple{Elems: many(g, 2, 3, e)}
	case 3:
		return &Apply{Fn: e(), Args: many(g, 0, 2, e)}
	case 4:
		return &Lambda{Params: many(g, 1, 2, func() Pat { return g.pat(fuel - 1) }), Body: e()}
	case 5:
		return &Let{Decls: g.decls(fuel-1, scope{let: true}), Body: e()}
	case 6:
		return &If{Cond: e(), Then: e(), Else: e()}
	case 7:
		l := &List{Kind: Bracket(g.pick(3)), Elems: many(g, 0, 2, e)}
		if l.Comp = len(l.Elems) > 0 && g.bool(); l.Comp {
			l.Stmts = g.stmts(fuel - 1)
		}
		return l
	case 8:
		r := &Range{Kind: Bracket(g.pick(2)), From: e()}
		if g.bool() {
			r.To = e()
		}
		if r.Comp = g.bool(); r.Comp {
			r.Stmts = g.stmts(fuel - 1)
		}
		return r
	case 9:
		return &MapLit{Entries: many(g, 0, 2, func() MapEntry { return MapEntry{e(), e()} })}
	case 10:
		return &Unary{Op: rapid.SampledFrom([]Op{OpNeg, OpNot, OpLength}).Draw(g.t, "op"), X: e()}
	case 11, 12, 13, 14, 15:
		return &Binary{Op: rapid.SampledFrom(binaryOps).Draw(g.t, "op"), X: e(), Y: e()}
	case 16:
		return &Prefix{Event: e(), Fields: many(g, 0, 2, func() Field { return g.field(fuel - 1) }), Body: e()}
	case 17:
		r := &Rename{X: e()}
		r.Ties, r.Comp, r.Stmts = g.ties(fuel - 1)
		return r
	case 18:
		op := rapid.SampledFrom([]Op{OpPar, OpThrow, OpSyncChoice, OpSyncInterrupt}).Draw(g.t, "op")
		return &Synced{Op: op, X: e(), A: e(), Y: e()}
	case 19:
		return &AlphaPar{X: e(), A: e(), B: e(), Y: e()}
	case 20:
		l := &Linked{X: e()}
		l.Ties, l.Comp, l.Stmts = g.ties(fuel - 1)
		l.Y = e()
		return l
	}
	ops := []Op{OpExtChoice, OpIntChoice, OpInterleave, OpSeq, OpPar, OpSyncChoice, OpAlphaPar, OpLink}
	r := &Replicated{Op: rapid.SampledFrom(ops).Draw(g.t, "op"), Stmts: g.stmts(fuel - 1), Body: e()}
	switch r.Op {
	case OpPar, OpSyncChoice, OpAlphaPar:
		r.A = e()
	case OpLink:
		r.Ties, r.Comp, r.TieStmts = g.ties(fuel - 1)
	}
	return r
}

func (g *grower) stmts(fuel int) []Stmt {
	return many(g, 1, 2, func() Stmt {
		if g.bool() {
			return &Filter{Cond: g.expr(fuel)}
		}
		return &Generator{Pat: g.pat(fuel), Source: g.expr(fuel), Colon: g.bool()}
	})
}

func (g *grower) ties(fuel int) (ties []Tie, comp bool, stmts []Stmt) {
	ties = many(g, 1, 2, func() Tie { return Tie{g.expr(fuel), g.expr(fuel)} })
	if comp = g.bool(); comp {
		stmts = g.stmts(fuel)
	}
	return ties, comp, stmts
}

func (g *grower) field(fuel int) Field {
	f := Field{Kind: rapid.SampledFrom([]FieldKind{In, Nondet, Out}).Draw(g.t, "kind")}
	if f.Kind == Out {
		f.Value = g.expr(fuel)
		return f
	}
	f.Pat = g.pat(fuel)
	if g.bool() {
		f.Set = g.expr(fuel)
	}
	return f
}

func (g *grower) pat(fuel int) Pat {
	kinds := 9
	if fuel <= 0 {
		kinds = 3
	}
	q := func() Pat { return g.pat(fuel - 1) }
	switch g.pick(kinds) {
	case 0:
		return &PatName{Path: g.path(), Ident: g.ident()}
	case 1:
		return &PatWild{}
	case 2:
		lit := g.literal()
		if n, ok := lit.(*IntLit); ok && g.bool() {
			n.Value = -n.Value
		}
		return &PatLit{Value: lit}
	case 3:
		return &PatParen{X: q()}
	case 4:
		return &PatTuple{Elems: many(g, 2, 3, q)}
	case 5:
		if g.bool() {
			return &PatSet{Elems: many(g, 0, 2, q)}
		}
		return &PatSeq{Elems: many(g, 0, 2, q)}
	case 6:
		return &PatConcat{X: q(), Y: q()}
	case 7:
		return &PatDot{X: q(), Y: q()}
	}
	return &PatBoth{X: q(), Y: q()}
}

func (g *grower) typeExpr(fuel int) TypeExpr {
	kinds := 10
	if fuel <= 0 {
		kinds = 1
	}
	x := func() TypeExpr { return g.typeExpr(fuel - 1) }
	switch g.pick(kinds) {
	case 1:
		return &TypeSet{Elem: x()}
	case 2:
		return &TypeSeq{Elem: x()}
	case 3:
		return &TypeParen{X: x()}
	case 4:
		return &TypeTuple{Elems: many(g, 2, 3, x)}
	case 5:
		return &TypeMap{Key: x(), Value: x()}
	case 6:
		return &TypeFunc{Params: many(g, 0, 2, x), Result: x()}
	case 7:
		return &TypeDot{X: x(), Y: x()}
	case 8:
		return &TypeDotable{X: x(), Y: x()}
	case 9:
		return &TypeExtendable{X: &TypeName{Ident: g.ident()}, Y: x()}
	}
	return &TypeName{Path: g.path(), Ident: g.ident()}
}

func (g *grower) decls(fuel int, in scope) []Decl {
	var list []Decl
	for n := g.pick(4); n > 0; n-- {
		list = append(list, g.decl(fuel, in)...)
	}
	return list
}

// decl draws a declaration, with its type annotation if it has one.
func (g *grower) decl(fuel int, in scope) []Decl {
	e := func() Expr { return g.expr(fuel - 1) }
	annotated := func(names []Ident, d Decl) []Decl {
		if g.bool() {
			return []Decl{d}
		}
		a := &Annotation{Names: names, Type: g.typeExpr(2)}
		a.Constraints = many(g, 0, 2, func() Constraint {
			return Constraint{Class: rapid.SampledFrom([]string{"Eq", "Ord", "Set", "Complete", "Yieldable"}).Draw(g.t, "class"), Var: g.ident()}
		})
		return []Decl{d, a}
	}
	kinds := 12
	if in.let {
		kinds = 4
	}
	switch g.pick(kinds) {
	case 0:
		name := g.fresh()
		return annotated([]Ident{name}, &Clause{Name: name, Body: e(),
			Groups: many(g, 1, 2, func() []Pat { return many(g, 0, 2, func() Pat { return g.pat(2) }) })})
	case 1:
		return []Decl{&Bind{Pat: g.pat(2), Body: e()}}
	case 2:
		return []Decl{&Import{Transparent: g.bool(), Names: many(g, 1, 2, g.ident)}}
	case 3:
		if fuel <= 0 {
			return nil
		}
		d := &Timed{}
		if g.bool() {
			d.Fn = e()
		}
		in.timed = true
		d.Decls = g.decls(fuel-1, in)
		return []Decl{d}
	case 4:
		names := many(g, 1, 2, g.fresh)
		c := &Channel{Names: names}
		if g.bool() {
			c.Type = e()
		}
		return annotated(names, c)
	case 5:
		return []Decl{&Datatype{Sub: g.bool(), Name: g.ident(), Ctors: many(g, 1, 2, func() Ctor {
			c := Ctor{Name: g.ident()}
			if g.bool() {
				c.Type = e()
			}
			return c
		})}}
	case 6:
		name := g.fresh()
		return annotated([]Ident{name}, &Nametype{Name: name, Type: e()})
	case 7:
		if in.module || in.timed {
			return nil
		}
		return []Decl{&Print{Text: strings.ReplaceAll(String(g.atom()), "\n", "")}}
	case 8:
		if fuel <= 0 {
			return nil
		}
		in.module = true
		m := &Module{Name: g.ident(), Params: many(g, 0, 2, g.ident), Private: g.decls(fuel-1, in)}
		if m.Exports = g.bool(); m.Exports {
			m.Public = g.decls(fuel-1, in)
		}
		return []Decl{m}
	case 9:
		return []Decl{&Instance{Name: g.ident(), Module: &Name{Path: g.path(), Ident: g.ident()}, Args: many(g, 0, 2, e)}}
	}
	if in.module {
		return nil
	}
	return []Decl{g.assert(fuel)}
}

func (g *grower) assert(fuel int) *Assert {
	a := &Assert{Not: g.bool(), Impl: g.expr(fuel)}
	a.Kind = rapid.SampledFrom([]AssertKind{Refines, DeadlockFree, DivergenceFree, Deterministic, HasTrace}).Draw(g.t, "kind")
	a.Model = rapid.SampledFrom([]Model{"F", "FD", "V", "VD", "R", "RD"}).Draw(g.t, "model")
	switch a.Kind {
	case Refines:
		a.Spec = g.expr(fuel)
	case HasTrace:
		a.Trace = many(g, 1, 2, func() Expr { return g.expr(fuel - 1) })
	default:
		if g.bool() {
			a.Model = NoModel
		}
	}
	if g.bool() {
		a.TauPriority = g.expr(fuel - 1)
	}
	a.Reduce = rapid.SampledFrom([]string{"", "default", "precise", "hybrid", "fast"}).Draw(g.t, "reduce")
	switch g.pick(4) {
	case 0:
		a.Expect = &Expectation{Holds: true}
	case 1:
		a.Expect = &Expectation{}
	case 2:
		a.Expect = &Expectation{HasTrace: true, Trace: "a, ✓"}
	}
	return a
}

// What is printed is read as the same tree.
func TestPrintThenParse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := &grower{t: t}
		f := &File{Decls: g.decls(4, scope{})}
		var b strings.Builder
		f.Format(&b)
		again, errs := Parse("printed", []byte(b.String()), nil)
		if len(errs) > 0 {
			t.Fatalf("%s\n%v", b.String(), errs)
		}
		if !EqualFiles(f, again) {
			var b2 strings.Builder
			again.Format(&b2)
			t.Fatalf("printed:\n%s\nread as:\n%s", b.String(), b2.String())
		}
		checkSpans(t, again)
	})
}

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
