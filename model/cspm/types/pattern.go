package types

import (
	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// pattern infers the type of a pattern. Its variables get theirs: those of a
// parameter or generator are new, those of a declaration have one already.
func (c *checker) pattern(p syntax.Pat) form {
	c.at = p.At()
	switch p := p.(type) {
	case *syntax.PatName:
		o := c.info.Pats[p]
		switch {
		case o == nil:
			return wrong{} // reported
		case o.Kind == resolve.Local:
			t := c.newVar(0)
			c.own[o] = t
			return t
		}
		if o.Kind == resolve.Channel || o.Kind == resolve.Constructor {
			c.constants = append(c.constants, p)
		}
		return c.typeOf(o)
	case *syntax.PatWild:
		return c.newVar(0)
	case *syntax.PatLit:
		return c.expr(p.Value)
	case *syntax.PatParen:
		return c.pattern(p.X)
	case *syntax.PatTuple:
		t := &tupleOf{}
		for _, x := range p.Elems {
			t.elems = append(t.elems, c.pattern(x))
		}
		return t
	case *syntax.PatSeq:
		return &seqOf{c.patterns(p.Elems, 0)}
	case *syntax.PatSet:
		return &setOf{c.patterns(p.Elems, eq)}
	case *syntax.PatConcat:
		t := &seqOf{c.newVar(0)}
		c.expectPat(p.X, t, because{fix: "^ matches sequences"})
		c.expectPat(p.Y, t, because{fix: "^ matches sequences"})
		return t
	case *syntax.PatDot:
		var list []item
		var rest syntax.Pat = p
		for {
			d, ok := rest.(*syntax.PatDot)
			if !ok {
				break
			}
			list = append(list, item{c.pattern(d.X), d.X.At()})
			rest = d.Y
		}
		return dotted(append(list, item{c.pattern(rest), rest.At()}))
	case *syntax.PatBoth:
		t := c.pattern(p.X)
		c.expectPat(p.Y, t, because{note: "both patterns of @@ match the same value", at: p.X.At()})
		return t
	}
	panic("types: a pattern of an unknown kind")
}

// patterns infers the type of the elements of a sequence or set pattern.
func (c *checker) patterns(ps []syntax.Pat, n needs) form {
	t := c.newVar(n)
	for i, p := range ps {
		why := because{}
		if i > 0 {
			why = because{note: "another element is here", at: ps[0].At()}
		}
		c.expectPat(p, t, why)
	}
	return t
}

// expectPat infers the type of a pattern, which is to be want.
func (c *checker) expectPat(p syntax.Pat, want form, why because) {
	t := c.pattern(p)
	c.settleAt(p.At(), t)
	c.ask(p, want, t, why)
}
