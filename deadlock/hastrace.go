package deadlock

import (
	"context"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/explore/checkpoint"
	"github.com/cspcheck/cspcheck/model"
)

// HasTrace asks whether sys can do the events of trace, which may end in ✓,
// one after the other.
//
// The counterexample, of Kind NoTrace, is a shortest path by the longest
// prefix that it can do, τ counted, with the events that may follow it. It
// costs a search of the states along the trace.
func HasTrace(ctx context.Context, sys explore.System, trace []model.Event, limits explore.Limits) (*Verdict, error) {
	w := sys.Width()
	limits = limits.Begun()
	limits.Enter(explore.Exploring)
	furthest, best := 0, 0 // a first state with the most events done, and those
	s, err := explore.RunKept(ctx, explore.Along(sys, trace), limits, &explore.Visitor{
		Name: "the trace",
		Visit: func(v *explore.Visit) bool {
			if done := int(v.Words[w]); done > best {
				furthest, best = v.State, done
			}
			return best < len(trace)
		},
		Save: func(w *checkpoint.Writer) { w.Int(furthest); w.Int(best) },
		Load: func(r *checkpoint.Reader) { furthest, best = r.Int(), r.Int() },
	})
	v := &Verdict{Answer: Holds, Stats: s.Stats}
	switch {
	case best == len(trace):
		return v, nil
	case err != nil:
		return limited(v, err)
	}
	v.Answer = Unknown // until it can be told
	limits.Enter(explore.Telling)
	path, err := s.Path(furthest)
	if err != nil {
		return untold(v, err)
	}
	b, err := story(sys, &finding{narrowed(path, 0, w), -1})
	if err != nil {
		return untold(v, err)
	}
	ce := &explore.Counterexample{Kind: explore.NoTrace, Impl: *b, Wanted: namesOf(sys.Events(), trace)}
	if ce.Allowed, err = follow(ctx, sys, trace[:best], limits); err != nil {
		return untold(v, err)
	}
	v.Answer, v.Counterexample = Fails, ce
	return v, nil
}

// follow returns the events that may come after a trace of sys. It goes through the
// states along the trace, and no others.
func follow(ctx context.Context, sys explore.System, trace []model.Event, limits explore.Limits) ([]string, error) {
	limits.Progress = nil
	w := sys.Width()
	var steps explore.Steps
	var after []model.Event
	var broken error
	_, err := explore.Run(ctx, explore.Along(sys, trace), limits, func(v *explore.Visit) bool {
		if int(v.Words[w]) < len(trace) {
			return true
		}
		steps.Reset()
		if broken = sys.Successors(v.Words[:w:w], &steps); broken != nil {
			return false
		}
		for _, e := range steps.Events {
			if e != model.Tau {
				after = append(after, e)
			}
		}
		slices.Sort(after)
		after = slices.Compact(after)
		return true
	})
	if err == nil {
		err = broken
	}
	return namesOf(sys.Events(), after), err
}
