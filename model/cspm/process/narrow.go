package process

import (
	"math"
	"slices"

	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// Of a network of n components, c?i?j -> P, RUN({|c|}) and n times c?i!k -> P are n²
// events. To list them would take longer than all the rest; but beside an
// operand that has to take part in whatever they do, only what that does can
// happen:
//
//	P [|X|] Q  =  P [|X|] Q'        Q' without events of X that P never does
//	P [Y||X] Q =  P [Y||X] Q'       Q' without events of Y that P never does
//
// The transitions are the same, as what is gone never happens. What P does is
// what the rules of its network show. Events are taken out of RUN and CHAOS and
// prefixes, now and later, also below other operators, but for those where what could
// happen matters to what does (prioritise), or where events have
// other names. Local states that differ in events that never happen alone are one; but what
// begins later, as in P = (Q [|X|] R) ; P, is not narrowed as what is there at first, of which
// the states may be others then. What is told of the process has its names as they were.

// widest is how many events an operand may offer, in all, that are listed in any
// case. Tests change it.
var widest int64 = 1 << 12

// How many operators are looked at, and how many inside each other; what
// prefixes of few events go on with, of each operand; and how few.
const (
	mostLooked = 1 << 16
	mostDeep   = 1 << 8
	mostAhead  = 1 << 5
	fewAhead   = 1 << 3
)

// Narrow has the process that is explored offer no events that never happen,
// where there are many.
func (sys *System) Narrow() error {
	return sys.guard(func() { sys.root = sys.space.narrow(sys.root) })
}

// narrow returns t, or what does the same and has less to list.
func (s *Space) narrow(t *Term) *Term {
	n := s.narrower()
	out := t
	fault := s.Keys.Try(func() {
		if n.wide(t) {
			n.looked, n.toMeet = 0, 2*(mostMet+min(n.width(t, 0), mostListing))
			out = n.at(t, 0)
		}
	})
	if fault != nil { // it will be met where it matters
		return t
	}
	return out
}

type narrower struct {
	*Space
	looked int
	widths map[*Term]int64
	toMeet int64 // so much more is looked at in meetings
	ahead  int   // so many more terms are looked at that prefixes go on with; -1: outside of one
}

func (s *Space) narrower() *narrower {
	return &narrower{Space: s, widths: map[*Term]int64{}, ahead: -1}
}

// wide reports whether t offers many events.
func (n *narrower) wide(t *Term) bool {
	return bounded(n.Declared()) > widest && n.width(t, 0) > widest
}

// look reports whether one more operator may be looked at.
func (n *narrower) look(depth int) bool {
	n.looked++
	n.Spend(1)
	return n.looked <= mostLooked && depth <= mostDeep
}

// width returns how many events t offers at most in one of its first states, as
// far as it is looked at; what stands beside each other, together.
func (n *narrower) width(t *Term, depth int) int64 {
	if t.Op == Delayed {
		t = n.Share(t)
	}
	w, ok := n.widths[t]
	if !ok && n.look(depth) {
		n.widths[t] = 0 // of one that comes back to itself
		w = n.widest(t.Head(), depth)
		n.widths[t] = w
	}
	return w
}

// widest returns the width of what is not delayed.
func (n *narrower) widest(h *Term, depth int) (w int64) {
	switch leaf := h.leaf.(type) {
	case *always:
		if leaf.whole == nil && !leaf.events.except {
			return bounded(value.Most(leaf.events.set))
		}
	case Wide:
		if w = bounded(leaf.Most()); w > fewAhead {
			return w
		}
		if n.ahead < 0 {
			n.ahead = mostAhead
			defer func() { n.ahead = -1 }()
		}
		if n.ahead == 0 {
			return w
		}
		var ahead []*Term
		leaf.Each(func(_ *value.Dot, next *Term) bool {
			ahead = append(ahead, next)
			return true
		})
		for _, next := range ahead {
			if n.ahead > 0 {
				n.ahead--
				w = max(w, n.width(next, depth+1))
			}
		}
		return w
	}
	if h.Op == Chase {
		return 0
	}
	later := int64(0)
	for i, kid := range h.Kids {
		if x := n.width(kid, depth+1); h.Op.off(i) {
			later = max(later, x)
		} else {
			w = value.SizePlus(w, x)
		}
	}
	return max(w, later)
}

// bounded returns a size for comparing.
func bounded(size int64) int64 {
	if size == value.Infinite {
		return math.MaxInt64
	}
	return size
}

// many returns what t always offers, if it is RUN or CHAOS with many events.
func many(t *Term) *always {
	h := t.Head()
	a, ok := h.chaos()
	if !ok {
		if a, ok = h.leaf.(*always); !ok || h.Op != Prefix {
			return nil
		}
	}
	if a.whole != nil || a.events.except || bounded(value.Most(a.events.set)) <= widest {
		return nil
	}
	return a
}

// at returns t with what is wide narrowed, where that can be.
func (n *narrower) at(t *Term, depth int) *Term {
	if !n.look(depth) {
		return t
	}
	if t.Op == Delayed {
		body := t.Unfold()
		if to := n.at(body, depth+1); to != body {
			return n.Delay(&narrowed{t.delay(), to})
		}
		return t
	}
	if t.Op == Chase || len(t.Kids) == 0 {
		return t
	}
	kids, changed := make([]*Term, len(t.Kids)), false
	for i, kid := range t.Kids {
		kids[i] = kid
		if !t.Op.off(i) {
			kids[i] = n.at(kid, depth+1)
		}
		changed = changed || kids[i] != kid
	}
	if t.Op == Par || t.Op == AlphaPar {
		changed = n.operands(t, kids) || changed
	}
	if !changed {
		return t
	}
	return t.over(kids)
}

// operands narrows operands of t, of which kids are what has become so far: what
// is left of one may be what others have to go by.
func (n *narrower) operands(t *Term, kids []*Term) (changed bool) {
	wide := make([]bool, len(kids))
	for i, kid := range kids {
		wide[i] = n.width(kid, 0) > widest
	}
	does := make([][]*value.Dot, len(kids)) // those that have been asked
	for again := slices.Contains(wide, true); again; {
		again = false
		for i := range kids {
			if !wide[i] {
				continue
			}
			others := n.others(t, kids, wide, does, i)
			if len(others) > 0 {
				kids[i] = n.only(others).Of(kids[i])
				wide[i], changed, again = false, true, true
			}
		}
	}
	return n.meet(t, kids) || changed
}

// How many operands of one are asked what they do, at most.
const mostOthers = 8

// others returns operands that take part in what operand i does, and what they
// do, if that is not much; as far as the descriptions of the sets tell.
func (n *narrower) others(t *Term, kids []*Term, wide []bool, does [][]*value.Dot, i int) (out []other) {
	for j := range kids {
		if j == i || wide[j] || len(out) == mostOthers {
			continue
		}
		in := t.args.set
		if t.Op == AlphaPar {
			x, y := t.args.sets[i], t.args.sets[j]
			if in = y; y.covers(x) {
				in = nil
			} else if value.Apart(x.set, y.set) && !x.except && !y.except {
				continue
			}
		}
		if in != nil && !in.except && value.Most(in.set) == 0 {
			continue
		}
		if does[j] == nil {
			does[j] = n.does(kids[j])
		}
		if does[j] == nil {
			continue
		}
		out = append(out, other{in: in, all: does[j]})
		if in == nil || t.Op == Par {
			return out[len(out)-1:]
		}
	}
	return out
}

// covers reports whether all events of another set are known to be in es.
func (es *EventSet) covers(other *EventSet) bool {
	return !es.except && !other.except && value.Within(other.set, es.set)
}

// does returns all events that t may do, but for τ and ✓; nil if they are not
// known before it is explored.
func (n *narrower) does(t *Term) []*value.Dot {
	var net *model.Network
	fault := n.Keys.Try(func() {
		// The error is one that the whole will meet as well, or need not.
		net, _ = n.Network(t, NetworkOptions{LeafStates: mostNarrowing})
	})
	if fault != nil || net == nil {
		return nil
	}
	return n.allOf(net)
}

// allOf returns all visible events of a network; nil if they are not known before
// it is explored.
func (s *Space) allOf(net *model.Network) []*value.Dot {
	if !closed(net) {
		return nil
	}
	seen := map[model.Event]bool{}
	out := []*value.Dot{}
	for r := range net.NumRules() {
		if e := net.Event(r); e > model.Tick && !seen[e] {
			seen[e] = true
			out = append(out, s.Dot(e))
		}
	}
	return out
}

// How many states a component may have of which all events are asked.
const mostNarrowing = 1 << 16

// closed reports whether all that the components do is known.
func closed(net *model.Network) bool {
	for _, c := range net.Components() {
		if c.Demand != nil || c.Net != nil && !closed(c.Net) {
			return false
		}
	}
	return true
}

// narrowTo returns t, which is a, with those of its events that are among the
// given. Its name, if it was called by one, is the same.
func (s *Space) narrowTo(t *Term, a *always, events []*value.Dot) *Term {
	to := a.narrowed(s.among(a.events, events))
	if t.Op == Delayed {
		return s.Delay(&narrowed{t.delay(), to})
	}
	return to
}

// among returns those of some events that are in a set.
func (s *Space) among(set *EventSet, events []*value.Dot) *EventSet {
	var in []value.Value
	for _, e := range events {
		if set.holds(e) {
			in = append(in, e)
		}
	}
	return s.EventSet(value.SetOf(in...))
}

// narrowed returns what does as a does, with fewer events.
func (a *always) narrowed(to *EventSet) *Term {
	s := a.events.space
	on := s.Offer(&always{events: to, then: func() *Term { return a.narrowed(to) }, key: a.key, at: a.at, whole: a.events})
	if a.key == keyChaos {
		return s.Make(IntChoice, s.stop, on)
	}
	return on
}

// narrowed is a call that has come to what offers less.
type narrowed struct {
	Delay
	to *Term
}

func (d *narrowed) Unfold() *Term { return d.to }

func (d *narrowed) AppendKey(k *value.Keys, b []byte) []byte {
	return d.Delay.AppendKey(k, k.Append(append(b, keyNarrowed), d.to))
}
