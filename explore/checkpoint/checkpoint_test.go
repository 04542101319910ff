package checkpoint

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What is written is read back, however it falls into frames.
func TestReadsWhatWasWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringN(0, 20, 40).Draw(t, "text")
		n := rapid.IntRange(0, 1<<40).Draw(t, "n")
		words := rapid.SliceOfN(rapid.Uint64(), 0, 20).Draw(t, "words")
		small := rapid.SliceOfN(rapid.Uint32(), 0, 20).Draw(t, "small")
		ints := rapid.SliceOfN(rapid.IntRange(0, 1<<62), 0, 20).Draw(t, "ints")
		long := make([]byte, rapid.SampledFrom([]int{0, 1, mostFrame - 50, mostFrame, 2*mostFrame + 3}).Draw(t, "long"))
		for i := range long {
			long[i] = byte(i * i >> 3)
		}
		err := Write(file, func(w *Writer) {
			w.Section("one")
			w.Bytes(long)
			w.Int(n)
			w.Words(words)
			w.Small(small)
			w.Section("two")
			w.Ints(ints)
			w.Text(text)
		})
		if err != nil {
			t.Fatal(err)
		}
		r, err := Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		r.Section("one")
		same := slices.Equal(r.Bytes(), long) && r.Int() == n && slices.Equal(r.Words(), words) && slices.Equal(r.Small(), small)
		r.Section("two")
		if same = same && slices.Equal(r.Ints(), ints) && r.Text() == text; !same || r.More() || r.Err() != nil {
			t.Fatalf("it reads something else: %v", r.Err())
		}
		if _, err := os.Stat(file + beside); err == nil {
			t.Fatal("there is still something beside it")
		}
	})
}

// damaged wants bytes to be refused.
func damaged(t *testing.T, file, how string, b []byte) {
	t.Helper()
	if err := os.WriteFile(file, b, 0o666); err != nil {
		t.Fatal(err)
	}
	r, err := Open(file)
	var bad *Error
	if !errors.As(err, &bad) || !strings.HasPrefix(err.Error(), file+": ") {
		t.Errorf("%s: %v", how, err)
	}
	if err == nil {
		r.Close()
	}
}

// Every bit counts, and so does the order of parts, and that there is an end.
func TestDamageIsNoticed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	long := make([]byte, 3*mostFrame)
	random := rand.NewChaCha8([32]byte{})
	random.Read(long)
	for _, bytes := range [][]byte{long[:20], long} {
		if err := Write(file, func(w *Writer) { w.Section("test"); w.Bytes(bytes) }); err != nil {
			t.Fatal(err)
		}
		good, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		step := max(1, len(good)/60)
		for i := 0; i < len(good); i += step {
			bad := slices.Clone(good)
			bad[i] ^= 1 << (i / step % 8)
			damaged(t, file, "a bit is another", bad)
			damaged(t, file, "it is cut off", good[:i])
		}
		damaged(t, file, "there is more", append(slices.Clone(good), 0))
		if len(bytes) == len(long) {
			frame := frameHeader + mostFrame
			a, b := len(magic), len(magic)+frame
			swapped := slices.Concat(good[:a], good[b:b+frame], good[a:b], good[b+frame:])
			damaged(t, file, "two parts have changed places", swapped)
			damaged(t, file, "a part is missing", slices.Concat(good[:a], good[b:]))
		}
	}
}

// What is no checkpoint is told as what it is.
func TestOtherFiles(t *testing.T) {
	dir := t.TempDir()
	for _, tt := range []struct{ text, want string }{
		{"", "it is no checkpoint of cspcheck"},
		{"channel a\n", "it is no checkpoint of cspcheck"},
		{"cspcheck check", "it is cut off"},
		{"cspcheck checkpoint 7\nand more", "of another form, 7, and this program reads form 6"},
	} {
		file := filepath.Join(dir, "file")
		if err := os.WriteFile(file, []byte(tt.text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(file); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v, want %s", tt.text, err, tt.want)
		}
	}
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), "it is no file") {
		t.Errorf("a directory: %v", err)
	}
	if _, err := Open(filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("none: %v", err)
	}
}

// Until a file is whole the one before it stays, also where a program that
// was killed has left a part of another.
func TestWriteReplacesWhole(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	for i, what := range []string{"one", "two"} {
		if err := os.WriteFile(file+beside, []byte("left behind, and longer than what there is to write in this test, by far"), 0o666); err != nil {
			t.Fatal(err)
		}
		err := Write(file, func(w *Writer) {
			w.Section(what)
			_, err := os.Stat(file)
			if there := err == nil; there != (i > 0) {
				t.Errorf("while %s is written, there is a file: %v", what, there)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		r, err := Open(file)
		if err != nil {
			t.Fatal(err)
		}
		if r.Section(what); r.Err() != nil || r.More() {
			t.Error(r.Err())
		}
		r.Close()
	}
	if err := Write(filepath.Join(file, "below"), func(*Writer) {}); err == nil {
		t.Error("a file is a directory")
	}
	if err := Try(filepath.Join(file, "below")); err == nil {
		t.Error("a file is a directory")
	}
	if err := Try(file); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(file + beside); err == nil {
		t.Error("trying leaves something")
	}
}

// Values that don't fit are an error, and what is read then is zero.
func TestReaderFails(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := Write(file, func(w *Writer) { w.Section("test"); w.Word(1 << 63); w.Int(1 << 50) }); err != nil {
		t.Fatal(err)
	}
	for _, read := range []func(r *Reader){
		func(r *Reader) { r.Section("another") },
		func(r *Reader) { r.Section("test"); r.Int() },
		func(r *Reader) { r.Section("test"); r.Word(); r.Bytes() },
		func(r *Reader) { r.Section("test"); r.Word(); r.Word(); r.Word() },
		func(r *Reader) { r.Fail("a reason") },
	} {
		r, err := Open(file)
		if err != nil {
			t.Fatal(err)
		}
		read(r)
		var bad *Error
		if !errors.As(r.Err(), &bad) || r.Word() != 0 || len(r.Words()) != 0 || r.Text() != "" {
			t.Errorf("%v", r.Err())
		}
		r.Close()
	}
}
