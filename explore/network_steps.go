package explore

import (
	"errors"
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// Successors: see Network for the order.
func (n *network) Successors(s []uint64, out *Steps) error {
	events, words := len(out.Events), len(out.States)
	if n.of != nil {
		if n.remade != n.of.remade {
			n.become(n.of)
		}
		return n.successors(s, out)
	}
	for {
		err := n.successors(s, out)
		if err == nil || !errors.Is(err, errNewEvents) {
			return err
		}
		out.Events, out.States = out.Events[:events], out.States[:words]
		net, err := n.net.Again()
		if err != nil {
			return &Limit{Reason: err.Error()}
		}
		if err := n.remake(net); err != nil {
			return err
		}
	}
}

// successors is Successors by the rules that there are.
func (n *network) successors(s []uint64, out *Steps) error {
	if n.broken != nil {
		return n.broken
	}
	n.err = nil
	from := len(out.Events)
	if n.width == 1 {
		n.steps1(s[0], out)
	} else {
		n.stepsN(s, out)
	}
	if n.priority != nil {
		n.priority.choose(out, from, n.width)
	}
	return n.err
}

// movesOf returns what member m leads in a local state.
func (n *network) movesOf(m *member, local uint64) []move {
	if m.lazy != nil {
		return n.lazyMoves(m, model.State(local))
	}
	return m.moves[m.first[local]:m.first[local+1]]
}

// steps1 is stepsN for states of one word.
func (n *network) steps1(s uint64, out *Steps) {
	events, states := out.Events, out.States
	for _, g := range n.stages {
		if g.joint != nil {
			events, states = g.joint.steps(s, events, states)
			continue
		}
		m := &n.members[g.leader]
		local := s >> m.shift & m.mask
		var moves []move
		if m.lazy == nil {
			moves = m.moves[m.first[local]:m.first[local+1]]
		} else {
			moves = n.lazyMoves(m, model.State(local))
		}
	next:
		for i := range moves {
			v := &moves[i]
			if s&v.mask != v.want {
				continue
			}
			t := s ^ v.delta
			for j := v.peerLo; j < v.peerHi; j++ {
				p := &n.peers[j]
				at := s >> p.shift & p.mask
				var delta uint64
				if p.kind == isDense {
					delta = n.dense[uint64(p.base)+at]
				} else {
					delta = n.delta(p, at)
				}
				if delta >= several {
					if delta == several {
						out.Events, out.States = events, states
						n.one[0] = s
						n.spread(n.one, v, out)
						events, states = out.Events, out.States
					}
					continue next
				}
				t ^= delta
			}
			if v.reset != 0 {
				for _, r := range n.resets[v.reset] {
					t = t&^r.clear | r.init
				}
			}
			events = append(events, v.event)
			states = append(states, t)
		}
	}
	out.Events, out.States = events, states
}

// stepsOf appends what a leader leads in a state of several words.
func (n *network) stepsOf(leader int32, s []uint64, out *Steps) {
	if err := out.check(); err != nil {
		n.err = err
		return
	}
	m := &n.members[leader]
	moves := n.movesOf(m, s[m.word]>>m.shift&m.mask)
	for i := range moves {
		n.try(&moves[i], s, out)
	}
}

// try appends what comes of a move, if it is possible, in a state of several
// words in which its leader can do its part.
func (n *network) try(v *move, s []uint64, out *Steps) {
	if s[v.word]&v.mask != v.want {
		return
	}
	guards := n.guards[v.guardLo:v.guardHi]
	for j := range guards {
		if g := &guards[j]; s[g.word]&g.mask != g.want {
			return
		}
	}
	base := len(out.States)
	// Of the rules that come here, few are blocked: write first.
	out.States = append(out.States, s...)
	t := out.States[base:]
	t[v.word] ^= v.delta
	for j := range guards {
		t[guards[j].word] ^= guards[j].delta
	}
	for j := v.peerLo; j < v.peerHi; j++ {
		p := &n.peers[j]
		at := s[p.word] >> p.shift & p.mask
		var delta uint64
		if p.kind == isDense {
			delta = n.dense[uint64(p.base)+at]
		} else {
			delta = n.delta(p, at)
		}
		if delta >= several {
			out.States = out.States[:base]
			if delta == several {
				n.spread(s, v, out)
			}
			return
		}
		t[p.word] ^= delta
	}
	if v.reset != 0 {
		for _, r := range n.resets[v.reset] {
			t[r.word] = t[r.word]&^r.clear | r.init
		}
	}
	out.Events = append(out.Events, v.event)
}

// delta is what a peer without a dense table does in a local state.
func (n *network) delta(p *peer, local uint64) uint64 {
	m := &n.members[p.member]
	if p.kind == isHashed {
		return m.table.get(p.event, model.State(local))
	}
	targets := n.targets(p, local)
	switch len(targets) {
	case 0:
		return blocked
	case 1:
		return (local ^ uint64(targets[0])) << m.shift
	}
	return several
}

// targets returns where a peer's part leads from a local state.
func (n *network) targets(p *peer, local uint64) []model.State {
	m := &n.members[p.member]
	var events []model.Event
	var targets []model.State
	if m.lazy != nil {
		if n.expandLazy(m, model.State(local)); n.err != nil {
			return nil
		}
		events, targets = m.lazy.transitions(model.State(local))
	} else {
		events, targets = m.machine.Transitions(model.State(local))
	}
	i, _ := slices.BinarySearch(events, p.event)
	j := i
	for j < len(events) && events[j] == p.event {
		j++
	}
	return targets[i:j]
}

// spread appends the outcomes of a move some of whose peers can do their
// part in several ways: the first peer's targets vary slowest.
func (n *network) spread(s []uint64, v *move, out *Steps) {
	t := n.spare
	copy(t, s)
	t[v.word] ^= v.delta
	for _, g := range n.guards[v.guardLo:v.guardHi] {
		t[g.word] ^= g.delta
	}
	n.spreadFrom(s, t, v, v.peerLo, out)
}

func (n *network) spreadFrom(s, t []uint64, v *move, j int32, out *Steps) {
	if n.err != nil {
		return
	}
	if j == v.peerHi {
		n.err = out.check()
		base := len(out.States)
		out.States = append(out.States, t...)
		u := out.States[base:]
		for _, r := range n.resets[v.reset] {
			u[r.word] = u[r.word]&^r.clear | r.init
		}
		out.Events = append(out.Events, v.event)
		return
	}
	p := &n.peers[j]
	local := s[p.word] >> p.shift & p.mask
	for _, to := range n.targets(p, local) {
		delta := (local ^ uint64(to)) << p.shift
		t[p.word] ^= delta
		n.spreadFrom(s, t, v, j+1, out)
		t[p.word] ^= delta
	}
}
