package eval

import (
	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// Of a network of n components, { c.i.j | i <- S, j <- T, i != j } are n² events.
// Such a set is described by the sets of its fields and not listed:
//
//	{ c.x1...xn | x1 <- S1, ..., xn <- Sn }
//
// with every generated variable a field of its own, other fields and the S that
// use none of them, and filters x != y of which each side is one of them or
// uses none. One of several elements, { c.i.j, c.j.i | j <- S }, is the union of
// those of one.

// A describing is a comprehension of that form.
type describing struct {
	head      code
	fields    []code // nil: a variable's
	variables []int  // by field, which of the generators its variable has; -1: it is none
	steps     []describingStep
	whole     bool // every variable is a field
}

// A description is what a comprehension of that form comes to.
type description struct {
	set    value.Set
	head   *value.Head
	fields []value.Set
	values []value.Set // of the variables
}

// A describingStep is a generator, x <- source, or a filter, x != other, by the
// fields that the variables are; with neither it is x != y. A variable that is no
// field, -1, has no filters.
type describingStep struct {
	x, y          int
	source, other code
}

// describing returns { elem | list } as one of that form, or nil. Of a filter between two
// variables there may be one.
func (s *site) describing(elem syntax.Expr, list []syntax.Stmt) *describing {
	if d := s.describingPart(elem, list); d != nil && d.whole {
		return d
	}
	return nil
}

// describingAll returns the describing of each of elems, or nil if not all have one.
func (s *site) describingAll(elems []syntax.Expr, list []syntax.Stmt) []*describing {
	var all []*describing
	for _, elem := range elems {
		d := s.describing(elem, list)
		if d == nil {
			return nil
		}
		all = append(all, d)
	}
	return all
}

// describingPart is describing, but that not every variable has to be a field;
// filters of those that are none are left out.
func (s *site) describingPart(elem syntax.Expr, list []syntax.Stmt) *describing {
	d := &describer{site: s, field: map[*resolve.Object]int{}, number: map[*resolve.Object]int{}}
	for _, st := range list {
		if g, ok := st.(*syntax.Generator); ok {
			o := d.variable(g.Pat)
			if o == nil {
				return nil
			}
			d.field[o], d.number[o] = -1, len(d.number)
		}
	}
	items := dottedItems(elem, nil)
	if h, ok := items[0].(*syntax.Name); !ok || s.info.Uses[h].Kind != resolve.Channel {
		return nil
	}
	d.out = &describing{head: s.expr(items[0])}
	if !d.items(items[1:]) || !d.statements(list) {
		return nil
	}
	return d.out
}

type describer struct {
	*site
	field  map[*resolve.Object]int // of the variables: -1 until found
	number map[*resolve.Object]int // of the generators
	pairs  int
	out    *describing
}

// dottedItems appends the operands of dots.
func dottedItems(x syntax.Expr, out []syntax.Expr) []syntax.Expr {
	x = unparen(x)
	if b, ok := x.(*syntax.Binary); ok && b.Op == syntax.OpDot {
		return dottedItems(b.Y, dottedItems(b.X, out))
	}
	return append(out, x)
}

// variable returns what a pattern binds, if it is a variable.
func (d *describer) variable(p syntax.Pat) *resolve.Object {
	if n, ok := p.(*syntax.PatName); ok && !isHead(d.info.Pats[n]) {
		return d.info.Pats[n]
	}
	return nil
}

// generated returns the field of a generated variable.
func (d *describer) generated(x syntax.Expr) (field int, ok bool) {
	n, ok := unparen(x).(*syntax.Name)
	if !ok {
		return 0, false
	}
	field, ok = d.field[d.info.Uses[n]]
	return field, ok
}

// free reports whether x uses no generated variable.
func (d *describer) free(x syntax.Expr) bool {
	free := true
	syntax.Walk(x, func(n syntax.Node) bool {
		if n, ok := n.(*syntax.Name); ok {
			_, bound := d.field[d.info.Uses[n]]
			free = free && !bound
		}
		return free
	})
	return free
}

// quick reports whether x may as well be evaluated twice: it calls nothing but
// what is built in, and lists nothing by statements.
func (d *describer) quick(x syntax.Expr) bool {
	quick := true
	syntax.Walk(x, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Apply:
			f, ok := unparen(n.Fn).(*syntax.Name)
			quick = quick && ok && d.info.Uses[f].Kind == resolve.Builtin
		case *syntax.List:
			quick = quick && !n.Comp
		case *syntax.Range:
			quick = quick && !n.Comp
		case *syntax.Let:
			quick = false
		}
		return quick
	})
	return quick
}

