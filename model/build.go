package model

import (
	"errors"
	"fmt"
	"math"
	"strconv"
)

// A MachineBuilder collects the states and transitions of a Machine. States
// go by name (On, Initial) or by number (States, Add, Start), in any mixture
// and order: what is wrong is said by Build.
type MachineBuilder struct {
	name   string
	events *Events
	states int              // their numbers are 0 to states-1
	names  []string         // names[s], "" if it has none; may be shorter than states
	number map[string]State // of the states with names

	edges   edgeList
	named   string // the initial state's name, if Initial came last
	initial State  // the initial state's number, if Start came last
	start   int    // what came last: 0 nothing, byName or byNumber
	blank   bool   // some state or event was named ""
}

const (
	byName = iota + 1
	byNumber
)

// NewMachine starts a machine over events. The name is for people, and need
// not be unique.
func NewMachine(name string, events *Events) *MachineBuilder {
	return &MachineBuilder{name: name, events: events, number: map[string]State{}}
}

// On adds the transition from -event-> to. States and events that are new get
// the next numbers; "τ" and "✓" are events too.
func (b *MachineBuilder) On(from, event, to string) {
	if event == "" {
		b.blank = true
		return
	}
	b.Add(b.State(from), b.events.Event(event), b.State(to))
}

// State returns the number of the state called name, a new one if name is
// new. It is the way to a state without any transitions.
func (b *MachineBuilder) State(name string) State {
	if name == "" {
		b.blank = true
	}
	if s, ok := b.number[name]; ok {
		return s
	}
	s := b.States(1)
	b.names = append(b.names, make([]string, int(s)+1-len(b.names))...)
	b.names[s] = name
	b.number[name] = s
	return s
}

// States adds n states without names and returns the number of the first.
func (b *MachineBuilder) States(n int) State {
	s := State(b.states)
	b.states += n
	return s
}

// Add adds the transition from -e-> to.
func (b *MachineBuilder) Add(from State, e Event, to State) {
	b.edges.add(edge{from, to, e})
}

// Initial makes the state called name the initial one.
func (b *MachineBuilder) Initial(name string) { b.named, b.start = name, byName }

// Start makes s the initial state.
func (b *MachineBuilder) Start(s State) { b.initial, b.start = s, byNumber }

// Build returns the machine, or an error that names each mistake.
func (b *MachineBuilder) Build() (*Machine, error) {
	if err := b.check(); err != nil {
		return nil, err
	}
	m := &Machine{name: b.name, events: b.events, initial: b.initial}
	if b.start == byName {
		m.initial = b.number[b.named]
	}
	b.edges.sort()
	m.first = make([]int, b.states+1)
	m.event = make([]Event, 0, b.edges.n)
	m.target = make([]State, 0, b.edges.n)
	for t := range b.edges.all {
		m.first[t.from+1]++
		m.event, m.target = append(m.event, t.event), append(m.target, t.to)
	}
	for s := range b.states {
		m.first[s+1] += m.first[s]
	}
	if len(b.names) > 0 {
		m.names = make([]string, b.states)
		copy(m.names, b.names)
	}
	return m, nil
}

// check returns all that is wrong, in the order in which it was added, or nil.
func (b *MachineBuilder) check() error {
	var problems []error
	wrong := func(format string, args ...any) {
		problems = append(problems, fmt.Errorf("machine %s: "+format, append([]any{b.name}, args...)...))
	}
	if b.states > math.MaxInt32 {
		wrong("%d states are more than %d", b.states, math.MaxInt32)
		return errors.Join(problems...)
	}
	if b.blank {
		wrong("a state or an event has no name")
	}
	switch _, known := b.number[b.named]; {
	case b.start == 0:
		wrong("no initial state")
	case b.start == byName && !known:
		wrong("unknown initial state %q: no transition mentions it", b.named)
	case b.start == byNumber && !b.knows(b.initial):
		wrong("unknown initial state %d: the states are %s", b.initial, b.span())
	}
	last := make(map[State]bool) // reached by ✓
	for t := range b.edges.all {
		for _, s := range []State{t.from, t.to} {
			if !b.knows(s) {
				wrong("unknown state %d in %s: the states are %s", s, b.text(t), b.span())
			}
		}
		if t.event < 0 || int(t.event) >= b.events.Len() {
			wrong("unknown event %d in %s: the events are 0 to %d", t.event, b.text(t), b.events.Len()-1)
		}
		if t.event == Tick {
			last[t.to] = true
		}
	}
	for t := range b.edges.all {
		if last[t.from] {
			wrong("%s comes after ✓", b.text(t))
		}
	}
	return errors.Join(problems...)
}

func (b *MachineBuilder) knows(s State) bool { return s >= 0 && int(s) < b.states }

// span returns the numbers that states have.
func (b *MachineBuilder) span() string {
	if b.states == 0 {
		return "none"
	}
	return fmt.Sprintf("0 to %d", b.states-1)
}

// text returns "idle -coin-> paid", whatever is wrong with t.
func (b *MachineBuilder) text(t edge) string {
	state := func(s State) string {
		if s >= 0 && int(s) < len(b.names) && b.names[s] != "" {
			return b.names[s]
		}
		return strconv.Itoa(int(s))
	}
	event := strconv.Itoa(int(t.event))
	if t.event >= 0 && int(t.event) < b.events.Len() {
		event = b.events.Name(t.event)
	}
	return fmt.Sprintf("%s -%s-> %s", state(t.from), event, state(t.to))
}
