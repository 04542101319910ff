package value

import (
	"fmt"
	gomaps "maps"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The universe of the properties: every set is also kept as which of these
// integers it has. Infinite sets reach beyond it.
const least, most = -12, 90

// A described set of integers and the naive one beside it.
type drawn struct {
	set  Set
	has  map[int64]bool
	text string
}

// ints draws a set of integers in one of its forms: listed, a range, without
// bounds, or made of others.
func ints(depth int) *rapid.Generator[drawn] {
	return rapid.Custom(func(t *rapid.T) drawn {
		d := drawn{has: map[int64]bool{}}
		fill := func(from, to int64) {
			for n := max(from, least); n <= min(to, most); n++ {
				d.has[n] = true
			}
		}
		bound := rapid.Int64Range(least+1, most-1)
		kind := rapid.IntRange(0, 6).Draw(t, "kind")
		if depth == 0 {
			kind %= 4
		}
		switch kind {
		case 0:
			ns := rapid.SliceOfN(bound, 0, 9).Draw(t, "listed")
			var vs []Value
			for _, n := range ns {
				vs = append(vs, Num(n))
				d.has[n] = true
			}
			d.set, d.text = SetOf(vs...), fmt.Sprint(ns)
		case 1:
			m, n := bound.Draw(t, "m"), bound.Draw(t, "n")
			d.set, d.text = IntRange(m, n), fmt.Sprintf("{%d..%d}", m, n)
			fill(m, n)
		case 2:
			n := bound.Draw(t, "n")
			d.set, d.text = IntsFrom(n), fmt.Sprintf("{%d..}", n)
			fill(n, math.MaxInt64)
		case 3:
			n := bound.Draw(t, "n")
			d.set, d.text = Diff(AllInts(), IntsFrom(n+1)), fmt.Sprintf("{..%d}", n)
			fill(math.MinInt64, n)
		default:
			x, y := ints(depth-1).Draw(t, "x"), ints(depth-1).Draw(t, "y")
			op := [...]struct {
				name  string
				apply func(a, b Set) Set
				has   func(a, b bool) bool
			}{
				{"union", Union, func(a, b bool) bool { return a || b }},
				{"inter", Inter, func(a, b bool) bool { return a && b }},
				{"diff", Diff, func(a, b bool) bool { return a && !b }},
			}[kind-4]
			d.set, d.text = op.apply(x.set, y.set), fmt.Sprintf("%s(%s, %s)", op.name, x.text, y.text)
			for n := int64(least); n <= most; n++ {
				if op.has(x.has[n], y.has[n]) {
					d.has[n] = true
				}
			}
		}
		return d
	})
}

// The elements of a set that is described come one by one, without being listed first.
func TestEachListsNothing(t *testing.T) {
	s := PowerSet(IntRange(1, 16))
	if n := testing.AllocsPerRun(1, func() {
		for range Each(s) {
			return
		}
	}); n > 100 {
		t.Errorf("the first of %d took %v allocations", s.Size(), n)
	}
}

// Integers gathered in any order, some of them twice, are the set of them.
func TestGathered(t *testing.T) {
	var keys Keys
	forms := map[Key]string{}
	rapid.Check(t, func(t *rapid.T) {
		var vs []Value
		for _, n := range rapid.SliceOf(rapid.Int64Range(-100, 100)).Draw(t, "ns") {
			vs = append(vs, Num(n), Num(n/3))
		}
		got, want := Gathered(vs), SetOf(vs...)
		if !EqualSets(got, want) || !EqualSets(want, got) || Show(got) != Show(want) || Compare(got, want) != 0 || keys.Of(got) != keys.Of(want) {
			t.Errorf("%v are gathered as %s", shownAll(vs), Show(got))
		}
		k := keys.FormOf(got)
		if text, ok := forms[k]; ok && text != Show(got) {
			t.Errorf("%s has the form of %s", Show(got), text)
		}
		forms[k] = Show(got)
	})
	if got := Gathered([]Value{Bool(true), Bool(false), Bool(true)}); Show(got) != "{false, true}" {
		t.Errorf("truth values are gathered as %s", Show(got))
	}
}

func TestSetsOfIntegers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := ints(3).Draw(t, "x"), ints(3).Draw(t, "y")
		var listed []int64
		subset, equal := true, true
		for n := int64(least); n <= most; n++ {
			if got := x.set.Has(Num(n)); got != x.has[n] {
				t.Fatalf("%d in %s: %v", n, x.text, got)
			}
			if x.has[n] {
				listed = append(listed, n)
			}
			subset = subset && (!x.has[n] || y.has[n])
			equal = equal && x.has[n] == y.has[n]
		}
		// The ends of the universe tell whether a set is infinite.
		infinite := x.has[least] || x.has[most]
		if size := x.set.Size(); infinite != (size == Infinite) || !infinite && size != int64(len(listed)) {
			t.Fatalf("%s has size %d, listed %v", x.text, size, listed)
		}
		if !infinite {
			var got []int64
			for v := range x.set.All() {
				got = append(got, ToInt(v))
			}
			if !slices.Equal(got, listed) {
				t.Fatalf("%s lists %v, not %v", x.text, got, listed)
			}
		}
		if got := Subset(x.set, y.set); got != subset {
			t.Fatalf("%s <= %s: %v", x.text, y.text, got)
		}
		if got := EqualSets(x.set, y.set); got != equal {
			t.Fatalf("%s == %s: %v", x.text, y.text, got)
		}
		if got := Compare(x.set, y.set); (got == 0) != equal || got != -Compare(y.set, x.set) {
			t.Fatalf("Compare(%s, %s) is %d and %d", x.text, y.text, got, Compare(y.set, x.set))
		}
		if !infinite && !y.has[least] && !y.has[most] {
			if got, want := Compare(x.set, y.set), compareAll(Listed(x.set), Listed(y.set), 0); got != want {
				t.Fatalf("Compare(%s, %s) is %d, as lists %d", x.text, y.text, got, want)
			}
			var k Keys
			if got := k.Of(x.set) == k.Of(y.set); got != equal {
				t.Fatalf("the keys of %s and %s are equal: %v", x.text, y.text, got)
			}
		}
	})
}

