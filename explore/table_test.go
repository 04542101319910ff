package explore

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A permutation can be undone: no two numbers become the same, and all bits
// that it has are used.
func TestPermutationIsOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newPermutation(uint(rapid.IntRange(0, 64).Draw(t, "bits")))
		if p.bits < fewestBits || p.bits > 64 {
			t.Fatalf("%d bits", p.bits)
		}
		number := rapid.Uint64Max(^uint64(0) >> (64 - p.bits))
		x, y := number.Draw(t, "x"), number.Draw(t, "y")
		if p.of(x)&^p.mask != 0 {
			t.Fatalf("%x has bits outside of %x", p.of(x), p.mask)
		}
		if got := p.undo(p.of(x)); got != x {
			t.Fatalf("%x is %x undone", x, got)
		}
		if x != y && p.of(x) == p.of(y) {
			t.Fatalf("%x and %x become the same", x, y)
		}
	})
}

// undo takes the steps of a permutation back, last first.
func (p permutation) undo(y uint64) uint64 {
	inverse := func(odd uint64) uint64 { // Newton: each step doubles the right bits
		x := odd
		for range 6 {
			x *= 2 - odd*x
		}
		return x
	}
	y *= inverse(0xd6e8feb86659fd93)
	x := y
	for range 64 { // the upper half is right, and so on down
		x = y ^ x>>(p.bits/2)&p.mask
	}
	return x * inverse(0x9e3779b97f4a7c15) >> (64 - p.bits)
}

// A store does what a map does, for states of any width: those that crowd
// together, too, which are far from home, and through growth.
func TestStoreIsAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.SampledFrom([]int{0, 1, 1, 1, 2, 3}).Draw(t, "width")
		bits := 64
		if width == 1 {
			bits = rapid.SampledFrom([]int{1, 20, 34, 35, 48, 57, 58, 59, 64}).Draw(t, "bits")
		}
		s := newStoreOf(width, bits)
		crowd := s.exact && bits >= fewestBits && rapid.Bool().Draw(t, "crowd")
		numbers := map[[3]uint64]uint32{}
		var order [][3]uint64
		random := rapid.Uint64().Draw(t, "seed")
		next := func() uint64 {
			random++
			return hash([]uint64{random, random})
		}
		for range rapid.IntRange(1, 40).Draw(t, "blocks") {
			n := rapid.IntRange(0, 64).Draw(t, "n")
			var words, hashes []uint64
			var keys [][3]uint64
			for range n {
				var key [3]uint64
				for j := range width {
					key[j] = next() >> (64 - bits) >> (next() % uint64(bits))
					if crowd { // four homes for all in the smallest table, and the same tags at each
						h := next()%4<<(64-firstBits) | next()%300<<(64-s.key.bits)
						key[j] = s.key.undo(h)
					}
				}
				keys = append(keys, key)
				words = append(words, key[:width]...)
			}
			hashes = make([]uint64, n)
			s.hashAll(words, hashes)
			found := make([]uint32, n)
			for _, k := range s.look(hashes, found, make([]uint32, n)) {
				w := keys[k][:width]
				if h := s.hash(w); h != hashes[k] {
					t.Fatalf("the hash of %x is %x, and %x among others", w, h, hashes[k])
				}
				i, at := s.find(w, hashes[k])
				if i < 0 {
					if s.full() {
						s.grow()
						_, at = s.find(w, hashes[k])
					}
					i = s.n
					s.add(w, at, 7*i)
				}
				found[k] = uint32(i)
			}
			for k, key := range keys {
				want, ok := numbers[key]
				if !ok {
					want = uint32(len(order))
					numbers[key] = want
					order = append(order, key)
				}
				if found[k] != want {
					t.Fatalf("state %x has number %d, not %d", key[:width], found[k], want)
				}
			}
		}
		if s.n != len(order) {
			t.Fatalf("%d states, not %d", s.n, len(order))
		}
		for i, key := range order {
			if !slices.Equal(s.at(i), key[:width]) || s.parent(i) != 7*i {
				t.Fatalf("state %d is %x with parent %d, not %x with %d", i, s.at(i), s.parent(i), key[:width], 7*i)
			}
		}
	})
}
