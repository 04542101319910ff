package explore

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// States numbers the states of a System as they are met, from 0, the initial
// one, and keeps their transitions once they have been asked for. It is for
// those who walk about in a system, instead of visiting all of it.
//
// A state costs what it costs in a Search, and 8 bytes for each transition.
type States struct {
	numbering
	ranges  []stateRange // by state; may be shorter than there are states
	events  []model.Event
	targets []uint32
}

// A stateRange says where a state's transitions are, if known.
type stateRange struct {
	known    bool
	from, to int
}

// NewStates returns the states of sys. The error is one of sys.
func NewStates(sys System) (*States, error) {
	x := &States{numbering: newNumbering(sys)}
	_, err := x.initial()
	return x, err
}

// Len returns how many states have been met.
func (x *States) Len() int { return x.states.n }

// Learnt is that of a Learner: states are numbered as they are met.
func (x *States) Learnt() int64 {
	of := Learnt(x.sys)
	if of < 0 {
		return -1
	}
	return of + int64(x.states.n)
}

// Words returns the words of state i. They must not be changed.
func (x *States) Words(i int) []uint64 { return x.states.at(i) }

// Bytes returns about what the states and transitions take.
func (x *States) Bytes() int64 {
	return x.states.bytes() + 24*int64(len(x.ranges)) + 8*int64(len(x.events))
}

// Transitions returns those of state i, sorted by event, then by target,
// without repetition. They must not be changed.
func (x *States) Transitions(i int) ([]model.Event, []uint32, error) {
	if i >= len(x.ranges) {
		x.ranges = append(x.ranges, make([]stateRange, i+1-len(x.ranges))...)
	}
	r := &x.ranges[i]
	if !r.known {
		edges, err := x.edges(i)
		if err != nil {
			return nil, nil, err
		}
		r.known, r.from = true, len(x.events)
		for _, e := range edges {
			x.events = append(x.events, e.event)
			x.targets = append(x.targets, e.target)
		}
		r.to = len(x.events)
	}
	return x.events[r.from:r.to:r.to], x.targets[r.from:r.to:r.to], nil
}

// A numbering gives the states of a System numbers as they are met.
type numbering struct {
	sys    System
	states *store
	steps  Steps
	buf    []numbered
}

// numbered is a transition to a state that has a number.
type numbered struct {
	event  model.Event
	target uint32
}

func newNumbering(sys System) numbering {
	return numbering{sys: sys, states: newStoreOf(Bits(sys), StoreAuto, true)}
}

// initial returns the number of the initial state.
func (x *numbering) initial() (uint32, error) {
	s := make([]uint64, x.sys.Width())
	if err := x.sys.Initial(s); err != nil {
		return 0, err
	}
	return x.number(s)
}

// number returns the number of a state, a new one if it is new.
func (x *numbering) number(s []uint64) (uint32, error) {
	i, key, g := x.states.number(s)
	if i >= 0 {
		return uint32(i), nil
	}
	if x.states.n >= math.MaxInt32 {
		return 0, &Limit{Reason: fmt.Sprintf("more than %d states of a part", math.MaxInt32)}
	}
	if x.states.full() {
		x.states.grow(here)
		_, key, g = x.states.number(s)
	}
	x.states.add(s, key, g)
	return uint32(x.states.n - 1), nil
}

// edges returns the transitions of state i, sorted, without repetition. They
// are good until it is called again.
func (x *numbering) edges(i int) ([]numbered, error) {
	x.steps.Reset()
	if err := x.sys.Successors(x.states.at(i), &x.steps); err != nil {
		return nil, err
	}
	x.buf = x.buf[:0]
	width := x.sys.Width()
	for k, e := range x.steps.Events {
		t, err := x.number(x.steps.States[k*width : (k+1)*width])
		if err != nil {
			return nil, err
		}
		x.buf = append(x.buf, numbered{e, t})
	}
	slices.SortFunc(x.buf, func(a, b numbered) int {
		return cmp.Or(cmp.Compare(a.event, b.event), cmp.Compare(a.target, b.target))
	})
	x.buf = slices.Compact(x.buf)
	return x.buf, nil
}
