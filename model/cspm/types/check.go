package types

import (
	"fmt"
	"sort"

	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// A checker infers the types of one script.
type checker struct {
	files *syntax.Files
	prog  *resolve.Program

	// What names have. A name has a general type once its group is done, or if
	// it is annotated; before that, and if it is local, a type of its own.
	general map[*resolve.Object]form
	own     map[*resolve.Object]form
	annots  map[*resolve.Object]*written
	compare map[*resolve.Object]bool // datatypes that are Eq, or are taken for it

	lets   map[letKey][][]*unit
	errs   syntax.Errors
	within map[*syntax.Error]*resolve.Body // the instances that errors are in
	ground []ground                        // to be looked at in the end
	notEq  bool                            // a datatype that was taken for Eq is not

	// The patterns of this unit that are channels and constructors.
	constants []*syntax.PatName

	// Where we are.
	info   *resolve.Info
	at     syntax.Span
	whole  syntax.Span // of the declaration, or the expression
	level  int
	rigids map[string]any // the variables of the annotations around us

	steps, depth int
	trailing     bool
	trail        trail
}

// Check infers the types of a script whose names have been settled. There is
// an Info even if there are errors.
//
// The script may have errors already, which are given. A declaration in which
// something is not known for them (see broken) is passed over, and what it
// defines fits everywhere.
func Check(prog *resolve.Program, errs syntax.Errors) (*Info, syntax.Errors) {
	c := &checker{
		files:   prog.File.Files,
		prog:    prog,
		general: map[*resolve.Object]form{},
		own:     map[*resolve.Object]form{},
		annots:  map[*resolve.Object]*written{},
		compare: map[*resolve.Object]bool{},
		lets:    map[letKey][][]*unit{},
		within:  map[*syntax.Error]*resolve.Body{},
		steps:   fewestSteps,
	}
	for _, b := range prog.Bodies {
		for _, d := range b.Decls {
			c.steps += stepsPerByte * int(d.At().End-d.At().Start)
		}
	}
	p := &program{c: c}
	groups := p.groups()
	breakUnits(p.units, errs, prog.Lost)
	for _, g := range groups {
		c.group(g)
	}
	c.checkGround()
	p.checkModules()
	found := p.instanceErrors(c.errs)
	c.errs = nil
	return &Info{c: c}, found.Sort()
}

// fail reports a mistake.
func (c *checker) fail(at syntax.Span, fix, format string, args ...any) *syntax.Error {
	e := &syntax.Error{Class: syntax.Type, Span: at, Msg: fmt.Sprintf(format, args...), Fix: fix, Files: c.files}
	c.errs = append(c.errs, e)
	return e
}

// comparable reports whether a datatype is Eq.
func (c *checker) comparable(d data) bool {
	is, known := c.compare[d.of]
	return is || !known
}

// An Info says what types the names of a script have.
type Info struct{ c *checker }

// A Named is a name with its type.
type Named struct {
	Name string // with the modules that it is in: Q1::put
	At   syntax.Span
	Type *Scheme
}

// Of returns the type of a top-level name, or nil if it has none.
func (in *Info) Of(name string) *Scheme {
	o := in.c.prog.Lookup(name)
	if o == nil || in.c.general[o] == nil {
		return nil
	}
	return &Scheme{of: in.c.general[o]}
}

// All returns the names that are declared outside lets, members of modules
// and instances included, in the order of their declarations.
func (in *Info) All() []Named {
	var out []Named
	for _, o := range in.c.prog.Objects {
		if o.Kind == resolve.Param || o.Kind == resolve.Module || o.Kind == resolve.Instance {
			continue
		}
		if t := in.c.general[o]; t != nil {
			out = append(out, Named{o.Name, o.At, &Scheme{of: t}})
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].At.Start < out[j].At.Start })
	return out
}

// Expr infers the type of an expression in the scope of the script, whose
// names names has. What is found out about it stays with it.
func (in *Info) Expr(e syntax.Expr, names *resolve.Info) (*Scheme, syntax.Errors) {
	return in.expr(e, names, nil)
}

// Process infers the type of an expression that is to be a process.
func (in *Info) Process(e syntax.Expr, names *resolve.Info) syntax.Errors {
	_, errs := in.expr(e, names, func(c *checker) (form, string) { return procType, "a process is needed here" })
	return errs
}

// Events infers the type of an expression that is to be a sequence of events.
// Mistakes in a list have the place of the element.
func (in *Info) Events(x syntax.Expr, names *resolve.Info) syntax.Errors {
	e, ok := x.(*syntax.List)
	if !ok || e.Kind != syntax.SeqBracket {
		_, errs := in.expr(x, names, func(*checker) (form, string) { return &seqOf{eventType}, "a trace is a sequence of events" })
		return errs
	}
	_, errs := in.expr(e, names, func(c *checker) (form, string) {
		c.stmts(e.Stmts, true)
		for _, x := range e.Elems {
			c.event(x, "a trace consists of events")
		}
		return wrong{}, ""
	})
	return errs
}

// Override infers the type of an expression that is to stand for a
// definition: it must be as general as what was there.
func (in *Info) Override(o *resolve.Object, e syntax.Expr, names *resolve.Info) syntax.Errors {
	_, errs := in.expr(e, names, func(c *checker) (form, string) {
		cp := copier{c: c, rigid: true, names: map[any]string{}}
		p := &printer{most: mostInLine}
		p.form(c.general[o])
		for v, name := range p.names {
			cp.names[v] = name
		}
		return cp.copy(c.general[o]), o.Name + " is defined as " + c.show(c.general[o])
	})
	return errs
}

func (in *Info) expr(e syntax.Expr, names *resolve.Info, want func(*checker) (form, string)) (*Scheme, syntax.Errors) {
	c := in.c
	c.steps = max(c.steps, fewestSteps) + stepsPerByte*int(e.At().End-e.At().Start)
	c.trailing = true
	c.errs = nil
	defer func() {
		c.trail, c.trailing, c.errs = nil, false, nil
		clear(c.lets)
	}()
	var t form = wrong{}
	c.whole = e.At()
	c.guard(e.At(), func() {
		c.info = names
		(&program{c: c}).lets(e, names)
		c.level = 1
		if want != nil {
			w, fix := want(c)
			t = c.expect(e, w, fix)
		} else {
			t = c.expr(e)
		}
		c.settleAt(e.At(), t)
	})
	errs := c.errs.Sort()
	s := &Scheme{of: t}
	if len(c.trail) > 0 {
		s.text = s.String() // before what it says is forgotten
		c.takeBack()
	}
	if len(errs) > 0 {
		return nil, errs
	}
	return s, nil
}

// guard runs f in a state of its own; types that are too large are reported
// at a place.
func (c *checker) guard(at syntax.Span, f func()) {
	info, here, level, rigids, depth := c.info, c.at, c.level, c.rigids, c.depth
	defer func() {
		c.info, c.at, c.level, c.rigids, c.depth = info, here, level, rigids, depth
		switch p := recover().(type) {
		case nil:
		case tooLarge:
			e := c.fail(at, "give the parts types of their own with annotations, or make them smaller", "the types here become too large")
			e.Class = syntax.Limit
		default:
			panic(p)
		}
	}()
	f()
}
