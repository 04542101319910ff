package explore

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Searches that spill tell the same as those in memory, whatever the store,
// and wherever they end.
func TestSpilledSearchesTellTheSame(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		net := smallNetwork(t)
		if rapid.Bool().Draw(t, "on demand") {
			net = onDemand(t, net)
		}
		limits := Limits{States: rapid.SampledFrom([]int64{0, 0, 0, 1, 2, 7, 30}).Draw(t, "most")}
		stop := rapid.SampledFrom([]int{-1, -1, 0, 1, 5, 20}).Draw(t, "stop")
		want := seen(Network(net), limits, stop)
		limits.Store = rapid.SampledFrom([]Store{StoreAuto, StorePacked, StoreTree, StoreHashed}).Draw(t, "store")
		limits.Workers = rapid.IntRange(1, 2).Draw(t, "workers")
		limits.Spill, limits.SpillAfter = dir, rapid.SampledFrom([]int{1, 2, 5, 20}).Draw(t, "spilled after")
		if got := seen(Network(net), limits, stop); got != want {
			t.Fatalf("%+v finds\n%s\nin memory it is\n%s", limits, got, want)
		}
	})
	if files, err := os.ReadDir(dir); err != nil || len(files) > 0 {
		t.Errorf("there are files left: %v, %v", files, err)
	}
}

// So they do in large, for states of all widths: runs are merged, and the
// queue waits on disk.
func TestSpilledSearchesTellTheSameInLarge(t *testing.T) {
	dir := t.TempDir()
	for _, sys := range []System{
		narrowCube{hypercube{14, 3, 1 << 60}},
		narrowCube{hypercube{12, 1, 1 << 60}},
		hypercube{12, 1, 1 << 60},
		hypercube{12, 2, 1 << 60},
		hypercube{12, 40, 1 << 60},
		narrowCube{hypercube{12, 4, 1<<12 - 3}}, // has a mistake
	} {
		for _, stop := range []int{-1, 3456} {
			want := seen(sys, Limits{}, stop)
			for _, store := range Stores {
				if _, err := newStore(sys, store, false, true); err != nil {
					continue // states are too wide
				}
				early := 100
				if stop >= 0 {
					early = 2000
				}
				if got := seen(sys, Limits{Store: store, Spill: dir, SpillAfter: early}, stop); got != want {
					t.Errorf("%T, %s, spilled after %d, stopped at %d: %.1000s\nin memory it is\n%.1000s", sys, store, early, stop, got, want)
				}
			}
		}
	}
}

// A state with very many steps is cut into parts, and tells the same.
func TestWideStatesOnDisk(t *testing.T) {
	for _, sys := range []System{narrowCube{hypercube{9, 3, 1 << 60}}, hypercube{9, 40, 1 << 60}} {
		want := seen(sys, Limits{}, -1)
		limits := Limits{Spill: t.TempDir(), SpillAfter: 20}
		for _, limits.wide = range []int{2, 3, 9} {
			if got := seen(sys, limits, -1); got != want {
				t.Errorf("cut into less than %d steps: %.1000s\nin memory it is\n%.1000s", limits.wide, got, want)
			}
		}
	}
}

// flawedIn makes scratch files as before does, with a flaw once so many
// operations are left.
func flawedIn(left *int, flaw string, before func(string) (scratch, error)) func(string) (scratch, error) {
	return func(dir string) (scratch, error) {
		if flaw == "make" {
			if *left--; *left < 0 {
				return nil, errDisk
			}
		}
		f, err := before(dir)
		return flawed{f, left, flaw}, err
	}
}

// A flawed is a scratch file of which an operation fails, or does something
// else than it says.
type flawed struct {
	scratch
	left *int // operations until then
	flaw string
}

var errDisk = errors.New("no space left on device")

func (f flawed) due() bool {
	*f.left--
	return *f.left < 0
}

