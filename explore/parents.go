package explore

import (
	"math/bits"
	"sort"
)

// Parents tell from which state each was reached first. States are numbered
// as they are found, and expanded in the order of their numbers, so parents
// rise with their children: it is enough to know how many new states each
// expansion found. They are written as a row of bits, a 1 for each new state
// and a 0 for each expansion: two bits a state. (The upper halves of Elias,
// 1974, and Fano, 1971.)
type parents struct {
	last   uint64     // the word that is being filled
	filled uint       // its bits
	blocks [][]uint64 // of full words
	ones   []int      // ones[b] of them before blocks[b]
	count  int        // ones in all full words
}

const parentWords = 512 // of a block

// add notes that an expansion found so many new states.
func (p *parents) add(children int) {
	if n := uint(children) + 1; p.filled+n < 64 {
		p.last |= (1<<(n-1) - 1) << p.filled
		p.filled += n
		return
	}
	for ; children >= 32; children -= 32 {
		p.push(1<<32-1, 32)
	}
	p.push(1<<children-1, uint(children)+1)
}

// push appends n bits, at most 33.
func (p *parents) push(b uint64, n uint) {
	p.last |= b << p.filled
	left := 64 - p.filled
	if p.filled += n; p.filled < 64 {
		return
	}
	p.flush()
	p.last, p.filled = b>>left, p.filled-64
}

// flush appends the word that is full.
func (p *parents) flush() {
	n := len(p.blocks) - 1
	if n < 0 || len(p.blocks[n]) == parentWords {
		p.blocks = append(p.blocks, make([]uint64, 0, parentWords))
		p.ones = append(p.ones, p.count)
		n++
	}
	p.blocks[n] = append(p.blocks[n], p.last)
	p.count += bits.OnesCount64(p.last)
}

// of returns the parent of state i, which is not the initial one.
func (p *parents) of(i int) int {
	k := i - 1 // the initial state is no child: i is the k-th 1, from 0
	if k >= p.count {
		return len(p.blocks)*parentWords*64 - p.missing()*64 + position(p.last, k-p.count) - k
	}
	b := sort.SearchInts(p.ones, k+1) - 1
	k -= p.ones[b]
	for w, word := range p.blocks[b] {
		if c := bits.OnesCount64(word); k >= c {
			k -= c
			continue
		}
		return (b*parentWords+w)*64 + position(word, k) - (i - 1)
	}
	panic("explore: a state without a parent")
}

// missing returns how many words the last block has room for.
func (p *parents) missing() int {
	if n := len(p.blocks); n > 0 {
		return parentWords - len(p.blocks[n-1])
	}
	return 0
}

// position returns where the k-th 1 of a word is, from 0.
func position(word uint64, k int) int {
	for ; k > 0; k-- {
		word &= word - 1
	}
	return bits.TrailingZeros64(word)
}

// bytes returns the memory that it takes.
func (p *parents) bytes() int64 { return int64(len(p.blocks)) * (8*parentWords + 32) }
