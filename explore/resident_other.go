//go:build !unix

package explore

// ResidentPeak is not known: 0.
func ResidentPeak() int64 { return 0 }

// ResidentFiles is not known: 0.
func ResidentFiles() int64 { return 0 }
