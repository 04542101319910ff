package inductive

import (
	"slices"

	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/scc"
)

// Settles reports whether it is plain that the network does not diverge: that
// it cannot do τ for ever. false means that it is not plain.
//
// On an infinite run of τ, some rules fire for ever, and in the end no others
// do. Of each of these rules, whoever takes part goes along a transition that
// it comes back to by those rules: it is inside of a strongly connected
// component of its states. A rule of which that is not so is left out, until
// no more are. It costs a look at a component's transitions for each time that
// a rule of it is left out.
func Settles(net *model.Network, machines []*model.Machine) bool {
	s := newSettling(net, machines)
	for len(s.todo) > 0 {
		c := s.todo[len(s.todo)-1]
		s.todo = s.todo[:len(s.todo)-1]
		s.queued[c] = false
		s.look(c)
	}
	return s.left == 0
}

type settling struct {
	machines []*model.Machine
	actions  [][]componentAction // of the rules that are τ
	gone     []bool
	left     int
	rules    map[int32][]int32 // by component
	todo     []int32           // components to look at
	queued   map[int32]bool
}

func newSettling(net *model.Network, machines []*model.Machine) *settling {
	s := &settling{machines: machines, rules: map[int32][]int32{}, queued: map[int32]bool{}}
	for r := range net.NumRules() {
		if net.Event(r) != model.Tau {
			continue
		}
		i := int32(len(s.actions))
		s.actions = append(s.actions, actionsOf(net, r))
		for _, a := range s.actions[i] {
			s.rules[a.component] = append(s.rules[a.component], i)
			s.queue(a.component)
		}
	}
	s.gone, s.left = make([]bool, len(s.actions)), len(s.actions)
	return s
}

func (s *settling) queue(c int32) {
	if !s.queued[c] {
		s.queued[c] = true
		s.todo = append(s.todo, c)
	}
}

// look leaves out the rules of a component that it cannot go round by.
func (s *settling) look(c int32) {
	m := s.machines[c]
	by := map[localAction]bool{} // whether it can go round by it
	var rules []int32
	for _, r := range s.rules[c] {
		if !s.gone[r] {
			rules = append(rules, r)
			by[s.actionOf(r, c)] = false
		}
	}
	s.rules[c] = rules
	type edge struct {
		to model.State
		by localAction
	}
	edges := make([][]edge, m.Len())
	for from := range model.State(m.Len()) {
		events, targets := m.Transitions(from)
		for a := range by {
			if a.event < 0 {
				edges[from] = append(edges[from], edge{m.Initial(), a})
				continue
			}
			k, _ := slices.BinarySearch(events, a.event)
			for ; k < len(events) && events[k] == a.event; k++ {
				to := targets[k]
				if a.reset {
					to = m.Initial()
				}
				edges[from] = append(edges[from], edge{to, a})
			}
		}
	}
	component := scc.Numbers(m.Len(), func(s model.State) (to []model.State) {
		for _, e := range edges[s] {
			to = append(to, e.to)
		}
		return to
	})
	for from := range edges {
		for _, e := range edges[from] {
			if component[from] == component[e.to] {
				by[e.by] = true
			}
		}
	}
	for _, r := range rules {
		if by[s.actionOf(r, c)] {
			continue
		}
		s.gone[r] = true
		s.left--
		for _, a := range s.actions[r] {
			s.queue(a.component)
		}
	}
}

func (s *settling) actionOf(r, c int32) localAction {
	k, _ := slices.BinarySearchFunc(s.actions[r], c, func(a componentAction, c int32) int { return int(a.component - c) })
	return s.actions[r][k].localAction
}
