package cspm

import (
	"context"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/process"
	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// An Instance is what an assertion is about. Both systems are over the same
// table of events.
type Instance struct {
	Spec  explore.System // of a refinement, or nil
	Impl  explore.System
	Trace []model.Event // of :[has trace]:

	Variables []Variable     // of :[race free]:
	Places    []int          // of Impl, an explore.Composed: the tasks; of :[no leak]: main, and others if they are listed
	Events    model.EventSet // of :[no panic]: and :[bounded bypass]:
	Bound     int            // of :[bounded bypass]:

	Notifications []Notification // of :[no lost notification]:
}

// Instance evaluates the operands of an assertion. As states are not counted
// there, leaves are minimised. Under :[tau priority]:
// both systems are those of the operands under that priority.
func (a *Assertion) Instance(ctx context.Context, limits explore.Limits) (*Instance, error) {
	a.script.asked++
	if a.Operand != nil || OfTasks(a.Kind) {
		return a.inParts(ctx, limits)
	}
	if a.Kind == syntax.Refines {
		return a.refinement(ctx, limits)
	}
	impl, err := a.side(ctx, limits, a.Impl, a.impl)
	if err != nil {
		return nil, err
	}
	in := &Instance{}
	if in.Impl, err = impl.system(); err == nil && a.Kind == syntax.HasTrace {
		list := &syntax.List{Span: a.Span, Kind: syntax.SeqBracket, Elems: a.Trace}
		in.Trace, err = a.script.machine.Events(ctx, list, a.script.prog.Info)
	}
	return in, err
}

// refinement is Instance for one. What does not depend on events that the
// implementation never does is asked for those that it does, if the specification
// offers many.
func (a *Assertion) refinement(ctx context.Context, limits explore.Limits) (*Instance, error) {
	spec, err := a.side(ctx, limits, a.Spec, a.spec)
	if err != nil {
		return nil, err
	}
	in := &Instance{}
	terms := spec.terms()
	if p, ok := terms.Permissive(a.Model == "T"); ok {
		in.Spec = p
	} else if a.Model != "T" || !terms.Wide() {
		if in.Spec, err = spec.specification(); err != nil {
			return nil, err
		}
	}
	impl, err := a.side(ctx, limits, a.Impl, a.impl)
	if err == nil {
		in.Impl, err = impl.system()
	}
	if in.Spec == nil {
		var failed error
		if in.Spec, failed = spec.beside(in.Impl); failed != nil {
			return nil, failed
		}
	}
	if err != nil {
		return nil, err
	}
	return in, nil
}

// A side of an assertion is a process that it is about.
type side struct {
	*Script
	ctx  context.Context
	term *process.Term
	expr syntax.Expr
}

func (a *Assertion) side(ctx context.Context, limits explore.Limits, e syntax.Expr, info *resolve.Info) (*side, error) {
	s := a.script
	s.machine.Within(ctx, limits)
	t, err := s.machine.Process(e, info, a.timed)
	if err == nil && a.TauPriority != nil {
		t, err = s.machine.TauPriority(t, a.TauPriority, s.prog.Info)
	}
	return &side{s, ctx, t, e}, err
}

func (x *side) terms() *process.System { return x.termsOf(x.ctx, x.term, x.expr) }

func (x *side) system() (explore.System, error) {
	return x.searched(x.terms(), x.expr, process.NetworkOptions{Minimise: true})
}

// specification is system, but that it is not made again if it is that of the assertion
// before.
func (x *side) specification() (explore.System, error) {
	if again := x.terms().Again(x.spec); again != nil {
		return again, nil
	}
	sys, err := x.system()
	x.spec, _ = sys.(*process.Networked)
	return sys, err
}

// beside returns the states of a specification of traces, without events that an
// implementation never does as far as that is known.
func (x *side) beside(impl explore.System) (explore.System, error) {
	terms := x.terms()
	if !terms.NarrowTo(impl) {
		return x.system()
	}
	sys, err := x.searched(terms, x.expr, process.NetworkOptions{Minimise: true})
	if err != nil {
		return nil, err
	}
	return process.NewPartial(sys, x.system), nil
}
