package golang

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cspcheck/cspcheck/model"
)

// A Program is a concurrent design: what is shared, what goroutines do, and
// where they start. Declare things and functions, then call Main, then
// Network. Mistakes are kept, and Network says them all.
type Program struct {
	name     string
	objects  []*object
	vars     []*Var
	contexts []*Context
	timeouts []*Context // of contexts
	funcs    []*Func
	main     *Func
	problems []error
}

// NewProgram starts a program.
func NewProgram(name string) *Program { return &Program{name: name} }

func (p *Program) wrong(format string, args ...any) {
	p.problems = append(p.problems, fmt.Errorf("program %s: "+format, append([]any{p.name}, args...)...))
}

func (p *Program) declare(o *object) {
	p.named(o.name, o.at)
	p.objects = append(p.objects, o)
}

func (p *Program) typed(o *object, t Type) {
	if err := t.check(); err != nil {
		p.wrong("%s: %s: %w", o.at, o.name, err)
	}
}

// named takes a name for something.
func (p *Program) named(name, at string) {
	if name == "" {
		p.wrong("%s: it has no name", at)
	}
	for _, o := range p.objects {
		if o.name == name {
			p.wrong("%s: %s is declared at %s, too", at, name, o.at)
		}
	}
	for _, f := range p.funcs {
		if f.name == name {
			p.wrong("%s: %s is declared at %s, too", at, name, f.at)
		}
	}
}

// A Func is what a goroutine does.
type Func struct {
	name   string
	at     string
	params []*Local
	body   block
	most   int // at once; 0: as many as are started
}

// Func declares a function without parameters.
func (p *Program) Func(name string, body ...Stmt) *Func { return p.FuncOf(name, nil, body...) }

// FuncOf declares a function with parameters, which are variables of it.
func (p *Program) FuncOf(name string, params []*Local, body ...Stmt) *Func {
	f := &Func{name: name, at: caller(), params: params, body: body}
	p.named(name, f.at)
	p.funcs = append(p.funcs, f)
	return f
}

// Define replaces the body of a function: for functions that start each other.
func (f *Func) Define(body ...Stmt) *Func {
	f.body = body
	return f
}

// AtMost says how many goroutines may run f at once. It is needed where they
// are started in a loop without a bound; elsewhere there are as many as
// can be started. A run in which there would be more ends the search with an
// error.
func (f *Func) AtMost(n int) *Func {
	f.most = n
	return f
}

// call returns f with arguments, as text.
func (f *Func) call(args []int) string {
	texts := make([]string, len(args))
	for i, v := range args {
		texts[i] = f.params[i].typ.Text(v)
	}
	return f.name + "(" + strings.Join(texts, ", ") + ")"
}

// Main says what the main goroutine does, which is there from the start.
func (p *Program) Main(body ...Stmt) {
	at := caller()
	if p.main != nil {
		p.wrong("%s: Main is called at %s, too", at, p.main.at)
	}
	p.main = &Func{name: "main", at: at, body: body}
}

// An Option changes what Network makes of a program.
type Option int

const (
	// Linger lets the other goroutines go on when main has returned, where
	// they are killed in Go: for the question whether they would ever end.
	Linger Option = iota + 1

	// Spurious lets select take its default, and TryLock and its like fail, at
	// any time: for the question whether there are races, as what they see
	// does not order anything (Boehm, Adve, "Foundations of the C++
	// Concurrency Memory Model", 2008, §5).
	Spurious
)

// A goroutine is a place for one in the network.
type goroutine struct {
	name    string
	routine *routine
}

