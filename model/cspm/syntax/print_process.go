package syntax

// process writes the operators that only processes have.
func (p *printer) process(e Expr, right edge) {
	switch e := e.(type) {
	case *Prefix:
		p.expr(e.Event, levelArrow+1, closed)
		for _, f := range e.Fields {
			p.field(f)
		}
		p.write(" -> ")
		p.expr(e.Body, levelArrow, right)
	case *Rename:
		p.expr(e.X, levelPostfix, closed)
		p.in("[[", "]]", func() { p.ties(e.Ties, " <- ", e.Comp, e.Stmts) })
	case *Synced:
		level := infixLevel(e.Op)
		x := level
		if !associates(level) {
			x++
		}
		p.expr(e.X, x, closed)
		p.write(" ")
		p.syncSet(e.Op, e.A)
		p.write(" ")
		p.expr(e.Y, level+1, right)
	case *AlphaPar:
		p.expr(e.X, levelPar+1, closed)
		p.write(" ")
		p.in("[", "]", func() {
			p.expr(e.A, levelBoth, closed)
			p.write(" || ")
			p.expr(e.B, levelBoth, open)
		})
		p.write(" ")
		p.expr(e.Y, levelPar+1, right)
	case *Linked:
		p.expr(e.X, levelPar+1, closed)
		p.write(" ")
		p.in("[", "]", func() { p.ties(e.Ties, " <-> ", e.Comp, e.Stmts) })
		p.write(" ")
		p.expr(e.Y, levelPar+1, right)
	case *Replicated:
		p.replicated(e, right)
	}
}

// syncSet writes the brackets of an operator with a set.
func (p *printer) syncSet(op Op, a Expr) {
	opener, closer := "[|", "|]"
	switch op {
	case OpThrow:
		closer = "|>"
	case OpSyncChoice:
		opener, closer = "[+", "+]"
	case OpSyncInterrupt:
		opener, closer = "/+", `+\`
	}
	p.in(opener, closer, func() { p.expr(a, levelBoth, open) })
}

func (p *printer) ties(ties []Tie, arrow string, comp bool, stmts []Stmt) {
	for i, t := range ties {
		if i > 0 {
			p.write(", ")
		}
		p.expr(t.From, levelBoth, closed)
		p.write(arrow)
		p.expr(t.To, levelBoth, open)
	}
	if comp {
		p.write(" | ")
		p.stmts(stmts, open)
	}
}

func (p *printer) replicated(e *Replicated, right edge) {
	body := levelBoth
	switch e.Op {
	case OpPar, OpSyncChoice:
		p.syncSet(e.Op, e.A)
	case OpAlphaPar:
		p.write("||")
		body = levelPar + 1
	case OpLink:
		p.in("[", "]", func() { p.ties(e.Ties, " <-> ", e.Comp, e.TieStmts) })
	default:
		p.write(string(e.Op))
	}
	p.write(" ")
	p.stmts(e.Stmts, open)
	p.write(" @ ")
	if e.Op == OpAlphaPar {
		p.in("[", "]", func() { p.expr(e.A, levelBoth, open) })
		p.write(" ")
	}
	p.expr(e.Body, body, right)
}

func (p *printer) field(f Field) {
	p.write(string(rune(f.Kind)))
	if f.Kind == Out {
		p.expr(f.Value, levelDot, closed)
		return
	}
	p.pat(f.Pat, levelBoth)
	if f.Set != nil {
		p.write(":")
		p.expr(f.Set, levelDot, closed)
	}
}
