package deadlock

import (
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// ends is a System that also remembers, in one more word, whether the last
// event was ✓. Minimisation makes the state after ✓ and a deadlock one; here
// they are two again.
type ends struct {
	explore.System
	steps explore.Steps
}

// endWord returns the word of a state that is entered by an event.
func endWord(e model.Event) uint64 {
	if e == model.Tick {
		return 1
	}
	return 0
}

// ended reports whether a state of ends was entered by ✓.
func ended(s []uint64) bool { return s[len(s)-1] == 1 }

func (x *ends) Width() int { return x.System.Width() + 1 }

func (x *ends) Bits() []int { return append(slices.Clone(explore.Bits(x.System)), 1) }

func (x *ends) Growing() []explore.Bitfield { return explore.GrowingFields(x.System) }

func (x *ends) Fork() explore.System {
	sys := explore.Fork(x.System)
	if sys == nil {
		return nil
	}
	return &ends{System: sys}
}

func (x *ends) Initial(s []uint64) error {
	w := x.System.Width()
	s[w] = 0
	return x.System.Initial(s[:w:w])
}

func (x *ends) Successors(s []uint64, out *explore.Steps) error {
	w := x.System.Width()
	x.steps.Reset()
	if err := x.System.Successors(s[:w:w], &x.steps); err != nil {
		return err
	}
	out.LeaveAs(&x.steps)
	for i, e := range x.steps.Events {
		out.Events = append(out.Events, e)
		out.States = append(out.States, x.steps.States[i*w:(i+1)*w]...)
		out.States = append(out.States, endWord(e))
	}
	return nil
}

func (x *ends) Explain(path []explore.PathStep) (*explore.Behaviour, error) {
	w := x.System.Width()
	plain := make([]explore.PathStep, len(path))
	for i, p := range path {
		plain[i] = explore.PathStep{Event: p.Event, State: p.State[:w:w]}
	}
	return explore.Explain(x.System, plain)
}
