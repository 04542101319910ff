package process

import (
	"cmp"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// Guided reports whether the states of the terms by which a path is told are
// among those that the states of the network's path say, and offer the same.
func (n *Networked) Guided(path []explore.PathStep) (bool, error) {
	if n.guide == nil {
		return true, nil
	}
	guided := true
	var err error
	fault := n.terms.guard(func() {
		var told []*Term
		if told, err = n.follow(path); err != nil {
			return
		}
		for i, t := range told {
			events, trouble := n.offered(path[i].State)
			err = cmp.Or(err, trouble)
			guided = guided && n.guide.agrees(path[i].State, t) && slices.Equal(n.terms.space.offers(t), events)
		}
	})
	return guided, cmp.Or(fault, err)
}

// FewOperands sets how many operands are simply asked what they may ever do, and
// returns what it was.
func FewOperands(n int) (before int) {
	before, fewOperands = fewOperands, n
	return before
}

// After returns the states that a state of the terms leads to by an event.
func After(sys explore.System, s uint64, e model.Event) (states []uint64) {
	space := sys.(*System).space
	for _, to := range space.after(space.byID.at(int(s)), e) {
		states = append(states, uint64(to.id))
	}
	return states
}
