package value

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// channels returns the events of a : {0..2}.{0..2}, b : {0..2} and c, and some
// of what is written of them.
func channels() (all Set, some []Set) {
	t := &Type{Name: "Event"}
	head := func(name string, fields int) *Head {
		sets := make([]Set, fields)
		for i := range sets {
			sets[i] = IntRange(0, 2)
		}
		h := &Head{Name: name, Order: len(t.Heads), Type: t, Fields: func() []Set { return sets }}
		t.Heads = append(t.Heads, h)
		return h
	}
	a, b, c := head("a", 2), head("b", 1), head("c", 0)
	all = &Values{Of: t}
	some = []Set{all, EmptySet, SetOf(c.Bare()), SetOf(b.Bare().With(Num(1)), c.Bare()), Restrict(b, SetOf(Num(0), Num(2)))}
	for _, d := range []*Dot{a.Bare(), b.Bare(), a.Bare().With(Num(0)), a.Bare().With(Num(2)), a.Bare().With(Num(1)).With(Num(1)), b.Bare().With(Num(0))} {
		some = append(some, Productions(d))
	}
	zero, last, ends := SetOf(Num(0)), IntRange(1, 2), SetOf(Num(0), Num(2))
	for _, fields := range [][]Set{{zero, last}, {last, zero}, {ends, last}, {IntRange(0, 2), ends}, {IntRange(0, 2), IntRange(0, 2)}, {EmptySet, last}} {
		s, ok := WithFields(a, fields)
		if !ok {
			panic("not what a allows")
		}
		some = append(some, s)
		if s, ok := Differing(s, 1, 0); ok {
			some = append(some, s)
		}
	}
	return all, some
}

// described sets of events, and the naive ones beside them.
type drawnEvents struct {
	set Set
	has []bool // by the events in canonical order
}

func events(all []Value, some []Set, depth int) *rapid.Generator[drawnEvents] {
	return rapid.Custom(func(t *rapid.T) drawnEvents {
		out := drawnEvents{has: make([]bool, len(all))}
		kind := rapid.IntRange(0, 5).Draw(t, "kind")
		if depth == 0 || kind == 0 {
			out.set = rapid.SampledFrom(some).Draw(t, "set")
			for i, e := range all {
				out.has[i] = out.set.Has(e)
			}
			return out
		}
		x, y := events(all, some, depth-1).Draw(t, "x"), events(all, some, depth-1).Draw(t, "y")
		op := [...]struct {
			apply func(a, b Set) Set
			has   func(a, b bool) bool
		}{
			{Union, func(a, b bool) bool { return a || b }},
			{Inter, func(a, b bool) bool { return a && b }},
			{Diff, func(a, b bool) bool { return a && !b }},
			{func(a, b Set) Set { return &diff{a: a, b: b} }, func(a, b bool) bool { return a && !b }}, // as of more than 64
			{interLarge, func(a, b bool) bool { return a && b }},
		}[kind-1]
		out.set = op.apply(x.set, y.set)
		for i := range all {
			out.has[i] = op.has(x.has[i], y.has[i])
		}
		return out
	})
}

// interLarge is Inter as of large sets.
func interLarge(a, b Set) Set {
	_, lista := a.(*List)
	_, listb := b.(*List)
	if !lista && !listb {
		if s, ok := interDescribed(a, b); ok {
			return s
		}
	}
	return Inter(a, b)
}

func TestDescribedSetsOfEvents(t *testing.T) {
	universe, some := channels()
	all := Listed(universe)
	told := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		x, y := events(all, some, 4).Draw(t, "x"), events(all, some, 3).Draw(t, "y")
		var want []Value
		subset, disjoint := true, true
		for i, e := range all {
			if x.set.Has(e) != x.has[i] {
				t.Fatalf("%s has %s: %v", Show(x.set), Show(e), !x.has[i])
			}
			if x.has[i] {
				want = append(want, e)
				subset, disjoint = subset && y.has[i], disjoint && !y.has[i]
			}
		}
		if Within(x.set, y.set) {
			if told["within"]++; !subset {
				t.Errorf("%s is said to be within %s", Short(x.set), Short(y.set))
			}
		}
		if Apart(x.set, y.set) {
			if told["apart"]++; !disjoint {
				t.Errorf("%s and %s are said to be apart", Short(x.set), Short(y.set))
			}
		}
		if n, ok := countOf(x.set); ok {
			if told["counted"]++; n != int64(len(want)) {
				t.Errorf("%s is said to have %d elements, not %d", Short(x.set), n, len(want))
			}
		}
		anchored(t, x.set)
		sliced(t, all, x.set)
		if n := Most(x.set); n < int64(len(want)) {
			t.Errorf("%s is said to have at most %d elements, not %d", Short(x.set), n, len(want))
		}
		if n := fewest(x.set); n > int64(len(want)) {
			t.Errorf("%s is said to have at least %d elements, not %d", Short(x.set), n, len(want))
		}
		if v, ok := Some(x.set); ok != (len(want) > 0) || ok && !x.set.Has(v) {
			t.Errorf("%v is said to be in %s", v, Short(x.set))
		}
		if got := slices.Collect(x.set.All()); fmt.Sprint(shownAll(got)) != fmt.Sprint(shownAll(want)) {
			t.Errorf("%s lists %v, not %v", Short(x.set), shownAll(got), shownAll(want))
		}
		if n := x.set.Size(); n != int64(len(want)) {
			t.Errorf("%s has %d elements, not %d", Short(x.set), n, len(want))
		}
	})
	for _, what := range []string{"within", "apart", "counted"} {
		if told[what] == 0 {
			t.Errorf("%s was never told", what)
		}
	}
}

