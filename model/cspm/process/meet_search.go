package process

import (
	"slices"

	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// A searching finds events that are only offered widely.
type searching struct {
	by    map[anchor][]*wide  // by the first of their fields that is known
	known map[fieldIn][]*wide // by which that is
	rests map[restIn]*rest

	// Of alphabets: who has all events of an anchor, but for some that have been looked
	// at, rising; and of whom nothing is told by how they are described.
	have   map[anchor][]int32
	untold []int32
}

func newSearching() *searching {
	return &searching{by: map[anchor][]*wide{}, known: map[fieldIn][]*wide{}, rests: map[restIn]*rest{}, have: map[anchor][]int32{}}
}

// A fieldIn is a field of the events of a channel.
type fieldIn struct {
	head  *value.Head
	field int
}

// A restIn is a field and what it can be.
type restIn struct {
	fieldIn
	set value.Key
}

// A rest is which values of a field are in events of nobody for sure, and which for sure
// only of one.
type rest struct {
	nobodys []value.Value
	ones    map[int32][]value.Value
}

// search finds the events of w that all others who take part in them offer widely,
// too, among those known so far.
func (m *meeting) search(w *wide) {
	if m.t.Op == AlphaPar {
		m.alone(w)
	} else if a := m.t.args.set; a.except || !value.Within(w.set, a.set) {
		m.each(w.set, func(e *value.Dot) bool { return !a.holds(e) })
	}
	m.pairs(w)
	m.index(w)
}

// each looks at those events of a set that may be met.
func (m *meeting) each(set value.Set, may func(*value.Dot) bool) {
	if !m.spend(bounded(value.Most(set))) {
		return
	}
	for v := range set.All() {
		if e := v.(*value.Dot); may(e) {
			m.at(e)
		}
	}
}

// slice notes which events alphabets have for sure, and looks at those that are left out.
func (m *meeting) slice(sets []*EventSet) {
	for i, es := range sets {
		slices, but, ok := value.Slices(es.set)
		if !ok || es.except {
			m.untold = append(m.untold, int32(i))
			continue
		}
		if !m.spend(int64(len(slices))) {
			return
		}
		for _, s := range slices {
			at := anchor{s.Head, -1, 0}
			if s.Value != nil {
				at = anchor{s.Head, s.Field, m.Keys.Of(s.Value)}
			}
			m.have[at] = append(m.have[at], int32(i))
		}
		for _, b := range but {
			m.each(b, func(*value.Dot) bool { return true })
		}
	}
}

// alone finds the events of w that are nobody else's. A field is chosen, and
// left out is what is of others for sure whatever else there is.
func (m *meeting) alone(w *wide) {
	sets := m.t.args.sets
	for _, i := range m.untold {
		if es := sets[i]; i != w.operand && (!es.except && value.Within(w.set, es.set) || es.except && value.Apart(w.set, es.set)) {
			return
		}
	}
	if who := m.have[anchor{w.head, -1, 0}]; len(who) > 0 && (who[0] != w.operand || who[len(who)-1] != w.operand) {
		return
	}
	left := w.set
	for i, f := range w.fields {
		r := m.rest(fieldIn{w.head, i}, f)
		fields := slices.Clone(w.fields)
		fields[i] = value.SetOf(slices.Concat(r.nobodys, r.ones[w.operand])...)
		if set, ok := value.WithFields(w.head, fields); ok && set.Size() < left.Size() {
			left = set
		}
	}
	m.each(left, sets[w.operand].holds)
}

// rest returns the rest of a set of values of a field.
func (m *meeting) rest(f fieldIn, of value.Set) *rest {
	in := restIn{f, m.Keys.FormOf(of)}
	r := m.rests[in]
	if r != nil {
		return r
	}
	r = &rest{ones: map[int32][]value.Value{}}
	m.rests[in] = r
	if !m.spend(of.Size()) {
		return r
	}
	for v := range of.All() {
		switch who := m.have[anchor{f.head, f.field, m.Keys.Of(v)}]; {
		case len(who) == 0:
			r.nobodys = append(r.nobodys, v)
		case who[0] == who[len(who)-1]: // they rise
			r.ones[who[0]] = append(r.ones[who[0]], v)
		}
	}
	return r
}

// index notes w to be found by pairs.
func (m *meeting) index(w *wide) {
	at := anchor{w.head, -1, 0}
	for i, f := range w.fields {
		if v, ok := one(f); ok {
			at = anchor{w.head, i, m.Keys.Of(v)}
			break
		}
	}
	m.by[at] = append(m.by[at], w)
	in := fieldIn{w.head, at.field}
	m.known[in] = append(m.known[in], w)
}

// one returns the value of a set that has just one.
func one(s value.Set) (value.Value, bool) {
	if s.Size() != 1 {
		return nil, false
	}
	return value.Some(s)
}

// pairs finds the events that w has in common with what others offer widely.
func (m *meeting) pairs(w *wide) {
	m.common(w, m.known[fieldIn{w.head, -1}])
	for i, f := range w.fields {
		all := m.known[fieldIn{w.head, i}]
		if n := f.Size(); n > int64(len(all)) {
			m.common(w, all)
			continue
		}
		if len(all) > 0 && m.spend(f.Size()) {
			for v := range f.All() {
				m.common(w, m.by[anchor{w.head, i, m.Keys.Of(v)}])
			}
		}
	}
}

// common finds the events that w has in common with each of some.
func (m *meeting) common(w *wide, with []*wide) {
	if !m.spend(int64(len(with))) {
		return
	}
	for _, v := range with {
		if m.lost {
			return
		}
		if v.operand == w.operand {
			continue
		}
		fields, apart := make([]value.Set, len(w.fields)), false
		for i, f := range w.fields {
			fields[i] = f
			if f != v.fields[i] {
				fields[i] = value.Inter(f, v.fields[i])
			}
			apart = apart || fields[i].Size() == 0
		}
		if apart {
			continue
		}
		if set, ok := value.WithFields(w.head, fields); !ok {
			m.lost = true
		} else if m.t.Op == Par {
			m.each(set, m.t.args.set.holds)
		} else if x, y := m.t.args.sets[w.operand], m.t.args.sets[v.operand]; !apartFrom(x, set) && !apartFrom(y, set) {
			m.each(set, func(e *value.Dot) bool { return x.holds(e) && y.holds(e) })
		}
	}
}

// apartFrom reports whether es is known to have nothing of a set.
func apartFrom(es *EventSet, set value.Set) bool { return !es.except && value.Apart(es.set, set) }
