package explore

import (
	"encoding/binary"
	"hash/crc32"

	"github.com/cspcheck/cspcheck/explore/checkpoint"
)

// Rows are lists of numbers, one after the other, such as where each state of
// a search leads. A row takes 4 bytes and 4 for each number; it never moves. Those of
// a Visitor go to disk when its search does, all but a few that were looked at
// last: it takes little longer then to look at them in order, up or down, but
// long to look here and there.
type Rows struct {
	n      int
	chunks []*rowChunk // of chunkRows rows each, but for the last; nil if it is only on disk
	kept   int64       // bytes of those that are there
	disk   *rowDisk    // nil if all are in memory
	err    error
}

// A rowChunk is some rows: the k-th ends before values[ends[k]].
type rowChunk struct {
	ends, values []uint32
}

const (
	chunkRows  = 1 << 9
	mostCached = 1 << 6 // chunks
)

// row returns the k-th.
func (c *rowChunk) row(k int) []uint32 {
	from := uint32(0)
	if k > 0 {
		from = c.ends[k-1]
	}
	to := c.ends[k]
	return c.values[from:to:to]
}

// bytes returns the memory that a chunk takes.
func (c *rowChunk) bytes() int64 { return 4*int64(cap(c.ends)+cap(c.values)) + 64 }

// Len returns how many rows there are.
func (r *Rows) Len() int { return r.n }

// Bytes returns the memory that they take.
func (r *Rows) Bytes() int64 { return r.kept + 8*int64(len(r.chunks)) }

// Err returns the error of the disk, if there was one: a *Limit. Rows that are
// looked at after it may be empty.
func (r *Rows) Err() error { return r.err }

// Add adds a row.
func (r *Rows) Add(row []uint32) {
	k := r.n % chunkRows
	if k == 0 {
		r.begin()
	}
	c := r.chunks[len(r.chunks)-1]
	r.kept -= c.bytes()
	c.values = append(c.values, row...)
	c.ends = append(c.ends, uint32(len(c.values)))
	r.kept += c.bytes()
	if r.n++; k == chunkRows-1 && r.disk != nil {
		r.save(len(r.chunks) - 1)
	}
}

// begin begins a chunk, which will be about as large as the one before.
func (r *Rows) begin() {
	c := &rowChunk{}
	if n := len(r.chunks); n > 0 {
		c.ends = make([]uint32, 0, chunkRows)
		if last := r.chunks[n-1]; last != nil {
			c.values = make([]uint32, 0, len(last.values)*9/8)
		}
	}
	r.chunks = append(r.chunks, c)
	r.kept += c.bytes()
}

// At returns row i, which nobody may change. In memory it stays.
func (r *Rows) At(i int) []uint32 {
	c := r.chunks[i/chunkRows]
	if c == nil {
		if c = r.load(i / chunkRows); c == nil {
			return nil
		}
	}
	return c.row(i % chunkRows)
}

// Filter keeps those rows only that are wanted, in their order.
func (r *Rows) Filter(wanted func(row []uint32) bool) {
	kept := Rows{}
	if r.disk != nil {
		kept.toDisk(r.disk.open)
	}
	for i := range r.n {
		row := r.At(i)
		if r.err != nil {
			break
		}
		if wanted(row) {
			kept.Add(row)
		}
		if r.disk == nil && (i+1)%chunkRows == 0 {
			r.chunks[i/chunkRows] = nil
		}
	}
	if r.disk != nil && r.disk.file != nil {
		r.disk.file.Close()
	}
	if r.err != nil {
		kept.err = r.err
	}
	*r = kept
}

// A rowDisk is where rows are that are on disk.
type rowDisk struct {
	open   func() (scratch, error)
	file   scratch
	places []rowPlace // of chunks
	end    int64      // of the file
	cached []int      // chunks in memory that are on disk, too
	oldest int        // of these
	buf    []byte
}

// A rowPlace is where a chunk is in the file, and its checksum.
type rowPlace struct {
	at          int64
	rows, bytes int
	sum         uint32
}

// OnDisk reports whether rows go to disk: it takes long then to look at them
// here and there.
func (r *Rows) OnDisk() bool { return r.disk != nil }

// toDisk moves what there is to a file, and sends there what comes.
func (r *Rows) toDisk(open func() (scratch, error)) {
	r.disk = &rowDisk{open: open}
	if r.disk.file, r.err = open(); r.err != nil {
		r.disk.file, r.err = nil, spillLimit(r.err)
		return
	}
	for c := range r.n / chunkRows {
		r.save(c)
	}
}

// save writes a chunk, the next one, and lets go of it.
func (r *Rows) save(c int) {
	d, chunk := r.disk, r.chunks[c]
	if r.err != nil {
		return
	}
	d.buf = d.buf[:0]
	for _, xs := range [][]uint32{chunk.ends, chunk.values} {
		for _, x := range xs {
			d.buf = binary.LittleEndian.AppendUint32(d.buf, x)
		}
	}
	place := rowPlace{d.end, len(chunk.ends), len(d.buf), crc32.Checksum(d.buf, castagnoli)}
	if err := writeAll(d.file, d.buf, d.end); err != nil {
		r.err = spillLimit(err)
		return
	}
	d.places = append(d.places, place)
	d.end += int64(place.bytes)
	r.release(c)
}

// release lets go of a chunk that is on disk.
func (r *Rows) release(c int) {
	r.kept -= r.chunks[c].bytes()
	r.chunks[c] = nil
}

// load reads a chunk, or returns nil. It takes the place of the one that was
// read first of those in memory.
func (r *Rows) load(c int) *rowChunk {
	d := r.disk
	if r.err != nil {
		return nil
	}
	place := d.places[c]
	d.buf = room(d.buf[:0], place.bytes)
	_, err := d.file.ReadAt(d.buf, place.at)
	if err == nil && crc32.Checksum(d.buf, castagnoli) != place.sum {
		err = errOther
	}
	if err != nil {
		r.err = spillLimit(err)
		return nil
	}
	all := make([]uint32, place.bytes/4)
	for i := range all {
		all[i] = binary.LittleEndian.Uint32(d.buf[4*i:])
	}
	chunk := &rowChunk{all[:place.rows:place.rows], all[place.rows:]}
	r.chunks[c] = chunk
	r.kept += chunk.bytes()
	if len(d.cached) < mostCached {
		d.cached = append(d.cached, c)
		return chunk
	}
	r.release(d.cached[d.oldest])
	d.cached[d.oldest] = c
	d.oldest = (d.oldest + 1) % mostCached
	return chunk
}

// Save writes the rows to the file of a search.
func (r *Rows) Save(w *checkpoint.Writer) {
	w.Int(r.n)
	for i := 0; i < r.n; i += chunkRows {
		r.At(i)
		if r.err != nil {
			w.Fail(r.err)
			return
		}
		c := r.chunks[i/chunkRows]
		w.Small(c.ends)
		w.Small(c.values)
	}
}

// Load reads into none what Save has written. Only that they are rows is looked
// at.
func (r *Rows) Load(from *checkpoint.Reader) {
	n := from.Int()
	for r.n < n && from.Err() == nil {
		c := rowChunk{from.Small(), from.Small()}
		good := len(c.ends) == min(chunkRows, n-r.n) && int(c.ends[len(c.ends)-1]) == len(c.values)
		for k := 1; k < len(c.ends); k++ {
			good = good && c.ends[k-1] <= c.ends[k]
		}
		if from.Err() == nil && !good {
			from.Fail("its numbers do not fit together")
		}
		for k := 0; k < len(c.ends) && from.Err() == nil; k++ {
			r.Add(c.row(k))
		}
	}
}
