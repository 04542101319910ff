// Package golang writes concurrent Go designs down as networks, so that every
// interleaving of them can be checked: goroutines, channels, select, and what
// package sync has.
//
// A Program declares what goroutines share (Chan, Mutex, WaitGroup, Var, ...)
// and what they do (Func, Main), in the order in which a programmer writes it.
// Its method Network makes an ordinary model.Network of it: each goroutine is
// a component, and so is each thing that is shared, with the states that the
// Go specification gives it.
//
//	p := golang.NewProgram("pool")
//	jobs, results := p.Chan("jobs", 0, golang.Range(1, 3)), p.Chan("results", 1, golang.Range(1, 3))
//	i, j := golang.NewLocal("i", golang.Range(0, 4)), golang.NewLocal("j", golang.Range(0, 3))
//	worker := p.Func("worker",
//		jobs.Range(j,
//			results.Send(j),
//		),
//	)
//	p.Main(
//		golang.Go(worker), golang.Go(worker),
//		golang.For(i, 1, 3, jobs.Send(i)),
//		jobs.Close(),
//		golang.For(i, 1, 3, results.Recv(j)),
//	)
//
// The functions whose names end in Machine make the machines alone, for
// networks that are put together by the operators of package model.
//
// # What is exact, and what is not
//
// The steps of a program are those that other goroutines can see: an operation
// on something shared is a step, what is local takes none. The outcomes are
// those that the Go specification, the Go memory model and the documentation
// of package sync allow to a program without data races. (One with data races
// is found out by deadlock.RaceFree, as it has a race in one of these runs,
// too: Boehm, Adve, "Foundations of the C++ Concurrency Memory Model", 2008.)
// What the implementation does besides, such as the order in which waiting
// goroutines are served, is not counted on. Tests hold the outcomes against
// programs that really run, both ways.
//
// TryLock fails only if the lock is held, or a writer waits for it. In Go that of
// a RWMutex may fail, too, while another goroutine comes to it or leaves it; for a
// program that depends on it, ask with Spurious.
//
// A goroutine that only comes to an operation is not told from one that waits
// in it, except where others can see the difference: in WaitGroup.Wait,
// RWMutex.Lock and Cond.Wait. So a select may take its default although the
// partner's next step is the other end of an unbuffered channel, as in Go.
//
// To read the code, start at Program in program.go, and for what becomes of a
// function at compile in compile.go.
package golang
