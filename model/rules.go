package model

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Rules collects the components and rules of a Network one by one. It is the
// layer below NewNetwork, for those who make rules of their own.
type Rules struct {
	net   *Network
	known map[string]int32 // numbers of net.spans, by their text
	full  bool             // something passed 2³¹
}

// NewRules starts a network over events.
func NewRules(name string, events *Events) *Rules {
	return &Rules{
		net:   &Network{name: name, events: events, first: []int32{0}, spans: [][]Span{nil}},
		known: map[string]int32{"": 0},
	}
}

// Component adds a component and returns its number.
func (b *Rules) Component(c Component) int {
	b.net.components = append(b.net.components, c)
	return len(b.net.components) - 1
}

// Rule adds: the parts move together, the world sees e, the spans are reset.
func (b *Rules) Rule(e Event, parts []Part, resets ...Span) {
	b.rule(e, Tau, Tau, parts, b.spanSet(resets))
}

func (b *Rules) rule(e, hidden, tied Event, parts []Part, resets int32) {
	n := b.net
	if len(n.parts)+len(parts) > math.MaxInt32 {
		b.full = true
		return
	}
	n.event = append(n.event, e)
	n.hidden = append(n.hidden, hidden)
	if tied != Tau {
		if n.tied == nil {
			n.tied = map[int32]Event{}
		}
		n.tied[int32(len(n.event)-1)] = tied
	}
	start := len(n.parts)
	n.parts = append(n.parts, parts...)
	byComponent := func(p, q Part) int { return cmp.Compare(p.Component, q.Component) }
	if own := n.parts[start:]; !slices.IsSortedFunc(own, byComponent) {
		slices.SortStableFunc(own, byComponent)
	}
	n.first = append(n.first, int32(len(n.parts)))
	n.resets = append(n.resets, resets)
}

// spanSet returns the number of a set of spans, made regular.
func (b *Rules) spanSet(spans []Span) int32 {
	sorted := slices.Clone(spans)
	slices.SortFunc(sorted, func(x, y Span) int { return cmp.Or(cmp.Compare(x.Lo, y.Lo), cmp.Compare(x.Hi, y.Hi)) })
	var regular []Span
	var key []byte
	for _, s := range sorted {
		if s.Lo == s.Hi {
			continue
		}
		if n := len(regular); n > 0 && s.Lo <= regular[n-1].Hi {
			regular[n-1].Hi = max(regular[n-1].Hi, s.Hi)
			continue
		}
		regular = append(regular, s)
	}
	for _, s := range regular {
		key = strconv.AppendInt(key, int64(s.Lo), 10)
		key = append(key, ' ')
		key = strconv.AppendInt(key, int64(s.Hi), 10)
		key = append(key, ' ')
	}
	if i, ok := b.known[string(key)]; ok {
		return i
	}
	i := int32(len(b.net.spans))
	b.net.spans = append(b.net.spans, regular)
	b.known[string(key)] = i
	return i
}

// Build returns the network, or an error that names each mistake. It may be
// called once.
func (b *Rules) Build() (*Network, error) {
	if b.full {
		return nil, fmt.Errorf("network %s: its rules have more than %d participants", b.net.name, math.MaxInt32)
	}
	if err := b.net.Validate(); err != nil {
		return nil, err
	}
	return b.net, nil
}

// Validate returns an error that names each thing that is wrong with n, or
// nil. What NewNetwork and Rules.Build return is valid.
func (n *Network) Validate() error {
	var problems []error
	wrong := func(format string, args ...any) {
		problems = append(problems, fmt.Errorf("network %s: "+format, append([]any{n.name}, args...)...))
	}
	if len(n.components) == 0 {
		wrong("no components")
	}
	doable := make([]map[Event]bool, len(n.components)) // nil: anything, for all we know
	machines := map[*Machine]map[Event]bool{}
	for i, c := range n.components {
		kinds := 0
		if c.Machine != nil {
			kinds++
			if machines[c.Machine] == nil {
				machines[c.Machine] = c.Machine.labels()
			}
			doable[i] = machines[c.Machine]
		}
		if c.Net != nil {
			kinds++
			if c.Net.events != n.events {
				wrong("component %d %s has another table of events", i, c.Name)
			}
			doable[i] = c.Net.labels()
		}
		if c.Demand != nil {
			kinds++
		}
		if kinds != 1 {
			wrong("component %d %s is %d of: a machine, a network, a machine on demand", i, c.Name, kinds)
			doable[i] = nil
		}
	}
	for r := range n.NumRules() {
		n.validateRule(r, doable, wrong)
	}
	return errors.Join(problems...)
}

func (n *Network) validateRule(r int, doable []map[Event]bool, wrong func(string, ...any)) {
	if e := n.event[r]; e < 0 || int(e) >= n.events.Len() {
		wrong("rule %d shows the unknown event %d: the events are 0 to %d", r, e, n.events.Len()-1)
	}
	parts := n.Parts(r)
	if len(parts) == 0 {
		wrong("rule %d has no participants", r)
	}
	for i, p := range parts {
		switch {
		case p.Component < 0 || int(p.Component) >= len(n.components):
			wrong("rule %d has the unknown component %d: the components are %s", r, p.Component, n.span())
		case i > 0 && parts[i-1].Component == p.Component:
			wrong("rule %d has component %d %s twice", r, p.Component, n.components[p.Component].Name)
		case doable[p.Component] != nil && !doable[p.Component][p.Event]:
			c := &n.components[p.Component]
			wrong("rule %d needs %s of component %d %s, which never does it", r, c.localName(p.Event, n.events), p.Component, c.Name)
		}
	}
	for _, s := range n.Resets(r) {
		if s.Lo < 0 || s.Lo > s.Hi || int(s.Hi) > len(n.components) {
			wrong("rule %d resets components %d to %d: the components are %s", r, s.Lo, s.Hi-1, n.span())
		}
	}
}

func (n *Network) span() string {
	if len(n.components) == 0 {
		return "none"
	}
	return fmt.Sprintf("0 to %d", len(n.components)-1)
}

// labels returns the events that label a transition of m.
func (m *Machine) labels() map[Event]bool {
	out := map[Event]bool{}
	for _, e := range m.event {
		out[e] = true
	}
	return out
}

// labels returns the events that some rule shows.
func (n *Network) labels() map[Event]bool {
	out := map[Event]bool{}
	for _, e := range n.event {
		out[e] = true
	}
	return out
}
