package types

import (
	"slices"
	"sort"

	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// inOrder sorts the units of a group: first what says the types of others,
// then as in the text.
func inOrder(group []*unit) {
	rank := func(u *unit) int {
		switch u.node.(type) {
		case *syntax.Datatype:
			return 0
		case *syntax.Channel:
			return 1
		case *syntax.Nametype:
			return 2
		}
		return 3
	}
	sort.SliceStable(group, func(i, j int) bool {
		if a, b := rank(group[i]), rank(group[j]); a != b {
			return a < b
		}
		return group[i].at().Start < group[j].at().Start
	})
}

// group infers the types of a group outside lets. That its datatypes are Eq
// is assumed first; if the group fails then, or a field turns out not to be,
// all is taken back and none is taken for it.
func (c *checker) group(g []*unit) {
	var types []*resolve.Object
	for _, u := range g {
		if d, ok := u.node.(*syntax.Datatype); ok && !d.Sub {
			types = append(types, u.objs[0])
		}
	}
	c.assume(types, true)
	before := len(c.errs)
	c.trailing, c.notEq = len(types) > 0, false
	c.attempt(g)
	if first := slices.Clone(c.errs[before:]); len(types) > 0 && (c.notEq || len(first) > 0) {
		c.takeBack()
		c.errs = c.errs[:before]
		c.assume(types, false)
		notEq := c.notEq
		if c.attempt(g); len(c.errs) > before && !notEq {
			// That was not the reason. What is said of the first attempt does
			// not follow from a datatype that is not Eq.
			c.errs = append(c.errs[:before], first...)
			c.assume(types, true)
		}
	}
	c.trailing, c.trail = false, nil
	broken := slices.ContainsFunc(g, func(u *unit) bool { return u.broken })
	c.finish(g, broken || len(c.errs) > before)
	clear(c.lets)
}

// assume takes datatypes for Eq or not.
func (c *checker) assume(types []*resolve.Object, isEq bool) {
	for _, o := range types {
		c.compare[o] = isEq
	}
}

// attempt infers the types of a group, each name having one type.
func (c *checker) attempt(g []*unit) {
	c.level = 1
	c.declare(g)
	for _, u := range g {
		if u.broken {
			continue
		}
		before := len(c.errs)
		c.whole = u.at()
		u.parts(func(n syntax.Node) { c.whole.End = max(c.whole.End, n.At().End) })
		c.guard(u.at(), func() {
			c.info, c.constants = u.info, nil
			p := &program{c: c}
			u.parts(func(n syntax.Node) { p.lets(n, u.info) })
			c.unit(u)
		})
		if in := instanceOf(u.body); in != nil {
			for _, e := range c.errs[before:] {
				c.within[e] = in
			}
		}
	}
	c.level = 0
}

// declare gives the names of a group the types that they have in the group.
func (c *checker) declare(g []*unit) {
	for _, u := range g {
		for _, o := range u.objs {
			switch {
			case o.Kind == resolve.Datatype && o.Sub == nil:
				c.general[o] = &setOf{data{o}}
			case u.broken:
				c.general[o] = wrong{}
			case o.Kind == resolve.Param:
				c.own[o] = &variable{level: 0}
			case u.annotated():
				c.at = o.At
				c.annots[o] = c.written(o.Annotation, u.info)
				c.general[o] = c.annots[o].of
			case o.Uneven:
				c.own[o] = wrong{} // reported
			case o.Kind == resolve.Func:
				c.own[o] = c.shape(o)
			default:
				c.own[o] = c.newVar(0)
			}
		}
	}
}

// finish makes the types of the names of a group general. If the group
// failed, what is not given fits everywhere.
func (c *checker) finish(g []*unit, failed bool) {
	for _, u := range g {
		for _, o := range u.objs {
			t := c.own[o]
			switch {
			case t == nil:
				continue
			case o.Kind == resolve.Param:
				if failed {
					c.own[o] = wrong{}
				}
				continue
			}
			delete(c.own, o)
			fixed := o.Kind == resolve.Channel || o.Kind == resolve.Constructor
			switch {
			case failed && !(fixed && c.isGround(t) && !c.isLost(t)):
				t = wrong{}
			case fixed && !failed:
				t = c.fixed(o, u, t)
			default:
				c.guard(u.at(), func() { c.generalise(t) })
			}
			c.general[o] = t
		}
	}
}

// A ground is a channel or constructor of an instance whose type may become
// known by the arguments of the instance.
type ground struct {
	o    *resolve.Object
	unit *unit
}

// fixed returns the type of a channel or constructor, which must be known
// whole. Inside a module it may depend on the parameters.
func (c *checker) fixed(o *resolve.Object, u *unit, t form) form {
	open, later := false, false
	see := func(level int) {
		open = open || level > c.level
		later = later || level <= c.level
	}
	c.eachVariable(t, func(v *variable) { see(v.level) }, func(r *rest) { see(r.level) })
	switch {
	case c.isLost(t):
		return wrong{}
	case open && !c.vague(u):
		c.polymorphic(o, t)
		return wrong{}
	case open:
		return wrong{}
	case later && instanceOf(u.body) != nil:
		c.ground = append(c.ground, ground{o, u})
	}
	return t
}

// vague reports whether something that u uses is of an unknown type, since a
// mistake has been reported there.
func (c *checker) vague(u *unit) bool {
	vague := false
	u.parts(func(n syntax.Node) {
		syntax.Walk(n, func(n syntax.Node) bool {
			if n, ok := n.(*syntax.Name); ok {
				o := u.info.Uses[n]
				if o == nil {
					vague = true
					return false
				}
				t := c.general[o]
				if t == nil {
					t = c.own[o]
				}
				_, unknown := t.(wrong)
				vague = vague || unknown
			}
			return !vague
		})
	})
	return vague
}

func (c *checker) isGround(t form) bool {
	is := true
	c.eachVariable(t, func(*variable) { is = false }, func(*rest) { is = false })
	return is
}

// ofParameters reports whether all that is unknown of a type is part of the
// types of the parameters of modules around a body, which stand for any
// arguments.
func (c *checker) ofParameters(t form, b *resolve.Body) bool {
	known := map[any]bool{}
	for ; b != nil; b = b.In {
		for _, o := range b.Params {
			if p := c.own[o]; p != nil && b.Instance == nil {
				c.eachVariable(p, func(v *variable) { known[v] = true }, func(r *rest) { known[r] = true })
			}
		}
	}
	is := true
	c.eachVariable(t, func(v *variable) { is = is && known[v] }, func(r *rest) { is = is && known[r] })
	return is
}

// isLost reports whether a mistake has kept a part of a type from becoming
// known. How many fields it is then, for one, is not.
func (c *checker) isLost(t form) bool {
	is := false
	c.eachLeaf(t, func(t form) { is = is || t == (wrong{}) }, func(*rest) {})
	return is
}

func (c *checker) polymorphic(o *resolve.Object, t form) {
	c.fail(o.At, "say which values it carries, or annotate it: "+base(o.Name)+" :: ... => ...",
		"the type of %s, %s, is not known whole: a %v is not polymorphic", base(o.Name), c.show(t), o.Kind)
}

// checkGround reports what has stayed unknown, but for what the instances of
// a module around it will tell.
func (c *checker) checkGround() {
	for _, g := range c.ground {
		if t := c.general[g.o]; !c.isGround(t) && !c.ofParameters(t, g.unit.body) && !c.vague(g.unit) {
			before := len(c.errs)
			c.polymorphic(g.o, t)
			c.within[c.errs[before]] = instanceOf(g.unit.body)
		}
	}
}
