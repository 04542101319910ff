package eval

import (
	"fmt"
	"strings"

	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// An activation is a call that has not returned, or a constant that is being
// evaluated.
type activation struct {
	of   shower
	at   syntax.Span // of the call; of the name of a constant
	args []value.Value
	told bool // the message shows it
}

// A shower is what can be called: it says how a call of it looks.
type shower interface {
	show(args []value.Value) string
}

// show returns a call as messages show it: f(1, <2, 3>).
func (f *fn) show(args []value.Value) string {
	var b strings.Builder
	b.WriteString(f.name)
	for _, n := range f.arity {
		showArgs(&b, args[:n])
		args = args[n:]
	}
	return b.String()
}

func (l *lambda) show(args []value.Value) string {
	var b strings.Builder
	fmt.Fprintf(&b, `(\ %s @ …)`, l.p.m.Text(l.head))
	showArgs(&b, args)
	return b.String()
}

func showArgs(b *strings.Builder, args []value.Value) {
	b.WriteByte('(')
	for i, v := range args {
		if i > 0 {
			b.WriteString(", ")
		}
		if v == nil {
			b.WriteByte('_')
			continue
		}
		b.WriteString(value.Short(v))
	}
	b.WriteByte(')')
}

// A constant is the name, or the pattern, of a definition that is no
// function.
type constant string

func (c constant) show([]value.Value) string { return string(c) }

// How many calls a message lists: the innermost, where something went wrong,
// and the outermost, where it began.
const (
	mostInner = 5
	mostOuter = 2
)

// trace adds the calls that were going on, innermost first.
func (m *Machine) trace(e *syntax.Error) {
	m.list(e, m.calls)
}

// traceAll adds the calls that were going on, and before them the calls of
// processes whose first events were looked for. A call that is still being
// unfolded is among both.
func (m *Machine) traceAll(e *syntax.Error) {
	var all []activation
	calls := m.calls
	unfolding := m.space.Unfolding()
	for i, d := range unfolding {
		switch d := d.(type) {
		case *call:
			if i < len(unfolding)-1 || len(calls) == 0 || calls[0].of != shower(d.f) || calls[0].at != d.at {
				all = append(all, activation{of: d.f, at: d.at, args: d.args})
			}
		case enclosed:
			if p, frame := d.site(); p.of.inside != nil {
				all = append(all, p.enclosing(frame))
			}
		}
	}
	m.list(e, append(all, calls...))
}

// An enclosed process is no call, but stands in a definition.
type enclosed interface {
	site() (*proto, []value.Value)
}

func (a *anon) site() (*proto, []value.Value)   { return a.p, a.frame }
func (n *nondet) site() (*proto, []value.Value) { return n.pre.p, n.frame }

// enclosing returns the call of the definition that a site stands in, as far
// as its frame tells: arguments that the site does not capture are nil. Where
// the call stands is not known any more, so it has the place of the definition.
func (p *proto) enclosing(frame []value.Value) activation {
	known := map[int]value.Value{}
	for _, c := range p.caps {
		known[c.to] = frame[c.to]
	}
	s := p.of
	for ; s.fn == nil; s = s.up {
		above := map[int]value.Value{}
		for _, c := range s.caps {
			if v := known[c.to]; v != nil {
				above[c.from] = v
			}
		}
		known = above
	}
	args := make([]value.Value, s.fn.total)
	for i := range args {
		args[i] = known[i]
	}
	return activation{of: s.fn, at: s.fn.obj.At, args: args}
}

// show returns the call that an offer stands in.
func (o *offer) show([]value.Value) string {
	a := o.pre.p.enclosing(o.frame)
	return a.of.show(a.args)
}

// list adds calls, innermost first.
func (m *Machine) list(e *syntax.Error, calls []activation) {
	if n := len(calls); n > 0 && calls[n-1].told {
		calls = calls[:n-1]
	}
	add := func(calls []activation) {
		for i := len(calls) - 1; i >= 0; i-- {
			e.Notes = append(e.Notes, syntax.Note{Span: calls[i].at, Msg: "in " + calls[i].of.show(calls[i].args)})
		}
	}
	n := len(calls)
	if n <= mostInner+mostOuter+1 {
		add(calls)
		return
	}
	add(calls[n-mostInner:])
	e.Notes = append(e.Notes, syntax.Note{Msg: fmt.Sprintf("… %d more calls …", n-mostInner-mostOuter)})
	add(calls[:mostOuter])
}
