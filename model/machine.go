package model

import (
	"strconv"
	"strings"
)

// A State is the number of a state of a Machine.
type State int32

// A Machine is a labelled transition system with all its states and
// transitions spelt out. NewMachine starts one.
//
// The transitions of a state are sorted by event, then by target, and no two
// are equal. A state reached by ✓ has none.
type Machine struct {
	name    string
	events  *Events
	initial State
	first   []int // the transitions of s are first[s] to first[s+1]-1
	event   []Event
	target  []State
	names   []string // names[s], "" if it has none; nil if none has
}

// Name returns the name that the machine was given.
func (m *Machine) Name() string { return m.name }

// Events returns the table that the machine's events are in.
func (m *Machine) Events() *Events { return m.events }

// Initial returns the state where the machine starts.
func (m *Machine) Initial() State { return m.initial }

// Len returns how many states there are. Their numbers are 0 to Len()-1.
func (m *Machine) Len() int { return len(m.first) - 1 }

// NumTransitions returns how many transitions there are in all.
func (m *Machine) NumTransitions() int { return len(m.event) }

// Bytes returns how many bytes the states and transitions take, names not
// counted.
func (m *Machine) Bytes() int { return 8*len(m.first) + 8*len(m.event) }

// Transitions returns the transitions of s: events[i] leads to targets[i].
// Both are views into the machine: don't change them.
func (m *Machine) Transitions(s State) (events []Event, targets []State) {
	i, j := m.first[s], m.first[s+1]
	return m.event[i:j:j], m.target[i:j:j]
}

// StateName returns the name of s, or else its number.
func (m *Machine) StateName(s State) string {
	if m.names != nil && m.names[s] != "" {
		return m.names[s]
	}
	return strconv.Itoa(int(s))
}

// Alphabet returns the visible events that label a transition, but for ✓,
// which is in no process's alphabet.
func (m *Machine) Alphabet() Alphabet {
	seen := make([]bool, m.events.Len())
	for _, e := range m.event {
		seen[e] = true
	}
	var visible []Event
	for e, yes := range seen {
		if yes && Event(e) > Tick {
			visible = append(visible, Event(e))
		}
	}
	return NewAlphabet(visible...)
}

// GoString is String, for reports of property tests.
func (m *Machine) GoString() string { return m.String() }

// String returns the machine with one line for each state; the initial
// state's begins with ">".
//
//	> idle: coin -> paid
//	  paid: refund -> idle, tea -> idle
func (m *Machine) String() string {
	var b strings.Builder
	for s := range State(m.Len()) {
		if s == m.initial {
			b.WriteString("> ")
		} else {
			b.WriteString("  ")
		}
		b.WriteString(m.StateName(s))
		b.WriteByte(':')
		events, targets := m.Transitions(s)
		for i, e := range events {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(" " + m.events.Name(e) + " -> " + m.StateName(targets[i]))
		}
		b.WriteByte('\n')
	}
	return b.String()
}
