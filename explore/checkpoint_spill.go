package explore

import (
	"errors"
	"time"

	"github.com/cspcheck/cspcheck/explore/checkpoint"
)

// This file writes what a search has on disk to its file and reads it back.
// The file has all of it, not the names of scratch files: these have none, and
// change while the file of before must stay good.

// save is that of a store. What is in the set becomes one more run.
func (d *spill) save(w *checkpoint.Writer, next int) {
	watch := d.watch
	d.watch = nil // that a limit has been passed may be why it is saved
	defer func() { d.watch = watch }()
	n := d.states.n
	w.Int(n)
	if t, ok := d.fold.(*tree); ok {
		t.save(w)
	}
	w.Int(d.shape.hashBytes)
	w.Int(d.shape.words)
	w.Int(len(d.runs) + 1)
	for _, r := range d.runs {
		r.save(w)
	}
	d.saveSet(w, n-d.base)
	d.queue.saveAll(w, next)
}

// save writes a run: its tier, its records, and these in pieces.
func (r *sorted) save(w *checkpoint.Writer) {
	w.Int(r.tier)
	w.Int(r.n)
	buf := r.newBlock()
	for b := range r.blocks(r.n) {
		n, err := r.read(b, buf)
		if err != nil {
			w.Fail(err)
			return
		}
		w.Bytes(buf[:n*r.size()])
	}
}

// saveSet writes the n states of the set as a run.
func (d *spill) saveSet(w *checkpoint.Writer, n int) {
	w.Int(0)
	w.Int(n)
	var buf []byte
	err := d.inSet(func(h uint64, key []uint64, number uint32) error {
		if buf = d.shape.append(buf, h, key, number); len(buf) >= blockBytes {
			w.Bytes(buf)
			buf = buf[:0]
		}
		return nil
	})
	if err != nil {
		w.Fail(err)
	}
	if len(buf) > 0 {
		w.Bytes(buf)
	}
}

// saveAll writes the words of the states from next on, or of all that are kept.
func (q *queue) saveAll(w *checkpoint.Writer, next int) {
	next = min(next, q.n)
	if q.all {
		next = 0
	}
	w.Int(next)
	for i := next; i < q.n; {
		c := i >> q.shift
		words, err := q.peek(c)
		if err != nil {
			w.Fail(err)
			return
		}
		to := min(q.n, (c+1)<<q.shift)
		for _, x := range words[(i-c<<q.shift)*q.width : (to-c<<q.shift)*q.width] {
			w.Word(x)
		}
		i = to
	}
}

// loadSpill makes a search one on disk, as save has written it. The error is
// a *Limit; what is wrong with the file is from's. The store has no states
// until all are there: what is not would be written over the file.
func (r *search) loadSpill(d *spill, from *checkpoint.Reader) error {
	n, err := d.load(from, func() error { return r.check(time.Now()) })
	if err != nil || from.Err() != nil {
		for _, run := range d.runs {
			run.file.Close()
		}
		return err
	}
	d.leave(r.next)
	r.states.onDisk, r.onDisk = d, true
	if !r.plan(-1) {
		return &Limit{Reason: "it takes more memory to go on than " + bytesText(r.limits.Memory), memory: true}
	}
	d.n, d.base = n, n
	r.Spilled = int64(n)
	return nil
}

// load reads what save has written, and returns how many states there are.
func (d *spill) load(from *checkpoint.Reader, check func() error) (int, error) {
	n := from.Int()
	if t, ok := d.fold.(*tree); ok {
		t.load(from)
	}
	if from.Err() == nil && n > maxStates {
		from.Fail("its numbers do not fit together")
	}
	if hashBytes, words := from.Int(), from.Int(); from.Err() == nil && (hashBytes != d.shape.hashBytes || words != d.shape.words) {
		from.Fail("its states have keys of %d and %d bytes, not %d and %d as now", hashBytes, 8*words, d.shape.hashBytes, 8*d.shape.words)
	}
	for k := from.Int(); k > 0 && from.Err() == nil; k-- {
		if err := d.loadRun(from, n, check); err != nil {
			return 0, spillLimit(err)
		}
	}
	if err := d.queue.loadAll(from, n, check); err != nil {
		return 0, spillLimit(err)
	}
	return n, nil
}

// errFile says that the error is from's.
var errFile = errors.New("explore: the file is wrong")

// loadRun reads a run of some of the n states.
func (d *spill) loadRun(from *checkpoint.Reader, n int, check func() error) error {
	tier, count := from.Int(), from.Int()
	if from.Err() != nil || count == 0 {
		return nil
	}
	if int64(count) > from.Size()/int64(d.shape.size()) {
		from.Fail("a number in it is wrong")
		return nil
	}
	w, err := newSorted(d.shape, d.open, count, d.filterBytes())
	if err != nil {
		return err
	}
	w.tier = tier
	for w.n < count && err == nil {
		if err = check(); err == nil {
			err = w.records(from, n)
		}
	}
	if err == nil && w.n > count {
		from.Fail("its numbers do not fit together")
	}
	if err == nil && from.Err() == nil {
		return d.add(w)
	}
	w.file.Close()
	if errors.Is(err, errFile) {
		return nil
	}
	return err
}

// records reads a piece of a run, of states below n.
func (w *sortedWriter) records(from *checkpoint.Reader, n int) error {
	b := from.Bytes()
	if from.Err() == nil && (len(b) == 0 || len(b)%w.size() != 0) {
		from.Fail("its numbers do not fit together")
	}
	b = append(b, make([]byte, 8)...) // as shape.hash wants it
	key := make([]uint64, w.words)
	for k := range (len(b) - 8) / w.size() {
		h, number := w.shape.hash(b, k), w.shape.number(b, k)
		if from.Err() == nil && (h < w.hash || int(number) >= n) {
			from.Fail("its numbers do not fit together")
		}
		if from.Err() != nil {
			break
		}
		w.shape.key(b, k, key)
		if err := w.add(h, key, number); err != nil {
			return err
		}
	}
	if from.Err() != nil {
		return errFile
	}
	return nil
}

// loadAll reads the words of states below n that wait, and has all but a few
// of them wait on disk.
func (q *queue) loadAll(from *checkpoint.Reader, n int, check func() error) error {
	next := from.Int()
	if from.Err() == nil && (next > n || q.all && next > 0) {
		from.Fail("its numbers do not fit together")
	}
	if from.Err() != nil {
		return nil
	}
	front := next >> q.shift
	q.gone, q.chunks = front, make([][]uint64, front)
	for c := front; c<<q.shift < n; c++ {
		words, to := q.fresh(), min(n, (c+1)<<q.shift)
		at := max(0, next-c<<q.shift) * q.width
		for ; at < (to-c<<q.shift)*q.width; at++ {
			words[at] = from.Word()
		}
		q.chunks, q.n = append(q.chunks, words), to
		if from.Err() != nil {
			return nil
		}
		err := check()
		if err == nil && c > front && to < n {
			err = q.save(c)
		}
		if err != nil {
			return err
		}
	}
	q.n = n
	return nil
}

// peek returns the words of a chunk, wherever it is, and leaves it there.
func (q *queue) peek(c int) ([]uint64, error) {
	if s, ok := q.waits[c]; ok && q.chunks[c] == nil {
		words := make([]uint64, q.width<<q.shift)
		return words, q.fetch(s, words)
	}
	return q.chunks[c], nil
}