// anchored checks that each element of s has one of its anchors.
func anchored(t *rapid.T, s Set) {
	anchors, ok := Anchors(s, 8, nil)
	if !ok {
		return
	}
	for v := range s.All() {
		d := v.(*Dot)
		if !slices.ContainsFunc(anchors, func(a Anchor) bool {
			switch {
			case a.Whole != nil:
				return Compare(a.Whole, d) == 0
			case a.Value == nil:
				return a.Head == d.Head
			}
			return a.Head == d.Head && Compare(a.Value, d.Fields[a.Field]) == 0
		}) {
			t.Errorf("%s of %s has no anchor", Show(d), Short(s))
		}
	}
}

// sliced checks that s has all events of its slices but those that are left out.
func sliced(t *rapid.T, all []Value, s Set) {
	anchors, but, _ := Slices(s)
	for _, v := range all {
		d := v.(*Dot)
		if !s.Has(d) && !slices.ContainsFunc(but, func(b Set) bool { return b.Has(d) }) && slices.ContainsFunc(anchors, func(a Anchor) bool {
			return a.Head == d.Head && (a.Value == nil || Compare(a.Value, d.Fields[a.Field]) == 0)
		}) {
			t.Errorf("%s is not in %s, and not left out", Show(d), Short(s))
		}
	}
}

func shownAll(vs []Value) (out []string) {
	for _, v := range vs {
		out = append(out, Show(v))
	}
	return out
}

// Of a difference of a union whose parts overlap nothing is listed to make it, or to have
// an element of it.
func TestDifferencesOfUnions(t *testing.T) {
	n := IntRange(0, 999)
	h := &Head{Name: "a", Type: &Type{Name: "Event"}, Fields: func() []Set { return []Set{n, n} }}
	first, second := Productions(h.Bare().With(Num(0))), withFields(h, []Set{n, SetOf(Num(0))})
	u := Union(first, second)
	d := Minus(u, h.Bare().With(Num(0)).With(Num(0)))
	if v, ok := Some(d); !ok || Show(v) != "a.0.1" {
		t.Errorf("%v is said to be in it", v)
	}
	if u.(*union).listed != nil {
		t.Error("it was listed")
	}
	if n := d.Size(); n != 1998 {
		t.Errorf("it has %d elements", n)
	}
}

// A union of many {|a.n|} is asked and counted without listing it.
func TestUnionsOfManyPrefixes(t *testing.T) {
	n := IntRange(0, 999)
	h := &Head{Name: "a", Type: &Type{Name: "Event"}, Fields: func() []Set { return []Set{n, n, n} }}
	var sets []Set
	for i := range int64(500) {
		sets = append(sets, Productions(h.Bare().With(Num(2*i))))
	}
	u := Unions(append(sets, Productions(h.Bare().With(Num(4)).With(Num(7)))))
	if got := u.Size(); got != 500*1000*1000 {
		t.Errorf("it has %d elements", got)
	}
	for i := range int64(1000) {
		if e := h.Bare().With(Num(i)).With(Num(7)).With(Num(3)); u.Has(e) != (i%2 == 0) {
			t.Errorf("it has %s: %v", Show(e), i%2 != 0)
		}
	}
	if u.(*union).listed != nil {
		t.Error("it was listed")
	}
}

// A union of many parts that are described finds those that may have an event.
func TestUnionsOfManyParts(t *testing.T) {
	universe, some := channels()
	all := Listed(universe)
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		var parts []Set
		has := make([]bool, len(all))
		for range rapid.IntRange(manyParts+1, 2*manyParts).Draw(t, "parts") {
			x := events(all, some, rapid.IntRange(0, 2).Draw(t, "depth")).Draw(t, "x")
			parts = append(parts, unionParts(x.set)...)
			for i := range all {
				has[i] = has[i] || x.has[i]
			}
		}
		f := newFinder(parts)
		if f == nil {
			return
		}
		found++
		for i, e := range all {
			if f.has(e) != has[i] {
				t.Errorf("%s is found: %v", Show(e), !has[i])
			}
			if d := e.(*Dot); len(d.Fields) > 0 && f.has(d.Head.Bare()) {
				t.Errorf("%s alone is found", Show(d.Head.Bare()))
			}
		}
	})
	if found == 0 {
		t.Error("there was no finder")
	}
}

// To put many values in order is a work of which it is asked whether to go on.
func TestSortingAsks(t *testing.T) {
	vs := make([]Value, 1<<15)
	for i := range vs {
		vs[i] = Num(int64(7919 * i % len(vs)))
	}
	asked := 0
	s := SetAsking(func() { asked++ }, vs)
	if s.Size() != int64(len(vs)) || asked < len(vs)/askedAfter {
		t.Errorf("it was asked %d times for %d of %d values", asked, s.Size(), len(vs))
	}
}
