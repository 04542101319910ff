package java

import (
	"fmt"

	"github.com/cspcheck/cspcheck/model"
)

// A lock is the state of a ReentrantLock: who owns it and how often; who queues
// for it, first come first if it is fair, and otherwise by threads; and who
// waits for its conditions, first come first.
type lock struct {
	owner, holds int
	queue        line
	waiting      line
	fair         bool
	threads      *[]string
}

func (l lock) String() string {
	text := "free"
	if l.owner != nobody {
		text = fmt.Sprintf("%s holds %d", (*l.threads)[l.owner], l.holds)
	}
	return fmt.Sprintf("%s, queue %s, waiting %s", text, l.queue.text(*l.threads), l.waiting.text(*l.threads))
}

// LockOptions says what kind of ReentrantLock it is.
type LockOptions struct {
	Holds      int      // how often a thread may hold it, at least 1
	Fair       bool     // new ReentrantLock(true)
	Spurious   bool     // await may wake up spuriously
	Conditions []string // of newCondition
}

// LockMachine returns a java.util.concurrent.locks.ReentrantLock. Its events,
// behind its name and a dot, end in the thread t that does them:
//
//	lock.t       t gets the lock; again, if it owns it
//	queue.t      it can't, and from now on it is in the queue; lock.t follows
//	trylock.t    tryLock(): t gets the lock if nobody owns it, whoever queues for it
//	busy.t       tryLock() fails, as another thread owns it
//	unlock.t     one hold less
//	await.c.t    t gives up all its holds, and waits for condition c
//	woken.t      it was signalled, and has the lock back, as often as before
//	signal.c.t   who waits longest for c goes to the queue
//	signalAll.c.t  all do, in their order
//	lost.c.t     a signal or signalAll while nobody waits for c
//	spuriously.t  t goes to the queue by itself, if that is asked for
//	deep.t       one hold more than can be counted
//	throws.illegalMonitorState.t  unlock, await, signal or signalAll by who does not own it
//
// A fair lock goes to who has queued longest, and nobody gets it by lock while
// others queue ("favor granting access to the longest-waiting thread"); one
// that is not may go to anyone. tryLock "does not honor the fairness setting".
//
// Source: java.util.concurrent.locks, Java SE 17: class ReentrantLock (class
// description; newCondition: "Waiting threads are signalled in FIFO order",
// "the ordering of lock reacquisition ... is the same as for threads initially
// acquiring the lock"), interface Condition ("Implementation Considerations"
// for spurious wake-ups).
func LockMachine(name string, events *model.Events, o LockOptions, threads ...string) (*model.Machine, error) {
	if err := checkNames("threads", "lock "+name, threads); err != nil {
		return nil, err
	}
	if err := checkNames("conditions", "lock "+name, o.Conditions); err != nil {
		return nil, err
	}
	if err := checkCount("lock "+name, "holds", o.Holds, 1); err != nil {
		return nil, err
	}
	return model.Tabulate(name, events, lock{owner: nobody, fair: o.Fair, threads: &threads}, func(l lock, on func(string, lock)) {
		for t, id := range threads {
			switch {
			case l.queue.has(t) || l.waiting.has(t):
			case l.owner == t:
				l.owned(id, o, on)
			default:
				l.other(t, id, on)
			}
		}
		l.granted(on)
		for _, s := range l.waiting.all() {
			if o.Spurious {
				on(spuriously+"."+threads[s.thread], l.requeue(s))
			}
		}
	})
}

// other tells what a thread may do that neither owns the lock nor waits.
func (l lock) other(t int, id string, on func(string, lock)) {
	on(illegalMonitorState+"."+id, l)
	if l.owner == nobody {
		on("trylock."+id, l.held(t, 1))
	} else {
		on("busy."+id, l)
	}
	if l.owner == nobody && (!l.fair || l.queue == "") {
		on("lock."+id, l.held(t, 1))
		return
	}
	on("queue."+id, l.queued(sleeper{t, 0, -1}))
}

// granted tells to whom of the queue the lock may go.
func (l lock) granted(on func(string, lock)) {
	if l.owner != nobody {
		return
	}
	for i, s := range l.queue.all() {
		if l.fair && i > 0 {
			return
		}
		to := l.held(s.thread, max(s.holds, 1))
		to.queue = l.queue.without(s.thread)
		if s.holds == 0 {
			on("lock."+(*l.threads)[s.thread], to)
		} else {
			on(woken+"."+(*l.threads)[s.thread], to)
		}
	}
}

// owned tells what the owner may do.
func (l lock) owned(id string, o LockOptions, on func(string, lock)) {
	t := l.owner
	if l.holds < o.Holds {
		on("lock."+id, l.held(t, l.holds+1))
		on("trylock."+id, l.held(t, l.holds+1))
	} else {
		on(deep+"."+id, l)
	}
	if l.holds > 1 {
		on("unlock."+id, l.held(t, l.holds-1))
	} else {
		on("unlock."+id, l.held(nobody, 0))
	}
	for c, condition := range o.Conditions {
		behind := "." + condition + "." + id
		asleep := l.held(nobody, 0)
		asleep.waiting += sleeper{t, l.holds, c}.line()
		on("await"+behind, asleep)
		waiting := l.waiting.of(c)
		if len(waiting) == 0 {
			on(lost+behind, l)
			continue
		}
		on("signal"+behind, l.requeue(waiting[0]))
		all := l
		for _, s := range waiting {
			all = all.requeue(s)
		}
		on("signalAll"+behind, all)
	}
}

// held returns l with an owner.
func (l lock) held(owner, holds int) lock {
	l.owner, l.holds = owner, holds
	return l
}

// queued returns l with one more in the queue.
func (l lock) queued(s sleeper) lock {
	l.queue += s.line()
	if !l.fair {
		l.queue = l.queue.sorted()
	}
	return l
}

// requeue returns l when who waited for a condition queues for the lock.
func (l lock) requeue(s sleeper) lock {
	l.waiting = l.waiting.without(s.thread)
	return l.queued(sleeper{s.thread, s.holds, -1})
}
