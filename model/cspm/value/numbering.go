package value

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
)

// A Numbering numbers strings of bytes in the order in which they first come:
// 0, 1, 2, ... It is a hash table with open addressing, whose parts hold no
// pointers: of millions of strings, the garbage collector has none to look at.
// The zero value is ready for use.
type Numbering struct {
	seed  maphash.Seed
	slots []slot   // as many as a power of two, at most ¾ used
	known []place  // by number
	text  [][]byte // the strings, each after its length
}

// A slot has a hash and a number and one; 0: it is free.
type slot struct{ hash, next uint32 }

// A place is where a string stands.
type place struct{ piece, off uint32 }

// How long a piece of text is, unless one string is longer.
const pieceSize = 1 << 16

// Len returns how many strings have numbers.
func (n *Numbering) Len() int { return len(n.known) }

// Of returns the number of a string, and whether it had it before.
func (n *Numbering) Of(b []byte) (number int, old bool) {
	if len(n.slots) == 0 {
		n.grow() // for its seed
	}
	return n.of(b, uint32(maphash.Bytes(n.seed, b)))
}

// of is Of for a string whose hash is h, which is always made with one seed.
func (n *Numbering) of(b []byte, h uint32) (number int, old bool) {
	if 4*(len(n.known)+1) > 3*len(n.slots) {
		n.grow()
	}
	number, at := n.seek(b, h)
	if number >= 0 {
		return number, true
	}
	n.known = append(n.known, n.write(b))
	n.slots[at] = slot{h, uint32(len(n.known))}
	return len(n.known) - 1, false
}

// find returns the number of a string whose hash is h; -1 if it has none.
func (n *Numbering) find(b []byte, h uint32) int {
	if len(n.known) == 0 {
		return -1
	}
	number, _ := n.seek(b, h)
	return number
}

// seek returns the number of a string whose hash is h, or -1 and the slot that
// it would have.
func (n *Numbering) seek(b []byte, h uint32) (number int, at uint32) {
	mask := uint32(len(n.slots) - 1)
	for at = h & mask; ; at = (at + 1) & mask {
		s := &n.slots[at]
		if s.next == 0 {
			return -1, at
		}
		if s.hash == h && bytes.Equal(n.read(n.known[s.next-1]), b) {
			return int(s.next - 1), at
		}
	}
}

// grow doubles the slots.
func (n *Numbering) grow() {
	if len(n.slots) == 0 {
		n.seed = maphash.MakeSeed()
	}
	if len(n.slots) > 1<<31 {
		FailLimit("more than %d values and processes are being told apart", len(n.known))
	}
	old := n.slots
	n.slots = make([]slot, max(64, 2*len(old)))
	mask := uint32(len(n.slots) - 1)
	for _, s := range old {
		if s.next == 0 {
			continue
		}
		at := s.hash & mask
		for n.slots[at].next != 0 {
			at = (at + 1) & mask
		}
		n.slots[at] = s
	}
}

// write puts a string behind the others.
func (n *Numbering) write(b []byte) place {
	last := len(n.text) - 1
	if last < 0 || cap(n.text[last])-len(n.text[last]) < len(b)+binary.MaxVarintLen32 {
		n.text = append(n.text, make([]byte, 0, max(pieceSize, len(b)+binary.MaxVarintLen32)))
		last++
	}
	at := place{uint32(last), uint32(len(n.text[last]))}
	n.text[last] = append(binary.AppendUvarint(n.text[last], uint64(len(b))), b...)
	return at
}

func (n *Numbering) read(p place) []byte {
	b := n.text[p.piece][p.off:]
	size, from := binary.Uvarint(b)
	return b[from : from+int(size)]
}
