package deadlock

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/explore/lts"
	"github.com/cspcheck/cspcheck/model"
)

// A Topic is what a Question is about, in the words of a script.
type Topic string

const (
	Refinement        Topic = "refines"
	DeadlockFreedom   Topic = "deadlock free"
	DivergenceFreedom Topic = "divergence free"
	Determinism       Topic = "deterministic"
	Trace             Topic = "has trace"
	RaceFreedom       Topic = "race free"
	Liveness          Topic = "never stuck"
	LeakFreedom       Topic = "no leak"
	PanicFreedom      Topic = "no panic"
	StarvationFreedom Topic = "starvation free"
	BoundedBypass     Topic = "bounded bypass"
	LossFreedom       Topic = "no lost notification"
)

// A Question is any of the questions, as data.
type Question struct {
	Topic Topic
	Model Model          // of Refinement, DeadlockFreedom and Determinism; "" is FD, as in scripts
	Spec  explore.System // of Refinement
	Impl  explore.System
	Trace []model.Event // of Trace

	Symmetry bool     // search one state for all that differ by the names of interchangeable components, where that is sound
	Compress Compress // of Refinement and DeadlockFreedom

	Terminates bool // of DeadlockFreedom: to terminate is all right (AcceptTermination)

	Variables []Variable     // of RaceFreedom
	Tasks     []Task         // of Liveness, StarvationFreedom and BoundedBypass; of LeakFreedom main and the others, if they are not all
	Events    model.EventSet // of PanicFreedom and BoundedBypass
	Fairness  Fairness       // of StarvationFreedom
	Bound     int            // of BoundedBypass

	Notifications []Notification // of LossFreedom

	Reduce Reduction
	Effort explore.Effort // of StubbornSets

	whole      explore.System // what Impl is reduced from, or nil
	specStates int64          // what Spec may have, if the limit is less
}

// Ask answers a question, as the function for it does.
func Ask(ctx context.Context, q Question, limits explore.Limits) (*Verdict, error) {
	limits = limits.Begun()
	if c := q.composing(); c != nil {
		return c.answered(ctx, limits)
	}
	if q.convergent() {
		return &Verdict{Answer: Holds, Reduced: NoLoopPossible}, nil
	}
	r, why := q.reduced()
	if why == "" && (q.Reduce == StubbornSets || q.pays(ctx, limits)) {
		return q.askReduced(ctx, r, limits)
	}
	v, err := q.askWhole(ctx, limits)
	if v != nil && q.Reduce == StubbornSets {
		v.Unreduced = why
	}
	if v != nil && q.Symmetry && v.Symmetry == nil {
		v.Symmetry = &Symmetry{Refused: cmp.Or(asymmetric[q.Topic], "the search did not begin")}
	}
	return v, err
}

// askWhole answers a question without a reduction.
func (q *Question) askWhole(ctx context.Context, limits explore.Limits) (*Verdict, error) {
	switch q.Topic {
	case Trace:
		return HasTrace(ctx, q.Impl, q.Trace, limits)
	case Liveness:
		return NeverStuck(ctx, q.Impl, q.Tasks, limits)
	case LossFreedom:
		return NoLostNotification(ctx, q.Impl, q.Notifications, limits)
	case LeakFreedom:
		if len(q.Tasks) == 0 {
			return nil, errors.New("a leak is one of a main task: none is given")
		}
		return NoLeak(ctx, q.Impl, q.Tasks[0], q.Tasks[1:], limits)
	case StarvationFreedom:
		return StarvationFree(ctx, q.Impl, q.Tasks, q.Fairness, limits)
	case BoundedBypass:
		return BypassAtMost(ctx, q.Impl, q.Tasks, q.Events, q.Bound, limits)
	}
	unsettled := false
	if _, err := limits.Checkpoint.Known(outcomeUnsettled, &unsettled); err != nil {
		return &Verdict{}, err
	}
	if unsettled {
		return divergenceFree(q.Impl).run(ctx, limits)
	}
	before := learnt(q.Impl)
	x, err := q.inquiry(ctx, limits)
	if err != nil {
		return limited(&Verdict{}, err)
	}
	var used *Symmetry
	if q.Symmetry {
		x, used = q.quotient(ctx, x, limits)
	}
	v, err := x.run(ctx, limits)
	v.Symmetry = used
	if errors.Is(err, errUnsettled) {
		if before.same(q.Impl) {
			if err := limits.Checkpoint.Note(outcomeUnsettled, true); err != nil {
				return v, err
			}
		}
		return divergenceFree(q.Impl).run(ctx, limits)
	}
	return v, err
}

