package explore_test

import (
	"context"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// grid counts in three directions to side-1: few transitions a state, and
// three words.
type grid struct {
	events *model.Events
	side   uint64
}

func (g grid) Events() *model.Events  { return g.events }
func (g grid) Width() int             { return 3 }
func (g grid) Initial([]uint64) error { return nil }

func (g grid) Successors(s []uint64, out *explore.Steps) error {
	for i := range s {
		if s[i]+1 < g.side {
			n := len(out.States)
			out.Events = append(out.Events, model.Tick+model.Event(1+i))
			out.States = append(out.States, s[0], s[1], s[2])
			out.States[n+i]++
		}
	}
	return nil
}

func BenchmarkRun(b *testing.B) {
	g := grid{model.NewEvents(), 200}
	for _, name := range []string{"x", "y", "z"} {
		g.events.Event(name)
	}
	for _, bb := range []struct {
		name string
		sys  explore.System
	}{
		{"cube-20/1-word", newCube(20, 1)},
		{"cube-22/1-word", newCube(22, 1)},
		{"cube-20/3-words", newCube(20, 3)},
		{"grid-200/3-words", g},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			var states, steps int64
			var bytes float64
			for b.Loop() {
				s, err := explore.Run(context.Background(), bb.sys, explore.Limits{}, func(v *explore.Visit) bool { return true })
				if err != nil {
					b.Fatal(err)
				}
				states += s.States
				steps += s.Transitions
				bytes = float64(s.Bytes()) / float64(s.States)
			}
			b.ReportMetric(float64(states)/b.Elapsed().Seconds(), "states/s")
			b.ReportMetric(float64(steps)/b.Elapsed().Seconds(), "transitions/s")
			b.ReportMetric(bytes, "B/state")
		})
	}
}
