package explore

import (
	"errors"
	"math"
	"math/bits"
	"sync/atomic"

	"github.com/cspcheck/cspcheck/model"
)

// A spill is where a store has its states when memory is too small for them.
//
// The set of the store has only those found last, from base on; when it is
// full, it becomes a sorted run on disk, and is emptied. The states that a
// block of steps leads to are looked up in the set one by one; those not in
// it are sorted, and then looked up in the runs together, newest first. So
// what takes long, reading, is done once for many: see block.go. (Delayed duplicate
// detection: Stern and Dill, "Using magnetic disk instead of main memory in
// the Murφ verifier", 1998; Korf, "Best-first frontier search with delayed
// duplicate detection", 2004.) The words of states that wait to be expanded
// go to disk, too, if they are many.
//
// Numbers are given in the order of steps, as without.
type spill struct {
	*store
	watch *watch       // nil after the search
	calls atomic.Int64 // of check
	dir   string
	shape shape
	base  int
	runs  []*sorted // oldest first; tiers don't rise
	queue queue
	limit int64 // on the memory of the process
	early int   // see Limits

	most  int   // states of the set
	steps int   // of a block, about
	free  int64 // memory when this was planned

	candidates, sorting []candidate
	ends                []uint32  // of candidates that agree in some bits, see scatter
	windows             []*window // of workers
}

// unknown is the number of a state that has none yet.
const unknown = math.MaxUint32

// When there are so many runs of a tier, they are merged into one of the
// next: then there are few runs, and each state is written a few times.
const mostRuns = 4

// newSpill returns one of a store, with nothing on disk yet.
func newSpill(s *store, w *watch) *spill {
	d := &spill{store: s, watch: w, dir: w.limits.Spill, limit: w.limits.Memory, early: w.limits.SpillAfter}
	d.queue = queue{arena: s.states, open: d.open, all: w.limits.Keep}
	d.queue.few()
	switch set := s.set.(type) {
	case *exact:
		d.shape = newShape(int(set.key.bits+7)/8, 0)
	case *plain:
		d.shape = newShape(8, 0)
		if set.words == plainWords { // from then on the set is a tagged
			d.shape = newShape(8, plainWords)
		}
	case *tagged:
		d.shape = newShape(8, set.keys.width)
	}
	if _, ok := s.fold.(*tree); ok {
		d.shape = newShape(8, 0) // with all bits, see spillTree
	}
	if d.early > 0 {
		d.shape.perBlock = 4
	}
	d.steps = leastBlock
	return d
}

// spilled moves what is in a store to disk. The error is a *Limit; what was in
// memory is there again.
func spilled(s *store, w *watch, next int) (*spill, error) {
	d := newSpill(s, w)
	var err error
	if s.fold != nil || s.kind == StoreInline { // or else the set needs the words
		err = d.queue.trim(next, 0)
	}
	switch t, ok := s.fold.(*tree); {
	case err != nil:
	case ok:
		err = d.spillTree(t)
	default:
		err = d.flush()
	}
	if err != nil {
		d.watch = nil // whatever time it is
		if d.queue.all {
			next = 0
		}
		d.queue.load(next, s.states.n) // if that fails, too, the search has no file, see arena.has
		return nil, spillLimit(err)
	}
	d.leave(next)
	return d, nil
}

// leave lets go of what a store has in memory that is on disk now.
func (d *spill) leave(next int) {
	d.set = nil // and what it took is free
	if d.kept && !d.queue.all {
		d.kept = false
		d.states.forget(next)
	}
	d.keys = nil
}

// spillLimit is the *Limit that an error of the disk is, or one that came
// up there.
func spillLimit(err error) error {
	if l := new(Limit); errors.As(err, &l) {
		return l
	}
	return &Limit{Reason: "memory is short, and spilling to disk failed: " + err.Error()}
}

