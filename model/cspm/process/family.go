package process

import (
	"encoding/binary"
	"slices"

	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// A Family is many ties, as of P[[ c.i.j <- d.j.i | i <- S, j <- T ]]: each event of
// one side corresponds to those of the other in which the variables have the
// same values. They are not listed.
type Family struct {
	From, To Side
	Values   []value.Set // of each variable
}

// A Side is the events of one side of a family, and what their fields are.
// Every variable is a field of one side at least; that one's Set has only events
// that are tied.
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

// Families returns the relation of families of ties. On neither side two are of
// the same channel.
func (s *Space) Families(fs []Family) *Relation {
	b := []byte{value.TagUser, 'R', 'f'}
	for i := range fs {
		b = fs[i].appendKey(s.Keys, b)
	}
	form := s.Keys.Intern(b)
	if r := s.rels[form]; r != nil {
		return r
	}
	r := &Relation{space: s, families: fs, form: form, images: map[model.Event][]model.Event{}}
	s.rels[form] = r
	return r
}

// inverse returns families with their sides exchanged.
func inverse(fs []Family) []Family {
	out := make([]Family, len(fs))
	for i, f := range fs {
		out[i] = Family{f.To, f.From, f.Values}
	}
	return out
}

func (f *Family) appendKey(keys *value.Keys, b []byte) []byte {
	for _, side := range []*Side{&f.From, &f.To} {
		b = binary.LittleEndian.AppendUint64(b, uint64(keys.FormOf(side.Set)))
		b = keys.Append(b, side.Head.Bare())
		for _, x := range side.Fields {
			b = binary.AppendVarint(b, int64(x.Variable))
			if x.Value != nil {
				b = keys.Append(b, x.Value)
			}
		}
	}
	for _, set := range f.Values {
		b = binary.LittleEndian.AppendUint64(b, uint64(keys.FormOf(set)))
	}
	return b
}

// images returns what d is tied to, in the order of the ties.
func (f *Family) images(d *value.Dot) (out []*value.Dot) {
	if !f.From.Set.Has(d) {
		return nil
	}
	of := make([]value.Value, len(f.Values))
	for i, x := range f.From.Fields {
		if x.Value == nil {
			of[x.Variable] = d.Fields[i]
		}
	}
	whole := !slices.Contains(of, nil)
	var choose func(variable int)
	choose = func(variable int) {
		switch {
		case variable == len(of):
			if to := f.To.event(of); whole || f.To.Set.Has(to) {
				out = append(out, to)
			}
		case of[variable] != nil:
			choose(variable + 1)
		default:
			for v := range f.Values[variable].All() {
				of[variable] = v
				choose(variable + 1)
			}
			of[variable] = nil
		}
	}
	choose(0)
	return out
}

// event returns the event in which the variables have some values.
func (s *Side) event(of []value.Value) *value.Dot {
	d := s.Head.Bare()
	for _, x := range s.Fields {
		v := x.Value
		if v == nil {
			v = of[x.Variable]
		}
		d = d.With(v)
	}
	return d
}
