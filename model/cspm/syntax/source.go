package syntax

import (
	"bytes"
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// A Pos is a place in the text of a script: 1 + the byte offset in the
// concatenation of its files, in the order they were read. 0 is no place.
type Pos int32

// A Span is the text from Start up to, not including, End.
type Span struct{ Start, End Pos }

// At returns s, so that what embeds a Span is a Node.
func (s Span) At() Span { return s }

// To returns the span from the start of s to the end of t.
func (s Span) To(t Span) Span { return Span{s.Start, t.End} }

// A Position is a Pos for people. Line and Col count from 1; Col counts
// characters (a byte that is not UTF-8 is one).
type Position struct {
	File      string
	Line, Col int
}

func (p Position) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// Files holds the text of a script: its root file and all that it includes.
type Files struct{ files []*SourceFile }

// A SourceFile is one file of a script. It is used by one goroutine at a time.
type SourceFile struct {
	Name  string
	Text  []byte
	Base  Pos   // of the first byte
	From  Span  // of the path in the include that names it; zero for the root file
	lines []int // offsets of line starts; the first is after a byte order mark

	// Where Position was asked for last, so that it need not count a long line
	// from its start again: an offset and the characters of its line before it.
	asked, before int
}

// byteOrderMark may begin a file, and is no part of its text.
var byteOrderMark = []byte("\uFEFF")

// Add appends a file. A position one past its last byte belongs to it too.
func (fs *Files) Add(name string, text []byte) *SourceFile {
	f := &SourceFile{Name: name, Text: text, Base: 1, lines: []int{0}}
	if n := len(fs.files); n > 0 {
		last := fs.files[n-1]
		f.Base = last.Base + Pos(len(last.Text)) + 1
	}
	if bytes.HasPrefix(text, byteOrderMark) {
		f.lines[0] = len(byteOrderMark)
	}
	for i, c := range text {
		if c == '\n' {
			f.lines = append(f.lines, i+1)
		}
	}
	fs.files = append(fs.files, f)
	return f
}

// File returns the file that holds p, or nil.
func (fs *Files) File(p Pos) *SourceFile {
	i := sort.Search(len(fs.files), func(i int) bool { return fs.files[i].Base > p }) - 1
	if p == 0 || i < 0 {
		return nil
	}
	return fs.files[i]
}

// Position returns the place of p.
func (fs *Files) Position(p Pos) Position {
	f := fs.File(p)
	if f == nil {
		return Position{}
	}
	off := max(min(int(p-f.Base), len(f.Text)), f.lines[0])
	line := sort.SearchInts(f.lines, off+1) - 1
	if f.asked < f.lines[line] || f.asked > off {
		f.asked, f.before = f.lines[line], 0
	}
	f.before += utf8.RuneCount(f.Text[f.asked:off])
	f.asked = off
	return Position{f.Name, line + 1, f.before + 1}
}

// decodeChar returns the character that text begins with, and its bytes. A
// byte that is not UTF-8 is taken for Windows-1252, which is what scripts
// with accents were written in.
func decodeChar(text []byte) (rune, int) {
	r, n := utf8.DecodeRune(text)
	if r == utf8.RuneError && n == 1 {
		if r = charmap.Windows1252.DecodeByte(text[0]); r == utf8.RuneError {
			r = rune(text[0])
		}
	}
	return r, n
}

// validUTF8 returns text in UTF-8, a character for a character.
func validUTF8(text []byte) string {
	if utf8.Valid(text) {
		return string(text)
	}
	var b strings.Builder
	for len(text) > 0 {
		r, n := decodeChar(text)
		b.WriteRune(r)
		text = text[n:]
	}
	return b.String()
}

// Find returns what Position is given to return the line and column of a
// place; false if there is no such place.
func (fs *Files) Find(at Position) (Pos, bool) {
	for _, f := range fs.files {
		if f.Name != at.File || at.Line < 1 || at.Line > len(f.lines) || at.Col < 1 {
			continue
		}
		off := f.lines[at.Line-1]
		for range at.Col - 1 {
			if off >= len(f.Text) || f.Text[off] == '\n' {
				return 0, false
			}
			_, n := utf8.DecodeRune(f.Text[off:])
			off += n
		}
		return f.Base + Pos(off), true
	}
	return 0, false
}

// Line returns the source line that holds p, in UTF-8, without its line end.
func (fs *Files) Line(p Pos) string {
	f := fs.File(p)
	if f == nil {
		return ""
	}
	line := fs.Position(p).Line - 1
	text := f.Text[f.lines[line]:]
	if line+1 < len(f.lines) {
		text = f.Text[f.lines[line]:f.lines[line+1]]
	}
	return strings.TrimRight(validUTF8(text), "\r\n")
}

// Text returns the text of s, which must lie in one file, in UTF-8.
func (fs *Files) Text(s Span) string {
	f := fs.File(s.Start)
	if f == nil || s.End < s.Start || int(s.End-f.Base) > len(f.Text) {
		return ""
	}
	return validUTF8(f.Text[s.Start-f.Base : s.End-f.Base])
}

// All returns the text of all files.
func (fs *Files) All() string {
	var b strings.Builder
	for _, f := range fs.files {
		b.Write(f.Text)
		b.WriteByte('\n')
	}
	return b.String()
}
