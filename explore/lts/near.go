package lts

import (
	"cmp"
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// A nearby is what one state comes to do, found by going all ways by τ. As long
// as the ways that are gone are few, beside the machine, that takes less than
// to find it for all states on the way: a diamond often has few states.
type nearby struct {
	left   int // steps
	seen   marks
	stack  []model.State
	edges  []edge // visible
	stable []model.State
	loops  bool // τ leads to a state with a loop
}

// A diamond goes by itself for nearSteps*(n+m) steps.
const nearSteps = 16

// look finds what s comes to do, and reports whether it has steps enough.
func (n *nearby) look(m *model.Machine, s model.State, p *patience) (bool, error) {
	n.seen.clear()
	n.edges, n.stable, n.loops = n.edges[:0], n.stable[:0], false
	n.seen.add(int(s))
	n.stack = append(n.stack[:0], s)
	for len(n.stack) > 0 {
		s := n.stack[len(n.stack)-1]
		n.stack = n.stack[:len(n.stack)-1]
		events, targets := m.Transitions(s)
		if n.left -= 1 + len(events); n.left < 0 {
			return false, nil
		}
		if err := p.spend(1 + len(events)); err != nil {
			return false, err
		}
		taus := 0
		for ; taus < len(events) && events[taus] == model.Tau; taus++ {
			switch t := targets[taus]; {
			case t == s:
				n.loops = true
			case !n.seen.has(int(t)):
				n.seen.add(int(t))
				n.stack = append(n.stack, t)
			}
		}
		if taus == 0 {
			n.stable = append(n.stable, s)
		}
		for i := taus; i < len(events); i++ {
			n.edges = append(n.edges, edge{events[i], uint32(targets[i])})
		}
	}
	return true, nil
}

// nearEdges appends the visible edges of what near has found, and returns how
// many events they have.
func (d *diamond) nearEdges(out []edge) (with []edge, initials int, err error) {
	all := d.near.edges
	slices.SortFunc(all, func(a, b edge) int {
		return cmp.Or(cmp.Compare(a.event, b.event), cmp.Compare(a.target, b.target))
	})
	all = slices.Compact(all)
	for ; len(all) > 0; initials++ {
		e := all[0].event
		d.numbers = d.numbers[:0]
		for len(all) > 0 && all[0].event == e {
			d.numbers = append(d.numbers, all[0].target)
			all = all[1:]
		}
		maxima, err := d.maximal(d.numbers)
		if err != nil {
			return nil, 0, err
		}
		for _, t := range maxima {
			out = append(out, edge{e, t})
		}
	}
	return out, initials, d.spend(len(d.near.edges))
}
