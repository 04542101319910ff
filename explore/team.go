package explore

import (
	"sync"
	"sync/atomic"
)

// A team does work together with the goroutine that asks it to.
type team struct {
	calls []chan func(worker int) // of all but the first worker
	ends  sync.WaitGroup
	next  atomic.Int64
	fault atomic.Pointer[any] // what a worker panicked with
}

func newTeam(workers int) *team {
	t := &team{}
	for w := 1; w < workers; w++ {
		calls := make(chan func(int))
		t.calls = append(t.calls, calls)
		go func() {
			for call := range calls {
				call(w)
			}
		}()
	}
	return t
}

// do calls work once for each of n parts, by whichever worker is free. A
// panic of a worker is one of do.
func (t *team) do(n int, work func(worker, part int)) {
	t.next.Store(0)
	t.ends.Add(len(t.calls))
	call := func(worker int) {
		for i := int(t.next.Add(1)) - 1; i < n; i = int(t.next.Add(1)) - 1 {
			work(worker, i)
		}
	}
	for _, c := range t.calls {
		c <- func(worker int) {
			defer t.ends.Done()
			defer func() {
				if fault := recover(); fault != nil {
					t.fault.Store(&fault)
				}
			}()
			call(worker)
		}
	}
	call(0)
	t.ends.Wait()
	if fault := t.fault.Load(); fault != nil {
		panic(*fault)
	}
}

// stop ends the team.
func (t *team) stop() {
	for _, c := range t.calls {
		close(c)
	}
}
