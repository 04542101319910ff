package deadlocktest_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/deadlock/deadlocktest"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	. "github.com/cspcheck/cspcheck/model/golang"
)

// A recorder notes what a test would have been told.
type recorder struct{ errors []string }

func (*recorder) Helper() {}
func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

func machine(t *testing.T, events *model.Events, name string, edges ...[3]string) *model.Network {
	t.Helper()
	b := model.NewMachine(name, events)
	for _, e := range edges {
		b.On(e[0], e[1], e[2])
	}
	b.Initial("0")
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	n, err := model.NewNetwork(name, events, model.Leaf(m))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Each assertion passes where it should, and otherwise tells what is wrong.
func TestAssertions(t *testing.T) {
	events := model.NewEvents()
	loop := machine(t, events, "LOOP", [3]string{"0", "a", "0"})
	stop := machine(t, events, "STOP1", [3]string{"0", "a", "1"})
	skip := machine(t, events, "SKIP1", [3]string{"0", "a", "1"}, [3]string{"1", "✓", "2"})
	spin := machine(t, events, "SPIN", [3]string{"0", "a", "1"}, [3]string{"1", "τ", "1"})
	either := machine(t, events, "EITHER", [3]string{"0", "a", "1"}, [3]string{"0", "a", "0"})
	one := loop.Components()[0].Machine
	two, err := model.NewNetwork("TWO", events, model.Interleave(model.Leaf(one), model.Leaf(one)))
	if err != nil {
		t.Fatal(err)
	}
	a := model.NewAlphabet(events.Event("a"))
	variables := []deadlock.Variable{{Name: "x", Reads: model.NewAlphabet(), Writes: a}}
	for _, tt := range []struct {
		name string
		ask  func(t deadlocktest.TB)
		want string // in the message; "" if there is none
	}{
		{"free", func(t deadlocktest.TB) { deadlocktest.Free(t, loop) }, ""},
		{"deadlock", func(t deadlocktest.TB) { deadlocktest.Free(t, stop) }, "STOP1 deadlocks after 1 event: <a>"},
		{"termination", func(t deadlocktest.TB) { deadlocktest.Free(t, skip) }, ""},
		{"not for ever", func(t deadlocktest.TB) { deadlocktest.Free(t, skip, deadlocktest.ForEver()) }, "terminates"},
		{"no divergence", func(t deadlocktest.TB) { deadlocktest.DivergenceFree(t, loop) }, ""},
		{"divergence", func(t deadlocktest.TB) { deadlocktest.DivergenceFree(t, spin) }, "SPIN diverges after <a>"},
		{"deterministic", func(t deadlocktest.TB) { deadlocktest.Deterministic(t, stop) }, ""},
		{"not deterministic", func(t deadlocktest.TB) { deadlocktest.Deterministic(t, either) }, "EITHER"},
		{"refines", func(t deadlocktest.TB) { deadlocktest.Refines(t, loop, stop, deadlock.T) }, ""},
		{"does not refine", func(t deadlocktest.TB) { deadlocktest.Refines(t, loop, stop, deadlock.F) }, "STOP1"},
		{"race free", func(t deadlocktest.TB) { deadlocktest.RaceFree(t, loop, variables) }, ""},
		{"no panic", func(t deadlocktest.TB) { deadlocktest.NoPanic(t, loop, model.NewAlphabet()) }, ""},
		{"panic", func(t deadlocktest.TB) { deadlocktest.NoPanic(t, loop, a) }, "LOOP"},
		{"never stuck", func(t deadlocktest.TB) { deadlocktest.NeverStuck(t, loop) }, ""},
		{"stuck", func(t deadlocktest.TB) { deadlocktest.NeverStuck(t, stop) }, "STOP1"},
		{"nobody starves", func(t deadlocktest.TB) { deadlocktest.StarvationFree(t, stop, deadlock.Unfair) }, ""},
		{"one starves", func(t deadlocktest.TB) { deadlocktest.StarvationFree(t, two, deadlock.Unfair) }, "LOOP #1 starves without fairness"},
		{"none if all is fair", func(t deadlocktest.TB) { deadlocktest.StarvationFree(t, two, deadlock.Weak) }, ""},
		{"no such fairness", func(t deadlocktest.TB) { deadlocktest.StarvationFree(t, two, "good") }, "there is no fairness \"good\""},
		{"no such task", func(t deadlocktest.TB) { deadlocktest.NeverStuck(t, stop, deadlocktest.Tasks("X")) }, "there is no component X"},
		{"no leak alone", func(t deadlocktest.TB) { deadlocktest.NoLeak(t, stop, "STOP1") }, ""},
		{"no main", func(t deadlocktest.TB) { deadlocktest.NoLeak(t, stop, "X") }, "there is no component X"},
		{"limit", func(t deadlocktest.TB) { deadlocktest.Free(t, skip, deadlocktest.Within(explore.Limits{States: 1})) }, "unknown"},
		{"holds", func(t deadlocktest.TB) {
			deadlocktest.Holds(t, deadlock.Question{Topic: deadlock.DivergenceFreedom, Impl: explore.Network(loop)})
		}, ""},
		{"does not fail", func(t deadlocktest.TB) {
			deadlocktest.Fails(t, deadlock.Question{Topic: deadlock.DivergenceFreedom, Impl: explore.Network(loop)})
		}, "it holds (1 states), and should fail"},
		{"fails", func(t deadlocktest.TB) {
			deadlocktest.Fails(t, deadlock.Question{Topic: deadlock.DivergenceFreedom, Impl: explore.Network(spin)})
		}, ""},
	} {
		var r recorder
		tt.ask(&r)
		switch got := strings.Join(r.errors, "\n"); {
		case tt.want == "" && got != "":
			t.Errorf("%s: %s", tt.name, got)
		case tt.want != "" && !strings.Contains(got, tt.want):
			t.Errorf("%s: %q, want something with %q", tt.name, got, tt.want)
		}
	}
}

// What is not there, as an error before was not looked at, fails a test and
// does not crash it.
func TestNothingToAsk(t *testing.T) {
	loop := machine(t, model.NewEvents(), "LOOP", [3]string{"0", "a", "0"})
	for name, ask := range map[string]func(t deadlocktest.TB){
		"Free":           func(t deadlocktest.TB) { deadlocktest.Free(t, nil) },
		"DivergenceFree": func(t deadlocktest.TB) { deadlocktest.DivergenceFree(t, nil) },
		"Deterministic":  func(t deadlocktest.TB) { deadlocktest.Deterministic(t, nil) },
		"Refines, impl":  func(t deadlocktest.TB) { deadlocktest.Refines(t, loop, nil, deadlock.FD) },
		"Refines, spec":  func(t deadlocktest.TB) { deadlocktest.Refines(t, nil, loop, deadlock.FD) },
		"RaceFree":       func(t deadlocktest.TB) { deadlocktest.RaceFree(t, nil, nil) },
		"NeverStuck":     func(t deadlocktest.TB) { deadlocktest.NeverStuck(t, nil) },
		"StarvationFree": func(t deadlocktest.TB) { deadlocktest.StarvationFree(t, nil, deadlock.Weak) },
		"NoLeak":         func(t deadlocktest.TB) { deadlocktest.NoLeak(t, nil, "main") },
		"NoPanic":        func(t deadlocktest.TB) { deadlocktest.NoPanic(t, nil, model.NewAlphabet()) },
		"Correct":        func(t deadlocktest.TB) { deadlocktest.Correct(t, nil) },
		"Holds":          func(t deadlocktest.TB) { deadlocktest.Holds(t, deadlock.Question{Topic: deadlock.DeadlockFreedom}) },
		"Fails":          func(t deadlocktest.TB) { deadlocktest.Fails(t, deadlock.Question{Topic: deadlock.Trace}) },
		"a specification": func(t deadlocktest.TB) {
			deadlocktest.Holds(t, deadlock.Question{Topic: deadlock.Refinement, Impl: explore.Network(loop)})
		},
	} {
		var r recorder
		ask(&r)
		if len(r.errors) != 1 || !strings.Contains(r.errors[0], " is nil") && !strings.Contains(r.errors[0], "no system to ask about") {
			t.Errorf("%s: %q", name, r.errors)
		}
	}
}

// Each fault of a program is told with who did what.
func TestCorrect(t *testing.T) {
	for _, tt := range []struct {
		name string
		make func(p *Program)
		want []string
	}{
		{"nothing", func(p *Program) { p.Main(Step("work")) }, nil},
		{"deadlock", func(p *Program) {
			c := p.Chan("c", 0, Unit)
			p.Main(c.Signal())
		}, []string{"deadlocks at once", "main waits to send c!", "never move again"}},
		{"stuck", func(p *Program) {
			c := p.Chan("c", 0, Unit)
			f := p.Func("f", c.Recv())
			p.Main(Go(f), Loop(Step("work")))
		}, []string{"f can never move again", "f waits for c?"}},
		{"leak", func(p *Program) {
			c := p.Chan("c", 0, Unit)
			f := p.Func("f", c.Signal())
			p.Main(Go(f), Either(c.Recv(), Timeout()))
		}, []string{"main", "f", "never"}},
		{"panic", func(p *Program) {
			c := p.Chan("c", 0, Unit)
			f := p.Func("f", c.Close())
			p.Main(Go(f), Go(f), Loop(Step("work")))
		}, []string{"c.panic.closeOfClosed"}},
		{"race", func(p *Program) {
			x, c := p.Var("x", Bool, 0), p.Chan("c", 0, Unit)
			f := p.Func("f", x.Write(Int(1)), c.Signal())
			p.Main(Go(f), x.Write(Int(0)), c.Recv())
		}, []string{"race", "x.write"}},
		{"a race behind a TryLock", func(p *Program) {
			x, m, ok := p.Var("x", Bool, 0), p.Mutex("m"), NewLocal("ok", Bool)
			f := p.Func("f", x.Write(Int(1)), m.Lock())
			p.Main(Go(f), m.TryLock(ok), If(Not(ok), x.Write(Int(0))))
		}, []string{"race", "x.write"}},
		{"a race behind a default, though the channel is closed", func(p *Program) {
			x, c := p.Var("x", Range(0, 2), 0), p.Chan("c", 0, Unit)
			f := p.Func("f", Select(On(c.Recv()), Default(x.Write(Int(1)))))
			p.Main(c.Close(), Go(f), x.Write(Int(2)))
		}, []string{"race", "x.write"}},
	} {
		p := NewProgram("p")
		tt.make(p)
		var r recorder
		deadlocktest.Correct(&r, p)
		got := strings.Join(r.errors, "\n")
		if tt.want == nil && got != "" {
			t.Errorf("%s: %s", tt.name, got)
		}
		for _, w := range tt.want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: no %q in:\n%s", tt.name, w, got)
			}
		}
	}
}

// A pool of workers over drawn sizes: with room for all results it is correct;
// with none, and more jobs than workers, it deadlocks.
func TestPoolSizes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		workers, jobs := rapid.IntRange(1, 3).Draw(t, "workers"), rapid.IntRange(1, 3).Draw(t, "jobs")
		deadlocktest.Correct(t, pool(workers, jobs, jobs))
	})
	x := deadlocktest.Of(t, pool(2, 4, 0))
	deadlocktest.Fails(t, x.Deadlock())
}

func pool(workers, jobs, room int) *Program {
	p := NewProgram("pool")
	work, results := p.Chan("work", 0, Range(1, jobs)), p.Chan("results", room, Range(1, jobs))
	i, j := NewLocal("i", Range(1, max(workers, jobs))), NewLocal("j", Range(1, jobs))
	worker := p.Func("worker",
		work.Range(j,
			results.Send(j),
		),
	)
	p.Main(
		For(i, 1, workers, Go(worker)),
		For(i, 1, jobs, work.Send(i)),
		work.Close(),
		For(i, 1, jobs, results.Recv(j)),
	)
	return p
}
