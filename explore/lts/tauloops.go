package lts

import "github.com/cspcheck/cspcheck/model"

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
	const unseen, open = 0, -1 // low, before and after a component is known
	low := make([]int32, m.Len())
	component = make([]int32, m.Len())
	type frame struct {
		state model.State
		next  int // of its transitions
		place int32
	}
	var frames []frame
	var stack []model.State // states whose component is open
	visited := int32(0)
	visit := func(s model.State) {
		visited++
		low[s] = visited
		component[s] = open
		frames = append(frames, frame{s, 0, visited})
		stack = append(stack, s)
	}
	for root := range model.State(m.Len()) {
		if low[root] != unseen {
			continue
		}
		visit(root)
		for len(frames) > 0 {
			f := &frames[len(frames)-1]
			events, targets := m.Transitions(f.state)
			if err := p.spend(1); err != nil {
				return nil, 0, err
			}
			if f.next < len(events) && events[f.next] == model.Tau {
				t := targets[f.next]
				if low[t] == unseen {
					visit(t) // and come back to the same transition
					continue
				}
				f.next++
				if component[t] == open {
					low[f.state] = min(low[f.state], low[t])
				}
				continue
			}
			s := f.state
			if low[s] == f.place {
				for {
					t := stack[len(stack)-1]
					stack = stack[:len(stack)-1]
					component[t] = int32(n)
					if t == s {
						break
					}
				}
				n++
			}
			frames = frames[:len(frames)-1]
		}
	}
	return component, n, nil
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
