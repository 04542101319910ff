package model_test

import (
	"fmt"

	"github.com/cspcheck/cspcheck/model"
)

// A network is built of machines by the operators of CSP. Here a machine and
// a user, in parallel, agree on what they both can do; a repair may interrupt
// them; and coins are not seen. The operator /\ becomes a small machine that
// has a part in the rules of its operands, parallel and hiding are in the
// rules alone. A rule says what is seen, and who does what for it together.
func Example() {
	events := model.NewEvents()
	b := model.NewMachine("VM", events)
	b.On("idle", "coin", "paid")
	b.On("paid", "tea", "idle")
	b.On("paid", "coffee", "idle")
	b.Initial("idle")
	vm := must(b.Build())

	b = model.NewMachine("USER", events)
	b.On("thirsty", "coin", "waiting")
	b.On("waiting", "tea", "happy")
	b.On("happy", "✓", "gone")
	b.Initial("thirsty")
	user := must(b.Build())

	b = model.NewMachine("REPAIR", events)
	b.On("called", "repair", "done")
	b.On("done", "✓", "gone")
	b.Initial("called")
	repair := must(b.Build())

	served := model.AlphaPar(
		model.Party{Process: model.Leaf(vm), Alphabet: vm.Alphabet()},
		model.Party{Process: model.Leaf(user), Alphabet: user.Alphabet()},
	)
	coins := model.NewAlphabet(events.Event("coin"))
	shop := model.Hide(model.Interrupt(served, model.Leaf(repair)), coins)
	net, err := model.NewNetwork("SHOP", events, shop)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(net.Tree())
	fmt.Print(net)
	// Output:
	// \(/\([A||B](VM, USER), REPAIR))
	// 0 /\ (3)
	// 1 VM (2)
	// 2 USER (4)
	// 3 REPAIR (3)
	// coffee: /\.in P VM.coffee
	// τ (coin): /\.in P VM.coin USER.coin
	// tea: /\.in P VM.tea USER.tea
	// ✓: /\.✓ of Q REPAIR.✓ reset VM USER REPAIR
	// repair: /\.to Q REPAIR.repair reset VM USER
}

// A machine is a list of what happens in each state.
func ExampleMachineBuilder() {
	events := model.NewEvents()
	b := model.NewMachine("VM", events)
	b.On("idle", "coin", "paid")
	b.On("paid", "tea", "idle")
	b.On("paid", "τ", "broken")
	b.Initial("idle")
	vm, err := b.Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(vm)
	fmt.Println(vm.Alphabet().Text(events))
	// Output:
	// > idle: coin -> paid
	//   paid: τ -> broken, tea -> idle
	//   broken:
	// {coin, tea}
}

func ExampleMachineBuilder_Build_mistakes() {
	b := model.NewMachine("VM", model.NewEvents())
	b.On("idle", "coin", "paid")
	b.On("paid", "✓", "end")
	b.On("end", "coin", "paid")
	b.Initial("idel")
	_, err := b.Build()
	fmt.Println(err)
	// Output:
	// machine VM: unknown initial state "idel": no transition mentions it
	// machine VM: end -coin-> paid comes after ✓
}
