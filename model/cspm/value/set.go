package value

import (
	"iter"
	"math"
	"slices"
)

// A Set is a set of values, listed or described.
type Set interface {
	Value
	Has(v Value) bool
	// Size returns how many elements there are, at most math.MaxInt64, or
	// Infinite.
	Size() int64
	// All yields the elements, of finite sets in canonical order. It panics
	// with a limit where an infinite set has no first element to start with.
	All() iter.Seq[Value]

	cache() *Key
	// appendForm appends how the set is described.
	appendForm(k *Keys, b []byte) []byte
}

// Infinite is the Size of an infinite set.
const Infinite = -1

// SetOf returns the set of the values, which it evaluates as far as needed
// to put them in order.
func SetOf(vs ...Value) Set { return SetAsking(func() {}, vs) }

// SetAsking is SetOf, and asks now and then whether to go on, by a panic if not: to
// put millions of values in order takes long.
func SetAsking(ask func(), vs []Value) Set {
	if len(vs) == 0 {
		return EmptySet
	}
	compared := 0
	compare := func(a, b Value) int {
		if compared++; compared%askedAfter == 0 {
			ask()
		}
		return Compare(a, b)
	}
	elems := make([]Value, len(vs))
	sorted := true
	for i, v := range vs {
		elems[i] = Force(v)
		sorted = sorted && (i == 0 || compare(elems[i-1], elems[i]) < 0)
	}
	if !sorted {
		slices.SortFunc(elems, compare)
		elems = slices.CompactFunc(elems, func(a, b Value) bool { return compare(a, b) == 0 })
		if len(elems) < len(vs)/2 {
			elems = slices.Clone(elems) // most of them came again, and need no room
		}
	}
	return &List{elems: elems}
}

// askedAfter is how many comparisons are made before it is asked whether to go on.
const askedAfter = 1 << 8

// Listed returns the elements of a finite set in canonical order.
func Listed(s Set) []Value {
	if l, ok := s.(*List); ok {
		return l.all()
	}
	if u, ok := s.(*union); ok && u.bound() != Infinite && u.bound() <= MaxSet {
		return u.list()
	}
	listable(s)
	var elems []Value
	for v := range s.All() {
		elems = append(elems, v)
	}
	return elems
}

// Each yields what Listed returns. It keeps none of what is described.
func Each(s Set) iter.Seq[Value] {
	switch s.(type) {
	case *List, *union:
		return slices.Values(Listed(s))
	}
	listable(s)
	return s.All()
}

// Unlisted returns how many elements at most are listed, and kept, when s is
// first asked for one.
func Unlisted(s Set) int64 {
	u, ok := s.(*union)
	if !ok || u.listed != nil || len(u.parts) <= manyParts || u.found() != nil {
		return 0
	}
	if n := u.bound(); n != Infinite && n <= MaxList {
		return n
	}
	return 0
}

// Most returns how many elements s has at most, or Infinite; it lists nothing.
func Most(s Set) int64 {
	switch s := s.(type) {
	case *union:
		return s.bound()
	case *diff:
		if n := Most(s.a); n != Infinite {
			return n
		}
	}
	return s.Size()
}

// fewest returns how many elements s has at least, or Infinite; of a union it lists nothing.
func fewest(s Set) int64 {
	u, ok := s.(*union)
	if !ok {
		return s.Size()
	}
	n := int64(0)
	for _, p := range u.parts {
		m := fewest(p)
		if m == Infinite {
			return Infinite
		}
		n = max(n, m)
	}
	return n
}

// Few returns the elements of s in canonical order if that is quickly told,
// of a set of few elements: at most most.
func Few(s Set, most int64) (elems []Value, ok bool) {
	switch s := s.(type) {
	case *List:
		if s.Size() > most {
			return nil, false
		}
		return s.all(), true
	case *Prods:
		if n := s.Size(); n == Infinite || n > most {
			return nil, false
		}
		return Listed(s), true
	case *union:
		for _, p := range s.parts {
			part, ok := Few(p, most)
			if !ok {
				return nil, false
			}
			most -= int64(len(part))
		}
		return s.list(), true
	}
	return nil, false
}

// listable panics if s has too many elements to go through.
func listable(s Set) {
	switch n := s.Size(); {
	case n == Infinite:
		FailLimit("the set %s is infinite: it cannot be listed", Short(s))
	case n == math.MaxInt64:
		FailLimit("the set %s has far more elements than the %d that can be listed", Short(s), MaxSet)
	case n > MaxSet:
		FailLimit("the set %s has %d elements: at most %d can be listed", Short(s), n, MaxSet)
	}
}

// described reports whether s is better kept as it is described than listed.
func described(s Set) bool {
	switch s := s.(type) {
	case *List:
		return false
	case *Ints:
		n := s.Size()
		return n == Infinite || n > 64
	}
	return true
}

// Plus returns s ∪ {v}.
func Plus(s Set, v Value) Set {
	return Union(s, SetOf(v))
}

