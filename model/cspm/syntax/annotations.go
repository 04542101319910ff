package syntax

// checkAnnotations reports names of a list of declarations that are annotated
// twice, or that nothing in the list defines. Files are included where their
// text would stand.
func (p *parser) checkAnnotations(list []Decl) {
	annotated := map[string]Ident{}
	by := map[string]*Annotation{}
	defined := map[string]bool{}
	var names []Ident
	var channels []*Channel
	eachDecl(list, func(d Decl) {
		switch d := d.(type) {
		case *Annotation:
			for _, n := range d.Names {
				if first, ok := annotated[n.Name]; ok {
					e := p.errorf(n.Span, "", "%s has a type annotation already", n.Name)
					e.Notes = []Note{{first.Span, "the first one is here"}}
					continue
				}
				annotated[n.Name], by[n.Name] = n, d
				names = append(names, n)
			}
		case *Clause:
			defined[d.Name.Name] = true
		case *Bind:
			pat := d.Pat
			for {
				paren, ok := pat.(*PatParen)
				if !ok {
					break
				}
				pat = paren.X
			}
			if n, ok := pat.(*PatName); ok {
				defined[n.Name] = true
			}
		case *Nametype:
			defined[d.Name.Name] = true
		case *Channel:
			channels = append(channels, d)
			for _, n := range d.Names {
				defined[n.Name] = true
			}
		case *Datatype:
			if !d.Sub {
				for _, c := range d.Ctors {
					defined[c.Name.Name] = true
				}
			}
		}
	})
	for _, c := range channels {
		var first *Annotation
		for _, n := range c.Names {
			a := by[n.Name]
			if a != nil && first != nil && a != first {
				e := p.errorf(annotated[n.Name].Span, "declare the channels, or annotate them, together or all apart",
					"the channels of one declaration have two type annotations")
				e.Notes = []Note{{c.Span, "the declaration is here"}, {first.Span, "the first annotation is here"}}
				break
			}
			if first == nil {
				first = a
			}
		}
	}
	if p.lost {
		return // the definition may be among what could not be read
	}
	for _, n := range names {
		if !defined[n.Name] {
			p.errorf(n.Span, "an annotation stands beside the definition of a function, a variable, a channel, a nametype or a constructor",
				"nothing here defines %s", n.Name)
		}
	}
}

// eachDecl calls f for the declarations of a list and of the files included.
func eachDecl(list []Decl, f func(Decl)) {
	for _, d := range list {
		if inc, ok := d.(*Include); ok {
			eachDecl(inc.Decls, f)
			continue
		}
		f(d)
	}
}
