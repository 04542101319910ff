package explore

import (
	"fmt"
	"math/bits"
)

const k0, k1, k2 = 0xa0761d6478bd642f, 0xe7037ed1a0b428db, 0x8ebc6af09c88c6e3

// hash mixes the words of a state by folded multiplication, as wyhash does
// (Wang Yi, 2019). It is the same in every run. Of two words, hash and second
// word tell the first.
func hash(words []uint64) uint64 {
	switch len(words) {
	case 1:
		return stirred(words[0])
	case 2:
		return mixing.of(words[0] ^ stirred(words[1]))
	}
	h := uint64(k2)
	for len(words) >= 2 {
		h = mix(words[0]^k0, words[1]^h)
		words = words[2:]
	}
	if len(words) == 1 {
		h = mix(words[0]^k0, h)
	}
	return mix(h^k1, k2)
}

// stirred mixes a word.
func stirred(word uint64) uint64 { return mix(word^k0, k1) }

// mixing is a permutation of full words.
var mixing = newPermutation(64)

func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}

// A permutation is one of the numbers of some bits, and mixes them well.
type permutation struct {
	bits uint
	mask uint64 // the upper bits, that many
}

// By what a permutation multiplies, and the inverses of both, modulo 1<<64.
const (
	spread, unspread = 0x9e3779b97f4a7c15, 0xf1de83e19937733d
	stir, unstir     = 0xd6e8feb86659fd93, 0xcfee444d8b59a89b
)

// fewestBits is more than there are upper bits that anybody asks for.
const fewestBits = 34

func newPermutation(bits uint) permutation {
	bits = min(max(bits, fewestBits), 64)
	return permutation{bits, ^uint64(0) << (64 - bits)}
}

// of returns what x becomes, in the upper bits. Each step can be undone: odd
// numbers have inverses, and half of the bits stay in the other. What is in
// the upper half of x comes to the lower by the second, and from there to all
// above by the third.
func (p permutation) of(x uint64) uint64 {
	x = x << ((64 - p.bits) % 64) * spread
	x ^= x >> (p.bits / 2 % 64) & p.mask
	return x * stir
}

// undo takes the steps of a permutation back, last first.
func (p permutation) undo(y uint64) uint64 {
	y *= unstir
	x := y
	for range 3 { // the upper half is right, then all but a bit, then all
		x = y ^ x>>(p.bits/2%64)&p.mask
	}
	return x * unspread >> ((64 - p.bits) % 64)
}

// must panics if a state, or some together, have bits that p doesn't: states
// that differ in those only would be taken for one.
func (p permutation) must(words uint64) {
	if words>>p.bits != 0 {
		panic(fmt.Sprintf("explore: a state has bits beyond the %d that its System tells of", p.bits))
	}
}
