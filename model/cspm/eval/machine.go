// Package eval runs a script whose names are settled: it turns every
// expression into a closure over slots once, and then calls closures.
//
// Evaluation is by need. A place in the script that is evaluated later (an
// argument, a continuation, a lambda) is a site: code with a frame of slots,
// some of which are captured from the frame around it when the site is
// reached. Two sites of equal structure with equal captured values are
// equal: that is what makes the states of an unnamed process finitely many.
//
// A call of a process is a node of its own, known by the definition and the
// values of its arguments; it is unfolded when its first events are needed
// (package process).
//
// To read the code, start at Machine, then expr in expr.go.
package eval

import (
	"context"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/process"
	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// A Machine runs one script. It is used by one goroutine at a time.
type Machine struct {
	prog  *resolve.Program
	files *syntax.Files
	keys  *value.Keys
	space *process.Space

	globals map[*resolve.Object]*global
	binds   map[bindKey]*value.Thunk
	alike   map[value.Key]value.Set        // see shared
	groups  map[*resolve.Object]*groupSite // of the names of lets
	sets    map[*resolve.Object]value.Set  // of datatypes and nametypes
	heads   map[*resolve.Object]*value.Head
	types   map[*resolve.Object]*value.Type
	events  *value.Type
	sigs    *signatures
	names   map[*value.Head]*resolve.Object
	timings map[*resolve.Section]*timing

	here     syntax.Span // what is being evaluated, for messages
	calls    []activation
	running  []busyThunk
	stack    []value.Value // arguments of what is not kept
	spare    []*call
	branches []process.Branch // that have been read
	depth    int              // of nested evaluation, in expressions
	listing  int              // if not 0, no set is described
	ticks    uint
	ctx      context.Context
	stop     func() error // asked now and then; an error ends the evaluation
	limits   explore.Limits
	within   context.Context // of limits

	byOrder map[int]*resolve.Object // what revive knows, once asked
	places  map[uint32]*place       // of processes that have not started, by their structure
	descent descent
}

type busyThunk struct {
	t *value.Thunk
	p *proto
}

// New returns a machine for a script without errors.
func New(prog *resolve.Program, files *syntax.Files) *Machine {
	return newMachine(prog, files, &value.Keys{}, &signatures{ids: map[string]uint32{}})
}

func newMachine(prog *resolve.Program, files *syntax.Files, keys *value.Keys, sigs *signatures) *Machine {
	m := &Machine{
		sigs:    sigs,
		prog:    prog,
		files:   files,
		keys:    keys,
		globals: map[*resolve.Object]*global{},
		binds:   map[bindKey]*value.Thunk{},
		alike:   map[value.Key]value.Set{},
		groups:  map[*resolve.Object]*groupSite{},
		sets:    map[*resolve.Object]value.Set{},
		heads:   map[*resolve.Object]*value.Head{},
		types:   map[*resolve.Object]*value.Type{},
		events:  &value.Type{Name: "Event"},
		names:   map[*value.Head]*resolve.Object{},
		timings: map[*resolve.Section]*timing{},
		places:  map[uint32]*place{},
		ctx:     context.Background(),
		within:  context.Background(),
		stop:    func() error { return nil },
	}
	m.keys.Try = m.try
	m.space = process.NewSpace(m.keys)
	m.space.Spend = m.spend
	m.space.Quit = func(err error) { panic(&stopped{err}) }
	m.space.Declared = m.declared
	m.space.Double, m.space.Revive, m.space.Revivable = m.double, m.revive, m.revivable
	for _, o := range prog.Objects {
		if o.Kind == resolve.Channel {
			m.events.Heads = append(m.events.Heads, m.head(o))
		}
	}
	return m
}

// declared returns how many events all channels have, or value.Infinite.
func (m *Machine) declared() int64 { return value.Most(&value.Values{Of: m.events}) }

// Eval returns the value of an expression, completely evaluated by show, and
// its printed form.
func (m *Machine) Eval(ctx context.Context, e syntax.Expr, info *resolve.Info) (shown string, err error) {
	err = m.guard(ctx, func() {
		s := m.top(info)
		v := s.expr(e)(m, s.frame())
		m.here = e.At()
		shown = value.Show(v)
	})
	return shown, err
}

// Process returns the process that an expression denotes. It is evaluated
// when it is explored.
func (m *Machine) Process(e syntax.Expr, info *resolve.Info, timed *resolve.Section) (t *process.Term, err error) {
	m.prog.Process(e, info)
	err = m.guard(context.Background(), func() {
		s := m.top(info)
		s.timed = m.timing(timed)
		t = s.off(e)(m, s.frame())
	})
	return t, err
}

// Events evaluates a sequence of events, such as the trace of an assertion.
// Mistakes in a list have the place of the element.
func (m *Machine) Events(ctx context.Context, x syntax.Expr, info *resolve.Info) (trace []model.Event, err error) {
	add := func(v value.Value, at syntax.Span) {
		m.here = at
		d, ok := value.Force(v).(*value.Dot)
		if !ok || d.Head == nil || d.Head.Type != m.events || !d.Complete() {
			value.Fail("%s is not a complete event", value.Short(v))
		}
		trace = append(trace, m.space.Event(d))
	}
	err = m.guard(ctx, func() {
		list, ok := x.(*syntax.List)
		if !ok || list.Comp {
			s := m.top(info)
			v := s.expr(x)(m, s.frame())
			m.here = x.At()
			for _, v := range value.ToSeq(v).All() {
				add(v, x.At())
			}
			return
		}
		for _, e := range list.Elems {
			s := m.top(info)
			add(s.expr(e)(m, s.frame()), e.At())
		}
	})
	return trace, err
}

// OnCompress has f told of each compression that is done.
func (m *Machine) OnCompress(f func(process.Compression)) { m.space.Compressed = f }

// EventName returns the printed form of an event.
func (m *Machine) EventName(e model.Event) string { return m.space.Events().Name(e) }

// TauPriority returns prioritise(t, <{}, A>), A being what an expression
// comes to.
func (m *Machine) TauPriority(t *process.Term, a syntax.Expr, info *resolve.Info) (out *process.Term, err error) {
	err = m.guard(context.Background(), func() {
		s := m.top(info)
		set := s.events(a, false)(m, s.frame())
		none := m.space.EventSet(value.EmptySet)
		out = m.space.WithSets(process.Prioritise, []*process.EventSet{none, set}, t)
	})
	return out, err
}

// Network returns the network of a process. It panics as evaluation does.
func (m *Machine) Network(t *process.Term, o process.NetworkOptions) (*model.Network, error) {
	return m.space.Network(t, o)
}

// At returns a place as file:line:col, or "" if it is none.
func (m *Machine) At(s syntax.Span) string {
	if s.Start == 0 {
		return ""
	}
	return m.files.Position(s.Start).String()
}

// Text returns the text of a place.
func (m *Machine) Text(s syntax.Span) string { return m.files.Text(s) }

// stopped is the panic that ends an evaluation from outside.
type stopped struct{ err error }

// Within keeps evaluation within limits from now on.
func (m *Machine) Within(ctx context.Context, limits explore.Limits) {
	m.stop, m.space.MostStates = limits.Watch(ctx), limits.States
	m.within, m.limits, m.space.Room = ctx, limits, limits.Room()
}

// Guard returns a function that calls its argument and turns what goes wrong
// in the script into an error: a *syntax.Error, or an *explore.Limit if the
// evaluation was stopped.
func (m *Machine) Guard(ctx context.Context) func(func()) error {
	return func(f func()) error { return m.guard(ctx, f) }
}

func (m *Machine) guard(ctx context.Context, f func()) (err error) {
	at := m.mark()
	m.ctx = ctx
	defer func() {
		switch p := recover().(type) {
		case nil:
		case *value.Fault:
			err = m.faulty(p)
			m.release(at)
		case *stopped:
			err = p.err
			m.release(at)
		default:
			m.release(at)
			panic(p)
		}
	}()
	f()
	return nil
}

// faulty adds the place to a fault.
func (m *Machine) faulty(f *value.Fault) error {
	e := &syntax.Error{Class: syntax.Eval, Span: m.here, Msg: f.Msg, Files: m.files}
	if f.Limit {
		e.Class = syntax.Limit
	}
	if f.At != (syntax.Span{}) {
		e.Span = f.At
	}
	if f.Note.Msg != "" {
		e.Notes = append(e.Notes, f.Note)
	}
	if f.Limit && f.At != (syntax.Span{}) {
		m.trace(e) // endless unfolding: the message is about that itself
	} else {
		m.traceAll(e)
	}
	return e
}

// A mark is what is going on at a time; release goes back to it after a
// panic.
type mark struct{ calls, running, stack, depth, nest, pending int }

func (m *Machine) mark() mark {
	return mark{len(m.calls), len(m.running), len(m.stack), m.depth, m.keys.Nest(), m.space.Pending()}
}

func (m *Machine) release(to mark) {
	for _, b := range m.running[to.running:] {
		b.t.Code = b.p
	}
	m.calls, m.running, m.depth = m.calls[:to.calls], m.running[:to.running], to.depth
	m.pop(to.stack)
	m.keys.Unwind(to.nest)
	m.space.Release(to.pending)
}

// The deepest nesting of evaluation, in levels of expressions. A level takes
// some 300 bytes of stack, and Go ends a program whose stack reaches a
// gigabyte.
const maxDepth = 1_000_000

// enter notes that evaluation goes deeper by that many expressions.
func (m *Machine) enter(levels int) {
	m.depth += levels
	if m.depth > maxDepth {
		value.FailLimit("the recursion is too deep: more than %d expressions inside each other are being evaluated", maxDepth)
	}
	m.tick()
}

// tick asks now and then whether to stop.
func (m *Machine) tick() {
	if m.ticks++; m.ticks < ticksToAsk {
		return
	}
	m.ticks = 0
	m.ask()
}

// spend is tick for work that takes about as long as handling n elements.
func (m *Machine) spend(n int) {
	if m.ticks += min(uint(n)/8, ticksToAsk); m.ticks >= ticksToAsk {
		m.ticks = 0
		m.ask()
	}
}

// After how many ticks an evaluation asks whether to stop.
const ticksToAsk = 1 << 10

func (m *Machine) ask() {
	err := m.stop()
	if err == nil {
		err = m.descent.next(m.depth, m.space.Room)
	}
	if l := explore.Cancelled(m.ctx); err == nil && l != nil {
		err = l
	}
	if err != nil {
		panic(&stopped{err})
	}
}

// try calls f and returns the fault in the script that it met, or nil;
// evaluation goes on as if f had not been called.
func (m *Machine) try(f func()) (fault *value.Fault) {
	at, here := m.mark(), m.here
	defer func() {
		switch p := recover().(type) {
		case nil:
		case *value.Fault:
			if p.At == (syntax.Span{}) {
				p.At = m.here
			}
			m.release(at)
			m.here, fault = here, p
		default:
			panic(p)
		}
	}()
	f()
	return nil
}
