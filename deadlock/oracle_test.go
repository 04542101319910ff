package deadlock_test

import "github.com/cspcheck/cspcheck/model"

// An oracle answers by the definitions, on a matrix of the machine's steps:
// slow, short, and sharing nothing with what it judges.
type oracle struct {
	m     *model.Machine
	dist  []int    // steps to a state, τ counted; -1: not reachable
	taus  [][]bool // taus[s][t]: t can be reached from s by one τ or more
	ticks []bool   // some ✓ leads here from a reachable state
	other []bool   // something else leads here, or it is the initial state
}

func newOracle(m *model.Machine) *oracle {
	n := m.Len()
	o := &oracle{m: m, dist: make([]int, n), taus: make([][]bool, n), ticks: make([]bool, n), other: make([]bool, n)}
	for s := range o.dist {
		o.dist[s] = -1
		o.taus[s] = make([]bool, n)
	}
	o.dist[m.Initial()] = 0
	o.other[m.Initial()] = true
	for d := range n {
		for s := range n {
			if o.dist[s] != d {
				continue
			}
			events, targets := m.Transitions(model.State(s))
			for i, e := range events {
				t := targets[i]
				if o.dist[t] < 0 {
					o.dist[t] = d + 1
				}
				if e == model.Tick {
					o.ticks[t] = true
				} else {
					o.other[t] = true
				}
				if e == model.Tau {
					o.taus[s][t] = true
				}
			}
		}
	}
	for k := range n { // Warshall's closure
		for s := range n {
			for t := range n {
				if o.taus[s][k] && o.taus[k][t] {
					o.taus[s][t] = true
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

// diverges reports whether a state on a loop of τ can be reached by τ.
func (o *oracle) diverges(s int) bool {
	for t := range o.dist {
		if (s == t || o.taus[s][t]) && o.taus[t][t] {
			return true
		}
	}
	return false
}

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
