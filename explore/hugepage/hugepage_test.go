package hugepage

import "testing"

// Slices of all sizes around that of a page have their length, and are zeros.
func TestMake(t *testing.T) {
	for _, n := range []int{0, 1, 7, 4096, Size - 1, Size, 2*Size + 3, 5 * Size} {
		b, w := Make[byte](n), Make[uint64](n/8)
		if len(b) != n || len(w) != n/8 {
			t.Errorf("%d bytes and %d words, not %d and %d", len(b), len(w), n, n/8)
		}
		for i := range b {
			if b[i] != 0 {
				t.Fatalf("byte %d of %d is %d", i, n, b[i])
			}
			b[i] = 1
		}
		for i := range w {
			if w[i] != 0 {
				t.Fatalf("word %d of %d is %d", i, n/8, w[i])
			}
			w[i] = 1
		}
	}
}
