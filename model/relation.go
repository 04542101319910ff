package model

import (
	"cmp"
	"iter"
	"slices"
)

// An EventSet is a set of visible events. It may be infinite, or not spelt
// out. One that also has the methods Len and All of an Alphabet is gone
// through where that is quicker, unless Len is negative; events that nobody
// does may be left out of All. τ and ✓ are never asked about.
type EventSet interface {
	Contains(Event) bool
}

// list returns how many events s lists, or ok false if it is only to be
// asked.
func list(s EventSet) (n int, all iter.Seq[Event], ok bool) {
	l, ok := s.(interface {
		Len() int
		All() iter.Seq[Event]
	})
	if !ok {
		return 0, nil, false
	}
	n = l.Len()
	return n, l.All(), n >= 0
}

// A Relation ties events to events: for a renaming, what an event becomes;
// for a link, what it meets. It answers in a fixed order, without repetition.
type Relation interface {
	Images(Event) []Event
	Sources(Event) []Event
}

// Pairs is a Relation that is spelt out.
type Pairs struct{ to, from map[Event][]Event }

// NewPairs returns the relation that ties p[0] to p[1] for each p.
func NewPairs(pairs ...[2]Event) *Pairs {
	sorted := slices.Clone(pairs)
	slices.SortFunc(sorted, func(x, y [2]Event) int { return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1])) })
	r := &Pairs{map[Event][]Event{}, map[Event][]Event{}}
	for _, p := range slices.Compact(sorted) {
		r.to[p[0]] = append(r.to[p[0]], p[1])
		r.from[p[1]] = append(r.from[p[1]], p[0])
	}
	return r
}

// Images returns what e is tied to, smallest first.
func (r *Pairs) Images(e Event) []Event { return r.to[e] }

// Sources returns what is tied to e, smallest first.
func (r *Pairs) Sources(e Event) []Event { return r.from[e] }

// Len returns how many events are tied to something.
func (r *Pairs) Len() int { return len(r.to) }

// All yields the events that are tied to something, in no fixed order.
func (r *Pairs) All() iter.Seq[Event] {
	return func(yield func(Event) bool) {
		for e := range r.to {
			if !yield(e) {
				return
			}
		}
	}
}

// Contains reports whether e is tied to something.
func (r *Pairs) Contains(e Event) bool { return len(r.to[e]) > 0 }