// forms draws a set of pairs, sequences or sets over {0..2}, described or
// listed; all of one type.
func forms(kind int) *rapid.Generator[Set] {
	return rapid.Custom(func(t *rapid.T) Set {
		base := func() Set {
			n := rapid.Int64Range(0, 3).Draw(t, "n")
			if rapid.Bool().Draw(t, "listed") {
				return IntRange(n, rapid.Int64Range(0, 3).Draw(t, "to"))
			}
			return SetOf(Num(n), Num(3-n))
		}
		described := func() Set {
			switch kind {
			case 0:
				return NewProduct(false, base(), base())
			case 1:
				return PowerSet(base())
			}
			return Maps(base(), base())
		}
		s := described()
		for range rapid.IntRange(0, 3).Draw(t, "ops") {
			op := rapid.SampledFrom([]func(a, b Set) Set{Union, Inter, Diff}).Draw(t, "op")
			o := described()
			if rapid.Bool().Draw(t, "list") {
				o = SetOf(Listed(o)...)
			}
			if rapid.Bool().Draw(t, "swap") {
				s, o = o, s
			}
			s = op(s, o)
		}
		return s
	})
}

// A described set behaves as its list does.
func TestDescribedSets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.IntRange(0, 2).Draw(t, "kind")
		a, b := forms(kind).Draw(t, "a"), forms(kind).Draw(t, "b")
		var k Keys
		naive := func(s Set) map[string]Value {
			m := map[string]Value{}
			for v := range s.All() {
				if _, ok := m[Show(v)]; ok {
					t.Fatalf("%s yields %s twice", Short(s), Show(v))
				}
				m[Show(v)] = v
			}
			return m
		}
		x, y := naive(a), naive(b)
		if a.Size() != int64(len(x)) {
			t.Fatalf("%s has size %d and %d elements", Short(a), a.Size(), len(x))
		}
		if !slices.IsSortedFunc(Listed(a), Compare) {
			t.Fatalf("%s is listed out of order", Short(a))
		}
		check := func(name string, got Set, want func(inX, inY bool) bool) {
			all := naive(got)
			for _, from := range []map[string]Value{x, y} {
				for text, v := range from {
					_, inX := x[text]
					_, inY := y[text]
					_, in := all[text]
					if w := want(inX, inY); in != w || got.Has(v) != w {
						t.Fatalf("%s(%s, %s) has %s: listed %v, asked %v", name, Show(a), Show(b), text, in, got.Has(v))
					}
				}
			}
			for text := range all {
				if _, ok := x[text]; ok {
					continue
				}
				if _, ok := y[text]; !ok {
					t.Fatalf("%s(%s, %s) has %s", name, Show(a), Show(b), text)
				}
			}
			if k.Of(got) != k.Of(SetOf(Listed(got)...)) || !EqualSets(got, SetOf(Listed(got)...)) {
				t.Fatalf("%s is not equal to its list", Show(got))
			}
		}
		check("union", Union(a, b), func(p, q bool) bool { return p || q })
		check("inter", Inter(a, b), func(p, q bool) bool { return p && q })
		check("diff", Diff(a, b), func(p, q bool) bool { return p && !q })
		subset := true
		for text := range x {
			_, ok := y[text]
			subset = subset && ok
		}
		if Subset(a, b) != subset {
			t.Fatalf("%s <= %s: %v", Show(a), Show(b), !subset)
		}
		if Compare(a, b) != compareAll(Listed(a), Listed(b), 0) {
			t.Fatalf("%s and %s compare otherwise than their lists", Show(a), Show(b))
		}
	})
}

