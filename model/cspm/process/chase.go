package process

import (
	"encoding/binary"

	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// chase returns the state of t, a chase, over the state p instead of its
// operand: the one over the stable state that the first τ of each state leads
// to. That they lead nowhere is a limit.
func (s *Space) chase(t, p *Term) *Term {
	if st := s.chased[p.id]; st != nil {
		return st
	}
	at := p
	seen := map[int32]bool{}
	for {
		k := -1
		trans := s.workOf(at).trans
		for i := range trans {
			if trans[i].Event == model.Tau {
				k = i
				break
			}
		}
		if k < 0 {
			break
		}
		if seen[at.id] {
			panic(&value.Fault{Limit: true, At: t.args.at, Msg: "chase follows τ for ever: the process diverges"})
		}
		seen[at.id] = true
		s.Spend(64)
		at = s.nextOf(at, int32(k))
	}
	key := binary.LittleEndian.AppendUint32(s.take(byte(Chase)), uint32(at.id))
	st := s.intern(key, t.over([]*Term{at}))
	s.chased[p.id] = st
	return st
}
