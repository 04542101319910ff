package deadlock_test

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/explore/checkpoint"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/modeltest"
)

// counted is a network that counts what it is asked.
type counted struct {
	explore.Composed
	asked *int
}

func (c counted) Learnt() int64 { return explore.Learnt(c.Composed) }

func (c counted) Successors(s []uint64, out *explore.Steps) error {
	*c.asked++
	return c.Composed.Successors(s, out)
}

func (c counted) Ways(s []uint64, tell func(*explore.Way)) error {
	*c.asked++
	return c.Composed.Ways(s, tell)
}

// A question that was stopped when a part of it was over has the same answer
// when it goes on, and does not do that part again.
func TestPartsThatAreOverAreNotDoneAgain(t *testing.T) {
	file := filepath.Join(t.TempDir(), "search")
	errOnce := errors.New("there is one file")
	for _, tt := range []struct {
		name string
		ask  deadlock.Question
	}{
		{"bypass", deadlock.Question{Topic: deadlock.BoundedBypass, Bound: 3}},
		{"composing", deadlock.Question{Topic: deadlock.DeadlockFreedom, Model: deadlock.F, Compress: deadlock.CompressFirst, Terminates: true}},
		{"divergence", deadlock.Question{Topic: deadlock.Determinism, Model: deadlock.FD}},
	} {
		fewer := 0
		for seed := range 300 {
			net := modeltest.Networks(4).Example(seed)
			ask := func(c *explore.Checkpoint) (string, int) {
				q, asked := tt.ask, 0
				sys := counted{explore.Network(net).(explore.Composed), &asked}
				q.Impl = sys
				for e := model.Tick + 1; int(e) < net.Events().Len(); e += 2 {
					q.Events = model.NewAlphabet(e)
				}
				for i, p := range sys.Places() {
					if p.Leaf {
						q.Tasks = append(q.Tasks, deadlock.TaskAt(sys, i))
					}
				}
				if q.Events == nil || len(q.Tasks) == 0 {
					return "", 0
				}
				v, err := deadlock.Ask(context.Background(), q, explore.Limits{Checkpoint: c})
				if err != nil {
					t.Fatal(err)
				}
				v.Stats.Time, v.Stats.CPU, v.Stats.Memory, v.Stats.Usage = 0, 0, 0, explore.Usage{}
				text, err := json.Marshal(v)
				if err != nil {
					t.Fatal(err)
				}
				return string(text), asked
			}
			written := false
			want, all := ask(&explore.Checkpoint{Write: func(search func(*checkpoint.Writer)) error {
				if written {
					return errOnce
				}
				written = true
				return checkpoint.Write(file, search)
			}})
			if !written {
				continue
			}
			r, err := checkpoint.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			got, rest := ask(&explore.Checkpoint{Resume: r, Write: func(func(*checkpoint.Writer)) error { return errOnce }})
			if got != want {
				t.Fatalf("%s of network %d: the answer is\n%s\notherwise\n%s", tt.name, seed, got, want)
			}
			if rest < all || tt.name == "composing" { // where composing is refused at once, nothing is asked
				fewer++
			}
		}
		if fewer < 10 {
			t.Errorf("%s: only %d times less was asked", tt.name, fewer)
		}
	}
}
