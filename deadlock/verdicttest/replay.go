package verdicttest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// Replay checks a counterexample, plain data, against systems on which the
// process and its specification, if there is one, can be walked through. Its
// behaviours must be theirs, step by step, with what is offered beside each
// step and in the end; and they must show what its kind says. That it is a
// shortest one is not looked at.
func Replay(spec, impl explore.System, ce *explore.Counterexample) error {
	p, err := newWalk(impl)
	if err != nil {
		return err
	}
	q := p // of a nondeterminism, both behaviours are of the same process
	if spec != nil {
		if q, err = newWalk(spec); err != nil {
			return err
		}
	}
	if err := p.behaviour(&ce.Impl, hopeless(ce), hopeless(ce) || ce.Kind == explore.Bypass); err != nil {
		return fmt.Errorf("%s: %w", ce.Kind, err)
	}
	if ce.Spec != nil {
		if err := q.behaviour(ce.Spec, false, false); err != nil {
			return fmt.Errorf("%s, beside it: %w", ce.Kind, err)
		}
	}
	if err := shows(ce, p, q); err != nil {
		return fmt.Errorf("%s: %w", ce.Kind, err)
	}
	return errors.Join(p.err, q.err)
}

// shows checks that the behaviours, which p and q have, are a counterexample.
func shows(ce *explore.Counterexample, p, q *walk) error {
	trace := ce.Impl.Trace()
	last := "" // step
	if n := len(ce.Impl.Steps); n > 0 {
		last = ce.Impl.Steps[n-1].Event
	}
	final := offered(ce.Impl.Final)
	if !hopeless(ce) && (ce.Kind == explore.Divergence) != (ce.Impl.Loop >= 0) || ce.Spec != nil && ce.Spec.Loop >= 0 {
		return errors.New("a loop where there should be none, or none")
	}
	switch ce.Kind {
	case explore.Deadlock, explore.Termination:
		if len(final) > 0 || (last == "✓") != (ce.Kind == explore.Termination) {
			return fmt.Errorf("the last step is %s, and then it offers %v", last, final)
		}
	case explore.Divergence:
		if ce.Spec == nil {
			return nil
		}
		for i := range len(trace) + 1 {
			if s, ok := q.diverging(q.after(trace[:i])); ok {
				return fmt.Errorf("the specification diverges after %v in state %d", trace[:i], s)
			}
		}
	case explore.TraceViolation:
		if last == "τ" || last == "" {
			return errors.New("it does not end with an event")
		}
		before := trace[:len(trace)-1]
		allowed := q.initials(q.after(before))
		if slices.Contains(allowed, last) || !slices.Equal(allowed, sorted(ce.Allowed)) {
			return fmt.Errorf("%s is not one of %v, by the specification %v", last, ce.Allowed, allowed)
		}
		return beside(ce, before)
	case explore.Refusal:
		var required []string
		for _, a := range ce.Acceptances {
			required = append(required, strings.Join(sorted(a), " "))
			if subset(a, final) {
				return fmt.Errorf("%v are offered, and %v are enough", final, a)
			}
		}
		if want := q.minimal(q.after(trace)); slices.Contains(final, "τ") || !slices.Equal(sorted(required), want) {
			return fmt.Errorf("acceptances %v, by the specification %v; offered are %v", required, want, final)
		}
		return beside(ce, trace)
	case explore.Nondeterminism:
		if ce.Spec == nil || last == "τ" || last == "" {
			return errors.New("no event that is refused")
		}
		if refuses := offered(ce.Spec.Final); slices.Contains(refuses, "τ") || slices.Contains(refuses, last) {
			return fmt.Errorf("%s is done, and not refused where %v are offered", last, refuses)
		}
		return beside(ce, trace[:len(trace)-1])
	case explore.NoTrace:
		n := len(trace)
		if n >= len(ce.Wanted) || !slices.Equal(trace, ce.Wanted[:n]) {
			return fmt.Errorf("%v is done, of %v", trace, ce.Wanted)
		}
		if allowed := p.initials(p.after(trace)); slices.Contains(allowed, ce.Wanted[n]) || !slices.Equal(allowed, sorted(ce.Allowed)) {
			return fmt.Errorf("%s is not one of %v, by the process %v", ce.Wanted[n], ce.Allowed, allowed)
		}
	case explore.Race:
		return racing(ce, final)
	case explore.Panic:
		if last == "" || last == "✓" || last == "τ" && ce.Impl.Steps[len(ce.Impl.Steps)-1].Hidden == "" {
			return errors.New("it does not end with an event")
		}
	case explore.Stuck, explore.Leak, explore.Starvation:
		return p.stuck(ce)
	case explore.Bypass:
		return overtaken(ce)
	case explore.Lost:
		if x, b := ce.Lost, &ce.Impl; x == nil || x.Vain < 0 || x.Vain >= x.Wait || x.Wait >= x.Since || x.Since > len(b.Steps) ||
			b.Loop >= 0 && b.Loop < x.Since || b.Loop < 0 && len(b.Final) > 0 {
			return fmt.Errorf("%v of %d steps, which loop from %d", x, len(b.Steps), b.Loop)
		}
	default:
		return errors.New("an unknown kind")
	}
	return nil
}

