//go:build !unix

package main

import "time"

// cpuTime returns the time since some moment: what processors spent is not
// known.
func cpuTime() time.Duration { return time.Since(start) }

var start = time.Now()
