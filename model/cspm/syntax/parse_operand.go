package syntax

import (
	"bytes"
	"strconv"
)

// operand reads an expression without a binary operator in front: a prefix
// operator with its operand, or something closed with what is applied to it.
func (p *parser) operand() Expr {
	if p.tok.nl {
		p.noOperand()
	}
	start := p.tok
	switch start.kind {
	case tMinus, tLength, kwNot:
		outer := p.enter()
		p.next()
		u := &Unary{}
		switch start.kind {
		case tMinus:
			u.Op, u.X = OpNeg, p.binary(levelAdd+1)
		case tLength:
			u.Op, u.X = OpLength, p.binary(levelLength+1)
		default:
			u.Op, u.X = OpNot, p.binary(levelNot+1)
		}
		u.Span = p.spanOf(start).To(u.X.At())
		p.leave(outer)
		return u
	case kwLet, kwIf, tHide, tExtChoice, tIntChoice, tInterleave, tSemi, tLPar, tLSync, tLBracket, tParallel:
		outer := p.enter()
		e := p.opened()
		p.leave(outer)
		return e
	}
	return p.applied(p.atom())
}

func (p *parser) noOperand() {
	p.unexpected("an expression is missing before")
}

// atom reads a name, a literal or something in brackets.
func (p *parser) atom() Expr {
	t := p.tok
	span := p.spanOf(t)
	var e Expr
	switch t.kind {
	case tIdent, tQual:
		return p.name()
	case tInt:
		v, _ := strconv.ParseInt(string(p.textOf(t)), 10, 64) // too large: reported
		e = &IntLit{span, v}
	case kwTrue, kwFalse:
		e = &BoolLit{span, t.kind == kwTrue}
	case tChar:
		e = &CharLit{span, charValue(p.textOf(t))}
	case tString:
		e = &StringLit{span, stringValue(p.textOf(t))}
	case tWild:
		p.patOnly = append(p.patOnly, t)
		e = &wildExpr{span}
	case tLParen, tLt, tLBrace, tLEnum, tLMap:
		outer := p.enter()
		switch t.kind {
		case tLParen:
			e = p.paren()
		case tLMap:
			e = p.mapLit()
		default:
			e = p.list()
		}
		p.leave(outer)
		return e
	default:
		p.noOperand()
	}
	p.next()
	return e
}

// name reads x, M::x or M::N::x.
func (p *parser) name() *Name {
	t := p.tok
	if t.kind != tIdent && t.kind != tQual || t.nl {
		p.unexpected("a name is missing before")
	}
	path, last := p.splitName(t)
	p.next()
	return &Name{p.spanOf(t), path, last}
}

// splitName returns the parts of a name.
func (p *parser) splitName(t token) (path []Ident, last Ident) {
	start := int(t.start)
	for t.kind == tQual {
		n := bytes.Index(p.src[start:t.end], []byte("::"))
		if n < 0 {
			break
		}
		path = append(path, Ident{p.span(start, start+n), p.intern(p.src[start : start+n])})
		start += n + 2
	}
	return path, Ident{p.span(start, int(t.end)), p.intern(p.src[start:t.end])}
}

// ident reads a name where it is declared.
func (p *parser) ident(what string) Ident {
	t := p.tok
	if t.kind != tIdent || t.nl {
		p.unexpected("%s needs a name before", what)
	}
	p.next()
	return Ident{p.spanOf(t), p.intern(p.textOf(t))}
}

// idents reads a, b, c.
func (p *parser) idents(what string) []Ident {
	names := []Ident{p.ident(what)}
	for p.got(tComma) {
		names = append(names, p.ident(what))
	}
	return names
}

// applied reads the argument lists and renamings after e.
func (p *parser) applied(e Expr) Expr {
	for !p.tok.nl {
		switch p.tok.kind {
		case tLParen:
			outer := p.height
			p.height = 0
			_, seqs := p.push()
			var args []Expr
			if !p.is(tRParen) {
				args = p.exprs()
			}
			p.pop(tRParen, seqs)
			e = &Apply{p.since(e.At()), e, args}
			p.height = max(p.height, outer)
		case tLRename:
			outer := p.height
			p.height = 0
			_, seqs := p.push()
			r := &Rename{X: e}
			r.Ties, r.Comp, r.Stmts = p.ties(p.whole(), tGets)
			p.pop(tRRename, seqs)
			r.Span = p.since(e.At())
			e = r
			p.height = max(p.height, outer)
		default:
			return e
		}
		p.grow(1, e.At())
	}
	return e
}

// exprs reads one expression or more.
func (p *parser) exprs() []Expr {
	es := []Expr{p.whole()}
	for p.got(tComma) {
		es = append(es, p.whole())
	}
	return es
}

// paren reads (e) or (e, e, ...).
func (p *parser) paren() Expr {
	start, seqs := p.push()
	if p.is(tRParen) {
		p.fail(p.from(start).To(p.spanOf(p.tok)), "a call without arguments is written f()", "there is no empty tuple")
	}
	es := p.exprs()
	p.pop(tRParen, seqs)
	if len(es) == 1 {
		return &Paren{p.from(start), es[0]}
	}
	return &Tuple{p.from(start), es}
}

// mapLit reads (| k => v, ... |).
func (p *parser) mapLit() Expr {
	start, seqs := p.push()
	m := &MapLit{}
	for !p.is(tRMap) {
		k := p.whole()
		p.expect(tDotable, "an entry of a map")
		m.Entries = append(m.Entries, MapEntry{k, p.whole()})
		if !p.got(tComma) {
			break
		}
		if p.is(tRMap) {
			p.noOperand()
		}
	}
	p.pop(tRMap, seqs)
	m.Span = p.from(start)
	return m
}

