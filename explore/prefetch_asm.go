//go:build amd64 || arm64

package explore

//go:noescape
func prefetchHomes(hashes *uint64, n int, count, size uint64, pages *[]byte)
