package java

import (
	"fmt"

	"github.com/cspcheck/cspcheck/model"
)

// A future is the state of one: pending, cancelled, or what it was completed
// with.
type future struct {
	place  int // of a value, or one of these
	values *[]string
}

const (
	pending   = -1
	cancelled = -2
)

func (f future) String() string {
	switch f.place {
	case pending:
		return "pending"
	case cancelled:
		return "cancelled"
	}
	return (*f.values)[f.place]
}

// FutureMachine returns a java.util.concurrent.CompletableFuture, or FutureTask,
// that may be completed with any of some values. Its events, behind its name
// and a dot,
//
//	complete.v  it was pending, and is v from now on
//	get.v       get() or join() returns, for anyone and as often as they like
//	pending     isDone() is false; a get with a timeout throws TimeoutException
//	cancel      cancel returns true: it was pending, and is cancelled; or was so already
//	cancelled   get() throws CancellationException
//	late        complete or cancel returns false: it is done already
//
// If several cancel it, at least one of them is told true (interface Future);
// of the others CompletableFuture says true, and FutureTask false. Either may be.
//
// A get without a timeout waits while it is pending. That the task goes on
// after cancel is left to who models it; to interrupt it is left out.
//
// Source: java.util.concurrent, Java SE 17: interface Future, classes
// FutureTask and CompletableFuture; package description, "Memory Consistency
// Properties".
func FutureMachine(name string, events *model.Events, values ...string) (*model.Machine, error) {
	if err := checkNames("values", "future "+name, values); err != nil {
		return nil, err
	}
	if len(values) == 0 {
		return nil, fmt.Errorf("future %s has no value to be completed with", name)
	}
	return model.Tabulate(name, events, future{pending, &values}, func(f future, on func(string, future)) {
		switch f.place {
		case pending:
			for v, text := range values {
				on("complete."+text, future{v, &values})
			}
			on("cancel", future{cancelled, &values})
			on("pending", f)
		case cancelled:
			on("cancel", f)
			on("cancelled", f)
			on("late", f)
		default:
			on("get."+values[f.place], f)
			on("late", f)
		}
	})
}
