package types

import (
	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// A written type is a type as it is written: general, and what its variables
// are called.
type written struct {
	of    form
	at    syntax.Span
	names map[any]string
	by    map[string]any // a variable or rest of each name
}

// A reader reads written types.
type reader struct {
	c    *checker
	info *resolve.Info // nil: there are only atoms and variables
	w    *written
}

// written returns the type that an annotation gives.
func (c *checker) written(a *syntax.Annotation, info *resolve.Info) *written {
	w := c.read(a.Constraints, a.Type, info)
	w.at = a.Span
	return w
}

func (c *checker) read(cs []syntax.Constraint, t syntax.TypeExpr, info *resolve.Info) *written {
	r := reader{c, info, &written{names: map[any]string{}, by: map[string]any{}}}
	for _, k := range cs {
		r.constrain(k)
	}
	r.w.of = r.form(t)
	for _, k := range cs {
		if !r.occurs(k.Var.Name) && c.rigids[k.Var.Name] == nil {
			c.fail(k.Var.Span, "", "%s is constrained, but it is not in the type", k.Var.Name)
		}
	}
	return r.w
}

// constrain notes a constraint. That is for where the variable is bound.
func (r *reader) constrain(k syntax.Constraint) {
	name := k.Var.Name
	if outer := r.c.rigids[name]; outer != nil {
		r.c.fail(k.Span, "write it in that annotation", "%s belongs to an annotation around this one: it cannot be constrained here", name)
		return
	}
	need := needOf(k.Class)
	if need == 0 { // reported: whatever was meant is not missing
		need = eq | ord | set | complete | yieldable
	}
	v := r.variable(name)
	v.needs = v.needs.with(need)
}

// occurs reports whether a type variable that is bound here is in the type.
func (r *reader) occurs(name string) bool {
	found := false
	r.c.eachVariable(r.w.of, func(v *variable) { found = found || r.w.names[v] == name },
		func(s *rest) { found = found || r.w.names[s] == name })
	return found
}

// variable returns the type variable of a name that this annotation binds.
func (r *reader) variable(name string) *variable {
	if v, ok := r.w.by[name].(*variable); ok {
		return v
	}
	v := &variable{level: generic}
	r.w.by[name], r.w.names[v] = v, name
	return v
}

// rest returns the fields that a name on the left of =>* stands for.
func (r *reader) rest(name string) *rest {
	key := name + " =>*"
	if outer, ok := r.c.rigids[key].(*rest); ok {
		return outer
	}
	if s, ok := r.w.by[key].(*rest); ok {
		return s
	}
	s := &rest{level: generic}
	if v, ok := r.w.by[name].(*variable); ok {
		s.needs = v.needs
	}
	r.w.by[key], r.w.names[s] = s, name
	return s
}

func (r *reader) form(t syntax.TypeExpr) form {
	switch t := t.(type) {
	case *syntax.TypeName:
		return r.name(t)
	case *syntax.TypeParen:
		return r.form(t.X)
	case *syntax.TypeSet:
		return &setOf{r.form(t.Elem)}
	case *syntax.TypeSeq:
		return &seqOf{r.form(t.Elem)}
	case *syntax.TypeTuple:
		return &tupleOf{r.forms(t.Elems)}
	case *syntax.TypeMap:
		return &mapOf{r.form(t.Key), r.form(t.Value)}
	case *syntax.TypeFunc:
		return &function{r.forms(t.Params), r.form(t.Result)}
	case *syntax.TypeDot:
		var items []item
		var rest syntax.TypeExpr = t
		for {
			d, ok := rest.(*syntax.TypeDot)
			if !ok {
				break
			}
			items = append(items, item{r.form(d.X), d.X.At()})
			rest = d.Y
		}
		return dotted(append(items, item{r.form(rest), rest.At()}))
	case *syntax.TypeDotable:
		return &dotable{r.form(t.X), r.form(t.Y)}
	case *syntax.TypeExtendable:
		return &extendable{r.rest(t.X.(*syntax.TypeName).Name), r.form(t.Y)}
	}
	panic("types: a written type of an unknown kind")
}

func (r *reader) forms(ts []syntax.TypeExpr) []form {
	var out []form
	for _, t := range ts {
		out = append(out, r.form(t))
	}
	return out
}

func (r *reader) name(n *syntax.TypeName) form {
	if r.info != nil {
		if o := r.info.Types[n]; o != nil {
			return data{o}
		}
	}
	if len(n.Path) > 0 {
		return wrong{}
	}
	switch a := atom(n.Name); a {
	case intType, boolType, charType, procType, eventType:
		return a
	}
	if outer, ok := r.c.rigids[n.Name].(form); ok {
		return outer
	}
	return r.variable(n.Name)
}

// under runs f with the type as its body must have it: its variables are
// rigid, and their names stand for them in annotations inside.
func (c *checker) under(w *written, f func(t form)) {
	saved := c.rigids
	cp := copier{c: c, rigid: true, names: w.names}
	c.level++
	t := cp.copy(w.of)
	c.rigids = map[string]any{}
	for name, v := range saved {
		c.rigids[name] = v
	}
	for name, of := range w.by {
		switch of := of.(type) {
		case *variable:
			c.rigids[name] = cp.variable(of)
		case *rest:
			c.rigids[name] = cp.restOf(of)
		}
	}
	f(t)
	c.level--
	c.rigids = saved
}
