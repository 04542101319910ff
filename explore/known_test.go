package explore_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// cycle returns the machine that does the events in turn, from number start.
func cycle(name string, events *model.Events, start int, names ...string) *model.Machine {
	b := model.NewMachine(name, events)
	b.States(len(names))
	for i, e := range names {
		b.Add(model.State(i), events.Event(e), model.State((i+1)%len(names)))
	}
	b.Start(model.State(start))
	return must(b.Build())
}

func must[T any](x T, err error) T {
	if err != nil {
		panic(err)
	}
	return x
}

// philosophers after Roscoe: n of them, of whom the first reaches to the
// wrong side first if asym.
func philosophers(n int, asym bool) *model.Network {
	events := model.NewEvents()
	var phils, forks []model.Party
	var shared []model.Event
	for i := range n {
		right, left := (i+1)%n, (i+n-1)%n
		picks, puts := func(p, f int) string { return fmt.Sprintf("picks.%d.%d", p, f) }, func(p, f int) string { return fmt.Sprintf("puts.%d.%d", p, f) }
		first, second := i, right
		if asym && i == 0 {
			first, second = second, first
		}
		phil := cycle(fmt.Sprint("PHIL ", i), events, 0, fmt.Sprint("thinks.", i), fmt.Sprint("sits.", i), picks(i, first), picks(i, second),
			fmt.Sprint("eats.", i), puts(i, right), puts(i, i), fmt.Sprint("getsup.", i))
		b := model.NewMachine(fmt.Sprint("FORK ", i), events)
		b.On("free", picks(i, i), "mine")
		b.On("mine", puts(i, i), "free")
		b.On("free", picks(left, i), "lent")
		b.On("lent", puts(left, i), "free")
		b.Initial("free")
		fork := must(b.Build())
		phils = append(phils, model.Party{Process: model.Leaf(phil), Alphabet: phil.Alphabet()})
		forks = append(forks, model.Party{Process: model.Leaf(fork), Alphabet: fork.Alphabet()})
		for e := range fork.Alphabet().All() {
			shared = append(shared, e)
		}
	}
	return must(model.NewNetwork("SYSTEM", events, model.Par(model.NewAlphabet(shared...), model.AlphaPar(phils...), model.AlphaPar(forks...))))
}

// milner is Milner's scheduler of n cells.
func milner(n int) *model.Network {
	events := model.NewEvents()
	var cells []model.Party
	for i := range n {
		a, b, c, next := fmt.Sprint("a.", i), fmt.Sprint("b.", i), fmt.Sprint("c.", i), fmt.Sprint("c.", (i+1)%n)
		m := model.NewMachine(fmt.Sprint("CELL ", i), events)
		m.On("idle", c, "start")
		m.On("start", a, "pass")
		m.On("pass", next, "wait")
		m.On("wait", b, "idle")
		m.On("wait", c, "again")
		m.On("again", b, "start")
		m.Initial("idle")
		if i == 0 {
			m.Initial("start")
		}
		cell := must(m.Build())
		cells = append(cells, model.Party{Process: model.Leaf(cell), Alphabet: cell.Alphabet()})
	}
	return must(model.NewNetwork("SYSTEM", events, model.AlphaPar(cells...)))
}

// cyclers is n independent cycles of k events.
func cyclers(n, k int) *model.Network {
	events := model.NewEvents()
	var ps []*model.Process
	for i := range n {
		var steps []string
		for j := range k {
			steps = append(steps, fmt.Sprintf("step.%d.%d", i, j))
		}
		ps = append(ps, model.Leaf(cycle(fmt.Sprint("C ", i), events, 0, steps...)))
	}
	return must(model.NewNetwork("SYSTEM", events, model.Interleave(ps...)))
}

// Counts on which independent programs agree.
func TestNetworkKnownCounts(t *testing.T) {
	for _, tt := range []struct {
		name                           string
		net                            *model.Network
		states, transitions, deadlocks int64
		components, events, depth      int
		large                          bool
	}{
		{"phils 5", philosophers(5, false), 18335, 83675, 1, 10, 40, 35, false},
		{"phils 7", philosophers(7, false), 930431, 5944953, 1, 14, 56, 49, true},
		{"philsasym 5", philosophers(5, true), 17711, 80755, 0, 10, 40, 35, false},
		{"philsasym 7", philosophers(7, true), 898751, 5738841, 0, 14, 56, 49, true},
		{"milner 7", milner(7), 1344, 5376, 0, 7, 21, 38, false},
		{"milner 16", milner(16), 1572864, 13369344, 0, 16, 48, 92, true},
		{"interleave 4", cyclers(4, 10), 10000, 40000, 0, 4, 40, 36, false},
		{"interleave 6", cyclers(6, 10), 1000000, 6000000, 0, 6, 60, 54, true},
	} {
		if tt.large && testing.Short() {
			continue
		}
		var dead int64
		s, err := explore.Run(context.Background(), explore.Network(tt.net), explore.Limits{}, func(v *explore.Visit) bool {
			if len(v.Steps.Events) == 0 {
				dead++
			}
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
		if s.States != tt.states || s.Transitions != tt.transitions || dead != tt.deadlocks || int(s.Depth) != tt.depth {
			t.Errorf("%s: %d states, %d transitions, %d deadlocked, depth %d; want %d, %d, %d, %d",
				tt.name, s.States, s.Transitions, dead, s.Depth, tt.states, tt.transitions, tt.deadlocks, tt.depth)
		}
		if c, e := len(tt.net.Components()), tt.net.Events().Len()-2; c != tt.components || e != tt.events {
			t.Errorf("%s: %d components, %d events, want %d, %d", tt.name, c, e, tt.components, tt.events)
		}
	}
}

func BenchmarkNetwork(b *testing.B) {
	for _, bb := range []struct {
		name string
		net  func() *model.Network
	}{
		{"phils-7", func() *model.Network { return philosophers(7, false) }},
		{"phils-8", func() *model.Network { return philosophers(8, false) }},
		{"milner-16", func() *model.Network { return milner(16) }},
		{"interleave-6", func() *model.Network { return cyclers(6, 10) }},
		{"interleave-7", func() *model.Network { return cyclers(7, 10) }},
	} {
		b.Run(bb.name, func(b *testing.B) {
			sys := explore.Network(bb.net())
			var steps int64
			var bytes float64
			for b.Loop() {
				s, err := explore.Run(context.Background(), sys, explore.Limits{}, nil)
				if err != nil {
					b.Fatal(err)
				}
				steps += s.Transitions
				bytes = float64(s.Bytes()) / float64(s.States)
			}
			b.ReportMetric(float64(steps)/b.Elapsed().Seconds(), "transitions/s")
			b.ReportMetric(bytes, "B/state")
			b.ReportMetric(0, "ns/op")
		})
	}
}