// Minus returns s ∖ {v}.
func Minus(s Set, v Value) Set {
	if l, ok := s.(*List); ok && l.len() > 0 {
		return l.minus(v)
	}
	return Diff(s, SetOf(v))
}

// Union returns a ∪ b.
func Union(a, b Set) Set {
	x, okx := a.(*List)
	y, oky := b.(*List)
	switch {
	case okx && x.len() == 0:
		return b
	case oky && y.len() == 0:
		return a
	case okx && oky:
		return x.plus(y)
	}
	if i, j, ok := bothInts(a, b); ok {
		return i.union(j)
	}
	if described(a) || described(b) {
		if a == b {
			return a
		}
		return &union{parts: append(append([]Set(nil), unionParts(a)...), unionParts(b)...)}
	}
	return &List{elems: merge(Listed(a), Listed(b))}
}

// merge merges two sorted lists.
func merge(x, y []Value) []Value {
	out := make([]Value, 0, len(x)+len(y))
	for len(x) > 0 && len(y) > 0 {
		switch c := Compare(x[0], y[0]); {
		case c < 0:
			out, x = append(out, x[0]), x[1:]
		case c > 0:
			out, y = append(out, y[0]), y[1:]
		default:
			out, x, y = append(out, x[0]), x[1:], y[1:]
		}
	}
	return append(append(out, x...), y...)
}

// mergeAll merges sorted lists, each level of halves once: n log k steps for
// k lists.
func mergeAll(lists [][]Value) []Value {
	switch len(lists) {
	case 0:
		return nil
	case 1:
		return lists[0]
	}
	half := len(lists) / 2
	return merge(mergeAll(lists[:half]), mergeAll(lists[half:]))
}

// Unions returns the union of the sets.
func Unions(sets []Set) Set {
	switch len(sets) {
	case 0:
		return EmptySet
	case 1:
		return sets[0]
	}
	half := len(sets) / 2
	return Union(Unions(sets[:half]), Unions(sets[half:]))
}

// Inter returns a ∩ b.
func Inter(a, b Set) Set {
	if i, j, ok := bothInts(a, b); ok {
		return i.inter(j)
	}
	if large(a) && large(b) {
		if s, ok := interDescribed(a, b); ok {
			return s
		}
	}
	m, n := a.Size(), b.Size()
	switch {
	case m == Infinite && n == Infinite:
		return interByForm(a, b)
	case m == Infinite || n != Infinite && n < m:
		a, b = b, a
	}
	return filter(a, b.Has)
}

// interByForm returns the intersection of two infinite sets.
func interByForm(a, b Set) Set {
	if known, is := subsetByForm(a, b); known && is {
		return a
	}
	if known, is := subsetByForm(b, a); known && is {
		return b
	}
	switch x := a.(type) {
	case *sequences:
		if y, ok := b.(*sequences); ok {
			return Sequences(Inter(x.of, y.of))
		}
	case *Power:
		if y, ok := b.(*Power); ok {
			return PowerSet(Inter(x.of, y.of))
		}
	}
	return &inter{a: a, b: b}
}

// Diff returns a ∖ b.
func Diff(a, b Set) Set {
	if l, ok := b.(*List); ok && l.len() == 0 {
		return a
	}
	if i, j, ok := bothInts(a, b); ok {
		return i.diff(j)
	}
	if l, ok := a.(*List); ok {
		if m, ok := b.(*List); ok && m.len() == 1 {
			return l.minus(m.first())
		}
		return filter(l, func(v Value) bool { return !b.Has(v) })
	}
	if known, is := subsetByForm(a, b); known && is {
		return EmptySet
	}
	if n := fewest(a); n == Infinite || described(a) && (n > 64 || a.Size() > 64) {
		return &diff{a: a, b: b}
	}
	return filter(a, func(v Value) bool { return !b.Has(v) })
}

// filter lists the elements of a finite set for which keep holds.
func filter(s Set, keep func(Value) bool) Set {
	var elems []Value
	for _, v := range Listed(s) {
		if keep(v) {
			elems = append(elems, v)
		}
	}
	if len(elems) == 0 {
		return EmptySet
	}
	return &List{elems: elems}
}

// EqualSets reports whether two sets have the same elements.
func EqualSets(a, b Set) bool {
	if a == b {
		return true
	}
	m, n := a.Size(), b.Size()
	if m != n && (m < math.MaxInt64 || n < math.MaxInt64) {
		return false
	}
	if m == Infinite {
		return Subset(a, b) && Subset(b, a)
	}
	return Subset(a, b)
}

