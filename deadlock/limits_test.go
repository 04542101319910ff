package deadlock_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// slow is a network that takes a second to say where a state leads.
type slow struct{ explore.Composed }

func (s slow) Successors(words []uint64, out *explore.Steps) error {
	time.Sleep(time.Second)
	return s.Composed.Successors(words, out)
}

func (s slow) Ways(words []uint64, tell func(*explore.Way)) error {
	time.Sleep(time.Second)
	return s.Composed.Ways(words, tell)
}

// All that a question takes has the time together: several searches, and what
// comes before them. The time is not the world's: nothing depends on how fast
// this runs.
func TestTimeIsOfTheWholeQuestion(t *testing.T) {
	const most, block = 300 * time.Second, 64 * time.Second
	for _, tt := range []deadlock.Question{
		{Topic: deadlock.BoundedBypass, Bound: 3},
		{Topic: deadlock.StarvationFreedom, Fairness: deadlock.Strong},
		{Topic: deadlock.Refinement, Model: deadlock.T},
		{Topic: deadlock.Refinement, Model: deadlock.FD, Symmetry: true},
		{Topic: deadlock.Determinism, Model: deadlock.FD},
	} {
		t.Run(string(tt.Topic+" "+deadlock.Topic(tt.Model)), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				q, sys := tt, slow{explore.Network(hub(t, 0, 4, false)).(explore.Composed)}
				q.Impl, q.Spec = sys, sys
				for i, p := range sys.Places() {
					if p.Leaf {
						q.Tasks = append(q.Tasks, deadlock.TaskAt(sys, i))
					}
				}
				step, _ := sys.Events().Lookup("step0")
				q.Events = model.NewAlphabet(step)
				start := time.Now()
				v, err := deadlock.Ask(context.Background(), q, explore.Limits{Time: most})
				if err != nil {
					t.Fatal(err)
				}
				if v.Answer != deadlock.Unknown || !strings.HasPrefix(v.Reason, "longer than 5m0s") {
					t.Errorf("%s (%s), want unknown for want of time", v.Answer, v.Reason)
				}
				if took := time.Since(start); took > most+block {
					t.Errorf("it took %v, and has %v", took, most)
				}
			})
		})
	}
}

// What is told when the time is over before a search begins is the time that
// there was.
func TestTimeThatIsOverIsTheOneGiven(t *testing.T) {
	for _, q := range []deadlock.Question{
		{Topic: deadlock.DeadlockFreedom, Model: deadlock.F, Compress: deadlock.CompressFirst, Terminates: true}, // refused
		{Topic: deadlock.DeadlockFreedom, Model: deadlock.F, Reduce: deadlock.StubbornSets},
		{Topic: deadlock.DeadlockFreedom, Model: deadlock.F, Symmetry: true},
	} {
		q.Impl = explore.Network(hub(t, 0, 4, false))
		v, err := deadlock.Ask(context.Background(), q, explore.Limits{Time: 5 * time.Second, Since: time.Now().Add(-time.Minute)})
		if err != nil {
			t.Fatal(err)
		}
		if v.Answer != deadlock.Unknown || v.Reason != "longer than 5s" {
			t.Errorf("%s (%s), want unknown (longer than 5s)", v.Answer, v.Reason)
		}
	}
}
