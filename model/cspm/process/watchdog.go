package process

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/cspcheck/cspcheck/explore/lts"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// Watchdogs put a specification P beside the implementation Q that it is
// asked of: they turn a refinement into a question about (Q [|A|] W) \ A,
// where A are the events of both (Goldsmith, Moffat, Roscoe, Whitworth,
// Zakiuddin: "Watchdog transformations for property-oriented model-checking",
// FME 2003). The bark is none of A. They never end, so that Q does not end beside them: ✓ is blocked,
// and nothing that they see. Of P, too, they only know what it does besides.

// TraceWatchdog returns a process that does events of a set as they come,
// until their trace is none of t: then it barks, and stops. So P [T= Q if and
// only if STOP [T= (Q [|A|] W) \ A. It stands at a place in the script.
func (s *Space) TraceWatchdog(t *Term, events *EventSet, bark model.Event, at syntax.Span) *Term {
	return s.Offer(&watchdog{s.view(t, lts.Traces), events, bark, 0, at})
}

// A watchdog is a node of a view, or Broken.
type watchdog struct {
	*view
	events *EventSet
	bark   model.Event
	node   lts.Node
	at     syntax.Span
}

func (w *watchdog) Branches() []Branch {
	if w.node == lts.Broken {
		return []Branch{{w.bark, w.space.stop}}
	}
	var out []Branch
	for _, e := range w.events.ListAt(w.at) {
		next := *w
		next.node = w.after(w.node, e)
		out = append(out, Branch{e, w.space.Offer(&next)})
	}
	return out
}

func (w *watchdog) AppendKey(_ *value.Keys, b []byte) []byte { return w.appendKey(b, keyWatchdog) }

func (w *watchdog) appendKey(b []byte, kind byte) []byte {
	b = binary.LittleEndian.AppendUint32(append(b, kind), uint32(w.node))
	b = binary.LittleEndian.AppendUint32(b, uint32(w.bark))
	b = binary.LittleEndian.AppendUint64(b, uint64(w.events.form))
	return append(b, w.key...)
}

func (w *watchdog) Label(i int) (string, syntax.Span) {
	return w.space.events.Name(w.Branches()[i].Event), syntax.Span{}
}

// FailureWatchdog returns a process that barks as TraceWatchdog does, and
// that, with an implementation beside it, comes to a stable state if and only
// if the implementation refuses what t does not:
//
//	P [F= Q   if and only if   DIV [F= (Q [|A|] W) \ A
//
// if neither ends, for DIV has no other trace than <>, and no stable state. After a trace s of
// P whose minimal acceptances are M1, …, Mk, the watchdog is
//
//	W(s) = (([] e : A @ e -> W(s^<e>)) [> (|~| H : 𝓗 @ ([] e : H @ e -> W(s^<e>)))
//
// where 𝓗 are the minimal sets that hit every Mi. Q violates P by a refusal
// after s if a stable state of it offers no Mi whole, that is, if it refuses
// some H of 𝓗; and that state and the one where W offers H are stable
// together just then. If P may refuse everything, as some Mi is empty, there is
// no H, and [> DIV keeps W unstable; if P has no stable state, H is empty, and
// whatever Q is stable at is a violation.
//
// P may do no events but those watched, as what else it has to offer could not
// be seen. It stands at a place in the script.
func (s *Space) FailureWatchdog(t *Term, events *EventSet, bark model.Event, at syntax.Span) *Term {
	return watchdog{s.view(t, lts.Failures), events, bark, 0, at}.heeding()
}

// A failureWatchdog is a watchdog that listens to all events, or one that
// waits for some.
type failureWatchdog struct {
	watchdog
	waits []model.Event // nil: it listens
}

func (w *failureWatchdog) Branches() []Branch {
	events := w.waits
	if events == nil {
		events = w.events.ListAt(w.at)
	}
	var out []Branch
	for _, e := range events {
		next := w.watchdog
		next.node = w.after(w.node, e)
		out = append(out, Branch{e, next.heeding()})
	}
	return out
}

func (w *failureWatchdog) AppendKey(_ *value.Keys, b []byte) []byte {
	b = binary.AppendUvarint(append(b, keyFailureWatchdog), uint64(len(w.waits)))
	for _, e := range w.waits {
		b = binary.AppendUvarint(b, uint64(e))
	}
	return w.appendKey(b, keyWatchdog)
}