// items takes the fields of the element.
func (d *describer) items(items []syntax.Expr) bool {
	for i, x := range items {
		field, ok := d.generated(x)
		switch {
		case ok && field >= 0:
			return false // twice
		case ok:
			o := d.info.Uses[unparen(x).(*syntax.Name)]
			d.field[o] = i
			d.out.fields, d.out.variables = append(d.out.fields, nil), append(d.out.variables, d.number[o])
		case !d.free(x):
			return false
		default:
			d.out.fields, d.out.variables = append(d.out.fields, d.expr(x)), append(d.out.variables, -1)
		}
	}
	d.out.whole = true
	for _, field := range d.field {
		d.out.whole = d.out.whole && field >= 0
	}
	return true
}

func (d *describer) statements(list []syntax.Stmt) bool {
	for _, st := range list {
		switch st := st.(type) {
		case *syntax.Generator:
			if !d.free(st.Source) || !d.quick(st.Source) {
				return false
			}
			d.out.steps = append(d.out.steps, describingStep{x: d.field[d.variable(st.Pat)], source: d.expr(st.Source)})
		case *syntax.Filter:
			if !d.filter(st.Cond) {
				return false
			}
		}
	}
	return true
}

// filter takes x != y, and several with an and between.
func (d *describer) filter(cond syntax.Expr) bool {
	b, ok := unparen(cond).(*syntax.Binary)
	switch {
	case !ok:
		return false
	case b.Op == syntax.OpAnd:
		return d.filter(b.X) && d.filter(b.Y)
	case b.Op != syntax.OpNe:
		return false
	}
	x, okx := d.generated(b.X)
	y, oky := d.generated(b.Y)
	switch {
	case okx && x < 0 && (oky || d.free(b.Y)), oky && y < 0 && (okx || d.free(b.X)):
		return true
	case okx && oky:
		d.pairs++
		d.out.steps = append(d.out.steps, describingStep{x: x, y: y})
		return x != y && d.pairs == 1
	case okx && d.free(b.Y):
		d.out.steps = append(d.out.steps, describingStep{x: x, other: d.expr(b.Y)})
	case oky && d.free(b.X):
		d.out.steps = append(d.out.steps, describingStep{x: y, other: d.expr(b.X)})
	default:
		return false
	}
	return true
}

// describe returns what d comes to, if it is a large set; otherwise it is to be
// listed, and so it is where there is a mistake, which that will meet as well,
// or need not.
func (d *describing) describe(m *Machine, e []value.Value) (out description, ok bool) {
	if d == nil {
		return out, false
	}
	fault := m.try(func() { out, ok = d.evaluate(m, e) })
	return out, ok && fault == nil
}

// describeAll returns the union of what all describe, see describe.
func describeAll(m *Machine, e []value.Value, all []*describing) (value.Set, bool) {
	sets := make([]value.Set, len(all))
	for i, d := range all {
		one, ok := d.describe(m, e)
		if !ok {
			return nil, false
		}
		sets[i] = one.set
	}
	return value.Unions(sets), len(sets) > 0
}

func (d *describing) evaluate(m *Machine, e []value.Value) (out description, ok bool) {
	fields := make([]value.Set, len(d.fields))
	size, pair := int64(1), (*describingStep)(nil)
	for i := range d.steps {
		st := &d.steps[i]
		switch {
		case st.source != nil:
			s, ok := st.source(m, e).(value.Set)
			if !ok || s.Size() == value.Infinite {
				return out, false
			}
			out.values = append(out.values, s)
			if st.x >= 0 {
				fields[st.x] = s
			}
			size = min(size*min(s.Size(), value.LargeSet+1), value.LargeSet+1)
		case st.other != nil:
			fields[st.x] = value.Minus(fields[st.x], st.other(m, e))
		default:
			pair = st
		}
	}
	if size <= value.LargeSet {
		return out, false
	}
	for i, c := range d.fields {
		if c != nil {
			fields[i] = value.SetOf(c(m, e))
		}
	}
	h, ok := d.head(m, e).(*value.Dot)
	if !ok || h.Head == nil {
		return out, false
	}
	s, ok := value.WithFields(h.Head, fields)
	if ok && pair != nil {
		s, ok = value.Differing(s, pair.x, pair.y)
	}
	return description{s, h.Head, fields, out.values}, ok
}
