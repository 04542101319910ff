package explore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/explore/checkpoint"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/modeltest"
)

// met is a System whose states are the numbers that those of another get as
// they are met: they mean nothing before it has been asked.
type met struct{ numbering }

func newMet(sys System) *met { return &met{newNumbering(sys)} }

func (m *met) Events() *model.Events { return m.sys.Events() }
func (m *met) Width() int            { return 1 }
func (m *met) Learnt() int64         { return int64(m.states.n) }

func (m *met) Initial(s []uint64) error {
	n, err := m.initial()
	s[0] = uint64(n)
	return err
}

func (m *met) Successors(s []uint64, out *Steps) error {
	edges, err := m.edges(int(s[0]))
	for _, e := range edges {
		out.Add(e.event, uint64(e.target))
	}
	return err
}

// silent is a System that can't say whether it learns.
type silent struct{ System }

// A listener is a visitor that sums up what it is told, and asks a System a
// question about each state, if it has one.
type listener struct {
	told int
	sum  uint64
	asks func(words []uint64) error
}

func (l *listener) visitor() *Visitor {
	v := &Visitor{
		Name:  "a test",
		Visit: l.visit,
		Save:  func(w *checkpoint.Writer) { w.Int(l.told); w.Word(l.sum) },
		Load:  func(r *checkpoint.Reader) { l.told, l.sum = r.Int(), r.Word() },
	}
	if l.asks != nil {
		v.Again = l.asks
	}
	return v
}

func (l *listener) visit(v *Visit) bool {
	if v.State != l.told {
		panic(fmt.Sprintf("told of state %d after %d", v.State, l.told-1))
	}
	l.told++
	l.sum = heard(l.sum, v)
	if l.asks != nil {
		if err := l.asks(v.Words); err != nil {
			panic(err)
		}
	}
	return true
}

// found is all that can be told of a finished search.
func (l *listener) found(s *Search, err error) string {
	out := leftOut(s) + fmt.Sprintln(l.told, l.sum, s.States, s.Transitions, s.Depth, s.Len(), err)
	for i := 0; i < s.Len(); i += 1 + s.Len()/10 {
		path, err := s.Path(i)
		out += fmt.Sprintln(i, path, err)
	}
	return out
}

// kept runs a search that writes to a file, and goes on from what is there if
// resume is set.
func kept(t interface{ Fatal(...any) }, ctx context.Context, sys System, l *listener, limits Limits, c *Checkpoint, file string, resume bool) (*Search, error) {
	c.Write = func(search func(*checkpoint.Writer)) error {
		return checkpoint.Write(file, func(w *checkpoint.Writer) {
			w.Section("test")
			search(w)
		})
	}
	if resume {
		r, err := checkpoint.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		r.Section("test")
		c.Resume = r
	}
	limits.Checkpoint = c
	return RunKept(ctx, leaver{sys}, limits, l.visitor())
}

// A search that is stopped again and again, by a limit or between blocks, and
// each time goes on from its file with a System made anew, finds what one
// that is not stopped finds, and tells the same.
func TestResumedFindsTheSame(t *testing.T) {
	file, dir := filepath.Join(t.TempDir(), "search"), t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		os.Remove(file)
		make, asks := stoppable(t)
		limits := Limits{
			Keep:    rapid.Bool().Draw(t, "keep"),
			Store:   rapid.SampledFrom([]Store{StoreAuto, StorePacked, StoreTree, StoreHashed}).Draw(t, "store"),
			Workers: rapid.IntRange(1, 3).Draw(t, "workers"),
			Eager:   true,
		}
		early := []int{0}
		if !limits.Keep && rapid.Bool().Draw(t, "spill") {
			limits.Spill, early = dir, []int{0, 1, 5, 20, 60}
		}
		listen := func(sys System) *listener {
			l := &listener{}
			if asks {
				l.asks = func(words []uint64) error { return sys.Successors(words, &Steps{}) }
			}
			return l
		}
		sys := make()
		plain := listen(sys)
		want := plain.found(Run(context.Background(), leaver{sys}, limits, plain.visit))

		every := rapid.Int64Range(1, 100).Draw(t, "every")
		stopped := 0
		for turn := 0; ; turn++ {
			sys := make()
			l := listen(sys)
			limits.SpillAfter = rapid.SampledFrom(early).Draw(t, "spilled after")
			ctx, cancel := context.WithCancel(context.Background())
			c := &Checkpoint{States: every, Wrote: func(_ int64, err error) {
				if err != nil && !asks {
					t.Fatal(err)
				}
			}}
			byLimit := rapid.Bool().Draw(t, "by a limit")
			if turn > 6 {
				byLimit, c.States = false, 0 // it will not be stopped
			} else if byLimit {
				limits.States = int64(rapid.IntRange(1, 1+plain.told).Draw(t, "most"))
			} else {
				writes := rapid.IntRange(1, 5).Draw(t, "writes")
				c.Wrote = func(int64, error) {
					if writes--; writes == 0 {
						cancel()
					}
				}
			}
			_, err := os.Stat(file)
			s, err := kept(t, ctx, sys, l, limits, c, file, err == nil)
			cancel()
			limits.States = 0
			var limit *Limit
			if errors.As(err, &limit) {
				stopped++
				if c.Left != exists(file) && !asks {
					t.Fatalf("left %v, and there is a file: %v", c.Left, exists(file))
				}
				continue
			}
			s.cancelled = func() error { return nil } // there is time to tell of it
			if got := l.found(s, err); got != want {
				t.Fatalf("stopped %d times it finds\n%s\notherwise\n%s", stopped, got, want)
			}
			break
		}
	})
}

