package lts

import (
	"errors"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// Compress returns a machine that is equal to m in what is kept, and as small
// as can be had at little cost:
//
//	Traces      traces
//	Failures    traces and stable failures; that a state diverges is forgotten,
//	            but not that it is unstable
//	Everything  traces, stable failures, and divergences
//
// It makes what Diamond and Bisim do, each with what else may be forgotten, and
// the normal form, if that is smaller and has no more states. So what is equal
// often becomes the same machine, however it was made (Roscoe et al.,
// "Hierarchical compression for model-checking CSP, or how to check 10²⁰ dining
// philosophers for deadlock", 1995).
func Compress(m *model.Machine, keep Keep, check func() error) (*model.Machine, error) {
	m, err := TauLoops(m, check)
	if err != nil {
		return nil, err
	}
	switch d, err := diamondOf(m, keep, check); {
	case err != nil:
		return nil, err
	case d != nil:
		m = d
	}
	if m, err = Bisim(m, check); err != nil {
		return nil, err
	}
	if deterministic(m) {
		return m, nil
	}
	normal, err := normalise(m, keep, m.Len(), check)
	switch {
	case errors.Is(err, errLarge):
		return m, nil
	case err != nil:
		return nil, err
	case normal.Len() <= m.Len() && normal.Len()+normal.NumTransitions() <= m.Len()+m.NumTransitions():
		return normal, nil
	}
	return m, nil
}

// deterministic reports whether a machine has no τ, and no event leads to two
// states: then it is its normal form.
func deterministic(m *model.Machine) bool {
	for s := range model.State(m.Len()) {
		events, _ := m.Transitions(s)
		for i, e := range events {
			if e == model.Tau || i > 0 && events[i-1] == e {
				return false
			}
		}
	}
	return true
}

// So many states may be in the nodes of a normal form that is to be small,
// besides four for each state of the machine.
const someMembers = 1 << 12

var errLarge = errors.New("the normal form is too large")

// normalise is Normalise for what is kept, of a machine that is the smallest
// of those bisimilar to it; it fails with errLarge past so many nodes, if most
// is not 0.
func normalise(m *model.Machine, keep Keep, most int, check func() error) (*model.Machine, error) {
	p := &patience{check: check}
	known := 0 // members and kernels
	n, err := NewNormal(explore.Machine(m), keep, func(n *Normal) error {
		if most > 0 && (n.Len() > most || len(n.members) > 4*most+someMembers) {
			return errLarge
		}
		more := len(n.members) + len(n.kernels) - known
		known += more
		return p.spend(16 + more)
	})
	if err != nil {
		return nil, err
	}
	for x := Node(0); int(x) < n.Len(); x++ { // the last ones may add more
		groups, err := n.groupsOf(x)
		if err != nil {
			return nil, err
		}
		for _, g := range groups {
			if _, err := n.After(x, g.event); err != nil {
				return nil, err
			}
		}
	}
	normal, err := n.spelt(m, p)
	if err != nil {
		return nil, err
	}
	return Bisim(normal, check)
}

// spelt returns a normal form that is complete as a machine, see Normalise.
// With Failures, a node of which no state is stable gets a τ to itself, too:
// nothing is accepted there.
func (n *Normal) spelt(m *model.Machine, p *patience) (*model.Machine, error) {
	b := model.NewMachine(m.Name(), m.Events())
	b.States(n.Len())
	b.Start(0)
	add := func(s model.State, x Node, events []model.Event) error {
		for _, e := range events {
			y, err := n.After(x, e)
			if err != nil {
				return err
			}
			b.Add(s, e, model.State(y))
		}
		return p.spend(1 + len(events))
	}
	var initials []model.Event
	for x := range Node(n.Len()) {
		var err error
		if initials, err = n.Initials(x, initials[:0]); err != nil {
			return nil, err
		}
		if err := add(model.State(x), x, initials); err != nil {
			return nil, err
		}
		if n.keep == Traces {
			continue
		}
		acceptances := n.Acceptances(x)
		loop := n.Diverges(x) || n.keep == Failures && len(acceptances) == 0
		if !loop && len(acceptances) == 1 && slices.Equal(acceptances[0], initials) {
			continue
		}
		if loop {
			b.Add(model.State(x), model.Tau, model.State(x))
		}
		for _, accepted := range acceptances {
			s := b.States(1)
			b.Add(model.State(x), model.Tau, s)
			if err := add(s, x, accepted); err != nil {
				return nil, err
			}
		}
	}
	normal, err := b.Build()
	if err != nil {
		panic("lts: a normal form is not well formed: " + err.Error())
	}
	return normal, nil
}
