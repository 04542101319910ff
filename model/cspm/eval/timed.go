package eval

import (
	"encoding/binary"
	"fmt"

	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/process"
	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// In a Timed section process syntax means something else (cspm, timed
// translation; t is the event tock, f the section's function):
//
//	STOP, a failed guard, a choice or parallel of nothing    TSTOP = t -> TSTOP
//	SKIP, a sequence of nothing                              TSKIP = t -> TSKIP [] SKIP
//	WAIT(n)                                                  t -> .. n times .. -> TSKIP
//	[] e @ e -> Pe                                           X = t -> X [] ([] e @ e -> t^f(e) -> Pe)
//	P [] Q, P /\ Q, P ||| Q                                  P [+{t}+] Q, P /+{t}+\ Q, P [|{t}|] Q
//	[|A|], [A||B], [+A+], /+A+\                              with t in every set
//
// and all else what it means elsewhere.

// A timing is a Timed section.
type timing struct {
	m       *Machine
	section *resolve.Section
	number  uint32 // tells it from others
	fn      *Func  // nil: every event takes 1

	tock *value.Dot
	only *process.EventSet // {tock}
}

// timing returns a section, or nil for nil.
func (m *Machine) timing(s *resolve.Section) *timing {
	if s == nil {
		return nil
	}
	t := m.timings[s]
	if t == nil {
		t = &timing{m: m, section: s, number: uint32(len(m.timings))}
		m.timings[s] = t
	}
	return t
}

// event returns the event tock.
func (t *timing) event() *value.Dot {
	if t.tock == nil {
		d := t.m.head(t.section.Tock).Bare()
		if !d.Complete() {
			t.m.here = t.section.Span
			value.Fail("the channel tock of a Timed section has no fields; this one has %s", count(len(d.Head.Fields()), "field"))
		}
		t.tock = d
		t.only = t.m.space.EventSet(value.SetOf(d))
	}
	return t.tock
}

// set returns {tock}.
func (t *timing) set() *process.EventSet {
	t.event()
	return t.only
}

// takes returns how many tocks an event takes.
func (t *timing) takes(e model.Event) int {
	if t.section.Fn == nil {
		return 1
	}
	m := t.m
	at := t.section.Fn.At()
	if t.fn == nil {
		s := m.top(t.section.Info)
		f, ok := value.Force(s.expr(t.section.Fn)(m, s.frame())).(*Func)
		if !ok {
			m.here = at
			value.Fail("a Timed section takes a function from events to integers")
		}
		t.fn = f
	}
	n := value.ToInt(value.Force(t.fn.apply(m, []value.Value{m.space.Dot(e)}, at)))
	if n < 0 || n > mostTocks {
		m.here = at
		value.Fail("%s takes %d: an event takes 0 to %d tocks", m.space.Events().Name(e), n, mostTocks)
	}
	return int(n)
}

// How long an event or a WAIT may take.
const mostTocks = 1 << 20

// TSTOP, TSKIP and what follows an event after its tocks.
func (t *timing) stop() *process.Term { return t.m.space.Run(t.set(), syntax.Span{}) }

func (t *timing) skip() *process.Term { return t.m.space.Delay(tskip{t}) }

func (t *timing) after(n int, p *process.Term) *process.Term {
	if n == 0 {
		return p
	}
	return t.m.space.Offer(&tocks{t, n, p})
}

// function returns a built-in function of Timed sections, or nil.
func (t *timing) function(name string) *builtin {
	if t == nil {
		return nil
	}
	switch name {
	case "WAIT":
		return &builtin{name, 1, func(m *Machine, a args) value.Value {
			n := value.ToInt(a[0])
			if n < 0 || n > mostTocks {
				value.Fail("WAIT(%d): it waits for 0 to %d tocks", n, mostTocks)
			}
			return t.after(int(n), t.skip())
		}}
	case "timed_priority":
		return &builtin{name, 1, func(m *Machine, a args) value.Value {
			none := m.space.EventSet(value.EmptySet)
			return m.space.WithSets(process.Prioritise, []*process.EventSet{none, t.set()}, m.term(value.Force(a[0]), m.here))
		}}
	}
	return nil
}

// noteTimed tells what stands in a Timed section from what does not.
func (s *site) noteTimed() {
	if s.timed != nil {
		s.note('T', int(s.timed.number))
	}
}

// stop compiles STOP.
func (s *site) stop() func(*Machine) *process.Term {
	if t := s.timed; t != nil {
		return func(*Machine) *process.Term { return t.stop() }
	}
	return func(m *Machine) *process.Term { return m.space.Stop() }
}

// skip compiles SKIP.
func (s *site) skip() func(*Machine) *process.Term {
	if t := s.timed; t != nil {
		return func(*Machine) *process.Term { return t.skip() }
	}
	return func(m *Machine) *process.Term { return m.space.Skip() }
}

// nobody is a parallel of nothing.
func (s *site) nobody(m *Machine) *process.Term {
	if s.timed != nil {
		return s.timed.stop()
	}
	return m.space.Skip()
}

// choice is [] of at least one process.
func (s *site) choice(kids []*process.Term) *process.Term {
	if s.timed != nil {
		return s.m.space.WithSet(process.SyncChoice, s.timed.set(), kids...)
	}
	return s.m.space.Make(process.ExtChoice, kids...)
}

// tockOnly compiles {tock}, which is {} outside of Timed sections.
func (s *site) tockOnly() func(*Machine) *process.EventSet {
	if t := s.timed; t != nil {
		return func(*Machine) *process.EventSet { return t.set() }
	}
	none := s.m.space.EventSet(value.EmptySet)
	return func(*Machine) *process.EventSet { return none }
}

// synced compiles a set of events that operands do together.
func (s *site) synced(x syntax.Expr) func(*Machine, []value.Value) *process.EventSet {
	t := s.timed
	if t == nil {
		return s.events(x, false)
	}
	c, at := s.expr(x), x.At()
	return func(m *Machine, e []value.Value) *process.EventSet {
		v := c(m, e)
		m.here = at
		return m.space.EventSet(value.Union(value.ToSet(v), value.SetOf(t.event())))
	}
}

// A timedOffer is a prefix: time may pass before its event, and does after.
type timedOffer struct {
	t     *timing
	offer *offer
}

func (o *timedOffer) Branches() []process.Branch {
	m := o.t.m
	out := []process.Branch{{Event: m.space.Event(o.t.event()), To: m.space.Offer(o)}}
	for _, b := range o.offer.Branches() {
		out = append(out, process.Branch{Event: b.Event, To: o.t.after(o.t.takes(b.Event), b.To)})
	}
	return out
}

func (o *timedOffer) AppendKey(k *value.Keys, b []byte) []byte {
	b = binary.LittleEndian.AppendUint32(append(b, keyTimed), o.t.number)
	return o.offer.AppendKey(k, b)
}

func (o *timedOffer) Label(i int) (string, syntax.Span) {
	if i == 0 {
		return value.Show(o.t.event()), o.offer.pre.span
	}
	return o.offer.Label(i - 1)
}

func (o *timedOffer) Labels() (labels []string, at syntax.Span) {
	labels, at = o.offer.Labels()
	return append([]string{value.Show(o.t.event())}, labels...), at
}

// tocks is n tocks, at least one, and then a process.
type tocks struct {
	t *timing
	n int
	p *process.Term
}

func (o *tocks) Branches() []process.Branch {
	return []process.Branch{{Event: o.t.m.space.Event(o.t.event()), To: o.t.after(o.n-1, o.p)}}
}

func (o *tocks) AppendKey(k *value.Keys, b []byte) []byte {
	b = binary.LittleEndian.AppendUint32(append(b, keyTocks), o.t.number)
	b = binary.AppendUvarint(b, uint64(o.n))
	return k.Append(b, o.p)
}

func (o *tocks) Label(int) (string, syntax.Span) { return value.Show(o.t.event()), syntax.Span{} }

func (o *tocks) String() string { return fmt.Sprintf("%s^%d", value.Show(o.t.event()), o.n) }

// tskip is TSKIP.
type tskip struct{ t *timing }

func (d tskip) Unfold() *process.Term {
	space := d.t.m.space
	return space.Make(process.ExtChoice, d.t.after(1, space.Delay(d)), space.Skip())
}

func (d tskip) AppendKey(_ *value.Keys, b []byte) []byte {
	return binary.LittleEndian.AppendUint32(append(b, keyTskip), d.t.number)
}

func (d tskip) Name() string      { return "SKIP" }
func (d tskip) Span() syntax.Span { return syntax.Span{} }
