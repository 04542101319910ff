package main

import (
	"context"
	"runtime/debug"
	"time"

	"github.com/cspcheck/cspcheck/explore"
)

// What keeps to --max-memory asks before it takes more. The ceiling is above
// that, and is for what does not ask, or not soon enough: a script that is
// loaded, a library that makes one large table. It looks at what the system
// says that the process holds. When that is more than the limit, it has garbage
// collected, for a tenth of the time at most. When that was to no avail, or there
// is no time for it, since the process already holds more yet, it
//
//	cancels the context of the run, with the limit as its cause, which ends
//	whatever asks for that;
//
//	leaves, and ends the program, as after Ctrl-C, see hasten.
//
// Between these are a second or, if the process grows, much less.
type ceiling struct {
	*app
	under   context.Context // that of the run, without the ceiling
	lifted  chan struct{}   // closed when it is to be no more
	gone    chan struct{}   // closed when it is not
	limit   int64           // --max-memory
	most    int64           // what the process may hold
	freed   chan struct{}
	freeing bool
	next    time.Time // when garbage may be collected again
	above   bool      // the process holds what is reason to cancel
}

// The steps are taken when the process holds such a part more than it may.
const (
	cancelsAbove = 40 // if there was no garbage
	hastensAbove = 28 // in any case
	leavesAbove  = 22
	endsAbove    = 16
	patience     = time.Second

	// What the program may hold in any case, besides what it holds before it
	// has read a script: to say that the limit is too low.
	leastRoom = 4 << 20
)

// How often it looks: as soon as the process could be too large, if it came to
// hold so many bytes more a second, but for what is too little time or too much.
const (
	fastest = 8 << 30
	soonest = time.Millisecond
	latest  = 20 * time.Millisecond
)

// bound puts a ceiling over the run.
func (a *app) bound(memory int64) {
	if explore.Resident() > memory {
		debug.FreeOSMemory() // of another run in this process
	}
	a.cover(&ceiling{app: a, under: a.ctx, limit: memory, most: max(memory, explore.Resident()+leastRoom)})
}

// lift takes the ceiling away for what comes next, and puts another one in its
// place: what went before, and what it held, is over. It reports whether
// anything is to come next.
func (a *app) lift() bool {
	c := a.ceiling
	if c == nil || c.under.Err() != nil || a.left.Err() != nil {
		return false
	}
	close(c.lifted)
	<-c.gone
	if a.left.Err() != nil { // at the same time
		return false
	}
	debug.FreeOSMemory()
	a.cover(&ceiling{app: a, under: c.under, limit: c.limit, most: c.most})
	return true
}

// cover puts a ceiling over the run.
func (a *app) cover(c *ceiling) {
	ctx, cancel := context.WithCancelCause(c.under)
	a.ctx, a.ceiling = ctx, c
	c.freed, c.lifted, c.gone = make(chan struct{}, 1), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(c.gone)
		defer cancel(nil)
		if !c.until(c.hopeless, nil) {
			return
		}
		cancel(explore.MemoryLimit(c.limit))
		if !c.until(c.passes(leavesAbove), time.After(patience)) {
			return
		}
		a.leave()
		if c.until(c.passes(endsAbove), time.After(patience)) {
			a.quit(explore.MemoryLimit(c.limit))
		}
	}()
}

// until returns true when the process holds what is too much, or it is late, and
// false if the run ends first, or this part of it.
func (c *ceiling) until(tooMuch func(bytes int64) bool, late <-chan time.Time) bool {
	for {
		held := explore.Resident()
		if tooMuch(held) {
			return true
		}
		soon := time.Duration(float64(c.most-held) * float64(time.Second) / fastest)
		select {
		case <-c.ended:
			return false
		case <-c.lifted:
			return false
		case <-late:
			return true
		case <-time.After(max(soonest, min(latest, soon))):
		}
	}
}

// passes tells what is such a part more than the process may hold.
func (c *ceiling) passes(part int64) func(bytes int64) bool {
	return func(bytes int64) bool { return bytes > c.most+c.most/part }
}

// hopeless reports whether the process holds too much although garbage has
// been collected, or so much that there is no time for that.
func (c *ceiling) hopeless(bytes int64) bool {
	free := false
	select {
	case <-c.freed:
		c.freeing, free = false, true
	default:
	}
	before := c.above
	c.above = c.passes(cancelsAbove)(bytes)
	if c.passes(hastensAbove)(bytes) || free && before && c.above {
		return true
	}
	if now := time.Now(); !c.freeing && (c.above || bytes > c.most && now.After(c.next)) {
		c.freeing = true
		go func() {
			debug.FreeOSMemory()
			c.next = time.Now().Add(9 * time.Since(now))
			c.freed <- struct{}{}
		}()
	}
	return false
}