// inquiry makes the question ready to search.
func (q *Question) inquiry(ctx context.Context, limits explore.Limits) (*inquiry, error) {
	m := q.model()
	switch q.Topic {
	case Refinement:
		if limits.States > 0 {
			limits.States = max(limits.States, q.specStates)
		}
		return refines(ctx, q.Spec, q.Impl, m, limits)
	case DeadlockFreedom:
		return free(q.Impl, m, q.options()...)
	case DivergenceFreedom:
		return divergenceFree(q.Impl), nil
	case Determinism:
		return deterministic(ctx, q.Impl, m, limits)
	case RaceFreedom:
		return raceFree(q.Impl, q.Variables)
	case PanicFreedom:
		return noPanic(q.Impl, q.Events)
	case BoundedBypass:
		return bypassAtMost(q.Impl, q.Tasks, q.Events, q.Bound)
	}
	return nil, fmt.Errorf("there is no question about %q", q.Topic)
}

// options are those of Free.
func (q *Question) options() []Option {
	if q.Terminates {
		return []Option{AcceptTermination}
	}
	return nil
}

// limited makes v Unknown because of a limit; another error is none of its.
func limited(v *Verdict, err error) (*Verdict, error) {
	v.Answer, v.Reason = Unknown, err.Error()
	if l := limitOf(err); l != nil {
		v.Reason = l.Reason
		return v, nil
	}
	return v, err
}

// limitOf returns the limit that err is, or nil.
func limitOf(err error) (l *explore.Limit) {
	errors.As(err, &l)
	return l
}

// A specification that takes no more than this is normalised as a whole, and
// equivalent nodes are merged: the search meets fewer pairs.
var small = lts.Budget{Nodes: 1 << 10, Work: 1 << 14}

// newNormal returns the normal form of a specification, made within limits:
// as a whole if it is small, otherwise on demand. Progress is told while it
// grows, also where a single node takes long.
func newNormal(ctx context.Context, spec explore.System, keep lts.Keep, limits explore.Limits) (*lts.Normal, error) {
	const often = 100 * time.Millisecond
	limits.Enter(explore.Normalising)
	if p, ok := spec.(permissive); ok {
		return lts.Anything(p.Permits()), nil
	}
	most := limits.States
	var kept map[lts.Keep]*lts.Normal
	if lasts, ok := spec.(lasting); ok {
		kept = lasts.Normals()
	}
	if n := kept[keep]; n != nil && (most == 0 || int64(max(n.Len(), n.States())) < most) {
		return n, nil
	}
	var tried explore.Stats // made in the attempt to have it whole
	trying, tooMany := false, false
	watch, told := limits.Watch(ctx), time.Now()
	check := func(n *lts.Normal) error {
		st := specStats(n)
		if most > 0 && !trying && max(st.SpecNodes-tried.SpecNodes, st.SpecStates-tried.SpecStates) > most {
			tooMany = true
			return &explore.Limit{Reason: fmt.Sprintf("more than %d in the specification: %s", most, n)}
		}
		if limits.Progress != nil && time.Since(told) > often {
			told = time.Now()
			limits.Progress(st)
		}
		return watch()
	}
	n, err := lts.NewNormal(spec, keep, check)
	if err != nil {
		return n, err
	}
	budget := small
	if limits.Checkpoint != nil {
		trying = true // the limit may be another one when the search goes on, and what is searched must not be
	} else if most > 0 {
		budget.Nodes = min(budget.Nodes, int(most)-1)
	}
	// An error need not concern the search: it may be one of states that this
	// never comes to.
	whole, err := n.Whole(budget)
	trying = false
	if tooMany { // a search need not meet so many
		return lts.NewNormal(spec, keep, check)
	}
	if !whole {
		tried = specStats(n)
	} else if kept != nil {
		kept[keep] = n
	}
	if limitOf(err) != nil {
		return nil, err
	}
	return n, nil
}

// A lasting specification may be asked about by several questions: its normal forms that
// are whole are kept with it.
type lasting interface {
	// Normals holds them; nil: it does not last.
	Normals() map[lts.Keep]*lts.Normal
}

// A permissive specification may always do or refuse any event of a set that
// is too large to be listed. It need not be one of failures if only traces are
// asked for.
type permissive interface {
	explore.System
	// Permits returns the set, without ✓, and Permitted what it is called.
	Permits() model.EventSet
	Permitted() string
	// Following returns a system that does the trace as the specification does,
	// and whose events can be listed.
	Following(trace []model.Event) explore.System
}

// A partial specification lacks events that the implementation never does, in a
// question that does not depend on them.
type partial interface {
	explore.System
	// Whole returns all of it: what is told of it.
	Whole() (explore.System, error)
	// Compare says which of two events is told first: their numbers are in the order of
	// the implementation.
	Compare(a, b model.Event) int
}

func specStats(n *lts.Normal) explore.Stats {
	return explore.Stats{SpecNodes: int64(n.Len()), SpecStates: int64(n.States())}
}
