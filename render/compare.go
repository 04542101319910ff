package render

import "github.com/cspcheck/cspcheck/explore"

// compare is the headline of what takes two sides to show.
func (t *text) compare(ce *explore.Counterexample, name string) string {
	steps := ce.Impl.Steps
	before, last := steps, ""
	if n := len(steps); n > 0 && (ce.Kind == explore.TraceViolation || ce.Kind == explore.Nondeterminism) {
		before, last = steps[:n-1], label(steps[n-1].Event, "", maxEvent)
	}
	at := "at once"
	if tr := t.visible(before); len(tr) > 0 {
		at = "after " + t.trace(tr)
	}
	switch ce.Kind {
	case explore.TraceViolation:
		return name + " does " + last + " " + at + ", which " + specName(ce) + " does not allow"
	case explore.Refusal:
		return name + " may refuse " + at + " what " + specName(ce) + " does not"
	case explore.Nondeterminism:
		return name + " is nondeterministic: " + at + " it may do " + last + ", and may refuse it"
	}
	return name + " does not do " + t.trace(ce.Wanted) + ", but only " + t.trace(t.visible(steps))
}

func specName(ce *explore.Counterexample) string {
	if ce.Spec == nil {
		return "the specification"
	}
	return processName(ce.Spec.Process)
}

// compared tells both sides of ce.
func (t *text) compared(ce *explore.Counterexample, head title) {
	t.explain(head)
	impl := processName(ce.Impl.Process)
	switch ce.Kind {
	case explore.Nondeterminism:
		last := ce.Impl.Steps[len(ce.Impl.Steps)-1].Event
		t.beside(ce, short(last, maxEvent))
		t.side(ce.Spec, impl+" refuses "+short(last, maxEvent))
		t.side(&ce.Impl, impl+" does "+short(last, maxEvent))
		return
	case explore.NoTrace:
		t.side(&ce.Impl, "")
		return
	}
	if ce.Spec != nil {
		t.side(ce.Spec, "The specification, "+specName(ce))
	}
	switch ce.Kind {
	case explore.TraceViolation:
		t.side(&ce.Impl, "The implementation, "+impl)
	case explore.Refusal:
		names := componentNames(ce.Impl.Components, min(maxName, t.cellMax()))
		end := t.each(&ce.Impl)
		if len(ce.Impl.Waits) > 0 {
			end = append(end, t.why(&ce.Impl, names)...)
		}
		t.side(&ce.Impl, "The implementation, "+impl, end...)
	default:
		names := componentNames(ce.Impl.Components, min(maxName, t.cellMax()))
		t.side(&ce.Impl, "The implementation, "+impl, t.why(&ce.Impl, names)...)
	}
}

// side tells one of two behaviours, with what is to be said at its end.
func (t *text) side(b *explore.Behaviour, head string, end ...string) {
	if head != "" {
		t.line()
		t.line(t.in(strong, head+":"))
	}
	if len(b.Steps) > 0 {
		t.line()
		t.table(b, componentNames(b.Components, min(maxName, t.cellMax())))
	} else if head != "" {
		t.line()
		t.line(t.in(faint, "  No step."))
	}
	if len(end) > 0 {
		t.line()
		t.notes(end)
	}
}

func (t *text) notes(lines []string) {
	for _, s := range lines {
		t.line(s)
	}
}

// each says what each component offers at the end, if there are several.
func (t *text) each(b *explore.Behaviour) []string {
	if len(b.Components) < 2 {
		return nil
	}
	names := componentNames(b.Components, min(maxName, t.cellMax()))
	var out []string
	for c, e := range b.Ends {
		if e.Status != explore.Running {
			continue
		}
		if !t.All && len(out) == someWaits {
			return append(out, t.in(faint, "… and more components."))
		}
		words := labels(e.Offers)
		if len(words) == 0 {
			words = []string{"nothing"}
		}
		out = append(out, "  "+t.in(strong, names[c])+" offers "+t.someOf(words, someOffers))
	}
	return out
}

// beside draws the steps of the two behaviours of a nondeterminism side by
// side, their visible events in one line.
func (t *text) beside(ce *explore.Counterexample, last string) {
	does := column{cells: []string{"does " + last}}
	refuses := column{cells: []string{"refuses " + last}}
	steps := column{right: true, cells: []string{"step"}}
	for _, c := range []*column{&steps, &does, &refuses} {
		c.wide = width(c.cells[0])
	}
	a, b := ce.Impl.Steps, ce.Spec.Steps
	event := func(s []explore.Step, ok bool) string {
		if !ok {
			return placeholder
		}
		return eventName(&s[0], t.cellMax())
	}
	line := 0
	for len(a) > 0 || len(b) > 0 {
		left, right := len(a) > 0, len(b) > 0
		switch { // τ of either come before the next event of both
		case left && a[0].Event == "τ":
			right = right && b[0].Event == "τ"
		case right && b[0].Event == "τ":
			left = false
		}
		line++
		steps.add(number(line))
		does.add(event(a, left))
		refuses.add(event(b, right))
		if left {
			a = a[1:]
		}
		if right {
			b = b[1:]
		}
	}
	if line == 0 || !t.All && line > firstSteps+lastSteps {
		return // the two are told one after the other
	}
	t.line()
	for i := range steps.cells {
		t.tableLine([]column{steps, does, refuses}, i, "", 0)
	}
}

// setOf is a set of events: {a, b}.
func (t *text) setOf(events []string) string {
	if len(events) == 0 {
		return "nothing"
	}
	var words []string
	for _, e := range events {
		words = append(words, short(e, maxEvent))
	}
	return "{" + t.someOf(words, 2*someOffers) + "}"
}
