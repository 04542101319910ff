package deadlock_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// machineOf reads "s a t, t b s": the first state is the initial one.
func machineOf(t *testing.T, events *model.Events, name, text string) *model.Machine {
	t.Helper()
	b := model.NewMachine(name, events)
	for i, edge := range strings.Split(text, ", ") {
		f := strings.Fields(edge)
		if i == 0 {
			b.Initial(f[0])
		}
		b.On(f[0], f[1], f[2])
	}
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func network(t *testing.T, events *model.Events, p *model.Process) explore.System {
	t.Helper()
	net, err := model.NewNetwork("N", events, p)
	if err != nil {
		t.Fatal(err)
	}
	return explore.Network(net)
}

// outcome is an answer, with who does what in a race or is stuck.
func outcome(t *testing.T, v *deadlock.Verdict, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	ce := v.Counterexample
	switch {
	case ce == nil:
		return strings.TrimSpace(string(v.Answer) + " " + v.Reason)
	case ce.Race != nil:
		text := "race"
		for _, a := range ce.Race.Accesses {
			text += fmt.Sprint(" ", a.Event, a.Hidden)
			for _, p := range a.Parts {
				text += "/" + ce.Impl.Components[p.Component].Name
			}
		}
		return text
	case ce.Stuck != nil:
		return fmt.Sprint(ce.Kind, " ", ce.Stuck.Task, " since ", ce.Stuck.Since, " loop ", ce.Impl.Loop)
	}
	return string(ce.Kind)
}

// Races by rules that look alike: the same event, the same states.
func TestRacesOfRulesThatLookAlike(t *testing.T) {
	events := table("w", "r")
	all := model.NewAlphabet(2, 3)
	writer := func(name string) *model.Process { return model.Leaf(machineOf(t, events, name, "s w s")) }
	for _, tt := range []struct {
		p    *model.Process
		want string
	}{
		{model.Interleave(writer("A"), writer("B")), "race w/A w/B"},
		{model.Hide(model.Interleave(writer("A"), writer("B")), all), "race τw/A τw/B"},
		{model.Par(all, writer("A"), writer("B"), writer("C")), "holds"}, // one write, by three
		{model.Interleave(model.Par(all, writer("A"), writer("B")), writer("C")), "race w/A/B w/C"},
		{model.Par(all, model.Interleave(writer("A"), writer("B")), writer("VAR")), "race w/A/VAR w/B/VAR"},
		{model.ExtChoice(writer("A"), writer("B")), "holds"},
		{model.Interrupt(writer("A"), writer("B")), "holds"},
		{model.Whole(model.Interleave(writer("A"), writer("B"))), "race w/A w/B"},
		{model.Interleave(model.Whole(model.Hide(writer("A"), all)), model.Whole(writer("B"))), "race τw/A w/B"},
		{model.Link(writer("A"), model.Interleave(writer("B"), model.Leaf(machineOf(t, events, "R", "s r s"))), model.NewPairs([2]model.Event{2, 3})), "race τw/A/R w/B"},
	} {
		v, err := deadlock.RaceFree(context.Background(), network(t, events, tt.p), []deadlock.Variable{{Reads: model.NewAlphabet(3), Writes: model.NewAlphabet(2)}}, explore.Limits{})
		if got := outcome(t, v, err); got != tt.want {
			t.Errorf("%s, want %s", got, tt.want)
		}
	}
}

// A network made rule by rule: a component that has done its ✓, which the
// world need not see, has ended.
func TestStuckRuleByRule(t *testing.T) {
	for text, want := range map[string]string{"s ✓ u": "holds", "s a u": "stuck A since 1 loop 1"} {
		events := table("a", "b")
		a := machineOf(t, events, "A", text)
		clock := machineOf(t, events, "B", "s b s")
		does, _ := a.Transitions(a.Initial())
		b := model.NewRules("N", events)
		b.Component(model.Component{Name: "A", Machine: a})
		b.Component(model.Component{Name: "B", Machine: clock})
		b.Rule(model.Tau, []model.Part{{Component: 0, Event: does[0]}})
		b.Rule(3, []model.Part{{Component: 1, Event: 3}})
		net, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		sys := explore.Network(net)
		tasks, err := deadlock.Tasks(sys)
		if err != nil {
			t.Fatal(err)
		}
		v, err := deadlock.NeverStuck(context.Background(), sys, tasks, explore.Limits{})
		if got := outcome(t, v, err); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestTasks(t *testing.T) {
	events := table("a")
	leaf := func(name string) *model.Process { return model.Leaf(machineOf(t, events, name, "s a s")) }
	sys := network(t, events, model.Interleave(leaf("W"), leaf("W"), model.ExtChoice(leaf("P"), leaf("Q")).Named("PQ")))
	for _, tt := range []struct{ names, want string }{
		{"", "W #1, W #2, P, Q"}, {"W", "W #1, W #2"}, {"W #2", "W #2"}, {"Q P", "Q, P"}, {"PQ", "PQ"},
		{"W#3", "there is no component W#3: the components are W #1, W #2, P, Q"},
	} {
		names := strings.Fields(tt.names)
		if strings.Contains(tt.names, " #") {
			names = []string{tt.names}
		}
		tasks, err := deadlock.Tasks(sys, names...)
		got := deadlock.Named(tasks)
		if err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%q: %s, want %s", tt.names, got, tt.want)
		}
	}
	if x, err := deadlock.TaskOf(sys, 1); err != nil || x.Name != "W #2" {
		t.Errorf("component 1 is %v, %v", x, err)
	}
	if _, err := deadlock.TaskOf(sys, 99); err == nil {
		t.Error("component 99 is a task")
	}
	single := explore.Machine(machineOf(t, events, "M", "s a s"))
	if _, err := deadlock.Tasks(single); err == nil {
		t.Error("a single machine has tasks")
	}
	if _, err := deadlock.RaceFree(context.Background(), single, nil, explore.Limits{}); err == nil {
		t.Error("a single machine is asked about races")
	}
	if _, err := deadlock.NeverStuck(context.Background(), sys, []deadlock.Task{{}}, explore.Limits{}); err == nil {
		t.Error("a task of nothing is asked about")
	}
	tasks, err := deadlock.Tasks(sys)
	if err != nil {
		t.Fatal(err)
	}
	some := []deadlock.Task{tasks[0]}
	for name, q := range map[string]deadlock.Question{
		"no task starves":            {Topic: deadlock.StarvationFreedom},
		"fairness is asked for":      {Topic: deadlock.StarvationFreedom, Tasks: some, Fairness: "great"},
		"nobody starves":             {Topic: deadlock.StarvationFreedom, Tasks: []deadlock.Task{{}}},
		"no task is overtaken":       {Topic: deadlock.BoundedBypass, Events: model.NewAlphabet()},
		"overtaken by nothing":       {Topic: deadlock.BoundedBypass, Tasks: some},
		"overtaken less than never":  {Topic: deadlock.BoundedBypass, Tasks: some, Events: model.NewAlphabet(), Bound: -1},
		"a task of nothing is asked": {Topic: deadlock.BoundedBypass, Tasks: []deadlock.Task{{}}, Events: model.NewAlphabet()},
	} {
		q.Impl = sys
		if v, err := deadlock.Ask(context.Background(), q, explore.Limits{}); err == nil {
			t.Errorf("%s: %v", name, v)
		}
	}
	if _, err := deadlock.NeverStuck(context.Background(), sys, nil, explore.Limits{}); err == nil {
		t.Error("no tasks are asked about")
	}
}

// A search that is cut short does not answer, whichever part of it is.
func TestPartsWithinLimits(t *testing.T) {
	events := table("a", "b", "c")
	leaf := func(name string) *model.Process { return model.Leaf(machineOf(t, events, name, "s a t, t b u, u c s")) }
	sys := network(t, events, model.Interleave(leaf("A"), leaf("B"), leaf("C")))
	tasks, err := deadlock.Tasks(sys)
	if err != nil {
		t.Fatal(err)
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	for _, q := range []deadlock.Question{
		{Topic: deadlock.RaceFreedom, Impl: sys, Variables: []deadlock.Variable{{Reads: model.NewAlphabet(), Writes: model.NewAlphabet()}}},
		{Topic: deadlock.Liveness, Impl: sys, Tasks: tasks},
		{Topic: deadlock.LeakFreedom, Impl: sys, Tasks: tasks[:1]},
		{Topic: deadlock.PanicFreedom, Impl: sys, Events: model.NewAlphabet()},
		{Topic: deadlock.StarvationFreedom, Impl: sys, Tasks: tasks, Fairness: deadlock.Weak},
		{Topic: deadlock.BoundedBypass, Impl: sys, Tasks: tasks, Events: model.NewAlphabet()},
	} {
		for want, ask := range map[string]func() (*deadlock.Verdict, error){
			"holds": func() (*deadlock.Verdict, error) { return deadlock.Ask(context.Background(), q, explore.Limits{}) },
			"unknown more than 10 states": func() (*deadlock.Verdict, error) {
				return deadlock.Ask(context.Background(), q, explore.Limits{States: 10})
			},
			"unknown cancelled": func() (*deadlock.Verdict, error) { return deadlock.Ask(cancelled, q, explore.Limits{}) },
		} {
			v, err := ask()
			if got := outcome(t, v, err); got != want {
				t.Errorf("%s: %s, want %s", q.Topic, got, want)
			}
		}
	}
}
