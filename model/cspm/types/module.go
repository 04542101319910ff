package types

import (
	"cmp"
	"slices"

	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// A dependent is a unit, or a module or instance as a whole. What it depends
// on is:
//
//	a unit       what it names, annotated or not, and the instance it is in
//	an instance  its module, its arguments, the instance it is in, and the
//	             instance that its module is declared in
//	a module     all that is declared in it
//
// Modules here are those outside instances: an instance that depends on
// itself, as in instance I = M(I::v), depends on no module that does.
type dependent struct {
	unit *unit         // or
	body *resolve.Body // of a module or an instance

	on      []*dependent
	visited visit
}

func (d *dependent) next() []*dependent { return d.on }
func (d *dependent) visit() *visit      { return &d.visited }

// instance reports whether d is an instance as a whole.
func (d *dependent) instance() bool { return d.body != nil && d.body.Instance != nil }

// checkModules reports the modules that depend on instances of themselves.
// They are in one component with the instance, since that depends on its
// module: one walk of the graph finds all. Of modules that depend on each
// other's instances the first is reported.
func (p *program) checkModules() {
	for _, group := range components(p.dependents()) {
		made := map[*syntax.Module]bool{}
		for _, d := range group {
			if d.instance() {
				made[d.body.Module] = true
			}
		}
		var first *dependent
		for _, d := range group {
			if d.body == nil || d.instance() || !made[d.body.Module] {
				continue
			}
			if first == nil || d.body.Module.Start < first.body.Module.Start {
				first = d
			}
		}
		if first != nil {
			p.dependsOnItself(first)
		}
	}
}

// dependents returns what the script consists of and depends on what, or
// nothing if it has no instances.
func (p *program) dependents() []*dependent {
	var all []*dependent
	modules, bodies := map[*syntax.Module]*dependent{}, map[*resolve.Body]*dependent{}
	instances := false
	for _, b := range p.c.prog.Bodies {
		if b.Module == nil || b.Instance == nil && instanceOf(b) != nil {
			continue
		}
		d := &dependent{body: b}
		bodies[b], all = d, append(all, d)
		if d.instance() {
			instances = true
		} else {
			modules[b.Module] = d
		}
	}
	if !instances {
		return nil
	}
	units := make(map[*unit]*dependent, len(p.units))
	for _, u := range p.units {
		d := &dependent{unit: u}
		units[u], all = d, append(all, d)
	}
	depends := func(d, on *dependent) {
		if d != nil && on != nil {
			d.on = append(d.on, on)
		}
	}
	for _, d := range all {
		switch b := d.body; {
		case b == nil:
			p.named(d.unit, func(o *resolve.Object) { depends(d, units[p.owner[o]]) })
			depends(d, bodies[instanceOf(d.unit.body)])
			if in := bodies[d.unit.body]; in != nil && !in.instance() {
				depends(in, d)
			}
		case d.instance():
			depends(d, modules[b.Module])
			depends(d, bodies[instanceOf(b.In)])
			depends(d, bodies[instanceOf(b.Home)])
			for _, o := range b.Params {
				depends(d, units[p.owner[o]])
			}
		}
		if d.body != nil && instanceOf(d.body.In) == nil {
			depends(bodies[d.body.In], d)
		}
	}
	return all
}

// dependsOnItself reports that a module depends on an instance of itself: a
// nearest one, where the module begins to depend on it.
func (p *program) dependsOnItself(m *dependent) {
	path := nearest(m, func(d *dependent) bool { return d.instance() && d.body.Module == m.body.Module })
	var uses []syntax.Span
	for i, d := range path[1:] {
		if at := p.use(path[i], d); at != (syntax.Span{}) {
			uses = append(uses, at)
		}
	}
	name, of := m.body.Module.Name.Name, path[len(path)-1].body.Instance
	e := p.c.fail(uses[0], "declare what needs "+of.Name.Name+" outside "+name, "module %s depends on an instance of itself", name)
	if last := uses[len(uses)-1]; last != uses[0] {
		e.Notes = append(e.Notes, syntax.Note{Span: last, Msg: "this needs " + of.Name.Name})
	}
	e.Notes = append(e.Notes, syntax.Note{Span: of.Span, Msg: "the instance " + of.Name.Name + " of " + name + " is here"})
}

// nearest returns a shortest path from d to what is looked for, which there
// must be.
func nearest(d *dependent, found func(*dependent) bool) []*dependent {
	from := map[*dependent]*dependent{d: nil}
	for queue := []*dependent{d}; ; queue = queue[1:] {
		at := queue[0]
		if found(at) {
			var path []*dependent
			for ; at != nil; at = from[at] {
				path = append(path, at)
			}
			slices.Reverse(path)
			return path
		}
		for _, to := range at.on {
			if _, seen := from[to]; !seen {
				from[to] = at
				queue = append(queue, to)
			}
		}
	}
}

// use returns where the text says that d depends on another. That something
// is declared in a module or an instance it does not say.
func (p *program) use(d, on *dependent) syntax.Span {
	switch {
	case d.unit != nil && on.unit != nil:
		return p.useOf(d.unit, on.unit)
	case d.instance() && on.body != nil && on.body != instanceOf(d.body.In):
		return d.body.Instance.Module.Span
	}
	return syntax.Span{}
}

// useOf returns the first place where a unit names what another defines.
func (p *program) useOf(u, v *unit) syntax.Span {
	var places []syntax.Span
	u.parts(func(n syntax.Node) {
		syntax.Walk(n, func(n syntax.Node) bool {
			if o := meant(n, u.info); o != nil && p.owner[o] == v {
				places = append(places, n.At())
			}
			return true
		})
	})
	if len(places) == 0 {
		return u.at() // a clause of a subtype, or the tock of a section
	}
	return slices.MinFunc(places, func(a, b syntax.Span) int { return cmp.Compare(a.Start, b.Start) })
}
