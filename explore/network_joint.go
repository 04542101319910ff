package explore

import (
	"unsafe"

	"github.com/cspcheck/cspcheck/model"
)

// A stage is a part of what steps1 does for a state: the moves of one leader
// or, where that is simple, those of several together.
type stage struct {
	leader int32  // -1 if it is a joint
	joint  *joint // of leaders that come one after the other
}

// A joint lists, for each combination of the local states of some leaders,
// what they lead. Whether they let each other is known beforehand, so only
// what others must let is left to be asked. It is for networks of one word,
// in which the leaders' fields adjoin.
type joint struct {
	shift uint
	mask  uint64 // of the fields, shifted down
	first []int32
	moves []jointMove // of the combination s are moves[first[s]:first[s+1]]
}

// A jointMove is possible in states that are want under the mask.
type jointMove struct {
	mask, want, delta uint64
	event             model.Event
}

const (
	jointBits  = 8    // at most, of more than one leader
	jointMoves = 1024 // likewise
	mostCases  = 8    // of a move, by what its peers are in
	fewStates  = 64   // of a peer
)

// stage makes the stages of a network of one word.
func (n *network) stage() {
	n.stages = nil
	for i := 0; i < len(n.leaders); {
		if n.short(len(n.members[n.leaders[i]].moves) * int(unsafe.Sizeof(jointMove{}))) {
			return
		}
		j := i
		for j < len(n.leaders) && n.plain(&n.members[n.leaders[j]]) && (j == i || n.joinable(n.leaders[i:j+1])) {
			j++
		}
		if j == i {
			n.stages = append(n.stages, stage{leader: n.leaders[i]})
			i++
			continue
		}
		n.stages = append(n.stages, stage{leader: -1, joint: n.join(n.leaders[i:j])})
		i = j
	}
}

// plain reports whether all that a member leads can be a jointMove.
func (n *network) plain(m *member) bool {
	if m.lazy != nil {
		return false
	}
	for i := range m.moves {
		if m.moves[i].reset != 0 || n.cases(&m.moves[i], func(jointMove) {}) > mostCases {
			return false
		}
	}
	return true
}

// cases tells the jointMoves that a move is, apart from what its leader must
// be in: one for each combination of what its peers can be in. It returns how
// many those are, which is more than mostCases if they are too many or some
// are not that simple.
func (n *network) cases(v *move, tell func(jointMove)) int {
	return n.casesFrom(v, v.peerLo, jointMove{v.mask, v.want, v.delta, v.event}, tell)
}

func (n *network) casesFrom(v *move, j int32, c jointMove, tell func(jointMove)) int {
	if j == v.peerHi {
		tell(c)
		return 1
	}
	p := &n.peers[j]
	if p.kind != isDense || n.members[p.member].machine.Len() > fewStates {
		return mostCases + 1
	}
	total := 0
	for at := range uint64(n.members[p.member].machine.Len()) {
		delta := n.dense[uint64(p.base)+at]
		if delta == blocked {
			continue
		}
		if delta == several {
			return mostCases + 1
		}
		total += n.casesFrom(v, j+1, jointMove{c.mask | p.mask<<p.shift, c.want | at<<p.shift, c.delta ^ delta, c.event}, tell)
		if total > mostCases {
			return total
		}
	}
	return total
}

// joinable reports whether the fields of leaders adjoin, and a joint of them
// is small.
func (n *network) joinable(leaders []int32) bool {
	total, at := uint(0), n.members[leaders[0]].shift
	for _, c := range leaders {
		m := &n.members[c]
		if m.shift != at || m.mask == 0 {
			return false
		}
		total += m.bits()
		at += m.bits()
	}
	if total > jointBits {
		return false
	}
	moves := 0
	for _, c := range leaders {
		m := &n.members[c]
		for i := range m.moves {
			moves += n.cases(&m.moves[i], func(jointMove) {}) << (total - m.bits())
		}
	}
	return moves <= jointMoves
}

// join makes the joint of leaders.
func (n *network) join(leaders []int32) *joint {
	j := &joint{shift: n.members[leaders[0]].shift, first: []int32{0}}
	for _, c := range leaders {
		m := &n.members[c]
		j.mask |= m.mask << (m.shift - j.shift)
	}
	own := j.mask << j.shift
	for s := range j.mask + 1 {
		for _, c := range leaders {
			m := &n.members[c]
			local := s >> (m.shift - j.shift) & m.mask
			if local >= uint64(m.machine.Len()) {
				break // not the state of a network
			}
			moves := m.moves[m.first[local]:m.first[local+1]]
			for i := range moves {
				n.cases(&moves[i], func(c jointMove) {
					if (s<<j.shift^c.want)&c.mask&own == 0 {
						c.mask, c.want = c.mask&^own, c.want&^own
						j.moves = append(j.moves, c)
					}
				})
			}
		}
		j.first = append(j.first, int32(len(j.moves)))
	}
	return j
}

// steps appends what the leaders lead in s. No branch depends on what is
// possible: that could not be predicted.
func (j *joint) steps(s uint64, events []model.Event, states []uint64) ([]model.Event, []uint64) {
	at := s >> (j.shift % 64) & j.mask
	moves := j.moves[j.first[at]:j.first[at+1]]
	n := len(events)
	events, states = room(events, len(moves)), room(states, len(moves))
	for i := range moves {
		v := &moves[i]
		events[n], states[n] = v.event, s^v.delta
		if s&v.mask == v.want {
			n++
		}
	}
	return events[:n], states[:n]
}

// room returns s with k more elements that are anything.
func room[E any](s []E, k int) []E {
	if len(s)+k > cap(s) {
		s = append(s, make([]E, k)...)
		return s
	}
	return s[:len(s)+k]
}
