package value

import (
	"bytes"
	"hash/maphash"
	"sync"
)

// A Common is a Numbering that several goroutines add to. Strings that had
// numbers when it was made keep them; others get theirs in no certain order,
// as near to each other as a hash spreads them evenly.
type Common struct {
	first  *Numbering // is not added to any more
	seed   maphash.Seed
	shards [commonShards]shard
}

type shard struct {
	sync.Mutex
	Numbering
}

const commonShards = 64

// NewCommon returns a Common that goes on where first ends, which must not be
// used any more.
func NewCommon(first *Numbering) *Common { return &Common{first: first, seed: maphash.MakeSeed()} }

// Of returns the number of a string, and whether it had it before.
func (c *Common) Of(b []byte) (number int, old bool) {
	if n, ok := c.first.find(b); ok {
		return n, true
	}
	i := int(maphash.Bytes(c.seed, b) % commonShards)
	s := &c.shards[i]
	s.Lock()
	defer s.Unlock()
	n, old := s.Numbering.Of(b)
	return c.first.Len() + n*commonShards + i, old
}

// Read returns the string that has a number. It must not be changed.
func (c *Common) Read(number int) []byte {
	number -= c.first.Len()
	if number < 0 {
		return c.first.read(c.first.known[number+c.first.Len()])
	}
	s := &c.shards[number%commonShards]
	s.Lock()
	defer s.Unlock()
	return s.read(s.known[number/commonShards])
}

// find returns the number of a string, if it has one.
func (n *Numbering) find(b []byte) (number int, ok bool) {
	if len(n.slots) == 0 {
		return 0, false
	}
	h := uint32(maphash.Bytes(n.seed, b))
	mask := uint32(len(n.slots) - 1)
	for at := h & mask; n.slots[at].next != 0; at = (at + 1) & mask {
		if s := n.slots[at]; s.hash == h && bytes.Equal(n.read(n.known[s.next-1]), b) {
			return int(s.next - 1), true
		}
	}
	return 0, false
}
