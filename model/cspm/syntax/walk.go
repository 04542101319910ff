package syntax

// Walk calls f for n and all that is below it, a node before its parts and
// these in the order of the text. It leaves out the parts of a node for which
// f returns false.
//
// The nodes are the declarations, expressions, patterns, statements and types
// of tree.go. Identifiers, fields, ties and entries are no nodes of their own:
// f meets what is in them.
func Walk(n Node, f func(Node) bool) {
	if n == nil || !f(n) {
		return
	}
	switch n := n.(type) {
	case Expr:
		walkExpr(n, f)
	case Pat:
		walkPat(n, f)
	case Decl:
		walkDecl(n, f)
	case Stmt:
		switch n := n.(type) {
		case *Generator:
			Walk(n.Pat, f)
			Walk(n.Source, f)
		case *Filter:
			Walk(n.Cond, f)
		}
	case TypeExpr:
		walkType(n, f)
	}
}

// walkAll walks nodes of one sort.
func walkAll[N Node](list []N, f func(Node) bool) {
	for _, n := range list {
		Walk(n, f)
	}
}

// walkOpt walks an expression that may be missing.
func walkOpt(e Expr, f func(Node) bool) {
	if e != nil {
		Walk(e, f)
	}
}

func walkTies(ties []Tie, stmts []Stmt, f func(Node) bool) {
	for _, t := range ties {
		Walk(t.From, f)
		Walk(t.To, f)
	}
	walkAll(stmts, f)
}

func walkExpr(e Expr, f func(Node) bool) {
	switch e := e.(type) {
	case *Paren:
		Walk(e.X, f)
	case *Tuple:
		walkAll(e.Elems, f)
	case *Apply:
		Walk(e.Fn, f)
		walkAll(e.Args, f)
	case *Lambda:
		walkAll(e.Params, f)
		Walk(e.Body, f)
	case *Let:
		walkAll(e.Decls, f)
		Walk(e.Body, f)
	case *If:
		Walk(e.Cond, f)
		Walk(e.Then, f)
		Walk(e.Else, f)
	case *List:
		walkAll(e.Elems, f)
		walkAll(e.Stmts, f)
	case *Range:
		Walk(e.From, f)
		walkOpt(e.To, f)
		walkAll(e.Stmts, f)
	case *MapLit:
		for _, m := range e.Entries {
			Walk(m.Key, f)
			Walk(m.Value, f)
		}
	case *Unary:
		Walk(e.X, f)
	case *Binary:
		Walk(e.X, f)
		Walk(e.Y, f)
	case *Prefix:
		Walk(e.Event, f)
		for _, fd := range e.Fields {
			if fd.Pat != nil {
				Walk(fd.Pat, f)
			}
			walkOpt(fd.Set, f)
			walkOpt(fd.Value, f)
		}
		Walk(e.Body, f)
	case *Rename:
		Walk(e.X, f)
		walkTies(e.Ties, e.Stmts, f)
	case *Synced:
		Walk(e.X, f)
		Walk(e.A, f)
		Walk(e.Y, f)
	case *AlphaPar:
		Walk(e.X, f)
		Walk(e.A, f)
		Walk(e.B, f)
		Walk(e.Y, f)
	case *Linked:
		Walk(e.X, f)
		walkTies(e.Ties, e.Stmts, f)
		Walk(e.Y, f)
	case *Replicated:
		if e.Op != OpAlphaPar {
			walkOpt(e.A, f)
		}
		walkTies(e.Ties, e.TieStmts, f)
		walkAll(e.Stmts, f)
		if e.Op == OpAlphaPar {
			walkOpt(e.A, f)
		}
		Walk(e.Body, f)
	}
}

func walkPat(q Pat, f func(Node) bool) {
	switch q := q.(type) {
	case *PatLit:
		Walk(q.Value, f)
	case *PatParen:
		Walk(q.X, f)
	case *PatTuple:
		walkAll(q.Elems, f)
	case *PatSeq:
		walkAll(q.Elems, f)
	case *PatSet:
		walkAll(q.Elems, f)
	case *PatConcat:
		Walk(q.X, f)
		Walk(q.Y, f)
	case *PatDot:
		Walk(q.X, f)
		Walk(q.Y, f)
	case *PatBoth:
		Walk(q.X, f)
		Walk(q.Y, f)
	}
}

func walkDecl(d Decl, f func(Node) bool) {
	switch d := d.(type) {
	case *Clause:
		for _, g := range d.Groups {
			walkAll(g, f)
		}
		Walk(d.Body, f)
	case *Bind:
		Walk(d.Pat, f)
		Walk(d.Body, f)
	case *Annotation:
		Walk(d.Type, f)
	case *Channel:
		walkOpt(d.Type, f)
	case *Datatype:
		for _, c := range d.Ctors {
			walkOpt(c.Type, f)
		}
	case *Nametype:
		Walk(d.Type, f)
	case *Include:
		walkAll(d.Decls, f)
	case *Module:
		walkAll(d.Private, f)
		walkAll(d.Public, f)
	case *Instance:
		Walk(d.Module, f)
		walkAll(d.Args, f)
	case *Timed:
		walkOpt(d.Fn, f)
		walkAll(d.Decls, f)
	case *Assert:
		walkOpt(d.Spec, f)
		walkOpt(d.Impl, f)
		walkAll(d.Trace, f)
		walkOpt(d.Operand, f)
		walkOpt(d.TauPriority, f)
	}
}

func walkType(t TypeExpr, f func(Node) bool) {
	switch t := t.(type) {
	case *TypeSet:
		Walk(t.Elem, f)
	case *TypeSeq:
		Walk(t.Elem, f)
	case *TypeParen:
		Walk(t.X, f)
	case *TypeTuple:
		walkAll(t.Elems, f)
	case *TypeMap:
		Walk(t.Key, f)
		Walk(t.Value, f)
	case *TypeFunc:
		walkAll(t.Params, f)
		Walk(t.Result, f)
	case *TypeDot:
		Walk(t.X, f)
		Walk(t.Y, f)
	case *TypeDotable:
		Walk(t.X, f)
		Walk(t.Y, f)
	case *TypeExtendable:
		Walk(t.X, f)
		Walk(t.Y, f)
	}
}
