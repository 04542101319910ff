package explore

import "math"

// An arena keeps the words of states by their numbers, in chunks.
type arena struct {
	width  int
	n      int        // states
	shift  uint       // a chunk has 1<<shift states
	chunks [][]uint64 // state i is in chunks[i>>shift]; nil if it was forgotten
	spare  [][]uint64 // chunks that were
	spares int        // at most
	gone   int        // chunks below are forgotten
	open   []uint64   // what is left of the last chunk, for add
}

const (
	chunkBytes  = 1 << 16
	firstStates = 64 // of the first chunk, which grows
)

func newArena(width int) *arena {
	a := &arena{width: width, shift: 4, spares: math.MaxInt}
	for a.shift < 12 && max(width, 1)*8<<(a.shift+1) <= chunkBytes {
		a.shift++
	}
	return a
}

// at returns the words of state i, which nobody may change.
func (a *arena) at(i int) []uint64 {
	o := (i & (1<<a.shift - 1)) * a.width
	return a.chunks[i>>a.shift][o : o+a.width : o+a.width]
}

// adjoining returns how many states from i on, up to n, lie side by side, once
// they are there.
func (a *arena) adjoining(i, n int) int { return min(n, 1<<a.shift-i&(1<<a.shift-1)) }

// run returns the words of n states that lie side by side.
func (a *arena) run(i, n int) []uint64 {
	o := (i & (1<<a.shift - 1)) * a.width
	return a.chunks[i>>a.shift][o : o+n*a.width]
}

// add appends a state.
func (a *arena) add(words []uint64) {
	if len(a.open) < len(words) || len(words) == 0 {
		a.extend(a.n + 1)
		copy(a.at(a.n-1), words)
		a.open = a.rest()
		return
	}
	if len(words) == 1 { // as most have: quicker than a copy
		a.open[0] = words[0]
	} else {
		copy(a.open, words)
	}
	a.open = a.open[len(words):]
	a.n++
}

// rest returns what is left of the last chunk.
func (a *arena) rest() []uint64 {
	if c := a.n >> a.shift; c < len(a.chunks) {
		return a.chunks[c][min(len(a.chunks[c]), a.n&(1<<a.shift-1)*a.width):]
	}
	return nil
}

// extend makes it n states, the new ones being anything.
func (a *arena) extend(n int) {
	for c := a.n >> a.shift; c<<a.shift < n; c++ {
		want := a.width << a.shift
		if c == 0 {
			want = min(want, a.width*max(firstStates, 2*n))
		}
		switch {
		case c < len(a.chunks) && len(a.chunks[c]) >= min(want, (n-c<<a.shift)*a.width):
		case c < len(a.chunks): // the first, growing
			grown := make([]uint64, want)
			copy(grown, a.chunks[c])
			a.chunks[c] = grown
		case want == a.width<<a.shift:
			a.chunks = append(a.chunks, a.fresh())
		default:
			a.chunks = append(a.chunks, make([]uint64, want))
		}
	}
	a.n, a.open = max(a.n, n), nil
}

// fresh returns a chunk with anything in it.
func (a *arena) fresh() []uint64 {
	if last := len(a.spare) - 1; last >= 0 {
		c := a.spare[last]
		a.spare = a.spare[:last]
		return c
	}
	return make([]uint64, a.width<<a.shift)
}

// forget lets go of the states below i, or most of them.
func (a *arena) forget(i int) {
	for ; (a.gone+1)<<a.shift <= i; a.gone++ {
		a.release(a.gone)
	}
}

// release lets go of a chunk: another will soon be needed. (As garbage, they
// would be as many as there ever were, until the next collection.)
func (a *arena) release(i int) {
	c := a.chunks[i]
	a.chunks[i] = nil
	if len(c) == a.width<<a.shift && len(a.spare) < a.spares {
		a.spare = append(a.spare, c)
	}
}

// spend lets go of what it has to spare.
func (a *arena) spend() { a.spare = nil }

// few keeps little to spare from now on: memory is short.
func (a *arena) few() { a.spare, a.spares = nil, 4 }

// forgetAll lets go of all states: numbers begin anew.
func (a *arena) forgetAll() { a.n, a.open = 0, nil }

// has reports whether all states from i on are there.
func (a *arena) has(i int) bool {
	for c := i >> a.shift; c<<a.shift < a.n; c++ {
		if a.chunks[c] == nil {
			return false
		}
	}
	return true
}

// bytes returns the memory that it takes.
func (a *arena) bytes() int64 {
	total := int64(len(a.chunks)) * 24
	for _, c := range a.chunks[a.gone:] {
		total += 8 * int64(len(c))
	}
	return total + int64(len(a.spare))*8*int64(a.width)<<a.shift
}
