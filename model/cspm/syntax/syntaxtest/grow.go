// Package syntaxtest draws CSPM scripts for tests.
package syntaxtest

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// Script draws the tree of a script, such as syntax.Parse can give but with few
// brackets. fuel is how high it may be.
func Script(t *rapid.T, fuel int) *syntax.File {
	g := &grower{t: t}
	return &syntax.File{Decls: g.decls(fuel, scope{})}
}

// A scope says which declarations may stand somewhere.
type scope struct{ module, timed, let bool }

// A grower draws trees, such as Parse can give, but with few brackets. fuel
// is how high a tree may still grow.
type grower struct {
	t    *rapid.T
	next int // numbers names, so that annotations meet one definition
}

func (g *grower) pick(n int) int { return rapid.IntRange(0, n-1).Draw(g.t, "pick") }
func (g *grower) bool() bool     { return rapid.Bool().Draw(g.t, "bool") }

func (g *grower) ident() syntax.Ident {
	return syntax.Ident{Name: rapid.SampledFrom([]string{"x", "y", "P", "c", "A", "x'", "in", "F", "T", "True", "include", "print"}).Draw(g.t, "name")}
}

func (g *grower) fresh() syntax.Ident {
	g.next++
	return syntax.Ident{Name: fmt.Sprintf("n%d", g.next)}
}

