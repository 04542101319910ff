package cspm

import (
	"context"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/types"
)

// Event returns the name of the event that a text from elsewhere, such as a
// log, denotes in the script. The text is one for a value, as events are
// printed: nothing in it is computed, but for what names of the script stand for.
func (s *Script) Event(ctx context.Context, limits explore.Limits, text string) (string, error) {
	e, err := s.constant("event", text)
	if err != nil {
		return "", err
	}
	list := &syntax.List{Span: e.At(), Kind: syntax.SeqBracket, Elems: []syntax.Expr{e}}
	info, err := s.settle(list, (*types.Info).Events)
	if err != nil {
		return "", err
	}
	s.machine.Within(ctx, limits)
	trace, err := s.machine.Events(ctx, list, info)
	if err != nil {
		return "", err
	}
	return s.machine.EventName(trace[0]), nil
}

// Channel returns the name of a channel or an event, or of what a channel has
// in common with its events, such as c.1 of c.1.2, that a text denotes in the
// script. The text is as that of Event.
func (s *Script) Channel(ctx context.Context, limits explore.Limits, text string) (string, error) {
	e, err := s.constant("channel", text)
	if err != nil {
		return "", err
	}
	set := &syntax.List{Span: e.At(), Kind: syntax.EnumBracket, Elems: []syntax.Expr{e}}
	if _, err := s.settle(set, anything); err != nil {
		return "", err
	}
	return s.Eval(ctx, limits, text)
}

// constant reads an expression that is a value, written out.
func (s *Script) constant(what, text string) (syntax.Expr, error) {
	e, errs := syntax.ParseExpr(s.file.Files, what, text)
	if len(errs) > 0 {
		return nil, errs
	}
	var wrong syntax.Node
	syntax.Walk(e, func(n syntax.Node) bool {
		if wrong == nil && !plain(n) {
			wrong = n
		}
		return wrong == nil
	})
	if wrong != nil {
		return nil, Errors{{Class: syntax.ParseClass, Span: wrong.At(), Files: s.file.Files, Msg: "this is no " + what + " written out, such as " + map[string]string{"event": "c.1", "channel": "c"}[what]}}
	}
	return e, nil
}

// plain reports whether a node can be part of a value that is written out.
func plain(n syntax.Node) bool {
	switch n := n.(type) {
	case *syntax.Name, *syntax.IntLit, *syntax.BoolLit, *syntax.CharLit, *syntax.StringLit, *syntax.Paren, *syntax.Tuple, *syntax.MapLit:
		return true
	case *syntax.List:
		return len(n.Stmts) == 0
	case *syntax.Unary:
		return n.Op == syntax.OpNeg
	case *syntax.Binary:
		return n.Op == syntax.OpDot
	}
	return false
}
