package explore

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/cspcheck/cspcheck/model"
	"pgregory.net/rapid"
)

// Counters are numbers that step up, each by itself, up to a bound, and say so
// as Growing. A fixed field is between them.
type counters struct {
	bounds []uint64
	step   uint64
	bits   uint // of a field
	hidden bool // they don't say so
	events *model.Events
	names  []model.Event
}

func newCounters(bounds []uint64, step uint64, bits uint, hidden bool) *counters {
	c := &counters{bounds: bounds, step: step, bits: bits, hidden: hidden, events: model.NewEvents()}
	for i := range bounds {
		c.names = append(c.names, c.events.Event(fmt.Sprintf("c.%d", i)))
	}
	return c
}

const counterGap = 3 // bits of the fixed field below each

func (c *counters) field(i int) Bitfield {
	per := int(64 / (c.bits + counterGap))
	return Bitfield{i / per, uint(i%per)*(c.bits+counterGap) + counterGap, c.bits}
}

func (c *counters) Events() *model.Events { return c.events }
func (c *counters) Width() int            { return c.field(len(c.bounds)-1).Word + 1 }
func (c *counters) Initial(s []uint64) error {
	clear(s)
	return nil
}

func (c *counters) Bits() []int {
	bits := make([]int, c.Width())
	for i := range c.bounds {
		f := c.field(i)
		bits[f.Word] = int(f.Shift + f.Bits)
	}
	return bits
}

func (c *counters) Growing() []Bitfield {
	if c.hidden {
		return nil
	}
	var fields []Bitfield
	for i := range c.bounds {
		fields = append(fields, c.field(i))
	}
	return fields
}

func (c *counters) Fork() System { return c }

func (c *counters) Successors(s []uint64, out *Steps) error {
	for i, most := range c.bounds {
		f := c.field(i)
		v := s[f.Word] >> f.Shift & (1<<f.Bits - 1)
		if v >= most {
			continue
		}
		next := slices.Clone(s)
		next[f.Word] += c.step << f.Shift
		next[f.Word] = next[f.Word]&^(7<<(f.Shift-counterGap)) | (v+1)%8<<(f.Shift-counterGap)
		out.Add(c.names[i], next...)
	}
	return nil
}

// States that outgrow the bits that they have are repacked, and all visits
// stay what they are without, by any number of workers, whether the words are
// kept or not, and where they come to need another store.
func TestStatesThatOutgrowTheirBits(t *testing.T) {
	for _, tt := range []struct {
		bounds []uint64
		step   uint64
		bits   uint
		store  Store // that it ends with
		asked  Store
	}{
		{[]uint64{3000}, 7, 32, StoreInline, StoreAuto},
		{[]uint64{80, 80, 9}, 1, 20, StoreInline, StoreAuto}, // beside those that outgrow them others do not
		{[]uint64{40, 40}, 1, 32, StoreInline, StoreAuto},
		{[]uint64{40, 40, 900}, 20, 20, StoreInline, StoreAuto},
		{[]uint64{300, 3000, 0, 0, 0}, 300, 20, StoreInline, StoreAuto}, // 15 bits are fixed
		{[]uint64{9e6, 9e6, 9e6, 0, 1e6}, 1e6, 24, StoreTree, StoreAuto},
		{[]uint64{9e8, 9e8, 2e9}, 1e8, 32, StoreTree, StoreAuto},
		{[]uint64{9e8, 1e8}, 1e6, 32, StoreTree, StoreAuto}, // 63 bits
		{[]uint64{9e8, 1e8}, 1e6, 32, StoreInline, StoreInline},
		{[]uint64{9e9, 9e9}, 1e8, 40, StoreInline, StoreInline}, // two words
	} {
		for _, keep := range []bool{false, true} {
			for _, workers := range []int{1, 2, 3} {
				run := func(hidden bool) (visits []uint64, s *Search) {
					limits := Limits{Workers: workers, Eager: true, Keep: keep, parts: 16}
					if !hidden {
						limits.Store = tt.asked
					}
					s, err := Run(context.Background(), newCounters(tt.bounds, tt.step, tt.bits, hidden), limits, func(v *Visit) bool {
						visits = append(visits, hash(append(slices.Clone(v.Words), uint64(v.State), uint64(v.Depth))), uint64(len(v.Targets)))
						for _, to := range v.Targets {
							visits = append(visits, uint64(to))
						}
						return true
					})
					if err != nil {
						t.Fatal(err)
					}
					return visits, s
				}
				want, wide := run(true)
				got, narrow := run(false)
				if !slices.Equal(got, want) || wide.States != narrow.States || wide.Transitions != narrow.Transitions {
					t.Errorf("%v: %d states and %d transitions, not %d and %d", tt, narrow.States, narrow.Transitions, wide.States, wide.Transitions)
				}
				for i := 0; keep && i < narrow.states.n; i++ {
					if n, _, _ := narrow.states.number(narrow.states.at(i)); n != i {
						t.Fatalf("%v: state %d is found as %d", tt, i, n)
					}
				}
				store := tt.store
				if keep && store == StoreTree {
					store = StorePacked
				}
				if x, ok := narrow.states.set.(inline); ok && store == StoreTree && x.table().ample > 0 {
					t.Errorf("%v: the table of a tree doubles", tt)
				}
				if narrow.Usage.Store != store {
					t.Errorf("%v keep %v: kept as %s", tt, keep, narrow.Usage.Store)
				}
			}
		}
	}
}

