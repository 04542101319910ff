//go:build amd64 || arm64

package explore

//go:noescape
func prefetchHomes(hashes *uint64, n int, count, size uint64, pages *[]byte)

//go:noescape
func prefetchSlots(slots *uint64, n int, size uint64, pages *[]byte)
