package process

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// The terms know who does what, too: a participant is a place in the term,
// the way from the root down to something with nothing parallel in it. It is
// slow and plain, what networks are held against, and the only way for
// processes that have none.

var _ explore.Mover = (*System)(nil)

// A way is a place in a term: for each operator on the way down the number of
// the operand, and whether the operands run side by side.
type way string

const (
	besides = 'p'
	instead = 's'
)

// down returns the way to an operand.
func (w way) down(t *Term, kid int32) way {
	kind := instead
	if t.Op.parallel() {
		kind = besides
	}
	return w + way(fmt.Sprintf("%c%d.", kind, kid))
}

// whoIs returns the number of a way.
func (sys *System) whoIs(w way) int32 {
	n, ok := sys.who[w]
	if !ok {
		n = int32(len(sys.ways))
		if sys.who == nil {
			sys.who = map[way]int32{}
		}
		sys.who[w] = n
		sys.ways = append(sys.ways, w)
	}
	return n
}

func (sys *System) Moves(s []uint64, wanted func(model.Event) bool, tell func(*explore.Move)) error {
	var moves []*explore.Move
	var veiled error
	err := sys.guard(func() {
		t := sys.term(s[0])
		if veiled = sys.space.veiled(t); veiled != nil {
			return
		}
		for k := range sys.space.Trans(t) {
			m := sys.moveOf(t, k)
			if m.Is(wanted) && !slices.ContainsFunc(moves, func(o *explore.Move) bool { return equalMoves(m, o) }) {
				moves = append(moves, m)
			}
		}
	})
	if veiled != nil {
		return &explore.Limit{Reason: veiled.Error()}
	}
	for _, m := range moves {
		tell(m)
	}
	return err
}

// moveOf returns the k-th transition of a term as a move.
func (sys *System) moveOf(t *Term, k int) *explore.Move {
	m := &explore.Move{Event: sys.space.Trans(t)[k].Event}
	if m.Event == model.Tau {
		m.Hidden, m.Tied = sys.space.hidden(t, k)
	}
	sys.participants(t, k, "", m)
	slices.SortFunc(m.Parts, func(p, q explore.Participant) int { return int(p.Who - q.Who) })
	return m
}

func equalMoves(a, b *explore.Move) bool {
	return a.Event == b.Event && a.Hidden == b.Hidden && a.Tied == b.Tied && slices.Equal(a.Parts, b.Parts)
}

// participants adds who takes part in the k-th transition of t, which stands
// where w leads. Terms of a replay stand as they were written, states do not.
func (sys *System) participants(t *Term, k int, w way, m *explore.Move) {
	t = sys.space.headOf(t)
	if !concurrent(t) {
		m.Parts = append(m.Parts, explore.Participant{Who: sys.whoIs(w), Event: sys.space.Trans(t)[k].Event})
		return
	}
	for _, by := range sys.space.moves(t, k) {
		sys.participants(t.Kids[by.kid], int(by.by), w.down(t, by.kid), m)
	}
}

// hidden returns the event that became the τ which is the k-th transition of
// t, and the one that it was tied to; τ if it was τ from the start.
func (s *Space) hidden(t *Term, k int) (hidden, tied model.Event) {
	t = s.head(t)
	if s.Trans(t)[k].Event != model.Tau {
		return model.Tau, model.Tau
	}
	for {
		kid, by := s.mover(t, k)
		if kid == nil {
			return model.Tau, model.Tau
		}
		switch e := s.Trans(kid)[by].Event; {
		case e == model.Tick: // the τ of P ; Q
			return model.Tau, model.Tau
		case e != model.Tau && t.Op == Link:
			other := s.moves(t, k)[1]
			return e, s.Trans(t.Kids[other.kid])[other.by].Event
		case e != model.Tau:
			return e, model.Tau
		}
		t, k = kid, by
	}
}

// veiled returns an error if it cannot be seen who does what in t.
func (s *Space) veiled(t *Term) error {
	c := &compiler{Space: s, NetworkOptions: NetworkOptions{Parts: true, Hidden: true}}
	return c.veiled(t)
}

func (sys *System) Beside(p, q *explore.Move) bool {
	return explore.Apart(p, q, func(a, b int32) bool { return sys.ways[a].beside(sys.ways[b]) })
}

// beside reports whether the operands run side by side where two ways part.
func (w way) beside(v way) bool {
	x, y := strings.Split(string(w), "."), strings.Split(string(v), ".")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return x[i] != "" && y[i] != "" && x[i][0] == besides
		}
	}
	return false
}

func (sys *System) Tell(path []explore.PathStep, moves ...*explore.Move) (b *explore.Behaviour, steps []explore.Step, err error) {
	err = sys.guard(func() {
		var r *replay
		r, b = sys.replay(path)
		for _, m := range moves {
			steps = append(steps, r.stepOf(m))
		}
	})
	return b, steps, err
}

// stepOf tells a move as a step. It is of a state, which may be nested in another way
// than the term; but their transitions are the same, in one order.
func (r *replay) stepOf(m *explore.Move) explore.Step {
	space := r.sys.space
	t := space.State(r.tree.term)
	for k := range space.Trans(t) {
		if !equalMoves(m, r.sys.moveOf(t, k)) {
			continue
		}
		step := explore.Step{Event: space.events.Name(m.Event), Parts: r.partsOf(r.tree, k, nil)}
		if m.Hidden != model.Tau {
			step.Hidden = space.events.Name(m.Hidden)
		}
		return step
	}
	panic("process: a move is not one of the state that it is told of")
}
