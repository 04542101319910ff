package explore

import (
	"fmt"
	"testing"
)

// The bare loop that a search can at best be as fast as: its insertions into
// the store, with nothing else. Compare with a network of as many states and
// transitions.
func BenchmarkInsertions(b *testing.B) {
	for _, bb := range []struct{ states, transitions, width, bits int }{
		{930431, 5944953, 1, 35},    // phils 7
		{6627583, 48396280, 1, 40},  // phils 8
		{1572864, 13369344, 1, 48},  // milner 16
		{1000000, 6000000, 1, 24},   // interleave 6
		{10000000, 70000000, 1, 28}, // interleave 7
		{1679360, 8396160, 1, 26},   // prodcons 3, 3, 7
		{997608, 3300806, 1, 42},    // abp 400
		{1183924, 7912256, 1, 25},   // peg 5x5
		{1000000, 6000000, 1, 64},   // a full word
		{10000000, 30000000, 1, 64},
		{1000000, 6000000, 2, 64}, // two words
		{1000000, 6000000, 3, 64}, // wide
	} {
		for _, kind := range []Store{StoreAuto, StoreInline} {
			if kind == StoreInline && (bb.width > plainWords || bb.bits <= exactBits) {
				continue // what auto is, or too wide
			}
			b.Run(fmt.Sprintf("%d-of-%d/%d-words/%d-bits/%s", bb.transitions, bb.states, bb.width, bb.bits, kind), func(b *testing.B) {
				for b.Loop() {
					insertions(bb.states, bb.transitions, bb.width, bb.bits, kind)
				}
				b.ReportMetric(float64(bb.transitions)*float64(b.N)/b.Elapsed().Seconds(), "insertions/s")
			})
		}
	}
}

// insertions makes transitions insertions of that many states in blocks, as
// Run does.
func insertions(states, transitions, width, bits int, kind Store) *store {
	layout := make([]int, width)
	for i := range layout {
		layout[i] = bits
	}
	s := newStoreOf(layout, kind, false)
	p := &part{width: width}
	words := make([]uint64, width)
	for from := 0; from < transitions; from += blockSteps {
		p.clear(0)
		for k := range min(blockSteps, transitions-from) {
			i := uint64(from+k) % uint64(states)
			for j := range words {
				words[j] = i * 0x9e3779b97f4a7c15 << (64 - bits) >> (64 - bits)
			}
			p.steps.Add(1, words...)
		}
		p.bounds = append(p.bounds, len(p.steps.Events))
		p.hash(s, true)
		if err := s.settle(p, func(int64) error { return nil }); err != nil {
			panic(err)
		}
		if !s.kept {
			s.states.forget(s.n)
		}
	}
	return s
}

func TestInsertionsInsert(t *testing.T) {
	if s := insertions(1000, 2500, 2, 64, StoreAuto); s.n != 1000 {
		t.Errorf("%d states, not 1000", s.n)
	}
}
