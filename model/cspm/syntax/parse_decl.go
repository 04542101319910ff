package syntax

import "fmt"

// decls reads declarations until one cannot begin, because the text ends or
// because end says that a token of the kind that is next ends the list.
func (p *parser) decls(end func(kind) bool) []Decl {
	list := p.declList(end)
	p.checkAnnotations(list)
	return list
}

func (p *parser) declList(end func(kind) bool) []Decl {
	var list []Decl
	add := func() {
		first := p.tok
		if d := p.decl(end); d != nil {
			list = append(list, d)
		} else {
			p.lost = true
			p.skip(p.from(first))
		}
	}
	for p.moduleWord(); p.tok.kind != tEOF && !end(p.tok.kind); p.moduleWord() {
		first := p.tok
		if p.scope.let {
			add()
		} else if !p.try(add) {
			p.lost = true
			p.resync(first, end)
			p.skip(p.span(int(first.start), int(p.tok.start)))
		}
	}
	return list
}

// decl reads a declaration and sees to it that nothing else stands on its
// last line. It returns nil for one that is complete and wrong.
func (p *parser) decl(end func(kind) bool) Decl {
	outer := p.enter()
	first, mark := p.first, len(p.patOnly)
	p.tok.nl = false // it has done its work
	p.first = p.tok
	d := p.declaration()
	if !p.tok.nl && p.tok.kind != tEOF && !end(p.tok.kind) {
		p.unexpected("an operator or a new line is missing before")
	}
	if p.misplaced(d) || !p.noPatterns(mark) {
		d = nil
	}
	p.first = first
	p.depth--
	p.height = max(p.height+1, outer.height) // what it holds is within the bound, and so is what holds it
	return d
}

// misplaced complains about a declaration that cannot stand where it does.
func (p *parser) misplaced(d Decl) bool {
	what, bad := "", false
	s := p.scope
	switch d := d.(type) {
	case *Channel:
		what, bad = "`channel`", s.let
	case *Datatype:
		what, bad = "`datatype`", s.let
		if d.Sub {
			what = "`subtype`"
		}
	case *Nametype:
		what, bad = "`nametype`", s.let
	case *Module:
		what, bad = "`module`", s.let
	case *Instance:
		what, bad = "`instance`", s.let
	case *Assert:
		what, bad = "an assertion", s.let || s.module
	case *Print:
		what, bad = "`print`", s.let || s.module || s.timed
	case *Include:
		what, bad = "`include`", s.let || s.timed
	}
	if !bad {
		return false
	}
	where := "a module"
	if s.let {
		where = "a let"
	} else if s.timed {
		where = "a Timed section"
	}
	p.errorf(d.At(), "move it to the top level", "%s cannot stand in %s", what, where)
	return true
}

func (p *parser) declaration() Decl {
	start := p.tok
	switch start.kind {
	case tIdent:
		switch string(p.textOf(start)) {
		case "include":
			if p.command() {
				return p.include()
			}
		case "print":
			if p.command() {
				return p.print()
			}
		}
	case kwChannel:
		p.next()
		d := &Channel{Names: p.idents("`channel`")}
		if p.got(tColon) {
			d.Type = p.whole()
		}
		d.Span = p.from(start)
		return d
	case kwDatatype, kwSubtype:
		return p.datatype()
	case kwNametype:
		p.next()
		d := &Nametype{Name: p.ident("`nametype`")}
		p.expect(tAssign, "`nametype`")
		d.Type = p.whole()
		d.Span = p.from(start)
		return d
	case kwTransparent, kwExternal:
		p.next()
		d := &Import{Transparent: start.kind == kwTransparent}
		d.Names = p.idents(p.bare(start))
		d.Span = p.from(start)
		return d
	case kwAssert:
		return p.assert()
	case kwModule:
		return p.module()
	case kwInstance:
		return p.instance()
	case kwTimed:
		return p.timed()
	case kwExports, kwEndmodule:
		p.fail(p.spanOf(start), "", "%s stands outside any module that it could belong to", p.bare(start))
	case tRParen, tRBrace, tREnum, tRMap, tRBracket, tRRename, tRPar:
		p.fail(p.spanOf(start), "", "nothing is open that %s closes", p.bare(start))
	}
	return p.definition()
}

// command tells whether the word before a blank is a command, and not a name
// that is being defined.
func (p *parser) command() bool {
	if !blank(p.peekByte(0)) {
		return false
	}
	saved := p.quiet
	p.quiet = true // what follows may be text
	next := p.peek().kind
	p.quiet = saved
	switch next {
	case tAssign, tColons, tComma, tAtAt, tDot, tConcat:
		return false
	}
	return true
}

