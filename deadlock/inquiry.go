package deadlock

import (
	"context"
	"errors"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// An inquiry is one search for dead ends, divergences, or both.
type inquiry struct {
	sys  explore.System
	dead func(*explore.Visit) bool // says which states are dead ends; nil: none
	taus *taus                     // notes the steps by τ; nil: divergences are not looked for
}

// run answers. A divergence goes before a dead end, and either, being a
// proof, before a limit.
func (q *inquiry) run(ctx context.Context, limits explore.Limits) (*Verdict, error) {
	dead := -1
	var loop *lasso
	s, err := explore.Run(ctx, q.sys, limits, func(v *explore.Visit) bool {
		if q.taus != nil {
			q.taus.note(v)
			if q.taus.due() {
				loop = q.taus.lasso()
			}
		}
		if q.dead != nil && q.dead(v) {
			dead = v.State
		}
		return loop == nil && dead < 0
	})
	v := &Verdict{Answer: Holds, Stats: s.Stats}
	if err != nil {
		v.Answer, v.Reason = Unknown, err.Error()
		if limit := (*explore.Limit)(nil); !errors.As(err, &limit) {
			return v, err
		}
	}
	if q.taus != nil && loop == nil {
		loop = q.taus.lasso()
	}
	switch {
	case loop != nil:
		return q.fail(s, explore.Divergence, loop.start, loop)
	case dead >= 0:
		return q.fail(s, explore.Deadlock, dead, nil)
	}
	return v, nil
}

// fail returns the verdict that the path to a state, and the lasso from
// there if there is one, is a counterexample. A Deadlock that ends in ✓
// becomes a Termination.
func (q *inquiry) fail(s *explore.Search, kind explore.Kind, state int, l *lasso) (*Verdict, error) {
	v := &Verdict{Answer: Unknown, Stats: s.Stats}
	path, err := s.Path(state)
	if err != nil {
		v.Reason = err.Error()
		return v, err
	}
	if n := len(path); kind == explore.Deadlock && n > 0 && path[n-1].Event == model.Tick {
		kind = explore.Termination
	}
	loop := -1
	if l != nil {
		loop = len(path) + len(l.stem)
		for _, states := range [][]uint32{l.stem, l.loop} {
			for _, t := range states {
				path = append(path, explore.PathStep{Event: model.Tau, State: s.Words(int(t))})
			}
		}
	}
	story, err := explore.Explain(q.sys, path)
	if err != nil {
		v.Reason = err.Error()
		return v, err
	}
	story.Loop = loop
	v.Answer = Fails
	v.Counterexample = &explore.Counterexample{Kind: kind, Impl: *story}
	return v, nil
}
