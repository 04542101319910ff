package process

import (
	"encoding/binary"
	"slices"

	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// chase returns the state of t, a chase, over the state p instead of its
// operand: the one over the stable state that the first τ of each state leads
// to. That they lead nowhere is a limit.
func (s *Space) chase(t, p *Term) *Term {
	s.mainOnly()
	seen := map[int32]bool{}
	st, at := s.chased[p.id], p
	for ; st == nil; st = s.chased[at.id] {
		k := s.firstTau(at)
		if k < 0 {
			key := binary.LittleEndian.AppendUint32(s.take(Chase), uint32(at.id))
			st = s.intern(key, t.over([]*Term{at}))
			break
		}
		if seen[at.id] {
			panic(&value.Fault{Limit: true, At: t.args.at, Msg: "chase follows τ for ever: the process diverges"})
		}
		seen[at.id] = true
		s.Spend(64)
		at = s.nextOf(at, int32(k))
	}
	seen[at.id] = true
	for id := range seen { // whatever is chased through them next ends there, too
		s.chased[id] = st
	}
	return st
}

// head is Head, but that a chase is its state: what is chased is stable there; and that
// \, [[R]] or [|A|> that stand directly around each other are one, as in a state.
func (s *Space) head(t *Term) *Term {
	t = t.Head()
	switch {
	case t.id >= 0:
		return t
	case t.Op == Chase:
		return s.State(t)
	case t.Op.merges():
		return s.merged(t)
	}
	return t
}

// merged returns t, a \, [[R]] or [|A|>, as one operator with those that it stands
// directly around, calls unfolded.
func (s *Space) merged(t *Term) *Term {
	if t.body == nil {
		if t.Op == Hide {
			t.body = s.asOneHiding(t)
		} else {
			t.body = s.asLayers(t)
		}
		t.body.body = t.body
	}
	return t.body
}

// firstTau returns which transition of p is its first τ, or -1.
func (s *Space) firstTau(p *Term) int {
	return slices.IndexFunc(s.workOf(p).trans, func(t Trans) bool { return t.Event == model.Tau })
}
