package resolve

import (
	"fmt"
	"sort"

	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// A Program is a script whose names are settled.
type Program struct {
	File    *syntax.File
	Info    *Info     // of the script outside parameterised modules
	Objects []*Object // all that is declared outside lets, by Order
	Asserts []Assertion
	Prints  []*syntax.Print
	// Bodies are the lists of declarations: the script's first, then those of
	// modules and instances. A module with parameters is among them for its
	// own sake; what it declares there is in Generic, not in Objects.
	Bodies  []*Body
	Generic []*Object
	// Lost has the names that may be defined in text that could not be read.
	Lost     map[string]bool
	root     *scope
	builtin  map[string]*Object
	nextName int

	pendingSpread []*Object // definitions noted by tails since the last spread
	needed        []*Object // those whose results are needed as processes, since then
}

// An Assertion is an assertion, and the section that it stands in.
type Assertion struct {
	*syntax.Assert
	Timed *Section
}

// Lookup returns what a name means at the top of the script, or nil.
func (p *Program) Lookup(name string) *Object { return p.root.names[name] }

// Resolve settles the names of a script. The Program can be run only if
// there are no errors. A file that could not be read whole may be given too:
// names that its lost text may define are taken for defined.
func Resolve(f *syntax.File) (*Program, syntax.Errors) {
	p := &Program{File: f, Info: newInfo(""), Lost: lostNames(f), builtin: map[string]*Object{}}
	r := &resolver{p: p, info: p.Info, files: f.Files}
	outermost := newScope(nil)
	for name, how := range builtins {
		o := &Object{Kind: Builtin, Name: name, Import: how, Proc: processBuiltins[name], Order: -1}
		p.builtin[name] = o
		if how == "" {
			outermost.add(name, o)
		}
	}
	p.root = newScope(outermost)
	r.scope = p.root
	p.Bodies = []*Body{{Decls: f.Decls, Info: p.Info}}
	r.declare(f.Decls)
	r.bodies(f.Decls)
	r.instances(0)
	p.spread()
	return p, r.errs.Sort()
}

// Expr settles the names of an expression that stands at the top of the
// script, such as a print statement's.
func (p *Program) Expr(files *syntax.Files, e syntax.Expr) (*Info, syntax.Errors) {
	r := &resolver{p: p, info: newInfo(""), files: files, scope: p.root}
	r.expr(e)
	p.spread()
	return r.info, r.errs.Sort()
}

// Single reports whether o is bound by a pattern that is just its name.
func (o *Object) Single() bool {
	if o.Bind == nil {
		return false
	}
	_, ok := o.Bind.Pat.(*syntax.PatName)
	return ok
}

// Override makes the definition of a top-level constant the expression e,
// whose names are settled.
func (o *Object) Override(e syntax.Expr, info *Info) {
	o.Bind = &syntax.Bind{Span: o.Bind.Span, Pat: o.Bind.Pat, Body: e}
	pats := o.Info.Pats
	o.Info = info
	for n, obj := range pats {
		if obj == o {
			info.Pats[n] = o
		}
	}
}

type resolver struct {
	p     *Program
	files *syntax.Files
	info  *Info
	scope *scope
	timed *Section // the section we are in
	let   bool     // declarations are a let's
	in    *module  // the module or instance we are in
	errs  syntax.Errors

	twice    map[*syntax.SourceFile]bool // files whose second inclusion is reported
	compared int                         // names with undefined ones
}

func (r *resolver) fail(class syntax.Class, at syntax.Span, fix, format string, args ...any) *syntax.Error {
	e := &syntax.Error{Class: class, Span: at, Msg: fmt.Sprintf(format, args...), Fix: fix, Files: r.files}
	r.errs = append(r.errs, e)
	return e
}

// define adds a name to the current scope.
func (r *resolver) define(o *Object, id syntax.Ident) *Object {
	o.Name, o.At, o.Info, o.Timed, o.Local = r.info.prefix+id.Name, id.Span, r.info, r.timed, r.let
	if old := r.scope.names[id.Name]; old != nil {
		if r.includedTwice(old.At, id.Span) {
			return o
		}
		e := r.fail(syntax.Scope, id.Span, "give one of them another name", "%s is defined twice", id.Name)
		if old.Kind == Func && o.Kind == Func {
			e.Fix = "put the clauses of a function next to each other"
		}
		if old.Kind == Builtin {
			e.Msg = fmt.Sprintf("%s is imported and defined", id.Name)
		} else {
			e.Notes = append(e.Notes, syntax.Note{Span: old.At, Msg: "the other definition is here"})
		}
		return o
	}
	o.Order = r.p.nextName
	r.p.nextName++
	r.scope.add(id.Name, o)
	if !r.let && o.Kind != Local {
		r.p.Objects = append(r.p.Objects, o)
	}
	return o
}

// includedTwice reports that a file is included twice if that is why a name is
// defined at both places: once for all that the file declares.
func (r *resolver) includedTwice(first, again syntax.Span) bool {
	was, is := r.files.File(first.Start), r.files.File(again.Start)
	if was == nil || is == nil || was == is || was.Name != is.Name {
		return false
	}
	for { // what includes them may itself be what is included twice
		up, over := r.files.File(was.From.Start), r.files.File(is.From.Start)
		if up == nil || over == nil || up == over || up.Name != over.Name {
			break
		}
		was, is = up, over
	}
	if r.twice[is] {
		return true
	}
	if r.twice == nil {
		r.twice = map[*syntax.SourceFile]bool{}
	}
	r.twice[is] = true
	e := r.fail(syntax.Scope, is.From, "include it once", "%s is included twice", is.Name)
	e.Notes = append(e.Notes, syntax.Note{Span: was.From, Msg: "it is included here, too"})
	return true
}

// inner runs f with a fresh scope inside the current one.
func (r *resolver) inner(f func()) {
	r.scope = r.scope.enter()
	f()
	r.scope = r.scope.leave()
}

// find returns what a qualified name means, or nil after an error.
func (r *resolver) find(path []syntax.Ident, id syntax.Ident) *Object {
	if len(path) == 0 {
		o := r.scope.lookup(id.Name)
		if o == nil && r.timed != nil && builtins[id.Name] == "timed" {
			o = r.p.builtin[id.Name]
		}
		if o == nil {
			r.undefined(id, r.scope)
		}
		return o
	}
	in := r.scope
	var o *Object
	for i, q := range path {
		if i == 0 {
			o = in.lookup(q.Name)
		} else {
			o = r.member(in, q)
		}
		if o == nil {
			if i == 0 {
				r.undefined(q, in)
			}
			return nil
		}
		if in = r.membersOf(o, q); in == nil {
			return nil
		}
	}
	return r.member(in, id)
}

// member looks a name up in a module.
func (r *resolver) member(in *scope, id syntax.Ident) *Object {
	o := in.names[id.Name]
	if o == nil {
		r.undefined(id, &scope{names: in.names})
		return nil
	}
	if in.private[id.Name] {
		e := r.fail(syntax.Scope, id.Span, "declare it after exports", "%s is private to its module", id.Name)
		e.Notes = append(e.Notes, syntax.Note{Span: o.At, Msg: id.Name + " is declared here"})
		return nil
	}
	return o
}

// undefined reports a name that means nothing, and what was perhaps meant.
func (r *resolver) undefined(id syntax.Ident, s *scope) {
	if r.p.Lost[id.Name] {
		return
	}
	fix := ""
	switch how := builtins[id.Name]; {
	case how == "timed":
		fix = "it can be used only in a Timed section"
	case how == "either":
		fix = "import it first: external " + id.Name
	case how != "":
		fix = fmt.Sprintf("import it first: %s %s", how, id.Name)
	default:
		if near := r.nearest(id.Name, s); near != "" {
			fix = fmt.Sprintf("did you mean %s?", near)
		}
	}
	r.fail(syntax.Scope, id.Span, fix, "%s is not defined", id.Name)
}

// How many names are compared with undefined ones in all: beyond that there
// are no suggestions, for thousands of them would take minutes.
const mostCompared = 2_000_000

// nearest returns the visible name that is most like name, or "".
func (r *resolver) nearest(name string, s *scope) string {
	if r.compared > mostCompared {
		return ""
	}
	var names []string
	for ; s != nil; s = s.outer {
		for n := range s.names {
			names = append(names, n)
		}
	}
	r.compared += len(names)
	sort.Strings(names)
	return syntax.NearMiss(name, names...)
}
