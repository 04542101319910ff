package deadlock

import (
	"context"
	"errors"
	"math/big"
	"time"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/explore/lts"
	"github.com/cspcheck/cspcheck/explore/symmetry"
)

// A Symmetry says by which symmetries a search was reduced, or why it was not.
type Symmetry struct {
	Refused    string   // why all states were searched, or ""
	Order      *big.Int // how many symmetries there are
	Complete   bool     // none but these; otherwise there may be more
	Components int      // that are exchanged, or whose states are
	Text       string   // that in words
	Time       time.Duration
}

// asymmetric says why symmetries do not serve a question.
var asymmetric = map[Topic]string{
	Determinism:  "in determinism one state after each trace stands for all, and which it is depends on names",
	Trace:        "a trace names components",
	RaceFreedom:  "a race is one of particular components",
	Liveness:     "the question is about particular components",
	LeakFreedom:  "the question is about particular components",
	PanicFreedom: "the question is about what was hidden, which symmetries do not keep",
}

// quotient returns the inquiry of a question reduced by symmetry, or as it is
// with the reason.
//
// A symmetry maps steps to steps, τ to τ and, where a specification watches,
// its nodes so that it follows and accepts as before. What is bad it maps to
// what is bad as well, in as many steps from the initial state, which it
// leaves. A loop of τ in the quotient goes on for ever in the system, and so
// comes back to a state there.
func (q *Question) quotient(ctx context.Context, x *inquiry, limits explore.Limits) (*inquiry, *Symmetry) {
	start := time.Now()
	symmetric, g, err := q.symmetries(ctx, x, limits)
	var none *symmetry.None
	if errors.As(err, &none) {
		return x, &Symmetry{Refused: none.Reason, Time: time.Since(start)}
	}
	x = symmetric
	whole, err := q.unreduced(x)
	if err != nil {
		return x, &Symmetry{Refused: err.Error(), Time: time.Since(start)}
	}
	few := symmetry.NewQuotient(x.sys, g)
	if whole != x {
		few = symmetry.NewQuotientOf(x.sys, whole.sys, g)
	}
	y := *x
	y.sys = few
	y.tell = func(f *finding) (*explore.Counterexample, error) {
		path, err := few.Lift(f.path, f.loop)
		if err != nil {
			return nil, err
		}
		return whole.tell(&finding{path, f.loop})
	}
	return &y, &Symmetry{Order: g.Order, Complete: g.Complete, Components: g.Components, Text: g.Text(), Time: time.Since(start)}
}

// unreduced returns the inquiry of the question that one is reduced from by
// stubborn sets; if it is not, x.
func (q *Question) unreduced(x *inquiry) (*inquiry, error) {
	if q.whole == nil {
		return x, nil
	}
	return free(q.whole, q.model(), q.options()...)
}

// symmetries returns those of a question, and the inquiry that they are of: x,
// or one with a specification that is whole. x is as it was, whatever comes of
// it. The error is a *symmetry.None.
func (q *Question) symmetries(ctx context.Context, x *inquiry, limits explore.Limits) (*inquiry, *symmetry.Group, error) {
	if why := asymmetric[q.Topic]; why != "" {
		return nil, nil, &symmetry.None{Reason: why}
	}
	impl := q.Impl
	if q.whole != nil {
		impl = q.whole
	}
	layout := layoutOf(impl)
	if layout == nil {
		return nil, nil, &symmetry.None{Reason: "what is searched is not a network"}
	}
	for c := range layout.Fields {
		layout.Fields[c].Machine = impl.(explore.Flat).Spelled(c)
	}
	subject := &symmetry.Subject{Layout: layout}
	if q.Topic == Refinement {
		var err error
		if x, subject.Spec, err = q.wholeSpec(ctx, limits); err != nil {
			return nil, nil, err
		}
	}
	g, err := symmetry.Find(subject)
	return x, g, err
}

// wholeSpec returns the inquiry of a refinement, made anew with a specification
// that is normalised as a whole, and that. How many states that may take is
// bounded by symmetric and not by the limit on those of the search, which does
// without if there are more. The error is a *symmetry.None.
func (q *Question) wholeSpec(ctx context.Context, limits explore.Limits) (*inquiry, *symmetry.Spec, error) {
	limits.States = 0
	limits.Phase = nil
	x, err := q.inquiry(ctx, limits)
	if err != nil {
		return nil, nil, notWhole(err)
	}
	spec, err := specOf(x.normal)
	return x, spec, err
}

func notWhole(err error) error {
	return &symmetry.None{Reason: "the specification cannot be normalised as a whole: " + err.Error()}
}

// layoutOf returns the layout of a system's states, or nil if they are not
// those of a network.
func layoutOf(sys explore.System) *explore.Layout {
	flat, ok := sys.(explore.Flat)
	if !ok {
		return nil
	}
	return flat.Layout()
}

// A specification that takes no more than this may be held against
// symmetries.
var symmetric = lts.Budget{Nodes: 1 << 14, Work: 1 << 18}

// specOf returns a normal form as what symmetries have to map onto itself. The
// error is a *symmetry.None.
func specOf(n *lts.Normal) (*symmetry.Spec, error) {
	whole, err := n.Whole(symmetric)
	switch {
	case err != nil:
		return nil, notWhole(err)
	case !whole:
		return nil, &symmetry.None{Reason: "the specification is too large to see whether it is symmetric"}
	}
	spec, number := &symmetry.Spec{}, map[lts.Node]int32{}
	visit := func(x lts.Node) int32 {
		i, ok := number[x]
		if !ok {
			i = int32(len(spec.Nodes))
			number[x] = i
			spec.Nodes = append(spec.Nodes, symmetry.Node{Word: nodeWord(x), Diverges: n.Diverges(x)})
		}
		return i
	}
	visit(0)
	for i := 0; i < len(spec.Nodes); i++ {
		if spec.Nodes[i].Diverges {
			continue
		}
		x := nodeOf(spec.Nodes[i].Word)
		events, err := n.Initials(x, nil)
		if err != nil {
			return nil, &symmetry.None{Reason: err.Error()}
		}
		var after []int32
		for _, e := range events {
			y, err := n.After(x, e)
			if err != nil {
				return nil, &symmetry.None{Reason: err.Error()}
			}
			after = append(after, visit(y))
		}
		node := &spec.Nodes[i]
		node.Events, node.After, node.Acceptances = events, after, n.Acceptances(x)
	}
	return spec, nil
}
