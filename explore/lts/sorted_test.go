package lts

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// Many edges are put in the same order as by comparing them.
func TestManyEdgesAreSorted(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	scans := 0
	for _, states := range []int{1, 63, 64, 65, 1000, 40000} {
		b := model.NewMachine("M", model.NewEvents())
		b.States(states)
		b.Start(0)
		for s := 1; s < states; s++ {
			b.Add(model.State(s-1), model.Tau, model.State(s))
		}
		m, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		n, err := NewNormal(explore.Machine(m), Failures, func(*Normal) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		if n.States() != states {
			t.Fatalf("%d states, want %d", n.States(), states)
		}
		if got := n.Members(0); len(got) != states || !slices.IsSorted(got) {
			t.Errorf("%d of %d states in the first node, or out of order", len(got), states)
		}
		for range 20 {
			edges := make([]edge, r.IntN(6*fewEdges))
			events := 1 + r.IntN(8)
			for i := range edges {
				edges[i] = edge{model.Tick + model.Event(r.IntN(events)*(1+r.IntN(2))), uint32(r.IntN(states))}
			}
			want := slices.Clone(edges)
			slices.SortFunc(want, func(a, b edge) int {
				return cmp.Or(cmp.Compare(a.event, b.event), cmp.Compare(a.target, b.target))
			})
			want = slices.Compact(want)
			if got := n.sorted(edges); !slices.Equal(got, want) {
				t.Fatalf("%d edges of %d, want %d", len(got), len(edges), len(want))
			}
			if len(n.scratch.bits) > 0 {
				scans++
			}
		}
	}
	if scans < 50 {
		t.Errorf("only %d times were edges not compared", scans)
	}
}
