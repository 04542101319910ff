package explore

import (
	"errors"
	"sync/atomic"
	"time"
)

// A pipeline is what two workers do together. One leads: it asks its memo where
// steps lead, gives new states their numbers, and tells the visitor. The
// other, the clerk, has the set to itself: it finds what the memo does not know.
// All that is in the order of states, so that numbers are right at once; and
// the memo is in the cache of one, what is needed of the set in that of the other.
// Where the set compares keys see pipeKeys.
//
// Parts are expanded some time before, by whoever has nothing else to do: so both
// have as much to do, whatever takes how long. A part is
//
//	planned   when its states are known,
//	claimed   when somebody expands it, or has,
//	begun     when the memo was asked, and the clerk has it,
//	ended     when its steps lead to numbers, and the visitor was told.
type pipeline struct {
	*search
	workers []worker
	ring    [pipeRing]pipePart
	parts   []*part // of the ring

	extent  int            // states of a part
	most    int            // that these may be
	first   int            // the first state that is in no part yet
	begun   int64          // parts of this turn
	ended   int64          // and those
	touched int64          // and those that touchNext has done, or need not
	closed  bool           // no more are planned
	began   time.Time      // this turn
	found   int            // states, as the clerk knows
	held    atomic.Int64   // bytes that the search keeps, for the workers' watches
	keys    pipeKeys       // the clerk's
	idle    int            // blocks until the next turn
	idled   int            // how many those were before
	queue   [queued]func() // the clerk's jobs: nil is the last

	_       [56]byte // a line of the cache for what the lead writes, and for the others
	planned atomic.Int64
	given   atomic.Int64 // jobs
	_       [56]byte
	claimed atomic.Int64
	_       [56]byte
	done    atomic.Int64 // jobs
	_       [56]byte
}

// A pipePart is a place in the ring, for one part after the other.
type pipePart struct {
	*part
	words    []uint64 // of the states to expand
	expanded atomic.Bool
	short    bool   // not all of them were
	hashed   bool   // those that were are hashed
	kept     arena  // the keys that the lead had then, if the set compares them
	find     func() // what the clerk does
	job      int64  // the number of that job
}

const (
	pipeAhead  = 4                       // parts that are planned, at most
	pipeParts  = 4                       // and that the clerk has
	pipeRing   = pipeAhead + 2*pipeParts // what is with the clerk may lead where one that was does
	queued     = pipeParts + 2           // jobs: these, growing the set, and the last
	pipeStates = 1 << 9                  // of a part, at most
	pipeSteps  = 1 << 11                 // what it should have about
	pipeMost   = 1 << 14                 // and where it ends
	pipeTurn   = 40 * time.Millisecond   // about
	pipeLeast  = 1 << 10                 // states that wait
	pipeSmall  = 1 << 14                 // states of a search that one worker has done soon
	pipeWide   = 1 << 12                 // steps of a state in what is not for a pipeline
	pipeIdle   = 1 << 6                  // blocks that the System itself is asked, at most, before a turn is tried again
)

// newPipeline returns nil if there can't be one: it is for two workers.
func (r *search) newPipeline() *pipeline {
	if r.rounds == nil || len(r.rounds.workers) != 2 || r.states.width == 0 {
		return nil
	}
	x := &pipeline{search: r, extent: 1, most: pipeStates}
	x.keys.parts = x.ring[:]
	if r.limits.parts > 0 {
		x.most = r.limits.parts
	}
	for _, w := range r.rounds.workers {
		watch := *w.watch
		watch.kept = x.held.Load // the set is the clerk's
		x.workers = append(x.workers, worker{fork: w.fork, watch: &watch})
	}
	for i := range x.ring {
		x.ring[i].part, x.ring[i].find = r.newPart(nil, nil), func() { x.find(i) }
		x.parts = append(x.parts, x.ring[i].part)
	}
	return x
}

// worthwhile reports whether the next states are for a pipeline. Those that are
// slow to expand, or have very many steps, are for rounds.
func (x *pipeline) worthwhile() bool {
	if x == nil {
		return false
	}
	if x.idle > 0 {
		x.idle--
		return false
	}
	if x.each() > pipeWide || x.slow() {
		return false
	}
	return x.limits.Eager || x.states.n >= pipeSmall && x.states.n-x.next >= pipeLeast
}

// turn expands some parts.
func (x *pipeline) turn() error {
	s := x.states
	if s.memo == nil {
		s.memo = s.newMemo()
	}
	s.memo.fit(s.n)
	x.first, x.found, x.began = x.next, s.n, time.Now()
	x.begun, x.ended, x.touched, x.closed = 0, 0, 0, false
	x.held.Store(x.kept())
	x.keys.begin(s)
	defer x.keys.end(s)
	for _, counter := range []*atomic.Int64{&x.planned, &x.given, &x.claimed, &x.done} {
		counter.Store(0)
	}
	var err error
	x.rounds.crew().together(func(worker int) {
		if worker > 0 {
			x.serve()
			return
		}
		defer x.give(nil)
		err = x.lead()
	})
	if !errors.Is(err, ErrLater) {
		x.idled = 0
		return err
	}
	if x.ended > pipeIdle {
		x.idled = 0
	}
	x.idled = min(2*x.idled+1, pipeIdle)
	x.idle = x.idled
	return nil
}

