package eval

import (
	"github.com/cspcheck/cspcheck/model/cspm/process"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// once checks that no event stands twice on one side of a linking: that no
// event, or beginning of one, begins another.
func (m *Machine) once(ties []process.Tie) {
	from, to := newBeginnings(m.keys), newBeginnings(m.keys)
	for i := range ties {
		from.add(ties[i].From)
	}
	for i := range ties {
		to.add(ties[i].To)
	}
}

// Beginnings are events and beginnings of events as a tree: an edge is a channel,
// a constructor, or a field that is none.
type beginnings struct {
	keys *value.Keys
	next map[edge]int // where an edge leads
	ends []bool       // by node: one of them ends there
}

type edge struct {
	from int
	head *value.Head // of a channel or constructor, or nil
	key  value.Key   // of a field
}

func newBeginnings(keys *value.Keys) *beginnings {
	return &beginnings{keys: keys, next: map[edge]int{}, ends: make([]bool, 1)}
}

// add adds one, and fails if it begins another, or another begins it.
func (b *beginnings) add(d *value.Dot) {
	known := len(b.ends)
	at := b.along(d, 0, d)
	if at < known {
		twice(d)
	}
	b.ends[at] = true
}

// along follows a value from a node, of which whole is made.
func (b *beginnings) along(v value.Value, at int, whole *value.Dot) int {
	v = value.Force(v)
	d, ok := v.(*value.Dot)
	if !ok || d.Head == nil {
		return b.step(edge{from: at, key: b.keys.Of(v)}, whole)
	}
	at = b.step(edge{from: at, head: d.Head}, whole)
	for _, f := range d.Fields {
		at = b.along(f, at, whole)
	}
	return at
}

func (b *beginnings) step(e edge, whole *value.Dot) int {
	at, ok := b.next[e]
	if !ok {
		at = len(b.ends)
		b.next[e] = at
		b.ends = append(b.ends, false)
	}
	if b.ends[at] {
		twice(whole)
	}
	return at
}

func twice(d *value.Dot) { value.Fail("%s is linked twice on one side", value.Short(d)) }
