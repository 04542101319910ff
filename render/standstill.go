package render

import (
	"maps"
	"slices"
	"strings"

	"github.com/cspcheck/cspcheck/explore"
)

// This file finds the words for why nothing, or a task, can move.

// The longest ring that is told in full.
const wholeRing = 6

// stopped says who waits for what, and why no partner will come: a ring is the
// reason if there is one of components that could help each other, and
// otherwise the first whose wait is hopeless.
func (x *explainer) stopped() {
	ring, over := waitCycle(x.b)
	if over == overOffers && len(ring) > 0 {
		x.ring(ring)
		return
	}
	if w := x.hopeless(); w != nil {
		x.orphan(w)
		return
	}
	if x.mute = x.mutes(); len(x.mute) > 0 {
		x.silent()
		return
	}
	if len(ring) > 0 {
		x.ring(ring)
		return
	}
	if len(x.b.Waits) > 0 {
		x.orphan(&x.b.Waits[0])
	}
}

// ring tells of a cycle.
func (x *explainer) ring(cycle []int) {
	x.cycle = cycle
	n := len(cycle)
	if n == 1 {
		w := x.between(cycle[0], cycle[0])
		x.say(SelfBlock, x.names[cycle[0]]+" "+waitsFor(w.Label, w.Event)+label(w.Event, "", maxEvent)+", which needs itself.")
		x.more("No partner will come: it waits itself.")
		return
	}
	var words []string
	for i, c := range cycle {
		if n > wholeRing && i >= wholeRing/2 && i < n-1 {
			if i == wholeRing/2 {
				words = append(words, "… "+number(n-1-wholeRing/2)+" more …")
			}
			continue
		}
		next := cycle[(i+1)%n]
		verb := " for "
		switch i {
		case 0:
			verb = " waits for "
		case n - 1:
			verb = " for "
			words = append(words, "and "+x.names[c]+verb+x.names[next]+" ("+x.eventTo(c, next)+")")
			continue
		}
		words = append(words, x.names[c]+verb+x.names[next]+" ("+x.eventTo(c, next)+")")
	}
	sep := ", "
	if n == 2 {
		sep = " "
	}
	x.say(CircularWait, strings.Join(words, sep)+".")
	if n == 2 {
		x.more("Neither can move before the other does.")
		return
	}
	x.more("None of these " + number(n) + " can move before the next one does.")
}

// between returns the first wait of a component for another: one for an event
// that the other does some day rather than one that it never does, and that
// rather than one to terminate.
func (x *explainer) between(from, to int) *explore.Wait {
	var best *explore.Wait
	over := overTick + 1
	for i := range x.b.Waits {
		w := &x.b.Waits[i]
		at := slices.IndexFunc(w.For, func(f explore.Blocker) bool { return f.Component == to })
		if w.Component != from || at < 0 {
			continue
		}
		if o := overOf(w, w.For[at]); o < over {
			best, over = w, o
		}
	}
	return best
}

func (x *explainer) eventTo(from, to int) string {
	return label(x.between(from, to).Event, "", maxEvent)
}

// hopeless returns the first wait of a component that has no hope, but to
// terminate: a partner has ended or never does it again, or there is none.
// One that has other hopes comes after those that have not.
func (x *explainer) hopeless() *explore.Wait {
	var first *explore.Wait
	for i := range x.b.Waits {
		w := &x.b.Waits[i]
		if w.Event == "✓" || !x.never(w) {
			continue
		}
		if first == nil {
			first = w
		}
		if !slices.ContainsFunc(x.b.Waits, func(v explore.Wait) bool {
			return v.Component == w.Component && v.Event != "✓" && !x.never(&v)
		}) {
			return w
		}
	}
	return first
}

// never reports whether a wait is for somebody who will not come whatever
// happens.
func (x *explainer) never(w *explore.Wait) bool {
	return slices.ContainsFunc(w.For, func(f explore.Blocker) bool { return f.Component < 0 || x.ended(f) || neverDoes(f) || x.nothing(f) })
}

func neverDoes(f explore.Blocker) bool { return strings.HasPrefix(f.Reason, "never does ") }

// ended reports whether a component has terminated, or is gone.
func (x *explainer) ended(f explore.Blocker) bool {
	if f.Component < 0 {
		return false
	}
	if s := x.ce.Stuck; s != nil && slices.Contains(s.MainComponents, f.Component) {
		return true
	}
	if f.Component < len(x.b.Ends) {
		s := x.b.Ends[f.Component].Status
		return s == explore.Terminated || s == explore.Gone
	}
	return f.Reason == "has terminated"
}

