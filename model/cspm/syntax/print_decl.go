package syntax

// decls writes declarations on lines of their own.
func (p *printer) decls(list []Decl) {
	for i, d := range list {
		if i > 0 {
			p.newline("; ")
		}
		p.decl(d)
	}
	if len(list) > 0 && p.short == nil && p.indent == 0 {
		p.newline("")
	}
}

// block writes declarations, indented, after the line that heads them.
func (p *printer) block(list []Decl) {
	p.indent++
	for _, d := range list {
		p.newline("; ")
		p.decl(d)
	}
	p.indent--
	p.newline(" ")
}

func (p *printer) idents(names []Ident) {
	for i, n := range names {
		if i > 0 {
			p.write(", ")
		}
		p.write(n.Name)
	}
}

func (p *printer) decl(d Decl) {
	if p.done() {
		return
	}
	switch d := d.(type) {
	case *Clause:
		p.write(d.Name.Name)
		for _, g := range d.Groups {
			p.in("(", ")", func() { p.pats(g) })
		}
		p.write(" = ")
		p.expr(d.Body, levelBoth, open)
	case *Bind:
		if absorbs(d.Pat) {
			p.in("(", ")", func() { p.pat(d.Pat, levelBoth) })
		} else {
			p.pat(d.Pat, levelBoth)
		}
		p.write(" = ")
		p.expr(d.Body, levelBoth, open)
	case *Annotation:
		p.annotation(d)
	case *Channel:
		p.write("channel ")
		p.idents(d.Names)
		if d.Type != nil {
			p.write(" : ")
			p.expr(d.Type, levelBoth, open)
		}
	case *Datatype:
		if d.Sub {
			p.write("subtype ")
		} else {
			p.write("datatype ")
		}
		p.write(d.Name.Name + " = ")
		for i, c := range d.Ctors {
			if i > 0 {
				p.write(" | ")
			}
			p.ctor(c)
		}
	case *Nametype:
		p.write("nametype " + d.Name.Name + " = ")
		p.expr(d.Type, levelBoth, open)
	case *Import:
		if d.Transparent {
			p.write("transparent ")
		} else {
			p.write("external ")
		}
		p.idents(d.Names)
	case *Include:
		p.write("include " + quoted(d.Path, '"'))
	case *Print:
		p.write("print " + d.Text)
	case *Module:
		p.module(d)
	case *Instance:
		p.write("instance " + d.Name.Name + " = ")
		p.path(d.Module.Path, d.Module.Ident)
		if len(d.Args) > 0 {
			p.in("(", ")", func() { p.exprs(d.Args) })
		}
	case *Timed:
		p.write("Timed")
		if d.Fn != nil {
			p.in("(", ")", func() { p.expr(d.Fn, levelBoth, open) })
		}
		p.in(" {", "}", func() { p.block(d.Decls) })
	case *Assert:
		p.assert(d)
	}
}

// absorbs tells whether a line that begins with q would go on with the line
// before it: literals and "_" absorb the newline before them.
func absorbs(q Pat) bool {
	switch q := q.(type) {
	case *PatWild:
		return true
	case *PatLit:
		n, ok := q.Value.(*IntLit)
		return !ok || n.Value >= 0
	case *PatConcat:
		return absorbs(q.X)
	case *PatDot:
		return absorbs(q.X)
	case *PatBoth:
		return absorbs(q.X)
	}
	return false
}

func (p *printer) ctor(c Ctor) {
	p.write(c.Name.Name)
	if c.Type != nil {
		p.write(".")
		p.expr(c.Type, levelDot, closed)
	}
}

func (p *printer) module(m *Module) {
	p.write("module " + m.Name.Name)
	if len(m.Params) > 0 {
		p.in("(", ")", func() { p.idents(m.Params) })
	}
	p.block(m.Private)
	p.write("exports")
	p.block(m.Public)
	p.write("endmodule")
}

