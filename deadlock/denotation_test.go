package deadlock_test

import (
	"fmt"
	"iter"
	"testing"
	"unicode/utf8"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/modeltest"
	"pgregory.net/rapid"
)

// What a machine denotes, by the books: Hoare, Communicating Sequential
// Processes (1985), chapter 3; Roscoe, Understanding Concurrent Systems
// (2010), chapters 10 and 11. ✓ is an event like any other, the last of its
// trace: a stable state may offer it, and be refused it, too.
//
// The books' sets are written down twice. A denotation holds them, element by
// element, for traces up to a length. A process decides membership, and goes
// on until all that comes is a repetition. A test has them agree.
//
// A trace is a string, its events' names one after another, each of one
// letter: "ab✓".

// A set of events: e is a member if bit e is 1. Refusals are subsets of
// Σ ∪ {✓}; τ is in none.
type set uint32

// A failure is a trace, and events that a stable state after it all refuses.
type failure struct {
	trace   string
	refusal set
}

type denotation struct {
	traces      map[string]bool
	failures    map[failure]bool
	divergences map[string]bool // the extensions are left out
}

// denote goes through every run of the machine with at most length visible
// events.
func (p *process) denote(length int) *denotation {
	d := &denotation{map[string]bool{}, map[failure]bool{}, map[string]bool{}}
	type point struct {
		trace string
		state int
	}
	seen := map[point]bool{}
	var run func(at point)
	run = func(at point) {
		if seen[at] || utf8.RuneCountInString(at.trace) > length {
			return
		}
		seen[at] = true
		d.traces[at.trace] = true
		for x := range p.refusals() {
			if p.refuses(at.state, x) {
				d.failures[failure{at.trace, x}] = true
			}
		}
		if p.diverges(at.state) {
			d.divergences[at.trace] = true
		}
		events, targets := p.m.Transitions(model.State(at.state))
		for i, e := range events {
			trace := at.trace
			if e != model.Tau {
				trace += p.m.Events().Name(e)
			}
			run(point{trace, int(targets[i])})
		}
	}
	run(point{"", int(p.m.Initial())})
	return d
}

