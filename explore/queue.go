package explore

import (
	"encoding/binary"
	"hash/crc32"
)

// A queue is an arena of which chunks that are not needed for long wait in a
// scratch file; if all are to be kept, the states that were expanded, too.
type queue struct {
	*arena
	all   bool
	open  func() (scratch, error)
	most  int           // chunks in memory
	file  scratch       // nil until it is needed
	slots int           // chunks that the file has room for
	free  []int         // of these, those that nothing waits in
	waits map[int]saved // by chunk; some may be in memory, too, if all are kept
	seen  []int         // the chunks that words has read, the last one last
	buf   []byte
}

// A saved is where a chunk is in the file, and its checksum.
type saved struct {
	slot int
	sum  uint32
}

// trim writes chunks from the end on, but for the very last, until there are
// no more than most in memory. Those of states below next are not written,
// unless all are kept.
func (q *queue) trim(next, most int) error {
	front := next >> q.shift
	back := min(q.n>>q.shift, len(q.chunks)) // it is not full, or does not exist
	for ; q.all && q.gone < min(front, back); q.gone++ {
		if q.chunks[q.gone] != nil {
			if err := q.save(q.gone); err != nil {
				return err
			}
		}
	}
	here := 0
	for c := front; c < back; c++ {
		if q.chunks[c] != nil {
			here++
		}
	}
	for c := back - 1; c > front && here > most; c-- {
		if q.chunks[c] == nil || len(q.chunks[c]) < q.width<<q.shift {
			continue
		}
		if err := q.save(c); err != nil {
			return err
		}
		here--
	}
	return nil
}

// save writes a chunk to the file, unless it is there, and lets go of it.
func (q *queue) save(c int) error {
	if _, ok := q.waits[c]; ok {
		q.release(c)
		return nil
	}
	if q.file == nil {
		var err error
		if q.file, err = q.open(); err != nil {
			return err
		}
		q.waits = map[int]saved{}
	}
	words := q.chunks[c]
	q.buf = q.buf[:0]
	for _, w := range words {
		q.buf = binary.LittleEndian.AppendUint64(q.buf, w)
	}
	s := saved{slot: q.slots, sum: crc32.Checksum(q.buf, castagnoli)}
	if last := len(q.free) - 1; last >= 0 {
		s.slot, q.free = q.free[last], q.free[:last]
	} else {
		q.slots++
	}
	if err := writeAll(q.file, q.buf, int64(s.slot)*int64(len(q.buf))); err != nil {
		return err
	}
	q.waits[c] = s
	q.release(c)
	return nil
}

// load reads what is needed of states from..to.
func (q *queue) load(from, to int) error {
	for c := from >> q.shift; c<<q.shift < to; c++ {
		s, ok := q.waits[c]
		if !ok || q.chunks[c] != nil {
			continue
		}
		words := q.fresh()
		if err := q.fetch(s, words); err != nil {
			return err
		}
		q.chunks[c] = words
		if !q.all {
			delete(q.waits, c)
			q.free = append(q.free, s.slot)
		}
	}
	return nil
}

// words returns the words of state i, wherever they are, if all are kept. They
// are good until as many chunks have been read as stay in memory.
func (q *queue) words(i int) ([]uint64, error) {
	const most = 16
	if c := i >> q.shift; q.chunks[c] == nil {
		if err := q.load(i, i+1); err != nil {
			return nil, err
		}
		if len(q.seen) == most {
			q.release(q.seen[0])
			q.seen = append(q.seen[:0], q.seen[1:]...)
		}
		q.seen = append(q.seen, c)
	}
	return q.at(i), nil
}

// fetch reads the words of a chunk from the file.
func (q *queue) fetch(s saved, words []uint64) error {
	q.buf = room(q.buf[:0], 8*len(words))
	if _, err := q.file.ReadAt(q.buf, int64(s.slot)*int64(len(q.buf))); err != nil {
		return err
	}
	if crc32.Checksum(q.buf, castagnoli) != s.sum {
		return errOther
	}
	for i := range words {
		words[i] = binary.LittleEndian.Uint64(q.buf[8*i:])
	}
	return nil
}
