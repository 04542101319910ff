package explore

import (
	"math"

	"github.com/cspcheck/cspcheck/model"
)

// Sets begin with seeds, which are rules that are possible: first with those
// that have to do with few other rules. So the rules that are possible are a
// heap by keys, and of equal ones by ranks. Of n of them few are asked for, and
// from one state to the next few change.

// noSeed is the key of a rule that is no seed.
const noSeed = math.MaxUint64

// key returns the key of a rule that is possible: that a set from it has at
// least so many that are, and with how many it has to do. It depends on the
// members that it touches, their local states and how many shares they have.
func (x *stubborn) key(r int32) uint64 {
	if x.bars(r) {
		return noSeed
	}
	y := x.scratch
	least, cost := 1, int32(len(x.setRules[x.net.rules[r].reset]))
	for i := x.partFirst[r]; i < x.partFirst[r+1]; i++ {
		p := &x.parts[i]
		cost += x.cost(p.member)
		if at := &y.members[p.member]; !p.reset && y.moves[i] {
			least = max(least, len(at.list))
		} else {
			least = max(least, int(at.changes))
		}
	}
	return uint64(least)<<32 | uint64(uint32(cost))
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

// order makes the rules that are possible a heap by keys that are right.
func (x *stubborn) order() {
	y := x.scratch
	stirred := 0
	for _, c := range y.stirred {
		stirred += len(y.members[c].list)
	}
	if y.jumbled || 2*stirred > len(y.enabled) {
		for _, r := range y.enabled {
			y.keys[r] = x.key(r)
		}
		x.heap(len(y.enabled))
	} else {
		for _, c := range y.stirred {
			for _, a := range y.members[c].list {
				if key := x.key(a.rule); key != y.keys[a.rule] {
					y.keys[a.rule] = key
					x.settle(y.at[a.rule])
				}
			}
		}
	}
	for _, c := range y.stirred {
		y.stirring[c] = false
	}
	y.stirred, y.jumbled = y.stirred[:0], false
}

// nextSeed returns the first seed that it has not returned, or -1. It moves
// behind the heap, which putBack puts right.
func (x *stubborn) nextSeed() int32 {
	y := x.scratch
	if y.left == 0 || y.keys[y.enabled[0]] == noSeed {
		return -1
	}
	r := y.enabled[0]
	y.left--
	x.swap(0, int32(y.left))
	x.down(0)
	return r
}

// putBack makes all rules that are possible a heap again.
func (x *stubborn) putBack() {
	y := x.scratch
	if y.left < len(y.enabled)/2 {
		x.heap(len(y.enabled))
	}
	for y.left < len(y.enabled) {
		y.left++
		x.up(int32(y.left - 1))
	}
}

// heap makes a heap of the first rules that are possible.
func (x *stubborn) heap(left int) {
	x.scratch.left = left
	for i := left/2 - 1; i >= 0; i-- {
		x.down(int32(i))
	}
}

// before reports whether the rule at i is to be above that at j.
func (x *stubborn) before(i, j int32) bool {
	y := x.scratch
	a, b := y.enabled[i], y.enabled[j]
	return y.keys[a] < y.keys[b] || y.keys[a] == y.keys[b] && x.rank[a] < x.rank[b]
}

func (x *stubborn) swap(i, j int32) {
	y := x.scratch
	y.enabled[i], y.enabled[j] = y.enabled[j], y.enabled[i]
	y.at[y.enabled[i]], y.at[y.enabled[j]] = i, j
}

func (x *stubborn) up(i int32) {
	for i > 0 && x.before(i, (i-1)/2) {
		x.swap(i, (i-1)/2)
		i = (i - 1) / 2
	}
}

func (x *stubborn) down(i int32) {
	left := int32(x.scratch.left)
	for {
		least := i
		for below := 2*i + 1; below <= 2*i+2 && below < left; below++ {
			if x.before(below, least) {
				least = below
			}
		}
		if least == i {
			return
		}
		x.swap(i, least)
		i = least
	}
}

// settle moves the rule at i, whose key has changed, to its place.
func (x *stubborn) settle(i int32) {
	x.up(i)
	x.down(i)
}
