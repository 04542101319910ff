//go:build !linux

package bare

func manyWords(n int) []uint64 { return make([]uint64, n) }
