package explore

import (
	"context"
	"fmt"
	"time"

	"github.com/cspcheck/cspcheck/model"
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

	sys    System
	states *store
	bytes  int64
}

// Run visits the states of sys breadth first, each once, in the order in
// which they are found, until there are no more or visit returns false. A
// nil visit goes on to the end.
//
// The error is a *Limit, if the search hit one, or else an error of sys. The
// Search is there in any case: all states below the last that visit was told
// of have been expanded, and it may be used for paths.
func Run(ctx context.Context, sys System, limits Limits, visit func(*Visit) bool) (*Search, error) {
	w := newWatch(ctx, limits)
	r := &search{
		Search: &Search{sys: sys, states: newStore(sys)},
		watch:  w,
		visit:  visit,
		most:   maxStates,
	}
	if limits.States > 0 {
		r.most = int(min(limits.States, maxStates))
	}
	r.steps.watch = w
	err := r.run()
	r.bytes = r.states.bytes()
	r.states.pages = nil // only paths are asked for from here on
	r.Time = time.Since(w.start)
	w.peak = max(w.peak, w.memory())
	r.Memory = w.peak
	return r.Search, err
}

// A search is a Search going on.
type search struct {
	*Search
	*watch
	visit func(*Visit) bool
	most  int // states

	next     int // states below it have been expanded
	depth    int // of the state numbered next-1
	levelEnd int // the first state of the next level, once depth is that of next

	// A block of states is expanded together, see expand.
	steps   Steps
	bounds  []int // the steps of the block's k-th state end at bounds[k]
	hashes  []uint64
	targets []uint32
	rest    []uint32 // the targets that are not known at first sight

	once once
	tell Visit
}

// A block has at most this many states and, but for its last state, steps.
// Blocks change the time only: states are inserted and told of one by one.
const (
	blockStates = 64
	blockSteps  = 512
	blockTime   = 5 * time.Millisecond // of a slow System; blocks are halved beyond
)

func (r *search) run() error {
	if err := r.check(time.Now()); err != nil {
		return err
	}
	initial := make([]uint64, r.states.width)
	if err := r.sys.Initial(initial); err != nil {
		return err
	}
	if _, err := r.insert(initial, r.states.hash(initial), 0); err != nil {
		return err
	}
	r.levelEnd = 1
	size := blockStates
	before := time.Now()
	for r.next < r.states.n && !r.Stopped {
		broken := r.expand(size)
		if err := r.settle(); err != nil {
			return err
		}
		if broken != nil && !r.Stopped {
			return broken
		}
		now := time.Now()
		if now.Sub(before) > blockTime {
			size = max(1, size/2)
		} else {
			size = min(blockStates, size*2)
		}
		before = now
		if r.next < r.states.n && !r.Stopped {
			if err := r.check(now); err != nil {
				return err
			}
		}
		r.progress(now, r.Stats)
	}
	return nil
}

// expand asks for the steps of up to size states and hashes where they lead.
// After an error the block ends with the state before.
func (r *search) expand(size int) (err error) {
	r.steps.Reset()
	r.bounds = r.bounds[:0]
	width := r.states.width
	for i := r.next; i < r.states.n && len(r.bounds) < size && len(r.steps.Events) < blockSteps; i++ {
		if err = r.sys.Successors(r.states.at(i), &r.steps); err != nil {
			break
		}
		if len(r.steps.States) != width*len(r.steps.Events) {
			panic(fmt.Sprintf("explore: %d events lead to states of %d words in all, of width %d", len(r.steps.Events), len(r.steps.States), width))
		}
		r.bounds = append(r.bounds, len(r.steps.Events))
	}
	n := 0
	if len(r.bounds) > 0 {
		n = r.bounds[len(r.bounds)-1]
	}
	if n > cap(r.hashes) {
		r.hashes = make([]uint64, n+n/2)
		r.targets, r.rest = make([]uint32, n+n/2), make([]uint32, n+n/2)
	}
	r.hashes, r.targets = r.hashes[:n], r.targets[:n]
	r.states.hashAll(r.steps.States[:n*width], r.hashes)
	r.rest = r.states.look(r.hashes, r.targets, r.rest[:cap(r.rest)])
	return err
}

