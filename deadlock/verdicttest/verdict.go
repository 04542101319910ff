// Package verdicttest judges verdicts, for tests of the engine.
//
// Refines and Deterministic hold a verdict against what the processes denote
// (modeltest.Process), its counterexample included. Replay walks through a
// counterexample on a system, mostly that of another engine than the one
// which found it.
package verdicttest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/modeltest"
)

// Holds is the outcome without a counterexample; others have its kind.
const Holds explore.Kind = "holds"

// Line puts a verdict in a line: "holds", "deadlock a", or "divergence
// a ( τ τ )" with all its steps and its loop.
func Line(v *deadlock.Verdict) string {
	if v.Answer != deadlock.Fails {
		return strings.TrimSpace(string(v.Answer) + " " + v.Reason)
	}
	var steps []string
	b := &v.Counterexample.Impl
	for i, s := range b.Steps {
		if i == b.Loop {
			steps = append(steps, "(")
		}
		steps = append(steps, s.Event)
	}
	if b.Loop >= 0 {
		steps = append(steps, ")")
	}
	return strings.TrimSpace(string(v.Counterexample.Kind) + " " + strings.Join(steps, " "))
}

// complaints is all that is wrong with a verdict.
type complaints struct {
	v   *deadlock.Verdict
	all []error
}

func (c *complaints) add(format string, args ...any) {
	c.all = append(c.all, fmt.Errorf("%s: %s", Line(c.v), fmt.Sprintf(format, args...)))
}

func (c *complaints) err() error { return errors.Join(c.all...) }

// answer checks whether the verdict is what is wanted, as far as it goes
// without a look at the counterexample.
func (c *complaints) answer(holds bool) {
	want := deadlock.Fails
	if holds {
		want = deadlock.Holds
	}
	if c.v.Answer != want || (c.v.Counterexample == nil) != holds {
		c.add("want %s", want)
	}
}

// Refines judges the answer to deadlock.Refines; holds is the right one. The
// counterexample must be a behaviour of impl that spec lacks, with one of
// spec beside it, and unless it is a divergence a shortest. It returns the
// outcome.
func Refines(v *deadlock.Verdict, spec, impl *modeltest.Process, m deadlock.Model, holds bool) (explore.Kind, error) {
	c := &complaints{v: v}
	c.answer(holds)
	if holds || c.all != nil {
		return Holds, c.err()
	}
	ce := v.Counterexample
	trace := modeltest.Trace(ce.Impl.Trace()...)
	if m == deadlock.FD && spec.HasDivergence(trace) {
		c.add("the specification diverges")
	}
	final := c.behaviour(impl, &ce.Impl)
	seen := trace // by the specification, in the end
	switch ce.Kind {
	case explore.TraceViolation:
		var last string
		seen, last = modeltest.Last(trace)
		if spec.HasTrace(trace) {
			c.add("a trace of the specification")
		}
		if n := len(ce.Impl.Steps); n == 0 || ce.Impl.Steps[n-1].Event != last {
			c.add("the last step is not the event")
		}
	case explore.Refusal:
		x := final.Refusal(spec.Machine.Events())
		if m == deadlock.T || !impl.HasFailure(trace, x) || spec.HasFailure(trace, x) {
			c.add("in %s, and in the end it offers %v", m, ce.Impl.Final)
		}
	case explore.Divergence:
		if m != deadlock.FD {
			c.add("in %s", m)
		}
		c.lasso(impl)
	default:
		c.add("no answer to this question")
	}
	if ce.Kind != explore.Divergence {
		if run, ok := spec.Forbids(impl, modeltest.Model(m), len(ce.Impl.Steps)); ok {
			c.add("in %s, after <%s> it fails in fewer steps", m, run)
		}
		if ce.Impl.Loop != -1 {
			c.add("a loop")
		}
	}
	if ce.Spec == nil {
		c.add("no behaviour of the specification")
		return ce.Kind, c.err()
	}
	c.behaviour(spec, ce.Spec)
	if got := modeltest.Trace(ce.Spec.Trace()...); got != seen || ce.Spec.Loop != -1 {
		c.add("the specification does <%s>, and then from step %d again", got, ce.Spec.Loop)
	}
	return ce.Kind, c.err()
}

