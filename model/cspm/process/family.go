package process

import (
	"encoding/binary"

	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// A Family is many ties, as of P[[ c.i.j <- d.j.i | i <- S, j <- T ]]: each event of
// one side corresponds to the one of the other in which the variables have the
// same values. They are not listed.
type Family struct{ From, To Side }

// A Side is the events of one side of a family, and what their fields are.
// Every variable is a field of both.
type Side struct {
	Set    value.Set // of complete events of the head
	Head   *value.Head
	Fields []FamilyField
}

// A FamilyField is a variable, by its number, or a value.
type FamilyField struct {
	Variable int
	Value    value.Value // nil: it is a variable
}

// Family returns the relation of a family of ties.
func (s *Space) Family(f Family) *Relation {
	b := []byte{value.TagUser, 'R', 'f'}
	for _, side := range []*Side{&f.From, &f.To} {
		b = binary.LittleEndian.AppendUint64(b, uint64(s.Keys.FormOf(side.Set)))
		b = s.Keys.Append(b, side.Head.Bare())
		for _, x := range side.Fields {
			b = binary.AppendVarint(b, int64(x.Variable))
			if x.Value != nil {
				b = s.Keys.Append(b, x.Value)
			}
		}
	}
	form := s.Keys.Intern(b)
	if r := s.rels[form]; r != nil {
		return r
	}
	r := &Relation{space: s, family: &f, form: form, images: map[model.Event][]model.Event{}}
	s.rels[form] = r
	return r
}

// image returns what d is tied to, or nil.
func (f *Family) image(d *value.Dot) *value.Dot {
	if !f.From.Set.Has(d) {
		return nil
	}
	of := make([]value.Value, len(d.Fields))
	for i, x := range f.From.Fields {
		if x.Value == nil {
			of[x.Variable] = d.Fields[i]
		}
	}
	to := f.To.Head.Bare()
	for _, x := range f.To.Fields {
		v := x.Value
		if v == nil {
			v = of[x.Variable]
		}
		to = to.With(v)
	}
	return to
}
