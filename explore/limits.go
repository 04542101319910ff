package explore

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// Limits bound a search. Zero means no bound.
type Limits struct {
	States int64
	Memory int64 // bytes of the whole process, looked at every few milliseconds
	Time   time.Duration
	Since  time.Time // when Time begins to count; zero: when a search begins, or a question is asked

	// Workers is how many goroutines search at most; 0 means one. What is found
	// does not depend on it.
	Workers int

	// Eager has several workers search also where there is so little to do that
	// one would be quicker: for tests.
	Eager bool

	// Store is how states are kept; "" is StoreAuto.
	Store Store

	// Keep says that the words of all states are kept, for Search.Words.
	Keep bool

	// Checkpoint, if not nil, keeps the search of a Visitor in a file.
	Checkpoint *Checkpoint

	// Spill is a directory where files may be made once Memory is reached: the
	// search goes on with most of its states there, slower.
	// They are gone when it is over and the Search no longer used. "" means that
	// the search ends.
	Spill string

	// SpillAfter, if not 0, spills once there are so many states, in small
	// pieces: for tests.
	SpillAfter int

	narrow bool // for tests: keys of a tree have few bits at first, and are widened again and again
	parts  int  // for tests, if not 0: the most states of a part of a round
	wide   int  // for tests, if not 0: what a search on disk takes for a part that is too large

	// Progress, if not nil, is told about the search at most ten times a
	// second, by the goroutine that called Run.
	Progress func(Stats)

	// Phase, if not nil, is told which phase begins, by the goroutine that
	// asked the question.
	Phase func(Phase)
}

// Stats says how much a search has seen.
type Stats struct {
	States      int64
	Transitions int64 // from the states expanded; equal ones of a state count once
	Depth       int64 // of the deepest state found; the initial one has depth 0
	Time        time.Duration
	CPU         time.Duration // that all threads of the process used meanwhile; 0 where the system does not tell
	Memory      int64         // the most bytes that the process was seen to hold

	Spilled int64 // states on disk, see Limits.Spill

	// Missed bounds the probability that the search took different states for
	// one, and so missed some: 0 but with StoreHashed.
	Missed float64

	// Of a search beside a specification, as far as that was made: the nodes
	// of its normal form and its states. 0 without one.
	SpecNodes, SpecStates int64

	Usage Usage // at the end
}

const (
	memoryEvery   = 10 * time.Millisecond
	progressEvery = 100 * time.Millisecond
)

// A watch keeps a search within its limits.
type watch struct {
	ctx        context.Context
	limits     Limits
	start      time.Time
	since      time.Time     // when the time began to count
	cpu        time.Duration // that had been used by then
	measured   time.Time     // when memory was last measured
	cleared    time.Time     // when garbage may be cleared away again
	kept       func() int64  // bytes of what asks for room before it grows; nil: nothing does
	spend      func()        // lets go of memory that is kept for what may come; nil: there is none
	onDisk     bool          // the search is: it can let go of memory that it has
	progressed time.Time
	peak       int64 // bytes
	samples    [3]metrics.Sample
}

func newWatch(ctx context.Context, limits Limits) *watch {
	w := &watch{ctx: ctx, limits: limits, start: time.Now(), cpu: CPUTime()}
	w.progressed, w.since = w.start, limits.Begun().Since
	w.samples[0].Name = "/memory/classes/total:bytes"
	w.samples[1].Name = "/memory/classes/heap/released:bytes"
	w.samples[2].Name = "/memory/classes/heap/objects:bytes"
	return w
}

// Begun returns limits whose time counts from now on, unless it does already:
// all that is done within them has that time together.
func (l Limits) Begun() Limits {
	if l.Since.IsZero() {
		l.Since = time.Now()
	}
	return l
}

// Watch returns a function to ask now and then during work that is not a
// search: it returns the limit on time or memory that has been passed, or
// that ctx is done, or nil.
func (l Limits) Watch(ctx context.Context) func() error { return l.WatchBeside(ctx, nil) }

// WatchBeside is Watch beside so many bytes that are there and won't grow without
// asking for room: of others some memory is kept in reserve.
func (l Limits) WatchBeside(ctx context.Context, bytes func() int64) func() error {
	w := newWatch(ctx, l)
	w.kept = bytes
	return func() error { return w.check(time.Now()) }
}

// Room returns a function to ask before memory is allocated in a big step: it
// returns a *Limit if there is none for so many bytes more.
func (l Limits) Room() func(bytes int64) error {
	w := newWatch(context.Background(), l)
	w.kept = func() int64 { return math.MaxInt64 } // who asks needs no reserve
	return w.room
}

