package deadlock

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"pgregory.net/rapid"
)

// A tauGraph is where τ leads from the states that have been expanded.
type tauGraph [][]uint32

// to returns how many steps, at least one, lead to a state that is wanted; -1
// if none do.
func (g tauGraph) to(from int, wanted func(int) bool) int {
	seen, level := map[int]bool{}, []int{from}
	for n := 1; len(level) > 0; n++ {
		var next []int
		for _, s := range level {
			if s >= len(g) {
				continue
			}
			for _, t := range g[s] {
				if wanted(int(t)) {
					return n
				}
				if !seen[int(t)] {
					seen[int(t)] = true
					next = append(next, int(t))
				}
			}
		}
		level = next
	}
	return -1
}

// lasso tells of the first state from which τ leads into a loop how far it is
// to a state of one, and round it.
func (g tauGraph) lasso() string {
	round := func(s int) int { return g.to(s, func(t int) bool { return t == s }) }
	loops := func(s int) bool { return round(s) > 0 }
	for s := range g {
		if loops(s) {
			return fmt.Sprint(s, 0, round(s))
		}
		if n := g.to(s, loops); n > 0 {
			return fmt.Sprint(s, n)
		}
	}
	return "none"
}

// Whatever states are dropped because they settle, loops are found, and the
// way to them.
func TestStatesThatSettleAreOfNoLoop(t *testing.T) {
	dropped, loops, none := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "states")
		back := rapid.SampledFrom([]int{0, 0, 1, 5, 40}).Draw(t, "as far back")
		var g tauGraph
		kept := taus{}
		for s := range n {
			v := &explore.Visit{State: s}
			for range rapid.IntRange(0, 2).Draw(t, "steps") {
				to := rapid.IntRange(max(0, s-back), n-1).Draw(t, "to")
				if back == 0 {
					to = min(s+1+to%4, n-1+4)
				}
				v.Steps.Events, v.Targets = append(v.Steps.Events, model.Tau), append(v.Targets, uint32(to))
			}
			if rapid.Bool().Draw(t, "now") {
				kept.enough = 0
			}
			kept.note(v)
			g = append(g, slices.Clone(v.Targets))
			if rapid.IntRange(0, 9).Draw(t, "look") > 0 && s < n-1 {
				continue
			}
			got, want := "none", g.lasso()
			if l := kept.lasso(); l != nil {
				loops++
				if got = fmt.Sprint(l.start, len(l.stem)); len(l.stem) == 0 {
					got = fmt.Sprint(l.start, 0, len(l.loop))
				}
			}
			if got != want {
				t.Fatalf("after %d states the lasso (start, stem, loop) is %s, not %s", s+1, got, want)
			}
			if got != "none" {
				return
			}
			none++
		}
		for _, to := range g {
			dropped += min(1, len(to))
		}
		dropped -= kept.rows.Len()
	})
	if dropped < 100 || loops < 10 || none < 10 {
		t.Errorf("%d states were dropped, %d loops found, and none %d times", dropped, loops, none)
	}
}

// A search that steps by τ keep from going on says so.
func TestHintAtSteps(t *testing.T) {
	g := taus{}
	b := model.NewMachine("M", model.NewEvents())
	b.Start(b.State("only"))
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	_, limit := explore.Run(t.Context(), explore.Machine(m), explore.Limits{Memory: 1}, nil)
	var l *explore.Limit
	if !errors.As(limit, &l) || !l.OfMemory() {
		t.Fatal(limit)
	}
	if got := g.hint(l, 1<<20); got != "" {
		t.Errorf("without steps it says %q", got)
	}
	for s := range 1 << 16 {
		g.rows.Add([]uint32{uint32(s), uint32(s)})
	}
	if got := g.hint(l, 1<<20); !strings.HasPrefix(got, "; 0 MB of it are steps by τ") {
		t.Errorf("it says %q", got)
	}
	if got := g.hint(&explore.Limit{}, 1<<20) + g.hint(nil, 1<<20); got != "" {
		t.Errorf("for another limit it says %q", got)
	}
}

// So they are where the states with τ fill several chunks: of a ladder whose
// last state leads back, or nowhere.
func TestLoopsThroughManyStates(t *testing.T) {
	const n, back = 12_293, 4113
	for _, last := range []int{-1, back} {
		g := taus{enough: 1 << 30}
		note := func(s int, to ...uint32) {
			v := &explore.Visit{State: s, Targets: to}
			for range to {
				v.Steps.Events = append(v.Steps.Events, model.Tau)
			}
			g.note(v)
		}
		for s := range uint32(n - 1) {
			note(int(s), s+1, min(s+2, n-1)) // a shortest way goes by twos
		}
		if last < 0 {
			note(n - 1)
			g.falling = true // look all the same
		} else {
			note(n-1, uint32(last))
		}
		got := g.lasso()
		switch {
		case last < 0:
			if got != nil || g.rows.Len() != 0 {
				t.Errorf("%v, and %d states that settle are kept", got, g.rows.Len())
			}
		case got == nil:
			t.Error("no loop is found")
		case got.start != 0 || len(got.stem) != (back+1)/2 || len(got.loop) < (n-back)/2:
			t.Errorf("from %d there are %d steps to the loop, and %d round it", got.start, len(got.stem), len(got.loop))
		default:
			for i, s := range got.loop[1:] {
				if s != got.loop[i]+1 && s != got.loop[i]+2 && !(got.loop[i] == n-1 && s == back) {
					t.Fatalf("the loop goes from %d to %d", got.loop[i], s)
				}
			}
		}
	}
}
