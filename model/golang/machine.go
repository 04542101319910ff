package golang

import (
	"fmt"

	"github.com/cspcheck/cspcheck/model"
)

// Most is how many states a machine of this package may have.
const Most = 1 << 20

// checkTransitions refuses machines that are large although they have few states.
func checkTransitions(kind, name string, n int) error {
	if n > 4*Most {
		return fmt.Errorf("%s %s has %d transitions, more than %d: give it fewer values", kind, name, n, 4*Most)
	}
	return nil
}

// tabulate makes a machine by following what its states can do. The events
// are those of the table, behind the machine's name and a dot.
func tabulate[S comparable](name string, events *model.Events, initial S, step func(s S, on func(event string, to S))) (*model.Machine, error) {
	b := model.NewMachine(name, events)
	number := map[S]model.State{}
	var states []S
	named := map[string]bool{}
	visit := func(s S) model.State {
		n, ok := number[s]
		if !ok {
			text := fmt.Sprint(s)
			for i := 2; named[text]; i++ {
				text = fmt.Sprintf("%v (%d)", s, i)
			}
			named[text] = true
			n = b.State(text)
			number[s] = n
			states = append(states, s)
		}
		return n
	}
	b.Start(visit(initial))
	for i := 0; i < len(states); i++ {
		if len(states) > Most {
			return nil, fmt.Errorf("%s has more than %d states", name, Most)
		}
		from := number[states[i]]
		step(states[i], func(event string, to S) { b.Add(from, events.Event(name+"."+event), visit(to)) })
	}
	return b.Build()
}

// Names of events of the machines, behind the machine's name and a dot, as in
// the script specs/lib/go.csp. Those that stand for a panic begin with
// panicking.
const (
	panicking = "panic."

	sendOnClosed  = panicking + "sendOnClosed"
	closeOfClosed = panicking + "closeOfClosed"
	closeOfNil    = panicking + "closeOfNil"
	notLocked     = panicking + "notLocked"
	notRLocked    = panicking + "notRLocked"
	negative      = panicking + "negative"
	reused        = panicking + "reused"
	notHeld       = panicking + "notHeld"
)
