package types

import (
	"fmt"
	"strings"
)

// A Scheme is a type with variables that may stand for any types that meet
// their constraints.
type Scheme struct {
	of   form
	text string // how it is written, if of may have changed
}

// String returns the type as an annotation would have it:
// Yieldable b => (a=>*b) -> {b}.
func (s *Scheme) String() string {
	if s.text != "" {
		return s.text
	}
	p := &printer{most: mostPrinted}
	return p.scheme(s.of)
}

// The longest a type is printed, in bytes, and inside a message.
const (
	mostPrinted = 1 << 16
	mostInLine  = 160
)

// A printer prints types that share their variables. Variables are named a,
// b, c, … in the order in which they are met.
type printer struct {
	b     strings.Builder
	most  int
	names map[any]string
	used  map[string]bool
	vars  []*variable
	depth int
}

// How strongly what stands around a type binds.
const (
	anyForm   = iota
	afterForm // behind => and =>*: no function
	dotForm   // no => either
	atomForm  // no dot either
)

func (p *printer) scheme(t form) string {
	body := p.form(t)
	var cs []string
	for _, v := range p.vars {
		for _, n := range v.needs.list() {
			cs = append(cs, n.String()+" "+p.names[v])
		}
	}
	switch len(cs) {
	case 0:
		return body
	case 1:
		return cs[0] + " => " + body
	}
	return "(" + strings.Join(cs, ", ") + ") => " + body
}

// form returns a type without its constraints.
func (p *printer) form(t form) string {
	if p.used == nil {
		p.names, p.used = map[any]string{}, map[string]bool{}
	}
	p.b.Reset()
	p.print(t, anyForm)
	return p.b.String()
}

// name returns the name of a variable or rest.
func (p *printer) name(of any, rigid string) string {
	if n, ok := p.names[of]; ok {
		return n
	}
	n := rigid
	for i := 0; n == "" || rigid == "" && p.used[n]; i++ {
		n = string(rune('a' + i%26))
		if i >= 26 {
			n += fmt.Sprint(i / 26)
		}
	}
	p.names[of], p.used[n] = n, true
	if v, ok := of.(*variable); ok && rigid == "" {
		p.vars = append(p.vars, v)
	}
	return n
}

func (p *printer) print(t form, around int) {
	if p.b.Len() > p.most || p.depth > maxDepth {
		if !strings.HasSuffix(p.b.String(), "…") {
			p.b.WriteString("…")
		}
		return
	}
	p.depth++
	defer func() { p.depth-- }()
	t = prune(t)
	binds := atomForm
	switch t.(type) {
	case *function:
		binds = anyForm
	case *dotable, *extendable:
		binds = afterForm
	case *dot:
		binds = dotForm
	}
	if binds < around {
		p.b.WriteString("(")
		defer p.b.WriteString(")")
	}
	switch t := t.(type) {
	case atom:
		p.b.WriteString(string(t))
	case data:
		p.b.WriteString(t.of.Name)
	case *variable:
		p.b.WriteString(p.name(t, t.rigid))
	case wrong:
		p.b.WriteString("?")
	case *setOf:
		p.list("{", []form{t.elem}, "}")
	case *seqOf:
		p.list("<", []form{t.elem}, ">")
	case *tupleOf:
		p.list("(", t.elems, ")")
	case *mapOf:
		p.b.WriteString("(| ")
		p.print(t.key, dotForm)
		p.b.WriteString(" => ")
		p.print(t.value, anyForm)
		p.b.WriteString(" |)")
	case *function:
		p.list("(", t.params, ")")
		p.b.WriteString(" -> ")
		p.print(t.result, anyForm)
	case *dot:
		p.elements(t, ".")
	case *dotable:
		p.elements(t.arg, "=>") // (a.b)=>c is a=>b=>c
		p.b.WriteString("=>")
		p.print(t.result, afterForm)
	case *extendable:
		p.b.WriteString(p.name(t.rest, t.rest.rigid))
		p.b.WriteString("=>*")
		p.print(t.result, afterForm)
	}
}

// elements prints the elements of a dotted type.
func (p *printer) elements(t form, between string) {
	for p.b.Len() <= p.most {
		d, ok := prune(t).(*dot)
		if !ok {
			break
		}
		p.elements(d.x, between)
		p.b.WriteString(between)
		t = d.y
	}
	p.print(t, atomForm)
}

func (p *printer) list(open string, ts []form, closing string) {
	p.b.WriteString(open)
	for i, t := range ts {
		if i > 0 {
			p.b.WriteString(", ")
		}
		p.print(t, anyForm)
	}
	p.b.WriteString(closing)
}
