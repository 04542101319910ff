package syntax

// The levels of operators, loosest first, as FDR's parser has them. A dot is
// looser than "or", "==" and "+".
const (
	levelPrefix     = 1 // let, if, lambda, and most replicated operators
	levelBoth       = 2
	levelHide       = 3
	levelInterleave = 4
	levelPar        = 5
	levelIntChoice  = 6
	levelExtChoice  = 7
	levelInterrupt  = 8
	levelSlide      = 9
	levelSeq        = 10
	levelArrow      = 11 // guards and prefixes; fields belong to these
	levelDot        = 14
	levelOr         = 16
	levelAnd        = 17
	levelNot        = 18
	levelCompare    = 19
	levelAdd        = 20 // unary minus as well
	levelMul        = 21
	levelLength     = 22
	levelConcat     = 23
	levelPostfix    = 24
	levelAtom       = 25
)

// An infixInfo says how an operator binds. Level 0 is no operator.
type infixInfo struct {
	level int8
	op    Op
}

var infix = [numKinds]infixInfo{
	tAtAt:       {levelBoth, ""},
	tHide:       {levelHide, OpHide},
	tProject:    {levelHide, OpProject},
	tInterleave: {levelInterleave, OpInterleave},
	tLPar:       {levelPar, OpPar},
	tLBracket:   {levelPar, OpAlphaPar},
	tIntChoice:  {levelIntChoice, OpIntChoice},
	tExtChoice:  {levelExtChoice, OpExtChoice},
	tLSync:      {levelExtChoice, OpSyncChoice},
	tInterrupt:  {levelInterrupt, OpInterrupt},
	tLSyncInt:   {levelInterrupt, OpSyncInterrupt},
	tSlide:      {levelSlide, OpSlide},
	tSemi:       {levelSeq, OpSeq},
	tAmp:        {levelArrow, OpGuard},
	tArrow:      {levelArrow, ""},
	tQuery:      {levelArrow, ""},
	tBang:       {levelArrow, ""},
	tDollar:     {levelArrow, ""},
	tDot:        {levelDot, OpDot},
	kwOr:        {levelOr, OpOr},
	kwAnd:       {levelAnd, OpAnd},
	tEq:         {levelCompare, OpEq},
	tNe:         {levelCompare, OpNe},
	tLt:         {levelCompare, OpLt},
	tLe:         {levelCompare, OpLe},
	tGt:         {levelCompare, OpGt},
	tGe:         {levelCompare, OpGe},
	tPlus:       {levelAdd, OpAdd},
	tMinus:      {levelAdd, OpSub},
	tTimes:      {levelMul, OpMul},
	tDiv:        {levelMul, OpDiv},
	tMod:        {levelMul, OpMod},
	tConcat:     {levelConcat, OpConcat},
}

// associates tells whether operators of a level can stand side by side.
func associates(level int) bool {
	return level != levelBoth && level != levelPar && level != levelCompare
}

// wildExpr and bothExpr are patterns until it shows that they are none.
type (
	wildExpr struct{ Span }
	bothExpr struct {
		Span
		X, Y Expr
	}
)

func (*wildExpr) expr() {}
func (*bothExpr) expr() {}

// whole reads an expression as long as it goes.
func (p *parser) whole() Expr { return p.binary(levelBoth) }

// binary reads an expression of operators that bind at least as tightly as
// min, by precedence climbing.
func (p *parser) binary(min int) Expr {
	outer := p.height
	p.height = 0
	x := p.operand()
	last := levelAtom // level of the operator read last
	for !p.tok.nl {
		if p.tok.kind == tGe && p.seqs > 0 {
			p.splitGe()
		}
		in := infix[p.tok.kind]
		level := int(in.level)
		if level == 0 || level < min || p.tok.kind == tGt && p.seqs > 0 {
			break
		}
		if level == last && !associates(level) || level == levelPar && p.endsOpen(x) {
			p.sideBySide()
		}
		last = level
		switch {
		case level == levelArrow:
			x = p.arrows(x)
		case level == levelDot:
			x = p.dots(x)
		case in.op == OpPar, in.op == OpSyncChoice, in.op == OpSyncInterrupt:
			x = p.synced(x, in.op)
		case in.op == OpAlphaPar:
			x = p.alphabetised(x)
		default:
			op := p.tok
			p.next()
			y := p.binary(level + 1)
			span := x.At().To(y.At())
			switch {
			case level == levelBoth:
				p.patOnly = append(p.patOnly, op)
				x = &bothExpr{span, x, y}
			case level == levelHide:
				x = hide(x, in.op, p.spanOf(op).Start, y)
			default:
				x = &Binary{span, in.op, p.spanOf(op).Start, x, y}
			}
		}
		p.grow(1, x.At())
	}
	p.height = max(p.height, outer)
	return x
}

func (p *parser) sideBySide() {
	p.fail(p.spanOf(p.tok), "use brackets to say which comes first",
		"%s cannot stand beside another operator of its kind", p.bare(p.tok))
}

// endsOpen tells whether x ends with a replicated || that is not in brackets:
// its body is as long as the operators of its level let it be.
func (p *parser) endsOpen(x Expr) bool {
	return p.repEnd != 0 && x.At().End == p.repEnd
}

// hide returns x \ y or x |\ y. Hiding is the loosest of operators, but it
// takes only what stands next to it:
//
//	P \ A [] Q ||| R  is  ((P \ A) [] Q) ||| R
//
// so it moves down to the left end of y, past all process operators there.
func hide(x Expr, op Op, pos Pos, y Expr) Expr {
	result := y
	at := &result // where the hiding goes
	for {
		var left *Expr
		var span *Span
		switch y := (*at).(type) {
		case *Binary:
			switch y.Op {
			case OpInterleave, OpIntChoice, OpExtChoice, OpInterrupt, OpSlide, OpSeq:
				left, span = &y.X, &y.Span
			}
		case *Synced:
			left, span = &y.X, &y.Span
		case *AlphaPar:
			left, span = &y.X, &y.Span
		}
		if left == nil {
			set := *at
			*at = &Binary{x.At().To(set.At()), op, pos, x, set}
			return result
		}
		span.Start = x.At().Start
		at = left
	}
}

