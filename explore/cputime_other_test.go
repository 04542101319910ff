//go:build !unix

package explore_test

import "time"

var started = time.Now()

// cpuTime returns the time since some moment: what processors spent is not
// known.
func cpuTime() time.Duration { return time.Since(started) }
