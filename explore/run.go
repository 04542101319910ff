package explore

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"
)

// A Visit tells about a state when it is expanded. It and what it points to
// are good until the visitor returns.
type Visit struct {
	State   int      // its number: states are numbered as they are found, from 0
	Words   []uint64 // its words
	Depth   int      // the length of a shortest path to it
	Steps   Steps    // its transitions in the System's order, equal ones once
	Targets []uint32 // Targets[i] is the number of the state that Steps.Events[i] leads to
}

// A Search is what Run has seen.
type Search struct {
	Stats
	Stopped bool // by the visitor

	sys       System
	states    *store
	bytes     int64
	cancelled func() error // whether to go on; nil: yes
	relieve   func() error // see Relieve; nil: there is nothing to do
}

// Run visits the states of sys breadth first, each once, in the order in
// which they are found, until there are no more or visit returns false. A
// nil visit goes on to the end. Visits are told by the goroutine that called
// Run, whatever the number of workers, and are the same for any number.
//
// The error is a *Limit, if the search hit one, or else an error of sys. The
// Search is there in any case: all states below the last that visit was told
// of have been expanded, and it may be used for paths.
func Run(ctx context.Context, sys System, limits Limits, visit func(*Visit) bool) (*Search, error) {
	return run(ctx, sys, limits, visit, nil, nil)
}

// run is Run, and keeps the search in files if there is a keeping. What visit
// gathers goes to disk with the states.
func run(ctx context.Context, sys System, limits Limits, visit func(*Visit) bool, gathered *Rows, k *keeping) (*Search, error) {
	w := newWatch(ctx, limits)
	r := &search{
		Search:   &Search{sys: sys, cancelled: w.cancelled},
		watch:    w,
		visit:    visit,
		gathered: gathered,
		most:     maxStates,
		size:     blockStates,
		tidy:     tidyStates,
		file:     k,
	}
	if limits.States > 0 {
		r.most = int(min(limits.States, maxStates))
	}
	var err error
	if r.states, err = newStore(sys, limits.Store, limits.Keep, limits.Spill != "" || k != nil); err != nil {
		r.states = newStoreOf(Bits(sys), StoreAuto, false) // with nothing in it
		return r.Search, err
	}
	r.states.plenty(limits.Memory)
	if t, ok := r.states.fold.(*tree); ok && limits.narrow {
		t.narrow()
	}
	w.kept = func() int64 {
		total := r.states.bytes()
		if r.rounds != nil {
			total += r.rounds.planned
		}
		if gathered != nil {
			total += gathered.Bytes()
		}
		return total
	}
	w.spend = r.states.spend
	r.block = r.newPart(sys, w)
	err = r.run()
	r.Time, r.CPU = time.Since(w.start), CPUTime()-w.cpu
	if k != nil {
		r.Time += k.earlier
		r.CPU += k.earlierCPU
		k.ended(r, err)
	}
	if d := r.states.onDisk; d != nil {
		if gathered != nil && err == nil {
			err = d.rest()
		}
		d.watch = nil
	}
	r.bytes = r.states.bytes()
	r.Usage = r.usage()
	if r.states.kind == StoreHashed {
		r.Missed = Missed(r.States)
	}
	held, _ := w.memory()
	w.peak = max(w.peak, held)
	r.Memory = w.peak
	if err == nil && limits.Spill != "" && r.states.onDisk == nil {
		r.Search.relieve = func() error { return r.Search.toDisk(w, gathered) }
	}
	r.block, r.rounds, w.kept = nil, nil, nil // what is asked of the Search later holds on to the watch
	return r.Search, err
}

// A search is a Search going on.
type search struct {
	*Search
	*watch
	visit    func(*Visit) bool
	gathered *Rows // by visit, or nil
	most     int   // states

	next     int // states below it have been expanded, and told of
	depth    int // of the state numbered next-1
	levelEnd int // the first state of the next level, once depth is that of next
	tidy     int // with so many states, garbage is collected

	block  *part   // what is expanded together by one worker
	size   int     // its states
	rounds *rounds // of several workers; nil if there are none
	pipe   *pipeline

	left Leaving  // out of the states expanded
	file *keeping // in files; nil if it is not

	tell Visit
}

// A block has at most this many states and, but for its last state, steps.
// Blocks change the time only: states are inserted and told of one by one.
const (
	blockStates = 64
	blockSteps  = 512
	blockTime   = 5 * time.Millisecond // of a slow System; blocks are halved beyond
)

// A search collects the garbage of what came before it when it has so many
// states, and each time that they have doubled: it makes hardly any itself, so
// that the runtime may see no reason to.
const tidyStates = 1 << 21

// newPart returns an empty part of a search.
func (r *search) newPart(sys System, w *watch) *part {
	p := &part{sys: sys, width: r.states.width}
	p.steps.watch = w
	return p
}

