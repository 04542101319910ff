package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// retrace finds the path of sys that a counterexample tells: by the same
// events, τ among them, through states that offer the same, and, if it
// loops, back to where the loop begins; for that it may have to go round more
// than once, as the states that the counterexample was found in may be
// minimised. Where there is none, as when the script has changed, the events
// alone will do.
func retrace(ctx context.Context, sys explore.System, b *explore.Behaviour, limits explore.Limits) ([]explore.PathStep, error) {
	limits.Progress = nil
	far := 0
	for _, exact := range []bool{true, false} {
		r := newRetraced(sys, b, exact)
		end := -1
		search, err := explore.Run(ctx, r, limits, func(v *explore.Visit) bool {
			far = max(far, int(v.Words[r.done()]))
			if r.complete(v.Words) {
				end = v.State
			}
			return end < 0
		})
		if err != nil {
			return nil, err
		}
		if end < 0 {
			continue
		}
		path, err := search.Path(end)
		if err != nil {
			return nil, err
		}
		for i := range path {
			path[i].State = path[i].State[:sys.Width()]
		}
		return path, nil
	}
	e := b.Steps[min(far, len(b.Steps)-1)].Event
	return nil, &noPath{fmt.Sprintf("it is none of this process: after %s there is no %s", plural(int64(far), "step"), shortName(e))}
}

// A noPath error says why a path is not one of a process.
type noPath struct{ why string }

func (e *noPath) Error() string { return e.why }

// retraced is a System held to the steps of a behaviour. A state has more
// words than those of sys: the state in which the loop begins, once it has,
// and how many steps have been done; after the last comes, if there is a loop,
// its first, and any round may be the one that begins where it ends.
type retraced struct {
	sys    explore.System
	events []model.Event
	offers [][]model.Event // after so many steps, sorted; nil: whatever
	loop   int             // -1: it need not close
	steps  explore.Steps
}

func newRetraced(sys explore.System, b *explore.Behaviour, exact bool) *retraced {
	r := &retraced{sys: sys, loop: -1}
	event := func(name string) model.Event {
		if e, ok := sys.Events().Lookup(name); ok {
			return e
		}
		return -1 // that no state offers
	}
	for i := range b.Steps {
		r.events = append(r.events, event(b.Steps[i].Event))
	}
	if !exact {
		return r
	}
	r.loop = b.Loop
	for i := 0; i <= len(b.Steps); i++ {
		others := b.Final
		var offers []model.Event
		if i < len(b.Steps) {
			others = b.Steps[i].Others
			offers = append(offers, r.events[i])
		}
		for _, o := range others {
			offers = append(offers, event(o.Event))
		}
		slices.Sort(offers)
		r.offers = append(r.offers, slices.Compact(offers))
	}
	return r
}

func (r *retraced) Events() *model.Events { return r.sys.Events() }

func (r *retraced) Width() int { return 2*r.sys.Width() + 1 }

// done is the word that counts steps.
func (r *retraced) done() int { return 2 * r.sys.Width() }

func (r *retraced) Initial(s []uint64) error {
	clear(s)
	w := r.sys.Width()
	if err := r.sys.Initial(s[:w:w]); err != nil {
		return err
	}
	if r.loop == 0 {
		copy(s[w:2*w], s[:w])
	}
	return nil
}

func (r *retraced) Successors(s []uint64, out *explore.Steps) error {
	w, done := r.sys.Width(), int(s[r.done()])
	next, starts := done, [][]uint64{s[w : 2*w]}
	if done == len(r.events) {
		if r.loop < 0 {
			return nil
		}
		next, starts = r.loop, append(starts, s[:w])
	}
	r.steps.Reset()
	if err := r.sys.Successors(s[:w:w], &r.steps); err != nil {
		return err
	}
	if r.offers != nil && !offersJust(&r.steps, r.offers[done]) {
		return nil
	}
	for i, e := range r.steps.Events {
		if e != r.events[next] {
			continue
		}
		to := r.steps.States[i*w : (i+1)*w]
		for _, start := range starts {
			if next+1 == r.loop {
				start = to
			}
			out.Add(e, slices.Concat(to, start, []uint64{uint64(next + 1)})...)
		}
	}
	return nil
}

// complete reports whether all steps have been done, and lead where they must.
func (r *retraced) complete(s []uint64) bool {
	w := r.sys.Width()
	if int(s[r.done()]) < len(r.events) || r.loop >= 0 && !slices.Equal(s[:w], s[w:2*w]) {
		return false
	}
	if r.offers == nil {
		return true
	}
	r.steps.Reset()
	return r.sys.Successors(s[:w:w], &r.steps) == nil && offersJust(&r.steps, r.offers[len(r.events)])
}

func offersJust(steps *explore.Steps, want []model.Event) bool {
	got := slices.Clone(steps.Events)
	slices.Sort(got)
	return slices.Equal(slices.Compact(got), want)
}
