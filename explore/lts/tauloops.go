package lts

import (
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/scc"
)

// TauLoops returns m with one state in place of those that lead to each
// other by τ: a state with all their transitions, and of τ between them only
// a loop, if there was any. (Roscoe et al., "Hierarchical compression for
// model-checking CSP", 1995, call it the elimination of τ-loops.) By τ, the
// result leads back to no other state than the same.
//
// The states are the strongly connected components by τ; n states and m
// transitions cost n + m steps (Tarjan, "Depth-first search and linear graph
// algorithms", 1972), but for sorting.
func TauLoops(m *model.Machine, check func() error) (*model.Machine, error) {
	p := &patience{check: check}
	component, n, err := components(m, p)
	if err != nil {
		return nil, err
	}
	first, members := grouped(component, n)
	// The first of its states is the node that stands for a component.
	node := func(c int32) int32 { return members[first[c]] }
	return build(m, int(node(component[m.Initial()])), m.Len(), p, func(x int, out []edge) ([]edge, error) {
		c := component[x]
		for _, s := range members[first[c]:first[c+1]] {
			events, targets := m.Transitions(model.State(s))
			for i, t := range targets { // τ within c becomes a loop
				out = append(out, edge{events[i], uint32(node(component[t]))})
			}
		}
		return out, nil
	})
}

// components returns the number of each state's strongly connected component
// by τ, and how many there are. From a component, τ leads to those with
// lower numbers only.
func components(m *model.Machine, p *patience) (component []int32, n int, err error) {
	component = make([]int32, m.Len())
	s := scc.Search[model.State]{
		After: func(s model.State) []model.State { return tausOf(m, s) },
		Found: func(states []model.State) {
			for _, s := range states {
				component[s] = int32(n)
			}
			n++
		},
		Check: func() error { return p.spend(scc.Every) },
	}
	err = s.All(m.Len())
	return component, n, err
}

// grouped returns the members of each of n groups: those of g are
// members[first[g]:first[g+1]], rising.
func grouped(group []int32, n int) (first, members []int32) {
	first = make([]int32, n+1)
	for _, g := range group {
		first[g+1]++
	}
	for g := range n {
		first[g+1] += first[g]
	}
	end := append([]int32(nil), first...)
	members = make([]int32, len(group))
	for x, g := range group {
		members[end[g]] = int32(x)
		end[g]++
	}
	return first, members
}
