package render

import (
	"slices"

	"github.com/cspcheck/cspcheck/explore"
)

// This file tells of the components of a process: races, who is stuck or
// left behind, panics.

// onVariable is " on x", or nothing if the variable has no name.
func onVariable(ce *explore.Counterexample) string {
	if v := ce.Race.Variable; v != "" {
		return " on " + short(v, maxEvent)
	}
	return ""
}

// headOfParts says in one line what ce shows of components.
func (t *text) headOfParts(ce *explore.Counterexample, name string) string {
	steps := ce.Impl.Steps
	switch ce.Kind {
	case explore.Race:
		return name + " has a data race" + onVariable(ce) + " " + t.afterTrace(steps)
	case explore.Panic:
		last := &steps[len(steps)-1]
		what := short(last.Event, maxEvent)
		if last.Hidden != "" {
			what = short(last.Hidden, maxEvent) + ", hidden,"
		}
		return name + " panics: " + what + " happens " + t.afterTrace(steps[:len(steps)-1])
	case explore.Lost:
		x := ce.Lost
		return name + " loses a notification: nobody waits for " + eventName(&steps[x.Vain], maxEvent) + ", and the wait that " +
			eventName(&steps[x.Wait], maxEvent) + " begins can never end, " + t.afterTrace(steps[:x.Since])
	case explore.Leak:
		return name + " leaks: " + short(ce.Stuck.Main, maxName) + " has ended, and " + short(ce.Stuck.Task, maxName) +
			" can never end, " + t.afterTrace(steps[:ce.Stuck.Since])
	case explore.Starvation, explore.Bypass:
		return t.headOfPassed(ce, name)
	}
	return name + ": " + short(ce.Stuck.Task, maxName) + " can never move again " + t.afterTrace(steps[:ce.Stuck.Since])
}

// inParts tells what happened, and then why it is wrong.
func (t *text) inParts(ce *explore.Counterexample, head title) {
	b := &ce.Impl
	t.explain(head)
	names := componentNames(b.Components, min(maxName, t.cellMax()))
	if len(b.Steps) > 0 {
		t.line()
		t.table(b, names)
	}
	var why []string
	switch {
	case ce.Stuck != nil:
		why = t.stuck(ce, names)
	case ce.Overtaken != nil:
		why = t.waits(b, names)
	case ce.Lost != nil:
		why = append(t.goesOn(b, "The process"), t.waits(b, names)...)
	}
	if len(why) > 0 {
		t.line()
		for _, s := range why {
			t.line(s)
		}
	}
}

// stuck tells why nobody comes, and what the others do instead.
func (t *text) stuck(ce *explore.Counterexample, names []string) []string {
	b, x := &ce.Impl, ce.Stuck
	who := "The others"
	if ce.Kind == explore.Leak || len(x.Components) == len(b.Components) {
		who = "The process"
	}
	var out []string
	if ce.Kind != explore.Starvation { // of that it is said above
		out = t.goesOn(b, who)
	}
	out = append(out, t.waits(b, names)...)
	var mute []string
	for _, c := range x.Components {
		offers := c < len(b.Ends) && len(b.Ends[c].Offers) > 0
		if c < len(b.Ends) && b.Ends[c].Status == explore.Running && !offers {
			mute = append(mute, names[c])
		}
	}
	if len(mute) > 0 && len(mute) != len(t.explained.mute) {
		out = append(out, t.someOf(mute, someNames)+plural(mute, " offers", " offer")+" nothing.")
	}
	return out
}

// goesOn tells what can be done for ever, if anything.
func (t *text) goesOn(b *explore.Behaviour, who string) []string {
	if b.Loop < 0 {
		return nil
	}
	what := "step " + number(b.Loop+1) + " repeats"
	if b.Loop+1 < len(b.Steps) {
		what = "steps " + number(b.Loop+1) + " to " + number(len(b.Steps)) + " repeat"
	}
	return []string{t.in(loop, who+" can go on like this for ever: "+what+".")}
}

// HasWaits reports whether WaitsDOT has something to draw that belongs to
// the counterexample.
func HasWaits(ce *explore.Counterexample) bool {
	return len(ce.Impl.Waits) > 0 && slices.Contains([]explore.Kind{explore.Deadlock, explore.Stuck, explore.Leak, explore.Starvation, explore.Bypass, explore.Lost}, ce.Kind)
}
