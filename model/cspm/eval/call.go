package eval

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/cspcheck/cspcheck/model/cspm/process"
	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// An fn is a definition with clauses, or a process without arguments. It is
// compiled when it is first called. Its frame has the arguments of all
// groups first, then what it captures (of a let) and its own variables.
type fn struct {
	m       *Machine
	obj     *resolve.Object
	name    string
	arity   []int // of each group
	total   int
	up      *site // the let around it, or nil
	n       int
	caps    []capture
	clauses []clause
	quick   *dispatch // finds those that fit a constant, or nil
	height  int
	ready   bool
}

type clause struct {
	params []matcher
	body   code
	at     syntax.Span // of the body
}

// newFn returns the definition of o, not yet compiled.
func (m *Machine) newFn(o *resolve.Object, up *site) *fn {
	f := &fn{m: m, obj: o, name: o.Name, up: up}
	if o.Kind == resolve.Func {
		for _, g := range o.Clauses[0].Groups {
			f.arity = append(f.arity, len(g))
			f.total += len(g)
		}
	}
	return f
}

// compile compiles the clauses, once.
func (f *fn) compile() {
	if f.ready {
		return
	}
	f.ready = true
	s := &site{m: f.m, info: f.obj.Info, fn: f, inside: f, up: f.up, timed: f.m.timing(f.obj.Timed), slots: map[*resolve.Object]int{}}
	for range f.total {
		s.slot()
	}
	if f.obj.Kind == resolve.Value {
		f.clauses = []clause{{body: s.expr(f.obj.Bind.Body), at: f.obj.Bind.Body.At()}}
	}
	var pats [][]syntax.Pat
	for _, c := range f.obj.Clauses {
		var params []matcher
		for _, g := range c.Groups {
			params = append(params, s.params(g, len(params))...)
		}
		f.clauses = append(f.clauses, clause{params, s.expr(c.Body), c.Body.At()})
		pats = append(pats, slices.Concat(c.Groups...))
	}
	f.quick = s.newDispatch(f.clauses, pats)
	f.n, f.caps, f.height = s.n, s.caps, s.height+4
}

// params compiles the patterns of arguments in the slots from first on. A
// plain variable takes its slot, and needs no matching: nil.
func (s *site) params(ps []syntax.Pat, first int) []matcher {
	ms := make([]matcher, len(ps))
	for i, p := range ps {
		if n, ok := p.(*syntax.PatName); ok && s.constantPat(n) == nil {
			s.slots[s.info.Pats[n]] = first + i
			s.note('p', first+i)
			continue
		}
		ms[i] = s.pattern(p)
	}
	return ms
}

// open returns a frame for a call, with what env captured. It is on the
// stack: whatever outlives the call copies what it captures. The call is over
// when the stack is popped to where it was.
func (f *fn) open(env *group) []value.Value {
	f.compile()
	e := f.m.push(f.n)
	for _, c := range f.caps {
		e[c.to] = env.frame[c.from]
	}
	return e
}

// run runs the definition in a frame that has the arguments.
func (f *fn) run(e []value.Value, at syntax.Span) value.Value {
	m := f.m
	m.calls = append(m.calls, activation{of: f, at: at, args: e[:f.total]})
	m.here = at
	m.enter(f.height)
	v := f.body(m, e, at)
	m.depth -= f.height
	m.calls = m.calls[:len(m.calls)-1]
	return v
}

func (f *fn) body(m *Machine, e []value.Value, at syntax.Span) value.Value {
	first := 0
	if f.quick != nil {
		if fit, ok := f.quick.find(e); ok {
			for _, i := range fit {
				if c := &f.clauses[i]; c.fits(m, e) {
					return c.body(m, e)
				}
			}
			first = f.quick.clauses
		}
	}
	for i := first; i < len(f.clauses); i++ {
		if c := &f.clauses[i]; c.fits(m, e) {
			return c.body(m, e)
		}
	}
	m.here = at
	f.mismatch(e[:f.total])
	return nil
}

// fits matches the arguments in a frame.
func (c *clause) fits(m *Machine, e []value.Value) bool {
	for k, match := range c.params {
		if match != nil && !match(m, e, e[k]) {
			return false
		}
	}
	return true
}