// check returns the limit that has been passed, or nil.
func (w *watch) check(now time.Time) error {
	if err := w.expired(now); err != nil || now.Sub(w.measured) < memoryEvery {
		return err
	}
	err := w.room(0)
	w.measured = time.Now()
	return err
}

// Cancelled returns a *Limit that says why ctx is done, or nil if it is not: its
// cause if that is a *Limit.
func Cancelled(ctx context.Context) *Limit {
	switch err := context.Cause(ctx).(type) {
	case nil:
		return nil
	case *Limit:
		return err
	default:
		if errors.Is(err, context.DeadlineExceeded) {
			return &Limit{Reason: "longer than its deadline allows"}
		}
		return &Limit{Reason: "cancelled"}
	}
}

// Untold returns the error of who has found a counterexample and cannot tell it:
// a *Limit says so.
func Untold(err error) error {
	var l *Limit
	if !errors.As(err, &l) {
		return err
	}
	told := *l
	told.Reason += ": a counterexample was found, but is not told yet"
	return &told
}

// MemoryLimit returns the *Limit of who stays below so many bytes of memory.
func MemoryLimit(bytes int64) *Limit {
	return &Limit{Reason: fmt.Sprintf("more than %s of memory", bytesText(bytes)), memory: true}
}

// cancelled returns a *Limit if nobody waits any more.
func (w *watch) cancelled() error {
	if l := Cancelled(w.ctx); l != nil {
		return l
	}
	return nil
}

// expired returns a *Limit if the time is over.
func (w *watch) expired(now time.Time) error {
	if l := Cancelled(w.ctx); l != nil {
		return l
	}
	if w.limits.Time > 0 && now.Sub(w.since) > w.limits.Time {
		return &Limit{Reason: fmt.Sprintf("longer than %v", w.limits.Time)}
	}
	return nil
}

// room returns a *Limit if the process holds more than it may, or would with
// extra bytes more. Garbage is cleared away before saying so; near the limit
// that happens again and again, and gets no more than a tenth of the time,
// unless the limit has been passed.
func (w *watch) room(extra int64) error {
	held, reserve := w.memory()
	w.peak = max(w.peak, held)
	most := w.limits.Memory
	start := time.Now()
	if most <= 0 || held+reserve+extra <= most || extra == 0 && held <= most && start.Before(w.cleared) {
		return nil
	}
	if w.spend != nil {
		w.spend()
	}
	w.clear()
	w.cleared = time.Now().Add(9 * time.Since(start))
	if held, reserve = w.memory(); held+reserve+extra <= most {
		return nil
	}
	return MemoryLimit(most)
}

// clear gives back what memory it can: garbage, and where the program itself is
// much of what there may be, the pages of it that are not in use.
func (w *watch) clear() {
	debug.FreeOSMemory()
	if most := w.limits.Memory; most > 0 && most < 64*ResidentFiles() {
		leaveFiles()
	}
}

// filesInUse is about how much of the program itself is in use during a search,
// in bytes: what there is less is soon there again.
const filesInUse = 9 << 20

// progress tells the caller how far the search is, if it is time to.
func (w *watch) progress(now time.Time, st Stats) {
	if w.limits.Progress == nil || now.Sub(w.progressed) < progressEvery {
		return
	}
	w.progressed = now
	st.Time, st.Memory = now.Sub(w.start), w.peak
	w.limits.Progress(st)
}

// memory returns the bytes that the process holds, or may come to hold without
// asking: those that the Go runtime has and did not give back to the operating
// system, and the program itself. And those to keep in reserve: a table asks
// before it grows, but slices don't, and the old one is there until the new
// one has its elements. A slice grows by a quarter when it is large; few
// programs have a third of their memory in one. On disk it is half of that.
func (w *watch) memory() (held, reserve int64) {
	metrics.Read(w.samples[:])
	total, released, objects := w.samples[0].Value.Uint64(), w.samples[1].Value.Uint64(), w.samples[2].Value.Uint64()
	if w.kept != nil {
		objects -= min(objects, uint64(w.kept()))
	}
	reserve = int64(objects) / 5
	if !w.onDisk {
		reserve *= 2
	}
	files := ResidentFiles()
	if files > 0 {
		files = max(files, filesInUse)
	}
	return int64(total-released) + files, reserve
}

// bytesText returns n as "2.0 GiB".
func bytesText(n int64) string {
	if n < 1024 {
		return fmt.Sprintf("%d bytes", n)
	}
	v, unit := float64(n)/1024, 0
	for v >= 1024 && unit < 3 {
		v, unit = v/1024, unit+1
	}
	return fmt.Sprintf("%.1f %ciB", v, "KMGT"[unit])
}
