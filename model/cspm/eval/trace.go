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
	add := func(calls []activation) {
		for i := len(calls) - 1; i >= 0; i-- {
			e.Notes = append(e.Notes, syntax.Note{Span: calls[i].at, Msg: "in " + calls[i].of.show(calls[i].args)})
		}
	}
	n := len(m.calls)
	if n <= mostInner+mostOuter+1 {
		add(m.calls)
		return
	}
	add(m.calls[n-mostInner:])
	e.Notes = append(e.Notes, syntax.Note{Msg: fmt.Sprintf("… %d more calls …", n-mostInner-mostOuter)})
	add(m.calls[:mostOuter])
}
