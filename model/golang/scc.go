package golang

// components returns the number of each state's strongly connected component.
// What can be reached from a component has lower numbers than it (Tarjan 1972).
func components(next [][]edge) []int {
	component := make([]int, len(next))
	order := make([]int, len(next)) // of arrival, from 1
	low := make([]int, len(next))
	var stack []int
	arrived, found := 0, 0
	type call struct{ s, edge int }
	for root := range next {
		if order[root] > 0 {
			continue
		}
		calls := []call{{s: root}}
		for len(calls) > 0 {
			c := &calls[len(calls)-1]
			if c.edge == 0 {
				arrived++
				order[c.s], low[c.s] = arrived, arrived
				stack = append(stack, c.s)
			}
			if c.edge < len(next[c.s]) {
				t := int(next[c.s][c.edge].to)
				c.edge++
				switch {
				case order[t] == 0:
					calls = append(calls, call{s: t})
				case component[t] == 0:
					low[c.s] = min(low[c.s], order[t])
				}
				continue
			}
			if low[c.s] == order[c.s] {
				found++
				for done := false; !done; {
					t := stack[len(stack)-1]
					stack = stack[:len(stack)-1]
					component[t] = found
					done = t == c.s
				}
			}
			s := c.s
			calls = calls[:len(calls)-1]
			if len(calls) > 0 {
				up := &calls[len(calls)-1]
				low[up.s] = min(low[up.s], low[s])
			}
		}
	}
	return component
}
