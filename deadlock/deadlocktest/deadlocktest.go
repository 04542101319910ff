// Package deadlocktest asserts verdicts in Go tests: that a network is
// deadlock free, has no races, refines another, and so on. A test that fails
// prints the counterexample, with a column for each component.
//
//	func TestPool(t *testing.T) {
//		net, err := pool(3).Network()
//		if err != nil {
//			t.Fatal(err)
//		}
//		deadlocktest.Free(t, net)
//	}
//
// In a property test, t may be a *rapid.T: the networks are then drawn, and
// the one that is reported is the smallest that rapid finds.
//
// A verdict that is unknown because of a limit fails the test, too.
//
// The functions that Program has begin with are about programs of package
// golang: see Program. To read the code, start at Ask.
package deadlocktest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/render"
)

// TB is what the assertions need of a *testing.T, *testing.B or *rapid.T.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
}

// An Option changes an assertion.
type Option func(*settings)

type settings struct {
	ctx        context.Context
	limits     explore.Limits
	terminates bool // ✓ is a deadlock
	tasks      []string
	main       string // of NoLeak
}

// Within bounds the search. A search that comes to its limits fails the test.
func Within(limits explore.Limits) Option { return func(s *settings) { s.limits = limits } }

// In has the search end with the context: with that of a test, for example.
func In(ctx context.Context) Option { return func(s *settings) { s.ctx = ctx } }

// ForEver makes it a deadlock to terminate: for networks that are never to
// end, and as scripts have it.
func ForEver() Option { return func(s *settings) { s.terminates = true } }

// Tasks names the components that must not get stuck or leak, where not all
// that are no resources are meant. Of several of one name all are.
func Tasks(names ...string) Option { return func(s *settings) { s.tasks = names } }

func set(options []Option) *settings {
	s := &settings{ctx: context.Background()}
	for _, o := range options {
		o(s)
	}
	return s
}

// Free fails the test if the network can come to a state in which nothing can
// happen, unless it has terminated (deadlock.Free, in F).
func Free(t TB, net *model.Network, options ...Option) {
	t.Helper()
	assert(t, net, deadlock.Question{Topic: deadlock.DeadlockFreedom, Model: deadlock.F, Terminates: !set(options).terminates}, options)
}

// DivergenceFree fails the test if the network can do τ for ever.
func DivergenceFree(t TB, net *model.Network, options ...Option) {
	t.Helper()
	assert(t, net, deadlock.Question{Topic: deadlock.DivergenceFreedom}, options)
}

// Deterministic fails the test if the network can, after some trace, both do
// an event and refuse it, or diverge (deadlock.Deterministic, in FD).
func Deterministic(t TB, net *model.Network, options ...Option) {
	t.Helper()
	assert(t, net, deadlock.Question{Topic: deadlock.Determinism, Model: deadlock.FD}, options)
}

// Refines fails the test if impl does not refine spec in a model. Both must be
// over the same table of events.
func Refines(t TB, spec, impl *model.Network, m deadlock.Model, options ...Option) {
	t.Helper()
	if missing(t, spec) {
		return
	}
	assert(t, impl, deadlock.Question{Topic: deadlock.Refinement, Model: m, Spec: explore.Network(spec)}, options)
}

// RaceFree fails the test if two accesses to a variable can happen at once,
// one of them a write (deadlock.RaceFree). A program of package golang is to be
// made with golang.Spurious for it, as Correct does.
func RaceFree(t TB, net *model.Network, variables []deadlock.Variable, options ...Option) {
	t.Helper()
	assert(t, net, deadlock.Question{Topic: deadlock.RaceFreedom, Variables: variables}, options)
}

// NeverStuck fails the test if a task can get into a state from which it never
// moves again, whatever the others do (deadlock.NeverStuck).
func NeverStuck(t TB, net *model.Network, options ...Option) {
	t.Helper()
	assert(t, net, deadlock.Question{Topic: deadlock.Liveness}, options)
}

// StarvationFree fails the test if a task can wait for ever while others go on,
// on a run of that fairness (deadlock.StarvationFree).
func StarvationFree(t TB, net *model.Network, fair deadlock.Fairness, options ...Option) {
	t.Helper()
	assert(t, net, deadlock.Question{Topic: deadlock.StarvationFreedom, Fairness: fair}, options)
}

// NoLeak fails the test if the component called main can end when another task
// never will (deadlock.NoLeak). A program of package golang is to be made with
// golang.Linger for it, as Correct does: without, all end with main, as in Go,
// and nothing leaks.
func NoLeak(t TB, net *model.Network, main string, options ...Option) {
	t.Helper()
	assert(t, net, deadlock.Question{Topic: deadlock.LeakFreedom}, append(slices.Clip(options), func(s *settings) { s.main = main }))
}