// So do states drawn, in parts of all sizes, which outgrow their bits together with others
// that do not.
func TestDrawnStatesThatOutgrowTheirBits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 4).Draw(t, "fields")
		step := uint64(1) << rapid.SampledFrom([]int{0, 3, 20, 24, 26}).Draw(t, "step")
		bounds, states := make([]uint64, n), 1
		for i := range bounds {
			steps := rapid.IntRange(0, min(300, 20000/states-1)).Draw(t, "steps")
			bounds[i], states = uint64(steps)*step, states*(steps+1)
		}
		bits := uint(rapid.IntRange(35, 40).Draw(t, "bits"))
		limits := Limits{Eager: true, Keep: rapid.Bool().Draw(t, "keep")}
		run := func(hidden bool, limits Limits) (visits []uint64) {
			_, err := Run(context.Background(), newCounters(bounds, step, bits, hidden), limits, func(v *Visit) bool {
				visits = append(visits, hash(append(slices.Clone(v.Words), uint64(v.State), uint64(v.Depth))))
				for _, to := range v.Targets {
					visits = append(visits, uint64(to))
				}
				return true
			})
			if err != nil {
				t.Fatal(err)
			}
			return visits
		}
		want := run(true, limits)
		limits.Workers, limits.parts = rapid.IntRange(1, 3).Draw(t, "workers"), rapid.IntRange(1, 40).Draw(t, "parts")
		limits.Store = rapid.SampledFrom([]Store{StoreAuto, StoreTree, StorePacked}).Draw(t, "store")
		if got := run(false, limits); !slices.Equal(got, want) {
			t.Errorf("%d visits are not the %d", len(got), len(want))
		}
	})
}

// Whoever asks for a table that has the states themselves gets no other.
func TestInlineStatesThatGrowTooLarge(t *testing.T) {
	_, err := Run(context.Background(), newCounters([]uint64{9e8, 9e8, 2e9}, 1e8, 32, false), Limits{Store: StoreInline}, nil)
	if want := "states need more bits than --store inline has room for, which is 64, or 2 words, and they have 3"; err == nil || err.Error() != want {
		t.Errorf("the error is %v, not %s", err, want)
	}
}

// Keys tell states, and are made again when a field needs more bits.
func TestSqueezedIsOneToOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 4).Draw(t, "fields")
		c := newCounters(make([]uint64, n), 1, uint(rapid.IntRange(7, 32).Draw(t, "bits")), false)
		q := newSqueezed(c.Bits(), c.Growing(), exactBits)
		if q == nil {
			t.Fatal("there are no keys")
		}
		all := uint64(0)
		key, back := make([]uint64, 1), make([]uint64, c.Width())
		for range 30 {
			s := make([]uint64, c.Width())
			for w, b := range c.Bits() {
				s[w] = rapid.Uint64().Draw(t, "word") >> (64 - b)
			}
			for i := range n { // mostly small
				f := c.field(i)
				s[f.Word] &^= rapid.SampledFrom([]uint64{0, 1<<f.Bits - 64, 1<<f.Bits - 1}).Draw(t, "unset") << f.Shift
			}
			fits := q.fits(s)
			if learnt := q.fold(s, key, false); learnt != fits || q.outgrown() {
				t.Fatalf("it fits: %v, folds: %v, is outgrown: %v", fits, learnt, q.outgrown())
			}
			q.fold(s, key, true)
			if q.outgrown() == fits {
				t.Fatalf("it fits: %v, and is outgrown: %v", fits, !fits)
			}
			if q.outgrown() {
				if !q.widen(all) {
					return // too many bits
				}
				all = 0
				q.fold(s, key, true)
			}
			all |= key[0]
			if q.unfold(key[0], back); !slices.Equal(back, s) || key[0]>>q.bits() != 0 {
				t.Fatalf("%x has key %x, which tells %x", s, key[0], back)
			}
		}
	})
}
