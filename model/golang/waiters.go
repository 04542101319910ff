package golang

import (
	"fmt"
	"strings"

	"github.com/cspcheck/cspcheck/model"
)

// A crowd says of each of those that may wait whether it does: one byte each,
// idle, queued or woken.
type crowd string

const (
	idle   = '.'
	queued = 'w'
	woken  = '!'
)

func nobody(n int) crowd { return crowd(strings.Repeat(string(idle), n)) }

func (c crowd) String() string {
	if c == "" {
		return "nobody"
	}
	return string(c)
}

func (c crowd) with(i int, b byte) crowd { return c[:i] + crowd(b) + c[i+1:] }

// wake returns c with all that wait woken.
func (c crowd) wake() crowd {
	return crowd(strings.ReplaceAll(string(c), string(queued), string(woken)))
}

func checkWaiters(kind, name string, ids []string) error {
	seen := map[string]bool{}
	for _, id := range ids {
		if seen[id] {
			return fmt.Errorf("%s %s has two waiters %s", kind, name, id)
		}
		seen[id] = true
	}
	return nil
}

// A tally is the state of a wait group.
type tally struct {
	count   int
	waiters crowd
}

func (s tally) String() string {
	if s.waiters == "" {
		return fmt.Sprint(s.count)
	}
	return fmt.Sprintf("%d %v", s.count, s.waiters)
}

// WaitGroupMachine returns a sync.WaitGroup that counts to most, for waiters
// with the given names. Its events, behind its name and a dot,
//
//	add.n          n from -most to most, but not 0: the counter changes; Done is add.-1
//	wait.i         waiter i calls Wait, and the counter is not 0
//	pass.i         its Wait returns, at once if the counter is 0
//	high.n         n more is more than can be counted
//	panic.negative.n  n less is less than 0
//	panic.reused.i
//
// Whoever waits when the counter comes to 0 is let go. If the counter goes up
// again before it runs, that is a panic: "new Add calls must happen after all
// previous Wait calls have returned". There are up to (most+1)·3^waiters
// states.
//
// Source: package sync, type WaitGroup, and its code for who panics: the
// waiter, or now and then Add itself, which is told from it by nobody.
func WaitGroupMachine(name string, events *model.Events, most int, waiters ...string) (*model.Machine, error) {
	if most < 1 || most > Most {
		return nil, fmt.Errorf("WaitGroup %s counts to %d, which is not in 1..%d", name, most, Most)
	}
	if err := checkWaiters("WaitGroup", name, waiters); err != nil {
		return nil, err
	}
	if err := checkTransitions("WaitGroup", name, 2*most*(most+1)); err != nil {
		return nil, err
	}
	return model.Tabulate(name, events, tally{0, nobody(len(waiters))}, func(s tally, on func(string, tally)) {
		for n := -most; n <= most; n++ {
			to := tally{s.count + n, s.waiters}
			switch {
			case n == 0:
			case to.count < 0:
			case to.count == 0:
				on(fmt.Sprintf("add.%d", n), tally{0, s.waiters.wake()})
			case to.count <= most:
				on(fmt.Sprintf("add.%d", n), to)
			}
			if n > 0 && s.count < n {
				on(fmt.Sprintf("%s.%d", negative, n), s)
			}
			if n > 0 && s.count > most-n {
				on(fmt.Sprintf("high.%d", n), s)
			}
		}
		for i, id := range waiters {
			switch at := s.waiters[i]; {
			case at != queued && s.count == 0:
				on("pass."+id, tally{0, s.waiters.with(i, idle)})
			case at == woken:
				on(reused+"."+id, s)
			case at == idle:
				on("wait."+id, tally{s.count, s.waiters.with(i, queued)})
			}
		}
	})
}

// CondMachine returns a sync.Cond for waiters with the given names, without
// its lock. Its events, behind its name and a dot,
//
//	wait.i     waiter i is on the list; it then unlocks the lock
//	woken.i    it goes on, and then locks the lock
//	signal     one of those on the list is woken, any; without any, nothing
//	broadcast  all of those on the list are woken
//
// There are 3^waiters states.
//
// Source: package sync, type Cond.
func CondMachine(name string, events *model.Events, waiters ...string) (*model.Machine, error) {
	if err := checkWaiters("Cond", name, waiters); err != nil {
		return nil, err
	}
	return model.Tabulate(name, events, nobody(len(waiters)), func(s crowd, on func(string, crowd)) {
		on("broadcast", s.wake())
		some := false
		for i, id := range waiters {
			switch s[i] {
			case idle:
				on("wait."+id, s.with(i, queued))
			case queued:
				on("signal", s.with(i, woken))
				some = true
			case woken:
				on("woken."+id, s.with(i, idle))
			}
		}
		if !some {
			on("signal", s)
		}
	})
}
