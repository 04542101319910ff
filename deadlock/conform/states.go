package conform

import "slices"

// states is a set of states of the same width, in flat memory and in the
// order in which they were added.
type states struct {
	width int
	words []uint64
	slots []int32 // a state's number plus one, by its hash; 0: free. A power of two, at least twice as many as states
}

// newStates returns an empty set, with the table of another that is done with
// unless that is nil, or so large that to clear it would take longest.
func newStates(width int, table []int32) *states {
	if n := len(table); n == 0 || n > 1<<12 {
		table = make([]int32, 64)
	} else {
		clear(table)
	}
	return &states{width: width, slots: table}
}

func (s *states) len() int { return len(s.words) / s.width }

func (s *states) at(i int) []uint64 { return s.words[i*s.width : (i+1)*s.width : (i+1)*s.width] }

// add returns the number of a state, and whether it is new.
func (s *states) add(state []uint64) (i int, added bool) {
	if 2*(s.len()+1) > len(s.slots) {
		s.grow()
	}
	mask := len(s.slots) - 1
	for k := int(hash(state)) & mask; ; k = (k + 1) & mask {
		if n := s.slots[k]; n == 0 {
			s.words = append(s.words, state...)
			s.slots[k] = int32(s.len())
			return s.len() - 1, true
		} else if slices.Equal(s.at(int(n-1)), state) {
			return int(n - 1), false
		}
	}
}

func (s *states) grow() {
	s.slots = make([]int32, 2*len(s.slots))
	mask := len(s.slots) - 1
	for i := range s.len() {
		k := int(hash(s.at(i))) & mask
		for s.slots[k] != 0 {
			k = (k + 1) & mask
		}
		s.slots[k] = int32(i + 1)
	}
}

func hash(state []uint64) uint64 {
	h := uint64(len(state))
	for _, w := range state {
		h = (h ^ w) * 0x9E3779B97F4A7C15 // 2^64 by the golden ratio, as Fibonacci hashing has it
		h ^= h >> 29
	}
	return h >> 1
}