func (g *grower) path() []syntax.Ident {
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

func (g *grower) literal() syntax.Expr {
	switch g.pick(4) {
	case 0:
		return &syntax.IntLit{Value: rapid.Int64Range(0, 1<<63-1).Draw(g.t, "int")}
	case 1:
		return &syntax.BoolLit{Value: g.bool()}
	case 2:
		return &syntax.CharLit{Value: rapid.Rune().Draw(g.t, "char")}
	}
	return &syntax.StringLit{Value: rapid.String().Draw(g.t, "string")}
}

func (g *grower) atom() syntax.Expr {
	if g.pick(3) == 0 {
		return g.literal()
	}
	return &syntax.Name{Path: g.path(), Ident: g.ident()}
}

var binaryOps = []syntax.Op{syntax.OpDot, syntax.OpOr, syntax.OpAnd, syntax.OpEq, syntax.OpNe, syntax.OpLt, syntax.OpLe, syntax.OpGt, syntax.OpGe, syntax.OpAdd, syntax.OpSub, syntax.OpMul, syntax.OpDiv, syntax.OpMod, syntax.OpConcat, syntax.OpGuard,
	syntax.OpSeq, syntax.OpSlide, syntax.OpInterrupt, syntax.OpExtChoice, syntax.OpIntChoice, syntax.OpInterleave, syntax.OpHide, syntax.OpProject}

func (g *grower) expr(fuel int) syntax.Expr {
	if fuel <= 0 {
		return g.atom()
	}
	e := func() syntax.Expr { return g.expr(fuel - 1 - g.pick(2)) }
	switch g.pick(22) {
	case 0:
		return g.atom()
	case 1:
		return &syntax.Paren{X: e()}
	case 2:
		return &syntax.Tuple{Elems: many(g, 2, 3, e)}
	case 3:
		return &syntax.Apply{Fn: e(), Args: many(g, 0, 2, e)}
	case 4:
		return &syntax.Lambda{Params: many(g, 1, 2, func() syntax.Pat { return g.pat(fuel - 1) }), Body: e()}
	case 5:
		return &syntax.Let{Decls: g.decls(fuel-1, scope{let: true}), Body: e()}
	case 6:
		return &syntax.If{Cond: e(), Then: e(), Else: e()}
	case 7:
		l := &syntax.List{Kind: syntax.Bracket(g.pick(3)), Elems: many(g, 0, 2, e)}
		if l.Comp = len(l.Elems) > 0 && g.bool(); l.Comp {
			l.Stmts = g.stmts(fuel - 1)
		}
		return l
	case 8:
		r := &syntax.Range{Kind: syntax.Bracket(g.pick(2)), From: e()}
		if g.bool() {
			r.To = e()
		}
		if r.Comp = g.bool(); r.Comp {
			r.Stmts = g.stmts(fuel - 1)
		}
		return r
	case 9:
		return &syntax.MapLit{Entries: many(g, 0, 2, func() syntax.MapEntry { return syntax.MapEntry{Key: e(), Value: e()} })}
	case 10:
		return &syntax.Unary{Op: rapid.SampledFrom([]syntax.Op{syntax.OpNeg, syntax.OpNot, syntax.OpLength}).Draw(g.t, "op"), X: e()}
	case 11, 12, 13, 14, 15:
		return &syntax.Binary{Op: rapid.SampledFrom(binaryOps).Draw(g.t, "op"), X: e(), Y: e()}
	case 16:
		return &syntax.Prefix{Event: e(), Fields: many(g, 0, 2, func() syntax.Field { return g.field(fuel - 1) }), Body: e()}
	case 17:
		r := &syntax.Rename{X: e()}
		r.Ties, r.Comp, r.Stmts = g.ties(fuel - 1)
		return r
	case 18:
		op := rapid.SampledFrom([]syntax.Op{syntax.OpPar, syntax.OpThrow, syntax.OpSyncChoice, syntax.OpSyncInterrupt}).Draw(g.t, "op")
		return &syntax.Synced{Op: op, X: e(), A: e(), Y: e()}
	case 19:
		return &syntax.AlphaPar{X: e(), A: e(), B: e(), Y: e()}
	case 20:
		l := &syntax.Linked{X: e()}
		l.Ties, l.Comp, l.Stmts = g.ties(fuel - 1)
		l.Y = e()
		return l
	}
	ops := []syntax.Op{syntax.OpExtChoice, syntax.OpIntChoice, syntax.OpInterleave, syntax.OpSeq, syntax.OpPar, syntax.OpSyncChoice, syntax.OpAlphaPar, syntax.OpLink}
	r := &syntax.Replicated{Op: rapid.SampledFrom(ops).Draw(g.t, "op"), Stmts: g.stmts(fuel - 1), Body: e()}
	switch r.Op {
	case syntax.OpPar, syntax.OpSyncChoice, syntax.OpAlphaPar:
		r.A = e()
	case syntax.OpLink:
		r.Ties, r.Comp, r.TieStmts = g.ties(fuel - 1)
	}
	return r
}

func (g *grower) stmts(fuel int) []syntax.Stmt {
	return many(g, 1, 2, func() syntax.Stmt {
		if g.bool() {
			return &syntax.Filter{Cond: g.expr(fuel)}
		}
		return &syntax.Generator{Pat: g.pat(fuel), Source: g.expr(fuel), Colon: g.bool()}
	})
}

func (g *grower) ties(fuel int) (ties []syntax.Tie, comp bool, stmts []syntax.Stmt) {
	ties = many(g, 1, 2, func() syntax.Tie { return syntax.Tie{From: g.expr(fuel), To: g.expr(fuel)} })
	if comp = g.bool(); comp {
		stmts = g.stmts(fuel)
	}
	return ties, comp, stmts
}

func (g *grower) field(fuel int) syntax.Field {
	f := syntax.Field{Kind: rapid.SampledFrom([]syntax.FieldKind{syntax.In, syntax.Nondet, syntax.Out}).Draw(g.t, "kind")}
	if f.Kind == syntax.Out {
		f.Value = g.expr(fuel)
		return f
	}
	f.Pat = g.pat(fuel)
	if g.bool() {
		f.Set = g.expr(fuel)
	}
	return f
}

func (g *grower) pat(fuel int) syntax.Pat {
	kinds := 9
	if fuel <= 0 {
		kinds = 3
	}
	q := func() syntax.Pat { return g.pat(fuel - 1) }
	switch g.pick(kinds) {
	case 0:
		return &syntax.PatName{Path: g.path(), Ident: g.ident()}
	case 1:
		return &syntax.PatWild{}
	case 2:
		lit := g.literal()
		if n, ok := lit.(*syntax.IntLit); ok && g.bool() {
			n.Value = -n.Value
		}
		return &syntax.PatLit{Value: lit}
	case 3:
		return &syntax.PatParen{X: q()}
	case 4:
		return &syntax.PatTuple{Elems: many(g, 2, 3, q)}
	case 5:
		if g.bool() {
			return &syntax.PatSet{Elems: many(g, 0, 2, q)}
		}
		return &syntax.PatSeq{Elems: many(g, 0, 2, q)}
	case 6:
		return &syntax.PatConcat{X: q(), Y: q()}
	case 7:
		return &syntax.PatDot{X: q(), Y: q()}
	}
	return &syntax.PatBoth{X: q(), Y: q()}
}

func (g *grower) typeExpr(fuel int) syntax.TypeExpr {
	kinds := 10
	if fuel <= 0 {
		kinds = 1
	}
	x := func() syntax.TypeExpr { return g.typeExpr(fuel - 1) }
	switch g.pick(kinds) {
	case 1:
		return &syntax.TypeSet{Elem: x()}
	case 2:
		return &syntax.TypeSeq{Elem: x()}
	case 3:
		return &syntax.TypeParen{X: x()}
	case 4:
		return &syntax.TypeTuple{Elems: many(g, 2, 3, x)}
	case 5:
		return &syntax.TypeMap{Key: x(), Value: x()}
	case 6:
		return &syntax.TypeFunc{Params: many(g, 0, 2, x), Result: x()}
	case 7:
		return &syntax.TypeDot{X: x(), Y: x()}
	case 8:
		return &syntax.TypeDotable{X: x(), Y: x()}
	case 9:
		return &syntax.TypeExtendable{X: &syntax.TypeName{Ident: g.ident()}, Y: x()}
	}
	return &syntax.TypeName{Path: g.path(), Ident: g.ident()}
}

func (g *grower) decls(fuel int, in scope) []syntax.Decl {
	var list []syntax.Decl
	for n := g.pick(4); n > 0; n-- {
		list = append(list, g.decl(fuel, in)...)
	}
	return list
}

// decl draws a declaration, with its type annotation if it has one.
func (g *grower) decl(fuel int, in scope) []syntax.Decl {
	e := func() syntax.Expr { return g.expr(fuel - 1) }
	annotated := func(names []syntax.Ident, d syntax.Decl) []syntax.Decl {
		if g.bool() {
			return []syntax.Decl{d}
		}
		a := &syntax.Annotation{Names: names, Type: g.typeExpr(2)}
		a.Constraints = many(g, 0, 2, func() syntax.Constraint {
			return syntax.Constraint{Class: rapid.SampledFrom([]string{"Eq", "Ord", "Set", "Complete", "Yieldable"}).Draw(g.t, "class"), Var: g.ident()}
		})
		return []syntax.Decl{d, a}
	}
	kinds := 12
	if in.let {
		kinds = 4
	}
	switch g.pick(kinds) {
	case 0:
		name := g.fresh()
		return annotated([]syntax.Ident{name}, &syntax.Clause{Name: name, Body: e(),
			Groups: many(g, 1, 2, func() []syntax.Pat { return many(g, 0, 2, func() syntax.Pat { return g.pat(2) }) })})
	case 1:
		return []syntax.Decl{&syntax.Bind{Pat: g.pat(2), Body: e()}}
	case 2:
		return []syntax.Decl{&syntax.Import{Transparent: g.bool(), Names: many(g, 1, 2, g.ident)}}
	case 3:
		if fuel <= 0 {
			return nil
		}
		d := &syntax.Timed{}
		if g.bool() {
			d.Fn = e()
		}
		in.timed = true
		d.Decls = g.decls(fuel-1, in)
		return []syntax.Decl{d}
	case 4:
		names := many(g, 1, 2, g.fresh)
		c := &syntax.Channel{Names: names}
		if g.bool() {
			c.Type = e()
		}
		return annotated(names, c)
	case 5:
		return []syntax.Decl{&syntax.Datatype{Sub: g.bool(), Name: g.ident(), Ctors: many(g, 1, 2, func() syntax.Ctor {
			c := syntax.Ctor{Name: g.ident()}
			if g.bool() {
				c.Type = e()
			}
			return c
		})}}
	case 6:
		name := g.fresh()
		return annotated([]syntax.Ident{name}, &syntax.Nametype{Name: name, Type: e()})
	case 7:
		if in.module || in.timed {
			return nil
		}
		return []syntax.Decl{&syntax.Print{Text: strings.ReplaceAll(syntax.String(g.atom()), "\n", "")}}
	case 8:
		if fuel <= 0 {
			return nil
		}
		in.module = true
		m := &syntax.Module{Name: g.ident(), Params: many(g, 0, 2, g.ident), Private: g.decls(fuel-1, in), Public: g.decls(fuel-1, in)}
		return []syntax.Decl{m}
	case 9:
		return []syntax.Decl{&syntax.Instance{Name: g.ident(), Module: &syntax.Name{Path: g.path(), Ident: g.ident()}, Args: many(g, 0, 2, e)}}
	}
	if in.module {
		return nil
	}
	return []syntax.Decl{g.assert(fuel)}
}

func (g *grower) assert(fuel int) *syntax.Assert {
	extension := g.pick(4) == 0
	if extension {
		fuel = 0 // it stands on one line, which a let of several declarations cannot
	}
	a := &syntax.Assert{Not: g.bool(), Impl: g.expr(fuel), Extension: extension}
	a.Kind = rapid.SampledFrom([]syntax.AssertKind{syntax.Refines, syntax.DeadlockFree, syntax.DivergenceFree, syntax.Deterministic, syntax.HasTrace}).Draw(g.t, "kind")
	a.Model = rapid.SampledFrom([]syntax.Model{"F", "FD", "V", "VD", "R", "RD"}).Draw(g.t, "model")
	switch a.Kind {
	case syntax.Refines:
		a.Spec = g.expr(fuel)
	case syntax.HasTrace:
		a.Trace = many(g, 1, 2, func() syntax.Expr { return g.expr(fuel - 1) })
	default:
		if g.bool() {
			a.Model = syntax.NoModel
		}
	}
	if g.bool() {
		a.TauPriority = g.expr(fuel - 1)
	}
	a.Reduce = rapid.SampledFrom([]string{"", "default", "precise", "hybrid", "fast"}).Draw(g.t, "reduce")
	switch g.pick(4) {
	case 0:
		a.Expect = &syntax.Expectation{Holds: true}
	case 1:
		a.Expect = &syntax.Expectation{}
	case 2:
		a.Expect = &syntax.Expectation{HasTrace: true, Trace: "a, ✓"}
	}
	return a
}
