package syntax

import (
	"slices"
	"strings"
)

// Assertions that other tools do not know stand in comments that begin with
// "--! assert". They are read as if they stood there without the "--!", and
// may ask any question.

// extended reports whether a comment is an assertion.
func extended(c Comment) bool {
	text, ok := strings.CutPrefix(c.Text, "--!")
	text, word := strings.CutPrefix(strings.TrimLeft(text, blankBytes), "assert")
	return ok && word && (text == "" || !inName(text[0]))
}

// extension reads the assertion in a comment and puts it among the
// declarations. It returns nil if there is none.
func (p *parser) extension(c Comment, decls *[]Decl) *Assert {
	if !p.firstOnLine(c) {
		p.errorf(c.Span, "put it on a line of its own", "an assertion in a comment stands beside something else")
		return nil
	}
	file := p.script.files.File(c.Start)
	from := int(c.Start-p.base) + strings.Index(c.Text, "assert")
	sub := p.script.parser(file, p.scope, from, int(c.End-p.base))
	sub.pragma = true
	var a *Assert
	sub.try(func() {
		sub.next()
		read := sub.assert().(*Assert)
		if sub.tok.kind != tEOF {
			sub.unexpected("an operator is missing before")
		}
		sub.noPatterns(0)
		a = read
	})
	for _, e := range sub.errs {
		p.report(e)
	}
	if a == nil || len(sub.errs) > 0 {
		return nil
	}
	a.Extension = true
	for _, beside := range sub.comments {
		if strings.HasPrefix(beside.Text, "--!") {
			p.expect1(a, beside)
		}
	}
	if !p.place(a, decls) {
		return nil
	}
	return a
}

// expect1 gives an assertion in a comment the expectation in another one.
func (p *parser) expect1(a *Assert, c Comment) {
	e, ok := p.expectation(c)
	switch {
	case !ok:
	case a.Expect != nil:
		p.errorf(c.Span, "", "this assertion has an expectation already")
	default:
		a.Expect = e
	}
}

// place puts an assertion where it stands among declarations.
func (p *parser) place(a *Assert, decls *[]Decl) bool {
	i := 0
	for i < len(*decls) && (*decls)[i].At().Start < a.Start {
		i++
	}
	if i > 0 && (*decls)[i-1].At().End > a.Start {
		switch d := (*decls)[i-1].(type) {
		case *Timed:
			return p.place(a, &d.Decls)
		case *Module:
			p.errorf(a.Span, "move it to the top level", "an assertion cannot stand in a module")
		case *Include: // its text is elsewhere
		default:
			p.errorf(a.Span, "put it between declarations", "an assertion in a comment stands inside a declaration")
		}
		return false
	}
	*decls = slices.Insert(*decls, i, Decl(a))
	return true
}

// followed returns the assertion in a comment on the line before c, if c
// stands first on its line.
func (p *parser) followed(last *Assert, lastComment, c Comment) *Assert {
	if last == nil || !p.firstOnLine(c) {
		return nil
	}
	between := p.src[lastComment.End-p.base : c.Start-p.base]
	if strings.Count(string(between), "\n") != 1 || strings.TrimSpace(string(between)) != "" {
		return nil
	}
	return last
}