// Deterministic judges the answer to deadlock.Deterministic; holds is the
// right one. It returns the outcome.
func Deterministic(v *deadlock.Verdict, p *modeltest.Process, m deadlock.Model, holds bool) (explore.Kind, error) {
	c := &complaints{v: v}
	c.answer(holds)
	if holds || c.all != nil {
		return Holds, c.err()
	}
	ce := v.Counterexample
	c.behaviour(p, &ce.Impl)
	switch {
	case ce.Kind == explore.Divergence && m == deadlock.FD:
		c.lasso(p)
	case ce.Kind == explore.Nondeterminism && ce.Spec != nil:
		refused := c.behaviour(p, ce.Spec).Refusal(p.Machine.Events())
		does, refuses := modeltest.Trace(ce.Impl.Trace()...), modeltest.Trace(ce.Spec.Trace()...)
		before, last := modeltest.Last(does)
		e, _ := p.Machine.Events().Lookup(last)
		if n := len(ce.Impl.Steps); n == 0 || ce.Impl.Steps[n-1].Event != last {
			c.add("the last step is not the event")
		}
		if before != refuses || !refused.Has(e) || !p.HasFailure(refuses, refused) {
			c.add("does <%s>, and after <%s> offers %v in the end", does, refuses, ce.Spec.Final)
		}
		if ce.Impl.Loop != -1 || ce.Spec.Loop != -1 {
			c.add("a loop")
		}
	default:
		c.add("in %s; a second behaviour: %v", m, ce.Spec != nil)
	}
	return ce.Kind, c.err()
}

// Divergence judges a verdict that p diverges: some state on the way comes
// back to itself by the loop, which is all τ.
func Divergence(v *deadlock.Verdict, p *modeltest.Process) error {
	c := &complaints{v: v}
	c.lasso(p)
	return c.err()
}

func (c *complaints) lasso(p *modeltest.Process) {
	b := &c.v.Counterexample.Impl
	if c.v.Counterexample.Kind != explore.Divergence || b.Loop < 0 || b.Loop >= len(b.Steps) {
		c.add("no lasso")
		return
	}
	for s := range p.Along(names(b.Steps[:b.Loop])...).All() {
		// s takes exactly as many τ to itself as the loop has.
		at := modeltest.States(1) << s
		for _, step := range b.Steps[b.Loop:] {
			if step.Event != "τ" {
				c.add("%s in the loop", step.Event)
			}
			var next modeltest.States
			for t := range at.All() {
				events, targets := p.Machine.Transitions(t)
				for i, e := range events {
					if e == model.Tau {
						next |= 1 << targets[i]
					}
				}
			}
			at = next
		}
		if at.Has(s) {
			return
		}
	}
	c.add("it cannot be replayed")
}

// behaviour checks that p can behave as b says and in the end offers what
// b.Final says, which is returned.
func (c *complaints) behaviour(p *modeltest.Process, b *explore.Behaviour) modeltest.Set {
	var offers modeltest.Set
	for _, branch := range b.Final {
		e, ok := p.Machine.Events().Lookup(branch.Event)
		if !ok {
			c.add("the process never offers %s", branch.Event)
			return offers
		}
		offers |= 1 << e
	}
	for s := range p.Along(names(b.Steps)...).All() {
		if p.Offers(s) == offers {
			return offers
		}
	}
	c.add("steps %v, and in the end offers %v: no behaviour of this process", names(b.Steps), b.Final)
	return offers
}

// names returns the events of steps.
func names(steps []explore.Step) []string {
	var out []string
	for _, s := range steps {
		out = append(out, s.Event)
	}
	return out
}

// A Mix says how many verdicts there were of each outcome.
type Mix map[explore.Kind]int

// Lacks returns which outcomes, of those that there are in m, came less often
// than floor says.
func (x Mix) Lacks(m deadlock.Model, floor Mix) (lacks []string) {
	for kind, n := range floor {
		switch {
		case kind == explore.Refusal && m == deadlock.T, kind == explore.Divergence && m != deadlock.FD:
		case x[kind] < n:
			lacks = append(lacks, fmt.Sprintf("only %d verdicts are %s, want %d", x[kind], kind, n))
		}
	}
	slices.Sort(lacks)
	return lacks
}
