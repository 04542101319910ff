package explore

import (
	"fmt"
	"testing"
)

// The bare loop that a search can at best be as fast as: its insertions into
// the store, with nothing else. Compare with a network of as many states and
// transitions.
func BenchmarkInsertions(b *testing.B) {
	for _, bb := range []struct{ states, transitions, width int }{
		{930431, 5944953, 1},    // phils 7
		{6627583, 48396280, 1},  // phils 8
		{1572864, 13369344, 1},  // milner 16
		{997608, 3300806, 1},    // abp 400
		{10000000, 70000000, 1}, // interleave 7
		{1000000, 6000000, 3},   // wide
	} {
		b.Run(fmt.Sprintf("%d-of-%d/%d-words", bb.transitions, bb.states, bb.width), func(b *testing.B) {
			for b.Loop() {
				insertions(bb.states, bb.transitions, bb.width)
			}
			b.ReportMetric(float64(bb.transitions)*float64(b.N)/b.Elapsed().Seconds(), "insertions/s")
		})
	}
}

// insertions makes transitions insertions of that many states in blocks, as
// Run does.
func insertions(states, transitions, width int) *store {
	s := newStore(width)
	words := make([]uint64, blockSteps*width)
	hashes := make([]uint64, blockSteps)
	for from := 0; from < transitions; from += blockSteps {
		n := min(blockSteps, transitions-from)
		for k := range n {
			i := uint64(from+k) % uint64(states)
			w := words[k*width : (k+1)*width]
			for j := range w {
				w[j] = i * 0x9e3779b97f4a7c15
			}
			hashes[k] = hash(w)
		}
		s.touch(hashes[:n])
		for k := range n {
			w := words[k*width : (k+1)*width]
			if at, slot := s.find(w, hashes[k]); at < 0 {
				if s.full() {
					s.grow()
					_, slot = s.find(w, hashes[k])
				}
				s.add(w, hashes[k], slot, 0)
			}
		}
	}
	return s
}

func TestInsertionsInsert(t *testing.T) {
	if s := insertions(1000, 2500, 2); s.n != 1000 {
		t.Errorf("%d states, not 1000", s.n)
	}
}