// So it does wherever a limit ends it.
func TestResumedFromEveryState(t *testing.T) {
	file := filepath.Join(t.TempDir(), "search")
	for _, sys := range []func() System{
		func() System { return narrowCube{hypercube{6, 2, 1 << 60}} },
		func() System { return newMet(hypercube{6, 1, 1 << 60}) },
		func() System { return chain{40} },
	} {
		plain := &listener{}
		want := plain.found(Run(context.Background(), leaver{sys()}, Limits{}, plain.visit))
		for most := 1; most < plain.told; most++ {
			_, err := kept(t, context.Background(), sys(), &listener{}, Limits{States: int64(most)}, &Checkpoint{}, file, false)
			if err == nil {
				t.Fatalf("more than %d states are no limit", most)
			}
			l := &listener{}
			s, err := kept(t, context.Background(), sys(), l, Limits{}, &Checkpoint{}, file, true)
			if got := l.found(s, err); got != want {
				t.Fatalf("%T: stopped after %d states it finds\n%s\notherwise\n%s", sys(), most, got, want)
			}
		}
	}
}

// A chain is a System of so many states, one behind the other.
type chain struct{ states uint64 }

func (c chain) Events() *model.Events    { return cubeEvents }
func (c chain) Width() int               { return 1 }
func (c chain) Initial(s []uint64) error { return nil }
func (c chain) Successors(s []uint64, out *Steps) error {
	if s[0]+1 < c.states {
		out.Add(model.Tick+1, s[0]+1)
	}
	return nil
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// stoppable draws a System, to be made anew again and again, and whether
// visitors are to ask it.
func stoppable(t *rapid.T) (make func() System, asks bool) {
	var plain func() System
	switch rapid.IntRange(0, 2).Draw(t, "system") {
	case 0:
		m := modeltest.Machines(12, 3).Draw(t, "machine")
		plain = func() System { return Machine(m) }
	case 1:
		net := smallNetwork(t)
		plain = func() System { return Network(net) }
	default:
		cube := narrowCube{hypercube{rapid.IntRange(6, 9).Draw(t, "bits"), rapid.IntRange(1, 4).Draw(t, "words"), 1 << 60}}
		plain = func() System { return cube }
	}
	switch rapid.IntRange(0, 2).Draw(t, "learns") {
	case 0:
		return plain, false
	case 1:
		return func() System { return newMet(plain()) }, rapid.Bool().Draw(t, "asks")
	}
	return func() System { return silent{newMet(plain())} }, rapid.Bool().Draw(t, "asks")
}

// written returns the file of a search that a limit has ended, as bytes.
func written(t *testing.T, sys System, limits Limits) (file string, bytes []byte) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "search")
	if _, err := kept(t, context.Background(), sys, &listener{}, limits, &Checkpoint{}, file, false); err == nil {
		t.Fatal("no limit ended the search")
	}
	bytes, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return file, bytes
}

// What does not belong together is refused, and nothing is found.
func TestResumedElsewhere(t *testing.T) {
	cube := func(bits, words int) System { return narrowCube{hypercube{bits, words, 1 << 60}} }
	file, _ := written(t, newMet(cube(8, 2)), Limits{States: 100})
	for _, tt := range []struct {
		sys    System
		limits Limits
		want   string
	}{
		{newMet(cube(7, 2)), Limits{}, "the process does other things than when it was written"},
		{cube(8, 2), Limits{}, "its states have 64 bits in 1 words and are kept as packed, those of the process now have 16 bits in 2 words and are kept as inline"},
		{newMet(cube(8, 2)), Limits{Store: StoreHashed}, "are kept as hashed"},
	} {
		l := &listener{}
		_, err := kept(t, context.Background(), tt.sys, l, tt.limits, &Checkpoint{}, file, true)
		var bad *checkpoint.Error
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), tt.want) || l.told != 0 {
			t.Errorf("told of %d states, %v; want %s", l.told, err, tt.want)
		}
	}
}

// A search with another name begins at the beginning, and leaves the file.
func TestResumedLater(t *testing.T) {
	sys := func() System { return newMet(narrowCube{hypercube{8, 2, 1 << 60}}) }
	file, before := written(t, sys(), Limits{States: 100})
	c := &Checkpoint{States: 1}
	r, err := checkpoint.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	r.Section("test")
	c.Resume = r
	c.Write = func(func(*checkpoint.Writer)) error { t.Error("it writes"); return nil }
	first := &listener{}
	v := first.visitor()
	v.Name = "another"
	if _, err := RunKept(context.Background(), sys(), Limits{Checkpoint: c}, v); err != nil || first.told != 256 {
		t.Errorf("told of %d states, %v", first.told, err)
	}
	if after, _ := os.ReadFile(file); string(after) != string(before) {
		t.Error("the file has changed")
	}
	second := &listener{}
	c.States = 0
	s, err := RunKept(context.Background(), sys(), Limits{Checkpoint: c}, second.visitor())
	if err != nil || s.States != 256 || second.sum != first.sum {
		t.Errorf("%d states, %v: it found something else", s.States, err)
	}
}