func (f flawed) ReadAt(b []byte, at int64) (int, error) {
	n, err := f.scratch.ReadAt(b, at)
	switch {
	case f.flaw == "read" && f.due():
		return n, errDisk
	case f.flaw == "flip" && f.due():
		b[len(b)/2] ^= 4
	}
	return n, err
}

func (f flawed) WriteAt(b []byte, at int64) (int, error) {
	switch {
	case f.flaw == "write" && f.due():
		return 0, errDisk
	case f.flaw == "short" && f.due():
		n, err := f.scratch.WriteAt(b[:len(b)/2], at)
		return n, err
	case f.flaw == "lost" && f.due():
		return len(b), nil
	}
	return f.scratch.WriteAt(b, at)
}

// Whatever fails on disk, no search comes to its end with something else than
// in memory: it ends with a limit.
func TestFlawedDisk(t *testing.T) {
	before := newScratch
	t.Cleanup(func() { newScratch = before })
	dir := t.TempDir()
	for _, store := range []Store{StoreInline, StorePacked, StoreTree, StoreHashed} {
		sys := narrowCube{hypercube{14, 3, 1 << 60}}
		newScratch = before
		all := slices.Clone([]byte(seen(sys, Limits{Store: store}, -1)))
		for _, flaw := range []string{"make", "write", "short", "lost", "read", "flip"} {
			failed := 0
			for _, after := range []int{0, 1, 2, 10, 40, 150} {
				left := after
				newScratch = flawedIn(&left, flaw, before)
				limits := Limits{Store: store, Spill: dir, SpillAfter: 300}
				s, err := Run(t.Context(), sys, limits, nil)
				var limit *Limit
				switch {
				case errors.As(err, &limit):
					failed++
					if s.States > 1<<14 || s.Len() != int(s.States) {
						t.Errorf("%s, %s after %d: %d states, and %d", store, flaw, after, s.States, s.Len())
					}
				case err != nil:
					t.Errorf("%s, %s after %d: %v", store, flaw, after, err)
				default:
					left = after
					if got := seen(sys, limits, -1); got != string(all) && left >= 0 {
						t.Errorf("%s, %s after %d: %.1000s\nin memory it is\n%.1000s", store, flaw, after, got, all)
					}
				}
			}
			if failed < 3 {
				t.Errorf("%s, %s: only %d searches failed", store, flaw, failed)
			}
		}
	}
}

// What is kept goes to disk, too, and is found there, in whatever order it is
// asked for.
func TestKeptIsFoundOnDisk(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for _, sys := range []System{narrowCube{hypercube{12, 3, 1 << 60}}, hypercube{12, 1, 1 << 60}, hypercube{12, 40, 1 << 60}} {
		for _, store := range []Store{StoreAuto, StorePacked, StoreTree, StoreHashed} {
			var all [][]uint64
			s, err := Run(t.Context(), sys, Limits{Store: store, Keep: true, Spill: t.TempDir(), SpillAfter: 100}, func(v *Visit) bool {
				all = append(all, slices.Clone(v.Words))
				return true
			})
			if err != nil || len(all) != 1<<12 || s.Spilled == 0 {
				t.Fatalf("%s: %d states, %+v, %v", store, len(all), s.Stats, err)
			}
			look := func(i int) {
				if words, err := s.Words(i); err != nil || !slices.Equal(words, all[i]) {
					t.Fatalf("%s: state %d is %x, %v, not %x", store, i, words, err, all[i])
				}
			}
			for i := range all {
				look(i)
				look(len(all) - 1 - i)
				look(random.IntN(len(all)))
			}
			if path, err := s.Path(len(all) - 1); err != nil || !slices.Equal(path[len(path)-1].State, all[len(all)-1]) {
				t.Errorf("%s: a path %v, %v", store, path, err)
			}
		}
	}
}

