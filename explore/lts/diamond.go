package lts

import (
	"cmp"
	"encoding/binary"
	"errors"
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// Diamond returns m with τ only where it makes a choice: diamond compression
// (Roscoe et al., "Hierarchical compression for model-checking CSP", 1995).
// A state does at once what m's does after τ, and needs no τ to where all
// goes on: after TauLoops,
//
//	s =τ* e=> t       s -e-> t, unless s =τ* e=> u and u =τ=> t
//	s =τ*=> a loop    s -τ-> s
//	s =τ*=> u stable  s -τ-> u, unless another offers less, or the same
//
// and not that last τ either, if s has no loop and u offers all that s now
// does. Only what can still be reached is left; so there are no more states
// than before, though there may be more transitions.
//
// What a state comes to do is found by going all ways by τ, as long as that is
// little (see nearby), and then made of what those come to do that τ leads to,
// and shared with them (see set). But there may be as many transitions as the
// square of the number of states, where many states by τ do many things. A
// machine that would outgrow m so far (see outgrown) is made by DBisim
// instead.
func Diamond(m *model.Machine, check func() error) (*model.Machine, error) {
	m, err := TauLoops(m, check)
	if err != nil {
		return nil, err
	}
	d, err := diamondOf(m, Everything, check)
	if d == nil && err == nil {
		return DBisim(m, check)
	}
	return d, err
}

// diamondOf is Diamond, of a machine without loops of τ, for what is kept. It
// is nil if it outgrows the machine.
func diamondOf(m *model.Machine, keep Keep, check func() error) (*model.Machine, error) {
	d, err := newDiamond(m, keep, &patience{check: check})
	if err != nil {
		return nil, err
	}
	return d.made()
}

// made returns the machine, or nil if it outgrows the one it is made of.
func (d *diamond) made() (*model.Machine, error) {
	made, err := build(d.Machine, int(d.Initial()), d.Len(), d.patience, d.edges)
	if errors.Is(err, errOutgrown) {
		return nil, nil
	}
	return made, err
}

// A machine made of one of n states and m transitions has outgrown it when
// it has someEdges and mostEdges*(n+m) transitions, or has taken someSteps and
// mostSteps*(n+m) steps.
const (
	mostEdges = 8
	someEdges = 1 << 16
	mostSteps = 64
	someSteps = 1 << 20
)

var errOutgrown = errors.New("the machine has outgrown the one it is made of")

// A diamond is a machine without loops of τ but from a state to itself, and
// what its states come to do.
type diamond struct {
	*model.Machine
	patience             *patience
	keep                 Keep    // Everything, or less
	rank                 []int32 // τ leads from a state to such of lower rank
	edgesLeft, stepsLeft int

	near   nearby
	offers [][]model.Event // sets, each once
	offer  []int32         // of each state: which of them, if it is stable; or -1

	// What states come to do, if that is known.
	known     []bool
	diverges  []bool
	accepting [][]model.State // the stable states that τ leads to and that offer least, rising
	after     []set           // pairs of an event's number and a state
	events    []model.Event   // by number
	numberOf  map[model.Event]uint32
	sets      *sets
	// Heights of sets of states, and of those of events on top of them.
	stateHeight, eventHeight int
	maxima                   map[set][]uint32 // of a set of states, those to which τ leads from no other

	// Scratch.
	covered  marks // from what an event leads to
	offered  marks // by states that are reached
	stack    []model.State
	numbers  []uint32
	pairings []pairing
}

func newDiamond(m *model.Machine, keep Keep, p *patience) (*diamond, error) {
	rank, _, err := components(m, p)
	if err != nil {
		return nil, err
	}
	n, size := m.Len(), m.Len()+m.NumTransitions()
	d := &diamond{
		Machine: m, patience: p, keep: keep, rank: rank, offer: make([]int32, n),
		edgesLeft: someEdges + mostEdges*size, stepsLeft: someSteps + mostSteps*size,
		known: make([]bool, n), diverges: make([]bool, n), accepting: make([][]model.State, n), after: make([]set, n),
		sets: newSets(), maxima: map[set][]uint32{}, covered: newMarks(n),
		near: nearby{left: nearSteps * size, seen: newMarks(n)},
	}
	d.events, d.numberOf = eventsOf(m)
	d.stateHeight, d.eventHeight = heightFor(n, leafBits), heightFor(len(d.events), 0)
	number := map[string]int32{}
	var key []byte
	for s := range d.offer {
		events, _ := m.Transitions(model.State(s))
		if d.offer[s] = -1; len(events) > 0 && events[0] == model.Tau {
			continue
		}
		initials := slices.Compact(slices.Clone(events))
		key = key[:0]
		for _, e := range initials {
			key = binary.LittleEndian.AppendUint32(key, uint32(e))
		}
		i, ok := number[string(key)]
		if !ok {
			i = int32(len(d.offers))
			number[string(key)] = i
			d.offers = append(d.offers, initials)
		}
		d.offer[s] = i
	}
	d.offered = newMarks(len(d.offers))
	return d, nil
}

// edges appends what the state comes to do.
func (d *diamond) edges(x int, out []edge) ([]edge, error) {
	var initials int
	var accepting []model.State
	var diverges bool
	near, err := d.near.left > 0, error(nil)
	if near {
		near, err = d.near.look(d.Machine, model.State(x), d.patience)
	}
	switch {
	case err != nil:
		return nil, err
	case near:
		accepting, diverges = d.minimal(d.near.stable), d.near.loops
		before := d.stepsLeft
		out, initials, err = d.nearEdges(out)
		d.near.left -= before - d.stepsLeft
	default:
		out, initials, err = d.sharedEdges(x, out)
		accepting, diverges = d.accepting[x], d.diverges[x]
	}
	if err != nil {
		return nil, err
	}
	if d.edgesLeft -= len(out); d.edgesLeft < 0 {
		return nil, errOutgrown
	}
	if d.keep == Traces {
		return out, nil
	}
	if d.keep == Failures && len(accepting) > 0 {
		diverges = false
	}
	if diverges {
		out = append(out, edge{model.Tau, uint32(x)})
	}
	if len(accepting) == 1 && !diverges && len(d.offers[d.offer[accepting[0]]]) == initials {
		return out, nil
	}
	for _, s := range accepting {
		out = append(out, edge{model.Tau, uint32(s)})
	}
	return out, nil
}

// sharedEdges appends the visible edges of a state, made of what those come to do
// that τ leads to, and returns how many events they have.
func (d *diamond) sharedEdges(x int, out []edge) (with []edge, initials int, err error) {
	if err := d.know(model.State(x)); err != nil {
		return nil, 0, err
	}
	for e, targets := range d.sets.pairsOf(d.after[x], d.eventHeight) {
		maxima, err := d.maximaOf(targets)
		if err != nil {
			return nil, 0, err
		}
		for _, t := range maxima {
			out = append(out, edge{d.events[e], t})
		}
		initials++
	}
	return out, initials, nil
}

// know finds what a state comes to do, and those before it to which τ leads.
func (d *diamond) know(s model.State) error {
	if d.known[s] {
		return nil
	}
	d.stack = append(d.stack[:0], s)
	for len(d.stack) > 0 {
		if d.sets.crowded() {
			d.sets.keep(d.after)
			clear(d.maxima)
		}
		s := d.stack[len(d.stack)-1]
		if d.known[s] {
			d.stack = d.stack[:len(d.stack)-1]
			continue
		}
		ready := true
		for _, t := range tausOf(d.Machine, s) {
			if t != s && !d.known[t] {
				ready = false
				d.stack = append(d.stack, t)
			}
		}
		if ready {
			d.join(s)
		}
		events, _ := d.Transitions(s)
		if err := d.spend(1 + len(events) + d.sets.steps); err != nil {
			return err
		}
		d.sets.steps = 0
	}
	return nil
}

// join finds what s comes to do; of what τ leads to, that is known.
func (d *diamond) join(s model.State) {
	d.known[s] = true
	if d.offer[s] >= 0 {
		d.accepting[s] = []model.State{s}
	}
	after := empty
	taus := tausOf(d.Machine, s)
	for _, t := range taus {
		if t == s {
			d.diverges[s] = true
			continue
		}
		d.diverges[s] = d.diverges[s] || d.diverges[t]
		after = d.sets.union(after, d.after[t])
		switch {
		case len(d.accepting[s]) == 0:
			d.accepting[s] = d.accepting[t]
		case !slices.Equal(d.accepting[s], d.accepting[t]):
			d.accepting[s] = d.minimal(slices.Concat(d.accepting[s], d.accepting[t]))
		}
	}
	d.pairings = d.pairings[:0]
	events, targets := d.Transitions(s)
	for i := len(taus); i < len(events); {
		e := events[i]
		d.numbers = d.numbers[:0]
		for ; i < len(events) && events[i] == e; i++ {
			d.numbers = append(d.numbers, uint32(targets[i]))
		}
		d.pairings = append(d.pairings, pairing{d.numberOf[e], d.sets.of(d.numbers, d.stateHeight)})
	}
	d.after[s] = d.sets.union(after, d.sets.pairs(d.pairings, d.eventHeight))
}

// maximaOf returns those of a set of states to which τ leads from no other.
func (d *diamond) maximaOf(of set) ([]uint32, error) {
	if maxima, ok := d.maxima[of]; ok {
		return maxima, d.spend(1 + len(maxima))
	}
	var all []uint32
	for t := range d.sets.numbersOf(of, d.stateHeight) {
		all = append(all, t)
	}
	maxima, err := d.maximal(all)
	if err != nil {
		return nil, err
	}
	maxima = slices.Clone(maxima)
	d.maxima[of] = maxima
	return maxima, nil
}

// maximal leaves those of some states to which τ leads from no other.
func (d *diamond) maximal(all []uint32) ([]uint32, error) {
	if err := d.spend(1 + len(all)); err != nil || len(all) < 2 {
		return all, err
	}
	// From the highest rank downwards: what covers another comes before it.
	slices.SortFunc(all, func(s, t uint32) int { return cmp.Compare(d.rank[t], d.rank[s]) })
	lowest := d.rank[all[len(all)-1]]
	d.covered.clear()
	maxima := all[:0]
	for _, t := range all {
		if !d.covered.has(int(t)) {
			maxima = append(maxima, t)
			if err := d.cover(model.State(t), lowest); err != nil {
				return nil, err
			}
		}
	}
	return maxima, nil
}

// cover marks all that τ leads to from s, down to a rank.
func (d *diamond) cover(s model.State, lowest int32) error {
	d.covered.add(int(s))
	d.stack = append(d.stack[:0], s)
	for len(d.stack) > 0 {
		s := d.stack[len(d.stack)-1]
		d.stack = d.stack[:len(d.stack)-1]
		taus := tausOf(d.Machine, s)
		if err := d.spend(1 + len(taus)); err != nil {
			return err
		}
		for _, t := range taus {
			if d.rank[t] >= lowest && !d.covered.has(int(t)) {
				d.covered.add(int(t))
				d.stack = append(d.stack, t)
			}
		}
	}
	return nil
}

// spend says that so many steps have been done.
func (d *diamond) spend(steps int) error {
	if d.stepsLeft -= steps; d.stepsLeft < 0 {
		return errOutgrown
	}
	return d.patience.spend(steps)
}

// tausOf returns where τ leads from s.
func tausOf(m *model.Machine, s model.State) []model.State {
	events, targets := m.Transitions(s)
	n := 0
	for n < len(events) && events[n] == model.Tau {
		n++
	}
	return targets[:n]
}

// minimal returns those of some stable states that offer no more than others,
// the first for each set of events, rising.
func (d *diamond) minimal(stable []model.State) []model.State {
	var all []model.State
	slices.Sort(stable)
	d.offered.clear()
	for _, s := range stable {
		if d.offered.has(int(d.offer[s])) {
			continue
		}
		d.offered.add(int(d.offer[s]))
		offer := d.offers[d.offer[s]]
		if !slices.ContainsFunc(all, func(t model.State) bool { return within(d.offers[d.offer[t]], offer) }) {
			all = slices.DeleteFunc(all, func(t model.State) bool { return within(offer, d.offers[d.offer[t]]) })
			all = append(all, s)
		}
	}
	return all
}

// within reports whether a is a subset of b; both rise.
func within(a, b []model.Event) bool {
	for _, e := range a {
		for len(b) > 0 && b[0] < e {
			b = b[1:]
		}
		if len(b) == 0 || b[0] != e {
			return false
		}
	}
	return true
}

// Marks are a set of numbers that is cleared in one step.
type marks struct {
	when []int32
	now  int32
}

func newMarks(n int) marks { return marks{make([]int32, n), 1} }

func (m *marks) add(i int)      { m.when[i] = m.now }
func (m *marks) has(i int) bool { return m.when[i] == m.now }

// grow lets numbers below n be added.
func (m *marks) grow(n int) {
	if more := n - len(m.when); more > 0 {
		m.when = append(m.when, make([]int32, more)...)
	}
}

// appendAll appends the numbers in it, rising.
func (m *marks) appendAll(out []uint32) []uint32 {
	for i, when := range m.when {
		if when == m.now {
			out = append(out, uint32(i))
		}
	}
	return out
}

func (m *marks) clear() {
	if m.now++; m.now < 0 { // all numbers have been used
		clear(m.when)
		m.now = 1
	}
}
