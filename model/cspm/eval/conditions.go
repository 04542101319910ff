package eval

import (
	"math"
	"slices"

	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// A filter of a set that is described is not asked of each choice of values for its
// variables. What it says of one of them is asked of that one's values, each of them once,
// or all of them where it is a comparison or member; and an or splits the choices into
// ranges: of x == i or y == i, those where x is i, and of the others those where y is.
// What it says of two of them at once, other than x != y, is not described.
//
// Values are asked what listing would ask them, in another order: nothing is asked of those
// that were decided before.

// ranges are all choices of values that have each variable in its set, by number.
type ranges []value.Set

// How many ranges a set is described by, at most.
const fewRanges = 8

// where returns the ranges in which variable n is in s, if there is a choice.
func (r ranges) where(n int, s value.Set) []ranges {
	switch {
	case s.Size() == 0:
		return nil
	case s == r[n]:
		return []ranges{r}
	}
	r = slices.Clone(r)
	r[n] = s
	return []ranges{r}
}

// differing returns the ranges without values that leave none for the other of two
// variables that differ: there is one for all but the only one of the other.
func (r ranges) differing(x, y int) []ranges {
	if r[x].Size() == 1 {
		x, y = y, x
	}
	if r[y].Size() != 1 {
		return []ranges{r}
	}
	v, _ := value.Some(r[y])
	return r.where(x, value.Minus(r[x], v))
}

// A condition returns the choices for which it is true, and, if both are asked for, the
// others.
type condition func(m *Machine, e []value.Value, r ranges, both bool) (yes, no []ranges)

// condition compiles a condition, or returns nil.
func (d *describer) condition(x syntax.Expr) condition {
	x = unparen(x)
	switch y := x.(type) {
	case *syntax.Unary:
		if y.Op == syntax.OpNot {
			return negated(d.condition(y.X))
		}
	case *syntax.Binary:
		switch y.Op {
		case syntax.OpAnd:
			return either(negated(d.condition(y.X)), negated(d.condition(y.Y)), true)
		case syntax.OpOr:
			return either(d.condition(y.X), d.condition(y.Y), false)
		}
	}
	used := d.used(x)
	if len(used) > 1 || !brief(x) {
		return nil
	}
	if len(used) == 0 {
		c := d.cond(x)
		return func(m *Machine, e []value.Value, r ranges, _ bool) (yes, no []ranges) {
			if c(m, e) {
				return []ranges{r}, nil
			}
			return nil, []ranges{r}
		}
	}
	n, part := used[0], d.part(x, used[0])
	return func(m *Machine, e []value.Value, r ranges, both bool) (yes, no []ranges) {
		s := part(m, e, r[n])
		if both {
			no = r.where(n, value.Diff(r[n], s))
		}
		return r.where(n, s), no
	}
}

func negated(c condition) condition {
	if c == nil {
		return nil
	}
	return func(m *Machine, e []value.Value, r ranges, _ bool) (yes, no []ranges) {
		no, yes = c(m, e, r, true)
		return yes, no
	}
}

// either is c or d, or, if that is asked for, the condition that it is neither.
func either(c, d condition, neither bool) condition {
	if c == nil || d == nil {
		return nil
	}
	return func(m *Machine, e []value.Value, r ranges, both bool) (yes, no []ranges) {
		yes, rest := c(m, e, r, true)
		for _, r := range rest {
			more, none := d(m, e, r, both || neither)
			yes, no = append(yes, more...), append(no, none...)
			if len(yes) > fewRanges || len(no) > fewRanges { // then it is listed
				value.FailLimit("a condition splits a set into more than %d parts", fewRanges)
			}
		}
		if neither {
			return no, yes
		}
		return yes, no
	}
}

// part compiles a condition on variable n to the values in a set for which it is true.
func (d *describer) part(x syntax.Expr, n int) func(m *Machine, e []value.Value, s value.Set) value.Set {
	each := d.partOfEach(x, n)
	switch y := x.(type) {
	case *syntax.Binary:
		op, other := y.Op, y.Y
		_, ok := d.generated(y.X)
		if !ok {
			op, other = turned[op], y.X
			_, ok = d.generated(y.Y)
		}
		if _, compares := turned[op]; !ok || !compares || !d.free(other) {
			break
		}
		c := d.expr(other)
		return func(m *Machine, e []value.Value, s value.Set) value.Set {
			if op == syntax.OpNe {
				return value.Minus(s, c(m, e))
			}
			if _, ok := s.(*value.Ints); ok {
				if k, ok := c(m, e).(value.Int); ok {
					return value.Inter(s, compared(op, int64(k)))
				}
			}
			return each(m, e, s)
		}
	case *syntax.Apply:
		f, ok := unparen(y.Fn).(*syntax.Name)
		if !ok || d.info.Uses[f].Kind != resolve.Builtin || f.Name != "member" || len(y.Args) != 2 || !d.free(y.Args[1]) {
			break
		}
		if _, ok := d.generated(y.Args[0]); !ok {
			break
		}
		c := d.expr(y.Args[1])
		return func(m *Machine, e []value.Value, s value.Set) value.Set {
			of := value.ToSet(c(m, e))
			if _, ok := s.(*value.Ints); ok {
				v, _ := value.Some(s)
				value.Member(v, of) // they are of one type
				return value.Inter(s, of)
			}
			return each(m, e, s)
		}
	}
	return each
}

// turned are the comparisons, and what they are with the sides changed.
var turned = map[syntax.Op]syntax.Op{
	syntax.OpEq: syntax.OpEq, syntax.OpNe: syntax.OpNe,
	syntax.OpLt: syntax.OpGt, syntax.OpLe: syntax.OpGe, syntax.OpGt: syntax.OpLt, syntax.OpGe: syntax.OpLe,
}

// compared returns the integers n with n op k.
func compared(op syntax.Op, k int64) value.Set {
	switch {
	case op == syntax.OpEq:
		return value.IntRange(k, k)
	case op == syntax.OpLe:
		return value.IntRange(math.MinInt64, k)
	case op == syntax.OpGe:
		return value.IntsFrom(k)
	case op == syntax.OpLt && k > math.MinInt64:
		return value.IntRange(math.MinInt64, k-1)
	case op == syntax.OpGt && k < math.MaxInt64:
		return value.IntsFrom(k + 1)
	}
	return value.EmptySet
}

// partOfEach is part, by a look at each value.
func (d *describer) partOfEach(x syntax.Expr, n int) func(m *Machine, e []value.Value, s value.Set) value.Set {
	cond, slot := d.cond(x), d.slots[n]
	return func(m *Machine, e []value.Value, s value.Set) value.Set {
		var vs []value.Value
		for _, v := range value.Listed(s) {
			m.tick()
			if e[slot] = v; cond(m, e) {
				vs = append(m.grown(vs), v)
				m.more(len(vs), elementBytes)
			}
		}
		if int64(len(vs)) == s.Size() {
			return s
		}
		return value.Gathered(vs)
	}
}

// shared returns a set of integers that takes much room as it was met first, if it was.
func (m *Machine) shared(s value.Set) value.Set {
	if _, ok := s.(*value.Ints); !ok || value.Bulk(s) <= fewRanges {
		return s
	}
	k := m.keys.FormOf(s)
	if t, ok := m.alike[k]; ok {
		return t
	}
	m.alike[k] = s
	return s
}

// A partOf is { x | x <- S, ... } with filters, those of a describing without elements.
type partOf struct{ *describing }

// partOf returns { elem | list } as that, or nil.
func (s *site) partOf(elem syntax.Expr, list []syntax.Stmt) *partOf {
	g, ok := list[0].(*syntax.Generator)
	if !ok {
		return nil
	}
	d := s.describer()
	defer d.release()
	if !d.generator(g.Pat) {
		return nil
	}
	if _, ok := d.generated(elem); !ok {
		return nil
	}
	for _, st := range list[1:] {
		if f, ok := st.(*syntax.Filter); !ok || !d.filter(f.Cond) {
			return nil
		}
	}
	return &partOf{d.out}
}

// of returns the part of S, as describe does.
func (p *partOf) of(m *Machine, e []value.Value, of value.Value) (part value.Set, ok, mistaken bool) {
	s, ok := of.(value.Set)
	if !ok || value.Most(s) == value.Infinite {
		return nil, false, false
	}
	if len(p.steps) == 0 {
		return s, true, false
	}
	if m.listing > 0 || value.Most(s) <= value.LargeSet {
		return nil, false, false
	}
	ok = false
	fault := m.try(func() {
		var all []ranges
		if all, ok = p.left(m, e, ranges{s}); !ok {
			return
		}
		var parts []value.Set
		for _, r := range all {
			parts = append(parts, r[0])
		}
		part = value.Unions(parts)
	})
	return part, ok && fault == nil, fault != nil
}
