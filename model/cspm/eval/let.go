package eval

import (
	"encoding/binary"

	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// A let is compiled group by group: a group is what is defined by recursion
// through each other. A single value that does not depend on itself is a
// thunk in a slot. Functions, processes and recursive values share a frame
// with what they capture, the group's; a reference to one of them is its
// definition with that frame, so that recursion through a let closes into a
// finite graph and compares by the values captured.

// A groupSite is a group while it is being compiled.
type groupSite struct {
	*site
	self  *resolve.Object // stands for the group's frame in the slots
	id    int
	fns   map[*resolve.Object]*fn
	cells map[*resolve.Object]int // recursive values: their slots in the group's frame
}

// A group is a group at run time.
type group struct {
	of    *groupSite
	frame []value.Value
	key   value.Key
}

func (g *group) Kind() value.Kind { return "a let" }

func (g *group) appendKey(b []byte) []byte {
	b = binary.LittleEndian.AppendUint32(append(b, keyGroup), uint32(g.of.id))
	for _, c := range g.of.caps {
		b = g.of.m.keys.Append(b, g.frame[c.to])
	}
	return b
}

// AppendKey and what follows make a group a value, so that it can be
// captured.
func (g *group) AppendKey(_ *value.Keys, b []byte) []byte { return g.appendKey(b) }
func (g *group) Keys() *value.Keys                        { return g.of.m.keys }
func (g *group) KeyCache() *value.Key                     { return &g.key }
func (g *group) String() string                           { return "let" }

func (s *site) letExpr(x *syntax.Let) code {
	objs := s.info.Lets[x]
	s.note('L', len(objs))
	var starts []func(m *Machine, e []value.Value)
	for _, objs := range s.groups(objs) {
		starts = append(starts, s.letGroup(objs))
	}
	body := s.expr(x.Body)
	return func(m *Machine, e []value.Value) value.Value {
		for _, start := range starts {
			start(m, e)
		}
		return body(m, e)
	}
}

// groups splits the names of a let into groups, each after those that it
// uses (Tarjan 1972).
func (s *site) groups(objs []*resolve.Object) [][]*resolve.Object {
	mine := map[*resolve.Object]bool{}
	for _, o := range objs {
		if o != nil {
			mine[o] = true
		}
	}
	var out [][]*resolve.Object
	index, low := map[*resolve.Object]int{}, map[*resolve.Object]int{}
	onStack := map[*resolve.Object]bool{}
	var stack []*resolve.Object
	var visit func(o *resolve.Object)
	visit = func(o *resolve.Object) {
		index[o] = len(index) + 1
		low[o] = index[o]
		stack = append(stack, o)
		onStack[o] = true
		for _, p := range s.uses(o, mine) {
			if index[p] == 0 {
				visit(p)
				low[o] = min(low[o], low[p])
			} else if onStack[p] {
				low[o] = min(low[o], index[p])
			}
		}
		if low[o] != index[o] {
			return
		}
		var g []*resolve.Object
		for {
			p := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			onStack[p] = false
			g = append(g, p)
			if p == o {
				break
			}
		}
		out = append(out, g)
	}
	for _, o := range objs {
		if o != nil && index[o] == 0 {
			visit(o)
		}
	}
	return out
}

// uses returns which of mine the definition of o uses, in the order of the
// text.
func (s *site) uses(o *resolve.Object, mine map[*resolve.Object]bool) []*resolve.Object {
	var out []*resolve.Object
	seen := map[*resolve.Object]bool{}
	look := func(x syntax.Expr) {
		syntax.Walk(x, func(n syntax.Node) bool {
			if n, ok := n.(*syntax.Name); ok {
				if p := s.info.Uses[n]; mine[p] && !seen[p] {
					seen[p] = true
					out = append(out, p)
				}
			}
			return true
		})
	}
	if o.Kind == resolve.Value {
		look(o.Bind.Body)
		return out
	}
	for _, c := range o.Clauses {
		look(c.Body)
	}
	return out
}

// letGroup compiles a group; the code it returns starts the group in a
// frame.
func (s *site) letGroup(objs []*resolve.Object) func(*Machine, []value.Value) {
	if o := objs[0]; len(objs) == 1 && o.Kind == resolve.Value && !o.Proc && !s.usesItself(o) {
		return s.letValue(o)
	}
	g := &groupSite{
		site: s.child(), self: &resolve.Object{Kind: resolve.Local, Name: "let", Local: true}, id: objs[0].Order,
		fns: map[*resolve.Object]*fn{}, cells: map[*resolve.Object]int{},
	}
	g.bind(g.self)
	for _, o := range objs {
		s.m.groups[o] = g
		if o.Kind == resolve.Func || o.Proc {
			g.fns[o] = s.m.newFn(o, g.site)
		} else {
			g.cells[o] = g.slot()
		}
	}
	var fill []func(m *Machine, e []value.Value)
	for _, o := range objs {
		if f := g.fns[o]; f != nil {
			f.compile()
			continue
		}
		slot, c := g.cells[o], g.later(o.Bind.Body)
		fill = append(fill, func(m *Machine, e []value.Value) { e[slot] = g.pick(o, c(m, e)) })
	}
	s.note('G', g.id)
	for _, c := range g.caps {
		s.note('v', c.from)
	}
	slot := s.bind(g.self)
	return func(m *Machine, e []value.Value) {
		run := &group{of: g, frame: make([]value.Value, g.n)}
		for _, c := range g.caps {
			run.frame[c.to] = e[c.from]
		}
		run.frame[g.slots[g.self]] = run
		for _, f := range fill {
			f(m, run.frame)
		}
		e[slot] = run
	}
}

func (s *site) usesItself(o *resolve.Object) bool {
	return len(s.uses(o, map[*resolve.Object]bool{o: true})) > 0
}

// letValue compiles a value that does not depend on itself.
func (s *site) letValue(o *resolve.Object) func(*Machine, []value.Value) {
	if _, ok := o.Bind.Pat.(*syntax.PatName); ok {
		c := s.lazy(o.Bind.Body)
		slot := s.bind(o)
		s.note('=', slot)
		return func(m *Machine, e []value.Value) { e[slot] = c(m, e) }
	}
	// x of (x, y) = e: e is matched once for each variable that is used
	c := s.later(o.Bind.Body)
	pick := s.picker(o)
	slot := s.bind(o)
	s.note('=', slot)
	return func(m *Machine, e []value.Value) { e[slot] = pick.thunk(m, c(m, e)) }
}

// pick returns the value of o, v being that of its binding's expression.
func (g *groupSite) pick(o *resolve.Object, v value.Value) value.Value {
	if _, ok := o.Bind.Pat.(*syntax.PatName); ok {
		return v
	}
	return g.picker(o).thunk(g.m, v)
}

// A picker takes the value of one variable out of a pattern binding.
type picker struct {
	p *proto
}

// picker compiles the binding's pattern in a site of its own: slot 0 is the
// value that is matched.
func (s *site) picker(o *resolve.Object) picker {
	c := s.m.top(s.info)
	c.slot()
	match := c.pattern(o.Bind.Pat)
	slot := c.slots[o]
	pat := o.Bind.Pat.At()
	c.caps = []capture{{0, 0}} // for its key
	c.note('P', slot)
	return picker{c.proto(func(m *Machine, e []value.Value) value.Value {
		if !match(m, e, e[0]) {
			m.here = pat
			value.Fail("the value %s does not match the pattern", value.Short(value.Force(e[0])))
		}
		return value.Force(e[slot])
	}, pat)}
}

func (k picker) thunk(_ *Machine, v value.Value) value.Value {
	return &value.Thunk{Code: k.p, Env: k.p.frame([]value.Value{v})}
}

// letRef compiles a use of a name of a let to lazy code.
func (s *site) letRef(o *resolve.Object) code {
	g := s.m.groups[o]
	if g == nil {
		s.noteLocal(o)
		slot := s.local(o)
		return func(_ *Machine, e []value.Value) value.Value { return e[slot] }
	}
	slot := s.groupSlot(g, o)
	if f := g.fns[o]; f != nil {
		if o.Kind == resolve.Value {
			return s.call(syntax.Span{}, o, nil)
		}
		return func(m *Machine, e []value.Value) value.Value {
			return &Func{m: m, fn: f, env: e[slot].(*group)}
		}
	}
	cell := g.cells[o]
	return func(_ *Machine, e []value.Value) value.Value { return e[slot].(*group).frame[cell] }
}

// letFn returns the definition of a name of a let, and code for its group.
func (s *site) letFn(o *resolve.Object) (*fn, func(e []value.Value) *group) {
	g := s.m.groups[o]
	slot := s.groupSlot(g, o)
	return g.fns[o], func(e []value.Value) *group { return e[slot].(*group) }
}

// groupSlot returns the slot in which the group of o is, and notes the use.
func (s *site) groupSlot(g *groupSite, o *resolve.Object) int {
	slot := s.local(g.self)
	s.note('l', slot, o.Order-g.id)
	return slot
}
