package explore_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/explore/bare"
	"github.com/cspcheck/cspcheck/model"
)

// sparse is a network in which five things are possible at a time, however
// many components and rules there are: a token goes round n components, and
// the one that has it does, four at a choice, events with others, which all
// wait for it. Each component leads fan events, a multiple of four.
func sparse(n, fan int) *model.Network {
	events := model.NewEvents()
	pass := func(i int) string { return fmt.Sprint("pass.", i%n) }
	far := func(k int) int { return 1 + k%(n-1) }
	work := func(i, k int) string { return fmt.Sprintf("work.%d.%d", i%n, k) }
	phase := func(k int) string { return fmt.Sprint("busy", k%fan/4) }
	var parties []model.Party
	for i := range n {
		b := model.NewMachine(fmt.Sprint("NODE ", i), events)
		b.On("idle", pass(i), phase(0))
		for k := range fan {
			b.On(phase(k), work(i, k), phase(k+4))
			b.On("idle", work(i+n-far(k), k), "idle")
			if k%4 == 0 {
				b.On(phase(k), pass(i+1), "idle")
			}
		}
		b.Initial("idle")
		if i == 0 {
			b.Initial(phase(0))
		}
		m := must(b.Build())
		parties = append(parties, model.Party{Process: model.Leaf(m), Alphabet: m.Alphabet()})
	}
	return must(model.NewNetwork("SPARSE", events, model.AlphaPar(parties...)))
}

// variable is one of some values, and n components that come to ask for it,
// five at a time: what each can do depends on the value, and the variable
// offers each value to all.
func variable(n, values int) *model.Network {
	events := model.NewEvents()
	turn := func(i int) string { return fmt.Sprint("turn.", i%n) }
	get := func(i, v int) string { return fmt.Sprintf("get.%d.%d", i, v) }
	cell := model.NewMachine("CELL", events)
	cell.Initial("0")
	var parties []model.Party
	for i := range n {
		b := model.NewMachine(fmt.Sprint("NODE ", i), events)
		put := fmt.Sprint("put.", i)
		for v := range values {
			b.On("asks", get(i, v), "knows")
			cell.On(fmt.Sprint(v), get(i, v), fmt.Sprint(v))
			cell.On(fmt.Sprint(v), put, fmt.Sprint((v+1)%values))
		}
		b.On("knows", put, "done")
		b.On("done", turn(i+1), "idle")
		b.On("idle", turn(i), "asks")
		b.Initial("idle")
		if i%(n/5) == 0 && i/(n/5) < 5 {
			b.Initial("asks")
		}
		m := must(b.Build())
		parties = append(parties, model.Party{Process: model.Leaf(m), Alphabet: m.Alphabet()})
	}
	m := must(cell.Build())
	parties = append(parties, model.Party{Process: model.Leaf(m), Alphabet: m.Alphabet()})
	return must(model.NewNetwork("VARIABLE", events, model.AlphaPar(parties...)))
}

