package model

import "fmt"

// Most is how many states a machine made by Tabulate may have.
const Most = 1 << 20

// Tabulate makes a machine by following what its states can do. The events
// are those that step tells, behind the machine's name and a dot. Two states
// that print alike are told apart by a number.
func Tabulate[S comparable](name string, events *Events, initial S, step func(s S, on func(event string, to S))) (*Machine, error) {
	b := NewMachine(name, events)
	number := map[S]State{}
	var states []S
	named := map[string]bool{}
	visit := func(s S) State {
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
