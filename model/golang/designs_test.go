package golang_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/deadlock/deadlocktest"
	. "github.com/cspcheck/cspcheck/model/golang"
)

// The designs of specs/go, as a programmer would write them: each as people get
// it wrong, and corrected. What fails of the faulty one is as it is there.
var designs = []struct {
	name  string
	fails deadlock.Topic
	make  func(fixed bool) *Program
}{
	{"web server with a goroutine per request", deadlock.RaceFreedom, func(fixed bool) *Program {
		p := NewProgram("web server with a goroutine per request")
		hits, mu, wg := p.Var("hits", Range(0, 3), 0), p.Mutex("mu"), p.WaitGroup("wg", 3)
		handler := p.Func("handler", hits.Add(1), wg.Done())
		if fixed {
			handler.Define(mu.Lock(), hits.Add(1), mu.Unlock(), wg.Done())
		}
		p.Main(wg.Add(3), times(3, Go(handler)), wg.Wait())
		return p
	}},
	{"worker pool", deadlock.DeadlockFreedom, func(fixed bool) *Program { return pool(2, 3, fixed) }},
	{"pipeline with cancellation", deadlock.LeakFreedom, func(fixed bool) *Program {
		p := NewProgram("pipeline with cancellation")
		nums, squares := p.Chan("nums", 0, Range(0, 3)), p.Chan("squares", 0, Range(0, 9))
		ctx, n, i := p.Context("ctx", nil), NewLocal("n", Range(0, 3)), NewLocal("i", Range(0, 3))
		send := func(c *Chan, x Expr) Stmt {
			if !fixed {
				return c.Send(x)
			}
			return Select(On(c.Send(x)), On(ctx.Done(), Return()))
		}
		numbers := p.Func("numbers", Defer(nums.Close()), For(i, 0, 3, send(nums, i)))
		square := p.Func("square", Defer(squares.Close()),
			nums.Range(n, send(squares, Apply("n*n", func(a []int) int { return a[0] * a[0] }, n))))
		p.Main(Go(numbers), Go(square), squares.Recv(), ctx.Cancel())
		return p
	}},
	{"fan-out and fan-in", deadlock.PanicFreedom, func(fixed bool) *Program {
		p := NewProgram("fan-out and fan-in")
		jobs, results, wg := p.Chan("jobs", 0, Range(1, 2)), p.Chan("results", 0, Range(1, 2)), p.WaitGroup("wg", 2)
		i, j := NewLocal("i", Range(1, 2)), NewLocal("j", Range(1, 2))
		source := p.Func("source", For(i, 1, 2, jobs.Send(i)), jobs.Close())
		worker, closer := p.Func("worker", jobs.Range(j, results.Send(j)), results.Close()), p.Func("closer")
		if fixed {
			worker.Define(jobs.Range(j, results.Send(j)), wg.Done())
			closer.Define(wg.Wait(), results.Close())
		}
		p.Main(wg.Add(2), Go(source), times(2, Go(worker)), Go(closer), results.Range(nil))
		return p
	}},
	{"rate limiter", deadlock.Liveness, func(fixed bool) *Program {
		p := NewProgram("rate limiter")
		bucket, done, mu, wg := p.Chan("bucket", 1, Unit), p.Chan("done", 0, Unit), p.Mutex("mu"), p.WaitGroup("wg", 2)
		ticks := p.Chan("ticks", 0, Unit)
		clock := p.Func("clock", Loop(Select(On(ticks.Signal()), On(done.Recv(), Return()))))
		client := p.Func("client", mu.Lock(), bucket.Recv(), Step("served"), mu.Unlock(), wg.Done())
		put := Select(On(bucket.Signal()), Default())
		fill := p.Func("fill", Loop(Select(On(ticks.Recv(), mu.Lock(), put, mu.Unlock()), On(done.Recv(), Return()))))
		if fixed {
			client.Define(bucket.Recv(), mu.Lock(), Step("served"), mu.Unlock(), wg.Done())
			fill.Define(Loop(Select(On(ticks.Recv(), put), On(done.Recv(), Return()))))
		}
		p.Main(wg.Add(2), Go(clock), Go(fill), times(2, Go(client)), wg.Wait(), done.Close())
		return p
	}},
	{"ticker that is only stopped", deadlock.LeakFreedom, func(fixed bool) *Program {
		p := NewProgram("ticker that is only stopped")
		ticks, stop, done := p.Chan("ticks", 0, Unit), p.Chan("stop", 0, Unit), p.Chan("done", 0, Unit)
		clock := p.Func("clock", Loop(Select(On(ticks.Signal()), On(stop.Recv(), Return()))))
		fill := p.Func("fill", ticks.Range(nil, Step("fill")))
		if fixed {
			fill.Define(Loop(Select(On(ticks.Recv(), Step("fill")), On(done.Recv(), Return()))))
		}
		p.Main(Go(clock), Go(fill), stop.Signal(), done.Close())
		return p
	}},
	{"publish and subscribe", deadlock.Liveness, func(fixed bool) *Program {
		p := NewProgram("publish and subscribe")
		mu, ch, done, here := p.Mutex("mu"), p.Chan("ch", 0, Unit), p.Chan("done", 0, Unit), p.Var("subscribed", Bool, 1)
		send, leave := Stmt(ch.Signal()), Do()
		if fixed {
			send, leave = Select(On(ch.Signal()), On(done.Recv())), done.Close()
		}
		b, i := NewLocal("b", Bool), NewLocal("i", Range(1, 3))
		subscriber := p.Func("subscriber",
			Loop(Select(On(ch.Recv()), On(Timeout(), Break()))),
			leave, mu.Lock(), here.Write(Int(0)), mu.Unlock())
		p.Main(Go(subscriber), For(i, 1, 3, mu.Lock(), here.Read(b), If(b, send), mu.Unlock()))
		return p
	}},
	{"leaked goroutine", deadlock.LeakFreedom, func(fixed bool) *Program {
		p := NewProgram("leaked goroutine")
		jobs, i := p.Chan("jobs", 0, Range(1, 3)), NewLocal("i", Range(1, 3))
		worker := p.Func("worker", jobs.Range(i, Step("handle")))
		p.Main(times(2, Go(worker)), For(i, 1, 3, jobs.Send(i)), fix(fixed, jobs.Close()))
		return p
	}},
	{"double close", deadlock.PanicFreedom, func(fixed bool) *Program {
		p := NewProgram("double close")
		quit, once := p.Chan("quit", 0, Unit), p.Once("once")
		stop := p.Func("stop", Select(On(quit.Recv()), Default(quit.Close())))
		if fixed {
			stop.Define(once.Do(quit.Close()))
		}
		p.Main(times(2, Go(stop)), quit.Recv())
		return p
	}},
	{"lost WaitGroup.Add", deadlock.PanicFreedom, func(fixed bool) *Program {
		p := NewProgram("lost WaitGroup.Add")
		wg, results := p.WaitGroup("wg", 2), p.Chan("results", 2, Unit)
		worker := p.Func("worker", fix(!fixed, wg.Add(1)), results.Signal(), wg.Done())
		p.Main(times(2, fix(fixed, wg.Add(1)), Go(worker)), wg.Wait(), results.Close(), results.Range(nil))
		return p
	}},
	{"recursive read lock", deadlock.DeadlockFreedom, func(fixed bool) *Program {
		p := NewProgram("recursive read lock")
		mu, wg := p.RWMutex("mu"), p.WaitGroup("wg", 2)
		mean := p.Func("mean", mu.RLock(), fix(!fixed, mu.RLock(), mu.RUnlock()), mu.RUnlock(), wg.Done())
		put := p.Func("put", mu.Lock(), mu.Unlock(), wg.Done())
		p.Main(wg.Add(2), Go(mean), Go(put), wg.Wait())
		return p
	}},
	{"check, then act", deadlock.RaceFreedom, func(fixed bool) *Program {
		p := NewProgram("check, then act")
		conn, mu, there := p.Var("conn", Bool, 0), p.Mutex("mu"), NewLocal("there", Bool)
		get := p.Func("get", fix(fixed, mu.Lock()), conn.Read(there), If(Not(there), Step("dial"), conn.Write(Int(1))), fix(fixed, mu.Unlock()))
		p.Main(Go(get), Go(get))
		return p
	}},
	{"result abandoned on timeout", deadlock.LeakFreedom, func(fixed bool) *Program {
		p := NewProgram("result abandoned on timeout")
		ctx, result := p.ContextTimeout("ctx", nil), p.Chan("result", 0, Unit)
		if fixed {
			result = p.Chan("buffered", 1, Unit)
		}
		download := p.Func("download", Step("download"), result.Signal())
		p.Main(Go(download), Select(On(result.Recv()), On(ctx.Done())))
		return p
	}},
}

