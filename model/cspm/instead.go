package cspm

import (
	"regexp"
	"slices"
	"strings"

	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/types"
)

// A Design is a process of a script, as an expression, that assertions may
// mention.
type Design struct {
	text string // to stand in place of another
	expr syntax.Expr
	info *resolve.Info
}

// Design reads an expression for a process.
func (s *Script) Design(what, text string) (*Design, error) {
	e, info, err := s.expr(what, text, (*types.Info).Process)
	if err != nil {
		return nil, err
	}
	d := &Design{text: strings.TrimSpace(text), expr: e, info: info}
	if !word.MatchString(d.text) {
		d.text = "(" + d.text + "\n)" // in a line of its own, as a comment may end it
	}
	return d, nil
}

var word = regexp.MustCompile(`^\w+('|::\w+)*$`)

// MentionsDesign reports whether a design stands in an operand of the assertion.
// What the names in the operand stand for is not looked into.
func (a *Assertion) MentionsDesign(d *Design) bool { return len(a.mentions(d)) > 0 }

// mentions returns where d stands, in the order of the text.
func (a *Assertion) mentions(d *Design) (spans []syntax.Span) {
	for _, o := range a.operands() {
		if o.expr == nil {
			continue
		}
		syntax.Walk(o.expr, func(n syntax.Node) bool {
			x, ok := n.(syntax.Expr)
			if _, paren := n.(*syntax.Paren); paren || !ok || !d.is(x, o.info) {
				return true
			}
			spans = append(spans, x.At())
			return false
		})
	}
	slices.SortFunc(spans, func(x, y syntax.Span) int { return int(x.Start - y.Start) })
	return slices.Compact(spans)
}

// is reports whether an expression is written like that of d, brackets aside,
// and its names mean the same.
func (d *Design) is(x syntax.Expr, info *resolve.Info) bool {
	if !syntax.Equal(x, d.expr) {
		return false
	}
	names := func(e syntax.Expr, info *resolve.Info) (uses []*resolve.Object) {
		inside := map[*resolve.Object]bool{} // what e itself declares
		for _, o := range info.Pats {
			inside[o] = true
		}
		for _, list := range info.Lets {
			for _, o := range list {
				inside[o] = true
			}
		}
		syntax.Walk(e, func(n syntax.Node) bool {
			if name, ok := n.(*syntax.Name); ok {
				o := info.Uses[name]
				if o != nil && inside[o] && within(o.At, e.At()) {
					o = nil
				}
				uses = append(uses, o)
			}
			return true
		})
		return uses
	}
	return slices.Equal(names(x, info), names(d.expr, d.info))
}

func within(s, outer syntax.Span) bool { return outer.Start <= s.Start && s.End <= outer.End }

// An operand is an expression of an assertion.
type operand struct {
	expr syntax.Expr
	info *resolve.Info
}

func (a *Assertion) operands() []operand {
	return []operand{{a.Spec, a.spec}, {a.Impl, a.impl}, {a.Operand, a.extra}}
}

// Instead returns the assertion with one design in the place of another,
// which it mentions. Nothing is expected of it.
func (a *Assertion) Instead(of, by *Design) (*Assertion, error) {
	s := a.script
	spans := a.mentions(of)
	node := *a.Assert
	out := *a
	out.Assert = &node
	node.Expect = nil
	out.Text = oneLine(splice(s.file.Files, a.Span, spans, strings.ReplaceAll(by.text, "\n", "")))
	for _, o := range []struct {
		expr *syntax.Expr
		info **resolve.Info
		use  use
	}{{&node.Spec, &out.spec, (*types.Info).Process}, {&node.Impl, &out.impl, (*types.Info).Process}, {&node.Operand, &out.extra, anything}} {
		if *o.expr == nil {
			continue
		}
		at := (*o.expr).At()
		inside := slices.DeleteFunc(slices.Clone(spans), func(x syntax.Span) bool { return !within(x, at) })
		if len(inside) == 0 {
			continue
		}
		e, info, err := s.expr("operand", splice(s.file.Files, at, inside, by.text), o.use)
		if err != nil {
			return nil, err
		}
		*o.expr, *o.info = e, info
	}
	return &out, nil
}

// Hole returns the text of the assertion with a hole in the place of a design.
func (a *Assertion) Hole(of *Design, hole string) string {
	return oneLine(splice(a.script.file.Files, a.Span, a.mentions(of), hole))
}

// splice returns a piece of text with parts of it replaced.
func splice(files *syntax.Files, whole syntax.Span, parts []syntax.Span, by string) string {
	var b strings.Builder
	at := whole.Start
	for _, p := range parts {
		b.WriteString(files.Text(syntax.Span{Start: at, End: p.Start}))
		b.WriteString(by)
		at = p.End
	}
	b.WriteString(files.Text(syntax.Span{Start: at, End: whole.End}))
	return b.String()
}
