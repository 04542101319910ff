package process

import "github.com/cspcheck/cspcheck/explore"

// Guided reports whether a path of terms is found among those that the states
// of the network's path say.
func (n *Networked) Guided(path []explore.PathStep) (guided bool, err error) {
	offers, err := n.offered(path)
	if err != nil || n.guide == nil {
		return true, err
	}
	fault := n.terms.guard(func() { guided = n.search(path, offers, n.guide.agrees) != nil })
	return guided, fault
}

// FewOperands sets how many operands are simply asked what they may ever do, and
// returns what it was.
func FewOperands(n int) (before int) {
	before, fewOperands = fewOperands, n
	return before
}
