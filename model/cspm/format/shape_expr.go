package format

import "github.com/cspcheck/cspcheck/model/cspm/syntax"

// exprs shapes expressions in brackets.
func (s *shaper) exprs(es []syntax.Expr, rank int) {
	for _, e := range es {
		s.expr(e, frame{rank: rank})
	}
}

// A frame is what an expression needs to know of what it is part of.
type frame struct {
	rank  int  // of the loosest place to break it
	tight bool // arithmetic in it stands without blanks, as in 0..N-1 and c!x+1
	chain hang // where the lines of a chain of prefixes stand; unset: under the first
}

// within returns the frame of the body of something: where it begins on the
// same line, its further lines stand at h.
func (s *shaper) within(body syntax.Expr, h hang, rank int) frame {
	if s.toks[s.first(body)].newline() {
		return frame{rank: rank}
	}
	return frame{rank: rank, chain: h}
}

// expr shapes an expression.
func (s *shaper) expr(e syntax.Expr, f frame) {
	a, b := s.first(e), s.after(e)
	in := hang{mode: under, base: a, plus: step}
	rank := f.rank
	switch e := e.(type) {
	case *syntax.Paren:
		bracket(s, a, b-1, rank, e.X)
		s.expr(e.X, frame{rank: rank + 1})
	case *syntax.Tuple:
		bracket(s, a, b-1, rank, e.Elems...)
		s.exprs(e.Elems, rank+1)
	case *syntax.List:
		s.list(e.Kind, a, b-1, rank, e.Elems, e.Stmts, false)
	case *syntax.Range:
		bounds := []syntax.Expr{e.From}
		if e.To != nil {
			bounds = append(bounds, e.To)
		}
		s.list(e.Kind, a, b-1, rank, bounds, e.Stmts, true)
	case *syntax.MapLit:
		s.mapLit(e, a, b-1, rank)
	case *syntax.Apply:
		open := s.after(e.Fn)
		s.toks[open].tightLeft = true
		s.at(open, in)
		bracket(s, open, b-1, rank, e.Args...)
		s.expr(e.Fn, frame{rank: rank})
		s.exprs(e.Args, rank+1)
	case *syntax.Lambda:
		all(s, a+1, b, in, append(nodes(e.Params), e.Body)...)
		s.fold(s.first(e.Body), rank, nil)
		s.pats(e.Params)
		s.expr(e.Body, s.within(e.Body, in, rank+1))
	case *syntax.Let:
		s.let(e, a, rank)
	case *syntax.If:
		s.ifElse(e, a, a, rank, nil)
	case *syntax.Unary:
		s.at(a+1, in)
		if e.Op == syntax.OpNeg {
			s.toks[a].tightRight = true
		}
		s.expr(e.X, frame{rank: rank, tight: f.tight && e.Op != syntax.OpNot})
	case *syntax.Binary:
		s.binary(e, a, f)
	default:
		s.process(e, a, b, f)
	}
}

// nodes returns parts of one sort as nodes.
func nodes[N syntax.Node](parts []N) []syntax.Node {
	var ns []syntax.Node
	for _, n := range parts {
		ns = append(ns, n)
	}
	return ns
}

// list shapes <e, e | stmts>, a range and the like.
func (s *shaper) list(kind syntax.Bracket, open, close, rank int, elems []syntax.Expr, stmts []syntax.Stmt, tight bool) {
	if kind == syntax.SeqBracket {
		s.angles(open, close)
	}
	end := close
	if len(stmts) > 0 {
		end = s.first(stmts[0])
		inside := hang{mode: content, base: open}
		s.at(end, inside)
		s.fold(end-1, rank, nil)
		s.toks[end-2].tightRight = false // <1.. | x <- s>
		s.stmts(stmts, rank+1)
	}
	bracket(s, open, close, rank+1, append(nodes(elems), nodes(stmts)...)...)
	for _, e := range elems {
		s.expr(e, frame{rank: rank + 2, tight: tight})
	}
}

// stmts shapes statements. All but the first stand under the first.
func (s *shaper) stmts(list []syntax.Stmt, rank int) {
	first := s.first(list[0])
	for k, st := range list {
		at := s.first(st)
		if k > 0 {
			s.at(at-1, hang{mode: under, base: first})
			s.at(at, hang{mode: under, base: first})
			s.fold(at, rank, nil)
		}
		switch st := st.(type) {
		case *syntax.Generator:
			in := hang{mode: under, base: at, plus: step}
			source := s.first(st.Source)
			s.at(source-1, in)
			s.at(source, in)
			s.pat(st.Pat)
			s.expr(st.Source, frame{rank: rank + 1})
		case *syntax.Filter:
			s.expr(st.Cond, frame{rank: rank + 1})
		}
	}
}

func (s *shaper) mapLit(e *syntax.MapLit, open, close, rank int) {
	var parts []syntax.Expr
	for _, m := range e.Entries {
		parts = append(parts, m.Key, m.Value)
	}
	bracket(s, open, close, rank, parts...)
	s.exprs(parts, rank+1)
}

