package value

import "iter"

// A Dot is a dotted value: a channel or constructor with the fields it has
// collected so far, or, without a head, a plain list of two items or more.
//
// A field of a headed value is complete, except perhaps the last: that may
// itself be a headed value that still lacks fields (ink.Mix.1 is ink with
// the field Mix.1).
type Dot struct {
	Head   *Head // nil: a plain list
	Fields []Value
	full   int8  // whether nothing is missing: 0 not yet known, 1 yes, -1 no
	noted  bool  // what follows it is noted in its head
	Mark   int32 // for the use of others: the number of an event; 0: none yet
	key    Key
}

func (*Dot) Kind() Kind { return KDot }

// A Head is a channel or a constructor of a datatype.
type Head struct {
	Name  string // as printed: with the instance it belongs to
	Order int    // its position among all declarations; unique
	Type  *Type  // what it makes when it is complete
	// Fields returns the set of each of its fields. It is worked out on first
	// use, and may panic with a Fault.
	Fields func() []Set
	bare   *Dot
	after  map[step]*Dot // of a channel: what small values make of it and what it begins
}

// A step is a dotted value and an atom that it is dotted with.
type step struct {
	from *Dot
	item Value
}

// How much of what begins with a channel is noted.
const mostNoted = 1 << 14

// A Type is a datatype, or the type of events, whose heads are the channels.
type Type struct {
	Name  string // "Event", or the datatype's
	Heads []*Head
	size  int64 // of the set of all its values, once sized
	sized sizing
}

// Bare returns h with no fields.
func (h *Head) Bare() *Dot {
	if h.bare == nil {
		h.bare = &Dot{Head: h, noted: h.Type.Name == "Event"}
	}
	return h.bare
}

// then returns d.item if it has been made before.
func (d *Dot) then(item Value) *Dot {
	if d.noted && atom(item) {
		return d.Head.after[step{d, item}]
	}
	return nil
}

// note notes that n is d.item.
func (d *Dot) note(item Value, n *Dot) {
	if !d.noted || !atom(item) || len(d.Head.after) == mostNoted {
		return
	}
	if d.Head.after == nil {
		d.Head.after = map[step]*Dot{}
	}
	n.noted = true
	d.Head.after[step{d, item}] = n
}

func atom(v Value) bool {
	switch v.(type) {
	case Int, Bool, Char:
		return true
	}
	return false
}

// Complete reports whether d, if it is headed, lacks no field. A plain list
// is complete if its last item is.
func (d *Dot) Complete() bool {
	if d.full == 0 {
		if d.missing() == 0 { // may panic: full is set afterwards
			d.full = 1
		} else {
			d.full = -1
		}
	}
	return d.full > 0
}

// LacksOne reports whether d, a headed value, lacks one field of its own, and
// has all of those before it.
func (d *Dot) LacksOne() bool { return d.open() == nil && len(d.Head.Fields()) == len(d.Fields)+1 }

// Whole reports whether all fields that d has are complete.
func (d *Dot) Whole() bool { return d.open() == nil }

// missing returns how many fields d lacks, its last field's counted first.
func (d *Dot) missing() int {
	n := 0
	if d.Head != nil {
		n = len(d.Head.Fields()) - len(d.Fields)
	}
	if f := d.open(); f != nil {
		n += f.missing()
	}
	return n
}

// open returns the last field of d if it is a headed value that lacks
// fields, or nil.
func (d *Dot) open() *Dot {
	if len(d.Fields) == 0 {
		return nil
	}
	if f, ok := Known(d.Fields[len(d.Fields)-1]); ok {
		if f, ok := f.(*Dot); ok && f.Head != nil && !f.Complete() {
			return f
		}
	}
	return nil
}

// Join returns u.v.
//
// A headed v is one item; any other dotted v is its list of items. Each item
// goes into the innermost headed value of u that still lacks a field. If
// there is none, the result is a plain list.
func Join(u, v Value) Value {
	u, v = Force(u), Force(v)
	if d, ok := v.(*Dot); ok && d.Head == nil {
		for _, item := range d.Fields {
			u = appendItem(u, Force(item))
		}
		return u
	}
	return appendItem(u, v)
}

func appendItem(u, item Value) Value {
	d, ok := u.(*Dot)
	switch {
	case !ok || d.Head != nil && d.Complete():
		return &Dot{Fields: []Value{u, item}}
	case d.Head == nil:
		if f := d.open(); f != nil {
			return &Dot{Fields: replaceLast(d.Fields, appendItem(f, item))}
		}
		return &Dot{Fields: appendCopy(d.Fields, item)}
	}
	return d.With(item)
}

// With returns d, a headed value that lacks a field, with item in it.
func (d *Dot) With(item Value) *Dot {
	if n := d.then(item); n != nil {
		return n
	}
	if f := d.open(); f != nil {
		n := &Dot{Head: d.Head, Fields: replaceLast(d.Fields, f.With(item))}
		n.check()
		return n
	}
	n := &Dot{Head: d.Head, Fields: appendCopy(d.Fields, item)}
	n.check()
	d.note(item, n)
	return n
}