// nothing reports whether a component runs and offers nothing.
func (x *explainer) nothing(f explore.Blocker) bool {
	if f.Component >= 0 && f.Component < len(x.b.Ends) {
		e := x.b.Ends[f.Component]
		return e.Status == explore.Running && len(e.Offers) == 0
	}
	return f.Reason == "offers nothing"
}

// orphan tells of a component that waits, by its waits that are like one.
func (x *explainer) orphan(w *explore.Wait) {
	x.told = map[int]bool{}
	var events, reasons []string
	why := x.pattern(w)
	for i := range x.b.Waits {
		if v := &x.b.Waits[i]; v.Component == w.Component && direction(v.Label) == direction(w.Label) && x.pattern(v) == why {
			events = append(events, label(v.Event, "", maxEvent))
			x.told[i] = true
		}
	}
	it := "it"
	if events = distinct(events); len(events) > 1 {
		it = "them"
	}
	some := x.someAgain()
	for i := range x.b.Waits {
		if x.told[i] {
			for _, f := range x.b.Waits[i].For {
				if some[f.Component] && neverDoes(f) && !x.ended(f) {
					reasons = append(reasons, x.names[f.Component]+" does none of them any more")
					continue
				}
				reasons = append(reasons, x.absence(&x.b.Waits[i], f, it))
			}
		}
	}
	x.say(why, x.names[w.Component]+" "+waitsFor(w.Label, w.Event)+and(events)+".")
	if reasons = distinct(reasons); len(reasons) > 0 {
		x.more("No partner will come: " + and(reasons) + ".")
	}
}

// someAgain returns who never does some of the told events, and others only
// never again: one clause is enough for both.
func (x *explainer) someAgain() map[int]bool {
	again, ever := map[int]bool{}, map[int]bool{}
	for i := range x.told {
		for _, f := range x.b.Waits[i].For {
			switch {
			case f.Component < 0 || !neverDoes(f):
			case strings.HasSuffix(f.Reason, " again"):
				again[f.Component] = true
			default:
				ever[f.Component] = true
			}
		}
	}
	maps.DeleteFunc(again, func(c int, _ bool) bool { return !ever[c] })
	return again
}

// pattern is what a wait is a case of.
func (x *explainer) pattern(w *explore.Wait) Pattern {
	orphan := map[byte]Pattern{'?': OrphanReceiver, '!': OrphanSender}[direction(w.Label)]
	if orphan == "" {
		orphan = OrphanEvent
	}
	has := func(is func(explore.Blocker) bool) bool { return slices.ContainsFunc(w.For, is) }
	switch {
	case has(x.ended):
		return EarlyTermination
	case has(func(f explore.Blocker) bool { return f.Component < 0 || neverDoes(f) }):
		return orphan
	case has(x.nothing):
		return SelfBlock
	}
	return Mismatch
}

// absence is why a partner does not come: "MAIN has ended".
func (x *explainer) absence(w *explore.Wait, f explore.Blocker, it string) string {
	switch {
	case f.Component < 0 && (f.Reason == "" || strings.HasPrefix(f.Reason, "nobody")):
		return "nobody else ever takes part in " + it
	case f.Component < 0:
		return "nobody else ever takes part in " + it + " (" + short(f.Reason, maxReason) + ")"
	case x.ended(f):
		return x.names[f.Component] + " has ended"
	case neverDoes(f) && strings.HasSuffix(f.Reason, " again"):
		return x.names[f.Component] + " never does " + it + " again"
	case neverDoes(f):
		return x.names[f.Component] + " never does " + it
	case x.nothing(f):
		return x.names[f.Component] + " offers nothing"
	}
	return blocker(w, &f, x.names)
}

// direction is '!' where a label says that its component sends, '?' where it
// receives, and otherwise 0.
func direction(label string) byte {
	if i := strings.IndexAny(label, "!?"); i >= 0 {
		return label[i]
	}
	return 0
}

func waitsFor(label, event string) string {
	switch {
	case event == "✓":
		return "waits to end: "
	case direction(label) == '!':
		return "waits to send "
	case direction(label) == '?':
		return "waits to receive "
	}
	return "waits for "
}

// mutes returns who runs and offers nothing: of a stuck task only its own.
func (x *explainer) mutes() []int {
	var out []int
	for c, e := range x.b.Ends {
		if s := x.ce.Stuck; s != nil && !slices.Contains(s.Components, c) {
			continue
		}
		if e.Status == explore.Running && len(e.Offers) == 0 {
			out = append(out, c)
		}
	}
	return out
}

// silent tells of those that offer nothing.
func (x *explainer) silent() {
	var names []string
	for _, c := range x.mute {
		names = append(names, x.names[c])
	}
	x.say(SelfBlock, and(names)+plural(names, " offers nothing: it has stopped by itself.", " offer nothing: they have stopped by themselves."))
}
