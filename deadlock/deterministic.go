package deadlock

import (
	"context"
	"fmt"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/explore/lts"
	"github.com/cspcheck/cspcheck/model"
)

// Deterministic asks whether sys is deterministic: whether it never can both
// do an event after some trace and, after the same trace, stably refuse it.
//
// In FD it must not diverge either. One stable state after each trace stands
// for all of them, and watches the others (Roscoe, Understanding Concurrent
// Systems, 2010, §17.3: Lazić's algorithm): what an other may do more or less
// is nondeterminism. It costs a search of the states.
//
// In F, two copies go in lock step. It costs a search of the pairs of states
// with a trace in common.
//
// The counterexample shows two behaviours with the same trace: Impl does the
// event after it, Spec refuses that event. Of the trace it is a shortest one
// in F, of both copies together and τ counted; in FD it is as short as the
// representatives allow.
func Deterministic(ctx context.Context, sys explore.System, m Model, limits explore.Limits) (*Verdict, error) {
	return Ask(ctx, Question{Topic: Determinism, Model: m, Impl: sys}, limits)
}

func deterministic(ctx context.Context, sys explore.System, m Model, limits explore.Limits) (*inquiry, error) {
	switch m {
	case F:
		p := &twins{sys: sys, width: sys.Width()}
		q := &inquiry{sys: p, bad: p.bad}
		q.tell = p.tell
		return q, nil
	case FD:
		p, err := newWatched(ctx, sys, sys, lts.Representative, limits)
		if err != nil {
			return nil, err
		}
		r := &represented{watched: p}
		q := &inquiry{sys: r, bad: r.bad, diverges: true, normal: p.spec}
		q.tell = func(f *finding) (*explore.Counterexample, error) { return r.tell(ctx, f, limits) }
		return q, nil
	}
	return nil, fmt.Errorf("determinism is a question in F or FD, not in %q", m)
}

// represented is a system watched by its own representatives. Where a stable
// state refuses what its representative offers, an event that it does not do
// leads to a broken state of the same words.
type represented struct {
	*watched
	offers []model.Event
}

// Fork makes it an explore.Forker, if the system is one.
func (p *represented) Fork() explore.System {
	if fork, ok := p.watched.Fork().(*watched); ok {
		return &represented{watched: fork}
	}
	return nil
}

func (p *represented) Successors(s []uint64, out *explore.Steps) error {
	from := len(out.Events)
	err := p.watched.Successors(s, out)
	if err != nil || p.node(s) == lts.Broken {
		return err
	}
	events := out.Events[from:]
	if slices.Contains(events, model.Tau) {
		return nil
	}
	if p.fork && !p.spec.Expanded(p.node(s)) {
		return explore.ErrLater
	}
	if p.offers, err = p.spec.Initials(p.node(s), p.offers[:0]); err != nil {
		return err
	}
	for _, e := range p.offers {
		if !slices.Contains(events, e) {
			out.Events = append(out.Events, e)
			out.States = append(out.States, s[:p.width]...)
			out.States = append(out.States, broken)
			return nil
		}
	}
	return nil
}

func (p *represented) bad(s []uint64, _ []model.Event) bool { return p.node(s) == lts.Broken }

func (p *represented) tell(ctx context.Context, f *finding, limits explore.Limits) (*explore.Counterexample, error) {
	if f.loop >= 0 {
		return p.watched.tellLoop(f)
	}
	n := len(f.path) - 1
	e := f.path[n].Event
	last := make([]uint64, p.Width())
	if n == 0 {
		if err := p.Initial(last); err != nil {
			return nil, err
		}
	} else {
		last = f.path[n-1].State
	}
	// The way of the representative, which is another state of the system.
	words := p.spec.Words(p.spec.Members(p.node(last))[0])
	path, err := along(ctx, p.impl, visible(f.path[:n]), limits, func(s []uint64, _ []model.Event) bool { return slices.Equal(s, words) })
	if err != nil {
		return nil, err
	}
	own := p.unwatched(f.path[:n])
	does, refuses := own, path
	from := last[:p.width]
	next, ok, err := stepBy(p.impl, from, e)
	if err == nil && !ok {
		does, refuses = path, own
		next, _, err = stepBy(p.impl, words, e)
	}
	if err != nil {
		return nil, err
	}
	return nondeterminism(p.impl, append(slices.Clip(does), next), refuses)
}

// tellLoop tells a divergence of the implementation.
func (p *watched) tellLoop(f *finding) (*explore.Counterexample, error) {
	b, err := story(p.impl, &finding{p.unwatched(f.path), f.loop})
	if err != nil {
		return nil, err
	}
	return &explore.Counterexample{Kind: explore.Divergence, Impl: *b}, nil
}

