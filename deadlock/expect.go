package deadlock

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// CheckTrace judges an expectation, the visible trace of a counterexample
// (with ✓, if it ends so), against the one of v, which is what Ask said to
// the question. It returns "" if the trace is that of another such
// counterexample that is no longer, and otherwise what is wrong with it.
//
// Of a task that is stuck, leaks or starves, and of a lost notification, it is
// the trace up to where that has come about. No longer means as few steps, τ
// counted; for a divergence, whose path is
// not promised to be shortest, no more visible events.
//
// It searches the states along the trace. An error is a *explore.Limit, or
// one of the systems.
func CheckTrace(ctx context.Context, q Question, v *Verdict, trace []string, limits explore.Limits) (string, error) {
	limits = limits.Begun()
	found := v.Counterexample
	shorter := visibleTrace(found)
	if q.Topic == Trace {
		if !slices.Equal(trace, shorter) {
			return "the longest part of the trace is " + traceText(shorter), nil
		}
		return "", nil
	}
	if c := v.Composition; c != nil && c.Refused == "" { // found need not be a shortest one
		q.Compress = WithoutCompression
		shortest, err := Ask(ctx, q, limits)
		switch {
		case err != nil:
			return "", err
		case shortest.Answer == Unknown:
			return "", &explore.Limit{Reason: shortest.Reason}
		}
		v, found, shorter = shortest, shortest.Counterexample, visibleTrace(shortest.Counterexample)
	}
	x, why, err := expect(ctx, q, found.Kind, trace, v.hope, limits)
	if why != "" || err != nil {
		return why, err
	}
	depth, err := x.find(ctx, q, limits)
	if err != nil {
		return "", err
	}
	switch {
	case depth < 0:
		return x.unlike(q), nil
	case x.diverges && len(trace) > len(shorter):
		return "a shorter one exists: " + traceText(shorter), nil
	case !x.diverges && depth > v.steps:
		return fmt.Sprintf("a shorter one exists: %s%s", traceText(shorter), x.hiddenSteps(depth, v)), nil
	case !x.diverges && v.Longer:
		return x.shortest(ctx, q, depth, limits)
	}
	return "", nil
}

// shortest holds an expectation that came true after some steps against all
// other counterexamples: the one that was found need not be a shortest one.
func (x *expectation) shortest(ctx context.Context, q Question, depth int, limits explore.Limits) (string, error) {
	limits.Progress = nil
	v, err := q.askWhole(ctx, limits)
	switch {
	case err != nil:
		return "", err
	case v.Answer == Unknown:
		return "", &explore.Limit{Reason: v.Reason}
	case depth > v.steps:
		return fmt.Sprintf("a shorter one exists: %s%s", traceText(visibleTrace(v.Counterexample)), x.hiddenSteps(depth, v)), nil
	}
	return "", nil
}

// visibleTrace is the trace that is expected of a counterexample.
func visibleTrace(ce *explore.Counterexample) []string {
	if x := ce.Stuck; x != nil {
		return (&explore.Behaviour{Steps: ce.Impl.Steps[:x.Since]}).Trace()
	}
	if x := ce.Lost; x != nil {
		return (&explore.Behaviour{Steps: ce.Impl.Steps[:x.Since]}).Trace()
	}
	return ce.Impl.Trace()
}

// expect makes an expectation: a trace at whose end the property is broken by
// a counterexample of that kind. It says why, if there is no such trace by the
// names of its events. hope is of a Stuck, Leak, Starvation or Lost.
func expect(ctx context.Context, q Question, kind explore.Kind, trace []string, hope *inquiry, limits explore.Limits) (*expectation, string, error) {
	x := &expectation{words: trace, diverges: kind == explore.Divergence}
	seen := false // the states along the trace
	for i, name := range trace {
		e, ok := q.Impl.Events().Lookup(name)
		if !ok && !seen { // an event may become known only with the states that do it
			seen = true
			if _, err := explore.Run(ctx, explore.AlongNames(q.Impl, trace), limits, nil); err != nil {
				return nil, "", err
			}
			e, ok = q.Impl.Events().Lookup(name)
		}
		if !ok || e == model.Tau {
			return nil, fmt.Sprintf("%s is not a trace: there is no event %s", traceText(trace[:i+1]), name), nil
		}
		x.trace = append(x.trace, e)
	}
	var err error
	switch {
	case q.Topic == Determinism && x.diverges:
		x.inquiry = divergenceFree(q.Impl)
	case hope != nil:
		x.inquiry = hope
	default:
		x.inquiry, err = q.inquiry(ctx, limits)
	}
	return x, "", err
}

// find returns the length of a shortest path to what is expected, or -1.
func (x *expectation) find(ctx context.Context, q Question, limits explore.Limits) (int, error) {
	if q.Topic == PanicFreedom {
		return x.panicking(ctx, q, limits)
	}
	return x.search(ctx, limits)
}

// unlike says what was found instead.
func (x *expectation) unlike(q Question) string {
	if q.Topic == Determinism && !x.diverges {
		return x.complaint() + "; the trace is to end with the event that it may do and may refuse"
	}
	if what := impossible[q.Topic]; what != "" && x.done == len(x.trace) {
		return fmt.Sprintf("%s is performed, but then %s", traceText(x.words), what)
	}
	return x.complaint()
}

