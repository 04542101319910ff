package syntax

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// include reads include "path" and the file it names.
func (p *parser) include() Decl {
	start := p.tok
	p.next()
	if p.tok.kind != tString || p.tok.raw {
		p.fail(p.spanOf(p.tok), `write include "file.csp"`, "`include` needs a path in quotes, not %s", p.describe(p.tok))
	}
	at := p.spanOf(p.tok)
	d := &Include{Path: stringValue(p.textOf(p.tok))}
	p.next()
	d.Span = p.from(start)
	if p.script.alone {
		p.keepWord(start)
		p.lost = true // what is declared there is not known
		return d
	}
	if p.scope.let || p.scope.timed {
		return d // misplaced
	}
	f, e := p.script.load(d.Path)
	if e != nil {
		e.Span = at
		p.report(e)
		p.lost, p.script.lostFile = true, true
		return d
	}
	f.From = at
	// The text is spliced in: it counts as part of what is being read here.
	sub := p.script.parser(f, p.scope, 0, len(f.Text))
	sub.depth, sub.height = p.depth, p.height
	d.Decls = sub.file()
	sub.finish()
	p.height = max(p.height, sub.height)
	p.lost = p.lost || sub.lost
	p.script.including = p.script.including[:len(p.script.including)-1]
	return d
}

// load reads a file that is to be included, or says why it cannot.
func (s *script) load(path string) (*SourceFile, *Error) {
	full := filepath.Clean(path)
	if !filepath.IsAbs(path) {
		full = filepath.Join(filepath.Dir(s.root), path)
	}
	wrong := func(class Class, format string, args ...any) (*SourceFile, *Error) {
		return nil, &Error{Class: class, Msg: fmt.Sprintf(format, args...)}
	}
	switch {
	case s.open == nil:
		return wrong(ParseClass, "this text cannot include files")
	case path == "":
		_, e := wrong(ParseClass, "the path is empty")
		e.Fix = `write include "file.csp"`
		return nil, e
	case slices.Contains(s.including, full):
		between := s.including[slices.Index(s.including, full)+1:]
		if len(between) > 0 {
			return wrong(ParseClass, "%q includes itself, by way of %s", path, strings.Join(between, ", "))
		}
		return wrong(ParseClass, "%q includes itself", path)
	case s.included >= maxIncludes:
		return wrong(Limit, "more than %d files are included", maxIncludes)
	}
	s.included++
	text, err := s.open(full)
	if err != nil {
		return wrong(ParseClass, "cannot include %q: %v", path, err)
	}
	if s.size+len(text) > maxSource {
		return wrong(Limit, "with %q this script has more than %d MiB", path, maxSource>>20)
	}
	s.size += len(text)
	s.including = append(s.including, full)
	return s.files.Add(full, text), nil
}
