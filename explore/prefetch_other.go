//go:build !amd64 && !arm64

package explore

import (
	"math/bits"
	"unsafe"
)

// What it returns means nothing, but has to be returned: otherwise nothing would
// be loaded.
//
//go:noinline
func prefetchHomes(hashes *uint64, n int, count, size uint64, pages *[]byte) (sum byte) {
	all := unsafe.Slice(pages, (count+1<<pageBits-1)>>pageBits)
	for _, h := range unsafe.Slice(hashes, n) {
		slot, _ := bits.Mul64(h, count)
		sum += all[slot>>pageBits][slot%(1<<pageBits)*size]
	}
	return sum
}
