package explore

import "github.com/cspcheck/cspcheck/model"

// hashed is an open-addressing table from (local event, local state) to
// deltas, for machines of many events that each state has few of.
type hashed struct {
	entries []hashedEntry // a power of two, at most half full
}

type hashedEntry struct{ key, delta uint64 } // key 0 is empty

func newHashed(n int) hashed {
	size := 4
	for size < 2*n {
		size *= 2
	}
	return hashed{make([]hashedEntry, size)}
}

// hashedKey is never 0.
func hashedKey(e model.Event, s model.State) uint64 {
	return uint64(uint32(e)+1)<<32 | uint64(uint32(s))
}

func (h *hashed) put(e model.Event, s model.State, delta uint64) {
	key, mask := hashedKey(e, s), uint64(len(h.entries)-1)
	i := mix(key, 0x9e3779b97f4a7c15) & mask
	for h.entries[i].key != 0 {
		i = (i + 1) & mask
	}
	h.entries[i] = hashedEntry{key, delta}
}

// get returns blocked if there is no entry.
func (h *hashed) get(e model.Event, s model.State) uint64 {
	key, mask := hashedKey(e, s), uint64(len(h.entries)-1)
	for i := mix(key, 0x9e3779b97f4a7c15) & mask; ; i = (i + 1) & mask {
		switch h.entries[i].key {
		case key:
			return h.entries[i].delta
		case 0:
			return blocked
		}
	}
}
