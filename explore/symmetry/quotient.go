package symmetry

import (
	"fmt"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// A Quotient is a System that goes on from one state of each orbit, or a few.
// Its states are states of the system. An event of a transition is one that
// some state of the orbit does: τ is τ, and ✓ is ✓.
type Quotient struct {
	sys     explore.System
	whole   explore.System // sys, or what it is reduced from
	reduced bool           // it is that
	group   *Group
	memory
}

// memory is what one goroutine needs for itself.
type memory struct {
	normaliser *normaliser
	steps      explore.Steps
}

// NewQuotient returns sys reduced by the symmetries of its network: the first
// words of a state are the network's, and the node of the specification, if
// the group knows one, is the word after them. Other words stay as they are:
// they must be of what symmetries do not change.
func NewQuotient(sys explore.System, g *Group) *Quotient {
	return &Quotient{sys, sys, false, g, memory{normaliser: newNormaliser(g)}}
}

// NewQuotientOf returns the quotient of a system that has some of the
// transitions of the whole one, whose symmetries are those of the group; its
// paths are lifted to the whole one.
//
// It has the same deadlocks as the whole if from each state of the system some
// transition leads nearer to each deadlock that the whole can come to from
// there, as stubborn sets have it: so does its image, since a symmetry leaves
// the way to a deadlock as long as it is (Emerson, Jha and Peled, "Combining
// partial order and symmetry reductions", 1997). Which transitions those are
// need not be symmetric.
func NewQuotientOf(sys, whole explore.System, g *Group) *Quotient {
	return &Quotient{sys, whole, true, g, memory{normaliser: newNormaliser(g)}}
}

func (q *Quotient) Events() *model.Events { return q.sys.Events() }

func (q *Quotient) Width() int { return q.sys.Width() }

// Bits makes it an explore.Narrow: its states are states of the system.
func (q *Quotient) Bits() []int { return explore.Bits(q.sys) }

// Growing makes it an explore.Growing.
func (q *Quotient) Growing() []explore.Bitfield { return explore.GrowingFields(q.sys) }

// Learnt makes it an explore.Learner, if the system is one.
func (q *Quotient) Learnt() int64 { return explore.Learnt(q.sys) }

// Fork makes it an explore.Forker, if the system is one.
func (q *Quotient) Fork() explore.System {
	if sys := explore.Fork(q.sys); sys != nil {
		return &Quotient{sys, q.whole, q.reduced, q.group, memory{normaliser: newNormaliser(q.group)}}
	}
	return nil
}

func (q *Quotient) Initial(s []uint64) error {
	if err := q.sys.Initial(s); err != nil {
		return err
	}
	q.normaliser.normalise(s, false)
	return nil
}

func (q *Quotient) Successors(s []uint64, out *explore.Steps) error {
	from := len(out.States)
	if err := q.sys.Successors(s, out); err != nil {
		return err
	}
	if size, ok := q.normaliser.orbitSize(s); ok && !q.reduced { // or else sys tells what it leaves out
		out.Leave(explore.Leaving{Name: "symmetry", What: "states that those visited stand for", Taken: 1, Of: size})
	}
	for w := q.Width(); from < len(out.States); from += w {
		q.normaliser.normalise(out.States[from:from+w], false)
	}
	return nil
}

// Lift returns a path of the system that a path of the quotient stands for.
// It is as long, unless path[loop:] is to repeat for ever (loop is not -1):
// then it goes round until it is back in the same state.
//
// It panics if a step cannot be found: then what was taken for a symmetry is
// none.
func (q *Quotient) Lift(path []explore.PathStep, loop int) ([]explore.PathStep, error) {
	w := q.Width()
	at, rep := make([]uint64, w), make([]uint64, w)
	if err := q.sys.Initial(at); err != nil {
		return nil, err
	}
	copy(rep, at)
	back := q.normaliser.normalise(rep, true).inverse() // takes rep to at
	var out []explore.PathStep
	var start []uint64 // of the loop
	for i := 0; ; i++ {
		if i == loop {
			if start == nil {
				start = at
			} else if slices.Equal(start, at) {
				break
			}
		}
		if i == len(path) {
			if loop < 0 {
				break
			}
			i = loop - 1
			continue
		}
		to, by, err := q.step(rep, &path[i])
		if err != nil {
			return nil, err
		}
		lifted := q.image(back, to)
		e, err := q.event(at, lifted, path[i].Event)
		if err != nil {
			return nil, err
		}
		out = append(out, explore.PathStep{Event: e, State: lifted})
		at, rep = lifted, path[i].State
		back = by.inverse().then(back)
	}
	return out, nil
}

// step returns a state that a step of the quotient leads to before it is
// replaced, and by which element it is replaced.
func (q *Quotient) step(rep []uint64, p *explore.PathStep) ([]uint64, *element, error) {
	w := q.Width()
	q.steps.Reset()
	if err := q.sys.Successors(rep, &q.steps); err != nil {
		return nil, nil, err
	}
	for i, e := range q.steps.Events {
		if e != p.Event {
			continue
		}
		to := q.steps.States[i*w : (i+1)*w]
		next := slices.Clone(to)
		by := q.normaliser.normalise(next, true)
		if slices.Equal(next, p.State) {
			return slices.Clone(to), by, nil
		}
	}
	panic("symmetry: a step of the quotient is none of the system")
}

// image returns the words of the image of a state.
func (q *Quotient) image(e *element, words []uint64) []uint64 {
	z := q.normaliser
	z.unpack(words)
	e.apply(z.x, z.y)
	z.x, z.y = z.y, z.x
	out := slices.Clone(words)
	z.pack(out)
	return out
}

// event returns the first event that leads from a state of the whole system to
// another, of the same kind: τ, ✓ or visible.
func (q *Quotient) event(from, to []uint64, like model.Event) (model.Event, error) {
	kind := func(e model.Event) model.Event { return min(e, model.Tick+1) }
	w := q.Width()
	q.steps.Reset()
	if err := q.whole.Successors(from, &q.steps); err != nil {
		return 0, err
	}
	for i, e := range q.steps.Events {
		if kind(e) == kind(like) && slices.Equal(q.steps.States[i*w:(i+1)*w], to) {
			return e, nil
		}
	}
	panic(fmt.Sprintf("symmetry: a symmetry maps a step by %s to none", q.whole.Events().Name(like)))
}
