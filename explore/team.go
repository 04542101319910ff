package explore

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// A team does work together with the goroutine that asks it to.
type team struct {
	size   int
	work   func(worker int) // what is to be done; nil: no more
	calls  atomic.Uint32    // how often there was work
	idle   atomic.Int32     // workers that have not finished it
	next   atomic.Int64
	broken atomic.Bool            // somebody has panicked
	fault  atomic.Pointer[string] // what a worker panicked with, and where
	shares []span

	patience atomic.Int64 // looks, see wait

	mu     sync.Mutex // for those who wait long
	woken  *sync.Cond
	asleep atomic.Int32 // how many do
}

// newTeam returns a team that does not wait awake where it has more workers than
// may run at a time: who is waited for may need the processor.
func newTeam(workers int) *team {
	if workers > runtime.GOMAXPROCS(0) {
		return newTeamOf(workers, 0)
	}
	return newTeamOf(workers, leastPatience)
}

func newTeamOf(workers int, patience int64) *team {
	t := &team{size: workers}
	t.patience.Store(patience)
	t.woken = sync.NewCond(&t.mu)
	for w := 1; w < workers; w++ {
		go t.serve(w)
	}
	return t
}

// How often a worker looks before it goes to sleep is between these: 40 and 600 µs
// or so. To wake takes it longer than most waits; but where others use the
// processors, too, whoever is waited for may need this one, and would not get it
// for milliseconds. Which it is, is learnt: where a wait ends late, but awake,
// more patience pays; where it does not, less does.
const (
	leastPatience = 1 << 13
	mostPatience  = 1 << 17
)

// wait returns when ready does.
func (t *team) wait(ready func() bool) {
	patience := t.patience.Load()
	for i := range patience {
		if ready() {
			if i > patience/2 {
				t.patience.Store(min(2*patience, mostPatience))
			}
			return
		}
	}
	if patience > leastPatience {
		t.patience.Store(patience / 2)
	}
	t.mu.Lock()
	t.asleep.Add(1) // before it looks: whoever makes it ready looks at this afterwards
	for !ready() {
		t.woken.Wait()
	}
	t.asleep.Add(-1)
	t.mu.Unlock()
}

// wake tells those who sleep that something may be ready. Mostly nobody does:
// to take the lock then would make workers sleep for it.
func (t *team) wake() {
	if t.asleep.Load() == 0 {
		return
	}
	t.mu.Lock()
	t.woken.Broadcast()
	t.mu.Unlock()
}

// serve does the work of a worker.
func (t *team) serve(worker int) {
	for done := uint32(0); ; done++ {
		t.wait(func() bool { return t.calls.Load() != done })
		if t.work == nil {
			return
		}
		t.try(worker)
		if t.idle.Add(-1) == 0 {
			t.wake()
		}
	}
}

// failed reports whether somebody has panicked: what others wait for may not
// come.
func (t *team) failed() bool { return t.broken.Load() }

// heed panics if a worker has.
func (t *team) heed() {
	if t.failed() {
		panic(*t.fault.Load())
	}
}

// fail has those who wait look at that.
func (t *team) fail() {
	t.broken.Store(true)
	t.wake()
}

// try does the work of a worker, and notes a panic.
func (t *team) try(worker int) {
	defer func() {
		if p := recover(); p != nil {
			fault := fmt.Sprintf("%v\n%s", p, debug.Stack())
			t.fault.Store(&fault)
			t.fail()
		}
	}()
	t.work(worker)
}

// do calls work once for each of n parts, by whichever worker is free.
func (t *team) do(n int, work func(worker, part int)) {
	t.next.Store(0)
	t.together(func(worker int) {
		for i := int(t.next.Add(1)) - 1; i < n; i = int(t.next.Add(1)) - 1 {
			work(worker, i)
		}
	})
}

// share calls work once for each of n parts. Each worker has some that follow
// each other; one that has no more takes what is last of another's.
func (t *team) share(n int, work func(worker, part int)) {
	t.deal(n)
	t.together(func(worker int) { t.play(worker, work) })
}

// deal gives each worker its share of n parts, before play.
func (t *team) deal(n int) {
	if t.shares == nil {
		t.shares = make([]span, t.size)
	}
	for w := range t.shares {
		t.shares[w].set(t.some(w, n))
	}
}

// play does what share says, as one of the workers.
func (t *team) play(worker int, work func(worker, part int)) {
	for w := range t.size {
		for own := &t.shares[(worker+w)%t.size]; ; {
			part, ok := own.take(w == 0)
			if !ok {
				break
			}
			work(worker, part)
		}
	}
}

// A span is some parts that nobody works on yet: from the lower half of its
// word up to the upper half.
type span struct {
	ends atomic.Uint64
	_    [56]byte // a line of the cache for itself
}

func (s *span) set(from, to int) { s.ends.Store(uint64(to)<<32 | uint64(from)) }

// take returns the first or the last part of it, if there is one.
func (s *span) take(first bool) (int, bool) {
	for {
		ends := s.ends.Load()
		from, to := ends&(1<<32-1), ends>>32
		if from >= to {
			return 0, false
		}
		part, now := from, to<<32|(from+1)
		if !first {
			part, now = to-1, (to-1)<<32|from
		}
		if s.ends.CompareAndSwap(ends, now) {
			return int(part), true
		}
	}
}

// each calls work once for each of n parts, which are always the same
// worker's.
func (t *team) each(n int, work func(worker, part int)) {
	t.together(func(worker int) {
		for i, to := t.some(worker, n); i < to; i++ {
			work(worker, i)
		}
	})
}

// some returns which of n parts, that follow each other, are a worker's.
func (t *team) some(worker, n int) (from, to int) {
	return worker * n / t.size, (worker + 1) * n / t.size
}

// together calls work once by each worker. A panic of one is its own.
func (t *team) together(work func(worker int)) {
	t.work = work
	t.idle.Store(int32(t.size - 1))
	t.calls.Add(1)
	t.wake()
	t.first()
	t.heed()
}

// first does the work of whoever has called together, and waits for the others.
func (t *team) first() {
	whole := false
	defer func() {
		if !whole { // it goes on panicking
			t.fail()
		}
		t.wait(func() bool { return t.idle.Load() == 0 })
	}()
	t.work(0)
	whole = true
}

// stop ends the team.
func (t *team) stop() {
	t.work = nil
	t.calls.Add(1)
	t.wake()
}
