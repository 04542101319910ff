package types

import (
	"fmt"

	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// expr infers the type of an expression. It is not known if there is a
// mistake in it.
func (c *checker) expr(e syntax.Expr) form {
	before := len(c.errs)
	t := c.infer(e)
	if len(c.errs) > before {
		return wrong{}
	}
	return t
}

func (c *checker) infer(e syntax.Expr) form {
	c.at = e.At()
	switch e := e.(type) {
	case *syntax.Name:
		o := c.info.Uses[e]
		if o == nil {
			return wrong{} // reported
		}
		return c.typeOf(o)
	case *syntax.IntLit:
		return intType
	case *syntax.BoolLit:
		return boolType
	case *syntax.CharLit:
		return charType
	case *syntax.StringLit:
		return &seqOf{charType}
	case *syntax.Paren:
		return c.expr(e.X)
	case *syntax.Tuple:
		t := &tupleOf{}
		for _, x := range e.Elems {
			t.elems = append(t.elems, c.expr(x))
		}
		return t
	case *syntax.Apply:
		return c.apply(e)
	case *syntax.Lambda:
		t := &function{}
		for _, p := range e.Params {
			x := c.pattern(p)
			c.settleAt(p.At(), x)
			t.params = append(t.params, x)
		}
		t.result = c.settled(e.Body)
		return t
	case *syntax.Let:
		return c.let(e)
	case *syntax.If:
		c.expect(e.Cond, boolType, "the condition of an if is a Bool")
		t := c.expr(e.Then)
		return c.ask(e.Else, t, c.expr(e.Else), because{note: "the other branch of the if is here", at: e.Then.At()})
	case *syntax.List:
		return c.list(e)
	case *syntax.Range:
		c.stmts(e.Stmts, e.Kind == syntax.SeqBracket)
		c.expect(e.From, intType, "a range is of integers")
		if e.To != nil {
			c.expect(e.To, intType, "a range is of integers")
		}
		if e.Kind == syntax.SeqBracket {
			return &seqOf{intType}
		}
		return &setOf{intType}
	case *syntax.MapLit:
		key, value := c.newVar(set), c.newVar(0)
		for i, x := range e.Entries {
			first := because{note: "another entry is here", at: e.Entries[0].Key.At()}
			if i == 0 {
				first = because{}
			}
			c.ask(x.Key, key, c.expr(x.Key), first)
			c.ask(x.Value, value, c.expr(x.Value), first)
		}
		return &mapOf{key, value}
	case *syntax.Unary:
		return c.unary(e)
	case *syntax.Binary:
		return c.binary(e)
	}
	return c.process(e)
}

// typeOf returns the type of a use of a name.
func (c *checker) typeOf(o *resolve.Object) form {
	if t := c.general[o]; t != nil {
		return c.instantiate(t)
	}
	if t := c.own[o]; t != nil {
		return t
	}
	if o.Kind == resolve.Builtin {
		return c.instantiate(builtin(o.Name))
	}
	return wrong{}
}

// expect infers the type of an expression, which is to be want.
func (c *checker) expect(e syntax.Expr, want form, fix string) form {
	return c.ask(e, want, c.expr(e), because{fix: fix})
}

// let infers the type of a let. Its names are not generalised, but for those
// whose types are given.
func (c *checker) let(e *syntax.Let) form {
	for _, g := range c.lets[letKey{e, c.info}] {
		c.declare(g)
		before := len(c.errs)
		for _, u := range g {
			c.unit(u)
		}
		for _, u := range g {
			for _, o := range u.objs {
				if len(c.errs) > before && c.general[o] == nil {
					c.own[o] = wrong{}
				}
			}
		}
	}
	return c.expr(e.Body)
}

// apply infers the type of a call. Dots in the arguments are settled, and an
// argument matches its parameter.
func (c *checker) apply(e *syntax.Apply) form {
	fn := c.expr(e.Fn)
	args := make([]form, len(e.Args))
	for i, a := range e.Args {
		args[i] = c.settled(a)
	}
	c.at = e.At()
	switch f := prune(fn).(type) {
	case wrong:
		return f
	case *function:
		if len(f.params) != len(args) {
			err := c.fail(e.At(), "", "%s takes %s, not %d", c.text(e.Fn.At()), count(len(f.params), "argument"), len(args))
			err.Fix = "its type is " + c.show(f)
			err.Notes = c.source(e.Fn)
			return wrong{}
		}
		for i, a := range e.Args {
			c.settleAt(a.At(), f.params[i])
			why := because{}
			if o := c.nameOf(e.Fn); o != nil && o.Kind != resolve.Local {
				why.called = o
			}
			c.askMatch(a, f.params[i], args[i], why)
		}
		return f.result
	case *variable:
		if f.rigid == "" {
			result := c.newVar(0)
			c.ask(e.Fn, fn, &function{args, result}, because{})
			return result
		}
	}
	err := c.fail(e.Fn.At(), "", "%s is %s, not a function", c.text(e.Fn.At()), c.show(fn))
	err.Notes = c.source(e.Fn)
	c.spoil(e.Fn)
	return wrong{}
}

func count(n int, thing string) string {
	switch n {
	case 0:
		return "no " + thing + "s"
	case 1:
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// list infers the type of <...>, {...} or {| ... |}.
func (c *checker) list(e *syntax.List) form {
	c.stmts(e.Stmts, e.Kind == syntax.SeqBracket)
	if e.Kind == syntax.EnumBracket {
		t := c.newVar(yieldable)
		for _, x := range e.Elems {
			got := c.expr(x)
			c.ask(x, &extendable{c.newRest(), t}, got, because{fix: "{| |} takes channels, constructors and what they begin"})
		}
		return &setOf{t}
	}
	elem := c.elements(e.Elems)
	if e.Kind == syntax.SeqBracket {
		return &seqOf{elem}
	}
	at := e.Span
	if len(e.Elems) > 0 {
		at = e.Elems[0].At()
	}
	c.demand(at, elem, set, "")
	return &setOf{elem}
}

// elements infers the type of the elements of a sequence or set.
func (c *checker) elements(es []syntax.Expr) form {
	if len(es) == 0 {
		return c.newVar(0)
	}
	t := c.expr(es[0])
	for _, x := range es[1:] {
		c.ask(x, t, c.expr(x), because{note: "another element is here", at: es[0].At()})
	}
	return t
}

// stmts infers the types of statements; their generators range over
// sequences or over sets.
func (c *checker) stmts(stmts []syntax.Stmt, seqs bool) {
	for _, s := range stmts {
		switch s := s.(type) {
		case *syntax.Generator:
			// The source does not see the pattern.
			got := c.settled(s.Source)
			elem := c.pattern(s.Pat)
			c.settleAt(s.Pat.At(), elem)
			if seqs {
				c.askMatch(s.Source, &seqOf{elem}, got, because{fix: "its values come from a sequence here", note: "they are matched with this pattern", at: s.Pat.At()})
			} else {
				c.askMatch(s.Source, &setOf{elem}, got, because{fix: "its values come from a set here", note: "they are matched with this pattern", at: s.Pat.At()})
			}
		case *syntax.Filter:
			c.expect(s.Cond, boolType, "a filter is a Bool")
		}
	}
}

func (c *checker) unary(e *syntax.Unary) form {
	switch e.Op {
	case syntax.OpNeg:
		return c.expect(e.X, intType, "- negates integers")
	case syntax.OpNot:
		return c.expect(e.X, boolType, "not negates a Bool")
	case syntax.OpLength:
		c.expect(e.X, &seqOf{c.newVar(0)}, "# is the length of a sequence")
		return intType
	}
	panic("types: an operator of an unknown kind")
}

// binary infers the type of x op y. It follows long chains without recursion
// on the left.
func (c *checker) binary(e *syntax.Binary) form {
	if e.Op == syntax.OpDot {
		return c.dotsOf(e)
	}
	var chain []*syntax.Binary
	for {
		chain = append(chain, e)
		x, ok := e.X.(*syntax.Binary)
		if !ok || x.Op == syntax.OpDot {
			break
		}
		e = x
	}
	t := c.expr(e.X)
	for i := len(chain) - 1; i >= 0; i-- {
		before := len(c.errs)
		if t = c.operate(chain[i], t); len(c.errs) > before {
			t = wrong{}
		}
	}
	return t
}

// operate infers the type of x op y, x being of type t.
func (c *checker) operate(e *syntax.Binary, t form) form {
	both := func(want form, fix string) form {
		c.ask(e.X, want, t, because{fix: fix})
		c.expect(e.Y, want, fix)
		return want
	}
	op := string(e.Op)
	switch e.Op {
	case syntax.OpAdd, syntax.OpSub, syntax.OpMul, syntax.OpDiv, syntax.OpMod:
		return both(intType, op+" is for integers")
	case syntax.OpAnd, syntax.OpOr:
		return both(boolType, op+" is for Bools")
	case syntax.OpEq, syntax.OpNe, syntax.OpLt, syntax.OpLe, syntax.OpGt, syntax.OpGe:
		n := eq
		if e.Op != syntax.OpEq && e.Op != syntax.OpNe {
			n = ord
		}
		got := c.expr(e.Y)
		before := len(c.errs)
		c.ask(e.Y, t, got, because{fix: "both sides of " + op + " have the same type", note: "the other side is here", shown: t, at: e.X.At()})
		if len(c.errs) == before {
			c.demand(e.X.At(), t, n, "")
		}
		return boolType
	case syntax.OpConcat:
		return both(&seqOf{c.newVar(0)}, "^ joins sequences of the same type")
	case syntax.OpGuard:
		c.ask(e.X, boolType, t, because{fix: "a guard is a Bool"})
		return c.expect(e.Y, procType, "a guard stands before a process")
	case syntax.OpHide, syntax.OpProject:
		c.ask(e.X, procType, t, because{fix: op + " is for processes"})
		c.eventSet(e.Y, op+" takes a set of events")
		return procType
	}
	return both(procType, op+" is for processes")
}

// dotsOf returns the type of x.y, of which it is found out later what it
// builds.
func (c *checker) dotsOf(e *syntax.Binary) form {
	var list []item
	var rest syntax.Expr = e
	for {
		d, ok := rest.(*syntax.Binary)
		if !ok || d.Op != syntax.OpDot {
			break
		}
		list = append(list, item{c.expr(d.X), d.X.At()})
		rest = d.Y
	}
	return dotted(append(list, item{c.expr(rest), rest.At()}))
}
