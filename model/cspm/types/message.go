package types

import (
	"strings"

	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// because says why a type is asked for.
type because struct {
	fix        string // what would be right
	note       string // about the text at
	at         syntax.Span
	shown      form               // to be put behind the note, or nil
	called     *resolve.Object    // whose parameter asks for it, or nil
	annotation *syntax.Annotation // that asks for it, or nil
}

// show returns a type as it stands in a message.
func (c *checker) show(t form) string {
	p := &printer{most: mostInLine}
	return p.form(t)
}

// text returns the text of a span, if it is short, or "this".
func (c *checker) text(at syntax.Span) string {
	text := c.files.Text(at)
	if text == "" || len(text) > 30 || strings.ContainsAny(text, "\n\t") {
		return "this"
	}
	return text
}

// mismatch reports that e, of type got, is not what is wanted.
func (c *checker) mismatch(e syntax.Node, want, got form, cl *clash, why because) {
	at := e.At()
	if elsewhere := cl.at != (syntax.Span{}) && (cl.at.Start < c.whole.Start || cl.at.End > c.whole.End); elsewhere {
		// The dots of another definition, used here: the use is what is wrong.
		if why.note == "" {
			why.note, why.at = "it comes from here", cl.at
		}
		cl.at, cl.head = syntax.Span{}, syntax.Span{}
	}
	if cl.at != (syntax.Span{}) {
		at = cl.at
	}
	what := c.text(at)
	_, _ = c.settle(want), c.settle(got) // to say what the dots are
	p := &printer{most: mostInLine}
	var err *syntax.Error
	switch {
	case cl.infinite:
		err = c.fail(at, "", "%s has no type: it would contain itself", what)
		if cl.want != nil {
			err.Msg += ", as " + p.form(cl.want) + " = " + p.form(cl.got)
		}
	case cl.need != 0:
		err = c.lacking(at, got, cl)
	case cl.bare && c.show(c.flatten(cl.want)[0].of) == c.show(cl.got):
		err = c.fail(at, "a variable that ends a dotted expression stands for all fields that are missing, unless an annotation says otherwise",
			"%s is %s, not %s", what, p.form(cl.got), p.form(cl.want))
	case cl.bare:
		err = c.fail(at, "name the channel or constructor in the pattern: c.x", "%s is %s, which %s does not match", what, p.form(cl.got), p.form(cl.want))
	case cl.head != (syntax.Span{}) && cl.want != nil && builds(prune(cl.want)) && cl.at != (syntax.Span{}) && c.isDotted(cl.got):
		err = c.fail(at, "leave it out", "%s is one field too many: %s has all its fields without it", what, c.text(cl.head))
	case cl.at != (syntax.Span{}) && cl.want != nil:
		err = c.fail(at, "", "%s is %s, not %s", what, p.form(cl.got), p.form(cl.want))
		if cl.head != (syntax.Span{}) {
			err.Fix = "that is what " + c.text(cl.head) + " waits for"
		}
	default:
		w, g := p.form(want), p.form(got)
		if w == g && cl.want != nil { // types of one name
			w, g = c.unlike(want, got)
		}
		err = c.fail(at, "", "%s is %s, not %s", what, g, w)
		if d, ok := waiting(want, got); ok {
			err.Fix = c.missing(e, d)
		}
	}
	c.callee(&why)
	if why.shown != nil {
		why.note += ": " + p.form(why.shown)
	}
	if why.fix != "" && err.Fix == "" {
		err.Fix = why.fix
	}
	if why.note != "" && why.at != at {
		err.Notes = append(err.Notes, syntax.Note{Span: why.at, Msg: why.note})
	}
	if a := why.annotation; a != nil {
		err.Notes = append(err.Notes, syntax.Note{Span: a.Span, Msg: "the type was given here"})
	}
	if cl.from != (syntax.Span{}) && cl.from != at {
		err.Notes = append(err.Notes, syntax.Note{Span: cl.from, Msg: "here it is needed that the type is " + cl.need.String()})
	}
	err.Notes = append(err.Notes, c.source(e)...)
	err.Notes = append(err.Notes, c.notVariable(cl.want, cl.got)...)
	c.spoil(e)
	if v, ok := free(prune(want)); ok { // the next that meets it is no news
		c.note(func() { v.is = nil })
		v.is = wrong{}
	}
}

func (c *checker) isDotted(t form) bool {
	_, ok := prune(t).(*dot)
	return ok
}

// lacking reports that a type does not meet a constraint.
func (c *checker) lacking(at syntax.Span, whole form, cl *clash) *syntax.Error {
	what, part := c.show(whole), c.show(cl.got)
	text := what + ", which is not " + cl.need.String()
	if part != what {
		text += ", as " + part + " is not"
	}
	fix := map[needs]string{
		eq:        "processes and functions cannot be compared, nor what contains them",
		ord:       "integers and characters, and sequences, sets, tuples and maps of such, have an order",
		set:       "functions cannot be in sets",
		complete:  "give it all its fields",
		yieldable: "only events and values of datatypes are made of fields",
	}[cl.need]
	if v, ok := prune(cl.got).(*variable); ok && v.rigid != "" {
		fix = "write " + cl.need.String() + " " + v.rigid + " => in the annotation"
		c.setNeeds(v, v.needs.with(cl.need)) // the next that asks for it is no news
	}
	if _, ok := prune(cl.got).(*function); ok && cl.need == complete {
		fix = "it is a function"
	}
	return c.fail(at, fix, "%s is of type %s", c.text(at), text)
}

// unlike prints two types that differ in datatypes of the same name.
func (c *checker) unlike(want, got form) (string, string) {
	return "the " + c.show(want) + " wanted here", "another " + c.show(got)
}

// waiting reports whether got is like want, but waits for fields.
func waiting(want, got form) (*dotable, bool) {
	for {
		want, got = prune(want), prune(got)
		ws, ok := want.(*setOf)
		if !ok {
			break
		}
		gs, ok := got.(*setOf)
		if !ok {
			return nil, false
		}
		want, got = ws.elem, gs.elem
	}
	d, ok := got.(*dotable)
	if !ok {
		return nil, false
	}
	_, result, _ := spine(d)
	return d, prune(result) == want
}

// missing says what to do about missing fields.
func (c *checker) missing(e syntax.Node, d *dotable) string {
	fields, _, _ := spine(d)
	if l, ok := e.(*syntax.List); ok && l.Kind == syntax.SetBracket && !l.Comp && len(l.Elems) > 0 {
		text := c.text(l.Span)
		if text == "this" || len(text) < 2 {
			text = "{…}"
		}
		return "write {|" + text[1:len(text)-1] + "|} for all events that begin so"
	}
	if x, ok := e.(syntax.Expr); ok && len(c.text(x.At())) < 20 && c.text(x.At()) != "this" {
		return "it waits for " + c.show(dottedForms(fields)) + ": write " + c.text(x.At()) + ".x"
	}
	return "it waits for " + c.show(dottedForms(fields))
}

// name returns the name that an expression or pattern is, or the function
// that it applies.
func (c *checker) nameOf(e syntax.Node) *resolve.Object {
	for {
		switch x := e.(type) {
		case *syntax.Paren:
			e = x.X
		case *syntax.Apply:
			e = x.Fn
		case *syntax.Name:
			return c.info.Uses[x]
		case *syntax.PatName:
			return c.info.Pats[x]
		default:
			return nil
		}
	}
}

// source says where the type of an expression comes from, if a name has it.
func (c *checker) source(e syntax.Node) []syntax.Note {
	o := c.nameOf(e)
	if o == nil || o.Kind == resolve.Builtin {
		return nil
	}
	if t := c.general[o]; t != nil {
		if t == (wrong{}) {
			return nil
		}
		return []syntax.Note{{Span: o.At, Msg: base(o.Name) + " is declared here: " + base(o.Name) + " :: " + c.scheme(t)}}
	}
	var notes []syntax.Note
	if o.Kind == resolve.Local {
		notes = append(notes, syntax.Note{Span: o.At, Msg: o.Name + " is bound here"})
	}
	var found syntax.Span
	t := c.own[o]
	for {
		v, ok := t.(*variable)
		if !ok || v.is == nil {
			break
		}
		t, found = v.is, v.found
	}
	if _, open := free(t); !open && found != (syntax.Span{}) && found != e.At() && found != o.At {
		notes = append(notes, syntax.Note{Span: found, Msg: base(o.Name) + " is " + c.show(t) + " because of this"})
	}
	return notes
}

// notVariable says that a pattern was taken for a channel or constructor, if
// that is of one of the types that clash: often a variable was meant.
func (c *checker) notVariable(types ...form) []syntax.Note {
	for _, p := range c.constants {
		o := c.info.Pats[p]
		if o == nil {
			continue
		}
		is := c.show(c.typeOf(o))
		for _, t := range types {
			if t != nil && c.show(t) == is {
				return []syntax.Note{{Span: p.At(), Msg: p.Name + " is the " + o.Kind.String() + " here, and matches nothing else"}}
			}
		}
	}
	return nil
}

func (c *checker) scheme(t form) string {
	p := &printer{most: mostInLine}
	return p.scheme(t)
}

// callee says what function a parameter is of.
func (c *checker) callee(why *because) {
	switch o := why.called; {
	case o == nil:
	case o.Kind == resolve.Builtin:
		why.fix = base(o.Name) + " :: " + c.scheme(builtin(o.Name))
	case c.general[o] != nil:
		why.note, why.at = base(o.Name)+" is declared here: "+base(o.Name)+" :: "+c.scheme(c.general[o]), o.At
	default:
		why.note, why.at = base(o.Name)+" is declared here", o.At
	}
}

// spoil keeps quiet about a local name after the first mistake.
func (c *checker) spoil(e syntax.Node) {
	o := c.nameOf(e)
	if _, apply := e.(*syntax.Apply); o != nil && !apply && o.Kind == resolve.Local {
		c.own[o] = wrong{}
	}
}

// ask makes the type of e, which is got, the type want.
func (c *checker) ask(e syntax.Node, want, got form, why because) form {
	c.at = e.At()
	if cl := c.unify(want, got); cl != nil {
		c.mismatch(e, want, got, cl, why)
	}
	return want
}

// askMatch is ask where want is the type of a pattern or parameter.
func (c *checker) askMatch(e syntax.Node, want, got form, why because) {
	c.at = e.At()
	if cl := c.match(want, got); cl != nil {
		c.mismatch(e, want, got, cl, why)
	}
}

// join makes two types one that can hardly differ.
func (c *checker) join(at syntax.Span, want, got form) {
	c.at = at
	if cl := c.unify(want, got); cl != nil {
		c.mismatch(atNode{at}, want, got, cl, because{})
	}
}

// An atNode is a place that is no node.
type atNode struct{ syntax.Span }

// demand makes a type meet a constraint, and tells whether it does.
func (c *checker) demand(at syntax.Span, t form, n needs, fix string) bool {
	c.at = at
	cl := c.require(t, n)
	switch {
	case cl == nil:
		return true
	case cl.need == 0:
		c.mismatch(atNode{at}, t, t, cl, because{})
	default:
		e := c.lacking(at, t, cl)
		if e.Fix == "" {
			e.Fix = fix
		}
		e.Notes = append(e.Notes, c.notVariable(cl.got)...)
	}
	return false
}

// settleAt finds what the dots in a type build.
func (c *checker) settleAt(at syntax.Span, t form) {
	c.at = at
	if cl := c.settle(t); cl != nil {
		c.mismatch(atNode{at}, t, t, cl, because{})
	}
}

// settled infers the type of an expression in a place where it is known what
// dots build.
func (c *checker) settled(e syntax.Expr) form {
	before := len(c.errs)
	t := c.expr(e)
	c.at = e.At()
	if cl := c.settle(t); cl != nil {
		if len(c.errs) == before {
			c.mismatch(e, t, t, cl, because{})
		}
		return wrong{}
	}
	return t
}
