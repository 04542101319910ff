package lts

import "github.com/cspcheck/cspcheck/model"

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
// become 2ⁿ nodes.
func Normalise(m *model.Machine, check func() error) (*model.Machine, error) {
	m, err := DBisim(m, check) // so that fewer sets of states differ
	if err != nil {
		return nil, err
	}
	return normalise(m, Everything, 0, check)
}
