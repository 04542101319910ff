package eval

import (
	"github.com/cspcheck/cspcheck/model/cspm/process"
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
// uses none.

// A describing is a comprehension of that form.
type describing struct {
	head      code
	fields    []code // nil: a variable's
	variables []int  // by field, which of the generators its variable has; -1: it is none
	steps     []describingStep
}

// A description is what a comprehension of that form comes to.
type description struct {
	set    value.Set
	head   *value.Head
	fields []value.Set
}

// A describingStep is a generator, x <- source, or a filter, x != other, by the
// fields that the variables are; with neither it is x != y.
type describingStep struct {
	x, y          int
	source, other code
}

// describing returns { elem | list } as one of that form, or nil. Of a filter between two
// variables there may be one.
func (s *site) describing(elem syntax.Expr, list []syntax.Stmt) *describing {
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
	if h, ok := items[0].(*syntax.Name); !ok || s.info.Uses[h].Kind != resolve.Channel || len(items) == 1 {
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
	for _, field := range d.field {
		if field < 0 {
			return false
		}
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
			fields[st.x] = s
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
	return description{s, h.Head, fields}, ok
}

// side returns what d comes to as a side of a family of ties.
func (d *describing) side(out description) process.Side {
	s := process.Side{Set: out.set, Head: out.head}
	for i, n := range d.variables {
		f := process.FamilyField{Variable: n}
		if n < 0 {
			f.Value, _ = value.Some(out.fields[i])
		}
		s.Fields = append(s.Fields, f)
	}
	return s
}

// A family is the two sides of From <- To with statements; nil if they have not that
// form.
type family struct{ from, to *describing }

func (s *site) family(ties []syntax.Tie, list []syntax.Stmt) *family {
	if len(ties) != 1 || len(list) == 0 {
		return nil
	}
	f := &family{s.describing(ties[0].From, list), s.describing(ties[0].To, list)}
	if f.from == nil || f.to == nil {
		return nil
	}
	return f
}

// relation returns the relation, if it is a large one.
func (f *family) relation(m *Machine, e []value.Value) *process.Relation {
	if f == nil {
		return nil
	}
	from, ok := f.from.describe(m, e)
	if !ok || from.set.Size() == 0 {
		return nil
	}
	to, ok := f.to.describe(m, e)
	if !ok {
		return nil
	}
	return m.space.Family(process.Family{From: f.from.side(from), To: f.to.side(to)})
}
