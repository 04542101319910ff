// Package inductive checks networks by composing their components one by one,
// and compressing what has been composed each time: inductive compression
// (Roscoe et al., "Hierarchical compression for model-checking CSP, or how to
// check 10²⁰ dining philosophers for deadlock", 1995). Where components are
// tied as in a chain, a ring or a tree, the intermediate machines stay small,
// however many states the network has.
//
// Compose replaces two parts of a network by one, again and again, until one
// is left: a machine that does what the network does, as far as it is kept.
// What two parts do together and nobody else takes part in becomes τ, unless
// the world looks at it; for a question that only asks whether a state can do
// anything, the world looks at nothing. So the order is that in which parts
// are tied to fewest others.
//
// A part is free to do what others would never let it do: take many tokens, in
// a ring where there is one. So sums that no rule changes are looked for, and bound
// what a part does (see weights).
//
// Path leads back: from a trace of that machine to firings of the network's
// rules. It goes down the way that Compose came up: what is a trace of a
// compressed machine is one of the machine that it was made of, which is
// searched along it.
//
// To read the code, start at Compose in compose.go.
package inductive

import (
	"fmt"
	"time"

	"github.com/cspcheck/cspcheck/explore/lts"
	"github.com/cspcheck/cspcheck/model"
)

// A Plan says what is kept, and how much may be spent.
type Plan struct {
	Keep lts.Keep // Traces, Failures or Everything

	// Visible keeps what the world sees of the rules. Otherwise all events are
	// alike, and only whether something can happen is kept.
	Visible bool

	States int          // that a machine may have before it is compressed
	Work   int          // states and transitions that may be made in all, rules looked at included
	Check  func() error // asked now and then; its errors end it
}

// Unsuited is the error of a network that is not to be composed: some component's
// states are made on demand, or it has a priority, or what is composed gets
// too large.
type Unsuited struct{ Reason string }

func (u *Unsuited) Error() string { return u.Reason }

func unsuited(format string, args ...any) error { return &Unsuited{fmt.Sprintf(format, args...)} }

// A Report says what Compose has done.
type Report struct {
	Components int // of the network, but for those that never move
	// Of all machines before they were compressed.
	Machines, States, Transitions int
	// How many of the machines were equal to one that had been compressed before.
	Again int
	// States of the largest before it was compressed, and of the largest after.
	Largest, Compressed int
	Bytes               int           // of the largest before it was compressed
	Compressing         time.Duration // of all the time
	// How many sums of what components have, such as tokens, bound what parts do.
	Weights int
}

// A Composition is a network made one machine.
type Composition struct {
	Report
	visible  bool
	net      *model.Network
	machines []*model.Machine // of the components
	root     *part
	labels   [][]model.Event // what the world sees of the root's actions
}

// Deadlocks reports whether the network comes to a state in which nothing can
// happen. The plan must have kept Failures.
func (c *Composition) Deadlocks() bool {
	m := c.root.machine
	for s := range model.State(m.Len()) {
		if events, _ := m.Transitions(s); len(events) == 0 {
			return true
		}
	}
	return false
}

// Machine returns the machine of a plan that is Visible, over the network's
// events.
func (c *Composition) Machine() *model.Machine {
	m := c.root.machine
	b := model.NewMachine(c.net.Name(), c.net.Events())
	b.States(m.Len())
	b.Start(m.Initial())
	for s := range model.State(m.Len()) {
		events, targets := m.Transitions(s)
		for i, e := range events {
			for _, seen := range c.seen(e) {
				b.Add(s, seen, targets[i])
			}
		}
	}
	built, err := b.Build()
	if err != nil {
		panic("inductive: the machine of a network is not well formed: " + err.Error())
	}
	return built
}

// seen returns what the world sees of an event of the root's machine.
func (c *Composition) seen(e model.Event) []model.Event {
	if e == model.Tau {
		return []model.Event{model.Tau}
	}
	return c.labels[e-firstAction]
}
