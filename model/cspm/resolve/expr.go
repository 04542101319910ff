package resolve

import (
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// expr settles the names in an expression.
func (r *resolver) expr(e syntax.Expr) {
	switch e := e.(type) {
	case nil:
	case *syntax.Name:
		r.use(e)
	case *syntax.IntLit, *syntax.BoolLit, *syntax.CharLit, *syntax.StringLit:
	case *syntax.Paren:
		r.expr(e.X)
	case *syntax.Tuple:
		r.exprs(e.Elems)
	case *syntax.Apply:
		r.expr(e.Fn)
		r.exprs(e.Args)
		if n, ok := e.Fn.(*syntax.Name); ok && len(e.Args) > 0 {
			if o := r.info.Uses[n]; o != nil && o.Kind == Builtin && o.Import != "" && o.Proc {
				r.process(e.Args[0])
			}
		}
	case *syntax.Lambda:
		r.inner(func() {
			var names linear
			for _, p := range e.Params {
				r.params(p, &names)
			}
			r.expr(e.Body)
		})
	case *syntax.Let:
		r.letExpr(e)
	case *syntax.If:
		r.expr(e.Cond)
		r.expr(e.Then)
		r.expr(e.Else)
	case *syntax.List:
		if !e.Comp {
			r.exprs(e.Elems)
			break
		}
		r.inner(func() {
			r.stmts(e.Stmts)
			r.exprs(e.Elems)
		})
	case *syntax.Range:
		r.inner(func() {
			r.stmts(e.Stmts)
			r.expr(e.From)
			r.expr(e.To)
		})
	case *syntax.MapLit:
		for _, x := range e.Entries {
			r.expr(x.Key)
			r.expr(x.Value)
		}
	case *syntax.Unary:
		r.expr(e.X)
	case *syntax.Binary:
		r.binary(e)
	case *syntax.Prefix:
		r.prefix(e)
	case *syntax.Rename:
		r.operand(e.X)
		r.inner(func() {
			r.stmts(e.Stmts)
			r.ties(e.Ties)
		})
	case *syntax.Synced:
		r.operand(e.X)
		r.expr(e.A)
		r.operand(e.Y)
	case *syntax.AlphaPar:
		r.operand(e.X)
		r.expr(e.A)
		r.expr(e.B)
		r.operand(e.Y)
	case *syntax.Linked:
		r.untimed(e.Span, "linked parallel")
		r.operand(e.X)
		r.inner(func() {
			r.stmts(e.Stmts)
			r.ties(e.Ties)
		})
		r.operand(e.Y)
	case *syntax.Replicated:
		r.replicated(e)
	default:
		panic("resolve: an expression of an unknown kind")
	}
}

// operand settles the names in what is to be a process.
func (r *resolver) operand(e syntax.Expr) {
	r.expr(e)
	r.process(e)
}

func (r *resolver) exprs(es []syntax.Expr) {
	for _, e := range es {
		r.expr(e)
	}
}

// binary follows long chains of operators without recursion on the left.
func (r *resolver) binary(e *syntax.Binary) {
	var chain []*syntax.Binary
	for {
		chain = append(chain, e)
		x, ok := e.X.(*syntax.Binary)
		if !ok {
			break
		}
		e = x
	}
	r.expr(e.X)
	for i := len(chain) - 1; i >= 0; i-- {
		r.expr(chain[i].Y)
		left, right := takesProcesses(chain[i].Op)
		if left {
			r.process(chain[i].X)
		}
		if right {
			r.process(chain[i].Y)
		}
	}
}

// use settles one name.
func (r *resolver) use(n *syntax.Name) {
	o := r.find(n.Path, n.Ident)
	if o == nil {
		return
	}
	if o.Kind == Module || o.Kind == Instance {
		r.fail(syntax.Scope, n.Span, "write "+n.Name+"::member", "%s is %s, not a value", n.Name, o.Kind.a())
		return
	}
	r.info.Uses[n] = o
}

func (r *resolver) letExpr(e *syntax.Let) {
	r.inner(func() {
		saved := r.let
		r.let = true
		before := r.p.nextName
		r.declare(e.Decls)
		r.let = saved
		r.info.Lets[e] = r.declared(before)
		r.bodies(e.Decls)
		r.expr(e.Body)
	})
}

// declared returns what the current scope declares from Order n on.
func (r *resolver) declared(n int) []*Object {
	out := make([]*Object, r.p.nextName-n)
	for _, o := range r.scope.names {
		if o.Kind != Builtin && o.Order >= n {
			out[o.Order-n] = o
		}
	}
	return out
}

func (r *resolver) ties(ts []syntax.Tie) {
	for _, t := range ts {
		r.expr(t.From)
		r.expr(t.To)
	}
}

// stmts settles statements; their names stay in the current scope.
func (r *resolver) stmts(stmts []syntax.Stmt) {
	var names linear
	for _, s := range stmts {
		switch s := s.(type) {
		case *syntax.Generator:
			r.expr(s.Source)
			// each generator sees the ones before, and shadows what is outside
			within := r.scope.enter()
			r.scope = within
			r.params(s.Pat, &names)
			r.scope = within.leave()
			for n, o := range within.names {
				r.scope.add(n, o)
			}
		case *syntax.Filter:
			r.expr(s.Cond)
		}
	}
}

func (r *resolver) prefix(e *syntax.Prefix) {
	scoped := r.inner
	if len(e.Fields) == 0 { // a -> a -> a -> ... is no deep scope
		scoped = func(f func()) { f() }
	}
	scoped(func() {
		r.expr(e.Event)
		var names linear
		input := false
		for i := range e.Fields {
			f := &e.Fields[i]
			switch f.Kind {
			case syntax.Out:
				r.expr(f.Value)
				input = true
			case syntax.In, syntax.Nondet:
				if f.Kind == syntax.Nondet {
					r.untimed(f.Span, "a $ field")
					if input {
						r.fail(syntax.Scope, f.Span, "put all $ fields first", "a $ field stands after a ? or ! field")
					}
				} else {
					input = true
				}
				r.expr(f.Set)
				r.noBoth(f.Pat)
				r.params(f.Pat, &names)
			}
		}
		r.operand(e.Body)
	})
}

func (r *resolver) replicated(e *syntax.Replicated) {
	if e.Op == syntax.OpLink {
		r.untimed(e.Span, "linked parallel")
	}
	if e.Op == syntax.OpPar || e.Op == syntax.OpSyncChoice {
		r.expr(e.A) // outside the scope of the statements
	}
	r.inner(func() {
		r.stmts(e.Stmts)
		if e.Op == syntax.OpAlphaPar {
			r.expr(e.A)
		}
		r.inner(func() {
			r.stmts(e.TieStmts)
			r.ties(e.Ties)
		})
		r.operand(e.Body)
	})
}

// untimed reports what may not stand in a Timed section.
func (r *resolver) untimed(at syntax.Span, what string) {
	if r.timed != nil {
		r.fail(syntax.Static, at, "", "%s cannot be used in a Timed section", what)
	}
}
