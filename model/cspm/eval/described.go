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
// with fields that use one of the variables at most, which no other field uses, S that
// use none, and filters (conditions.go). Of variables that are in no field it matters
// only that they have values. In {| |} fields may be left out at the end. One of several
// elements, { c.i.j, c.j.i | j <- S }, is the union of those of one, and so is a Union of
// sets that are written as lists, Union({ { c.i.j, c.j.i } | j <- S }).

// A describing is a comprehension of that form.
type describing struct {
	steps []describingStep
	n     int // how many variables there are
	elems []*describedElem
}

// A describingStep is a generator, x <- source, or a filter: that which differs from x
// is y, or else a condition.
type describingStep struct {
	source code
	cond   condition
	x, y   int // numbers of variables
}

// A describedElem is one of its elements.
type describedElem struct {
	head   code
	begins bool // it stands for all that it begins
	fields []describedField
	at     []int // by variable, the field that uses it; -1: none
}

// A describedField is a variable, or else an expression that uses one, or none: -1.
type describedField struct {
	variable int
	expr     code
	slot     int // of the variable that expr uses
}

// describingAll returns a set by comprehension as one of that form, with the statements
// around it first; or nil.
func (s *site) describingAll(x *syntax.List, around ...syntax.Stmt) *describing {
	d := s.describing(x.Elems, slices.Concat(around, x.Stmts))
	if d != nil && x.Kind == syntax.EnumBracket {
		for _, elem := range d.elems {
			elem.begins = true
		}
	}
	return d
}

// describingUnion returns each of the sets in Union({ ... | ... }), or nil if not all are
// of that form.
func (s *site) describingUnion(x *syntax.List) (all []*describing) {
	for _, elem := range x.Elems {
		l, ok := unparen(elem).(*syntax.List)
		if !ok || l.Kind == syntax.SeqBracket {
			return nil
		}
		d := s.describingAll(l, x.Stmts...)
		if d == nil {
			return nil
		}
		all = append(all, d)
	}
	return all
}

// describing returns { elems | list } as one of that form, or nil. Of a filter between two
// variables there may be one.
func (s *site) describing(elems []syntax.Expr, list []syntax.Stmt) *describing {
	d := s.describer()
	defer d.release()
	for _, st := range list {
		if g, ok := st.(*syntax.Generator); ok && !d.generator(g.Pat) {
			return nil
		}
	}
	d.out.n = len(d.slots)
	for _, st := range list {
		if !d.statement(st) {
			return nil
		}
	}
	for _, x := range elems {
		if !d.elem(x) {
			return nil
		}
	}
	return d.out
}

type describer struct {
	*site
	number map[*resolve.Object]int // of the variables, by generators
	slots  []int                   // of them
	lent   []*resolve.Object       // those that have a slot for this only
	pair   *describingStep         // the filter between two variables
	out    *describing
}

func (s *site) describer() *describer {
	return &describer{site: s, number: map[*resolve.Object]int{}, out: &describing{}}
}

// generator gives the variable that a generator binds a number and a slot, if it binds one.
func (d *describer) generator(p syntax.Pat) bool {
	n, ok := p.(*syntax.PatName)
	if !ok || isHead(d.info.Pats[n]) {
		return false
	}
	o := d.info.Pats[n]
	slot, ok := d.site.slots[o]
	if !ok {
		slot = d.bind(o)
		d.lent = append(d.lent, o)
	}
	d.number[o] = len(d.slots)
	d.slots = append(d.slots, slot)
	return true
}

func (d *describer) release() {
	for _, o := range d.lent {
		delete(d.site.slots, o)
	}
}

// dottedItems appends the operands of dots.
func dottedItems(x syntax.Expr, out []syntax.Expr) []syntax.Expr {
	x = unparen(x)
	if b, ok := x.(*syntax.Binary); ok && b.Op == syntax.OpDot {
		return dottedItems(b.Y, dottedItems(b.X, out))
	}
	return append(out, x)
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

// used returns which of the generated variables x uses.
func (d *describer) used(x syntax.Expr) (numbers []int) {
	syntax.Walk(x, func(n syntax.Node) bool {
		if n, ok := n.(*syntax.Name); ok {
			if i, ok := d.number[d.info.Uses[n]]; ok && !slices.Contains(numbers, i) {
				numbers = append(numbers, i)
			}
		}
		return true
	})
	return numbers
}

// free reports whether x uses no generated variable.
func (d *describer) free(x syntax.Expr) bool { return len(d.used(x)) == 0 }

// brief reports whether x may as well be compiled twice: it has no statements and no let.
func brief(x syntax.Expr) bool {
	brief := true
	syntax.Walk(x, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.List:
			brief = brief && !n.Comp
		case *syntax.Range:
			brief = brief && !n.Comp
		case *syntax.Let, *syntax.Lambda:
			brief = false
		}
		return brief
	})
	return brief
}

