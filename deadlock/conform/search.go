package conform

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// A search goes through the states of the model level by level, a level being
// those after as many entries of the log. A state is one of the model with
// how many entries of each lane are done.
//
// Only the levels of the last segment are there: of each segment before, the
// states that it begins with, from which it can be made again.
type search struct {
	ctx    context.Context
	model  explore.System
	sys    explore.System // the model, or that
	det    *determined    // or nil
	order  *order
	roles  *roles
	limits explore.Limits
	watch  func() error
	width  int // of the model's states
	most   int // states of a segment, until the next begins

	segments []segment
	conforms bool
	best     place
	stats    explore.Stats
	start    time.Time
	told     time.Time
	expanded int
	rest     map[model.Event]bool // if not nil: what is met that may be logged is added

	steps   explore.Steps
	next    []int    // lanes
	match   []int    // lanes
	asked   int      // words held when room was last asked
	scratch []uint64 // a state
	spare   []int32  // the table of a level that is packed
}

// A segment is some levels, one after the other.
type segment struct {
	first  int // the level that it begins with
	start  []uint64
	levels []*level // nil, but for the last segment
}

// A level has the states after so many entries, first those right after the
// last of them, and how each was come to.
type level struct {
	*states
	came []came
}

// A came is a way into a state.
type came struct {
	from  int32 // a state of the level before, or of the same if there is no entry; -1: a segment begins here
	event model.Event
	entry int32 // that the event is; -1: none
}

// A place is a state with the most entries explained.
type place struct{ level, state, explained int }

// mostLanes is how many entries may overlap, or how many processes there may
// be that know nothing of each other.
const mostLanes = 1 << 12

// segmentStates is how many states a segment has before the next begins.
const segmentStates = 1 << 17

// newSearch returns a search of the states of the model themselves.
func newSearch(ctx context.Context, sys explore.System, log *Log, o Options, limits explore.Limits) *search {
	s := &search{
		ctx: ctx, model: sys, sys: sys, limits: limits, watch: limits.Watch(ctx), width: sys.Width(), most: segmentStates,
		order: newOrder(log, o.PerProcess), roles: newRoles(sys.Events(), log.Entries, o),
		start: time.Now(),
	}
	s.told = s.start
	s.scratch = make([]uint64, s.width+len(s.order.lanes))
	return s
}

// determine has the search go through sets of states, as long as these have no
// more than so many.
func (s *search) determine(most int) {
	s.det = newDetermined(s.model, s.roles, func(held int) error {
		if held > most {
			return errTooLarge
		}
		return s.check(held)
	})
	s.sys, s.width = s.det, s.det.Width()
	s.scratch = make([]uint64, s.width+len(s.order.lanes))
}

func (s *search) newLevel() *level {
	l := &level{states: newStates(len(s.scratch), s.spare)}
	s.spare = nil
	return l
}

func (s *search) lanes(state []uint64) []uint64 { return state[s.width:] }

// run looks for a state in which all that has happened is explained. The
// error is a *Limit, or one of the system.
func (s *search) run() error {
	if err := s.watch(); err != nil {
		return err
	}
	if n := len(s.order.lanes); n > mostLanes {
		return &explore.Limit{Reason: fmt.Sprintf("%d entries overlap, more than %d", n, mostLanes)}
	}
	clear(s.scratch)
	if err := s.sys.Initial(s.scratch[:s.width:s.width]); err != nil {
		return err
	}
	now := s.newLevel()
	now.put(s.scratch, came{-1, model.Tau, -1})
	s.conforms = s.order.definite == 0
	s.segments = []segment{{start: slices.Clone(now.words), levels: []*level{now}}}
	held := 0 // states of this segment
	for n := 0; !s.conforms && now.len() > 0; n++ {
		next := s.newLevel()
		if err := s.expand(now, next, func(i int) { s.reached(n+1, i, next) }); err != nil {
			return err
		}
		s.stats.States += int64(now.len())
		s.stats.Depth = int64(n)
		seg := &s.segments[len(s.segments)-1]
		if held += now.len(); held >= s.most && next.len() > 0 {
			held = 0
			seg.levels = nil
			for i := range next.came {
				next.came[i].from = -1
			}
			s.segments = append(s.segments, segment{first: n + 1, start: slices.Clone(next.words), levels: []*level{next}})
		} else {
			s.pack(now)
			seg.levels = append(seg.levels, next)
		}
		now = next
	}
	if s.det != nil {
		s.stats.States += int64(s.det.held)
	}
	s.stats.Time = time.Since(s.start)
	return nil
}

// pack takes from a level what is needed only while states are added.
func (s *search) pack(l *level) { s.spare, l.slots = l.slots, nil }

