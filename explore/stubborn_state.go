package explore

import (
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// stubbornScratch is the memory for the choice of a set. What is noted with a
// number counts if that is the number of the state, or of the set, at hand.
type stubbornScratch struct {
	state   uint32
	now     []model.State // by member: its local state
	enabled []int32       // the rules that are possible in the state
	ready   []uint32      // by rule: state, if it is possible
	seeds   []seed        // of the state
	failed  []uint32      // by rule: state, if the set from it has too much, as then has one that it is in

	shares  []stubbornShare  // in the possible rules
	members []stubbornShares // those of each member
	counts  []int32          // by member: 0

	set      uint32
	in       []uint32 // by rule: set, if it is in the set
	changes  []uint32 // by member: set, if all that may change it are
	touches  []uint32 // likewise, all that touch it
	resets   []uint32 // by reset set: set, if its rules are
	reset    []uint32 // likewise, if what its rules do to others has been looked at
	todo     []int32  // rules of the set that have not been looked at
	blockers []int32  // members that all that may change are to be in the set
	chosen   []int32  // those of the set that are possible
	best     []int32
	least    int  // the set is to have fewer that are possible
	spoilt   bool // it has not, or one that bars it

	careful bool // about what keeps rules from being possible

	lazy map[stubbornPlace]*stubbornLocal
	next []uint64 // memory for fire
}

// A stubbornShare is the share of a participant in a rule that is possible.
type stubbornShare struct {
	rule    int32
	other   int32 // the other participant of a rule of two, or -1
	next    int32 // of the same participant, or -1
	changes bool  // it may change its participant
}

// stubbornShares are those of a member.
type stubbornShares struct {
	state   uint32 // there are none in other states
	first   int32  // in scratch.shares
	all     int32  // how many
	changes int32  // how many may change it
}

// A stubbornPlace is a local state of a member on demand.
type stubbornPlace struct {
	member int32
	state  model.State
}

func newStubbornScratch(x *stubbornTables) *stubbornScratch {
	rules, members, sets := len(x.tau), len(x.roles), len(x.setRules)
	return &stubbornScratch{
		now: make([]model.State, members), ready: make([]uint32, rules), failed: make([]uint32, rules), in: make([]uint32, rules),
		changes: make([]uint32, members), touches: make([]uint32, members),
		resets: make([]uint32, sets), reset: make([]uint32, sets),
		members: make([]stubbornShares, members), counts: make([]int32, members),
		lazy: map[stubbornPlace]*stubbornLocal{},
	}
}

// renumber begins another state, or set. It forgets what was noted when the
// numbers begin again.
func renumber(number *uint32, noted ...[]uint32) (again bool) {
	*number++
	if again = *number == 0; again {
		for _, n := range noted {
			clear(n)
		}
		*number = 1
	}
	return again
}

// enable makes s the state at hand, and notes which rules are possible in it,
// by their leaders.
func (x *stubborn) enable(s []uint64) {
	y := x.scratch
	if renumber(&y.state, y.ready, y.failed) {
		clear(y.members)
	}
	y.enabled, y.shares = y.enabled[:0], y.shares[:0]
	for c := range x.roles {
		m := &x.roles[c]
		y.now[c] = model.State(s[m.word] >> m.shift & m.mask)
	}
	for _, c := range x.net.leaders {
		m := &x.roles[c]
		for _, span := range x.local(c).leads {
			for _, r := range m.rules[span.lo:span.mid] {
				if x.possible(r, c) {
					y.ready[r] = y.state
					y.enabled = append(y.enabled, r)
					x.share(r)
				}
			}
		}
	}
}

// share notes at the participants of a rule that it is possible.
func (x *stubborn) share(r int32) {
	y := x.scratch
	parts := x.partsOf(r)
	for i := range parts {
		p := &parts[i]
		changes := x.moves(p)
		at := &y.members[p.member]
		if at.state != y.state {
			*at = stubbornShares{state: y.state, first: -1}
		}
		y.shares = append(y.shares, stubbornShare{r, x.other(r, p.member), at.first, changes})
		at.first = int32(len(y.shares) - 1)
		at.all++
		if changes {
			at.changes++
		}
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
