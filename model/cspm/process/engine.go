package process

import (
	"bytes"
	"cmp"
	"errors"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/explore/lts"
	"github.com/cspcheck/cspcheck/model"
)

// A Networked is the states of a process searched as a network. Its paths
// are told by the term explorer, which knows what a machine forgets: names,
// ! and ?, and where things stand in the script.
type Networked struct {
	explore.System
	terms  *System
	guide  *guide         // nil if the states are the terms
	demand bool           // a component is evaluated on demand
	known  explore.System // then, if not nil: it answers where nothing is to be evaluated

	normals map[lts.Keep]*lts.Normal // see Normals
	asked   question
	ask     func() // answers asked: one function for all states
}

// A question is a call of the network's Successors.
type question struct {
	s   []uint64
	out *explore.Steps
	err error
}

var (
	_ explore.Explainer = (*Networked)(nil)
	_ explore.Reducible = (*Networked)(nil)
)

// Network returns the states as those of a network. It fails as the Network
// of a Space does, or with a limit.
func (sys *System) Network(o NetworkOptions) (n *Networked, err error) {
	fault := sys.guard(func() { n, err = sys.network(o) })
	if fault != nil {
		return nil, fault
	}
	return n, err
}

func (sys *System) network(o NetworkOptions) (*Networked, error) {
	c, p, err := sys.space.compile(sys.root, o)
	if err != nil {
		return nil, err
	}
	if c.alone {
		// The states of the one component are the terms. Most are asked once
		// for what they do: to keep it would only cost.
		sys.alone = true
		return &Networked{System: sys, terms: sys}, nil
	}
	net, err := c.network(sys.root, p)
	if err != nil {
		return nil, err
	}
	n := &Networked{System: explore.NetworkWithin(sys.space.Room, net), terms: sys}
	n.ask = n.answer
	n.guide = &guide{net, n.System.(locals), c.numbers, firsts{}}
	for _, c := range net.Components() {
		n.demand = n.demand || c.Machine == nil
	}
	if !n.demand {
		n.normals = map[lts.Keep]*lts.Normal{}
	}
	return n, nil
}

// Again returns the states of the same process as those of a network that was made
// before, with the same options; nil if that is of another one, or learns as it is asked.
func (sys *System) Again(before *Networked) *Networked {
	if before == nil || before.normals == nil || before.terms.space != sys.space {
		return nil
	}
	same := false
	err := sys.guard(func() {
		keys := sys.space.Keys
		same = bytes.Equal(keys.Append(nil, sys.root), keys.Append(nil, before.terms.root))
	})
	if !same || err != nil {
		return nil
	}
	n := *before
	n.terms = sys
	n.ask = n.answer
	return &n
}

// Normals holds normal forms of the process that are whole, for whoever asks about
// it again; nil if it learns as it is asked.
func (n *Networked) Normals() map[lts.Keep]*lts.Normal { return n.normals }

// answer answers asked.
func (n *Networked) answer() {
	n.asked.err = n.System.Successors(n.asked.s, n.asked.out)
	if n.asked.err != nil {
		meetAgain(n.asked.err)
	}
}

// meetAgain meets the mistake again that an error is, if it is one.
func meetAgain(err error) {
	var m *mistake
	if errors.As(err, &m) {
		m.again()
	}
}

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
	if n.known == nil {
		n.known = explore.Fork(n.System)
	}
	if n.known != nil {
		if err := out.Ask(n.known, s); !errors.Is(err, explore.ErrLater) {
			return err
		}
	}
	n.asked = question{s: s, out: out}
	if fault := n.terms.guard(n.ask); fault != nil {
		return fault
	}
	return n.asked.err
}

// Reduced and Converges make it an explore.Reducible. The stories of the
// reduced system are those of the whole one.
func (n *Networked) Reduced(keeps explore.Keeps, effort explore.Effort) (explore.System, string) {
	whole, ok := n.System.(explore.Reducible)
	if !ok {
		return nil, "nothing in it is parallel"
	}
	sys, why := whole.Reduced(keeps, effort)
	if why != "" {
		return nil, why
	}
	r := &reduced{Networked{System: sys, terms: n.terms, demand: n.demand}, n}
	r.ask = r.answer
	return r, ""
}

func (n *Networked) Converges() bool {
	whole, ok := n.System.(explore.Reducible)
	return ok && whole.Converges()
}

// reduced has less states than the whole.
type reduced struct {
	Networked
	whole *Networked
}

func (r *reduced) Explain(path []explore.PathStep) (*explore.Behaviour, error) {
	return r.whole.Explain(path)
}

// Bits makes it an explore.Narrow.
func (n *Networked) Bits() []int { return explore.Bits(n.System) }

// Growing makes it an explore.Growing.
func (n *Networked) Growing() []explore.Bitfield { return explore.GrowingFields(n.System) }

// Distinct makes it an explore.Distinct.
func (n *Networked) Distinct() bool {
	d, ok := n.System.(explore.Distinct)
	return ok && d.Distinct()
}

// Fork makes it an explore.Forker: terms are not evaluated by forks.
func (n *Networked) Fork() explore.System { return explore.Fork(n.System) }

// Learnt makes it an explore.Learner.
func (n *Networked) Learnt() int64 { return explore.Learnt(n.System) }

// Layout and Spelled make it an explore.Flat: it has no network if its states
// are the terms. A component with a mistake in it is none that can be spelled.
func (n *Networked) Layout() *explore.Layout {
	if x, ok := n.System.(explore.Flat); ok {
		return x.Layout()
	}
	return nil
}

func (n *Networked) Spelled(component int) (m *model.Machine) {
	if n.terms.guard(func() { m = n.System.(explore.Flat).Spelled(component) }) != nil {
		return nil
	}
	return m
}

// Leads makes it an explore.Ruled, if it has a network.
func (n *Networked) Leads(rule int, s, t []uint64) (e model.Event, leads bool) {
	if x, ok := n.System.(explore.Ruled); ok {
		if n.terms.guard(func() { e, leads = x.Leads(rule, s, t) }) != nil {
			return 0, false
		}
	}
	return e, leads
}

// Explain tells a path of the network: it finds one of the terms by the same
// events, whose states can be the network's and offer the same.
func (n *Networked) Explain(path []explore.PathStep) (*explore.Behaviour, error) {
	if n.terms.Brief {
		return n.terms.brief(path), nil
	}
	told, err := n.told(path)
	if err != nil {
		return nil, err
	}
	return n.terms.Explain(told)
}

// told returns the path of the terms.
func (n *Networked) told(path []explore.PathStep) ([]explore.PathStep, error) {
	if n.guide == nil {
		return path, nil
	}
	var err error
	told := make([]explore.PathStep, len(path))
	fault := n.terms.guard(func() {
		var states []*Term
		states, err = n.follow(path)
		for i, t := range states {
			told[i] = explore.PathStep{Event: path[i].Event, State: []uint64{uint64(t.id)}}
		}
	})
	return told, cmp.Or(fault, err)
}

// offered returns which events can happen in a state.
func (n *Networked) offered(s []uint64) ([]model.Event, error) {
	var steps explore.Steps
	err := n.Successors(s, &steps)
	return distinctEvents(steps.Events), err
}

func distinctEvents(es []model.Event) []model.Event {
	slices.Sort(es)
	return slices.Compact(es)
}
