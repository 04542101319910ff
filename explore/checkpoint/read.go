package checkpoint

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// A Reader reads the values of a file in the order in which they were
// written. After an error, which Err returns, all values are zero.
type Reader struct {
	file   *os.File
	name   string
	size   int64
	err    error
	number uint64 // of the next frame
	frame  []byte
	data   []byte // of the frame, what is left
	ended  bool
}

// Open opens a file, and looks at all of it for damage. What is wrong with it
// is an *Error; what keeps it from being read is another.
func Open(name string) (*Reader, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &Error{name, "it is no file"}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	r := &Reader{file: f, name: name, size: info.Size()}
	if err := r.check(); err != nil {
		f.Close()
		return nil, err
	}
	return r, nil
}

// check reads the whole file, and goes back to its beginning.
func (r *Reader) check() error {
	if err := r.begin(); err != nil {
		return err
	}
	for !r.ended && r.err == nil {
		r.next()
	}
	if r.err != nil {
		return r.err
	}
	if n, err := r.file.Read(make([]byte, 1)); n > 0 || !errors.Is(err, io.EOF) {
		return r.damaged("there is something behind its end")
	}
	return r.begin()
}

// begin reads the line at the beginning.
func (r *Reader) begin() error {
	if _, err := r.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	r.number, r.data, r.ended = 0, nil, false
	head := make([]byte, len(magic))
	n, err := io.ReadFull(r.file, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	kind := magic[:bytes.LastIndexByte([]byte(magic), ' ')+1]
	switch {
	case string(head[:n]) == magic:
		return nil
	case n == len(magic) && string(head[:len(kind)]) == kind:
		return &Error{r.name, fmt.Sprintf("it is a checkpoint of another form, %s, and this program reads form %s: it is another version's, or damaged",
			bytes.TrimSpace(head[len(kind):]), magic[len(kind):len(magic)-1])}
	case n > 0 && string(head[:n]) == magic[:n]:
		return r.damaged("it is cut off")
	}
	return &Error{r.name, "it is no checkpoint of cspcheck, or is damaged at its very beginning"}
}

// damaged returns the error that the file is not as it was written.
func (r *Reader) damaged(how string) error {
	return &Error{r.name, "the checkpoint is damaged: " + how}
}

// next reads the next frame.
func (r *Reader) next() {
	var head [frameHeader]byte
	if !r.fill(head[:]) {
		return
	}
	n := binary.LittleEndian.Uint32(head[:])
	if n > mostFrame {
		r.err = r.damaged(fmt.Sprintf("the length of part %d is wrong", r.number))
		return
	}
	if cap(r.frame) < int(n) {
		r.frame = make([]byte, mostFrame)
	}
	r.data = r.frame[:n]
	if !r.fill(r.data) {
		return
	}
	if checksum(r.number, r.data) != binary.LittleEndian.Uint64(head[4:]) {
		r.data = nil
		r.err = r.damaged(fmt.Sprintf("the checksum of part %d is wrong", r.number))
		return
	}
	r.number++
	r.ended = n == 0
}

// fill reads as many bytes as there is room for.
func (r *Reader) fill(b []byte) bool {
	_, err := io.ReadFull(r.file, b)
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		r.err = r.damaged("it is cut off")
	case err != nil:
		r.err = err
	}
	if err != nil {
		r.data = nil
	}
	return err == nil
}

// take reads bytes.
func (r *Reader) take(b []byte) {
	for len(b) > 0 && r.err == nil {
		if len(r.data) == 0 {
			if r.ended {
				r.Fail("it ends too early")
				break
			}
			r.next()
			continue
		}
		n := copy(b, r.data)
		b, r.data = b[n:], r.data[n:]
	}
	if r.err != nil {
		clear(b)
	}
}

// Fail makes it an error that the values don't fit together.
func (r *Reader) Fail(format string, args ...any) {
	if r.err == nil {
		r.err = &Error{r.name, "the checkpoint can't be used: " + fmt.Sprintf(format, args...)}
	}
}

// Err returns the first error.
func (r *Reader) Err() error { return r.err }

// Name returns the name of the file.
func (r *Reader) Name() string { return r.name }

// Size returns the bytes of the file.
func (r *Reader) Size() int64 { return r.size }

// Close closes the file.
func (r *Reader) Close() error { return r.file.Close() }

// More reports whether there are more values.
func (r *Reader) More() bool {
	for len(r.data) == 0 && !r.ended && r.err == nil {
		r.next()
	}
	return len(r.data) > 0
}

// Section wants a section to begin.
func (r *Reader) Section(name string) {
	if got := r.Text(); r.err == nil && got != name {
		r.Fail("it has %.40q where %s should be", got, name)
	}
}

// Int reads a number that was at least 0.
func (r *Reader) Int() int {
	n := int(r.Word())
	if n < 0 {
		r.Fail("a number in it is wrong")
		return 0
	}
	return n
}

// Word reads a word.
func (r *Reader) Word() uint64 {
	var b [8]byte
	r.take(b[:])
	if r.err != nil {
		return 0
	}
	return binary.LittleEndian.Uint64(b[:])
}

// count reads how many things of some bytes there are.
func (r *Reader) count(bytes int) int {
	n := r.Int()
	if int64(n) > r.size/int64(bytes) {
		r.Fail("a number in it is wrong")
		return 0
	}
	return n
}

// Words reads words.
func (r *Reader) Words() []uint64 {
	xs := make([]uint64, r.count(8))
	for i := range xs {
		xs[i] = r.Word()
	}
	return xs
}

// WordsInto reads words, of which there must be as many as there is room for.
func (r *Reader) WordsInto(xs []uint64) {
	if n := r.count(8); n != len(xs) {
		r.Fail("a number in it is wrong")
		return
	}
	for i := range xs {
		xs[i] = r.Word()
	}
}

// Ints reads numbers that were at least 0.
func (r *Reader) Ints() []int {
	ns := make([]int, r.count(8))
	for i := range ns {
		ns[i] = r.Int()
	}
	return ns
}

// Small reads numbers of 32 bits.
func (r *Reader) Small() []uint32 {
	xs := make([]uint32, r.count(4))
	var b [4]byte
	for i := range xs {
		r.take(b[:])
		xs[i] = binary.LittleEndian.Uint32(b[:])
	}
	return xs
}

// Text reads text.
func (r *Reader) Text() string { return string(r.Bytes()) }

// Bytes reads bytes.
func (r *Reader) Bytes() []byte {
	b := make([]byte, r.count(1))
	r.take(b)
	return b
}

// BytesInto reads bytes, of which there must be as many as there is room for.
func (r *Reader) BytesInto(b []byte) {
	if n := r.count(1); n != len(b) {
		r.Fail("a number in it is wrong")
		return
	}
	r.take(b)
}