// dots reads .y.z after x: x.(y.z).
func (p *parser) dots(x Expr) Expr {
	items, at := []Expr{x}, []Pos(nil)
	for p.is(tDot) {
		at = append(at, p.spanOf(p.tok).Start)
		p.next()
		items = append(items, p.binary(levelDot+1))
	}
	p.grow(len(at)-1, x.At())
	x = items[len(items)-1]
	for i := len(at) - 1; i >= 0; i-- {
		x = &Binary{items[i].At().To(x.At()), OpDot, at[i], items[i], x}
	}
	return x
}

// arrows reads what follows x in a chain of guards and prefixes, which
// associate to the right: x ? y & b -> P.
func (p *parser) arrows(x Expr) Expr {
	type link struct {
		x      Expr
		fields []Field
		op     token
	}
	var links []link
	for !p.tok.nl && infix[p.tok.kind].level == levelArrow {
		fields := p.fields()
		if !p.is(tArrow) && (len(fields) > 0 || !p.is(tAmp)) {
			p.unexpected("a prefix needs `->` and a process before")
		}
		links = append(links, link{x, fields, p.tok})
		p.next()
		x = p.binary(levelArrow + 1)
	}
	p.grow(len(links)-1, links[0].x.At())
	for i := len(links) - 1; i >= 0; i-- {
		l := links[i]
		span := l.x.At().To(x.At())
		if l.op.kind == tAmp {
			x = &Binary{span, OpGuard, p.spanOf(l.op).Start, l.x, x}
		} else {
			x = &Prefix{span, l.x, l.fields, x}
		}
	}
	return x
}

// fields reads the fields of a prefix: ?p, ?p:S, $p, $p:S and !e.
func (p *parser) fields() []Field {
	var fields []Field
	for !p.tok.nl {
		start := p.tok
		f := Field{}
		switch start.kind {
		case tQuery:
			f.Kind = In
		case tDollar:
			f.Kind = Nondet
		case tBang:
			f.Kind = Out
		default:
			return fields
		}
		p.next()
		if f.Kind == Out {
			f.Value = p.binary(levelDot)
		} else {
			mark := len(p.patOnly)
			e := p.binary(levelDot)
			if p.is(tAtAt) {
				p.patOnly = append(p.patOnly, p.tok)
				p.next()
				y := p.binary(levelDot)
				e = &bothExpr{e.At().To(y.At()), e, y}
				p.grow(1, e.At())
			}
			if p.is(tAtAt) {
				p.sideBySide()
			}
			f.Pat = p.pattern(e, mark)
			if p.got(tColon) {
				f.Set = p.binary(levelDot)
			}
		}
		f.Span = p.from(start)
		fields = append(fields, f)
	}
	return fields
}

// synced reads [|A|] y, [|A|> y, [+A+] y or /+A+\ y after x.
func (p *parser) synced(x Expr, op Op) Expr {
	a, op := p.syncSet(op)
	y := p.binary(int(infix[opKinds[op]].level) + 1)
	return &Synced{x.At().To(y.At()), op, x, a, y}
}

// The token that begins each operator with a set.
var opKinds = map[Op]kind{OpPar: tLPar, OpThrow: tLPar, OpSyncChoice: tLSync, OpSyncInterrupt: tLSyncInt}

// syncSet reads [|A|], [|A|>, [+A+] or /+A+\.
func (p *parser) syncSet(op Op) (Expr, Op) {
	_, seqs := p.push()
	a := p.whole()
	close := tRPar
	switch {
	case op == OpSyncChoice:
		close = tRSync
	case op == OpSyncInterrupt:
		close = tRSyncInt
	case p.is(tThrow):
		op, close = OpThrow, tThrow
	}
	p.pop(close, seqs)
	return a, op
}

// alphabetised reads [A || B] y or [a <-> b, ...] y after x.
func (p *parser) alphabetised(x Expr) Expr {
	_, seqs := p.push()
	a := p.whole()
	if p.is(tAssign) {
		p.fail(p.spanOf(p.tok), "write [T=, [F= or [FD=", "there is no refinement in the model %s", p.script.files.Text(a.At()))
	}
	if p.got(tParallel) {
		b := p.whole()
		p.pop(tRBracket, seqs)
		y := p.binary(levelPar + 1)
		return &AlphaPar{x.At().To(y.At()), x, a, b, y}
	}
	if !p.is(tLink) {
		p.unexpected("a parallel is written [A || B] or [c <-> d]: `||` or `<->` is missing before")
	}
	l := &Linked{X: x}
	l.Ties, l.Comp, l.Stmts = p.ties(a, tLink)
	p.pop(tRBracket, seqs)
	l.Y = p.binary(levelPar + 1)
	l.Span = x.At().To(l.Y.At())
	return l
}

// ties reads what follows the first expression of a <- b, c <- d | stmts,
// where "<-" may be another arrow.
func (p *parser) ties(from Expr, arrow kind) (ties []Tie, comp bool, stmts []Stmt) {
	for {
		p.expect(arrow, "a pair of events")
		ties = append(ties, Tie{from, p.whole()})
		if !p.got(tComma) {
			break
		}
		from = p.whole()
	}
	if p.got(tBar) {
		comp, stmts = true, p.stmts()
	}
	return ties, comp, stmts
}
