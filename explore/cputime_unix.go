//go:build unix

package explore

import (
	"syscall"
	"time"
)

// CPUTime returns the time that processors have spent on this process; 0 if that
// is not known.
func CPUTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
