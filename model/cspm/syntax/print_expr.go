package syntax

import (
	"math"
	"strconv"
)

// An edge says what follows an expression. Forms that take in all that
// follows them need brackets unless nothing does.
type edge bool

const (
	open   edge = true  // a closing bracket, a comma or the end
	closed edge = false // something that an open form would swallow
)

// infixLevel returns the level of a binary operator, or 0.
func infixLevel(op Op) int {
	for _, in := range infix {
		if in.op == op && op != "" {
			return int(in.level)
		}
	}
	if op == OpThrow {
		return levelPar
	}
	return 0
}

// levelOf returns how tightly the outermost operator of e binds.
func levelOf(e Expr) int {
	switch e := e.(type) {
	case *Let, *If, *Lambda:
		return levelPrefix
	case *Replicated:
		if e.Op == OpAlphaPar {
			return levelPar
		}
		return levelPrefix
	case *Binary:
		return infixLevel(e.Op)
	case *Synced:
		return infixLevel(e.Op)
	case *AlphaPar, *Linked:
		return levelPar
	case *Prefix:
		return levelArrow
	case *Unary:
		switch e.Op {
		case OpNeg:
			return levelAdd
		case OpNot:
			return levelNot
		}
		return levelLength
	case *IntLit:
		if e.Value < 0 {
			return levelAdd
		}
	case *Apply, *Rename:
		return levelPostfix
	}
	return levelAtom
}

// expr writes e where an expression of at least the given level can stand.
func (p *printer) expr(e Expr, level int, right edge) {
	if p.done() {
		return
	}
	l := levelOf(e)
	bracket := l < level
	if l == levelPrefix {
		bracket = right == closed
	}
	if b, ok := e.(*Binary); ok && b.Op == OpGt && p.seq {
		bracket = true
	}
	if !bracket {
		p.bare(e, right)
		return
	}
	p.in("(", ")", func() { p.bare(e, open) })
}

// in writes brackets and what is in them.
func (p *printer) in(opener, closer string, body func()) {
	seq := p.seq
	p.seq = opener == "<"
	p.write(opener)
	body()
	p.write(closer)
	p.seq = seq
}

func (p *printer) exprs(es []Expr) {
	for i, e := range es {
		if i > 0 {
			p.write(", ")
		}
		p.expr(e, levelBoth, open)
	}
}

// bare writes e without brackets around it.
func (p *printer) bare(e Expr, right edge) {
	switch e := e.(type) {
	case *Name:
		p.path(e.Path, e.Ident)
	case *IntLit:
		if e.Value == math.MinInt64 {
			p.write("-9223372036854775807 - 1")
			return
		}
		p.write(strconv.FormatInt(e.Value, 10))
	case *BoolLit:
		p.write(strconv.FormatBool(e.Value))
	case *CharLit:
		p.write(quoted(string(e.Value), '\''))
	case *StringLit:
		p.write(quoted(e.Value, '"'))
	case *Paren:
		p.in("(", ")", func() { p.expr(e.X, levelBoth, open) })
	case *Tuple:
		p.in("(", ")", func() { p.exprs(e.Elems) })
	case *Apply:
		p.expr(e.Fn, levelPostfix, closed)
		p.in("(", ")", func() { p.exprs(e.Args) })
	case *Lambda:
		p.write(`\ `)
		for i, q := range e.Params {
			if i > 0 {
				p.write(", ")
			}
			p.pat(q, levelBoth)
		}
		p.write(" @ ")
		p.expr(e.Body, levelBoth, right)
	case *Let:
		p.let(e, right)
	case *If:
		p.write("if ")
		p.expr(e.Cond, levelBoth, open)
		p.write(" then ")
		p.expr(e.Then, levelBoth, open)
		p.write(" else ")
		p.expr(e.Else, levelBoth, right)
	case *List:
		p.list(e.Kind, e.Comp, e.Stmts, func() { p.exprs(e.Elems) })
	case *Range:
		p.list(e.Kind, e.Comp, e.Stmts, func() {
			p.expr(e.From, levelBoth, open)
			p.write("..")
			if e.To != nil {
				p.expr(e.To, levelBoth, open)
			}
		})
	case *MapLit:
		if len(e.Entries) == 0 {
			p.write("(| |)")
			return
		}
		p.in("(| ", " |)", func() {
			for i, m := range e.Entries {
				if i > 0 {
					p.write(", ")
				}
				p.expr(m.Key, levelBoth, open)
				p.write(" => ")
				p.expr(m.Value, levelBoth, open)
			}
		})
	case *Unary:
		p.unary(e)
	case *Binary:
		p.binary(e, right)
	default:
		p.process(e, right)
	}
}

