package value

import (
	"fmt"
	"iter"
	"slices"
)

// Of a network of n components, a set of events such as { c.i.j | j <- S } is
// a product of the sets of its fields, and is kept as one.

// fieldsOf returns the sets of the fields of which s is the product, if it is
// described as one.
func fieldsOf(s Set) (h *Head, fields []Set) {
	switch s := s.(type) {
	case *Prods:
		if s.Of.open() != nil {
			return nil, nil
		}
		fields = slices.Clone(s.Of.Head.Fields())
		for i, f := range s.Of.Fields {
			fields[i] = SetOf(f)
		}
		return s.Of.Head, fields
	case *restricted:
		return s.head, s.parts
	}
	return nil, nil
}

// WithFields returns the complete values of h with each field in the set given
// for it, if that is a finite set of what the field can be.
func WithFields(h *Head, fields []Set) (s Set, ok bool) {
	declared := h.Fields()
	if len(fields) != len(declared) {
		return nil, false
	}
	for i, f := range fields {
		if f.Size() == Infinite || !Inside(f, declared[i]) {
			return nil, false
		}
	}
	return withFields(h, fields), true
}

// withFields is WithFields of what h allows.
func withFields(h *Head, fields []Set) Set {
	d, declared := h.Bare(), h.Fields()
	if slices.ContainsFunc(fields, func(f Set) bool { return f.Size() == 0 }) {
		return EmptySet
	}
	n := 0 // so many are one value
	for ; n < len(fields) && fields[n].Size() == 1; n++ {
		v, _ := Some(fields[n])
		d = d.put(v)
	}
	for i := n; i < len(fields); i++ {
		if !whole(fields[i], declared[i]) {
			return &restricted{head: h, parts: fields}
		}
	}
	return Productions(d)
}

// whole reports whether a field can be all that is declared for it; it can be nothing else.
func whole(f, declared Set) bool {
	return f == declared || f.Size() == declared.Size() && f.Size() != Infinite
}

// Differing returns the elements of s, a product of sets of fields, of which
// fields a and b are not the same. It is false if s is no such product.
func Differing(s Set, a, b int) (Set, bool) {
	h, fields := fieldsOf(s)
	if h == nil {
		return nil, false
	}
	if both := Inter(fields[a], fields[b]); both.Size() > 0 {
		same := &diagonal{of: s, head: h, parts: slices.Clone(fields), a: min(a, b), b: max(a, b)}
		same.parts[a], same.parts[b] = both, both
		return &diff{a: s, b: same}, true
	}
	return s, true
}

// diagonal is the part of a finite product of which two fields are the same.
type diagonal struct {
	form
	of    Set
	head  *Head
	parts []Set // of the fields; a and b have the same
	a, b  int   // the fields; a < b
}

func (s *diagonal) Has(v Value) bool {
	d, ok := Force(v).(*Dot)
	return ok && s.of.Has(d) && Compare(d.Fields[s.a], d.Fields[s.b]) == 0
}

func (s *diagonal) Size() int64 {
	n := int64(1)
	for i, p := range s.parts {
		if i != s.b {
			n = SizeTimes(n, p.Size())
		}
	}
	return n
}

func (s *diagonal) All() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		fields := make([]Value, len(s.parts))
		var from func(i int) bool
		from = func(i int) bool {
			switch i {
			case len(fields):
				return yield(&Dot{Head: s.head, Fields: slices.Clone(fields)})
			case s.b:
				fields[i] = fields[s.a]
				return from(i + 1)
			}
			for v := range s.parts[i].All() {
				if fields[i] = v; !from(i + 1) {
					return false
				}
			}
			return true
		}
		from(0)
	}
}

func (s *diagonal) appendForm(k *Keys, b []byte) []byte {
	return appendForms(k, append(b, 'g', byte(s.a), byte(s.b)), []Set{s.of})
}

func (s *diagonal) show() string {
	return fmt.Sprintf("those of %s with the same %s and %s field", Short(s.of), Ordinal(s.a+1), Ordinal(s.b+1))
}

