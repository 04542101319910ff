package process

import (
	"slices"

	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// parties tells the operands of an AlphaPar by their events, or which of several sets
// have an event. Alphabets that are
// described as products of fields are not listed: an operand is found by what
// all events of its alphabet have in common, such as a field with its name,
// and then asked.
type parties struct {
	space    *Space
	has      func(i int32, e *value.Dot) bool
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
	return s.partiesTo(a).who(e)
}

// partiesTo returns the parties of an AlphaPar.
func (s *Space) partiesTo(a *args) *parties {
	if a.parties == nil {
		a.parties = s.newParties(a.sets)
	}
	return a.parties
}

// who returns the numbers of those that have e, rising.
func (p *parties) who(e model.Event) []int32 {
	who, ok := p.met[e]
	if !ok {
		who = p.of(p.space.dots[e])
		p.met[e] = who
	}
	return who
}

// of is who of an event that need not have a number.
func (p *parties) of(e *value.Dot) (who []int32) {
	s := p.space
	ask := func(found []party) {
		s.Spend(len(found))
		for _, x := range found {
			if x.sure || p.has(x.operand, e) {
				who = append(who, x.operand)
			}
		}
	}
	ask(p.others)
	if len(p.listed) > 0 {
		ask(p.listed[s.Keys.Of(e)])
	}
	if len(p.anchored) > 0 {
		ask(p.anchored[anchor{e.Head, -1, 0}])
		for i, f := range e.Fields {
			ask(p.anchored[anchor{e.Head, i, s.Keys.Of(f)}])
		}
	}
	slices.Sort(who)
	return slices.Compact(who)
}

func (s *Space) newParties(sets []*EventSet) *parties {
	return s.partiesOf(len(sets), func(i int, out []value.Anchor) ([]value.Anchor, bool) {
		if sets[i].except {
			return nil, false
		}
		return value.Anchors(sets[i].set, fewEvents, out)
	}, func(i int32, e *value.Dot) bool {
		// Not Contains: what each of many sets notes of each event would
		// take more memory than all else.
		return sets[i].holds(e)
	})
}

// partiesOf tells n of whatever has events, given what appends anchors of one, as
// value.Anchors does.
func (s *Space) partiesOf(n int, anchors func(int, []value.Anchor) ([]value.Anchor, bool), has func(int32, *value.Dot) bool) *parties {
	const few = 8 // that are simply asked
	p := &parties{space: s, has: has, met: map[model.Event][]int32{}, listed: map[value.Key][]party{}, anchored: map[anchor][]party{}}
	var found []value.Anchor
	for i := range int32(n) {
		ok := false
		if n > few {
			found, ok = anchors(int(i), found[:0])
		}
		if !ok {
			p.others = append(p.others, party{operand: i})
			continue
		}
		s.Spend(len(found))
		for _, a := range found {
			p.add(s.Keys, a, party{i, a.Sure})
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
