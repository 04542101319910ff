package eval

import (
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// unionOf compiles Union({...}), with statements or without. The set of sets is
// not made: to put its elements in order they would have to be listed. For any
// other application it returns nil.
func (s *site) unionOf(b *builtin, x *syntax.Apply, at syntax.Span) code {
	l, ok := unparen(x.Args[len(x.Args)-1]).(*syntax.List)
	if !ok || b != functions["Union"] || l.Kind != syntax.SetBracket {
		return nil
	}
	s.note('U', len(l.Elems))
	var stmts stmts
	var described []*describing
	if l.Comp {
		stmts = s.stmts(l.Stmts, setGenerators)
		described = s.describingUnion(l)
	}
	elems := s.stricts(l.Elems)
	return func(m *Machine, e []value.Value) value.Value {
		set, ok, mistaken := m.describe(e, described...)
		if ok {
			return set
		}
		if mistaken {
			defer m.listed()()
		}
		var sets []value.Set
		seen := map[value.Key]bool{} // the forms of those that are described
		stmts.run(m, e, func() {
			for _, c := range elems {
				v := c(m, e)
				m.here = at
				set := value.ToSet(v)
				if _, listed := set.(*value.List); !listed {
					k := m.keys.FormOf(set)
					if seen[k] {
						continue
					}
					seen[k] = true
				}
				sets = append(sets, set)
				m.more(len(sets), elementBytes)
			}
		})
		m.here = at
		v := value.Unions(sets)
		m.spend(value.Bulk(v))
		return v
	}
}
