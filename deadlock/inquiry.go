package deadlock

import (
	"context"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/explore/lts"
	"github.com/cspcheck/cspcheck/model"
)

// An inquiry is a question made ready to search: a system, often the one
// asked about with something that watches it, and what in it breaks the
// property.
type inquiry struct {
	sys      explore.System
	bad      func(s []uint64, events []model.Event) bool // s, which can do the events, is a counterexample; nil: none is
	spoilt   func(s []uint64) (bool, error)              // the same, if it takes a look that may fail
	failed   error                                       // of spoilt
	diverges bool                                        // so is a loop of τ
	broken   func() bool                                 // some step may lead to a state that is bad by its words alone, and that is as near as any; nil: never
	tell     func(f *finding) (*explore.Counterexample, error)
	normal   *lts.Normal // of a specification, or nil
	search   string      // which of several searches of a question it is; "" if there is one
}

// A finding is a counterexample as the search has it.
type finding struct {
	path []explore.PathStep
	loop int // path[loop:] repeats for ever; -1: it ends in a bad state
}

// run answers. A divergence goes before a bad state, and either, being a
// proof, before a limit.
func (q *inquiry) run(ctx context.Context, limits explore.Limits) (*Verdict, error) {
	limits.Enter(explore.Exploring)
	x := &watch{inquiry: q, bad: -1, width: q.sys.Width()}
	x.taus.check = explore.Limits{Time: limits.Time, Since: limits.Since}.Watch(ctx) // the search looks at the memory
	s, err := explore.RunKept(ctx, q.sys, q.watched(limits), x.visitor())
	v := &Verdict{Answer: Holds, Stats: q.stats(s.Stats)}
	if q.failed != nil {
		return limited(v, q.failed)
	}
	if err != nil {
		hint := x.taus.hint(limitOf(err), limits.Memory)
		if v, err = limited(v, err); err != nil {
			return v, err
		}
		v.Reason += hint
		x.taus.check = nil // what is known is still told
	}
	if q.diverges && x.loop == nil {
		x.taus.within(limits.Room())
		x.loop = x.taus.lasso()
	}
	switch {
	case x.loop != nil:
		return q.fail(v, s, limits, x.loop.start, x.loop)
	case x.bad >= 0:
		return q.fail(v, s, limits, x.bad, nil)
	case x.taus.err() != nil:
		return limited(v, x.taus.err())
	}
	return v, nil
}

// A watch is an inquiry while its system is searched.
type watch struct {
	*inquiry
	width int // of a state
	taus  taus
	bad   int    // the state found, or -1
	loop  *lasso // the same of divergences, or nil
}

// visitor makes it one. While the search goes on nothing has been found: only
// what is known of τ needs to be kept.
func (x *watch) visitor() *explore.Visitor {
	v := &explore.Visitor{Name: x.name(), Visit: x.visit, Rows: &x.taus.rows, Save: x.taus.save, Load: x.taus.load}
	if x.spoilt != nil {
		v.Again = func(words []uint64) error {
			_, err := x.spoilt(words)
			return err
		}
	}
	return v
}

func (x *watch) visit(v *explore.Visit) bool {
	if x.diverges {
		x.taus.note(v)
		if x.taus.due() {
			x.loop = x.taus.lasso()
		}
	}
	if x.breaks(v.Words, v.Steps.Events) {
		x.bad = v.State
	} else if x.broken != nil && x.broken() {
		for i, t := range v.Targets {
			if x.inquiry.bad(v.Steps.States[i*x.width:(i+1)*x.width], nil) {
				x.bad = int(t)
				break
			}
		}
	}
	return x.loop == nil && x.bad < 0 && x.failed == nil && x.taus.failed == nil
}

// name tells the search for what is bad from that for divergences alone, which
// may come after it.
func (q *inquiry) name() string {
	if q.bad == nil && q.spoilt == nil {
		return "divergences"
	}
	return "the answer" + q.search
}

// breaks reports whether s, which can do the events, is a counterexample.
func (q *inquiry) breaks(s []uint64, events []model.Event) bool {
	if q.spoilt != nil {
		spoilt, err := q.spoilt(s)
		if err != nil && q.failed == nil {
			q.failed = err
		}
		return spoilt && err == nil
	}
	return q.bad != nil && q.bad(s, events)
}

// fail makes v the verdict that the path to a state, and the lasso from there
// if there is one, is a counterexample.
func (q *inquiry) fail(v *Verdict, s *explore.Search, limits explore.Limits, state int, l *lasso) (*Verdict, error) {
	v.Answer = Unknown // until it can be told
	limits.Enter(explore.Telling)
	path, err := s.Path(state)
	if err != nil {
		return untold(v, err)
	}
	f := &finding{path, -1}
	v.steps = len(path)
	if l != nil {
		f.loop = len(path) + len(l.stem)
		from := make([]uint64, q.sys.Width())
		if len(path) > 0 {
			from = path[len(path)-1].State
		} else if err := q.sys.Initial(from); err != nil {
			return untold(v, err)
		}
		round, err := s.Through(from, append(l.stem, l.loop...), func(e model.Event) bool { return e == model.Tau })
		if err != nil {
			return untold(v, err)
		}
		f.path = append(f.path, round...)
	}
	ce, err := q.tell(f)
	if err != nil {
		return untold(v, err)
	}
	v.Answer, v.Reason, v.Counterexample = Fails, "", ce
	return v, nil
}

// untold is limited for a counterexample that was found.
func untold(v *Verdict, err error) (*Verdict, error) { return limited(v, explore.Untold(err)) }

// stats adds to what a search has seen how large the specification is.
func (q *inquiry) stats(st explore.Stats) explore.Stats {
	if q.normal != nil {
		spec := specStats(q.normal)
		st.SpecNodes, st.SpecStates = spec.SpecNodes, spec.SpecStates
	}
	return st
}

// watched returns limits whose progress tells of the specification, too.
func (q *inquiry) watched(limits explore.Limits) explore.Limits {
	if show := limits.Progress; show != nil && q.normal != nil {
		limits.Progress = func(st explore.Stats) { show(q.stats(st)) }
	}
	return limits
}

// story tells a path of sys, and where it begins to repeat.
func story(sys explore.System, f *finding) (*explore.Behaviour, error) {
	b, err := explore.Explain(sys, f.path)
	if err != nil {
		return nil, err
	}
	b.Loop = f.loop
	return b, nil
}

// visible returns the visible events of a path, ✓ included.
func visible(path []explore.PathStep) []model.Event {
	var tr []model.Event
	for _, p := range path {
		if p.Event != model.Tau {
			tr = append(tr, p.Event)
		}
	}
	return tr
}

// namesOf returns the names of events.
func namesOf(events *model.Events, es []model.Event) []string {
	names := make([]string, len(es))
	for i, e := range es {
		names[i] = events.Name(e)
	}
	return names
}
