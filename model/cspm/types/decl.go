package types

import (
	"fmt"

	"strings"

	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// unit infers the types of what a unit declares.
func (c *checker) unit(u *unit) {
	switch d := u.node.(type) {
	case *syntax.Clause:
		c.function(u.objs[0])
	case *syntax.Bind:
		c.binding(u, d)
	case *syntax.Channel:
		c.channel(u, d)
	case *syntax.Datatype:
		if d.Sub {
			c.subtype(u, d)
		} else {
			c.datatype(u, d)
		}
	case *syntax.Nametype:
		c.nametype(u, d)
	case *syntax.Timed:
		c.section(d)
	case *syntax.Assert:
		c.assert(d)
	case syntax.Expr: // the argument for a parameter
		c.level = 0
		c.join(d.At(), c.own[u.objs[0]], c.settled(d))
	}
}

// function infers the type of a function from its clauses. The parameters
// and results of all have the same types.
func (c *checker) function(o *resolve.Object) {
	w := c.annots[o]
	if w == nil {
		c.clauses(o, c.own[o])
		return
	}
	c.under(w, func(t form) {
		shape := c.shape(o)
		if cl := c.unify(t, shape); cl != nil {
			e := c.fail(w.at, "", "%s is annotated with %s, but its clauses make it %s", base(o.Name), c.show(t), c.show(shape))
			e.Notes = append(e.Notes, syntax.Note{Span: o.At, Msg: base(o.Name) + " is defined here"})
			return
		}
		c.clauses(o, t)
	})
}

// shape returns the type of a function of which only the number of arguments
// is known.
func (c *checker) shape(o *resolve.Object) form {
	var t form = c.newVar(0)
	groups := o.Clauses[0].Groups
	for i := len(groups) - 1; i >= 0; i-- {
		f := &function{result: t}
		for range groups[i] {
			f.params = append(f.params, c.newVar(0))
		}
		t = f
	}
	return t
}

func (c *checker) clauses(o *resolve.Object, t form) {
	for i, d := range o.Clauses {
		first := func(what string) because {
			if i == 0 {
				return because{annotation: o.Annotation}
			}
			return because{annotation: o.Annotation, note: "the first clause of " + base(o.Name) + " " + what, at: o.Clauses[0].Span}
		}
		r := t
		for _, g := range d.Groups {
			f, ok := prune(r).(*function)
			if !ok {
				return
			}
			for j, p := range g {
				c.expectPat(p, f.params[j], first("takes other arguments"))
			}
			r = f.result
		}
		got := c.settled(d.Body)
		c.ask(d.Body, r, got, first("makes something else"))
	}
}

// binding infers the types of the names of a pattern binding.
func (c *checker) binding(u *unit, d *syntax.Bind) {
	if u.annotated() {
		c.under(c.annots[u.objs[0]], func(t form) {
			c.ask(d.Body, t, c.settled(d.Body), because{annotation: u.objs[0].Annotation})
		})
		return
	}
	want := c.pattern(d.Pat)
	c.settleAt(d.Pat.At(), want)
	got := c.settled(d.Body)
	why := because{note: "it is matched with this pattern", at: d.Pat.At()}
	if n, ok := d.Pat.(*syntax.PatName); ok {
		if o := c.info.Pats[n]; o != nil && (o.Kind == resolve.Channel || o.Kind == resolve.Constructor) {
			why.note = fmt.Sprintf("%s is the %v of that name here, a pattern that it is matched with", n.Name, o.Kind)
			why.fix = "to define something else, choose another name"
		}
	}
	c.askMatch(d.Body, want, got, why)
}

// channel infers the type of the channels of a declaration: what they carry
// must be Eq and Complete.
func (c *checker) channel(u *unit, d *syntax.Channel) {
	fields := c.fields(d.Type, eq|complete)
	t := arrows(fields, eventType)
	for _, o := range u.objs {
		c.join(o.At, c.own[o], t)
		c.asAnnotated(o, t)
	}
}

// datatype infers the types of the constructors of a datatype: what they
// carry must be Complete. Whether it is Eq too says whether the datatype is.
func (c *checker) datatype(u *unit, d *syntax.Datatype) {
	t := data{u.objs[0]}
	for i := range d.Ctors {
		if i+1 >= len(u.objs) {
			return
		}
		o := u.objs[i+1]
		before := len(c.errs)
		fields := c.fields(d.Ctors[i].Type, complete)
		if len(c.errs) > before {
			c.join(o.At, c.own[o], wrong{})
			continue
		}
		made := arrows(fields, t)
		c.join(o.At, c.own[o], made)
		c.asAnnotated(o, made)
		if c.compare[t.of] {
			for _, f := range fields {
				if c.require(f, eq) != nil {
					c.notEq = true
				}
			}
		}
	}
}

// subtype checks the clauses of a subtype: each gives its constructor some
// of its fields, the first ones.
func (c *checker) subtype(u *unit, d *syntax.Datatype) {
	o := u.objs[0]
	if len(o.SubOf) == 0 {
		c.join(o.At, c.own[o], wrong{})
		return
	}
	t := data{o.SubOf[0].Type}
	c.join(o.At, c.own[o], &setOf{t})
	i := 0
	for j := range d.Ctors {
		k := &d.Ctors[j]
		if i >= len(o.SubOf) || base(o.SubOf[i].Name) != k.Name.Name {
			continue // reported
		}
		ctor := o.SubOf[i]
		i++
		if ctor.Type != t.of {
			continue // reported
		}
		fields := c.fields(k.Type, complete)
		given := &extendable{c.newRest(), t}
		c.at = k.Span
		of := c.typeOf(ctor)
		if cl := c.unify(of, arrows(fields, given)); cl != nil && len(fields) == 0 {
			e := c.fail(k.Span, "declare it as the constructor of a type", "%s is %s, which comes to no %s", k.Name.Name, c.show(of), c.show(t))
			e.Notes = append(e.Notes, syntax.Note{Span: ctor.At, Msg: k.Name.Name + " is declared here"})
		} else if cl != nil {
			e := c.fail(k.Span, "give it no more fields than it has, and values that it can have", "%s is %s, which cannot have the fields %s",
				k.Name.Name, c.show(of), c.show(dottedForms(fields)))
			e.Notes = append(e.Notes, syntax.Note{Span: ctor.At, Msg: k.Name.Name + " is declared here"})
		}
	}
}

func (c *checker) nametype(u *unit, d *syntax.Nametype) {
	t := &setOf{dottedForms(c.fields(d.Type, 0))}
	o := u.objs[0]
	c.join(o.At, c.own[o], t)
	c.asAnnotated(o, t)
}

// asAnnotated makes the type of a channel, constructor or nametype what its
// annotation says, if it has one.
func (c *checker) asAnnotated(o *resolve.Object, t form) {
	if o.Annotation == nil {
		return
	}
	c.under(c.written(o.Annotation, c.info), func(want form) {
		if cl := c.unify(want, t); cl != nil {
			e := c.fail(o.At, "", "%s is declared as %s, but annotated with %s", base(o.Name), c.show(t), c.show(want))
			e.Notes = append(e.Notes, syntax.Note{Span: o.Annotation.Span, Msg: "the annotation is here"})
		}
	})
}

// fields infers what an expression in the place of a type says: the fields
// of a dotted list of sets. A tuple of sets is one field, a tuple. Each field
// must be n.
func (c *checker) fields(e syntax.Expr, n needs) []form {
	switch e := e.(type) {
	case nil:
		return nil
	case *syntax.Paren:
		return c.fields(e.X, n)
	case *syntax.Binary:
		if e.Op != syntax.OpDot {
			break
		}
		var fields []form
		var rest syntax.Expr = e
		for {
			d, ok := rest.(*syntax.Binary)
			if !ok || d.Op != syntax.OpDot {
				return append(fields, c.fields(rest, n)...)
			}
			fields = append(fields, c.fields(d.X, n)...)
			rest = d.Y
		}
	case *syntax.Tuple:
		t := &tupleOf{}
		for _, x := range e.Elems {
			t.elems = append(t.elems, dottedForms(c.fields(x, n)))
		}
		return []form{t}
	}
	t := c.newVar(0)
	c.expect(e, &setOf{t}, "a type is a set of values here")
	c.settleAt(e.At(), t)
	before := len(c.errs)
	for _, k := range []needs{complete, eq} {
		if n&k != 0 && len(c.errs) == before {
			c.demand(e.At(), t, k, "a field has values that can be compared and wait for nothing")
		}
	}
	var fields []form
	for _, x := range c.flatten(t) {
		fields = append(fields, x.of)
	}
	return fields
}

// section checks the function that gives the durations in a Timed section,
// and its tock.
func (c *checker) section(d *syntax.Timed) {
	if d.Fn != nil {
		c.expect(d.Fn, &function{[]form{eventType}, intType}, "it says how long each event takes")
	}
	section := c.info.Sections[d]
	if section == nil || section.Tock == nil {
		return
	}
	o := section.Tock
	if t := c.typeOf(o); c.unify(eventType, t) != nil {
		e := c.fail(d.Span, "declare it without fields: channel tock", "in a Timed section tock must be an Event, but it is %s", c.show(t))
		e.Notes = append(e.Notes, syntax.Note{Span: o.At, Msg: "tock is declared here"})
	}
}

func (c *checker) assert(d *syntax.Assert) {
	const why = "an assertion is about processes"
	if d.Spec != nil {
		c.expect(d.Spec, procType, why)
	}
	c.expect(d.Impl, procType, why)
	for _, e := range d.Trace {
		c.event(e, "a trace consists of events")
	}
	if d.Operand != nil {
		c.operand(d)
	}
	if d.TauPriority != nil {
		c.eventSet(d.TauPriority, "tau priority is over a set of events")
	}
}

// operand infers the type of what the question of a comment is about.
func (c *checker) operand(d *syntax.Assert) {
	set := &setOf{eventType}
	list, sequence := d.Operand.(*syntax.List)
	switch {
	case d.Kind == syntax.RaceFree:
		c.expect(d.Operand, &setOf{&tupleOf{[]form{set, set}}}, "shared variables are a set of pairs (reads, writes) of sets of events")
	case d.Kind == syntax.NoLostNotification:
		c.expect(d.Operand, &setOf{&tupleOf{[]form{set, set, set}}}, "notifications are a set of triples (in vain, wait, end) of sets of events")
	case d.Kind == syntax.NoPanic:
		c.eventSet(d.Operand, "the events that must not happen are a set")
	case d.Kind == syntax.BoundedBypass:
		of := d.Operand.(*syntax.Tuple).Elems
		c.expect(of[0], &seqOf{procType}, "tasks are a sequence of processes")
		c.eventSet(of[1], "what tasks wait for is a set of events")
		c.expect(of[2], intType, "how often a task may be overtaken is a number")
	case d.Kind == syntax.NeverStuck || d.Kind == syntax.StarvationFree || sequence && list.Kind == syntax.SeqBracket:
		c.expect(d.Operand, &seqOf{procType}, "tasks are a sequence of processes")
	default:
		c.expect(d.Operand, procType, "the main task is a process")
	}
}

// base returns a name without the modules that it is in.
func base(name string) string { return name[strings.LastIndex(name, ":")+1:] }
