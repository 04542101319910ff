package explore

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/model"
)

// heard adds all of a visit to a hash of those before it.
func heard(sum uint64, v *Visit) uint64 {
	note := func(x uint64) { sum = mix(sum^x, 0x9e3779b97f4a7c15) + 1 }
	note(uint64(v.State))
	note(uint64(v.Depth))
	for _, w := range slices.Concat(v.Words, v.Steps.States) {
		note(w)
	}
	for i, e := range v.Steps.Events {
		note(uint64(e))
		note(uint64(v.Targets[i]))
	}
	return sum
}

// seen runs a search and returns all that can be told of it, as text: what
// the visitor was told, or how it goes to a hash of it, the counts, the error
// and the path to some states.
func seen(sys System, limits Limits, stop int) string {
	limits.Eager = true
	told := ""
	sum := uint64(0)
	s, err := Run(context.Background(), leaver{sys}, limits, func(v *Visit) bool {
		if v.State < 300 {
			told += fmt.Sprintln(v.State, v.Words, v.Depth, v.Steps.Events, v.Steps.States, v.Targets)
		}
		sum = heard(sum, v)
		return v.State != stop
	})
	told += leftOut(s) + fmt.Sprintln(sum, s.States, s.Transitions, s.Depth, s.Len(), s.Stopped, err)
	for i := 0; i < s.Len(); i += 1 + s.Len()/10 {
		path, err := s.Path(i)
		told += fmt.Sprintln(i, path, err)
	}
	return told
}

// Several workers find what one finds, told in the same order, whatever is
// known of the network at the start and wherever the search ends.
func TestWorkersFindWhatOneFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		net := smallNetwork(t)
		if rapid.Bool().Draw(t, "on demand") {
			net = onDemand(t, net)
		}
		limits := Limits{Keep: rapid.Bool().Draw(t, "keep"), States: rapid.SampledFrom([]int64{0, 0, 0, 1, 2, 7, 30}).Draw(t, "most")}
		stop := rapid.SampledFrom([]int{-1, -1, 0, 1, 5, 20}).Draw(t, "stop")
		bits := rapid.SampledFrom([]uint{3, 64}).Draw(t, "bits of a word")
		want := seen(newNetworkIn(net, bits, nil), limits, stop)
		limits.Store = rapid.SampledFrom([]Store{StoreAuto, StorePacked, StoreTree, StoreHashed}).Draw(t, "store")
		limits.Workers = rapid.IntRange(1, 4).Draw(t, "workers")
		limits.parts = rapid.SampledFrom([]int{0, 1, 2, 5}).Draw(t, "states of a part")
		limits.narrow = rapid.Bool().Draw(t, "few bits")
		if got := seen(newNetworkIn(net, bits, nil), limits, stop); got != want {
			t.Fatalf("%d workers find\n%s\none finds\n%s", limits.Workers, got, want)
		}
	})
}

// hypercube is a System whose states are those of some bits, each of which
// can be set. Some of its states are an error.
type hypercube struct {
	bits, words int
	bad         uint64
}

var cubeEvents = func() *model.Events {
	t := model.NewEvents()
	t.Event("set")
	return t
}()

func (c hypercube) Events() *model.Events    { return cubeEvents }
func (c hypercube) Width() int               { return c.words }
func (c hypercube) Initial(s []uint64) error { return nil }
func (c hypercube) Fork() System             { return c }

func (c hypercube) Successors(s []uint64, out *Steps) error {
	if s[0] == c.bad {
		return errors.New("a bad state")
	}
	for i := range c.bits {
		if s[0]>>i&1 != 0 {
			continue
		}
		out.Events = append(out.Events, model.Tick+1)
		for _, w := range s {
			out.States = append(out.States, w|1<<i)
		}
	}
	return nil
}

// narrowCube is one whose bits are told.
type narrowCube struct{ hypercube }

