package explore

import (
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/model"
)

// A permutation can be undone: no two numbers become the same, and all bits
// that it has are used.
func TestPermutationIsOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newPermutation(uint(rapid.IntRange(0, 64).Draw(t, "bits")))
		if p.bits < fewestBits || p.bits > 64 {
			t.Fatalf("%d bits", p.bits)
		}
		number := rapid.Uint64Max(^uint64(0) >> (64 - p.bits))
		x, y := number.Draw(t, "x"), number.Draw(t, "y")
		if p.of(x)&^p.mask != 0 {
			t.Fatalf("%x has bits outside of %x", p.of(x), p.mask)
		}
		if got := p.undo(p.of(x)); got != x {
			t.Fatalf("%x is %x undone", x, got)
		}
		if x != y && p.of(x) == p.of(y) {
			t.Fatalf("%x and %x become the same", x, y)
		}
	})
}

// A store does what a map does, for states of any width: those that crowd
// together, too, which are far from home, and through growth.
func TestStoreIsAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { storeIsAMap(t, false) })
	for range 10 { // few of one batch are as near to each other as it takes
		rapid.Check(t, func(t *rapid.T) { storeIsAMap(t, true) })
	}
}

// storeIsAMap holds a store against a map; crowds says that it is one whose states
// may crowd together, and do.
func storeIsAMap(t *rapid.T, crowds bool) {
	layout := rapid.SliceOfN(rapid.SampledFrom([]int{1, 7, 20, 34, 35, 48, 57, 58, 59, 64}), 0, 3).Draw(t, "layout")
	kept := rapid.Bool().Draw(t, "kept")
	kind := rapid.SampledFrom(Stores).Draw(t, "store")
	if crowds {
		layout, kind = []int{rapid.SampledFrom([]int{35, 48, 57, 58, 59, 64}).Draw(t, "bits")}, StoreInline
	}
	width, total := len(layout), 0
	for _, b := range layout {
		total += b
	}
	if kind == StoreInline && total > plainBits && width != plainWords {
		return
	}
	s := newStoreOf(layout, kind, kept)
	var perm permutation // of keys to hashes
	switch x := s.set.(type) {
	case *exact:
		perm = x.key
	case *plain:
		perm = x.key
	}
	if tree, ok := s.fold.(*tree); ok && rapid.Bool().Draw(t, "few bits") {
		tree.narrow()
	}
	crowd := perm.bits > 0 && kind != StoreTree && width == 1 && layout[0] >= fewestBits && (crowds || rapid.Bool().Draw(t, "crowd"))
	numbers := map[[3]uint64]uint32{}
	var order [][3]uint64
	random := rapid.Uint64().Draw(t, "seed")
	next := func() uint64 {
		random++
		return hash([]uint64{random, random})
	}
	for range rapid.IntRange(1, 40).Draw(t, "blocks") {
		n := rapid.IntRange(0, 64).Draw(t, "n")
		p := &part{width: width}
		var keys [][3]uint64
		alike := next()%2 == 0 // each differs from the one before in a word
		for range n {
			var key [3]uint64
			changed := -1
			if alike && len(keys) > 0 && width > 0 {
				key, changed = keys[len(keys)-1], int(next()%uint64(width))
			}
			for j := range width {
				if changed >= 0 && j != changed {
					continue
				}
				key[j] = next() >> (64 - layout[j]) >> (next() % uint64(layout[j]))
			}
			if crowd { // four homes for all in the smallest table, and the same tags at each
				h := next()%4<<(64-firstBits) | next()%300<<(64-perm.bits)
				key[0] = perm.undo(h)
			}
			keys = append(keys, key)
			p.steps.Add(model.Tau, key[:width]...)
			p.bounds = append(p.bounds, len(keys))
		}
		r := &search{Search: &Search{states: s}, watch: newWatch(t.Context(), Limits{})}
		if err := r.hash(p); err != nil {
			t.Fatal(err)
		}
		if err := s.settle(p, func(int64) error { return nil }); err != nil {
			t.Fatal(err)
		}
		for k, key := range keys {
			want, ok := numbers[key]
			if !ok {
				want = uint32(len(order))
				numbers[key] = want
				order = append(order, key)
			}
			if p.targets[k] != want {
				t.Fatalf("state %x has number %d, not %d", key[:width], p.targets[k], want)
			}
		}
	}
	if s.n != len(order) {
		t.Fatalf("%d states, not %d", s.n, len(order))
	}
	for i, key := range order {
		if !slices.Equal(s.at(i), key[:width]) {
			t.Fatalf("state %d is %x, not %x", i, s.at(i), key[:width])
		}
		if j, _, _ := s.number(key[:width]); j != i {
			t.Fatalf("state %d is found as %d", i, j)
		}
	}
	if x, ok := s.set.(*plain); ok { // keys come out as they went in
		last := uint64(0)
		_ = x.inOrder(func(e entry) error {
			key := make([]uint64, x.words)
			if x.keyAt(e.slot, key); s.fold == nil && !slices.Equal(key, order[e.number][:width]) || e.hash < last {
				t.Fatalf("state %x is in order as %x, behind %x", order[e.number][:width], key, last)
			}
			last = e.hash
			return nil
		})
	}
}

