package deadlock

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// A drop is a system whose states lead by τ to others, each to one at most.
type drop []int // -1: to none

func (x drop) Events() *model.Events    { return model.NewEvents() }
func (x drop) Width() int               { return 1 }
func (x drop) Initial(s []uint64) error { s[0] = 0; return nil }

func (x drop) Successors(s []uint64, out *explore.Steps) error {
	if to := x[s[0]]; to >= 0 {
		out.Add(model.Tau, uint64(to))
	}
	return nil
}

// settles returns where a state settles, -1 if nowhere.
func (x drop) settles(s int) int {
	for range len(x) {
		if x[s] < 0 {
			return s
		}
		s = x[s]
	}
	return -1
}

// States settle where they should, or nowhere, whatever is remembered of others.
func TestSettle(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	settled, unsettled := 0, 0
	for range 300 {
		x := make(drop, 1+random.IntN(40))
		for s := range x {
			x[s] = random.IntN(len(x)+5) - 5
			x[s] = max(x[s], -1)
		}
		p := newRepresented(t.Context(), x, explore.Limits{})
		for range 200 {
			s, to := random.IntN(len(x)), []uint64{0}
			err := p.settle([]uint64{uint64(s)}, to)
			if want := x.settles(s); want < 0 && errors.Is(err, errUnsettled) {
				unsettled++
			} else if err != nil || int(to[0]) != want {
				t.Fatalf("%v: %d settles in %v, %v, want %d", x, s, to, err, want)
			} else {
				settled++
			}
		}
	}
	if min(settled, unsettled) < 1000 {
		t.Errorf("%d states settled, %d did not", settled, unsettled)
	}
}

// What is remembered is right when there is more of it than there is room for.
func TestSettlingForgets(t *testing.T) {
	const words, states = 9, 3 * mostSettled / (2*9 + 1)
	state := func(i int) []uint64 { return slices.Repeat([]uint64{uint64(i) << 32}, words) }
	var x settling
	to := make([]uint64, words)
	for i := range states {
		x.note(state(i), state(i/2))
	}
	if len(x.slots) > mostSettled {
		t.Errorf("it takes %d words", len(x.slots))
	}
	known := 0
	for i := range states {
		if x.settled(state(i), to) {
			if known++; !slices.Equal(to, state(i/2)) {
				t.Fatalf("state %d settles in %x", i, to)
			}
		}
	}
	if known < states/10 || known == states {
		t.Errorf("of %d states %d are known", states, known)
	}
}

// While a state settles it is asked whether to go on.
func TestSettleIsStopped(t *testing.T) {
	x := make(drop, 1<<14)
	for s := range x {
		x[s] = s + 1
	}
	x[len(x)-1] = -1
	ctx, cancel := context.WithCancel(t.Context())
	p := newRepresented(ctx, x, explore.Limits{})
	to := []uint64{0}
	if err := p.settle([]uint64{0}, to); err != nil || to[0] != 1<<14-1 {
		t.Errorf("it settles in %v, %v", to, err)
	}
	cancel()
	if err := p.settle([]uint64{1}, to); err == nil || err.Error() != "cancelled" {
		t.Error(err)
	}
}
