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
// Invariant: unless lanes are free, the ends of a lane's entries ascend, so
// that a pending entry is its last.
type order struct {
	entries  []Entry
	lanes    [][]int // places in entries
	count    []int   // of each entry: those of its lane that are not pending, up to it
	definite int     // entries that are not pending
	free     bool    // lanes know nothing of each other
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
	o.count = make([]int, len(o.entries))
	for _, lane := range o.lanes {
		n := 0
		for _, i := range lane {
			if !o.entries[i].pending() {
				n++
			}
			o.count[i] = n
		}
	}
	return o
}

// byProcess makes a lane of each process, in the order of the log.
func (o *order) byProcess() {
	lane := map[string]int{}
	for i := range o.entries {
		name := o.entries[i].Process
		n, ok := lane[name]
		if !ok {
			n = len(o.lanes)
			lane[name] = n
			o.lanes = append(o.lanes, nil)
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

// A turn is an entry that may be the next of all.
type turn struct {
	entry int
	lane  int
	after uint64 // how many entries of the lane are done then, or did not happen
}

// next appends the turns, at[i] entries of lane i being done or skipped.
func (o *order) next(at []uint64, out []turn) []turn {
	first := int64(math.MaxInt64) // the earliest end of what is to come
	if !o.free {
		for i, lane := range o.lanes {
			if at[i] < uint64(len(lane)) {
				first = min(first, o.entries[lane[at[i]]].End)
			}
		}
	}
	for n, lane := range o.lanes {
		for k := at[n]; k < uint64(len(lane)); k++ {
			i := lane[k]
			if o.free || o.entries[i].Begin <= first {
				out = append(out, turn{i, n, k + 1})
			}
			if !o.entries[i].pending() {
				break // it did happen: what follows comes later
			}
		}
	}
	return out
}

// explained returns how many entries that are not pending are done.
func (o *order) explained(at []uint64) int {
	n := 0
	for i, lane := range o.lanes {
		if at[i] > 0 {
			n += o.count[lane[at[i]-1]]
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
