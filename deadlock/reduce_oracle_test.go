package deadlock_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/modeltest"
)

// Reduced searches are held against whole ones: on networks of process terms
// and on networks made rule by rule, for every question that a reduction is
// for, by every effort. Specifications are the process itself, but for one
// transition: what breaks a refinement is mostly in one place.

// A ruler draws networks rule by rule, small but with all that a rule can do:
// by τ and ✓, with resets, of components with all their states, on demand, and
// networks themselves. Half of them go forward only, but for resets: they
// have few loops.
type ruler struct {
	*rand.Rand
	events  *model.Events
	forward bool
}

// ruled returns the network of a seed, or nil if it drew none.
func ruled(seed int) *model.Network { return ruledBeside(seed) }

// ruledBeside is ruled, with some more components that do nothing.
func ruledBeside(seed int, more ...model.Component) *model.Network {
	d := &ruler{Rand: rand.New(rand.NewPCG(uint64(seed), 1)), events: table("a", "b", "c")}
	d.forward = d.IntN(2) == 0
	b := model.NewRules("N", d.events)
	n := 3 + d.IntN(3)
	for i := range n {
		c := model.Component{Name: fmt.Sprint("c", i)}
		if c.Net = d.inside(); d.IntN(6) > 0 || c.Net == nil {
			c.Net, c.Machine = nil, d.machine(2+d.IntN(2))
			if d.IntN(4) == 0 {
				c.Demand, c.Machine = distant{c.Machine}, nil
			}
		}
		b.Component(c)
	}
	labels := []model.Event{model.Tau, model.Tau, model.Tau, model.Tau, 2, 3, 4}
	if d.IntN(2) == 0 {
		labels[0] = model.Tick
	}
	for range n + d.IntN(2*n) {
		parts := []model.Part{{Component: int32(d.IntN(n)), Event: d.event()}}
		for c := range int32(n) {
			if c != parts[0].Component && d.IntN(2*n) == 0 {
				parts = append(parts, model.Part{Component: c, Event: d.event()})
			}
		}
		var resets []model.Span
		if d.IntN(6) == 0 {
			lo := d.IntN(n)
			resets = []model.Span{{Lo: int32(lo), Hi: int32(min(n, lo+1+d.IntN(2)))}}
		}
		slices.SortFunc(parts, func(p, q model.Part) int { return int(p.Component - q.Component) })
		b.Rule(labels[d.IntN(len(labels))], parts, resets...)
	}
	for _, c := range more {
		b.Component(c)
	}
	net, err := b.Build()
	if err != nil {
		return nil // a rule with an event that its component never does
	}
	return net
}

func (d *ruler) event() model.Event { return model.Event(2 + d.IntN(3)) }

// inside draws a network to be a component, or returns nil.
func (d *ruler) inside() *model.Network {
	b := model.NewRules("inner", d.events)
	for i := range 2 {
		b.Component(model.Component{Name: fmt.Sprint("i", i), Machine: d.machine(2)})
	}
	for e := range model.Event(3) {
		b.Rule(e+2, []model.Part{{Component: int32(e) % 2, Event: e + 2}})
	}
	net, err := b.Build()
	if err != nil {
		return nil
	}
	return net
}

// machine draws a machine that can do each visible event somewhere.
func (d *ruler) machine(states int) *model.Machine {
	b := model.NewMachine("M", d.events)
	b.States(states)
	b.Start(0)
	for i := range 3 + d.IntN(3) {
		e := model.Event(2 + i)
		if i > 2 {
			e = d.event()
		}
		from, to := d.IntN(states), d.IntN(states)
		switch {
		case d.IntN(3) == 0:
			to = from
		case d.forward:
			from, to = min(from, to), max(from, to)
		}
		b.Add(model.State(from), e, model.State(to))
	}
	m, err := b.Build()
	if err != nil {
		panic(err)
	}
	return m
}

// distant is a machine on demand whose states have numbers too large to
// tabulate.
type distant struct{ m *model.Machine }

const afar = 1 << 20

func (x distant) Initial() (model.State, error) { return x.m.Initial() + afar, nil }

func (x distant) Transitions(s model.State) ([]model.Event, []model.State, error) {
	events, targets := x.m.Transitions(s - afar)
	out := make([]model.State, len(targets))
	for i, t := range targets {
		out[i] = t + afar
	}
	return events, out, nil
}

// spelled returns the states of a system as a machine without its k-th
// transition, or nil if there are too many or that cannot be.
func spelled(sys explore.System, k int) (*model.Machine, int) {
	x, err := explore.NewStates(sys)
	if err != nil {
		return nil, 0
	}
	b := model.NewMachine("SPEC", sys.Events())
	n := 0
	for s := 0; s < x.Len(); s++ {
		if s > 100 {
			return nil, n
		}
		events, targets, err := x.Transitions(s)
		if err != nil {
			return nil, n
		}
		for i, e := range events {
			if n != k {
				b.Add(model.State(s), e, model.State(targets[i]))
			}
			n++
		}
	}
	b.States(x.Len())
	b.Start(0)
	m, err := b.Build()
	if err != nil {
		return nil, n // rules after ✓
	}
	return m, n
}

// reductionTally counts what a test of reductions has come across.
type reductionTally struct{ holds, fails, fewer, refused int }

