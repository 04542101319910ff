package process

import (
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// A System is the term explorer: the states of a process and what each can
// do next, by the firing rules. A state is one word, the number of a term.
type System struct {
	space *Space
	root  *Term
	name  string
	// guard runs f and turns a Fault into an error.
	guard func(f func()) error
	// locate turns a Span into file:line:col.
	locate Locator

	who  map[way]int32 // see whoIs
	ways []way

	// Brief leaves out of what is told of a path all but its events.
	Brief bool

	stepper stepper // of the last state that was expanded
	alone   bool    // the process is sequential, and large
	forks   int     // that there are
}

var _ explore.Explainer = (*System)(nil)

// NewSystem returns the states of root, which the user calls name. Faults are
// turned into errors by guard.
func NewSystem(root *Term, name string, guard func(func()) error, locate Locator) *System {
	return &System{space: root.args.space, root: root, name: name, guard: guard, locate: locate, stepper: stepper{space: root.args.space}}
}

func (sys *System) Events() *model.Events { return sys.space.events }
func (sys *System) Width() int            { return 1 }

// Bits makes it an explore.Narrow: numbers of terms are no less than 0, and have
// 32 bits with their sign.
func (sys *System) Bits() []int { return []int{31} }

// Learnt makes it an explore.Learner: terms get their numbers as they are met.
// It learns from its forks, too.
func (sys *System) Learnt() int64 {
	return int64(len(sys.space.byID.all)) + int64(sys.space.events.Len()) + int64(sys.forks)
}

func (sys *System) Initial(s []uint64) error {
	return sys.guard(func() { s[0] = uint64(sys.space.State(sys.root).id) })
}

// Successors works out the transitions of a state without keeping them: a
// state of the whole is expanded once. Those of its operands are kept, since
// they are met again in other states.
func (sys *System) Successors(s []uint64, out *explore.Steps) error {
	return sys.guard(func() {
		x := &sys.stepper
		t := sys.term(s[0])
		w := t.work
		if w == nil {
			x.collect(t)
			w = &x.work
		}
		for i := range w.trans {
			out.Add(w.trans[i].Event, uint64(sys.space.next(t, w, i).id))
		}
	})
}
