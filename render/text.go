package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/cspcheck/cspcheck/explore"
)

// TextOptions say for what screen Text writes.
type TextOptions struct {
	Width  int  // columns of the screen; 0: no limit
	Colour bool // with ANSI escapes
	All    bool // leave no step, component or event out, however many there are

	// RevealTaus shows the τ that are nobody's communication, and has τ in
	// traces. Without it they are counted, except in a loop.
	RevealTaus bool

	Notation Notation // of the cells
}

// What a reader wants to see of a long story is how it begins and how it
// ends.
const (
	firstSteps, lastSteps   = 12, 20
	firstEvents, lastEvents = 8, 8 // of a trace
	someNames               = 8
	someWaits               = 40
	someOffers              = 6
)

// Text tells ce as a story: what is wrong, in plain words; what happened, step
// by step, in a table with a column for each component that took part; and then
// in full who waits for what, and who could have offered it. What a specification
// does stands above what the implementation does.
func Text(w io.Writer, ce *explore.Counterexample, o TextOptions) error {
	if err := check(ce); err != nil {
		return err
	}
	if o.Notation != "" {
		if _, err := ParseNotation(string(o.Notation)); err != nil {
			return fmt.Errorf("render: %w", err)
		}
	}
	var t text
	t.TextOptions, t.explained = o, explain(ce)
	switch head := t.headline(ce); ce.Kind {
	case explore.TraceViolation, explore.Refusal, explore.Nondeterminism, explore.NoTrace:
		t.compared(ce, head)
	case explore.Race, explore.Stuck, explore.Leak, explore.Panic, explore.Starvation, explore.Bypass, explore.Lost:
		t.inParts(ce, head)
	default:
		if ce.Spec == nil {
			t.behaviour(&ce.Impl, head)
		} else {
			t.compared(ce, head)
		}
	}
	_, err := io.WriteString(w, t.String())
	return err
}

// text is the page as far as it is written.
type text struct {
	strings.Builder
	TextOptions
	explained *explainer
}

func (t *text) line(words ...string) {
	t.WriteString(strings.Join(words, ""))
	t.WriteByte('\n')
}

// style is an ANSI escape's argument.
type style string

const (
	noStyle style = ""
	strong  style = "1"
	faint   style = "2"
	loop    style = "33"
	bad     style = "1;31"
	good    style = "1;32"
)

func (t *text) in(s style, words string) string {
	if !t.Colour || s == noStyle || words == "" {
		return words
	}
	return "\x1b[" + string(s) + "m" + words + "\x1b[0m"
}

func kindStyle(k explore.Kind) style {
	if k == explore.Termination || k == explore.Walk {
		return good
	}
	return bad
}

type title struct {
	words string
	style style
}

// headline says in one line what ce shows.
func (t *text) headline(ce *explore.Counterexample) title {
	b := &ce.Impl
	name := processName(b.Process)
	var words string
	switch ce.Kind {
	case explore.Deadlock:
		words = name + " deadlocks " + t.afterTrace(b.Steps)
	case explore.Termination:
		words = name + " terminates " + t.afterTrace(b.Steps) +
			"; it has terminated, it is not stuck: ✓ leads to a state without events"
	case explore.Divergence:
		steps := b.Steps
		if b.Loop >= 0 {
			steps = steps[:b.Loop]
		}
		switch tr := t.visible(steps); {
		case len(tr) > 0:
			words = name + " diverges after " + t.trace(tr) + ": τ for ever"
		case len(steps) > 0:
			words = name + " diverges after <>, before any visible event: τ for ever"
		default:
			words = name + " diverges at once, before any event: τ for ever"
		}
	case explore.TraceViolation, explore.Refusal, explore.Nondeterminism, explore.NoTrace:
		words = t.compare(ce, name)
	case explore.Race, explore.Stuck, explore.Leak, explore.Panic, explore.Starvation, explore.Bypass, explore.Lost:
		words = t.headOfParts(ce, name)
	case explore.Walk:
		words = name + ", " + t.afterTrace(b.Steps)
	default:
		words = name + " fails (" + short(string(ce.Kind), maxEvent) + ") " + t.afterTrace(b.Steps)
	}
	return title{words, kindStyle(ce.Kind)}
}

// visible returns the events of steps that the world sees, and τ if it is
// revealed.
func (t *text) visible(steps []explore.Step) []string {
	if !t.RevealTaus {
		b := explore.Behaviour{Steps: steps}
		return b.Trace()
	}
	var tr []string
	for i := range steps {
		tr = append(tr, eventName(&steps[i], maxEvent))
	}
	return tr
}

// afterTrace is "after 2 events: <a, b>".
func (t *text) afterTrace(steps []explore.Step) string {
	tr := t.visible(steps)
	switch {
	case len(steps) == 0:
		return "at once, before any event: <>"
	case len(tr) == 0:
		return "before any visible event, after " + number(len(steps)) + " τ: <>"
	}
	return "after " + count(len(tr), "event") + ": " + t.trace(tr)
}

func (t *text) trace(tr []string) string {
	var words []string
	for i, e := range tr {
		if !t.All && len(tr) > firstEvents+lastEvents+1 && i >= firstEvents && i < len(tr)-lastEvents {
			if i == firstEvents {
				words = append(words, "… "+number(len(tr)-firstEvents-lastEvents)+" more …")
			}
			continue
		}
		words = append(words, short(e, maxEvent))
	}
	return "<" + strings.Join(words, ", ") + ">"
}

