package explore

import (
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// A Mover is a System that knows who does what: for questions about that,
// and not only about what the world sees.
type Mover interface {
	Explainer

	// Moves tells each way in which something can happen in s by which one of
	// the wanted events is done, in a fixed order. Moves that look alike are
	// told apart if others take part in them, or other events were hidden. A
	// wanted that is nil wants all.
	Moves(s []uint64, wanted func(model.Event) bool, tell func(*Move)) error

	// Beside reports whether each of two moves of a state has a participant
	// that the other lacks. What does not run side by side counts as one
	// participant: operands of a choice, say, or P and Q of P /\ Q. So it does
	// not matter whether what is sequential is one component, or several.
	Beside(p, q *Move) bool

	// Tell is Explain, and also tells each of some moves, which are possible
	// after the path, as a step.
	Tell(path []PathStep, moves ...*Move) (*Behaviour, []Step, error)
}

// A Move is a way in which something can happen in a state.
type Move struct {
	Event  model.Event   // what the world sees
	Hidden model.Event   // the event that was hidden to make this τ, or τ
	Tied   model.Event   // of a link's τ, Hidden being the event of its left side: that of the right; or τ
	Parts  []Participant // sorted; operators do not count
}

// A Participant is somebody's share in a Move.
type Participant struct {
	Who   int32       // a number that the Mover has for it
	Event model.Event // its own, as the Mover numbers it
}

// Apart is Beside, given how to tell whether two participants, numbers that
// differ, run side by side.
func Apart(p, q *Move, beside func(a, b int32) bool) bool {
	lacks := func(p, q *Move) bool { // q lacks somebody of p
		return slices.ContainsFunc(p.Parts, func(a Participant) bool {
			return !slices.ContainsFunc(q.Parts, func(b Participant) bool { return a.Who == b.Who || !beside(a.Who, b.Who) })
		})
	}
	return lacks(p, q) && lacks(q, p)
}

// Is reports whether the move is by a wanted event: the one that the world
// sees or, of a τ, the one that was hidden, by the name that it had there.
func (m *Move) Is(wanted func(model.Event) bool) bool {
	if wanted == nil {
		return true
	}
	if m.Event != model.Tau {
		return wanted(m.Event)
	}
	return m.Hidden != model.Tau && wanted(m.Hidden) || m.Tied != model.Tau && wanted(m.Tied)
}

// A Way is a Move and where it leads: there is one for each state that it may
// lead to.
type Way struct {
	Move
	Places []int // that take part themselves, sorted: leaves, and operators that have states of their own
	To     []uint64
}

// same reports whether both are the same by all that is known of them.
func (m *Move) same(o *Move) bool {
	return m.Event == o.Event && m.Hidden == o.Hidden && m.Tied == o.Tied && slices.Equal(m.Parts, o.Parts)
}

// Who returns the numbers of the participants, sorted: not nil.
func (m *Move) Who() []int32 {
	who := make([]int32, 0, len(m.Parts))
	for _, p := range m.Parts {
		who = append(who, p.Who)
	}
	slices.Sort(who)
	return slices.Compact(who)
}

// Name returns the event by which the move is known: see Is.
func (m *Move) Name() model.Event {
	if m.Event == model.Tau {
		return m.Hidden
	}
	return m.Event
}

// A Composed is a Mover whose parts stay where they are, as those of a
// network do, so that one can ask what becomes of a part.
type Composed interface {
	Mover

	// Places returns the parts: the operator tree, an operator before its
	// operands.
	Places() []Place

	// Standing says how each of some places stands in s.
	Standing(s []uint64, places []int, out []Standing) error

	// On reports whether a place is on in s. It is quicker than Standing.
	On(s []uint64, place int) bool

	// Ways tells each way in which something can happen in s, in a fixed order.
	Ways(s []uint64, tell func(*Way)) error

	// Wants says of each of some places whether something in it is on, and
	// ready in s for its share in a wanted event, by the names that Moves go by,
	// be the others ready or not.
	Wants(s []uint64, wanted func(model.Event) bool, places []int, out []bool) error

	// Shares lists who does what together, see Share.
	Shares() ([]Share, error)

	// Waiting is Explain, and also tells which of the behaviour's components
	// each of some places is; its Waits are theirs, whatever else can happen.
	Waiting(path []PathStep, places []int) (*Behaviour, [][]int, error)
}

// A Place is a part of a System: a component, or an operator with all that
// is below it.
type Place struct {
	Name      string
	Component int  // of a network, as it numbers them; -1 of what is none, and inside of a part that is one component
	Leaf      bool // it is a component that the user wrote, not an operator
	Up        int  // the place above; -1: none
	Op        model.Op
	Mark      any // of the model.Operator
}

// A Standing says how a place stands in a state.
type Standing struct {
	On    bool // it has started, and not been left
	Able  bool // it is on, and by itself could do ✓
	Ended bool // it has done ✓, and stays in its place
	Moves bool // it takes part in something that can happen
}
