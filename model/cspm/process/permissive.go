package process

import (
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// A Permissive is a specification that is asked of each event whether it may
// happen, at any time, and nothing else: RUN(A) for traces, and CHAOS(A). Its
// events are never listed, however many they are.
type Permissive struct {
	*System
	always *always
}

// Permissive returns sys as one, if its process is CHAOS(A), or RUN(A) and only
// its traces matter, with more events than are listed anyway.
func (sys *System) Permissive(traces bool) (p *Permissive, ok bool) {
	err := sys.guard(func() {
		if a := many(sys.root); a != nil && (traces || a.key == keyChaos) {
			p = &Permissive{sys, a}
		}
	})
	return p, err == nil && p != nil // what is wrong will be met again
}

// Permits returns the events that may happen.
func (p *Permissive) Permits() model.EventSet { return visible{p.always.events} }

// Permitted returns the set of them as text.
func (p *Permissive) Permitted() string { return p.always.events.String() }

// Following returns the process with no events but those of a trace: what is
// told of it by that trace is the same.
func (p *Permissive) Following(trace []model.Event) explore.System {
	sys := *p.System
	err := sys.guard(func() { sys.root = sys.space.narrowTo(sys.root, p.always, sys.space.visibleOnes(trace)) })
	if err != nil {
		return p
	}
	sys.stepper = stepper{space: sys.space}
	return &sys
}

// visibleOnes returns the visible events of a trace.
func (s *Space) visibleOnes(trace []model.Event) (out []*value.Dot) {
	for _, e := range trace {
		if e > model.Tick {
			out = append(out, s.Dot(e))
		}
	}
	return out
}

// visible is an EventSet that may be asked about ✓, which it does not have.
type visible struct{ *EventSet }

func (v visible) Contains(e model.Event) bool { return e > model.Tick && v.EventSet.Contains(e) }
