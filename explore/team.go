package explore

import (
	"sync"
	"sync/atomic"
)

// A team does work together with the goroutine that asks it to.
type team struct {
	size  int
	work  func(worker int) // what is to be done; nil: no more
	calls atomic.Uint32    // how often there was work
	idle  atomic.Int32     // workers that have not finished it
	next  atomic.Int64
	fault atomic.Pointer[any] // what a worker panicked with

	mu     sync.Mutex // for those who wait long
	woken  *sync.Cond
	asleep atomic.Int32 // how many do
}

func newTeam(workers int) *team {
	t := &team{size: workers}
	t.woken = sync.NewCond(&t.mu)
	for w := 1; w < workers; w++ {
		go t.serve(w)
	}
	return t
}

// patience is how often a worker looks before it goes to sleep: to wake it
// takes longer than most waits.
const patience = 1 << 15

// wait returns when ready does.
func (t *team) wait(ready func() bool) {
	for range patience {
		if ready() {
			return
		}
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

// try does the work, and notes a panic.
func (t *team) try(worker int) {
	defer func() {
		if fault := recover(); fault != nil {
			t.fault.Store(&fault)
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

// each calls work once for each of n parts, which are always the same
// worker's.
func (t *team) each(n int, work func(worker, part int)) {
	t.together(func(worker int) {
		for i := worker; i < n; i += t.size {
			work(worker, i)
		}
	})
}

// together calls work once by each worker. A panic of one is its own.
func (t *team) together(work func(worker int)) {
	t.work = work
	t.idle.Store(int32(t.size - 1))
	t.calls.Add(1)
	t.wake()
	t.try(0)
	t.wait(func() bool { return t.idle.Load() == 0 })
	if fault := t.fault.Load(); fault != nil {
		panic(*fault)
	}
}

// stop ends the team.
func (t *team) stop() {
	t.work = nil
	t.calls.Add(1)
	t.wake()
}