// So it does in large, through several pages and regions.
func TestLargeStoresAreMaps(t *testing.T) {
	for _, tt := range []struct {
		kind   Store
		layout []int
	}{
		{StoreInline, []int{17, 18}}, {StorePacked, []int{17, 18}}, {StoreTree, []int{17, 18}}, {StoreHashed, []int{17, 18}},
		{StoreInline, []int{47, 18}}, {StorePacked, []int{47, 18}},
	} {
		kind := tt.kind
		s := newStoreOf(tt.layout, kind, false)
		r := &search{Search: &Search{states: s}, watch: newWatch(t.Context(), Limits{})}
		numbers := map[[2]uint64]uint32{}
		p := &part{width: 2}
		for from := uint64(0); from < 700_000; from += blockSteps {
			p.clear(0)
			for i := range uint64(blockSteps) {
				x := hash([]uint64{(from + i) % 400_000})
				p.steps.Add(1, x>>47, x&(1<<18-1)/4) // some come again by chance
				p.bounds = append(p.bounds, len(p.steps.Events))
			}
			if err := r.hash(p); err != nil {
				t.Fatal(err)
			}
			if err := s.settle(p, func(int64) error { return nil }); err != nil {
				t.Fatal(err)
			}
			for k := range p.bounds {
				key := [2]uint64(p.steps.States[2*k:])
				want, ok := numbers[key]
				if !ok {
					want = uint32(len(numbers))
					numbers[key] = want
				}
				if p.targets[k] != want {
					t.Fatalf("%s: state %x has number %d, not %d", kind, key, p.targets[k], want)
				}
			}
		}
		if s.n != len(numbers) {
			t.Errorf("%s: %d states, not %d", kind, s.n, len(numbers))
		}
		if x, ok := s.set.(inline); ok { // and nothing else is in it
			seen := make([]bool, s.n)
			x.each(func(_ uint64, number int) {
				if number >= len(seen) || seen[number] {
					t.Fatalf("%s: number %d is there twice, or too high", kind, number)
				}
				seen[number] = true
			})
		}
	}
}

// States of 64 bits, and of two words, are found in the table itself as they are
// elsewhere, by any number of workers, on disk, and from a file.
func TestStatesOf64BitsInTheTable(t *testing.T)   { statesInTheTable(t, 1) }
func TestStatesOfTwoWordsInTheTable(t *testing.T) { statesInTheTable(t, 2) }

func statesInTheTable(t *testing.T, words int) {
	sys := hypercube{14, words, 1 << 60}
	want := seen(sys, Limits{Store: StorePacked}, -1)
	for _, limits := range []Limits{{}, {Workers: 2}, {Workers: 3, Eager: true}, {Keep: true}, {Spill: t.TempDir(), SpillAfter: 5000}} {
		limits.Store = StoreInline
		if got := seen(sys, limits, -1); got != want {
			t.Errorf("%+v find\n%.1000s\npacked they are\n%.1000s", limits, got, want)
		}
	}
	file := filepath.Join(t.TempDir(), "search")
	small := hypercube{12, words, 1 << 60}
	limits := Limits{Store: StoreInline, States: 3000}
	if _, err := kept(t, t.Context(), small, &listener{}, limits, &Checkpoint{}, file, false); err == nil {
		t.Fatal("there is no limit")
	}
	limits.States = 0
	var all, some listener
	wanted := all.found(Run(t.Context(), leaver{small}, Limits{}, all.visit))
	s, err := kept(t, t.Context(), small, &some, limits, &Checkpoint{}, file, true)
	if got := some.found(s, err); got != wanted {
		t.Errorf("gone on it finds\n%.1000s\nat once\n%.1000s", got, wanted)
	}
}

