package eval

import (
	"github.com/cspcheck/cspcheck/model/cspm/process"
	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// expr compiles an expression to strict code.
func (s *site) expr(x syntax.Expr) code {
	s.nest++
	s.height = max(s.height, s.nest)
	c := s.compile(x)
	s.nest--
	return c
}

func (s *site) compile(x syntax.Expr) code {
	if c := s.kept(x); c != nil {
		return c
	}
	switch x := x.(type) {
	case *syntax.Paren:
		return s.expr(x.X)
	case *syntax.IntLit:
		return s.constant('0', value.Num(x.Value))
	case *syntax.BoolLit:
		return s.constant('0', value.Bool(x.Value))
	case *syntax.CharLit:
		return s.constant('0', value.Char(x.Value))
	case *syntax.StringLit:
		return s.constant('0', value.Text(x.Value))
	case *syntax.Name:
		return s.name(x)
	case *syntax.Tuple:
		return s.tuple(x)
	case *syntax.Apply:
		return s.apply(x)
	case *syntax.Lambda:
		return s.lambda(x)
	case *syntax.Let:
		return s.letExpr(x)
	case *syntax.If:
		return s.ifExpr(x)
	case *syntax.List:
		return s.list(x)
	case *syntax.Range:
		return s.rangeExpr(x)
	case *syntax.MapLit:
		return s.mapLit(x)
	case *syntax.Unary:
		return s.unary(x)
	case *syntax.Binary:
		return s.binary(x)
	}
	return s.process(x)
}

// lazy compiles an expression to code that evaluates it only where that
// takes no work and cannot fail.
func (s *site) lazy(x syntax.Expr) code {
	switch x := x.(type) {
	case *syntax.Paren:
		return s.lazy(x.X)
	case *syntax.IntLit, *syntax.BoolLit, *syntax.CharLit, *syntax.StringLit, *syntax.Lambda:
		return s.expr(x)
	case *syntax.Tuple:
		return s.tuple(x)
	case *syntax.List:
		if x.Kind == syntax.SeqBracket && !x.Comp {
			return s.list(x)
		}
	case *syntax.Name:
		o := s.info.Uses[x]
		switch o.Kind {
		case resolve.Local:
			s.noteLocal(o)
			slot := s.local(o)
			return func(_ *Machine, e []value.Value) value.Value { return e[slot] }
		case resolve.Value:
			if !o.Proc {
				return s.constantOf(x, o)
			}
		case resolve.Channel, resolve.Constructor, resolve.Func, resolve.Builtin:
			return s.expr(x)
		case resolve.Param:
			return s.constantOf(x, o)
		}
	case *syntax.Binary:
		if c := s.eager(x); c != nil {
			return c
		}
	}
	if s.isCall(x) {
		return s.expr(x) // a node, not yet unfolded
	}
	return s.later(x)
}

// eager compiles arithmetic on what may be known already: it is done at
// once if it is, and cannot fail.
func (s *site) eager(x *syntax.Binary) code {
	switch x.Op {
	case syntax.OpAdd, syntax.OpSub, syntax.OpMul, syntax.OpMod, syntax.OpDiv, syntax.OpConcat:
	default:
		return nil
	}
	mark := len(s.sig)
	l, r := s.glance(x.X), s.glance(x.Y)
	if l == nil || r == nil {
		s.sig = s.sig[:mark]
		return nil
	}
	s.sig = s.sig[:mark] // the thunk notes the same
	slow := s.later(x)
	op := x.Op
	if op == syntax.OpConcat {
		return func(m *Machine, e []value.Value) value.Value {
			if a, ok := l(e).(*value.Seq); ok && a.Complete() {
				if b, ok := r(e).(*value.Seq); ok && b.Complete() {
					return value.Concat(a, b)
				}
			}
			return slow(m, e)
		}
	}
	return func(m *Machine, e []value.Value) value.Value {
		if a, ok := l(e).(value.Int); ok {
			if b, ok := r(e).(value.Int); ok {
				if n, ok := arithmetic(op, int64(a), int64(b)); ok {
					return value.Num(n)
				}
			}
		}
		return slow(m, e)
	}
}

// glance returns code that gives the value of a simple expression if it is
// known, else nil; or nil if x is not simple.
func (s *site) glance(x syntax.Expr) func(e []value.Value) value.Value {
	switch x := x.(type) {
	case *syntax.Paren:
		return s.glance(x.X)
	case *syntax.IntLit:
		v := value.Num(x.Value)
		return func([]value.Value) value.Value { return v }
	case *syntax.Name:
		o := s.info.Uses[x]
		if o.Kind == resolve.Local {
			slot := s.local(o)
			return func(e []value.Value) value.Value {
				if v, ok := value.Known(e[slot]); ok {
					return v
				}
				return nil
			}
		}
		if o.Kind == resolve.Value && !o.Proc && !o.Local {
			m := s.m
			return func([]value.Value) value.Value {
				v, ok := value.Known(m.global(o).cell)
				if !ok {
					return nil
				}
				return v
			}
		}
	case *syntax.Binary:
		l, r := s.glance(x.X), s.glance(x.Y)
		if l == nil || r == nil {
			return nil
		}
		op := x.Op
		switch op {
		case syntax.OpAdd, syntax.OpSub, syntax.OpMul, syntax.OpMod, syntax.OpDiv:
			return func(e []value.Value) value.Value {
				a, ok := l(e).(value.Int)
				if !ok {
					return nil
				}
				b, ok := r(e).(value.Int)
				if !ok {
					return nil
				}
				if n, ok := arithmetic(op, int64(a), int64(b)); ok {
					return value.Num(n)
				}
				return nil
			}
		}
	case *syntax.List:
		if x.Kind == syntax.SeqBracket && !x.Comp {
			elems := make([]func([]value.Value) value.Value, len(x.Elems))
			for i, y := range x.Elems {
				if elems[i] = s.glance(y); elems[i] == nil {
					return nil
				}
			}
			return func(e []value.Value) value.Value {
				vs := make([]value.Value, len(elems))
				for i, c := range elems {
					if vs[i] = c(e); vs[i] == nil {
						return nil
					}
				}
				return value.SeqOf(vs...)
			}
		}
	}
	return nil
}

// constant notes a constant and returns its code.
func (s *site) constant(tag byte, v value.Value) code {
	s.noteText(tag, value.Show(v))
	return func(*Machine, []value.Value) value.Value { return v }
}

// kept compiles a closed expression that is worth keeping the value of: it
// is evaluated once, however often its place is passed.
func (s *site) kept(x syntax.Expr) code {
	switch y := x.(type) {
	case *syntax.List, *syntax.Range, *syntax.MapLit:
	case *syntax.Apply:
		if s.isCall(x) {
			return nil
		}
	case *syntax.Binary:
		switch y.Op {
		case syntax.OpDot, syntax.OpConcat, syntax.OpAdd, syntax.OpSub, syntax.OpMul, syntax.OpDiv, syntax.OpMod:
		default:
			return nil
		}
	default:
		return nil
	}
	if s.constant_ || !s.closed(x) {
		return nil
	}
	c := s.thunk(x, true)
	return func(m *Machine, e []value.Value) value.Value { return value.Force(c(m, e)) }
}

// closed reports whether x uses no variable that is bound outside it. What is
// used in n operators inside each other is mostly used in the innermost.
func (s *site) closed(x syntax.Expr) bool {
	at := x.At()
	within := func(p syntax.Span) bool { return at.Start <= p.Start && p.Start < at.End }
	if s.outer != nil && within(s.outer.At()) && !within(s.info.Uses[s.outer].At) {
		return false
	}
	closed := true
	syntax.Walk(x, func(n syntax.Node) bool {
		if n, ok := n.(*syntax.Name); ok && closed {
			if o := s.info.Uses[n]; o != nil && o.Local && !within(o.At) {
				closed, s.outer = false, n
			}
		}
		return closed
	})
	return closed
}

func (s *site) noteLocal(o *resolve.Object) { s.note('v', s.local(o)) }

// name compiles a use of a name.
func (s *site) name(x *syntax.Name) code {
	o := s.info.Uses[x]
	m := s.m
	switch o.Kind {
	case resolve.Local:
		s.noteLocal(o)
		slot := s.local(o)
		return func(_ *Machine, e []value.Value) value.Value {
			v := e[slot]
			if t, ok := v.(*value.Thunk); ok {
				v = value.Force(t)
				e[slot] = v
			}
			return v
		}
	case resolve.Func, resolve.Value, resolve.Param:
		if o.Proc && o.Kind == resolve.Value {
			return s.call(x.At(), o, nil)
		}
		c := s.constantOf(x, o)
		return func(m *Machine, e []value.Value) value.Value { return value.Force(c(m, e)) }
	case resolve.Channel, resolve.Constructor:
		s.note('h', o.Order)
		d := m.head(o).Bare()
		return func(*Machine, []value.Value) value.Value { return d }
	case resolve.Datatype, resolve.Nametype:
		s.note('t', o.Order)
		at := x.At()
		return func(m *Machine, _ []value.Value) value.Value {
			m.here = at
			return m.typeSet(o)
		}
	case resolve.Builtin:
		return s.builtin(x, o)
	}
	panic("eval: " + o.Name + " is a " + o.Kind.String())
}

// constantOf compiles a use of a definition to lazy code.
func (s *site) constantOf(x *syntax.Name, o *resolve.Object) code {
	if o.Local {
		return s.letRef(o)
	}
	s.note('g', o.Order)
	m := s.m
	if o.Kind == resolve.Func {
		f := m.global(o).fn
		v := &Func{m: m, fn: f}
		return func(*Machine, []value.Value) value.Value { return v }
	}
	return func(m *Machine, _ []value.Value) value.Value {
		return m.global(o).cell
	}
}

func (s *site) tuple(x *syntax.Tuple) code {
	s.note('T', len(x.Elems))
	elems := s.lazies(x.Elems)
	return func(m *Machine, e []value.Value) value.Value {
		return &value.Tuple{Elems: evalAll(m, e, elems)}
	}
}

func (s *site) lazies(xs []syntax.Expr) []code {
	cs := make([]code, len(xs))
	for i, x := range xs {
		cs[i] = s.lazy(x)
	}
	return cs
}

func (s *site) stricts(xs []syntax.Expr) []code {
	cs := make([]code, len(xs))
	for i, x := range xs {
		cs[i] = s.expr(x)
	}
	return cs
}

func evalAll(m *Machine, e []value.Value, cs []code) []value.Value {
	vs := make([]value.Value, len(cs))
	for i, c := range cs {
		vs[i] = c(m, e)
	}
	return vs
}

func (s *site) ifExpr(x *syntax.If) code {
	s.note('?')
	cond, then, else_ := s.cond(x.Cond), s.expr(x.Then), s.expr(x.Else)
	return func(m *Machine, e []value.Value) value.Value {
		if cond(m, e) {
			return then(m, e)
		}
		return else_(m, e)
	}
}

// cond compiles a condition.
func (s *site) cond(x syntax.Expr) func(*Machine, []value.Value) bool {
	c, at := s.expr(x), x.At()
	return func(m *Machine, e []value.Value) bool {
		v := c(m, e)
		if b, ok := v.(value.Bool); ok {
			return bool(b)
		}
		m.here = at
		return value.ToBool(v)
	}
}

func (s *site) unary(x *syntax.Unary) code {
	s.noteText('u', string(x.Op))
	at := x.X.At()
	if x.Op == syntax.OpNot {
		c := s.cond(x.X)
		return func(m *Machine, e []value.Value) value.Value { return value.Bool(!c(m, e)) }
	}
	c := s.expr(x.X)
	if x.Op == syntax.OpLength {
		return func(m *Machine, e []value.Value) value.Value {
			v := c(m, e)
			m.here = at
			return value.Num(int64(value.ToSeq(v).Len()))
		}
	}
	return func(m *Machine, e []value.Value) value.Value {
		v := c(m, e)
		m.here = at
		n, ok := arithmetic(syntax.OpSub, 0, value.ToInt(v))
		if !ok {
			value.Fail("%s cannot be negated: integers have 64 bits", value.Short(v))
		}
		return value.Num(n)
	}
}

func (s *site) binary(x *syntax.Binary) code {
	switch x.Op {
	case syntax.OpOr, syntax.OpAnd:
		s.noteText('b', string(x.Op))
		l, r := s.cond(x.X), s.cond(x.Y)
		if x.Op == syntax.OpOr {
			return func(m *Machine, e []value.Value) value.Value { return value.Bool(l(m, e) || r(m, e)) }
		}
		return func(m *Machine, e []value.Value) value.Value { return value.Bool(l(m, e) && r(m, e)) }
	case syntax.OpAdd, syntax.OpSub, syntax.OpMul, syntax.OpDiv, syntax.OpMod:
		return s.arithmetic(x)
	case syntax.OpEq, syntax.OpNe, syntax.OpLt, syntax.OpLe, syntax.OpGt, syntax.OpGe:
		return s.comparison(x)
	case syntax.OpConcat:
		s.note('^')
		l, r, at := s.expr(x.X), s.lazy(x.Y), x.X.At()
		return func(m *Machine, e []value.Value) value.Value {
			v := l(m, e)
			w := r(m, e)
			m.here = at
			return value.Concat(value.ToSeq(v), w)
		}
	case syntax.OpDot:
		s.note('.')
		l, r, at := s.expr(x.X), s.expr(x.Y), x.At()
		return func(m *Machine, e []value.Value) value.Value {
			v := l(m, e)
			w := r(m, e)
			m.here = at
			return value.Join(v, w)
		}
	}
	return s.process(x)
}

func (s *site) arithmetic(x *syntax.Binary) code {
	s.noteText('b', string(x.Op))
	l, r, op := s.expr(x.X), s.expr(x.Y), x.Op
	return func(m *Machine, e []value.Value) value.Value {
		v := l(m, e)
		w := r(m, e)
		a, oka := v.(value.Int)
		b, okb := w.(value.Int)
		if !oka {
			m.here = x.X.At()
			value.ToInt(v)
		}
		if !okb {
			m.here = x.Y.At()
			value.ToInt(w)
		}
		n, ok := arithmetic(op, int64(a), int64(b))
		if !ok {
			m.here = x.At()
			if b == 0 && (op == syntax.OpDiv || op == syntax.OpMod) {
				value.Fail("division by zero: %d %s 0", a, op)
			}
			value.Fail("%d %s %d is too large: integers have 64 bits", a, op, b)
		}
		return value.Num(n)
	}
}

// arithmetic computes a op b; not if it overflows or divides by zero.
// Division rounds down, and % goes with it: a == (a/b)*b + a%b.
func arithmetic(op syntax.Op, a, b int64) (int64, bool) {
	switch op {
	case syntax.OpAdd:
		n := a + b
		return n, (n > a) == (b > 0)
	case syntax.OpSub:
		n := a - b
		return n, (n < a) == (b > 0)
	case syntax.OpMul:
		if a == 0 || b == 0 {
			return 0, true
		}
		n := a * b
		return n, n/b == a && !(a == -1 && b == minInt) && !(b == -1 && a == minInt)
	}
	if b == 0 || a == minInt && b == -1 {
		return 0, false
	}
	q, r := a/b, a%b
	if r != 0 && (r < 0) != (b < 0) {
		q, r = q-1, r+b
	}
	if op == syntax.OpDiv {
		return q, true
	}
	return r, true
}

const minInt = -1 << 63

func (s *site) comparison(x *syntax.Binary) code {
	s.noteText('b', string(x.Op))
	l, r, op, at := s.expr(x.X), s.expr(x.Y), x.Op, x.At()
	return func(m *Machine, e []value.Value) value.Value {
		v := l(m, e)
		w := r(m, e)
		if a, ok := v.(value.Int); ok {
			if b, ok := w.(value.Int); ok {
				return value.Bool(compareInts(op, a, b))
			}
		}
		m.here = at
		comparable(v, w)
		switch op {
		case syntax.OpEq:
			return value.Bool(value.Equal(v, w))
		case syntax.OpNe:
			return value.Bool(!value.Equal(v, w))
		case syntax.OpLt:
			return value.Bool(value.Less(v, w))
		case syntax.OpLe:
			return value.Bool(value.LessEq(v, w))
		case syntax.OpGt:
			return value.Bool(value.Less(w, v))
		}
		return value.Bool(value.LessEq(w, v))
	}
}

func compareInts(op syntax.Op, a, b value.Int) bool {
	switch op {
	case syntax.OpEq:
		return a == b
	case syntax.OpNe:
		return a != b
	case syntax.OpLt:
		return a < b
	case syntax.OpLe:
		return a <= b
	case syntax.OpGt:
		return a > b
	}
	return a >= b
}

// comparable panics if v and w cannot be compared.
func comparable(v, w value.Value) {
	for _, x := range []value.Value{v, w} {
		if k := x.Kind(); k == value.KFunc || k == value.KProc {
			value.Fail("%s is %s, which cannot be compared", value.Short(x), k)
		}
	}
	if v.Kind() != w.Kind() {
		value.Fail("%s is %s and %s is %s: they cannot be compared", value.Short(v), v.Kind(), value.Short(w), w.Kind())
	}
}

// proc compiles an expression that must be a process.
func (s *site) proc(x syntax.Expr) func(*Machine, []value.Value) *process.Term {
	c, at := s.expr(x), x.At()
	return func(m *Machine, e []value.Value) *process.Term { return m.term(c(m, e), at) }
}
