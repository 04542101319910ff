package explore

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// A tree gives different states different keys, and a state the same one
// whatever was folded before, by whoever may learn or may not.
func TestTreesTellStatesApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		layout := rapid.SliceOfN(rapid.SampledFrom([]int{0, 1, 29, 30, 58, 64}), 1, 12).Draw(t, "layout")
		x := newTree(layout)
		keys, states := map[string]uint64{}, map[uint64]string{}
		var blocks [][]uint64
		state := make([]uint64, len(layout))
		fold := func(block []uint64, learn bool) {
			got := make([]uint64, len(block)/len(layout))
			if !x.fold(block, got, learn) {
				t.Fatal("it does not know what it has learnt")
			}
			for i, key := range got {
				name := fmt.Sprint(block[i*len(layout) : (i+1)*len(layout)])
				if want, ok := keys[name]; ok && key != want {
					t.Fatalf("state %s has the key %x, and had %x", name, key, want)
				}
				if other, ok := states[key]; ok && other != name {
					t.Fatalf("states %s and %s have the same key", name, other)
				}
				keys[name], states[key] = key, name
			}
		}
		for range rapid.IntRange(1, 5).Draw(t, "blocks") {
			var block []uint64
			for range rapid.IntRange(1, 20).Draw(t, "states") {
				for range rapid.IntRange(0, 2).Draw(t, "changes") {
					w := rapid.IntRange(0, len(layout)-1).Draw(t, "word")
					state[w] = state[w] ^ 1<<rapid.IntRange(0, 63).Draw(t, "bit")&(1<<layout[w]-1)
				}
				block = append(block, state...)
			}
			fold(block, true)
			blocks = append(blocks, block)
		}
		for _, block := range blocks {
			fold(block, false)
			fold(block, true)
		}
	})
}
