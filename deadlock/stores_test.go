package deadlock_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/modeltest"
	"pgregory.net/rapid"
)

// What questions remember beside the states of a network has few bits: where
// these fit a store, so do the states that are searched, and all stores have the
// same answer.
func TestQuestionsFitTheStoresOfTheirNetworks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		net := modeltest.Networks(4).Draw(t, "network")
		some := func(what string) model.EventSet { return someEvents(t, net, what) }
		q := deadlock.Question{Events: some("event"), Bound: rapid.IntRange(0, 3).Draw(t, "bound"), Fairness: deadlock.Weak}
		for range rapid.SampledFrom([]int{1, 2, 33}).Draw(t, "notifications") { // of 2 bits each
			q.Notifications = append(q.Notifications, deadlock.Notification{Vain: some("vain"), Waits: some("waits"), Ends: some("ends")})
		}
		for _, q.Topic = range []deadlock.Topic{deadlock.Liveness, deadlock.LeakFreedom, deadlock.StarvationFreedom, deadlock.BoundedBypass, deadlock.LossFreedom} {
			want := ""
			for _, store := range []explore.Store{explore.StorePacked, explore.StoreInline, explore.StoreAuto} {
				q := q
				q.Impl = explore.Network(net)
				sys := q.Impl.(explore.Composed)
				if store == explore.StoreInline && (total(explore.Bits(sys)) > 50 || q.Topic == deadlock.LossFreedom && len(q.Notifications) > 2) {
					continue
				}
				for i, p := range sys.Places() {
					if p.Leaf && len(q.Tasks) < 3 {
						q.Tasks = append(q.Tasks, deadlock.TaskAt(sys, i))
					}
				}
				if len(q.Tasks) == 0 {
					continue
				}
				v, err := deadlock.Ask(context.Background(), q, explore.Limits{Store: store})
				if err != nil {
					t.Fatal(err)
				}
				v.Stats.Time, v.Stats.CPU, v.Stats.Memory, v.Stats.Usage = 0, 0, 0, explore.Usage{}
				got, err := json.Marshal(v)
				if err != nil {
					t.Fatal(err)
				}
				if want == "" {
					want = string(got)
				} else if string(got) != want {
					t.Fatalf("%s, --store %s:\n%s\nand otherwise\n%s", q.Topic, store, got, want)
				}
			}
		}
	})
}

func total(ns []int) (sum int) {
	for _, n := range ns {
		sum += n
	}
	return sum
}
