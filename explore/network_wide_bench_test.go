package explore_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// tokens is a ring of n components round which some tokens go: each is with
// one of them, and is passed on to the next if that has none.
func tokens(n, some int) *model.Network {
	events := model.NewEvents()
	pass := func(i int) string { return fmt.Sprint("pass.", i%n) }
	var parties []model.Party
	for i := range n {
		b := model.NewMachine(fmt.Sprint("NODE ", i), events)
		b.On("empty", pass(i), "full")
		b.On("full", pass(i+1), "empty")
		b.Initial("empty")
		if i%(n/some) == 0 && i/(n/some) < some {
			b.Initial("full")
		}
		m := must(b.Build())
		parties = append(parties, model.Party{Process: model.Leaf(m), Alphabet: m.Alphabet()})
	}
	return must(model.NewNetwork("TOKENS", events, model.AlphaPar(parties...)))
}

// BenchmarkWideSearch searches networks of many components of which few can
// do something at a time: what a transition costs, by CPU time, is to grow
// with that, and with the words of a state, which are copied.
func BenchmarkWideSearch(b *testing.B) {
	for _, n := range []int{20, 200, 2000} {
		for _, store := range []explore.Store{explore.StorePacked, explore.StoreTree} {
			b.Run(fmt.Sprintf("tokens-%d/%s", n, store), func(b *testing.B) {
				sys := explore.Network(tokens(n, 5))
				var steps, states int64
				var took time.Duration
				for b.Loop() {
					begun := explore.CPUTime()
					s, err := explore.Run(context.Background(), sys, explore.Limits{Store: store, Workers: 1, States: 200_000}, nil)
					if _, limited := err.(*explore.Limit); err != nil && !limited {
						b.Fatal(err)
					}
					took += explore.CPUTime() - begun
					steps, states = steps+s.Transitions, s.States
				}
				b.ReportMetric(float64(took.Nanoseconds())/float64(steps), "CPU-ns/transition")
				b.ReportMetric(float64(steps)/float64(b.N)/float64(states), "enabled")
				b.ReportMetric(float64(sys.Width()), "words")
			})
		}
	}
}