// How many values of a field are gone through to tell how sets are related.
const fewValues = 1 << 12

// Inside reports whether a ⊆ b is told by their descriptions, or soon found.
func Inside(a, b Set) bool {
	if a == b {
		return true
	}
	if i, j, ok := bothInts(a, b); ok {
		return i.diff(j).Size() == 0
	}
	if n := Most(a); n != Infinite && n <= fewValues {
		for v := range a.All() {
			if !holds(b, v) {
				return false
			}
		}
		return true
	}
	return Within(a, b)
}

// outside reports whether a ∩ b = ∅ is told by their descriptions, or soon found.
func outside(a, b Set) bool {
	if i, j, ok := bothInts(a, b); ok {
		return i.inter(j).Size() == 0
	}
	m, n := Most(a), Most(b)
	if m == Infinite || n != Infinite && n < m {
		a, b, m = b, a, n
	}
	if m == Infinite || m > fewValues {
		return Apart(a, b)
	}
	for v := range a.All() {
		if holds(b, v) {
			return false
		}
	}
	return true
}

// fieldsInside reports whether a ⊆ b is told by their fields.
func fieldsInside(a, b Set) bool {
	h, x := fieldsOf(a)
	g, y := fieldsOf(b)
	if h == nil || h != g {
		return false
	}
	for i := range x {
		if !Inside(x[i], y[i]) {
			return false
		}
	}
	return true
}

// fieldsApart reports whether a ∩ b = ∅ is told by their fields.
func fieldsApart(a, b Set) bool {
	h, x := fieldsOf(a)
	g, y := fieldsOf(b)
	if h == nil || h != g {
		return false
	}
	for i := range x {
		if outside(x[i], y[i]) {
			return true
		}
	}
	return false
}

// large reports whether a set of events is better kept as it is described. Those of
// fewer are quicker listed.
func large(s Set) bool {
	switch s.(type) {
	case *Prods, *Values, *restricted, *diagonal, *union, *diff:
		n := Most(s)
		return n != Infinite && n > LargeSet
	}
	return false
}

// LargeSet is how many events are listed rather than described, where both
// would do.
const LargeSet = 256

// interDescribed returns a ∩ b, of large sets of events, if it has a description.
func interDescribed(a, b Set) (Set, bool) {
	switch {
	case Within(a, b):
		return a, true
	case Within(b, a):
		return b, true
	case Apart(a, b):
		return EmptySet, true
	}
	if h, x := fieldsOf(a); h != nil {
		if g, y := fieldsOf(b); h == g {
			fields := make([]Set, len(x))
			for i := range x {
				fields[i] = Inter(x[i], y[i])
			}
			return withFields(h, fields), true
		}
	}
	switch x := a.(type) {
	case *diff: // (x ∖ y) ∩ b = (x ∩ b) ∖ y
		return Diff(Inter(x.a, b), x.b), true
	case *union: // (x ∪ y) ∩ b = (x ∩ b) ∪ (y ∩ b)
		if len(x.parts) > fewParts {
			return nil, false
		}
		parts := make([]Set, len(x.parts))
		for i, p := range x.parts {
			parts[i] = Inter(p, b)
		}
		return Unions(parts), true
	}
	switch y := b.(type) {
	case *diff:
		return interDescribed(b, a)
	case *union:
		if len(y.parts) <= fewParts {
			return interDescribed(b, a)
		}
	}
	return nil, false
}

// An Anchor is what elements of a set have in common: a whole, or a field of a
// head, or a head alone.
type Anchor struct {
	Whole *Dot
	Head  *Head
	Field int
	Value Value // nil: whatever the field is
	Sure  bool  // all that have it are elements
}

// How many values of a field are anchors, each of them.
const fewAnchors = 8

