package value

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"
)

// A Numbering does what a map does.
func TestNumberingIsAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var n Numbering
		want := map[string]int{}
		short := rapid.SliceOfN(rapid.ByteRange('a', 'c'), 0, 5)
		long := rapid.Custom(func(t *rapid.T) []byte {
			return bytes.Repeat([]byte{rapid.Byte().Draw(t, "byte")}, rapid.IntRange(0, 3*pieceSize/2).Draw(t, "length"))
		})
		for range rapid.IntRange(0, 300).Draw(t, "strings") {
			b := short.Draw(t, "string")
			if rapid.IntRange(0, 30).Draw(t, "long") == 0 {
				b = long.Draw(t, "string")
			}
			number, old := n.Of(b)
			if w, ok := want[string(b)]; ok != old || ok && w != number || !ok && number != len(want) {
				t.Fatalf("%d bytes have the number %d (before: %v), want %d (%v)", len(b), number, old, w, ok)
			}
			want[string(b)] = number
		}
		if n.Len() != len(want) {
			t.Errorf("%d numbers, want %d", n.Len(), len(want))
		}
	})
}

// What is put into it is copied.
func TestNumberingKeepsItsOwn(t *testing.T) {
	var n Numbering
	b := []byte("one")
	n.Of(b)
	copy(b, "two")
	if number, old := n.Of([]byte("one")); number != 0 || !old {
		t.Errorf("the number %d, known before: %v", number, old)
	}
	if number, old := n.Of(b); number != 1 || old {
		t.Errorf("the number %d, known before: %v", number, old)
	}
}
