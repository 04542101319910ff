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

// A call is an operation in the words of a programmer: into = on.method(args).
type call struct {
	on     *object // nil: of none
	method string
	args   []Expr
	into   []*Local // each may be nil
}

// An op is a statement that is one step.
type op struct {
	call
	at   string // file:line
	text string
	uses []Expr // what it reads and writes
	bad  misuse // what is wrong with it, or ""
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
	hasty   bool // not if it would have to wait for that
	value   int
	starts  *Func // a new goroutine, too
	args    []int
	crashes bool   // it is a panic: the program ends
	beyond  string // it is no step, but passes a limit of the model: which
	idle    bool   // it only sees that something is not ready: see Spurious
	silent  bool   // τ
	step    bool   // it is a Step
}

// A touch is an event of something shared.
type touch struct {
	object *object
	event  string // behind the object's name and a dot
	own    bool   // the event ends in the goroutine's name
}

func (o *op) comm() *op { return o }

func (o *op) build(b *graph, next *node) *node {
	b.check(o)
	return b.add(&node{at: o.at, text: o.text, cases: []opCase{{op: o, next: next}}})
}

// check makes room for what the op uses, and says what is wrong with it.
func (b *graph) check(o *op) {
	if o.bad != "" {
		b.wrong("%s", string(o.bad))
	}
	b.use(o.uses...)
}

// step returns an op with alternatives that don't depend on variables.
func step(c call, alts ...alt) *op {
	return &op{call: c, at: caller(), text: c.String(), uses: c.uses(), alts: func(*frame) []alt { return alts }}
}

// A longOp is one operation to a programmer, but several steps.
type longOp struct {
	call
	steps Stmt
}

func (o *longOp) build(b *graph, next *node) *node { return o.steps.build(b, next) }

// uses returns what the call reads and writes.
func (c call) uses() []Expr { return append(locals(c.into...), c.args...) }

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
