package types

import (
	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// A program is the units of a script, modules and instances included.
type program struct {
	c     *checker
	units []*unit
	owner map[*resolve.Object]*unit
}

type place struct {
	info *resolve.Info
	at   syntax.Pos
}

// groups returns the units of a script outside lets in groups: those that
// use each other mutually are in one, and those that a group uses come
// before it. Modules are no obstacle.
func (p *program) groups() [][]*unit {
	prog := p.c.prog
	at := map[place]*resolve.Object{}
	for _, objs := range [][]*resolve.Object{prog.Objects, prog.Generic} {
		for _, o := range objs {
			at[place{o.Info, o.At.Start}] = o
		}
	}
	for _, b := range prog.Bodies {
		for _, o := range b.Params {
			u := &unit{objs: []*resolve.Object{o}, info: o.ArgInfo, body: b}
			if o.Arg != nil {
				u.node = o.Arg
			}
			p.units = append(p.units, u)
		}
		p.units = append(p.units, unitsOf(b.Decls, b.Info, b, func(pos syntax.Pos) *resolve.Object {
			return at[place{b.Info, pos}]
		})...)
	}
	p.owner = map[*resolve.Object]*unit{}
	for _, u := range p.units {
		for _, o := range u.objs {
			p.owner[o] = u
		}
	}
	for _, u := range p.units {
		p.uses(u)
	}
	return groupsOf(p.units)
}

// uses notes which units u uses. An annotated function needs no typing before
// it can be used, only the types that its annotation names.
func (p *program) uses(u *unit) {
	p.named(u, func(o *resolve.Object) {
		v := p.owner[o]
		switch {
		case v == nil:
		case v.annotated():
			v.parts(func(n syntax.Node) {
				if t, ok := n.(syntax.TypeExpr); ok {
					p.names(t, v.info, func(o *resolve.Object) {
						if w := p.owner[o]; w != nil {
							u.uses = append(u.uses, w)
						}
					})
				}
			})
		default:
			u.uses = append(u.uses, v)
		}
	})
}

// named calls f for the objects that a unit names, or stands on unnamed.
func (p *program) named(u *unit, f func(*resolve.Object)) {
	u.parts(func(n syntax.Node) { p.names(n, u.info, f) })
	if u.timed != nil {
		if s := u.info.Sections[u.timed]; s != nil && s.Tock != nil {
			f(s.Tock)
		}
	}
	for _, o := range u.objs {
		for _, c := range o.SubOf {
			f(c)
		}
	}
}

// names calls f for the objects that are named in a piece of the tree.
func (p *program) names(n syntax.Node, info *resolve.Info, f func(*resolve.Object)) {
	syntax.Walk(n, func(n syntax.Node) bool {
		if o := meant(n, info); o != nil {
			f(o)
		}
		return true
	})
}

// meant returns what a node means if it is a name, or nil.
func meant(n syntax.Node, info *resolve.Info) *resolve.Object {
	switch n := n.(type) {
	case *syntax.Name:
		return info.Uses[n]
	case *syntax.PatName:
		return info.Pats[n]
	case *syntax.TypeName:
		return info.Types[n]
	}
	return nil
}

// groupsOf returns the units that use each other mutually, those that others
// use first.
func groupsOf(units []*unit) [][]*unit {
	groups := components(units)
	for _, g := range groups {
		inOrder(g)
	}
	return groups
}

// A letKey tells the instances of a let apart.
type letKey struct {
	let  *syntax.Let
	info *resolve.Info
}

// A letScope is a let that is being walked.
type letScope struct {
	now *unit // the unit of it that we are in, if any
}

// lets finds the groups of all lets in a piece of the tree, in one walk: a
// use of a name of a let is noted for the unit of that let that it is in.
func (p *program) lets(n syntax.Node, info *resolve.Info) {
	type owned struct {
		unit *unit
		in   *letScope
	}
	owner := map[*resolve.Object]owned{}
	var visit func(syntax.Node) bool
	visit = func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Name:
			o := info.Uses[n]
			if by := owner[o]; by.unit != nil && by.in.now != nil {
				by.in.now.uses = append(by.in.now.uses, by.unit)
			}
		case *syntax.Let:
			objs := map[syntax.Pos]*resolve.Object{}
			for _, o := range info.Lets[n] {
				if o != nil {
					objs[o.At.Start] = o
				}
			}
			units := unitsOf(n.Decls, info, nil, func(pos syntax.Pos) *resolve.Object { return objs[pos] })
			scope := &letScope{}
			for _, u := range units {
				if u.annotated() {
					continue
				}
				for _, o := range u.objs {
					owner[o] = owned{u, scope}
				}
			}
			for _, u := range units {
				scope.now = u
				u.parts(func(n syntax.Node) { syntax.Walk(n, visit) })
			}
			scope.now = nil
			p.c.lets[letKey{n, info}] = groupsOf(units)
			syntax.Walk(n.Body, visit)
			return false
		}
		return true
	}
	syntax.Walk(n, visit)
}
