package deadlock

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"sync/atomic"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/explore/lts"
	"github.com/cspcheck/cspcheck/model"
)

// Refines asks whether impl refines spec in T, F or FD. Both must be over the
// same table of events.
//
// The specification is made deterministic (lts.Normal) and watches the
// implementation: it steps on every visible event and ✓, and never stands in
// the way (Roscoe, "Model-checking CSP", 1994). What breaks the refinement is
//
//	an event that the specification cannot follow              in T, F and FD: Kind TraceViolation
//	a stable state that offers less than all that the
//	specification's stable states offer after the same trace   in F and FD: Kind Refusal
//	a divergence where the specification does not diverge      in FD: Kind Divergence
//
// and in FD all is right once the specification diverges. The counterexample
// is a shortest one, τ counted, but for a divergence: see DivergenceFree.
//
// It costs a search of the states of impl, each as often as there are nodes
// of the specification that it meets.
func Refines(ctx context.Context, spec, impl explore.System, m Model, limits explore.Limits) (*Verdict, error) {
	return Ask(ctx, Question{Topic: Refinement, Model: m, Spec: spec, Impl: impl}, limits)
}

func refines(ctx context.Context, spec, impl explore.System, m Model, limits explore.Limits) (*inquiry, error) {
	keep, ok := map[Model]lts.Keep{T: lts.Traces, F: lts.Failures, FD: lts.Divergences}[m]
	if !ok {
		return nil, fmt.Errorf("refinement is a question in T, F or FD, not in %q", m)
	}
	if spec.Events() != impl.Events() {
		return nil, errors.New("specification and implementation have different tables of events")
	}
	p, err := newWatched(ctx, spec, impl, keep, limits)
	if err != nil {
		return nil, err
	}
	q := &inquiry{sys: p, bad: p.bad, diverges: m == FD, normal: p.spec}
	if m == T {
		q.broken = p.broke.Load
	}
	q.tell = func(f *finding) (*explore.Counterexample, error) { return p.tell(ctx, spec, f, limits) }
	return q, nil
}

// A watched system runs beside a specification that watches it. A state has
// one word more than the implementation's, the last: the node of the
// specification. Where that is broken or diverges, nothing more happens.
type watched struct {
	impl  explore.System
	spec  *lts.Normal
	width int          // of impl
	fails bool         // refusals matter
	broke *atomic.Bool // some step led to a broken state
	fork  bool         // of another one
	steps explore.Steps
}

// broken is the word of a specification that could not follow. That of a node
// is its number plus one.
const broken = 0

func newWatched(ctx context.Context, spec, impl explore.System, keep lts.Keep, limits explore.Limits) (*watched, error) {
	n, err := newNormal(ctx, spec, keep, limits)
	if err != nil {
		return nil, err
	}
	return &watched{impl: impl, spec: n, width: impl.Width(), fails: keep != lts.Traces, broke: new(atomic.Bool)}, nil
}

func (p *watched) Events() *model.Events { return p.impl.Events() }
func (p *watched) Width() int            { return p.width + 1 }

// Bits makes it an explore.Narrow.
func (p *watched) Bits() []int {
	most := math.MaxInt32 // nodes
	if p.spec.Complete() {
		most = p.spec.Len()
	}
	return append(slices.Clone(explore.Bits(p.impl)), bits.Len(uint(most)))
}

// Growing makes it an explore.Growing: the implementation's words come first.
func (p *watched) Growing() []explore.Bitfield { return explore.GrowingFields(p.impl) }

// Fork makes it an explore.Forker, if the implementation is one. The
// specification is for all.
func (p *watched) Fork() explore.System {
	impl := explore.Fork(p.impl)
	if impl == nil {
		return nil
	}
	return &watched{impl: impl, spec: p.spec, width: p.width, fails: p.fails, broke: p.broke, fork: true}
}

// after is the specification's After, as far as a fork may know.
func (p *watched) after(x lts.Node, e model.Event) (lts.Node, error) {
	y, known := p.spec.Known(x, e)
	switch {
	case known:
		return y, nil
	case p.fork:
		return lts.Broken, explore.ErrLater
	}
	return p.spec.After(x, e)
}

func (p *watched) Initial(s []uint64) error {
	s[p.width] = 1 // the initial node
	return p.impl.Initial(s[:p.width:p.width])
}

func (p *watched) node(s []uint64) lts.Node { return nodeOf(s[p.width]) }

// nodeOf and nodeWord turn the word of a node into the node, and back.
func nodeOf(word uint64) lts.Node { return lts.Node(int64(word) - 1) }
func nodeWord(x lts.Node) uint64  { return uint64(x + 1) }

func (p *watched) Successors(s []uint64, out *explore.Steps) error {
	w := p.width
	x := p.node(s)
	if x == lts.Broken || p.spec.Diverges(x) {
		return nil
	}
	p.steps.Reset()
	if err := p.impl.Successors(s[:w:w], &p.steps); err != nil {
		return err
	}
	out.LeaveAs(&p.steps)
	for i, e := range p.steps.Events {
		word, err := p.follow(s[w], e)
		if err != nil {
			return err
		}
		out.Events = append(out.Events, e)
		out.States = append(out.States, p.steps.States[i*w:(i+1)*w]...)
		out.States = append(out.States, word)
	}
	return nil
}