// NoPanic fails the test if one of the events can happen (deadlock.NoPanic).
func NoPanic(t TB, net *model.Network, events model.EventSet, options ...Option) {
	t.Helper()
	assert(t, net, deadlock.Question{Topic: deadlock.PanicFreedom, Events: events}, options)
}

// assert fails the test unless the answer to a question about a network, of
// its tasks if it is one about tasks, is that it holds.
func assert(t TB, net *model.Network, q deadlock.Question, options []Option) {
	t.Helper()
	if missing(t, net) {
		return
	}
	s := set(options)
	q.Impl = explore.Network(net)
	if q.Topic == deadlock.Liveness || q.Topic == deadlock.StarvationFreedom || q.Topic == deadlock.LeakFreedom {
		tasks, err := s.of(q.Impl, net)
		if err != nil {
			t.Errorf("%v", err)
			return
		}
		if q.Tasks = tasks; q.Topic == deadlock.LeakFreedom && len(tasks) == 1 {
			return // nobody else is there
		}
	}
	v, err := deadlock.Ask(s.ctx, q, s.limits)
	holds(t, v, err)
}

// of returns the tasks that a question is about: those that were named, or
// all that are no resources; main, if there is one, before the others.
func (s *settings) of(sys explore.System, net *model.Network) ([]deadlock.Task, error) {
	if s.main == "" {
		return s.named(sys, net)
	}
	out, err := deadlock.Tasks(sys, s.main)
	if err != nil {
		return nil, err
	}
	others, err := s.named(sys, net)
	if err != nil {
		return nil, err
	}
	main := out[0]
	return append([]deadlock.Task{main}, slices.DeleteFunc(others, func(t deadlock.Task) bool { return t == main })...), nil
}

// named returns the tasks that were named, or all that are no resources.
func (s *settings) named(sys explore.System, net *model.Network) ([]deadlock.Task, error) {
	if len(s.tasks) > 0 {
		return deadlock.Tasks(sys, s.tasks...)
	}
	var out []deadlock.Task
	for i, c := range net.Components() {
		if c.Resource {
			continue
		}
		t, err := deadlock.TaskOf(sys, i)
		if err != nil {
			continue // an operator's machine
		}
		out = append(out, t)
	}
	return out, nil
}

// Holds fails the test unless the answer to the question is that it holds.
func Holds(t TB, q deadlock.Question, options ...Option) {
	t.Helper()
	s := set(options)
	v, err := ask(s, q)
	holds(t, v, err)
}

// Fails fails the test unless the answer is that the question's property does
// not hold, and returns the counterexample: for tests that a design has the
// fault that it is said to have. It returns nil if the test has failed.
func Fails(t TB, q deadlock.Question, options ...Option) *explore.Counterexample {
	t.Helper()
	s := set(options)
	v, err := ask(s, q)
	switch {
	case err != nil:
		t.Errorf("%v", err)
	case v.Answer == deadlock.Holds:
		t.Errorf("%s: it holds (%d states), and should fail", q.Topic, v.Stats.States)
	case v.Answer == deadlock.Unknown:
		t.Errorf("%s: it is unknown, and should fail: %s", q.Topic, v.Reason)
	default:
		return v.Counterexample
	}
	return nil
}

// missing fails the test if one of the networks is nil, as one is that could
// not be made.
func missing(t TB, nets ...*model.Network) bool {
	t.Helper()
	if slices.Contains(nets, nil) {
		t.Errorf("the network is nil")
		return true
	}
	return false
}

// ask answers a question, if it is about something.
func ask(s *settings, q deadlock.Question) (*deadlock.Verdict, error) {
	if q.Impl == nil || q.Topic == deadlock.Refinement && q.Spec == nil {
		return nil, fmt.Errorf("%s: there is no system to ask about", q.Topic)
	}
	return deadlock.Ask(s.ctx, q, s.limits)
}

func holds(t TB, v *deadlock.Verdict, err error) {
	t.Helper()
	switch {
	case err != nil:
		t.Errorf("%v", err)
	case v.Answer == deadlock.Unknown:
		t.Errorf("it is unknown whether this holds: %s, after %d states", v.Reason, v.Stats.States)
	case v.Answer == deadlock.Fails:
		t.Errorf("%s", story(v.Counterexample))
	}
}

// story is a counterexample as text.
func story(ce *explore.Counterexample) string {
	var b strings.Builder
	if err := render.Text(&b, ce, render.TextOptions{}); err != nil {
		return err.Error()
	}
	return strings.TrimSuffix(b.String(), "\n")
}
