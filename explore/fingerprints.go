package explore

import "math"

// Fingerprints fold states into 64 bits, which others may have, too: then a
// state is taken for one seen before, and what only it leads to is missed.
type fingerprints struct{}

func (f fingerprints) fold(words, keys []uint64, _ bool) bool {
	width := len(words) / max(1, len(keys))
	for k := range keys {
		keys[k] = mix(hash(words[k*width:(k+1)*width])^0x2545f4914f6cdd1d, 0x9e6c63d0676a9a99)
	}
	return true
}

// Missed bounds the probability that among so many states, with random
// fingerprints of 64 bits, some two have the same: that a search with
// StoreHashed has missed something.
func Missed(states int64) float64 {
	n := float64(states)
	return -math.Expm1(-n * (n - 1) / math.Ldexp(1, 65))
}
