package types

import "github.com/cspcheck/cspcheck/model/cspm/syntax"

// A clash says why two types cannot be one, or a type not meet a constraint.
type clash struct {
	want, got form        // the parts that differ, if they are known
	at        syntax.Span // of a part of what was looked at, if it is known
	head      syntax.Span // of what the part at was to follow
	need      needs       // the constraint that got does not meet, or 0
	from      syntax.Span // where that constraint came up
	infinite  bool        // the type would contain itself
	bare      bool        // a pattern of dots met what has a name
}

// unify makes two types one; want is what a place asks for, got what stands
// there.
func (c *checker) unify(want, got form) *clash { return c.same(want, got, false) }

// lose makes what is not known of a type fit everywhere: a mistake that has
// been reported kept it from becoming known.
func (c *checker) lose(t form) {
	c.eachVariable(t, func(v *variable) {
		if v.rigid == "" && v.level != generic && v.is == nil {
			c.note(func() { v.is = nil })
			v.is = wrong{}
		}
	}, func(*rest) {})
}

// match is unify where want is the type of a parameter or pattern: there, a
// dotted type x.y that builds nothing known does not fit an event or a value
// of a datatype: their shapes are for patterns that name a head.
func (c *checker) match(want, got form) *clash { return c.same(want, got, true) }

// same is unify, or with strict match:
//
//	x.y ~ u.v        element by element, once the heads have taken their
//	                 fields; the last one left is all that is left opposite
//	x.y ~ T          x ~ y => T     for Event, datatypes and what waits
//	a => b ~ c => d  what is made in the end, then field by field; an
//	                 extendable side may have fewer
//	v =>* b ~ T      v is empty, b ~ T
func (c *checker) same(want, got form, strict bool) *clash {
	c.down()
	defer c.up()
	w0, g0 := want, got
	want, got = prune(want), prune(got)
	switch {
	case want == got:
		return nil
	case want == (wrong{}) || got == (wrong{}):
		c.lose(want)
		c.lose(got)
		return nil
	}
	if v, ok := free(want); ok {
		return c.bind(v, got, c.foundAt(g0))
	}
	if v, ok := free(got); ok {
		return c.bind(v, want, c.foundAt(w0))
	}
	wd, wok := want.(*dot)
	gd, gok := got.(*dot)
	switch {
	case wok && gok:
		return c.dots(wd, gd, strict)
	case wok:
		return c.dotWith(wd, got, strict, func(x form) *clash { return c.same(x, got, strict) })
	case gok:
		return c.dotWith(gd, want, false, func(x form) *clash { return c.same(want, x, strict) })
	case waits(want) && waits(got):
		return c.spines(want, got, strict)
	}
	if x, ok := want.(*extendable); ok {
		if cl := c.bindRest(x.rest, nil, nil); cl != nil {
			return &clash{want: want, got: got}
		}
		return c.same(x.result, got, strict)
	}
	if x, ok := got.(*extendable); ok {
		if cl := c.bindRest(x.rest, nil, nil); cl != nil {
			return &clash{want: want, got: got}
		}
		return c.same(want, x.result, strict)
	}
	switch w := want.(type) {
	case *setOf:
		if g, ok := got.(*setOf); ok {
			return c.same(w.elem, g.elem, strict)
		}
	case *seqOf:
		if g, ok := got.(*seqOf); ok {
			return c.same(w.elem, g.elem, strict)
		}
	case *tupleOf:
		if g, ok := got.(*tupleOf); ok && len(w.elems) == len(g.elems) {
			return c.all(w.elems, g.elems, strict)
		}
	case *mapOf:
		if g, ok := got.(*mapOf); ok {
			if cl := c.same(w.key, g.key, strict); cl != nil {
				return cl
			}
			return c.same(w.value, g.value, strict)
		}
	case *function:
		if g, ok := got.(*function); ok && len(w.params) == len(g.params) {
			if cl := c.all(w.params, g.params, strict); cl != nil {
				return cl
			}
			return c.same(w.result, g.result, strict)
		}
	}
	return &clash{want: want, got: got}
}

func (c *checker) all(want, got []form, strict bool) *clash {
	for i := range want {
		if cl := c.same(want[i], got[i], strict); cl != nil {
			return cl
		}
	}
	return nil
}

