package golang

import (
	"fmt"

	"github.com/cspcheck/cspcheck/model"
)

// An object is what goroutines share: a component of the network.
type object struct {
	name    string
	at      string
	machine func(events *model.Events, x *circumstances) (*model.Machine, error)
}

// circumstances is what a machine needs to know of its program.
type circumstances struct {
	waiters    []string // the goroutines that have events of their own with it
	goroutines int      // how many there may be at once
}

func (o *object) touch(event string) []touch { return []touch{{object: o, event: event}} }
func (o *object) own(event string) []touch   { return []touch{{object: o, event: event, own: true}} }

// label returns the name of an event of the object.
func (o *object) label(event string) string { return o.name + "." + event }

// does returns the alternative in which the object does an event, and nothing
// else happens.
func (o *object) does(event string) alt {
	return alt{does: action{label: o.label(event), parts: o.touch(event)}}
}

// panics returns the alternative in which the object's event is a panic.
func (o *object) panics(event string) alt {
	return alt{does: action{label: o.label(event), parts: o.touch(event), crashes: true}}
}

// limit returns the alternative in which the object can't count any further.
func (o *object) limit(event, format string, args ...any) alt {
	a := beyond(format, args...)
	a.parts = o.touch(event)
	return alt{does: a}
}

// A Chan is a channel.
type Chan struct {
	object
	capacity int
	typ      Type
	none     bool // it is nil
}

// Chan declares a channel of values of a type, with a capacity.
func (p *Program) Chan(name string, capacity int, t Type) *Chan {
	c := &Chan{capacity: capacity, typ: t}
	c.object = object{name: name, at: caller(), machine: func(events *model.Events, _ *circumstances) (*model.Machine, error) {
		return ChanMachine(name, events, capacity, t)
	}}
	p.declare(&c.object)
	p.typed(&c.object, t)
	return c
}

// NilChan declares a channel that is nil.
func (p *Program) NilChan(name string, t Type) *Chan {
	c := &Chan{typ: t, none: true}
	c.object = object{name: name, at: caller(), machine: func(events *model.Events, _ *circumstances) (*model.Machine, error) {
		return NilChanMachine(name, events)
	}}
	p.declare(&c.object)
	return c
}

// ready returns what tells that the channel is not ready for one of its ends.
func (c *Chan) ready(event string) []touch {
	switch {
	case c.none:
		return nil
	case c.capacity == 0:
		return c.touch("open")
	}
	return c.touch(event)
}

// Send returns c <- x.
func (c *Chan) Send(x Expr) Comm {
	at := caller()
	text := c.name + "!" + fmt.Sprint(x)
	return &op{at: at, text: text, uses: []Expr{x}, waits: c.ready("full"), alts: func(f *frame) []alt {
		v := x.eval(f)
		if !c.typ.Has(v) {
			return []alt{{does: beyond("%s: %s sends %d, which is not in %v", at, text, v, c.typ)}}
		}
		a := action{label: c.name + "!" + c.typ.Text(v)}
		switch {
		case c.none:
			return nil
		case c.capacity == 0:
			a.meets, a.sends, a.value = c, true, v
		default:
			a.world, a.parts = c.label("send"+c.typ.suffix(v)), c.touch("send"+c.typ.suffix(v))
		}
		return []alt{{does: a}, c.panics(sendOnClosed)}
	}}
}

// Signal returns c <- struct{}{}: a Send of the zero value.
func (c *Chan) Signal() Comm { return c.Send(Int(c.typ.Zero())) }

// Recv returns a receive from c: into nothing, or into a variable, or into a
// variable and whether the channel was not closed; either may be nil.
func (c *Chan) Recv(into ...*Local) Comm {
	v, ok := pair(into)
	return c.receive(caller(), v, ok, nil)
}

func pair(into []*Local) (v, ok *Local) {
	if len(into) > 0 {
		v = into[0]
	}
	if len(into) > 1 {
		ok = into[1]
	}
	return v, ok
}