// Parents are those that were added, however many children they have.
func TestParentsAreKnown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p parents
		want := []int{-1}
		for parent, children := range rapid.SliceOfN(rapid.OneOf(rapid.IntRange(0, 3), rapid.IntRange(0, 200), rapid.Just(0)), 0, 2000).Draw(t, "children") {
			p.add(children)
			for range children {
				want = append(want, parent)
			}
		}
		for i := 1; i < len(want); i++ {
			if got := p.of(i); got != want[i] {
				t.Fatalf("the parent of %d is %d, not %d", i, got, want[i])
			}
		}
	})
}

// An arena keeps what was added, but for what it was told to forget.
func TestArenaForgetsOnlyWhatItIsTold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := newArena(rapid.SampledFrom([]int{1, 2, 700, 9000}).Draw(t, "width"))
		gone := 0
		for range rapid.IntRange(0, 200).Draw(t, "turns") {
			if rapid.Bool().Draw(t, "one") {
				words := make([]uint64, a.width)
				words[0], words[a.width-1] = uint64(a.n), uint64(a.n)
				a.add(words)
			} else {
				from := a.n
				a.extend(from + rapid.IntRange(0, 300).Draw(t, "more"))
				for i := from; i < a.n; i++ {
					a.at(i)[0], a.at(i)[a.width-1] = uint64(i), uint64(i)
				}
			}
			if rapid.Bool().Draw(t, "forget") {
				gone = rapid.IntRange(gone, a.n).Draw(t, "gone")
				a.forget(gone)
			}
			for i := gone; i < a.n; i++ {
				if w := a.at(i); w[0] != uint64(i) || w[a.width-1] != uint64(i) {
					t.Fatalf("state %d is %d", i, w[0])
				}
			}
		}
	})
}

// Home, tag and number tell a hash, whatever the number of slots, and of the
// slots there are none without a state: a table that has grown is that which
// was that large at once.
func TestEntriesTellHashes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keyBits := uint(rapid.IntRange(fewestBits, exactBits).Draw(t, "bits of keys"))
		x := newExact(int(keyBits))
		x.count = uint64(rapid.IntRange(2, 3).Draw(t, "times")) << rapid.IntRange(int(firstBits), 31).Draw(t, "bits of slots")
		if x.count%3 == 0 && x.count <= many {
			x.count = many / 2 * 3
		}
		x.number(x.count)
		x.lap = x.count
		unit := uint64(1) << (64 - keyBits)
		for range 100 {
			h := rapid.Uint64().Draw(t, "hash") &^ (unit - 1)
			for _, h := range []uint64{h, h + unit, -unit - h} {
				home, _ := x.home(h)
				_, v := x.entry(h)
				off := rapid.Uint64Range(0, min(x.reach(), x.lap)-1).Draw(t, "off")
				slot := (home + off) % x.lap
				e := v + off*x.step | rapid.Uint64Range(1, x.step-1).Draw(t, "number")
				if got := x.hashAt(slot, e); got != h {
					t.Fatalf("the entry of hash %x in %d slots tells %x", h, x.count, got)
				}
			}
		}
	})
}