// stepBy returns the first transition of s by e, if there is one.
func stepBy(sys explore.System, s []uint64, e model.Event) (explore.PathStep, bool, error) {
	var steps explore.Steps
	if err := sys.Successors(s, &steps); err != nil {
		return explore.PathStep{}, false, err
	}
	w := sys.Width()
	i := slices.Index(steps.Events, e)
	if i < 0 {
		return explore.PathStep{}, false, nil
	}
	return explore.PathStep{Event: e, State: steps.States[i*w : (i+1)*w]}, true, nil
}

func nondeterminism(sys explore.System, does, refuses []explore.PathStep) (*explore.Counterexample, error) {
	impl, err := story(sys, &finding{does, -1})
	if err != nil {
		return nil, err
	}
	spec, err := story(sys, &finding{refuses, -1})
	return &explore.Counterexample{Kind: explore.Nondeterminism, Impl: *impl, Spec: spec}, err
}

// twins are two copies of a system in lock step. A state is the words of both
// and one more, which says that the last event was one of the first copy that
// the second, stable, refuses.
type twins struct {
	sys   explore.System
	width int
	a, b  explore.Steps
}

// refused is that word.
const refused = 1

func (p *twins) Events() *model.Events { return p.sys.Events() }
func (p *twins) Width() int            { return 2*p.width + 1 }

// Bits makes it an explore.Narrow.
func (p *twins) Bits() []int {
	own := explore.Bits(p.sys)
	return append(append(slices.Clone(own), own...), 1)
}

// Growing makes it an explore.Growing.
func (p *twins) Growing() []explore.Bitfield {
	own := explore.GrowingFields(p.sys)
	both := slices.Clone(own)
	for _, f := range own {
		f.Word += p.width
		both = append(both, f)
	}
	return both
}

// Fork makes it an explore.Forker, if the system is one.
func (p *twins) Fork() explore.System {
	if sys := explore.Fork(p.sys); sys != nil {
		return &twins{sys: sys, width: p.width}
	}
	return nil
}

func (p *twins) Initial(s []uint64) error {
	w := p.width
	if err := p.sys.Initial(s[:w:w]); err != nil {
		return err
	}
	copy(s[w:], s[:w])
	s[2*w] = 0
	return nil
}

func (p *twins) bad(s []uint64, _ []model.Event) bool { return s[2*p.width] == refused }

func (p *twins) Successors(s []uint64, out *explore.Steps) error {
	if p.bad(s, nil) {
		return nil
	}
	w := p.width
	p.a.Reset()
	p.b.Reset()
	if err := p.sys.Successors(s[:w:w], &p.a); err != nil {
		return err
	}
	if err := p.sys.Successors(s[w:2*w:2*w], &p.b); err != nil {
		return err
	}
	out.LeaveAs(&p.a)
	out.LeaveAs(&p.b)
	add := func(e model.Event, s, t []uint64, word uint64) {
		out.Events = append(out.Events, e)
		out.States = append(out.States, s...)
		out.States = append(out.States, t...)
		out.States = append(out.States, word)
	}
	for j, e := range p.b.Events {
		if e == model.Tau {
			add(e, s[:w], p.b.States[j*w:(j+1)*w], 0)
		}
	}
	stable := !slices.Contains(p.b.Events, model.Tau)
	for i, e := range p.a.Events {
		to := p.a.States[i*w : (i+1)*w]
		if e == model.Tau {
			add(e, to, s[w:2*w], 0)
			continue
		}
		refuses := stable
		for j, f := range p.b.Events {
			if f == e {
				refuses = false
				add(e, to, p.b.States[j*w:(j+1)*w], 0)
			}
		}
		if refuses {
			add(e, to, s[w:2*w], refused)
		}
	}
	return nil
}

func (p *twins) tell(f *finding) (*explore.Counterexample, error) {
	w := p.width
	before := make([]uint64, p.Width())
	if err := p.Initial(before); err != nil {
		return nil, err
	}
	var does, refuses []explore.PathStep
	for _, s := range f.path {
		last := s.State[2*w] == refused
		if s.Event != model.Tau || !slices.Equal(s.State[:w], before[:w]) {
			does = append(does, explore.PathStep{Event: s.Event, State: s.State[:w:w]})
		}
		if !last && (s.Event != model.Tau || !slices.Equal(s.State[w:2*w], before[w:2*w])) {
			refuses = append(refuses, explore.PathStep{Event: s.Event, State: s.State[w : 2*w : 2*w]})
		}
		before = s.State
	}
	return nondeterminism(p.sys, does, refuses)
}