// reached looks at a state of a level that is new.
func (s *search) reached(n, i int, l *level) {
	explained := s.order.explained(s.lanes(l.at(i)))
	if explained > s.best.explained {
		s.best = place{n, i, explained}
	}
	s.conforms = s.conforms || explained == s.order.definite
}

// expand adds to a level all that is come to without an entry, and to the
// next what is come to by one. It tells of each state added there.
func (s *search) expand(now, next *level, reached func(i int)) error {
	w := s.width
	for i := 0; i < now.len(); i++ {
		if err := s.check(now.len()); err != nil {
			return err
		}
		from := now.at(i)
		s.steps.Reset()
		if err := s.sys.Successors(from[:w:w], &s.steps); err != nil {
			return err
		}
		s.next = s.order.next(s.lanes(from), s.next[:0])
		copy(s.lanes(s.scratch), s.lanes(from))
		for k, e := range s.steps.Events {
			x := s.roles.role(e)
			copy(s.scratch, s.steps.States[k*w:(k+1)*w])
			s.stats.Transitions++
			if x.free && s.det == nil {
				now.put(s.scratch, came{int32(i), e, -1})
			}
			if !x.logged {
				continue
			}
			if s.rest != nil {
				s.rest[e] = true
			}
			at := s.lanes(s.scratch)
			for _, lane := range s.matching(e, x, at) {
				entry := s.order.lanes[lane][at[lane]]
				at[lane]++
				if j, added := next.put(s.scratch, came{int32(i), e, int32(entry)}); added {
					reached(j)
				}
				at[lane]--
			}
			if err := s.room(now, next); err != nil {
				return err
			}
		}
	}
	return nil
}

// matching returns the lanes, of those whose turn it can be, whose next entry
// can be an event. The result is good until the next call.
//
// Of those that are not pending the one that ends first will do: an order in
// which another, y, comes here and that one, x, later, is one with the two
// exchanged. x may come here; y may come later, as what comes in between and
// must be after y had to be after x, which ends no later. So will x rather than
// a pending one, and if x comes nowhere, it is one more. This does not hold if
// lanes are free, where others must be after x.
func (s *search) matching(e model.Event, x role, at []uint64) []int {
	s.match = s.match[:0]
	first := -1
	for _, lane := range s.next {
		i := s.order.lanes[lane][at[lane]]
		switch {
		case !s.roles.is(s.order.entries, i, e, x):
		case s.order.free || s.order.entries[i].pending():
			s.match = append(s.match, lane)
		case first < 0 || s.order.entries[i].End < s.order.entries[s.order.lanes[first][at[first]]].End:
			first = lane
		}
	}
	if first >= 0 {
		s.match = append(s.match[:0], first)
	}
	return s.match
}

// room is check for what a single state adds: states are wide if many entries
// overlap, and so are the steps of each.
func (s *search) room(now, next *level) error {
	const many = 1 << 18 // words
	if held := len(now.words) + len(next.words); held > s.asked+many || held < s.asked {
		s.asked = held
		return s.watch()
	}
	return nil
}

// put adds a state and the first way into it.
func (l *level) put(state []uint64, c came) (i int, added bool) {
	if i, added = l.add(state); added {
		l.came = append(l.came, c)
	}
	return i, added
}

// check returns the limit that has been passed, or nil, and tells of progress.
// more are the states beside those that are counted already.
func (s *search) check(more int) error {
	if s.det != nil {
		more = max(more, s.det.held)
	}
	if most := s.limits.States; most > 0 && s.stats.States+int64(more) > most {
		return &explore.Limit{Reason: fmt.Sprintf("more than %d states", most)}
	}
	if more >= math.MaxInt32/2 {
		return &explore.Limit{Reason: fmt.Sprintf("more than %d states after one entry", more)}
	}
	if s.expanded++; s.expanded%256 != 0 {
		return nil
	}
	if show := s.limits.Progress; show != nil {
		if t := time.Now(); t.Sub(s.told) > 100*time.Millisecond {
			s.told = t
			st := s.stats
			st.States += int64(more)
			st.Time = t.Sub(s.start)
			show(st)
		}
	}
	return s.watch()
}

// again makes the levels of a segment again, up to one, and that expanded if
// it is not the last.
func (s *search) again(seg *segment, last int) ([]*level, error) {
	if seg.levels != nil {
		return seg.levels, nil
	}
	l := s.newLevel()
	for i := 0; i < len(seg.start); i += len(s.scratch) {
		l.put(seg.start[i:i+len(s.scratch)], came{-1, model.Tau, -1})
	}
	levels := []*level{l}
	for n := seg.first; n < last; n++ {
		next := s.newLevel()
		if err := s.expand(levels[len(levels)-1], next, func(int) {}); err != nil {
			return nil, err
		}
		s.pack(levels[len(levels)-1])
		levels = append(levels, next)
	}
	return levels, nil
}
