package symmetry

import (
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// A ruleSet finds rules by what they say.
type ruleSet struct {
	net    *model.Network
	latest map[uint64]int32 // by hash, plus one
	before []int32          // of a rule, another with the same hash, plus one
}

func newRuleSet(net *model.Network) ruleSet {
	return ruleSet{net, make(map[uint64]int32, net.NumRules()), make([]int32, net.NumRules())}
}

func hashRule(e model.Event, resets int, parts []model.Part) uint64 {
	h := mix(uint64(uint32(e))<<32 | uint64(uint32(resets)))
	for _, p := range parts {
		h = mix(h ^ uint64(uint32(p.Component))<<32 ^ uint64(uint32(p.Event)))
	}
	return h
}

// add adds a rule, and reports whether there was none that says the same.
func (s *ruleSet) add(r int32) bool {
	e, resets, parts := s.net.Event(int(r)), s.net.ResetSet(int(r)), s.net.Parts(int(r))
	if s.has(e, resets, parts) {
		return false
	}
	h := hashRule(e, resets, parts)
	s.before[r] = s.latest[h]
	s.latest[h] = r + 1
	return true
}

// has reports whether there is a rule of these participants, by component,
// with what the world sees of it and its reset set.
func (s *ruleSet) has(e model.Event, resets int, parts []model.Part) bool {
	for r := s.latest[hashRule(e, resets, parts)] - 1; r >= 0; r = s.before[r] - 1 {
		if s.net.Event(int(r)) == e && s.net.ResetSet(int(r)) == resets && slices.Equal(s.net.Parts(int(r)), parts) {
			return true
		}
	}
	return false
}
