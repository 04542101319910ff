package format

import "github.com/cspcheck/cspcheck/model/cspm/syntax"

// process shapes the operators that only processes have.
func (s *shaper) process(e syntax.Expr, a, b int, f frame) {
	rank := f.rank
	here := hang{mode: under, base: a}
	in := hang{mode: under, base: a, plus: step}
	switch e := e.(type) {
	case *syntax.Prefix:
		if f.chain.mode != unset {
			here = f.chain
		}
		s.prefix(e, here, in, rank)
	case *syntax.Rename:
		open := s.after(e.X)
		s.at(open, in)
		s.expr(e.X, frame{rank: rank})
		s.ties(open, b-1, rank, e.Ties, e.Stmts)
	case *syntax.Synced:
		open, y := s.after(e.X), s.first(e.Y)
		s.fold(open, rank, &chain{})
		s.at(open, here)
		bracket(s, open, y-1, rank+1, e.A)
		s.at(y, here)
		s.exprs([]syntax.Expr{e.X, e.A, e.Y}, rank+1)
	case *syntax.AlphaPar:
		open, y := s.after(e.X), s.first(e.Y)
		s.fold(open, rank, &chain{})
		s.at(open, here)
		bracket(s, open, y-1, rank+1, e.A, e.B)
		s.at(y, here)
		s.exprs([]syntax.Expr{e.X, e.A, e.B, e.Y}, rank+1)
	case *syntax.Linked:
		open, y := s.after(e.X), s.first(e.Y)
		s.fold(open, rank, &chain{})
		s.at(open, here)
		s.ties(open, y-1, rank+1, e.Ties, e.Stmts)
		s.at(y, here)
		s.exprs([]syntax.Expr{e.X, e.Y}, rank+1)
	case *syntax.Replicated:
		s.replicated(e, a, here, in, rank)
	}
}

// prefix shapes c?x!y -> P and what P goes on with.
func (s *shaper) prefix(e *syntax.Prefix, here, in hang, rank int) {
	s.expr(e.Event, frame{rank: rank + 1})
	for _, f := range e.Fields {
		at := find(s.toks, f.Start)
		s.at(at, in)
		s.at(at+1, in)
		if f.Kind == syntax.Out {
			s.expr(f.Value, frame{rank: rank + 1, tight: true})
			continue
		}
		s.pat(f.Pat)
		if f.Set != nil {
			colon := s.first(f.Set) - 1
			s.toks[colon].tightLeft, s.toks[colon].tightRight = true, true
			s.at(colon, in)
			s.at(colon+1, in)
			s.expr(f.Set, frame{rank: rank + 1, tight: true})
		}
	}
	body := s.first(e.Body)
	s.at(body-1, here)
	s.at(body, here)
	s.fold(body, rank, nil)
	if follows(e.Body) {
		s.expr(e.Body, frame{rank: rank, chain: here})
	} else {
		s.expr(e.Body, frame{rank: rank + 1})
	}
}

// ties shapes [[a <- b, ... | stmts]] and [a <-> b, ... | stmts].
func (s *shaper) ties(open, close, rank int, ties []syntax.Tie, stmts []syntax.Stmt) {
	var parts []syntax.Node
	for _, t := range ties {
		parts = append(parts, t.From, t.To)
		s.expr(t.From, frame{rank: rank + 2})
		s.expr(t.To, frame{rank: rank + 2})
	}
	if len(stmts) > 0 {
		s.at(s.first(stmts[0]), hang{mode: content, base: open})
		s.fold(s.first(stmts[0])-1, rank, nil)
		s.stmts(stmts, rank+1)
		parts = append(parts, nodes(stmts)...)
	}
	bracket(s, open, close, rank+1, parts...)
}

// replicated shapes [] stmts @ P and its like.
func (s *shaper) replicated(e *syntax.Replicated, a int, here, in hang, rank int) {
	first, body := s.first(e.Stmts[0]), s.first(e.Body)
	at := s.after(e.Stmts[len(e.Stmts)-1])
	switch e.Op {
	case syntax.OpPar, syntax.OpSyncChoice:
		bracket(s, a, first-1, rank+1, e.A)
		s.expr(e.A, frame{rank: rank + 2})
	case syntax.OpLink:
		s.ties(a, first-1, rank+1, e.Ties, e.TieStmts)
	case syntax.OpAlphaPar:
		s.at(at+1, in)
		bracket(s, at+1, body-1, rank+1, e.A)
		s.expr(e.A, frame{rank: rank + 2})
	}
	s.at(first, in)
	s.at(at, here)
	s.at(body, in)
	s.fold(body, rank, nil)
	s.stmts(e.Stmts, rank+1)
	s.expr(e.Body, s.within(e.Body, in, rank+1))
}
