package lts

import (
	"cmp"
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// Rounds find the coarsest partition of states into classes such that all
// states of a class diverge or none, and have the same reach and offers:
//
//	reach(s)   the classes of what s leads to by τ*
//	offers(s)  pairs of an event and a class: s =τ* e=> t, and
//	           the class is that of t or, of weak ones, in reach(t)
//
// by splitting classes as long as there is one whose states differ (after
// Blom, Orzan, "Distributed branching bisimulation reduction of state
// spaces", 2003, who call this a signature). The largest part of a class
// keeps its number, so that a state gets a new one log n times at most.
//
// At first the rounds go over all states: by sketches, as long as that
// helps; then over what is news of the sets, which is little when most has
// been told apart (sweep). If that is not the end, sets are kept and only
// those looked at again for whom there is news (update): then each round costs
// what it changes.
//
// States are numbered so that τ leads from a state to lower ones only, but
// for the loops of those that diverge by themselves; these loops are left out
// here. So a round that goes upwards knows of what τ leads to already.
//
// Invariants, between rounds of news: the states of a class have had the same
// reach and offers when these were last looked at; and those for whom they are not
// what they were are on an agenda, or τ leads from them, by others like them,
// to one that is.
type rounds struct {
	weak     bool
	patience *patience
	number   []int32 // of each state of the machine
	order    []int32 // and back

	// Transitions: those of s are numbered first[s] to first[s+1]-1.
	first    []int32
	event    []uint32 // its number in events; 0 is τ, which comes first
	target   []int32
	taus     back
	visibles back
	events   []model.Event // rising
	diverges []bool

	class   []int32
	members [][]int32 // of each class
	place   []int32   // of each state in members[class[s]]

	reach, offers []set // of each state
	sets          *sets
	reachNeeded   []bool // of each state
	offersNeeded  []bool // and never more than before
	classHeight   int    // of sets of classes
	eventHeight   int    // of those of events on top of them
	reaches       agenda // states whose reach may be new
	offerings     agenda // states whose offers may be new
	changed       []int32
	isNews        []bool // of each class: it was split in the last sweep; nil: all are
	isChanged     []bool

	own      []uint64 // pairs of an event and a class
	numbers  []uint32
	pairings []pairing
}

func newRounds(m *model.Machine, weak bool, p *patience) (*rounds, error) {
	number, n, err := components(m, p)
	if err != nil {
		return nil, err
	}
	if n != m.Len() {
		panic("lts: there are loops of τ left")
	}
	_, order := grouped(number, n)
	r := &rounds{
		weak: weak, patience: p, number: number, order: order, first: make([]int32, 1, n+1), diverges: make([]bool, n),
		class: make([]int32, n), place: make([]int32, n),
		reach: make([]set, n), offers: make([]set, n), sets: newSets(),
		reaches: newAgenda(n), offerings: newAgenda(n), isChanged: make([]bool, n),
	}
	var numberOf map[model.Event]uint32
	r.events, numberOf = eventsOf(m)
	r.classHeight, r.eventHeight = heightFor(n, leafBits), heightFor(len(r.events), 0)
	r.event, r.target = make([]uint32, 0, m.NumTransitions()), make([]int32, 0, m.NumTransitions())
	for s, x := range order {
		events, targets := m.Transitions(model.State(x))
		if err := p.spend(1 + len(events)); err != nil {
			return nil, err
		}
		for i, e := range events {
			t := number[targets[i]]
			switch {
			case e == model.Tau && t == int32(s):
				r.diverges[s] = true
				continue
			case e == model.Tau && t > int32(s):
				panic("lts: τ leads upwards")
			case e == model.Tau && r.diverges[t]:
				r.diverges[s] = true
			}
			r.event = append(r.event, numberOf[e])
			r.target = append(r.target, t)
		}
		r.first = append(r.first, int32(len(r.event)))
	}
	r.taus = r.back(func(e uint32) bool { return e == 0 })
	r.visibles = r.back(func(e uint32) bool { return e != 0 })
	for s, d := range r.diverges {
		if d {
			r.class[s] = 1
		}
	}
	return r, nil
}

// begin makes the lists of the states of classes, which may have any numbers.
func (r *rounds) begin() {
	number := map[int32]int32{}
	for s, c := range r.class {
		of, ok := number[c]
		if !ok {
			of = int32(len(r.members))
			number[c] = of
			r.members = append(r.members, nil)
		}
		r.join(int32(s), of)
	}
	r.isNews = make([]bool, len(r.class))
	for c := range r.isNews {
		r.isNews[c] = true
	}
}

// join adds a state to a class.
func (r *rounds) join(s, c int32) {
	r.class[s], r.place[s] = c, int32(len(r.members[c]))
	r.members[c] = append(r.members[c], s)
}

// leave takes a state from the members of its class.
func (r *rounds) leave(s int32) {
	members := r.members[r.class[s]]
	last := members[len(members)-1]
	members[r.place[s]], r.place[last] = last, r.place[s]
	r.members[r.class[s]] = members[:len(members)-1]
}

// run splits classes until the states of each are alike.
func (r *rounds) run(how effort) error {
	for range how.sweeps {
		if stable, err := r.sweep(); stable || err != nil {
			return err
		}
	}
	r.sets = newSets()
	r.sets.most = how.nodes
	r.isNews = nil
	r.need()
	clear(r.reach)
	clear(r.offers)
	for s := range int32(len(r.class)) {
		r.reaches.add(s)
		r.offerings.add(s)
	}
	for {
		if err := r.update(); err != nil {
			return err
		}
		moved := r.split()
		if len(moved) == 0 {
			return nil
		}
		for _, s := range moved {
			r.reaches.add(s) // it is in a new class itself
			if !r.weak {     // for weak ones, its reach is news
				r.offerings.addAll(r.visibles.to(s))
			}
		}
	}
}

// sweep is a round that looks at all states, and only at what is news of reach
// and offers: classes that have been split in the last round. In all others
// the states of a class don't differ. It reports whether no class was split.
func (r *rounds) sweep() (stable bool, err error) {
	r.sets.reset()
	r.need()
	for s := range int32(len(r.class)) {
		if !r.reachNeeded[s] {
			continue
		}
		r.reach[s] = r.reachOf(s)
		if err := r.spend(s); err != nil {
			return false, err
		}
	}
	for s := range int32(len(r.class)) {
		if !r.offersNeeded[s] {
			continue
		}
		r.offers[s] = r.offersOf(s)
		if err := r.spend(s); err != nil {
			return false, err
		}
		if len(r.members[r.class[s]]) > 1 {
			r.changed = append(r.changed, s)
		}
	}
	clear(r.isNews)
	return len(r.split()) == 0, nil
}

// update brings reach and offers up to date.
func (r *rounds) update() error {
	for s := r.reaches.next(); s >= 0; s = r.reaches.next() {
		if !r.reachNeeded[s] {
			continue
		}
		isNew, err := r.replace(s, r.reach, r.reachOf(s))
		if err != nil {
			return err
		}
		if isNew {
			r.reaches.addAll(r.taus.to(s))
			if r.weak {
				r.offerings.addAll(r.visibles.to(s))
			}
		}
	}
	for s := r.offerings.next(); s >= 0; s = r.offerings.next() {
		if !r.offersNeeded[s] {
			continue
		}
		isNew, err := r.replace(s, r.offers, r.offersOf(s))
		if err != nil {
			return err
		}
		if isNew {
			r.offerings.addAll(r.taus.to(s))
		}
	}
	return nil
}

// need says whose reach and offers may still tell something: of a class with
// more states than one, and of what leads into the sets of these. A class never
// gets more states. What is not needed is forgotten.
func (r *rounds) need() {
	n := len(r.class)
	if r.reachNeeded == nil {
		r.reachNeeded, r.offersNeeded = make([]bool, n), make([]bool, n)
	}
	clear(r.reachNeeded)
	for s := range r.offersNeeded {
		r.offersNeeded[s] = len(r.members[r.class[s]]) > 1
	}
	for s := n - 1; s >= 0; s-- { // τ leads downwards
		if !r.offersNeeded[s] {
			r.offers[s] = empty
			continue
		}
		r.reachNeeded[s] = true
		for t := r.first[s]; t < r.first[s+1]; t++ {
			if r.event[t] == 0 {
				r.offersNeeded[r.target[t]] = true
			} else if r.weak {
				r.reachNeeded[r.target[t]] = true
			}
		}
	}
	for s := n - 1; s >= 0; s-- {
		if !r.reachNeeded[s] {
			r.reach[s] = empty
			continue
		}
		for t := r.first[s]; t < r.first[s+1] && r.event[t] == 0; t++ {
			r.reachNeeded[r.target[t]] = true
		}
	}
}

// joined returns the union of the sets of what τ leads to from s.
func (r *rounds) joined(s int32, sets []set) set {
	union := empty
	for t := r.first[s]; t < r.first[s+1] && r.event[t] == 0; t++ {
		union = r.sets.union(union, sets[r.target[t]])
	}
	return union
}

// reachOf returns the reach of s, of classes that are news.
func (r *rounds) reachOf(s int32) set {
	reach := r.joined(s, r.reach)
	if c := r.class[s]; r.isNews == nil || r.isNews[c] {
		r.numbers = append(r.numbers[:0], uint32(c))
		reach = r.sets.with(reach, r.numbers, r.classHeight)
	}
	return reach
}

// offersOf returns the offers of s, of classes that are news.
func (r *rounds) offersOf(s int32) set {
	first, last := r.first[s], r.first[s+1]
	for first < last && r.event[first] == 0 {
		first++
	}
	offers := r.joined(s, r.offers)
	if r.weak {
		return r.sets.union(offers, r.weakly(first, last))
	}
	r.own = r.own[:0]
	for t := first; t < last; t++ {
		if c := r.class[r.target[t]]; r.isNews == nil || r.isNews[c] {
			r.own = append(r.own, uint64(r.event[t])<<32|uint64(c))
		}
	}
	slices.Sort(r.own)
	return r.sets.withPairs(offers, slices.Compact(r.own), r.eventHeight, r.classHeight)
}

// weakly returns what transitions by visible events offer, and τ after them.
func (r *rounds) weakly(first, last int32) set {
	r.pairings = r.pairings[:0]
	for t := first; t < last; t++ {
		reach := r.reach[r.target[t]]
		if reach == empty {
			continue
		}
		if n := len(r.pairings); n > 0 && r.pairings[n-1].event == r.event[t] {
			r.pairings[n-1].with = r.sets.union(r.pairings[n-1].with, reach)
		} else {
			r.pairings = append(r.pairings, pairing{r.event[t], reach})
		}
	}
	return r.sets.pairs(r.pairings, r.eventHeight)
}

// spend says that the set of s has been made.
func (r *rounds) spend(s int32) error {
	steps := r.sets.steps + int(1+r.first[s+1]-r.first[s])
	r.sets.steps = 0
	return r.patience.spend(steps)
}

// replace sets the set of s, and reports whether that is new.
func (r *rounds) replace(s int32, of []set, to set) (bool, error) {
	if err := r.spend(s); err != nil {
		return false, err
	}
	if of[s] == to {
		return false, nil
	}
	of[s] = to
	if r.sets.crowded() {
		r.need()
		r.sets.keep(r.reach, r.offers)
	}
	if !r.isChanged[s] {
		r.isChanged[s] = true
		r.changed = append(r.changed, s)
	}
	return true, nil
}

// split splits each class by the reach and offers of its states, and returns
// those states that are in new classes.
func (r *rounds) split() (moved []int32) {
	compare := func(a, b int32) int {
		return cmp.Or(cmp.Compare(r.class[a], r.class[b]),
			cmp.Compare(r.reach[a], r.reach[b]), cmp.Compare(r.offers[a], r.offers[b]))
	}
	slices.SortFunc(r.changed, func(a, b int32) int { return cmp.Or(compare(a, b), cmp.Compare(a, b)) })
	for rest := r.changed; len(rest) > 0; {
		c := r.class[rest[0]]
		var parts [][]int32
		largest := 0
		for len(rest) > 0 && r.class[rest[0]] == c {
			n := 1
			for n < len(rest) && compare(rest[0], rest[n]) == 0 {
				n++
			}
			parts = append(parts, rest[:n:n])
			if n > len(parts[largest]) {
				largest = len(parts) - 1
			}
			rest = rest[n:]
		}
		for _, part := range parts {
			for _, s := range part {
				r.leave(s)
			}
		}
		// The states that have not changed are alike: they are one part more.
		if same := r.members[c]; len(same) >= len(parts[largest]) {
			largest = -1
		} else {
			if len(same) > 0 {
				parts = append(parts, same)
			}
			r.members[c] = nil
		}
		for i, part := range parts {
			to := c
			if i != largest {
				to = int32(len(r.members))
				r.members = append(r.members, nil)
				if r.isNews != nil {
					r.isNews[c], r.isNews[to] = true, true
				}
				moved = append(moved, part...)
			}
			for _, s := range part {
				r.join(s, to)
			}
		}
	}
	for _, s := range r.changed {
		r.isChanged[s] = false
	}
	r.changed = r.changed[:0]
	return moved
}

// quotient returns the machine of the classes. Of a class, the lowest state
// stands for all: its τ leads to other classes only. What others can do, it
// can do, too, after τ into other classes; so they need not do it themselves.
func (r *rounds) quotient(m *model.Machine) (*model.Machine, error) {
	// The node of a class is the first of its states in the machine.
	lowest, node := make([]int32, len(r.members)), make([]uint32, len(r.members))
	for c, members := range r.members {
		lowest[c], node[c] = members[0], uint32(m.Len())
		for _, s := range members {
			lowest[c], node[c] = min(lowest[c], s), min(node[c], uint32(r.order[s]))
		}
	}
	start := node[r.class[r.number[m.Initial()]]]
	return build(m, int(start), m.Len(), r.patience, func(x int, out []edge) ([]edge, error) {
		c := r.class[r.number[x]]
		s := lowest[c]
		loop := r.diverges[s] // or it diverges because of where τ leads to
		for t := r.first[s]; t < r.first[s+1]; t++ {
			e, to := r.events[r.event[t]], r.target[t]
			if e == model.Tau && r.class[to] == c {
				panic("lts: τ leads to a lower state of the class")
			}
			if e == model.Tau && r.diverges[to] {
				loop = false
			}
			out = append(out, edge{e, node[r.class[to]]})
		}
		if loop {
			out = append(out, edge{model.Tau, uint32(x)})
		}
		return out, nil
	})
}
