//go:build !unix

package explore

// ResidentPeak is not known: 0.
func ResidentPeak() int64 { return 0 }
