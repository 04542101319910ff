package conform_test

import (
	"context"
	"sync"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/deadlock/conform"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// BenchmarkRecord says what an event costs the program: less than 1 µs.
func BenchmarkRecord(b *testing.B) {
	ways := []struct {
		name   string
		record func(p *conform.Process, i int)
	}{
		{"point", func(p *conform.Process, _ int) { p.Record("jobs.1") }},
		{"span", func(p *conform.Process, _ int) { p.Begin("jobs").End("jobs.1") }},
		{"span with a value", func(p *conform.Process, i int) { p.Begin("jobs").End(conform.Event("jobs", i)) }},
	}
	for _, w := range ways {
		b.Run(w.name+"/alone", func(b *testing.B) {
			var rec conform.Recorder
			p := rec.Process("p")
			b.ReportAllocs()
			for i := range b.N {
				w.record(p, i)
			}
		})
		for _, own := range []bool{true, false} {
			name := "/8 goroutines, a process each"
			if !own {
				name = "/8 goroutines, one process"
			}
			b.Run(w.name+name, func(b *testing.B) {
				var rec conform.Recorder
				b.ReportAllocs()
				var all sync.WaitGroup
				for g := range 8 {
					all.Go(func() {
						p := rec.Process("p")
						if own {
							p = rec.Process(conform.Event("p", g))
						}
						for i := g; i < b.N; i += 8 {
							w.record(p, i)
						}
					})
				}
				all.Wait()
			})
		}
	}
}

// BenchmarkCheck checks a log of 100 000 events, of four cells each of which
// can be full or empty, written one after the other and with spans that
// overlap.
func BenchmarkCheck(b *testing.B) {
	const cells, events = 4, 100_000
	table := model.NewEvents()
	var parts []*model.Process
	for c := range cells {
		m := model.NewMachine("CELL", table)
		m.On("empty", conform.Event("in", c), "ready")
		m.On("ready", "τ", "full")
		m.On("full", conform.Event("out", c), "empty")
		m.Initial("empty")
		cell, err := m.Build()
		if err != nil {
			b.Fatal(err)
		}
		parts = append(parts, model.Leaf(cell))
	}
	net, err := model.NewNetwork("CELLS", table, model.Interleave(parts...))
	if err != nil {
		b.Fatal(err)
	}
	log := &conform.Log{}
	for i := range events {
		c, way := i%cells, []string{"in", "out"}[i/cells%2]
		log.Entries = append(log.Entries, conform.Entry{Event: conform.Event(way, c), Begin: int64(i), End: int64(i)})
	}
	overlapping := &conform.Log{}
	for _, e := range log.Entries {
		e.Begin, e.End = e.Begin-2, e.End+1
		overlapping.Entries = append(overlapping.Entries, e)
	}
	wrong := &conform.Log{Entries: append(append([]conform.Entry{}, log.Entries...), conform.Entry{Event: "out.0", Begin: events, End: events})}
	for _, bb := range []struct {
		name    string
		log     *conform.Log
		options conform.Options
		want    deadlock.Answer
	}{
		{"in order", log, conform.Options{}, deadlock.Holds},
		{"overlapping", overlapping, conform.Options{}, deadlock.Holds},
		{"the last is wrong", wrong, conform.Options{}, deadlock.Fails},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				v, err := conform.Check(context.Background(), explore.Network(net), bb.log, bb.options, explore.Limits{})
				if err != nil || v.Answer != bb.want {
					b.Fatal(v, err)
				}
				b.ReportMetric(float64(v.Stats.States)/events, "states/event")
			}
		})
	}
}
