package explore

// Of n rules at a component that all need each other, the set from the first
// has all of them; that from another need not be made to know that it has, too.

// fail notes that the set from a seed has too much, and so has one with all
// rules that may change, or touch, a member that the seed does.
func (x *stubborn) fail(seed int32) {
	y := x.scratch
	y.failed[seed] = y.pass
	for i := x.partFirst[seed]; i < x.partFirst[seed+1]; i++ {
		x.failAt(x.parts[i].member, y.moves[i])
	}
	if set := x.net.rules[seed].reset; set != 0 {
		for _, span := range x.net.net.SpansOf(int(set)) {
			for c := y.failedResets.next(span.Lo, y.pass); c < span.Hi; c = y.failedResets.next(c, y.pass) {
				y.failedResets.pass(c, y.pass)
				x.failAt(c, x.moved(c))
			}
		}
	}
	if x.effort != Fast && 2*y.doomed > y.left {
		x.sift()
	}
}

// failAt notes that a set has too much that has all rules that touch a member
// or, if the one that failed changes it, may change it. Its rules need them.
func (x *stubborn) failAt(c int32, changes bool) {
	y := x.scratch
	if y.failedChanges[c] == y.pass || !changes && y.failedTouches[c] == y.pass {
		return
	}
	y.failedTouches[c] = y.pass
	if changes {
		y.failedChanges[c] = y.pass
	}
	for _, a := range y.members[c].list {
		if (changes || a.changes) && !a.reset && y.failed[a.rule] != y.pass {
			y.failed[a.rule] = y.pass
			if int(y.at[a.rule]) < y.left {
				y.doomed++
			}
		}
	}
}

// sift leaves in the heap only seeds that have not failed.
func (x *stubborn) sift() {
	y := x.scratch
	kept := int32(0)
	for i := range int32(y.left) {
		if y.failed[y.enabled[i]] != y.pass {
			x.swap(i, kept)
			kept++
		}
	}
	y.doomed = 0
	x.heap(int(kept))
}
