package deadlock_test

import (
	"context"
	"fmt"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// A vending machine that can run out of cups after it took the coin.
func ExampleFree() {
	b := model.NewMachine("VM", model.NewEvents())
	b.On("idle", "coin", "paid")
	b.On("paid", "tea", "idle")
	b.On("paid", "τ", "no cups")
	b.Initial("idle")
	vm, err := b.Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := deadlock.Free(context.Background(), explore.Machine(vm), deadlock.FD, explore.Limits{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(v.Answer, v.Counterexample.Kind, v.Counterexample.Impl.Trace())
	for _, s := range v.Counterexample.Impl.Steps {
		fmt.Println(s.Event)
	}
	// Output:
	// fails deadlock [coin]
	// coin
	// τ
}

// Two philosophers and two forks, made in Go. The forks deny each other the
// second one.
func ExampleFree_network() {
	events := model.NewEvents()
	var parties []model.Party
	add := func(b *model.MachineBuilder) {
		b.Initial("start")
		m, err := b.Build()
		if err != nil {
			panic(err)
		}
		parties = append(parties, model.Party{Process: model.Leaf(m), Alphabet: m.Alphabet()})
	}
	for i := range 2 {
		j := 1 - i
		phil := model.NewMachine(fmt.Sprintf("PHIL(%d)", i), events)
		phil.On("start", fmt.Sprintf("picks.%d.%d", i, i), "one")
		phil.On("one", fmt.Sprintf("picks.%d.%d", i, j), "both")
		phil.On("both", fmt.Sprintf("puts.%d", i), "start")
		add(phil)
		fork := model.NewMachine(fmt.Sprintf("FORK(%d)", i), events)
		for p := range 2 {
			fork.On("start", fmt.Sprintf("picks.%d.%d", p, i), fmt.Sprint("with ", p))
			fork.On(fmt.Sprint("with ", p), fmt.Sprintf("puts.%d", p), "start")
		}
		add(fork)
	}
	table, err := model.NewNetwork("TABLE", events, model.AlphaPar(parties...))
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := deadlock.Free(context.Background(), explore.Network(table), deadlock.FD, explore.Limits{})
	if err != nil {
		fmt.Println(err)
		return
	}
	b := v.Counterexample.Impl
	fmt.Println(b.Process, v.Answer, b.Trace())
	for _, s := range b.Steps {
		fmt.Print(s.Event, ":")
		for _, p := range s.Parts {
			fmt.Print(" ", b.Components[p.Component].Name)
		}
		fmt.Println()
	}
	for _, w := range b.Waits {
		if w.Component%2 == 0 {
			fmt.Println(b.Components[w.Component].Name, "waits for", w.Event+":", b.Components[w.For[0].Component].Name, w.For[0].Reason)
		}
	}
	// Output:
	// TABLE fails [picks.0.0 picks.1.1]
	// picks.0.0: PHIL(0) FORK(0)
	// picks.1.1: PHIL(1) FORK(1)
	// PHIL(0) waits for picks.0.1: FORK(1) offers only puts.1
	// PHIL(1) waits for picks.1.0: FORK(0) offers only puts.0
}