// quick reports whether x may as well be evaluated twice: it is brief, and calls nothing
// but what is built in.
func (d *describer) quick(x syntax.Expr) bool {
	quick := brief(x)
	syntax.Walk(x, func(n syntax.Node) bool {
		if n, ok := n.(*syntax.Apply); ok {
			f, ok := unparen(n.Fn).(*syntax.Name)
			quick = quick && ok && d.info.Uses[f].Kind == resolve.Builtin
		}
		return quick
	})
	return quick
}

// elem takes an element.
func (d *describer) elem(x syntax.Expr) bool {
	items := dottedItems(x, nil)
	if h, ok := items[0].(*syntax.Name); !ok || d.info.Uses[h].Kind != resolve.Channel {
		return false
	}
	elem := &describedElem{head: d.expr(items[0]), at: slices.Repeat([]int{-1}, d.out.n)}
	for i, x := range items[1:] {
		f := describedField{variable: -1}
		if used := d.used(x); len(used) > 0 {
			n := used[0]
			if len(used) > 1 || elem.at[n] >= 0 {
				return false
			}
			elem.at[n], f.variable, f.slot = i, n, d.slots[n]
		}
		if _, ok := d.generated(x); !ok {
			if f.variable >= 0 && (!brief(x) || d.pair != nil && (d.pair.x == f.variable || d.pair.y == f.variable)) {
				return false
			}
			f.expr = d.expr(x)
		}
		elem.fields = append(elem.fields, f)
	}
	d.out.elems = append(d.out.elems, elem)
	return true
}

func (d *describer) statement(st syntax.Stmt) bool {
	switch st := st.(type) {
	case *syntax.Generator:
		if !d.free(st.Source) || !d.quick(st.Source) {
			return false
		}
		x := d.number[d.info.Pats[st.Pat.(*syntax.PatName)]]
		d.out.steps = append(d.out.steps, describingStep{x: x, source: d.expr(st.Source)})
		return true
	case *syntax.Filter:
		return d.filter(st.Cond)
	}
	return false
}

// filter takes x != y, a condition, and several with an and between.
func (d *describer) filter(x syntax.Expr) bool {
	b, ok := unparen(x).(*syntax.Binary)
	if ok && b.Op == syntax.OpAnd {
		return d.filter(b.X) && d.filter(b.Y)
	}
	if ok && b.Op == syntax.OpNe {
		x, okx := d.generated(b.X)
		y, oky := d.generated(b.Y)
		if okx && oky {
			if x == y || d.pair != nil {
				return false
			}
			d.pair = &describingStep{x: x, y: y}
			d.out.steps = append(d.out.steps, *d.pair)
			return true
		}
	}
	c := d.condition(x)
	d.out.steps = append(d.out.steps, describingStep{cond: c})
	return c != nil
}

// pair returns the variables of the filter between two, if there is one.
func (d *describing) pair() (x, y int, ok bool) {
	for _, st := range d.steps {
		if st.source == nil && st.cond == nil {
			return st.x, st.y, true
		}
	}
	return 0, 0, false
}

// describe returns the union of what all come to, if it is a large set, or has no choice;
// otherwise it is to be listed. So it is where there is a mistake, which that will meet
// as well, or need not.
func (m *Machine) describe(e []value.Value, all ...*describing) (set value.Set, ok, mistaken bool) {
	if m.listing > 0 || len(all) == 0 || all[0] == nil {
		return nil, false, false
	}
	fault := m.try(func() {
		var sets []value.Set
		var alone []value.Value // each the only one of its set
		for _, d := range all {
			of, known := d.sets(m, e)
			if !known {
				return
			}
			for _, s := range of {
				if s.Size() == 1 {
					v, _ := value.Some(s)
					alone = append(alone, v)
				} else {
					sets = append(sets, s)
				}
			}
		}
		set, ok = value.Unions(append(sets, value.SetOf(alone...))), true
		if value.Most(set) <= value.LargeSet {
			set = value.SetOf(value.Listed(set)...)
		}
	})
	return set, ok && fault == nil, fault != nil
}