// A search on disk of which something is gathered has its paths wherever it is
// stopped, be it that more states are on disk than it had come to.
func TestStoppedOnDiskHasItsPaths(t *testing.T) {
	dir, sys := t.TempDir(), narrowCube{hypercube{8, 1, 1 << 60}}
	for stop := range 1 << 8 {
		var last []uint64
		s, err := run(t.Context(), sys, Limits{Spill: dir, SpillAfter: 5}, func(v *Visit) bool {
			last = slices.Clone(v.Words)
			return v.State < stop
		}, new(Rows), nil)
		if err != nil || !s.Stopped || s.Len() <= stop {
			t.Fatalf("stopped at %d: %+v, %v", stop, s.Stats, err)
		}
		if path, err := s.Path(stop); err != nil || stop > 0 && !slices.Equal(path[len(path)-1].State, last) {
			t.Errorf("stopped at %d, a path is %v, %v", stop, path, err)
		}
	}
}

// A search that has too little memory comes to its end on disk, within it. It
// has a process of its own: what other tests have left counts, too.
func TestSpillBoundsMemory(t *testing.T) {
	const alone = "CSPCHECK_TEST_ALONE"
	if os.Getenv(alone) == "" {
		c := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		c.Env = append(os.Environ(), alone+"=1")
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	sys := narrowCube{hypercube{21, 2, 1 << 60}}
	memory := 28<<20 + ResidentFiles()
	if _, err := Run(t.Context(), sys, Limits{Memory: memory}, nil); err == nil {
		t.Fatal("it is enough memory")
	}
	s, err := Run(t.Context(), sys, Limits{Memory: memory, Spill: t.TempDir()}, nil)
	if err != nil || s.States != 1<<21 || s.Transitions != 21<<20 || s.Spilled == 0 || s.Memory > memory/10*11 {
		t.Errorf("%+v, %v", s.Stats, err)
	}
}

// A run tells all that was written to it, and nothing else, keys of one hash
// included.
func TestSortedIsAMap(t *testing.T) {
	dir := t.TempDir()
	open := func() (scratch, error) { return newScratch(dir) }
	rapid.Check(t, func(t *rapid.T) {
		shape := newShape(8, 1)
		shape.perBlock = rapid.IntRange(1, 5).Draw(t, "records of a block")
		type record struct{ hash, key uint64 }
		numbers := map[record]uint32{}
		var runs []*sorted
		for range rapid.IntRange(1, 5).Draw(t, "runs") {
			hashes := rapid.SliceOfN(rapid.Uint64Max(20), 0, 30).Draw(t, "hashes")
			slices.Sort(hashes)
			w, err := newSorted(shape, open, len(hashes), rapid.SampledFrom([]int64{0, 1 << 20}).Draw(t, "filter"))
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range hashes {
				n := uint32(len(numbers))
				numbers[record{h << 56, uint64(n)}] = n
				if err := w.add(h<<56, []uint64{uint64(n)}, n); err != nil {
					t.Fatal(err)
				}
			}
			r, err := w.done()
			if err != nil {
				t.Fatal(err)
			}
			runs = append(runs, r)
		}
		if rapid.Bool().Draw(t, "merge") {
			r, err := merge(runs, open, 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			runs = []*sorted{r}
		}
		var sight window
		for range 2 {
			asked := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) record {
				return record{rapid.Uint64Max(20).Draw(t, "hash") << 56, rapid.Uint64Max(80).Draw(t, "key")}
			}), 0, 40).Draw(t, "asked")
			for r := range numbers {
				if len(asked) < 60 && r.key%3 == 0 {
					asked = append(asked, r)
				}
			}
			slices.SortFunc(asked, func(a, b record) int { return int(a.hash>>56) - int(b.hash>>56) })
			var cs []candidate
			for i, r := range asked {
				cs = append(cs, candidate{r.hash, uint32(i)})
			}
			got := map[record]uint32{}
			for _, r := range runs {
				err := r.look(&sight, cs, func(i uint32) []uint64 { return []uint64{asked[i].key} }, func(i, n uint32) { got[asked[i]] = n })
				if err != nil {
					t.Fatal(err)
				}
			}
			for _, r := range asked {
				want, is := numbers[r]
				if n, ok := got[r]; ok != is || n != want {
					t.Fatalf("%x has number %d, %v, not %d, %v", r, n, ok, want, is)
				}
			}
		}
	})
}

