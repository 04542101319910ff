package deadlocktest

import (
	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/golang"
)

// A Program is a Go design and the networks that the questions about it need.
type Program struct {
	program *golang.Program

	// Net is the program as it runs; Lingering goes on when main has returned;
	// Spurious has defaults and failing TryLocks at any time.
	Net, Lingering, Spurious *model.Network
}

// Of makes the networks of a program. If it can't, the test fails, and it
// returns nil.
func Of(t TB, p *golang.Program) *Program {
	t.Helper()
	if p == nil {
		t.Errorf("the program is nil")
		return nil
	}
	x := &Program{program: p}
	for _, n := range []struct {
		net     **model.Network
		options []golang.Option
	}{{&x.Net, nil}, {&x.Lingering, []golang.Option{golang.Linger}}, {&x.Spurious, []golang.Option{golang.Spurious}}} {
		net, err := p.Network(n.options...)
		if err != nil {
			t.Errorf("%v", err)
			return nil
		}
		*n.net = net
	}
	return x
}

// Correct fails the test if the program has any of the faults that concurrent
// programs have: a deadlock, a goroutine that is stuck or that is left behind
// when main has returned, a panic, a data race.
func Correct(t TB, p *golang.Program, options ...Option) {
	t.Helper()
	x := Of(t, p)
	if x == nil {
		return
	}
	for _, q := range x.Questions() {
		Holds(t, q, options...)
	}
}

// Questions returns the questions that Correct asks.
func (x *Program) Questions() []deadlock.Question {
	return []deadlock.Question{x.NoPanic(), x.Deadlock(), x.NeverStuck(), x.NoLeak(), x.RaceFree()}
}

// Deadlock asks whether all goroutines may wait for ever.
func (x *Program) Deadlock() deadlock.Question {
	return deadlock.Question{Topic: deadlock.DeadlockFreedom, Model: deadlock.F, Impl: explore.Network(x.Net), Terminates: true}
}

// NeverStuck asks whether a goroutine may wait for ever while the program runs.
func (x *Program) NeverStuck() deadlock.Question {
	sys := explore.Network(x.Net)
	return deadlock.Question{Topic: deadlock.Liveness, Impl: sys, Tasks: x.tasks(sys, x.Net)}
}

// NoLeak asks whether goroutines that are still there when main returns would
// end if they could.
func (x *Program) NoLeak() deadlock.Question {
	sys := explore.Network(x.Lingering)
	return deadlock.Question{Topic: deadlock.LeakFreedom, Impl: sys, Tasks: x.tasks(sys, x.Lingering)}
}

// NoPanic asks whether no goroutine panics.
func (x *Program) NoPanic() deadlock.Question {
	return deadlock.Question{Topic: deadlock.PanicFreedom, Impl: explore.Network(x.Net), Events: x.program.Panics(x.Net)}
}

// RaceFree asks whether no two goroutines use a variable at once, one writing.
func (x *Program) RaceFree() deadlock.Question {
	var variables []deadlock.Variable
	for _, a := range x.program.Accesses(x.Spurious) {
		variables = append(variables, deadlock.Variable{Name: a.Name, Reads: a.Reads, Writes: a.Writes})
	}
	return deadlock.Question{Topic: deadlock.RaceFreedom, Impl: explore.Network(x.Spurious), Variables: variables}
}

// tasks returns the goroutines, main first.
func (x *Program) tasks(sys explore.System, n *model.Network) []deadlock.Task {
	var out []deadlock.Task
	for _, i := range x.program.Tasks(n) {
		t, err := deadlock.TaskOf(sys, i)
		if err != nil {
			panic(err) // each goroutine is a component
		}
		out = append(out, t)
	}
	return out
}
