package explore

import (
	"context"
	"fmt"
	"testing"
)

// A leaver is a System that says that it leaves something out of most states.
type leaver struct{ System }

func (l leaver) Successors(s []uint64, out *Steps) error {
	if err := l.System.Successors(s, out); err != nil {
		return err
	}
	if hash(s)%4 == 0 {
		return nil // as where nobody was asked
	}
	out.Leave(Leaving{Name: "a test", What: "of nothing", Taken: 1, Of: float64(1 + hash(s)%10)})
	return nil
}

func (l leaver) Bits() []int         { return Bits(l.System) }
func (l leaver) Growing() []Bitfield { return GrowingFields(l.System) }
func (l leaver) Learnt() int64       { return Learnt(l.System) }

func (l leaver) Fork() System {
	if f := Fork(l.System); f != nil {
		return leaver{f}
	}
	return nil
}

// leftOut tells what a search has left out.
func leftOut(s *Search) (out string) {
	for _, r := range s.Usage.Reductions {
		out += fmt.Sprintln(r.Name, r.Taken, r.Of, r.What)
	}
	return out
}

// Stubborn sets say how many of the rules that were possible they have. (Each
// rule of philosophers leads to one state.)
func TestStubbornSetsLeaveOut(t *testing.T) {
	for _, n := range []int{2, 4, 6} {
		whole, few := Network(philosophers(t, n, false)), reduced(t, philosophers(t, n, false), Deadlocks, Hybrid)
		all := 0
		s, err := Run(context.Background(), few, Limits{Workers: 2, Eager: true}, func(v *Visit) bool {
			var steps Steps
			if err := whole.Successors(v.Words, &steps); err != nil {
				t.Fatal(err)
			}
			all += len(steps.Events)
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
		want := fmt.Sprintf("stubborn sets %d %d rules that were possible in the states visited\n", s.Transitions, all)
		if got := leftOut(s); got != want {
			t.Errorf("%d philosophers: %s, not %s", n, got, want)
		}
	}
}
