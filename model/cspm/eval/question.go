package eval

import (
	"context"
	"strings"

	"github.com/cspcheck/cspcheck/model/cspm/process"
	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// This file evaluates what the questions of comments are about.

// Uncompressed makes m leave processes as they are that the script
// compresses: for questions about what is in them.
func (m *Machine) Uncompressed() { m.space.Uncompressed = true }

// EventSet evaluates a set of events.
func (m *Machine) EventSet(ctx context.Context, x syntax.Expr, info *resolve.Info) (set *process.EventSet, err error) {
	err = m.guard(ctx, func() {
		s := m.top(info)
		set = s.events(x, false)(m, s.frame())
	})
	return set, err
}

// Int evaluates a number.
func (m *Machine) Int(ctx context.Context, x syntax.Expr, info *resolve.Info) (n int64, err error) {
	err = m.guard(ctx, func() {
		s := m.top(info)
		n = s.int(x)(m, s.frame())
	})
	return n, err
}

// A Variable is a shared variable: the events that read it, and those that
// write it.
type Variable struct {
	Name          string // what its events begin with, or ""
	Reads, Writes *process.EventSet
}

// Variables evaluates a set of pairs of sets of events.
func (m *Machine) Variables(ctx context.Context, x syntax.Expr, info *resolve.Info) (vars []Variable, err error) {
	err = m.guard(ctx, func() {
		s := m.top(info)
		v := s.expr(x)(m, s.frame())
		m.here = x.At()
		for _, pair := range value.Listed(value.ToSet(v)) {
			both := value.Force(pair).(*value.Tuple).Elems
			reads, writes := value.ToSet(value.Force(both[0])), value.ToSet(value.Force(both[1]))
			vars = append(vars, Variable{stemOf(reads, writes), m.space.EventSet(reads), m.space.EventSet(writes)})
		}
	})
	return vars, err
}

// stemOf returns the fields that all events of the sets begin with, if they
// are few enough to look at.
func stemOf(sets ...value.Set) string {
	const few = 1 << 10
	var stem []string
	first := true
	for _, set := range sets {
		elems, ok := value.Few(set, few)
		if !ok {
			return ""
		}
		for _, v := range elems {
			fields := strings.Split(value.Show(v), ".")
			n := 0
			for n < len(fields) && (first || n < len(stem) && stem[n] == fields[n]) {
				n++
			}
			stem, first = fields[:n], false
		}
	}
	return strings.Join(stem, ".")
}

// Processes evaluates a sequence of processes. The places are those of the
// elements, if they are written one by one, or else of the sequence.
func (m *Machine) Processes(ctx context.Context, x syntax.Expr, info *resolve.Info, timed *resolve.Section) (ts []*process.Term, at []syntax.Span, err error) {
	err = m.guard(ctx, func() {
		if list, ok := x.(*syntax.List); ok && !list.Comp {
			for _, e := range list.Elems {
				s := m.top(info)
				s.timed = m.timing(timed)
				ts, at = append(ts, s.off(e)(m, s.frame())), append(at, e.At())
			}
			return
		}
		s := m.top(info)
		s.timed = m.timing(timed)
		v := s.expr(x)(m, s.frame())
		m.here = x.At()
		for _, v := range value.ToSeq(v).All() {
			ts, at = append(ts, value.Force(v).(*process.Term)), append(at, x.At())
		}
	})
	return ts, at, err
}
