package explore

import (
	"testing"

	"github.com/cspcheck/cspcheck/explore/bare"
)

// BenchmarkInsert inserts a million states in random order into each store,
// in blocks as a search does, and into a bare table.
func BenchmarkInsert(b *testing.B) {
	const n = 1 << 20
	const keyBits = 40
	keys := make([]uint64, n)
	(&bare.Keys{}).Fill(keys)
	report := func(b *testing.B) {
		b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "states/s")
	}
	for _, bb := range []struct {
		name   string
		kind   Store
		layout []int // bits of the words; the key is spread over them
	}{
		{"inline/1-word", StoreInline, []int{keyBits}},
		{"packed/1-word", StorePacked, []int{keyBits}},
		{"packed/4-words", StorePacked, []int{10, 10, 10, 10}},
		{"tree/4-words", StoreTree, []int{10, 10, 10, 10}},
		{"hashed/4-words", StoreHashed, []int{10, 10, 10, 10}},
	} {
		b.Run(bb.name, func(b *testing.B) {
			w := len(bb.layout)
			states := make([]uint64, 0, n*w)
			for _, k := range keys {
				for i, bits := range bb.layout {
					states = append(states, k>>(10*i)&(1<<bits-1))
				}
			}
			var s *store
			for b.Loop() {
				s = newStoreOf(bb.layout, bb.kind, false)
				insertAll(b, s, states)
			}
			report(b)
			bytes := s.bytes()
			if !s.kept {
				bytes -= s.states.bytes() // what waits to be expanded
			}
			b.ReportMetric(float64(bytes)/float64(s.n), "B/state")
		})
	}
	b.Run("bare", func(b *testing.B) {
		for b.Loop() {
			t := bare.New(n)
			for from := 0; from < n; from += bare.Batch {
				t.Insert(keys[from : from+bare.Batch])
			}
		}
		report(b)
	})
}

// insertAll inserts states as the steps of blocks.
func insertAll(b *testing.B, s *store, states []uint64) {
	r := &search{Search: &Search{states: s}, watch: newWatch(b.Context(), Limits{})}
	p := r.newPart(nil, nil)
	w := s.width
	for from := 0; from < len(states); from += blockSteps * w {
		p.clear(0)
		p.steps.States = append(p.steps.States, states[from:from+blockSteps*w]...)
		for k := range blockSteps {
			p.steps.Events = append(p.steps.Events, 2) // some event: they are different by their states
			p.bounds = append(p.bounds, k+1)
		}
		if err := r.hash(p); err != nil {
			b.Fatal(err)
		}
		if err := s.settle(p, r.room); err != nil {
			b.Fatal(err)
		}
	}
}