func (r *search) run() error {
	if err := r.check(time.Now()); err != nil {
		return err
	}
	if err := r.begin(); err != nil {
		return err
	}
	if r.states.onDisk == nil {
		r.rounds = r.newRounds()
		r.pipe = r.newPipeline()
	}
	defer func() { r.rounds.stop() }()
	before := time.Now()
	for r.next < r.states.n && !r.Stopped {
		if r.states.n >= r.tidy {
			r.tidy *= 2
			debug.FreeOSMemory()
		}
		if err := r.relieve(r.anyTurn()); err != nil {
			r.cut(min(r.states.n, r.most))
			return err
		}
		now := time.Now()
		r.pace(now.Sub(before))
		before = now
		if r.next < r.states.n && !r.Stopped {
			if err := r.relieve(r.check(now)); err != nil {
				return err
			}
			if r.file != nil && r.file.due(now, r.States) {
				r.file.write(r)
			}
		}
		r.progress(now, r.Stats)
	}
	return nil
}

// begin finds the initial state, or what was found before.
func (r *search) begin() error {
	if r.file != nil {
		if resumed, err := r.file.begin(r); err != nil {
			return err
		} else if resumed {
			if int(r.States) > r.most {
				return &Limit{Reason: fmt.Sprintf("more than %d states", r.most)}
			}
			return nil
		}
	}
	initial := make([]uint64, r.states.width)
	if err := r.sys.Initial(initial); err != nil {
		return err
	}
	_, key, g := r.states.number(initial)
	for r.states.outgrown() {
		if err := r.states.widen(); err != nil {
			return err
		}
		_, key, g = r.states.number(initial)
	}
	r.states.add(initial, key, g)
	r.States, r.levelEnd = 1, 1
	return nil
}

// ahead reports whether states have been found that the next ones lead to,
// before the search was resumed.
func (r *search) ahead() bool { return r.file != nil && int(r.States) < r.file.ahead }

// anyTurn expands the next states in the way that suits them.
func (r *search) anyTurn() error {
	switch {
	case r.states.onDisk != nil:
		return r.diskTurn()
	case r.limits.SpillAfter > 0 && r.states.n >= r.limits.SpillAfter:
		return &Limit{Reason: "a test", memory: true}
	case !r.ahead() && r.pipe.worthwhile():
		return r.together(r.pipe.turn)
	case !r.ahead() && r.rounds.worthwhile():
		return r.together(r.rounds.turn)
	}
	return r.turn()
}

// together has several workers expand the next states.
func (r *search) together(turn func() error) error {
	from := r.next
	err := turn()
	r.Usage.InRounds += int64(r.next - from)
	return err
}

// turn expands a block.
func (r *search) turn() error {
	p := r.block
	p.clear(r.next)
	p.expand(r.states, r.size, blockSteps)
	if err := r.hash(p); err != nil {
		return err
	}
	err := r.states.settle(p, r.room)
	if r.ahead() {
		p.recount(int(r.States))
	}
	if told := r.told(p); told != nil || r.Stopped {
		return told
	}
	if err != nil {
		return err
	}
	return p.err
}

// pace gives the next block more states, or fewer if what came before took long.
func (r *search) pace(took time.Duration) {
	if took > blockTime {
		r.size = max(1, r.size/2)
	} else {
		r.size = min(blockStates, r.size*2)
	}
}

// hash hashes a part, with wider keys if it must.
func (r *search) hash(p *part) error {
	if t, ok := r.states.fold.(*tree); ok {
		if more := t.ahead(len(p.steps.Events)); more > 0 {
			if err := r.room(more); err != nil {
				return err
			}
		}
	}
	for !p.hash(r.states, true) {
		if err := r.room(r.states.widening()); err != nil {
			return err
		}
		if err := r.states.widen(); err != nil {
			return err
		}
	}
	return nil
}

// told tells the visitor of a part that is settled, state by state.
func (r *search) told(p *part) error {
	s, v := r.states, &r.tell
	from, found := 0, int(r.States)
	for k, to := range p.bounds {
		i, after := r.next, p.after[k]
		if i == r.levelEnd {
			r.depth++
			r.levelEnd = found
		}
		if after > found {
			if after > r.most {
				r.cut(r.most)
				return &Limit{Reason: fmt.Sprintf("more than %d states", r.most)}
			}
			r.Depth = int64(r.depth) + 1
			r.States = int64(after)
		}
		s.up.add(after - found)
		found = after
		r.Transitions += int64(to - from)
		if len(p.lefts) > 0 {
			r.left.add(p.leaving(k))
		}
		r.next++
		if r.visit != nil {
			v.State, v.Words, v.Depth = i, s.at(i), r.depth
			v.Steps.Events = p.steps.Events[from:to]
			v.Steps.States = p.steps.States[from*p.width : to*p.width]
			v.Targets = p.targets[from:to]
			if !r.visit(v) {
				r.Stopped = true
				return nil
			}
		}
		from = to
	}
	if !s.kept {
		s.states.forget(r.next)
	}
	return nil
}

// cut forgets that there are more states than n. The store still has them.
func (r *search) cut(n int) {
	r.file.forgets(r.Stats, r.left)
	if n > int(r.States) {
		r.states.up.add(n - int(r.States))
		r.Depth = int64(r.depth) + 1
	}
	r.States = int64(n)
}