// follow returns the word of the node to which the specification follows an event.
func (p *watched) follow(word uint64, e model.Event) (uint64, error) {
	if e == model.Tau {
		return word, nil
	}
	y, err := p.after(nodeOf(word), e)
	if err == nil && y == lts.Broken {
		p.broke.Store(true)
	}
	return nodeWord(y), err
}

// bad reports whether the specification could not follow to s, or does not
// accept what s offers.
func (p *watched) bad(s []uint64, events []model.Event) bool {
	x := p.node(s)
	switch {
	case x == lts.Broken:
		return true
	case !p.fails || p.spec.Diverges(x) || slices.Contains(events, model.Tau):
		return false
	}
	return !p.spec.Accepts(x, events)
}

// unwatched returns a path of p as one of the implementation.
func (p *watched) unwatched(path []explore.PathStep) []explore.PathStep {
	return narrowed(path, 0, p.width)
}

// narrowed returns a path whose states are words lo to hi of those of path.
func narrowed(path []explore.PathStep, lo, hi int) []explore.PathStep {
	out := make([]explore.PathStep, len(path))
	for i, s := range path {
		out[i] = explore.PathStep{Event: s.Event, State: s.State[lo:hi:hi], By: s.By}
	}
	return out
}

// tell tells what the implementation does and, beside it, the specification.
func (p *watched) tell(ctx context.Context, spec explore.System, f *finding, limits explore.Limits) (*explore.Counterexample, error) {
	impl, err := story(p.impl, &finding{p.unwatched(f.path), f.loop})
	if err != nil {
		return nil, err
	}
	ce := &explore.Counterexample{Kind: explore.Refusal, Impl: *impl}
	at := f.path
	if f.loop >= 0 {
		ce.Kind = explore.Divergence
	} else if n := len(f.path); n > 0 && p.node(f.path[n-1].State) == lts.Broken {
		ce.Kind = explore.TraceViolation
		at = f.path[:n-1]
	}
	x := lts.Node(0)
	if n := len(at); n > 0 {
		x = p.node(at[n-1].State)
	}
	events := p.Events()
	normal, compare := p.spec, cmp.Compare[model.Event]
	if part, ok := spec.(partial); ok {
		if spec, err = part.Whole(); err == nil {
			normal, x, err = after(ctx, spec, visible(at), limits)
		}
		if err != nil {
			return nil, err
		}
		compare = part.Compare
	}
	permits, asked := spec.(permissive)
	if asked {
		spec = permits.Following(visible(at))
	}
	switch {
	case ce.Kind == explore.TraceViolation && asked:
		ce.AllowedSet = permits.Permitted()
	case ce.Kind == explore.TraceViolation:
		initials, err := normal.Initials(x, nil)
		if err != nil {
			return nil, err
		}
		slices.SortFunc(initials, compare)
		ce.Allowed = namesOf(events, initials)
	case ce.Kind == explore.Refusal:
		for _, a := range p.spec.Acceptances(x) {
			ce.Acceptances = append(ce.Acceptances, namesOf(events, a))
		}
	}
	path, err := along(ctx, spec, visible(at), limits, func(s []uint64, events []model.Event) bool {
		return ce.Kind != explore.Refusal || len(ce.Acceptances) == 0 || !slices.Contains(events, model.Tau)
	})
	var l *explore.Limit
	if errors.As(err, &l) {
		return ce, nil // what the specification does remains to be imagined
	} else if err != nil {
		return nil, err
	}
	ce.Spec, err = story(spec, &finding{path, -1})
	return ce, err
}

// after returns the normal form of a specification's traces, and the node after one.
func after(ctx context.Context, spec explore.System, trace []model.Event, limits explore.Limits) (n *lts.Normal, x lts.Node, err error) {
	watch := limits.Watch(ctx)
	n, err = lts.NewNormal(spec, lts.Traces, func(*lts.Normal) error { return watch() })
	for i := 0; i < len(trace) && err == nil; i++ {
		x, err = n.After(x, trace[i])
	}
	return n, x, err
}

// along returns a shortest path of sys by a trace of visible events to a
// state that is wanted, of which there must be one.
func along(ctx context.Context, sys explore.System, trace []model.Event, limits explore.Limits, wanted func(s []uint64, events []model.Event) bool) ([]explore.PathStep, error) {
	limits.Progress = nil
	w := sys.Width()
	found := -1
	var steps explore.Steps
	var broken error
	s, err := explore.Run(ctx, explore.Along(sys, trace), limits, func(v *explore.Visit) bool {
		if int(v.Words[w]) < len(trace) {
			return true
		}
		steps.Reset()
		if broken = sys.Successors(v.Words[:w:w], &steps); broken != nil {
			return false
		}
		if wanted(v.Words[:w:w], steps.Events) {
			found = v.State
		}
		return found < 0
	})
	switch {
	case broken != nil:
		return nil, broken
	case found < 0 && err == nil:
		panic("deadlock: a trace of a system is not one of its traces")
	case found < 0:
		return nil, err
	}
	path, err := s.Path(found)
	return narrowed(path, 0, w), err
}
