package process

import (
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// RUN(A) and CHAOS(A) over millions of events are written to leave others
// free. To list their events would take longer than all the rest; but beside
// an operand that has to take part in whatever they do, only what that does
// can happen:
//
//	P [|X|] RUN(A)  =  P [|X|] RUN(A ∩ B)        A ⊆ X
//	P [Y||X] RUN(A) =  P [Y||X] RUN(A ∩ B)       A ⊆ Y or X ⊆ Y
//
// where B has all events of P, and so for CHAOS, with more operands, and below
// other operators: the transitions are the same, as what is gone never
// happens. B is what the rules of the network of P show. What is told of the
// process has its names as they were.

// widest is how many events RUN and CHAOS may have that are listed in any case.
// Tests change it.
var widest int64 = 1 << 12

// How many operators are looked at, and how many inside each other.
const (
	mostLooked = 1 << 16
	mostDeep   = 1 << 8
)

// Narrow has RUN and CHAOS in the process that is explored offer no events
// that never happen, where there are many.
func (sys *System) Narrow() error {
	return sys.guard(func() { sys.root = sys.space.narrow(sys.root) })
}

// narrow returns t, or what does the same and has less to list.
func (s *Space) narrow(t *Term) *Term {
	n := &narrower{Space: s}
	out := t
	fault := s.Keys.Try(func() {
		if n.wide(t, 0) {
			out = n.term(t)
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
}

// wide reports whether a RUN or CHAOS with many events is an operand of
// something parallel in t.
func (n *narrower) wide(t *Term, depth int) bool {
	if n.looked++; n.looked > mostLooked || depth > mostDeep {
		return false
	}
	h := t.Head()
	n.Spend(1 + len(h.Kids))
	if h.Op == Chase {
		return false
	}
	for i, kid := range h.Kids {
		if h.Op.off(i) {
			continue
		}
		if (h.Op == Par || h.Op == AlphaPar) && many(kid) != nil || n.wide(kid, depth+1) {
			return true
		}
	}
	return false
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
	if a.whole != nil || a.events.except {
		return nil
	}
	if n := value.Most(a.events.set); n != value.Infinite && n <= widest {
		return nil
	}
	return a
}

// term returns t with what is many narrowed, where that can be.
func (n *narrower) term(t *Term) *Term { return n.at(t, 0) }

func (n *narrower) at(t *Term, depth int) *Term {
	if n.looked++; n.looked > 2*mostLooked || depth > mostDeep {
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
	n.Spend(len(t.Kids))
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

// operands narrows operands of t, of which kids are what has become so far.
func (n *narrower) operands(t *Term, kids []*Term) (changed bool) {
	wide := make([]*always, len(kids))
	for i, kid := range kids {
		wide[i] = many(kid)
	}
	does := make([][]model.Event, len(kids)) // those that have been asked
	for i, a := range wide {
		if a == nil {
			continue
		}
		for j := range kids {
			if wide[j] != nil || !t.follows(a, i, j) {
				continue
			}
			if does[j] == nil {
				does[j] = n.does(kids[j])
			}
			if does[j] != nil {
				kids[i], changed = n.narrowTo(kids[i], a, does[j]), true
				break
			}
		}
	}
	return changed
}

// follows reports whether operand j takes part in whatever operand i does, which
// is a; as far as the descriptions of the sets tell.
func (t *Term) follows(a *always, i, j int) bool {
	if t.Op == Par {
		return t.args.set.covers(a.events)
	}
	x, y := t.args.sets[i], t.args.sets[j]
	return y.covers(a.events) || y.covers(x)
}

// covers reports whether all events of another set are known to be in es.
func (es *EventSet) covers(other *EventSet) bool {
	return !es.except && !other.except && value.Within(other.set, es.set)
}

// does returns all events that t may do, but for τ and ✓; nil if they are not
// known before it is explored.
func (n *narrower) does(t *Term) []model.Event {
	var net *model.Network
	fault := n.Keys.Try(func() {
		// The error is one that the whole will meet as well, or need not.
		net, _ = n.Network(t, NetworkOptions{LeafStates: mostNarrowing})
	})
	if fault != nil || net == nil || !closed(net) {
		return nil
	}
	seen := map[model.Event]bool{}
	out := []model.Event{}
	for r := range net.NumRules() {
		if e := net.Event(r); e > model.Tick && !seen[e] {
			seen[e] = true
			out = append(out, e)
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
func (s *Space) narrowTo(t *Term, a *always, events []model.Event) *Term {
	var in []value.Value
	for _, e := range events {
		if a.events.has(e) {
			in = append(in, s.Dot(e))
		}
	}
	to := a.narrowed(s.EventSet(value.SetOf(in...)))
	if t.Op == Delayed {
		return s.Delay(&narrowed{t.delay(), to})
	}
	return to
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
