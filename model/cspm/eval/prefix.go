package eval

import (
	"strings"

	"github.com/cspcheck/cspcheck/model/cspm/process"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// A prefix e f1 .. fn -> P is a site of its own. Its branches are found by
// walking the fields from left to right with the event as far as it is
// known: an output appends its value; an input goes on once for each value
// that the next field can have (the last input: all fields that are left)
// and its pattern matches, or for each element of its set. The $ fields,
// which come first, are an internal choice.

// A prefix is a compiled prefix.
type prefix struct {
	p      *proto
	event  code
	fields []field
	cont   procCode
	next   procCode // as cont, but that it evaluates arguments at once; may be nil
	nondet int      // how many fields are $
	hidden []int    // the slots that $ fields bind
	span   syntax.Span
}

// A field is a compiled field.
type field struct {
	kind  syntax.FieldKind
	value code      // of an output
	set   code      // of an input with a set
	match matcher   // of an input with a set
	parts []dotPart // of an input without
	at    syntax.Span
	free  bool // no input before it is in its value or set
}

func (s *site) prefix(x *syntax.Prefix) procCode { return s.offered(s.compilePrefix(x)) }

func (s *site) compilePrefix(x *syntax.Prefix) *prefix {
	c := s.child()
	pre := &prefix{span: x.At()}
	c.note('>', len(x.Fields))
	pre.event = c.expr(x.Event)
	for i := range x.Fields {
		pre.fields = append(pre.fields, c.field(&x.Fields[i]))
		if x.Fields[i].Kind == syntax.Nondet {
			pre.nondet, pre.hidden = i+1, nil
			for slot := range c.n {
				pre.hidden = append(pre.hidden, slot)
			}
		}
	}
	pre.cont, pre.next = c.offProc(x.Body), c.next(x.Body)
	pre.p = c.proto(nil, x.At())
	return pre
}

// offered returns the code of a prefix.
func (s *site) offered(pre *prefix) procCode {
	space, timed := s.m.space, s.timed
	return func(_ *Machine, e []value.Value) *process.Term {
		if pre.nondet > 0 {
			return space.Delay(&nondet{pre, pre.p.frame(e)})
		}
		if timed != nil {
			return space.Offer(&timedOffer{timed, &offer{pre: pre, frame: pre.p.frame(e)}})
		}
		o := &offerTerm{offer: offer{pre: pre}}
		if pre.p.n <= len(o.few) {
			o.frame = o.few[:pre.p.n:pre.p.n]
			pre.p.fill(o.frame, e)
		} else {
			o.frame = pre.p.frame(e)
		}
		return space.OfferAt(&o.term, &o.offer)
	}
}

func (s *site) field(f *syntax.Field) field {
	s.note(byte(f.Kind))
	out := field{kind: f.Kind, at: f.Span}
	s.onInput = false
	if f.Kind == syntax.Out {
		out.value = s.expr(f.Value)
		out.free = !s.onInput
		return out
	}
	if f.Set != nil {
		s.note(':')
		out.set = s.expr(f.Set)
		out.free = !s.onInput
	}
	before := s.n
	if f.Set != nil {
		out.match = s.pattern(f.Pat)
	} else {
		out.parts = s.dotParts(f.Pat)
	}
	s.inputsSince(before)
	return out
}

// inputsSince notes that the slots from one on were bound by an input.
func (s *site) inputsSince(slot int) {
	if s.inputs == nil {
		s.inputs = map[int]bool{}
	}
	for ; slot < s.n; slot++ {
		s.inputs[slot] = true
	}
}

// An offer is a prefix at run time: from its first field, or from the first
// that is no $, begun being what came before.
type offer struct {
	pre   *prefix
	frame []value.Value
	*beginning
}

// A beginning is what came before the fields of an offer, if it is from a
// later one than the first.
type beginning struct {
	from  int // the field
	begun value.Value
	text  string // the label of begun
}

// An offerTerm is an offer and its term, with room for a small frame.
type offerTerm struct {
	term process.Term
	offer
	few [4]value.Value
}

// Branches returns the events of the prefix and what follows each.
func (o *offer) Branches() []process.Branch { return o.branchesAmong(nil) }

// branchesAmong is Branches for the events that can happen, if only is not nil.
func (o *offer) branchesAmong(only *process.Only) []process.Branch {
	return o.pre.branches(func(out []process.Branch, next procCode) []process.Branch { return o.branches(out, next, only) })
}

// branches returns what add appends, with code for what the prefix goes on with.
func (pre *prefix) branches(add func(out []process.Branch, next procCode) []process.Branch) []process.Branch {
	m := pre.p.m
	out := m.branches[:0]
	m.branches = nil // of whoever is asked meanwhile
	next := pre.next
	if next != nil {
		// An argument that is a mistake may be one that is never looked at.
		if fault := m.try(func() { out = add(out, next) }); fault != nil {
			next = nil
		}
	}
	if next == nil {
		out = add(out[:0], pre.cont)
	}
	m.branches = out
	return out
}

func (o *offer) branches(out []process.Branch, next procCode, only *process.Only) []process.Branch {
	m := o.pre.p.m
	o.walk(only, func(d *value.Dot, _ []part) bool {
		m.here = o.pre.span
		to := next(m, o.frame)
		if only != nil {
			to = only.Of(to)
		}
		out = append(out, process.Branch{Event: m.space.Event(d), To: to})
		m.more(len(out), branchBytes)
		return true
	})
	return out
}

// A part is what one field contributed to an event.
type part struct {
	kind syntax.FieldKind
	v    value.Value
}

// walk calls yield for each event, the variables being bound in the frame,
// until it returns false; if only is not nil, for those that can happen.
func (o *offer) walk(only *process.Only, yield func(*value.Dot, []part) bool) {
	m := o.pre.p.m
	here, calls := m.here, len(m.calls)
	m.enter(o.pre.p.height)
	from, begun := o.start()
	if d := o.pre.p.of.inside; o.beginning != nil && d != nil {
		// It is no longer what the call comes to, which may be forgotten.
		m.calls = append(m.calls, activation{of: o, at: d.obj.At})
	}
	w := walker{m: m, pre: o.pre, e: o.frame, until: len(o.pre.fields), yield: func(v value.Value, parts []part) bool {
		d := o.pre.complete(m, v)
		return yield(d, parts)
	}}
	if only == nil || !w.among(only, from, begun) {
		w.field(from, begun)
	}
	m.calls = m.calls[:calls]
	m.depth -= o.pre.p.height
	m.here = here
}

// start returns the field that it is walked from, and the event as far as it is
// known there.
func (o *offer) start() (from int, begun value.Value) {
	if o.beginning == nil {
		return 0, o.pre.event(o.pre.p.m, o.frame)
	}
	return o.from, o.begun
}

// complete returns v as a complete event.
func (pre *prefix) complete(m *Machine, v value.Value) *value.Dot {
	m.here = pre.span
	d, ok := v.(*value.Dot)
	switch {
	case !ok || d.Head == nil || d.Head.Type != m.events:
		value.Fail("%s is %s: an event is needed before ->", value.Short(v), v.Kind())
	case !d.Complete():
		value.Fail("%s is not a complete event: %s has %s", value.Short(v), d.Head.Name, count(len(d.Head.Fields()), "field"))
	}
	return d
}

// AppendKey tells the offer from others by its place in the script and what
// it captured.
func (o *offer) AppendKey(_ *value.Keys, b []byte) []byte {
	from := 0
	if o.beginning != nil {
		from = o.from
	}
	b = o.pre.p.appendKey(append(b, keyOffer, byte(from)), o.frame)
	if o.beginning != nil {
		b = o.pre.p.m.keys.Append(b, o.begun)
		for _, slot := range o.pre.hidden {
			if v := o.frame[slot]; v != nil {
				b = o.pre.p.m.keys.Append(b, v)
			}
		}
	}
	return b
}

// Label returns the i-th event as the prefix writes it: c!1?2.
func (o *offer) Label(i int) (string, syntax.Span) { return o.labelAmong(nil, i) }

func (o *offer) labelAmong(only *process.Only, i int) (string, syntax.Span) {
	label := ""
	o.walk(only, func(_ *value.Dot, parts []part) bool {
		if i > 0 {
			i--
			return true
		}
		label = o.label(parts)
		return false
	})
	return label, o.pre.span
}

// Labels returns the labels of all events.
func (o *offer) Labels() (labels []string, at syntax.Span) { return o.labelsAmong(nil) }

func (o *offer) labelsAmong(only *process.Only) (labels []string, at syntax.Span) {
	o.walk(only, func(_ *value.Dot, parts []part) bool {
		labels = append(labels, o.label(parts))
		return true
	})
	return labels, o.pre.span
}

func (o *offer) label(parts []part) string {
	var b strings.Builder
	if o.beginning != nil {
		b.WriteString(o.text)
	} else {
		b.WriteString(value.Show(o.pre.event(o.pre.p.m, o.frame)))
	}
	writeParts(&b, parts)
	return b.String()
}

func writeParts(b *strings.Builder, parts []part) {
	for _, p := range parts {
		b.WriteByte(byte(p.kind))
		b.WriteString(value.Show(p.v))
	}
}

// A walker walks the fields of a prefix.
type walker struct {
	m     *Machine
	pre   *prefix
	e     []value.Value
	until int
	parts []part
	yield func(value.Value, []part) bool
}

// field goes on at field i with the event begun; it reports whether to go on
// with other values of the fields before.
func (w *walker) field(i int, begun value.Value) bool {
	if i == w.until {
		return w.yield(begun, w.parts)
	}
	f := &w.pre.fields[i]
	switch {
	case f.kind == syntax.Out:
		v := f.value(w.m, w.e)
		w.m.here = f.at
		return w.with(i, value.Join(begun, v), v)
	case f.set != nil:
		return w.restricted(i, begun)
	}
	return w.input(i, begun)
}

// with goes on after field i, which contributed v.
func (w *walker) with(i int, begun, v value.Value) bool {
	w.m.tick()
	w.parts = append(w.parts, part{w.pre.fields[i].kind, v})
	more := w.field(i+1, begun)
	w.parts = w.parts[:len(w.parts)-1]
	return more
}

// restricted: ?p:S goes on for each element of S that matches.
func (w *walker) restricted(i int, begun value.Value) bool {
	f := &w.pre.fields[i]
	v := f.set(w.m, w.e)
	w.m.here = f.at
	if v.Kind() != value.KSet {
		value.Fail("%s is %s: a set is needed after the colon", value.Short(v), v.Kind())
	}
	for _, x := range value.Listed(v.(value.Set)) {
		if !f.match(w.m, w.e, x) {
			continue
		}
		w.m.here = f.at
		if !w.with(i, value.Join(begun, x), x) {
			return false
		}
	}
	return true
}

// input: ?p goes on for each value that the next field can have, or if it is
// the last field of the prefix, that the fields left can have. Each part of
// a dotted p takes one field, the last part of the last field the rest; a
// constructor in p adds itself.
func (w *walker) input(i int, begun value.Value) bool {
	f := &w.pre.fields[i]
	d, ok := begun.(*value.Dot)
	if !ok || d.Head == nil {
		w.m.here = f.at
		value.Fail("%s is %s: it has no fields", value.Short(begun), begun.Kind())
	}
	return w.inputParts(i, f.parts, d, nil)
}

func (w *walker) inputParts(i int, parts []dotPart, d *value.Dot, taken []value.Value) bool {
	f := &w.pre.fields[i]
	w.m.here = f.at
	if len(parts) == 0 {
		return w.with(i, d, value.Plain(taken))
	}
	p, rest := parts[0], parts[1:]
	if p.head != nil {
		if len(rest) == 0 && i == len(w.pre.fields)-1 || d.Complete() {
			w.room(d, f)
		}
		next, ok := value.Join(d, p.head.Bare()).(*value.Dot)
		return !ok || w.inputParts(i, rest, next, append(taken, p.head.Bare()))
	}
	w.room(d, f)
	last := len(rest) == 0 && i == len(w.pre.fields)-1
	if last && len(taken) == 0 && d.LacksOne() {
		for e, v := range d.Next() {
			if p.match(w.m, w.e, v) && !w.with(i, e, v) {
				return false
			}
		}
		return true
	}
	if last {
		for e, items := range d.Extensions() {
			if v := value.Plain(items); p.match(w.m, w.e, v) {
				if !w.with(i, e, value.Plain(append(taken[:len(taken):len(taken)], items...))) {
					return false
				}
			}
		}
		return true
	}
	for e, v := range d.Next() {
		if p.match(w.m, w.e, v) {
			if !w.inputParts(i, rest, e, append(taken[:len(taken):len(taken)], v)) {
				return false
			}
		}
	}
	return true
}

// room checks that d lacks a field.
func (w *walker) room(d *value.Dot, f *field) {
	if d.Complete() {
		w.m.here = f.at
		value.Fail("%s is complete: there is no field left for this input", value.Short(d))
	}
}

// A nondet is a prefix with $ fields before their values are chosen.
type nondet struct {
	pre   *prefix
	frame []value.Value
}

// Unfold returns the internal choice over the values of the $ fields.
func (n *nondet) Unfold() *process.Term {
	m := n.pre.p.m
	here := m.here
	m.enter(n.pre.p.height)
	space := m.space
	var kids []*process.Term
	begun := n.pre.event(m, n.frame)
	shown := value.Show(begun)
	w := walker{m: m, pre: n.pre, e: n.frame, until: n.pre.nondet, yield: func(v value.Value, parts []part) bool {
		var text strings.Builder
		text.WriteString(shown)
		writeParts(&text, parts)
		kids = append(kids, space.Offer(&offer{
			n.pre, append([]value.Value(nil), n.frame...), &beginning{n.pre.nondet, v, text.String()},
		}))
		m.room(len(kids))
		return true
	}}
	w.field(0, begun)
	if len(kids) == 0 {
		m.here = n.pre.span
		value.Fail("no value fits the $ fields of this prefix")
	}
	m.depth -= n.pre.p.height
	m.here = here
	return space.Make(process.IntChoice, kids...)
}

func (n *nondet) AppendKey(_ *value.Keys, b []byte) []byte {
	return n.pre.p.appendKey(append(b, keyNondet), n.frame)
}

func (n *nondet) Name() string      { return "" }
func (n *nondet) Span() syntax.Span { return n.pre.span }