// impossible says what is not so where an expected trace leads.
var impossible = map[Topic]string{
	RaceFreedom:  "there is no race",
	Liveness:     "every task can move in some future",
	LeakFreedom:  "the main task has not ended for good, or the others can end",
	PanicFreedom: "there is no panic",

	StarvationFreedom: "no task starves by what can go on for ever from there",
	BoundedBypass:     "no task has been overtaken too often",
	LossFreedom:       "no wait that has begun after a notification in vain is without an end",
}

// panicking is search where the trace ends in a panic: its last event, or one
// that is hidden and comes after it.
func (x *expectation) panicking(ctx context.Context, q Question, limits explore.Limits) (int, error) {
	all := x.trace
	ends := func(event model.Event) *inquiry {
		p := &panics{sys: q.Impl, events: q.Events}
		return &inquiry{sys: q.Impl, spoilt: func(s []uint64) (found bool, err error) {
			err = p.each(s, func(m *explore.Move) { found = found || m.Event == event })
			return found, err
		}}
	}
	if n := len(all); n > 0 && q.Events.Contains(all[n-1]) {
		x.inquiry, x.trace = ends(all[n-1]), all[:n-1]
		if depth, err := x.search(ctx, limits); depth >= 0 || err != nil {
			return depth, err
		}
	}
	x.inquiry, x.trace, x.done, x.offers = ends(model.Tau), all, 0, nil
	return x.search(ctx, limits)
}

// An expectation is a trace that is to end in a counterexample.
type expectation struct {
	*inquiry
	words    []string
	trace    []model.Event
	diverges bool

	done   int           // the most events of the trace that could be done
	offers []model.Event // what was possible then, as far as seen
	steps  explore.Steps
}

// search returns the length of a shortest path along the trace to its end,
// where the property is broken as expected; -1 if there is none. The length
// is that to a state which diverges, for a divergence.
func (x *expectation) search(ctx context.Context, limits explore.Limits) (depth int, err error) {
	depth = -1
	var broken error
	var g taus
	w := x.sys.Width()
	s, err := explore.Run(ctx, explore.Along(x.sys, x.trace), x.watched(limits), func(v *explore.Visit) bool {
		done := int(v.Words[w])
		if done > x.done {
			x.done, x.offers = done, x.offers[:0]
		}
		if done < x.done {
			return true
		}
		x.steps.Reset()
		if broken = x.sys.Successors(v.Words[:w:w], &x.steps); broken != nil {
			return false
		}
		for _, e := range x.steps.Events {
			if !slices.Contains(x.offers, e) {
				x.offers = append(x.offers, e)
			}
		}
		if done < len(x.trace) {
			return true
		}
		if x.diverges {
			g.note(v) // by now every step that Along leaves is τ
			return true
		}
		if x.breaks(v.Words[:w:w], x.steps.Events) {
			depth = v.Depth
		}
		return depth < 0 && x.failed == nil
	})
	if broken = cmp.Or(broken, x.failed); broken != nil {
		return -1, broken
	}
	g.within(limits.Room())
	if l := g.lasso(); l != nil {
		path, err := s.Path(l.start)
		return len(path), err
	}
	if err == nil {
		err = g.err()
	}
	return depth, err
}

// complaint says how far the trace can be done, and what comes instead.
func (x *expectation) complaint() string {
	if x.done < len(x.trace) {
		return fmt.Sprintf("%s is not a trace: after %s %s", traceText(x.words), traceText(x.words[:x.done]), x.possible())
	}
	what := "goes on with " + x.offered()
	switch {
	case x.diverges && len(x.offers) == 0:
		what = "stops instead of diverging"
	case x.diverges:
		what += " and does not diverge"
	case len(x.offers) == 0:
		what = "may stop there"
	}
	return fmt.Sprintf("%s is performed but the process %s", traceText(x.words), what)
}

func (x *expectation) possible() string {
	offered := x.offered()
	switch {
	case offered == "":
		return "nothing is possible"
	case strings.Contains(offered, ", "):
		return "only " + offered + " are possible"
	}
	return "only " + offered + " is possible"
}

// offered lists the offers: visible ones, or τ if that is all.
func (x *expectation) offered() string {
	const most = 8
	var names []string
	slices.Sort(x.offers)
	for _, e := range x.offers {
		if e != model.Tau || len(x.offers) == 1 {
			names = append(names, x.sys.Events().Name(e))
		}
	}
	if len(names) > most {
		names = append(names[:most], "…")
	}
	return strings.Join(names, ", ")
}

// hiddenSteps explains a comparison in which τ counts.
func (x *expectation) hiddenSteps(depth int, v *Verdict) string {
	if depth == len(x.trace) && v.steps == len(v.Counterexample.Impl.Trace()) {
		return ""
	}
	return fmt.Sprintf(" (%d steps with τ, not %d)", v.steps, depth)
}

// traceText returns "<a, b>".
func traceText(trace []string) string { return "<" + strings.Join(trace, ", ") + ">" }
