package process

import (
	"errors"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// A Networked is the states of a process searched as a network. Its paths
// are told by the term explorer, which knows what a machine forgets: names,
// ! and ?, and where things stand in the script.
type Networked struct {
	explore.System
	terms  *System
	guide  *guide
	demand bool // a component is evaluated on demand
	single bool // there is one, and it is a leaf

	asked question
	ask   func() // answers asked: one function for all states
}

// A question is a call of the network's Successors.
type question struct {
	s   []uint64
	out *explore.Steps
	err error
}

var _ explore.Explainer = (*Networked)(nil)

// Network returns the states as those of a network. It fails as the Network
// of a Space does, or with a limit.
func (sys *System) Network(o NetworkOptions) (*Networked, error) {
	var net *model.Network
	var numbers numbers
	var err error
	if fault := sys.guard(func() { net, numbers, err = sys.space.network(sys.root, o) }); fault != nil {
		return nil, fault
	}
	if err != nil {
		return nil, err
	}
	n := &Networked{terms: sys}
	n.ask = func() {
		n.asked.err = n.System.Successors(n.asked.s, n.asked.out)
		var m *mistake
		if n.asked.err != nil && errors.As(n.asked.err, &m) {
			m.again()
		}
	}
	if fault := sys.guard(func() { n.System = explore.Network(net) }); fault != nil {
		return nil, fault
	}
	n.guide = &guide{net, n.System.(locals), numbers}
	for _, c := range net.Components() {
		n.demand = n.demand || c.Machine == nil
	}
	n.single = len(net.Components()) == 1 && net.Components()[0].Net == nil
	return n, nil
}

// Single reports whether the network is a single leaf: its states are those
// of the terms.
func (n *Networked) Single() bool { return n.single }

// Initial and Successors are the network's; parts of it are evaluated on
// demand.
func (n *Networked) Initial(s []uint64) (err error) {
	if fault := n.terms.guard(func() { err = n.System.Initial(s) }); fault != nil {
		return fault
	}
	return err
}

func (n *Networked) Successors(s []uint64, out *explore.Steps) error {
	if !n.demand {
		return n.System.Successors(s, out)
	}
	n.asked = question{s: s, out: out}
	if fault := n.terms.guard(n.ask); fault != nil {
		return fault
	}
	return n.asked.err
}

// Explain tells a path of the network: it finds one of the terms by the same
// events, whose states can be the network's and offer the same.
func (n *Networked) Explain(path []explore.PathStep) (*explore.Behaviour, error) {
	offers := make([][]model.Event, len(path))
	for i, p := range path {
		var steps explore.Steps
		if err := n.Successors(p.State, &steps); err != nil {
			return nil, err
		}
		offers[i] = distinctEvents(steps.Events)
	}
	var told []explore.PathStep
	err := n.terms.guard(func() { told = n.follow(path, offers) })
	if err != nil {
		return nil, err
	}
	return n.terms.Explain(told)
}

func distinctEvents(es []model.Event) []model.Event {
	slices.Sort(es)
	return slices.Compact(es)
}