// A table grows step by step to several sizes, and has what was put into it.
func TestTablesGrowInPlace(t *testing.T) {
	if testing.Short() {
		t.Skip("millions of states")
	}
	doubling := newExact(40)
	doubling.ample = ampleBytes
	for _, set := range []set{newExact(40), doubling, newPlain(64), newDouble(), newTagged(newArena(1))} {
		n, words := 0, 1
		if x, ok := set.(*plain); ok {
			words = x.words
		}
		key := func(i int) []uint64 { return []uint64{hash([]uint64{uint64(i)}) >> 24, uint64(i % 3)}[:words] }
		count := func() uint64 {
			if x, ok := set.(inline); ok {
				return x.table().count
			}
			return set.(*tagged).count
		}
		for count() < 2*many {
			var h [1]uint64
			set.hashes(key(n), h[:])
			if i, g := set.find(key(n), h[0]); i < 0 {
				if tagged, ok := set.(*tagged); ok {
					tagged.keys.add(key(n))
				}
				set.put(key(n), g, n)
			}
			if n++; n >= set.room() {
				was := count()
				set.grow(here)
				found := 0
				for i := 0; i < n; i += 97 {
					set.hashes(key(i), h[:])
					if j, _ := set.find(key(i), h[0]); j == i {
						found++
					}
				}
				if all := (n + 96) / 97; found < all-1 { // a few may be equal
					t.Fatalf("%T: %d of %d are found after %d slots became %d", set, found, all, was, count())
				}
			}
		}
	}
}

// A table of states doubles while it takes a small share of the memory, and
// then grows by less, also when its keys are made again.
func TestTablesDoubleWhileMemoryIsAmple(t *testing.T) {
	sizes := func(memory int64) (counts []uint64) {
		s := newStoreOf([]int{40}, StoreInline, false)
		s.plenty(memory)
		x := rekeyed(s.set.(inline), 41, func(key uint64) uint64 { return key })
		for range 5 {
			x.resize(max(many, x.table().more()))
			counts = append(counts, x.table().count>>20)
		}
		return counts
	}
	for _, tt := range []struct {
		memory int64
		want   []uint64
	}{
		{0, []uint64{4, 8, 16, 32, 64}},
		{8 * 6 << 24, []uint64{4, 8, 16, 24, 32}}, // 6 bytes for each of 1<<24 slots
		{8*6<<24 - 8, []uint64{4, 8, 12, 16, 24}},
	} {
		if got := sizes(tt.memory); !slices.Equal(got, tt.want) {
			t.Errorf("with %d bytes tables have %v million slots, not %v", tt.memory, got, tt.want)
		}
	}
}

// Growth keeps what is too far from its home for a slot, and so does another
// number.
func TestGrowthKeepsWhatIsApart(t *testing.T) {
	x := newExact(fewestBits)
	n := int(2 * x.reach())
	hashOf := func(i int) uint64 { return uint64(i) << (64 - x.key.bits) } // all at home in the first slot
	for i := range n {
		if at, _ := x.find(nil, hashOf(i)); at >= 0 {
			t.Fatalf("state %d is found as %d", i, at)
		}
		got, at := x.enter(nil, hashOf(i), i+n)
		if got != i+n {
			t.Fatalf("state %d gets number %d", i+n, got)
		}
		if at == aside {
			x.put(nil, gap{entry: hashOf(i), far: true}, i)
		} else {
			x.renumber([]uint64{at}, []uint32{uint32(i)})
		}
		if got, _ := x.enter(nil, hashOf(i), 0); got != i {
			t.Fatalf("state %d is found as %d", i, got)
		}
	}
	if len(x.far[0]) == 0 || n > x.room() {
		t.Fatalf("of %d states %d are apart, and %d have room", n, len(x.far[0]), x.room())
	}
	for range 3 {
		x.grow(here)
		for i := range n {
			if at, _ := x.find(nil, hashOf(i)); at != i {
				t.Fatalf("state %d is found as %d in %d slots", i, at, x.count)
			}
		}
	}
}

// All sizes that a table comes to are valid: a checkpoint with one is read.
func TestSizesOfTablesAreValid(t *testing.T) {
	for _, ample := range []uint64{0, 1 << 30, 1 << 44} {
		s := slots{size: 4, count: 1 << firstBits, ample: ample}
		between := 0
		for s.count < 1<<39 {
			if !valid(s.count) {
				t.Errorf("a table may have %d slots, and that is not valid", s.count)
			}
			if s.count&(s.count-1) != 0 {
				between++
			}
			s.count = s.more()
		}
		if between == 0 && ample < 1<<44 {
			t.Errorf("with %d bytes all sizes are powers of two", ample)
		}
	}
	for _, count := range []uint64{0, 1, 1<<firstBits - 1, 3 << firstBits, 5 << 22, 7 << 22, 1<<23 + 1, 1 << 41} {
		if valid(count) {
			t.Errorf("%d slots are valid", count)
		}
	}
}
