package process

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// An Only says which events of a process can happen, beside others that have to
// take part in them and do few.
type Only struct {
	space  *Space
	number int
	others []other
	about  map[*value.Head]*other  // who takes part in all events of a channel; nil: nobody is known to
	sets   map[value.Key]*EventSet // what is left of sets
	fields map[fieldOf]map[value.Key][]*value.Dot
	belows map[string]*Only // by what is hidden
}

// An other takes part in all events of a set, if nil in all that there are, and
// does no more than some.
type other struct {
	in   *EventSet
	but  []*EventSet                  // and of none of these: they are hidden before
	does map[*value.Head][]*value.Dot // in canonical order
	all  []*value.Dot
}

// A fieldOf is a field of the events that an other does.
type fieldOf struct {
	of    *other
	head  *value.Head
	field int
}

// only returns an Only. Each is one of its own.
func (s *Space) only(others []other) *Only {
	s.onlys++
	o := s.unnumbered(others)
	o.number = s.onlys
	return o
}

// Only returns an Only of a set of events that are all that can happen.
func (s *Space) Only(events value.Set) *Only {
	var all []*value.Dot
	for v := range events.All() {
		all = append(all, v.(*value.Dot))
	}
	return s.only([]other{{all: all}})
}

// Just returns one of an event, for no process to keep.
func (s *Space) Just(e *value.Dot) *Only { return s.unnumbered([]other{{all: []*value.Dot{e}}}) }

func (s *Space) unnumbered(others []other) *Only {
	for i := range others {
		o := &others[i]
		o.does = map[*value.Head][]*value.Dot{}
		for _, d := range o.all {
			o.does[d.Head] = append(o.does[d.Head], d)
		}
		for _, ds := range o.does {
			slices.SortFunc(ds, func(a, b *value.Dot) int { return value.Compare(a, b) })
		}
	}
	return &Only{
		space: s, others: others,
		about: map[*value.Head]*other{}, sets: map[value.Key]*EventSet{}, fields: map[fieldOf]map[value.Key][]*value.Dot{}, belows: map[string]*Only{},
	}
}

// A Wide offer may have many events, and can leave out those that cannot happen.
type Wide interface {
	Offer
	// Most returns how many events it has at most, or value.Infinite; none is listed
	// for it.
	Most() int64
	// Each yields its events and what follows each. No event gets a number by that.
	Each(yield func(*value.Dot, *Term) bool)
	// Fields returns the channel and what the fields of its events can be, each on its
	// own; ok is false if that is not known, or they can be many however few events
	// can happen.
	Fields() (h *value.Head, fields []value.Set, ok bool)
	// After returns what follows an event, if it is one of those of the offer.
	After(*value.Dot) []*Term
	// Within returns the offer of those that can happen, which goes on as what is
	// left of what it goes on with.
	Within(*Only) Offer
}

// AppendKey tells it from others.
func (o *Only) AppendKey(b []byte) []byte { return binary.AppendUvarint(b, uint64(o.number)) }

// About reports whether it says of all events that d begins whether they can
// happen.
func (o *Only) About(d *value.Dot) bool { return o.whose(d.Head) != nil }

// whose returns who takes part in all events of a channel, as far as that is
// known.
func (o *Only) whose(h *value.Head) *other {
	who, ok := o.about[h]
	if !ok {
		all := value.Productions(h.Bare())
		i := slices.IndexFunc(o.others, func(x other) bool {
			return (x.in == nil || !x.in.except && value.Within(all, x.in.set)) && x.leaves(all)
		})
		if i >= 0 {
			who = &o.others[i]
		}
		o.about[h] = who
	}
	return who
}

// Fitting returns the events of a channel that it is about which can happen, and have
// the values that are known of their fields, the others being nil. They are in canonical
// order.
func (o *Only) Fitting(h *value.Head, known []value.Value) []*value.Dot {
	who := o.whose(h)
	out := who.does[h]
	for i, v := range known {
		if v == nil || len(out) == 0 {
			continue
		}
		if with := o.by(fieldOf{who, h, i})[o.space.Keys.Of(v)]; len(with) < len(out) {
			out = with
		}
	}
	return slices.DeleteFunc(slices.Clone(out), func(d *value.Dot) bool {
		for i, v := range known {
			if v != nil && value.Compare(v, d.Fields[i]) != 0 {
				return true
			}
		}
		return false
	})
}

