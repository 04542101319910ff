package explore

// A filter says of most hashes that are not in a run that they are not: bits
// of a word are set for each that is. (Bloom, 1970; in one word each: Putze,
// Sanders, Singler, "Cache-, hash- and space-efficient Bloom filters", 2007.)
// Without words it knows nothing.
type filter []uint64

// newFilter returns one for n hashes, of so many bytes at most; that is none,
// if they would be too few to be of use.
func newFilter(n int, most int64) filter {
	if most < int64(n)/2 {
		return nil
	}
	return make(filter, min(int64(n)+8, most+8)/8)
}

// place returns the word of a hash, and its bits in it. Words rise with hashes,
// which come in order, so memory is read in order.
func (f filter) place(h uint64) (int, uint64) {
	m := mix(h, 0xe7037ed1a0b428db)
	return int(h >> 32 * uint64(len(f)) >> 32), 1<<(m%64) | 1<<(m>>6%64) | 1<<(m>>12%64)
}

func (f filter) add(h uint64) {
	if len(f) > 0 {
		i, bits := f.place(h)
		f[i] |= bits
	}
}

// may reports whether a hash may be there.
func (f filter) may(h uint64) bool {
	if len(f) == 0 {
		return true
	}
	i, bits := f.place(h)
	return f[i]&bits == bits
}

func (f filter) bytes() int64 { return 8 * int64(len(f)) }