func (c reductionTally) check(t *testing.T, name string, least reductionTally) {
	t.Logf("%-22s %+v", name, c)
	if c.holds < least.holds || c.fails < least.fails || c.fewer < least.fewer {
		t.Errorf("%s: %+v is not much of a test", name, c)
	}
}

// compareReduced asks a question of all states and of few.
func compareReduced(t *testing.T, tally map[string]*reductionTally, name string, q deadlock.Question) {
	if tally[name] == nil {
		tally[name] = &reductionTally{}
	}
	c, limits := tally[name], explore.Limits{States: 3000}
	q.Reduce = deadlock.NoReduction
	want, err := deadlock.Ask(context.Background(), q, limits)
	if err != nil || want.Answer == deadlock.Unknown {
		return
	}
	q.Reduce, limits.States = deadlock.StubbornSets, 100*limits.States // it may come to a counterexample later
	for _, q.Effort = range []explore.Effort{explore.Hybrid, explore.Fast, explore.Precise} {
		got, err := deadlock.Ask(context.Background(), q, limits)
		switch {
		case err != nil:
			t.Errorf("%s: %v", name, err)
		case got.Answer != want.Answer:
			t.Errorf("%s, effort %d: %s by %s%s, and of all states %s", name, q.Effort, got.Answer, got.Reduced, got.Unreduced, answer(want))
		case got.Unreduced != "":
			c.refused++
		case got.Answer == deadlock.Holds && got.Stats.States < want.Stats.States:
			c.fewer++
		case got.Answer == deadlock.Fails && (got.Longer || got.Counterexample.Kind != want.Counterexample.Kind || got.Stats.States != want.Stats.States):
			t.Errorf("%s: another counterexample than that of a whole search", name)
		}
	}
	if want.Answer == deadlock.Holds {
		c.holds++
	} else {
		c.fails++
	}
}

// compareAllReduced asks all questions of a network.
func compareAllReduced(t *testing.T, tally map[string]*reductionTally, net *model.Network, seed int) {
	sys := explore.Network(net)
	for _, m := range []deadlock.Model{deadlock.F, deadlock.FD} {
		q := deadlock.Question{Topic: deadlock.DeadlockFreedom, Model: m, Impl: sys}
		compareReduced(t, tally, "deadlock free "+string(m), q)
		q.Terminates = true
		compareReduced(t, tally, "stuck "+string(m), q)
		q = deadlock.Question{Topic: deadlock.Determinism, Model: m, Impl: sys}
		compareReduced(t, tally, "deterministic "+string(m), q)
	}
	compareReduced(t, tally, "divergence free", deadlock.Question{Topic: deadlock.DivergenceFreedom, Impl: sys})
	_, n := spelled(sys, -1)
	spec, _ := spelled(sys, seed%max(1, n))
	if spec == nil {
		return
	}
	for _, m := range models {
		compareReduced(t, tally, "refines "+string(m), deadlock.Question{Topic: deadlock.Refinement, Model: m, Spec: explore.Machine(spec), Impl: sys})
	}
}

func TestReducedSearchesAnswerTheSame(t *testing.T) {
	terms := modeltest.Networks(4)
	for _, tt := range []struct {
		name  string
		cases int
		net   func(seed int) *model.Network
		least reductionTally // of each question
	}{
		{"rules", 3000, ruled, reductionTally{holds: 300, fails: 100, fewer: 100}},
		{"terms", 1000, func(seed int) *model.Network { return terms.Example(seed) }, reductionTally{holds: 150, fails: 100, fewer: 2}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tally := map[string]*reductionTally{}
			for seed := range tt.cases {
				net := tt.net(seed)
				if net == nil {
					continue
				}
				compareAllReduced(t, tally, net, seed)
				if t.Failed() {
					t.Fatalf("seed %d\n%s", seed, net)
				}
			}
			for name, c := range tally {
				c.check(t, name, tt.least)
			}
		})
	}
}

// Whether no rule can be part of a loop of τ is held against searches. What may
// have many states is not searched then: beside each network is a component of
// many, none of which is reached.
func TestDivergenceFreedomShowsByRules(t *testing.T) {
	b := model.NewMachine("IDLE", table("a", "b", "c"))
	b.States(1 << 16)
	b.Start(0)
	idle, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	shown, searched, fails := 0, 0, 0
	for seed := range 800 {
		net := ruledBeside(seed, model.Component{Name: "idle", Machine: idle})
		if net == nil {
			continue
		}
		q := deadlock.Question{Topic: deadlock.DivergenceFreedom, Impl: explore.Network(net)}
		got, err := deadlock.Ask(context.Background(), q, explore.Limits{})
		q.Reduce = deadlock.NoReduction
		want, whole := deadlock.Ask(context.Background(), q, explore.Limits{})
		if err != nil || whole != nil || got.Answer != want.Answer {
			t.Fatalf("seed %d: %s (%v), by a search %s (%v)\n%s", seed, answer(got), err, answer(want), whole, net)
		}
		switch {
		case got.Reduced == deadlock.NoLoopPossible:
			shown++
		case got.Answer == deadlock.Holds:
			searched++
		default:
			fails++
		}
	}
	t.Logf("%d show by the rules, %d by a search, %d fail", shown, searched, fails)
	if shown < 40 || searched < 100 || fails < 100 {
		t.Error("that is not much of a test")
	}
}
