package java

import (
	"fmt"

	"github.com/cspcheck/cspcheck/model"
)

// nobody owns a lock.
const nobody = -1

// A monitor is the state of one: who owns it and how often, the wait set, and
// those who were notified and want it back. Both lines are sorted.
type monitor struct {
	owner, holds int
	waiting      line
	notified     line
	threads      *[]string
}

func (m monitor) String() string {
	text := "free"
	if m.owner != nobody {
		text = fmt.Sprintf("%s holds %d", (*m.threads)[m.owner], m.holds)
	}
	return fmt.Sprintf("%s, waiting %s, notified %s", text, m.waiting.text(*m.threads), m.notified.text(*m.threads))
}

// MonitorMachine returns the monitor of an object, which its threads may hold
// up to a number of times each. Its events, behind its name and a dot, end in
// the thread t that does them:
//
//	lock.t  unlock.t  a synchronized block or method begins, and ends (JLS 14.19, 17.1):
//	                  who owns the monitor may lock it again
//	wait.t            t gives up all its holds, and is in the wait set (17.2.1)
//	woken.t           it was notified, and has the monitor back, as often as before
//	notify.t          a thread of the wait set, any, is removed from it (17.2.2)
//	notifyAll.t       all are
//	lost.t            a notify or notifyAll while the wait set is empty: nothing comes of it
//	spuriously.t      t leaves the wait set by itself, if that is asked for (17.2.1)
//	deep.t            one hold more than can be counted
//	throws.illegalMonitorState.t  wait, notify or notifyAll by who does not own it
//
// A thread that was notified competes with all others for the monitor: it has
// no privilege, and others may come in before it (class Object, notify:
// "The awakened thread will compete in the usual manner with
// any other threads that might be actively competing to synchronize on this
// object").
//
// Source: The Java Language Specification (JLS), Java SE 17, 17.1 and 17.2;
// class Object. A wait with a timeout is one that may wake up spuriously.
func MonitorMachine(name string, events *model.Events, holds int, spurious bool, threads ...string) (*model.Machine, error) {
	if err := checkNames("threads", "monitor "+name, threads); err != nil {
		return nil, err
	}
	if err := checkCount("monitor "+name, "holds", holds, 1); err != nil {
		return nil, err
	}
	return model.Tabulate(name, events, monitor{owner: nobody, threads: &threads}, func(m monitor, on func(string, monitor)) {
		for t, id := range threads {
			if m.waiting.has(t) || m.notified.has(t) {
				continue
			}
			if m.owner == t {
				m.owned(id, holds, on)
				continue
			}
			if m.owner == nobody {
				on("lock."+id, m.held(t, 1))
			}
			on(illegalMonitorState+"."+id, m)
		}
		for _, s := range m.notified.all() {
			if m.owner == nobody {
				to := m.held(s.thread, s.holds)
				to.notified = m.notified.without(s.thread)
				on(woken+"."+threads[s.thread], to)
			}
		}
		for _, s := range m.waiting.all() {
			if spurious {
				on(spuriously+"."+threads[s.thread], m.notify(s))
			}
		}
	})
}

// owned tells what the owner may do.
func (m monitor) owned(id string, holds int, on func(string, monitor)) {
	t := m.owner
	if m.holds < holds {
		on("lock."+id, m.held(t, m.holds+1))
	} else {
		on(deep+"."+id, m)
	}
	if m.holds > 1 {
		on("unlock."+id, m.held(t, m.holds-1))
	} else {
		on("unlock."+id, m.held(nobody, 0))
	}
	asleep := m.held(nobody, 0)
	asleep.waiting = (m.waiting + sleeper{t, m.holds, 0}.line()).sorted()
	on("wait."+id, asleep)
	if m.waiting == "" {
		on(lost+"."+id, m)
		return
	}
	all := m
	for _, s := range m.waiting.all() {
		on("notify."+id, m.notify(s))
		all = all.notify(s)
	}
	on("notifyAll."+id, all)
}

// held returns m with an owner.
func (m monitor) held(owner, holds int) monitor {
	m.owner, m.holds = owner, holds
	return m
}

// notify returns m when a thread has left the wait set.
func (m monitor) notify(s sleeper) monitor {
	m.waiting = m.waiting.without(s.thread)
	m.notified = (m.notified + s.line()).sorted()
	return m
}
