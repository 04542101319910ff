package golang

import "github.com/cspcheck/cspcheck/model/scc"

// components returns the number of each state's strongly connected component.
// What can be reached from a component has lower numbers than it.
func components(next [][]edge) []int {
	return scc.Numbers(len(next), func(s int) (to []int) {
		for _, e := range next[s] {
			to = append(to, int(e.to))
		}
		return to
	})
}
