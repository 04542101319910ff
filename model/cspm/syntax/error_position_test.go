package syntax

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// Places are the same in whatever order they are asked for.
func TestPositionInAnyOrder(t *testing.T) {
	text := "ab\n\nτ✓x = \"é\"\n" + strings.Repeat("ü-", 50)
	fs := &Files{}
	f := fs.Add("f.csp", []byte(text))
	want := func(off int) (line, col int) {
		before := text[:off]
		line = strings.Count(before, "\n") + 1
		return line, utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	}
	for step := range 7 {
		for i := range len(text) + 1 {
			off := i
			switch step % 3 {
			case 1:
				off = len(text) - i
			case 2:
				off = i * (2*step + 1) % (len(text) + 1)
			}
			if !utf8.RuneStart((text + "x")[off]) {
				continue
			}
			line, col := want(off)
			if got := fs.Position(f.Base + Pos(off)); got.Line != line || got.Col != col {
				t.Fatalf("offset %d: %v, want %d:%d", off, got, line, col)
			}
		}
	}
}