// check panics unless the last field of d, if it is complete, is one that
// the head allows.
func (d *Dot) check() {
	last := len(d.Fields) - 1
	v := Force(d.Fields[last])
	set := d.Head.Fields()[last]
	if f, ok := v.(*Dot); ok && f.Head != nil && !f.Complete() {
		if like, ok := sample(set); !ok || alike(f, like) {
			return
		}
	}
	if !set.Has(v) {
		Fail("%s is not a value of %s: the %s field of %s is in %s", Short(v), d.Head.Name, Ordinal(last+1), d.Head.Name, Short(set))
	}
}

func appendCopy(vs []Value, v Value) []Value {
	out := make([]Value, len(vs)+1)
	copy(out, vs)
	out[len(vs)] = v
	return out
}

func replaceLast(vs []Value, v Value) []Value {
	out := make([]Value, len(vs))
	copy(out, vs)
	out[len(vs)-1] = v
	return out
}

// Items returns the items that d is dotted from, headed values being one.
// A value that is not a plain list is its only item.
func Items(v Value) []Value {
	if d, ok := v.(*Dot); ok && d.Head == nil {
		return d.Fields
	}
	return []Value{v}
}

// Plain returns the items as one value: itself if there is one, otherwise a
// plain list.
func Plain(items []Value) Value {
	if len(items) == 1 {
		return items[0]
	}
	return &Dot{Fields: items}
}

// IsPrefix reports whether e, a complete value, extends d or is d.
func (d *Dot) IsPrefix(e *Dot) bool {
	if d.Head != e.Head || len(d.Fields) > len(e.Fields) {
		return false
	}
	for i, f := range d.Fields {
		if i == len(d.Fields)-1 {
			if open := d.open(); open != nil {
				g, ok := Force(e.Fields[i]).(*Dot)
				return ok && open.IsPrefix(g)
			}
		}
		if Compare(f, e.Fields[i]) != 0 {
			return false
		}
	}
	return true
}

// Rest returns the items that e has beyond d, of which e is an extension,
// innermost first: what d must be dotted with to give e.
func (d *Dot) Rest(e *Dot) []Value {
	var items []Value
	if f := d.open(); f != nil {
		items = f.Rest(Force(e.Fields[len(d.Fields)-1]).(*Dot))
	}
	return append(items, e.Fields[len(d.Fields):]...)
}

// Next yields d with its next field filled in, once for each value that the
// field can have, in canonical order, and that value.
func (d *Dot) Next() iter.Seq2[*Dot, Value] {
	return d.next(nil)
}

// next yields only what can be extended to an element of within, if that is
// not nil.
func (d *Dot) next(within Set) iter.Seq2[*Dot, Value] {
	return func(yield func(*Dot, Value) bool) {
		if within != nil {
			var last Value
			for e := range within.All() {
				e, ok := e.(*Dot)
				if !ok || !d.IsPrefix(e) {
					continue
				}
				v := d.Rest(e)[0]
				if last != nil && Compare(last, v) == 0 {
					continue
				}
				last = v
				if !yield(d.put(v), v) {
					return
				}
			}
			return
		}
		if f := d.open(); f != nil {
			set := d.Head.Fields()[len(d.Fields)-1]
			if _, all := set.(*Values); all {
				set = nil // every value of its type: nothing to rule out
			}
			for g, v := range f.next(set) {
				if !yield(&Dot{Head: d.Head, Fields: replaceLast(d.Fields, g)}, v) {
					return
				}
			}
			return
		}
		set := d.Head.Fields()[len(d.Fields)]
		if set.Size() == Infinite {
			FailLimit("the %s field of %s has infinitely many values, %s: they cannot be listed", Ordinal(len(d.Fields)+1), d.Head.Name, Short(set))
		}
		for v := range set.All() {
			if !yield(d.put(v), v) {
				return
			}
		}
	}
}

// put is With for an item that is known to be allowed.
func (d *Dot) put(item Value) *Dot {
	if n := d.then(item); n != nil {
		return n
	}
	if f := d.open(); f != nil {
		return &Dot{Head: d.Head, Fields: replaceLast(d.Fields, f.put(item))}
	}
	n := &Dot{Head: d.Head, Fields: appendCopy(d.Fields, item)}
	d.note(item, n)
	return n
}

// Extensions yields every complete value that extends d, a headed value, in
// canonical order, with the items it has beyond d.
func (d *Dot) Extensions() iter.Seq2[*Dot, []Value] {
	return func(yield func(*Dot, []Value) bool) { d.extend(nil, yield) }
}

func (d *Dot) extend(items []Value, yield func(*Dot, []Value) bool) bool {
	if d.Complete() {
		return yield(d, append([]Value(nil), items...))
	}
	for e, v := range d.Next() {
		if !e.extend(append(items, v), yield) {
			return false
		}
	}
	return true
}
