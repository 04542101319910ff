package syntax

import "strings"

// Assertions that other tools do not know stand in comments that begin with
// "--! assert". They are read as if they stood there without the "--!", and
// may ask any question.

// extended reports whether a comment is an assertion.
func extended(c Comment) bool {
	text, ok := strings.CutPrefix(c.Text, "--!")
	text, word := strings.CutPrefix(strings.TrimLeft(text, blankBytes), "assert")
	return ok && word && (text == "" || !inName(text[0]))
}

// extension reads the assertion in a comment. It returns nil if there is none.
func (p *parser) extension(c Comment) *Assert {
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
			p.expected(a, beside)
		}
	}
	return a
}

// expected gives an assertion in a comment the expectation in another one.
func (p *parser) expected(a *Assert, c Comment) {
	e, ok := p.expectation(c)
	switch {
	case !ok:
	case a.Expect != nil:
		p.errorf(c.Span, "", "this assertion has an expectation already")
	default:
		a.Expect = e
	}
}

// place returns declarations with assertions where they stand among them; both
// are in the order of the text.
func (p *parser) place(decls []Decl, asserts []*Assert) []Decl {
	if len(asserts) == 0 {
		return decls
	}
	out := make([]Decl, 0, len(decls)+len(asserts))
	for _, d := range decls {
		for len(asserts) > 0 && asserts[0].Start < d.At().Start {
			out, asserts = append(out, asserts[0]), asserts[1:]
		}
		n := 0
		if _, elsewhere := d.(*Include); !elsewhere {
			for n < len(asserts) && asserts[n].Start < d.At().End {
				n++
			}
		}
		p.inside(d, asserts[:n])
		out, asserts = append(out, d), asserts[n:]
	}
	for _, a := range asserts {
		out = append(out, a)
	}
	return out
}

// inside places assertions that stand inside of a declaration.
func (p *parser) inside(d Decl, asserts []*Assert) {
	if t, ok := d.(*Timed); ok {
		t.Decls = p.place(t.Decls, asserts)
		return
	}
	_, module := d.(*Module)
	for _, a := range asserts {
		if module {
			p.errorf(a.Span, "move it to the top level", "an assertion cannot stand in a module")
		} else {
			p.errorf(a.Span, "put it between declarations", "an assertion in a comment stands inside a declaration")
		}
	}
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
