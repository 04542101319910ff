package render

import (
	"errors"
	"fmt"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
)

// This file tells of tasks that are passed over: for ever, or too often.

// headOfPassed says in one line who is passed over.
func (t *text) headOfPassed(ce *explore.Counterexample, name string) string {
	steps := ce.Impl.Steps
	if x := ce.Overtaken; x != nil {
		return name + ": " + short(x.Task, maxName) + " is overtaken " + times(len(x.By)) + ", more than " + times(x.Bound) + ", " + t.afterTrace(steps)
	}
	x := ce.Stuck
	return name + ": " + short(x.Task, maxName) + " starves " + fairly(x.Fair) + " " + t.afterTrace(steps[:x.Since]) + "; " + sufficient(x)
}

func fairly(fair string) string {
	switch fair {
	case "":
		return "without fairness"
	case "strong":
		return "even under strong fairness"
	}
	return "under " + fair + " fairness"
}

func sufficient(x *explore.StuckOf) string {
	if x.Suffices == "" {
		return "no fairness suffices"
	}
	return x.Suffices + " fairness suffices"
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return number(n) + " times"
}

// passedOver says what goes on meanwhile.
func (x *explainer) passedOver() {
	if s := x.ce.Overtaken; s != nil {
		since := "from the start"
		if s.Since > 0 {
			since = "since step " + number(s.Since)
		}
		var steps []string
		for _, i := range s.By {
			steps = append(steps, number(i+1))
		}
		x.say("overtaking", "it waits "+since+", and others are served in "+plural(steps, "step ", "steps ")+and(steps)+".")
		return
	}
	who := map[int]bool{}
	for _, s := range x.b.Steps[x.b.Loop:] {
		for _, p := range s.Parts {
			who[p.Component] = true
		}
	}
	var names []string
	for c, n := range x.names {
		if who[c] {
			names = append(names, n)
		}
	}
	task := short(x.ce.Stuck.Task, maxName)
	words := "steps " + number(x.b.Loop+1) + " to " + number(len(x.b.Steps)) + " repeat for ever"
	if x.b.Loop+1 == len(x.b.Steps) {
		words = "step " + number(x.b.Loop+1) + " repeats for ever"
	}
	if len(names) > 0 {
		words += ", by " + and(names)
	}
	x.say("starvation", words+"; "+task+" takes no part.")
	switch x.ce.Stuck.Fair {
	case "":
		x.more("Somebody can move all the time, and never does.")
	case "weak":
		x.more("Whoever can move all the time does move, but somebody can again and again, and never does.")
	case "strong":
		x.more("Whoever can move again and again does move.")
	}
}

// checkPassed is check for what is told of who is passed over.
func checkPassed(ce *explore.Counterexample) error {
	b, x := &ce.Impl, ce.Overtaken
	if ce.Kind == explore.Starvation && (b.Loop < 0 || ce.Stuck != nil && ce.Stuck.Since > b.Loop) {
		return errors.New("render: nothing goes on for ever, and so nobody starves")
	}
	if (ce.Kind == explore.Bypass) != (x != nil) {
		return errors.New("render: somebody is overtaken")
	}
	if x == nil {
		return nil
	}
	if x.Since < 0 || x.Since > len(b.Steps) || !slices.IsSorted(x.By) || len(x.By) > 0 && (x.By[0] < x.Since || x.By[len(x.By)-1] >= len(b.Steps)) {
		return fmt.Errorf("render: overtaken since step %d by steps %v of %d", x.Since, x.By, len(b.Steps))
	}
	for _, c := range x.Components {
		if c < 0 || c >= len(b.Components) {
			return fmt.Errorf("render: component %d of %d", c, len(b.Components))
		}
	}
	return nil
}