// dots makes two dotted types one. Where how much the last element of each is
// is open, both lack the same: as many fields as the heads leave, if one head
// is like the other, and otherwise none.
func (c *checker) dots(want, got *dot, strict bool) *clash {
	w, cl := c.reduce(c.flatten(want), false)
	if cl != nil {
		return cl
	}
	g, cl := c.reduce(c.flatten(got), false)
	if cl != nil {
		return cl
	}
	if openEnd(w) && openEnd(g) {
		if c.try(func() *clash { return c.pairwise(w, g, strict) }) == nil {
			return nil
		}
		if w, cl = c.reduce(w, true); cl != nil {
			return cl
		}
		if g, cl = c.reduce(g, true); cl != nil {
			return cl
		}
	}
	return c.pairwise(w, g, strict)
}

// openEnd reports whether rule 5 of reduce would apply to a reduced list.
func openEnd(list []item) bool {
	if len(list) < 2 {
		return false
	}
	_, head := prune(list[len(list)-2].of).(*dotable)
	_, last := free(prune(list[len(list)-1].of))
	return head && last
}

// pairwise makes the elements of two dotted lists one by one the same; the
// last one left is all that is left opposite.
func (c *checker) pairwise(w, g []item, strict bool) *clash {
	for {
		c.step()
		if len(w) == 1 || len(g) == 1 {
			return c.same(dotted(w), dotted(g), strict)
		}
		if cl := c.same(w[0].of, g[0].of, strict); cl != nil {
			return cl
		}
		w, g = w[1:], g[1:]
	}
}

// dotWith makes a dotted type the type t, which is not dotted. again is
// called with what the dots turn out to build.
func (c *checker) dotWith(d *dot, t form, strict bool, again func(form) *clash) *clash {
	list, cl := c.reduce(c.flatten(d), !waits(t))
	if cl != nil {
		return cl
	}
	if len(list) == 1 {
		return again(list[0].of)
	}
	if _, rigid := t.(*variable); !builds(t) && !rigid {
		return &clash{want: t, got: d}
	}
	if strict && !waits(t) {
		return &clash{want: d, got: t, bare: true}
	}
	head := prune(list[0].of)
	if _, ok := free(head); !ok && !waits(head) {
		return &clash{want: t, got: d, at: list[1].at, head: list[0].at}
	}
	return c.same(&dotable{dotted(list[1:]), t}, head, false)
}

// spines makes two types one that wait for fields.
func (c *checker) spines(want, got form, strict bool) *clash {
	w, wants, wopen := spine(want)
	g, gets, gopen := spine(got)
	if cl := c.same(wants, gets, strict); cl != nil {
		return cl
	}
	ws, cl := c.reduce(c.flattenAll(w), false)
	if cl != nil {
		return cl
	}
	gs, cl := c.reduce(c.flattenAll(g), false)
	if cl != nil {
		return cl
	}
	differ := &clash{want: want, got: got}
	for len(ws) > 0 && len(gs) > 0 {
		c.step()
		x, y := ws[:1], gs[:1]
		switch {
		case len(ws) == 1 && wopen == nil && len(gs) > 1:
			y = gs
		case len(gs) == 1 && gopen == nil && len(ws) > 1:
			x = ws
		}
		if cl := c.same(dotted(x), dotted(y), strict); cl != nil {
			return cl
		}
		ws, gs = ws[len(x):], gs[len(y):]
	}
	switch {
	case len(gs) > 0 && wopen == nil, len(ws) > 0 && gopen == nil:
		return differ
	case len(gs) > 0:
		cl = c.bindRest(wopen, forms(gs), gopen)
	case len(ws) > 0:
		cl = c.bindRest(gopen, forms(ws), wopen)
	case wopen != nil:
		cl = c.bindRest(wopen, nil, gopen)
	case gopen != nil:
		cl = c.bindRest(gopen, nil, nil)
	}
	if cl != nil && cl.need == 0 {
		return differ
	}
	return cl
}

func forms(list []item) []form {
	var ts []form
	for _, x := range list {
		ts = append(ts, x.of)
	}
	return ts
}