// listed makes that sets are listed until what it returns is called: what a mistake is in
// is evaluated twice, but not what that uses once more each.
func (m *Machine) listed() func() {
	m.listing++
	return func() { m.listing-- }
}

// sets returns sets of which the described one is the union.
func (d *describing) sets(m *Machine, e []value.Value) (sets []value.Set, ok bool) {
	all, ok := d.choices(m, e)
	for _, r := range all {
		for _, elem := range d.elems {
			_, _, set, known := elem.in(m, e, d, r)
			if !known {
				return nil, false
			}
			sets = append(sets, set)
		}
	}
	return sets, ok
}

// choices returns ranges of the variables: all choices of values that satisfy the
// statements, but for those that the filter between two leaves out. It is false if they
// are not many, and better listed.
func (d *describing) choices(m *Machine, e []value.Value) (all []ranges, ok bool) {
	size, r := int64(1), make(ranges, d.n)
	for _, st := range d.steps {
		if st.source != nil {
			s, ok := st.source(m, e).(value.Set)
			if !ok || s.Size() == value.Infinite {
				return nil, false
			}
			r[st.x] = s
			size = min(size*max(1, min(s.Size(), value.LargeSet+1)), value.LargeSet+1)
		}
	}
	if size <= value.LargeSet {
		return nil, false
	}
	return d.left(m, e, r)
}

// left returns what the statements leave of ranges, see choices. It is false if that is many.
func (d *describing) left(m *Machine, e []value.Value, r ranges) (all []ranges, ok bool) {
	all = []ranges{r}
	for _, st := range d.steps {
		var left []ranges
		for _, r := range all {
			switch {
			case st.source != nil:
				left = append(left, r.where(st.x, r[st.x])...)
			case st.cond != nil:
				yes, _ := st.cond(m, e, r, false)
				left = append(left, yes...)
			default:
				left = append(left, r.differing(st.x, st.y)...)
			}
		}
		if all = left; len(all) > fewRanges {
			return nil, false
		}
	}
	if x, y, ok := d.pair(); ok {
		var left []ranges
		for _, r := range all {
			left = append(left, r.differing(x, y)...)
		}
		all = left
	}
	for _, r := range all {
		for i, s := range r {
			r[i] = m.shared(s)
		}
	}
	return all, true
}

// in returns the set of an element where its variables have ranges, as the product of
// fields that it is, but for those that are the same.
func (elem *describedElem) in(m *Machine, e []value.Value, d *describing, r ranges) (h *value.Head, fields []value.Set, set value.Set, ok bool) {
	head, ok := elem.head(m, e).(*value.Dot)
	if !ok || head.Head == nil {
		return nil, nil, nil, false
	}
	h = head.Head
	for _, f := range elem.fields {
		switch {
		case f.expr == nil:
			fields = append(fields, r[f.variable])
		case f.variable < 0:
			fields = append(fields, value.SetOf(f.expr(m, e)))
		default:
			fields = append(fields, f.image(m, e, r[f.variable]))
		}
	}
	if declared := h.Fields(); elem.begins && len(fields) < len(declared) {
		fields = append(fields, declared[len(fields):]...)
	}
	set, ok = value.WithFields(h, fields)
	if x, y, differ := d.pair(); ok && differ && elem.at[x] >= 0 && elem.at[y] >= 0 {
		set, ok = value.Differing(set, elem.at[x], elem.at[y])
	}
	return h, fields, set, ok
}

// image returns the values of a field whose variable has those of a set.
func (f *describedField) image(m *Machine, e []value.Value, of value.Set) value.Set {
	var vs []value.Value
	for _, v := range value.Listed(of) {
		e[f.slot] = v
		vs = append(m.grown(vs), f.expr(m, e))
		m.more(len(vs), elementBytes)
	}
	return m.shared(value.Gathered(vs))
}