func (c narrowCube) Bits() []int {
	bits := make([]int, c.words)
	for i := range bits {
		bits[i] = c.bits
	}
	return bits
}

func (c narrowCube) Fork() System { return c }

// So they do in large searches, where the set has several regions and grows
// from round to round; and all stores find the same.
func TestWorkersFindWhatOneFindsInLarge(t *testing.T) {
	for _, sys := range []System{
		narrowCube{hypercube{16, 1, 1 << 60}},
		narrowCube{hypercube{16, 3, 1 << 60}},
		hypercube{16, 2, 1 << 60},
		narrowCube{hypercube{16, 4, 1<<16 - 3}},
	} {
		want := ""
		for _, store := range Stores {
			if _, err := newStore(sys, store, false, true); err != nil {
				continue // states are too wide
			}
			for _, workers := range []int{1, 2, 3} {
				got := seen(sys, Limits{Workers: workers, Store: store}, -1)
				if want == "" {
					want = got
				}
				if got != want {
					t.Errorf("%T: %d workers and store %s find\n%.1000s\none finds\n%.1000s", sys, workers, store, got, want)
				}
			}
		}
	}
}

// laterCube is one of which forks know only what the System itself was asked
// for before, in some of its states.
type laterCube struct {
	narrowCube
	known map[uint64]bool
	fork  bool
}

func (c laterCube) Fork() System { return laterCube{c.narrowCube, c.known, true} }

func (c laterCube) Successors(s []uint64, out *Steps) error {
	if s[0]%5 == 3 && !c.known[s[0]] {
		if c.fork {
			return ErrLater
		}
		c.known[s[0]] = true
	}
	return c.narrowCube.Successors(s, out)
}

// So they do when forks have to wait for the System in the middle of a round.
func TestWorkersThatWaitFindWhatOneFinds(t *testing.T) {
	for _, store := range []Store{StoreInline, StorePacked, StoreTree} {
		later := func() System { return laterCube{narrowCube{hypercube{14, 1, 1 << 60}}, map[uint64]bool{}, false} }
		want := seen(later(), Limits{Store: store}, -1)
		for _, workers := range []int{2, 3} {
			if got := seen(later(), Limits{Workers: workers, Store: store}, -1); got != want {
				t.Errorf("%d workers and store %s find\n%.1000s\none finds\n%.1000s", workers, store, got, want)
			}
		}
	}
}

// A worker's panic is one of Run.
func TestPanicOfAWorker(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("it went on")
		}
	}()
	Run(context.Background(), narrowCube{hypercube{40, 1, 0}}.broken(), Limits{States: 1 << 15, Workers: 2, Eager: true}, nil)
}

// A visitor's panic is its own, and tells where it comes from.
func TestPanicOfAVisitor(t *testing.T) {
	type fault struct{ state int }
	surprised := func(v *Visit) bool {
		if v.State == 1000 {
			panic(fault{v.State})
		}
		return true
	}
	for _, store := range []Store{StoreInline, StorePacked} {
		func() {
			defer func() {
				told, stack := recover(), string(debug.Stack())
				if told != (fault{1000}) || !strings.Contains(stack, "TestPanicOfAVisitor.func1") {
					t.Errorf("store %s: %v\n%s", store, told, stack)
				}
			}()
			Run(context.Background(), narrowCube{hypercube{14, 1, 1 << 60}}, Limits{Workers: 2, Eager: true, Store: store}, surprised)
		}()
	}
}

type brokenCube struct{ narrowCube }

func (c narrowCube) broken() System { return brokenCube{c} }
func (c brokenCube) Bits() []int    { return []int{40} }
func (c brokenCube) Fork() System   { return c }
func (c brokenCube) Successors(s []uint64, out *Steps) error {
	if s[0] != 0 {
		panic("broken")
	}
	out.Add(model.Tick+1, 1)
	out.Add(model.Tick+1, 2)
	return nil
}
