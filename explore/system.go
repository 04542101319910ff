package explore

import (
	"errors"
	"fmt"
	"time"

	"github.com/cspcheck/cspcheck/model"
)

// A System is a labelled transition system, given by where it starts and
// what can happen next.
//
// A state is Width words; equal states have equal words. Successors appends
// the transitions of s to out, always the same ones in the same order:
// replaying a path depends on it. Equal (event, state) pairs may occur more
// than once; Run counts them once. An error ends the search: either a
// mistake in what the System was made from, or a *Limit.
//
// A System is used by one goroutine at a time; see Forker.
type System interface {
	Events() *model.Events
	Width() int
	Initial(s []uint64) error
	Successors(s []uint64, out *Steps) error
}

// A Narrow is a System of which only the low Bits()[i] bits of word i of a
// state may be set: its states take less room and time. Run panics if it
// finds others that it could not tell apart.
type Narrow interface {
	System
	Bits() []int
}

// Bits returns how many bits of each word of a state may be set.
func Bits(sys System) []int {
	if n, ok := sys.(Narrow); ok {
		return n.Bits()
	}
	bits := make([]int, sys.Width())
	for i := range bits {
		bits[i] = 64
	}
	return bits
}

// A Distinct is a System that may know that no two transitions of a state are
// equal: nobody then looks for those that are.
type Distinct interface {
	System
	Distinct() bool
}

// isDistinct reports whether a System knows that.
func isDistinct(sys System) bool {
	d, ok := sys.(Distinct)
	return ok && d.Distinct()
}

// A Forker is a System that several goroutines can ask, each its own fork.
type Forker interface {
	System

	// Fork returns a System with the same states and transitions, for another
	// goroutine, or nil if there can't be one. Forks may be asked together, but
	// not together with the System they come from. One that would have to learn
	// something first, such as the transitions of a component on demand, gives
	// the error ErrLater: the System itself must be asked.
	Fork() System
}

// Fork returns a fork of sys, or nil if there can't be one.
func Fork(sys System) System {
	if f, ok := sys.(Forker); ok {
		return f.Fork()
	}
	return nil
}

// ErrLater is the error of a fork that doesn't know enough.
var ErrLater = errors.New("explore: a fork was asked for what only its System can find out")

// Steps is a list of transitions in flat memory: Events[i] leads to the
// state States[i*w:(i+1)*w], w being the System's width.
type Steps struct {
	Events []model.Event
	States []uint64

	left  Leaving // of the states asked for since Reset
	watch *watch  // of the search they are for, if any
	asked int     // words in States when the watch was last asked
}

// Reset empties st and keeps its memory.
func (st *Steps) Reset() {
	st.Events, st.States, st.asked, st.left = st.Events[:0], st.States[:0], 0, Leaving{}
}

// Leave is for a System that leaves something out: it says of each state how
// much that is.
func (st *Steps) Leave(l Leaving) { st.left.add(l) }

// Left returns how much was left out of the states asked for since Reset.
func (st *Steps) Left() Leaving { return st.left }

// Ask appends the steps of a state of sys; none, if there is an error.
func (st *Steps) Ask(sys System, s []uint64) error {
	events, words, left := len(st.Events), len(st.States), st.left
	err := sys.Successors(s, st)
	if err != nil {
		st.Events, st.States, st.left = st.Events[:events], st.States[:words], left
	}
	return err
}

// LeaveAs is for a System that asks another for the steps of one of its
// states: it says what that has left out.
func (st *Steps) LeaveAs(of *Steps) {
	if of.left.Name != "" {
		st.left.add(of.left)
	}
}

// check returns the limit that the search has passed, or nil: a single state
// may have more successors than there is memory. It is quick unless many
// words have come since it was last asked. Where nobody watches, as in a
// network that is a component, there is a bound.
func (st *Steps) check() error {
	const many, most = 1 << 18, 1 << 24 // words
	if len(st.States)-st.asked < many {
		return nil
	}
	st.asked = len(st.States)
	switch {
	case st.watch != nil:
		return st.watch.check(time.Now())
	case len(st.States) > most:
		return &Limit{Reason: fmt.Sprintf("a state of a component has more than %d successors", len(st.Events))}
	}
	return nil
}

// Add appends a transition.
func (st *Steps) Add(e model.Event, s ...uint64) {
	st.Events = append(st.Events, e)
	st.States = append(st.States, s...)
}

// An Explainer is a System that can tell a path as a story: who took part,
// and who waits for whom at its end. The default story has one component.
type Explainer interface {
	System
	// Explain fills in a Behaviour but for its Loop. The path starts in the
	// initial state; path[i].State is the state after the event.
	Explain(path []PathStep) (*Behaviour, error)
}

// A PathStep is an event and the state after it. Where that can come about in
// different ways, By says which it is, if it is not nil; it is for Composed
// systems.
type PathStep struct {
	Event model.Event
	State []uint64
	By    *Move
}

// A Limit says why a search stopped before it had seen everything.
type Limit struct {
	Reason string // "more than 1000 states", "cancelled", ...
	memory bool   // it is that on memory
}

func (l *Limit) Error() string { return l.Reason }

// OfMemory reports whether it is that on memory.
func (l *Limit) OfMemory() bool { return l.memory }