// spillTree writes what is in the set of a tree to disk, with as many bits of
// the tree's numbers as there can be: there keys can't be made again. This
// changes their order.
func (d *spill) spillTree(t *tree) error {
	was, old := t.halves, d.set.(*exact)
	key := t.most()
	p := newPermutation(t.halves[0] + t.halves[1])
	d.candidates = make([]candidate, 0, 4*leastBlock)
	sort := func() error {
		d.scatter()
		for _, b := range d.bands(1) {
			b.sort()
		}
		w, err := newSorted(d.shape, d.open, len(d.candidates), d.filterBytes())
		if err != nil {
			return err
		}
		for _, c := range d.candidates {
			if err := w.add(c.hash, nil, c.step); err != nil {
				return err
			}
		}
		d.candidates = d.candidates[:0]
		return d.add(w)
	}
	err := old.inOrder(func(e entry) error {
		if len(d.candidates) == 4*leastBlock {
			if err := sort(); err != nil {
				return err
			}
		}
		d.candidates = append(d.candidates, candidate{p.of(key(old.key.undo(e.hash))), uint32(e.number)})
		return nil
	})
	if err == nil {
		err = sort()
	}
	d.candidates, d.sorting = nil, nil
	if err != nil {
		t.halves = was
		return err
	}
	d.base = d.n
	return nil
}

// flush makes a run of what is in the set, and empties it.
func (d *spill) flush() error {
	w, err := newSorted(d.shape, d.open, d.n-d.base, d.filterBytes())
	if err != nil {
		return err
	}
	err = d.inSet(w.add)
	if err != nil {
		w.file.Close()
		return err
	}
	if err := d.add(w); err != nil {
		return err
	}
	d.base = d.n
	d.set.clear()
	if d.keys != nil {
		d.keys.forgetAll()
	}
	return nil
}

// inSet tells of what is in the set as a run has it: hashes, keys and numbers,
// by rising hashes.
func (d *spill) inSet(tell func(h uint64, key []uint64, number uint32) error) error {
	key := make([]uint64, d.shape.words)
	return d.set.inOrder(func(e entry) error {
		if d.shape.words > 0 {
			switch set := d.set.(type) {
			case *tagged:
				key = set.key(e.number)
			case *plain:
				set.keyAt(e.slot, key)
			}
		}
		return tell(e.hash, key, uint32(d.base+e.number))
	})
}

// add ends the writing of a run, and merges it with others if there are many.
func (d *spill) add(w *sortedWriter) error {
	r, err := w.done()
	if err != nil {
		w.file.Close()
		return err
	}
	d.runs = append(d.runs, r)
	for {
		from := len(d.runs) - mostRuns
		if from < 0 || d.runs[from].tier != d.runs[len(d.runs)-1].tier {
			return nil
		}
		r, err := merge(d.runs[from:], d.open, d.filterBytes(d.runs[from:]...))
		if err != nil {
			return err
		}
		for _, old := range d.runs[from:] {
			old.file.Close()
		}
		d.runs = append(d.runs[:from:from], r)
	}
}

// filterBytes returns how much memory the filter of one more run may take,
// which is going to be there instead of others.
func (d *spill) filterBytes(instead ...*sorted) int64 {
	left := d.limit / 16
	if d.free > 0 {
		left = min(left, d.free/4)
	}
	for _, r := range d.runs {
		left -= r.filter.bytes()
	}
	for _, r := range instead {
		left += r.filter.bytes()
	}
	return max(left, 0)
}

const (
	leastBlock = 1 << 14 // steps
	mostBlock  = 1 << 20 // steps
)

// plan divides so much memory, and makes an empty set. Each block takes a look
// at all runs, but for few steps, so that they are to be large rather than the set. States
// have about so many steps each.
func (d *spill) plan(free, each int64) {
	d.free = free
	free = max(free-d.filterBytes(), 0)
	d.queue.most = int(max(free/8/chunkBytes, 2))
	used := d.newSet(free / 4)
	d.most = d.set.room()
	d.steps = int(min(max((free*3/4-used)/d.stepBytes(each), leastBlock), mostBlock))
	if d.early > 0 {
		d.most, d.steps, d.queue.most = min(d.most, 64), 50, 2
	}
	d.candidates, d.sorting = make([]candidate, 0, d.sorted()), make([]candidate, 0, d.sorted())
}

// sorted returns how many candidates a block is to have at most: memos and the
// set know most steps.
func (d *spill) sorted() int { return d.steps / 2 }

