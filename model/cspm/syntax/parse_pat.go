package syntax

// pattern turns an expression into the pattern it looks like. mark is the
// number of pattern-only tokens before it.
func (p *parser) pattern(e Expr, mark int) Pat {
	q := p.toPat(e)
	p.patOnly = p.patOnly[:mark]
	return q
}

func (p *parser) toPat(e Expr) Pat {
	span := e.At()
	switch e := e.(type) {
	case *Name:
		return &PatName{span, e.Path, e.Ident}
	case *wildExpr:
		return &PatWild{span}
	case *IntLit, *BoolLit, *CharLit, *StringLit:
		return &PatLit{span, e}
	case *Paren:
		return &PatParen{span, p.toPat(e.X)}
	case *Tuple:
		return &PatTuple{span, p.toPats(e.Elems)}
	case *bothExpr:
		return &PatBoth{span, p.toPat(e.X), p.toPat(e.Y)}
	case *Unary:
		if n, ok := e.X.(*IntLit); ok && e.Op == OpNeg {
			return &PatLit{span, &IntLit{span, -n.Value}}
		}
	case *Binary:
		switch e.Op {
		case OpDot:
			return &PatDot{span, p.toPat(e.X), p.toPat(e.Y)}
		case OpConcat:
			return &PatConcat{span, p.toPat(e.X), p.toPat(e.Y)}
		}
	case *List:
		switch {
		case e.Comp:
		case e.Kind == SeqBracket:
			return &PatSeq{span, p.toPats(e.Elems)}
		case e.Kind == SetBracket:
			return &PatSet{span, p.toPats(e.Elems)}
		}
	}
	what, fix := notPattern(e)
	p.fail(span, fix, "%s is not a valid pattern", what)
	return nil
}

func (p *parser) toPats(es []Expr) []Pat {
	var ps []Pat
	for _, e := range es {
		ps = append(ps, p.toPat(e))
	}
	return ps
}

// notPattern names an expression that is no pattern.
func notPattern(e Expr) (what, fix string) {
	switch e := e.(type) {
	case *Apply:
		return "a function call", ""
	case *List:
		if e.Kind == EnumBracket {
			return "{| |}", "name the channel itself"
		}
		return "a comprehension", ""
	case *Range:
		return "a range", "match a variable, and test it"
	case *MapLit:
		return "a map", ""
	case *Lambda:
		return "a function", ""
	case *Unary:
		if e.Op == OpNeg {
			return "a minus before something other than a number", ""
		}
		return "`" + string(e.Op) + "`", "match a variable, and test it"
	case *Binary:
		if infixLevel(e.Op) >= levelDot {
			return "an expression with `" + string(e.Op) + "`", "match a variable, and test it"
		}
	}
	return "this expression", ""
}

// noPatterns complains about patterns, read since mark, in places where
// only expressions can stand.
func (p *parser) noPatterns(mark int) (ok bool) {
	for _, t := range p.patOnly[mark:] {
		p.errorf(p.spanOf(t), "", "%s is only for patterns: it is not a valid expression here", p.bare(t))
	}
	ok = len(p.patOnly) == mark
	p.patOnly = p.patOnly[:mark]
	return ok
}
