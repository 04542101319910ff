package golang

import (
	"fmt"

	"github.com/cspcheck/cspcheck/model"
)

// A Locker is a lock of either kind.
type Locker interface {
	Lock() Stmt
	Unlock() Stmt
}

// A Mutex is a sync.Mutex.
type Mutex struct{ object }

// Mutex declares a mutex.
func (p *Program) Mutex(name string) *Mutex {
	m := &Mutex{}
	m.object = object{name: name, at: caller(), kind: m, machine: func(events *model.Events, _ *circumstances) (*model.Machine, error) {
		return MutexMachine(name, events)
	}}
	p.declare(&m.object)
	return m
}

// Lock returns m.Lock().
func (m *Mutex) Lock() Stmt { return step(m.calls("Lock"), m.does("lock")) }

// Unlock returns m.Unlock().
func (m *Mutex) Unlock() Stmt { return step(m.calls("Unlock"), m.does("unlock"), m.panics(notLocked)) }

// TryLock returns ok = m.TryLock().
func (m *Mutex) TryLock(ok *Local) Stmt { return try(&m.object, "TryLock", "lock", "locked", ok) }

// try returns a step that does one event if it can, and otherwise another that
// says that it can't.
func try(o *object, method, event, otherwise string, ok *Local) Stmt {
	yes := o.does(event)
	yes.set = []binding{{ok, 1}}
	no := o.does(otherwise)
	no.does.idle = true
	no.set = []binding{{ok, 0}}
	return step(o.calls(method).giving(ok), yes, no)
}

// A RWMutex is a sync.RWMutex.
type RWMutex struct{ object }

// RWMutex declares a reader/writer lock.
func (p *Program) RWMutex(name string) *RWMutex {
	m := &RWMutex{}
	m.object = object{name: name, at: caller(), kind: m, machine: func(events *model.Events, x *circumstances) (*model.Machine, error) {
		return RWMutexMachine(name, events, 2*x.goroutines)
	}}
	p.declare(&m.object)
	return m
}

// Lock returns m.Lock(). It is two steps: a writer comes, and a writer has the
// lock; from the first on new readers wait.
func (m *RWMutex) Lock() Stmt {
	c := m.calls("Lock")
	return &longOp{c, block{step(c, m.does("wait")), step(c, m.does("lock"))}}
}

// Unlock returns m.Unlock().
func (m *RWMutex) Unlock() Stmt {
	return step(m.calls("Unlock"), m.does("unlock"), m.panics(notLocked))
}

// TryLock returns ok = m.TryLock().
func (m *RWMutex) TryLock(ok *Local) Stmt { return try(&m.object, "TryLock", "trylock", "busy", ok) }

func (m *RWMutex) crowded() alt {
	return m.limit("crowd", "%s has too many readers: more than two for each goroutine", m.name)
}

// RLock returns m.RLock().
func (m *RWMutex) RLock() Stmt { return step(m.calls("RLock"), m.does("rlock"), m.crowded()) }

// RUnlock returns m.RUnlock().
func (m *RWMutex) RUnlock() Stmt {
	return step(m.calls("RUnlock"), m.does("runlock"), m.panics(notRLocked))
}

// TryRLock returns ok = m.TryRLock().
func (m *RWMutex) TryRLock(ok *Local) Stmt {
	s := try(&m.object, "TryRLock", "rlock", "written", ok).(*op)
	alts := s.alts
	s.alts = func(f *frame) []alt { return append(alts(f), m.crowded()) }
	return s
}

// RLocker returns a Locker whose methods are RLock and RUnlock.
func (m *RWMutex) RLocker() Locker { return rlocker{m} }

type rlocker struct{ m *RWMutex }

func (r rlocker) Lock() Stmt   { return r.m.RLock() }
func (r rlocker) Unlock() Stmt { return r.m.RUnlock() }

// A WaitGroup is a sync.WaitGroup.
type WaitGroup struct {
	object
	most int
}

// WaitGroup declares a wait group that counts to most. A run that would pass
// it ends the search with an error.
func (p *Program) WaitGroup(name string, most int) *WaitGroup {
	w := &WaitGroup{most: most}
	w.object = object{name: name, at: caller(), kind: w, machine: func(events *model.Events, x *circumstances) (*model.Machine, error) {
		return WaitGroupMachine(name, events, most, x.waiters...)
	}}
	p.declare(&w.object)
	if most < 1 {
		p.wrong("%s: WaitGroup %s counts to %d", w.at, name, most)
	}
	return w
}

// Add returns w.Add(n).
func (w *WaitGroup) Add(n int) Stmt {
	c := w.calls("Add", Int(n))
	switch {
	case n == 0:
		return Do()
	case n > w.most || -n > w.most:
		return step(c, alt{does: beyond("%v: it counts to %d", c, w.most)})
	case n < 0:
		return step(c, w.does(fmt.Sprintf("add.%d", n)), w.panics(fmt.Sprintf("%s.%d", negative, -n)))
	}
	over := w.limit(fmt.Sprintf("high.%d", n), "%s counts to more than %d", w.name, w.most)
	return step(c, w.does(fmt.Sprintf("add.%d", n)), over)
}

