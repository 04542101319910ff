package inductive_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/explore/inductive"
	"github.com/cspcheck/cspcheck/explore/lts"
)

// tokenRing hands tokens round. Whoever has none may work, and who has one may
// enter and leave; each is seen as something of its own.
func tokenRing(t *testing.T, n, tokens int) *table {
	x := newTable(t)
	for i := range n {
		lines := []string{"0 work 1", "1 rest 0", "0 take 2", "1 take 2", "2 enter 3", "3 leave 2", "2 give 0"}
		if i < tokens {
			lines = []string{"0 enter 1", "1 leave 0", "0 give 2", "2 work 3", "3 rest 2", "2 take 0", "3 take 0"}
		}
		x.machine(lines...)
	}
	for i := range n {
		for _, e := range []string{"work", "rest", "enter", "leave"} {
			x.rule(map[bool]string{true: "τ", false: e}[e == "work" || e == "rest"], fmt.Sprintf("M%d.%s", i, e))
		}
		x.rule("τ", fmt.Sprintf("M%d.give M%d.take", i, (i+1)%n))
	}
	return x
}

// A part of a ring has no more tokens than there are: of one token, it matters
// whether there is one and whether it is in, and of two, where they are.
func TestRingsOfTokensStaySmall(t *testing.T) {
	for _, tt := range []struct{ n, tokens, largest int }{{20, 1, 8}, {200, 1, 8}, {20, 2, 400}} {
		x := tokenRing(t, tt.n, tt.tokens)
		c, err := inductive.Compose(x.network(), x.all, plan(lts.Everything))
		if err != nil {
			t.Fatal(err)
		}
		if c.Weights != 1 || c.Largest > tt.largest {
			t.Errorf("%d tokens of %d: %+v, want machines of at most %d states", tt.tokens, tt.n, c.Report, tt.largest)
		}
	}
}

// randomRing has components of a few states, each of which has a token or has none,
// and some whose states are of any kind.
func randomRing(t *testing.T, r *rand.Rand) *table {
	x := newTable(t)
	n := 3 + r.IntN(3)
	does := make([]map[string]bool, n)
	for i := range n {
		does[i] = map[string]bool{}
		states := 2 + r.IntN(3)
		odd := r.IntN(8) == 0
		var lines []string
		for range 2 * states {
			from, to := r.IntN(states), r.IntN(states)
			e := []string{"give", "own", "take"}[1+to%2-from%2]
			if odd {
				e = []string{"give", "own", "take"}[r.IntN(3)]
			}
			does[i][e] = true
			lines = append(lines, fmt.Sprint(from, " ", e, " ", to))
		}
		x.machine(lines...)
	}
	for i := range n {
		if j := (i + 1) % n; does[i]["give"] && does[j]["take"] {
			x.rule("hand", fmt.Sprintf("M%d.give M%d.take", i, j))
		}
		if does[i]["own"] {
			x.rule("own", fmt.Sprintf("M%d.own", i))
		}
	}
	return x
}

// What all weigh is the same in all states that a network comes to, and nobody
// weighs less than nothing.
func TestWeights(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	found := 0
	for range 400 {
		x := randomRing(t, r)
		net := x.network()
		of, totals, err := inductive.WeightsOf(net, x.all, plan(lts.Failures))
		if err != nil {
			t.Fatal(err)
		}
		sys := explore.Network(net)
		layout := sys.(explore.Flat).Layout()
		for k, weight := range of {
			found++
			_, err := explore.Run(context.Background(), sys, explore.Limits{}, func(v *explore.Visit) bool {
				sum := int32(0)
				for i, f := range layout.Fields {
					if weight[i] == nil {
						continue
					}
					w := weight[i][f.Get(v.Words)]
					if w < 0 {
						t.Fatalf("a state of component %d weighs %d, of\n%s", i, w, net)
					}
					sum += w
				}
				if sum != totals[k] {
					t.Fatalf("all weigh %d, and then %d, of\n%s", totals[k], sum, net)
				}
				return true
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if found < 50 {
		t.Errorf("only %d weights", found)
	}
}
