//go:build unix && !linux

package explore

import (
	"runtime"
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
