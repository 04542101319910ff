package explore

import (
	"cmp"
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// A rule costs more to be found by what has changed than by a look at all.
const followCost = 4

// follow is enable by what is other than in the state before: of the members
// that have moved, the rules that were possible are dropped, and those that
// are ready looked at. It does nothing where that is not much less than to look
// at everything, or where a component is on demand: it may be asked only what
// it always is.
func (x *stubborn) follow(s []uint64) bool {
	y := x.scratch
	if x.demand {
		return false
	}
	y.moved = y.moved[:0]
	cost := 0
	for w, word := range s {
		d := word ^ y.state[w]
		if d == 0 {
			continue
		}
		for _, c := range x.inWord[w] {
			if m := &x.roles[c]; d>>m.shift&m.mask != 0 {
				y.moved = append(y.moved, c)
				cost += 1 + len(y.members[c].list) + int(m.at[word>>m.shift&m.mask].ready)
			}
		}
		if followCost*cost > len(x.roles)+len(y.enabled) {
			return false
		}
	}
	for _, c := range y.moved {
		for list := y.members[c].list; len(list) > 0; list = y.members[c].list {
			x.drop(list[len(list)-1].rule)
		}
	}
	for _, c := range y.moved {
		m := &x.roles[c]
		y.now[c] = model.State(s[m.word] >> m.shift & m.mask)
		x.stir(c)
	}
	for _, c := range y.moved {
		m := &x.roles[c]
		for _, span := range x.local(c).spans {
			for _, r := range m.rules[span.lo:span.hi] {
				if y.at[r] < 0 && x.unblocked(r) {
					x.take(r)
				}
			}
		}
	}
	return true
}

// unblocked reports whether a rule is possible. Whoever kept it from that the
// last time is asked first: a rule of n participants may be looked at when
// each of them is ready.
func (x *stubborn) unblocked(r int32) bool {
	y := x.scratch
	parts := x.partsOf(r)
	from := y.blockers[r]
	for i := range int32(len(parts)) {
		if i += from; i >= int32(len(parts)) {
			i -= int32(len(parts))
		}
		if !x.able(&parts[i]) {
			y.blockers[r] = i
			return false
		}
	}
	return true
}

// take adds a rule to those that are possible.
func (x *stubborn) take(r int32) {
	y := x.scratch
	y.keys[r] = noSeed // until it is in order
	y.at[r] = int32(len(y.enabled))
	y.enabled = append(y.enabled, r)
	y.left = len(y.enabled)
	x.up(y.at[r])
	for i := x.partFirst[r]; i < x.partFirst[r+1]; i++ {
		c := x.parts[i].member
		at, _ := x.rankIn(c, r)
		y.members[c].add(at, x.share(r, i))
		x.stir(c)
	}
}

// drop takes a rule from those that are possible.
func (x *stubborn) drop(r int32) {
	y := x.scratch
	i, last := y.at[r], int32(len(y.enabled)-1)
	x.swap(i, last)
	y.enabled, y.left, y.at[r] = y.enabled[:last], int(last), -1
	if i < last {
		x.settle(i)
	}
	parts := x.partsOf(r)
	for i := range parts {
		c := parts[i].member
		m := &y.members[c]
		at, _ := x.rankIn(c, r)
		if m.list[at].changes {
			m.changes--
		}
		m.list = slices.Delete(m.list, at, at+1)
		x.stir(c)
	}
}

// rankIn finds where a rule is among the shares of a member, or would be.
func (x *stubborn) rankIn(c, r int32) (int, bool) {
	return slices.BinarySearchFunc(x.scratch.members[c].list, x.rank[r], func(a stubbornShare, rank int32) int { return cmp.Compare(x.rank[a.rule], rank) })
}

// stir notes that the keys of a member's rules may be wrong.
func (x *stubborn) stir(c int32) {
	y := x.scratch
	if !y.jumbled && !y.stirring[c] {
		y.stirring[c] = true
		y.stirred = append(y.stirred, c)
	}
}