// mismatch panics because no clause fits the arguments. A name that was
// perhaps meant as a variable is pointed out.
func (f *fn) mismatch(args []value.Value) {
	hint := ""
	for _, c := range f.obj.Clauses {
		for _, g := range c.Groups {
			for _, p := range g {
				if n, ok := p.(*syntax.PatName); ok && hint == "" {
					if o := f.obj.Info.Pats[n]; o != nil && o.Kind != resolve.Local {
						hint = "; in the pattern, " + n.Name + " is the " + o.Kind.String() + " of that name, not a variable"
					}
				}
			}
		}
	}
	f.m.calls[len(f.m.calls)-1].told = true
	panic(&value.Fault{
		Msg:  fmt.Sprintf("no clause of %s matches %s%s", f.name, f.show(args), hint),
		Note: syntax.Note{Span: f.obj.At, Msg: f.name + " is defined here"},
	})
}

// A Func is a function as a value.
type Func struct {
	m     *Machine
	fn    *fn
	env   *group        // of an fn in a let
	given []value.Value // arguments of its first groups
	had   int           // how many groups given are
	lam   *lambda
	frame []value.Value // of a lambda: what it captured
	built *builtin
	key   value.Key
}

func (f *Func) Kind() value.Kind     { return value.KFunc }
func (f *Func) Keys() *value.Keys    { return f.m.keys }
func (f *Func) KeyCache() *value.Key { return &f.key }

func (f *Func) String() string {
	switch {
	case f.fn != nil:
		return f.fn.name
	case f.built != nil:
		return f.built.name
	}
	return `\ … @ …`
}

// AppendKey tells functions apart by their definition and what they
// captured.
func (f *Func) AppendKey(_ *value.Keys, b []byte) []byte {
	switch {
	case f.fn != nil:
		b = f.fn.appendKey(append(b, keyFunc, byte(f.had)), f.env)
		for _, v := range f.given {
			b = f.m.keys.Append(b, v)
		}
		return b
	case f.built != nil:
		b = append(append(b, keyBuiltin), f.built.name...)
		for _, v := range f.given {
			b = f.m.keys.Append(b, v)
		}
		return b
	}
	return f.lam.p.appendKey(append(b, keyLambda), f.frame)
}

func (f *fn) appendKey(b []byte, env *group) []byte {
	b = binary.LittleEndian.AppendUint32(b, uint32(f.obj.Order))
	if env != nil {
		b = env.appendKey(b)
	}
	return b
}

// next returns how many arguments the next group takes.
func (f *Func) next() int {
	switch {
	case f.lam != nil:
		return len(f.lam.params)
	case f.built != nil:
		return f.built.arity
	}
	return f.fn.arity[f.had]
}

// apply applies a function to one group of arguments.
func (f *Func) apply(m *Machine, args []value.Value, at syntax.Span) value.Value {
	if n := f.next(); n != len(args) {
		m.here = at
		value.Fail("%s takes %s, not %d", f, count(n, "argument"), len(args))
	}
	switch {
	case f.lam != nil:
		return f.lam.run(m, f.frame, args, at)
	case f.built != nil:
		m.here = at
		return f.built.call(m, args)
	}
	all := append(append([]value.Value(nil), f.given...), args...)
	if f.had+1 < len(f.fn.arity) {
		return &Func{m: m, fn: f.fn, env: f.env, given: all, had: f.had + 1}
	}
	if f.fn.obj.Proc {
		return m.space.Delay(&call{f: f.fn, env: f.env, args: all, at: at})
	}
	base := len(m.stack)
	e := f.fn.open(f.env)
	copy(e, all)
	v := f.fn.run(e, at)
	m.pop(base)
	return v
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return value.Show(value.Num(int64(n))) + " " + what + "s"
}

// A lambda is a compiled lambda.
type lambda struct {
	p      *proto
	params []matcher
	head   syntax.Span // its parameters
}

func (s *site) lambda(x *syntax.Lambda) code {
	c := s.child()
	c.note('\\', len(x.Params))
	for range x.Params {
		c.slot()
	}
	params := c.params(x.Params, 0)
	l := &lambda{params: params, head: x.Params[0].At().To(x.Params[len(x.Params)-1].At())}
	l.p = c.proto(c.expr(x.Body), x.At())
	return func(m *Machine, e []value.Value) value.Value {
		return &Func{m: m, lam: l, frame: l.p.frame(e)}
	}
}

