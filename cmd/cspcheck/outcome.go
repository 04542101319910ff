package main

import (
	"fmt"
	"strings"

	"github.com/cspcheck/cspcheck/deadlock"
)

// An outcome is what a result counts as.
type outcome string

const (
	held       outcome = "hold"
	failed     outcome = "fail"
	asExpected outcome = "fail as expected"
	missed     outcome = "not as expected" // or what is expected could not be read
	undecided  outcome = "unknown"
)

// outcomes are all there are, in the order in which they are told.
var outcomes = []outcome{held, failed, asExpected, missed, undecided}

func (r *result) outcome() outcome {
	switch {
	case r.verdict.Answer == deadlock.Unknown, r.err != nil && r.status == unknown:
		return undecided
	case r.err != nil, r.unmet != "":
		return missed
	case r.verdict.Answer == deadlock.Holds:
		return held
	case r.Expect != nil:
		return asExpected
	}
	return failed
}

// more is what is said behind the verdict.
func (r *result) more(o outcome) string {
	if p := r.verdict.Doubt(); p > 0 {
		return ", unless states were missed: " + missedText(p) + r.met(o)
	}
	return r.met(o)
}

// met says whether the verdict is as expected.
func (r *result) met(o outcome) string {
	switch {
	case r.verdict.Answer == deadlock.Unknown:
		return " (" + r.verdict.Reason + ")"
	case o == undecided:
		return ", but whether as expected is unknown"
	case o == missed && r.err != nil:
		return ", but its expectation could not be read"
	case o == missed:
		return ", but " + r.unmet
	case o == asExpected:
		return ", as expected"
	}
	return ""
}

// missedText says how likely it is that states were missed.
func missedText(p float64) string {
	return fmt.Sprintf("with a probability of at most %.2g (--store hashed)", p)
}

// tally says how many assertions there were, and how many of each outcome.
func tally(count map[outcome]int) (n int, summary string) {
	var parts []string
	for _, o := range outcomes {
		if count[o] > 0 {
			n += count[o]
			parts = append(parts, fmt.Sprintf("%d %s", count[o], o))
		}
	}
	return n, plural(int64(n), "assertion") + ": " + strings.Join(parts, ", ")
}
