package deadlock

import (
	"slices"

	"github.com/cspcheck/cspcheck/explore"
)

// An Answer is what a question comes to. The zero Answer is none of these.
type Answer string

const (
	Holds   Answer = "holds"   // proved over every reachable state
	Fails   Answer = "fails"   // the counterexample shows it
	Unknown Answer = "unknown" // the search was cut short
)

// A Verdict is an answer and what it rests on.
type Verdict struct {
	Answer         Answer
	Reason         string                  // why it is Unknown: "more than 1000 states"
	Counterexample *explore.Counterexample // if it Fails
	Stats          explore.Stats
	Symmetry       *Symmetry // if it was asked for

	Reduced   string // how the states of Stats were kept few: StubbornSetsUsed, NoLoopPossible, or "" if they are all
	Unreduced string // why they are all, where it was asked for less
	Longer    bool   // the counterexample need not be a shortest one, though one is promised

	Composition *Composition // of an attempt to compose the network; nil if there was none

	hope  *inquiry // of a Stuck, Leak, Starvation or Lost: where there is none
	steps int      // of the search's path to the counterexample, or to its divergence
}

// byAll are the kinds of counterexample that say what no state does, or which
// states are the same: a path alone does not show them.
var byAll = []explore.Kind{explore.Divergence, explore.NoTrace, explore.Stuck, explore.Leak, explore.Starvation, explore.Lost}

// Doubt bounds the probability that the answer, or its negation where that is
// asked, is wrong, as a search by fingerprints took different states for one: see
// explore.Stats.Missed. It is 0 if the path of a counterexample shows it.
func (v *Verdict) Doubt() float64 {
	c := v.Counterexample
	if v.Answer == Unknown || c != nil && !slices.Contains(byAll, c.Kind) {
		return 0
	}
	return v.Stats.Missed
}

// A Model says how much of a process's behaviour a question is about.
type Model string

const (
	T  Model = "T"  // traces
	F  Model = "F"  // traces and stable failures
	FD Model = "FD" // failures and divergences
)
