package process

import (
	"slices"

	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// An Order is the partial order of prioritisepo(P, E, O, M): (x, y) in O puts
// x above y, transitively, and each event of E that is not in M is below τ
// and ✓.
type Order struct {
	all, top *EventSet
	higher   map[model.Event]map[model.Event]bool // what is above an event
	form     value.Key
}

var _ model.Priority = (*Order)(nil)

// Above reports whether e gives way to d.
func (o *Order) Above(d, e model.Event) bool {
	if e <= model.Tick {
		return false
	}
	if d <= model.Tick {
		return o.all.Contains(e) && !o.top.Contains(e)
	}
	return o.higher[e][d]
}

// Order returns the order of prioritisepo. Arguments that contradict each
// other are a Fault.
func (s *Space) Order(all *EventSet, above [][2]*value.Dot, top *EventSet) *Order {
	o := &Order{all: all, top: top, higher: map[model.Event]map[model.Event]bool{}}
	key := []byte{value.TagUser, 'O'}
	var pairs [][2]model.Event
	for _, p := range above {
		var pair [2]model.Event
		for i, d := range p {
			checkEvent(d)
			pair[i] = s.Event(d)
			if !all.Contains(pair[i]) {
				value.Fail("%s is ordered, but not among the events of prioritisepo", value.Short(d))
			}
			key = s.Keys.Append(key, d)
		}
		pairs = append(pairs, pair)
	}
	for _, e := range top.List() {
		if !all.Contains(e) {
			value.Fail("%s is maximal, but not among the events of prioritisepo", s.events.Name(e))
		}
	}
	o.close(s, pairs)
	for _, e := range top.List() {
		if len(o.higher[e]) > 0 {
			value.Fail("%s is maximal, but below another event", s.events.Name(e))
		}
	}
	key = s.Keys.Append(s.Keys.Append(key, value.Num(int64(all.form))), value.Num(int64(top.form)))
	o.form = s.Keys.Intern(key)
	return o
}

// close fills in what is above each event, transitively. A cycle is a Fault.
func (o *Order) close(s *Space, pairs [][2]model.Event) {
	direct := map[model.Event][]model.Event{}
	for _, p := range pairs {
		direct[p[1]] = append(direct[p[1]], p[0])
	}
	var lower []model.Event
	for e := range direct {
		lower = append(lower, e)
	}
	slices.Sort(lower)
	for _, e := range lower {
		above := map[model.Event]bool{}
		stack := slices.Clone(direct[e])
		for len(stack) > 0 {
			d := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if above[d] {
				continue
			}
			s.Spend(64)
			above[d] = true
			stack = append(stack, direct[d]...)
		}
		if above[e] {
			value.Fail("%s is above itself in the order of prioritisepo", s.events.Name(e))
		}
		o.higher[e] = above
	}
}

// givesWay returns which events give way where some are enabled.
func givesWay(by model.Priority, enabled []Trans) func(model.Event) bool {
	if levels, ok := by.(model.Levels); ok {
		best := len(levels)
		for _, tr := range enabled {
			if l := levels.Level(tr.Event); l != model.Unordered {
				best = min(best, l)
			}
		}
		return func(e model.Event) bool { return levels.Level(e) > best }
	}
	events := make([]model.Event, len(enabled))
	for i, tr := range enabled {
		events[i] = tr.Event
	}
	events = distinctEvents(events)
	return func(e model.Event) bool {
		return slices.ContainsFunc(events, func(d model.Event) bool { return by.Above(d, e) })
	}
}

// priority returns the priority that a Prioritise is under.
func (t *Term) priority() model.Priority {
	if t.args.order != nil {
		return t.args.order
	}
	levels := make(model.Levels, len(t.args.sets))
	for i, es := range t.args.sets {
		levels[i] = es
	}
	return levels
}
