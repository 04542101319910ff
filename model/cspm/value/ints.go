package value

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"iter"
	"math"
	"slices"
	"sort"
	"strings"
)

// Ints is a set of integers: {m..n}, {n..}, Int, and what set operations
// make of them.
type Ints struct {
	ivs []interval // ascending, with gaps between them
	key Key
}

// An interval is the integers from lo to hi; the least and greatest int64
// stand for no bound.
type interval struct{ lo, hi int64 }

// IntRange returns {m..n}.
func IntRange(m, n int64) Set {
	if m > n {
		return EmptySet
	}
	return &Ints{ivs: []interval{{m, n}}}
}

// IntsFrom returns {n..}.
func IntsFrom(n int64) Set { return &Ints{ivs: []interval{{n, math.MaxInt64}}} }

// AllInts returns Int.
func AllInts() Set { return &Ints{ivs: []interval{{math.MinInt64, math.MaxInt64}}} }

func (*Ints) Kind() Kind    { return KSet }
func (s *Ints) cache() *Key { return &s.key }

func (s *Ints) Has(v Value) bool {
	n, ok := Force(v).(Int)
	if !ok {
		return false
	}
	i := sort.Search(len(s.ivs), func(i int) bool { return s.ivs[i].hi >= int64(n) })
	return i < len(s.ivs) && s.ivs[i].lo <= int64(n)
}

func (s *Ints) Size() int64 {
	var n uint64
	for _, iv := range s.ivs {
		if iv.lo == math.MinInt64 || iv.hi == math.MaxInt64 {
			return Infinite
		}
		n += uint64(iv.hi-iv.lo) + 1
		if n > math.MaxInt64 {
			return math.MaxInt64
		}
	}
	return int64(n)
}

func (s *Ints) All() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if len(s.ivs) > 0 && s.ivs[0].lo == math.MinInt64 {
			s.allInts(yield)
			return
		}
		for _, iv := range s.ivs {
			for n := iv.lo; ; n++ {
				if !yield(Num(n)) {
					return
				}
				if n == iv.hi {
					break
				}
			}
		}
	}
}

func (s *Ints) appendForm(_ *Keys, b []byte) []byte {
	b = append(b, 'i')
	last := int64(0)
	for _, iv := range s.ivs {
		b = binary.AppendVarint(binary.AppendVarint(b, iv.lo-last), iv.hi-iv.lo)
		last = iv.hi
	}
	return b
}

func (s *Ints) show() string {
	if len(s.ivs) > 2 && s.Size() != Infinite {
		return "" // as a list
	}
	var parts []string
	for _, iv := range s.ivs {
		switch {
		case iv.lo == math.MinInt64 && iv.hi == math.MaxInt64:
			return "Int"
		case iv.lo == math.MinInt64:
			parts = append(parts, fmt.Sprintf("diff(Int, {%d..})", iv.hi+1))
		case iv.hi == math.MaxInt64:
			parts = append(parts, fmt.Sprintf("{%d..}", iv.lo))
		default:
			parts = append(parts, fmt.Sprintf("{%d..%d}", iv.lo, iv.hi))
		}
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return "Union({" + strings.Join(parts, ", ") + "})"
}

// bothInts returns a and b as sets of integers, if both are such and one of
// them is not listed.
func bothInts(a, b Set) (*Ints, *Ints, bool) {
	x, okx := a.(*Ints)
	y, oky := b.(*Ints)
	switch {
	case okx && oky:
		return x, y, true
	case okx:
		y, oky = listedInts(b)
	case oky:
		x, okx = listedInts(a)
	}
	return x, y, okx && oky
}

// listedInts returns a list of integers as intervals.
func listedInts(s Set) (*Ints, bool) {
	l, ok := s.(*List)
	if !ok {
		return nil, false
	}
	out := &Ints{}
	for _, v := range l.all() {
		n, ok := v.(Int)
		if !ok {
			return nil, false
		}
		out.add(interval{int64(n), int64(n)})
	}
	return out, true
}

// Gathered returns the set of the values; integers take room by ranges.
func Gathered(vs []Value) Set {
	ns := make([]int64, len(vs))
	for i, v := range vs {
		n, ok := v.(Int)
		if !ok {
			return SetOf(vs...)
		}
		ns[i] = int64(n)
	}
	slices.Sort(ns)
	out := &Ints{}
	for _, n := range ns {
		out.add(interval{n, n})
	}
	return out.plain()
}

// add appends an interval that does not start before those that are there.
func (s *Ints) add(iv interval) {
	if n := len(s.ivs); n > 0 {
		last := &s.ivs[n-1]
		if last.hi == math.MaxInt64 || iv.lo <= last.hi+1 {
			last.hi = max(last.hi, iv.hi)
			return
		}
	}
	s.ivs = append(s.ivs, iv)
}

func (s *Ints) union(t *Ints) Set {
	out := &Ints{}
	a, b := s.ivs, t.ivs
	for len(a) > 0 || len(b) > 0 {
		if len(b) == 0 || len(a) > 0 && a[0].lo <= b[0].lo {
			out.add(a[0])
			a = a[1:]
		} else {
			out.add(b[0])
			b = b[1:]
		}
	}
	return out.plain()
}

func (s *Ints) inter(t *Ints) Set {
	out := &Ints{}
	for a, b := s.ivs, t.ivs; len(a) > 0 && len(b) > 0; {
		if lo, hi := max(a[0].lo, b[0].lo), min(a[0].hi, b[0].hi); lo <= hi {
			out.add(interval{lo, hi})
		}
		if a[0].hi < b[0].hi {
			a = a[1:]
		} else {
			b = b[1:]
		}
	}
	return out.plain()
}

func (s *Ints) diff(t *Ints) Set {
	out := &Ints{}
	bs := t.ivs
	for _, a := range s.ivs {
		rest := true
		for len(bs) > 0 && bs[0].hi < a.lo {
			bs = bs[1:]
		}
		for _, b := range bs {
			if b.lo > a.hi {
				break
			}
			if b.lo > a.lo {
				out.add(interval{a.lo, b.lo - 1})
			}
			if rest = b.hi < a.hi; !rest {
				break
			}
			a.lo = b.hi + 1
		}
		if rest {
			out.add(a)
		}
	}
	return out.plain()
}

// compareInts compares two sets as their lists, without listing them.
func compareInts(s, t *Ints) int {
	for i, a := range s.ivs {
		if i == len(t.ivs) {
			return 1
		}
		b := t.ivs[i]
		switch {
		case a.lo != b.lo:
			return cmp.Compare(a.lo, b.lo)
		case a.hi < b.hi && i+1 < len(s.ivs): // the next of s is beyond a gap
			return 1
		case a.hi < b.hi: // s ends here
			return -1
		case a.hi > b.hi && i+1 < len(t.ivs):
			return -1
		case a.hi > b.hi:
			return 1
		}
	}
	return cmp.Compare(len(s.ivs), len(t.ivs))
}

// plain lists s if it is small and not one range: most of what a script
// computes with is small sets.
func (s *Ints) plain() Set {
	if len(s.ivs) == 0 {
		return EmptySet
	}
	if n := s.Size(); n != Infinite && n <= 64 {
		l := &List{}
		for v := range s.All() {
			l.elems = append(l.elems, v)
		}
		return l
	}
	return s
}
