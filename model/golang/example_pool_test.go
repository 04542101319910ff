package golang_test

import (
	"context"
	"fmt"
	"log"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	. "github.com/cspcheck/cspcheck/model/golang"
)

// pool is a worker pool. Main sends all jobs before it collects the results or,
// with a sender, has them sent by another goroutine.
func pool(workers, jobs int, sender bool) *Program {
	p := NewProgram("pool")
	all := Range(1, jobs)
	todo, results := p.Chan("jobs", 0, all), p.Chan("results", 0, all)
	i, j := NewLocal("i", all), NewLocal("j", all)
	worker := p.Func("worker",
		todo.Range(j,
			results.Send(j),
		),
	)
	send := Do(
		For(i, 1, jobs, todo.Send(i)),
		todo.Close(),
	)
	if sender {
		send = Go(p.Func("sender", send))
	}
	p.Main(
		times(workers, Go(worker)),
		send,
		For(i, 1, jobs, results.Recv()),
	)
	return p
}

// times returns the statements n times.
func times(n int, stmts ...Stmt) Stmt {
	var out []Stmt
	for range n {
		out = append(out, stmts...)
	}
	return Do(out...)
}

// deadlockFree asks whether a program cannot get stuck before it ends.
func deadlockFree(p *Program) deadlock.Answer {
	net, err := p.Network()
	if err != nil {
		log.Fatal(err)
	}
	v, err := deadlock.Free(context.Background(), explore.Network(net), deadlock.F, explore.Limits{}, deadlock.AcceptTermination)
	if err != nil {
		log.Fatal(err)
	}
	return v.Answer
}

// A pool in which main sends all jobs first is fine as long as there are no
// more jobs than workers. With a sender it always is.
func Example_pool() {
	for _, sender := range []bool{false, true} {
		fmt.Println("with a sender:", sender)
		for workers := 1; workers <= 3; workers++ {
			fmt.Print(workers, " workers:")
			for jobs := 1; jobs <= 4; jobs++ {
				fmt.Print(" ", deadlockFree(pool(workers, jobs, sender)))
			}
			fmt.Println()
		}
	}
	// Output:
	// with a sender: false
	// 1 workers: holds fails fails fails
	// 2 workers: holds holds fails fails
	// 3 workers: holds holds holds fails
	// with a sender: true
	// 1 workers: holds holds holds holds
	// 2 workers: holds holds holds holds
	// 3 workers: holds holds holds holds
}