// let stands over within; the declarations are further in, or under the first
// of them if it stands beside let.
func (s *shaper) let(e *syntax.Let, a, rank int) {
	in := hang{mode: under, base: a, plus: step}
	body := s.first(e.Body)
	within := &s.toks[body-1]
	s.at(body-1, hang{mode: under, base: a})
	within.noteHang = in
	s.at(body, in)
	c := &chain{}
	s.fold(body-1, rank, c)
	if len(e.Decls) > 0 {
		h := in
		if first := s.first(e.Decls[0]); !s.toks[first].newline() {
			s.at(first, in)
			h = hang{mode: under, base: first}
		}
		s.decls(e.Decls, h)
	}
	s.expr(e.Body, frame{rank: rank + 1})
}

// ifElse shapes if c then x else y, which begins with token a. A chain of
// else if stands as one, under the token of its first if.
func (s *shaper) ifElse(e *syntax.If, a, anchor, rank int, c *chain) {
	if c == nil {
		c = &chain{}
	}
	in := hang{mode: under, base: anchor, plus: step}
	s.at(a+1, in)
	for _, branch := range []syntax.Expr{e.Then, e.Else} {
		first := s.first(branch)
		s.at(first-1, hang{mode: under, base: anchor})
		s.at(first, in)
	}
	then, els := s.first(e.Then)-1, s.first(e.Else)-1
	s.fold(then, rank+1, nil)
	s.fold(els, rank, c)
	s.expr(e.Cond, frame{rank: rank + 2})
	s.expr(e.Then, s.within(e.Then, in, rank+2))
	if next, ok := e.Else.(*syntax.If); ok && !s.toks[els+1].newline() {
		s.ifElse(next, els+1, anchor, rank, c)
		return
	}
	s.expr(e.Else, s.within(e.Else, in, rank+2))
}

// binary shapes x op y, and a whole x op y op z. The operators, and operands
// that begin a line, stand under x.
func (s *shaper) binary(e *syntax.Binary, a int, f frame) {
	rank := f.rank
	under := hang{mode: under, base: a}
	if e.Op == syntax.OpGuard && f.chain.mode != unset {
		under = f.chain
	}
	var c *chain
	switch e.Op {
	case syntax.OpSeq, syntax.OpSlide, syntax.OpInterrupt, syntax.OpExtChoice, syntax.OpIntChoice, syntax.OpInterleave:
		c = &chain{}
	}
	tight := f.tight && infix(string(e.Op)) || e.Op == syntax.OpDot
	x := syntax.Expr(e)
	for {
		b, ok := x.(*syntax.Binary)
		if !ok || b.Op != e.Op || b.OpPos == 0 || e.Op == syntax.OpDot && x != e {
			break
		}
		op := find(s.toks, b.OpPos)
		s.at(op, under)
		s.at(op+1, under)
		switch e.Op {
		case syntax.OpDot:
		case syntax.OpGuard, syntax.OpSub, syntax.OpLt:
			s.fold(op+1, rank, c)
		default:
			s.fold(op, rank, c)
		}
		if tight {
			s.toks[op].tightLeft, s.toks[op].tightRight = true, true
		}
		if e.Op == syntax.OpGuard && follows(b.Y) {
			s.expr(b.Y, frame{rank: rank, chain: under})
		} else {
			s.expr(b.Y, frame{rank: rank + 1, tight: tight})
		}
		x = b.X
	}
	s.expr(x, frame{rank: rank + 1, tight: tight})
}

// follows tells whether e goes on with the chain of prefixes and guards whose
// body it is.
func follows(e syntax.Expr) bool {
	switch e := e.(type) {
	case *syntax.Prefix:
		return true
	case *syntax.Binary:
		return e.Op == syntax.OpGuard
	}
	return false
}

func (s *shaper) pats(list []syntax.Pat) {
	for _, q := range list {
		s.pat(q)
	}
}

// pat shapes a pattern: everything in it is tight but commas.
func (s *shaper) pat(q syntax.Pat) {
	a, b := s.first(q), s.after(q)
	infix := func(x, y syntax.Pat) {
		op := s.after(x)
		s.toks[op].tightLeft, s.toks[op].tightRight = true, true
		h := hang{mode: under, base: a}
		s.at(op, h)
		s.at(op+1, h)
		s.pat(x)
		s.pat(y)
	}
	switch q := q.(type) {
	case *syntax.PatLit:
		if b > a+1 { // -3
			s.toks[a].tightRight = true
			s.at(a+1, hang{mode: under, base: a, plus: step})
		}
	case *syntax.PatParen:
		bracket(s, a, b-1, rankHead, q.X)
		s.pat(q.X)
	case *syntax.PatTuple:
		bracket(s, a, b-1, rankHead, q.Elems...)
		s.pats(q.Elems)
	case *syntax.PatSeq:
		s.angles(a, b-1)
		bracket(s, a, b-1, rankHead, q.Elems...)
		s.pats(q.Elems)
	case *syntax.PatSet:
		bracket(s, a, b-1, rankHead, q.Elems...)
		s.pats(q.Elems)
	case *syntax.PatConcat:
		infix(q.X, q.Y)
	case *syntax.PatDot:
		infix(q.X, q.Y)
	case *syntax.PatBoth:
		infix(q.X, q.Y)
	}
}
