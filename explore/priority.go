package explore

import "github.com/cspcheck/cspcheck/model"

// A priority chooses among the transitions of a state.
type priority struct {
	by      model.Priority
	levels  []int16       // of events, if by is levels; notAsked if not known yet
	best    int16         // the highest level enabled, likewise
	enabled []model.Event // if it is not
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
	p.enable(out.Events[from:])
	states := len(out.States) - (len(out.Events)-from)*w // those of the first
	kept := from
	for i := from; i < len(out.Events); i++ {
		if !p.keeps(out.Events[i]) {
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

// enable notes which events are enabled together, for keeps.
func (p *priority) enable(events []model.Event) {
	by, ok := p.by.(model.Levels)
	if !ok {
		p.enabled = append(p.enabled[:0], events...)
		return
	}
	p.best = model.Unordered
	for _, e := range events {
		if l := p.level(by, e); l != model.Unordered && (p.best == model.Unordered || l < p.best) {
			p.best = l
		}
	}
}

// keeps tells whether an event stays where those are enabled.
func (p *priority) keeps(e model.Event) bool {
	if by, ok := p.by.(model.Levels); ok {
		l := p.level(by, e)
		return l == model.Unordered || l <= p.best
	}
	for _, d := range p.enabled {
		if p.by.Above(d, e) {
			return false
		}
	}
	return true
}
