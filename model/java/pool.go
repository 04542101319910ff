package java

import (
	"fmt"
	"math/bits"
	"strings"

	"github.com/cspcheck/cspcheck/model"
)

// A Size is how large a ThreadPoolExecutor is.
type Size struct {
	Core, Max int // corePoolSize, maximumPoolSize
	Queue     int // the capacity of its queue; 0: it hands tasks over (SynchronousQueue)
}

// Unbounded is the capacity of a queue that has room for all tasks.
const Unbounded = maxTasks

// Fixed is the size of Executors.newFixedThreadPool(n).
func Fixed(n int) Size { return Size{n, n, Unbounded} }

// Cached is the size of Executors.newCachedThreadPool(), whose threads are
// bounded by max here, and by 2³¹-1 there.
func Cached(max int) Size { return Size{0, max, 0} }

// A pool has at most so many tasks: they are bits of a word.
const maxTasks = 20

// A pool is the state of one.
type pool struct {
	taken   uint32 // tasks that a worker has and has not begun
	running uint32
	queue   string // a byte each, first come first
	idle    int    // workers that wait for the queue
	down    bool
	tasks   *[]string
}

func (p pool) workers() int { return bits.OnesCount32(p.taken) + bits.OnesCount32(p.running) + p.idle }

func (p pool) has(j int) bool {
	return (p.taken|p.running)>>j&1 != 0 || strings.IndexByte(p.queue, byte(j)) >= 0
}

func (p pool) String() string {
	list := func(set uint32) string {
		var names []string
		for j, name := range *p.tasks {
			if set>>j&1 != 0 {
				names = append(names, name)
			}
		}
		return strings.Join(names, ",")
	}
	var queue []string
	for i := range len(p.queue) {
		queue = append(queue, (*p.tasks)[p.queue[i]])
	}
	text := fmt.Sprintf("taken {%s}, running {%s}, queue <%s>, %d idle", list(p.taken), list(p.running), strings.Join(queue, ","), p.idle)
	if p.down {
		text += ", shut down"
	}
	return text
}

// PoolMachine returns a java.util.concurrent.ThreadPoolExecutor for tasks with
// the given names. Its events, behind its name and a dot,
//
//	execute.j   task j is submitted, and accepted
//	rejected.j  it is not: RejectedExecutionException (the policy AbortPolicy)
//	run.j       a worker begins it
//	done.j      its worker has come back to the queue
//	shutdown    from now on nothing is accepted; what was is done
//	terminated  after a shutdown all is done: awaitTermination() returns
//	take.j      an idle worker takes j, the first of the queue
//	retire      an idle worker ends, of more than the core (keepAliveTime)
//
// The pool does take and retire by itself, whenever it likes. A task is in the
// pool once at a time. What is submitted goes, in this order,
//
//   - to a new worker, if there are fewer than the core, be others idle or not;
//   - to the queue, if it has room; if it hands over, to an idle worker, if
//     there is one; and where there is no worker at all, one is started;
//   - to a new worker, if there are fewer than the maximum;
//   - nowhere: it is rejected.
//
// Source: java.util.concurrent, Java SE 17: class ThreadPoolExecutor, "Core and
// maximum pool sizes", "On-demand construction", "Keep-alive times",
// "Queuing", "Rejected tasks"; class Executors; class SynchronousQueue. The
// first worker of a pool without core threads is in its code, in execute.
func PoolMachine(name string, events *model.Events, size Size, tasks ...string) (*model.Machine, error) {
	of := "pool " + name
	if err := checkNames("tasks", of, tasks); err != nil {
		return nil, err
	}
	if len(tasks) > maxTasks {
		return nil, fmt.Errorf("%s has %d tasks, more than %d", of, len(tasks), maxTasks)
	}
	if err := checkCount(of, "core threads", size.Core, 0); err != nil {
		return nil, err
	}
	if err := checkCount(of, "threads at most", size.Max, max(size.Core, 1)); err != nil {
		return nil, err
	}
	if err := checkCount(of, "places in its queue", size.Queue, 0); err != nil {
		return nil, err
	}
	return model.Tabulate(name, events, pool{tasks: &tasks}, func(p pool, on func(string, pool)) {
		for j, task := range tasks {
			switch {
			case !p.has(j):
				if to, ok := p.execute(j, size); ok {
					on("execute."+task, to)
				} else {
					on("rejected."+task, p)
				}
			case p.taken>>j&1 != 0:
				to := p
				to.taken, to.running = p.taken&^(1<<j), p.running|1<<j
				on("run."+task, to)
			case p.running>>j&1 != 0:
				to := p
				to.running, to.idle = p.running&^(1<<j), p.idle+1
				on("done."+task, to)
			}
		}
		p.alone(size, on)
	})
}

// alone tells what the pool does by itself, and how it is shut down.
func (p pool) alone(size Size, on func(string, pool)) {
	if p.idle > 0 && p.queue != "" {
		to := p
		to.taken, to.queue, to.idle = p.taken|1<<p.queue[0], p.queue[1:], p.idle-1
		on("take."+(*p.tasks)[p.queue[0]], to)
	}
	if p.idle > 0 && p.queue == "" && p.workers() > size.Core && !p.down {
		to := p
		to.idle--
		on("retire", to)
	}
	down := p
	down.down = true
	on("shutdown", down)
	if p.down && p.taken|p.running == 0 && p.queue == "" {
		on("terminated", p)
	}
}

// execute returns the pool with one more task, unless that is rejected.
func (p pool) execute(j int, size Size) (pool, bool) {
	switch {
	case p.down:
		return p, false
	case p.workers() < size.Core:
		p.taken |= 1 << j
	case size.Queue == 0 && p.idle > 0:
		p.taken |= 1 << j
		p.idle--
	case len(p.queue) < size.Queue:
		if p.workers() == 0 {
			p.idle++
		}
		p.queue += string([]byte{byte(j)})
	case p.workers() < size.Max:
		p.taken |= 1 << j
	default:
		return p, false
	}
	return p, true
}