// fix returns the statements, or nothing.
func fix(yes bool, stmts ...Stmt) Stmt {
	if !yes {
		return Do()
	}
	return Do(stmts...)
}

// Each faulty design has the fault that it is known for, and its correction has
// none at all.
func TestDesigns(t *testing.T) {
	for _, d := range designs {
		t.Run(d.name, func(t *testing.T) {
			faulty := deadlocktest.Of(t, d.make(false))
			i := slices.IndexFunc(faulty.Questions(), func(q deadlock.Question) bool { return q.Topic == d.fails })
			if ce := deadlocktest.Fails(t, faulty.Questions()[i]); ce != nil {
				t.Logf("%s: %s", ce.Kind, strings.Join(ce.Impl.Trace(), ", "))
			}
			deadlocktest.Correct(t, d.make(true))
		})
	}
}

// A pool with a sender is correct at any size; without one it deadlocks just if
// there are more jobs than workers.
func TestPoolsOfAnySize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		workers, jobs := rapid.IntRange(1, 3).Draw(t, "workers"), rapid.IntRange(1, 5).Draw(t, "jobs")
		deadlocktest.Correct(t, pool(workers, jobs, true))
		if jobs <= workers {
			deadlocktest.Correct(t, pool(workers, jobs, false))
		} else {
			deadlocktest.Fails(t, deadlocktest.Of(t, pool(workers, jobs, false)).Deadlock())
		}
	})
}

// The program in docs/go.md.
func TestProgramOfGoPage(t *testing.T) {
	p := NewProgram("program")
	jobs := p.Chan("jobs", 0, Range(0, 2))
	worker := p.Func("worker", jobs.Range(nil))
	p.Main(
		Go(worker),
		jobs.Send(Int(0)),
		jobs.Send(Int(1)),
		jobs.Close(),
	)
	deadlocktest.Correct(t, p)
}
