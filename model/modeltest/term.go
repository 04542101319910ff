package modeltest

import (
	"maps"
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// A Term is a process as the firing rules see it (Roscoe, "Understanding
// Concurrent Systems", 2010): the operators that are on, and machines in one
// of their states. It is the definition that networks are held against: slow,
// and sharing no code with them.
type Term struct {
	Op      model.Op // or Omega, or Call
	Kids    []*Term
	Machine *model.Machine // of a leaf and a host
	Events  *model.Events  // of the whole term, at its root

	s     model.State
	set   model.Alphabet
	sets  []model.Alphabet
	pairs [][2]model.Event
	hosts []hosted // of a host; Kids is what runs now, or empty
	rec   *Term    // of a call: what is called
	name  string

	about string   // of Machine, rec, set, sets and pairs: see names.of
	does  []Firing // what fire returned, if it has been asked
	asked bool
}

type hosted struct {
	state, next model.State
	last        bool
	t           *Term
}

// What stands at the leaves of terms besides machines.
const (
	Omega model.Op = 100 + iota // what is left after ✓
	Call                        // of an OpRecursive above
)

// A Firing is a transition of a term.
type Firing struct {
	Event model.Event
	Term  *Term
}

var omega = &Term{Op: Omega}

func (t *Term) with(i int, k *Term) *Term {
	kids := slices.Clone(t.Kids)
	kids[i] = k
	return t.over(kids)
}

func (t *Term) over(kids []*Term) *Term {
	u := *t
	u.Kids, u.does, u.asked = kids, nil, false
	return &u
}

// at returns a leaf or host in another state.
func (t *Term) at(s model.State) *Term {
	u := *t.over(nil)
	u.s = s
	for _, h := range t.hosts {
		if h.state == s {
			u.Kids = []*Term{h.t}
			if h.t.Op == Call {
				return h.t
			}
		}
	}
	return &u
}

// Fires returns the transitions of t.
func (t *Term) Fires() []Firing {
	if !t.asked {
		t.asked, t.does = true, t.fire()
	}
	return t.does
}

func (t *Term) fire() []Firing {
	var out []Firing
	add := func(e model.Event, to *Term) {
		if e == model.Tick {
			to = omega
		}
		out = append(out, Firing{e, to})
	}
	tick := func(f Firing) bool { return f.Event == model.Tick }
	// joint adds all ways in which all of who do e.
	var joint func(e model.Event, who []int, kids []*Term)
	joint = func(e model.Event, who []int, kids []*Term) {
		if len(who) == 0 {
			add(e, t.over(kids))
			return
		}
		for _, f := range t.Kids[who[0]].Fires() {
			if f.Event == e {
				next := slices.Clone(kids)
				next[who[0]] = f.Term
				joint(e, who[1:], next)
			}
		}
	}
	visible := func(f Firing) bool { return f.Event > model.Tick }
	switch t.Op {
	case Omega:
	case Call:
		return t.rec.Fires()
	case model.OpRecursive, model.OpWhole:
		return t.Kids[0].Fires()
	case model.OpPrioritise:
		fires := t.Kids[0].Fires()
		for _, f := range fires {
			if !slices.ContainsFunc(fires, func(g Firing) bool { return t.above(g.Event, f.Event) }) {
				add(f.Event, t.with(0, f.Term))
			}
		}
	case model.OpLeaf, model.OpHost:
		events, targets := t.Machine.Transitions(t.s)
		for i, e := range events {
			add(e, t.at(targets[i]))
		}
		for _, h := range t.hosts {
			if h.state != t.s {
				continue
			}
			for _, f := range t.Kids[0].Fires() {
				switch {
				case !tick(f):
					add(f.Event, t.with(0, f.Term))
				case h.last:
					add(model.Tick, omega)
				default:
					add(model.Tau, t.at(h.next))
				}
			}
		}
	case model.OpInterleave, model.OpPar, model.OpAlphaPar:
		events := map[model.Event]bool{model.Tick: true}
		for i, k := range t.Kids {
			for _, f := range k.Fires() {
				switch who := t.needed(f.Event); {
				case f.Event == model.Tau, f.Event != model.Tick && t.Op != model.OpAlphaPar && len(who) == 0:
					add(f.Event, t.with(i, f.Term))
				default:
					events[f.Event] = true
				}
			}
		}
		for _, e := range slices.Sorted(maps.Keys(events)) {
			if who := t.needed(e); len(who) > 0 {
				joint(e, who, t.Kids)
			}
		}
	case model.OpLink:
		ties := func(side int, e model.Event) bool {
			return slices.ContainsFunc(t.pairs, func(p [2]model.Event) bool { return p[side] == e })
		}
		for i, k := range t.Kids {
			for _, f := range k.Fires() {
				if f.Event == model.Tau || visible(f) && !ties(i, f.Event) {
					add(f.Event, t.with(i, f.Term))
				}
			}
		}
		for _, f := range t.Kids[0].Fires() {
			for _, g := range t.Kids[1].Fires() {
				if slices.Contains(t.pairs, [2]model.Event{f.Event, g.Event}) {
					add(model.Tau, t.over([]*Term{f.Term, g.Term}))
				}
			}
		}
		joint(model.Tick, []int{0, 1}, t.Kids)
	case model.OpHide, model.OpProject:
		for _, f := range t.Kids[0].Fires() {
			if visible(f) && t.set.Contains(f.Event) == (t.Op == model.OpHide) {
				f.Event = model.Tau
			}
			add(f.Event, t.with(0, f.Term))
		}
	case model.OpRename:
		for _, f := range t.Kids[0].Fires() {
			tied := false
			for _, p := range t.pairs {
				if p[0] == f.Event {
					tied = true
					add(p[1], t.with(0, f.Term))
				}
			}
			if !tied {
				add(f.Event, t.with(0, f.Term))
			}
		}
	case model.OpSeq:
		for _, f := range t.Kids[0].Fires() {
			if tick(f) && len(t.Kids) > 1 {
				rest := t.Kids[1]
				if len(t.Kids) > 2 {
					rest = t.over(t.Kids[1:])
				}
				add(model.Tau, rest)
			} else {
				add(f.Event, t.with(0, f.Term))
			}
		}
	case model.OpExtChoice, model.OpSyncChoice:
		for i, k := range t.Kids {
			for _, f := range k.Fires() {
				switch {
				case f.Event == model.Tau:
					add(f.Event, t.with(i, f.Term))
				case t.Op == model.OpSyncChoice && visible(f) && t.set.Contains(f.Event):
				default:
					add(f.Event, f.Term)
				}
			}
		}
		if t.Op == model.OpSyncChoice {
			t.eachInSet(func(e model.Event) { joint(e, everyone(t.Kids), t.Kids) })
		}
	case model.OpIntChoice:
		for _, k := range t.Kids {
			add(model.Tau, k)
		}
	case model.OpSlide:
		for _, f := range t.Kids[0].Fires() {
			if f.Event == model.Tau {
				add(f.Event, t.with(0, f.Term))
			} else {
				add(f.Event, f.Term)
			}
		}
		add(model.Tau, t.Kids[1])
	case model.OpInterrupt, model.OpSyncInterrupt:
		sync := func(f Firing) bool { return t.Op == model.OpSyncInterrupt && visible(f) && t.set.Contains(f.Event) }
		for _, f := range t.Kids[0].Fires() {
			if !sync(f) {
				add(f.Event, t.with(0, f.Term))
			}
		}
		for _, f := range t.Kids[1].Fires() {
			switch {
			case f.Event == model.Tau:
				add(f.Event, t.with(1, f.Term))
			case !sync(f):
				add(f.Event, f.Term)
			}
		}
		if t.Op == model.OpSyncInterrupt {
			t.eachInSet(func(e model.Event) { joint(e, []int{0, 1}, t.Kids) })
		}
	case model.OpThrow:
		for _, f := range t.Kids[0].Fires() {
			if visible(f) && t.set.Contains(f.Event) {
				add(f.Event, t.Kids[1])
			} else {
				add(f.Event, t.with(0, f.Term))
			}
		}
	default:
		panic(t.Op)
	}
	return out
}

func everyone(kids []*Term) []int {
	var out []int
	for i := range kids {
		out = append(out, i)
	}
	return out
}

func (t *Term) eachInSet(do func(model.Event)) {
	for e := range t.set.All() {
		do(e)
	}
}

// needed returns who must take part in e, of a parallel operator.
func (t *Term) needed(e model.Event) []int {
	var who []int
	for i := range t.Kids {
		if e == model.Tick || e != model.Tau && (t.Op == model.OpPar && t.set.Contains(e) || t.Op == model.OpAlphaPar && t.sets[i].Contains(e)) {
			who = append(who, i)
		}
	}
	return who
}

// above reports whether d is on a higher level than e under the priority t:
// τ and ✓ are with the first set, and what is in no set is not ordered.
func (t *Term) above(d, e model.Event) bool {
	level := func(e model.Event) int {
		for i, s := range t.sets {
			if e <= model.Tick || s.Contains(e) {
				return i
			}
		}
		return -1
	}
	return level(d) >= 0 && level(d) < level(e)
}
