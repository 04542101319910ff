package conform

import (
	"cmp"
	"container/heap"
	"math"
	"slices"
)

// An order is that of a log's entries, as lanes: the entries of a lane happen
// one after the other. There are as many lanes as there are entries that
// overlap, or as processes.
//
// Invariants: unless lanes are free, the ends of a lane's entries ascend; a
// pending entry is the last of its lane.
type order struct {
	entries  []Entry
	lanes    [][]int // places in entries
	needs    []need  // of each lane, if they are free: before anything in it
	definite int     // entries that are not pending
	free     bool    // what needs says is all that lanes know of each other
}

// A need is that so many entries of a lane are done.
type need struct {
	lane int
	done uint64
}

func newOrder(l *Log, perProcess bool) *order {
	o := &order{entries: l.Entries, free: perProcess}
	for i := range l.Entries {
		if !l.Entries[i].pending() {
			o.definite++
		}
	}
	if perProcess {
		o.byProcess()
	} else {
		o.byTime()
	}
	return o
}

// byProcess makes a lane of each process, in the order of the log. A pending
// entry is alone: as it has not ended, it may come after others that follow
// it in the log, but not before those that it follows.
func (o *order) byProcess() {
	lanes := map[string]int{}
	for i := range o.entries {
		e := &o.entries[i]
		n, ok := lanes[e.Process]
		if !ok {
			n = len(o.lanes)
			lanes[e.Process] = n
			o.lanes, o.needs = append(o.lanes, nil), append(o.needs, need{})
		}
		if e.pending() {
			o.lanes, o.needs = append(o.lanes, []int{i}), append(o.needs, need{n, uint64(len(o.lanes[n]))})
			continue
		}
		o.lanes[n] = append(o.lanes[n], i)
	}
}

// byTime makes as few lanes as can be: each entry, in the order of Begin,
// follows the one that ended first, if that has.
func (o *order) byTime() {
	sorted := make([]int, len(o.entries))
	for i := range sorted {
		sorted[i] = i
	}
	slices.SortStableFunc(sorted, func(i, j int) int { return cmp.Compare(o.entries[i].Begin, o.entries[j].Begin) })
	var ends laneEnds
	for _, i := range sorted {
		e := &o.entries[i]
		if len(ends) > 0 && ends[0].end < e.Begin {
			n := ends[0].lane
			o.lanes[n] = append(o.lanes[n], i)
			ends[0].end = e.End
			heap.Fix(&ends, 0)
			continue
		}
		heap.Push(&ends, laneEnd{e.End, len(o.lanes)})
		o.lanes = append(o.lanes, []int{i})
	}
}

// next appends the lanes whose next entry may be the next of all, at[i]
// entries of lane i being done.
func (o *order) next(at []uint64, out []int) []int {
	first := int64(math.MaxInt64) // the earliest end of what is to come
	if !o.free {
		for i, lane := range o.lanes {
			if at[i] < uint64(len(lane)) {
				first = min(first, o.entries[lane[at[i]]].End)
			}
		}
	}
	for i, lane := range o.lanes {
		switch {
		case at[i] == uint64(len(lane)):
		case o.free && at[o.needs[i].lane] < o.needs[i].done:
		case !o.free && o.entries[lane[at[i]]].Begin > first:
		default:
			out = append(out, i)
		}
	}
	return out
}

// explained returns how many entries that are not pending are done.
func (o *order) explained(at []uint64) int {
	n := 0
	for i, lane := range o.lanes {
		n += int(at[i])
		if at[i] > 0 && o.entries[lane[at[i]-1]].pending() {
			n--
		}
	}
	return n
}

// laneEnds is a heap of when lanes end.
type laneEnds []laneEnd

type laneEnd struct {
	end  int64
	lane int
}

func (h laneEnds) Len() int { return len(h) }
func (h laneEnds) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(h[i].end, h[j].end), cmp.Compare(h[i].lane, h[j].lane)) < 0
}
func (h laneEnds) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *laneEnds) Push(x any)   { *h = append(*h, x.(laneEnd)) }
func (h *laneEnds) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}
