package deadlock_test

import (
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/modeltest"
)

// An oracle also knows how far each state of a machine is.
type oracle struct {
	*modeltest.Process
	m    *model.Machine
	dist []int // steps to a state, τ counted; -1: not reachable
}

func newOracle(m *model.Machine) *oracle {
	o := &oracle{modeltest.NewProcess(m), m, make([]int, m.Len())}
	for s := range o.dist {
		o.dist[s] = -1
	}
	o.dist[m.Initial()] = 0
	for d := range o.dist {
		for s := range o.dist {
			if o.dist[s] != d {
				continue
			}
			_, targets := m.Transitions(model.State(s))
			for _, t := range targets {
				if o.dist[t] < 0 {
					o.dist[t] = d + 1
				}
			}
		}
	}
	return o
}

func (o *oracle) dead(s int) bool {
	events, _ := o.m.Transitions(model.State(s))
	return o.dist[s] >= 0 && len(events) == 0
}

func (o *oracle) diverges(s int) bool { return o.Diverges(model.State(s)) }

// nearest returns the least distance of a reachable state that is wanted,
// -1 if there is none.
func (o *oracle) nearest(wanted func(s int) bool) int {
	best := -1
	for s, d := range o.dist {
		if d >= 0 && wanted(s) && (best < 0 || d < best) {
			best = d
		}
	}
	return best
}
