package main

import (
	"context"
	"sync"

	"github.com/cspcheck/cspcheck/explore"
)

// A lastSeen hands on what a search tells of itself, until nobody waits for that
// any more, and knows what came last.
type lastSeen struct {
	sync.Mutex
	meter
	phase func(explore.Phase) // or nil
	note  func()              // notes what else is known by then; or nil
	last  explore.Stats
	found bool // a counterexample, which remains to be told
	over  bool
}

// within returns limits that tell s.
func (s *lastSeen) within(limits explore.Limits) explore.Limits {
	limits.Progress = s.search
	s.phase, limits.Phase = limits.Phase, s.enter
	return limits
}

// searched returns what a search has seen that tells m of itself, and note as
// often. left reports that nobody waited for its end: it is then what was known
// last.
func (a *app) searched(limits explore.Limits, m meter, note func(), search func(explore.Limits) (*explore.Search, error)) (st explore.Stats, left bool, err error) {
	seen := &lastSeen{meter: m, note: note}
	limits = seen.within(limits)
	limits.Enter(explore.Exploring)
	s, err := await(a, func() (*explore.Search, error) { return search(limits) })
	st = seen.end()
	if left = s == nil; !left {
		st = s.Stats
	}
	m.done(st)
	return st, left, err
}

func (s *lastSeen) search(st explore.Stats) {
	s.Lock()
	defer s.Unlock()
	if s.over {
		return
	}
	s.last = st
	if s.note != nil {
		s.note()
	}
	s.meter.search(st)
}

func (s *lastSeen) enter(p explore.Phase) {
	s.Lock()
	defer s.Unlock()
	if s.over {
		return
	}
	s.found = s.found || p == explore.Telling
	if s.phase != nil {
		s.phase(p)
	}
}

// left says why nobody waits any more, after end, and that a counterexample had
// been found, if so.
func (s *lastSeen) left(ctx context.Context) string {
	why := error(explore.Cancelled(ctx))
	if s.found {
		why = explore.Untold(why)
	}
	return why.Error()
}

// end returns what came last. There will be no more.
func (s *lastSeen) end() explore.Stats {
	s.Lock()
	defer s.Unlock()
	s.over = true
	return s.last
}
