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
	slots []uint32 // a number and one; 0: free. As many as a power of two, at most ¾ used
	known []entry  // by number
	text  [][]byte // the strings, each after its length
}

// An entry says what the hash of a string is, and where it stands.
type entry struct {
	hash       uint32
	piece, off uint32
}

// How long a piece of text is, unless one string is longer.
const pieceSize = 1 << 16

// Len returns how many strings have numbers.
func (n *Numbering) Len() int { return len(n.known) }

// Of returns the number of a string, and whether it had it before.
func (n *Numbering) Of(b []byte) (number int, old bool) {
	if 4*(len(n.known)+1) > 3*len(n.slots) {
		n.grow()
	}
	h := uint32(maphash.Bytes(n.seed, b))
	mask := uint32(len(n.slots) - 1)
	for at := h & mask; ; at = (at + 1) & mask {
		if n.slots[at] == 0 {
			number = len(n.known)
			n.known = append(n.known, n.write(h, b))
			n.slots[at] = uint32(len(n.known))
			return number, false
		}
		number = int(n.slots[at] - 1)
		if e := n.known[number]; e.hash == h && bytes.Equal(n.read(e), b) {
			return number, true
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
	n.slots = make([]uint32, max(64, 2*len(n.slots)))
	mask := uint32(len(n.slots) - 1)
	for i, e := range n.known {
		at := e.hash & mask
		for n.slots[at] != 0 {
			at = (at + 1) & mask
		}
		n.slots[at] = uint32(i + 1)
	}
}

// write puts a string behind the others.
func (n *Numbering) write(hash uint32, b []byte) entry {
	last := len(n.text) - 1
	if last < 0 || cap(n.text[last])-len(n.text[last]) < len(b)+binary.MaxVarintLen32 {
		n.text = append(n.text, make([]byte, 0, max(pieceSize, len(b)+binary.MaxVarintLen32)))
		last++
	}
	at := entry{hash, uint32(last), uint32(len(n.text[last]))}
	n.text[last] = append(binary.AppendUvarint(n.text[last], uint64(len(b))), b...)
	return at
}

func (n *Numbering) read(e entry) []byte {
	b := n.text[e.piece][e.off:]
	size, from := binary.Uvarint(b)
	return b[from : from+int(size)]
}
