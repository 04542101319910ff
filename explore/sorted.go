package explore

import (
	"encoding/binary"
	"hash/crc32"
	"slices"
	"sort"
)

// A sorted is a run of records in a scratch file, by rising hashes: the
// numbers of states by their keys. It is written once, in blocks. Where these
// begin and their checksums stay in memory, so that what is read is what was
// written, or an error.
type sorted struct {
	shape
	file   scratch
	n      int      // records
	tier   int      // how often they have been merged
	first  []uint64 // the first hash of each block
	sums   []uint32 // CRC-32C of each block
	filter filter
}

// A shape says how records look: the upper bytes of the hash; the words of
// the key, if the hash doesn't tell them; the number in 4 bytes.
type shape struct {
	hashBytes, words int
	perBlock         int // records
}

// numberBytes are those of a number in a record.
const numberBytes = 4

// blockBytes is about how long a block is.
const blockBytes = 1 << 13

func newShape(hashBytes, words int) shape {
	s := shape{hashBytes: hashBytes, words: words}
	s.perBlock = max(1, blockBytes/s.size())
	return s
}

// size returns the bytes of a record.
func (s shape) size() int { return s.hashBytes + 8*s.words + numberBytes }

// hash returns the hash of the k-th record of a block that has 8 bytes behind.
func (s shape) hash(block []byte, k int) uint64 {
	h := binary.BigEndian.Uint64(block[k*s.size():])
	return h >> (64 - 8*s.hashBytes) << (64 - 8*s.hashBytes)
}

// key sets key to that of the k-th record of a block.
func (s shape) key(block []byte, k int, key []uint64) {
	at := block[k*s.size()+s.hashBytes:]
	for i := range key {
		key[i] = binary.LittleEndian.Uint64(at[8*i:])
	}
}

// number returns that of the k-th record of a block.
func (s shape) number(block []byte, k int) uint32 {
	return binary.LittleEndian.Uint32(block[(k+1)*s.size()-numberBytes:])
}

// append appends a record to buf.
func (s shape) append(buf []byte, h uint64, key []uint64, number uint32) []byte {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], h)
	buf = append(buf, b[:s.hashBytes]...)
	for _, x := range key[:s.words] {
		buf = binary.LittleEndian.AppendUint64(buf, x)
	}
	return binary.LittleEndian.AppendUint32(buf, number)
}

// blocks returns how many blocks so many records are.
func (s shape) blocks(n int) int { return (n + s.perBlock - 1) / s.perBlock }

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// bytes returns the memory that a run takes.
func (r *sorted) bytes() int64 {
	return 12*int64(len(r.first)) + r.filter.bytes()
}

// read reads a block into buf, and returns how many records it has.
func (r *sorted) read(block int, buf []byte) (int, error) {
	n := min(r.perBlock, r.n-block*r.perBlock)
	b := buf[:n*r.size()]
	if _, err := r.file.ReadAt(b, int64(block)*int64(r.perBlock*r.size())); err != nil {
		return 0, err
	}
	return n, r.verify(block, b)
}

// verify reports an error if a block is not what was written.
func (r *sorted) verify(block int, b []byte) error {
	if crc32.Checksum(b, castagnoli) != r.sums[block] {
		return errOther
	}
	return nil
}

// readAhead is how many blocks are read together when they are read in order.
const readAhead = 16

// A window is what one who looks sees of a run: some blocks that follow each
// other.
type window struct {
	of       *sorted
	blocks   []byte // from..to, and some bytes behind
	from, to int
	loaded   int // the block that is looked at, and right; -1: none
}

