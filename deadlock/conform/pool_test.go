package conform_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/deadlock/conform"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/golang"
)

// A pool is a real one: workers take jobs, and send their results to main.
type pool struct {
	workers, jobs int
	work          func(job int) int
	pause         func() // where another goroutine may well go first
}

// run runs the pool once, and records what happens on its channels. The sender
// records the jobs, as it knows them before, the workers record the results
// and that they saw the end.
func (p *pool) run(rec *conform.Recorder) {
	jobs, results := make(chan int), make(chan int)
	var all sync.WaitGroup
	for i := range p.workers {
		all.Go(func() {
			me := rec.Process(fmt.Sprintf("worker %d", i+1))
			for {
				end := me.Begin("jobs.closed")
				p.pause()
				j, ok := <-jobs
				if !ok {
					end.End("jobs.closed")
					return
				}
				end.Cancel() // the sender has the event
				r := p.work(j)
				send := me.Begin(conform.Event("results", r))
				p.pause()
				results <- r
				p.pause()
				send.End(conform.Event("results", r))
			}
		})
	}
	all.Go(func() {
		me := rec.Process("sender")
		for j := 1; j <= p.jobs; j++ {
			send := me.Begin("jobs")
			jobs <- j
			p.pause()
			send.End(conform.Event("jobs", j))
		}
		end := me.Begin("jobs.close")
		close(jobs)
		p.pause()
		end.End("jobs.close")
	})
	for range p.jobs {
		<-results
	}
	all.Wait()
}

// model is the same pool as a design.
func (p *pool) model() (explore.System, error) {
	d := golang.NewProgram("pool")
	all := golang.Range(1, p.jobs)
	jobs, results := d.Chan("jobs", 0, all), d.Chan("results", 0, all)
	i, j := golang.NewLocal("i", all), golang.NewLocal("j", all)
	worker := golang.Go(d.Func("worker", jobs.Range(j, results.Send(j))))
	var main []golang.Stmt
	for range p.workers {
		main = append(main, worker)
	}
	main = append(main,
		golang.Go(d.Func("sender", golang.For(i, 1, p.jobs, jobs.Send(i)), jobs.Close())),
		golang.For(i, 1, p.jobs, results.Recv()),
	)
	d.Main(main...)
	net, err := d.Network(golang.Linger)
	if err != nil {
		return nil, err
	}
	return explore.Network(net), nil
}

var channels = conform.Options{Observed: []string{"jobs", "results"}}

// A real pool does what its design says, however it is scheduled.
func TestPoolConforms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &pool{
			workers: rapid.IntRange(1, 4).Draw(t, "workers"),
			jobs:    rapid.IntRange(1, 5).Draw(t, "jobs"),
			work:    func(j int) int { return j },
			pause:   func() {},
		}
		if rapid.Bool().Draw(t, "yields") {
			p.pause = runtime.Gosched
		}
		sys, err := p.model()
		if err != nil {
			t.Fatal(err)
		}
		var rec conform.Recorder
		p.run(&rec)
		log := rec.Log()
		if n := 2*p.jobs + 1 + p.workers; len(log.Entries) != n {
			t.Errorf("%d entries, want %d", len(log.Entries), n)
		}
		v, err := conform.Check(context.Background(), sys, log, channels, explore.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if v.Answer != deadlock.Holds {
			t.Errorf("%v: %d of %d events: %v\n%v", v.Answer, v.Explained, v.Events, v.Counterexample, log)
		}
	})
}

// Pools that do not: the work of one is wrong, of the other the model has
// fewer jobs.
func TestPoolThatIsWrongDoesNotConform(t *testing.T) {
	for _, tt := range []struct {
		name      string
		work      func(int) int
		modelled  int // jobs
		explained int
		next      string
		allowed   string
	}{
		{"each result is that of job 1", func(int) int { return 1 }, 3, 3, "results.1", "[results.2]"},
		{"an unknown result", func(j int) int { return j + 1 }, 3, 1, "results.2", "[results.1]"},
		{"a job too many", func(j int) int { return j }, 2, 4, "jobs.3", "[jobs.close]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := &pool{1, 3, tt.work, runtime.Gosched}
			var rec conform.Recorder
			p.run(&rec)
			p.jobs = tt.modelled
			sys, err := p.model()
			if err != nil {
				t.Fatal(err)
			}
			log := rec.Log()
			v, err := conform.Check(context.Background(), sys, log, channels, explore.Limits{})
			if err != nil || v.Answer != deadlock.Fails {
				t.Fatal(v, err)
			}
			next := false
			for _, i := range v.Next {
				next = next || log.Entries[i].Event == tt.next
			}
			if got := fmt.Sprint(v.Counterexample.Allowed); v.Explained != tt.explained || !next || got != tt.allowed {
				t.Errorf("%d events explained, then %s is allowed, and not %v", v.Explained, got, v.Counterexample.Wanted)
			}
		})
	}
}
