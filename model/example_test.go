package model_test

import (
	"fmt"

	"github.com/cspcheck/cspcheck/model"
)

func Example() {
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
