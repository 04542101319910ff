package lts_test

import (
	"slices"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/explore/lts"
	"github.com/cspcheck/cspcheck/model/modeltest"
	"pgregory.net/rapid"
)

// reached returns the nodes that can be reached, in the order of a breadth
// first search.
func reached(t interface{ Fatal(...any) }, n *lts.Normal) []lts.Node {
	out := []lts.Node{0}
	for i := 0; i < len(out); i++ {
		events, err := n.Initials(out[i], nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			y, err := n.After(out[i], e)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Contains(out, y) {
				out = append(out, y)
			}
		}
	}
	return out
}

func TestWholeMergesWhatIsEqual(t *testing.T) {
	for _, tt := range []struct {
		machine string
		keep    lts.Keep
		want    int // nodes that are reached then
	}{
		{"s a t, t a s", lts.Traces, 1},
		{"s a t, t a u, u a s", lts.Divergences, 1},
		{"s a t, t b s", lts.Traces, 2},
		{"s a t, s b u, t a v, u a v", lts.Failures, 3},
		{"s a t, s b u, t a v, u a v, u τ w", lts.Traces, 3},   // u may stop; that is no trace
		{"s a t, s b u, t a v, u a v, u τ w", lts.Failures, 4}, // but a failure
		{"s a t, s b u, u τ u", lts.Failures, 3},
		{"s a t, s b u, u τ u", lts.Traces, 2},
		{"s a t, s b u, u τ u, t τ t", lts.Divergences, 2},
		{"s a t, t ✓ e", lts.Traces, 3},
	} {
		n, err := lts.NewNormal(explore.Machine(machine(t, tt.machine)), tt.keep, always)
		if err != nil {
			t.Fatal(err)
		}
		if whole, err := n.Whole(lts.Budget{Nodes: 100, Work: 1000}); !whole || err != nil {
			t.Errorf("%s: %v, %v", tt.machine, whole, err)
		}
		if got := len(reached(t, n)); got != tt.want {
			t.Errorf("%s: %d nodes, want %d", tt.machine, got, tt.want)
		}
	}
}

func TestWholeKeepsToItsBudget(t *testing.T) {
	m := machine(t, "s a t, t a u, u a v, v b s")
	for _, b := range []lts.Budget{{Nodes: 3, Work: 1000}, {Nodes: 100, Work: 5}} {
		n, err := lts.NewNormal(explore.Machine(m), lts.Failures, always)
		if err != nil {
			t.Fatal(err)
		}
		if whole, err := n.Whole(b); whole || err != nil {
			t.Errorf("%+v: %v, %v", b, whole, err)
		}
		if got := len(reached(t, n)); got != 4 {
			t.Errorf("%+v: %d nodes, want 4", b, got)
		}
	}
}

// Nodes of the quotient remember what those of the normal form do, along
// every trace; and no two of its nodes remember and do the same.
func TestQuotientIsTheNormalForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := modeltest.Machines(6, 2).Draw(t, "machine")
		keep := rapid.SampledFrom([]lts.Keep{lts.Traces, lts.Failures, lts.Divergences}).Draw(t, "keep")
		plain, err := lts.NewNormal(explore.Machine(m), keep, always)
		if err != nil {
			t.Fatal(err)
		}
		merged, err := lts.NewNormal(explore.Machine(m), keep, always)
		if err != nil {
			t.Fatal(err)
		}
		if whole, err := merged.Whole(lts.Budget{Nodes: 1000, Work: 100_000}); !whole || err != nil {
			t.Fatal(whole, err)
		}
		type pair struct{ a, b lts.Node }
		to := map[lts.Node]lts.Node{}
		queue := []pair{{0, 0}}
		for i := 0; i < len(queue); i++ {
			a, b := queue[i].a, queue[i].b
			if was, ok := to[a]; ok {
				if was != b {
					t.Fatalf("node %d is both %d and %d", a, was, b)
				}
				continue
			}
			to[a] = b
			if plain.Diverges(a) != merged.Diverges(b) {
				t.Fatalf("node %d diverges: %v", a, plain.Diverges(a))
			}
			if keep != lts.Traces && !slices.EqualFunc(plain.Acceptances(a), merged.Acceptances(b), slices.Equal) {
				t.Fatalf("node %d accepts %v and %v", a, plain.Acceptances(a), merged.Acceptances(b))
			}
			x, _ := plain.Initials(a, nil)
			y, _ := merged.Initials(b, nil)
			if !slices.Equal(x, y) {
				t.Fatalf("node %d does %v and %v", a, x, y)
			}
			for _, e := range x {
				c, _ := plain.After(a, e)
				d, _ := merged.After(b, e)
				queue = append(queue, pair{c, d})
			}
		}
		nodes := reached(t, merged)
		for i, a := range nodes {
			for _, b := range nodes[:i] {
				if alike(merged, keep, a, b, map[[2]lts.Node]bool{}) {
					t.Fatalf("nodes %d and %d are alike", a, b)
				}
			}
		}
	})
}

// alike reports whether two nodes remember and do the same for ever: what is
// assumed stays unrefuted.
func alike(n *lts.Normal, keep lts.Keep, a, b lts.Node, assumed map[[2]lts.Node]bool) bool {
	if a == b || assumed[[2]lts.Node{a, b}] {
		return true
	}
	assumed[[2]lts.Node{a, b}] = true
	x, _ := n.Initials(a, nil)
	y, _ := n.Initials(b, nil)
	if n.Diverges(a) != n.Diverges(b) || !slices.Equal(x, y) {
		return false
	}
	if keep != lts.Traces && !slices.EqualFunc(n.Acceptances(a), n.Acceptances(b), slices.Equal) {
		return false
	}
	for _, e := range x {
		c, _ := n.After(a, e)
		d, _ := n.After(b, e)
		if !alike(n, keep, c, d, assumed) {
			return false
		}
	}
	return true
}
