package modeltest

import (
	"strings"

	"github.com/cspcheck/cspcheck/model"
)

// A Denotation is what a process denotes, for traces up to a length: the
// books' sets, written down.
type Denotation struct {
	Traces      map[string]bool
	Failures    map[Failure]bool
	Divergences map[string]bool // the extensions are left out

	events *model.Events
}

// A Failure is a trace, and events that a stable state after it all refuses.
type Failure struct {
	Trace   string
	Refused Set
}

// Denote goes through every run of p with at most length visible events.
func (p *Process) Denote(length int) *Denotation {
	d := &Denotation{map[string]bool{}, map[Failure]bool{}, map[string]bool{}, p.Machine.Events()}
	type point struct {
		trace string
		state model.State
	}
	seen := map[point]bool{}
	var run func(at point)
	run = func(at point) {
		if seen[at] || strings.Count(at.trace, " ") > length {
			return
		}
		seen[at] = true
		d.Traces[at.trace] = true
		for x := range p.refusals() {
			if p.refuses(at.state, x) {
				d.Failures[Failure{at.trace, x}] = true
			}
		}
		if p.Diverges(at.state) {
			d.Divergences[at.trace] = true
		}
		events, targets := p.Machine.Transitions(at.state)
		for i, e := range events {
			trace := at.trace
			if e != model.Tau {
				trace += Trace(d.events.Name(e))
			}
			run(point{trace, targets[i]})
		}
	}
	run(point{"", p.Machine.Initial()})
	return d
}

// RefinedBy reports whether whatever impl can do d can do, too.
func (d *Denotation) RefinedBy(impl *Denotation, m Model) bool {
	switch m {
	case T:
		return subset(impl.Traces, d.Traces)
	case F:
		return subset(impl.Traces, d.Traces) && subset(impl.Failures, d.Failures)
	}
	for trace := range impl.Divergences {
		if !d.diverges(trace) {
			return false
		}
	}
	for f := range impl.Failures {
		if !d.Failures[f] && !d.diverges(f.Trace) {
			return false
		}
	}
	return true
}

func subset[K comparable](a, b map[K]bool) bool {
	for k := range a {
		if !b[k] {
			return false
		}
	}
	return true
}

// diverges reports whether trace extends a divergence, or is one.
func (d *Denotation) diverges(trace string) bool {
	for s := range Prefixes(trace) {
		if d.Divergences[s] {
			return true
		}
	}
	return false
}

// Deterministic reports whether d can refuse nothing that it can do, and in
// FD does not diverge.
func (d *Denotation) Deterministic(m Model) bool {
	for f := range d.Failures {
		for e := range Visible(d.events) {
			if f.Refused == 1<<e && d.Traces[f.Trace+Trace(d.events.Name(e))] {
				return false
			}
		}
	}
	return m == F || len(d.Divergences) == 0
}

// Enough returns a length of traces that suffices to refute a refinement: a
// shortest counterexample meets no pair of a state of impl and a nonempty set
// of states of spec twice, but for a last event that spec cannot follow.
func Enough(spec, impl *Process) int { return impl.Machine.Len() * (1<<spec.Machine.Len() - 1) }
