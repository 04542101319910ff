package conform

import "github.com/cspcheck/cspcheck/model"

// A role is what an event of the model is to a log.
type role struct {
	known  bool
	logged bool // it may be one of the log's entries
	free   bool // it may happen without one
	symbol int  // of those entries; -1: there are none
}

// roles finds the role of events as they are met.
type roles struct {
	options Options
	events  *model.Events
	symbols map[string]int // of the events in the log
	of      []int          // the symbol of each entry; -1 if it is pending
	roles   []role
}

func newRoles(events *model.Events, entries []Entry, o Options) *roles {
	r := &roles{options: o, events: events, symbols: map[string]int{}, of: make([]int, len(entries))}
	for i := range entries {
		e := &entries[i]
		if e.pending() {
			r.of[i] = -1
			continue
		}
		s, ok := r.symbols[e.Event]
		if !ok {
			s = len(r.symbols)
			r.symbols[e.Event] = s
		}
		r.of[i] = s
	}
	return r
}

// role returns that of an event.
func (r *roles) role(e model.Event) role {
	for int(e) >= len(r.roles) {
		r.roles = append(r.roles, role{})
	}
	if x := r.roles[e]; x.known {
		return x
	}
	x := role{known: true, symbol: -1}
	name := r.events.Name(e)
	switch {
	case e == model.Tau:
		x.free = true
	case e == model.Tick:
		x.logged = true
	default:
		x.logged = r.options.Observes(name)
		x.free = !x.logged || belongsToAny(name, r.options.Partly)
	}
	if s, ok := r.symbols[name]; ok && x.logged {
		x.symbol = s
	}
	r.roles[e] = x
	return x
}

// is reports whether an event, which has the role, can be an entry.
func (r *roles) is(entries []Entry, i int, e model.Event, x role) bool {
	switch entry := &entries[i]; {
	case !x.logged:
		return false
	case !entry.pending():
		return r.of[i] == x.symbol
	default:
		return len(entry.May) == 0 || belongsToAny(r.events.Name(e), entry.May)
	}
}
