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
	listed   map[value.Key][]int32 // by the events of alphabets that are listed
	anchored map[anchor][]int32    // by what events of others have in common
	others   []int32               // that have nothing
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
		ask := func(operands []int32) {
			s.Spend(len(operands))
			for _, i := range operands {
				// Not Contains: what each of many sets notes of each event would
				// take more memory than all else.
				if a.sets[i].has(e) {
					who = append(who, i)
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
	p := &parties{met: map[model.Event][]int32{}, listed: map[value.Key][]int32{}, anchored: map[anchor][]int32{}}
	var anchors []value.Anchor
	for i, es := range sets {
		ok := false
		if anchors, ok = value.Anchors(es.set, fewEvents, anchors[:0]); es.except || !ok || len(sets) <= few {
			p.others = append(p.others, int32(i))
			continue
		}
		s.Spend(len(anchors))
		for _, a := range anchors {
			p.add(s.Keys, a, int32(i))
		}
	}
	return p
}

// add notes that operand i has events with an anchor; of a whole, that event.
func (p *parties) add(keys *value.Keys, a value.Anchor, i int32) {
	switch {
	case a.Whole != nil:
		k := keys.Of(a.Whole)
		p.listed[k] = append(p.listed[k], i)
		return
	case a.Value == nil:
		a.Field = -1
	}
	k := anchor{head: a.Head, field: a.Field}
	if a.Value != nil {
		k.value = keys.Of(a.Value)
	}
	p.anchored[k] = append(p.anchored[k], i)
}
