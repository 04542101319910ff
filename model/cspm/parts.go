package cspm

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm/eval"
	"github.com/cspcheck/cspcheck/model/cspm/process"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/types"
)

// A Variable is a shared variable of :[race free]:.
type Variable = eval.Variable

// A Notification is one of :[no lost notification]:.
type Notification = eval.Notification

// inParts evaluates the operands of an assertion that is about the components
// of a process. The system knows who does what: it is a network whose
// components are what the user wrote, without compressions; where there is
// none, and it will do, the terms.
func (a *Assertion) inParts(ctx context.Context, limits explore.Limits) (*Instance, error) {
	s := a.script
	m := s.partsWithin(ctx, limits)
	t, err := m.Process(a.Impl, a.impl, a.timed)
	if err == nil && a.TauPriority != nil {
		t, err = m.TauPriority(t, a.TauPriority, s.prog.Info)
	}
	if err != nil {
		return nil, err
	}
	terms := process.NewSystem(t, s.file.Files.Text(a.Impl.At()), m.Guard(ctx), m)
	tasks := OfTasks(a.Kind)
	in := &Instance{Impl: terms}
	var net *process.Parted
	if s.engine != Terms {
		net, err = terms.Parted(!tasks)
		switch {
		case err == nil:
			in.Impl = net
		case !errors.Is(err, process.ErrNoNetwork):
			return nil, err
		case tasks || s.engine == Network:
			why, _, _ := strings.Cut(err.Error(), "\n") // one is enough
			return nil, &explore.Limit{Reason: why}
		}
	}
	switch {
	case a.Kind == syntax.RaceFree:
		in.Variables, err = m.Variables(ctx, a.Operand, a.extra)
	case a.Kind == syntax.NoLostNotification:
		in.Notifications, err = m.Notifications(ctx, a.Operand, a.extra)
	case a.Kind == syntax.NoPanic:
		in.Events, err = m.EventSet(ctx, a.Operand, a.extra)
	case a.Kind == syntax.BoundedBypass && net != nil:
		err = a.bypass(ctx, net, in)
	case net != nil:
		in.Places, err = a.tasks(ctx, net, a.Operand)
	}
	return in, err
}

// OfTasks reports whether a question is asked of tasks, parts of a network.
func OfTasks(k syntax.AssertKind) bool {
	switch k {
	case syntax.NeverStuck, syntax.NoLeak, syntax.StarvationFree, syntax.BoundedBypass:
		return true
	}
	return false
}

// bypass evaluates the operand (tasks, events, bound).
func (a *Assertion) bypass(ctx context.Context, net *process.Parted, in *Instance) error {
	of := a.Operand.(*syntax.Tuple).Elems
	info := a.script.prog.Info
	var err error
	if in.Places, err = a.tasks(ctx, net, of[0]); err != nil {
		return err
	}
	if in.Events, err = a.script.parts.EventSet(ctx, of[1], info); err != nil {
		return err
	}
	n, err := a.script.parts.Int(ctx, of[2], info)
	if err != nil {
		return err
	}
	if n < 0 || n > math.MaxInt32 {
		return Errors{{
			Class: syntax.Eval, Span: of[2].At(), Files: a.script.file.Files,
			Msg: fmt.Sprintf("a task cannot be overtaken at most %d times", n), Fix: "write a number from 0",
		}}
	}
	in.Bound = int(n)
	return nil
}

// partsWithin returns the machine for questions about components, which does
// not compress.
func (s *Script) partsWithin(ctx context.Context, limits explore.Limits) *eval.Machine {
	if s.parts == nil {
		s.parts = eval.New(s.prog, s.file.Files)
		s.parts.Uncompressed()
	}
	s.parts.Within(ctx, limits)
	return s.parts
}

// Parts returns the process that an expression denotes as a network of
// components as the user wrote them, without compressions. It is a *Limit if
// there is none.
func (s *Script) Parts(ctx context.Context, limits explore.Limits, text string) (explore.Composed, error) {
	e, info, err := s.expr("process", text, (*types.Info).Process)
	if err != nil {
		return nil, err
	}
	m := s.partsWithin(ctx, limits)
	t, err := m.Process(e, info, nil)
	if err != nil {
		return nil, err
	}
	net, err := process.NewSystem(t, s.file.Files.Text(e.At()), m.Guard(ctx), m).Parted(true)
	if errors.Is(err, process.ErrNoNetwork) {
		why, _, _ := strings.Cut(err.Error(), "\n") // one is enough
		return nil, &explore.Limit{Reason: why}
	}
	if err != nil {
		return nil, err
	}
	return net, nil
}

// tasks returns the places of a network that an operand lists.
func (a *Assertion) tasks(ctx context.Context, net *process.Parted, operand syntax.Expr) (places []int, err error) {
	s := a.script
	var ts []*process.Term
	var at []syntax.Span
	list, sequence := operand.(*syntax.List)
	switch {
	case operand == nil:
		for i, p := range net.Places() {
			if p.Leaf {
				places = append(places, i)
			}
		}
		return places, nil
	case a.Kind != syntax.NoLeak || sequence && list.Kind == syntax.SeqBracket:
		ts, at, err = s.parts.Processes(ctx, operand, a.extra, a.timed)
	default:
		var t *process.Term
		t, err = s.parts.Process(a.Operand, a.extra, a.timed)
		ts, at = []*process.Term{t}, []syntax.Span{operand.At()}
	}
	if err != nil {
		return nil, err
	}
	var errs Errors
	if len(ts) == 0 {
		errs = append(errs, &Error{Class: syntax.Eval, Span: operand.At(), Msg: "no task is listed", Files: s.file.Files})
	}
	seen := map[int]bool{}
	for i, t := range ts {
		found, err := net.Find(t)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			errs = append(errs, a.noTask(net, t, at[i]))
		}
		if i == 0 && a.Kind == syntax.NoLeak && len(found) > 1 {
			errs = append(errs, &Error{
				Class: syntax.Eval, Span: at[i], Files: s.file.Files,
				Msg: fmt.Sprintf("there are %d components %s: one of them is to be the main task", len(found), net.NameOf(t)),
			})
		}
		for _, p := range found {
			if !seen[p] {
				seen[p] = true
				places = append(places, p)
			}
		}
	}
	if len(errs) > 0 {
		return nil, errs
	}
	return places, nil
}

// How many components an error lists.
const mostListed = 20

// noTask is the error that a process is no component.
func (a *Assertion) noTask(net *process.Parted, t *process.Term, at syntax.Span) *Error {
	var leaves, all []string
	seen := map[string]bool{}
	for _, p := range net.Places() {
		if seen[p.Name] || !p.Leaf && p.Mark == nil {
			continue
		}
		seen[p.Name] = true
		all = append(all, p.Name)
		if p.Leaf {
			leaves = append(leaves, p.Name)
		}
	}
	name := net.NameOf(t)
	fix := ""
	if near := syntax.NearMiss(name, all...); near != "" && near != name {
		fix = "did you mean " + near + "? "
	}
	if n := len(leaves); n > mostListed {
		leaves = append(leaves[:mostListed], fmt.Sprintf("and %d more", n-mostListed))
	}
	fix += "the components are " + strings.Join(leaves, ", ")
	return &Error{
		Class: syntax.Eval, Span: at, Files: a.script.file.Files, Fix: fix,
		Msg: fmt.Sprintf("%s is no component of %s", name, oneLine(a.script.file.Files.Text(a.Impl.At()))),
	}
}
