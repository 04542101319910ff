package syntax

// annotation reads what follows the first name of n1, n2 :: scheme.
func (p *parser) annotation(start token, first Ident) Decl {
	d := &Annotation{Names: []Ident{first}}
	for p.got(tComma) {
		d.Names = append(d.Names, p.ident("an annotation"))
	}
	p.expect(tColons, "a list of names")
	d.Constraints = p.constraints()
	d.Type = p.typeExpr()
	d.Span = p.from(start)
	return d
}

// ParseScheme reads a type as it stands after "::", which is added to fs.
func ParseScheme(fs *Files, name, text string) ([]Constraint, TypeExpr, Errors) {
	s := &script{files: fs, names: map[string]string{}}
	p := s.parser(fs.Add(name, []byte(text)), scope{}, 0, len(text))
	var cs []Constraint
	var t TypeExpr
	p.try(func() {
		p.next()
		cs, t = p.constraints(), p.typeExpr()
		if p.tok.kind != tEOF {
			p.unexpected("a type ends before")
		}
	})
	p.finish()
	return cs, t, s.errs.Sort()
}

// constraints reads Eq a => or (Eq a, Set b) =>, if it stands there.
func (p *parser) constraints() []Constraint {
	switch {
	case p.is(tIdent) && p.nameFollows():
		cs := []Constraint{p.constraint()}
		p.expect(tDotable, "a constraint")
		return cs
	case p.is(tLParen) && p.twoNames():
		_, seqs := p.push()
		cs := []Constraint{p.constraint()}
		for p.got(tComma) {
			cs = append(cs, p.constraint())
		}
		p.pop(tRParen, seqs)
		p.expect(tDotable, "a list of constraints")
		return cs
	}
	return nil
}

// nameFollows tells whether a name follows the next token on its line.
func (p *parser) nameFollows() bool {
	t := p.peek()
	return t.kind == tIdent && !t.raw
}

// twoNames tells whether two names follow the next token.
func (p *parser) twoNames() bool {
	saved := p.scanner
	p.lexError = func(*Error) {}
	a, b := p.scan(), p.scan()
	p.scanner = saved
	return a.kind == tIdent && b.kind == tIdent && !b.raw
}

func (p *parser) constraint() Constraint {
	start := p.tok
	class := p.ident("a constraint")
	switch class.Name {
	case "Eq", "Ord", "Set", "Complete", "Yieldable":
	default:
		fix := "the constraints are Eq, Ord, Set, Complete and Yieldable"
		if w := NearMiss(class.Name, "Eq", "Ord", "Set", "Complete", "Yieldable"); w != "" {
			fix = "did you mean `" + w + "`?"
		}
		p.errorf(class.Span, fix, "there is no constraint `%s`", class.Name)
	}
	v := p.ident("a constraint")
	return Constraint{p.from(start), class.Name, v}
}

// typeExpr reads a type. Functions are looser than => and =>*, and these are
// looser than the dot; all associate to the right.
func (p *parser) typeExpr() TypeExpr {
	outer := p.enter()
	x := p.arrowType()
	p.leave(outer)
	return x
}

func (p *parser) arrowType() TypeExpr {
	start := p.tok
	var x TypeExpr
	if p.is(tLParen) {
		params, end := p.typeList()
		if p.got(tArrow) {
			result := p.typeExpr()
			return &TypeFunc{p.from(start), params, result}
		}
		x = p.typeDot(p.typeParen(start, end, params))
	} else {
		x = p.typeDot(p.typeAtom())
	}
	switch {
	case p.is(tDotable):
		p.next()
		y := p.typeExpr()
		return &TypeDotable{p.from(start), x, y}
	case p.is(tExtendable):
		if _, ok := x.(*TypeName); !ok {
			p.fail(x.At(), "write v =>* T", "what stands before `=>*` is always a type variable")
		}
		p.next()
		y := p.typeExpr()
		return &TypeExtendable{p.from(start), x, y}
	case p.is(tArrow):
		p.fail(x.At(), "write ("+p.script.files.Text(x.At())+") -> …", "the arguments of a function type stand in brackets")
	}
	return x
}

// typeList reads (t, t, ...), which may be empty.
func (p *parser) typeList() (ts []TypeExpr, end token) {
	_, seqs := p.push()
	if !p.is(tRParen) {
		ts = append(ts, p.typeExpr())
		for p.got(tComma) {
			ts = append(ts, p.typeExpr())
		}
	}
	end = p.tok
	p.pop(tRParen, seqs)
	return ts, end
}

// typeParen returns the type of a list that is no argument list.
func (p *parser) typeParen(start, end token, ts []TypeExpr) TypeExpr {
	span := p.span(int(start.start), int(end.end))
	switch len(ts) {
	case 0:
		p.fail(span, "a function without arguments has the type () -> T", "there is no empty tuple")
	case 1:
		return &TypeParen{span, ts[0]}
	}
	return &TypeTuple{span, ts}
}

// typeDot reads .t.u after x.
func (p *parser) typeDot(x TypeExpr) TypeExpr {
	items := []TypeExpr{x}
	for p.got(tDot) {
		items = append(items, p.typeAtom())
	}
	p.grow(len(items)-1, x.At())
	x = items[len(items)-1]
	for i := len(items) - 2; i >= 0; i-- {
		x = &TypeDot{items[i].At().To(x.At()), items[i], x}
	}
	return x
}

// typeAtom reads a name or something in brackets.
func (p *parser) typeAtom() TypeExpr {
	outer := p.enter()
	x := p.closedType()
	p.leave(outer)
	return x
}

func (p *parser) closedType() TypeExpr {
	start := p.tok
	if start.nl {
		p.unexpected("a type is missing before")
	}
	switch start.kind {
	case tIdent, tQual:
		path, last := p.splitName(start)
		p.next()
		return &TypeName{p.spanOf(start), path, last}
	case tLParen:
		ts, end := p.typeList()
		return p.typeParen(start, end, ts)
	case tLBrace:
		_, seqs := p.push()
		t := p.typeExpr()
		p.pop(tRBrace, seqs)
		return &TypeSet{p.from(start), t}
	case tLt:
		_, seqs := p.push()
		t := p.typeExpr()
		if p.is(tGe) {
			p.splitGe()
		}
		p.pop(tGt, seqs)
		return &TypeSeq{p.from(start), t}
	case tLMap:
		_, seqs := p.push()
		kStart := p.tok
		var k TypeExpr
		if p.is(tLParen) {
			ts, end := p.typeList()
			k = p.typeParen(kStart, end, ts)
		} else {
			k = p.typeAtom()
		}
		k = p.typeDot(k)
		p.expect(tDotable, "a map type `(| k => v |)`")
		v := p.typeExpr()
		p.pop(tRMap, seqs)
		return &TypeMap{p.from(start), k, v}
	}
	p.unexpected("a type is missing before")
	return nil
}