// settle inserts the steps of the block and tells the visitor, state by
// state.
func (r *search) settle() error {
	width, from, rest := r.states.width, 0, r.rest
	for _, to := range r.bounds {
		i := r.next
		if i == r.levelEnd {
			r.depth++
			r.levelEnd = r.states.n
		}
		for len(rest) > 0 && int(rest[0]) < to {
			k := int(rest[0])
			t, err := r.insert(r.steps.States[k*width:(k+1)*width], r.hashes[k], i)
			if err != nil {
				return err
			}
			r.targets[k] = uint32(t)
			rest = rest[1:]
		}
		n := r.once.compact(r.steps.Events[from:to], r.targets[from:to], r.steps.States[from*width:to*width], width)
		r.Transitions += int64(n)
		r.next++
		if r.visit != nil {
			v := &r.tell
			v.State, v.Words, v.Depth = i, r.states.at(i), r.depth
			v.Steps.Events = r.steps.Events[from : from+n]
			v.Steps.States = r.steps.States[from*width : (from+n)*width]
			v.Targets = r.targets[from : from+n]
			if !r.visit(&r.tell) {
				r.Stopped = true
				return nil
			}
		}
		from = to
	}
	return nil
}

// insert returns the number of a state, a new one if it is new.
func (r *search) insert(words []uint64, h uint64, parent int) (int, error) {
	i, at := r.states.find(words, h)
	if i >= 0 {
		return i, nil
	}
	if r.states.n >= r.most {
		return 0, &Limit{fmt.Sprintf("more than %d states", r.most)}
	}
	if r.states.full() {
		if err := r.room(r.states.growth()); err != nil {
			return 0, err
		}
		r.states.grow()
		_, at = r.states.find(words, h)
	}
	i = r.states.n
	r.states.add(words, at, parent)
	r.States++
	if i > 0 {
		r.Depth = int64(r.depth) + 1
	}
	return i, nil
}

// once drops repeated transitions of a state.
type once struct {
	table []uint64 // open addressing for many transitions; 0 is empty
}

// compact keeps the first of equal (event, target) pairs, in order, and
// returns how many are left.
func (o *once) compact(events []model.Event, targets []uint32, words []uint64, width int) int {
	const few = 24
	var seen uint64 // a bit for a hash of each pair so far
	if len(events) > few {
		o.clear(len(events))
	}
	n := 0
	for k, e := range events {
		t := targets[k]
		if len(events) > few {
			// Never 0 in its upper half, so that 0 is empty in the table.
			pair := (uint64(uint32(e))+1)<<32 | uint64(t)
			if !o.add(pair, mix(pair, 0x9e3779b97f4a7c15)) {
				continue
			}
		} else {
			bit := uint64(1) << ((5*uint32(e) + t) % 64)
			if seen&bit != 0 && contains(events[:n], targets[:n], e, t) {
				continue
			}
			seen |= bit
		}
		if n != k {
			events[n], targets[n] = e, t
			copy(words[n*width:(n+1)*width], words[k*width:(k+1)*width])
		}
		n++
	}
	return n
}

func contains(events []model.Event, targets []uint32, e model.Event, t uint32) bool {
	for i := range events {
		if events[i] == e && targets[i] == t {
			return true
		}
	}
	return false
}

// clear empties the table and makes it large enough for n pairs.
func (o *once) clear(n int) {
	size := 64
	for size < 2*n {
		size *= 2
	}
	if cap(o.table) < size {
		o.table = make([]uint64, size)
	}
	o.table = o.table[:size]
	clear(o.table)
}

// add reports whether pair is new.
func (o *once) add(pair, h uint64) bool {
	mask := uint64(len(o.table) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		switch o.table[i] {
		case pair:
			return false
		case 0:
			o.table[i] = pair
			return true
		}
	}
}