// hopeless reports whether it is said of a task that something never happens.
func hopeless(ce *explore.Counterexample) bool {
	return ce.Kind == explore.Stuck || ce.Kind == explore.Leak || ce.Kind == explore.Starvation || ce.Kind == explore.Lost
}

// racing checks that both accesses are offered in the end, that one of them
// writes, and that each has a participant that the other lacks.
func racing(ce *explore.Counterexample, final []string) error {
	if ce.Race == nil {
		return errors.New("no accesses")
	}
	x := &ce.Race.Accesses
	who := func(i int) (out []int) {
		for _, p := range x[i].Parts {
			out = append(out, p.Component)
		}
		return out
	}
	for i := range x {
		if !slices.Contains(final, x[i].Event) || (x[i].Event == "τ") != (x[i].Hidden != "") {
			return fmt.Errorf("an access by %s, hiding %q, where %v are offered", x[i].Event, x[i].Hidden, final)
		}
		for _, c := range who(i) {
			if c < 0 || c >= len(ce.Impl.Components) {
				return fmt.Errorf("component %d of %d accesses", c, len(ce.Impl.Components))
			}
		}
		if !slices.ContainsFunc(who(i), func(c int) bool { return !slices.Contains(who(1-i), c) }) {
			return fmt.Errorf("the participants %v and %v of the accesses", who(0), who(1))
		}
	}
	if !x[0].Writes && !x[1].Writes {
		return errors.New("two reads do not race")
	}
	return nil
}

// stuck checks that a task takes part in nothing after it is said to be
// stuck, and that either nothing is offered in the end, or it goes on for ever.
func (w *walk) stuck(ce *explore.Counterexample) error {
	x, b := ce.Stuck, &ce.Impl
	if x == nil || x.Since < 0 || x.Since > len(b.Steps) || b.Loop >= 0 && b.Loop < x.Since {
		return errors.New("it is not said since when, or after the loop")
	}
	if ce.Kind == explore.Starvation && b.Loop != x.Since {
		return fmt.Errorf("it starves after %d steps, and the loop begins after %d", x.Since, b.Loop)
	}
	if (ce.Kind == explore.Leak) != (x.Main != "") {
		return fmt.Errorf("the main task is %q", x.Main)
	}
	if b.Loop < 0 && len(b.Final) > 0 || b.Loop >= 0 && len(b.Steps) == 0 {
		return fmt.Errorf("it ends where %v are offered", offered(b.Final))
	}
	for _, c := range slices.Concat(x.Components, x.MainComponents) {
		if c < 0 || c >= len(b.Components) {
			return fmt.Errorf("component %d of %d is stuck", c, len(b.Components))
		}
	}
	for i, s := range b.Steps[x.Since:] {
		for _, p := range s.Parts {
			if ce.Kind != explore.Leak && slices.Contains(x.Components, p.Component) {
				return fmt.Errorf("in step %d the task takes part", x.Since+i)
			}
		}
	}
	for _, wait := range b.Waits {
		if !slices.Contains(x.Components, wait.Component) {
			return fmt.Errorf("it is told what component %d waits for, and not %v", wait.Component, x.Components)
		}
	}
	return nil
}

