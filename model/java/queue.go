package java

import (
	"fmt"

	"github.com/cspcheck/cspcheck/model"
)

// contents is what a queue holds, oldest first, each value as its place.
type contents struct {
	held   string
	values *[]string
}

func (c contents) String() string {
	var names []string
	for i := range len(c.held) {
		names = append(names, (*c.values)[c.held[i]])
	}
	return fmt.Sprint(names)
}

// QueueMachine returns a java.util.concurrent.ArrayBlockingQueue of some
// values, up to 255. Its events, behind its name and a dot,
//
//	put.v   take.v  v goes in behind the others, if there is room; the oldest comes out
//	full    empty   offer, poll would fail now: what they do in time, too
//
// Its states are its contents: for t values, at most 1 + t + ... + t^capacity.
//
// Source: java.util.concurrent, Java SE 17: interface BlockingQueue, class
// ArrayBlockingQueue. (A SynchronousQueue is a channel of CSP.)
func QueueMachine(name string, events *model.Events, capacity int, values ...string) (*model.Machine, error) {
	of := "queue " + name
	if err := checkNames("values", of, values); err != nil {
		return nil, err
	}
	if len(values) > 255 {
		return nil, fmt.Errorf("%s is of %d values, more than 255", of, len(values))
	}
	if err := checkCount(of, "places", capacity, 1); err != nil {
		return nil, err
	}
	return model.Tabulate(name, events, contents{values: &values}, func(c contents, on func(string, contents)) {
		switch n := len(c.held); {
		case n == capacity:
			on("full", c)
		default:
			for v, text := range values {
				on("put."+text, contents{c.held + string([]byte{byte(v)}), &values})
			}
		}
		if c.held == "" {
			on("empty", c)
			return
		}
		on("take."+values[c.held[0]], contents{c.held[1:], &values})
	})
}