// definition reads f(x) = e, p = e or f, g :: T.
func (p *parser) definition() Decl {
	start, mark := p.tok, len(p.patOnly)
	head := p.whole()
	name, _ := head.(*Name)
	switch {
	case p.is(tAssign):
		name, groups := p.clauseHead(head)
		if name == nil {
			d := &Bind{Pat: p.pattern(head, mark)}
			p.next()
			d.Body = p.whole()
			d.Span = p.from(start)
			return d
		}
		p.patOnly = p.patOnly[:mark]
		p.next()
		d := &Clause{Name: *name, Groups: groups, Body: p.whole()}
		d.Span = p.from(start)
		return d
	case name != nil && len(name.Path) == 0 && (p.is(tColons) || p.is(tComma)):
		return p.annotation(start, name.Ident)
	}
	p.noDefinition(head)
	return nil
}

// clauseHead returns the name and the parameters of f(x)(y), or no name if
// the head is a pattern.
func (p *parser) clauseHead(head Expr) (*Ident, [][]Pat) {
	var groups [][]Pat
	e := head
	for {
		switch x := e.(type) {
		case *Apply:
			groups = append(groups, p.toPats(x.Args))
			e = x.Fn
			continue
		case *Name:
			if len(groups) == 0 {
				return nil, nil
			}
			if len(x.Path) > 0 {
				p.fail(x.At(), "define it in its module", "a qualified name cannot be defined")
			}
			for i, j := 0, len(groups)-1; i < j; i, j = i+1, j-1 {
				groups[i], groups[j] = groups[j], groups[i]
			}
			return &x.Ident, groups
		}
		if len(groups) > 0 {
			p.fail(head.At(), "a function is defined as f(x) = …", "this is no declaration: what is applied here is not a name")
		}
		return nil, nil
	}
}

// noDefinition fails after an expression where a declaration should be.
func (p *parser) noDefinition(head Expr) {
	name, isName := head.(*Name)
	if isName && !p.tok.nl && p.tok.kind != tEOF {
		if w := NearMiss(name.Name, "channel", "datatype", "subtype", "nametype", "transparent", "external",
			"assert", "module", "instance", "include", "print", "Timed"); w != "" && p.tok.kind.beginsOperand() {
			p.fail(head.At(), fmt.Sprintf("did you mean `%s`?", w), "there is no declaration `%s`", name.Name)
		}
	}
	if p.tok.kind == tRefines || p.tok.kind == tColonBracket {
		p.fail(p.spanOf(p.first).To(p.spanOf(p.tok)), "begin the line with `assert`", "this is an assertion without `assert`")
	}
	if b, ok := head.(*Binary); ok && b.Op == OpEq && (p.tok.nl || p.tok.kind == tEOF) {
		p.fail(Span{b.OpPos, b.OpPos + 2}, "a definition is written with `=`", "this is an expression, and no declaration")
	}
	if p.tok.nl || p.tok.kind == tEOF {
		fix := "a definition is written name = …"
		if h := continues(p.first.kind); h != "" && p.first.raw {
			fix = h
		}
		p.fail(head.At(), fix, "this is an expression, and no declaration")
	}
	p.unexpected("a definition needs `=` before")
}

// datatype reads a datatype or a subtype.
func (p *parser) datatype() Decl {
	start := p.tok
	p.next()
	d := &Datatype{Sub: start.kind == kwSubtype}
	what := p.bare(start)
	d.Name = p.ident(what)
	p.expect(tAssign, what)
	for {
		first := p.tok
		c := Ctor{Name: p.ident("a constructor of `" + d.Name.Name + "`")}
		if p.got(tDot) {
			c.Type = p.binary(levelDot)
		} else if p.is(tLParen) {
			p.fail(p.spanOf(p.tok), "write "+c.Name.Name+".T", "the fields of a constructor follow a dot")
		}
		c.Span = p.from(first)
		d.Ctors = append(d.Ctors, c)
		if !p.got(tBar) {
			break
		}
	}
	d.Span = p.from(start)
	return d
}

// print reads a command: the rest of the line is text, mistakes and all.
func (p *parser) print() Decl {
	start := p.tok
	p.quiet = true
	p.next()
	from, to := p.tok.start, p.tok.start
	for !p.tok.raw {
		to = p.tok.end
		p.next()
	}
	p.quiet = false
	if !p.stopped { // what is wrong with the next line's first token has not been told
		p.off, p.lineStart = int(p.tok.start), int(p.tok.start-p.tok.col+1)
		p.tok = p.scan()
		p.tok.raw = true
	}
	p.tok.nl = !kinds[p.tok.kind].before
	for to > from && (p.src[to-1] == ' ' || p.src[to-1] == '\t' || p.src[to-1] == '\r') {
		to-- // an unclosed string goes on to the end of the line
	}
	if from == to {
		p.fail(p.spanOf(start), "write print e", "there is nothing to print on this line")
	}
	span := p.span(int(from), int(to))
	p.keepText(start, span)
	return &Print{p.spanOf(start).To(span), validUTF8(p.src[from:to]), span}
}
