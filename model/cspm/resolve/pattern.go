package resolve

import "github.com/cspcheck/cspcheck/model/cspm/syntax"

// linear collects the variables that may be bound only once.
type linear map[string]syntax.Span

// params declares the variables of a pattern as locals.
func (r *resolver) params(p syntax.Pat, names *linear) {
	if *names == nil {
		*names = linear{}
	}
	r.pattern(p, func(n *syntax.PatName) {
		if first, ok := (*names)[n.Name]; ok {
			e := r.fail(syntax.Scope, n.Span, "give them different names and compare with ==", "%s is bound twice", n.Name)
			e.Notes = append(e.Notes, syntax.Note{Span: first, Msg: "it is bound here first"})
			return
		}
		(*names)[n.Name] = n.Span
		o := &Object{Kind: Local, Name: n.Name, At: n.Ident.Span, Info: r.info, Order: r.p.nextName, Local: true}
		r.p.nextName++
		r.scope.add(n.Name, o)
		r.info.Pats[n] = o
	})
}

// pattern settles the constants of a pattern, calls variable for each
// variable, and checks what patterns may not be.
func (r *resolver) pattern(p syntax.Pat, variable func(*syntax.PatName)) {
	r.check(p)
	walkPat(p, func(n *syntax.PatName) {
		if len(n.Path) > 0 {
			if o := r.find(n.Path, n.Ident); o != nil {
				if !o.constant() {
					r.fail(syntax.Scope, n.Span, "", "%s is %s: only channels and constructors can be matched by a qualified name", o.Name, o.Kind.a())
					return
				}
				r.info.Pats[n] = o
			}
			return
		}
		if o := r.scope.lookup(n.Name); o != nil && o.constant() {
			r.info.Pats[n] = o
			return
		}
		variable(n)
	})
}

// walkPat calls f for every name in a pattern, from left to right.
func walkPat(p syntax.Pat, f func(*syntax.PatName)) {
	switch p := p.(type) {
	case *syntax.PatName:
		f(p)
	case *syntax.PatParen:
		walkPat(p.X, f)
	case *syntax.PatTuple:
		walkPats(p.Elems, f)
	case *syntax.PatSeq:
		walkPats(p.Elems, f)
	case *syntax.PatSet:
		walkPats(p.Elems, f)
	case *syntax.PatConcat:
		walkPat(p.X, f)
		walkPat(p.Y, f)
	case *syntax.PatDot:
		walkPat(p.X, f)
		walkPat(p.Y, f)
	case *syntax.PatBoth:
		walkPat(p.X, f)
		walkPat(p.Y, f)
	}
}

func walkPats(ps []syntax.Pat, f func(*syntax.PatName)) {
	for _, p := range ps {
		walkPat(p, f)
	}
}

// check reports patterns that can never be matched one way only.
func (r *resolver) check(p syntax.Pat) {
	switch p := p.(type) {
	case *syntax.PatParen:
		r.check(p.X)
	case *syntax.PatTuple:
		r.checks(p.Elems)
	case *syntax.PatSeq:
		r.checks(p.Elems)
	case *syntax.PatSet:
		if len(p.Elems) > 1 {
			r.fail(syntax.Static, p.Span, "match {} or {x}", "a set pattern has one element at most")
		}
		r.checks(p.Elems)
	case *syntax.PatConcat:
		if open := r.openParts(p); len(open) > 1 {
			e := r.fail(syntax.Static, open[1].At(), "only one part of a ^ pattern may be of unknown length", "it is not clear where this part begins")
			e.Notes = append(e.Notes, syntax.Note{Span: open[0].At(), Msg: "this part is of unknown length too"})
		}
		r.check(p.X)
		r.check(p.Y)
	case *syntax.PatDot:
		r.check(p.X)
		r.check(p.Y)
	case *syntax.PatBoth:
		r.check(p.X)
		r.check(p.Y)
	}
}

func (r *resolver) checks(ps []syntax.Pat) {
	for _, p := range ps {
		r.check(p)
	}
}

// openParts returns the parts of a concatenation whose length is not fixed.
func (r *resolver) openParts(p syntax.Pat) []syntax.Pat {
	switch p := p.(type) {
	case *syntax.PatConcat:
		return append(r.openParts(p.X), r.openParts(p.Y)...)
	case *syntax.PatParen:
		return r.openParts(p.X)
	case *syntax.PatBoth:
		// as open as the more definite side
		if x := r.openParts(p.X); len(x) == 0 {
			return nil
		}
		return r.openParts(p.Y)
	case *syntax.PatName, *syntax.PatWild:
		return []syntax.Pat{p}
	}
	return nil
}

// noBoth reports @@ in a field of a prefix.
func (r *resolver) noBoth(p syntax.Pat) {
	switch p := p.(type) {
	case *syntax.PatBoth:
		r.fail(syntax.Static, p.Span, "bind a variable and match it in the body", "@@ cannot be used in a field of a prefix")
	case *syntax.PatParen:
		r.noBoth(p.X)
	case *syntax.PatTuple:
		for _, q := range p.Elems {
			r.noBoth(q)
		}
	case *syntax.PatSeq:
		for _, q := range p.Elems {
			r.noBoth(q)
		}
	case *syntax.PatSet:
		for _, q := range p.Elems {
			r.noBoth(q)
		}
	case *syntax.PatConcat:
		r.noBoth(p.X)
		r.noBoth(p.Y)
	case *syntax.PatDot:
		r.noBoth(p.X)
		r.noBoth(p.Y)
	}
}
