package golang

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
)

// A Stmt is a statement of a function. It may be used more than once.
type Stmt interface {
	// build adds the statement to a function's graph, before next.
	build(b *graph, next *node) *node
}

// A Comm is a statement that may stand at a case of Select: a send or a
// receive.
type Comm interface {
	Stmt
	comm() *op
}

// An op is a statement that is one step.
type op struct {
	at   string // file:line
	text string
	uses []Expr // what it reads and writes
	alts func(f *frame) []alt

	// What tells that it would wait now, for a select with default: touches
	// of these, or nothing. Of other statements than Comms it is not used.
	waits []touch
}

// An alt is one of the ways in which an op can go.
type alt struct {
	does action
	set  []binding
	next *node // nil: what follows the op
}

// A binding gives a variable a value.
type binding struct {
	to    *Local // nil: nobody wants it
	value int
}

// An action is what a step of a goroutine is to the others.
type action struct {
	label string  // in the goroutine's own words
	world string  // what the world sees; "" is label
	parts []touch // who else takes part

	meets   *Chan // another goroutine at the other end of this channel, too
	sends   bool
	value   int
	starts  *Func // a new goroutine, too
	args    []int
	crashes bool   // it is a panic: the program ends
	beyond  string // it is no step, but passes a limit of the model: which
	idle    bool   // it only sees that something is not ready: see Spurious
	silent  bool   // τ
}

// A touch is an event of something shared.
type touch struct {
	object *object
	event  string // behind the object's name and a dot
	own    bool   // the event ends in the goroutine's name
}

func (o *op) comm() *op { return o }

func (o *op) build(b *graph, next *node) *node {
	b.use(o.uses...)
	return b.add(&node{at: o.at, text: o.text, cases: []opCase{{op: o, next: next}}})
}

// step returns an op with alternatives that don't depend on variables.
func step(text string, alts ...alt) *op {
	return &op{at: caller(), text: text, alts: func(*frame) []alt { return alts }}
}

// locals returns those of vars that are not nil, as expressions.
func locals(vars ...*Local) []Expr {
	var out []Expr
	for _, v := range vars {
		if v != nil {
			out = append(out, v)
		}
	}
	return out
}

// caller returns the file and line of whoever called into this package.
func caller() string {
	var pcs [16]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		f, more := frames.Next()
		if !strings.HasPrefix(f.Function, "github.com/cspcheck/cspcheck/model/golang.") || strings.HasSuffix(f.File, "_test.go") {
			return fmt.Sprintf("%s:%d", filepath.Base(f.File), f.Line)
		}
		if !more {
			return ""
		}
	}
}

// A block is statements one after the other.
type block []Stmt

func (s block) build(b *graph, next *node) *node {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == nil {
			b.wrong("a statement is nil")
			continue
		}
		next = s[i].build(b, next)
	}
	return next
}

// Do returns the statements as one.
func Do(stmts ...Stmt) Stmt { return block(stmts) }

// A control is a statement that is a function of what follows it.
type control func(b *graph, next *node) *node

func (c control) build(b *graph, next *node) *node { return c(b, next) }

// Set returns v = x.
func Set(v *Local, x Expr) Stmt {
	at := caller()
	return control(func(b *graph, next *node) *node {
		b.use(v, x)
		return b.add(&node{at: at, text: fmt.Sprintf("%v = %v", v, x), set: v, to: x, yes: next})
	})
}

// An IfStmt is an If that may get an Else.
type IfStmt struct {
	at        string
	cond      Expr
	then, els block
}

// If returns the statement that runs the others if cond is not 0.
func If(cond Expr, then ...Stmt) *IfStmt { return &IfStmt{at: caller(), cond: cond, then: then} }

// Else returns the statement with what to run if the condition is 0.
func (s *IfStmt) Else(els ...Stmt) *IfStmt { return &IfStmt{s.at, s.cond, s.then, els} }

func (s *IfStmt) build(b *graph, next *node) *node {
	b.use(s.cond)
	yes, no := s.then.build(b, next), s.els.build(b, next)
	return b.add(&node{at: s.at, text: fmt.Sprintf("if %v", s.cond), cond: s.cond, yes: yes, no: no})
}

// Either returns the statement that runs one of the branches, whichever: what
// decides is not modelled.
func Either(branches ...Stmt) Stmt {
	at := caller()
	return control(func(b *graph, next *node) *node {
		if len(branches) == 0 {
			b.wrong("Either has no branches")
			return next
		}
		n := b.add(&node{at: at, text: "either"})
		for _, s := range branches {
			first := block{s}.build(b, next)
			choose := &op{alts: func(*frame) []alt { return []alt{{does: action{silent: true}}} }}
			n.cases = append(n.cases, opCase{op: choose, next: first})
		}
		return n
	})
}

// Loop returns for { body }.
func Loop(body ...Stmt) Stmt { return While(Int(1), body...) }

// While returns for cond { body }.
func While(cond Expr, body ...Stmt) Stmt {
	at := caller()
	return control(func(b *graph, next *node) *node {
		b.use(cond)
		n := b.add(&node{at: at, text: fmt.Sprintf("for %v", cond), cond: cond, no: next})
		n.yes = b.loop(block(body), n, next)
		return n
	})
}

// For returns the loop in which v goes from lo to hi, both included. After the
// loop v is hi, unless there were no rounds.
func For(v *Local, lo, hi int, body ...Stmt) Stmt {
	at := caller()
	return control(func(b *graph, next *node) *node {
		b.use(v)
		if lo > hi {
			return next
		}
		text := fmt.Sprintf("for %v from %d to %d", v, lo, hi)
		more := b.add(&node{at: at, text: text, cond: Less(v, Int(hi)), no: next})
		more.yes = b.add(&node{at: at, text: text, set: v, to: Plus(v, Int(1))})
		first := b.loop(block(body), more, next)
		more.yes.yes = first
		return b.add(&node{at: at, text: text, set: v, to: Int(lo), yes: first})
	})
}

