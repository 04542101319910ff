package explore

import (
	"cmp"
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// stubbornScratch is the memory for the choice of a set. What is noted with a
// number counts if that is the number of the state, or of the set, at hand.
type stubbornScratch struct {
	state   uint32
	enabled []int32  // the rules that are possible in the state
	ready   []uint32 // by rule: state, if it is possible
	seeds   []seed   // of the state
	failed  []uint32 // by rule: state, if the set from it has too much, as then has one that it is in

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
		ready: make([]uint32, rules), failed: make([]uint32, rules), in: make([]uint32, rules),
		changes: make([]uint32, members), touches: make([]uint32, members),
		resets: make([]uint32, sets), reset: make([]uint32, sets),
		members: make([]stubbornShares, members), counts: make([]int32, members),
		lazy: map[stubbornPlace]*stubbornLocal{},
	}
}

// choose returns the rules of a stubborn set that are possible in s, sorted,
// or says that it has all rules.
func (x *stubborn) choose(s []uint64) (set []int32, all bool) {
	y := x.scratch
	x.enable(s)
	if len(y.enabled) < 2 || x.net.err != nil {
		return nil, true
	}
	y.careful = false
	x.order(s)
	seeds := y.seeds
	if x.effort == Fast {
		seeds = seeds[:min(fastSeeds, len(seeds))]
	}
	least := len(y.enabled) // fewer are wanted
	for range 2 {
		for _, seed := range seeds {
			if int(seed.least) >= least {
				break // as have those that come after it
			}
			if x.close(s, seed.rule, least) {
				least = len(y.chosen)
				y.best, y.chosen = y.chosen, y.best
			} else {
				y.failed[seed.rule] = y.state
			}
			if least == 1 || x.net.err != nil {
				break
			}
		}
		if y.careful = x.effort == Precise && least > 1; !y.careful {
			break
		}
		clear(y.failed)
	}
	if least == len(y.enabled) {
		return nil, true
	}
	slices.Sort(y.best)
	return y.best, false
}

// A seed is a rule to begin a set with. A set from it has at least so many
// rules that are possible.
type seed struct{ rule, least, cost int32 }

// order lists the seeds, those first that have to do with few other rules.
func (x *stubborn) order(s []uint64) {
	y := x.scratch
	y.seeds = y.seeds[:0]
	for _, r := range y.enabled {
		if x.bars(r) {
			continue
		}
		a := seed{rule: r, least: 1, cost: int32(len(x.setRules[x.net.rules[r].reset]))}
		for i := x.partFirst[r]; i < x.partFirst[r+1]; i++ {
			p := &x.parts[i]
			a.cost += x.cost(s, p.member)
			if at := &y.members[p.member]; !p.reset && x.changes(s, p) {
				a.least = max(a.least, at.all)
			} else {
				a.least = max(a.least, at.changes)
			}
		}
		y.seeds = append(y.seeds, a)
	}
	slices.SortStableFunc(y.seeds, func(a, b seed) int {
		return cmp.Or(cmp.Compare(a.least, b.least), cmp.Compare(a.cost, b.cost))
	})
}

// changes reports whether a participant's part may change it.
func (x *stubborn) changes(s []uint64, p *stubbornPart) bool {
	local := x.net.members[p.member].get(s)
	for _, to := range x.targets(p, local) {
		if to != local {
			return true
		}
	}
	return false
}

