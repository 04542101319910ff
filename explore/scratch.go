package explore

import (
	"errors"
	"io"
	"time"
)

// A scratch is a file of a search. Nobody else sees it, and it is gone when
// it is closed, or the process ends in whatever way.
type scratch interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
}

// scratchName is what the names of scratch files begin with, as far as they
// have names.
const scratchName = "cspcheck-spill-"

// writeAll writes bytes to a file.
func writeAll(f scratch, b []byte, at int64) error {
	n, err := f.WriteAt(b, at)
	if err == nil && n < len(b) {
		return io.ErrShortWrite
	}
	return err
}

// errOther is the error of a checksum that is wrong.
var errOther = errors.New("what was read is not what was written")

// A watched is a scratch file whose search is asked now and then whether it
// may go on: to read and write much takes long.
type watched struct {
	scratch
	by *spill
}

func (w watched) ReadAt(b []byte, at int64) (int, error) {
	if err := w.by.check(); err != nil {
		return 0, err
	}
	return w.scratch.ReadAt(b, at)
}

func (w watched) WriteAt(b []byte, at int64) (int, error) {
	if err := w.by.check(); err != nil {
		return 0, err
	}
	return w.scratch.WriteAt(b, at)
}

// check returns the limit on time that the search has passed, or nil.
func (d *spill) check() error {
	const every = 32 // calls
	if d.calls.Add(1)%every != 0 || d.watch == nil {
		return nil
	}
	return d.watch.expired(time.Now())
}

// open makes a scratch file.
func (d *spill) open() (scratch, error) {
	f, err := newScratch(d.dir)
	if err != nil {
		return nil, err
	}
	return watched{f, d}, nil
}

// newScratch makes one in a directory. (Tests have others, which fail.)
var newScratch = makeScratch