// Subset reports whether a ⊆ b.
func Subset(a, b Set) bool {
	if Within(a, b) {
		return true
	}
	if i, j, ok := bothInts(a, b); ok {
		return i.diff(j).Size() == 0
	}
	if l, ok := a.(*List); ok {
		for _, v := range l.all() {
			if !b.Has(v) {
				return false
			}
		}
		return true
	}
	if m, n := a.Size(), b.Size(); n != Infinite && (m == Infinite || m > n) {
		return false
	}
	if known, is := subsetByForm(a, b); known {
		return is
	}
	if a.Size() == Infinite {
		FailLimit("cannot decide whether the infinite set %s is contained in %s", Short(a), Short(b))
	}
	listable(a)
	for v := range a.All() {
		if !b.Has(v) {
			return false
		}
	}
	return true
}

// subsetByForm decides a ⊆ b where the descriptions tell.
func subsetByForm(a, b Set) (known, is bool) {
	if a == b {
		return true, true
	}
	if u, ok := a.(*union); ok && u.bound() == Infinite {
		for _, p := range u.parts {
			if !Subset(p, b) {
				return true, false
			}
		}
		return true, true
	}
	if u, ok := b.(*union); ok {
		for _, p := range u.parts {
			if known, is := subsetByForm(a, p); known && is {
				return true, true
			}
		}
		return false, false
	}
	switch a := a.(type) {
	case *sequences:
		if b, ok := b.(*sequences); ok {
			return true, Subset(a.of, b.of)
		}
	case *Power:
		if b, ok := b.(*Power); ok {
			return true, Subset(a.of, b.of)
		}
	case *Product:
		b, ok := b.(*Product)
		if !ok || a.Dot != b.Dot || len(a.Parts) != len(b.Parts) {
			break
		}
		for i := range a.Parts {
			if !Subset(a.Parts[i], b.Parts[i]) {
				return true, a.Size() == 0
			}
		}
		return true, true
	case *maps:
		if b, ok := b.(*maps); ok && a.from.Size() != 0 && a.to.Size() != 0 {
			return true, Subset(a.from, b.from) && Subset(a.to, b.to)
		}
	case *Values:
		if b, ok := b.(*Values); ok {
			return true, a.Of == b.Of
		}
	case *restricted:
		switch b := b.(type) {
		case *Values:
			return true, a.head.Type == b.Of
		case *restricted:
			if a.head == b.head && a.Size() != 0 {
				return subsetByForm(&Product{Parts: a.parts}, &Product{Parts: b.parts})
			}
		}
	case *Prods:
		switch b := b.(type) {
		case *Values:
			return true, a.Of.Head.Type == b.Of
		case *Prods:
			if b.Of.IsPrefix(a.Of) {
				return true, true
			}
		}
	}
	return false, false
}

func compareSets(a, b Set, nest int) int {
	if a == b {
		return 0
	}
	if x, ok := a.(*Ints); ok {
		if y, ok := b.(*Ints); ok {
			return compareInts(x, y)
		}
	}
	if a.Size() != Infinite && b.Size() != Infinite {
		return compareAll(Listed(a), Listed(b), nest)
	}
	if EqualSets(a, b) {
		return 0
	}
	next, stop := iter.Pull(b.All())
	defer stop()
	n := 0
	for x := range a.All() {
		y, ok := next()
		if !ok {
			return 1
		}
		if c := compare(x, y, nest+1); c != 0 {
			return c
		}
		if n++; n == MaxList {
			FailLimit("cannot tell which of %s and %s comes first", Short(a), Short(b))
		}
	}
	return -1
}

// Member is s.Has(v), but a Fault if v cannot have the type of an element.
func Member(v Value, s Set) bool {
	v = Force(v)
	if like, ok := sample(s); ok && !alike(v, like) {
		Fail("%s is %s, not what %s consists of", Short(v), describe(v), Short(s))
	}
	return s.Has(v)
}

// sample returns a value of the type of the elements of s, perhaps lacking
// fields, if one is at hand.
func sample(s Set) (Value, bool) {
	switch s := s.(type) {
	case *List:
		if s.len() > 0 {
			return s.first(), true
		}
	case *Ints:
		return Num(0), true
	case *Power:
		return EmptySet, true
	case *sequences:
		return emptySeq, true
	case *maps:
		return EmptyMap, true
	case *abstract:
		if s.kind == KChar {
			return Char(0), true
		}
	case *Product:
		if !s.Dot {
			return &Tuple{}, true
		}
		return &Dot{}, true
	case *Prods:
		return s.Of, true
	case *restricted:
		return s.head.Bare(), true
	case *Values:
		if len(s.Of.Heads) > 0 {
			return s.Of.Heads[0].Bare(), true
		}
	case *union:
		return sample(s.parts[0])
	case *diff:
		return sample(s.a)
	case *diagonal:
		return s.head.Bare(), true
	}
	return nil, false
}

// Bulk returns how many elements of v have been stored, about.
func Bulk(v Value) int {
	switch v := v.(type) {
	case *List:
		return v.len()
	case *Map:
		return 2 * v.Len()
	case *union:
		return len(v.parts)
	case *Ints:
		return len(v.ivs)
	}
	return 1
}
