package value

import (
	"cmp"
	"fmt"
)

// Compare is the canonical order of values: integers ascending, false before
// true, characters by code; tuples, sequences and dotted values
// lexicographically, a proper prefix first; channels and constructors in the
// order of their declaration; sets as their sorted lists, maps as their
// sorted pairs. It forces what it has to look at. Values of different types,
// which no well-typed script compares, are a Fault.
func Compare(a, b Value) int { return compare(a, b, 0) }

// How deep values are nested in each other at most, where they are gone
// through.
const maxNest = 1 << 18

// tooDeep panics if a value is nested too deep.
func tooDeep(nest int) {
	if nest > maxNest {
		FailLimit("a value is nested too deep: more than %d values inside each other", maxNest)
	}
}

// compare is Compare of values that are nested so deep.
func compare(a, b Value, nest int) int {
	tooDeep(nest)
	a, b = Force(a), Force(b)
	switch a := a.(type) {
	case Int:
		if b, ok := b.(Int); ok {
			return cmp.Compare(a, b)
		}
	case Bool:
		if b, ok := b.(Bool); ok {
			switch {
			case a == b:
				return 0
			case bool(b):
				return -1
			}
			return 1
		}
	case Char:
		if b, ok := b.(Char); ok {
			return cmp.Compare(a, b)
		}
	case *Tuple:
		if b, ok := b.(*Tuple); ok && len(a.Elems) == len(b.Elems) {
			return compareAll(a.Elems, b.Elems, nest)
		}
	case *Seq:
		if b, ok := b.(*Seq); ok {
			return compareSeqs(a, b, nest)
		}
	case Set:
		if b, ok := b.(Set); ok {
			return compareSets(a, b, nest)
		}
	case *Map:
		if b, ok := b.(*Map); ok {
			keys, vals := a.all()
			others, theirs := b.all()
			if c := compareAll(keys, others, nest); c != 0 {
				return c
			}
			return compareAll(vals, theirs, nest)
		}
	case *Dot:
		if b, ok := b.(*Dot); ok && alike(a, b) {
			return compareDots(a, b, nest)
		}
	case Opaque:
		if b, ok := b.(Opaque); ok && a.Kind() == b.Kind() {
			return cmp.Compare(a.Keys().rank(a), a.Keys().rank(b))
		}
	}
	Fail("%s is %s and %s is %s: they cannot be compared", Short(a), describe(a), Short(b), describe(b))
	return 0
}

// alike reports whether a and b, neither a thunk, may have the same type as
// far as can be told without looking into them.
func alike(a, b Value) bool {
	if a.Kind() != b.Kind() {
		return false
	}
	x, ok := a.(*Dot)
	if !ok {
		return true
	}
	y := b.(*Dot)
	return (x.Head == nil) == (y.Head == nil) && (x.Head == nil || x.Head.Type == y.Head.Type)
}

// describe says what kind of value v is, where another was expected.
func describe(v Value) string {
	switch v := v.(type) {
	case *Tuple:
		return fmt.Sprintf("a tuple of %d", len(v.Elems))
	case *Dot:
		switch {
		case v.Head == nil:
			return "a dotted value"
		case v.Head.Type.Name == "Event":
			return "an event"
		}
		return "a " + v.Head.Type.Name
	}
	return string(v.Kind())
}

// Equal reports whether a == b.
func Equal(a, b Value) bool {
	a, b = Force(a), Force(b)
	if x, ok := a.(Set); ok {
		if y, ok := b.(Set); ok {
			return EqualSets(x, y)
		}
	}
	return Compare(a, b) == 0
}

func compareAll(a, b []Value, nest int) int {
	for i := range a {
		if i == len(b) {
			return 1
		}
		if c := compare(a[i], b[i], nest+1); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a), len(b))
}

func compareSeqs(a, b *Seq, nest int) int {
	if a == b {
		return 0
	}
	i := 0
	for ; i < len(a.elems) && i < len(b.elems); i++ {
		if c := compare(a.elems[i], b.elems[i], nest+1); c != 0 {
			return c
		}
	}
	for ; ; i++ {
		_, okm := a.rest.(upFrom)
		_, okn := b.rest.(upFrom)
		if okm && okn && i >= max(a.size(), b.size()) {
			return compare(a.peek(i), b.peek(i), nest) // and so on for ever
		}
		x, okx := a.peekAt(i)
		y, oky := b.peekAt(i)
		switch {
		case !okx && !oky:
			return 0
		case !okx:
			return -1
		case !oky:
			return 1
		}
		if c := compare(x, y, nest+1); c != 0 {
			return c
		}
	}
}

// compareDots compares dotted values of the same type.
func compareDots(a, b *Dot, nest int) int {
	switch {
	case a == b:
		return 0
	case a.Head != b.Head:
		return cmp.Compare(a.Head.Order, b.Head.Order)
	}
	return compareAll(a.Fields, b.Fields, nest)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// LessEq is a <= b: on numbers and characters the usual order, on sequences
// prefix, on sets inclusion, on tuples lexicographic, on maps: every key of
// a is in b with a value that is not smaller.
func LessEq(a, b Value) bool {
	a, b = Force(a), Force(b)
	switch a := a.(type) {
	case Int:
		return int64(a) <= ToInt(b)
	case Char:
		return a <= want[Char](b, KChar)
	case *Seq:
		t := ToSeq(b)
		for i := 0; ; i++ {
			if a.infinite() && t.infinite() {
				return Compare(a, t) == 0
			}
			x, ok := a.At(i)
			if !ok {
				return true
			}
			y, ok := t.At(i)
			if !ok || !Equal(x, y) {
				return false
			}
		}
	case Set:
		return Subset(a, ToSet(b))
	case *Tuple:
		u := want[*Tuple](b, KTuple)
		for i := range min(len(a.Elems), len(u.Elems)) {
			if !Equal(a.Elems[i], u.Elems[i]) {
				return LessEq(a.Elems[i], u.Elems[i])
			}
		}
		return len(a.Elems) <= len(u.Elems)
	case *Map:
		m := ToMap(b)
		keys, vals := a.all()
		for i, k := range keys {
			v, ok := m.Lookup(k)
			if !ok || !LessEq(vals[i], v) {
				return false
			}
		}
		return true
	}
	Fail("%s is %s: < <= > >= compare integers, characters, sequences, sets, tuples and maps", Short(a), a.Kind())
	return false
}

// Less is a < b: a <= b, and they differ.
func Less(a, b Value) bool { return LessEq(a, b) && !Equal(a, b) }
