package modeltest

import (
	"fmt"
	"iter"
	"strings"

	"github.com/cspcheck/cspcheck/model"
)

// A Model says how much of behaviour counts.
type Model string

const (
	T  Model = "T"  // traces
	F  Model = "F"  // traces and stable failures
	FD Model = "FD" // failures and divergences
)

// A Process is a machine as the books see it: Hoare, Communicating Sequential
// Processes (1985), chapter 3; Roscoe, Understanding Concurrent Systems
// (2010), chapters 10 and 11. ✓ is an event like any other, the last of its
// trace: a stable state may offer it, and be refused it, too.
//
// It is an oracle: slow, short, and sharing nothing with what it judges. A
// Process decides whether something is a trace, a failure or a divergence,
// and goes on until all that comes is a repetition. A Denotation holds the
// same sets element by element. A test has the two agree.
//
// A trace is a string, see Trace.
type Process struct {
	Machine *model.Machine
	taus    []States          // taus[s]: where one τ or more lead from s
	after   map[string]States // what After has returned
}

// NewProcess returns m as a process. It panics if m has more than MostStates
// states, or more events than a Set has room for.
func NewProcess(m *model.Machine) *Process {
	if m.Len() > MostStates || m.Events().Len() > mostEvents {
		panic(fmt.Sprintf("modeltest: %d states over %d events are too many", m.Len(), m.Events().Len()))
	}
	p := &Process{m, make([]States, m.Len()), map[string]States{}}
	for s := range p.taus {
		events, targets := m.Transitions(model.State(s))
		for i, e := range events {
			if e == model.Tau {
				p.taus[s] |= 1 << targets[i]
			}
		}
	}
	for k := range p.taus { // Warshall's closure
		for s := range p.taus {
			if p.taus[s].Has(model.State(k)) {
				p.taus[s] |= p.taus[k]
			}
		}
	}
	return p
}

// Trace writes events down as a trace: each name, and a space after it.
func Trace(names ...string) string {
	var b strings.Builder
	for _, n := range names {
		b.WriteString(n + " ")
	}
	return b.String()
}

// Last takes the last event off a trace.
func Last(trace string) (before, last string) {
	i := strings.LastIndexByte(strings.TrimSuffix(trace, " "), ' ') + 1
	return trace[:i], strings.TrimSuffix(trace[i:], " ")
}

// Prefixes yields those of a trace, <> and the trace among them.
func Prefixes(trace string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if !yield("") {
			return
		}
		for i, c := range trace {
			if c == ' ' && !yield(trace[:i+1]) {
				return
			}
		}
	}
}

// Visible yields Σ and ✓.
func Visible(events *model.Events) iter.Seq[model.Event] {
	return func(yield func(model.Event) bool) {
		for e := range model.Event(events.Len()) {
			if e != model.Tau && !yield(e) {
				return
			}
		}
	}
}

// A Set is one of events: e is a member if bit e is 1. Refusals are subsets
// of Σ ∪ {✓}; τ is in none.
type Set uint32

const mostEvents = 32

// Has reports whether e is a member.
func (x Set) Has(e model.Event) bool { return x>>e&1 == 1 }

// Refusal returns all that a stable state which offers x refuses.
func (x Set) Refusal(events *model.Events) Set {
	return (1<<events.Len() - 1) &^ (x | 1<<model.Tau)
}

// States is a set of states: s is a member if bit s is 1.
type States uint64

// MostStates is how many a Process may have.
const MostStates = 64

// Has reports whether s is a member.
func (at States) Has(s model.State) bool { return at>>s&1 == 1 }

// All yields the members.
func (at States) All() iter.Seq[model.State] {
	return func(yield func(model.State) bool) {
		for s := range model.State(MostStates) {
			if at.Has(s) && !yield(s) {
				return
			}
		}
	}
}

func (at States) any(is func(s model.State) bool) bool {
	for s := range at.All() {
		if is(s) {
			return true
		}
	}
	return false
}

// Taus returns where one τ or more lead from s.
func (p *Process) Taus(s model.State) States { return p.taus[s] }

// After returns the states that p may be in after trace, none if it cannot do
// that.
func (p *Process) After(trace string) States {
	if at, ok := p.after[trace]; ok {
		return at
	}
	var at States
	if trace == "" {
		at = 1 << p.Machine.Initial()
	} else {
		before, last := Last(trace)
		for s := range p.After(before).All() {
			at |= p.by(s, last)
		}
	}
	for s := range at.All() {
		at |= p.taus[s]
	}
	p.after[trace] = at
	return at
}

// by returns where one event leads from s.
func (p *Process) by(s model.State, name string) States {
	var at States
	events, targets := p.Machine.Transitions(s)
	for i, e := range events {
		if p.Machine.Events().Name(e) == name {
			at |= 1 << targets[i]
		}
	}
	return at
}

