package value

import "slices"

// A Map is a finite map. Its values may be thunks. A long one that was made of
// another is two trees, which share what they can with that one's; all() makes
// keys and vals of them.
type Map struct {
	keys   []Value // in canonical order
	vals   []Value
	ks, vs *tree // nil, or the same in place of keys and vals
	key    Key
}

func (*Map) Kind() Kind { return KMap }

// EmptyMap has no entries.
var EmptyMap = &Map{key: keyEmptyMap}

// all returns the keys, in canonical order, and their values.
func (m *Map) all() (keys, vals []Value) {
	if m.ks != nil {
		m.keys, m.vals = m.ks.all(), m.vs.all()
		m.ks, m.vs = nil, nil
	}
	return m.keys, m.vals
}

// grown returns the trees of m.
func (m *Map) grown() (ks, vs *tree) {
	if m.ks != nil {
		return m.ks, m.vs
	}
	return treeOf(m.keys), treeOf(m.vals)
}

func (m *Map) find(k Value) (int, bool) {
	if m.ks != nil {
		return m.ks.find(k)
	}
	return slices.BinarySearchFunc(m.keys, k, Compare)
}

// Lookup returns the value at k.
func (m *Map) Lookup(k Value) (Value, bool) {
	i, ok := m.find(k)
	switch {
	case !ok:
		return nil, false
	case m.ks != nil:
		return m.vs.at(i), true
	}
	return m.vals[i], true
}

// Update returns m with v at k.
func (m *Map) Update(k, v Value) *Map {
	k = Force(k)
	i, ok := m.find(k)
	if m.Len() >= fewElems {
		ks, vs := m.grown()
		if ok {
			return &Map{ks: ks, vs: vs.without(i).with(i, v)}
		}
		return &Map{ks: ks.with(i, k), vs: vs.with(i, v)}
	}
	keys, vals := m.all()
	if ok {
		n := &Map{keys: keys, vals: slices.Clone(vals)}
		n.vals[i] = v
		return n
	}
	return &Map{keys: insert(keys, i, k), vals: insert(vals, i, v)}
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
	all := make([]entry, 0, m.Len()+len(keys))
	have, are := m.all()
	for i, k := range have {
		all = append(all, entry{k, are[i]})
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
	if m.Len() >= fewElems {
		ks, vs := m.grown()
		return &Map{ks: ks.without(i), vs: vs.without(i)}
	}
	keys, vals := m.all()
	return &Map{keys: slices.Concat(keys[:i], keys[i+1:]), vals: slices.Concat(vals[:i], vals[i+1:])}
}

// Len returns the number of entries.
func (m *Map) Len() int { return len(m.keys) + m.ks.len() }

// Entry returns the i-th entry, in the order of keys.
func (m *Map) Entry(i int) (k, v Value) {
	keys, vals := m.all()
	return keys[i], vals[i]
}