func (l *lambda) run(m *Machine, captured, args []value.Value, at syntax.Span) value.Value {
	e := append([]value.Value(nil), captured...)
	copy(e, args)
	for i, match := range l.params {
		if match != nil && !match(m, e, e[i]) {
			m.here = at
			value.Fail("the lambda does not match %s", value.Short(args[i]))
		}
	}
	m.calls = append(m.calls, activation{of: l, at: at, args: args})
	v := l.p.run(e)
	m.calls = m.calls[:len(m.calls)-1]
	return v
}

// A call is a call of a process that is not yet unfolded.
type call struct {
	f    *fn
	env  *group
	args []value.Value
	at   syntax.Span
}

func (c *call) Unfold() *process.Term {
	m := c.f.m
	base, here := len(m.stack), m.here
	e := c.f.open(c.env)
	copy(e, c.args)
	t := m.term(c.f.run(e, c.at), c.at)
	m.pop(base)
	m.here = here
	return t
}

func (c *call) AppendKey(_ *value.Keys, b []byte) []byte {
	b = c.f.appendKey(append(b, keyCall), c.env)
	for _, v := range c.args {
		b = c.f.m.keys.Append(b, v)
	}
	return b
}

func (c *call) Name() string      { return c.f.show(c.args) }
func (c *call) Span() syntax.Span { return c.f.obj.At }

// callee returns the definition that x calls with all its arguments, and the
// arguments; or nil.
func (s *site) callee(x syntax.Expr) (*resolve.Object, []syntax.Expr) {
	var groups [][]syntax.Expr
	for {
		switch y := x.(type) {
		case *syntax.Paren:
			x = y.X
			continue
		case *syntax.Apply:
			groups = append(groups, y.Args)
			x = y.Fn
			continue
		case *syntax.Name:
			o := s.info.Uses[y]
			switch {
			case o.Kind == resolve.Value && o.Proc && len(groups) == 0:
				return o, nil
			case o.Kind != resolve.Func || len(o.Clauses[0].Groups) != len(groups):
				return nil, nil
			}
			var args []syntax.Expr
			for i, g := range o.Clauses[0].Groups {
				given := groups[len(groups)-1-i]
				if len(given) != len(g) {
					return nil, nil
				}
				args = append(args, given...)
			}
			return o, args
		}
		return nil, nil
	}
}

// isCall reports whether x is a call of a process with all its arguments.
func (s *site) isCall(x syntax.Expr) bool {
	o, _ := s.callee(x)
	return o != nil && o.Proc
}

// call compiles a complete call of a definition.
func (s *site) call(at syntax.Span, o *resolve.Object, args []syntax.Expr) code {
	f, env := s.fnOf(o)
	cs := s.lazies(args)
	if !o.Proc {
		return func(m *Machine, e []value.Value) value.Value {
			base := len(m.stack)
			g := f.open(env(e))
			for i, c := range cs {
				g[i] = c(m, e)
			}
			v := f.run(g, at)
			m.pop(base)
			return v
		}
	}
	if len(cs) == 0 && !o.Local {
		t := s.m.space.Delay(&call{f: f, at: at})
		return func(*Machine, []value.Value) value.Value { return t }
	}
	return func(m *Machine, e []value.Value) value.Value {
		return m.space.Delay(&call{f: f, env: env(e), args: evalAll(m, e, cs), at: at})
	}
}

// fnOf returns the definition of o and code for what it captured.
func (s *site) fnOf(o *resolve.Object) (*fn, func(e []value.Value) *group) {
	if !o.Local {
		s.note('f', o.Order)
		return s.m.global(o).fn, func([]value.Value) *group { return nil }
	}
	return s.letFn(o)
}

// apply compiles an application.
func (s *site) apply(x *syntax.Apply) code {
	s.note('(', len(x.Args))
	if o, args := s.callee(x); o != nil {
		return s.call(x.At(), o, args)
	}
	at := x.At()
	if n, ok := x.Fn.(*syntax.Name); ok {
		if o := s.info.Uses[n]; o.Kind == resolve.Builtin {
			return s.applyBuiltin(x, o)
		}
	}
	fc, cs := s.expr(x.Fn), s.lazies(x.Args)
	return func(m *Machine, e []value.Value) value.Value {
		v := fc(m, e)
		f, ok := v.(*Func)
		if !ok {
			m.here = x.Fn.At()
			value.Fail("%s is %s, not a function", value.Short(v), v.Kind())
		}
		return f.apply(m, evalAll(m, e, cs), at)
	}
}
