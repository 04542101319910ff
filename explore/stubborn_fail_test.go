package explore

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// slowly chooses as choose does, but makes the set from each seed until a seed
// that failed is in it.
func (x *stubborn) slowly(s []uint64) (set []int32, all bool) {
	y := x.scratch
	x.enableAll(s)
	set = y.enabled
	for y.careful = false; ; y.careful = true {
		seeds := slices.Clone(y.enabled)
		key := func(r int32) uint64 { // by the same cost in both
			careful := y.careful
			defer func() { y.careful = careful }()
			y.careful = false
			return x.key(r)
		}
		slices.SortFunc(seeds, func(a, b int32) int {
			return cmp.Or(cmp.Compare(key(a), key(b)), cmp.Compare(x.rank[a], x.rank[b]))
		})
		if x.effort == Fast {
			seeds = seeds[:min(fastSeeds, len(seeds))]
		}
		renumber(&y.pass, y.failed, y.failedChanges, y.failedTouches)
		for _, seed := range seeds {
			if len(set) == 1 || key(seed) == noSeed || int(key(seed)>>32) >= len(set) {
				break
			}
			if x.close(seed, len(set)) {
				set = slices.Clone(y.chosen)
			} else {
				y.failed[seed] = y.pass
			}
		}
		if x.effort != Precise || len(set) <= 1 || y.careful {
			break
		}
	}
	set = slices.Sorted(slices.Values(set))
	return set, len(set) == len(y.enabled)
}

// What is known of sets that failed saves looks, and changes no choice. In
// networks of few components with many rules most sets fail.
func TestStubbornSetsThatFailAreKnown(t *testing.T) {
	few, failed := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		net := Network(networkOf(t, rapid.IntRange(2, 12).Draw(t, "components"), 8, 2)).(*network)
		keeps := rapid.SampledFrom([]Keeps{Deadlocks, Endings, Failures, Divergences}).Draw(t, "keeps")
		effort := Effort(rapid.IntRange(0, int(Precise)).Draw(t, "effort"))
		sys, why := net.Reduced(keeps, effort)
		if why != "" {
			t.Skip(why)
		}
		x, fresh := sys.(*stubborn), Fork(sys).(*stubborn)
		s := make([]uint64, net.Width())
		if err := net.Initial(s); err != nil {
			t.Fatal(err)
		}
		for range 40 {
			got, all := x.choose(s)
			want, whole := fresh.slowly(s)
			if all != whole || !all && !slices.Equal(got, want) {
				t.Fatalf("of %d rules %v are chosen (all: %v), and one after the other %v (all: %v)", len(fresh.scratch.enabled), got, all, want, whole)
			}
			if y := x.scratch; !all {
				few++
			} else if len(y.enabled) > 2 {
				failed++
			}
			var steps Steps
			if err := net.Successors(s, &steps); err != nil {
				t.Fatal(err)
			}
			if len(steps.Events) == 0 {
				break
			}
			i, w := rapid.IntRange(0, len(steps.Events)-1).Draw(t, "step"), net.Width()
			s = steps.States[i*w : (i+1)*w]
		}
	})
	if t.Log(few, failed); few < 200 || failed < 200 {
		t.Errorf("%d states were reduced, and %d not: that is not much of a test", few, failed)
	}
}

func TestSpansArePassedOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int32Range(1, 40).Draw(t, "members")
		s, passed, number := newSpanned(int(n)), make([]bool, n), uint32(1)
		for range rapid.IntRange(1, 20).Draw(t, "spans") {
			if rapid.IntRange(0, 9).Draw(t, "again") == 0 {
				number++
				clear(passed)
			}
			lo := rapid.Int32Range(0, n-1).Draw(t, "from")
			hi := rapid.Int32Range(lo, n).Draw(t, "to")
			var got, want []int32
			for c := s.next(lo, number); c < hi; c = s.next(c, number) {
				s.pass(c, number)
				got = append(got, c)
			}
			for c := lo; c < hi; c++ {
				if !passed[c] {
					passed[c] = true
					want = append(want, c)
				}
			}
			if !slices.Equal(got, want) {
				t.Fatalf("of %d to %d, %v are passed, not %v", lo, hi, got, want)
			}
		}
	})
}
