package model

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A list of edges is those that were added, in their order; sorted, each is
// there once.
func TestEdgeList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Custom(func(t *rapid.T) edge {
			n := rapid.IntRange(0, 3)
			return edge{State(n.Draw(t, "from")), State(n.Draw(t, "to")), Event(n.Draw(t, "event"))}
		})
		want := rapid.SliceOfN(number, 0, 100).Draw(t, "edges")
		if rapid.Bool().Draw(t, "rising") {
			slices.SortFunc(want, edge.compare)
		}
		var l edgeList
		for _, e := range want {
			l.add(e)
		}
		if got := slices.Collect(l.all); !slices.Equal(got, want) || l.n != len(want) {
			t.Fatalf("%d edges %v, want %v", l.n, got, want)
		}
		slices.SortFunc(want, edge.compare)
		want = slices.Compact(want)
		l.sort()
		if got := slices.Collect(l.all); !slices.Equal(got, want) || l.n != len(want) {
			t.Fatalf("sorted: %d edges %v, want %v", l.n, got, want)
		}
	})
}
