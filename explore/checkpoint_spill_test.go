package explore

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/explore/checkpoint"
)

// A search on disk is in its file wherever a limit ends it.
func TestResumedOnDiskFromEveryState(t *testing.T) {
	file, dir := filepath.Join(t.TempDir(), "search"), t.TempDir()
	sys := narrowCube{hypercube{6, 3, 1 << 60}}
	for _, store := range []Store{StoreInline, StorePacked, StoreTree, StoreHashed} {
		limits := Limits{Store: store, Spill: dir, SpillAfter: 8}
		plain := &listener{}
		want := plain.found(Run(t.Context(), leaver{sys}, limits, plain.visit))
		for most := 1; most < plain.told; most++ {
			limits.States = int64(most)
			if _, err := kept(t, t.Context(), sys, &listener{}, limits, &Checkpoint{}, file, false); err == nil {
				t.Fatalf("more than %d states are no limit", most)
			}
			limits.States = 0
			l := &listener{}
			s, err := kept(t, t.Context(), sys, l, limits, &Checkpoint{}, file, true)
			if got := l.found(s, err); got != want {
				t.Fatalf("%s: stopped after %d states it finds\n%s\notherwise\n%s", store, most, got, want)
			}
		}
	}
}

// What a disk has spoilt does not get into a file: a search that it ends is
// written whole, or not at all.
func TestResumedAfterFlawedDisk(t *testing.T) {
	before := newScratch
	t.Cleanup(func() { newScratch = before })
	dir := t.TempDir()
	resumed := 0
	for _, store := range []Store{StoreInline, StorePacked, StoreTree, StoreHashed} {
		var sys System = hypercube{10, 40, 1 << 60} // so wide that some wait on disk
		if store == StoreInline {
			sys = narrowCube{hypercube{10, 3, 1 << 60}}
		}
		limits := Limits{Store: store, Spill: dir, SpillAfter: 500}
		plain := &listener{}
		want := plain.found(Run(t.Context(), leaver{sys}, Limits{Store: store}, plain.visit))
		for _, flaw := range []string{"make", "write", "short", "lost", "read", "flip"} {
			for _, after := range []int{0, 1, 2, 10, 40} {
				file := filepath.Join(t.TempDir(), "search")
				left := after
				newScratch = flawedIn(&left, flaw, before)
				_, err := kept(t, t.Context(), sys, &listener{}, limits, &Checkpoint{}, file, false)
				newScratch = before
				readable := flaw == "make" || flaw == "write" || flaw == "short"
				if err != nil && readable && !exists(file) {
					t.Errorf("%s, %s after %d: there is no file", store, flaw, after)
				}
				if err == nil || !exists(file) {
					continue
				}
				resumed++
				l := &listener{}
				s, err := kept(t, t.Context(), sys, l, limits, &Checkpoint{}, file, true)
				if got := l.found(s, err); got != want {
					t.Errorf("%s, %s after %d: it finds\n%s\notherwise\n%s", store, flaw, after, got, want)
				}
			}
		}
	}
	if resumed < 30 {
		t.Errorf("only %d searches were resumed", resumed)
	}
}

// onDisk returns the file of a search that was on disk, of which most states
// wait there.
func onDisk(t *testing.T, sys System, limits Limits) string {
	t.Helper()
	limits.States, limits.Spill, limits.SpillAfter = 3000, t.TempDir(), 100
	file, _ := written(t, sys, limits)
	return file
}

// It takes a place for files to go on from one of those.
func TestResumedOnDiskNeedsOne(t *testing.T) {
	sys := narrowCube{hypercube{12, 2, 1 << 60}}
	file := onDisk(t, sys, Limits{})
	_, err := kept(t, t.Context(), sys, &listener{}, Limits{}, &Checkpoint{}, file, true)
	var bad *checkpoint.Error
	if !errors.As(err, &bad) || !strings.Contains(err.Error(), "it takes --spill DIR to go on") {
		t.Error(err)
	}
}

// A limit that comes while a search is read from its file leaves the file.
func TestResumedOnDiskIsCancelled(t *testing.T) {
	before := newScratch
	t.Cleanup(func() { newScratch = before })
	sys := narrowCube{hypercube{12, 2, 1 << 60}}
	file := onDisk(t, sys, Limits{})
	was, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	newScratch = func(dir string) (scratch, error) {
		cancel()
		return before(dir)
	}
	c := &Checkpoint{States: 1}
	_, err = kept(t, ctx, sys, &listener{}, Limits{Spill: t.TempDir(), SpillAfter: 100}, c, file, true)
	if is, _ := os.ReadFile(file); err == nil || err.Error() != "cancelled" || c.Left || string(is) != string(was) {
		t.Errorf("%v; the file is left: %v; it is as before: %v", err, c.Left, string(is) == string(was))
	}
}

// Records that are out of order, or of no state, are refused.
func TestRecordsAreLookedAt(t *testing.T) {
	sys := narrowCube{hypercube{6, 2, 1 << 60}}
	type record struct {
		hash   uint64
		number uint32
	}
	for _, tt := range []struct {
		what    string
		count   int
		records []record
		bad     bool
	}{
		{"two states", 2, []record{{1, 0}, {2, 1}}, false},
		{"out of order", 2, []record{{2, 0}, {1, 1}}, true},
		{"no such state", 2, []record{{1, 0}, {2, 2}}, true},
		{"too many", 1, []record{{1, 0}, {2, 1}}, true},
		{"too few", 3, []record{{1, 0}, {2, 1}}, true},
		{"none", 1, nil, true},
	} {
		s, err := newStore(sys, StorePacked, false, true)
		if err != nil {
			t.Fatal(err)
		}
		d := newSpill(s, newWatch(t.Context(), Limits{Spill: t.TempDir()}))
		file := filepath.Join(t.TempDir(), "run")
		err = checkpoint.Write(file, func(w *checkpoint.Writer) {
			w.Int(0)
			w.Int(tt.count)
			var b []byte
			for _, r := range tt.records {
				b = d.shape.append(b, r.hash<<56, []uint64{7}, r.number)
			}
			w.Bytes(b)
			w.Section("no records")
		})
		if err != nil {
			t.Fatal(err)
		}
		r, err := checkpoint.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.loadRun(r, 2, func() error { return nil }); err != nil || (r.Err() != nil) != tt.bad {
			t.Errorf("%s: %v, %v", tt.what, err, r.Err())
		}
		r.Close()
	}
}