// lead does what is to be done in order, but the clerk's part of it.
func (x *pipeline) lead() (err error) {
	for err == nil && !x.Stopped {
		x.plan()
		switch {
		case x.over():
			err = x.end()
		case x.ready():
			err = x.begin(x.place(x.begun))
		case x.expandNext(0):
		case x.ended == x.begun && x.begun == x.planned.Load():
			return nil
		case x.touchNext():
		default:
			x.wait(func() bool { return x.over() || x.ready() })
		}
	}
	x.close()
	for ; x.ended < x.begun; x.ended++ { // what the set has now
		x.await(x.place(x.ended).job)
		x.settle(x.place(x.ended).part)
	}
	return err
}

// place returns the place of part i of this turn.
func (x *pipeline) place(i int64) *pipePart { return &x.ring[i%pipeRing] }

// over reports whether the clerk has done the next part to end.
func (x *pipeline) over() bool { return x.ended < x.begun && x.done.Load() > x.place(x.ended).job }

// ready reports whether the next part is expanded, and the clerk is to have it.
func (x *pipeline) ready() bool {
	return x.begun-x.ended < pipeParts && x.begun < x.planned.Load() && x.place(x.begun).expanded.Load()
}

// touchNext brings nearer what the clerk will look at for a part that it has not
// come to, if there is one: it is in no cache, or in that of the lead, which is not as far.
func (x *pipeline) touchNext() bool {
	x.touched = max(x.touched, x.ended+2) // the clerk is at one, and soon at the next
	if x.touched >= x.begun {
		return false
	}
	x.states.touch(x.place(x.touched).asked)
	x.touched++
	return true
}

// close drops the parts that were not begun.
func (x *pipeline) close() {
	x.closed = true
	x.planned.Store(x.begun)
}

// plan divides states that are known into parts. If they are not enough for one,
// more may be known when others are ended; or else that is for one worker.
func (x *pipeline) plan() {
	for !x.closed && x.planned.Load()-x.begun < pipeAhead {
		planned := x.planned.Load()
		if planned%pipeAhead == 0 && time.Since(x.began) > pipeTurn {
			x.closed = true
			return
		}
		known, some := x.states.n-x.first, x.states.states.adjoining(x.first, x.extent)
		if known < some && planned > 0 || known == 0 {
			return
		}
		p := x.place(planned)
		p.clear(x.first)
		n := min(known, some)
		p.words = x.states.states.run(x.first, n)
		p.expanded.Store(false)
		x.first += n
		x.planned.Store(planned + 1)
		x.rounds.team.wake()
	}
}

// expandNext expands the next part, as one of the workers, if there is one.
func (x *pipeline) expandNext(worker int) bool {
	i := x.claimed.Load()
	if i >= x.planned.Load() || !x.claimed.CompareAndSwap(i, i+1) {
		return false
	}
	p, by := x.place(i), &x.workers[worker]
	p.sys, p.steps.watch = by.fork, by.watch
	p.expand()
	p.hashed = x.states.steady() && p.hash(x.states, false)
	p.expanded.Store(true)
	x.rounds.team.wake()
	return true
}

// expand expands its states. If they turn out to be slow, or to have very many
// steps, some are left for another turn.
func (p *pipePart) expand() {
	words, start := p.words, time.Now()
	for p.err = p.steps.watch.check(start); p.err == nil && len(words) > 0; {
		some := min(len(words), pipeStates/2*p.width)
		p.expandAll(words[:some], pipeMost)
		if words = words[some:]; len(p.steps.Events) >= pipeMost || time.Since(start) > blockTime {
			break
		}
	}
	p.short = len(p.bounds)*p.width < len(p.words)
}

// begin asks the memo where the steps of the next part lead, and gives the others
// to the clerk.
func (x *pipeline) begin(p *pipePart) error {
	s := x.states
	if !p.hashed && !x.hashLate(p.part) {
		if err := x.drain(); err != nil || x.Stopped {
			return err
		}
		x.halt()
		x.keys.end(s)
		if err := x.hash(p.part); err != nil {
			return err
		}
		x.keys.begin(s) // it may be another set
		x.held.Store(x.kept())
	}
	if !x.fits(len(p.hashes)) {
		if err := x.drain(); err != nil || x.Stopped {
			return err
		}
		for !x.fits(len(p.hashes)) {
			if err := x.room(s.growth()); err != nil {
				return err
			}
			x.keys.end(s) // until the clerk is given more, all are the lead's
			s.grow(x.both)
			x.held.Store(x.kept())
		}
	}
	p.remember(int(x.begun%pipeRing), x.parts, s, s.memo)
	p.ask()
	if keys := s.keysCompared(); keys != nil {
		p.kept = *keys
	}
	p.job = x.give(p.find)
	x.begun++
	if p.short { // what is behind it is not next
		x.close()
	}
	return nil
}

