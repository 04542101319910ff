package value

import (
	"fmt"
	"iter"
	"math"
	"strings"
)

// union is a union of which a part is described.
type union struct {
	form
	parts  []Set
	listed []Value
	sorted *[]Set   // see disjointProds; nil: not yet asked
	finder **finder // see newFinder; likewise
}

func unionParts(s Set) []Set {
	if u, ok := s.(*union); ok {
		return u.parts
	}
	return []Set{s}
}

// A union of more parts is not asked part by part.
const manyParts = 8

func (u *union) Has(v Value) bool {
	if len(u.parts) > manyParts {
		if u.listed != nil {
			return (&List{elems: u.listed}).Has(v)
		}
		if f := u.found(); f != nil {
			return f.has(v)
		}
		if n := u.bound(); n != Infinite && n <= MaxList {
			return (&List{elems: u.list()}).Has(v)
		}
	}
	for _, p := range u.parts {
		if p.Has(v) {
			return true
		}
	}
	return false
}

// prods returns the parts as disjointProds does, if it does.
func (u *union) prods() []Set {
	if u.sorted == nil {
		parts, _ := disjointProds(u.parts)
		u.sorted = &parts
	}
	return *u.sorted
}

// found returns the finder of the parts, if there is one.
func (u *union) found() *finder {
	if u.finder == nil {
		f := newFinder(u.parts)
		u.finder = &f
	}
	return *u.finder
}

// bound returns the sum of the sizes of the parts.
func (u *union) bound() int64 {
	n := int64(0)
	for _, p := range u.parts {
		n = SizePlus(n, p.Size())
	}
	return n
}

func (u *union) Size() int64 {
	if u.listed != nil {
		return int64(len(u.listed))
	}
	n := u.bound()
	if n == Infinite || n == math.MaxInt64 {
		return n
	}
	if n, ok := u.count(); ok {
		return n
	}
	if n > 4*MaxList {
		FailLimit("the set %s is too large to be counted", Short(u))
	}
	return int64(len(u.list()))
}

// inTurn yields the elements of the sets, one set after the other.
func inTurn(sets []Set, yield func(Value) bool) {
	for _, s := range sets {
		for v := range s.All() {
			if !yield(v) {
				return
			}
		}
	}
}

func (u *union) list() []Value {
	if u.listed == nil {
		lists := make([][]Value, len(u.parts))
		for i, p := range u.parts {
			lists[i] = Listed(p)
		}
		u.listed = mergeAll(lists)
	}
	return u.listed
}

func (u *union) All() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if u.bound() != Infinite {
			if parts := u.prods(); len(parts) > 0 && u.listed == nil {
				inTurn(parts, yield)
				return
			}
			for _, v := range u.list() {
				if !yield(v) {
					return
				}
			}
			return
		}
		for i, p := range u.parts {
			earlier := &union{parts: u.parts[:i]}
			for v := range p.All() {
				if !earlier.Has(v) && !yield(v) {
					return
				}
			}
		}
	}
}

func (u *union) appendForm(k *Keys, b []byte) []byte { return appendForms(k, append(b, 'u'), u.parts) }

func (u *union) show() string {
	parts := make([]string, 0, 4)
	for i, p := range u.parts {
		if i == 3 && len(u.parts) > 4 {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, Short(p))
	}
	return "Union({" + strings.Join(parts, ", ") + "})"
}

// diff is a ∖ b where a is described.
type diff struct {
	form
	a, b Set
	size int64 // plus 1, once counted
}

func (d *diff) Has(v Value) bool { return d.a.Has(v) && !d.b.Has(v) }

func (d *diff) Size() int64 {
	switch {
	case d.size > 0:
		return d.size - 1
	case d.a.Size() == Infinite && d.b.Size() == Infinite:
		FailLimit("cannot tell whether %s is finite", Short(d))
	case d.a.Size() == Infinite:
		return Infinite
	}
	n, ok := d.count()
	switch {
	case ok:
	case d.a.Size() > 4*MaxList:
		FailLimit("the set %s is too large to be counted", Short(d))
	default:
		n = 0
		for range d.All() {
			n++
		}
	}
	d.size = n + 1
	return n
}

func (d *diff) All() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		for v := range d.a.All() {
			if !d.b.Has(v) && !yield(v) {
				return
			}
		}
	}
}

func (d *diff) appendForm(k *Keys, b []byte) []byte {
	return appendForms(k, append(b, 'd'), []Set{d.a, d.b})
}
func (d *diff) show() string { return fmt.Sprintf("diff(%s, %s)", Short(d.a), Short(d.b)) }

// inter is the intersection of two infinite sets.
type inter struct {
	form
	a, b Set
}

func (s *inter) Has(v Value) bool { return s.a.Has(v) && s.b.Has(v) }

func (s *inter) Size() int64 {
	FailLimit("cannot tell whether %s is finite", Short(s))
	return 0
}

func (s *inter) All() iter.Seq[Value] {
	s.Size()
	return nil
}

func (s *inter) appendForm(k *Keys, b []byte) []byte {
	return appendForms(k, append(b, 'n'), []Set{s.a, s.b})
}
func (s *inter) show() string { return fmt.Sprintf("inter(%s, %s)", Short(s.a), Short(s.b)) }
