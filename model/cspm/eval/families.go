package eval

import (
	"slices"

	"github.com/cspcheck/cspcheck/model/cspm/process"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// P[[ c.i.j <- d.j | i <- S, j <- T ]] may have as many ties as there are events of c.
// Those whose sides have the form of a description are not listed.

// side returns what d comes to, which has one element, as a side of a family of ties; and
// the values of the variables. It is false if it has not that form, or no choice.
func (d *describing) side(m *Machine, e []value.Value) (s process.Side, of ranges, ok bool) {
	fault := m.try(func() {
		all, known := d.choices(m, e)
		if !known || len(all) != 1 {
			return
		}
		var fields []value.Set
		elem := d.elems[0]
		of = all[0]
		s.Head, fields, s.Set, ok = elem.in(m, e, d, of)
		for i, f := range elem.fields {
			side := process.FamilyField{Variable: f.variable}
			if f.variable < 0 {
				side.Value, _ = value.Some(fields[i])
			}
			s.Fields = append(s.Fields, side)
		}
	})
	return s, of, ok && fault == nil && s.Set.Size() > 0
}

// plain reports whether each field is a variable or uses none.
func (d *describing) plain() bool {
	return !slices.ContainsFunc(d.elems[0].fields, func(f describedField) bool { return f.variable >= 0 && f.expr != nil })
}

// whole reports whether every variable is a field.
func (d *describing) whole() bool { return !slices.Contains(d.elems[0].at, -1) }

// A family is the two sides of From <- To with statements, if they have that
// form.
type family struct{ from, to *describing }

// families returns those of several ties, which have the same statements; nil if
// they have not that form.
func (s *site) families(ties []syntax.Tie, list []syntax.Stmt) (fs []family) {
	if len(list) == 0 {
		return nil
	}
	for _, t := range ties {
		f := family{s.describing([]syntax.Expr{t.From}, list), s.describing([]syntax.Expr{t.To}, list)}
		if f.from == nil || f.to == nil || !f.from.plain() || !f.to.plain() || !f.from.whole() && !f.to.whole() {
			return nil
		}
		fs = append(fs, f)
	}
	return fs
}

// tiesOf returns the relation of families, if they are large, and each event
// is of one of them at most.
func tiesOf(fs []family, m *Machine, e []value.Value) *process.Relation {
	var out []process.Family
	for _, f := range fs {
		from, values, ok := f.from.side(m, e)
		if !ok {
			return nil
		}
		to, _, ok := f.to.side(m, e)
		if !ok || slices.ContainsFunc(out, func(o process.Family) bool { return o.From.Head == from.Head || o.To.Head == to.Head }) {
			return nil
		}
		out = append(out, process.Family{From: from, To: to, Values: values})
	}
	if out == nil {
		return nil
	}
	return m.space.Families(out)
}
