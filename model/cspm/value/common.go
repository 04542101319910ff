package value

import (
	"hash/maphash"
	"math"
	"sync"
)

// A Common is a Numbering that several goroutines add to. Strings that had
// numbers when it was made keep them; others get theirs in no certain order,
// as near to each other as a hash spreads them evenly.
type Common struct {
	first  *Numbering // is not added to any more
	shards [commonShards]shard
}

type shard struct {
	sync.Mutex
	Numbering
	_ [32]byte // a cache line is one shard's
}

const (
	commonBits   = 6
	commonShards = 1 << commonBits
)

// NewCommon returns a Common that goes on where first ends, which must not be
// used any more.
func NewCommon(first *Numbering) *Common {
	if len(first.slots) == 0 {
		first.grow() // for its seed
	}
	return &Common{first: first}
}

// Of returns the number of a string, and whether it had it before.
func (c *Common) Of(b []byte) (number int, old bool) {
	h := maphash.Bytes(c.first.seed, b)
	if n := c.first.find(b, uint32(h)); n >= 0 {
		return n, true
	}
	i := int(h >> (64 - commonBits))
	s := &c.shards[i]
	s.Lock()
	defer s.Unlock()
	n, old := s.of(b, uint32(h))
	if n = c.first.Len() + n*commonShards + i; n >= math.MaxInt32 {
		FailLimit("more than %d values and processes are being told apart", math.MaxInt32)
	}
	return n, old
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