// The elements of infinite sets come up once each, and belong to it.
func TestStages(t *testing.T) {
	list := &Type{Name: "L"}
	leaf := &Head{Name: "Nil", Order: 0, Type: list, Fields: func() []Set { return nil }}
	cons := &Head{Name: "Cons", Order: 1, Type: list}
	lists := &Values{Of: list}
	cons.Fields = func() []Set { return []Set{IntsFrom(0), lists} }
	list.Heads = []*Head{leaf, cons}
	for _, s := range []Set{
		lists, AllInts(), IntsFrom(3), Sequences(AllInts()), PowerSet(IntsFrom(0)), Maps(IntsFrom(0), IntRange(1, 2)),
		NewProduct(false, IntsFrom(0), AllInts()), Sequences(IntRange(0, 1)), Diff(lists, SetOf(leaf.Bare())),
		Union(Sequences(IntRange(0, 1)), SetOf(SeqOf(Num(5)))), Productions(cons.Bare()), Diff(AllInts(), IntsFrom(-3)),
	} {
		if s.Size() != Infinite {
			t.Errorf("%s has size %d", Short(s), s.Size())
		}
		seen := map[string]bool{}
		for v := range s.All() {
			if seen[Show(v)] || !s.Has(v) {
				t.Errorf("%s yields %s: again %v, in it %v", Short(s), Show(v), seen[Show(v)], s.Has(v))
			}
			seen[Show(v)] = true
			if len(seen) == 60 {
				break
			}
		}
	}
	// and each comes up at last
	want := Num(-7)
	n := 0
	for v := range AllInts().All() {
		if n++; Equal(v, want) || n > 100 {
			break
		}
	}
	if n > 100 {
		t.Error("-7 is not among the first 100 integers")
	}
}

// A list or map stays as it is, whatever is made of it, and has what it should.
func TestListsAndMapsShareTrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type version struct {
			set Set
			m   *Map
			has map[int64]int // the value in m
		}
		versions := []version{{EmptySet, EmptyMap, map[int64]int{}}}
		start := rapid.IntRange(0, 200).Draw(t, "elements to begin with")
		low, high := int64(0), int64(0)
		for step := range start + 60 {
			of := versions[len(versions)-1]
			if step > start && rapid.IntRange(0, 4).Draw(t, "of an earlier one") == 0 {
				of = versions[rapid.IntRange(0, len(versions)-1).Draw(t, "which")]
			}
			x := high
			switch kind := rapid.IntRange(0, 5).Draw(t, "where"); {
			case kind <= 1:
				high++
			case kind <= 3:
				low--
				x = low
			default:
				x = rapid.Int64Range(low, high).Draw(t, "element")
			}
			next := version{of.set, of.m, gomaps.Clone(of.has)}
			_, there := next.has[x]
			switch {
			case rapid.IntRange(0, 5).Draw(t, "several") == 0:
				var some []Value
				for range rapid.IntRange(2, 20).Draw(t, "how many") {
					x := rapid.Int64Range(low-9, high+9).Draw(t, "element")
					next.has[x], some, next.m = step, append(some, Num(x)), next.m.Update(Num(x), Num(int64(step)))
				}
				next.set = Union(next.set, SetOf(some...))
				low, high = low-9, high+9
			case there || step > start && rapid.IntRange(0, 3).Draw(t, "less") == 0:
				delete(next.has, x)
				next.set, next.m = Minus(next.set, Num(x)), next.m.Delete(Num(x))
			default:
				next.has[x] = step
				next.set, next.m = Plus(next.set, Num(x)), next.m.Update(Num(x), Num(int64(step)))
			}
			versions = append(versions, next)
			x = rapid.Int64Range(low, high+1).Draw(t, "is it there")
			want, there := next.has[x]
			if got, ok := next.m.Lookup(Num(x)); ok != there || ok && !Equal(got, Num(int64(want))) || next.m.Len() != len(next.has) {
				t.Fatalf("of %d keys, %d is %v (%v), want %d (%v) of %d", next.m.Len(), x, got, ok, want, there, len(next.has))
			}
			if next.set.Has(Num(x)) != there || next.set.Size() != int64(len(next.has)) {
				t.Fatalf("of %d elements, %d is one: %v, want %v of %d", next.set.Size(), x, !there, there, len(next.has))
			}
			if rapid.IntRange(0, 9).Draw(t, "listed now") == 0 {
				Listed(next.set)
				next.m.all()
			}
		}
		for i, v := range versions {
			var want, vals []Value
			for _, x := range slices.Sorted(gomaps.Keys(v.has)) {
				want, vals = append(want, Num(x)), append(vals, Num(int64(v.has[x])))
			}
			if got := Listed(v.set); !slices.Equal(got, want) {
				t.Fatalf("version %d is %v, want %v", i, got, want)
			}
			if ks, vs := v.m.all(); !slices.Equal(ks, want) || !slices.Equal(vs, vals) {
				t.Fatalf("version %d is %v => %v, want %v => %v", i, ks, vs, want, vals)
			}
		}
	})
}
