package lts

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// DBisim returns the machine with fewest states that is delay bisimilar to m
// and diverges where m does. A relation R of states is a delay bisimulation
// if it is symmetric and, for s R t and s -e-> s',
//
//	e = τ  ⟹  t =τ*=> t'      for some t' with s' R t'
//	e ≠ τ  ⟹  t =τ* e=> t'    for some t' with s' R t'    (e may be ✓)
//
// It respects divergence if, besides, s diverges if and only if t does
// (Boulgakov, Gibson-Robinson, Roscoe, "Computing maximal weak and other
// bisimulations", 2016).
//
// It costs what Bisim and TauLoops do, and then rounds, in which those states
// are looked at again for whom something is new: of the classes of what they
// lead to, by τ* and an event, one was split. What a state leads to is kept
// as sets of classes, equal sets once: 8 bytes for each class that τ leads
// to, and for each pair of an event and a class. Where τ leads far and few
// states are bisimilar, that is the square of the number of states.
func DBisim(m *model.Machine, check func() error) (*model.Machine, error) {
	return quotientOf(m, false, check)
}

// WBisim is DBisim for weak bisimulations: those in which
//
//	e ≠ τ  ⟹  t =τ* e τ*=> t'    for some t' with s' R t'
//
// There are more of them, so that the machine may be smaller, and the sets
// are larger.
func WBisim(m *model.Machine, check func() error) (*model.Machine, error) {
	return quotientOf(m, true, check)
}

func quotientOf(m *model.Machine, weak bool, check func() error) (*model.Machine, error) {
	m, err := Bisim(m, check)
	if err != nil {
		return nil, err
	}
	if m, err = TauLoops(m, check); err != nil {
		return nil, err
	}
	r, err := newRounds(m, weak, &patience{check: check})
	if err != nil {
		return nil, err
	}
	if err := r.run(); err != nil {
		return nil, err
	}
	return r.quotient(m)
}

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
// keeps its number, so that a state gets a new one log n times at most, and
// only then there is news for what leads there.
//
// States are numbered so that τ leads from a state to lower ones only, but
// for the loops of those that diverge by themselves; these loops are left out
// here. So a round that goes upwards knows of what τ leads to already.
//
// Invariants, between rounds: the states of a class have had the same reach
// and offers when these were last looked at; and those for whom they are not
// what they were are on an agenda, or τ leads from them, by others like them,
// to one that is.
type rounds struct {
	weak     bool
	patience *patience
	number   []int32 // of each state of the machine
	order    []int32 // and back

	// Transitions: those of s are numbered first[s] to first[s+1]-1.
	first    []int32
	event    []model.Event
	target   []int32
	taus     back
	visibles back
	diverges []bool

	class   []int32
	members [][]int32 // of each class
	place   []int32   // of each state in members[class[s]]

	reach, offers []*set
	sets          sets
	reaches       agenda // states whose reach may be new
	offerings     agenda // states whose offers may be new
	changed       []int32
	isChanged     []bool

	own   []uint64
	parts []*set
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
		reach: make([]*set, n), offers: make([]*set, n), sets: sets{byHash: map[uint64]*set{}},
		reaches: newAgenda(n), offerings: newAgenda(n), isChanged: make([]bool, n),
	}
	for s, x := range order {
		events, targets := m.Transitions(model.State(x))
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
			r.event = append(r.event, e)
			r.target = append(r.target, t)
		}
		r.first = append(r.first, int32(len(r.event)))
	}
	r.taus = r.back(func(e model.Event) bool { return e == model.Tau })
	r.visibles = r.back(func(e model.Event) bool { return e != model.Tau })
	classes := map[bool]int32{}
	for s := range int32(n) {
		c, ok := classes[r.diverges[s]]
		if !ok {
			c = int32(len(r.members))
			classes[r.diverges[s]] = c
			r.members = append(r.members, nil)
		}
		r.join(s, c)
		r.reaches.add(s)
		r.offerings.add(s)
	}
	return r, nil
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