func (w *failureWatchdog) Label(i int) (string, syntax.Span) {
	return w.space.events.Name(w.Branches()[i].Event), syntax.Span{}
}

// heeding returns what heeds failures at a node. What that waits for is worked
// out when it gets there.
func (w watchdog) heeding() *Term { return w.space.Delay(&heed{w}) }

// heed makes W(s) of a node.
type heed struct{ watchdog }

func (h *heed) Unfold() *Term {
	s := h.space
	if h.node == lts.Broken {
		return s.Offer(&h.watchdog)
	}
	for _, e := range h.initials(h.node) {
		if e != model.Tick && !h.events.Contains(e) {
			h.fault(false, "the specification of failure_watchdog does %s, which is not among the events that are watched", s.events.Name(e))
		}
	}
	hits, ok := hitting(h.acceptances(), s.Spend)
	if !ok {
		h.fault(true, "the specification of failure_watchdog accepts so much after one trace that there are more than %d sets to wait for", maxHits)
	}
	then := s.div
	var kids []*Term
	for _, waits := range hits {
		kids = append(kids, h.waiting(waits))
	}
	switch {
	case len(kids) == 1:
		then = kids[0]
	case len(kids) > 1:
		then = s.Make(IntChoice, kids...)
	}
	return s.Make(Slide, s.Offer(&failureWatchdog{h.watchdog, nil}), then)
}

// acceptances returns the minimal acceptances of the node, without ✓; with it
// gone, some may not be minimal.
func (h *heed) acceptances() [][]model.Event {
	all := h.normal.Acceptances(h.node)
	for i, a := range all {
		all[i] = slices.DeleteFunc(a, func(e model.Event) bool { return e == model.Tick })
	}
	return all
}

// waiting returns what waits for some of the events.
func (h *heed) waiting(events []model.Event) *Term {
	if len(events) == 0 {
		return h.space.stop
	}
	return h.space.Offer(&failureWatchdog{h.watchdog, events})
}

func (h *heed) AppendKey(_ *value.Keys, b []byte) []byte { return h.appendKey(b, keyHeed) }

func (h *heed) Name() string      { return "" }
func (h *heed) Span() syntax.Span { return h.at }

// fault panics with what is wrong where the watchdog stands.
func (w *watchdog) fault(limit bool, format string, args ...any) {
	panic(&value.Fault{Limit: limit, Msg: fmt.Sprintf(format, args...), At: w.at})
}

// maxHits bounds the sets that a watchdog chooses from.
const maxHits = 1 << 12

// hitting returns the minimal sets of events that share an event with each of
// the given sets, each rising (Berge, "Hypergraphs", 1989: one set after the
// other); of no sets, the empty set. It gives up where they are more than
// maxHits on the way. spend is told how much work it is.
func hitting(sets [][]model.Event, spend func(int)) (hits [][]model.Event, ok bool) {
	hits = [][]model.Event{{}}
	for _, set := range sets {
		var next, short [][]model.Event
		for _, h := range hits {
			if meets(h, set) {
				next = append(next, h)
			} else {
				short = append(short, h)
			}
		}
		whole := len(next) // what hits already contains none of the others
		for _, h := range short {
			spend(len(set) * (1 + whole))
			for _, e := range set {
				longer := slices.Clone(h)
				at, _ := slices.BinarySearch(h, e)
				longer = slices.Insert(longer, at, e)
				if !slices.ContainsFunc(next[:whole], func(g []model.Event) bool { return within(g, longer) }) {
					next = append(next, longer)
				}
			}
			if len(next) > maxHits {
				return nil, false
			}
		}
		hits = next
	}
	return hits, true
}

// meets reports whether two rising sets share an event.
func meets(a, b []model.Event) bool {
	return slices.ContainsFunc(a, func(e model.Event) bool { _, in := slices.BinarySearch(b, e); return in })
}

// within reports whether a is a subset of b, which rises.
func within(a, b []model.Event) bool {
	return !slices.ContainsFunc(a, func(e model.Event) bool { _, in := slices.BinarySearch(b, e); return !in })
}
