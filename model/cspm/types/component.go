package types

// A vertex is a node of a graph whose components are looked for.
type vertex[V any] interface {
	comparable
	next() []V
	visit() *visit
}

// A visit is what components notes of a vertex.
type visit struct {
	index, low int // when it was reached, and the first that it leads back to
	done       bool
}

// components returns the strongly connected components of a graph, those
// that others lead to first (Tarjan 1972).
func components[V vertex[V]](all []V) [][]V {
	var out [][]V
	var stack []V
	next := 0
	var enter func(v V)
	enter = func(v V) {
		next++
		at := v.visit()
		at.index, at.low = next, next
		stack = append(stack, v)
		for _, w := range v.next() {
			switch to := w.visit(); {
			case to.index == 0:
				enter(w)
				at.low = min(at.low, to.low)
			case !to.done:
				at.low = min(at.low, to.index)
			}
		}
		if at.low < at.index {
			return
		}
		var group []V
		for {
			w := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			w.visit().done = true
			group = append(group, w)
			if w == v {
				break
			}
		}
		out = append(out, group)
	}
	for _, v := range all {
		if v.visit().index == 0 {
			enter(v)
		}
	}
	return out
}
