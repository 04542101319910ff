package process

import (
	"encoding/binary"
	"fmt"

	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// Keys of the offers made here start with a byte that no other offer's key
// starts with.
const (
	keyRun byte = iota + 1
	keyChaos
	keyBuffer
	keyDeter
	keyWatchdog
	keyFailureWatchdog
	keyHeed
	keyLoop
	keyCompress
	keyExplicit
	keyRetold
	keyNarrowed
	keyOnly
	// KeyPrefix is the first byte free for offers of other packages.
	KeyPrefix
)

// Run returns RUN(A) = [] x : A @ x -> RUN(A), which stands at a place in the
// script.
func (s *Space) Run(a *EventSet, at syntax.Span) *Term {
	return s.Offer(&always{events: a, then: func() *Term { return s.Run(a, at) }, key: keyRun, at: at})
}

// Chaos returns CHAOS(A) = STOP |~| ([] x : A @ x -> CHAOS(A)), which stands
// at a place in the script.
func (s *Space) Chaos(a *EventSet, at syntax.Span) *Term {
	on := s.Offer(&always{events: a, then: func() *Term { return s.Chaos(a, at) }, key: keyChaos, at: at})
	return s.Make(IntChoice, s.stop, on)
}

// chaos returns what t offers once it has chosen not to stop, if it is
// CHAOS(A).
func (t *Term) chaos() (*always, bool) {
	if t.Op != IntChoice || len(t.Kids) != 2 || t.Kids[0].Op != Stop {
		return nil, false
	}
	a, ok := t.Kids[1].leaf.(*always)
	return a, ok && a.key == keyChaos
}

// always offers a set of events, and does the same whichever is chosen.
type always struct {
	events *EventSet
	then   func() *Term
	key    byte
	at     syntax.Span
	whole  *EventSet // of one that has been narrowed: what it was; otherwise nil
}

func (o *always) Branches() []Branch {
	var out []Branch
	next := o.then()
	for _, e := range o.events.ListAt(o.at) {
		out = append(out, Branch{e, next})
	}
	return out
}

func (o *always) AppendKey(_ *value.Keys, b []byte) []byte {
	b = binary.LittleEndian.AppendUint64(append(b, o.key), uint64(o.events.form))
	if o.whole != nil {
		b = binary.LittleEndian.AppendUint64(b, uint64(o.whole.form))
	}
	return b
}

func (o *always) Label(i int) (string, syntax.Span) {
	return o.events.space.events.Name(o.events.List()[i]), syntax.Span{}
}

func (o *always) String() string {
	set := o.events
	if o.whole != nil {
		set = o.whole
	}
	if o.key == keyChaos {
		return "CHAOS(" + set.String() + ")"
	}
	return "RUN(" + set.String() + ")"
}

// Buffer returns BUFFER(n, pairs): it holds up to n items, first in first
// out. Each pair is an input and the output it causes; no event occurs
// twice.
func (s *Space) Buffer(n int, pairs [][2]model.Event) *Term {
	if n < 1 {
		value.Fail("the capacity of BUFFER is %d: it must be at least 1", n)
	}
	seen := map[model.Event]bool{}
	for _, p := range pairs {
		for _, e := range p {
			if seen[e] {
				value.Fail("BUFFER uses %s twice: every event may be used once", s.events.Name(e))
			}
			seen[e] = true
		}
	}
	return s.Offer(&buffer{space: s, capacity: n, pairs: pairs})
}

type buffer struct {
	space    *Space
	capacity int
	pairs    [][2]model.Event
	held     []model.Event // the outputs to come, next first
}

// Branches: an input if there is room, the output of what came first.
func (o *buffer) Branches() []Branch {
	var out []Branch
	if len(o.held) < o.capacity {
		for _, p := range o.pairs {
			held := append(append([]model.Event(nil), o.held...), p[1])
			out = append(out, Branch{p[0], o.holding(held)})
		}
	}
	if len(o.held) > 0 {
		out = append(out, Branch{o.held[0], o.holding(o.held[1:])})
	}
	return out
}

func (o *buffer) holding(held []model.Event) *Term {
	return o.space.Offer(&buffer{o.space, o.capacity, o.pairs, held})
}

func (o *buffer) AppendKey(_ *value.Keys, b []byte) []byte {
	b = binary.AppendUvarint(append(b, keyBuffer), uint64(o.capacity))
	b = binary.AppendUvarint(b, uint64(len(o.pairs)))
	for _, p := range o.pairs {
		b = binary.AppendUvarint(binary.AppendUvarint(b, uint64(p[0])), uint64(p[1]))
	}
	for _, e := range o.held {
		b = binary.AppendUvarint(b, uint64(e))
	}
	return b
}

func (o *buffer) Label(i int) (string, syntax.Span) {
	return o.space.events.Name(o.Branches()[i].Event), syntax.Span{}
}

func (o *buffer) String() string { return fmt.Sprintf("BUFFER(%d)", o.capacity) }
