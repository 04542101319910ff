package eval

import (
	"slices"

	"github.com/cspcheck/cspcheck/model/cspm/process"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// A prefix c?i?j -> P beside others that do few of the events of c is walked the
// other way round: each of these events is held against the fields. Those that
// have a value that is known beforehand, such as the i of c?j!i, are found by it.

// among is an offer of which only some events can happen, now and later.
type among struct {
	*offer
	only *process.Only
}

var _ process.Wide = (*offer)(nil)

// Within returns the offer of those events that can happen.
func (o *offer) Within(only *process.Only) process.Offer { return &among{o, only} }

func (o *among) Branches() []process.Branch { return o.branchesAmong(o.only) }

func (o *among) Label(i int) (string, syntax.Span) { return o.labelAmong(o.only, i) }

func (o *among) Labels() ([]string, syntax.Span) { return o.labelsAmong(o.only) }

func (o *among) AppendKey(k *value.Keys, b []byte) []byte {
	return o.offer.AppendKey(k, o.only.AppendKey(append(b, keyAmong)))
}

// Told returns the offer with events back that cannot happen.
func (o *among) Told(most int) process.Offer {
	if n := o.offer.Most(); n != value.Infinite && n <= int64(most) {
		return o.offer
	}
	m := o.pre.p.m
	var events []value.Value
	o.offer.walk(nil, func(e *value.Dot, _ []part) bool {
		events = append(events, e)
		return len(events) < most
	})
	o.offer.walk(o.only, func(e *value.Dot, _ []part) bool {
		events = append(events, e)
		return true
	})
	return &among{o.offer, m.space.Only(value.SetOf(events...))}
}

// Within returns o: it has lost events already.
func (o *among) Within(*process.Only) process.Offer { return o }

// Most is 0: what is left is few.
func (o *among) Most() int64 { return 0 }

// Most returns how many events there are at most, as far as the sets of fields
// tell, or value.Infinite; they are not listed.
func (o *offer) Most() int64 {
	m, pre := o.pre.p.m, o.pre
	from, begun := o.start()
	d, ok := begun.(*value.Dot)
	if !ok || d.Head == nil {
		return 0
	}
	n, sets := int64(1), d.Head.Fields()[len(d.Fields):]
	for i := from; i < len(pre.fields) && len(sets) > 0; i++ {
		f := &pre.fields[i]
		takes := max(1, len(f.parts))
		if i == len(pre.fields)-1 && f.kind != syntax.Out && f.set == nil {
			takes = len(sets)
		}
		for _, s := range sets[:min(takes, len(sets))] {
			switch {
			case f.kind == syntax.Out:
			case f.set != nil && f.free:
				if s, ok := f.set(m, o.frame).(value.Set); ok {
					n = value.SizeTimes(n, value.Most(s))
				}
			default:
				n = value.SizeTimes(n, value.Most(s))
			}
		}
		sets = sets[min(takes, len(sets)):]
	}
	return n
}

// Each yields the events of the prefix and what follows each.
func (o *offer) Each(yield func(*value.Dot, *process.Term) bool) { o.each(nil, yield) }

// Each leaves out what cannot happen.
func (o *among) Each(yield func(*value.Dot, *process.Term) bool) {
	o.each(o.only, func(e *value.Dot, t *process.Term) bool { return yield(e, o.only.Of(t)) })
}

func (o *offer) each(only *process.Only, yield func(*value.Dot, *process.Term) bool) {
	o.walk(only, func(e *value.Dot, _ []part) bool { return yield(e, o.pre.cont(o.pre.p.m, o.frame)) })
}

// Fields returns what the fields of the events can be.
func (o *offer) Fields() (h *value.Head, fields []value.Set, ok bool) {
	from, begun := o.start()
	w := walker{m: o.pre.p.m, pre: o.pre, e: o.frame, until: len(o.pre.fields)}
	x := w.foreseen(from, begun)
	if x == nil {
		return nil, nil, false
	}
	for i, v := range x.known {
		if v != nil {
			x.within[i] = value.SetOf(v)
		}
	}
	return x.begun.Head, x.within, true
}

// After returns what follows an event e.
func (o *offer) After(e *value.Dot) (out []*process.Term) {
	o.each(o.pre.p.m.space.Just(e), func(_ *value.Dot, t *process.Term) bool {
		out = append(out, t)
		return true
	})
	return out
}

// among walks the events that can happen and fit the fields from one on, with
// what has begun, in the order in which all would be walked. It returns false if
// it does nothing, since all may be possible, or since the fields of the prefix
// are not told apart beforehand.
func (w *walker) among(only *process.Only, from int, begun value.Value) bool {
	x := w.foreseen(from, begun)
	if x == nil || !only.About(x.begun) {
		return false
	}
	for _, e := range only.Fitting(x.begun.Head, x.known) {
		if !x.fit(from, len(x.begun.Fields), e) {
			break
		}
	}
	return true
}

// foreseen returns what is known of the events of the prefix before any input, if
// all fields from one on are told apart, with what has begun; otherwise nil.
func (w *walker) foreseen(from int, begun value.Value) *fitter {
	d, ok := begun.(*value.Dot)
	if !ok || d.Head == nil || d.Head.Type != w.m.events || !d.Whole() || from == w.until {
		return nil
	}
	fields := d.Head.Fields()
	x := &fitter{walker: w, begun: d, known: make([]value.Value, len(fields)), within: slices.Clone(fields)}
	at := copy(x.known, d.Fields)
	for i := from; i < w.until; i++ {
		f := &w.pre.fields[i]
		switch {
		case at >= len(fields):
			return nil
		case f.kind == syntax.Out:
			if x.known[at] = w.single(f, fields[at]); x.known[at] == nil {
				return nil
			}
		case f.set != nil:
			if x.within[at] = w.inside(f, fields[at]); x.within[at] == nil {
				return nil
			}
		}
		for _, p := range f.parts {
			if p.head != nil {
				return nil
			}
		}
		at += max(1, len(f.parts))
	}
	if last := &w.pre.fields[w.until-1]; at > len(fields) || at < len(fields) && last.parts == nil {
		return nil
	}
	return x
}

// single returns the value of an output, if it is known before any input and is
// one that a field can have; otherwise nil.
func (w *walker) single(f *field, of value.Set) (v value.Value) {
	if !f.free || w.m.try(func() { v = value.Force(f.value(w.m, w.e)) }) != nil || !of.Has(v) {
		return nil
	}
	return v
}

// How many elements of a set are held against another one by one.
const mostHeld = 1 << 16

// inside returns the set of an input, if it is known that a field can have all
// of it; otherwise nil.
func (w *walker) inside(f *field, of value.Set) (s value.Set) {
	if !f.free || w.m.try(func() { s, _ = value.Force(f.set(w.m, w.e)).(value.Set) }) != nil || s == nil {
		return nil
	}
	if few := value.Most(s); !value.Inside(s, of) && (few == value.Infinite || few > mostHeld || !value.Subset(s, of)) {
		return nil
	}
	return s
}

// A fitter holds events against the inputs of a prefix.
type fitter struct {
	*walker
	begun  *value.Dot
	known  []value.Value // of the fields of the event; nil if it is not
	within []value.Set   // what they can be
}

// fit goes on at field i of the prefix, which takes fields of the event e from one on;
// it reports whether to go on with others.
func (x *fitter) fit(i, from int, e *value.Dot) bool {
	if i == x.until {
		return x.yield(e, x.parts)
	}
	f := &x.pre.fields[i]
	items := e.Fields[from:]
	if i < x.until-1 {
		items = items[:max(1, len(f.parts))]
	}
	if f.set != nil && !(x.within[from].Has(items[0]) && f.match(x.m, x.e, items[0])) {
		return true
	}
	for k, p := range f.parts {
		v := items[k]
		if k == len(f.parts)-1 {
			v = value.Plain(items[k:])
		}
		if !p.match(x.m, x.e, v) {
			return true
		}
	}
	x.m.tick()
	x.walker.parts = append(x.walker.parts, part{f.kind, value.Plain(items)})
	more := x.fit(i+1, from+len(items), e)
	x.walker.parts = x.walker.parts[:len(x.walker.parts)-1]
	return more
}
