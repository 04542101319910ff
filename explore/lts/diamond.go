package lts

import (
	"cmp"
	"encoding/binary"
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
// It costs steps for each state that is left: as many as there are
// transitions of all states that τ leads to, and τ from where these lead to.
func Diamond(m *model.Machine, check func() error) (*model.Machine, error) {
	m, err := TauLoops(m, check)
	if err != nil {
		return nil, err
	}
	d, err := newDiamond(m, &patience{check: check})
	if err != nil {
		return nil, err
	}
	return build(m, int(m.Initial()), m.Len(), d.patience, d.edges)
}

// A diamond is a machine without loops of τ but from a state to itself.
type diamond struct {
	*model.Machine
	patience *patience
	keep     Keep    // Everything, or less
	rank     []int32 // τ leads from a state to such of lower rank

	offers [][]model.Event // sets, each once
	offer  []int32         // of each state: which of them, if it is stable; or -1

	// Scratch.
	reached       marks // from the state
	covered       marks // from what it leads to by an event
	offered       marks // by states that are reached
	after         []edge
	stable, stack []model.State
}

func newDiamond(m *model.Machine, p *patience) (*diamond, error) {
	rank, _, err := components(m, p)
	if err != nil {
		return nil, err
	}
	d := &diamond{
		Machine: m, patience: p, keep: Everything, rank: rank, offer: make([]int32, m.Len()),
		reached: newMarks(m.Len()), covered: newMarks(m.Len()),
	}
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
	d.reached.clear()
	d.offered.clear()
	d.after, d.stable = d.after[:0], d.stable[:0]
	diverges := false
	err := d.spread(model.State(x), &d.reached, func(s model.State) {
		events, targets := d.Transitions(s)
		for i, e := range events {
			if e != model.Tau {
				d.after = append(d.after, edge{e, uint32(targets[i])})
			} else if targets[i] == s {
				diverges = true
			}
		}
		if d.offer[s] >= 0 {
			d.stable = append(d.stable, s)
		}
	})
	if err != nil {
		return nil, err
	}
	// From the highest rank downwards: what covers another comes before it.
	slices.SortFunc(d.after, func(a, b edge) int {
		return cmp.Or(cmp.Compare(a.event, b.event), cmp.Compare(d.rank[b.target], d.rank[a.target]))
	})
	initials := 0
	for i, e := range d.after {
		if i == 0 || d.after[i-1].event != e.event {
			d.covered.clear()
			initials++
		}
		if t := model.State(e.target); !d.covered.has(int(t)) {
			out = append(out, e)
			if err := d.spread(t, &d.covered, nothing); err != nil {
				return nil, err
			}
		}
	}
	if d.keep == Traces {
		return out, nil
	}
	accepting := d.minimal()
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

// spread marks all that τ leads to from s and has no mark yet, and tells of
// each.
func (d *diamond) spread(s model.State, m *marks, tell func(model.State)) error {
	m.add(int(s))
	d.stack = append(d.stack[:0], s)
	for len(d.stack) > 0 {
		s := d.stack[len(d.stack)-1]
		d.stack = d.stack[:len(d.stack)-1]
		tell(s)
		events, targets := d.Transitions(s)
		if err := d.patience.spend(1 + len(events)); err != nil {
			return err
		}
		for i := 0; i < len(events) && events[i] == model.Tau; i++ {
			if t := targets[i]; !m.has(int(t)) {
				m.add(int(t))
				d.stack = append(d.stack, t)
			}
		}
	}
	return nil
}

func nothing(model.State) {}

// minimal returns those of the stable states that offer no more than others,
// the first for each set of events.
func (d *diamond) minimal() []model.State {
	var all []model.State
	slices.SortFunc(d.stable, func(a, b model.State) int { return cmp.Compare(a, b) })
	for _, s := range d.stable {
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

func (m *marks) clear() {
	if m.now++; m.now < 0 { // all numbers have been used
		clear(m.when)
		m.now = 1
	}
}
