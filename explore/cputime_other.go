//go:build !unix && !windows

package explore

import "time"

// CPUTime is not known: 0.
func CPUTime() time.Duration { return 0 }