// Break returns the statement that ends the innermost loop. (In Go, a break at
// a case of a select only ends the select.)
func Break() Stmt {
	return control(func(b *graph, _ *node) *node {
		if b.breaks == nil {
			b.wrong("Break stands in no loop")
			return b.end()
		}
		return b.breaks
	})
}

// Continue returns the statement that begins the next round of the innermost
// loop.
func Continue() Stmt {
	return control(func(b *graph, _ *node) *node {
		if b.continues == nil {
			b.wrong("Continue stands in no loop")
			return b.end()
		}
		return b.continues
	})
}

// Return returns the statement that ends the function, after what was deferred.
func Return() Stmt { return control(func(b *graph, _ *node) *node { return b.end() }) }

// Defer returns the statement that has others run when the function ends, the
// last deferred first. It must stand in the function itself, not inside of
// other statements. A panic ends the whole program, without what was deferred.
func Defer(stmts ...Stmt) Stmt {
	at := caller()
	return control(func(b *graph, _ *node) *node {
		b.wrong("%s: Defer stands inside of another statement", at)
		return b.end()
	}).deferred(stmts)
}

// A deferral is a Defer: the function's own list of statements knows it.
type deferral struct {
	control
	stmts block
}

func (c control) deferred(stmts []Stmt) Stmt { return &deferral{c, stmts} }

// Go returns the statement that starts a goroutine.
func Go(f *Func, args ...Expr) Stmt {
	at := caller()
	return control(func(b *graph, next *node) *node {
		if f == nil {
			b.wrong("%s: Go starts no function", at)
			return next
		}
		if len(args) != len(f.params) {
			b.wrong("%s: %s takes %d arguments and gets %d", at, f.name, len(f.params), len(args))
			return next
		}
		o := &op{at: at, text: "go " + f.name, uses: args, alts: func(env *frame) []alt {
			values := make([]int, len(args))
			for i, x := range args {
				values[i] = x.eval(env)
				if !f.params[i].typ.Has(values[i]) {
					return outside(at, f.params[i], values[i])
				}
			}
			label := "go " + f.call(values)
			return []alt{{does: action{label: label, starts: f, args: values}}}
		}}
		return o.build(b, next)
	})
}

// outside is what comes of a value that a variable can't hold.
func outside(at string, v *Local, value int) []alt {
	return []alt{{does: beyond("%s: %v gets %d, which is not in %v", at, v, value, v.typ)}}
}

func beyond(format string, args ...any) action {
	text := fmt.Sprintf(format, args...)
	return action{label: text, beyond: text}
}

// Step returns a step that the world sees and that nobody else takes part in,
// for properties to speak about.
func Step(event string) Stmt { return step(event, alt{does: action{label: event}}) }

// Timeout returns a receive from time.After or the like, which is possible at
// any moment.
func Timeout() Comm { return step("timeout", alt{does: action{label: "timeout"}}) }

// A Case is one of the cases of a Select.
type Case struct {
	guard Expr
	comm  Comm // nil: default
	body  block
}

// On returns case comm: body.
func On(comm Comm, body ...Stmt) Case { return Case{Int(1), comm, body} }

// OnIf returns On, but the case is only there if guard is not 0: what
// programmers do by setting the channel to nil.
func OnIf(guard Expr, comm Comm, body ...Stmt) Case { return Case{guard, comm, body} }

// Default returns default: body.
func Default(body ...Stmt) Case { return Case{body: body} }

// Select returns a select statement: it waits until one of the cases is ready;
// of several, any is taken. With a default it does not wait; an unbuffered
// channel need not be ready just because the partner comes next to its other
// end, as nothing says that it has begun to wait there.
func Select(cases ...Case) Stmt {
	at := caller()
	return control(func(b *graph, next *node) *node {
		n := b.add(&node{at: at})
		var texts []string
		var others *opCase
		for _, c := range cases {
			body := c.body.build(b, next)
			if c.comm == nil {
				if others != nil {
					b.wrong("%s: Select has two defaults", at)
				}
				others = &opCase{next: body}
				continue
			}
			o := c.comm.comm()
			b.use(c.guard)
			b.use(o.uses...)
			texts = append(texts, o.text)
			n.cases = append(n.cases, opCase{guard: c.guard, op: o, next: body})
		}
		if others != nil {
			texts = append(texts, "default")
			others.op = &op{text: "default", alts: unready(n.cases)}
			n.cases = append(n.cases, *others)
		}
		n.text = "select " + strings.Join(texts, " | ")
		return n
	})
}

// unready returns the alternatives of a default beside the cases: one, or none
// if they can't all be waiting.
func unready(cases []opCase) func(f *frame) []alt {
	return func(f *frame) []alt {
		a := action{idle: true}
		var names []string
		for _, c := range cases {
			if c.guard.eval(f) == 0 {
				continue
			}
			names = append(names, c.op.text)
			for _, w := range c.op.waits {
				at := -1
				for i, t := range a.parts {
					if t.object == w.object {
						at = i
					}
				}
				switch {
				case at < 0:
					a.parts = append(a.parts, w)
				case a.parts[at].event != w.event:
					return nil // never full and empty at once
				}
			}
		}
		a.label = "default"
		if len(names) > 0 {
			a.label = "not " + strings.Join(names, ", ")
		}
		return []alt{{does: a}}
	}
}