// fetch returns a block, some bytes behind it, and how many records it has.
func (w *window) fetch(r *sorted, block int) ([]byte, int, error) {
	each := r.perBlock * r.size()
	if w.of != r {
		w.of, w.from, w.to, w.loaded = r, 0, 0, -1
		w.blocks = room(w.blocks[:0], readAhead*each+8)
	}
	if block < w.from || block >= w.to {
		ahead := 1
		if block == w.to {
			ahead = readAhead
		}
		w.from, w.to, w.loaded = block, min(block+ahead, len(r.first)), -1
		b := w.blocks[:min(w.to*each, r.n*r.size())-block*each]
		if _, err := r.file.ReadAt(b, int64(block)*int64(each)); err != nil {
			w.to = w.from
			return nil, 0, err
		}
	}
	n := min(r.perBlock, r.n-block*r.perBlock)
	b := w.blocks[(block-w.from)*each:]
	if w.loaded == block {
		return b, n, nil
	}
	w.loaded = -1
	if err := r.verify(block, b[:n*r.size()]); err != nil {
		return nil, 0, err
	}
	w.loaded = block
	return b, n, nil
}

// newBlock returns memory for a block, and some behind.
func (s shape) newBlock() []byte { return make([]byte, s.perBlock*s.size()+8) }

// look looks for candidates, sorted by hash. key returns that of a step; found
// is told of those that are here. Of the blocks it reads those only in which
// there can be one: if there are few, that is few of them, and if there are
// many, all, once and in order.
func (r *sorted) look(w *window, cs []candidate, key func(step uint32) []uint64, found func(step, number uint32)) error {
	words := make([]uint64, r.words)
	block, at := 0, 0
	for i, c := range cs {
		if !r.filter.may(c.hash) {
			continue
		}
		if i > 0 && c.hash == cs[i-1].hash { // with another key, which may be before
			block, at = 0, 0
		}
		// The first with this hash may be at the end of the block before that
		// which begins with it.
		if block+1 < len(r.first) && r.first[block+1] < c.hash {
			block += gallop(len(r.first)-block, func(j int) bool { return r.first[block+j] >= c.hash }) - 1
			at = 0
		}
		for ; ; block, at = block+1, 0 {
			if block >= len(r.first) || r.first[block] > c.hash {
				block = max(0, block-1) // what comes next may be in it
				at = 0
				break
			}
			buf, n, err := w.fetch(r, block)
			if err != nil {
				return err
			}
			at = r.seek(buf, block, at, n, c.hash)
			here, more := at, true
			for ; here < n && more; here++ {
				if r.hash(buf, here) != c.hash {
					more = false
					break
				}
				if r.key(buf, here, words); slices.Equal(words, key(c.step)) {
					found(c.step, r.number(buf, here))
					more = false
					break
				}
			}
			if !more {
				break
			}
		}
	}
	return nil
}

// seek returns the first of the records from..n of a block that has no lower
// hash than h, n if there is none. The block may not begin with a higher one. It
// looks first where that would be if hashes were even, which they are.
func (r *sorted) seek(b []byte, block, from, n int, h uint64) int {
	size, mask := r.size(), ^uint64(0)<<(64-8*r.hashBytes)
	less := func(k int) bool { return binary.BigEndian.Uint64(b[k*size:])&mask < h }
	last := ^uint64(0)
	if block+1 < len(r.first) {
		last = r.first[block+1]
	}
	each := max((last-r.first[block])/uint64(n), 1)
	low, high := from, n // those before low are less, those from high on are not
	if k := max(from, int(min((h-r.first[block])/each, uint64(n-1)))); k < n && less(k) {
		low = k + 1
		for step := 1; low < high; step *= 2 {
			k := min(low+step, high) - 1
			if !less(k) {
				high = k
				break
			}
			low = k + 1
		}
	} else {
		high = k
		for step := 1; low < high; step *= 2 {
			k := max(high-step, low)
			if less(k) {
				low = k + 1
				break
			}
			high = k
		}
	}
	for low < high {
		if k := int(uint(low+high) / 2); less(k) {
			low = k + 1
		} else {
			high = k
		}
	}
	return low
}

// gallop returns the first of n for which f holds, or n: f holds for all from
// some one on. It is quick if that one is near.
func gallop(n int, f func(int) bool) int {
	low, step := 0, 1
	for low+step <= n && !f(low+step-1) {
		low += step
		step *= 2
	}
	return low + sort.Search(min(step, n-low), func(i int) bool { return f(low + i) })
}

