package golang_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	. "github.com/cspcheck/cspcheck/model/golang"
)

// free asks whether a program is deadlock free; to end is all right.
func free(t *testing.T, p *Program, options ...Option) (*deadlock.Verdict, error) {
	t.Helper()
	n, err := p.Network(options...)
	if err != nil {
		t.Fatal(err)
	}
	return deadlock.Free(context.Background(), explore.Network(n), deadlock.F, explore.Limits{}, deadlock.AcceptTermination)
}

// steps returns the events of a counterexample.
func steps(v *deadlock.Verdict) string { return strings.Join(v.Counterexample.Impl.Trace(), ", ") }

// seen returns the visible events that a network can do, but for ✓.
func seen(t *testing.T, n *model.Network) []string {
	t.Helper()
	var out []string
	_, err := explore.Run(context.Background(), explore.Network(n), explore.Limits{}, func(v *explore.Visit) bool {
		for _, e := range v.Steps.Events {
			if name := n.Events().Name(e); e > model.Tick && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

const reuse = "who waits is let go when the counter is 0, and should be gone before it goes up again"

// Programs with what can happen in them: the events called "step", and panics;
// and with the shortest way into a deadlock, or "". They run for real, too,
// unless they need not end.
var rows = []struct {
	name     string
	make     func(p *Program)
	steps    string
	deadlock string
}{
	{"a send without a receiver waits", func(p *Program) {
		c := p.Chan("c", 0, Unit)
		p.Main(c.Signal(), Step("step"))
	}, "", "-"},
	{"a buffer takes what it has room for", func(p *Program) {
		c := p.Chan("c", 1, Unit)
		p.Main(c.Signal(), Step("step 1"), c.Signal(), Step("step 2"))
	}, "step 1", "c.send, step 1"},
	{"a buffer keeps the order", func(p *Program) {
		c, x := p.Chan("c", 2, Range(0, 2)), NewLocal("x", Range(0, 2))
		p.Main(c.Send(Int(1)), c.Send(Int(2)), c.Recv(x), If(Eq(x, Int(1)), Step("step")))
	}, "step", ""},
	{"receives from a closed channel give what is left, then zero", func(p *Program) {
		c, x, ok := p.Chan("c", 1, Range(0, 1)), NewLocal("x", Range(0, 1)), NewLocal("ok", Bool)
		p.Main(c.Send(Int(1)), c.Close(), c.Recv(x, ok), If(And(x, ok), Step("step 1")),
			c.Recv(x, ok), If(Not(Or(x, ok)), Step("step 2")))
	}, "step 1, step 2", ""},
	{"a send on a closed channel panics", func(p *Program) {
		c := p.Chan("c", 1, Unit)
		p.Main(c.Close(), c.Signal(), Step("step"))
	}, "c.panic.sendOnClosed", ""},
	{"a waiting sender panics when the channel is closed", func(p *Program) {
		c := p.Chan("c", 0, Unit)
		f := p.Func("f", c.Signal(), Step("step"))
		p.Main(Go(f), c.Close(), Loop(Step("step")))
	}, "c.panic.sendOnClosed, step", ""},
	{"to close a closed channel panics, and a nil one", func(p *Program) {
		c, d := p.Chan("c", 0, Unit), p.NilChan("d", Unit)
		p.Main(Either(c.Close(), d.Close()), c.Close(), c.Close())
	}, "c.panic.closeOfClosed, d.panic.closeOfNil", ""},
	{"a nil channel is never ready", func(p *Program) {
		d := p.NilChan("d", Unit)
		p.Main(Select(On(d.Signal(), Step("step 1")), On(d.Recv(), Step("step 2")), Default(Step("step 3"))), d.Recv())
	}, "step 3", "not d!0, d?, step 3"},
	{"select takes any case that is ready", func(p *Program) {
		c, d := p.Chan("c", 1, Unit), p.Chan("d", 1, Unit)
		p.Main(c.Signal(), d.Signal(), Select(On(c.Recv(), Step("step 1")), On(d.Recv(), Step("step 2")), Default(Step("step 3"))))
	}, "step 1, step 2", ""},
	{"select takes its default if no case is ready", func(p *Program) {
		c, d := p.Chan("c", 1, Unit), p.Chan("d", 1, Unit)
		p.Main(d.Signal(), Select(On(c.Recv(), Step("step 1")), On(d.Signal(), Step("step 2")), Default(Step("step 3"))))
	}, "step 3", ""},
	{"a full buffer may be sent to, or else received from", func(p *Program) {
		c := p.Chan("c", 1, Unit)
		p.Main(Select(On(c.Recv(), Step("step 1")), On(c.Signal(), Step("step 2")), Default(Step("step 3"))))
	}, "step 2", ""},
	{"the other end of a channel without capacity may be late", func(p *Program) {
		c := p.Chan("c", 0, Unit)
		f := p.Func("f", c.Recv(), Step("step 1"))
		p.Main(Go(f), Select(On(c.Signal()), Default(Step("step 2"))), Loop(Step("step")))
	}, "step, step 1, step 2", ""},
	{"two that do not wait do not meet", func(p *Program) {
		c := p.Chan("c", 0, Unit)
		f := p.Func("f", Select(On(c.Recv(), Step("step 1")), Default(Step("step 2"))))
		p.Main(Go(f), Select(On(c.Signal(), Step("step 3")), Default(Step("step 4"))))
	}, "step 2, step 4", ""},
	{"a closed channel is ready", func(p *Program) {
		c := p.Chan("c", 0, Unit)
		p.Main(c.Close(), Select(On(c.Recv(), Step("step 1")), Default(Step("step 2"))))
	}, "step 1", ""},
	{"a guard takes a case away", func(p *Program) {
		c := p.Chan("c", 1, Unit)
		p.Main(Select(OnIf(Int(0), c.Signal(), Step("step 1")), Default(Step("step 2"))))
	}, "step 2", ""},
	{"range ends when the channel is closed and empty", func(p *Program) {
		c, x := p.Chan("c", 2, Range(1, 2)), NewLocal("x", Range(1, 2))
		p.Main(c.Send(Int(1)), c.Send(Int(2)), c.Close(), c.Range(x, If(Eq(x, Int(1)), Step("step 1")).Else(Step("step 2"))), Step("step 3"))
	}, "step 1, step 2, step 3", ""},
	{"a mutex has one holder", func(p *Program) {
		m := p.Mutex("m")
		p.Main(m.Lock(), m.Lock(), Step("step"))
	}, "", "m.lock"},
	{"anyone may unlock a mutex, but it must be locked", func(p *Program) {
		m := p.Mutex("m")
		f := p.Func("f", m.Unlock())
		p.Main(m.Lock(), Go(f), m.Lock(), Step("step 1"), m.Unlock(), m.Unlock(), Step("step 2"))
	}, "m.panic.notLocked, step 1", ""},
	{"TryLock fails if the mutex is locked", func(p *Program) {
		m, ok := p.Mutex("m"), NewLocal("ok", Bool)
		p.Main(m.TryLock(ok), If(ok, Step("step 1")), m.TryLock(ok), If(Not(ok), Step("step 2")))
	}, "step 1, step 2", ""},
	{"many read, a writer waits for them", func(p *Program) {
		m := p.RWMutex("m")
		p.Main(m.RLock(), m.RLock(), Step("step 1"), m.Lock(), Step("step 2"))
	}, "step 1", "m.rlock, m.rlock, step 1, m.wait"},
	{"a waiting writer keeps readers out", func(p *Program) {
		m := p.RWMutex("m")
		w := p.Func("w", m.Lock(), m.Unlock())
		p.Main(m.RLock(), Go(w), m.RLock(), m.RUnlock(), m.RUnlock())
	}, "", "m.rlock, go w(), m.wait"},
	{"the counter of a wait group does not go below 0", func(p *Program) {
		w := p.WaitGroup("w", 2)
		p.Main(w.Add(1), w.Done(), w.Wait(), Step("step"), w.Add(-2))
	}, "step, w.panic.negative.2", ""},
	{reuse, func(p *Program) {
		w, c := p.WaitGroup("w", 1), p.Chan("c", 0, Unit)
		f := p.Func("f", c.Signal(), w.Wait(), Step("step"))
		p.Main(w.Add(1), Go(f), c.Recv(), w.Done(), w.Add(1), w.Wait())
	}, "step, w.panic.reused", "w.add.1, go f(), c, w.add.-1, w.add.1, w.wait, w.wait"},
	{"once runs once, and the others wait for it", func(p *Program) {
		o, c := p.Once("o"), p.Chan("c", 0, Unit)
		f := p.Func("f", o.Do(Step("step 1"), c.Recv(), Step("step 2")), Step("step 3"))
		p.Main(Go(f), Go(f), c.Signal(), o.Do(Step("step 4")), Step("step 5"))
	}, "step 1, step 2, step 3, step 5", ""},
	{"what returns from the function of a once returns from it only", func(p *Program) {
		o := p.Once("o")
		p.Main(o.Do(Return(), Step("step 1")), o.Do(Step("step 2")), Step("step 3"))
	}, "step 3", ""},
	{"a once that its own function does waits for itself", func(p *Program) {
		o := p.Once("o")
		p.Main(o.Do(Step("step 1"), o.Do(Step("step 2"))), Step("step 3"))
	}, "step 1", "o.begin, step 1"},
	{"a signal that comes too early is lost", func(p *Program) {
		m := p.Mutex("m")
		c := p.Cond("c", m)
		f := p.Func("f", c.Signal())
		p.Main(m.Lock(), Go(f), c.Wait(), Step("step"))
	}, "step", "m.lock, go f(), c.signal, c.wait, m.unlock"},
	{"a broadcast that nobody waits for", func(p *Program) {
		c := p.Cond("c", p.Mutex("m"))
		p.Main(c.Broadcast(), c.Signal(), Step("step"))
	}, "step", ""},
	{"a broadcast wakes all", func(p *Program) {
		m, w := p.Mutex("m"), p.WaitGroup("w", 2)
		c, n, x := p.Cond("c", m), p.Var("n", Range(0, 2), 0), NewLocal("x", Range(0, 2))
		f := p.Func("f", m.Lock(), n.Add(1), c.Wait(), m.Unlock(), w.Done())
		p.Main(w.Add(2), Go(f), Go(f), While(Less(x, Int(2)), m.Lock(), n.Read(x), m.Unlock()), m.Lock(), c.Broadcast(), m.Unlock(), w.Wait(), Step("step"))
	}, "step", ""},
	{"a semaphore counts", func(p *Program) {
		s, ok := p.Semaphore("s", 2), NewLocal("ok", Bool)
		p.Main(s.Acquire(), s.Acquire(), s.TryAcquire(ok), If(Not(ok), Step("step 1")), s.Release(), s.Release(), Either(s.Release(), Step("step 2")))
	}, "s.panic.notHeld, step 1, step 2", ""},
	{"to cancel a context cancels those derived from it", func(p *Program) {
		c := p.Context("c", nil)
		d, x := p.Context("d", c), NewLocal("x", Bool)
		p.Main(d.Err(x), If(Not(x), Step("step 1")), c.Cancel(), d.Err(x), If(x, Step("step 2")), d.Done(), c.Cancel())
	}, "step 1, step 2", ""},
	{"contexts derived from one are cancelled in any order", func(p *Program) {
		c := p.Context("c", nil)
		d, e, x := p.Context("d", c), p.Context("e", c), NewLocal("x", Bool)
		f := p.Func("f", c.Cancel())
		p.Main(Go(f), Select(On(d.Done(), e.Err(x), If(x, Step("step 1")).Else(Step("step 2"))), On(e.Done(), d.Err(x), If(x, Step("step 3")).Else(Step("step 4")))))
	}, "step 1, step 2, step 3, step 4", ""},
	{"a context with a timeout may be done at any time", func(p *Program) {
		c := p.ContextTimeout("c", nil)
		d := p.Context("d", c)
		p.Main(Select(On(d.Done(), Step("step 1")), Default(Step("step 2"))), d.Done())
	}, "step 1, step 2", ""},
	{"a counter that two add to may lose one", func(p *Program) {
		n, w, x := p.Var("n", Range(0, 2), 0), p.WaitGroup("w", 2), NewLocal("x", Range(0, 2))
		f := p.Func("f", n.Add(1), w.Done())
		p.Main(w.Add(2), Go(f), Go(f), w.Wait(), n.Read(x), If(Eq(x, Int(1)), Step("step 1")).Else(Step("step 2")))
	}, "step 1, step 2", ""},
	{"an atomic counter loses none", func(p *Program) {
		n, w, x := p.Atomic("n", Range(0, 2), 0), p.WaitGroup("w", 2), NewLocal("x", Range(0, 2))
		f := p.Func("f", n.Add(1, nil), w.Done())
		p.Main(w.Add(2), Go(f), Go(f), w.Wait(), n.Load(x), If(Eq(x, Int(1)), Step("step 1")).Else(Step("step 2")))
	}, "step 2", ""},
	{"compare and swap", func(p *Program) {
		n, ok, x := p.Atomic("n", Range(0, 2), 0), NewLocal("ok", Bool), NewLocal("x", Range(0, 2))
		p.Main(n.CompareAndSwap(Int(0), Int(2), ok), If(ok, Step("step 1")), n.CompareAndSwap(Int(0), Int(1), ok),
			If(Not(ok), Step("step 2")), n.Swap(Int(1), x), If(Eq(x, Int(2)), Step("step 3")), n.Add(-1, x), If(Eq(x, Int(0)), Step("step 4")))
	}, "step 1, step 2, step 3, step 4", ""},
	{"deferred statements run when the function ends, the last first", func(p *Program) {
		m, c := p.Mutex("m"), p.Chan("c", 0, Unit)
		f := p.Func("f", Defer(c.Signal()), m.Lock(), Defer(m.Unlock()), Either(Return(), Step("step 1")), Step("step 2"))
		p.Main(Go(f), c.Recv(), m.Lock(), Step("step 3"))
	}, "step 1, step 2, step 3", ""},
	{"loops", func(p *Program) {
		i, j := NewLocal("i", Range(1, 4)), NewLocal("j", Range(0, 9))
		p.Main(For(i, 1, 4, If(Eq(i, Int(2)), Continue()), If(Eq(i, Int(4)), Break()), Set(j, Plus(j, i))), If(Eq(j, Int(4)), Step("step 1")),
			Loop(Either(Break(), Step("step 2"))), While(Less(Int(0), j), Set(j, Minus(j, Int(1)))), Step("step 3"))
	}, "step 1, step 2, step 3", ""},
	{"arguments", func(p *Program) {
		x, y := NewLocal("x", Range(1, 3)), NewLocal("y", Range(1, 3))
		c := p.Chan("c", 0, Range(1, 9))
		f := p.FuncOf("f", []*Local{x, y}, c.Send(Apply("x*y", func(a []int) int { return a[0] * a[1] }, x, y)))
		z := NewLocal("z", Range(1, 9))
		p.Main(Go(f, Int(2), Int(3)), c.Recv(z), If(Eq(z, Int(6)), Step("step")))
	}, "step", ""},
	{"a loop that does nothing never ends, and is no deadlock", func(p *Program) {
		c := p.Chan("c", 0, Unit)
		f := p.Func("f", c.Recv(), Loop())
		p.Main(Go(f), c.Signal(), c.Signal())
	}, "", ""},
	{"who waits to send when the channel is closed panics", func(p *Program) {
		c, d := p.Chan("c", 0, Unit), p.Chan("d", 1, Unit)
		d1, d2 := p.Func("f", c.Signal(), d.Signal()), p.Func("g", c.Signal(), d.Signal())
		p.Main(Go(d1), Go(d2), c.Recv(), c.Close(), d.Recv(), Step("step"))
	}, "c.panic.sendOnClosed, step", ""},
	{"who waits to receive when the channel is closed gets zero", func(p *Program) {
		c, x, ok := p.Chan("c", 0, Range(0, 1)), NewLocal("x", Range(0, 1)), NewLocal("ok", Bool)
		w := p.WaitGroup("w", 2)
		f := p.Func("f", c.Recv(x, ok), If(ok, Step("step 1")).Else(Step("step 2")), w.Done())
		p.Main(w.Add(2), Go(f), Go(f), c.Send(Int(1)), c.Close(), w.Wait(), Step("step 3"))
	}, "step 1, step 2, step 3", ""},
	{"select over a closed, a buffered and an unbuffered channel", func(p *Program) {
		c, d, e := p.Chan("c", 0, Unit), p.Chan("d", 1, Unit), p.Chan("e", 0, Unit)
		f := p.Func("f", e.Recv(), Step("step 4"))
		p.Main(Go(f), c.Close(), Select(On(c.Recv(), Step("step 1")), On(d.Signal(), Step("step 2")), On(e.Signal(), Step("step 3"))))
	}, "step 1, step 2, step 3, step 4", ""},
	{"select with a default over a closed, a buffered and an unbuffered channel", func(p *Program) {
		c, d, e := p.Chan("c", 1, Unit), p.Chan("d", 1, Unit), p.Chan("e", 0, Unit)
		f := p.Func("f", e.Recv(), Step("step 4"))
		p.Main(Go(f), c.Signal(), c.Close(), d.Signal(), c.Recv(),
			Select(On(d.Signal(), Step("step 1")), On(e.Signal(), Step("step 2")), Default(Step("step 3"))),
			Select(On(c.Recv(), Step("step 5")), Default(Step("step 6"))))
	}, "step 2, step 3, step 4, step 5", ""},
	{"a select without cases waits for ever", func(p *Program) {
		f := p.Func("f", Step("step 1"), Select())
		p.Main(Go(f), Select(), Step("step 2"))
	}, "step 1", "go f(), step 1"},
	{"a signal wakes one of those that wait", func(p *Program) {
		m, d := p.Mutex("m"), p.Chan("d", 2, Unit)
		c := p.Cond("c", m)
		f, g := p.Func("f", m.Lock(), d.Signal(), c.Wait(), Step("step 1"), m.Unlock()), p.Func("g", m.Lock(), d.Signal(), c.Wait(), Step("step 2"), m.Unlock())
		p.Main(Go(f), Go(g), d.Recv(), d.Recv(), m.Lock(), c.Signal(), m.Unlock(), m.Lock())
	}, "step 1, step 2", ""},
	{"a broadcast wakes all that wait", func(p *Program) {
		m, d := p.RWMutex("m"), p.Chan("d", 2, Unit)
		c, w := p.Cond("c", m.RLocker()), p.WaitGroup("w", 2)
		f := p.Func("f", m.Lock(), m.Unlock(), m.RLock(), d.Signal(), c.Wait(), Step("step 1"), m.RUnlock(), w.Done())
		p.Main(w.Add(2), Go(f), Go(f), d.Recv(), d.Recv(), m.Lock(), c.Broadcast(), m.Unlock(), w.Wait(), Step("step 2"))
	}, "step 1, step 2", ""},
	{"who has seen that a writer waits is kept out", func(p *Program) {
		m, ok := p.RWMutex("m"), NewLocal("ok", Bool)
		w := p.Func("w", m.Lock())
		p.Main(m.RLock(), Go(w), m.TryRLock(ok), If(Not(ok), m.RLock(), Step("step 1")).Else(Step("step 2")))
	}, "step 2", "m.rlock, go w(), m.wait, m.written"},
	{"TryRLock fails while a writer waits or writes", func(p *Program) {
		m, c, ok := p.RWMutex("m"), p.Chan("c", 0, Unit), NewLocal("ok", Bool)
		w := p.Func("w", c.Signal(), m.Lock(), m.Unlock(), Step("step 1"), c.Signal())
		p.Main(m.RLock(), Go(w), c.Recv(), m.TryRLock(ok), If(ok, Step("step 2"), m.RUnlock()).Else(Step("step 3")), m.RUnlock(),
			c.Recv(), m.TryRLock(ok), If(ok, m.TryLock(ok), If(Not(ok), Step("step 4"))))
	}, "step 1, step 2, step 3, step 4", ""},
	{"a RWMutex that nobody writes is not to be unlocked", func(p *Program) { p.Main(p.RWMutex("m").Unlock()) }, "m.panic.notLocked", ""},
	{"a RWMutex that is read is not to be unlocked", func(p *Program) {
		m := p.RWMutex("m")
		p.Main(m.RLock(), m.Unlock())
	}, "m.panic.notLocked", ""},
	{"a RWMutex that nobody reads is not to be runlocked", func(p *Program) { p.Main(p.RWMutex("m").RUnlock()) }, "m.panic.notRLocked", ""},
	{"a RWMutex that is written is not to be runlocked", func(p *Program) {
		m := p.RWMutex("m")
		p.Main(m.Lock(), m.RUnlock())
	}, "m.panic.notRLocked", ""},
	{"a panic ends everything", func(p *Program) {
		c := p.Chan("c", 0, Unit)
		f := p.Func("f", c.Close(), c.Close())
		p.Main(Go(f), Loop(Step("step")))
	}, "c.panic.closeOfClosed, step", ""},
}

func TestPrograms(t *testing.T) {
	for _, tt := range rows {
		t.Run(tt.name, func(t *testing.T) {
			p := NewProgram("p")
			tt.make(p)
			n, err := p.Network()
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range seen(t, n) {
				if strings.HasPrefix(e, "step") || strings.Contains(e, ".panic.") {
					got = append(got, e)
				}
			}
			if got := strings.Join(got, ", "); got != tt.steps {
				t.Errorf("can do %q, want %q", got, tt.steps)
			}
			v, err := free(t, p)
			switch {
			case err != nil:
				t.Fatal(err)
			case tt.deadlock == "" && v.Answer != deadlock.Holds:
				t.Errorf("it is %v that it is deadlock free: %s", v.Answer, steps(v))
			case tt.deadlock == "-" && (v.Answer != deadlock.Fails || steps(v) != ""):
				t.Errorf("it is no deadlock at once")
			case tt.deadlock != "" && v.Answer != deadlock.Fails:
				t.Errorf("it is %v that it is deadlock free, want a deadlock after %s", v.Answer, tt.deadlock)
			case tt.deadlock != "" && tt.deadlock != "-" && steps(v) != tt.deadlock:
				t.Errorf("deadlock after %s, want %s", steps(v), tt.deadlock)
			}
		})
	}
}

// Where a run passes a limit, there is no verdict but an error that says which.
func TestLimits(t *testing.T) {
	for _, tt := range []struct {
		want string
		make func(p *Program)
	}{
		{"i gets 3, which is not in 0..2", func(p *Program) {
			i := NewLocal("i", Range(0, 2))
			p.Main(Loop(Step("round"), Set(i, Plus(i, Int(1)))))
		}},
		{"c!i + 1 sends 2, which is not in 0..1", func(p *Program) {
			c, i := p.Chan("c", 1, Range(0, 1)), NewLocal("i", Range(0, 1))
			p.Main(c.Send(Int(1)), c.Recv(i), c.Send(Plus(i, Int(1))))
		}},
		{"w counts to more than 1", func(p *Program) {
			w := p.WaitGroup("w", 1)
			p.Main(w.Add(1), w.Add(1))
		}},
		{"m has too many readers", func(p *Program) {
			m := p.RWMutex("m")
			p.Main(Loop(m.RLock()))
		}},
		{"more than 2 goroutines run f", func(p *Program) {
			c := p.Chan("c", 0, Unit)
			f := p.Func("f", c.Recv()).AtMost(2)
			p.Main(Loop(Go(f)))
		}},
		{"n.Add(1) makes 3 of 2, which is not in 0..2", func(p *Program) {
			n := p.Atomic("n", Range(0, 2), 0)
			p.Main(Loop(n.Add(1, nil)))
		}},
	} {
		p := NewProgram("p")
		tt.make(p)
		if v, err := free(t, p); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v, %v, want an error with %q", v, err, tt.want)
		}
	}
	// A limit that is not passed is none.
	p := NewProgram("p")
	c := p.Chan("c", 0, Unit)
	f := p.Func("f", c.Recv()).AtMost(1)
	w := p.WaitGroup("w", 1)
	p.Main(Loop(w.Add(1), Go(f), c.Signal(), w.Done()))
	if v, err := free(t, p); err != nil || v.Answer != deadlock.Holds {
		t.Errorf("%v, %v where no limit is passed", v, err)
	}
}

// A mistake in a program is said when its network is made, with all others.
func TestMistakes(t *testing.T) {
	for _, tt := range []struct {
		want string
		make func(p *Program)
	}{
		{"there is no Main", func(*Program) {}},
		{"Break stands in no loop", func(p *Program) { p.Main(Break()) }},
		{"Continue stands in no loop", func(p *Program) { p.Main(Continue()) }},
		{"c is declared at", func(p *Program) { p.Chan("c", 0, Unit); p.Mutex("c"); p.Main() }},
		{"Main is called at", func(p *Program) { p.Main(); p.Main() }},
		{"a statement is nil", func(p *Program) { p.Main(nil) }},
		{"Either has no branches", func(p *Program) { p.Main(Either()) }},
		{"two defaults", func(p *Program) { p.Main(Select(Default(), Default())) }},
		{"takes 1 arguments and gets 0", func(p *Program) {
			f := p.FuncOf("f", []*Local{NewLocal("x", Bool)})
			p.Main(Go(f))
		}},
		{"Go starts no function", func(p *Program) { p.Main(Go(nil)) }},
		{"function of another program", func(p *Program) { p.Main(Go(NewProgram("q").Func("f"))) }},
		{"belongs to another program", func(p *Program) { p.Main(NewProgram("q").Mutex("m").Lock()) }},
		{"say with AtMost", func(p *Program) {
			f := p.Func("f")
			p.Main(Loop(Go(f)))
		}},
		{"say with AtMost", func(p *Program) {
			f := p.Func("f")
			f.Define(Go(f))
			p.Main(Go(f))
		}},
		{"has no values", func(p *Program) { p.Main(p.Chan("c", 1, Range(1, 0)).Signal()) }},
		{"negative capacity", func(p *Program) { p.Main(p.Chan("c", -1, Unit).Signal()) }},
		{"starts with 5", func(p *Program) { p.Main(p.Var("x", Range(0, 1), 5).Write(Int(0))) }},
		{"Defer stands inside", func(p *Program) { p.Main(Loop(Defer(Step("x")))) }},
		{"is nil", func(p *Program) { p.Main(p.Chan("c", 0, Bool).Send(nil)) }},
		{"is nil", func(p *Program) { p.Main(Set(nil, Int(1))) }},
		{"is nil", func(p *Program) { p.Main(If(nil)) }},
		{"is nil", func(p *Program) { p.Main(If(Not(Plus(Int(1), nil)))) }},
		{"is nil", func(p *Program) { p.Main(For(nil, 0, 1)) }},
		{"is nil", func(p *Program) { p.Main(Select(OnIf(nil, Timeout()))) }},
		{"is nil", func(p *Program) { p.Main(Go(p.FuncOf("f", []*Local{nil}), Int(0))) }},
		{"gives a value and whether it was one, not 3 values", func(p *Program) {
			x := NewLocal("x", Bool)
			p.Main(p.Chan("c", 0, Bool).Recv(x, x, x))
		}},
		{"not 3 values", func(p *Program) {
			x := NewLocal("x", Bool)
			p.Main(Select(On(p.Chan("c", 0, Bool).Recv(x, x, x))))
		}},
		{"its function or a variable is nil", func(p *Program) { p.Main(If(Apply("f", nil, Int(1)))) }},
		{`Step("m.panic.notLocked") has the name of an event of m`, func(p *Program) {
			p.Mutex("m")
			p.Main(Step("m.panic.notLocked"))
		}},
		{`Step("c") has the name of an event of c`, func(p *Program) {
			c := p.Chan("c", 0, Unit)
			p.Main(Go(p.Func("f", c.Recv(), Step("c"))), c.Signal())
		}},
		{"without an operation", func(p *Program) { p.Main(Select(On(nil))) }},
		{"has no lock", func(p *Program) { p.Main(p.Cond("c", nil).Wait()) }},
		{"no event of its own", func(p *Program) { p.Main(Step("")) }},
		{"no event of its own", func(p *Program) { p.Main(Step("✓")) }},
		{"counts to -3", func(p *Program) { p.Main(p.WaitGroup("w", -3).Add(1)) }},
		{"AtMost(-1)", func(p *Program) { p.Main(Go(p.Func("f").AtMost(-1))) }},
		{"called f.1", func(p *Program) {
			f := Go(p.Func("f"))
			p.Main(f, f, Go(p.Func("f.1")))
		}},
		{"two values", func(p *Program) { p.Main(p.Chan("c", 1, Enum("a", "a")).Recv()) }},
		{"can't carry a value closed", func(p *Program) { p.Main(p.Chan("c", 0, Enum("open ", "closed")).Recv()) }},
		{"more than 1048576 values", func(p *Program) { p.Main(p.Chan("c", 0, Range(-1<<63, 1<<63-1)).Recv()) }},
		{"a capacity of 100000", func(p *Program) { p.Main(p.Chan("c", 100000, Unit).Recv()) }},
		{"more than 4194304", func(p *Program) { p.Main(p.WaitGroup("w", 3000).Wait()) }},
		{"more than 4194304", func(p *Program) { p.Main(p.Atomic("x", Range(1, 3000), 1).Store(Int(1))) }},
	} {
		p := NewProgram("p")
		tt.make(p)
		if _, err := p.Network(); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("error %v, want one with %q", err, tt.want)
		}
	}
}

// A function may start itself, also as the last that it does, and no more often
// than it was said.
func TestFunctionStartsItself(t *testing.T) {
	for most := 1; most <= 4; most++ {
		p := NewProgram("p")
		n, c := NewLocal("n", Range(0, 2)), p.Chan("c", 0, Range(0, 2))
		f := p.FuncOf("f", []*Local{n}).AtMost(most)
		f.Define(If(Less(Int(0), n), Go(f, Minus(n, Int(1)))), c.Send(n))
		p.Main(Go(f, Int(2)), c.Recv(), c.Recv(), c.Recv(), Step("step"))
		v, err := free(t, p)
		switch {
		case most < 3:
			if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("more than %d goroutines run f", most)) {
				t.Errorf("at most %d: error %v", most, err)
			}
		case err != nil || v.Answer != deadlock.Holds:
			t.Errorf("at most %d: %v %v", most, v, err)
		}
	}
	p := NewProgram("p")
	f := p.Func("f").AtMost(2)
	f.Define(Step("step"), Go(f))
	p.Main(Go(f), Select())
	if v, err := free(t, p); err != nil || v.Answer != deadlock.Holds {
		t.Errorf("one after the other: %v %v", v, err)
	}
}

// The words by which rules rule goroutines mean nothing in a program: in this
// one two wait for ever for the mutex, and then main for them.
func TestStepsRuleNothing(t *testing.T) {
	for _, word := range []string{"step", "busy", "killed", "start worker()", "over", "limit"} {
		p := NewProgram("p")
		m, w := p.Mutex("m"), p.WaitGroup("w", 2)
		worker := p.Func("worker", m.Lock(), Step(word), w.Done())
		p.Main(w.Add(2), Go(worker), Go(worker), w.Wait(), Step(word))
		v, err := free(t, p)
		if err != nil {
			t.Fatal(err)
		}
		if v.Answer != deadlock.Fails || v.Stats.Depth != 7 {
			t.Errorf("Step(%q): %v at depth %d, want a deadlock at depth 7", word, v.Answer, v.Stats.Depth)
		}
	}
}

// Values keep apart, however many there are.
func TestManyValues(t *testing.T) {
	const most = 0xE001 // and some between are no characters
	m, err := ChanMachine("c", model.NewEvents(), 1, Range(0, most))
	if err != nil {
		t.Fatal(err)
	}
	if want := 2 * (1 + most + 1); m.Len() != want {
		t.Errorf("%d states, want %d", m.Len(), want)
	}
}

// Accesses to x are none of those to x.ready.
func TestAccessesByName(t *testing.T) {
	p := NewProgram("p")
	x, y, l := p.Var("x", Bool, 0), p.Var("x.ready", Bool, 0), NewLocal("l", Bool)
	p.Main(x.Read(l), x.Write(l), y.Write(l))
	n, err := p.Network()
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Accesses(n)[0].Reads.Text(n.Events()); strings.Contains(got, "ready") {
		t.Errorf("x is read by %s", got)
	}
}