// Along returns the states that p may be in after steps, each one transition
// with its event's name; τ counts.
func (p *Process) Along(steps ...string) States {
	at := States(1) << p.Machine.Initial()
	for _, name := range steps {
		var next States
		for s := range at.All() {
			next |= p.by(s, name)
		}
		at = next
	}
	return at
}

// Offers returns the events that label a transition of s; τ may be among
// them.
func (p *Process) Offers(s model.State) Set {
	var x Set
	events, _ := p.Machine.Transitions(s)
	for _, e := range events {
		x |= 1 << e
	}
	return x
}

// Stable reports whether s has no τ, and Diverges whether τ leads from it to
// a loop of τ.
func (p *Process) Stable(s model.State) bool { return !p.Offers(s).Has(model.Tau) }
func (p *Process) Diverges(s model.State) bool {
	return (p.taus[s] | 1<<s).any(func(t model.State) bool { return p.taus[t].Has(t) })
}

func (p *Process) refuses(s model.State, x Set) bool { return p.Stable(s) && p.Offers(s)&x == 0 }

// refusals yields the subsets of Σ ∪ {✓}.
func (p *Process) refusals() iter.Seq[Set] {
	return func(yield func(Set) bool) {
		for x := range Set(1) << p.Machine.Events().Len() {
			if !x.Has(model.Tau) && !yield(x) {
				return
			}
		}
	}
}

// HasTrace reports whether a trace is one of the process.
func (p *Process) HasTrace(trace string) bool { return p.After(trace) != 0 }

// HasFailure reports whether a stable state after the trace refuses a set.
func (p *Process) HasFailure(trace string, refused Set) bool {
	return p.After(trace).any(func(s model.State) bool { return p.refuses(s, refused) })
}

// HasDivergence reports whether a trace is a divergence, or extends one.
func (p *Process) HasDivergence(trace string) bool {
	for s := range Prefixes(trace) {
		if p.After(s).any(p.Diverges) {
			return true
		}
	}
	return false
}

// RefinedBy reports whether impl, which is over the same events, can do
// nothing that p cannot. What can come after a trace depends on the states
// after it, so one trace stands for all that have the same ones, of both
// sides. (In FD also on the divergences before it, but then the trace is not
// looked at.)
func (p *Process) RefinedBy(impl *Process, m Model) bool {
	seen := map[[2]States]bool{}
	var refined func(trace string) bool
	refined = func(trace string) bool {
		at := [2]States{p.After(trace), impl.After(trace)}
		if seen[at] || !impl.HasTrace(trace) {
			return true
		}
		seen[at] = true
		if m == FD && p.HasDivergence(trace) {
			return true
		}
		if m == FD && impl.HasDivergence(trace) || !p.HasTrace(trace) {
			return false
		}
		if m != T {
			for x := range p.refusals() {
				if impl.HasFailure(trace, x) && !p.HasFailure(trace, x) {
					return false
				}
			}
		}
		for e := range Visible(p.Machine.Events()) {
			if !refined(trace + Trace(p.Machine.Events().Name(e))) {
				return false
			}
		}
		return true
	}
	return refined("")
}

// Deterministic reports whether p can refuse nothing that it can do, and in
// FD does not diverge. It goes on in the manner of RefinedBy.
func (p *Process) Deterministic(m Model) bool {
	seen := map[States]bool{}
	var deterministic func(trace string) bool
	deterministic = func(trace string) bool {
		if seen[p.After(trace)] || !p.HasTrace(trace) {
			return true
		}
		seen[p.After(trace)] = true
		if m == FD && p.HasDivergence(trace) {
			return false
		}
		for e := range Visible(p.Machine.Events()) {
			longer := trace + Trace(p.Machine.Events().Name(e))
			if p.HasTrace(longer) && p.HasFailure(trace, 1<<e) || !deterministic(longer) {
				return false
			}
		}
		return true
	}
	return deterministic("")
}

// Forbids looks for a run of impl of fewer than n steps, τ among them, that
// p forbids: by its trace, or in F and FD by the failure that it ends with.
// It returns the trace.
func (p *Process) Forbids(impl *Process, m Model, n int) (trace string, found bool) {
	type point struct {
		trace string
		state model.State
	}
	events := impl.Machine.Events()
	now := map[point]bool{{"", impl.Machine.Initial()}: true}
	for range n {
		next := map[point]bool{}
		for at := range now {
			if m != FD || !p.HasDivergence(at.trace) {
				refusal := impl.Offers(at.state).Refusal(events)
				if !p.HasTrace(at.trace) || m != T && impl.Stable(at.state) && !p.HasFailure(at.trace, refusal) {
					return at.trace, true
				}
			}
			es, targets := impl.Machine.Transitions(at.state)
			for i, e := range es {
				trace := at.trace
				if e != model.Tau {
					trace += Trace(events.Name(e))
				}
				next[point{trace, targets[i]}] = true
			}
		}
		now = next
	}
	return "", false
}