func (p *printer) assert(a *Assert) {
	if a.Extension {
		p.write("--! ")
		p.flat = true
		defer func() { p.flat, p.last = false, 0 }()
	}
	p.write("assert ")
	if a.Not {
		p.write("not ")
	}
	model := ""
	if a.Model != NoModel {
		model = " [" + string(a.Model) + "]"
	}
	switch a.Kind {
	case Refines:
		p.operand(a.Spec, !a.Not)
		p.write(" [" + string(a.Model) + "= ")
		p.expr(a.Impl, levelBoth, closed)
	case HasTrace:
		p.operand(a.Impl, !a.Not)
		p.write(" :[has trace" + model + "]: ")
		p.in("<", ">", func() { p.exprs(a.Trace) })
	case RaceFree, NeverStuck, NoLeak, NoPanic, StarvationFree, BoundedBypass, NoLostNotification:
		p.operand(a.Impl, !a.Not)
		if a.Fairness != "" {
			model = " [" + a.Fairness + "]"
		}
		p.write(" :[" + string(a.Kind) + model + "]")
		if a.Operand != nil {
			p.write(": ")
			p.expr(a.Operand, levelBoth, closed)
		}
	default:
		p.operand(a.Impl, !a.Not)
		p.write(" :[" + string(a.Kind) + model + "]")
	}
	if a.TauPriority != nil {
		p.write(" :[tau priority]: ")
		p.expr(a.TauPriority, levelBoth, closed)
	}
	switch a.Reduce {
	case "":
	case "default":
		p.write(" :[partial order reduce]")
	default:
		p.write(" :[partial order reduce [" + a.Reduce + "]]")
	}
	if a.Expect == nil || p.short != nil {
		return
	}
	switch e := a.Expect; {
	case e.Holds:
		p.write("  --! holds")
	case e.HasTrace:
		p.write("  --! fails after <" + e.Trace + ">")
	default:
		p.write("  --! fails")
	}
	p.last = 0
}

// operand writes the first operand of an assertion. After "assert" a "not"
// belongs to the assertion, so an operand that begins with one is bracketed.
func (p *printer) operand(e Expr, first bool) {
	if first && beginsWithNot(e) {
		p.in("(", ")", func() { p.expr(e, levelBoth, open) })
		return
	}
	p.expr(e, levelBoth, closed)
}

func beginsWithNot(e Expr) bool {
	for {
		switch x := e.(type) {
		case *Unary:
			return x.Op == OpNot
		case *Binary:
			e = x.X
		case *Synced:
			e = x.X
		case *AlphaPar:
			e = x.X
		case *Linked:
			e = x.X
		case *Prefix:
			e = x.Event
		default:
			return false
		}
	}
}

// The levels of types, loosest first.
const (
	typeLoose = iota // functions, => and =>*
	typeDots
	typeAtoms
)

func (p *printer) annotation(d *Annotation) {
	p.idents(d.Names)
	p.write(" :: ")
	cs := func() {
		for i, c := range d.Constraints {
			if i > 0 {
				p.write(", ")
			}
			p.write(c.Class + " " + c.Var.Name)
		}
	}
	switch len(d.Constraints) {
	case 0:
	case 1:
		cs()
		p.write(" => ")
	default:
		p.in("(", ")", cs)
		p.write(" => ")
	}
	p.typeExpr(d.Type, typeLoose)
}

func (p *printer) types(ts []TypeExpr) {
	for i, t := range ts {
		if i > 0 {
			p.write(", ")
		}
		p.typeExpr(t, typeLoose)
	}
}

// typeExpr writes t where a type of at least the given level can stand.
func (p *printer) typeExpr(t TypeExpr, level int) {
	l := typeAtoms
	switch t.(type) {
	case *TypeFunc, *TypeDotable, *TypeExtendable:
		l = typeLoose
	case *TypeDot:
		l = typeDots
	}
	if l < level {
		p.in("(", ")", func() { p.bareType(t) })
		return
	}
	p.bareType(t)
}

func (p *printer) bareType(t TypeExpr) {
	switch t := t.(type) {
	case *TypeName:
		p.path(t.Path, t.Ident)
	case *TypeSet:
		p.in("{", "}", func() { p.typeExpr(t.Elem, typeLoose) })
	case *TypeSeq:
		p.in("<", ">", func() { p.typeExpr(t.Elem, typeLoose) })
	case *TypeParen:
		p.in("(", ")", func() { p.typeExpr(t.X, typeLoose) })
	case *TypeTuple:
		p.in("(", ")", func() { p.types(t.Elems) })
	case *TypeMap:
		p.in("(| ", " |)", func() {
			p.typeExpr(t.Key, typeDots)
			p.write(" => ")
			p.typeExpr(t.Value, typeLoose)
		})
	case *TypeFunc:
		p.in("(", ")", func() { p.types(t.Params) })
		p.write(" -> ")
		p.typeExpr(t.Result, typeLoose)
	case *TypeDot:
		p.typeExpr(t.X, typeAtoms)
		p.write(".")
		p.typeExpr(t.Y, typeDots)
	case *TypeDotable:
		p.typeExpr(t.X, typeDots)
		p.write(" => ")
		p.typeExpr(t.Y, typeLoose)
	case *TypeExtendable:
		p.typeExpr(t.X, typeAtoms)
		p.write(" =>* ")
		p.typeExpr(t.Y, typeLoose)
	}
}
