package model

import (
	"fmt"
	"strings"
)

// A Network is a set of components and the rules by which they move. Its
// state is the vector of the components' local states, nothing more.
//
// A rule says: if each participant can do its local event, then all of them
// do, the world sees the rule's event, and the components in the rule's
// resets go back to their initial states, whatever they just did. A
// participant that can do its local event in several ways gives the rule as
// many outcomes. (The idea is that of FDR's supercombinators: Goldsmith,
// "Operational Semantics for Fun and Profit", 2005.)
//
// NewNetwork makes one from an operator tree; NewRules makes one rule by
// rule. Rules lie in flat arrays: a million of them cost some 30 MB.
type Network struct {
	name       string
	events     *Events
	components []Component
	tree       *Operator
	priority   Priority // nil: none

	event  []Event // what the world sees of rule r
	hidden []Event // what the world would see of rule r but for hiding; τ if nothing was hidden
	tied   map[int32]Event
	first  []int32 // the participants of r are parts[first[r]:first[r+1]]
	parts  []Part
	resets []int32 // which of spans rule r resets

	// spans[i] lists ranges of components, in order, none touching the next.
	// spans[0] is empty.
	spans [][]Span

	again func() (*Network, error) // see Again; nil of a network made rule by rule
}

// A Component is one member of a network. Exactly one of Machine, Net and
// Demand is not nil.
type Component struct {
	Name    string
	Machine *Machine // all its states are known; local events are those of its own table
	Net     *Network // its states are vectors of states, and local events the network's events
	Demand  OnDemand // its states are made when they are first needed
	Does    []Event  // of a Demand that is OpenEnded: what the rules were made for, sorted

	// What reports need to know of a network made rule by rule: whether it is
	// something that processes share, and waits for nobody (a channel, a lock);
	// and which of its local events others do to it, so that it doesn't wait
	// for them.
	Resource bool
	Imposed  []Event
}

// OnDemand is a machine too large to spell out. Its states are numbers, given
// out as they are met; a number keeps its meaning. Transitions are sorted by
// event, then by target, without repetition, and are always the same.
type OnDemand interface {
	Initial() (State, error)
	Transitions(s State) (events []Event, targets []State, err error)
}

// OpenEnded is an OnDemand whose events become known with its states. Does
// returns those known so far: at least those of the states that Transitions
// has been asked for. A network has rules for what was known when it was made,
// and is made again if more turns up (see Network.Again).
type OpenEnded interface {
	OnDemand
	Does() []Event
}

// Again returns the network of the same process with rules for the events
// that its leaves on demand do by now. The components are the same, in the
// same order, with the same states; the machines of operators may have more
// local events.
func (n *Network) Again() (*Network, error) {
	if n.again == nil {
		return nil, fmt.Errorf("network %s was made rule by rule, and a leaf does other events than it has", n.name)
	}
	return n.again()
}

// A Part is a component's share in a rule.
type Part struct {
	Component int32
	Event     Event // the component's local event
}

// A Span is the range of components from Lo up to, but without, Hi.
type Span struct{ Lo, Hi int32 }

// Name returns the name that the network was given.
func (n *Network) Name() string { return n.name }

// Events returns the table of the events that the world sees.
func (n *Network) Events() *Events { return n.events }

// Components returns the components. Don't change them.
func (n *Network) Components() []Component { return n.components }

// Tree returns the operator tree, or nil if the network was made rule by
// rule.
func (n *Network) Tree() *Operator { return n.tree }

// Priority returns the priority by which what the rules allow in a state is
// chosen from, or nil. It is about the events that the rules show.
func (n *Network) Priority() Priority { return n.priority }

// NumRules returns how many rules there are. Their numbers are 0 to
// NumRules()-1.
func (n *Network) NumRules() int { return len(n.event) }

// Event returns what the world sees of rule r.
func (n *Network) Event(r int) Event { return n.event[r] }

// Hidden returns the event that was hidden to make the τ of rule r, or τ.
func (n *Network) Hidden(r int) Event { return n.hidden[r] }

// Tied returns, of a rule by which a link made two events one τ, that of the
// right side, Hidden being the one of the left; otherwise τ.
func (n *Network) Tied(r int) Event { return n.tied[int32(r)] }

// Parts returns the participants of rule r, by component. Don't change them.
func (n *Network) Parts(r int) []Part {
	i, j := n.first[r], n.first[r+1]
	return n.parts[i:j:j]
}

// Resets returns the components that rule r resets, in order.
func (n *Network) Resets(r int) []Span { return n.spans[n.resets[r]] }

// ResetSet returns a number for what rule r resets: rules with the same
// number reset the same. It is 0 if nothing is, and below NumResetSets.
func (n *Network) ResetSet(r int) int { return int(n.resets[r]) }

// NumResetSets returns how many different sets the rules reset, the empty
// one included.
func (n *Network) NumResetSets() int { return len(n.spans) }

// SpansOf returns the components of reset set i, in order.
func (n *Network) SpansOf(i int) []Span { return n.spans[i] }

// localName returns the name of a local event of c.
func (c *Component) localName(e Event, events *Events) string {
	if c.Machine != nil {
		events = c.Machine.Events()
	}
	if c.Net != nil {
		events = c.Net.events
	}
	if e < 0 || int(e) >= events.Len() {
		return fmt.Sprint("event ", e)
	}
	return events.Name(e)
}

// String returns the components, each with its number of states, and then
// the rules, one a line:
//
//	0 VM (3)
//	1 USER (2)
//	coin: VM.coin USER.coin
//	τ (tea): VM.tea reset USER
//
// A component whose states are made on demand shows "(…)".
func (n *Network) String() string {
	var b strings.Builder
	for i, c := range n.components {
		size := "…"
		if c.Machine != nil {
			size = fmt.Sprint(c.Machine.Len())
		}
		fmt.Fprintf(&b, "%d %s (%s)\n", i, c.Name, size)
	}
	if n.priority != nil {
		b.WriteString("under a priority\n")
	}
	for r := range n.NumRules() {
		b.WriteString(n.RuleText(r))
		b.WriteByte('\n')
	}
	return b.String()
}

// GoString is String, for reports of property tests.
func (n *Network) GoString() string { return n.String() }

// RuleText returns rule r as a line of String.
func (n *Network) RuleText(r int) string {
	var b strings.Builder
	b.WriteString(n.events.Name(n.event[r]))
	if h := n.hidden[r]; h != Tau {
		fmt.Fprintf(&b, " (%s)", n.events.Name(h))
	}
	b.WriteByte(':')
	for _, p := range n.Parts(r) {
		c := &n.components[p.Component]
		fmt.Fprintf(&b, " %s.%s", c.Name, c.localName(p.Event, n.events))
	}
	if spans := n.Resets(r); len(spans) > 0 {
		b.WriteString(" reset")
		for _, s := range spans {
			for i := s.Lo; i < s.Hi; i++ {
				b.WriteString(" " + n.components[i].Name)
			}
		}
	}
	return b.String()
}
