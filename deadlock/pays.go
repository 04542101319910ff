package deadlock

import (
	"context"
	"math/rand/v2"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
)

// A reduced step costs some ten times as much as a whole one, so that where
// little is left out all states are searched faster. What a reduction leaves
// out is looked at in a sample, always the same one: the first states of the
// reduced search, and walks on from the last of these, since it may begin
// with what has to be done one after the other.
const (
	sampleStates = 1 << 10
	sampleWalks  = 1 << 4
	sampleSteps  = 1 << 6 // of a walk
	worthwhile   = 1.05   // whole steps for each reduced one
)

// A sample counts the rules that are possible in states in which there is a
// choice, and those that the reduced system takes: it says so, and all that a
// wide state leads to need not be made.
type sample struct {
	few        explore.System
	steps      explore.Steps
	all, taken float64
}

// pays reports whether it pays to reduce the search of a question, which can
// be. It does if few states are left, or if nothing can be said without asking
// the systems something that they have to learn.
func (q *Question) pays(ctx context.Context, limits explore.Limits) bool {
	r, _ := q.reduced() // for the sample alone: it counts what it is asked
	x := &sample{few: explore.Fork(r.Impl)}
	if x.few == nil {
		return true
	}
	var last [][]uint64
	var trouble error
	s, err := explore.Run(ctx, x.few, explore.Limits{States: sampleStates, Time: limits.Time, Since: limits.Since}, func(v *explore.Visit) bool {
		if trouble = x.look(v.Words); trouble != nil {
			return false
		}
		if last = append(last, slices.Clone(v.Words)); len(last) > sampleWalks {
			last = last[1:]
		}
		return true
	})
	if limitOf(err) == nil || trouble != nil || s.States < sampleStates || x.pays() {
		return true
	}
	x.all, x.taken = 0, 0
	random := rand.New(rand.NewPCG(1, 1))
	for _, words := range last {
		if err := x.walk(words, random); err != nil {
			return true
		}
	}
	return x.pays()
}

func (x *sample) pays() bool { return x.all >= worthwhile*x.taken }

// look counts the rules of a state, and leaves the transitions of the reduced
// system in steps.
func (x *sample) look(words []uint64) error {
	x.steps.Reset()
	if err := x.few.Successors(words, &x.steps); err != nil {
		return err
	}
	if l := x.steps.Left(); l.Of > 1 {
		x.all += l.Of
		x.taken += l.Taken
	}
	return nil
}

// walk looks at the states of a random walk.
func (x *sample) walk(words []uint64, random *rand.Rand) error {
	w := x.few.Width()
	for range sampleSteps {
		if err := x.look(words); err != nil {
			return err
		}
		if len(x.steps.Events) == 0 {
			break
		}
		to := random.IntN(len(x.steps.Events))
		words = slices.Clone(x.steps.States[to*w : (to+1)*w])
	}
	return nil
}
