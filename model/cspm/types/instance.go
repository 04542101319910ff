package types

import (
	"slices"

	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// instanceOf returns the instance that a body is of, or is in, or nil.
func instanceOf(b *resolve.Body) *resolve.Body {
	for ; b != nil; b = b.In {
		if b.Instance != nil {
			return b
		}
	}
	return nil
}

// instanceErrors puts the errors in the bodies of instances where the
// instances are made. An instance has none if its module is at fault, and
// one is enough for each.
func (p *program) instanceErrors(errs syntax.Errors) syntax.Errors {
	var out syntax.Errors
	for _, e := range errs {
		if p.c.within[e] == nil {
			out = append(out, e)
		}
	}
	reported, faulty := map[*resolve.Body]bool{}, map[*syntax.Module]bool{}
	for _, b := range p.c.prog.Bodies {
		if b.Module != nil && b.Instance == nil {
			at := b.Module.Span
			faulty[b.Module] = slices.ContainsFunc(out, func(e *syntax.Error) bool { return at.Start <= e.Span.Start && e.Span.Start < at.End })
		}
	}
	for _, e := range errs {
		in := p.c.within[e]
		if in == nil || reported[in] || faulty[in.Module] {
			continue
		}
		reported[in] = true
		if at := in.Instance.Span; at.Start <= e.Span.Start && e.Span.Start < at.End {
			out = append(out, e) // an argument is wrong in itself
			continue
		}
		w := *e
		arg := argument(in, e)
		w.Span = arg.At()
		what := "these arguments"
		if arg != syntax.Node(in.Instance) {
			what = p.c.text(w.Span)
		}
		w.Msg = "module " + in.Module.Name.Name + " does not fit " + what + ": " + e.Msg
		w.Notes = append([]syntax.Note{{Span: e.Span, Msg: "it goes wrong here"}}, e.Notes...)
		out = append(out, &w)
	}
	return out
}

// argument returns the argument of an instance that an error in its body is
// due to, or the whole instance if it is not clear which.
func argument(in *resolve.Body, e *syntax.Error) syntax.Node {
	args := in.Instance.Args
	if len(args) == 1 {
		return args[0]
	}
	for _, n := range e.Notes {
		for _, a := range args {
			if at := a.At(); at.Start <= n.Span.Start && n.Span.Start < at.End {
				return a
			}
		}
	}
	used := map[*resolve.Object]bool{}
	for _, d := range in.Decls {
		if at := d.At(); at.Start > e.Span.Start || e.Span.Start >= at.End {
			continue
		}
		syntax.Walk(d, func(n syntax.Node) bool {
			if n, ok := n.(*syntax.Name); ok && e.Span.Start <= n.Start && n.Start < e.Span.End {
				used[in.Info.Uses[n]] = true
			}
			return true
		})
	}
	var found syntax.Node
	for i, o := range in.Params {
		if used[o] && i < len(args) {
			if found != nil {
				return in.Instance
			}
			found = args[i]
		}
	}
	if found == nil {
		return in.Instance
	}
	return found
}
