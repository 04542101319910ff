package process

import "github.com/cspcheck/cspcheck/explore"

// Widest sets how many events are listed in any case, and returns what it was.
func Widest(n int64) (before int64) {
	before, widest = widest, n
	return before
}

// IsNarrowed reports whether something in a system has been narrowed.
func IsNarrowed(sys explore.System) bool {
	if n, ok := sys.(*Networked); ok {
		sys = n.terms
	}
	s, ok := sys.(*System)
	return ok && s.space.onlys > 0
}

// Searched returns the states of the network of n.
func Searched(n *Networked) explore.System { return n.System }
