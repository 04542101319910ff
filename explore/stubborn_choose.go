package explore

import "slices"

// choose returns the rules of a stubborn set that are possible in s, sorted,
// or says that it has all rules.
func (x *stubborn) choose(s []uint64) (set []int32, all bool) {
	y := x.scratch
	x.enable(s)
	if len(y.enabled) < 2 || x.net.err != nil {
		y.jumbled = true
		return nil, true
	}
	y.careful = false
	x.order()
	least := x.try(len(y.enabled))
	if x.effort == Precise && least > 1 {
		y.careful = true
		least = x.try(least)
	}
	if x.net.err != nil {
		y.known = false
	}
	if least == len(y.enabled) {
		return nil, true
	}
	slices.Sort(y.best)
	return y.best, false
}

// try looks for a set of fewer rules than least that are possible, seed by seed,
// until one has a single such rule. It returns how many the best has.
func (x *stubborn) try(least int) int {
	y := x.scratch
	renumber(&y.pass, y.failed, y.failedChanges, y.failedTouches, y.failedResets.passed)
	y.doomed = 0
	for tried := 0; least > 1 && x.net.err == nil && (x.effort != Fast || tried < fastSeeds); tried++ {
		seed := x.nextSeed()
		if seed < 0 || int(y.keys[seed]>>32) >= least {
			break // as have those that come after it
		}
		switch {
		case y.failed[seed] == y.pass:
			y.doomed--
		case x.close(seed, least):
			least = len(y.chosen)
			y.best, y.chosen = y.chosen, y.best
		default:
			x.fail(seed)
		}
	}
	x.putBack()
	return least
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
	renumber(&y.set, y.in, y.changes, y.touches, y.resets, y.reset.passed)
	y.todo, y.blocked, y.chosen = y.todo[:0], y.blocked[:0], y.chosen[:0]
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
		if n := len(y.blocked); n > 0 {
			c := y.blocked[n-1]
			y.blocked = y.blocked[:n-1]
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
	if y.at[r] < 0 {
		y.todo = append(y.todo, r)
		return
	}
	y.chosen = append(y.chosen, r)
	y.spoilt = y.spoilt || len(y.chosen) >= y.least || y.failed[r] == y.pass || x.bars(r)
}

func (x *stubborn) addAll(rules []int32) {
	for _, r := range rules {
		if x.add(r); x.scratch.spoilt {
			return
		}
	}
}

// needPeace adds what a rule needs that is possible.
func (x *stubborn) needPeace(r int32) {
	for i := x.partFirst[r]; i < x.partFirst[r+1]; i++ {
		if p := &x.parts[i]; !p.reset {
			x.need(p.member, x.scratch.moves[i])
		}
	}
	set := x.net.rules[r].reset
	y := x.scratch
	if set == 0 || y.spoilt {
		return
	}
	for _, span := range x.net.net.SpansOf(int(set)) {
		for c := y.reset.next(span.Lo, y.set); c < span.Hi; c = y.reset.next(c, y.set) {
			y.reset.pass(c, y.set)
			x.need(c, x.moved(c))
		}
	}
}

// need adds the rules that may change a member or, if all is set, that touch
// it. Nothing more is added to a set that is spoilt.
func (x *stubborn) need(c int32, all bool) {
	y := x.scratch
	m := &x.roles[c]
	y.spoilt = y.spoilt || y.failedChanges[c] == y.pass || all && y.failedTouches[c] == y.pass
	if y.spoilt {
		return
	}
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
	shares := y.members[c].list
	for i := len(shares) - 1; i >= 0; i-- {
		if a := &shares[i]; a.changes == changes {
			if x.add(a.rule); y.spoilt {
				shares = shares[i+1:]
				break
			}
			if a.other >= 0 {
				y.counts[a.other]++
			}
		}
	}
	if !y.spoilt {
		for _, p := range ready.pairs {
			if p.rules > y.counts[p.member] && y.changes[p.member] != y.set {
				y.blocked = append(y.blocked, p.member)
			}
		}
	}
	for _, a := range shares {
		if a.other >= 0 {
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
	cost := y.members[c].changes
	if x.moved(c) {
		for _, set := range m.sets {
			for _, r := range x.setRules[set] {
				if y.at[r] >= 0 {
					cost++
				}
			}
		}
	}
	return cost
}
