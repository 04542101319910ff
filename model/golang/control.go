package golang

import (
	"fmt"
	"slices"
	"strings"
)

// An assignment is v = x.
type assignment struct {
	at string
	to *Local
	x  Expr
}

// Set returns v = x.
func Set(v *Local, x Expr) Stmt { return &assignment{caller(), v, x} }

func (s *assignment) build(b *graph, next *node) *node {
	b.use(s.to, s.x)
	return b.add(&node{at: s.at, text: fmt.Sprintf("%v = %v", s.to, s.x), set: s.to, to: s.x, yes: next})
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

type either struct {
	at       string
	branches []Stmt
}

// Either returns the statement that runs one of the branches, whichever: what
// decides is not modelled.
func Either(branches ...Stmt) Stmt { return &either{caller(), branches} }

func (s *either) build(b *graph, next *node) *node {
	if len(s.branches) == 0 {
		b.wrong("Either has no branches")
		return next
	}
	n := b.add(&node{at: s.at, text: "either"})
	for _, branch := range s.branches {
		first := block{branch}.build(b, next)
		choose := &op{alts: func(*frame) []alt { return []alt{{does: action{silent: true}}} }}
		n.cases = append(n.cases, opCase{op: choose, next: first})
	}
	return n
}

type while struct {
	at   string
	cond Expr
	body block
}

// Loop returns for { body }.
func Loop(body ...Stmt) Stmt { return While(Int(1), body...) }

// While returns for cond { body }.
func While(cond Expr, body ...Stmt) Stmt { return &while{caller(), cond, body} }

func (s *while) build(b *graph, next *node) *node {
	b.use(s.cond)
	n := b.add(&node{at: s.at, text: fmt.Sprintf("for %v", s.cond), cond: s.cond, no: next})
	n.yes = b.loop(s.body, n, next)
	return n
}

type counting struct {
	at     string
	v      *Local
	lo, hi int
	body   block
}

// For returns the loop in which v goes from lo to hi, both included. After the
// loop v is hi, unless there were no rounds.
func For(v *Local, lo, hi int, body ...Stmt) Stmt { return &counting{caller(), v, lo, hi, body} }

func (s *counting) build(b *graph, next *node) *node {
	b.use(s.v)
	if s.lo > s.hi {
		return next
	}
	text := fmt.Sprintf("for %v from %d to %d", s.v, s.lo, s.hi)
	more := b.add(&node{at: s.at, text: text, cond: Less(s.v, Int(s.hi)), no: next})
	more.yes = b.add(&node{at: s.at, text: text, set: s.v, to: Plus(s.v, Int(1))})
	first := b.loop(s.body, more, next)
	more.yes.yes = first
	return b.add(&node{at: s.at, text: text, set: s.v, to: Int(s.lo), yes: first})
}

// A jump leaves a place for another.
type jump string

const (
	breaking   jump = "Break"
	continuing jump = "Continue"
	returning  jump = "Return"
)

// Break returns the statement that ends the innermost loop. (In Go, a break at
// a case of a select only ends the select.)
func Break() Stmt { return breaking }

// Continue returns the statement that begins the next round of the innermost
// loop.
func Continue() Stmt { return continuing }

// Return returns the statement that ends the function, after what was deferred.
func Return() Stmt { return returning }

func (s jump) build(b *graph, _ *node) *node {
	to := b.end()
	switch s {
	case breaking:
		to = b.breaks
	case continuing:
		to = b.continues
	}
	if to == nil {
		b.wrong("%s stands in no loop", s)
		return b.end()
	}
	return to
}

// A deferral is a Defer: the function's own list of statements knows it.
type deferral struct {
	at    string
	stmts block
}

// Defer returns the statement that has others run when the function ends, the
// last deferred first. It must stand in the function itself, not inside of
// other statements. A panic ends the whole program, without what was deferred.
func Defer(stmts ...Stmt) Stmt { return &deferral{caller(), stmts} }

func (s *deferral) build(b *graph, _ *node) *node {
	b.wrong("%s: Defer stands inside of another statement", s.at)
	return b.end()
}

type start struct {
	at   string
	f    *Func
	args []Expr
}

// Go returns the statement that starts a goroutine.
func Go(f *Func, args ...Expr) Stmt { return &start{caller(), f, args} }

func (s *start) build(b *graph, next *node) *node {
	if s.f == nil {
		b.wrong("%s: Go starts no function", s.at)
		return next
	}
	params := s.f.params
	if slices.Contains(params, nil) {
		b.wrong("%s: a parameter of %s is nil", s.at, s.f.name)
		return next
	}
	if len(s.args) != len(params) {
		b.wrong("%s: %s takes %d arguments and gets %d", s.at, s.f.name, len(params), len(s.args))
		return next
	}
	o := &op{at: s.at, text: "go " + s.f.name, uses: s.args, alts: func(env *frame) []alt {
		values := make([]int, len(s.args))
		for i, x := range s.args {
			values[i] = x.eval(env)
			if !params[i].typ.Has(values[i]) {
				return outside(s.at, params[i], values[i])
			}
		}
		label := "go " + s.f.call(values)
		return []alt{{does: action{label: label, starts: s.f, args: values}}}
	}}
	return o.build(b, next)
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
func Step(event string) Stmt {
	if event == "" || event == "τ" || event == "✓" {
		return misuse(fmt.Sprintf("%s: Step(%q) is no event of its own", caller(), event))
	}
	return step(call{method: event}, alt{does: action{label: event, step: true}})
}

// A misuse is a statement that says what is wrong with it.
type misuse string

func (s misuse) build(b *graph, next *node) *node {
	b.wrong("%s", string(s))
	return next
}

// Timeout returns a receive from time.After or the like, which is possible at
// any moment.
func Timeout() Comm { return step(call{method: timeout}, alt{does: action{label: timeout}}) }

const timeout = "timeout"

// A Case is one of the cases of a Select.
type Case struct {
	guard Expr
	comm  Comm // nil: default
	body  block
	wrong string // what is wrong with it
}

// On returns case comm: body.
func On(comm Comm, body ...Stmt) Case { return OnIf(Int(1), comm, body...) }

// OnIf returns On, but the case is only there if guard is not 0: what
// programmers do by setting the channel to nil.
func OnIf(guard Expr, comm Comm, body ...Stmt) Case {
	c := Case{guard: guard, comm: comm, body: body}
	if comm == nil {
		c.wrong = "Select has a case without an operation"
	}
	return c
}

// Default returns default: body.
func Default(body ...Stmt) Case { return Case{body: body} }

type selection struct {
	at    string
	cases []Case
}

// Select returns a select statement: it waits until one of the cases is ready;
// of several, any is taken. With a default it does not wait; an unbuffered
// channel need not be ready just because the partner comes next to its other
// end, as nothing says that it has begun to wait there; and it never is if the
// partner has a default, too.
func Select(cases ...Case) Stmt { return &selection{caller(), cases} }

func (s *selection) build(b *graph, next *node) *node {
	n := b.add(&node{at: s.at})
	var texts []string
	var others *opCase
	for _, c := range s.cases {
		body := c.body.build(b, next)
		if c.wrong != "" {
			b.wrong("%s: %s", s.at, c.wrong)
			continue
		}
		if c.comm == nil {
			if others != nil {
				b.wrong("%s: Select has two defaults", s.at)
			}
			others = &opCase{next: body}
			continue
		}
		o := c.comm.comm()
		b.use(c.guard)
		b.check(o)
		texts = append(texts, o.text)
		n.cases = append(n.cases, opCase{guard: c.guard, op: o, next: body})
	}
	if others != nil {
		n.hasty = true
		texts = append(texts, "default")
		others.op = &op{text: "default", alts: unready(n.cases)}
		n.cases = append(n.cases, *others)
	}
	n.text = "select " + strings.Join(texts, " | ")
	return n
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
