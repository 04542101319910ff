package process

import "github.com/cspcheck/cspcheck/explore"

// Widest sets how many events are listed in any case, and returns what it was.
func Widest(n int64) (before int64) {
	before, widest = widest, n
	return before
}

// IsNarrowed reports whether a RUN or CHAOS of a system has lost events.
func IsNarrowed(sys explore.System) bool {
	if n, ok := sys.(*Networked); ok {
		sys = n.terms
	}
	s, ok := sys.(*System)
	return ok && lost(s.root)
}

func lost(t *Term) bool {
	t = t.Head()
	if a, ok := t.leaf.(*always); ok {
		return a.whole != nil
	}
	for _, kid := range t.Kids {
		if lost(kid) {
			return true
		}
	}
	return false
}
