package explore

import "github.com/cspcheck/cspcheck/model"

// A Flat is a System whose states are those of a network's components, side
// by side: for those who look at the components.
type Flat interface {
	System

	// Of returns the network, or nil if there is none after all.
	Of() *model.Network

	// Machine returns the states of a component as a machine, or nil if they
	// are made on demand.
	Machine(component int) *model.Machine

	// Local returns the local state of a component in s, and Put changes it.
	Local(s []uint64, component int) model.State
	Put(s []uint64, component int, local model.State)
}

func (n *network) Of() *model.Network { return n.net }

func (n *network) Machine(component int) *model.Machine { return n.members[component].machine }

func (n *network) Put(s []uint64, component int, local model.State) {
	m := &n.members[component]
	s[m.word] = s[m.word]&^(m.mask<<m.shift) | uint64(local)<<m.shift
}
