package deadlock_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/deadlock/verdicttest"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/modeltest"
)

// hears is a state of a machine and what has become of a notification.
type hears struct {
	state         int
	came, waiting bool
}

// lostAt returns the least number of steps after which a wait never ends that
// began after a notification in vain, by the definition; or -1.
func lostAt(m *model.Machine, vain, waits, ends model.Alphabet) int {
	next := func(h hears) (out []hears) {
		events, targets := m.Transitions(model.State(h.state))
		for i, e := range events {
			to := hears{int(targets[i]), h.came, h.waiting}
			switch {
			case e == model.Tau:
			case e == model.Tick:
				to.came, to.waiting = false, false
			default:
				if h.came && waits.Contains(e) {
					to.waiting = true
				}
				if ends.Contains(e) {
					to.waiting = false
				}
				if vain.Contains(e) {
					to.came = true
				}
			}
			out = append(out, to)
		}
		return out
	}
	reach := func(from hears) (order []hears, depth map[hears]int) {
		order, depth = []hears{from}, map[hears]int{from: 0}
		for i := 0; i < len(order); i++ {
			for _, to := range next(order[i]) {
				if _, seen := depth[to]; !seen {
					depth[to] = depth[order[i]] + 1
					order = append(order, to)
				}
			}
		}
		return order, depth
	}
	all, depth := reach(hears{state: int(m.Initial())})
	best := -1
	for _, h := range all {
		later, _ := reach(h)
		ever := true
		for _, l := range later {
			ever = ever && l.waiting
		}
		if ever && (best < 0 || depth[h] < best) {
			best = depth[h]
		}
	}
	return best
}

// Each way to take three events for notifications, waits and their ends, on
// drawn machines.
func TestLostMeansAWaitWithoutEnd(t *testing.T) {
	mix := verdicttest.Mix{}
	pairs := modeltest.Pairs(8, 3)
	for i := range 800 {
		m := pairs.Example(i).Impl
		events := slices.DeleteFunc(slices.Collect(modeltest.Visible(m.Events())), func(e model.Event) bool { return e == model.Tick })
		for roles := range 64 { // two bits an event: none, in vain, a wait, its end
			var sets [4][]model.Event
			for k, e := range events {
				r := roles >> (2 * k) & 3
				sets[r] = append(sets[r], e)
			}
			if len(sets[1]) == 0 || len(sets[2]) == 0 {
				continue // it never comes, or nobody waits
			}
			mix[checkLost(t, m, deadlock.Notification{
				Vain: model.NewAlphabet(sets[1]...), Waits: model.NewAlphabet(sets[2]...), Ends: model.NewAlphabet(sets[3]...),
			})]++
		}
	}
	enough(t, mix, deadlock.FD, verdicttest.Mix{verdicttest.Holds: 1000, explore.Lost: 100})
}

// checkLost holds an answer to the definition, and returns what it was.
func checkLost(t *testing.T, m *model.Machine, n deadlock.Notification) explore.Kind {
	t.Helper()
	want := lostAt(m, n.Vain.(model.Alphabet), n.Waits.(model.Alphabet), n.Ends.(model.Alphabet))
	q := deadlock.Question{Topic: deadlock.LossFreedom, Impl: explore.Machine(m), Notifications: []deadlock.Notification{n}}
	v, err := deadlock.Ask(context.Background(), q, explore.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if want < 0 {
		if v.Answer != deadlock.Holds {
			t.Errorf("%v: %s, want holds", m, answer(v))
		}
		return verdicttest.Holds
	}
	if v.Answer != deadlock.Fails {
		t.Fatalf("%v: %s, but it is lost after %d steps", m, answer(v), want)
	}
	ce := v.Counterexample
	if ce.Lost.Since != want {
		t.Errorf("%v: %s: lost since step %d, want %d", m, answer(v), ce.Lost.Since, want)
	}
	if err := verdicttest.Replay(nil, q.Impl, ce); err != nil {
		t.Errorf("%v: %s: %v", m, answer(v), err)
	}
	if why, err := deadlock.Replay(context.Background(), q, ce, explore.Limits{}); why != "" || err != nil {
		t.Errorf("%v: replayed: %s %v", m, why, err)
	}
	return ce.Kind
}

// More notifications than a word remembers.
func TestManyNotifications(t *testing.T) {
	m := machine(t, "s n t, t w u, u e t, t x v")
	set := func(name string) model.Alphabet {
		e, _ := m.Events().Lookup(name)
		return model.NewAlphabet(e)
	}
	var all []deadlock.Notification
	for range 70 {
		all = append(all, deadlock.Notification{Vain: set("n"), Waits: set("w"), Ends: set("e")})
	}
	ask := func() *deadlock.Verdict {
		v, err := deadlock.NoLostNotification(context.Background(), explore.Machine(m), all, explore.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if v := ask(); v.Answer != deadlock.Holds {
		t.Errorf("%s, want holds", answer(v))
	}
	all[69].Ends = set("n") // it never ends
	v := ask()
	if v.Answer != deadlock.Fails || strings.Join(v.Counterexample.Impl.Trace()[:2], " ") != "n w" {
		t.Errorf("%s, want fails after n, w", answer(v))
	}
}
