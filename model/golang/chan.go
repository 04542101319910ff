package golang

import (
	"fmt"
	"strings"

	"github.com/cspcheck/cspcheck/model"
)

// A queue is the state of a channel: what it holds, oldest first, each value
// as its place in the type, and whether it is closed.
type queue struct {
	held   string
	closed bool
	typ    *Type
}

// runeOf returns what stands for a place in the type: of the runes, those that
// are no characters (surrogates) are left out.
func runeOf(place int) rune {
	if place >= 0xD800 {
		place += 0x800
	}
	return rune(place)
}

func placeOf(held rune) int {
	if held >= 0xE000 {
		held -= 0x800
	}
	return int(held)
}

func (q queue) String() string {
	var values []string
	for _, i := range q.held {
		text := q.typ.Text(q.typ.lo + placeOf(i))
		if text == "" {
			text = "()"
		}
		values = append(values, text)
	}
	text := "<" + strings.Join(values, ",") + ">"
	if q.closed {
		text += " closed"
	}
	return text
}

// ChanMachine returns a channel. Its events are, behind its name and a dot,
//
//	send.v  recv.v     a value goes in, comes out; of a channel without capacity
//	                   both are one event of sender and receiver, which is just v
//	close              from then on nothing goes in
//	closed             a receive from a channel that is closed and empty
//	full  empty        a send, a receive would wait now: what default needs; of a
//	                   channel without capacity open, as partners may be late
//	panic.sendOnClosed  panic.closeOfClosed
//
// Its states are the queue's contents and whether it is closed: for a capacity
// c and t values, at most 2·(1 + t + ... + t^c).
//
// Source: Go specification, "Channel types", "Send statements", "Receive
// operator", "Close", "Select statements".
func ChanMachine(name string, events *model.Events, capacity int, t Type) (*model.Machine, error) {
	if err := t.check(); err != nil {
		return nil, fmt.Errorf("channel %s: %w", name, err)
	}
	if capacity < 0 {
		return nil, fmt.Errorf("channel %s has the negative capacity %d", name, capacity)
	}
	if capacity > Most>>6 {
		return nil, fmt.Errorf("channel %s has a capacity of %d, more than %d", name, capacity, Most>>6)
	}
	if capacity == 0 {
		return rendezvous(name, events, t)
	}
	return model.Tabulate(name, events, queue{typ: &t}, func(q queue, on func(string, queue)) {
		n := len([]rune(q.held))
		if q.closed {
			on(sendOnClosed, q)
			on(closeOfClosed, q)
		} else {
			on("close", queue{q.held, true, q.typ})
			for v := t.lo; v <= t.hi && n < capacity; v++ {
				on("send"+t.suffix(v), queue{q.held + string(runeOf(v-t.lo)), false, q.typ})
			}
			if n == capacity {
				on("full", q)
			}
		}
		for i, first := range q.held {
			if i == 0 {
				on("recv"+t.suffix(t.lo+placeOf(first)), queue{q.held[len(string(first)):], q.closed, q.typ})
			}
		}
		switch {
		case n > 0:
		case q.closed:
			on("closed", q)
		default:
			on("empty", q)
		}
	})
}

// rendezvous is a channel without capacity.
func rendezvous(name string, events *model.Events, t Type) (*model.Machine, error) {
	b := model.NewMachine(name, events)
	event := func(s string) string { return name + "." + s }
	b.Initial("open")
	for v := t.lo; v <= t.hi; v++ {
		switch text := t.Text(v); {
		case text == "open", text == "close", text == "closed", strings.HasPrefix(text, panicking):
			return nil, fmt.Errorf("channel %s can't carry a value %s, as it has an event %s.%[2]s; call the value otherwise, or give the channel a capacity", name, text, name)
		}
		b.On("open", name+t.suffix(v), "open")
	}
	b.On("open", event("open"), "open")
	b.On("open", event("close"), "closed")
	b.On("closed", event("closed"), "closed")
	b.On("closed", event(sendOnClosed), "closed")
	b.On("closed", event(closeOfClosed), "closed")
	return b.Build()
}

// NilChanMachine returns a channel that is nil: who sends or receives waits for
// ever, and to close it panics (event panic.closeOfNil). It has one state.
//
// Source: Go specification, "Channel types", "Close".
func NilChanMachine(name string, events *model.Events) (*model.Machine, error) {
	b := model.NewMachine(name, events)
	b.Initial("nil")
	b.On("nil", name+"."+closeOfNil, "nil")
	return b.Build()
}
