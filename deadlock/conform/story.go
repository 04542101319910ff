package conform

import (
	"maps"
	"slices"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// roads is the number of steps, the last of a story, that the roads not taken
// are told of: logs are long.
const roads = 1000

// tell makes v a verdict that the log does not conform. The error is a
// *Limit, or one of the system.
func (s *search) tell(v *Verdict) error {
	s.limits.States = 0 // to tell of it, states are made again
	path, entries, err := s.path()
	if err != nil {
		return err
	}
	end := make([]uint64, len(s.scratch))
	copy(s.lanes(end), s.done(entries))
	for _, lane := range s.order.next(s.lanes(end), nil) {
		i := s.order.lanes[lane][s.lanes(end)[lane]]
		if !s.order.entries[i].pending() {
			v.Next = append(v.Next, i)
		}
	}
	slices.Sort(v.Next)
	at := uint64(0)
	if s.det != nil {
		if len(path) > 0 {
			at = path[len(path)-1].State[0]
		}
		path = s.det.retell(path)
	}
	story := make([]explore.PathStep, len(path))
	ce := &explore.Counterexample{Kind: explore.NoTrace}
	for i, p := range path {
		story[i] = p.PathStep
		if p.entry >= 0 {
			v.Order = append(v.Order, p.entry)
			ce.Wanted = append(ce.Wanted, s.sys.Events().Name(p.Event))
		}
	}
	ce.Wanted = append(ce.Wanted, s.order.entries[v.Next[0]].Event)
	b, err := explore.Explain(s.model, story)
	if err != nil {
		return err
	}
	for i := range max(0, len(b.Steps)-roads) {
		b.Steps[i].Others = nil
	}
	for i, p := range path {
		if step := &b.Steps[i]; p.entry < 0 && p.Event != model.Tau {
			step.Event, step.Hidden = "τ", step.Event
		}
	}
	ce.Impl = *b
	allowed, err := s.allowed(ce.Wanted[:len(ce.Wanted)-1], at)
	if err != nil {
		return err
	}
	for _, e := range allowed {
		ce.Allowed = append(ce.Allowed, s.model.Events().Name(e))
	}
	v.Answer, v.Counterexample = deadlock.Fails, ce
	return nil
}

// A step is a transition of the model, and the entry that it is; -1: none.
type step struct {
	explore.PathStep
	entry int
}

// path returns a way to the best place, and the entries done on it.
func (s *search) path() (path []step, entries []int, err error) {
	at, state := s.best.level, s.best.state
	for n := len(s.segments) - 1; n >= 0; n-- {
		seg := &s.segments[n]
		if seg.first > at {
			continue
		}
		levels, err := s.again(seg, at)
		if err != nil {
			return nil, nil, err
		}
		for {
			l := levels[at-seg.first]
			c := l.came[state]
			if c.from < 0 {
				break // the segment before has it as the last
			}
			w := s.width
			path = append(path, step{explore.PathStep{Event: c.event, State: slices.Clone(l.at(state)[:w:w])}, int(c.entry)})
			if c.entry >= 0 {
				entries = append(entries, int(c.entry))
				at--
			}
			state = int(c.from)
		}
	}
	slices.Reverse(path)
	slices.Reverse(entries)
	return path, entries, nil
}

// allowed returns the observed events that the model can do after a trace of
// them, which leads to a node if the model is determined. Otherwise the level
// with the most entries explained will not do, as they may have come in other
// orders too.
func (s *search) allowed(trace []string, node uint64) ([]model.Event, error) {
	if s.det != nil {
		return s.det.offers(node)
	}
	log := &Log{Entries: make([]Entry, len(trace))}
	for i, e := range trace {
		log.Entries[i] = Entry{Event: e, Begin: int64(i), End: int64(i)}
	}
	along := newSearch(s.ctx, s.model, log, s.roles.options, s.limits)
	if err := along.run(); err != nil {
		return nil, err
	}
	levels := along.segments[len(along.segments)-1].levels
	last, next := levels[len(levels)-1], along.newLevel()
	along.rest = map[model.Event]bool{}
	if err := along.expand(last, next, nil); err != nil {
		return nil, err
	}
	return slices.Sorted(maps.Keys(along.rest)), nil
}

// done returns how many entries of each lane are done when those are.
func (s *search) done(entries []int) []uint64 {
	in := make(map[int]bool, len(entries))
	for _, i := range entries {
		in[i] = true
	}
	at := make([]uint64, len(s.order.lanes))
	for n, lane := range s.order.lanes {
		for k, i := range lane {
			if in[i] {
				at[n] = uint64(k + 1)
			}
		}
	}
	return at
}
