package value

import (
	"encoding/binary"
	"iter"
)

// Values is the set of all complete values of a datatype, or all events.
type Values struct {
	form
	Of *Type
}

// A sizing says how far the size of a type has been worked out.
type sizing uint8

const (
	unsized sizing = iota
	sizingNow
	isSized
)

func (s *Values) Has(v Value) bool {
	d, ok := Force(v).(*Dot)
	return ok && d.Head != nil && d.Head.Type == s.Of && d.Complete()
}

// Size is infinite if the datatype is recursive.
func (s *Values) Size() int64 {
	t := s.Of
	switch t.sized {
	case isSized:
		return t.size
	case sizingNow:
		return Infinite
	}
	t.sized = sizingNow
	defer func() {
		if t.sized == sizingNow { // unwinding
			t.sized = unsized
		}
	}()
	n := int64(0)
	for _, h := range t.Heads {
		fields := int64(1)
		for _, f := range h.Fields() {
			fields = SizeTimes(fields, f.Size())
		}
		n = SizePlus(n, fields)
	}
	t.size, t.sized = n, isSized
	return n
}

func (s *Values) All() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if s.Size() == Infinite {
			inStages(s, yield)
			return
		}
		for _, h := range s.Of.Heads {
			for e := range h.Bare().Extensions() {
				if !yield(e) {
					return
				}
			}
		}
	}
}

func (s *Values) appendForm(_ *Keys, b []byte) []byte {
	b = append(b, 'v')
	if len(s.Of.Heads) > 0 {
		b = binary.LittleEndian.AppendUint32(b, uint32(s.Of.Heads[0].Order))
	}
	return append(b, s.Of.Name...)
}

func (s *Values) show() string {
	if s.Of.Name == "Event" {
		return "Events"
	}
	return s.Of.Name
}

// ExtensionsOf returns the set of what d, which lacks fields, must be dotted
// with to be complete.
func ExtensionsOf(d *Dot) Set {
	parts, ok := d.lacking()
	switch {
	case !ok:
		var out []Value
		listable(Productions(d))
		for _, items := range d.Extensions() {
			out = append(out, Plain(items))
		}
		return SetOf(out...)
	case len(parts) == 1:
		return parts[0]
	}
	return &Product{Dot: true, Parts: parts}
}

// lacking returns the sets of the fields that d lacks, innermost first; not
// if they depend on each other or on the fields that d has.
func (d *Dot) lacking() (parts []Set, ok bool) {
	fields := d.Head.Fields()
	if f := d.open(); f != nil {
		if _, all := fields[len(d.Fields)-1].(*Values); !all {
			return nil, false
		}
		if parts, ok = f.lacking(); !ok {
			return nil, false
		}
	}
	return append(parts[:len(parts):len(parts)], fields[len(d.Fields):]...), true
}

// Prods is the set of the complete values that extend a headed value:
// {| c |}.
type Prods struct {
	form
	Of *Dot
}

// Productions returns the complete extensions of d.
func Productions(d *Dot) Set {
	if d.Complete() {
		return &List{elems: []Value{d}}
	}
	return &Prods{Of: d}
}

func (s *Prods) Has(v Value) bool {
	d, ok := Force(v).(*Dot)
	return ok && d.Head != nil && d.Complete() && s.Of.IsPrefix(d)
}

func (s *Prods) Size() int64 { return s.Of.count(nil) }

// count returns the number of complete extensions of d (those in within, if
// that is not nil).
func (d *Dot) count(within Set) int64 {
	if within != nil && within.Size() != Infinite {
		listable(within)
		n := int64(0)
		for e := range within.All() {
			if e, ok := e.(*Dot); ok && d.IsPrefix(e) {
				n++
			}
		}
		return n
	}
	n := int64(1)
	if f := d.open(); f != nil {
		set := d.Head.Fields()[len(d.Fields)-1]
		if _, all := set.(*Values); all {
			set = nil
		}
		n = f.count(set)
	}
	for _, s := range d.Head.Fields()[len(d.Fields):] {
		n = SizeTimes(n, s.Size())
	}
	return n
}

func (s *Prods) All() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if _, ok := s.Of.lacking(); s.Size() == Infinite && ok {
			inStages(s, yield)
			return
		}
		for e := range s.Of.Extensions() {
			if !yield(e) {
				return
			}
		}
	}
}

func (s *Prods) appendForm(k *Keys, b []byte) []byte { return k.Append(append(b, 'e'), s.Of) }
func (s *Prods) show() string                        { return "{|" + Short(s.Of) + "|}" }
