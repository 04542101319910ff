// Package bare has a hash table with nothing around it: what a search would
// be if there were only its table. Searches are measured by it, never made
// with it.
//
// A table has slots of 8 bytes for keys of 64 bits, linear probing, and a
// capacity that is fixed; keys are looked up in batches, so that the processor
// waits for many of them together, and the slots are in huge pages where the
// system has them.
package bare

import (
	"fmt"
	"math/bits"

	"github.com/cspcheck/cspcheck/explore/hugepage"
)

// A Table is a set of keys other than 0.
type Table struct {
	slots []uint64 // a power of two; 0 is empty
	shift uint
	n     int
}

// New returns an empty table for some keys: at most three quarters of its
// slots get full, and at least three eighths. Its memory has been touched.
func New(keys int) *Table {
	size := uint(bits.Len(uint(max(1, keys*4/3))))
	t := &Table{slots: hugepage.Make[uint64](1 << size), shift: 64 - size}
	clear(t.slots)
	return t
}

// Len returns how many keys are in it.
func (t *Table) Len() int { return t.n }

// Slots returns how many slots there are.
func (t *Table) Slots() int { return len(t.slots) }

// home returns where a key belongs (Knuth's multiplicative hashing).
func (t *Table) home(key uint64) uint64 { return key * 0x9e3779b97f4a7c15 >> t.shift }

// Insert adds keys, at once.
func (t *Table) Insert(keys []uint64) {
	t.touch(keys)
	mask := uint64(len(t.slots) - 1)
	for _, k := range keys {
		i := t.home(k)
		for t.slots[i] != 0 && t.slots[i] != k {
			i = (i + 1) & mask
		}
		if t.slots[i] == 0 {
			if t.n++; t.n == len(t.slots) {
				panic(fmt.Sprintf("bare: more than %d keys", t.n))
			}
			t.slots[i] = k
		}
	}
}

// touch brings the homes of keys into the cache. What it returns means
// nothing, but has to be returned: otherwise nothing would be loaded.
//
//go:noinline
func (t *Table) touch(keys []uint64) uint64 {
	sum := uint64(0)
	for _, k := range keys {
		sum += t.slots[t.home(k)]
	}
	return sum
}

// Keys is a sequence of different keys in random order, always the same.
type Keys struct{ next uint64 }

// Fill sets keys to the next ones: a permutation of the numbers from 1 on.
// (SplitMix64: Steele, Lea, Flood, 2014.)
func (k *Keys) Fill(keys []uint64) {
	for i := range keys {
		k.next++
		x := k.next * 0x9e3779b97f4a7c15
		x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
		x = (x ^ x>>27) * 0x94d049bb133111eb
		keys[i] = x ^ x>>31
	}
}

// Batch is how many keys are looked up together.
const Batch = 512

// Fill returns a table with some keys. It calls before and after around the
// insertions of each of many batches, which the keys are made between.
func Fill(n int, before, after func()) *Table {
	const many = 1 << 10 // batches
	t, keys, made := New(n), Keys{}, make([]uint64, many*Batch)
	for left := n; left > 0; left -= len(made) {
		made = made[:min(len(made), left)]
		keys.Fill(made)
		before()
		for from := 0; from < len(made); from += Batch {
			t.Insert(made[from:min(from+Batch, len(made))])
		}
		after()
	}
	return t
}