// bars reports whether a rule that is possible cannot be in a set that lacks
// others which are. Of Deadlocks none can; otherwise, see Reduced, a visible
// one would need all other visible ones, and I a τ besides; a sticky one
// wants them all.
func (x *stubborn) bars(r int32) bool {
	switch x.keeps {
	case Deadlocks:
		return false
	case Endings:
		return x.net.rules[r].event == model.Tick
	case Divergences:
		return !x.tau[r]
	}
	return !x.tau[r] || x.sticky[r]
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

// enable notes which rules are possible in s, by their leaders.
func (x *stubborn) enable(s []uint64) {
	y := x.scratch
	if renumber(&y.state, y.ready, y.failed) {
		clear(y.members)
	}
	y.enabled, y.shares = y.enabled[:0], y.shares[:0]
	for _, c := range x.net.leaders {
		m := &x.roles[c]
		for _, span := range x.local(s, c).leads {
			for _, r := range m.rules[span.lo:span.mid] {
				if x.possible(s, r, c) {
					y.ready[r] = y.state
					y.enabled = append(y.enabled, r)
					x.share(s, r)
				}
			}
		}
	}
}

// share notes at the participants of a rule that it is possible.
func (x *stubborn) share(s []uint64, r int32) {
	y := x.scratch
	for i := x.partFirst[r]; i < x.partFirst[r+1]; i++ {
		p := &x.parts[i]
		changes := x.changes(s, p)
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
func (x *stubborn) possible(s []uint64, r, able int32) bool {
	for i := x.partFirst[r]; i < x.partFirst[r+1]; i++ {
		if p := &x.parts[i]; p.member != able && !x.able(s, p) {
			return false
		}
	}
	return true
}

func (x *stubborn) able(s []uint64, p *stubbornPart) bool {
	m := &x.net.members[p.member]
	events, _ := x.net.transitions(m, m.get(s))
	_, ok := slices.BinarySearch(events, p.event)
	return ok
}

// local returns what a member can do in s.
func (x *stubborn) local(s []uint64, c int32) *stubbornLocal {
	m := &x.net.members[c]
	at := m.get(s)
	if m.lazy == nil {
		return &x.roles[c].at[at]
	}
	place := stubbornPlace{c, at}
	l := x.scratch.lazy[place]
	if l == nil {
		events, targets := x.net.transitions(m, at)
		sorted := x.sort(c, at, events, targets, x.scratch.counts)
		l = &sorted
		if x.net.err == nil {
			x.scratch.lazy[place] = l
		}
	}
	return l
}

// close makes the smallest set with a seed that is closed under what its
// rules need, by one choice of what blocks those that are not possible. It
// reports whether fewer than least rules of it are possible, which are then
// chosen, and none is barred.
//
// A rule that is possible needs, at each component that it touches, the rules
// that may change it now and, if it may itself change it, all that touch it:
// as long as none of them is done the component stays as it is, and its rule
// possible; and what the others do is the same after it.
//
// One that is not possible stays so while what blocks it is not changed.
func (x *stubborn) close(s []uint64, seed int32, least int) bool {
	y := x.scratch
	renumber(&y.set, y.in, y.changes, y.touches, y.resets, y.reset)
	y.todo, y.blockers, y.chosen = y.todo[:0], y.blockers[:0], y.chosen[:0]
	x.add(seed)
	if x.keeps == Endings { // the last event depends on whether ✓ can still come
		x.addAll(x.ticks)
	}
	for len(y.todo)+len(y.blockers) > 0 {
		if n := len(y.blockers); n > 0 {
			c := y.blockers[n-1]
			y.blockers = y.blockers[:n-1]
			x.need(s, c, false)
			continue
		}
		r := y.todo[len(y.todo)-1]
		y.todo = y.todo[:len(y.todo)-1]
		if y.ready[r] != y.state {
			x.needChange(s, r)
			continue
		}
		if y.chosen = append(y.chosen, r); len(y.chosen) >= least || y.failed[r] == y.state || x.bars(r) || x.net.err != nil {
			return false
		}
		x.needPeace(s, r)
	}
	return true
}

// add puts a rule into the set.
func (x *stubborn) add(r int32) {
	if y := x.scratch; y.in[r] != y.set {
		y.in[r] = y.set
		y.todo = append(y.todo, r)
	}
}

func (x *stubborn) addAll(rules []int32) {
	for _, r := range rules {
		x.add(r)
	}
}

// needPeace adds what a rule needs that is possible.
func (x *stubborn) needPeace(s []uint64, r int32) {
	for i := x.partFirst[r]; i < x.partFirst[r+1]; i++ {
		if p := &x.parts[i]; !p.reset {
			x.need(s, p.member, x.changes(s, p))
		}
	}
	set := x.net.rules[r].reset
	y := x.scratch
	if set == 0 || y.reset[set] == y.set {
		return
	}
	y.reset[set] = y.set
	for _, span := range x.net.net.SpansOf(int(set)) {
		for c := span.Lo; c < span.Hi; c++ {
			x.need(s, c, x.moved(s, c))
		}
	}
}

// moved reports whether a reset would change a member.
func (x *stubborn) moved(s []uint64, c int32) bool {
	m := &x.net.members[c]
	return m.get(s) != m.initial
}

// need adds the rules that may change a member or, if all is set, that touch
// it.
func (x *stubborn) need(s []uint64, c int32, all bool) {
	y := x.scratch
	m := &x.roles[c]
	if y.changes[c] != y.set {
		y.changes[c] = y.set
		x.needReady(c, &x.local(s, c).changes, true)
		if x.moved(s, c) {
			x.needResets(m)
		}
	}
	if all && y.touches[c] != y.set {
		y.touches[c] = y.set
		x.needReady(c, &x.local(s, c).reads, false)
		x.needResets(m)
	}
}

// needReady adds rules that are ready at a member: the possible ones, which
// change it or not, and of those that are not, at once what keeps them from
// it, if that is known.
func (x *stubborn) needReady(c int32, ready *readyRules, changes bool) {
	y := x.scratch
	x.eachShare(c, func(a *stubbornShare) {
		if a.changes == changes {
			x.add(a.rule)
			if a.other >= 0 {
				y.counts[a.other]++
			}
		}
	})
	for _, p := range ready.pairs {
		if p.rules > y.counts[p.member] {
			y.blockers = append(y.blockers, p.member)
		}
	}
	x.eachShare(c, func(a *stubbornShare) {
		if a.other >= 0 {
			y.counts[a.other] = 0
		}
	})
	x.addAll(ready.more)
}

// eachShare tells the possible rules with a part in a member.
func (x *stubborn) eachShare(c int32, tell func(*stubbornShare)) {
	y := x.scratch
	if y.members[c].state != y.state {
		return
	}
	for i := y.members[c].first; i >= 0; i = y.shares[i].next {
		tell(&y.shares[i])
	}
}

// needResets adds the rules that reset a member: they are ready whatever its
// state.
func (x *stubborn) needResets(m *stubbornRole) {
	y := x.scratch
	for _, set := range m.sets {
		if y.resets[set] != y.set {
			y.resets[set] = y.set
			x.addAll(x.setRules[set])
		}
	}
}

// needChange adds what a rule needs that is not possible: all that may change
// one participant that cannot do its part. One of which they are in the set
// already is best, then one that few may change.
func (x *stubborn) needChange(s []uint64, r int32) {
	y := x.scratch
	best, least := int32(-1), int32(0)
	for i := x.partFirst[r]; i < x.partFirst[r+1]; i++ {
		p := &x.parts[i]
		if x.able(s, p) {
			continue
		}
		if y.changes[p.member] == y.set {
			return
		}
		if cost := x.cost(s, p.member); best < 0 || cost < least {
			best, least = p.member, cost
		}
	}
	if best >= 0 { // otherwise there was an error
		x.need(s, best, false)
	}
}

// cost estimates how many rules come in with those that may change a member:
// all of them or, more carefully, those that are possible.
func (x *stubborn) cost(s []uint64, c int32) int32 {
	y, m := x.scratch, &x.roles[c]
	cost := x.local(s, c).cost
	if y.careful {
		cost = 0
		x.eachShare(c, func(a *stubbornShare) {
			if a.changes {
				cost++
			}
		})
	}
	if !x.moved(s, c) {
		return cost
	}
	for _, set := range m.sets {
		if !y.careful {
			cost += int32(len(x.setRules[set]))
			continue
		}
		for _, r := range x.setRules[set] {
			if y.ready[r] == y.state {
				cost++
			}
		}
	}
	return cost
}
