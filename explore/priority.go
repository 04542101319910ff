package explore

import "github.com/cspcheck/cspcheck/model"

// A priority chooses among the transitions of a state.
type priority struct {
	by      model.Priority
	levels  []int16 // of events, if by is levels; notAsked if not known yet
	enabled []model.Event
}

const notAsked = -2

// level returns the level of an event.
func (p *priority) level(by model.Levels, e model.Event) int16 {
	for int(e) >= len(p.levels) {
		p.levels = append(p.levels, notAsked)
	}
	if p.levels[e] == notAsked {
		p.levels[e] = int16(by.Level(e))
	}
	return p.levels[e]
}

// choose drops the transitions from index from on that give way, their states
// being w words:
//
//	P -α-> P', and no P -β-> with β above α  ⟹  prioritise(P) -α-> prioritise(P')
func (p *priority) choose(out *Steps, from, w int) {
	keeps := p.keeps(out.Events[from:])
	states := len(out.States) - (len(out.Events)-from)*w // those of the first
	kept := from
	for i := from; i < len(out.Events); i++ {
		if !keeps(out.Events[i]) {
			continue
		}
		if kept != i {
			out.Events[kept] = out.Events[i]
			copy(out.States[states+(kept-from)*w:], out.States[states+(i-from)*w:][:w])
		}
		kept++
	}
	out.Events, out.States = out.Events[:kept], out.States[:states+(kept-from)*w]
}

// keeps returns what tells which events stay where these are enabled.
func (p *priority) keeps(events []model.Event) func(model.Event) bool {
	by, ok := p.by.(model.Levels)
	if !ok {
		p.enabled = append(p.enabled[:0], events...)
		return func(e model.Event) bool {
			for _, d := range p.enabled {
				if p.by.Above(d, e) {
					return false
				}
			}
			return true
		}
	}
	best := int16(model.Unordered)
	for _, e := range events {
		if l := p.level(by, e); l != model.Unordered && (best == model.Unordered || l < best) {
			best = l
		}
	}
	return func(e model.Event) bool {
		l := p.level(by, e)
		return l == model.Unordered || l <= best
	}
}
