package deadlock

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"pgregory.net/rapid"
)

// To drop states that settle changes no answer: neither whether there is a
// loop, nor which way leads into which.
func TestStatesThatSettleAreOfNoLoop(t *testing.T) {
	dropped, loops := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "states")
		back := rapid.SampledFrom([]int{0, 0, 0, 1, 40}).Draw(t, "as far back")
		some := taus{}
		all := taus{enough: math.MaxInt}
		for s := range n {
			v := &explore.Visit{State: s}
			for range rapid.IntRange(0, 2).Draw(t, "steps") {
				to := rapid.IntRange(max(0, s-back), n-1).Draw(t, "to")
				v.Steps.Events, v.Targets = append(v.Steps.Events, model.Tau), append(v.Targets, uint32(to))
			}
			if rapid.Bool().Draw(t, "now") {
				some.enough = 0
			}
			some.note(v)
			all.note(v)
			if rapid.IntRange(0, 9).Draw(t, "look") == 0 || s == n-1 {
				got, want := some.lasso(), all.lasso()
				if tell(got) != tell(want) {
					t.Fatalf("after %d states: %s, of all %s", s+1, tell(got), tell(want))
				}
				if want != nil {
					loops++
					return
				}
			}
		}
		some.settle()
		for _, s := range all.sources {
			if !slices.Contains(some.sources, s) {
				dropped++
			}
		}
	})
	if dropped < 50 || loops < 10 {
		t.Errorf("%d states were dropped, and %d loops found", dropped, loops)
	}
}

func tell(l *lasso) string {
	if l == nil {
		return "no loop"
	}
	return fmt.Sprint(l.start, l.stem, l.loop)
}