// list reads what begins with <, { or {|.
func (p *parser) list() Expr {
	kind, close := SeqBracket, tGt
	start, seqs := p.push()
	switch start.kind {
	case tLt:
		// Sequences count in the bracket around them: see binary.
		p.seqs = seqs + 1
	case tLBrace:
		kind, close = SetBracket, tRBrace
	default:
		kind, close = EnumBracket, tREnum
	}
	var elems, to []Expr
	isRange, comp := false, false
	var stmts []Stmt
	if !p.is(close) {
		elems = p.exprs()
		if kind != EnumBracket && len(elems) == 1 && p.got(tDotDot) {
			isRange = true
			if !p.is(close) && !p.is(tBar) {
				to = []Expr{p.whole()}
			}
		}
		if p.got(tBar) {
			comp, stmts = true, p.stmts()
		}
	}
	end := p.tok
	p.pop(close, seqs)
	if kind == SeqBracket {
		p.seqEnd = end
	}
	if !isRange {
		return &List{p.from(start), kind, elems, comp, stmts}
	}
	r := &Range{p.from(start), kind, elems[0], nil, comp, stmts}
	if len(to) > 0 {
		r.To = to[0]
	}
	return r
}

// splitGe takes the first half of ">=" where what follows can only be "=="
// or "=>": <x>==s.
func (p *parser) splitGe() {
	if c := p.peekByte(0); c == '=' || c == '>' {
		p.tok.kind = tGt
		p.off = int(p.tok.start) + 1
		p.tok.end = p.tok.start + 1
	}
}

// stmts reads the statements of a comprehension or a replicated operator.
func (p *parser) stmts() []Stmt {
	stmts := []Stmt{p.stmt()}
	for p.got(tComma) {
		stmts = append(stmts, p.stmt())
	}
	return stmts
}

func (p *parser) stmt() Stmt {
	mark := len(p.patOnly)
	e := p.whole()
	if !p.is(tGets) && !p.is(tColon) {
		return &Filter{e.At(), e}
	}
	g := &Generator{Pat: p.pattern(e, mark), Colon: p.is(tColon)}
	p.next()
	g.Source = p.whole()
	g.Span = e.At().To(g.Source.At())
	return g
}

// opened reads a form that takes in all that follows it.
func (p *parser) opened() Expr {
	start := p.tok
	switch start.kind {
	case kwLet:
		return p.let()
	case kwIf:
		p.next()
		e := &If{Cond: p.whole()}
		p.expect(kwThen, "`if`")
		e.Then = p.whole()
		p.expect(kwElse, "`if … then …`")
		e.Else = p.whole()
		e.Span = p.from(start)
		return e
	case tHide:
		p.next()
		e := &Lambda{}
		for {
			mark := len(p.patOnly)
			e.Params = append(e.Params, p.pattern(p.whole(), mark))
			if !p.got(tComma) {
				break
			}
		}
		p.expect(tAt, "a function `\\ x @ …`")
		e.Body = p.whole()
		e.Span = p.from(start)
		return e
	}
	return p.replicated()
}

func (p *parser) let() Expr {
	start := p.tok
	saved := p.scope
	p.next()
	p.scope.let = true
	p.lets++
	e := &Let{Decls: p.decls(func(k kind) bool { return k == kwWithin })}
	p.lets--
	p.scope = saved
	if !p.got(kwWithin) {
		p.failNote(p.here(p.hint()), Note{p.spanOf(start), "`let` stands here"}, p.hint(),
			"`within` is missing before %s", p.describe(p.tok))
	}
	e.Body = p.whole()
	e.Span = p.from(start)
	return e
}

// replicated reads a process operator with statements. The body of all but
// || takes in all that follows.
func (p *parser) replicated() Expr {
	start := p.tok
	r := &Replicated{}
	body := levelBoth
	switch start.kind {
	case tExtChoice, tIntChoice, tInterleave, tSemi:
		r.Op = infix[start.kind].op
		p.next()
	case tLPar:
		r.A, r.Op = p.syncSet(OpPar)
		if r.Op == OpThrow {
			p.fail(p.from(start), "replicated are only [] |~| ||| ; || [|A|] [+A+] and [c <-> d]",
				"an expression is missing before this operator")
		}
	case tLSync:
		r.A, r.Op = p.syncSet(OpSyncChoice)
	case tLBracket:
		r.Op = OpLink
		_, seqs := p.push()
		a := p.whole()
		if !p.is(tLink) {
			p.unexpected("an expression is missing before `[`, or `<->` before")
		}
		r.Ties, r.Comp, r.TieStmts = p.ties(a, tLink)
		p.pop(tRBracket, seqs)
	case tParallel:
		r.Op, body = OpAlphaPar, levelPar+1
		p.next()
	}
	r.Stmts = p.stmts()
	if !p.got(tAt) {
		p.unexpected("a replicated operator needs `@` and a process before")
	}
	if r.Op == OpAlphaPar {
		if !p.is(tLBracket) {
			p.unexpected("a replicated `||` needs an alphabet, || x:S @ [A] P, before")
		}
		_, seqs := p.push()
		r.A = p.whole()
		p.pop(tRBracket, seqs)
	}
	r.Body = p.binary(body)
	r.Span = p.from(start)
	if r.Op == OpAlphaPar {
		p.repEnd = r.At().End
	}
	return r
}
