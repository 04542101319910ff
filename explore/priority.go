package explore

import "github.com/cspcheck/cspcheck/model"

// notAsked is in levels for events whose level is not known yet.
const notAsked = -2

// level returns the level of an event under the network's priority.
func (n *network) level(e model.Event) int16 {
	for int(e) >= len(n.levels) {
		n.levels = append(n.levels, notAsked)
	}
	if n.levels[e] == notAsked {
		n.levels[e] = int16(n.net.Priority().Level(e))
	}
	return n.levels[e]
}

// prioritise drops the transitions from index from on that give way:
//
//	P -α-> P', and no P -β-> with β on a higher level  ⟹  prioritise(P) -α-> prioritise(P')
func (n *network) prioritise(out *Steps, from int) {
	best := int16(model.Unordered)
	for _, e := range out.Events[from:] {
		if l := n.level(e); l != model.Unordered && (best == model.Unordered || l < best) {
			best = l
		}
	}
	w := n.width
	kept := from
	for i := from; i < len(out.Events); i++ {
		if l := n.level(out.Events[i]); l != model.Unordered && l > best {
			continue
		}
		if kept != i {
			out.Events[kept] = out.Events[i]
			copy(out.States[len(out.States)-(len(out.Events)-kept)*w:], out.States[len(out.States)-(len(out.Events)-i)*w:][:w])
		}
		kept++
	}
	out.States = out.States[:len(out.States)-(len(out.Events)-kept)*w]
	out.Events = out.Events[:kept]
}