// In a block of a run the first hash that is not less is found from wherever
// it is looked for, also where hashes are not even.
func TestSeek(t *testing.T) {
	dir := t.TempDir()
	open := func() (scratch, error) { return newScratch(dir) }
	rapid.Check(t, func(t *rapid.T) {
		shape := newShape(rapid.IntRange(1, 8).Draw(t, "bytes of a hash"), 0)
		shape.perBlock = rapid.IntRange(1, 300).Draw(t, "records of a block")
		mask := ^uint64(0) << (64 - 8*shape.hashBytes)
		some := rapid.OneOf(rapid.Uint64(), rapid.Uint64Max(1000), rapid.Just(^uint64(0)))
		hashes := rapid.SliceOfN(some, 1, 400).Draw(t, "hashes")
		for i := range hashes {
			hashes[i] &= mask
		}
		slices.Sort(hashes)
		w, err := newSorted(shape, open, len(hashes), 0)
		if err != nil {
			t.Fatal(err)
		}
		for i, h := range hashes {
			if err := w.add(h, nil, uint32(i)); err != nil {
				t.Fatal(err)
			}
		}
		r, err := w.done()
		if err != nil {
			t.Fatal(err)
		}
		defer r.file.Close()
		buf := r.newBlock()
		for block := range r.first {
			n, err := r.read(block, buf)
			if err != nil {
				t.Fatal(err)
			}
			here := hashes[block*shape.perBlock:][:n]
			for _, h := range append(slices.Clone(here), some.Draw(t, "asked")&mask) {
				from := rapid.IntRange(0, n).Draw(t, "from")
				want, _ := slices.BinarySearch(here[from:], h)
				if h < here[0] {
					continue
				}
				if got := r.seek(buf, block, from, n, h); got != from+want {
					t.Fatalf("%x is at %d, not %d, of %x", h, from+want, got, here)
				}
			}
		}
	})
}

// A canceller is a scratch file that cancels its search when it is written.
type canceller struct {
	scratch
	cancel func()
	writes *int
}

func (c canceller) WriteAt(b []byte, at int64) (int, error) {
	c.cancel()
	*c.writes++
	return c.scratch.WriteAt(b, at)
}

// Who cancels a search while much is written doesn't wait for the end of that.
func TestSpillingIsCancelled(t *testing.T) {
	before := newScratch
	t.Cleanup(func() { newScratch = before })
	ctx, cancel := context.WithCancel(t.Context())
	writes := 0
	newScratch = func(dir string) (scratch, error) {
		f, err := before(dir)
		return canceller{f, cancel, &writes}, err
	}
	_, err := Run(ctx, hypercube{20, 1, 1 << 60}, Limits{Spill: t.TempDir(), SpillAfter: 1 << 19}, nil)
	if err == nil || err.Error() != "cancelled" || writes > 32 {
		t.Errorf("%v after %d writes", err, writes)
	}
}

// A process that lets go of the pages of its files goes on as before, with those
// that it needs.
func TestFilesThatAreLeftComeBack(t *testing.T) {
	before := ResidentFiles()
	if before == 0 {
		t.Skip("what is resident of files is not known here")
	}
	want := seen(hypercube{10, 1, 1 << 60}, Limits{}, -1)
	leaveFiles()
	if after := ResidentFiles(); after > before/2 {
		t.Errorf("%d bytes of files are resident, and of %d were", after, before)
	}
	if got := seen(hypercube{10, 1, 1 << 60}, Limits{}, -1); got != want {
		t.Errorf("then it finds\n%.1000s\nbefore it found\n%.1000s", got, want)
	}
}
