//go:build unix && !linux

package explore

import (
	"runtime"
	"runtime/metrics"
	"syscall"
)

// ResidentPeak returns the most memory of the machine, in bytes, that the
// process has held at a time; 0 if that is not known.
func ResidentPeak() int64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
		return int64(u.Maxrss)
	}
	return int64(u.Maxrss) << 10
}

// ResidentFiles is not known: 0.
func ResidentFiles() int64 { return 0 }

// Resident returns the bytes that the Go runtime has and did not give back:
// what the system counts is not known.
func Resident() int64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	return int64(samples[0].Value.Uint64() - samples[1].Value.Uint64())
}