// Done returns w.Done().
func (w *WaitGroup) Done() Stmt { return w.Add(-1) }

// Wait returns w.Wait(). It is one step if the counter is 0, and otherwise
// two: the goroutine waits, and is let go.
func (w *WaitGroup) Wait() Stmt {
	c := w.calls("Wait")
	again := w.one(reused)
	again.does.crashes = true
	return &longOp{c, &maybeWait{step(c, w.one("pass")), step(c, w.one("wait")), step(c, w.one("pass"), again)}}
}

// A maybeWait is an operation that goes on at once, or else begins to wait.
type maybeWait struct{ atOnce, begin, end *op }

func (w *maybeWait) build(b *graph, next *node) *node {
	n := b.add(&node{at: w.begin.at, text: w.begin.text})
	n.cases = []opCase{{op: w.atOnce, next: next}, {op: w.begin, next: w.end.build(b, next)}}
	return n
}

// one returns the alternative in which the object does an event that is for
// the goroutine alone.
func (o *object) one(event string) alt {
	return alt{does: action{label: o.label(event), parts: o.own(event)}}
}

// A Cond is a sync.Cond.
type Cond struct {
	object
	lock Locker
}

// Cond declares a condition variable with its lock.
func (p *Program) Cond(name string, l Locker) *Cond {
	c := &Cond{lock: l}
	c.object = object{name: name, at: caller(), kind: c, machine: func(events *model.Events, x *circumstances) (*model.Machine, error) {
		return CondMachine(name, events, x.waiters...)
	}}
	p.declare(&c.object)
	if l == nil {
		p.wrong("%s: %s has no lock", c.at, name)
	}
	return c
}

// Wait returns c.Wait(). It is at least four steps: to wait, to unlock, to be
// woken, and to lock.
func (c *Cond) Wait() Stmt {
	if c.lock == nil {
		return misuse(fmt.Sprintf("%s: %s has no lock", caller(), c.name))
	}
	wait := c.calls("Wait")
	return &longOp{wait, block{step(wait, c.one("wait")), c.lock.Unlock(), step(wait, c.one("woken")), c.lock.Lock()}}
}

// Signal returns c.Signal().
func (c *Cond) Signal() Stmt { return step(c.calls("Signal"), c.does("signal")) }

// Broadcast returns c.Broadcast().
func (c *Cond) Broadcast() Stmt { return step(c.calls("Broadcast"), c.does("broadcast")) }

// A Once is a sync.Once.
type Once struct{ object }

// Once declares a once.
func (p *Program) Once(name string) *Once {
	o := &Once{}
	o.object = object{name: name, at: caller(), kind: o, machine: func(events *model.Events, _ *circumstances) (*model.Machine, error) {
		return OnceMachine(name, events)
	}}
	p.declare(&o.object)
	return o
}

// A doing is o.Do(func() { body }).
type doing struct {
	at   string
	o    *Once
	body block
}

// Do returns o.Do(func() { body }).
func (o *Once) Do(body ...Stmt) Stmt { return &doing{caller(), o, body} }

func (s *doing) build(b *graph, next *node) *node {
	one := func(event string) *op {
		o := step(s.o.calls("Do"), s.o.does(event))
		o.at = s.at
		return o
	}
	first := one("begin")
	n := b.add(&node{at: s.at, text: first.text})
	body := b.closure(s.body, one("end").build(b, next))
	n.cases = []opCase{{op: first, next: body}, {op: one("pass"), next: next}}
	return n
}

// A Semaphore is a counting semaphore.
type Semaphore struct {
	object
	permits int
}

// Semaphore declares a semaphore of n permits.
func (p *Program) Semaphore(name string, n int) *Semaphore {
	s := &Semaphore{permits: n}
	s.object = object{name: name, at: caller(), kind: s, machine: func(events *model.Events, _ *circumstances) (*model.Machine, error) {
		return SemaphoreMachine(name, events, n)
	}}
	p.declare(&s.object)
	return s
}

// Acquire returns the statement that takes a permit.
func (s *Semaphore) Acquire() Stmt { return step(s.calls("Acquire"), s.does("acquire")) }

// TryAcquire returns the statement that takes a permit if there is one, and
// says in ok if there was.
func (s *Semaphore) TryAcquire(ok *Local) Stmt {
	return try(&s.object, "TryAcquire", "acquire", "none", ok)
}

// Release returns the statement that gives a permit back.
func (s *Semaphore) Release() Stmt {
	return step(s.calls("Release"), s.does("release"), s.panics(notHeld))
}
