package explore

import (
	"math/bits"
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// Along returns sys held to a trace: what it does visibly, ✓ included, is the
// next event of the trace each time, and nothing after the last. τ is free.
// A state has one word more than those of sys, the last: how many events of
// the trace have been done.
func Along(sys System, trace []model.Event) System {
	return &along{sys: sys, length: len(trace), is: func(i uint64, e model.Event) bool { return trace[i] == e }}
}

// AlongNames is Along for names. A system whose states are evaluated as the
// search comes to them may not know of its events before.
func AlongNames(sys System, trace []string) System {
	events := sys.Events()
	return &along{sys: sys, length: len(trace), is: func(i uint64, e model.Event) bool { return trace[i] == events.Name(e) }}
}

type along struct {
	sys    System
	length int                                // of the trace
	is     func(i uint64, e model.Event) bool // whether e is its i-th event
	steps  Steps
}

func (a *along) Events() *model.Events { return a.sys.Events() }

func (a *along) Width() int { return a.sys.Width() + 1 }

func (a *along) Growing() []Bitfield { return GrowingFields(a.sys) }

func (a *along) Bits() []int { return append(slices.Clone(Bits(a.sys)), bits.Len(uint(a.length))) }

func (a *along) Fork() System {
	sys := Fork(a.sys)
	if sys == nil {
		return nil
	}
	return &along{sys: sys, length: a.length, is: a.is}
}

func (a *along) Initial(s []uint64) error {
	w := a.sys.Width()
	s[w] = 0
	return a.sys.Initial(s[:w:w])
}

func (a *along) Successors(s []uint64, out *Steps) error {
	w, done := a.sys.Width(), s[a.sys.Width()]
	a.steps.Reset()
	if err := a.sys.Successors(s[:w:w], &a.steps); err != nil {
		return err
	}
	for i, e := range a.steps.Events {
		after := done
		if e != model.Tau {
			if done == uint64(a.length) || !a.is(done, e) {
				continue
			}
			after++
		}
		out.Events = append(out.Events, e)
		out.States = append(out.States, a.steps.States[i*w:(i+1)*w]...)
		out.States = append(out.States, after)
	}
	return nil
}