// receive returns a receive that goes on at closed, if that is not nil, when
// the channel is closed and empty.
func (c *Chan) receive(at string, v, ok *Local, closed *node) *op {
	text := c.name + "?"
	if v != nil {
		text += v.name
	}
	return &op{at: at, text: text, uses: locals(v, ok), waits: c.ready("empty"), alts: func(*frame) []alt {
		if c.none {
			return nil
		}
		var out []alt
		for x := c.typ.lo; x <= c.typ.hi; x++ {
			a := action{label: c.name + "?" + c.typ.Text(x)}
			if c.capacity == 0 {
				a.meets, a.value = c, x
			} else {
				a.world, a.parts = c.label("recv"+c.typ.suffix(x)), c.touch("recv"+c.typ.suffix(x))
			}
			out = append(out, alt{does: a, set: []binding{{v, x}, {ok, 1}}})
		}
		over := c.does("closed")
		over.set = []binding{{v, c.typ.Zero()}, {ok, 0}}
		if closed != nil {
			over.set = nil
		}
		over.next = closed
		return append(out, over)
	}}
}

// Range returns for v := range c { body }: v may be nil.
func (c *Chan) Range(v *Local, body ...Stmt) Stmt {
	at := caller()
	return control(func(b *graph, next *node) *node {
		o := c.receive(at, v, nil, next)
		b.use(o.uses...)
		n := b.add(&node{at: o.at, text: o.text})
		n.cases = []opCase{{op: o, next: b.loop(body, n, next)}}
		return n
	})
}

// Close returns close(c).
func (c *Chan) Close() Stmt {
	if c.none {
		return step("close("+c.name+")", c.panics(closeOfNil))
	}
	return step("close("+c.name+")", c.does("close"), c.panics(closeOfClosed))
}

// A Locker is a lock of either kind.
type Locker interface {
	Lock() Stmt
	Unlock() Stmt
}

// A Mutex is a sync.Mutex.
type Mutex struct{ object }

// Mutex declares a mutex.
func (p *Program) Mutex(name string) *Mutex {
	m := &Mutex{object{name: name, at: caller(), machine: func(events *model.Events, _ *circumstances) (*model.Machine, error) {
		return MutexMachine(name, events)
	}}}
	p.declare(&m.object)
	return m
}

// Lock returns m.Lock().
func (m *Mutex) Lock() Stmt { return step(m.label("Lock"), m.does("lock")) }

// Unlock returns m.Unlock().
func (m *Mutex) Unlock() Stmt { return step(m.label("Unlock"), m.does("unlock"), m.panics(notLocked)) }

// TryLock returns ok = m.TryLock().
func (m *Mutex) TryLock(ok *Local) Stmt { return try(&m.object, "TryLock", "lock", "locked", ok) }

// try returns a step that does one event if it can, and otherwise another that
// says that it can't.
func try(o *object, text, event, otherwise string, ok *Local) Stmt {
	yes := o.does(event)
	yes.set = []binding{{ok, 1}}
	no := o.does(otherwise)
	no.does.idle = true
	no.set = []binding{{ok, 0}}
	s := step(o.label(text), yes, no)
	s.uses = locals(ok)
	return s
}

// A RWMutex is a sync.RWMutex.
type RWMutex struct{ object }

// RWMutex declares a reader/writer lock.
func (p *Program) RWMutex(name string) *RWMutex {
	m := &RWMutex{object{name: name, at: caller(), machine: func(events *model.Events, x *circumstances) (*model.Machine, error) {
		return RWMutexMachine(name, events, 2*x.goroutines)
	}}}
	p.declare(&m.object)
	return m
}

// Lock returns m.Lock(). It is two steps: a writer comes, and a writer has the
// lock; from the first on new readers wait.
func (m *RWMutex) Lock() Stmt {
	return Do(step(m.label("Lock"), m.does("wait")), step(m.label("Lock"), m.does("lock")))
}

// Unlock returns m.Unlock().
func (m *RWMutex) Unlock() Stmt {
	return step(m.label("Unlock"), m.does("unlock"), m.panics(notLocked))
}