// overtaken checks that others take part, and the task does not, in more steps
// than are allowed since it waits, the last step being one of them.
func overtaken(ce *explore.Counterexample) error {
	x, b := ce.Overtaken, &ce.Impl
	n := len(b.Steps)
	if x == nil || len(x.By) != x.Bound+1 || x.By[0] < x.Since || x.By[len(x.By)-1] != n-1 || x.Since < 0 {
		return fmt.Errorf("%+v in %d steps", x, n)
	}
	for i, k := range x.By {
		if i > 0 && k <= x.By[i-1] {
			return fmt.Errorf("overtaken by steps %v", x.By)
		}
		s := &b.Steps[k]
		if s.Event == "τ" && s.Hidden == "" || s.Event == "✓" {
			return fmt.Errorf("step %d, %s, is no event", k, s.Event)
		}
		if slices.ContainsFunc(s.Parts, func(p explore.Part) bool { return slices.Contains(x.Components, p.Component) }) {
			return fmt.Errorf("in step %d the task takes part", k)
		}
	}
	return nil
}

// beside checks the trace of the behaviour beside the counterexample.
func beside(ce *explore.Counterexample, trace []string) error {
	if ce.Spec == nil {
		return errors.New("no behaviour beside it")
	}
	if got := ce.Spec.Trace(); !slices.Equal(got, trace) {
		return fmt.Errorf("beside it stands the trace %v, want %v", got, trace)
	}
	return nil
}

// A walk goes through the states of a system by the names of events. Its
// first error stays.
type walk struct {
	states *explore.States
	events *model.Events
	err    error
}

func newWalk(sys explore.System) (*walk, error) {
	states, err := explore.NewStates(sys)
	return &walk{states: states, events: sys.Events()}, err
}

// each calls f for the transitions of a state.
func (w *walk) each(s uint32, f func(event string, to uint32)) {
	events, targets, err := w.states.Transitions(int(s))
	if err != nil && w.err == nil {
		w.err = err
	}
	for i, e := range events {
		f(w.events.Name(e), targets[i])
	}
}

// by returns where an event leads from the states.
func (w *walk) by(at []uint32, event string) []uint32 {
	next := map[uint32]bool{}
	for _, s := range at {
		w.each(s, func(e string, to uint32) {
			if e == event {
				next[to] = true
			}
		})
	}
	return slices.Sorted(maps.Keys(next))
}

// offers returns the events of a state, sorted.
func (w *walk) offers(s uint32) []string {
	var out []string
	w.each(s, func(e string, _ uint32) { out = append(out, e) })
	return sorted(out)
}

// offering returns those of the states that offer just the events.
func (w *walk) offering(at []uint32, events []string) []uint32 {
	return slices.DeleteFunc(slices.Clone(at), func(s uint32) bool { return !slices.Equal(w.offers(s), events) })
}

// after returns the states after a trace of visible events, those that τ
// leads to included.
func (w *walk) after(trace []string) []uint32 {
	at := w.closure([]uint32{0})
	for _, e := range trace {
		at = w.closure(w.by(at, e))
	}
	return at
}

// closure appends the states that τ leads to from the states.
func (w *walk) closure(at []uint32) []uint32 {
	seen := map[uint32]bool{}
	for _, s := range at {
		seen[s] = true
	}
	for i := 0; i < len(at); i++ {
		w.each(at[i], func(e string, to uint32) {
			if e == "τ" && !seen[to] {
				seen[to] = true
				at = append(at, to)
			}
		})
	}
	return at
}

// initials returns the visible events of the states, sorted.
func (w *walk) initials(at []uint32) []string {
	var out []string
	for _, s := range at {
		w.each(s, func(e string, _ uint32) {
			if e != "τ" {
				out = append(out, e)
			}
		})
	}
	return sorted(out)
}

// minimal returns the minimal acceptances of the stable ones of the states,
// each a line, sorted.
func (w *walk) minimal(at []uint32) []string {
	var all [][]string
	for _, s := range at {
		if x := w.offers(s); !slices.Contains(x, "τ") {
			all = append(all, x)
		}
	}
	var out []string
	for _, x := range all {
		if !slices.ContainsFunc(all, func(y []string) bool { return len(y) < len(x) && subset(y, x) }) {
			out = append(out, strings.Join(x, " "))
		}
	}
	return sorted(out)
}

// diverging returns one of the states that is on a loop of τ. The states
// are all that τ leads to.
func (w *walk) diverging(at []uint32) (uint32, bool) {
	for _, s := range at {
		if slices.Contains(w.closure(w.by([]uint32{s}, "τ")), s) {
			return s, true
		}
	}
	return 0, false
}