// by returns events by the value of a field.
func (o *Only) by(f fieldOf) map[value.Key][]*value.Dot {
	m := o.fields[f]
	if m == nil {
		m = map[value.Key][]*value.Dot{}
		for _, d := range f.of.does[f.head] {
			k := o.space.Keys.Of(d.Fields[f.field])
			m[k] = append(m[k], d)
		}
		o.fields[f] = m
	}
	return m
}

// Of returns t without events that cannot happen, as far as that is told without
// listing any.
func (o *Only) Of(t *Term) *Term {
	if a, ok := t.chaos(); ok {
		return o.always(t, a)
	}
	switch t.Op {
	case Delayed:
		return o.space.Delay(&onlyOf{t.delay(), t, o})
	case Prefix:
		switch leaf := t.leaf.(type) {
		case *always:
			return o.always(t, leaf)
		case Wide:
			return o.space.Offer(leaf.Within(o))
		}
	case ExtChoice, IntChoice, Slide, Seq, Interrupt, Throw, SyncChoice, SyncInterrupt, Par, AlphaPar:
		kids := make([]*Term, len(t.Kids))
		for i, kid := range t.Kids {
			kids[i] = o.Of(kid)
		}
		return t.over(kids)
	case Hide:
		return t.over([]*Term{o.below(t.args.set).Of(t.Kids[0])})
	}
	return t
}

// leaves reports whether nothing of a set is known to be hidden.
func (x *other) leaves(set value.Set) bool {
	return !slices.ContainsFunc(x.but, func(es *EventSet) bool { return es.except || !value.Apart(set, es.set) })
}

// below returns what can happen below a hiding: there all that is hidden can. However
// often and in which order sets are hidden, it is the same.
func (o *Only) below(hidden *EventSet) *Only {
	but := o.others[0].but
	form := func(es *EventSet) uint64 { return uint64(es.form)<<1 | uint64(btoi(es.except)) }
	i, ok := slices.BinarySearchFunc(but, form(hidden), func(es *EventSet, f uint64) int { return cmp.Compare(form(es), f) })
	if ok {
		return o
	}
	but = slices.Insert(slices.Clone(but), i, hidden)
	var key []byte
	for _, es := range but {
		key = binary.LittleEndian.AppendUint64(key, form(es))
	}
	b := o.belows[string(key)]
	if b == nil {
		others := slices.Clone(o.others)
		for i := range others {
			others[i].but = but
		}
		b = o.space.only(others)
		b.belows = o.belows
		o.belows[string(key)] = b
	}
	return b
}

// always returns t, which is a, with the events that can happen.
func (o *Only) always(t *Term, a *always) *Term {
	if a.whole != nil || a.events.except {
		return t
	}
	if to := o.among(a.events); to != nil {
		return a.narrowed(to)
	}
	return t
}

// among returns which events of a set can happen; nil if all may.
func (o *Only) among(set *EventSet) *EventSet {
	to := o.sets[set.form]
	if to == nil {
		i := slices.IndexFunc(o.others, func(x other) bool {
			return (x.in == nil || x.in.covers(set)) && x.leaves(set.set)
		})
		if i < 0 {
			return nil
		}
		to = o.space.among(set, o.others[i].all)
		o.sets[set.form] = to
	}
	return to
}

// Among returns which events of a set can happen; nil if all may.
func (o *Only) Among(set *EventSet) value.Set {
	if to := o.among(set); to != nil {
		return to.set
	}
	return nil
}

// onlyOf is a call of which only some events can happen.
type onlyOf struct {
	Delay
	of   *Term
	only *Only
}

func (d *onlyOf) Unfold() *Term { return d.only.Of(d.of.Unfold()) }

func (d *onlyOf) AppendKey(k *value.Keys, b []byte) []byte {
	return d.Delay.AppendKey(k, d.only.AppendKey(append(b, keyOnly)))
}