// TryLock returns ok = m.TryLock().
func (m *RWMutex) TryLock(ok *Local) Stmt { return try(&m.object, "TryLock", "trylock", "busy", ok) }

func (m *RWMutex) crowded() alt {
	return m.limit("crowd", "%s has too many readers: more than two for each goroutine", m.name)
}

// RLock returns m.RLock().
func (m *RWMutex) RLock() Stmt { return step(m.label("RLock"), m.does("rlock"), m.crowded()) }

// RUnlock returns m.RUnlock().
func (m *RWMutex) RUnlock() Stmt {
	return step(m.label("RUnlock"), m.does("runlock"), m.panics(notRLocked))
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
	w.object = object{name: name, at: caller(), machine: func(events *model.Events, x *circumstances) (*model.Machine, error) {
		return WaitGroupMachine(name, events, most, x.waiters...)
	}}
	p.declare(&w.object)
	return w
}

// Add returns w.Add(n).
func (w *WaitGroup) Add(n int) Stmt {
	text := fmt.Sprintf("Add(%d)", n)
	switch {
	case n == 0:
		return Do()
	case n > w.most || -n > w.most:
		return step(w.label(text), alt{does: beyond("%s.%s: it counts to %d", w.name, text, w.most)})
	case n < 0:
		return step(w.label(text), w.does(fmt.Sprintf("add.%d", n)), w.panics(fmt.Sprintf("%s.%d", negative, -n)))
	}
	over := w.limit(fmt.Sprintf("high.%d", n), "%s counts to more than %d", w.name, w.most)
	return step(w.label(text), w.does(fmt.Sprintf("add.%d", n)), over)
}

// Done returns w.Done().
func (w *WaitGroup) Done() Stmt { return w.Add(-1) }

// Wait returns w.Wait(). It is two steps: the goroutine waits, and is let go.
func (w *WaitGroup) Wait() Stmt { return Do(w.one("Wait", "wait"), w.one("Wait", "pass")) }

// one returns a step that an object does for the goroutine alone.
func (o *object) one(text, event string) *op {
	return step(o.label(text), alt{does: action{label: o.label(event), parts: o.own(event)}})
}

// A Cond is a sync.Cond.
type Cond struct {
	object
	lock Locker
}

// Cond declares a condition variable with its lock.
func (p *Program) Cond(name string, l Locker) *Cond {
	c := &Cond{lock: l}
	c.object = object{name: name, at: caller(), machine: func(events *model.Events, x *circumstances) (*model.Machine, error) {
		return CondMachine(name, events, x.waiters...)
	}}
	p.declare(&c.object)
	return c
}

// Wait returns c.Wait(). It is at least four steps: to wait, to unlock, to be
// woken, and to lock.
func (c *Cond) Wait() Stmt {
	return Do(c.one("Wait", "wait"), c.lock.Unlock(), c.one("Wait", "woken"), c.lock.Lock())
}

// Signal returns c.Signal().
func (c *Cond) Signal() Stmt { return step(c.label("Signal"), c.does("signal")) }

// Broadcast returns c.Broadcast().
func (c *Cond) Broadcast() Stmt { return step(c.label("Broadcast"), c.does("broadcast")) }

// A Once is a sync.Once.
type Once struct{ object }

// Once declares a once.
func (p *Program) Once(name string) *Once {
	o := &Once{object{name: name, at: caller(), machine: func(events *model.Events, _ *circumstances) (*model.Machine, error) {
		return OnceMachine(name, events)
	}}}
	p.declare(&o.object)
	return o
}

// Do returns o.Do(func() { body }).
func (o *Once) Do(body ...Stmt) Stmt {
	first := step(o.label("Do"), o.does("begin"))
	last := step(o.label("Do"), o.does("end"))
	pass := step("", o.does("pass"))
	return control(func(b *graph, next *node) *node {
		end := last.build(b, next)
		n := b.add(&node{at: first.at, text: first.text})
		n.cases = []opCase{{op: first, next: block(body).build(b, end)}, {op: pass, next: next}}
		return n
	})
}

