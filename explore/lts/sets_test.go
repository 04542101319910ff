package lts

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Sets are held against maps: equal ones are the same, before and after those
// that are not in use are forgotten.
func TestSets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.SampledFrom([]int{4, 100, 1000, 100000}).Draw(t, "most")
		events := rapid.IntRange(2, 20).Draw(t, "events")
		height, over := heightFor(most, leafBits), heightFor(events, 0)
		x := newSets()
		x.most = 1
		type pair struct{ event, number uint32 }
		var made []set
		var want []map[pair]bool
		for range 60 {
			if len(made) > 1 && rapid.IntRange(0, 2).Draw(t, "union") > 0 {
				i, j := rapid.IntRange(0, len(made)-1).Draw(t, "i"), rapid.IntRange(0, len(made)-1).Draw(t, "j")
				made = append(made, x.union(made[i], made[j]))
				all := maps.Clone(want[i])
				maps.Copy(all, want[j])
				want = append(want, all)
				continue
			}
			all := map[pair]bool{}
			if len(made) > 0 && rapid.Bool().Draw(t, "more") {
				i := rapid.IntRange(0, len(made)-1).Draw(t, "i")
				all = maps.Clone(want[i])
				var more []uint64
				for range rapid.IntRange(0, 5).Draw(t, "pairs") {
					p := pair{rapid.Uint32Range(0, uint32(events-1)).Draw(t, "event"), rapid.Uint32Range(0, uint32(most-1)).Draw(t, "number")}
					all[p] = true
					more = append(more, uint64(p.event)<<32|uint64(p.number))
				}
				slices.Sort(more)
				made, want = append(made, x.withPairs(made[i], more, over, height)), append(want, all)
				continue
			}
			var of []pairing
			for _, e := range slices.Sorted(maps.Keys(rapid.MapOfN(rapid.Uint32Range(0, uint32(events-1)), rapid.Bool(), 0, 4).Draw(t, "with"))) {
				numbers := rapid.SliceOfNDistinct(rapid.Uint32Range(0, uint32(most-1)), 1, 9, rapid.ID).Draw(t, "numbers")
				slices.Sort(numbers)
				of = append(of, pairing{e, x.of(numbers, height)})
				for _, i := range numbers {
					all[pair{e, i}] = true
				}
			}
			made, want = append(made, x.pairs(of, over)), append(want, all)
			if rapid.Bool().Draw(t, "forget") {
				gone := rapid.IntRange(0, len(made)-1).Draw(t, "gone") // so that others get their numbers
				made, want = made[gone:], want[gone:]
				before := x.len()
				x.keep(made)
				if x.len() > before {
					t.Fatalf("%d nodes, and %d before", x.len(), before)
				}
			}
		}
		for i, s := range made {
			got := map[pair]bool{}
			for e, with := range x.pairsOf(s, over) {
				last := -1
				for n := range x.numbersOf(with, height) {
					if int(n) <= last {
						t.Fatalf("%d after %d", n, last)
					}
					last = int(n)
					got[pair{e, n}] = true
				}
			}
			if !maps.Equal(got, want[i]) {
				t.Fatalf("%v, want %v", got, want[i])
			}
			for j := range i {
				if (made[j] == s) != maps.Equal(want[i], want[j]) {
					t.Fatalf("%v and %v are %d and %d", want[j], want[i], made[j], s)
				}
			}
		}
	})
}

// The sketch of a union is the join of the sketches, also by events.
func TestSketches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOf(rapid.Uint64Range(0, 50))
		a, b := numbers.Draw(t, "a"), numbers.Draw(t, "b")
		e := rapid.Uint32Range(1, 9).Draw(t, "e")
		of := func(all []uint64) sketch {
			k := noSketch()
			for _, i := range all {
				one := sketchOf(i)
				k.join(&one)
			}
			return k
		}
		ka, kb, both := of(a), of(b), of(slices.Concat(b, a, a))
		byA, byB := ka.by(e), kb.by(e)
		ka.join(&kb)
		byA.join(&byB)
		if ka != both || byA != both.by(e) {
			t.Errorf("%v and %v", ka, both)
		}
	})
}
