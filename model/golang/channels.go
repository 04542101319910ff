package golang

import (
	"fmt"

	"github.com/cspcheck/cspcheck/model"
)

// A Chan is a channel.
type Chan struct {
	object
	capacity int
	typ      Type
	none     bool // it is nil
}

// Chan declares a channel of values of a type, with a capacity.
func (p *Program) Chan(name string, capacity int, t Type) *Chan {
	c := &Chan{capacity: capacity, typ: t}
	c.object = object{name: name, at: caller(), kind: c, machine: func(events *model.Events, _ *circumstances) (*model.Machine, error) {
		return ChanMachine(name, events, capacity, t)
	}}
	p.declare(&c.object)
	p.typed(&c.object, t)
	return c
}

// NilChan declares a channel that is nil.
func (p *Program) NilChan(name string, t Type) *Chan {
	c := &Chan{typ: t, none: true}
	c.object = object{name: name, at: caller(), kind: c, machine: func(events *model.Events, _ *circumstances) (*model.Machine, error) {
		return NilChanMachine(name, events)
	}}
	p.declare(&c.object)
	return c
}

// ready returns what tells that the channel is not ready for one of its ends.
func (c *Chan) ready(event string) []touch {
	switch {
	case c.none:
		return nil
	case c.capacity == 0:
		return c.touch("open")
	}
	return c.touch(event)
}

// Send returns c <- x.
func (c *Chan) Send(x Expr) Comm {
	at := caller()
	text := c.name + "!" + fmt.Sprint(x)
	return &op{call: c.calls("Send", x), at: at, text: text, uses: []Expr{x}, waits: c.ready("full"), alts: func(f *frame) []alt {
		v := x.eval(f)
		if !c.typ.Has(v) {
			return []alt{{does: beyond("%s: %s sends %d, which is not in %v", at, text, v, c.typ)}}
		}
		a := action{label: c.name + "!" + c.typ.Text(v)}
		switch {
		case c.none:
			return nil
		case c.capacity == 0:
			a.meets, a.sends, a.value = c, true, v
		default:
			a.world, a.parts = c.label("send"+c.typ.suffix(v)), c.touch("send"+c.typ.suffix(v))
		}
		return []alt{{does: a}, c.panics(sendOnClosed)}
	}}
}

// Signal returns c <- struct{}{}: a Send of the zero value.
func (c *Chan) Signal() Comm { return c.Send(Int(c.typ.Zero())) }

// Recv returns a receive from c: into nothing, or into a variable, or into a
// variable and whether the channel was not closed; either may be nil.
func (c *Chan) Recv(into ...*Local) Comm {
	v, ok := pair(into)
	o := c.receive(caller(), v, ok, nil)
	if len(into) > 2 {
		o.bad = misuse(fmt.Sprintf("%s: %s gives a value and whether it was one, not %d values", o.at, c.name, len(into)))
	}
	return o
}

func pair(into []*Local) (v, ok *Local) {
	if len(into) > 0 {
		v = into[0]
	}
	if len(into) > 1 {
		ok = into[1]
	}
	return v, ok
}

// receive returns a receive that goes on at closed, if that is not nil, when
// the channel is closed and empty.
func (c *Chan) receive(at string, v, ok *Local, closed *node) *op {
	text := c.name + "?"
	if v != nil {
		text += v.name
	}
	return &op{call: c.calls("Recv").giving(v, ok), at: at, text: text, uses: locals(v, ok), waits: c.ready("empty"), alts: func(*frame) []alt {
		if c.none {
			return nil
		}
		var out []alt
		for x := c.typ.lo; x <= c.typ.hi; x++ {
			a := action{label: c.name + "?" + c.typ.Text(x)}
			if c.capacity == 0 {
				a.meets, a.value = c, x
			} else {
				a.world, a.parts = c.label("recv"+c.typ.suffix(x)), c.touch("recv"+c.typ.suffix(x))
			}
			out = append(out, alt{does: a, set: []binding{{v, x}, {ok, 1}}})
		}
		over := c.does("closed")
		over.set = []binding{{v, c.typ.Zero()}, {ok, 0}}
		if closed != nil {
			over.set = nil
		}
		over.next = closed
		return append(out, over)
	}}
}

// A ranging is a loop over what a channel gives.
type ranging struct {
	at   string
	c    *Chan
	v    *Local
	body block
}

// Range returns for v := range c { body }: v may be nil.
func (c *Chan) Range(v *Local, body ...Stmt) Stmt { return &ranging{caller(), c, v, body} }

func (s *ranging) build(b *graph, next *node) *node {
	o := s.c.receive(s.at, s.v, nil, next)
	b.use(o.uses...)
	n := b.add(&node{at: o.at, text: o.text})
	n.cases = []opCase{{op: o, next: b.loop(s.body, n, next)}}
	return n
}

// Close returns close(c).
func (c *Chan) Close() Stmt {
	if c.none {
		return step(c.calls("Close"), c.panics(closeOfNil))
	}
	return step(c.calls("Close"), c.does("close"), c.panics(closeOfClosed))
}
