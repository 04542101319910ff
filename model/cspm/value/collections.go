package value

import (
	"fmt"
	"iter"
	"math"
)

// Power is the set of all subsets of a set.
type Power struct {
	form
	of Set
}

// PowerSet returns Set(s).
func PowerSet(s Set) Set { return &Power{of: s} }

func (p *Power) Has(v Value) bool {
	s, ok := Force(v).(Set)
	return ok && Subset(s, p.of)
}

func (p *Power) Size() int64 {
	n := p.of.Size()
	switch {
	case n == Infinite:
		return Infinite
	case n >= 63:
		return math.MaxInt64
	}
	return 1 << n
}

func (p *Power) All() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if p.Size() == Infinite {
			inStages(p, yield)
			return
		}
		base := Listed(p.of)
		var from func(chosen []Value, i int) bool
		from = func(chosen []Value, i int) bool {
			if !yield(&List{elems: append([]Value(nil), chosen...)}) {
				return false
			}
			for ; i < len(base); i++ {
				if !from(append(chosen, base[i]), i+1) {
					return false
				}
			}
			return true
		}
		from(nil, 0)
	}
}

func (p *Power) appendForm(k *Keys, b []byte) []byte {
	return appendForms(k, append(b, 's'), []Set{p.of})
}
func (p *Power) show() string { return "Set(" + Short(p.of) + ")" }

// sequences is the set of all finite sequences over a set.
type sequences struct {
	form
	of Set
}

// Sequences returns Seq(s). It does not look into s, which may be the type
// that is just being declared.
func Sequences(s Set) Set { return &sequences{of: s} }

func (s *sequences) Has(v Value) bool {
	t, ok := Force(v).(*Seq)
	if !ok {
		return false
	}
	if t.infinite() {
		return false
	}
	for _, e := range t.All() {
		if !s.of.Has(e) {
			return false
		}
	}
	return true
}

func (s *sequences) Size() int64 {
	if s.of.Size() == 0 {
		return 1
	}
	return Infinite
}

// All yields the shorter sequences first.
func (s *sequences) All() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if s.of.Size() == Infinite {
			inStages(s, yield)
			return
		}
		base := Listed(s.of)
		if len(base) == 0 {
			yield(emptySeq)
			return
		}
		for n := 0; ; n++ {
			var from func(t []Value) bool
			from = func(t []Value) bool {
				if len(t) == n {
					return yield(SeqOf(append([]Value(nil), t...)...))
				}
				for _, v := range base {
					if !from(append(t, v)) {
						return false
					}
				}
				return true
			}
			if !from(nil) {
				return
			}
		}
	}
}

func (s *sequences) appendForm(k *Keys, b []byte) []byte {
	return appendForms(k, append(b, 'q'), []Set{s.of})
}
func (s *sequences) show() string { return "Seq(" + Short(s.of) + ")" }

// maps is the set of all maps from some of a set of keys to values.
type maps struct {
	form
	from, to Set
}

// Maps returns Map(from, to).
func Maps(from, to Set) Set { return &maps{from: from, to: to} }

func (m *maps) Has(v Value) bool {
	x, ok := Force(v).(*Map)
	if !ok {
		return false
	}
	keys, vals := x.all()
	for i, k := range keys {
		if !m.from.Has(k) || !m.to.Has(vals[i]) {
			return false
		}
	}
	return true
}

func (m *maps) Size() int64 {
	n, choices := m.from.Size(), SizePlus(m.to.Size(), 1)
	switch {
	case m.to.Size() == 0 || n == 0:
		return 1
	case n == Infinite:
		return Infinite
	}
	size := int64(1)
	for range min(n, 64) {
		size = SizeTimes(size, choices)
	}
	return size
}

func (m *maps) All() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		all := []Value{EmptyMap}
		if m.Size() == 1 {
			yield(EmptyMap)
			return
		}
		if m.Size() == Infinite {
			inStages(m, yield)
			return
		}
		values := Listed(m.to)
		for _, k := range Listed(m.from) {
			for _, x := range all[:len(all):len(all)] {
				for _, v := range values {
					all = append(all, x.(*Map).Update(k, v))
					if len(all) > MaxList {
						FailLimit("the set %s is too large to be listed", Short(m))
					}
				}
			}
		}
		SetOf(all...).All()(yield)
	}
}

func (m *maps) appendForm(k *Keys, b []byte) []byte {
	return appendForms(k, append(b, 'm'), []Set{m.from, m.to})
}
func (m *maps) show() string { return fmt.Sprintf("Map(%s, %s)", Short(m.from), Short(m.to)) }
