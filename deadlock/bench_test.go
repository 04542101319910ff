package deadlock_test

import (
	"context"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// hidden is a hypercube whose transitions are all τ, with a step by back from
// the far corner to the first.
type hidden struct {
	events *model.Events
	bits   int
	back   model.Event
}

func (x hidden) Events() *model.Events  { return x.events }
func (x hidden) Width() int             { return 1 }
func (x hidden) Initial([]uint64) error { return nil }
func (x hidden) Successors(s []uint64, out *explore.Steps) error {
	for i := range x.bits {
		if s[0]>>i&1 == 0 {
			out.Add(model.Tau, s[0]|1<<i)
		}
	}
	if s[0] == 1<<x.bits-1 {
		out.Add(x.back, 0)
	}
	return nil
}

// What it costs to prove divergence freedom where all is τ, against the same
// search in F; and to find a loop that is closed by the very last state.
func BenchmarkFree(b *testing.B) {
	events := model.NewEvents()
	events.Event("back")
	for _, bb := range []struct {
		name string
		m    deadlock.Model
		back model.Event
		want deadlock.Answer
	}{
		{"F", deadlock.F, 2, deadlock.Holds},
		{"FD", deadlock.FD, 2, deadlock.Holds},
		{"FD-diverges", deadlock.FD, model.Tau, deadlock.Fails},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			var states int64
			for b.Loop() {
				v, err := deadlock.Free(context.Background(), hidden{events, 20, bb.back}, bb.m, explore.Limits{})
				if err != nil {
					b.Fatal(err)
				}
				if v.Answer != bb.want {
					b.Fatalf("%s, want %s", v.Answer, bb.want)
				}
				states += v.Stats.States
			}
			b.ReportMetric(float64(states)/b.Elapsed().Seconds(), "states/s")
		})
	}
}
