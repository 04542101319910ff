//go:build !linux

package explore

import "runtime/metrics"

// ResidentFiles is not known: 0.
func ResidentFiles() int64 { return 0 }

// leaveFiles does nothing.
func leaveFiles() {}

// Resident returns the bytes that the Go runtime has and did not give back:
// what the system counts is not known.
func Resident() int64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	return int64(samples[0].Value.Uint64() - samples[1].Value.Uint64())
}
