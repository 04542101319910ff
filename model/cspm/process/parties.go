package process

import (
	"slices"

	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// parties tells the operands of an AlphaPar by their events. Alphabets that are
// described as products of fields are not listed: an operand is found by what
// all events of its alphabet have in common, such as a field with its name,
// and then asked.
type parties struct {
	met      map[model.Event][]int32
	listed   map[value.Key][]party // by the events of alphabets that are listed
	anchored map[anchor][]party    // by what events of others have in common
	others   []party               // that have nothing
}

// A party is an operand; sure if it takes part in all that it is found by.
type party struct {
	operand int32
	sure    bool
}

// An anchor is a value.Anchor that is no whole event.
type anchor struct {
	head  *value.Head
	field int // -1: any
	value value.Key
}

// who returns the operands of an AlphaPar that take part in e.
func (s *Space) who(a *args, e model.Event) []int32 {
	if a.parties == nil {
		a.parties = s.newParties(a.sets)
	}
	p := a.parties
	who, ok := p.met[e]
	if !ok {
		d := s.dots[e]
		ask := func(found []party) {
			s.Spend(len(found))
			for _, p := range found {
				// Not Contains: what each of many sets notes of each event would
				// take more memory than all else.
				if p.sure || a.sets[p.operand].has(e) {
					who = append(who, p.operand)
				}
			}
		}
		ask(p.others)
		if len(p.listed) > 0 {
			ask(p.listed[s.Keys.Of(d)])
		}
		if len(p.anchored) > 0 {
			ask(p.anchored[anchor{d.Head, -1, 0}])
			for i, f := range d.Fields {
				ask(p.anchored[anchor{d.Head, i, s.Keys.Of(f)}])
			}
		}
		slices.Sort(who)
		who = slices.Compact(who)
		p.met[e] = who
	}
	return who
}

// numbersOf returns who as it is for a network.
func (s *Space) numbersOf(a *args) func(model.Event) []int {
	return func(e model.Event) []int {
		who := s.who(a, e)
		out := make([]int, len(who))
		for i, n := range who {
			out[i] = int(n)
		}
		return out
	}
}

func (s *Space) newParties(sets []*EventSet) *parties {
	const few = 8 // sets, that are simply asked
	p := &parties{met: map[model.Event][]int32{}, listed: map[value.Key][]party{}, anchored: map[anchor][]party{}}
	var anchors []value.Anchor
	for i, es := range sets {
		ok := false
		if anchors, ok = value.Anchors(es.set, fewEvents, anchors[:0]); es.except || !ok || len(sets) <= few {
			p.others = append(p.others, party{operand: int32(i)})
			continue
		}
		s.Spend(len(anchors))
		for _, a := range anchors {
			p.add(s.Keys, a, party{int32(i), a.Sure})
		}
	}
	return p
}

// add notes that an operand has events with an anchor; of a whole, that event.
func (p *parties) add(keys *value.Keys, a value.Anchor, by party) {
	switch {
	case a.Whole != nil:
		k := keys.Of(a.Whole)
		p.listed[k] = append(p.listed[k], by)
		return
	case a.Value == nil:
		a.Field = -1
	}
	k := anchor{head: a.Head, field: a.Field}
	if a.Value != nil {
		k.value = keys.Of(a.Value)
	}
	p.anchored[k] = append(p.anchored[k], by)
}
