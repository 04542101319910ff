package eval

import (
	"github.com/cspcheck/cspcheck/model/cspm/process"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// What a prefix goes on with is most of what a search evaluates. It is made
// with as little garbage as can be: most of it is known already.

// next compiles a process that a prefix goes on with. Its first events depend
// on the values of its arguments, and so does which process it is: those of a
// call are evaluated at once, and completely, as its key is about to ask. Where
// that fails, offProc has the code.
func (s *site) next(x syntax.Expr) procCode {
	o, args := s.callee(x)
	if o == nil || !o.Proc || len(args) == 0 {
		return nil
	}
	at, mark := x.At(), len(s.sig)
	f, env := s.fnOf(o)
	cs := make([]code, len(args))
	for i, x := range args {
		cs[i] = s.whole(x)
	}
	s.sig = s.sig[:mark] // offProc notes the same
	return func(m *Machine, e []value.Value) *process.Term {
		base := len(m.stack)
		for _, c := range cs {
			v := c(m, e)
			m.stack = append(m.stack, v)
		}
		c := m.takeCall()
		*c = call{f: f, env: env(e), args: m.stack[base:], at: at}
		t, key := m.space.Find(c)
		if t == nil {
			kept := &callTerm{call: *c}
			kept.args = kept.few[:0]
			for _, v := range c.args {
				kept.args = append(kept.args, m.keys.Share(v))
			}
			t = m.space.Keep(&kept.term, &kept.call, key)
		}
		m.spare = append(m.spare, c)
		m.pop(base)
		return t
	}
}

// A callTerm is a call and its term, with room for a few arguments.
type callTerm struct {
	term process.Term
	call
	few [3]value.Value
}

// takeCall hands out a call that is not in use.
func (m *Machine) takeCall() *call {
	n := len(m.spare)
	if n == 0 {
		return new(call)
	}
	c := m.spare[n-1]
	m.spare = m.spare[:n-1]
	return c
}

// push returns n new slots on the stack.
func (m *Machine) push(n int) []value.Value {
	base := len(m.stack)
	for len(m.stack) < base+n {
		m.stack = append(m.stack, nil)
	}
	return m.stack[base : base+n : base+n]
}

// pop goes back to that height of the stack.
func (m *Machine) pop(base int) {
	clear(m.stack[base:])
	m.stack = m.stack[:base]
}
