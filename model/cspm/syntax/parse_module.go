package syntax

import "fmt"

// module reads module M(a, b) … exports … endmodule.
func (p *parser) module() Decl {
	start := p.tok
	p.next()
	m := &Module{}
	headed := p.try(func() { p.moduleHead(m) })
	for !headed && !p.tok.raw {
		p.next()
	}
	saved := p.scope
	p.scope.module = true
	end := func(k kind) bool { return k == kwExports || k == kwEndmodule }
	m.Private = p.decls(end)
	if p.tok.kind == kwEndmodule && headed && !saved.let && !saved.timed {
		p.errorf(p.spanOf(p.tok), "write `exports` on a line of its own before what can be used outside", "this module has no `exports`")
	}
	if p.tok.kind == kwExports {
		p.next()
		if !p.tok.raw {
			p.errorf(p.spanOf(p.tok), "", "`exports` needs a new line before %s", p.describe(p.tok))
		}
		m.Public = p.decls(end)
	}
	if p.tok.kind == kwExports {
		p.errorf(p.spanOf(p.tok), "", "this module has an `exports` already")
		for p.tok.kind == kwExports {
			p.next()
			p.decls(end)
		}
	}
	p.scope = saved
	if p.tok.kind != kwEndmodule {
		p.failNote(p.here(""), Note{p.spanOf(start), "the module begins here"}, "",
			"`endmodule` is missing before %s", p.describe(p.tok))
	}
	p.next()
	if !headed {
		return nil
	}
	m.Span = p.from(start)
	return m
}

// moduleWord takes a name that stands alone on a line of a module for the
// word that it is probably a misspelling of: no declaration is a name alone.
func (p *parser) moduleWord() {
	if !p.scope.module || p.tok.kind != tIdent || !p.tok.raw {
		return
	}
	if next := p.peek(); next.kind != tEOF && (!next.raw || kinds[next.kind].before) {
		return
	}
	name := string(p.textOf(p.tok))
	word := NearMiss(name, "exports", "endmodule")
	if word == "" {
		return
	}
	p.errorf(p.spanOf(p.tok), fmt.Sprintf("did you mean `%s`?", word), "there is no declaration `%s`", name)
	p.tok.kind = map[string]kind{"exports": kwExports, "endmodule": kwEndmodule}[word]
}

// moduleHead reads M or M(a, b) and sees to the newline after it.
func (p *parser) moduleHead(m *Module) {
	m.Name = p.ident("`module`")
	if p.is(tLParen) {
		if open := p.tok; p.peek().kind == tRParen {
			p.next()
			p.next()
			p.errorf(p.from(open), "leave the brackets out", "a module without arguments has no ()")
		} else {
			_, seqs := p.push()
			m.Params = p.idents("a parameter list")
			p.pop(tRParen, seqs)
		}
	}
	if !p.tok.raw {
		p.unexpected("the head of a module needs a new line before")
	}
}

// instance reads instance N = M(e, f).
func (p *parser) instance() Decl {
	start := p.tok
	p.next()
	d := &Instance{Name: p.ident("`instance`")}
	p.expect(tAssign, "`instance`")
	d.Module = p.name()
	if p.is(tLParen) {
		open, seqs := p.push()
		if p.is(tRParen) {
			p.errorf(p.spanOf(open).To(p.spanOf(p.tok)), "leave the brackets out", "a module without arguments has no ()")
		} else {
			d.Args = p.exprs()
		}
		p.pop(tRParen, seqs)
	}
	d.Span = p.from(start)
	return d
}

// timed reads Timed(f) { … }.
func (p *parser) timed() Decl {
	start := p.tok
	p.next()
	d := &Timed{}
	if p.is(tLParen) {
		_, seqs := p.push()
		d.Fn = p.whole()
		p.pop(tRParen, seqs)
	}
	if !p.is(tLBrace) {
		if p.tok.kind != tLBrace {
			p.unexpected("a Timed section needs `{` before")
		}
		p.errorf(p.spanOf(p.tok), "the `{` stands on the line of the `)`", "a Timed section needs `{` before %s", p.describe(p.tok))
	}
	_, seqs := p.push()
	saved := p.scope
	p.scope.timed = true
	d.Decls = p.decls(func(k kind) bool { return k == tRBrace })
	p.scope = saved
	p.pop(tRBrace, seqs)
	d.Span = p.from(start)
	return d
}