// stepBytes returns the memory that a step of a block takes, where a state has about so
// many: its event and state, that in the queue, its key, hash and numbers, and
// to sort it.
func (d *spill) stepBytes(each int64) int64 {
	n := 4 + 8*d.width + 8 + 4*3 + 2 + 16
	if d.fold != nil {
		n += 8
	}
	return int64(n) + 8*int64(d.width)/max(1, each)
}

// mostBits are those of the slots of a set: numbers have 32.
const mostBits = 31

// newSet makes a set of about so much memory, and returns how much it takes.
func (d *spill) newSet(most int64) int64 {
	var grow func(count uint64)
	slotBytes := int64(0)
	if d.shape.words > 0 {
		d.keys = newArena(d.shape.words)
		t := newTagged(d.keys)
		d.set, grow = t, t.extend
		slotBytes = int64(t.size) + 6*int64(d.shape.words) // 3/4 of a key
	} else {
		x := newInline(d.keyBits())
		d.set, grow, slotBytes = x, x.resize, int64(x.table().size)
	}
	count := uint64(1) << min(uint(bits.Len64(uint64(max(most/slotBytes, 1))))-1, mostBits)
	if count <= 1<<firstBits {
		return slotBytes << firstBits
	}
	grow(count)
	return slotBytes * int64(count)
}

// keyBits returns the bits of a key of an inline.
func (d *spill) keyBits() int {
	total := 0
	if t, ok := d.fold.(*tree); ok {
		return int(t.halves[0] + t.halves[1])
	}
	for _, b := range d.layout {
		total += b
	}
	return total
}

// reserve gives a part the memory for its share of a block, and returns how much
// that is.
func (d *spill) reserve(p *part) int64 {
	n := d.share()
	p.steps.Events, p.steps.States = make([]model.Event, 0, n), make([]uint64, 0, n*d.width)
	p.hashes, p.targets, p.rest = make([]uint64, 0, n), make([]uint32, 0, n), make([]uint32, 0, n)
	p.again, p.lost = make([]uint32, 0, n), make([]uint32, 0, n/2)
	bytes := n * (4 + 8*d.width + 8 + 4 + 4 + 4 + 2)
	if d.fold != nil {
		p.buf = make([]uint64, 0, n)
		bytes += 8 * n
	}
	return int64(bytes)
}

// share returns how many steps of a block are a part's, at most.
func (d *spill) share() int { return max(1, d.steps/roundParts) }

// shrink makes the set and blocks smaller. The error is a *Limit.
func (d *spill) shrink(next int) error {
	err := d.flush()
	if err == nil {
		err = d.queue.trim(next, 0)
	}
	if err != nil {
		return spillLimit(err)
	}
	d.set, d.keys, d.candidates, d.sorting, d.ends, d.windows = nil, nil, nil, nil, nil, nil
	return nil
}

// rest leaves the memory to who has gathered something, now that all is found.
// The error is a *Limit.
func (d *spill) rest() error {
	if err := d.shrink(d.n); err != nil {
		return err
	}
	d.queue.spare = nil
	d.newSet(0)
	return nil
}

// number returns the number of a state with a hash, or -1. The error is a
// *Limit.
func (d *spill) number(key []uint64, h uint64) (int, error) {
	if i, _ := d.find(key, h); i >= 0 {
		return d.base + i, nil
	}
	i := -1
	for _, r := range d.runs {
		key := key[:d.shape.words]
		err := r.look(d.window(0), []candidate{{hash: h}}, func(uint32) []uint64 { return key }, func(_, number uint32) { i = int(number) })
		if err != nil {
			return -1, spillLimit(err)
		}
		if i >= 0 {
			break
		}
	}
	return i, nil
}

// bytes returns the memory that it takes, but for that of the store.
func (d *spill) bytes() int64 {
	total := 16*int64(cap(d.candidates)+cap(d.sorting)) + 4*int64(len(d.ends))
	for _, r := range d.runs {
		total += r.bytes()
	}
	for _, w := range d.windows {
		total += int64(len(w.blocks))
	}
	return total
}
