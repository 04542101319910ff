package golang

import (
	"fmt"

	"github.com/cspcheck/cspcheck/model"
)

// MutexMachine returns a sync.Mutex. Its states are unlocked and locked; its
// events, behind its name and a dot,
//
//	lock  unlock   locking waits for unlocked; anyone may unlock
//	locked         TryLock would fail now
//	panic.notLocked
//
// Source: package sync, type Mutex.
func MutexMachine(name string, events *model.Events) (*model.Machine, error) {
	return model.Tabulate(name, events, lockState(false), func(locked lockState, on func(string, lockState)) {
		if locked {
			on("unlock", false)
			on("locked", true)
			return
		}
		on("lock", true)
		on(notLocked, false)
	})
}

type lockState bool

func (l lockState) String() string {
	if l {
		return "locked"
	}
	return "unlocked"
}

// A rwState is how many readers have the lock, and how far a writer is with it.
type rwState struct {
	readers int
	writer  stage
}

type stage int

const (
	free    stage = iota
	waiting       // a writer has come: no more readers
	writing
)

func (s rwState) String() string {
	text := fmt.Sprintf("%d reading", s.readers)
	switch s.writer {
	case waiting:
		return text + ", a writer waits"
	case writing:
		return "writing"
	}
	return text
}

// RWMutexMachine returns a sync.RWMutex for at most so many readers at once.
// Its events, behind its name and a dot,
//
//	rlock  runlock   reading waits while a writer writes or waits
//	wait             a writer comes, the first of those that wait for each other
//	lock  unlock     writing begins when the readers are gone, and ends
//	trylock          a writer begins at once
//	busy             TryLock would fail now
//	written          TryRLock would fail now
//	crowd            one reader more than can be counted
//	panic.notLocked  panic.notRLocked
//
// Writing takes wait and then lock. For n readers there are 2n+3 states.
//
// Source: package sync, type RWMutex: "If any goroutine calls Lock while the
// lock is already held by one or more readers, concurrent calls to RLock will
// block until the writer has acquired (and released) the lock".
func RWMutexMachine(name string, events *model.Events, readers int) (*model.Machine, error) {
	if readers < 1 {
		return nil, fmt.Errorf("RWMutex %s is for %d readers", name, readers)
	}
	return model.Tabulate(name, events, rwState{}, func(s rwState, on func(string, rwState)) {
		switch s.writer {
		case free:
			if s.readers < readers {
				on("rlock", rwState{s.readers + 1, free})
			} else {
				on("crowd", s)
			}
			on("wait", rwState{s.readers, waiting})
			if s.readers == 0 {
				on("trylock", rwState{0, writing})
			}
		case waiting:
			if s.readers == 0 {
				on("lock", rwState{0, writing})
			}
		case writing:
			on("unlock", rwState{})
		}
		if s.readers > 0 {
			on("runlock", rwState{s.readers - 1, s.writer})
		} else {
			on(notRLocked, s)
		}
		if s.writer != writing {
			on(notLocked, s)
		}
		if s.writer != free {
			on("written", s)
		}
		if s.writer != free || s.readers > 0 {
			on("busy", s)
		}
	})
}

// SemaphoreMachine returns a counting semaphore of n permits, as that of
// golang.org/x/sync/semaphore with weights of one. Its states are how many
// permits are taken; its events, behind its name and a dot,
//
//	acquire  release
//	none             TryAcquire would fail now
//	panic.notHeld    a release of what nobody holds
//
// Source: Dijkstra, "Cooperating sequential processes", 1968; package
// golang.org/x/sync/semaphore.
func SemaphoreMachine(name string, events *model.Events, n int) (*model.Machine, error) {
	if n < 0 {
		return nil, fmt.Errorf("semaphore %s has %d permits", name, n)
	}
	return model.Tabulate(name, events, 0, func(taken int, on func(string, int)) {
		if taken < n {
			on("acquire", taken+1)
		} else {
			on("none", taken)
		}
		if taken > 0 {
			on("release", taken-1)
		} else {
			on(notHeld, taken)
		}
	})
}

// A onceState is how far a Once is.
type onceState int

func (s onceState) String() string { return [...]string{"new", "running", "done"}[s] }

// OnceMachine returns a sync.Once. Its states are new, running and done; its
// events, behind its name and a dot,
//
//	begin    the first call runs its function
//	end      the function has returned
//	pass     another call returns, once the function has
//
// Source: package sync, type Once.
func OnceMachine(name string, events *model.Events) (*model.Machine, error) {
	return model.Tabulate(name, events, onceState(0), func(s onceState, on func(string, onceState)) {
		switch s {
		case 0:
			on("begin", 1)
		case 1:
			on("end", 2)
		case 2:
			on("pass", 2)
		}
	})
}
