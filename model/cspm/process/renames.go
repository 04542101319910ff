package process

import (
	"iter"
	"slices"

	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// composed returns the relation that layers, which are renamings, are together.
func (s *Space) composed(l *layer) *Relation {
	if r := s.rels[l.key]; r != nil {
		return r
	}
	r := &Relation{space: s, layers: l, form: l.key, images: map[model.Event][]model.Event{}}
	s.rels[l.key] = r
	return r
}

// images returns what becomes of e by l and those further out; nil if they leave it as it
// is. As it would come of them one after the other, it may have an event more than once.
func (l *layer) images(e model.Event) []model.Event {
	if l = l.first(e); l == nil {
		return nil
	}
	var out []model.Event
	for _, b := range l.op.args.rel.Images(e) {
		if further := l.out.images(b); further != nil {
			out = append(out, further...)
		} else {
			out = append(out, b)
		}
	}
	return out
}

// sources finds what becomes an event by layers.
type sources struct {
	layers []*layer // innermost first
	having *parties // by numbers of layers that tie an event to something, or something to it
}

// layeredSources is Sources of layers, in the order in which they would be asked one
// after the other, from outside. The event itself is none if all leave it as it is.
func (r *Relation) layeredSources(e model.Event) []model.Event {
	if r.sourced == nil {
		x := &sources{}
		var rels []*Relation
		for l := r.layers; l != nil; l = l.out {
			x.layers, rels = append(x.layers, l), append(rels, l.op.args.rel)
		}
		x.having = r.space.partiesOf(len(rels), func(i int, out []value.Anchor) ([]value.Anchor, bool) {
			out, ok := rels[i].anchors(out)
			if !ok {
				return nil, false
			}
			return rels[i].Inverse().anchors(out)
		}, func(i int32, d *value.Dot) bool {
			e := r.space.Event(d)
			return len(rels[i].Images(e)) > 0 || len(rels[i].Sources(e)) > 0
		})
		r.sourced = x
	}
	out := r.sourced.of(e, len(r.sourced.layers))
	if len(r.Images(e)) == 0 {
		out = out[:len(out)-1]
	}
	return out
}

// of returns what becomes e by the n innermost layers: at last e itself, if they leave it
// as it is.
func (x *sources) of(e model.Event, n int) []model.Event {
	who := x.having.who(e)
	i, _ := slices.BinarySearch(who, int32(n))
	if i == 0 {
		return []model.Event{e}
	}
	n = int(who[i-1])
	rel := x.layers[n].op.args.rel
	var out []model.Event
	for _, a := range rel.Sources(e) {
		out = append(out, x.of(a, n)...)
	}
	if len(rel.Images(e)) == 0 {
		out = append(out, x.of(e, n)...)
	}
	return out
}

// tying tells the relations by the events that they tie to something.
func (s *Space) tying(rels []*Relation) *parties {
	return s.partiesOf(len(rels), func(i int, out []value.Anchor) ([]value.Anchor, bool) { return rels[i].anchors(out) },
		func(i int32, d *value.Dot) bool { return len(rels[i].Images(s.Event(d))) > 0 })
}

// anchors appends anchors of the events that the relation ties to something, as
// value.Anchors does.
func (r *Relation) anchors(out []value.Anchor) ([]value.Anchor, bool) {
	before := len(out)
	for i := range r.families {
		var ok bool
		if out, ok = value.Anchors(r.families[i].From.Set, fewEvents, out); !ok {
			return nil, false
		}
	}
	for i := before; i < len(out); i++ {
		out[i].Sure = false // an event may be tied to none
	}
	for _, t := range r.ties {
		if t.From.Complete() {
			out = append(out, value.Anchor{Whole: t.From})
		} else {
			out = append(out, value.Anchor{Head: t.From.Head})
		}
	}
	return out, true
}

// Contains, Len and All make it a set of the events that it ties to something, as
// networks ask for it.
func (r *Relation) Contains(e model.Event) bool { return len(r.Images(e)) > 0 }

// Len is negative if they are not listed.
func (r *Relation) Len() int {
	if r.families != nil || r.layers != nil || len(r.open) > 0 {
		return -1
	}
	return len(r.exact)
}

func (r *Relation) All() iter.Seq[model.Event] {
	return func(yield func(model.Event) bool) {
		for i := range r.ties { // in their order: events get numbers by it
			k := r.space.Keys.Of(r.ties[i].From)
			if r.exact[k][0] != i {
				continue
			}
			if e, ok := r.space.number[k]; ok && !yield(e) {
				return
			}
		}
	}
}
