package eval

import (
	"slices"

	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// Of a network of n components, { c.i.j | i <- S, j <- T, i != j } are n² events.
// Such a set is described by the sets of its fields and not listed:
//
//	{ c.x1...xn | x1 <- S1, ..., xn <- Sn }
//
// with generated variables as fields of their own, other fields and the S that
// use none of them, and filters x != y of which each side is one of them or
// uses none. Of variables that are no field it matters only that they have values. In
// {| |} fields may be left out at the end. One of several elements,
// { c.i.j, c.j.i | j <- S }, is the union of those of one, and so is a Union of sets that
// are written as lists, Union({ { c.i.j, c.j.i } | j <- S }).

// A describing is an element of a comprehension of that form, with its statements.
type describing struct {
	head      code
	begins    bool   // it stands for all that it begins
	fields    []code // nil: a variable's
	variables []int  // by field, which of the generators its variable has; -1: it is none
	at        []int  // by generator, which field its variable is; -1: none
	steps     []describingStep
}

// A description is what a comprehension of that form comes to.
type description struct {
	set    value.Set
	head   *value.Head
	fields []value.Set
	values []value.Set // of the variables
}

// A describingStep is a generator, x <- source, or a filter, x != other, by numbers of
// generators; with neither it is x != y.
type describingStep struct {
	x, y          int
	source, other code
}

// describingAll returns the describing of each element of a set by comprehension, with
// the statements around it first; or nil if not all have one.
func (s *site) describingAll(x *syntax.List, around ...syntax.Stmt) (all []*describing) {
	list := slices.Concat(around, x.Stmts)
	for _, elem := range x.Elems {
		d := s.describing(elem, list)
		if d == nil {
			return nil
		}
		d.begins = x.Kind == syntax.EnumBracket
		all = append(all, d)
	}
	return all
}

// describingUnion returns the describing of each element of each of the sets in
// Union({ ... | ... }), or nil if not all have one.
func (s *site) describingUnion(x *syntax.List) (all []*describing) {
	for _, elem := range x.Elems {
		l, ok := unparen(elem).(*syntax.List)
		if !ok || l.Kind == syntax.SeqBracket {
			return nil
		}
		of := s.describingAll(l, x.Stmts...)
		if of == nil {
			return nil
		}
		all = append(all, of...)
	}
	return all
}

// describing returns { elem | list } as one of that form, or nil. Of a filter between two
// variables there may be one.
func (s *site) describing(elem syntax.Expr, list []syntax.Stmt) *describing {
	d := &describer{site: s, number: map[*resolve.Object]int{}, out: &describing{}}
	for _, st := range list {
		if g, ok := st.(*syntax.Generator); ok {
			o := d.variable(g.Pat)
			if o == nil {
				return nil
			}
			d.number[o] = len(d.out.at)
			d.out.at = append(d.out.at, -1)
		}
	}
	items := dottedItems(elem, nil)
	if h, ok := items[0].(*syntax.Name); !ok || s.info.Uses[h].Kind != resolve.Channel {
		return nil
	}
	d.out.head = s.expr(items[0])
	if !d.items(items[1:]) || !d.statements(list) {
		return nil
	}
	return d.out
}

// whole reports whether every variable is a field.
func (d *describing) whole() bool { return !slices.Contains(d.at, -1) }

type describer struct {
	*site
	number map[*resolve.Object]int // of the variables, by generators
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

// generated returns the number of a generated variable.
func (d *describer) generated(x syntax.Expr) (number int, ok bool) {
	n, ok := unparen(x).(*syntax.Name)
	if !ok {
		return 0, false
	}
	number, ok = d.number[d.info.Uses[n]]
	return number, ok
}

// free reports whether x uses no generated variable.
func (d *describer) free(x syntax.Expr) bool {
	free := true
	syntax.Walk(x, func(n syntax.Node) bool {
		if n, ok := n.(*syntax.Name); ok {
			_, bound := d.number[d.info.Uses[n]]
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
		field, number := code(nil), -1
		if n, ok := d.generated(x); ok {
			if d.out.at[n] >= 0 {
				return false // twice
			}
			d.out.at[n], number = i, n
		} else if d.free(x) {
			field = d.expr(x)
		} else {
			return false
		}
		d.out.fields, d.out.variables = append(d.out.fields, field), append(d.out.variables, number)
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
			d.out.steps = append(d.out.steps, describingStep{x: d.number[d.variable(st.Pat)], source: d.expr(st.Source)})
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

// describe returns what d comes to, if it is a large set, or has no choice; otherwise it
// is to be listed, and so it is where there is a mistake, which that will meet as well,
// or need not.
func (d *describing) describe(m *Machine, e []value.Value) (out description, ok bool) {
	fault := m.try(func() { out, ok = d.evaluate(m, e) })
	return out, ok && fault == nil
}

// describeAll returns the union of what all describe, see describe.
func describeAll(m *Machine, e []value.Value, all []*describing) (value.Set, bool) {
	var sets []value.Set
	var alone []value.Value // each the only one of its set
	for _, d := range all {
		one, ok := d.describe(m, e)
		if !ok {
			return nil, false
		}
		if one.set.Size() == 1 {
			v, _ := value.Some(one.set)
			alone = append(alone, v)
		} else {
			sets = append(sets, one.set)
		}
	}
	return value.Unions(append(sets, value.SetOf(alone...))), len(all) > 0
}

func (d *describing) evaluate(m *Machine, e []value.Value) (out description, ok bool) {
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
			size = min(size*min(s.Size(), value.LargeSet+1), value.LargeSet+1)
		case st.other != nil:
			out.values[st.x] = value.Minus(out.values[st.x], st.other(m, e))
		default:
			pair = st
		}
		if out.values[st.x].Size() == 0 {
			return description{set: value.EmptySet}, true
		}
	}
	if size <= value.LargeSet {
		return out, false
	}
	if pair != nil {
		x, y := pair.x, pair.y
		if d.at[x] < 0 {
			x, y = y, x
		}
		if d.at[y] < 0 && out.values[y].Size() == 1 { // of more, each x differs from one
			v, _ := value.Some(out.values[y])
			out.values[x] = value.Minus(out.values[x], v)
		}
		if out.values[x].Size() == 0 {
			return description{set: value.EmptySet}, true
		}
	}
	h, ok := d.head(m, e).(*value.Dot)
	if !ok || h.Head == nil {
		return out, false
	}
	out.head = h.Head
	for i, c := range d.fields {
		if c != nil {
			out.fields = append(out.fields, value.SetOf(c(m, e)))
		} else {
			out.fields = append(out.fields, out.values[d.variables[i]])
		}
	}
	if declared := out.head.Fields(); d.begins && len(out.fields) < len(declared) {
		out.fields = append(out.fields, declared[len(out.fields):]...)
	}
	out.set, ok = value.WithFields(out.head, out.fields)
	if ok && pair != nil && d.at[pair.x] >= 0 && d.at[pair.y] >= 0 {
		out.set, ok = value.Differing(out.set, d.at[pair.x], d.at[pair.y])
	}
	return out, ok
}