// Anchors appends anchors of s: each element has one of them. It is false if
// that is not told by how s is described, or if it is a list of more than most.
func Anchors(s Set, most int, out []Anchor) ([]Anchor, bool) {
	switch s := s.(type) {
	case *List:
		if s.len() > most {
			return nil, false
		}
		for _, v := range s.all() {
			d, ok := v.(*Dot)
			if !ok {
				return nil, false
			}
			out = append(out, Anchor{Whole: d, Sure: true})
		}
		return out, true
	case *union:
		for _, p := range s.parts {
			var ok bool
			if out, ok = Anchors(p, most, out); !ok {
				return nil, false
			}
		}
		return out, true
	case *diff:
		return unsure(s.a, most, out)
	case *diagonal:
		return unsure(s.of, most, out)
	}
	h, fields := fieldsOf(s)
	if h == nil {
		return nil, false
	}
	least, n := 0, int64(fewAnchors+1)
	for i, f := range fields {
		if m := f.Size(); m != Infinite && m < n {
			least, n = i, m
		}
	}
	sure := true // whatever the other fields are
	for i, f := range h.Fields() {
		sure = sure && (i == least && n <= fewAnchors || whole(fields[i], f))
	}
	if n > fewAnchors {
		return append(out, Anchor{Head: h, Sure: sure}), true
	}
	for v := range fields[least].All() {
		out = append(out, Anchor{Head: h, Field: least, Value: v, Sure: sure})
	}
	return out, true
}

// unsure is Anchors of a part of s.
func unsure(s Set, most int, out []Anchor) ([]Anchor, bool) {
	before := len(out)
	out, ok := Anchors(s, most, out)
	for i := before; i < len(out); i++ {
		out[i].Sure = false
	}
	return out, ok
}

// FieldSets stands for all events of a channel whose fields are in some sets.
type FieldSets struct {
	Head   *Head
	Fields []Set
}

// Products returns products that cover s, if that is told by how it is described.
func Products(s Set) (out []FieldSets, ok bool) {
	switch s := s.(type) {
	case *union:
		for _, p := range s.parts {
			more, ok := Products(p)
			if !ok {
				return nil, false
			}
			out = append(out, more...)
		}
		return out, true
	case *diff:
		return Products(s.a)
	case *diagonal:
		return Products(s.of)
	}
	h, fields := fieldsOf(s)
	return []FieldSets{{h, fields}}, h != nil
}

// Slices returns anchors all events of which are in s, but for those in some sets, which
// are not more than s. It lists nothing that is large: there may be more. It is false if
// nothing is told by how s is described.
func Slices(s Set) (all []Anchor, but []Set, ok bool) {
	switch s := s.(type) {
	case *union:
		for _, p := range s.parts {
			more, out, told := Slices(p)
			all, but, ok = append(all, more...), append(but, out...), ok || told
		}
		return all, but, ok
	case *diff:
		all, but, ok = Slices(s.a)
		return all, append(but, s.b), ok
	}
	h, fields := fieldsOf(s)
	if h == nil {
		return nil, nil, false
	}
	declared, part := h.Fields(), -1 // which of those that are not whole has the fewest values
	for i, f := range fields {
		if !whole(f, declared[i]) && (part < 0 || f.Size() < fields[part].Size()) {
			part = i
		}
	}
	if part < 0 {
		return []Anchor{{Head: h, Sure: true}}, nil, true
	}
	if n := fields[part].Size(); n == Infinite || n > fewValues {
		return nil, nil, true
	}
	left := int64(0)
	of := slices.Clone(declared)
	of[part] = fields[part]
	for i, f := range fields { // what it cannot be
		if i != part && !whole(f, declared[i]) {
			of[i] = Diff(declared[i], f)
			b := withFields(h, slices.Clone(of))
			but, left, of[i] = append(but, b), SizePlus(left, Most(b)), f
		}
	}
	if left == Infinite || left > max(s.Size(), 0) {
		return nil, nil, true
	}
	for v := range fields[part].All() {
		all = append(all, Anchor{Head: h, Field: part, Value: v, Sure: true})
	}
	return all, but, true
}
