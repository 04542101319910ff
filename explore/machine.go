package explore

import (
	"math/bits"

	"github.com/cspcheck/cspcheck/model"
)

// Machine returns m as a System. Its states have one word, the state's
// number.
func Machine(m *model.Machine) System { return machine{m} }

type machine struct{ *model.Machine }

func (m machine) Width() int { return 1 }

// Bits makes it a Narrow.
func (m machine) Bits() []int { return []int{bits.Len(uint(max(m.Len()-1, 0)))} }

// Fork makes it a Forker: it never changes.
func (m machine) Fork() System { return m }

func (m machine) Initial(s []uint64) error {
	s[0] = uint64(m.Machine.Initial())
	return nil
}

func (m machine) Successors(s []uint64, out *Steps) error {
	events, targets := m.Transitions(model.State(s[0]))
	for i, e := range events {
		out.Add(e, uint64(targets[i]))
	}
	return nil
}
