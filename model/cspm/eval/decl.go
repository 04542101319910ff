package eval

import (
	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// A global is a definition outside lets: a function or process, or a value
// that is evaluated when it is first needed.
type global struct {
	fn   *fn
	cell *value.Thunk
}

// A bindKey tells the instances of a pattern binding apart.
type bindKey struct {
	bind *syntax.Bind
	info *resolve.Info
}

// global returns the definition of o.
func (m *Machine) global(o *resolve.Object) *global {
	g := m.globals[o]
	if g != nil {
		return g
	}
	g = &global{}
	m.globals[o] = g
	switch {
	case o.Kind == resolve.Func || o.Proc:
		g.fn = m.newFn(o, nil)
	case o.Kind == resolve.Param:
		if o.Arg == nil {
			panic("eval: the parameter " + o.Name + " has no argument")
		}
		g.cell = m.cell(o.Arg, o.ArgInfo, nil)
	default:
		g.cell = m.bound(o)
	}
	return g
}

// cell returns a thunk of an expression outside all definitions, which is
// compiled when it is needed.
func (m *Machine) cell(x syntax.Expr, info *resolve.Info, timed *resolve.Section) *value.Thunk {
	var c code
	p := &proto{m: m, span: x.At(), height: 2}
	p.code = func(m *Machine, e []value.Value) value.Value {
		if c == nil {
			s := m.top(info)
			s.constant_, s.timed = true, m.timing(timed)
			c = s.expr(x)
			p.n, p.height = s.n, s.height+2
		}
		return c(m, make([]value.Value, p.n))
	}
	return &value.Thunk{Code: p}
}

// bound returns the value of a name of a pattern binding.
func (m *Machine) bound(o *resolve.Object) *value.Thunk {
	key := bindKey{o.Bind, o.Info}
	whole := m.binds[key]
	if whole == nil {
		whole = m.cell(o.Bind.Body, o.Info, o.Timed)
		p, pat := whole.Code.(*proto), o.Bind.Pat.At()
		code, name := p.code, constant(m.Text(pat))
		if _, ok := o.Bind.Pat.(*syntax.PatName); ok {
			name = constant(o.Name)
		}
		p.code = func(m *Machine, e []value.Value) value.Value {
			m.calls = append(m.calls, activation{of: name, at: pat})
			v := code(m, e)
			m.calls = m.calls[:len(m.calls)-1]
			return v
		}
		m.binds[key] = whole
	}
	if _, ok := o.Bind.Pat.(*syntax.PatName); ok {
		return whole
	}
	s := m.top(o.Info)
	return s.picker(o).thunk(m, whole).(*value.Thunk)
}

// head returns the channel or constructor that o declares.
func (m *Machine) head(o *resolve.Object) *value.Head {
	h := m.heads[o]
	if h != nil {
		return h
	}
	h = &value.Head{Name: o.Name, Order: o.Order, Type: m.events}
	m.heads[o] = h
	m.names[h] = o
	if o.Kind == resolve.Constructor {
		h.Type = m.datatype(o.Type)
	}
	var fields []value.Set
	known, busy := false, false
	h.Fields = func() []value.Set {
		if known {
			return fields
		}
		if busy {
			value.Fail("the fields of %s depend on themselves", o.Name)
		}
		busy = true
		defer func() { busy = false }()
		here := m.here
		if o.Fields != nil {
			fields = m.fields(o)
		}
		m.here = here
		known = true
		return fields
	}
	return h
}

// fields evaluates the fields of a channel or constructor.
func (m *Machine) fields(o *resolve.Object) []value.Set {
	s := m.top(o.Info)
	c := s.typeExpr(o.Fields)
	m.here = o.Fields.At()
	m.enter(s.height + 4)
	set := c(m, s.frame())
	m.depth -= s.height + 4
	m.here = o.Fields.At()
	if p, ok := set.(*value.Product); ok && p.Dot {
		return p.Parts
	}
	return value.Split(set)
}

// typeExpr compiles an expression in the place of a type: there, dots and
// tuples of sets are products.
func (s *site) typeExpr(x syntax.Expr) func(*Machine, []value.Value) value.Set {
	switch x := x.(type) {
	case *syntax.Paren:
		return s.typeExpr(x.X)
	case *syntax.Tuple:
		return s.product(false, x.Elems, x.At())
	case *syntax.Binary:
		if x.Op == syntax.OpDot {
			return s.product(true, []syntax.Expr{x.X, x.Y}, x.At())
		}
	}
	c, at := s.expr(x), x.At()
	return func(m *Machine, e []value.Value) value.Set {
		v := c(m, e)
		m.here = at
		return value.ToSet(v)
	}
}

func (s *site) product(dot bool, xs []syntax.Expr, at syntax.Span) func(*Machine, []value.Value) value.Set {
	s.note('x', len(xs))
	var parts []func(*Machine, []value.Value) value.Set
	for _, x := range xs {
		parts = append(parts, s.typeExpr(x))
	}
	return func(m *Machine, e []value.Value) value.Set {
		sets := make([]value.Set, len(parts))
		for i, c := range parts {
			sets[i] = c(m, e)
		}
		m.here = at
		return value.NewProduct(dot, sets...)
	}
}

// datatype returns the type that o declares.
func (m *Machine) datatype(o *resolve.Object) *value.Type {
	t := m.types[o]
	if t == nil {
		t = &value.Type{Name: o.Name}
		m.types[o] = t
		for _, c := range o.Ctors {
			t.Heads = append(t.Heads, m.head(c))
		}
	}
	return t
}

// typeSet returns the set that a datatype, subtype or nametype stands for.
func (m *Machine) typeSet(o *resolve.Object) value.Set {
	if set := m.sets[o]; set != nil {
		return set
	}
	var set value.Set
	switch {
	case o.Kind == resolve.Nametype:
		s := m.top(o.Info)
		c := s.typeExpr(o.Fields)
		set = c(m, s.frame())
	case o.Sub != nil:
		set = m.subtype(o)
	default:
		set = &value.Values{Of: m.datatype(o)}
	}
	m.sets[o] = set
	return set
}

// subtype returns the values of a subtype: for each clause the constructor
// with the fields given; fields that are not given are unrestricted.
func (m *Machine) subtype(o *resolve.Object) value.Set {
	var sets []value.Set
	for i, c := range o.Sub.Ctors {
		h := m.head(o.SubOf[i])
		if c.Type == nil {
			sets = append(sets, value.Productions(h.Bare()))
			continue
		}
		s := m.top(o.Info)
		fields := s.typeExpr(c.Type)(m, s.frame())
		m.here = c.Span
		sets = append(sets, value.Restrict(h, fields))
	}
	set := value.Unions(sets)
	if n := set.Size(); n == value.Infinite || n > value.MaxList {
		return set
	}
	return value.SetOf(value.Listed(set)...)
}
