package explore

import "math/bits"

// A folded is what each place of a tree is in the states of a batch, which are folded
// together: so that what is needed of a table of pairs for one of them is on its way while
// another is looked up. A state is mostly of the same parent as the one before, and
// differs in a word or two: only what is above these is looked up again.
type folded struct {
	known  bool     // there is a state before
	words  []uint64 // the last state's
	rows   []row    // by place: what a cut is, or the number of a pair
	varied []*row   // those in which it is told of each state
	stale  []uint32 // by pair: a bit for each state of the batch in which it is to be numbered
	recent []recent
}

// A row is for the state before a batch and, if it is not the same in all, for those of
// the batch.
type row struct {
	in   [1 + foldBatch]uint64
	mask int // all bits then, or else none
}

// at returns what a place is in a state.
func (r *row) at(k int) uint64 { return r.in[(k+1)&r.mask] }

// vary makes a row one that tells of each state.
func (f *folded) vary(r *row) {
	if r.mask == 0 {
		r.mask = -1
		f.varied = append(f.varied, r)
	}
}

const foldBatch = 16 // states

// recent are some keys of a pair that were looked up last, each in its place,
// and their numbers plus one: a state goes back to where its sister differed.
type recent [1 << recentBits]struct{ key, number uint64 }

const recentBits = 2

func (t *tree) newFolded() *folded {
	return &folded{
		words:  make([]uint64, len(t.first)-1),
		rows:   make([]row, len(t.above)),
		stale:  make([]uint32, len(t.pairs)),
		recent: make([]recent, len(t.pairs)),
	}
}

// fold makes the keys of some states. If it may not learn, it does not make
// new numbers, and returns false where it would have to; then it may be used
// by several workers. A state costs a look at each word and each pair, and a look-up for
// each pair that differs from that of the state before.
func (t *tree) fold(words, keys []uint64, learn bool) bool {
	width, f := len(t.first)-1, t.latest
	if !learn {
		f = t.newFolded() // another worker's
	}
	for len(keys) > 0 {
		n := min(foldBatch, len(keys))
		t.cut(words[:n*width], n, f)
		for i := range t.pairs {
			if f.stale[i] != 0 && !t.pair(i, n, f, learn) {
				return false
			}
		}
		high, low := &f.rows[t.last[0]], &f.rows[t.last[1]]
		for k := range n {
			keys[k] = high.at(k)<<t.halves[1] | low.at(k)
		}
		for _, r := range f.varied {
			r.in[0], r.mask = r.in[n], 0
		}
		f.known, f.varied = true, f.varied[:0]
		words, keys = words[n*width:], keys[n:]
	}
	return true
}

// cut makes a batch of n states those of f. The pairs above what differs become stale.
func (t *tree) cut(words []uint64, n int, f *folded) {
	width, fresh := len(f.words), !f.known
	f.known = false
	if fresh {
		clear(f.stale)
	}
	for w, last := range f.words {
		differs, over := uint64(0), uint64(0)
		for at := w; at < len(words); at += width {
			differs |= words[at] ^ last
			over |= words[at]
		}
		if differs == 0 && !fresh {
			continue
		}
		for i := t.first[w]; i < t.first[w+1]; i++ {
			c, r := &t.cuts[i], &f.rows[i]
			f.vary(r)
			for k := range n {
				if r.in[k+1] = words[k*width+w] >> c.shift & (1<<c.bits - 1); r.in[k+1] != r.in[k] {
					f.spoil(t.above[i], k)
				}
			}
		}
		if end := t.first[w+1]; end > t.first[w] && over>>t.cuts[end-1].shift>>t.cuts[end-1].bits != 0 {
			panic(beyond)
		}
		f.words[w] = words[(n-1)*width+w]
	}
	if fresh {
		for i := range t.pairs {
			f.spoil(i, 0)
		}
	}
}

// spoil makes a pair stale in a state, if there is such a pair.
func (f *folded) spoil(pair, k int) {
	if pair >= 0 {
		f.stale[pair] |= 1 << k
	}
}

// pair numbers a pair in the n states of a batch where it is stale: those below come first.
// It returns false if there is no number and it may not learn; f is of no use then.
func (t *tree) pair(i, n int, f *folded, learn bool) bool {
	place := len(t.cuts) + i
	r, stale := &f.rows[place], f.stale[i]
	f.stale[i] = 0
	f.vary(r)
	p, known := t.pairs[i], &f.recent[i]
	left, right := &f.rows[p.left], &f.rows[p.right]
	var keys, hashes [foldBatch]uint64
	var states [foldBatch]uint8
	asked := 0
	for s := stale; s != 0; s &= s - 1 {
		k := bits.TrailingZeros32(s)
		key := left.at(k)<<p.shift | right.at(k)
		if c := &known[recentOf(key)]; c.key == key && c.number != 0 {
			r.in[k+1] = c.number - 1
			continue
		}
		keys[asked], hashes[asked], states[asked] = key, p.key.of(key), uint8(k)
		asked++
	}
	if asked > 1 && p.count >= farSlots {
		p.touch(hashes[:asked])
	}
	for j := range asked {
		number := p.number(hashes[j], learn)
		if number < 0 {
			return false
		}
		r.in[states[j]+1] = uint64(number)
		c := &known[recentOf(keys[j])]
		c.key, c.number = keys[j], uint64(number)+1
	}
	for k := range n {
		switch {
		case stale>>k&1 == 0:
			r.in[k+1] = r.in[k]
		case r.in[k+1] != r.in[k]:
			f.spoil(t.above[place], k)
		}
	}
	return true
}

// farSlots are so many that they are not in the cache nearest.
const farSlots = 1 << 12

func recentOf(key uint64) uint64 { return key * 0x9e3779b97f4a7c15 >> (64 - recentBits) }

// number returns the number of a pair with a hash, a new one if it may learn, or -1.
func (p *pair) number(h uint64, learn bool) int {
	i, g := p.find(nil, h)
	if i < 0 && learn {
		if p.n >= p.room() {
			p.grow(here)
			_, g = p.find(nil, h)
		}
		i = p.n
		p.put(nil, g, i)
		p.n++
	}
	return i
}
