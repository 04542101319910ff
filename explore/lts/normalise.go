package lts

import (
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// Normalise returns the normal form of m as a machine: the nodes of a Normal,
// and τ for what they remember, but where that is only that all initials are
// accepted:
//
//	x leads to y by e               x -e-> y
//	x diverges                      x -τ-> x
//	A is a minimal acceptance of x  x -τ-> x.A, and x.A -e-> y if e ∈ A
//
// Then what is bisimilar is merged. Machines that are equal in T, F and FD,
// and diverge after the same traces, have the same normal form. n states can
// become 2ⁿ nodes; check is asked at each.
func Normalise(m *model.Machine, check func() error) (*model.Machine, error) {
	m, err := Bisim(m, check) // so that fewer sets of states differ
	if err != nil {
		return nil, err
	}
	n, err := NewNormal(explore.Machine(m), Everything, func(*Normal) error { return check() })
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
	b := model.NewMachine(m.Name(), m.Events())
	b.States(n.Len())
	b.Start(0)
	patience := &patience{check: check}
	for x := range Node(n.Len()) {
		initials, err := n.Initials(x, nil)
		if err != nil {
			return nil, err
		}
		add := func(s model.State, events []model.Event) error {
			for _, e := range events {
				y, err := n.After(x, e)
				if err != nil {
					return err
				}
				b.Add(s, e, model.State(y))
			}
			return patience.spend(1 + len(events))
		}
		if err := add(model.State(x), initials); err != nil {
			return nil, err
		}
		acceptances := n.Acceptances(x)
		if n.Diverges(x) {
			b.Add(model.State(x), model.Tau, model.State(x))
		} else if len(acceptances) == 1 && len(acceptances[0]) == len(initials) {
			continue
		}
		for _, accepted := range acceptances {
			s := b.States(1)
			b.Add(model.State(x), model.Tau, s)
			if err := add(s, accepted); err != nil {
				return nil, err
			}
		}
	}
	normal, err := b.Build()
	if err != nil {
		panic("lts: a normal form is not well formed: " + err.Error())
	}
	return Bisim(normal, check)
}
