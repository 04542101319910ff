package explore

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// Limits bound a search. Zero means no bound.
type Limits struct {
	States int64
	Memory int64 // bytes of the whole process, looked at every few milliseconds
	Time   time.Duration

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

	// Progress, if not nil, is told about the search at most ten times a
	// second, by the goroutine that called Run.
	Progress func(Stats)
}

// Stats says how much a search has seen.
type Stats struct {
	States      int64
	Transitions int64 // from the states expanded; equal ones of a state count once
	Depth       int64 // of the deepest state found; the initial one has depth 0
	Time        time.Duration
	Memory      int64 // the most bytes that the process was seen to hold

	// Missed bounds the probability that the search took different states for
	// one, and so missed some: 0 but with StoreHashed.
	Missed float64

	// Of a search beside a specification, as far as that was made: the nodes
	// of its normal form and its states. 0 without one.
	SpecNodes, SpecStates int64
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
	measured   time.Time     // when memory was last measured
	pause      time.Duration // until it is measured again
	progressed time.Time
	peak       int64 // bytes
	samples    [2]metrics.Sample
}

func newWatch(ctx context.Context, limits Limits) *watch {
	w := &watch{ctx: ctx, limits: limits, start: time.Now()}
	w.progressed = w.start
	w.samples[0].Name = "/memory/classes/total:bytes"
	w.samples[1].Name = "/memory/classes/heap/released:bytes"
	return w
}

// Watch returns a function to ask now and then during work that is not a
// search: it returns the limit on time or memory that has been passed, or
// that ctx is done, or nil.
func (l Limits) Watch(ctx context.Context) func() error {
	w := newWatch(ctx, l)
	return func() error { return w.check(time.Now()) }
}

// check returns the limit that has been passed, or nil.
func (w *watch) check(now time.Time) error {
	if err := w.ctx.Err(); errors.Is(err, context.DeadlineExceeded) {
		return &Limit{"longer than its deadline allows"}
	} else if err != nil {
		return &Limit{"cancelled"}
	}
	if w.limits.Time > 0 && now.Sub(w.start) > w.limits.Time {
		return &Limit{fmt.Sprintf("longer than %v", w.limits.Time)}
	}
	if now.Sub(w.measured) < w.pause {
		return nil
	}
	w.pause = memoryEvery
	err := w.room(0)
	w.measured = time.Now()
	return err
}

// room returns a *Limit if the process holds more than it may, or would with
// extra bytes more. Garbage is cleared away before saying so; near the limit
// that happens again and again, and gets no more than a tenth of the time.
func (w *watch) room(extra int64) error {
	held := w.memory()
	w.peak = max(w.peak, held)
	if w.limits.Memory <= 0 || held+extra <= w.limits.Memory {
		return nil
	}
	start := time.Now()
	debug.FreeOSMemory()
	w.pause = max(w.pause, 9*time.Since(start))
	if w.memory()+extra <= w.limits.Memory {
		return nil
	}
	return &Limit{fmt.Sprintf("more than %s of memory", bytesText(w.limits.Memory))}
}

// progress tells the caller how far the search is, if it is time to.
func (w *watch) progress(now time.Time, st Stats) {
	if w.limits.Progress == nil || now.Sub(w.progressed) < progressEvery {
		return
	}
	w.progressed = now
	st.Time, st.Memory = now.Sub(w.start), w.peak
	w.limits.Progress(st)
}

// memory returns the bytes that the Go runtime holds and has not given back
// to the operating system.
func (w *watch) memory() int64 {
	metrics.Read(w.samples[:])
	return int64(w.samples[0].Value.Uint64() - w.samples[1].Value.Uint64())
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
