package value

import (
	"slices"
	"sort"
)

// A Map is a finite map. Its values may be thunks.
type Map struct {
	keys []Value // in canonical order
	vals []Value
	key  Key
}

func (*Map) Kind() Kind { return KMap }

// EmptyMap has no entries.
var EmptyMap = &Map{key: keyEmptyMap}

func (m *Map) find(k Value) (int, bool) {
	i := sort.Search(len(m.keys), func(i int) bool { return Compare(m.keys[i], k) >= 0 })
	return i, i < len(m.keys) && Compare(m.keys[i], k) == 0
}

// Lookup returns the value at k.
func (m *Map) Lookup(k Value) (Value, bool) {
	if i, ok := m.find(k); ok {
		return m.vals[i], true
	}
	return nil, false
}

// Update returns m with v at k.
func (m *Map) Update(k, v Value) *Map {
	k = Force(k)
	i, ok := m.find(k)
	n := &Map{}
	if ok {
		n.keys = m.keys
		n.vals = append([]Value(nil), m.vals...)
		n.vals[i] = v
		return n
	}
	n.keys = insert(m.keys, i, k)
	n.vals = insert(m.vals, i, v)
	return n
}

// With returns m with the pairs of keys and values in it; where a key comes
// several times, the last counts.
func (m *Map) With(keys, vals []Value) *Map {
	if len(keys) < 4 {
		for i, k := range keys {
			m = m.Update(k, vals[i])
		}
		return m
	}
	type entry struct{ k, v Value }
	all := make([]entry, 0, len(m.keys)+len(keys))
	for i, k := range m.keys {
		all = append(all, entry{k, m.vals[i]})
	}
	for i, k := range keys {
		all = append(all, entry{Force(k), vals[i]})
	}
	slices.SortStableFunc(all, func(a, b entry) int { return Compare(a.k, b.k) })
	out := &Map{}
	for i, e := range all {
		if i+1 < len(all) && Compare(e.k, all[i+1].k) == 0 {
			continue
		}
		out.keys, out.vals = append(out.keys, e.k), append(out.vals, e.v)
	}
	return out
}

func insert(vs []Value, i int, v Value) []Value {
	out := make([]Value, len(vs)+1)
	copy(out, vs[:i])
	out[i] = v
	copy(out[i+1:], vs[i:])
	return out
}

// Delete returns m without k.
func (m *Map) Delete(k Value) *Map {
	i, ok := m.find(k)
	if !ok {
		return m
	}
	n := &Map{keys: make([]Value, 0, len(m.keys)-1), vals: make([]Value, 0, len(m.keys)-1)}
	n.keys = append(append(n.keys, m.keys[:i]...), m.keys[i+1:]...)
	n.vals = append(append(n.vals, m.vals[:i]...), m.vals[i+1:]...)
	return n
}

// Len returns the number of entries.
func (m *Map) Len() int { return len(m.keys) }

// Entry returns the i-th entry, in the order of keys.
func (m *Map) Entry(i int) (k, v Value) { return m.keys[i], m.vals[i] }
