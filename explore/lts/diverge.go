package lts

import (
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// divergences tells which states diverge: from which τ leads to a loop of τ.
// Each state is looked at once.
type divergences struct {
	states *explore.States
	known  []divergence // by state; may be shorter than there are states
}

type divergence uint8

const (
	unseen divergence = iota
	open              // on the way from the state that was asked about
	settles
	diverges
)

// from reports whether state s diverges. A depth-first search by τ that comes
// to an open state has closed a loop: that, and all that leads there,
// diverges.
func (d *divergences) from(s uint32) (bool, error) {
	if k := *d.at(s); k != unseen {
		return k == diverges, nil
	}
	type frame struct {
		state uint32
		next  int // of its transitions
	}
	*d.at(s) = open
	stack := []frame{{state: s}}
	for len(stack) > 0 {
		f := &stack[len(stack)-1]
		events, targets, err := d.states.Transitions(int(f.state))
		if err != nil {
			return false, err
		}
		if f.next == len(events) || events[f.next] != model.Tau {
			*d.at(f.state) = settles
			stack = stack[:len(stack)-1]
			continue
		}
		t := targets[f.next]
		f.next++
		switch *d.at(t) {
		case unseen:
			*d.at(t) = open
			stack = append(stack, frame{state: t})
		case open, diverges:
			for _, g := range stack {
				*d.at(g.state) = diverges
			}
			return true, nil
		}
	}
	return false, nil
}

// fromAny reports whether one of the states diverges.
func (d *divergences) fromAny(states []uint32) (bool, error) {
	for _, s := range states {
		if diverges, err := d.from(s); diverges || err != nil {
			return diverges, err
		}
	}
	return false, nil
}

func (d *divergences) at(s uint32) *divergence {
	if n := int(s) + 1 - len(d.known); n > 0 {
		d.known = append(d.known, make([]divergence, n)...)
	}
	return &d.known[s]
}
