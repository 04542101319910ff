package explore

import "github.com/cspcheck/cspcheck/model"

// A Flat is a System whose states are those of a network's components, side
// by side, in the first words of each: for those who look at the components.
type Flat interface {
	System

	// Layout returns what is where, or nil if there is no network after all.
	Layout() *Layout

	// Spelled returns a component as a machine, its states and events numbered
	// as in the network. One on demand is evaluated for that, but for what its
	// partners do not let it do; nil if it is too large.
	Spelled(component int) *model.Machine
}

// A Ruled is a System that can tell by which event a rule of its network leads from
// one state to another: false if it does not, or if that is not all that matters.
type Ruled interface {
	Leads(rule int, s, t []uint64) (model.Event, bool)
}

// A Layout is a network, and where the states of its components are.
type Layout struct {
	Net    *model.Network
	Fields []Field // by component
}

// A Field is where the local state of a component is in a state's words.
type Field struct {
	Word    int
	Shift   uint
	Mask    uint64         // shifted down
	Machine *model.Machine // the component; nil if it is evaluated on demand
}

// Get returns the local state in s, and Put changes it.
func (f *Field) Get(s []uint64) model.State { return model.State(s[f.Word] >> f.Shift & f.Mask) }

func (f *Field) Put(s []uint64, local model.State) {
	s[f.Word] = s[f.Word]&^(f.Mask<<f.Shift) | uint64(local)<<f.Shift
}

var _ Flat = (*network)(nil)

func (n *network) Layout() *Layout {
	if n.broken != nil {
		return nil
	}
	l := &Layout{n.net, make([]Field, len(n.members))}
	for c := range n.members {
		m := &n.members[c]
		l.Fields[c] = Field{m.word, m.shift, m.mask, m.machine}
	}
	return l
}

// A component on demand is spelled out if it has no more than this.
const (
	shownStates      = 1 << 16
	shownTransitions = 1 << 20
)

func (n *network) Spelled(component int) *model.Machine {
	m := &n.members[component]
	if m.lazy == nil {
		return m.machine
	}
	return m.lazy.tabulate(n.net.Components()[component].Name, m.initial, n.net.Events(), shownStates, shownTransitions)
}