// explain writes the headline, and below it the rest of the explanation, in
// lines no wider than the screen and not too wide to read.
func (t *text) explain(head title) {
	t.line(t.in(head.style, head.words))
	most := paragraphWide
	if t.Width > 0 {
		most = min(most, t.Width)
	}
	if p := t.explained.Paragraph(); p != "" {
		for _, l := range wrap(p, most) {
			t.line(l)
		}
	}
}

// paragraphWide is the columns of a line that is easy to read.
const paragraphWide = 100

func (t *text) behaviour(b *explore.Behaviour, head title) {
	t.explain(head)
	names := componentNames(b.Components, min(maxName, t.cellMax()))
	if len(b.Steps) > 0 {
		t.line()
		t.table(b, names)
	}
	if why := t.why(b, names); len(why) > 0 {
		t.line()
		for _, s := range why {
			t.line(s)
		}
	}
}

// why tells the last state, as far as the explanation has not: the waits, the
// components that do not even wait, and what is offered.
func (t *text) why(b *explore.Behaviour, names []string) []string {
	var out []string
	waiting := make([]bool, len(b.Components))
	for _, w := range b.Waits {
		waiting[w.Component] = true
	}
	out = append(out, t.waits(b, names)...)

	byStatus := make(map[explore.Status][]string)
	var mute []string
	for c, e := range b.Ends {
		switch {
		case e.Status != explore.Running:
			byStatus[e.Status] = append(byStatus[e.Status], names[c])
		case waiting[c] || b.Loop >= 0 || len(b.Final) > 0:
			// It waits, or can move.
		case len(e.Offers) == 0:
			mute = append(mute, names[c])
		default:
			out = append(out, t.in(strong, names[c])+" offers "+t.someOf(labels(e.Offers), someOffers))
		}
	}
	if len(b.Final) > 0 && b.Loop < 0 {
		var events []string
		for _, r := range b.Final {
			events = append(events, branchName(&r))
		}
		out = append(out, "After this it offers "+t.someOf(distinct(events), someOffers)+".")
	}
	if len(mute) > 0 && len(mute) != len(t.explained.mute) {
		out = append(out, t.someOf(mute, someNames)+plural(mute, " offers", " offer")+" nothing.")
	}
	if done := byStatus[explore.Terminated]; len(done) > 0 {
		out = append(out, t.someOf(done, someNames)+plural(done, " has", " have")+" terminated.")
	}
	if unborn := byStatus[explore.Unborn]; len(unborn) > 0 {
		out = append(out, t.someOf(unborn, someNames)+plural(unborn, " has", " have")+" not started.")
	}
	if gone := byStatus[explore.Gone]; len(gone) > 0 {
		out = append(out, t.someOf(gone, someNames)+plural(gone, " is", " are")+" gone.")
	}
	return out
}

// waits tells each wait, unless the explanation has told them all.
func (t *text) waits(b *explore.Behaviour, names []string) []string {
	if len(t.explained.told) == len(b.Waits) {
		return nil
	}
	var out []string
	for i := range b.Waits {
		if !t.All && len(b.Waits) > someWaits+1 && i == someWaits {
			return append(out, t.in(faint, "… and "+number(len(b.Waits)-someWaits)+" more such waits."))
		}
		out = append(out, t.wait(&b.Waits[i], names))
	}
	return out
}

// wait is "PHIL(0) waits for picks.0.1; FORK(1) offers only putsdown.1.1".
func (t *text) wait(w *explore.Wait, names []string) string {
	s := t.in(strong, names[w.Component]) + " waits for " + label(w.Event, "", maxEvent)
	for i, f := range w.For {
		if !t.All && len(w.For) > someOffers+1 && i == someOffers {
			return s + "; and for " + number(len(w.For)-i) + " more"
		}
		s += "; " + blocker(w, &f, names)
	}
	return s
}

// blocker is "FORK(1) offers only putsdown.1.1".
func blocker(w *explore.Wait, f *explore.Blocker, names []string) string {
	reason := short(f.Reason, maxReason)
	if f.Component < 0 {
		if reason == "" {
			return "nobody can ever join in"
		}
		return "nobody can ever join in: " + reason
	}
	who := names[f.Component]
	if f.Event != "" && f.Event != w.Event {
		who += ", as " + short(f.Event, maxEvent) + ","
	}
	if reason == "" {
		reason = "does not join in"
	}
	return who + " " + reason
}

func (t *text) someOf(words []string, max int) string {
	if t.All {
		max = 0
	}
	return list(words, max)
}

func labels(ps []explore.Part) []string {
	var out []string
	for _, p := range ps {
		out = append(out, label(p.Event, p.Label, maxEvent))
	}
	return distinct(out)
}

// distinct drops repetitions and keeps the order.
func distinct(words []string) []string {
	seen := make(map[string]bool)
	return slices.DeleteFunc(words, func(w string) bool {
		if seen[w] {
			return true
		}
		seen[w] = true
		return false
	})
}

func plural(of []string, one, more string) string {
	if len(of) == 1 {
		return one
	}
	return more
}
