package render

import (
	"slices"

	"github.com/cspcheck/cspcheck/explore"
)

// How a cycle comes about, the better reason first.
const (
	overOffers = iota // each offers what the next would have to join
	overNever         // some never does what the one before waits for
	overTick          // some waits to terminate
)

// WaitCycle returns a shortest cycle of components that wait for each other,
// or nil. Each waits for the next, the last for the first. Of several
// shortest cycles it is the one whose components come first, the lowest of
// them leading. A component that waits for itself alone is no cycle of two
// parties, but it is one.
//
// A cycle that runs over ✓, some component of which only waits for the others
// to end, says little: it is returned only where there is no other. So it is, a
// little less so, with waits for one that never does the event.
//
// It costs a breadth-first search from each waiting component.
func WaitCycle(b *explore.Behaviour) []int {
	cycle, _ := waitCycle(b)
	return cycle
}

// waitCycle also says how the cycle comes about.
func waitCycle(b *explore.Behaviour) (cycle []int, over int) {
	for over := overOffers; over <= overTick; over++ {
		cycle := cycleIn(waitsForIn(b, over))
		if cycle != nil {
			return cycle, over
		}
	}
	return nil, overOffers
}

// overOf says how good a wait for f is as a part of a cycle.
func overOf(w *explore.Wait, f explore.Blocker) int {
	switch {
	case w.Event == "✓":
		return overTick
	case neverDoes(f):
		return overNever
	}
	return overOffers
}

// waitsForIn returns for whom each component waits, as far as that is wanted.
func waitsForIn(b *explore.Behaviour, over int) [][]int {
	n := len(b.Components)
	waitsFor := make([][]int, n)
	for _, w := range b.Waits {
		for _, f := range w.For {
			if overOf(&w, f) > over {
				continue
			}
			if f.Component >= 0 && f.Component < n && w.Component >= 0 && w.Component < n {
				waitsFor[w.Component] = append(waitsFor[w.Component], f.Component)
			}
		}
	}
	for i := range waitsFor {
		slices.Sort(waitsFor[i])
		waitsFor[i] = slices.Compact(waitsFor[i])
	}
	return waitsFor
}

// mainWaits returns a wait of each component to stand for all: in a ring of
// components that could help each other that for the next one, as in the
// words, and otherwise the first.
func mainWaits(b *explore.Behaviour) map[int]*explore.Wait {
	next := map[int]int{}
	if cycle, over := waitCycle(b); over == overOffers {
		for i, c := range cycle {
			next[c] = cycle[(i+1)%len(cycle)]
		}
	}
	waits, helped := map[int]*explore.Wait{}, map[int]bool{}
	for i := range b.Waits {
		w := &b.Waits[i]
		to, on := next[w.Component]
		help := on && slices.ContainsFunc(w.For, func(f explore.Blocker) bool { return f.Component == to && overOf(w, f) == overOffers })
		if waits[w.Component] == nil || help && !helped[w.Component] {
			waits[w.Component], helped[w.Component] = w, help
		}
	}
	return waits
}

// cycleIn is WaitCycle of what is given by whom each waits for.
func cycleIn(waitsFor [][]int) []int {
	n := len(waitsFor)
	// A cycle is found from its lowest component, over higher ones only, so
	// each is looked for once. Successors are visited in ascending order,
	// which makes the first path to arrive the lowest of the shortest.
	var best []int
	seen := make([]int, n) // the start from which a component was seen last, plus 1
	from := make([]int, n)
	depth := make([]int, n)
	for start := range n {
		queue := []int{start}
		seen[start], depth[start] = start+1, 1
	search:
		for len(queue) > 0 {
			at := queue[0]
			queue = queue[1:]
			if best != nil && depth[at] >= len(best) {
				break
			}
			for _, to := range waitsFor[at] {
				if to == start {
					best = make([]int, depth[at])
					for i := len(best) - 1; i >= 0; i-- {
						best[i] = at
						at = from[at]
					}
					break search
				}
				if to > start && seen[to] != start+1 {
					seen[to], from[to], depth[to] = start+1, at, depth[at]+1
					queue = append(queue, to)
				}
			}
		}
	}
	return best
}
