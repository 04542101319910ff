package deadlock

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
)

// Replay judges a counterexample, perhaps of another version of the process,
// against a question. It returns "" if it still stands: the trace that the
// world sees can be performed, and at its end the property is broken in the
// way that the counterexample shows. Otherwise it says what is different. By
// which steps, and by which components, does not matter.
//
// That it no longer stands does not mean that the property holds. It searches
// the states along the trace, and not the others, but for a task that is stuck,
// leaks or starves, and a lost notification: there all states must be known, and
// the question is asked again.
// An error is a *explore.Limit, or one of the systems.
func Replay(ctx context.Context, q Question, ce *explore.Counterexample, limits explore.Limits) (string, error) {
	if !Shows(ce.Kind, q.Topic) {
		return "", fmt.Errorf("a %s is no counterexample to what is asked, %s", ce.Kind, q.Topic)
	}
	limits = limits.Begun()
	switch q.Topic {
	case Trace:
		_, why, err := askAgain(ctx, q, "the trace is there now", limits)
		return why, err
	case Liveness, LeakFreedom, StarvationFreedom, LossFreedom:
		v, why, err := askAgain(ctx, q, "it holds now", limits)
		if err != nil || why != "" {
			return why, err
		}
		return replayAlong(ctx, q, ce, v.hope, limits)
	}
	return replayAlong(ctx, q, ce, nil, limits)
}

// Shows reports whether a counterexample of that kind can be an answer to a
// question about that topic.
func Shows(k explore.Kind, t Topic) bool { return slices.Contains(shows[k], t) }

var shows = map[explore.Kind][]Topic{
	explore.Deadlock:       {DeadlockFreedom},
	explore.Termination:    {DeadlockFreedom},
	explore.Divergence:     {DeadlockFreedom, DivergenceFreedom, Determinism, Refinement},
	explore.TraceViolation: {Refinement},
	explore.Refusal:        {Refinement},
	explore.Nondeterminism: {Determinism},
	explore.NoTrace:        {Trace},
	explore.Race:           {RaceFreedom},
	explore.Stuck:          {Liveness},
	explore.Leak:           {LeakFreedom},
	explore.Panic:          {PanicFreedom},
	explore.Starvation:     {StarvationFreedom},
	explore.Bypass:         {BoundedBypass},
	explore.Lost:           {LossFreedom},
}

// askAgain asks a question that did not hold, and returns what is to be said
// if it does.
func askAgain(ctx context.Context, q Question, holds string, limits explore.Limits) (v *Verdict, why string, err error) {
	v, err = Ask(ctx, q, limits)
	switch {
	case err != nil:
		return nil, "", err
	case v.Answer == Unknown:
		return nil, "", &explore.Limit{Reason: v.Reason}
	case v.Answer == Holds:
		return nil, holds, nil
	}
	return v, "", nil
}

// replayAlong is Replay along the trace.
func replayAlong(ctx context.Context, q Question, ce *explore.Counterexample, hope *inquiry, limits explore.Limits) (string, error) {
	x, why, err := expect(ctx, q, ce.Kind, visibleTrace(ce), hope, limits)
	if why != "" || err != nil {
		return why, err
	}
	depth, err := x.find(ctx, q, limits)
	switch {
	case errors.Is(err, errUnsettled):
		return "the process diverges now, and nothing else is looked for", nil
	case err != nil || depth >= 0:
		return "", err
	}
	return x.unlike(q), nil
}