// behaviour checks that there is such a behaviour.
func (w *walk) behaviour(b *explore.Behaviour, hopeless, waiting bool) error {
	if err := told(b, hopeless, waiting); err != nil {
		return err
	}
	at := []uint32{0}
	var looping []uint32
	for i := 0; ; i++ {
		offers := offered(b.Final)
		if i < len(b.Steps) {
			offers = sorted(append(offered(b.Steps[i].Others), b.Steps[i].Event))
		}
		could := at
		if at = w.offering(at, offers); len(at) == 0 {
			return fmt.Errorf("after %v no state offers %v: %d states, the first offers %v", names(b.Steps[:i]), offers, len(could), w.offers(could[0]))
		}
		if i == b.Loop {
			looping = at
		}
		if i == len(b.Steps) {
			break
		}
		if at = w.by(at, b.Steps[i].Event); len(at) == 0 {
			return fmt.Errorf("step %d, %s, cannot be done", i, b.Steps[i].Event)
		}
	}
	if b.Loop < 0 {
		return nil
	}
	for _, s := range looping {
		back := []uint32{s}
		for i := range b.Steps[b.Loop:] {
			back = w.by(back, b.Steps[b.Loop+i].Event)
		}
		if slices.Contains(back, s) {
			return nil
		}
	}
	return fmt.Errorf("no state after %v comes back by %d steps", names(b.Steps[:b.Loop]), len(b.Steps)-b.Loop)
}

// told checks what a behaviour says of itself: who takes part and who waits
// is one of its components, and all that is visible has somebody who does it.
// Of a task without hope, others may go on for ever, in sight; of that and one
// that is overtaken it is told what they wait for, whatever is offered.
func told(b *explore.Behaviour, hopeless, waiting bool) error {
	known := func(i int) bool { return i >= 0 && i < len(b.Components) }
	if len(b.Ends) != len(b.Components) {
		return fmt.Errorf("%d ends of %d components", len(b.Ends), len(b.Components))
	}
	if b.Loop < -1 || b.Loop >= len(b.Steps) {
		return fmt.Errorf("a loop from step %d of %d", b.Loop, len(b.Steps))
	}
	for i, s := range b.Steps {
		if i >= b.Loop && b.Loop >= 0 && !hopeless && s.Event != "τ" {
			return fmt.Errorf("step %d, %s, is in the loop", i, s.Event)
		}
		if s.Event != "τ" && (len(s.Parts) == 0 || s.Hidden != "") || s.Hidden != "" && len(s.Parts) == 0 {
			return fmt.Errorf("step %d, %s, has %d parts, and hides %q", i, s.Event, len(s.Parts), s.Hidden)
		}
		for k, p := range s.Parts {
			if !known(p.Component) || k > 0 && p.Component <= s.Parts[k-1].Component {
				return fmt.Errorf("step %d, %s, has parts %v of %d components", i, s.Event, s.Parts, len(b.Components))
			}
		}
		for _, o := range s.Others {
			if o.To < -1 || o.To > len(b.Steps) {
				return fmt.Errorf("beside step %d, %s leads to step %d", i, o.Event, o.To)
			}
		}
	}
	if len(b.Waits) > 0 && len(b.Final) > 0 && !waiting {
		return fmt.Errorf("%d waits, though %v are offered", len(b.Waits), offered(b.Final))
	}
	for _, x := range b.Waits {
		if !known(x.Component) {
			return fmt.Errorf("component %d of %d waits", x.Component, len(b.Components))
		}
		for _, f := range x.For {
			if !known(f.Component) && f.Component != -1 {
				return fmt.Errorf("%s waits for component %d of %d", x.Event, f.Component, len(b.Components))
			}
		}
	}
	return nil
}

// offered returns the events of branches, sorted.
func offered(branches []explore.Branch) []string {
	var out []string
	for _, b := range branches {
		out = append(out, b.Event)
	}
	return sorted(out)
}

// sorted returns the names in order, each once.
func sorted(names []string) []string {
	out := slices.Clone(names)
	slices.Sort(out)
	return slices.Compact(out)
}

func subset(a, b []string) bool {
	return !slices.ContainsFunc(a, func(e string) bool { return !slices.Contains(b, e) })
}
