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
	err = m.eventSets(ctx, x, info, func(name string, sets []*process.EventSet) {
		vars = append(vars, Variable{name, sets[0], sets[1]})
	})
	return vars, err
}

// A Notification is what one thread waits for: the events by which it comes
// in vain, a wait begins, and the wait ends.
type Notification struct {
	Name              string // what its events begin with, or ""
	Vain, Waits, Ends *process.EventSet
}

// Notifications evaluates a set of triples of sets of events.
func (m *Machine) Notifications(ctx context.Context, x syntax.Expr, info *resolve.Info) (all []Notification, err error) {
	err = m.eventSets(ctx, x, info, func(name string, sets []*process.EventSet) {
		all = append(all, Notification{name, sets[0], sets[1], sets[2]})
	})
	return all, err
}

// eventSets evaluates a set of tuples of sets of events, and tells of each
// what all of its events begin with.
func (m *Machine) eventSets(ctx context.Context, x syntax.Expr, info *resolve.Info, tell func(name string, sets []*process.EventSet)) error {
	return m.guard(ctx, func() {
		s := m.top(info)
		v := s.expr(x)(m, s.frame())
		m.here = x.At()
		for _, tuple := range value.Listed(value.ToSet(v)) {
			var all []value.Set
			var sets []*process.EventSet
			for _, e := range value.Force(tuple).(*value.Tuple).Elems {
				set := value.ToSet(value.Force(e))
				all, sets = append(all, set), append(sets, m.space.EventSet(set))
			}
			tell(stemOf(all...), sets)
		}
	})
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