// A sortedWriter writes a run.
type sortedWriter struct {
	*sorted
	buf     []byte
	at      int64 // of buf in the file
	hash    uint64
	started int // bytes of buf that are sealed blocks
}

// writeBytes is about how much is written together.
const writeBytes = 1 << 17

// newSorted begins a run of n records in a file that open makes, with a
// filter of at most some bytes.
func newSorted(s shape, open func() (scratch, error), n int, filterBytes int64) (*sortedWriter, error) {
	file, err := open()
	if err != nil {
		return nil, err
	}
	blocks := s.blocks(n)
	r := &sorted{shape: s, file: file, filter: newFilter(n, filterBytes),
		first: make([]uint64, 0, blocks), sums: make([]uint32, 0, blocks)}
	return &sortedWriter{sorted: r, buf: make([]byte, 0, writeBytes+s.perBlock*s.size())}, nil
}

// add appends a record. Hashes may not fall.
func (w *sortedWriter) add(h uint64, key []uint64, number uint32) error {
	if h < w.hash {
		panic("explore: a run is out of order")
	}
	w.hash = h
	w.filter.add(h)
	if w.n%w.perBlock == 0 {
		w.seal()
		w.first = append(w.first, h)
		if len(w.buf) >= writeBytes {
			if err := w.flush(); err != nil {
				return err
			}
		}
	}
	w.buf = w.append(w.buf, h, key, number)
	w.n++
	return nil
}

// seal ends a block.
func (w *sortedWriter) seal() {
	if len(w.buf) > w.started {
		w.sums = append(w.sums, crc32.Checksum(w.buf[w.started:], castagnoli))
		w.started = len(w.buf)
	}
}

// flush writes what there is.
func (w *sortedWriter) flush() error {
	if err := writeAll(w.file, w.buf, w.at); err != nil {
		return err
	}
	w.at += int64(len(w.buf))
	w.buf, w.started = w.buf[:0], 0
	return nil
}

// done ends the run.
func (w *sortedWriter) done() (*sorted, error) {
	w.seal()
	if err := w.flush(); err != nil {
		return nil, err
	}
	return w.sorted, nil
}

// A sortedReader reads a run from its beginning to its end.
type sortedReader struct {
	*sorted
	block, at, n int // record at of n of a block is the next
	buf          []byte
	hash         uint64 // of the next; there is none if over
	over         bool
}

func newSortedReader(r *sorted) (*sortedReader, error) {
	x := &sortedReader{sorted: r, block: -1, buf: r.newBlock()}
	return x, x.next()
}

// next goes to the next record.
func (x *sortedReader) next() error {
	if x.at++; x.at >= x.n {
		x.block++
		x.at, x.n = 0, 0
		if x.over = x.block == len(x.first); x.over {
			return nil
		}
		var err error
		if x.n, err = x.read(x.block, x.buf); err != nil {
			return err
		}
	}
	x.hash = x.shape.hash(x.buf, x.at)
	return nil
}

// merge returns one run of what some have, which stay as they are.
func merge(runs []*sorted, open func() (scratch, error), filterBytes int64) (*sorted, error) {
	total := 0
	var readers []*sortedReader
	for _, r := range runs {
		x, err := newSortedReader(r)
		if err != nil {
			return nil, err
		}
		readers = append(readers, x)
		total += r.n
	}
	s := runs[0].shape
	w, err := newSorted(s, open, total, filterBytes)
	if err != nil {
		return nil, err
	}
	w.tier = runs[0].tier + 1
	key := make([]uint64, s.words)
	for range total {
		var least *sortedReader
		for _, x := range readers {
			if !x.over && (least == nil || x.hash < least.hash) {
				least = x
			}
		}
		s.key(least.buf, least.at, key)
		err := w.add(least.hash, key, s.number(least.buf, least.at))
		if err == nil {
			err = least.next()
		}
		if err != nil {
			w.file.Close()
			return nil, err
		}
	}
	r, err := w.done()
	if err != nil {
		w.file.Close()
	}
	return r, err
}