// routines compiles main and all functions that it starts, directly or not.
func (p *Program) routines() ([]*routine, error) {
	if p.main == nil {
		p.wrong("there is no Main")
	}
	if len(p.problems) > 0 {
		return nil, errors.Join(p.problems...)
	}
	var out []*routine
	var problems []error
	seen := map[*Func]bool{p.main: true}
	queue := []*Func{p.main}
	for len(queue) > 0 {
		r, err := compile(queue[0], queue[0] == p.main)
		queue = queue[1:]
		if err != nil {
			problems = append(problems, fmt.Errorf("program %s: %w", p.name, err))
			continue
		}
		out = append(out, r)
		for _, f := range p.funcs { // in a fixed order
			if _, ok := r.most[f]; ok && !seen[f] {
				seen[f] = true
				queue = append(queue, f)
			}
		}
		for f := range r.most {
			if !seen[f] {
				problems = append(problems, fmt.Errorf("program %s: %s starts %s, which is a function of another program", p.name, r.f.name, f.name))
			}
		}
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return out, nil
}

// goroutines says how many goroutines there may be of each routine, and names
// them.
func (p *Program) goroutines(routines []*routine) ([]goroutine, error) {
	count := map[*Func]int{p.main: 1}
	busy := map[*Func]bool{}
	of := map[*Func]*routine{}
	for _, r := range routines {
		of[r.f] = r
	}
	var number func(f *Func) int
	number = func(f *Func) int {
		if n, ok := count[f]; ok {
			return n
		}
		if f.most > 0 {
			count[f] = f.most
			return f.most
		}
		if busy[f] {
			return unbounded
		}
		busy[f] = true
		n := 0
		for _, r := range routines {
			k, starts := r.most[f]
			if !starts || k == 0 {
				continue
			}
			m := number(r.f)
			if k == unbounded || m == unbounded {
				n = unbounded
				break
			}
			n += k * m
		}
		delete(busy, f)
		count[f] = n
		return n
	}
	var out []goroutine
	names := map[string]bool{}
	for _, r := range routines {
		if r.f.most < 0 {
			return nil, fmt.Errorf("program %s: %s: AtMost(%d) goroutines are to run %s", p.name, r.f.at, r.f.most, r.f.name)
		}
		n := number(r.f)
		if n == unbounded {
			return nil, fmt.Errorf("program %s: %s: func %s is started any number of times: say with AtMost how many may run at once", p.name, r.f.at, r.f.name)
		}
		for i := range n {
			name := r.f.name
			if n > 1 {
				name = fmt.Sprintf("%s.%d", name, i+1)
			}
			if names[name] {
				return nil, fmt.Errorf("program %s: %s: two goroutines are called %s: give func %s another name", p.name, r.f.at, name, r.f.name)
			}
			names[name] = true
			out = append(out, goroutine{name, of[r.f]})
		}
	}
	slices.SortStableFunc(out, func(a, b goroutine) int { return cmp.Compare(truth(a.name != "main"), truth(b.name != "main")) })
	return out, nil
}

// Network makes a network of the program: components first main, then the
// other goroutines, then what is shared. The program ends when main returns
// (✓), and when a goroutine panics.
func (p *Program) Network(options ...Option) (*model.Network, error) {
	b, err := p.assemble(slices.Contains(options, Linger), slices.Contains(options, Spurious))
	if err != nil {
		return nil, err
	}
	return b.rules.Build()
}

// Tasks returns the components of a network of the program that are
// goroutines, main first: those that may be stuck, or leak.
func (p *Program) Tasks(n *model.Network) []int {
	var out []int
	for i, c := range n.Components() {
		if !c.Resource {
			out = append(out, i)
		}
	}
	return out
}

// Panics returns the events of a network of the program that are panics.
func (p *Program) Panics(n *model.Network) model.Alphabet {
	return p.matching(n, func(o *object, event string) bool { return strings.HasPrefix(event, o.label(panicking)) })
}

// Access is the events by which a shared variable is read and written.
type Access struct {
	Name          string
	Reads, Writes model.Alphabet
}

// Accesses returns the events of a network of the program that read and write
// its unprotected variables.
func (p *Program) Accesses(n *model.Network) []Access {
	var out []Access
	for _, v := range p.vars {
		by := func(prefix string) model.Alphabet {
			return p.matching(n, func(o *object, event string) bool {
				return o == &v.object && (event == o.label(prefix) || strings.HasPrefix(event, o.label(prefix)+"."))
			})
		}
		out = append(out, Access{v.name, by("read"), by("write")})
	}
	return out
}

// matching returns the events of a network that one of the objects has.
func (p *Program) matching(n *model.Network, has func(o *object, event string) bool) model.Alphabet {
	var out []model.Event
	for r := range n.NumRules() {
		e := n.Event(r)
		if slices.ContainsFunc(p.objects, func(o *object) bool { return has(o, n.Events().Name(e)) }) {
			out = append(out, e)
		}
	}
	return model.NewAlphabet(out...)
}
