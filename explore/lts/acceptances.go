package lts

import (
	"cmp"
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// An acceptance is what a stable state offers, rising.
type acceptance []model.Event

// Acceptances are some of them, found by what is in them: of many each is listed
// under one of its events, the one that fewest others have, and can be a subset of
// those sets only that have it.
type acceptances struct {
	all    []acceptance
	listed []uint64 // of many: event and number of each, rising
}

// fewAcceptances are looked at one by one.
const fewAcceptances = 8

// listed returns acceptances, given memory for how many have an event, all 0.
func listed(all []acceptance, times []int32) acceptances {
	x := acceptances{all: all}
	if len(all) <= fewAcceptances {
		return x
	}
	for _, a := range all {
		for _, e := range a {
			times[e]++
		}
	}
	for i, a := range all {
		if len(a) == 0 { // a subset of all others, as if each offered τ
			x.listed = append(x.listed, uint64(i))
			continue
		}
		rarest := slices.MinFunc(a, func(e, f model.Event) int { return cmp.Compare(times[e], times[f]) })
		x.listed = append(x.listed, uint64(rarest)<<32|uint64(i))
	}
	for _, a := range all {
		for _, e := range a {
			times[e] = 0
		}
	}
	slices.Sort(x.listed)
	return x
}

// within reports whether one of those that want is asked about is a subset of
// what is offered, of which marked has the events.
func (x *acceptances) within(offered []model.Event, marked *marks, want func(i int) bool) bool {
	subset := func(i int) bool {
		return want(i) && !slices.ContainsFunc(x.all[i], func(e model.Event) bool { return !marked.has(int(e)) })
	}
	if x.listed == nil {
		for i := range x.all {
			if subset(i) {
				return true
			}
		}
		return false
	}
	under := func(e model.Event) bool {
		from, _ := slices.BinarySearch(x.listed, uint64(e)<<32)
		for _, l := range x.listed[from:] {
			if l>>32 != uint64(e) {
				break
			}
			if subset(int(uint32(l))) {
				return true
			}
		}
		return false
	}
	return under(model.Tau) || slices.ContainsFunc(offered, under)
}

// mark marks events, and makes room for all that are known.
func (n *Normal) mark(events []model.Event) *marks {
	m := &n.scratch.marked
	m.clear()
	for _, e := range events {
		m.grow(int(e) + 1)
		m.add(int(e))
	}
	m.grow(len(n.scratch.times))
	return m
}

// minimal returns what the stable ones of the states offer, without what
// contains another.
func (n *Normal) minimal(set []uint32) (acceptances, error) {
	var all []acceptance
	var buf acceptance
	var met map[uint64][]int // by hash, of more than one
	if len(set) > 1 {
		met = map[uint64][]int{}
	}
	for _, s := range set {
		events, _, err := n.states.Transitions(int(s))
		if err != nil {
			return acceptances{}, err
		}
		if len(events) > 0 && events[0] == model.Tau {
			continue
		}
		buf = slices.Compact(append(buf[:0], events...))
		h := hashOfEvents(buf)
		if slices.ContainsFunc(met[h], func(i int) bool { return slices.Equal(all[i], buf) }) {
			continue
		}
		if met != nil {
			met[h] = append(met[h], len(all))
		}
		all = append(all, slices.Clone(buf))
		if k := len(buf); k > 0 && int(buf[k-1]) >= len(n.scratch.times) {
			n.scratch.times = append(n.scratch.times, make([]int32, int(buf[k-1])+1-len(n.scratch.times))...)
		}
	}
	if len(all) < 2 {
		return acceptances{all: all}, nil
	}
	x := listed(all, n.scratch.times)
	var least []acceptance
	for i, a := range all {
		if !x.within(a, n.mark(a), func(j int) bool { return j != i }) {
			least = append(least, a)
		}
	}
	return listed(least, n.scratch.times), nil
}

// hashOfEvents mixes events, as FNV does.
func hashOfEvents(events []model.Event) uint64 {
	h := uint64(0xcbf29ce484222325)
	for _, e := range events {
		h = (h ^ uint64(uint32(e))) * 0x100000001b3
	}
	return h
}

// Accepts reports whether a stable state that offers the events, ✓ included,
// is allowed at x: whether some acceptance of x is a subset of them.
func (n *Normal) Accepts(x Node, offered []model.Event) bool {
	p := &n.nodes[x]
	return p.anything || p.acceptances.within(offered, n.mark(offered), func(int) bool { return true })
}

// Acceptances returns the minimal acceptances of a node, each rising, in a
// fixed order.
func (n *Normal) Acceptances(x Node) [][]model.Event {
	out := [][]model.Event{}
	for _, a := range n.nodes[x].acceptances.all {
		out = append(out, slices.Clone(a))
	}
	slices.SortFunc(out, slices.Compare)
	return out
}
