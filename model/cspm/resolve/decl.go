package resolve

import (
	"fmt"
	"sort"

	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// declare adds what the declarations define to the current scope: first all
// but pattern bindings, since whether a name in a pattern is a variable
// depends on what channels and constructors there are.
func (r *resolver) declare(decls []syntax.Decl) {
	r.each(decls, func(d syntax.Decl) {
		switch d := d.(type) {
		case *syntax.Channel:
			for _, id := range d.Names {
				r.define(&Object{Kind: Channel, Fields: d.Type}, id)
			}
		case *syntax.Datatype:
			t := r.define(&Object{Kind: Datatype}, d.Name)
			if d.Sub {
				t.Sub = d
				return
			}
			for i := range d.Ctors {
				c := r.define(&Object{Kind: Constructor, Fields: d.Ctors[i].Type, Type: t}, d.Ctors[i].Name)
				t.Ctors = append(t.Ctors, c)
			}
		case *syntax.Nametype:
			r.define(&Object{Kind: Nametype, Fields: d.Type}, d.Name)
		case *syntax.Module:
			r.declareModule(d)
		case *syntax.Instance:
			o := r.define(&Object{Kind: Instance}, d.Name)
			o.module = &module{inst: d, at: r.scope, atInfo: r.info, timed: r.timed, in: r.in}
		case *syntax.Import:
			r.imports(d)
		}
	})
	r.functions(decls)
	r.each(decls, func(d syntax.Decl) {
		if d, ok := d.(*syntax.Bind); ok {
			r.bind(d)
		}
	})
	r.annotate(decls)
}

// each calls f for every declaration, those of included files and timed
// sections in their places.
func (r *resolver) each(decls []syntax.Decl, f func(syntax.Decl)) {
	for _, d := range decls {
		switch d := d.(type) {
		case *syntax.Include:
			r.each(d.Decls, f)
		case *syntax.Timed:
			saved := r.timed
			r.timed = r.section(d)
			f(d)
			r.each(d.Decls, f)
			r.timed = saved
		default:
			f(d)
		}
	}
}

// functions groups consecutive clauses of one name.
func (r *resolver) functions(decls []syntax.Decl) {
	var f *Object
	var name string
	for _, d := range decls {
		switch d := d.(type) {
		case *syntax.Clause:
			if f != nil && d.Name.Name == name {
				r.sameShape(f, d)
				f.Clauses = append(f.Clauses, d)
				continue
			}
			name = d.Name.Name
			f = r.define(&Object{Kind: Func, Clauses: []*syntax.Clause{d}}, d.Name)
			continue
		case *syntax.Include:
			r.functions(d.Decls)
		case *syntax.Timed:
			saved := r.timed
			r.timed = r.section(d)
			r.functions(d.Decls)
			r.timed = saved
		case *syntax.Annotation:
			if f != nil && len(d.Names) == 1 && d.Names[0].Name == name {
				continue
			}
		}
		f, name = nil, ""
	}
}

// sameShape checks that a clause of f takes the arguments that the first
// takes. That one does not is reported once: perhaps it is the first.
func (r *resolver) sameShape(f *Object, c *syntax.Clause) {
	first := f.Clauses[0]
	same := len(first.Groups) == len(c.Groups)
	for i := 0; same && i < len(c.Groups); i++ {
		same = len(first.Groups[i]) == len(c.Groups[i])
	}
	if same || f.Uneven {
		return
	}
	f.Uneven = true
	e := r.fail(syntax.Type, c.Name.Span, "all clauses of a function take the same number of arguments", "this clause of %s takes other arguments than the first", c.Name.Name)
	e.Notes = append(e.Notes, syntax.Note{Span: first.Name.Span, Msg: "the first clause is here"})
}

// bind declares the variables of a pattern binding.
func (r *resolver) bind(d *syntax.Bind) {
	r.pattern(d.Pat, func(n *syntax.PatName) {
		o := r.define(&Object{Kind: Value, Bind: d}, n.Ident)
		r.info.Pats[n] = o
	})
}

// imports brings built-ins into scope.
func (r *resolver) imports(d *syntax.Import) {
	word := "external"
	if d.Transparent {
		word = "transparent"
	}
	for _, id := range d.Names {
		how, known := builtins[id.Name]
		o := r.p.builtin[id.Name]
		switch {
		case !known || how == "timed":
			r.fail(syntax.Scope, id.Span, nearImport(word, id.Name), "there is no %s function %s", word, id.Name)
			r.p.Lost[id.Name] = true // its uses are no news
		case how == "":
			r.fail(syntax.Scope, id.Span, "leave it out", "%s needs no import", id.Name)
		case how != "either" && how != word:
			r.fail(syntax.Scope, id.Span, "write "+how+" "+id.Name, "%s is %s, not %s", id.Name, how, word)
			if r.scope.names[id.Name] == nil {
				r.scope.add(id.Name, o) // its uses are no news
			}
		default:
			if old := r.scope.names[id.Name]; old != nil && old != o {
				e := r.fail(syntax.Scope, id.Span, "give one of them another name", "%s is imported and defined", id.Name)
				e.Notes = append(e.Notes, syntax.Note{Span: old.At, Msg: "the definition is here"})
			}
			r.scope.add(id.Name, o)
		}
	}
}

// nearImport suggests what can be imported in place of name, if anything is
// like it: by word, if it can be.
func nearImport(word, name string) string {
	var names []string
	for n, how := range builtins {
		if how == "transparent" || how == "external" || how == "either" {
			names = append(names, n)
		}
	}
	sort.Strings(names)
	near := syntax.NearMiss(name, names...)
	switch how := builtins[near]; {
	case near == "":
		return ""
	case how == "either" || how == word:
		return fmt.Sprintf("did you mean %s?", near)
	default:
		return fmt.Sprintf("did you mean %s %s?", how, near)
	}
}

// annotate notes the types that names are given. Whether something defines
// them has been seen to.
func (r *resolver) annotate(decls []syntax.Decl) {
	r.each(decls, func(d syntax.Decl) {
		a, ok := d.(*syntax.Annotation)
		if !ok {
			return
		}
		for _, id := range a.Names {
			if o := r.scope.names[id.Name]; o != nil {
				o.Annotation = a
			}
		}
	})
}

// typeNames settles the names in a written type.
func (r *resolver) typeNames(t syntax.TypeExpr) {
	syntax.Walk(t, func(n syntax.Node) bool {
		name, ok := n.(*syntax.TypeName)
		if !ok {
			return true
		}
		var o *Object
		if len(name.Path) > 0 {
			if o = r.find(name.Path, name.Ident); o != nil && (o.Kind != Datatype || o.Sub != nil) {
				r.fail(syntax.Scope, name.Span, "the types are Int, Bool, Char, Proc, Event and the datatypes", "%s is not a type", o.Name)
				return true
			}
		} else {
			o = r.scope.lookup(name.Name)
		}
		if o != nil && o.Kind == Datatype && o.Sub == nil {
			r.info.Types[name] = o
		}
		return true
	})
}

// bodies settles the names in the declarations.
func (r *resolver) bodies(decls []syntax.Decl) {
	r.each(decls, func(d syntax.Decl) {
		switch d := d.(type) {
		case *syntax.Clause:
			r.clause(d)
		case *syntax.Bind:
			var owner *Object
			if n, ok := d.Pat.(*syntax.PatName); ok {
				if owner = r.info.Pats[n]; owner != nil && owner.Kind != Value {
					owner = nil
				}
			}
			r.within(owner, d.Body, func() { r.expr(d.Body) })
		case *syntax.Channel:
			r.expr(d.Type)
		case *syntax.Datatype:
			r.datatype(d)
		case *syntax.Nametype:
			r.expr(d.Type)
		case *syntax.Timed:
			r.expr(d.Fn)
			s := r.section(d)
			if o := r.scope.lookup("tock"); o != nil && o.Kind == Channel {
				s.Tock = o
			} else {
				r.fail(syntax.Scope, d.Span, "declare it: channel tock", "a Timed section needs a channel tock")
			}
		case *syntax.Annotation:
			r.typeNames(d.Type)
		case *syntax.Assert:
			r.assert(d)
		case *syntax.Print:
			r.p.Prints = append(r.p.Prints, d)
		case *syntax.Module:
			r.moduleBodies(d)
		case *syntax.Instance:
			for _, a := range d.Args {
				r.expr(a)
			}
		}
	})
}

// within notes that body is a result of o while f settles its names.
func (r *resolver) within(o *Object, body syntax.Expr, f func()) {
	f()
	if o != nil {
		r.tails(o, body, 0)
	}
}

func (r *resolver) clause(d *syntax.Clause) {
	f := r.scope.names[d.Name.Name]
	if f != nil && f.Kind != Func {
		f = nil // an error has been reported
	}
	r.inner(func() {
		var names linear
		for _, g := range d.Groups {
			for _, p := range g {
				r.params(p, &names)
			}
		}
		r.within(f, d.Body, func() { r.expr(d.Body) })
	})
}

func (r *resolver) datatype(d *syntax.Datatype) {
	t := r.scope.names[d.Name.Name]
	for i := range d.Ctors {
		c := &d.Ctors[i]
		r.expr(c.Type)
		if !d.Sub || t == nil {
			continue
		}
		o := r.scope.lookup(c.Name.Name)
		if o == nil {
			r.undefined(c.Name, r.scope)
			continue
		}
		if o.Kind != Constructor {
			r.fail(syntax.Scope, c.Name.Span, "a subtype picks constructors of one datatype", "%s is %s, not a constructor", c.Name.Name, o.Kind.a())
			continue
		}
		if len(t.SubOf) > 0 && t.SubOf[0].Type != o.Type {
			r.fail(syntax.Type, c.Name.Span, "a subtype picks constructors of one datatype",
				"%s is a constructor of %s, %s one of %s", c.Name.Name, o.Type.Name, t.SubOf[0].Name, t.SubOf[0].Type.Name)
		}
		t.SubOf = append(t.SubOf, o)
	}
}

func (r *resolver) assert(d *syntax.Assert) {
	r.expr(d.Spec)
	r.expr(d.Impl)
	for _, e := range d.Trace {
		r.expr(e)
	}
	r.expr(d.Operand)
	r.expr(d.TauPriority)
	r.p.Asserts = append(r.p.Asserts, Assertion{d, r.timed})
}

// section returns a Timed section, as it stands where we are.
func (r *resolver) section(d *syntax.Timed) *Section {
	s := r.info.Sections[d]
	if s == nil {
		s = &Section{Timed: d, Info: r.info}
		r.info.Sections[d] = s
	}
	return s
}

// declareModule declares a module; one without parameters is its own
// instance.
func (r *resolver) declareModule(d *syntax.Module) {
	o := r.define(&Object{Kind: Module}, d.Name)
	m := &module{decl: d, outer: r.scope, timed: r.timed, in: r.in}
	o.module = m
	if d.Params == nil {
		r.fill(m, d, o.Name, nil)
		m.state = expanded
	}
}

// fill declares the members of a module or instance in a scope of its own.
func (r *resolver) fill(m *module, d *syntax.Module, name string, params func()) {
	saved := *r
	r.info = newInfo(name + "::")
	r.scope = newScope(m.outer)
	r.timed = m.timed
	r.let = false
	r.in = m
	m.members = r.scope
	m.atInfo = r.info
	if params != nil {
		params()
	}
	private := map[string]bool{}
	all := append(append([]syntax.Decl(nil), d.Private...), d.Public...)
	m.body = &Body{Decls: all, Info: r.info, Module: d, Instance: m.inst, In: r.p.Bodies[0]}
	if m.in != nil {
		m.body.In = m.in.body
	}
	for _, id := range d.Params {
		m.body.Params = append(m.body.Params, m.members.names[id.Name])
	}
	r.declare(all)
	public := r.exported(d)
	for n := range m.members.names {
		if !public[n] {
			private[n] = true
		}
	}
	m.members.private = private
	errs, next := r.errs, r.p.nextName
	*r = saved
	r.errs, r.p.nextName = errs, next
}

// exported returns the names that the public declarations of d define.
func (r *resolver) exported(d *syntax.Module) map[string]bool {
	names := map[string]bool{}
	r.each(d.Public, func(d syntax.Decl) {
		switch d := d.(type) {
		case *syntax.Channel:
			for _, id := range d.Names {
				names[id.Name] = true
			}
		case *syntax.Datatype:
			names[d.Name.Name] = true
			if !d.Sub {
				for _, c := range d.Ctors {
					names[c.Name.Name] = true
				}
			}
		case *syntax.Nametype:
			names[d.Name.Name] = true
		case *syntax.Module:
			names[d.Name.Name] = true
		case *syntax.Instance:
			names[d.Name.Name] = true
		case *syntax.Clause:
			names[d.Name.Name] = true
		case *syntax.Bind:
			walkPat(d.Pat, func(n *syntax.PatName) { names[n.Name] = true })
		}
	})
	return names
}

// moduleBodies settles the names in a module's declaration. What a module
// with parameters declares is kept apart: instances have their own.
func (r *resolver) moduleBodies(d *syntax.Module) {
	o := r.scope.names[d.Name.Name]
	if o == nil || o.module == nil || o.module.decl != d {
		return // defined twice
	}
	m := o.module
	if d.Params != nil {
		objects, asserts, prints, bodies := r.p.Objects, r.p.Asserts, r.p.Prints, r.p.Bodies
		m = &module{decl: d, outer: m.outer, timed: m.timed, in: m.in}
		r.fill(m, d, o.Name, func() { r.moduleParams(d, nil, nil) })
		r.membersBodies(m, d)
		r.instances(len(objects))
		if r.instantiated() {
			r.p.Bodies = bodies // the module around it, seen for itself, has it
		} else {
			r.p.Generic = append(r.p.Generic, r.p.Objects[len(objects):]...)
		}
		r.p.Objects, r.p.Asserts, r.p.Prints = objects, asserts, prints
		return
	}
	r.membersBodies(m, d)
}

// instantiated reports whether we are in an instance.
func (r *resolver) instantiated() bool {
	for in := r.in; in != nil; in = in.in {
		if in.inst != nil {
			return true
		}
	}
	return false
}

func (r *resolver) membersBodies(m *module, d *syntax.Module) {
	r.p.Bodies = append(r.p.Bodies, m.body)
	info, scope, timed, let, in := r.info, r.scope, r.timed, r.let, r.in
	r.info, r.scope, r.timed, r.let, r.in = m.atInfo, m.members, m.timed, false, m
	r.bodies(d.Private)
	r.bodies(d.Public)
	r.info, r.scope, r.timed, r.let, r.in = info, scope, timed, let, in
}

// moduleParams declares the parameters of a module; args is nil outside an
// instance.
func (r *resolver) moduleParams(d *syntax.Module, args []syntax.Expr, info *Info) {
	for i, id := range d.Params {
		o := &Object{Kind: Param}
		if i < len(args) {
			o.Arg, o.ArgInfo = args[i], info
		}
		r.define(o, id)
	}
}

// instances unfolds every instance that is declared, from a place among the
// objects on, also those in instances.
func (r *resolver) instances(from int) {
	for i := from; i < len(r.p.Objects); i++ {
		if o := r.p.Objects[i]; o.Kind == Instance {
			r.expand(o)
		}
	}
}

// membersOf returns the members of a module or instance, or nil after an
// error.
func (r *resolver) membersOf(o *Object, id syntax.Ident) *scope {
	switch {
	case o.Kind == Instance:
		r.expand(o)
		return o.module.members
	case o.Kind != Module:
		r.fail(syntax.Scope, id.Span, "", "%s is %s, not a module", id.Name, o.Kind.a())
		return nil
	case o.module.decl.Params != nil:
		r.fail(syntax.Scope, id.Span, "make an instance of it and name that: instance M = "+id.Name+"(...)", "%s takes parameters: it has members only through an instance", id.Name)
		return nil
	}
	return o.module.members
}

func arguments(n int) string {
	switch n {
	case 0:
		return "no arguments"
	case 1:
		return "1 argument"
	}
	return fmt.Sprintf("%d arguments", n)
}

// expand makes the members of an instance.
func (r *resolver) expand(o *Object) {
	m := o.module
	if m.state != untouched {
		if m.state == expanding {
			r.fail(syntax.Type, m.inst.Name.Span, "a module may not depend on an instance of itself", "the instance %s is needed for its own module", m.inst.Name.Name)
			m.state = failed
		}
		return
	}
	m.state = expanding
	saved := r.scope
	r.scope = m.at
	of := r.find(m.inst.Module.Path, m.inst.Module.Ident)
	r.scope = saved
	if m.state == failed || of == nil {
		m.state = failed
		return
	}
	if of.Kind != Module {
		r.fail(syntax.Scope, m.inst.Module.Span, "", "%s is %s, not a module", m.inst.Module.Name, of.Kind.a())
		m.state = failed
		return
	}
	d := of.module.decl
	if len(d.Params) != len(m.inst.Args) {
		at := m.inst.Module.Span
		if n := len(d.Params); n < len(m.inst.Args) {
			at = m.inst.Args[n].At()
		}
		e := r.fail(syntax.Type, at, "", "module %s takes %s, not %d", d.Name.Name, arguments(len(d.Params)), len(m.inst.Args))
		e.Notes = append(e.Notes, syntax.Note{Span: d.Name.Span, Msg: d.Name.Name + " is declared here"})
		m.state = failed
		return
	}
	for in := m.in; in != nil; in = in.in {
		if in.decl == d {
			r.fail(syntax.Type, m.inst.Module.Span, "a module may not contain an instance of itself", "module %s contains an instance of itself", d.Name.Name)
			m.state = failed
			return
		}
	}
	m.outer, m.decl = of.module.outer, d
	argInfo := m.atInfo
	r.fill(m, d, o.Name, func() { r.moduleParams(d, m.inst.Args, argInfo) })
	if home := of.module.in; home != nil {
		m.body.Home = home.body
	}
	m.state = expanded
	r.membersBodies(m, d)
}
