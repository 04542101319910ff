package explore

import (
	"context"
	"fmt"
	"testing"

	"github.com/cspcheck/cspcheck/model"
	"pgregory.net/rapid"
)

// philosophers returns n of them, one left-handed if lefty, each with a fork
// to the left and one to the right.
func philosophers(t testing.TB, n int, lefty bool) *model.Network {
	t.Helper()
	events := model.NewEvents()
	b := model.NewRules("PHILS", events)
	names := []string{"sits", "first", "second", "drops", "leaves"}
	local := make([]model.Event, len(names))
	for i, name := range names {
		local[i] = events.Event(name)
	}
	machine := func(name string, states int, edges ...[3]int) *model.Machine {
		m := model.NewMachine(name, events)
		m.States(states)
		m.Start(0)
		for _, e := range edges {
			m.Add(model.State(e[0]), local[e[1]], model.State(e[2]))
		}
		built, err := m.Build()
		if err != nil {
			t.Fatal(err)
		}
		return built
	}
	phil := machine("PHIL", 5, [3]int{0, 0, 1}, [3]int{1, 1, 2}, [3]int{2, 2, 3}, [3]int{3, 3, 4}, [3]int{4, 4, 0})
	// A fork is taken by one of two, and put down by the same.
	fork := machine("FORK", 3, [3]int{0, 1, 1}, [3]int{1, 3, 0}, [3]int{0, 2, 2}, [3]int{2, 4, 0})
	for i := range n {
		b.Component(model.Component{Name: fmt.Sprint("PHIL", i), Machine: phil})
	}
	for i := range n {
		b.Component(model.Component{Name: fmt.Sprint("FORK", i), Machine: fork})
	}
	for i := range int32(n) {
		own, next := int32(n)+i, int32(n)+(i+1)%int32(n)
		first, second, a, z := own, next, local[1], local[2]
		if lefty && i == 0 {
			first, second, a, z = next, own, local[2], local[1]
		}
		puts := map[model.Event]model.Event{local[1]: local[3], local[2]: local[4]}
		rule := func(name string, does, fork int32, e model.Event) {
			parts := []model.Part{{Component: i, Event: local[does]}}
			if fork >= 0 {
				parts = append(parts, model.Part{Component: fork, Event: e})
			}
			b.Rule(events.Event(fmt.Sprint(name, ".", i)), parts)
		}
		rule("sits", 0, -1, 0)
		rule("takes", 1, first, a)
		rule("takesthen", 2, second, z)
		rule("puts", 3, second, puts[z])
		rule("putsthen", 4, first, puts[a])
	}
	net, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// deadlocks returns how many states a search sees, and in how many nothing
// can happen.
func deadlocks(t testing.TB, sys System) (states int64, dead int) {
	t.Helper()
	s, err := Run(context.Background(), sys, Limits{}, func(v *Visit) bool {
		if len(v.Steps.Events) == 0 {
			dead++
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return s.States, dead
}

func reduced(t testing.TB, net *model.Network, keeps Keeps, effort Effort) System {
	t.Helper()
	sys, why := Network(net).(Reducible).Reduced(keeps, effort)
	if why != "" {
		t.Fatal(why)
	}
	return sys
}

// The states for deadlocks of philosophers grow with the square of their
// number; all states, with its power.
func TestStubbornSetsOfPhilosophers(t *testing.T) {
	for _, lefty := range []bool{false, true} {
		want := 1
		if lefty {
			want = 0
		}
		for _, n := range []int{2, 4, 6} {
			whole, dead := deadlocks(t, Network(philosophers(t, n, lefty)))
			few, found := deadlocks(t, reduced(t, philosophers(t, n, lefty), Deadlocks, Hybrid))
			if dead != want || found != want || few > whole {
				t.Errorf("%d philosophers, lefty %v: %d deadlocks among %d states, and %d among %d", n, lefty, dead, whole, found, few)
			}
		}
		for _, n := range []int{10, 20, 40} {
			few, found := deadlocks(t, reduced(t, philosophers(t, n, lefty), Deadlocks, Hybrid))
			if found != want || few > int64(6*n*n) {
				t.Errorf("%d philosophers, lefty %v: %d deadlocks among %d states, which should be fewer than 6 n²", n, lefty, found, few)
			}
			t.Log(n, lefty, few)
		}
	}
}

// What is possible in a state does not depend on what was asked before.
func TestStubbornSetsAreAlwaysTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		net := smallNetwork(t)
		effort := Effort(rapid.IntRange(0, int(Precise)).Draw(t, "effort"))
		ask := func() System {
			sys, why := Network(net).(Reducible).Reduced(Deadlocks, effort)
			if why != "" {
				t.Skip(why)
			}
			return sys
		}
		first, second := ask(), ask()
		steps := map[int]string{}
		s, err := Run(context.Background(), first, Limits{States: 500}, func(v *Visit) bool {
			var all Steps
			if err := first.Successors(v.Words, &all); err != nil {
				t.Fatal(err)
			}
			steps[v.State] = fmt.Sprint(all.Events, all.States)
			return true
		})
		if err != nil {
			t.Skip(err)
		}
		for i := s.Len() - 1; i >= 0; i-- {
			var all Steps
			if err := second.Successors(wordsOf(s, i), &all); err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(all.Events, all.States); got != steps[i] {
				t.Fatalf("state %d leads to %s, and did to %s", i, got, steps[i])
			}
		}
	})
}

// opening is a leaf on demand that may come to do other events.
type opening struct{ far }

func (opening) Does() []model.Event { return nil }

func TestWhatIsNotReduced(t *testing.T) {
	net := func(change func(*model.Component)) *model.Network {
		whole := philosophers(t, 3, false)
		b := model.NewRules("N", whole.Events())
		for _, c := range whole.Components() {
			change(&c)
			b.Component(c)
		}
		for r := range whole.NumRules() {
			b.Rule(whole.Event(r), whole.Parts(r))
		}
		n, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	under := newNetwork(philosophers(t, 3, false))
	under.priority = &priority{}
	open := func(c *model.Component) {
		if c.Name == "PHIL1" {
			*c = model.Component{Name: c.Name, Demand: opening{far{c.Machine}}, Does: []model.Event{2, 3, 4, 5, 6}}
		}
	}
	for _, tt := range []struct {
		name  string
		sys   Reducible
		keeps Keeps
		want  string
	}{
		{"priority", under, Deadlocks, "under a priority every rule depends on what else is possible"},
		{"open-ended", newNetwork(net(open)), Deadlocks, "a component is evaluated on demand, and may come to do what no rule is known for"},
		{"visible", newNetwork(philosophers(t, 3, false)), Traces, "every event is visible, and the order of these matters"},
	} {
		if _, why := tt.sys.Reduced(tt.keeps, Hybrid); why != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, why, tt.want)
		}
	}
	if newNetwork(net(open)).Converges() {
		t.Error("nothing is known of rules that are not there yet")
	}
}

func BenchmarkStubborn(b *testing.B) {
	for _, n := range []int{10, 30} {
		net := philosophers(b, n, true)
		b.Run(fmt.Sprintf("philosophers-%d", n), func(b *testing.B) {
			var states int64
			for b.Loop() {
				states, _ = deadlocks(b, reduced(b, net, Deadlocks, Hybrid))
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(states), "ns/state")
		})
	}
}