// A Semaphore is a counting semaphore.
type Semaphore struct{ object }

// Semaphore declares a semaphore of n permits.
func (p *Program) Semaphore(name string, n int) *Semaphore {
	s := &Semaphore{object{name: name, at: caller(), machine: func(events *model.Events, _ *circumstances) (*model.Machine, error) {
		return SemaphoreMachine(name, events, n)
	}}}
	p.declare(&s.object)
	return s
}

// Acquire returns the statement that takes a permit.
func (s *Semaphore) Acquire() Stmt { return step(s.label("Acquire"), s.does("acquire")) }

// TryAcquire returns the statement that takes a permit if there is one, and
// says in ok if there was.
func (s *Semaphore) TryAcquire(ok *Local) Stmt {
	return try(&s.object, "TryAcquire", "acquire", "none", ok)
}

// Release returns the statement that gives a permit back.
func (s *Semaphore) Release() Stmt {
	return step(s.label("Release"), s.does("release"), s.panics(notHeld))
}

// A Context is a context.Context that can be cancelled.
type Context struct {
	object
	parent *Context
	kids   []*Context
}

// Context declares a context, derived from a parent that may be nil.
func (p *Program) Context(name string, parent *Context) *Context {
	c := &Context{parent: parent, object: object{name: name, at: caller(), machine: func(events *model.Events, _ *circumstances) (*model.Machine, error) {
		return ContextMachine(name, events)
	}}}
	p.declare(&c.object)
	p.contexts = append(p.contexts, c)
	if parent != nil {
		parent.kids = append(parent.kids, c)
	}
	return c
}

// ContextTimeout declares a context that may become done at any moment, as
// one with a timeout or a deadline.
func (p *Program) ContextTimeout(name string, parent *Context) *Context {
	c := p.Context(name, parent)
	p.timeouts = append(p.timeouts, c)
	return c
}

// Cancel returns the call of the context's cancel function. It cancels the
// contexts derived from it, too, one after the other.
func (c *Context) Cancel() Stmt {
	s := block{step(c.label("cancel"), c.does("cancel"))}
	for _, k := range c.kids {
		s = append(s, k.Cancel())
	}
	return s
}

// Done returns a receive from c.Done().
func (c *Context) Done() Comm {
	s := step(c.label("Done"), c.does("done"))
	s.waits = c.touch("live")
	return s
}

// Err returns done = c.Err() != nil.
func (c *Context) Err(done *Local) Stmt { return try(&c.object, "Err", "done", "live", done) }

// A Var is a variable that goroutines share without any protection.
type Var struct {
	object
	typ Type
}

// Var declares a shared variable with an initial value. Accesses to it may
// race.
func (p *Program) Var(name string, t Type, initial int) *Var {
	v := &Var{p.variable(name, t, initial), t}
	p.declare(&v.object)
	p.typed(&v.object, t)
	p.vars = append(p.vars, v)
	return v
}

func (p *Program) variable(name string, t Type, initial int) object {
	return object{name: name, at: caller(), machine: func(events *model.Events, _ *circumstances) (*model.Machine, error) {
		return VarMachine(name, events, t, initial)
	}}
}

// Read returns into = v.
func (v *Var) Read(into *Local) Stmt { return load(&v.object, v.typ, into) }

// Write returns v = x.
func (v *Var) Write(x Expr) Stmt { return store(&v.object, v.typ, x) }

// Add returns v += n: a read, and then a write.
func (v *Var) Add(n int) Stmt {
	old := &Local{v.name, v.typ, v.at}
	return Do(v.Read(old), v.Write(Plus(old, Int(n))))
}

// An Atomic is a variable of package sync/atomic.
type Atomic struct {
	object
	typ Type
}

// Atomic declares an atomic variable with an initial value. Accesses to it
// never race.
func (p *Program) Atomic(name string, t Type, initial int) *Atomic {
	a := &Atomic{p.variable(name, t, initial), t}
	p.declare(&a.object)
	p.typed(&a.object, t)
	return a
}