func (p *printer) unary(e *Unary) {
	switch e.Op {
	case OpNeg:
		p.write("-")
		p.expr(e.X, levelAdd+1, closed)
	case OpNot:
		p.write("not ")
		p.expr(e.X, levelNot+1, closed)
	default:
		p.write("#")
		p.expr(e.X, levelLength+1, closed)
	}
}

func (p *printer) binary(e *Binary, right edge) {
	level := infixLevel(e.Op)
	x, y := level, level+1
	switch {
	case level == levelArrow, level == levelDot:
		x, y = level+1, level
	case !associates(level):
		x = level + 1
	}
	p.expr(e.X, x, closed)
	if e.Op == OpDot {
		p.write(".")
	} else {
		p.write(" " + string(e.Op) + " ")
	}
	// The operand of a hiding would take the hiding in: see hide.
	if level == levelHide {
		y = levelArrow
	}
	p.expr(e.Y, y, right)
}

// list writes the brackets of a list or range, and its statements.
func (p *printer) list(kind Bracket, comp bool, stmts []Stmt, items func()) {
	opener, closer := "<", ">"
	switch kind {
	case SetBracket:
		opener, closer = "{", "}"
	case EnumBracket:
		opener, closer = "{|", "|}"
	}
	p.in(opener, closer, func() {
		items()
		if comp {
			p.write(" | ")
			p.stmts(stmts, open)
		}
	})
}

func (p *printer) stmts(stmts []Stmt, right edge) {
	for i, s := range stmts {
		if i > 0 {
			p.write(", ")
		}
		switch s := s.(type) {
		case *Generator:
			p.pat(s.Pat, levelBoth)
			if s.Colon {
				p.write(" : ")
			} else {
				p.write(" <- ")
			}
			p.expr(s.Source, levelBoth, right)
		case *Filter:
			p.expr(s.Cond, levelBoth, right)
		}
	}
}

// let writes one declaration on the line, and several below each other.
func (p *printer) let(e *Let, right edge) {
	p.write("let")
	p.indent++
	for i, d := range e.Decls {
		instead := "; "
		if i == 0 {
			instead = " "
		}
		p.newline(instead)
		p.decl(d)
	}
	p.indent--
	p.newline(" ")
	p.write("within ")
	p.expr(e.Body, levelBoth, right)
}

// pat writes a pattern where one of at least the given level can stand.
func (p *printer) pat(q Pat, level int) {
	l := levelAtom
	switch q := q.(type) {
	case *PatBoth:
		l = levelBoth
	case *PatDot:
		l = levelDot
	case *PatConcat:
		l = levelConcat
	case *PatLit:
		l = levelOf(q.Value)
	}
	if l < level {
		p.in("(", ")", func() { p.barePat(q) })
		return
	}
	p.barePat(q)
}

func (p *printer) pats(qs []Pat) {
	for i, q := range qs {
		if i > 0 {
			p.write(", ")
		}
		p.pat(q, levelBoth)
	}
}

func (p *printer) barePat(q Pat) {
	switch q := q.(type) {
	case *PatName:
		p.path(q.Path, q.Ident)
	case *PatWild:
		p.write("_")
	case *PatLit:
		p.bare(q.Value, closed)
	case *PatParen:
		p.in("(", ")", func() { p.pat(q.X, levelBoth) })
	case *PatTuple:
		p.in("(", ")", func() { p.pats(q.Elems) })
	case *PatSeq:
		p.in("<", ">", func() { p.pats(q.Elems) })
	case *PatSet:
		p.in("{", "}", func() { p.pats(q.Elems) })
	case *PatConcat:
		p.pat(q.X, levelConcat)
		p.write("^")
		p.pat(q.Y, levelConcat+1)
	case *PatDot:
		p.pat(q.X, levelDot+1)
		p.write(".")
		p.pat(q.Y, levelDot)
	case *PatBoth:
		p.pat(q.X, levelBoth+1)
		p.write(" @@ ")
		p.pat(q.Y, levelBoth+1)
	}
}
