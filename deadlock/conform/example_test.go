package conform_test

import (
	"context"
	"fmt"

	"github.com/cspcheck/cspcheck/deadlock/conform"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// A buffer of one place, and a program that puts a second thing into it.
func ExampleCheck() {
	b := model.NewMachine("BUFFER", model.NewEvents())
	b.On("empty", "in", "full")
	b.On("full", "out", "empty")
	b.Initial("empty")
	buffer, err := b.Build()
	if err != nil {
		fmt.Println(err)
		return
	}

	var rec conform.Recorder
	producer, consumer := rec.Process("producer"), rec.Process("consumer")
	put := producer.Begin("in")
	put.End("in")
	take := consumer.Begin("out") // it may have happened at any time until End
	producer.Begin("in").End("in")
	producer.Begin("in").End("in")
	take.End("out")

	v, err := conform.Check(context.Background(), explore.Machine(buffer), rec.Log(), conform.Options{}, explore.Limits{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(v.Answer, "after", v.Explained, "of", v.Events, "events:", v.Counterexample.Impl.Trace())
	fmt.Println("then it allows", v.Counterexample.Allowed)
	// Output:
	// fails after 3 of 4 events: [in out in]
	// then it allows [out]
}