// Load returns into = a.Load().
func (a *Atomic) Load(into *Local) Stmt { return load(&a.object, a.typ, into) }

// Store returns a.Store(x).
func (a *Atomic) Store(x Expr) Stmt { return store(&a.object, a.typ, x) }

// Add returns into = a.Add(n); into may be nil.
func (a *Atomic) Add(n int, into *Local) Stmt {
	return a.change(fmt.Sprintf("Add(%d)", n), func(v int) int { return v + n }, into, true)
}

// Swap returns into = a.Swap(x), the old value; into may be nil.
func (a *Atomic) Swap(x Expr, into *Local) Stmt {
	s := a.change(fmt.Sprintf("Swap(%v)", x), nil, into, false)
	s.uses = append(s.uses, x)
	s.alts = func(f *frame) []alt { return a.changes(func(int) int { return x.eval(f) }, into, false, s.at, s.text) }
	return s
}

// change returns a step by which the value becomes f of it. What it gives is
// the new value, or the old one.
func (a *Atomic) change(text string, f func(int) int, into *Local, after bool) *op {
	s := step(a.label(text))
	s.uses = locals(into)
	s.alts = func(*frame) []alt { return a.changes(f, into, after, s.at, s.text) }
	return s
}

func (a *Atomic) changes(f func(int) int, into *Local, after bool, at, text string) []alt {
	var out []alt
	for v := a.typ.lo; v <= a.typ.hi; v++ {
		w := f(v)
		if !a.typ.Has(w) {
			out = append(out, a.limit("read"+a.typ.suffix(v), "%s: %s makes %d of %d, which is not in %v", at, text, w, v, a.typ))
			continue
		}
		x := a.does("cas" + a.typ.suffix(v) + a.typ.suffix(w))
		x.set = []binding{{into, v}}
		if after {
			x.set[0].value = w
		}
		out = append(out, x)
	}
	return out
}

// CompareAndSwap returns ok = a.CompareAndSwap(old, new); ok may be nil.
func (a *Atomic) CompareAndSwap(old, new Expr, ok *Local) Stmt {
	s := step(a.label(fmt.Sprintf("CompareAndSwap(%v, %v)", old, new)))
	s.uses = append(locals(ok), old, new)
	s.alts = func(f *frame) []alt {
		v, w := old.eval(f), new.eval(f)
		if !a.typ.Has(w) {
			return []alt{{does: beyond("%s: %s: %d is not in %v", s.at, s.text, w, a.typ)}}
		}
		var out []alt
		for u := a.typ.lo; u <= a.typ.hi; u++ {
			x := a.does("read" + a.typ.suffix(u))
			x.set = []binding{{ok, 0}}
			if u == v {
				x = a.does("cas" + a.typ.suffix(v) + a.typ.suffix(w))
				x.set = []binding{{ok, 1}}
			}
			out = append(out, x)
		}
		return out
	}
	return s
}

func load(o *object, t Type, into *Local) Stmt {
	s := step(fmt.Sprintf("%s = %s", nameOf(into), o.name))
	s.uses = locals(into)
	s.alts = func(*frame) []alt {
		var out []alt
		for v := t.lo; v <= t.hi; v++ {
			a := o.does("read" + t.suffix(v))
			a.set = []binding{{into, v}}
			out = append(out, a)
		}
		return out
	}
	return s
}

func nameOf(v *Local) string {
	if v == nil {
		return "_"
	}
	return v.name
}

func store(o *object, t Type, x Expr) Stmt {
	s := step(fmt.Sprintf("%s = %v", o.name, x))
	s.uses = []Expr{x}
	s.alts = func(f *frame) []alt {
		v := x.eval(f)
		if !t.Has(v) {
			return []alt{{does: beyond("%s: %s gets %d, which is not in %v", s.at, o.name, v, t)}}
		}
		return []alt{o.does("write" + t.suffix(v))}
	}
	return s
}
