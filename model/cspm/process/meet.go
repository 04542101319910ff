package process

import (
	"slices"

	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// Of n components, each may have an input from whoever, c?j!i -> P, which makes n²
// events, and none does few. But of these happen only those that all offer who
// have to take part. They are the least set with this:
//
//	all that take part in e come, by events that happen, to offer e  ⟹  e happens
//
// An operand is taken for the prefixes in it, as if each could be at any time once it
// has been come to: that is more than can happen. Inputs of many events are
// not listed for it, but known by what their fields can be (wide). An event in which
// nobody takes part by a prefix of few events is found where two of them meet, or where
// nobody else has to (searching).

// A meeting finds the events that operands of a parallel operator can do together.
type meeting struct {
	*narrower
	t       *Term
	members []member
	met     map[value.Key]*meet
	happen  []*value.Dot
	queue   []coming
	*searching
	veils map[veil]*veil
	left  int64 // so much may be looked at
	lost  bool  // it takes too much, or cannot be told
}

// How much is looked at to find out what operands do together: each time half of what
// is left, which is at first in proportion to what would be listed. A call
// counts for several events, and an operand has only so many: what its arguments hold may grow.
const (
	mostMet     = 1 << 16
	mostListing = 1 << 24
	callCost    = 1 << 3
	mostCalls   = 1 << 12
)

// A coming is an operand that comes to be a process, with hidings around it.
type coming struct {
	operand int32
	to      *Term
	under   *veil
}

// A veil is a set that is hidden, and what is around it; nil if nothing is.
type veil struct {
	set *EventSet
	out *veil
}

// A member is an operand and what it has come to offer.
type member struct {
	seen  map[coming]bool // calls
	wide  []*wide
	by    map[value.Key]*wide // by the form of its events
	meets []*meet             // in which it takes part
}

// A meet is an event that somebody offers, or two widely.
type meet struct {
	e       *value.Dot
	who     []int32 // takes part
	need    int     // how many of them must offer it
	offers  []bool  // by numbers in who
	then    [][]coming
	wide    []*wide // that have it
	have    int
	happens bool
}

// A wide is what the prefixes of an operand offer that have the same events, and
// many.
type wide struct {
	operand int32
	head    *value.Head
	fields  []value.Set
	set     value.Set // their product
	offers  []offered // none of what is the same behind each of the events
	meets   []*meet
}

// meet narrows operands of t, of which kids is what has become so far, to what they
// can do together, if they offer much.
func (n *narrower) meet(t *Term, kids []*Term) bool {
	total := int64(0)
	for _, kid := range kids {
		total = value.SizePlus(total, n.width(kid, 0))
	}
	// Of an interface parallel, all that one alone does happens, and what is not shared.
	if total <= widest || t.Op == Par && (len(kids) < 2 || value.Most(t.args.set.set) == 0 && !t.args.set.except) {
		return false
	}
	m := &meeting{
		narrower: n, t: t, members: make([]member, len(kids)), met: map[value.Key]*meet{}, veils: map[veil]*veil{},
		searching: newSearching(), left: n.toMeet / 2,
	}
	n.toMeet -= m.left
	// A fault is one that the whole will meet as well, or need not.
	fault := n.Keys.Try(func() { m.run(kids) })
	n.toMeet += max(m.left, 0)
	if fault != nil || m.lost {
		return false
	}
	changed := false
	var only *Only
	for i, kid := range kids {
		if slices.ContainsFunc(m.members[i].wide, (*wide).loses) {
			if only == nil {
				only = n.only([]other{{all: m.happen}})
			}
			kids[i], changed = only.Of(kid), true
		}
	}
	return changed
}

// loses reports whether some of the events of w never happen.
func (w *wide) loses() bool {
	n := int64(0)
	for _, x := range w.meets {
		if x.happens {
			n++
		}
	}
	return n < bounded(w.set.Size())
}

// spend notes that so much is looked at, and reports whether to go on.
func (m *meeting) spend(n int64) bool {
	if n > m.left {
		m.lost = true
		return false
	}
	m.left -= n
	m.Spend(int(n))
	return !m.lost
}

func (m *meeting) run(kids []*Term) {
	for i, kid := range kids {
		m.members[i] = member{seen: map[coming]bool{}, by: map[value.Key]*wide{}}
		m.queue = append(m.queue, coming{int32(i), kid, nil})
	}
	m.slice(m.t.args.sets)
	for len(m.queue) > 0 && !m.lost {
		c := m.queue[0]
		m.queue = m.queue[1:]
		m.come(c)
	}
}

// come notes what an operand offers.
func (m *meeting) come(c coming) {
	seen, t := m.members[c.operand].seen, c.to
	for t.Op == Delayed {
		c.to = m.Share(t)
		if seen[c] {
			return
		}
		if seen[c] = true; len(seen) > mostCalls {
			m.lost = true
		}
		if m.lost || !m.spend(callCost) {
			return
		}
		t = c.to.Unfold()
	}
	if !m.spend(1) {
		return
	}
	switch t.Op {
	case Stop, Omega, Skip, Div:
	case Prefix:
		switch leaf := t.leaf.(type) {
		case Wide:
			m.prefix(c, leaf)
		case *always:
			m.always(c, leaf)
		default:
			m.lost = true
		}
	case Hide:
		c.under = m.veil(c.under, t.args.set)
		fallthrough
	case ExtChoice, IntChoice, Slide, Seq, Interrupt, Throw, SyncChoice, SyncInterrupt, Par, AlphaPar, Prioritise, Chase:
		for _, kid := range t.Kids {
			m.queue = append(m.queue, coming{c.operand, kid, c.under})
		}
	default:
		m.lost = true
	}
}

// An offered is a prefix of many events, and what it is under.
type offered struct {
	Wide
	under *veil
}

// prefix notes the events of a prefix.
func (m *meeting) prefix(c coming, leaf Wide) {
	if bounded(leaf.Most()) > min(fewAhead, widest) {
		if h, fields, ok := leaf.Fields(); ok {
			set, ok := value.WithFields(h, fields)
			if m.lost = m.lost || !ok; m.lost {
				return
			}
			if c.under.apart(set) {
				m.widely(c.operand, h, fields, set, []offered{{leaf, c.under}})
				return
			}
		}
	}
	var events []*value.Dot
	var thens []*Term
	leaf.Each(func(e *value.Dot, then *Term) bool {
		events, thens = append(events, e), append(thens, then)
		return m.spend(1)
	})
	for k, e := range events {
		c.to = thens[k]
		m.offer(c, e)
	}
}

// always notes the events of RUN and CHAOS, of which nothing else comes.
func (m *meeting) always(c coming, leaf *always) {
	set := leaf.events.set
	products, ok := value.Products(set)
	switch {
	case leaf.events.except || c.under != nil:
		m.lost = true
	case ok && value.Most(set) > min(fewAhead, widest):
		for _, p := range products {
			if set, ok := value.WithFields(p.Head, p.Fields); ok {
				m.widely(c.operand, p.Head, p.Fields, set, nil)
			} else {
				m.lost = true
			}
		}
	default:
		c.to = m.stop
		m.each(set, func(e *value.Dot) bool {
			m.offer(c, e)
			return false
		})
	}
}

// veil returns what is hidden by a set, and before.
func (m *meeting) veil(out *veil, set *EventSet) *veil {
	for x := out; x != nil; x = x.out {
		if x.set == set {
			return out
		}
	}
	v := veil{set, out}
	if m.veils[v] == nil {
		m.veils[v] = &v
	}
	return m.veils[v]
}

// apart reports whether nothing of a set is hidden.
func (v *veil) apart(set value.Set) bool {
	for ; v != nil; v = v.out {
		if v.set.except || !value.Apart(v.set.set, set) {
			return false
		}
	}
	return true
}

// has reports whether e is hidden.
func (v *veil) has(e *value.Dot) bool {
	return v != nil && (v.set.holds(e) || v.out.has(e))
}

// offer notes that an operand offers e, and what it comes to by that.
func (m *meeting) offer(then coming, e *value.Dot) {
	if then.under.has(e) {
		m.queue = append(m.queue, then)
		return
	}
	x := m.at(e)
	k, ok := slices.BinarySearch(x.who, then.operand)
	switch {
	case !ok:
	case x.happens:
		m.queue = append(m.queue, then)
	default:
		x.then[k] = append(x.then[k], then)
		m.note(x, k)
	}
}

// at returns what is known of e.
func (m *meeting) at(e *value.Dot) *meet {
	key := m.Keys.Of(e)
	x := m.met[key]
	if x == nil {
		x = &meet{e: e}
		x.who, x.need = m.who(e)
		x.offers, x.then = make([]bool, len(x.who)), make([][]coming, len(x.who))
		m.met[key] = x
		m.spend(int64(1 + len(x.who)))
		for k, i := range x.who {
			o := &m.members[i]
			o.meets = append(o.meets, x)
			m.spend(int64(len(o.wide)))
			for _, w := range o.wide {
				if w.set.Has(e) {
					m.join(x, k, w)
				}
			}
		}
	}
	return x
}

// who returns who takes part in e, and how many of them it takes.
func (m *meeting) who(e *value.Dot) (who []int32, need int) {
	if m.t.Op == AlphaPar {
		who = m.partiesTo(m.t.args).of(e)
		return who, len(who)
	}
	who = make([]int32, len(m.members))
	for i := range who {
		who[i] = int32(i)
	}
	if m.t.args.set.holds(e) {
		return who, len(who)
	}
	return who, 1
}

// note notes that the k-th of those who take part in x offers it.
func (m *meeting) note(x *meet, k int) {
	if x.offers[k] {
		return
	}
	x.offers[k] = true
	if x.have++; x.have < x.need {
		return
	}
	x.happens = true
	m.happen = append(m.happen, x.e)
	for _, then := range x.then {
		m.queue = append(m.queue, then...)
	}
	for _, w := range x.wide {
		for _, o := range w.offers {
			m.goOn(w, o, x)
		}
	}
}

// join notes that w, which the k-th of those who take part in x offers, has it.
func (m *meeting) join(x *meet, k int, w *wide) {
	w.meets, x.wide = append(w.meets, x), append(x.wide, w)
	if !x.happens {
		m.note(x, k)
		return
	}
	for _, o := range w.offers {
		m.goOn(w, o, x)
	}
}

// goOn goes on behind an offer after x.
func (m *meeting) goOn(w *wide, o offered, x *meet) {
	if !m.spend(1) {
		return
	}
	for _, then := range o.After(x.e) {
		m.queue = append(m.queue, coming{w.operand, then, o.under})
	}
}

// widely notes that operand i offers events whose fields are in some sets, set being
// all of them.
func (m *meeting) widely(i int32, h *value.Head, fields []value.Set, set value.Set, offers []offered) {
	o, key := &m.members[i], m.Keys.FormOf(set)
	w := o.by[key]
	if w != nil {
		w.offers = append(w.offers, offers...)
		for _, x := range w.meets {
			for _, offer := range offers {
				if x.happens {
					m.goOn(w, offer, x)
				}
			}
		}
		return
	}
	w = &wide{operand: i, head: h, fields: fields, set: set, offers: offers}
	o.by[key], o.wide = w, append(o.wide, w)
	if !m.spend(int64(len(o.meets))) {
		return
	}
	for _, x := range o.meets {
		if set.Has(x.e) {
			k, _ := slices.BinarySearch(x.who, i)
			m.join(x, k, w)
		}
	}
	m.search(w)
}
