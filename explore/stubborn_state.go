package explore

import (
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// stubbornScratch is the memory for the choice of a set. What is noted with a
// number counts if that is the number of the pass, or of the set, at hand.
type stubbornScratch struct {
	known    bool          // what follows is so of state
	state    []uint64      // the last one
	now      []model.State // by member: its local state
	enabled  []int32       // the rules that are possible: a heap, unless jumbled
	at       []int32       // by rule: where it is in enabled, or -1
	keys     []uint64      // by rule that is possible: see key
	jumbled  bool          // enabled is in no order, or by keys that may be wrong
	left     int           // the heap is enabled[:left]: see nextSeed
	members  []stubbornShares
	moved    []int32 // members in other local states than before
	stirred  []int32 // members that have other shares than when keys were right
	stirring []bool  // by member: it is one of them
	blockers []int32 // by rule: a part that kept it from being possible
	moves    []bool  // by part of a rule that is possible: it may change the member

	counts []int32  // by member: 0
	pass   uint32   // through the seeds
	failed []uint32 // by rule: pass, if the set from it has too much, as then has one that it is in

	failedChanges []uint32 // by member: pass, if a set with all that may change it has one that failed
	failedTouches []uint32 // likewise, with all that touch it
	failedResets  spanned  // members that it is noted of for being reset
	doomed        int      // seeds in the heap that failed before they were tried

	set     uint32
	in      []uint32 // by rule: set, if it is in the set
	changes []uint32 // by member: set, if all that may change it are
	touches []uint32 // likewise, all that touch it
	resets  []uint32 // by reset set: set, if its rules are
	reset   spanned  // members that what being reset needs is in the set for
	todo    []int32  // rules of the set that have not been looked at
	blocked []int32  // members that all that may change are to be in the set
	chosen  []int32  // those of the set that are possible
	best    []int32
	least   int  // the set is to have fewer that are possible
	spoilt  bool // it has not, or one that bars it

	careful bool // about what keeps rules from being possible

	lazy map[stubbornPlace]*stubbornLocal
	next []uint64 // memory for fire
}

// A stubbornShare is the share of a participant in a rule that is possible.
type stubbornShare struct {
	rule    int32
	other   int32 // the other participant of a rule of two, or -1
	changes bool  // it may change its participant
	reset   bool  // the rule resets it
}

// stubbornShares are those of a member, by rank.
type stubbornShares struct {
	list    []stubbornShare
	changes int32 // how many may change it
}

// A stubbornPlace is a local state of a member on demand.
type stubbornPlace struct {
	member int32
	state  model.State
}

func newStubbornScratch(x *stubbornTables) *stubbornScratch {
	rules, members, sets := len(x.tau), len(x.roles), len(x.setRules)
	y := &stubbornScratch{
		now: make([]model.State, members), at: make([]int32, rules), keys: make([]uint64, rules),
		blockers: make([]int32, rules), moves: make([]bool, len(x.parts)), failed: make([]uint32, rules), in: make([]uint32, rules),
		changes: make([]uint32, members), touches: make([]uint32, members),
		failedChanges: make([]uint32, members), failedTouches: make([]uint32, members), failedResets: newSpanned(members),
		resets: make([]uint32, sets), reset: newSpanned(members),
		members: make([]stubbornShares, members), stirring: make([]bool, members), counts: make([]int32, members),
		lazy: map[stubbornPlace]*stubbornLocal{},
	}
	for r := range y.at {
		y.at[r] = -1
	}
	return y
}

// renumber begins another pass, or set. It forgets what was noted when the
// numbers begin again.
func renumber(number *uint32, noted ...[]uint32) {
	if *number++; *number == 0 {
		for _, n := range noted {
			clear(n)
		}
		*number = 1
	}
}

// enable makes s the state at hand, and notes which rules are possible in it.
func (x *stubborn) enable(s []uint64) {
	y := x.scratch
	if y.known = y.known && x.follow(s); !y.known {
		x.enableAll(s)
		y.known = x.net.err == nil
	}
	y.state = append(y.state[:0], s...)
}

// enableAll is enable by a look at everything: rules are found by their
// leaders, in the order of their ranks.
func (x *stubborn) enableAll(s []uint64) {
	y := x.scratch
	for _, r := range y.enabled {
		y.at[r] = -1
	}
	y.enabled, y.jumbled = y.enabled[:0], true
	for c := range x.roles {
		m := &x.roles[c]
		y.now[c] = model.State(s[m.word] >> m.shift & m.mask)
		y.members[c].list, y.members[c].changes = y.members[c].list[:0], 0
	}
	for _, c := range x.net.leaders {
		m := &x.roles[c]
		l := x.local(c)
		for _, span := range l.spans[:l.leads] {
			for _, r := range m.rules[span.lo:span.mid] {
				if !x.possible(r, c) {
					continue
				}
				y.at[r] = int32(len(y.enabled))
				y.enabled = append(y.enabled, r)
				for i := x.partFirst[r]; i < x.partFirst[r+1]; i++ {
					m := &y.members[x.parts[i].member]
					m.add(len(m.list), x.share(r, i))
				}
			}
		}
	}
}

// share makes the share of a part of a rule that has become possible.
func (x *stubborn) share(r, part int32) stubbornShare {
	p := &x.parts[part]
	moves := x.moves(p)
	x.scratch.moves[part] = moves
	return stubbornShare{r, x.other(r, p.member), moves, p.reset}
}

func (m *stubbornShares) add(i int, a stubbornShare) {
	if m.list = slices.Insert(m.list, i, a); a.changes {
		m.changes++
	}
}

// possible reports whether the participants of r can do their parts, one of
// which is known to be able.
func (x *stubborn) possible(r, able int32) bool {
	parts := x.partsOf(r)
	for i := range parts {
		if p := &parts[i]; p.member != able && !x.able(p) {
			return false
		}
	}
	return true
}

// able reports whether a participant can do its part.
func (x *stubborn) able(p *stubbornPart) bool {
	if p.tabled {
		return p.able>>x.scratch.now[p.member]&1 != 0
	}
	events, _ := x.net.transitions(&x.net.members[p.member], x.scratch.now[p.member])
	_, ok := slices.BinarySearch(events, p.event)
	return ok
}

// moves reports whether a participant's part may change it.
func (x *stubborn) moves(p *stubbornPart) bool {
	local := x.scratch.now[p.member]
	if p.tabled {
		return p.moves>>local&1 != 0
	}
	for _, to := range x.targets(p, local) {
		if to != local {
			return true
		}
	}
	return false
}

// moved reports whether a reset would change a member.
func (x *stubborn) moved(c int32) bool { return x.scratch.now[c] != x.roles[c].initial }

// local returns what a member can do.
func (x *stubborn) local(c int32) *stubbornLocal {
	m := &x.roles[c]
	at := x.scratch.now[c]
	if m.at != nil {
		return &m.at[at]
	}
	place := stubbornPlace{c, at}
	l := x.scratch.lazy[place]
	if l == nil {
		events, targets := x.net.transitions(&x.net.members[c], at)
		sorted := x.sort(c, at, events, targets, x.scratch.counts)
		l = &sorted
		if x.net.err == nil {
			x.scratch.lazy[place] = l
		}
	}
	return l
}