func (r *rounds) run() error {
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

// update brings reach and offers up to date.
func (r *rounds) update() error {
	for s := r.reaches.next(); s >= 0; s = r.reaches.next() {
		r.own = append(r.own[:0], uint64(r.class[s]))
		r.parts = r.parts[:0]
		for t := range r.after(s) {
			if r.event[t] != model.Tau {
				break // τ comes first
			}
			r.parts = append(r.parts, r.reach[r.target[t]])
		}
		isNew, err := r.replace(s, &r.reach[s])
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
		r.own, r.parts = r.own[:0], r.parts[:0]
		for t := range r.after(s) {
			e, to := r.event[t], r.target[t]
			switch {
			case e == model.Tau:
				r.parts = append(r.parts, r.offers[to])
			case r.weak:
				for _, c := range r.reach[to].items {
					r.own = append(r.own, uint64(e)<<32|c)
				}
			default:
				r.own = append(r.own, uint64(e)<<32|uint64(r.class[to]))
			}
		}
		isNew, err := r.replace(s, &r.offers[s])
		if err != nil {
			return err
		}
		if isNew {
			r.offerings.addAll(r.taus.to(s))
		}
	}
	return nil
}

// after yields the numbers of the transitions of s.
func (r *rounds) after(s int32) func(yield func(t int32) bool) {
	return func(yield func(t int32) bool) {
		for t := r.first[s]; t < r.first[s+1] && yield(t); t++ {
		}
	}
}

// replace puts what is in own or in one of the parts into a set of s, and
// reports whether that is new.
func (r *rounds) replace(s int32, at **set) (bool, error) {
	steps := 1 + len(r.own)
	for _, p := range r.parts {
		steps += len(p.items)
	}
	if err := r.patience.spend(steps); err != nil {
		return false, err
	}
	union := r.sets.union(r.own, r.parts)
	if union == *at {
		return false, nil
	}
	union.uses++
	if *at != nil {
		r.sets.release(*at)
	}
	*at = union
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
			cmp.Compare(r.reach[a].id, r.reach[b].id), cmp.Compare(r.offers[a].id, r.offers[b].id))
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
		for t := range r.after(s) {
			e, to := r.event[t], r.target[t]
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

// Back lists where some of the transitions to each state come from.
type back struct{ first, from []int32 }

func (b *back) to(s int32) []int32 { return b.from[b.first[s]:b.first[s+1]] }

// back returns the transitions by some events, backwards.
func (r *rounds) back(by func(model.Event) bool) back {
	n := len(r.diverges)
	var from, target []int32
	for s := range int32(n) {
		for t := range r.after(s) {
			if by(r.event[t]) {
				from, target = append(from, s), append(target, r.target[t])
			}
		}
	}
	first, order := grouped(target, n)
	for i, t := range order {
		order[i] = from[t]
	}
	return back{first, order}
}

// An agenda is a set of states from which the lowest is taken. What is added
// must be higher than what was taken last, unless it has become empty.
type agenda struct {
	bits   []uint64
	lo, hi int // members are in bits[lo:hi]
}

func newAgenda(n int) agenda { return agenda{bits: make([]uint64, (n+63)/64)} }

func (a *agenda) add(s int32) {
	i := int(s / 64)
	if a.lo == a.hi {
		a.lo, a.hi = i, i+1
	}
	a.lo, a.hi = min(a.lo, i), max(a.hi, i+1)
	a.bits[i] |= 1 << (s % 64)
}

func (a *agenda) addAll(states []int32) {
	for _, s := range states {
		a.add(s)
	}
}

// next takes the lowest state, or is -1.
func (a *agenda) next() int32 {
	for ; a.lo < a.hi; a.lo++ {
		if w := a.bits[a.lo]; w != 0 {
			a.bits[a.lo] = w & (w - 1)
			return int32(64*a.lo + bits.TrailingZeros64(w))
		}
	}
	return -1
}
