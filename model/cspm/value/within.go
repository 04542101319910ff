package value

import (
	"iter"
	"math"
	"slices"
)

// Sets of events are large: {|c|} with two fields of a thousand values each is
// a million events. What is asked of them most is told by how they are
// described, without listing any.

// Within reports whether a ⊆ b is told by how the two are described. It
// lists nothing: false may also mean that it is not known.
func Within(a, b Set) bool {
	if a == b {
		return true
	}
	switch a := a.(type) {
	case *List:
		if a.len() > fewListed {
			return false
		}
		return !slices.ContainsFunc(a.all(), func(v Value) bool { return !holds(b, v) })
	case *union:
		return !slices.ContainsFunc(a.parts, func(p Set) bool { return !Within(p, b) })
	case *diff:
		if Within(a.a, b) {
			return true
		}
	case *diagonal:
		if Within(a.of, b) {
			return true
		}
	}
	switch b := b.(type) {
	case *union:
		return slices.ContainsFunc(b.parts, func(p Set) bool { return Within(a, p) })
	case *diff:
		return Within(a, b.a) && Apart(a, b.b)
	}
	switch a.(type) {
	case *Prods, *Values, *restricted:
		known, is := subsetByForm(a, b)
		return known && is || fieldsInside(a, b)
	}
	return false
}

// How many elements of a List are held against what is described.
const fewListed = 64

// holds is Has of a set that is not listed for it.
func holds(s Set, v Value) bool {
	if u, ok := s.(*union); ok {
		return slices.ContainsFunc(u.parts, func(p Set) bool { return holds(p, v) })
	}
	return s.Has(v)
}

// Apart reports whether a ∩ b = ∅ is told by how the two are described. It
// lists nothing: false may also mean that it is not known.
func Apart(a, b Set) bool {
	switch x := a.(type) {
	case *List:
		if x.len() > fewListed {
			return false
		}
		return !slices.ContainsFunc(x.all(), func(v Value) bool { return holds(b, v) })
	case *union:
		return !slices.ContainsFunc(x.parts, func(p Set) bool { return !Apart(p, b) })
	case *diff:
		return Apart(x.a, b) || Within(b, x.b)
	case *diagonal:
		return Apart(x.of, b)
	}
	switch b.(type) {
	case *List, *union, *diff, *diagonal:
		return Apart(b, a)
	}
	p, q := prefixOf(a), prefixOf(b)
	return p != nil && q != nil && p.parts(q) || fieldsApart(a, b)
}

// prefixOf returns what all elements of a set begin with, or nil.
func prefixOf(s Set) *Dot {
	switch s := s.(type) {
	case *Prods:
		return s.Of
	case *restricted:
		return s.head.Bare()
	}
	return nil
}

// parts reports whether nothing begins with both d and e.
func (d *Dot) parts(e *Dot) bool {
	if d.Head != e.Head {
		return true
	}
	n := min(d.settled(), e.settled())
	for i := range n {
		if Compare(d.Fields[i], e.Fields[i]) != 0 {
			return true
		}
	}
	return false
}

// settled returns how many fields of d are complete.
func (d *Dot) settled() int {
	if d.open() != nil {
		return len(d.Fields) - 1
	}
	return len(d.Fields)
}

// Some returns an element of a finite set, if there is one.
func Some(s Set) (v Value, ok bool) {
	for v := range unsorted(s) {
		return v, true
	}
	return nil, false
}

// unsorted yields the elements of a finite set, perhaps some twice, in the order in which they
// come without listing any.
func unsorted(s Set) iter.Seq[Value] {
	return func(yield func(Value) bool) {
		switch s := s.(type) {
		case *union:
			for _, p := range s.parts {
				for v := range unsorted(p) {
					if !yield(v) {
						return
					}
				}
			}
		case *diff:
			for v := range unsorted(s.a) {
				if !holds(s.b, v) && !yield(v) {
					return
				}
			}
		default:
			s.All()(yield)
		}
	}
}

// count returns the size of a union if the descriptions of the parts tell: if
// those that are within no other have nothing in common.
func (u *union) count() (n int64, ok bool) {
	parts, ok := u.disjoint()
	if !ok {
		return 0, false
	}
	for _, p := range parts {
		m, ok := countOf(p)
		if !ok {
			return 0, false
		}
		n = SizePlus(n, m)
	}
	return n, true
}

// countOf is the Size of s if it need not be listed for it.
func countOf(s Set) (int64, bool) {
	switch s := s.(type) {
	case *union:
		return s.count()
	case *diff:
		return s.count()
	}
	return s.Size(), true
}

// count returns the size of a ∖ b if the descriptions tell: if b is within a,
// or they have nothing in common.
func (d *diff) count() (int64, bool) {
	m, ok := countOf(d.a)
	if !ok || m == Infinite || m == math.MaxInt64 {
		return 0, false
	}
	switch {
	case Apart(d.a, d.b):
		return m, true
	case !Within(d.b, d.a):
		return 0, false
	}
	n, ok := countOf(d.b)
	return m - n, ok
}

// How many parts of a union are held against each other, two by two.
const fewParts = 32

// disjoint returns parts of the same union that have nothing in common, if the
// descriptions tell. Those that are all of one kind, {|c.1|}, {|c.2|} and so
// on, may be many, and come in the order of what they begin with.
func (u *union) disjoint() (parts []Set, ok bool) {
	if parts, ok = disjointProds(u.parts); ok || len(u.parts) > fewParts {
		return parts, ok
	}
	for _, p := range u.parts {
		if slices.ContainsFunc(parts, func(q Set) bool { return Within(p, q) }) {
			continue
		}
		parts = slices.DeleteFunc(parts, func(q Set) bool { return Within(q, p) })
		if slices.ContainsFunc(parts, func(q Set) bool { return !Apart(p, q) }) {
			return nil, false
		}
		parts = append(parts, p)
	}
	return parts, true
}

// disjointProds is disjoint for parts that are all {|d|}, with d that have no
// field that itself lacks one. In the order of d, those that d begins follow d.
func disjointProds(sets []Set) (parts []Set, ok bool) {
	for _, s := range sets {
		p, ok := s.(*Prods)
		if !ok || p.Of.open() != nil {
			return nil, false
		}
	}
	sorted := slices.Clone(sets)
	slices.SortStableFunc(sorted, func(a, b Set) int { return Compare(a.(*Prods).Of, b.(*Prods).Of) })
	for _, s := range sorted {
		if n := len(parts); n == 0 || parts[n-1].(*Prods).Of.parts(s.(*Prods).Of) {
			parts = append(parts, s)
		}
	}
	return parts, true
}