// refinedBy reports whether whatever impl can do d can do, too.
func (d *denotation) refinedBy(impl *denotation, m deadlock.Model) bool {
	switch m {
	case deadlock.T:
		return subset(impl.traces, d.traces)
	case deadlock.F:
		return subset(impl.traces, d.traces) && subset(impl.failures, d.failures)
	}
	for trace := range impl.divergences {
		if !d.diverges(trace) {
			return false
		}
	}
	for f := range impl.failures {
		if !d.failures[f] && !d.diverges(f.trace) {
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
func (d *denotation) diverges(trace string) bool {
	for s := range prefixes(trace) {
		if d.divergences[s] {
			return true
		}
	}
	return false
}

// prefixes yields those of trace, <> and trace among them.
func prefixes(trace string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range trace {
			if !yield(trace[:i]) {
				return
			}
		}
		yield(trace)
	}
}

// deterministic reports whether d can refuse nothing that it can do, and in
// FD does not diverge.
func (d *denotation) deterministic(events *model.Events, m deadlock.Model) bool {
	for f := range d.failures {
		for e := range visible(events) {
			if f.refusal == 1<<e && d.traces[f.trace+events.Name(e)] {
				return false
			}
		}
	}
	return m == deadlock.F || len(d.divergences) == 0
}

// visible yields Σ and ✓.
func visible(events *model.Events) iter.Seq[model.Event] {
	return func(yield func(model.Event) bool) {
		for e := range model.Event(events.Len()) {
			if e != model.Tau && !yield(e) {
				return
			}
		}
	}
}

// A process is a machine of at most 32 states as the books see it.
type process struct {
	*oracle
	known map[string]states // what after returned
}

func newProcess(m *model.Machine) *process { return &process{newOracle(m), map[string]states{}} }

// A set of states: s is a member if bit s is 1.
type states uint32

// after returns the states that p may be in after trace, none if it cannot do
// that.
func (p *process) after(trace string) states {
	if at, ok := p.known[trace]; ok {
		return at
	}
	var at states
	if trace == "" {
		at = 1 << p.m.Initial()
	} else {
		_, size := utf8.DecodeLastRuneInString(trace)
		before, last := trace[:len(trace)-size], trace[len(trace)-size:]
		for s := range p.after(before).all() {
			events, targets := p.m.Transitions(model.State(s))
			for i, e := range events {
				if e != model.Tau && p.m.Events().Name(e) == last {
					at |= 1 << targets[i]
				}
			}
		}
	}
	for s := range at.all() {
		for t, reached := range p.taus[s] {
			if reached {
				at |= 1 << t
			}
		}
	}
	p.known[trace] = at
	return at
}

func (at states) all() iter.Seq[int] {
	return func(yield func(int) bool) {
		for s := range 32 {
			if at&(1<<s) != 0 && !yield(s) {
				return
			}
		}
	}
}

func (at states) any(is func(s int) bool) bool {
	for s := range at.all() {
		if is(s) {
			return true
		}
	}
	return false
}

// offers returns the events that label a transition of s; τ may be among them.
func (p *process) offers(s int) set {
	var x set
	events, _ := p.m.Transitions(model.State(s))
	for _, e := range events {
		x |= 1 << e
	}
	return x
}

func (p *process) stable(s int) bool { return p.offers(s)&(1<<model.Tau) == 0 }

func (p *process) refuses(s int, x set) bool { return p.stable(s) && p.offers(s)&x == 0 }

// refusals yields the subsets of Σ ∪ {✓}.
func (p *process) refusals() iter.Seq[set] {
	return func(yield func(set) bool) {
		for x := range set(1) << p.m.Events().Len() {
			if x&(1<<model.Tau) == 0 && !yield(x) {
				return
			}
		}
	}
}

func (p *process) hasTrace(trace string) bool { return p.after(trace) != 0 }

func (p *process) hasFailure(trace string, x set) bool {
	return p.after(trace).any(func(s int) bool { return p.refuses(s, x) })
}

func (p *process) hasDivergence(trace string) bool {
	for s := range prefixes(trace) {
		if p.after(s).any(p.diverges) {
			return true
		}
	}
	return false
}

// refinedBy is denotation.refinedBy for traces of any length. What can come
// after a trace depends on the states after it, so one trace stands for all
// that have the same ones, of both sides. (In FD also on the divergences
// before it, but then the trace is not looked at.)
func (p *process) refinedBy(impl *process, m deadlock.Model) bool {
	seen := map[[2]states]bool{}
	var refined func(trace string) bool
	refined = func(trace string) bool {
		at := [2]states{p.after(trace), impl.after(trace)}
		if seen[at] || !impl.hasTrace(trace) {
			return true
		}
		seen[at] = true
		if m == deadlock.FD && p.hasDivergence(trace) {
			return true
		}
		if m == deadlock.FD && impl.hasDivergence(trace) || !p.hasTrace(trace) {
			return false
		}
		for x := range p.refusals() {
			if m != deadlock.T && impl.hasFailure(trace, x) && !p.hasFailure(trace, x) {
				return false
			}
		}
		for e := range visible(p.m.Events()) {
			if !refined(trace + p.m.Events().Name(e)) {
				return false
			}
		}
		return true
	}
	return refined("")
}

// deterministic is denotation.deterministic for traces of any length, in the
// manner of refinedBy.
func (p *process) deterministic(m deadlock.Model) bool {
	seen := map[states]bool{}
	var deterministic func(trace string) bool
	deterministic = func(trace string) bool {
		if seen[p.after(trace)] || !p.hasTrace(trace) {
			return true
		}
		seen[p.after(trace)] = true
		if m == deadlock.FD && p.hasDivergence(trace) {
			return false
		}
		for e := range visible(p.m.Events()) {
			longer := trace + p.m.Events().Name(e)
			if p.hasTrace(longer) && p.hasFailure(trace, 1<<e) || !deterministic(longer) {
				return false
			}
		}
		return true
	}
	return deterministic("")
}

// enough returns a length of traces that suffices to refute a refinement: a
// shortest counterexample meets no pair of a state of impl and a nonempty set
// of states of spec twice, but for a last event that spec cannot follow.
func enough(spec, impl *process) int { return impl.m.Len() * (1<<spec.m.Len() - 1) }

func TestDenotationsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pair := modeltest.Pairs(2, 2).Draw(t, "pair")
		spec, impl := newProcess(pair.Spec), newProcess(pair.Impl)
		d, e := spec.denote(enough(spec, impl)), impl.denote(enough(spec, impl))
		for _, m := range []deadlock.Model{deadlock.T, deadlock.F, deadlock.FD} {
			if a, b := d.refinedBy(e, m), spec.refinedBy(impl, m); a != b {
				t.Errorf("refinement in %s: %v and %v", m, a, b)
			}
		}
		for _, m := range []deadlock.Model{deadlock.F, deadlock.FD} {
			if a, b := d.deterministic(pair.Spec.Events(), m), spec.deterministic(m); a != b {
				t.Errorf("determinism in %s: %v and %v", m, a, b)
			}
		}
	})
}

func TestDenotation(t *testing.T) {
	d := newProcess(machine(t, "s τ t, t a t, s b u, u τ u, s ✓ v")).denote(2)
	if got, want := fmt.Sprint(d.traces), "map[:true a:true aa:true b:true ✓:true]"; got != want {
		t.Errorf("traces %s, want %s", got, want)
	}
	if got, want := fmt.Sprint(d.divergences), "map[b:true]"; got != want {
		t.Errorf("divergences %s, want %s", got, want)
	}
	// τ is event 0, ✓ 1, a 2 and b 3. Only t and v are stable.
	for f, want := range map[failure]bool{
		{"", 1<<1 | 1<<3}:         true,
		{"", 1 << 2}:              false,
		{"a", 1 << 3}:             true,
		{"b", 0}:                  false,
		{"✓", 1<<1 | 1<<2 | 1<<3}: true,
		{"✓", 0}:                  true,
	} {
		if d.failures[f] != want {
			t.Errorf("failure %v: %v, want %v", f, !want, want)
		}
	}
}
