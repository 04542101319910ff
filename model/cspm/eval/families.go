package eval

import (
	"slices"

	"github.com/cspcheck/cspcheck/model/cspm/process"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// P[[ c.i.j <- d.j | i <- S, j <- T ]] may have as many ties as there are events of c.
// Those whose sides have the form of a description are not listed.

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
		f := family{s.describing(t.From, list), s.describing(t.To, list)}
		if f.from == nil || f.to == nil || !f.from.whole() && !f.to.whole() {
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
		from, ok := f.from.describe(m, e)
		if !ok || from.set.Size() == 0 {
			return nil
		}
		to, ok := f.to.describe(m, e)
		if !ok || slices.ContainsFunc(out, func(o process.Family) bool { return o.From.Head == from.head || o.To.Head == to.head }) {
			return nil
		}
		out = append(out, process.Family{From: f.from.side(from), To: f.to.side(to), Values: from.values})
	}
	if out == nil {
		return nil
	}
	return m.space.Families(out)
}
