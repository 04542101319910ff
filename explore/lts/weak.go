package lts

import (
	"maps"
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
// It costs what Bisim and TauLoops do, and then up to 48 rounds over all
// states, and then more rounds over those states for whom something is new: of
// the classes of what they lead to, by τ* and an event, one was split. What
// a state leads to are sets of classes. They are not spelt out for each
// state: they share what they have in common with those that τ leads to
// (see set). So in a round a state costs up to 16 bytes for each level of
// two trees, some hundreds, where τ leads to one state, or to several that lead
// to different ones or nearly the same; but where it leads to many that lead
// to many, each to others, sets are as large as their elements.
func DBisim(m *model.Machine, check func() error) (*model.Machine, error) {
	return quotientOf(m, false, usual, check)
}

// WBisim is DBisim for weak bisimulations: those in which
//
//	e ≠ τ  ⟹  t =τ* e τ*=> t'    for some t' with s' R t'
//
// There are more of them, so that the machine may be smaller, and the sets
// are larger.
func WBisim(m *model.Machine, check func() error) (*model.Machine, error) {
	return quotientOf(m, true, usual, check)
}

// Effort says how classes are found, which are the same for any.
type effort struct {
	outlined int // from so many states on, begin with an outline
	sweeps   int // so many rounds over all states are made before those over news
	nodes    int // of sets, before it is first looked which are in use
}

// After usual.sweeps rounds, what is left is most often long and thin: each
// of many more rounds tells few states apart.
var usual = effort{outlined: 1 << 10, sweeps: 48, nodes: fewNodes}

func quotientOf(m *model.Machine, weak bool, how effort, check func() error) (*model.Machine, error) {
	m, err := TauLoops(m, check)
	if err != nil {
		return nil, err
	}
	if m, err = Bisim(m, check); err != nil { // makes no new loops
		return nil, err
	}
	if !hasTau(m) {
		return m, nil // these bisimulations are strong ones then
	}
	r, err := newRounds(m, weak, &patience{check: check})
	if err != nil {
		return nil, err
	}
	if m.Len() >= how.outlined {
		if err := r.outline(); err != nil {
			return nil, err
		}
	}
	r.begin()
	if err := r.run(how); err != nil {
		return nil, err
	}
	return r.quotient(m)
}

// hasTau reports whether τ leads from a state of m to another one.
func hasTau(m *model.Machine) bool {
	for s := range model.State(m.Len()) {
		for _, t := range tausOf(m, s) {
			if t != s {
				return true
			}
		}
	}
	return false
}

// eventsOf returns τ and the events of a machine, rising, and their places.
func eventsOf(m *model.Machine) (events []model.Event, number map[model.Event]uint32) {
	number = map[model.Event]uint32{model.Tau: 0}
	for s := range model.State(m.Len()) {
		events, _ := m.Transitions(s)
		for i, e := range events {
			if i == 0 || events[i-1] != e {
				number[e] = 0
			}
		}
	}
	events = slices.Sorted(maps.Keys(number))
	for i, e := range events {
		number[e] = uint32(i)
	}
	return events, number
}
