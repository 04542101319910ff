package deadlock

import (
	"context"
	"fmt"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
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
		p := newTwins(sys)
		return &inquiry{sys: &p, bad: p.bad, tell: p.tell}, nil
	case FD:
		p := newRepresented(ctx, sys, limits)
		q := &inquiry{sys: p, bad: p.bad, diverges: true}
		q.tell = func(f *finding) (*explore.Counterexample, error) { return p.tell(ctx, f, limits) }
		return q, nil
	}
	return nil, fmt.Errorf("determinism is a question in F or FD, not in %q", m)
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

// twins are two copies of a system in lock step. A state is the words of both;
// a bit of the last one, or of one more if it has none left, says that the last
// event was one of the first copy that the second, stable, refuses.
//
// No number of such a state is learnt, and none is kept elsewhere: a search of
// them may go to disk, and to a file, as a whole.
type twins struct {
	sys     explore.System
	width   int    // of sys
	bits    []int  // of each word
	refused uint64 // the bit
	a, b    explore.Steps
}

func newTwins(sys explore.System) twins {
	own := explore.Bits(sys)
	bits := slices.Concat(own, own)
	if n := len(bits); n == 0 || bits[n-1] == 64 {
		bits = append(bits, 0)
	}
	last := &bits[len(bits)-1]
	*last++
	return twins{sys: sys, width: len(own), bits: bits, refused: 1 << (*last - 1)}
}

func (p *twins) Events() *model.Events { return p.sys.Events() }
func (p *twins) Width() int            { return len(p.bits) }

// Bits makes it an explore.Narrow.
func (p *twins) Bits() []int { return p.bits }

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
		return &twins{sys: sys, width: p.width, bits: p.bits, refused: p.refused}
	}
	return nil
}

func (p *twins) Initial(s []uint64) error {
	w := p.width
	if err := p.sys.Initial(s[:w:w]); err != nil {
		return err
	}
	copy(s[w:], s[:w])
	clear(s[2*w:])
	return nil
}

func (p *twins) bad(s []uint64, _ []model.Event) bool { return s[len(s)-1]&p.refused != 0 }

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
	more := s[2*w:] // 0, if there is one
	add := func(e model.Event, s, t []uint64, refused uint64) {
		out.Events = append(out.Events, e)
		out.States = append(out.States, s...)
		out.States = append(out.States, t...)
		out.States = append(out.States, more...)
		out.States[len(out.States)-1] |= refused
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
			add(e, to, s[w:2*w], p.refused)
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
		last := p.bad(s.State, nil)
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
