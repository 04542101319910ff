package main

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/cspcheck/cspcheck/explore"
)

// What keeps to --max-memory asks before it takes more. The ceiling is above
// that, and is for what does not ask, or not soon enough: a script that is
// loaded, a library that makes one large table. It looks at what the system
// says that the process holds.
//
// When that is 1/32 more than the limit, the context of the run is done, with
// the limit as its cause: that ends whatever asks for that. At 1/24, or a
// second later, whoever waits for an answer waits no longer, and what is known
// is printed; see heeding. At 1/16, or a second later again, the program ends.
const (
	cancelsAbove = 32
	leavesAbove  = 24
	endsAbove    = 16
	patience     = time.Second

	// What the program may hold in any case, besides what it holds before it
	// has read a script: to say that the limit is too low.
	leastRoom = 4 << 20
)

// How often it looks: as soon as the process could be that large, if it came
// to hold so many bytes a second, but for what is too little time or too much.
const (
	fastest  = 8 << 30
	soonest  = time.Millisecond
	latest   = 20 * time.Millisecond
	perCheck = float64(time.Second) / fastest
)

// bound puts a ceiling over the run.
func (a *app) bound(memory int64) {
	if explore.Resident() > memory {
		debug.FreeOSMemory() // of another run in this process
	}
	most := max(memory, explore.Resident()+leastRoom)
	ctx, cancel := context.WithCancelCause(a.ctx)
	left, leave := context.WithCancel(context.Background())
	a.ctx, a.left = ctx, left
	go func() {
		defer leave()
		if !a.above(most+most/cancelsAbove, nil) {
			return
		}
		cancel(explore.MemoryLimit(memory))
		if !a.above(most+most/leavesAbove, time.After(patience)) {
			return
		}
		leave()
		if a.above(most+most/endsAbove, time.After(patience)) && a.exit != nil {
			fmt.Fprintf(a.stderr, "cspcheck: %s\n", explore.MemoryLimit(memory).Reason)
			a.exit(a.status.worse(unknown))
		}
	}()
}

// above returns true once the process holds more than so many bytes, or it is
// late, and false if the run ends first.
func (a *app) above(bytes int64, late <-chan time.Time) bool {
	for {
		room := bytes - explore.Resident()
		if room < 0 {
			return true
		}
		select {
		case <-a.ended:
			return false
		case <-late:
			return true
		case <-time.After(max(soonest, min(latest, time.Duration(float64(room)*perCheck)))):
		}
	}
}

// A lastSeen hands on what a meter is told, until nobody waits for that any
// more, and knows what came last.
type lastSeen struct {
	sync.Mutex
	meter
	last explore.Stats
	over bool
}

func (s *lastSeen) search(st explore.Stats) {
	s.Lock()
	defer s.Unlock()
	if !s.over {
		s.last = st
		s.meter.search(st)
	}
}

// end returns what came last. There will be no more.
func (s *lastSeen) end() explore.Stats {
	s.Lock()
	defer s.Unlock()
	s.over = true
	return s.last
}
