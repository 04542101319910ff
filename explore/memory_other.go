//go:build !linux

package explore

// manyBytes returns bytes to be looked at all over the place.
func manyBytes(n int) []byte { return make([]byte, n) }
