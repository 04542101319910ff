package lts

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// Numbers of which there is one for each 32 that there may be are put in order
// faster by going through all of these than by comparing.
const scanned = 32

// Fewer edges are not worth looking at.
const fewEdges = 1 << 10

// sorted puts edges in order, each once, in their place.
func (n *Normal) sorted(edges []edge) []edge {
	compared := func() []edge {
		slices.SortFunc(edges, func(a, b edge) int {
			return cmp.Or(cmp.Compare(a.event, b.event), cmp.Compare(a.target, b.target))
		})
		return slices.Compact(edges)
	}
	if len(edges) < fewEdges {
		return compared()
	}
	events := eventsAmong(edges)
	words := (n.states.Len() + 63) / 64
	if len(edges) < 2*words*len(events) {
		return compared()
	}
	if len(n.scratch.bits) < words*len(events) {
		n.scratch.bits = make([]uint64, words*len(events))
	}
	set := n.scratch.bits // of targets, for each event, and empty
	at := map[model.Event]int{}
	for i, e := range events {
		at[e] = i * words
	}
	last, from := model.Tau, 0
	for _, e := range edges {
		if e.event != last {
			last, from = e.event, at[e.event]
		}
		set[from+int(e.target/64)] |= 1 << (e.target % 64)
	}
	edges = edges[:0]
	for i, e := range events {
		for w := range words {
			for b := set[i*words+w]; b != 0; b &= b - 1 {
				edges = append(edges, edge{e, uint32(64*w + bits.TrailingZeros64(b))})
			}
			set[i*words+w] = 0
		}
	}
	return edges
}

// eventsAmong returns the events of some edges, rising.
func eventsAmong(edges []edge) (events []model.Event) {
	last := model.Tau
	known := map[model.Event]bool{}
	for _, e := range edges {
		if e.event != last && !known[e.event] {
			known[e.event] = true
			events = append(events, e.event)
		}
		last = e.event
	}
	slices.Sort(events)
	return events
}