// hashLate hashes a part that was not when it was expanded, and reports whether it
// could: for the keys that others make meanwhile nothing has to change.
func (x *pipeline) hashLate(p *part) bool {
	switch t := x.states.fold.(type) {
	case *squeezed:
		return false // a field needs more bits
	case *tree:
		return t.ahead(len(p.steps.Events)) <= 0 && p.hash(x.states, true)
	}
	return p.hash(x.states, true)
}

// halt returns when nobody makes keys: all that is planned is expanded. It is to be
// hashed again.
func (x *pipeline) halt() {
	for x.expandNext(0) {
	}
	planned := x.planned.Load()
	for i := x.begun; i < planned; i++ {
		p := x.place(i)
		x.wait(p.expanded.Load)
		p.hashed = false
	}
}

// fits reports whether the set has room for all that is with the clerk, and so
// many steps more.
func (x *pipeline) fits(steps int) bool {
	n := x.states.n + steps
	for i := x.ended; i < x.begun; i++ {
		n += len(x.place(i).rest)
	}
	return n < x.states.room()
}

// both does work for each of n regions, half of them by the clerk, who has
// nothing to find meanwhile.
func (x *pipeline) both(n int, work func(int)) {
	job := x.give(func() {
		for i := n / 2; i < n; i++ {
			work(i)
		}
	})
	here(n/2, work)
	x.await(job)
}

// drain ends all that was begun.
func (x *pipeline) drain() error {
	for x.ended < x.begun {
		x.await(x.place(x.ended).job)
		if err := x.end(); err != nil || x.Stopped {
			return err
		}
	}
	return nil
}

// end takes the next part from the clerk, who has done it, and tells of it.
func (x *pipeline) end() error {
	p := x.place(x.ended).part
	x.ended++
	x.settle(p)
	x.resize(p)
	err := x.told(p)
	if err == nil && !x.Stopped {
		err = p.err
	}
	return err
}

// resize gives the parts to be planned as many states as have the steps that a
// part should have, going by one that was expanded.
func (x *pipeline) resize(p *part) {
	fit := pipeSteps * len(p.bounds) / max(1, len(p.hashes))
	x.extent = max(1, min(x.most, 2*x.extent, max(x.extent/2, fit)))
}

// settle takes what the clerk has found. A state is new if it has the next number.
func (x *pipeline) settle(p *part) {
	s := x.states
	i := 0
	for _, to := range p.bounds {
		for ; i < len(p.rest) && int(p.rest[i]) < to; i++ {
			k, n := int(p.rest[i]), p.found[i]
			p.targets[k] = n
			if int(n) == s.n {
				s.keep(p.steps.States[k*p.width:(k+1)*p.width], p.key(k))
			}
		}
		p.after = append(p.after, s.n)
	}
	s.memo.learn(p.hashes, p.targets, p.rest)
	for _, k := range p.again {
		at := place(p.targets[k] - pending)
		p.targets[k] = x.ring[at.part()].targets[at.step()]
	}
}

// find finds what was asked for a part, the i-th of the ring, in order.
func (x *pipeline) find(i int) {
	s, p := x.states.set, &x.ring[i]
	x.keys.have(&p.kept)
	p.found, p.left = room(p.found[:0], len(p.asked)), room(p.left[:0], batch)
	inBatches(s, p.asked, func(from, to int) {
		asked, found, steps := p.asked[from:to], p.found[from:to], p.rest[from:to]
		for _, k := range s.look(asked, found, p.left) {
			step := int(steps[k])
			n, _ := s.enter(p.key(step), asked[k], x.found)
			if n == x.found {
				x.keys.add(placeOf(i, step))
				x.found++
			}
			found[k] = uint32(n)
		}
	})
}

// give gives the clerk a job, and returns its number.
func (x *pipeline) give(job func()) int64 {
	i := x.given.Load()
	x.queue[i%queued] = job
	x.given.Store(i + 1)
	x.rounds.team.wake()
	return i
}

// await returns when a job is done.
func (x *pipeline) await(job int64) {
	x.wait(func() bool { return x.done.Load() > job })
}

// wait returns when ready does. It panics if the clerk did.
func (x *pipeline) wait(ready func() bool) {
	t := x.rounds.team
	t.wait(func() bool { return ready() || t.failed() })
	t.heed()
}

// serve does the clerk's jobs, and expands parts when there are none.
func (x *pipeline) serve() {
	for i := int64(0); ; {
		switch {
		case x.given.Load() > i:
			job := x.queue[i%queued]
			if job == nil {
				return
			}
			job()
			i++
			x.done.Store(i)
			x.rounds.team.wake()
		case !x.expandNext(1):
			x.rounds.team.wait(func() bool { return x.given.Load() > i || x.claimed.Load() < x.planned.Load() })
		}
	}
}
