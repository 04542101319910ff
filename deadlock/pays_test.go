package deadlock_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// hub returns a network of a hub that goes through so many states on its own,
// and then takes part in each step of some clients, which go round in four
// states: it turns with it or, if they are free, stays as it is.
func hub(t *testing.T, before, clients int, free bool) *model.Network {
	t.Helper()
	events := model.NewEvents()
	b := model.NewRules("HUB", events)
	turn, join, step := events.Event("turn"), events.Event("join"), events.Event("step")
	h := model.NewMachine("HUB", events)
	h.States(before + 2)
	h.Start(0)
	for i := range before {
		h.Add(model.State(i), turn, model.State(i+1))
	}
	if other := model.State(before + 1); free {
		h.Add(other-1, join, other-1)
	} else {
		h.Add(other-1, join, other)
		h.Add(other, join, other-1)
	}
	c := model.NewMachine("CLIENT", events)
	c.States(4)
	c.Start(0)
	for i := range model.State(4) {
		c.Add(i, step, (i+1)%4)
	}
	built := func(m *model.MachineBuilder) *model.Machine {
		machine, err := m.Build()
		if err != nil {
			t.Fatal(err)
		}
		return machine
	}
	b.Component(model.Component{Name: "HUB", Machine: built(h)})
	client := built(c)
	for i := range clients {
		b.Component(model.Component{Name: fmt.Sprint("C", i), Machine: client})
	}
	if before > 0 {
		b.Rule(turn, []model.Part{{Component: 0, Event: turn}})
	}
	for i := range int32(clients) {
		b.Rule(events.Event(fmt.Sprint("step", i)), []model.Part{{Component: 0, Event: join}, {Component: i + 1, Event: step}})
	}
	net, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// Where nothing can be left out, all states are searched, unless a reduction
// is asked for; and where something can, there are fewer.
func TestReductionsThatPay(t *testing.T) {
	for _, tt := range []struct {
		name            string
		before, clients int
		free            bool
		reduce          deadlock.Reduction
		want            string
		states          int64
	}{
		{"nothing is left out", 0, 6, false, deadlock.AutoReduction, "", 4096},
		{"nothing is, and it is asked for", 0, 6, false, deadlock.StubbornSets, deadlock.StubbornSetsUsed, 4096},
		{"nothing is, of few states", 0, 4, false, deadlock.AutoReduction, deadlock.StubbornSetsUsed, 256},
		{"nothing is, at last", 2000, 6, false, deadlock.AutoReduction, deadlock.StubbornSetsUsed, 6096},
		{"most is", 2000, 6, true, deadlock.AutoReduction, deadlock.StubbornSetsUsed, 2004},
	} {
		v, err := deadlock.Ask(context.Background(), deadlock.Question{
			Topic: deadlock.DeadlockFreedom, Model: deadlock.F, Reduce: tt.reduce,
			Impl: explore.Network(hub(t, tt.before, tt.clients, tt.free)),
		}, explore.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if v.Reduced != tt.want || v.Stats.States != tt.states || v.Answer != deadlock.Holds {
			t.Errorf("%s: %s of %d states by %q, want %d by %q", tt.name, v.Answer, v.Stats.States, v.Reduced, tt.states, tt.want)
		}
	}
}

// A search that symmetry reduces tells how many states it has visited of how
// many, and one that stubborn sets reduce as well tells of these.
func TestReductionsTellWhatTheyLeaveOut(t *testing.T) {
	for _, tt := range []struct {
		reduce deadlock.Reduction
		want   string
		of     float64 // 0: not asked
	}{
		{deadlock.NoReduction, "symmetry", 256},
		{deadlock.AutoReduction, "symmetry", 256},
		{deadlock.StubbornSets, "stubborn sets", 0},
	} {
		v, err := deadlock.Ask(context.Background(), deadlock.Question{
			Topic: deadlock.DeadlockFreedom, Model: deadlock.F, Reduce: tt.reduce, Symmetry: true,
			Impl: explore.Network(hub(t, 0, 4, false)),
		}, explore.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		told := v.Stats.Usage.Reductions
		if len(told) != 1 || told[0].Name != tt.want {
			t.Errorf("%v: it tells %v, want %s", tt.reduce, told, tt.want)
			continue
		}
		taken, _ := told[0].Taken.Float64()
		of, _ := told[0].Of.Float64()
		if tt.of > 0 && (of != tt.of || taken != float64(v.Stats.States) || taken >= of) {
			t.Errorf("%v: it tells of %v of %v, and has visited %d", tt.reduce, taken, of, v.Stats.States)
		}
	}
}

// soonWeary is a network that counts how often it is asked, and gives up.
type soonWeary struct {
	explore.Reducible
	asked  int
	giveUp func()
}

func (c *soonWeary) Successors(s []uint64, out *explore.Steps) error {
	if c.asked++; c.asked > 1<<22 {
		c.giveUp()
	}
	return c.Reducible.Successors(s, out)
}

// A shorter counterexample is looked for among few states, also where the first
// leads to more than are looked at to begin with.
func TestShorterCounterexamplesOfWideStates(t *testing.T) {
	events := model.NewEvents()
	b := model.NewRules("WIDE", events)
	for i, ways := range []int{5000, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1} {
		m := model.NewMachine(fmt.Sprint("M", i), events)
		m.States(ways + 1)
		m.Start(0)
		for k := range ways {
			e := events.Event(fmt.Sprint("step", k))
			m.Add(0, e, model.State(k+1))
			b.Rule(e, []model.Part{{Component: int32(i), Event: e}})
		}
		machine, err := m.Build()
		if err != nil {
			t.Fatal(err)
		}
		b.Component(model.Component{Name: fmt.Sprint("C", i), Machine: machine})
	}
	net, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	sys := &soonWeary{explore.Network(net).(explore.Reducible), 0, cancel}
	v, err := deadlock.Ask(ctx, deadlock.Question{
		Topic: deadlock.DeadlockFreedom, Model: deadlock.F, Impl: sys, Compress: deadlock.WithoutCompression,
	}, explore.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if v.Answer != deadlock.Fails || !v.Longer || ctx.Err() != nil {
		t.Errorf("it %s, longer %v, after all states were asked %d times", v.Answer, v.Longer, sys.asked)
	}
}
