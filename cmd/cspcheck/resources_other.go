//go:build !unix && !windows

package main

import "time"

// cpuTime is not known: 0.
func cpuTime() time.Duration { return 0 }