// BenchmarkSuccessors asks for the transitions of states on a walk, again and
// again: the cost of a step is to grow with what is enabled, not with what
// exists.
func BenchmarkSuccessors(b *testing.B) {
	for _, bb := range []struct {
		name string
		net  func() *model.Network
	}{
		{"phils-8", func() *model.Network { return philosophers(8, false) }},
		{"phils-50", func() *model.Network { return philosophers(50, false) }},
		{"phils-200", func() *model.Network { return philosophers(200, false) }},
		{"tokens-20", func() *model.Network { return tokens(20, 5) }},
		{"tokens-200", func() *model.Network { return tokens(200, 5) }},
		{"tokens-2000", func() *model.Network { return tokens(2000, 5) }},
		{"sparse-10x8", func() *model.Network { return sparse(10, 8) }},
		{"sparse-50x8", func() *model.Network { return sparse(50, 8) }},
		{"sparse-200x4", func() *model.Network { return sparse(200, 4) }},
		{"sparse-200x8", func() *model.Network { return sparse(200, 8) }},
		{"sparse-200x48", func() *model.Network { return sparse(200, 48) }},
		{"sparse-200x500", func() *model.Network { return sparse(200, 500) }},
		{"variable-200x5", func() *model.Network { return variable(200, 5) }},
		{"variable-200x50", func() *model.Network { return variable(200, 50) }},
		{"variable-200x500", func() *model.Network { return variable(200, 500) }},
	} {
		b.Run(bb.name, func(b *testing.B) {
			net := bb.net()
			start := explore.CPUTime()
			sys := explore.Network(net)
			walk(b, sys, 2) // some waits until it is asked
			made := explore.CPUTime() - start
			states := walk(b, sys, 256)
			w, n, steps := sys.Width(), 0, int64(0)
			var out explore.Steps
			start = explore.CPUTime()
			for b.Loop() {
				out.Reset()
				if err := sys.Successors(states[n*w:(n+1)*w], &out); err != nil {
					b.Fatal(err)
				}
				steps += int64(len(out.Events))
				n = (n + 1) % (len(states) / w)
			}
			took := float64((explore.CPUTime() - start).Nanoseconds())
			b.ReportMetric(took/float64(b.N), "CPU-ns/state")
			b.ReportMetric(took/float64(steps), "CPU-ns/step")
			b.ReportMetric(float64(steps)/float64(b.N), "enabled")
			b.ReportMetric(float64(w), "words")
			b.ReportMetric(float64(net.NumRules()), "rules")
			b.ReportMetric(made.Seconds()*1e3, "CPU-ms-to-make")
		})
	}
}

// walk returns the states of a walk, always the same one.
func walk(b *testing.B, sys explore.System, length int) []uint64 {
	w := sys.Width()
	states := make([]uint64, w)
	if err := sys.Initial(states); err != nil {
		b.Fatal(err)
	}
	var out explore.Steps
	for i := range length - 1 {
		out.Reset()
		if err := sys.Successors(states[i*w:(i+1)*w], &out); err != nil {
			b.Fatal(err)
		}
		k := (i * 7) % len(out.Events)
		states = append(states, out.States[k*w:(k+1)*w]...)
	}
	return states
}

// BenchmarkSearch searches networks whole, by store and number of workers,
// and says what share of the rate of a bare table, filled in the same run,
// that is: both by CPU time.
func BenchmarkSearch(b *testing.B) {
	for _, bb := range []struct {
		name string
		net  *model.Network
	}{
		{"phils-6", philosophers(6, false)},
		{"phils-7", philosophers(7, false)},
	} {
		for _, store := range explore.Stores[1:] {
			for _, workers := range []int{1, 2} {
				b.Run(fmt.Sprintf("%s/%s/%d", bb.name, store, workers), func(b *testing.B) {
					sys := explore.Network(bb.net)
					var states, steps, bytes int64
					var filling, searching time.Duration
					for b.Loop() {
						begun := explore.CPUTime()
						s, err := explore.Run(context.Background(), sys, explore.Limits{Store: store, Workers: workers}, nil)
						if err != nil {
							b.Skip(err)
						}
						searching += explore.CPUTime() - begun
						states, steps, bytes = s.States, steps+s.Transitions, s.Bytes()
						b.StopTimer()
						var start time.Duration
						bare.Fill(int(s.States), func() { start = explore.CPUTime() }, func() { filling += explore.CPUTime() - start })
						b.StartTimer()
					}
					rate, table := float64(steps)/searching.Seconds(), float64(states)*float64(b.N)/filling.Seconds()
					b.ReportMetric(rate, "transitions/CPU-s")
					b.ReportMetric(100*rate/table, "%-of-table-rate")
					b.ReportMetric(float64(bytes)/float64(states), "B/state")
				})
			}
		}
	}
}
