package types

import (
	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// A unit is what is typed at once: a declaration, the clauses of a function,
// a parameter of a module, an assertion.
type unit struct {
	node  syntax.Node       // nil for a parameter that stands for any argument
	objs  []*resolve.Object // what it defines
	info  *resolve.Info     // what the names in it mean
	body  *resolve.Body     // nil in lets
	timed *syntax.Timed     // of a unit that is the function of a section

	broken bool // it is passed over

	uses    []*unit
	visited visit
}

func (u *unit) next() []*unit { return u.uses }
func (u *unit) visit() *visit { return &u.visited }

// annotated reports whether the types of all that u defines are given.
func (u *unit) annotated() bool {
	for _, o := range u.objs {
		if o.Annotation == nil || o.Kind != resolve.Func && o.Kind != resolve.Value {
			return false
		}
	}
	return len(u.objs) > 0
}

// at returns where u stands in the text.
func (u *unit) at() syntax.Span {
	if u.node != nil {
		return u.node.At()
	}
	return u.objs[0].At
}

// unitsOf returns the units of a list of declarations. find returns what is
// declared at a place.
func unitsOf(decls []syntax.Decl, info *resolve.Info, body *resolve.Body, find func(syntax.Pos) *resolve.Object) []*unit {
	var units []*unit
	add := func(node syntax.Node, objs ...*resolve.Object) *unit {
		for _, o := range objs {
			if o == nil {
				return &unit{} // what is wrong with it has been reported
			}
		}
		u := &unit{node: node, objs: objs, info: info, body: body}
		units = append(units, u)
		return u
	}
	for _, d := range decls {
		switch d := d.(type) {
		case *syntax.Clause:
			if o := find(d.Name.Start); o != nil && o.Kind == resolve.Func { // the first clause
				add(d, o)
			}
		case *syntax.Bind:
			var objs []*resolve.Object
			syntax.Walk(d.Pat, func(n syntax.Node) bool {
				if p, ok := n.(*syntax.PatName); ok {
					if o := info.Pats[p]; o != nil && o.Kind == resolve.Value {
						objs = append(objs, o)
					}
				}
				return true
			})
			add(d, objs...)
		case *syntax.Channel:
			var objs []*resolve.Object
			for _, id := range d.Names {
				objs = append(objs, find(id.Start))
			}
			add(d, objs...)
		case *syntax.Datatype:
			if o := find(d.Name.Start); o != nil {
				add(d, append([]*resolve.Object{o}, o.Ctors...)...)
			}
		case *syntax.Nametype:
			add(d, find(d.Name.Start))
		case *syntax.Include:
			units = append(units, unitsOf(d.Decls, info, body, find)...)
		case *syntax.Timed:
			u := add(d)
			u.timed = d
			units = append(units, unitsOf(d.Decls, info, body, find)...)
		case *syntax.Assert:
			add(d)
		}
	}
	return units
}

// parts calls f for what is in a unit that its type depends on.
func (u *unit) parts(f func(syntax.Node)) {
	for _, o := range u.objs {
		if o.Annotation != nil {
			f(o.Annotation.Type)
		}
	}
	switch n := u.node.(type) {
	case *syntax.Clause:
		for _, c := range u.objs[0].Clauses {
			f(c)
		}
	case *syntax.Timed:
		if n.Fn != nil {
			f(n.Fn)
		}
	case nil:
	default:
		f(n)
	}
}
