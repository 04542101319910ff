package golang

import "github.com/cspcheck/cspcheck/model"

// A Context is a context.Context that can be cancelled.
type Context struct {
	object
	parent  *Context
	kids    []*Context
	timeout bool
}

// Context declares a context, derived from a parent that may be nil.
func (p *Program) Context(name string, parent *Context) *Context {
	c := &Context{parent: parent}
	c.object = object{name: name, at: caller(), kind: c, machine: func(events *model.Events, _ *circumstances) (*model.Machine, error) {
		return ContextMachine(name, events)
	}}
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
	c.timeout = true
	p.timeouts = append(p.timeouts, c)
	return c
}

// Cancel returns the call of the context's cancel function. It cancels the
// contexts derived from it, too, one after the other, in any order.
func (c *Context) Cancel() Stmt {
	at := c.calls("Cancel")
	return &longOp{at, &cancelling{caller(), at, []*Context{c}}}
}

// A cancelling cancels contexts in any order, and after each, before the next,
// those that are derived from it.
type cancelling struct {
	at   string
	call call
	all  []*Context
}

func (s *cancelling) build(b *graph, next *node) *node {
	return s.rest(b, next, 1<<len(s.all)-1, map[int]*node{})
}

// rest builds the statement for a set of the contexts, a bit each.
func (s *cancelling) rest(b *graph, next *node, set int, built map[int]*node) *node {
	if set == 0 {
		return next
	}
	if n, ok := built[set]; ok {
		return n
	}
	n := b.add(&node{at: s.at, text: s.call.String()})
	built[set] = n
	for i, c := range s.all {
		if set>>i&1 == 1 {
			others := s.rest(b, next, set&^(1<<i), built)
			derived := &cancelling{s.at, s.call, c.kids}
			n.cases = append(n.cases, opCase{op: step(s.call, c.does("cancel")), next: derived.build(b, others)})
		}
	}
	return n
}

// Done returns a receive from c.Done().
func (c *Context) Done() Comm {
	s := step(c.calls("Done"), c.does("done"))
	s.waits = c.touch("live")
	return s
}

// Err returns done = c.Err() != nil.
func (c *Context) Err(done *Local) Stmt { return try(&c.object, "Err", "done", "live", done) }

// A Var is a variable that goroutines share without any protection.
type Var struct {
	object
	typ     Type
	initial int
}

// Var declares a shared variable with an initial value. Accesses to it may
// race.
func (p *Program) Var(name string, t Type, initial int) *Var {
	v := &Var{typ: t, initial: initial}
	v.object = variable(name, t, initial, v)
	p.declare(&v.object)
	p.typed(&v.object, t)
	p.vars = append(p.vars, v)
	return v
}

func variable(name string, t Type, initial int, kind any) object {
	return object{name: name, at: caller(), kind: kind, machine: func(events *model.Events, _ *circumstances) (*model.Machine, error) {
		return VarMachine(name, events, t, initial)
	}}
}

// Read returns into = v.
func (v *Var) Read(into *Local) Stmt { return load(v.calls("Read").giving(into), v.typ) }

// Write returns v = x.
func (v *Var) Write(x Expr) Stmt { return store(v.calls("Write", x), v.typ) }

// Add returns v += n: a read, and then a write.
func (v *Var) Add(n int) Stmt {
	old := &Local{v.name, v.typ, v.at}
	return &longOp{v.calls("Add", Int(n)), block{v.Read(old), v.Write(Plus(old, Int(n)))}}
}

// An Atomic is a variable of package sync/atomic.
type Atomic struct {
	object
	typ     Type
	initial int
}

// Atomic declares an atomic variable with an initial value. Accesses to it
// never race.
func (p *Program) Atomic(name string, t Type, initial int) *Atomic {
	a := &Atomic{typ: t, initial: initial}
	a.object = variable(name, t, initial, a)
	p.declare(&a.object)
	p.typed(&a.object, t)
	return a
}

// Load returns into = a.Load().
func (a *Atomic) Load(into *Local) Stmt { return load(a.calls("Load").giving(into), a.typ) }

// Store returns a.Store(x).
func (a *Atomic) Store(x Expr) Stmt { return store(a.calls("Store", x), a.typ) }

// Add returns into = a.Add(n); into may be nil.
func (a *Atomic) Add(n int, into *Local) Stmt {
	return a.change(a.calls("Add", Int(n)).giving(into), func(f *frame) func(int) int {
		return func(v int) int { return v + n }
	}, true)
}

// Swap returns into = a.Swap(x), the old value; into may be nil.
func (a *Atomic) Swap(x Expr, into *Local) Stmt {
	return a.change(a.calls("Swap", x).giving(into), func(f *frame) func(int) int {
		w := x.eval(f)
		return func(int) int { return w }
	}, false)
}

// change returns a step by which the value becomes a function of it. What it
// gives is the new value, or the old one.
func (a *Atomic) change(c call, by func(f *frame) func(int) int, after bool) *op {
	s := step(c)
	s.alts = func(f *frame) []alt { return a.changes(by(f), c.into[0], after, s) }
	return s
}

func (a *Atomic) changes(f func(int) int, into *Local, after bool, o *op) []alt {
	var out []alt
	for v := a.typ.lo; v <= a.typ.hi; v++ {
		w := f(v)
		if !a.typ.Has(w) {
			out = append(out, a.limit("read"+a.typ.suffix(v), "%s: %s makes %d of %d, which is not in %v", o.at, o.text, w, v, a.typ))
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
	s := step(a.calls("CompareAndSwap", old, new).giving(ok))
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

func load(c call, t Type) Stmt {
	s := step(c)
	s.alts = func(*frame) []alt {
		var out []alt
		for v := t.lo; v <= t.hi; v++ {
			a := c.on.does("read" + t.suffix(v))
			a.set = []binding{{c.into[0], v}}
			out = append(out, a)
		}
		return out
	}
	return s
}

func store(c call, t Type) Stmt {
	s := step(c)
	s.alts = func(f *frame) []alt {
		v := c.args[0].eval(f)
		if !t.Has(v) {
			return []alt{{does: beyond("%s: %s gets %d, which is not in %v", s.at, c.on.name, v, t)}}
		}
		return []alt{c.on.does("write" + t.suffix(v))}
	}
	return s
}
