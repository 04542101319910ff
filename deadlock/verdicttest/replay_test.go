package verdicttest_test

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

// machine reads "s a t, t b s": the transitions s -a-> t and t -b-> s. The
// first state is the initial one.
func machine(t *testing.T, events *model.Events, text string) *model.Machine {
	t.Helper()
	b := model.NewMachine("M", events)
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

// A judge is worth something if it sees what is wrong. Each counterexample is
// right as it comes, and wrong after each way to tamper with it.
func TestWrongCounterexamplesAreSeen(t *testing.T) {
	type tampering map[string]func(ce *explore.Counterexample)
	always := tampering{
		"an event that comes from nowhere": func(ce *explore.Counterexample) {
			ce.Impl.Steps = append([]explore.Step{{Event: "x", Parts: ce.Impl.Steps[0].Parts}}, ce.Impl.Steps...)
		},
		"something else is offered in the end": func(ce *explore.Counterexample) { ce.Impl.Final = append(ce.Impl.Final, explore.Branch{Event: "x"}) },
		"something else was possible":          func(ce *explore.Counterexample) { ce.Impl.Steps[0].Others = []explore.Branch{{Event: "x"}} },
		"nobody takes part":                    func(ce *explore.Counterexample) { ce.Impl.Steps[0].Parts = nil },
		"somebody unknown takes part":          func(ce *explore.Counterexample) { ce.Impl.Steps[0].Parts[0].Component = 1 },
		"one component ends twice":             func(ce *explore.Counterexample) { ce.Impl.Ends = append(ce.Impl.Ends, ce.Impl.Ends[0]) },
		"a branch leads beyond the end":        func(ce *explore.Counterexample) { ce.Impl.Steps[0].Others = []explore.Branch{{Event: "a", To: 99}} },
		"it loops from beyond the end":         func(ce *explore.Counterexample) { ce.Impl.Loop = len(ce.Impl.Steps) },
		"it loops over an event":               func(ce *explore.Counterexample) { ce.Impl.Loop = 0 },
		"an unknown kind":                      func(ce *explore.Counterexample) { ce.Kind = "mystery" },
		"a component that is not there waits":  func(ce *explore.Counterexample) { ce.Impl.Waits, ce.Impl.Final = []explore.Wait{{Component: 7}}, nil },
		"one waits for what is not there": func(ce *explore.Counterexample) {
			ce.Impl.Waits, ce.Impl.Final = []explore.Wait{{For: []explore.Blocker{{Component: 7}}}}, nil
		},
		"a visible step that is said to hide": func(ce *explore.Counterexample) { ce.Impl.Steps[0].Hidden = "b" },
		"somebody waits while something can go": func(ce *explore.Counterexample) {
			ce.Impl.Waits, ce.Impl.Final = []explore.Wait{{}}, []explore.Branch{{Event: "a"}}
		},
	}
	for _, tt := range []struct {
		kind       explore.Kind
		topic      deadlock.Topic
		m          deadlock.Model
		spec, impl string
		trace      string
		tampering  tampering
	}{
		{explore.Deadlock, deadlock.DeadlockFreedom, deadlock.F, "", "s a t, s b s, t τ u", "", tampering{
			"it is a termination": func(ce *explore.Counterexample) { ce.Kind = explore.Termination },
			"it stops too soon":   func(ce *explore.Counterexample) { ce.Impl.Steps = ce.Impl.Steps[:1] },
		}},
		{explore.Termination, deadlock.DeadlockFreedom, deadlock.F, "", "s a t, t ✓ u", "", tampering{
			"it is a deadlock": func(ce *explore.Counterexample) { ce.Kind = explore.Deadlock },
		}},
		{explore.Divergence, deadlock.DivergenceFreedom, "", "", "s a t, t τ u, u τ v, v τ u", "", tampering{
			"no loop":          func(ce *explore.Counterexample) { ce.Impl.Loop = -1 },
			"too long a loop":  func(ce *explore.Counterexample) { ce.Impl.Loop-- },
			"too short a loop": func(ce *explore.Counterexample) { ce.Impl.Loop++ },
		}},
		{explore.Divergence, deadlock.Refinement, deadlock.FD, "s a t, t a s", "s a t, t τ t", "", tampering{
			"beside it a loop": func(ce *explore.Counterexample) { ce.Spec.Loop = 0 },
		}},
		{explore.TraceViolation, deadlock.Refinement, deadlock.T, "s a t, t b s", "s a t, t c s, t b s", "", tampering{
			"another event was allowed":     func(ce *explore.Counterexample) { ce.Allowed = append(ce.Allowed, "d") },
			"nothing was allowed":           func(ce *explore.Counterexample) { ce.Allowed = nil },
			"the event is left out":         func(ce *explore.Counterexample) { ce.Impl.Steps = ce.Impl.Steps[:1] },
			"it is allowed":                 func(ce *explore.Counterexample) { ce.Impl.Steps[1].Event, ce.Impl.Steps[1].Others[0].Event = "b", "c" },
			"nothing beside it":             func(ce *explore.Counterexample) { ce.Spec = nil },
			"beside it another trace":       func(ce *explore.Counterexample) { ce.Spec.Steps = nil; ce.Spec.Final[0].Event = "a" },
			"the specification cannot":      func(ce *explore.Counterexample) { ce.Spec.Steps[0].Event = "b" },
			"a refusal is something else":   func(ce *explore.Counterexample) { ce.Kind = explore.Refusal },
			"a divergence comes with loops": func(ce *explore.Counterexample) { ce.Kind = explore.Divergence },
		}},
		{explore.Refusal, deadlock.Refinement, deadlock.F, "s a t, t b s, t c s", "s a t, t b s", "", tampering{
			"less was required":       func(ce *explore.Counterexample) { ce.Acceptances = [][]string{{"b"}} },
			"something else was":      func(ce *explore.Counterexample) { ce.Acceptances = [][]string{{"c"}} },
			"nothing was":             func(ce *explore.Counterexample) { ce.Acceptances = nil },
			"beside it another trace": func(ce *explore.Counterexample) { ce.Spec.Steps = nil; ce.Spec.Final = []explore.Branch{{Event: "a"}} },
		}},
		{explore.Nondeterminism, deadlock.Determinism, deadlock.F, "", "s a t, s a u, t b s, u c s", "", tampering{
			"nothing beside it": func(ce *explore.Counterexample) { ce.Spec = nil },
			"it is not refused": func(ce *explore.Counterexample) { ce.Spec.Final[0].Event = ce.Impl.Steps[1].Event },
			"another trace": func(ce *explore.Counterexample) {
				ce.Spec.Steps = nil
				ce.Spec.Final = []explore.Branch{{Event: "a"}}
			},
		}},
		{explore.NoTrace, deadlock.Trace, "", "", "s a t, t b s", "a c", tampering{
			"it was done":               func(ce *explore.Counterexample) { ce.Wanted = []string{"a"} },
			"it could go on":            func(ce *explore.Counterexample) { ce.Wanted = []string{"a", "b"} },
			"something else was wanted": func(ce *explore.Counterexample) { ce.Wanted = []string{"b", "b"} },
			"more was allowed":          func(ce *explore.Counterexample) { ce.Allowed = append(ce.Allowed, "a") },
		}},
	} {
		events := model.NewEvents()
		impl := explore.Machine(machine(t, events, tt.impl))
		var spec explore.System
		if tt.spec != "" {
			spec = explore.Machine(machine(t, events, tt.spec))
		}
		q := deadlock.Question{Topic: tt.topic, Model: tt.m, Spec: spec, Impl: impl}
		for _, name := range strings.Fields(tt.trace) {
			q.Trace = append(q.Trace, events.Event(name))
		}
		fresh := func() *explore.Counterexample {
			v, err := deadlock.Ask(context.Background(), q, explore.Limits{})
			if err != nil || v.Counterexample == nil {
				t.Fatalf("%s of %s: %v, %v", tt.topic, tt.impl, v, err)
			}
			return v.Counterexample
		}
		ce := fresh()
		if err := verdicttest.Replay(spec, impl, ce); err != nil || ce.Kind != tt.kind {
			t.Errorf("%s of %s: %v, %s", tt.topic, tt.impl, err, ce.Kind)
			continue
		}
		for _, all := range []tampering{always, tt.tampering} {
			for name, tamper := range all {
				ce := fresh()
				tamper(ce)
				if verdicttest.Replay(spec, impl, ce) == nil {
					t.Errorf("%s of %s: %s, and it is replayed", tt.topic, tt.impl, name)
				}
			}
		}
	}
}

// The same of what is told of components.
func TestWrongStoriesOfComponentsAreSeen(t *testing.T) {
	events := model.NewEvents()
	worker := func(name string) *model.Process { return model.Leaf(machine(t, events, "s w t, t r u")).Named(name) }
	clock := model.Leaf(machine(t, events, "s tick s")).Named("CLOCK")
	ends := model.Leaf(machine(t, events, "s go t, t ✓ u")).Named("MAIN")
	net, err := model.NewNetwork("N", events, model.Interleave(worker("A"), worker("B"), clock, ends))
	if err != nil {
		t.Fatal(err)
	}
	sys := explore.Network(net)
	set := func(name string) model.Alphabet { return model.NewAlphabet(events.Event(name)) }
	tasks := func(names ...string) []deadlock.Task {
		out, err := deadlock.Tasks(sys, names...)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for _, tt := range []struct {
		q         deadlock.Question
		tampering map[string]func(ce *explore.Counterexample)
	}{
		{deadlock.Question{Topic: deadlock.RaceFreedom, Variables: []deadlock.Variable{{Reads: set("r"), Writes: set("w")}}}, map[string]func(ce *explore.Counterexample){
			"no accesses": func(ce *explore.Counterexample) { ce.Race = nil },
			"two reads": func(ce *explore.Counterexample) {
				ce.Race.Accesses[0].Writes, ce.Race.Accesses[1].Writes = false, false
			},
			"the same participant":     func(ce *explore.Counterexample) { ce.Race.Accesses[0].Parts = ce.Race.Accesses[1].Parts },
			"somebody unknown":         func(ce *explore.Counterexample) { ce.Race.Accesses[0].Parts[0].Component = 9 },
			"an access not possible":   func(ce *explore.Counterexample) { ce.Race.Accesses[0].Event = "r" },
			"a visible one hides":      func(ce *explore.Counterexample) { ce.Race.Accesses[0].Hidden = "r" },
			"there is a loop":          func(ce *explore.Counterexample) { ce.Impl.Loop = 0 },
			"it is said to be a panic": func(ce *explore.Counterexample) { ce.Kind = explore.Panic },
		}},
		{deadlock.Question{Topic: deadlock.Liveness, Tasks: tasks("A")}, map[string]func(ce *explore.Counterexample){
			"since before it moved":   func(ce *explore.Counterexample) { ce.Stuck.Since = 1 },
			"since after the end":     func(ce *explore.Counterexample) { ce.Stuck.Since = 99 },
			"the clock is stuck":      func(ce *explore.Counterexample) { ce.Stuck.Components = []int{2} },
			"somebody unknown":        func(ce *explore.Counterexample) { ce.Stuck.Components = []int{9} },
			"it does not go on":       func(ce *explore.Counterexample) { ce.Impl.Loop = -1 },
			"nothing is said":         func(ce *explore.Counterexample) { ce.Stuck = nil },
			"the loop is another one": func(ce *explore.Counterexample) { ce.Impl.Loop = 0 },
			"there is a main task":    func(ce *explore.Counterexample) { ce.Stuck.Main = "B" },
			"another one waits":       func(ce *explore.Counterexample) { ce.Impl.Waits = []explore.Wait{{Component: 1}} },
		}},
		{deadlock.Question{Topic: deadlock.LeakFreedom, Tasks: tasks("MAIN", "CLOCK")}, map[string]func(ce *explore.Counterexample){
			"no main task": func(ce *explore.Counterexample) { ce.Stuck.Main = "" },
			"unknown main": func(ce *explore.Counterexample) { ce.Stuck.MainComponents = []int{9} },
		}},
		{deadlock.Question{Topic: deadlock.PanicFreedom, Events: set("r")}, map[string]func(ce *explore.Counterexample){
			"nothing happens": func(ce *explore.Counterexample) { ce.Impl.Steps = nil },
			"it cannot be":    func(ce *explore.Counterexample) { ce.Impl.Steps[0].Event = "r" },
		}},
	} {
		tt.q.Impl = sys
		fresh := func() *explore.Counterexample {
			v, err := deadlock.Ask(context.Background(), tt.q, explore.Limits{})
			if err != nil || v.Counterexample == nil {
				t.Fatalf("%s: %v, %v", tt.q.Topic, v, err)
			}
			return v.Counterexample
		}
		if err := verdicttest.Replay(nil, sys, fresh()); err != nil {
			t.Errorf("%s: %v", tt.q.Topic, err)
		}
		for name, tamper := range tt.tampering {
			ce := fresh()
			tamper(ce)
			if verdicttest.Replay(nil, sys, ce) == nil {
				t.Errorf("%s: %s, and it is replayed", tt.q.Topic, name)
			}
		}
	}
}

// Wrong verdicts are seen, too.
func TestWrongVerdictsAreSeen(t *testing.T) {
	events := model.NewEvents()
	spec := machine(t, events, "s a t, t b s, t c s")
	impl := machine(t, events, "s a t, t b s, t d s")
	lazy := machine(t, events, "s a t, t b s")
	ask := func(impl *model.Machine, m deadlock.Model) *deadlock.Verdict {
		v, err := deadlock.Refines(context.Background(), explore.Machine(spec), explore.Machine(impl), m, explore.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	p, q, r := modeltest.NewProcess(spec), modeltest.NewProcess(impl), modeltest.NewProcess(lazy)
	long := func(v *deadlock.Verdict) *deadlock.Verdict { // the same, once round before
		b := &v.Counterexample.Impl
		b.Steps = append([]explore.Step{{Event: "a"}, {Event: "b"}}, b.Steps...)
		v.Counterexample.Spec.Steps = append([]explore.Step{{Event: "a"}, {Event: "b"}}, v.Counterexample.Spec.Steps...)
		return v
	}
	for _, tt := range []struct {
		name string
		v    *deadlock.Verdict
		impl *modeltest.Process
		m    deadlock.Model
		want bool // refined
		ok   bool
	}{
		{"right", ask(impl, deadlock.T), q, deadlock.T, false, true},
		{"right", ask(lazy, deadlock.F), r, deadlock.F, false, true},
		{"right", ask(lazy, deadlock.T), r, deadlock.T, true, true},
		{"holds, but is wanted to fail", ask(lazy, deadlock.T), r, deadlock.T, false, false},
		{"fails, but is wanted to hold", ask(lazy, deadlock.F), r, deadlock.F, true, false},
		{"of another process", ask(impl, deadlock.T), r, deadlock.T, false, false},
		{"a refusal in T", ask(lazy, deadlock.F), r, deadlock.T, false, false},
		{"not a shortest", long(ask(lazy, deadlock.F)), r, deadlock.F, false, false},
		{"not a shortest", long(ask(impl, deadlock.T)), q, deadlock.T, false, false},
	} {
		if _, err := verdicttest.Refines(tt.v, p, tt.impl, tt.m, tt.want); (err == nil) != tt.ok {
			t.Errorf("%s: %s in %s: %v", tt.name, verdicttest.Line(tt.v), tt.m, err)
		}
	}
}

func TestMixLacks(t *testing.T) {
	mix := verdicttest.Mix{verdicttest.Holds: 5, explore.TraceViolation: 1}
	floor := verdicttest.Mix{verdicttest.Holds: 5, explore.TraceViolation: 2, explore.Refusal: 1, explore.Divergence: 1}
	for m, want := range map[deadlock.Model]int{deadlock.T: 1, deadlock.F: 2, deadlock.FD: 3} {
		if got := mix.Lacks(m, floor); len(got) != want || !slices.IsSorted(got) {
			t.Errorf("in %s: %q, want %d", m, got, want)
		}
	}
}

// Of who starves, or is overtaken, too.
func TestWrongTasksAreSeen(t *testing.T) {
	events := model.NewEvents()
	a, b := events.Event("a"), events.Event("b")
	leaf := func(name string, text string) *model.Process {
		return model.Leaf(machine(t, events, text)).Named(name)
	}
	net, err := model.NewNetwork("N", events, model.Interleave(leaf("P", "s a t, t b s"), leaf("Q", "s a t, t b s")))
	if err != nil {
		t.Fatal(err)
	}
	sys := explore.Network(net)
	tasks, err := deadlock.Tasks(sys, "Q")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		q         deadlock.Question
		tampering map[string]func(ce *explore.Counterexample)
	}{
		{deadlock.Question{Topic: deadlock.StarvationFreedom}, map[string]func(ce *explore.Counterexample){
			"it takes part":        func(ce *explore.Counterexample) { ce.Stuck.Components = []int{0} },
			"it begins later":      func(ce *explore.Counterexample) { ce.Stuck.Since++ },
			"it does not loop":     func(ce *explore.Counterexample) { ce.Impl.Loop = -1 },
			"the loop is cut":      func(ce *explore.Counterexample) { ce.Impl.Steps = ce.Impl.Steps[:1] },
			"nobody starves":       func(ce *explore.Counterexample) { ce.Stuck = nil },
			"a main task":          func(ce *explore.Counterexample) { ce.Stuck.Main = "P" },
			"a third one starves":  func(ce *explore.Counterexample) { ce.Stuck.Components = []int{2} },
			"it is said of others": func(ce *explore.Counterexample) { ce.Impl.Waits = []explore.Wait{{Component: 0, Event: "a"}} },
		}},
		{deadlock.Question{Topic: deadlock.BoundedBypass, Events: model.NewAlphabet(a, b), Bound: 1}, map[string]func(ce *explore.Counterexample){
			"it takes part":         func(ce *explore.Counterexample) { ce.Overtaken.Components = []int{0} },
			"once is twice":         func(ce *explore.Counterexample) { ce.Overtaken.By = ce.Overtaken.By[1:] },
			"by the same step":      func(ce *explore.Counterexample) { ce.Overtaken.By[0] = ce.Overtaken.By[1] },
			"it is yet to wait":     func(ce *explore.Counterexample) { ce.Overtaken.Since = len(ce.Impl.Steps) },
			"by a step before last": func(ce *explore.Counterexample) { ce.Overtaken.By[1]--; ce.Overtaken.By[0]-- },
			"it may be":             func(ce *explore.Counterexample) { ce.Overtaken.Bound++ },
			"nobody is":             func(ce *explore.Counterexample) { ce.Overtaken = nil },
		}},
	} {
		tt.q.Impl, tt.q.Tasks = sys, tasks
		ask := func() *explore.Counterexample {
			v, err := deadlock.Ask(context.Background(), tt.q, explore.Limits{})
			if err != nil || v.Counterexample == nil {
				t.Fatalf("%s: %v, %v", tt.q.Topic, v, err)
			}
			return v.Counterexample
		}
		if err := verdicttest.Replay(nil, sys, ask()); err != nil {
			t.Errorf("%s: %v", tt.q.Topic, err)
		}
		for name, tamper := range tt.tampering {
			ce := ask()
			if tamper(ce); verdicttest.Replay(nil, sys, ce) == nil {
				t.Errorf("%s: %s, and nobody sees it", tt.q.Topic, name)
			}
		}
	}
}
