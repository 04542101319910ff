package golang

import (
	"fmt"

	"github.com/cspcheck/cspcheck/model"
)

// A cell is the value of a shared variable.
type cell struct {
	value int
	typ   *Type
}

func (c cell) String() string { return c.typ.Text(c.value) }

// VarMachine returns a shared variable with an initial value. Its states are
// the values of its type; its events, behind its name and a dot,
//
//	read.v     only in state v
//	write.v
//	cas.v.w    only in state v: v becomes w, in one step
//
// A compare-and-swap of v and w is cas.v.w where it succeeds, and read.u for
// another u where it does not; an atomic Add of n is cas.v.(v+n) for every v.
//
// Source: The Go Memory Model; package sync/atomic.
func VarMachine(name string, events *model.Events, t Type, initial int) (*model.Machine, error) {
	if err := t.check(); err != nil {
		return nil, fmt.Errorf("variable %s: %w", name, err)
	}
	if err := checkTransitions("variable", name, t.Len()*(2*t.Len()+1)); err != nil {
		return nil, err
	}
	if !t.Has(initial) {
		return nil, fmt.Errorf("variable %s starts with %d, which is not in %v", name, initial, t)
	}
	return model.Tabulate(name, events, cell{initial, &t}, func(c cell, on func(string, cell)) {
		on("read"+t.suffix(c.value), c)
		for w := t.lo; w <= t.hi; w++ {
			on("write"+t.suffix(w), cell{w, &t})
			on("cas"+t.suffix(c.value)+t.suffix(w), cell{w, &t})
		}
	})
}

// A ctxState is whether a context is done.
type ctxState bool

func (s ctxState) String() string {
	if s {
		return "done"
	}
	return "live"
}

// ContextMachine returns a context.Context that can be cancelled. Its states
// are live and done; its events, behind its name and a dot,
//
//	cancel   from then on it is done; again, it changes nothing
//	done     a receive from Done() goes on
//	live     it would wait now
//	expire   it becomes done, if it was not
//
// Source: package context.
func ContextMachine(name string, events *model.Events) (*model.Machine, error) {
	return model.Tabulate(name, events, ctxState(false), func(s ctxState, on func(string, ctxState)) {
		on("cancel", true)
		if s {
			on("done", true)
		} else {
			on("live", false)
			on("expire", true)
		}
	})
}
