package explore

import (
	"cmp"
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// choose returns the rules of a stubborn set that are possible in s, sorted,
// or says that it has all rules.
func (x *stubborn) choose(s []uint64) (set []int32, all bool) {
	y := x.scratch
	x.enable(s)
	if len(y.enabled) < 2 || x.net.err != nil {
		return nil, true
	}
	y.careful = false
	x.order()
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
			if x.close(seed.rule, least) {
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
func (x *stubborn) order() {
	y := x.scratch
	y.seeds = y.seeds[:0]
	for _, r := range y.enabled {
		if x.bars(r) {
			continue
		}
		a := seed{rule: r, least: 1, cost: int32(len(x.setRules[x.net.rules[r].reset]))}
		parts := x.partsOf(r)
		for i := range parts {
			p := &parts[i]
			a.cost += x.cost(p.member)
			if at := &y.members[p.member]; !p.reset && x.moves(p) {
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
func (x *stubborn) close(seed int32, least int) bool {
	y := x.scratch
	renumber(&y.set, y.in, y.changes, y.touches, y.resets, y.reset)
	y.todo, y.blockers, y.chosen = y.todo[:0], y.blockers[:0], y.chosen[:0]
	y.least, y.spoilt = least, false
	x.add(seed)
	if x.keeps == Endings { // the last event depends on whether ✓ can still come
		x.addAll(x.ticks)
	}
	done := 0
	for !y.spoilt && x.net.err == nil {
		if done < len(y.chosen) {
			done++
			x.needPeace(y.chosen[done-1])
			continue
		}
		if n := len(y.blockers); n > 0 {
			c := y.blockers[n-1]
			y.blockers = y.blockers[:n-1]
			x.need(c, false)
			continue
		}
		n := len(y.todo)
		if n == 0 {
			return true
		}
		r := y.todo[n-1]
		y.todo = y.todo[:n-1]
		x.needChange(r)
	}
	return false
}

// add puts a rule into the set, which that may spoil.
func (x *stubborn) add(r int32) {
	y := x.scratch
	if y.in[r] == y.set {
		return
	}
	y.in[r] = y.set
	if y.ready[r] != y.state {
		y.todo = append(y.todo, r)
		return
	}
	y.chosen = append(y.chosen, r)
	y.spoilt = y.spoilt || len(y.chosen) >= y.least || y.failed[r] == y.state || x.bars(r)
}

func (x *stubborn) addAll(rules []int32) {
	for _, r := range rules {
		x.add(r)
	}
}

// needPeace adds what a rule needs that is possible.
func (x *stubborn) needPeace(r int32) {
	parts := x.partsOf(r)
	for i := range parts {
		if p := &parts[i]; !p.reset {
			x.need(p.member, x.moves(p))
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
			x.need(c, x.moved(c))
		}
	}
}

// need adds the rules that may change a member or, if all is set, that touch
// it.
func (x *stubborn) need(c int32, all bool) {
	y := x.scratch
	m := &x.roles[c]
	if y.changes[c] != y.set {
		y.changes[c] = y.set
		x.needReady(c, &x.local(c).changes, true)
		if x.moved(c) {
			x.needResets(m)
		}
	}
	if all && y.touches[c] != y.set {
		y.touches[c] = y.set
		x.needReady(c, &x.local(c).reads, false)
		x.needResets(m)
	}
}

// needReady adds rules that are ready at a member: the possible ones, which
// change it or not, and of those that are not, at once what keeps them from
// it, if that is known.
func (x *stubborn) needReady(c int32, ready *readyRules, changes bool) {
	y := x.scratch
	first := int32(-1)
	if at := &y.members[c]; at.state == y.state {
		first = at.first
	}
	for i := first; i >= 0; i = y.shares[i].next {
		if a := &y.shares[i]; a.changes == changes {
			x.add(a.rule)
			if a.other >= 0 {
				y.counts[a.other]++
			}
		}
	}
	for _, p := range ready.pairs {
		if p.rules > y.counts[p.member] && y.changes[p.member] != y.set {
			y.blockers = append(y.blockers, p.member)
		}
	}
	for i := first; i >= 0; i = y.shares[i].next {
		if a := &y.shares[i]; a.other >= 0 {
			y.counts[a.other] = 0
		}
	}
	x.addAll(ready.more)
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
func (x *stubborn) needChange(r int32) {
	y := x.scratch
	best, least := int32(-1), int32(0)
	parts := x.partsOf(r)
	for i := range parts {
		p := &parts[i]
		if x.able(p) {
			continue
		}
		if y.changes[p.member] == y.set {
			return
		}
		if cost := x.cost(p.member); best < 0 || cost < least {
			best, least = p.member, cost
		}
	}
	if best >= 0 { // otherwise there was an error
		x.need(best, false)
	}
}

// cost estimates how many rules come in with those that may change a member:
// all of them or, more carefully, those that are possible.
func (x *stubborn) cost(c int32) int32 {
	y, m := x.scratch, &x.roles[c]
	if !y.careful {
		cost := x.local(c).cost
		if x.moved(c) {
			cost += m.resetters
		}
		return cost
	}
	cost := int32(0)
	if at := &y.members[c]; at.state == y.state {
		cost = at.changes
	}
	if x.moved(c) {
		for _, set := range m.sets {
			for _, r := range x.setRules[set] {
				if y.ready[r] == y.state {
					cost++
				}
			}
		}
	}
	return cost
}
