package golang

import "github.com/cspcheck/cspcheck/model"

// An object is what goroutines share: a component of the network.
type object struct {
	name    string
	at      string
	kind    any // what it is: *Chan, *Mutex, ...
	machine func(events *model.Events, x *circumstances) (*model.Machine, error)
}

// circumstances is what a machine needs to know of its program.
type circumstances struct {
	waiters    []string // the goroutines that have events of their own with it
	goroutines int      // how many there may be at once
}

// calls returns the call of one of the object's methods.
func (o *object) calls(method string, args ...Expr) call {
	return call{on: o, method: method, args: args}
}

func (c call) giving(into ...*Local) call {
	c.into = into
	return c
}

func (o *object) touch(event string) []touch { return []touch{{object: o, event: event}} }
func (o *object) own(event string) []touch   { return []touch{{object: o, event: event, own: true}} }

// label returns the name of an event of the object.
func (o *object) label(event string) string { return o.name + "." + event }

// does returns the alternative in which the object does an event, and nothing
// else happens.
func (o *object) does(event string) alt {
	return alt{does: action{label: o.label(event), parts: o.touch(event)}}
}

// panics returns the alternative in which the object's event is a panic.
func (o *object) panics(event string) alt {
	return alt{does: action{label: o.label(event), parts: o.touch(event), crashes: true}}
}

// limit returns the alternative in which the object can't count any further.
func (o *object) limit(event, format string, args ...any) alt {
	a := beyond(format, args...)
	a.parts = o.touch(event)
	return alt{does: a}
}
