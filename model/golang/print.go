package golang

import (
	"fmt"
	"strings"
)

// String returns the call as Go text.
func (c call) String() string {
	if c.on == nil {
		return c.method
	}
	args := make([]string, len(c.args))
	for i, x := range c.args {
		args[i] = fmt.Sprint(x)
	}
	name, list := c.on.name, strings.Join(args, ", ")
	into := c.results()
	switch c.method {
	case "Send":
		return name + " <- " + list
	case "Recv":
		return into + "<-" + name
	case "Close":
		return "close(" + name + ")"
	case "Read":
		return into + name
	case "Write":
		return name + " = " + list
	}
	if _, ok := c.on.kind.(*Var); ok { // Add
		return name + " += " + list
	}
	return into + name + "." + c.method + "(" + list + ")"
}

// results returns what stands before the call, as "x, _ = ".
func (c call) results() string {
	var names []string
	wanted := 0
	for i, v := range c.into {
		names = append(names, nameOf(v))
		if v != nil {
			wanted = i + 1
		}
	}
	if wanted == 0 {
		return ""
	}
	return strings.Join(names[:wanted], ", ") + " = "
}

func nameOf(v *Local) string {
	if v == nil {
		return "_"
	}
	return v.name
}

// String returns the program as text that is much like Go.
func (p *Program) String() string {
	w := &printer{}
	w.line("program %s", p.name)
	for _, o := range p.objects {
		w.line("var %s %s", o.name, o.describe())
	}
	for _, f := range p.funcs {
		w.function(f)
	}
	if p.main != nil {
		w.function(p.main)
	}
	return w.String()
}

// GoString is String, for reports of property tests.
func (p *Program) GoString() string { return p.String() }

// describe says what the object is.
func (o *object) describe() string {
	switch k := o.kind.(type) {
	case *Chan:
		switch {
		case k.none:
			return fmt.Sprintf("chan %v = nil", k.typ)
		case k.capacity > 0:
			return fmt.Sprintf("= make(chan %v, %d)", k.typ, k.capacity)
		}
		return fmt.Sprintf("= make(chan %v)", k.typ)
	case *Mutex:
		return "sync.Mutex"
	case *RWMutex:
		return "sync.RWMutex"
	case *WaitGroup:
		return fmt.Sprintf("sync.WaitGroup // to %d", k.most)
	case *Cond:
		return "sync.Cond // of " + lockName(k.lock)
	case *Once:
		return "sync.Once"
	case *Semaphore:
		return fmt.Sprintf("= semaphore.NewWeighted(%d)", k.permits)
	case *Context:
		text := "context.Context"
		if k.timeout {
			text += ", with a timeout"
		}
		if k.parent != nil {
			text += ", of " + k.parent.name
		}
		return text
	case *Var:
		return fmt.Sprintf("%v = %s", k.typ, k.typ.Text(k.initial))
	case *Atomic:
		return fmt.Sprintf("atomic %v = %s", k.typ, k.typ.Text(k.initial))
	}
	panic("golang: an object of no kind")
}

func lockName(l Locker) string {
	switch l := l.(type) {
	case *Mutex:
		return l.name
	case *RWMutex:
		return l.name
	case rlocker:
		return l.m.name + ".RLocker()"
	}
	return "a lock"
}

// A printer writes indented lines.
type printer struct {
	strings.Builder
	depth int
}

func (w *printer) line(format string, args ...any) {
	w.WriteString(strings.Repeat("\t", w.depth))
	fmt.Fprintf(w, format, args...)
	w.WriteByte('\n')
}

func (w *printer) inside(s block) {
	w.depth++
	w.block(s)
	w.depth--
}

// braces prints a statement with a block.
func (w *printer) braces(body block, format string, args ...any) {
	w.line(format+" {", args...)
	w.inside(body)
	w.line("}")
}

func (w *printer) function(f *Func) {
	params := make([]string, len(f.params))
	for i, v := range f.params {
		params[i] = fmt.Sprintf("%s %v", v.name, v.typ)
	}
	w.braces(f.body, "func %s(%s)", f.name, strings.Join(params, ", "))
}

func (w *printer) block(s block) {
	for _, x := range s {
		w.stmt(x)
	}
}

func (w *printer) stmt(s Stmt) {
	switch s := s.(type) {
	case nil:
		w.line("nil")
	case block:
		w.block(s)
	case *op:
		w.line("%v", s.call)
	case *longOp:
		w.line("%v", s.call)
	case *assignment:
		w.line("%v = %v", s.to, s.x)
	case *IfStmt:
		w.line("if %v {", s.cond)
		w.inside(s.then)
		if len(s.els) > 0 {
			w.line("} else {")
			w.inside(s.els)
		}
		w.line("}")
	case *either:
		w.line("either {")
		for i, branch := range s.branches {
			if i > 0 {
				w.line("} or {")
			}
			w.inside(block{branch})
		}
		w.line("}")
	case *while:
		w.braces(s.body, "for %v", s.cond)
	case *counting:
		w.braces(s.body, "for %v from %d to %d", s.v, s.lo, s.hi)
	case *ranging:
		w.braces(s.body, "for %s = range %s", nameOf(s.v), s.c.name)
	case jump:
		w.line("%s", strings.ToLower(string(s)))
	case *deferral:
		w.braces(s.stmts, "defer")
	case *start:
		w.start(s)
	case *selection:
		w.selection(s)
	case *doing:
		w.braces(s.body, "%s.Do", s.o.name)
	default:
		panic(fmt.Sprintf("golang: no text for %T", s))
	}
}

func (w *printer) start(s *start) {
	args := make([]string, len(s.args))
	for i, x := range s.args {
		args[i] = fmt.Sprint(x)
	}
	name := "nil"
	if s.f != nil {
		name = s.f.name
	}
	w.line("go %s(%s)", name, strings.Join(args, ", "))
}

func (w *printer) selection(s *selection) {
	w.line("select {")
	for _, c := range s.cases {
		switch {
		case c.comm == nil:
			w.line("default:")
		case c.guard == Int(1):
			w.line("case %v:", c.comm.comm().call)
		default:
			w.line("case %v, if %v:", c.comm.comm().call, c.guard)
		}
		w.inside(c.body)
	}
	w.line("}")
}
