package checkpoint

import (
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// beside is what a file has behind its name while it is written. One that a
// killed program left is written over.
const beside = ".part"

// Write writes a file by calling what. If that, or the disk, fails, the file
// that was there before stays. Through a symbolic link the file is written that
// it leads to; what is there and no regular file is an error.
func Write(file string, what func(*Writer)) error {
	file, err := place(file)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(file+beside, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return err
	}
	w := &Writer{to: f}
	if _, w.err = f.WriteString(magic); w.err == nil {
		what(w)
		w.flush()
		w.frame(nil)
	}
	err = errors.Join(w.err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(file+beside, file)
	}
	if err != nil {
		os.Remove(file + beside)
		return err
	}
	return syncDirectory(filepath.Dir(file))
}

// Abandon removes what a Write that is going on has written so far: it fails
// unless it is about to be done.
func Abandon(file string) {
	if at, err := place(file); err == nil {
		os.Remove(at + beside)
	}
}

// syncDirectory brings a new name to the disk, where that is possible: not
// every system lets one open a directory.
func syncDirectory(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return nil
	}
	d.Sync()
	return d.Close()
}

// A Writer takes the values of a file. After an error it takes them and
// writes nothing; Write returns that error.
type Writer struct {
	to     io.Writer
	err    error
	number uint64 // of the next frame
	data   []byte
}

// Fail makes it an error that what is to be written can't be had.
func (w *Writer) Fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

// Section begins a section.
func (w *Writer) Section(name string) { w.Text(name) }

// Int writes a number.
func (w *Writer) Int(n int) { w.Word(uint64(n)) }

// Word writes a word.
func (w *Writer) Word(x uint64) {
	w.room(8)
	w.data = binary.LittleEndian.AppendUint64(w.data, x)
}

// Words writes words and how many there are.
func (w *Writer) Words(xs []uint64) {
	w.Int(len(xs))
	for _, x := range xs {
		w.Word(x)
	}
}

// Ints writes numbers and how many there are.
func (w *Writer) Ints(ns []int) {
	w.Int(len(ns))
	for _, n := range ns {
		w.Int(n)
	}
}

// Small writes numbers of 32 bits and how many there are.
func (w *Writer) Small(xs []uint32) {
	w.Int(len(xs))
	for _, x := range xs {
		w.room(4)
		w.data = binary.LittleEndian.AppendUint32(w.data, x)
	}
}

// Text writes text.
func (w *Writer) Text(s string) { w.Bytes([]byte(s)) }

// Bytes writes bytes and how many there are.
func (w *Writer) Bytes(b []byte) {
	w.Int(len(b))
	for len(b) > 0 {
		w.room(1)
		n := min(len(b), mostFrame-len(w.data))
		w.data = append(w.data, b[:n]...)
		b = b[n:]
	}
}

// room makes room for so many bytes.
func (w *Writer) room(n int) {
	if len(w.data)+n > mostFrame {
		w.flush()
	}
}

// flush writes what there is.
func (w *Writer) flush() {
	if len(w.data) > 0 {
		w.frame(w.data)
		w.data = w.data[:0]
	}
}

// frame writes a frame.
func (w *Writer) frame(data []byte) {
	if w.err != nil {
		return
	}
	var head [frameHeader]byte
	binary.LittleEndian.PutUint32(head[:], uint32(len(data)))
	binary.LittleEndian.PutUint64(head[4:], checksum(w.number, data))
	w.number++
	if _, w.err = w.to.Write(head[:]); w.err == nil && len(data) > 0 {
		_, w.err = w.to.Write(data)
	}
}
