package explore

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A network for which there was no room at some time says so when it is asked,
// and has no steps.
func TestNetworksWithoutRoom(t *testing.T) {
	full := errors.New("full")
	without, indexed := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		net := rapid.SampledFrom([]drawn{
			{components: 3, states: 3, events: 3, transitions: 6, rules: 8},
			{components: 12, states: 3, events: 4, transitions: 6, rules: 40, large: true},
		}).Draw(t, "size").network(t)
		bits := rapid.SampledFrom([]uint{6, 16, 64}).Draw(t, "bits of a word")
		for enough := 0; ; enough++ {
			asked := 0
			sys := newNetworkIn(net, bits, func(int64) error {
				if asked++; asked > enough {
					return full
				}
				return nil
			})
			made := asked <= enough
			initial := make([]uint64, sys.width)
			var steps Steps
			err := sys.Initial(initial)
			if err == nil {
				err = sys.Successors(initial, &steps)
			}
			if asked <= enough {
				if err != nil {
					t.Fatalf("there was room for %d: %v", enough, err)
				}
				return
			}
			if err != full || len(steps.Events) > 0 || sys.Fork().Initial(initial) != full {
				t.Fatalf("no room after %d: %v, %d steps", enough, err, len(steps.Events))
			}
			if without++; made {
				indexed++
			}
		}
	})
	if without == 0 || indexed == 0 {
		t.Errorf("%d networks had no room, %d of them for an index", without, indexed)
	}
}

// A network of several words takes the same steps in the same order whether
// what is possible is found by the index or each leader is asked on its own.
func TestIndexesChangeNothing(t *testing.T) {
	seen := map[string]int{}
	same := func(t *rapid.T) {
		net := rapid.SampledFrom([]drawn{
			{components: 6, states: 5, events: 3, transitions: 8, rules: 12},
			{components: 12, states: 3, events: 4, transitions: 6, rules: 40, large: true},
			{components: 4, states: 12, events: 8, transitions: 60, rules: 60, large: true}, // long lists
		}).Draw(t, "size").network(t)
		if rapid.IntRange(0, 3).Draw(t, "on demand") == 0 {
			net = onDemand(t, net)
		}
		bits := rapid.SampledFrom([]uint{3, 6, 16}).Draw(t, "bits of a word")
		fast, slow := newNetworkIn(net, bits, nil), newNetworkIn(net, bits, nil)
		if fast.width == 1 {
			return
		}
		slow.index = &index{}
		for _, c := range slow.leaders {
			slow.index.lone = append(slow.index.lone, lone{leader: c})
		}
		fast.makeIndex()
		notice(fast.index, seen)
		initial := make([]uint64, fast.width)
		if err := fast.Initial(initial); err != nil {
			t.Fatal(err)
		}
		queue, met := [][]uint64{initial}, map[string]bool{fmt.Sprint(initial): true}
		for i := 0; i < len(queue) && i < 20; i++ {
			var got, want Steps
			if err := fast.Successors(queue[i], &got); err != nil {
				t.Fatal(err)
			}
			if err := slow.Successors(queue[i], &want); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got.Events, want.Events) || !slices.Equal(got.States, want.States) {
				t.Fatalf("state %x: %v %x, want %v %x\n%s", queue[i], got.Events, got.States, want.Events, want.States, net)
			}
			for s := range slices.Chunk(got.States, fast.width) {
				if key := fmt.Sprint(s); !met[key] {
					met[key] = true
					queue = append(queue, s)
				}
			}
		}
	}
	for range 4 { // that many see what is wrong with one of some hundred cases
		rapid.Check(t, same)
	}
	for _, what := range []string{"lone leaders", "needs nothing", "whole", "not whole", "words that rest", "several looks", "long lists"} {
		if seen[what] == 0 {
			t.Errorf("never: %s", what)
		}
	}
	t.Log(seen)
}

// notice counts what there is in an index.
func notice(x *index, seen map[string]int) {
	count := func(what string, is bool) {
		if is {
			seen[what]++
		}
	}
	count("lone leaders", len(x.lone) > 0)
	count("needs nothing", len(x.always) > 0)
	for i := range x.cases {
		count("whole", x.cases[i].whole)
		count("not whole", !x.cases[i].whole)
	}
	for _, w := range x.words {
		count("words that rest", w.rests)
		count("several looks", len(w.looks) > 1)
		for _, l := range w.looks {
			count("long lists", l.further != nil)
		}
	}
}
