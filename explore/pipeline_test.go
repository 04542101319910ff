package explore

import (
	"errors"
	"math/bits"
	"testing"
	"time"

	"github.com/cspcheck/cspcheck/model"
)

// A bursting is a System most of whose states have few steps, and lead back and
// forth. Some have more steps than a part may, some take long, and of some
// the System itself has to be asked first.
type bursting struct {
	states uint64
	known  map[uint64]bool
	fork   bool
}

func newBursting(states uint64) bursting { return bursting{states, map[uint64]bool{}, false} }

func (c bursting) Events() *model.Events   { return cubeEvents }
func (c bursting) Width() int              { return 1 }
func (c bursting) Bits() []int             { return []int{bits.Len64(c.states - 1)} }
func (c bursting) Initial([]uint64) error  { return nil }
func (c bursting) Fork() System            { c.fork = true; return c }
func (c bursting) steps(x uint64) []uint64 { return []uint64{x + 1, 3*x + 1, x / 2, x + 7, 5 * x, x} }
func (c bursting) later(x uint64) bool     { return x%3001 == 5 }
func (c bursting) slow(x uint64) bool      { return x%5003 == 11 }
func (c bursting) burst(x uint64) bool     { return x%1009 == 17 }

func (c bursting) Successors(s []uint64, out *Steps) error {
	x := s[0]
	switch {
	case x >= c.states:
		return errors.New("there is no such state")
	case c.later(x) && c.fork && !c.known[x]:
		return ErrLater
	case c.later(x):
		c.known[x] = true
	case c.slow(x) && c.fork:
		time.Sleep(blockTime)
	case c.burst(x):
		for i := range uint64(pipeMost + 3) {
			out.Add(model.Tick+1, (x+i*i)%c.states)
		}
	}
	for _, to := range c.steps(x) {
		out.Add(model.Tick+1, to%c.states)
	}
	return nil
}

// Two workers find what one finds where parts end early, so that those behind them
// are not next.
func TestPipelineOfBursts(t *testing.T) {
	for _, store := range []Store{StoreInline, StoreTree, StorePacked, StoreHashed} {
		for _, stop := range []int{-1, 17_000} {
			want := seen(newBursting(30_000), Limits{Store: store}, stop)
			for _, parts := range []int{0, 3} {
				got := seen(newBursting(30_000), Limits{Store: store, Workers: 2, parts: parts}, stop)
				if got != want {
					t.Errorf("store %s, %d states of a part: two workers find\n%.1000s\none finds\n%.1000s", store, parts, got, want)
				}
			}
		}
	}
}
