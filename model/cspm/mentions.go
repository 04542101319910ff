package cspm

import (
	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// Mentions reports whether a built-in function stands in the operand that is
// asked about, the implementation, or in a definition that this uses.
func (a *Assertion) Mentions(builtin string) bool {
	m := mentions{builtin: builtin, seen: map[*resolve.Object]bool{}}
	m.node(a.Impl, a.impl)
	return m.found
}

// mentions goes through definitions, each once.
type mentions struct {
	builtin string
	seen    map[*resolve.Object]bool
	found   bool
}

func (m *mentions) node(n syntax.Node, in *resolve.Info) {
	syntax.Walk(n, func(n syntax.Node) bool {
		if name, ok := n.(*syntax.Name); ok {
			m.object(in.Uses[name])
		}
		return !m.found
	})
}

func (m *mentions) object(o *resolve.Object) {
	if o == nil || m.seen[o] {
		return
	}
	m.seen[o] = true
	m.found = m.found || o.Kind == resolve.Builtin && o.Name == m.builtin
	for _, c := range o.Clauses {
		m.node(c.Body, o.Info)
	}
	if o.Bind != nil {
		m.node(o.Bind.Body, o.Info)
	}
	if o.Arg != nil {
		m.node(o.Arg, o.ArgInfo)
	}
}
