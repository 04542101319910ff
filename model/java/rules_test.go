package java_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/model"
	. "github.com/cspcheck/cspcheck/model/java"
)

// A made is a machine called x, or why there is none.
type made func(*model.Events) (*model.Machine, error)

func monitor(holds int, spurious bool, threads ...string) made {
	return func(e *model.Events) (*model.Machine, error) {
		return MonitorMachine("x", e, holds, spurious, threads...)
	}
}

func lock(o LockOptions, threads ...string) made {
	return func(e *model.Events) (*model.Machine, error) { return LockMachine("x", e, o, threads...) }
}

func pool(size Size, tasks ...string) made {
	return func(e *model.Events) (*model.Machine, error) { return PoolMachine("x", e, size, tasks...) }
}

func future(values ...string) made {
	return func(e *model.Events) (*model.Machine, error) { return FutureMachine("x", e, values...) }
}

func queue(capacity int, values ...string) made {
	return func(e *model.Events) (*model.Machine, error) { return QueueMachine("x", e, capacity, values...) }
}

// build makes a machine.
func build(t interface {
	Helper()
	Fatal(...any)
}, make made,
) *model.Machine {
	t.Helper()
	m, err := make(model.NewEvents())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// after returns where an event, without the x, leads from some states.
func after(m *model.Machine, at []model.State, event string) []model.State {
	var out []model.State
	e, ok := m.Events().Lookup("x." + event)
	for _, s := range at {
		events, targets := m.Transitions(s)
		for i, f := range events {
			if ok && f == e && !slices.Contains(out, targets[i]) {
				out = append(out, targets[i])
			}
		}
	}
	return out
}

// Each rule: after a trace some events are possible, and others are not.
func TestRules(t *testing.T) {
	ab, abc := []string{"a", "b"}, []string{"a", "b", "c"}
	fair := LockOptions{Holds: 2, Fair: true, Conditions: []string{"c", "d"}}
	unfair := LockOptions{Holds: 2, Conditions: []string{"c", "d"}}
	for _, tt := range []struct {
		rule     string
		make     made
		after    string
		can      string
		cannot   string
		nobodyDo string // a prefix that no possible event has; "" is none
	}{
		// JLS 17.1: monitors.
		{"one thread owns it", monitor(1, false, ab...), "lock.a", "unlock.a", "lock.b unlock.b", ""},
		{"who owns it may lock it again", monitor(2, false, ab...), "lock.a", "lock.a", "deep.a", ""},
		{"it is free when unlocked as often", monitor(2, false, ab...), "lock.a lock.a unlock.a", "unlock.a", "lock.b", ""},
		{"and then anyone has it", monitor(2, false, ab...), "lock.a lock.a unlock.a unlock.a", "lock.b lock.a", "unlock.a", ""},
		{"more holds than are counted", monitor(2, false, ab...), "lock.a lock.a", "deep.a", "lock.a", ""},
		// 17.2.1: wait.
		{"only the owner waits", monitor(1, false, ab...), "lock.a", "wait.a throws.illegalMonitorState.b", "wait.b throws.illegalMonitorState.a", ""},
		{"wait gives all holds up", monitor(2, false, ab...), "lock.a lock.a wait.a", "lock.b", "woken.a unlock.a lock.a", ""},
		{"and has them back", monitor(2, false, ab...), "lock.a lock.a wait.a lock.b notify.b unlock.b woken.a unlock.a", "unlock.a", "lock.b", ""},
		{"but no more than it had", monitor(3, false, ab...), "lock.a lock.a wait.a lock.b notify.b unlock.b woken.a unlock.a unlock.a", "lock.b", "unlock.a", ""},
		{"who waits does nothing else", monitor(1, false, "a"), "lock.a wait.a", "", "lock.a woken.a throws.illegalMonitorState.a", "x"},
		// 17.2.2: notification.
		{"only the owner notifies", monitor(1, false, ab...), "lock.a wait.a", "throws.illegalMonitorState.b", "notify.b notifyAll.b lost.b", ""},
		{"a notification that nobody waits for", monitor(1, false, ab...), "lock.a", "lost.a", "notify.a notifyAll.a", ""},
		{"is not kept", monitor(1, false, ab...), "lock.a lost.a wait.a", "lock.b", "woken.a", ""},
		{"who is notified waits for the monitor", monitor(1, false, ab...), "lock.a wait.a lock.b notify.b", "unlock.b lost.b", "woken.a", ""},
		{"and competes for it with others", monitor(1, false, abc...), "lock.a wait.a lock.b notify.b unlock.b", "woken.a lock.b lock.c", "", ""},
		{"they may come in before it", monitor(1, false, abc...), "lock.a wait.a lock.b notify.b unlock.b lock.c", "unlock.c", "woken.a", ""},
		{"notify wakes anyone", monitor(1, false, abc...), "lock.a wait.a lock.b wait.b lock.c notify.c unlock.c", "woken.a woken.b", "", ""},
		{"and only one", monitor(1, false, abc...), "lock.a wait.a lock.b wait.b lock.c notify.c unlock.c woken.b unlock.b", "lock.b", "woken.a", ""},
		{"notifyAll wakes all", monitor(1, false, abc...), "lock.a wait.a lock.b wait.b lock.c notifyAll.c unlock.c woken.b unlock.b", "woken.a", "", ""},
		{"one after the other", monitor(1, false, abc...), "lock.a wait.a lock.b wait.b lock.c notifyAll.c unlock.c woken.b", "unlock.b", "woken.a", ""},
		{"spurious, where that is asked for", monitor(1, true, ab...), "lock.a wait.a", "spuriously.a", "woken.a", ""},
		{"wake-ups", monitor(1, true, ab...), "lock.a wait.a spuriously.a", "woken.a", "spuriously.a", ""},
		{"and otherwise never", monitor(1, false, ab...), "lock.a wait.a", "lock.b", "", "x.spuriously"},

		// ReentrantLock, fair or not.
		{"it is mutual exclusion", lock(unfair, ab...), "lock.a", "queue.b busy.b unlock.a", "lock.b trylock.b queue.a busy.a", ""},
		{"re-entrant", lock(unfair, ab...), "lock.a", "lock.a trylock.a", "deep.a", ""},
		{"to a bound", lock(unfair, ab...), "lock.a trylock.a", "deep.a", "lock.a trylock.a", ""},
		{"and given back as often", lock(unfair, ab...), "lock.a lock.a unlock.a", "unlock.a queue.b", "lock.b", ""},
		{"only the owner unlocks", lock(fair, ab...), "lock.a", "throws.illegalMonitorState.b", "unlock.b throws.illegalMonitorState.a", ""},
		{"who queues does nothing else", lock(fair, ab...), "lock.a queue.b", "unlock.a", "queue.b busy.b lock.b throws.illegalMonitorState.b", ""},
		{"fair: first come, first served", lock(fair, abc...), "lock.a queue.c queue.b unlock.a", "lock.c", "lock.b", ""},
		{"and nobody passes the queue", lock(fair, abc...), "lock.a queue.c unlock.a", "queue.a queue.b lock.c", "lock.a lock.b", ""},
		{"but with tryLock", lock(fair, abc...), "lock.a queue.c unlock.a", "trylock.a trylock.b", "busy.a", ""},
		{"not fair: anyone of the queue", lock(unfair, abc...), "lock.a queue.c queue.b unlock.a", "lock.b lock.c", "", ""},
		{"and anyone else", lock(unfair, abc...), "lock.a queue.c unlock.a", "lock.a lock.b lock.c", "queue.a queue.b", ""},
		{"who has got it has left the queue", lock(unfair, abc...), "lock.a queue.c unlock.a lock.c unlock.c", "lock.c throws.illegalMonitorState.c", "", ""},
		// Conditions.
		{"only the owner waits for a condition", lock(fair, ab...), "lock.a", "await.c.a await.d.a", "await.c.b", ""},
		{"await gives all holds up", lock(fair, ab...), "lock.a lock.a await.c.a", "lock.b", "woken.a lock.a", ""},
		{"and has them back", lock(fair, ab...), "lock.a lock.a await.c.a lock.b signal.c.b unlock.b woken.a unlock.a", "unlock.a", "lock.b", ""},
		{"a signal is to a condition", lock(fair, ab...), "lock.a await.c.a lock.b", "signal.c.b signalAll.c.b lost.d.b", "signal.d.b lost.c.b", ""},
		{"the first is signalled", lock(unfair, abc...), "lock.b await.c.b lock.a await.c.a lock.c signal.c.c unlock.c", "woken.b", "woken.a", ""},
		{"of those who wait for it", lock(unfair, abc...), "lock.b await.d.b lock.a await.c.a lock.c signal.c.c unlock.c", "woken.a", "woken.b", ""},
		{"signalAll is to all of them", lock(unfair, abc...), "lock.b await.c.b lock.a await.c.a lock.c signalAll.c.c unlock.c", "woken.a woken.b", "", ""},
		{"in their order, if it is fair", lock(fair, abc...), "lock.b await.c.b lock.a await.c.a lock.c signalAll.c.c unlock.c", "woken.b", "woken.a", ""},
		{"behind who queues already", lock(fair, abc...), "lock.a await.c.a lock.b queue.c signal.c.b unlock.b", "lock.c", "woken.a", ""},
		{"and to no others", lock(unfair, abc...), "lock.b await.d.b lock.a await.c.a lock.c signalAll.c.c unlock.c", "woken.a", "woken.b", ""},
		{"spurious, where that is asked for", lock(LockOptions{Holds: 1, Spurious: true, Conditions: []string{"c"}}, "a"), "lock.a await.c.a spuriously.a", "woken.a", "spuriously.a", ""},

		// ThreadPoolExecutor: core and maximum pool sizes, queuing, rejected tasks.
		{"a new worker up to the core, though one is idle", pool(Size{2, 2, 2}, "1", "2"), "execute.1 run.1 done.1 execute.2", "run.2", "take.2", ""},
		{"then the queue", pool(Size{1, 2, 1}, abc...), "execute.a execute.b", "run.a", "run.b take.b", ""},
		{"then a worker more", pool(Size{1, 2, 1}, abc...), "execute.a execute.b execute.c", "run.a run.c", "run.b take.b", ""},
		{"and then it is rejected", pool(Size{1, 1, 1}, abc...), "execute.a execute.b", "rejected.c", "execute.c", ""},
		{"first in, first out", pool(Size{1, 1, 2}, abc...), "execute.a execute.c execute.b run.a done.a", "take.c", "take.b run.c", ""},
		{"a queue has its room back", pool(Size{1, 1, 1}, abc...), "execute.a execute.b run.a done.a take.b", "execute.c", "rejected.c", ""},
		{"a worker does one at a time", pool(Fixed(1), ab...), "execute.a execute.b run.a", "done.a", "take.b run.b", ""},
		{"a fixed pool takes all", pool(Fixed(1), abc...), "execute.a execute.b", "execute.c", "rejected.c", ""},
		{"a cached pool has nobody at first", pool(Cached(2), abc...), "execute.a execute.b", "run.a run.b rejected.c", "execute.c", ""},
		{"and hands over to who is idle", pool(Cached(1), abc...), "execute.a run.a done.a execute.b", "run.b", "take.b", ""},
		{"but not before it is", pool(Cached(1), abc...), "execute.a run.a", "rejected.b", "execute.b", ""},
		{"without a core, one is there for the queue", pool(Size{0, 2, 2}, abc...), "execute.a", "take.a", "run.a", ""},
		{"but only one", pool(Size{0, 2, 2}, abc...), "execute.a execute.b take.a", "run.a", "take.b", ""},
		{"who is idle, beyond the core, may end", pool(Cached(1), abc...), "execute.a run.a done.a retire", "execute.b", "retire", ""},
		{"and the core does not", pool(Fixed(1), abc...), "execute.a run.a done.a", "execute.b", "retire", ""},
		{"after a shutdown nothing is accepted", pool(Fixed(1), abc...), "shutdown", "rejected.a terminated", "execute.a", ""},
		{"and what was is done", pool(Fixed(1), abc...), "execute.a execute.b shutdown run.a done.a take.b run.b", "done.b", "terminated", ""},
		{"the queue is not forgotten", pool(Fixed(1), abc...), "execute.a execute.b shutdown run.a done.a", "take.b", "terminated", ""},
		{"before it is terminated", pool(Fixed(1), abc...), "execute.a execute.b shutdown run.a done.a take.b run.b done.b", "terminated", "execute.a", ""},
		{"nobody terminates it before", pool(Fixed(1), abc...), "execute.a run.a done.a", "shutdown", "terminated", ""},

		// Future.
		{"get waits", future("1", "2"), "", "complete.1 complete.2 cancel pending", "get.1 get.2 cancelled late", ""},
		{"and returns what it is completed with", future("1", "2"), "complete.2", "get.2 late", "get.1 pending cancel complete.1 complete.2", ""},
		{"as often as one likes", future("1", "2"), "complete.2 get.2 get.2 late", "get.2", "get.1", ""},
		{"or throws, if it was cancelled", future("1"), "cancel", "cancelled late", "get.1 complete.1 pending", ""},
		{"to cancel again may be true, or false", future("1"), "cancel", "cancel late", "complete.1", ""},
		{"but not once it is completed", future("1"), "complete.1", "late", "cancel", ""},

		// BlockingQueue.
		{"first in, first out", queue(2, "1", "2"), "put.1 put.2", "take.1", "take.2", ""},
		{"put waits for room", queue(2, "1", "2"), "put.1 put.2", "full", "put.1 put.2 empty", ""},
		{"take for something", queue(2, "1", "2"), "put.1 take.1", "empty put.1", "take.1 full", ""},
	} {
		m := build(t, tt.make)
		at := []model.State{m.Initial()}
		for i, e := range strings.Fields(tt.after) {
			if at = after(m, at, e); len(at) == 0 {
				t.Errorf("%s: %s: event %d, %s, is not possible", tt.rule, tt.after, i, e)
			}
		}
		for _, e := range strings.Fields(tt.can) {
			if len(after(m, at, e)) == 0 {
				t.Errorf("%s: after %s %s is not possible", tt.rule, tt.after, e)
			}
		}
		for _, e := range strings.Fields(tt.cannot) {
			if len(after(m, at, e)) > 0 {
				t.Errorf("%s: after %s %s is possible", tt.rule, tt.after, e)
			}
		}
		for _, s := range at {
			events, _ := m.Transitions(s)
			for _, e := range events {
				if name := m.Events().Name(e); tt.nobodyDo != "" && strings.HasPrefix(name, tt.nobodyDo) {
					t.Errorf("%s: after %s %s is possible", tt.rule, tt.after, name)
				}
			}
		}
	}
}

// What cannot be is refused, and said.
func TestMachinesRefuse(t *testing.T) {
	many := make([]string, 30)
	for i := range many {
		many[i] = strings.Repeat("t", i+1)
	}
	for _, tt := range []struct {
		make made
		want string
	}{
		{monitor(0, false, "a"), "monitor x has 0 holds, which is not in 1.."},
		{monitor(1, false, "a", "a"), `monitor x has two threads "a"`},
		{monitor(1, false, ""), "or one without a name"},
		{monitor(1<<30, false, "a"), "holds, which is not in"},
		{lock(LockOptions{}, "a"), "lock x has 0 holds"},
		{lock(LockOptions{Holds: 1, Conditions: []string{"c", "c"}}, "a"), `lock x has two conditions "c"`},
		{pool(Size{0, 0, 1}, "a"), "pool x has 0 threads at most"},
		{pool(Size{3, 2, 1}, "a"), "pool x has 2 threads at most, which is not in 3.."},
		{pool(Size{-1, 2, 1}, "a"), "pool x has -1 core threads"},
		{pool(Size{1, 2, -1}, "a"), "pool x has -1 places in its queue"},
		{pool(Fixed(1), many...), "pool x has 30 tasks, more than 20"},
		{pool(Fixed(1), "a", "a"), `pool x has two tasks "a"`},
		{future(), "future x has no value"},
		{queue(0, "a"), "queue x has 0 places"},
	} {
		_, err := tt.make(model.NewEvents())
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("error %v, want one with %q", err, tt.want)
		}
	}
}
