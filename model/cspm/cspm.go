// Package cspm reads CSPM scripts and turns them into systems to explore.
//
// Load parses a script, settles its names and makes it ready to run; every
// mistake in it is found in one go. What a Script is asked for then (a
// value, the states of a process) is evaluated when it is needed, and an
// error in it concerns nobody else.
//
// The subpackages are the stages: syntax (text to tree), resolve (names),
// types (what fits), value and eval (values), process (process terms and their firing rules).
package cspm

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/eval"
	"github.com/cspcheck/cspcheck/model/cspm/process"
	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/types"
)

// An Error is a mistake in a script, or a limit that kept it from being run.
type Error = syntax.Error

// Errors is all that is wrong with a script.
type Errors = syntax.Errors

// Options say how a script is loaded.
type Options struct {
	// Open reads the files that the script includes; nil forbids them.
	Open func(path string) ([]byte, error)
	// Set overrides top-level constants: name and expression.
	Set [][2]string
	// Engine is what searches states: Auto if it is empty.
	Engine Engine
	// Compressed, if not nil, is told of each compression (sbisim, normal, ...)
	// that is done, and where its call stands.
	Compressed func(Compression, syntax.Position)
	// Brief says that nobody wants to know more of a counterexample than its events:
	// who took part, and what else could have happened, is not found out. Questions
	// about components are answered as ever.
	Brief bool
	// Untyped leaves types unchecked: what does not fit shows only when it is
	// evaluated. It is for tests of evaluation.
	Untyped bool
}

// A Compression says what a compression came to.
type Compression = process.Compression

// An Engine is what searches the states of a process. All find the same
// behaviour; how many states have it may differ, as a network tells apart
// which operand of a choice is left when what is left is the same.
type Engine string

const (
	Auto    Engine = "auto"    // a network where there is one, otherwise terms
	Network Engine = "network" // a network, or a limit where there is none
	Terms   Engine = "terms"   // the firing rules on process terms: slow, and plain
)

// A Script is a script without mistakes that can be found before it runs. It
// is used by one goroutine at a time.
type Script struct {
	Name    string
	Asserts []Assertion // in the order of the text, included files in place
	Prints  []Print

	file    *syntax.File
	prog    *resolve.Program
	types   *types.Info // nil: unchecked
	machine *eval.Machine
	parts   *eval.Machine // another one, for questions about components; nil: not needed yet
	engine  Engine
	brief   bool                               // see Options.Brief
	tell    func(Compression, syntax.Position) // or nil
	asked   int                                // assertions, of the machines
	spec    *process.Networked                 // the specification that was made last, or nil
}

// An Assertion is an assertion of a script.
type Assertion struct {
	*syntax.Assert
	Text   string          // as written, from assert to its last option
	At     syntax.Position // of the word assert
	script *Script
	timed  *resolve.Section // that it stands in, or nil
	spec   *resolve.Info    // of the operands
	impl   *resolve.Info
	extra  *resolve.Info // of Operand
}

// A Print is a print statement.
type Print struct {
	Text   string
	At     syntax.Position
	node   *syntax.Print
	script *Script
}

// Load reads a script. The error is Errors.
func Load(name string, src []byte, o Options) (*Script, error) {
	s, errs := read(name, src, o)
	if len(errs) > 0 {
		return nil, errs
	}
	for _, set := range o.Set {
		if err := s.set(set[0], set[1]); err != nil {
			return nil, err
		}
	}
	s.tell = o.Compressed
	s.begin()
	return s, nil
}

// begin makes the script ready to run.
func (s *Script) begin() {
	s.machine, s.parts, s.asked, s.spec = eval.New(s.prog, s.file.Files), nil, 0, nil
	if s.tell != nil {
		s.machine.OnCompress(func(c Compression) { s.tell(c, s.file.Files.Position(c.At.Start)) })
	}
}

// Vet returns the mistakes in a script that are found without running it,
// those in its print statements included; with syntaxOnly, names are not
// looked at.
func Vet(name string, src []byte, o Options, syntaxOnly bool) Errors {
	if syntaxOnly {
		_, errs := syntax.Parse(name, src, o.Open)
		return errs
	}
	s, errs := read(name, src, o)
	if s.file.LostFile {
		return errs // what a statement uses may be defined there
	}
	for i := range s.Prints {
		if _, _, err := s.Prints[i].expr(); err != nil {
			more, _ := AsErrors(err)
			errs = append(errs, more...)
		}
	}
	return errs.Sort()
}

// read finds all mistakes in a script that are found without running it, but
// for those in print statements, which concern nothing else.
// What types can be known in spite of other mistakes is checked, unless a
// whole file is missing; expected traces only if all else is right.
func read(name string, src []byte, o Options) (*Script, Errors) {
	file, errs := syntax.Parse(name, src, o.Open)
	prog, more := resolve.Resolve(file)
	errs = append(errs, more...)
	s := &Script{Name: name, file: file, prog: prog, engine: o.Engine, brief: o.Brief}
	for _, p := range prog.Prints {
		s.Prints = append(s.Prints, Print{p.Text, file.Files.Position(p.Span.Start), p, s})
	}
	if !o.Untyped && !file.LostFile {
		s.types, more = types.Check(prog, errs)
		errs = append(errs, more...)
	}
	if len(errs) > 0 {
		return s, errs.Sort()
	}
	for _, a := range prog.Asserts {
		s.Asserts = append(s.Asserts, Assertion{
			Assert: a.Assert, Text: oneLine(file.Files.Text(a.Span)), At: file.Files.Position(a.Span.Start),
			script: s, timed: a.Timed, spec: prog.Info, impl: prog.Info, extra: prog.Info,
		})
	}
	for i := range s.Asserts {
		if a := &s.Asserts[i]; a.Expect != nil && a.Expect.HasTrace {
			_, _, _, more := a.expected()
			errs = append(errs, more...)
		}
	}
	return s, errs.Sort()
}

// Empty reports whether the script, with what it includes, declares nothing
// at all.
func (s *Script) Empty() bool { return !declares(s.file.Decls) }

func declares(decls []syntax.Decl) bool {
	return slices.ContainsFunc(decls, func(d syntax.Decl) bool {
		included, ok := d.(*syntax.Include)
		return !ok || declares(included.Decls)
	})
}

// A Typed is a name of a script with its type.
type Typed = types.Named

// Types returns the types of the names that a script declares outside lets,
// in the order of the text.
func (s *Script) Types() []Typed {
	if s.types == nil {
		return nil
	}
	return s.types.All()
}

// oneLine folds white space.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// set overrides a top-level constant.
func (s *Script) set(name, text string) error {
	fail := func(msg, fix string) error {
		return Errors{{Class: syntax.Scope, Msg: msg, Fix: fix}}
	}
	o := s.prog.Lookup(name)
	switch {
	case o == nil:
		fix := ""
		if near := syntax.NearMiss(name, s.constants()...); near != "" {
			fix = "did you mean " + near + "?"
		}
		return fail("--set "+name+": the script does not define "+name, fix)
	case o.Kind != resolve.Value || !o.Single():
		return fail("--set "+name+": "+name+" is a "+o.Kind.String()+", not a constant", "only a definition like N = 3 can be set")
	}
	e, info, err := s.expr("--set "+name, text, func(t *types.Info, e syntax.Expr, names *resolve.Info) Errors {
		return t.Override(o, e, names)
	})
	if err != nil {
		return err
	}
	o.Override(e, info)
	return nil
}

// constants returns the names that can be set.
func (s *Script) constants() (names []string) {
	for _, o := range s.prog.Objects {
		if o.Kind == resolve.Value && o.Single() && s.prog.Lookup(o.Name) == o {
			names = append(names, o.Name)
		}
	}
	return names
}

// A use says what type an expression is to have, and what is wrong with it.
type use func(t *types.Info, e syntax.Expr, names *resolve.Info) Errors

func anything(t *types.Info, e syntax.Expr, names *resolve.Info) Errors {
	_, errs := t.Expr(e, names)
	return errs
}

// expr reads an expression in the scope of the script.
func (s *Script) expr(name, text string, as use) (syntax.Expr, *resolve.Info, error) {
	e, errs := syntax.ParseExpr(s.file.Files, name, text)
	if len(errs) > 0 {
		return nil, nil, errs
	}
	info, err := s.settle(e, as)
	return e, info, err
}

// settle says what the names in an expression mean, and looks at its type.
func (s *Script) settle(e syntax.Expr, as use) (*resolve.Info, error) {
	info, errs := s.prog.Expr(s.file.Files, e)
	if len(errs) == 0 && s.types != nil {
		errs = as(s.types, e, info)
	}
	if len(errs) > 0 {
		return nil, errs
	}
	return info, nil
}

// Eval returns the printed form of the value of an expression. The error is
// Errors, *Error or *explore.Limit.
func (s *Script) Eval(ctx context.Context, limits explore.Limits, text string) (string, error) {
	e, info, err := s.expr("expression", text, anything)
	if err != nil {
		return "", err
	}
	s.machine.Within(ctx, limits)
	return s.machine.Eval(ctx, e, info)
}

// Run returns the printed form of what a print statement prints.
func (p *Print) Run(ctx context.Context, limits explore.Limits) (string, error) {
	s := p.script
	e, info, err := p.expr()
	if err != nil {
		return "", err
	}
	s.machine.Within(ctx, limits)
	text, err := s.machine.Eval(ctx, e, info)
	if err != nil {
		return "", asked(err, p.node.Span, oneLine("print "+p.Text))
	}
	return text, nil
}

// expr reads what is to be printed.
func (p *Print) expr() (syntax.Expr, *resolve.Info, error) {
	s := p.script
	e, errs := syntax.ParseAt(s.file.Files, p.node.TextSpan)
	if len(errs) > 0 {
		return nil, nil, errs
	}
	info, err := s.settle(e, anything)
	return e, info, err
}

// Process returns the states of the process that an expression denotes.
func (s *Script) Process(ctx context.Context, limits explore.Limits, text string) (explore.System, error) {
	e, info, err := s.expr("process", text, (*types.Info).Process)
	if err != nil {
		return nil, err
	}
	return s.system(ctx, limits, e, info, nil)
}

// Network returns the network of the process that an expression denotes. The
// error wraps process.ErrNoNetwork if there is none.
func (s *Script) Network(ctx context.Context, limits explore.Limits, text string, o process.NetworkOptions) (*model.Network, error) {
	e, info, err := s.expr("process", text, (*types.Info).Process)
	if err != nil {
		return nil, err
	}
	s.machine.Within(ctx, limits)
	t, err := s.machine.Process(e, info, nil)
	if err != nil {
		return nil, err
	}
	var net *model.Network
	var failed error
	if err := s.machine.Guard(ctx)(func() { net, failed = s.machine.Network(t, o) }); err != nil {
		return nil, err
	}
	return net, failed
}

// Refinement returns the assertion that a process refines another in a model,
// both given as expressions, as if it stood in the script. Its place has no
// line.
func (s *Script) Refinement(spec, impl string, m syntax.Model) (*Assertion, error) {
	e, specInfo, err := s.expr("specification", spec, (*types.Info).Process)
	if err != nil {
		return nil, err
	}
	f, implInfo, err := s.expr("implementation", impl, (*types.Info).Process)
	if err != nil {
		return nil, err
	}
	return &Assertion{
		Assert: &syntax.Assert{Kind: syntax.Refines, Model: m, Spec: e, Impl: f},
		Text:   oneLine(spec + " [" + string(m) + "= " + impl), At: syntax.Position{File: s.Name},
		script: s, spec: specInfo, impl: implInfo, extra: s.prog.Info,
	}, nil
}

// Forget forgets what has been evaluated and compiled of the script, for its
// memory: it is as when it was loaded. It reports whether that was of other
// assertions than this one, which was asked last. Systems made before must not
// be asked any more.
func (a *Assertion) Forget() (others bool) {
	others = a.script.asked > 1
	a.script.begin()
	return others
}

// Files returns the texts that the assertion's Span, and the places in what is
// told of it, are in.
func (a *Assertion) Files() *syntax.Files { return a.script.file.Files }

// Asked returns err, which came up in answering the assertion, with a note of
// the assertion at each mistake that it is made of.
func (a *Assertion) Asked(err error) error {
	if a.At.Line == 0 {
		return err
	}
	return asked(err, a.Span, a.Text)
}

// asked adds to mistakes what asked for the evaluation that met them, unless
// they are in its own text.
func asked(err error, by syntax.Span, text string) error {
	errs, ok := AsErrors(err)
	if !ok {
		return err
	}
	if r := []rune(text); len(r) > longestAsked {
		text = string(r[:longestAsked-1]) + "…"
	}
	out := make(Errors, len(errs))
	for i, e := range errs {
		out[i] = e
		if at := e.Span.Start; at < by.Start || at >= by.End {
			noted := *e
			noted.Notes = append(slices.Clip(e.Notes), syntax.Note{Span: by, Msg: "asked by " + text})
			out[i] = &noted
		}
	}
	return out
}

// The most of an assertion or statement that a note repeats, in characters.
const longestAsked = 60

// EngineOf returns what searches the states of sys: Network or Terms.
func EngineOf(sys explore.System) Engine {
	switch sys.(type) {
	case *process.Networked, *process.Parted:
		return Network
	}
	return Terms
}

func (s *Script) system(ctx context.Context, limits explore.Limits, e syntax.Expr, info *resolve.Info, timed *resolve.Section) (explore.System, error) {
	s.machine.Within(ctx, limits)
	t, err := s.machine.Process(e, info, timed)
	if err != nil {
		return nil, err
	}
	return s.systemOf(ctx, t, e, process.NetworkOptions{})
}

// systemOf returns the states of the term of an expression.
func (s *Script) systemOf(ctx context.Context, t *process.Term, e syntax.Expr, o process.NetworkOptions) (explore.System, error) {
	return s.searched(s.termsOf(ctx, t, e), e, o)
}

// termsOf returns the states of the term of an expression, as terms.
func (s *Script) termsOf(ctx context.Context, t *process.Term, e syntax.Expr) *process.System {
	terms := process.NewSystem(t, s.file.Files.Text(e.At()), s.machine.Guard(ctx), s.machine)
	terms.Brief = s.brief
	return terms
}

// searched returns the states of terms as they are searched.
func (s *Script) searched(terms *process.System, e syntax.Expr, o process.NetworkOptions) (explore.System, error) {
	if err := terms.Narrow(); err != nil || s.engine == Terms {
		return terms, err
	}
	net, err := terms.Network(o)
	switch {
	case err == nil:
		return net, nil
	case errors.Is(err, process.ErrNoNetwork) && s.engine == Network:
		return nil, Errors{{Class: syntax.Limit, Span: e.At(), Msg: err.Error(), Files: s.file.Files}}
	case s.engine == Network:
		return nil, err
	}
	// What keeps it from being made a network, a limit included, is for the
	// search of the terms to meet, or need not concern it.
	return terms, nil
}

// Expected returns the trace of an assertion's expectation, if it has one,
// as names of events; ✓ may stand at its end.
func (a *Assertion) Expected(ctx context.Context) ([]string, error) {
	x, info, ended, errs := a.expected()
	if len(errs) > 0 {
		return nil, errs
	}
	var names []string
	if x != nil {
		trace, err := a.script.machine.Events(ctx, x, info)
		if err != nil {
			return nil, err
		}
		for _, e := range trace {
			names = append(names, a.script.machine.EventName(e))
		}
	}
	if ended {
		names = append(names, "✓")
	}
	return names, nil
}

// expected reads the expected trace: an expression for a sequence of events,
// and whether ✓ ends it. The expression is nil if that is all.
func (a *Assertion) expected() (x syntax.Expr, info *resolve.Info, ended bool, errs Errors) {
	s, at := a.script, a.Expect.TraceSpan
	before, ended := strings.CutSuffix(strings.TrimSpace(a.Expect.Trace), "✓")
	if before = strings.TrimSpace(before); ended && before == "" {
		return nil, nil, true, nil
	}
	if ended {
		// No expression has a ✓ in it: what stands before it is read by itself.
		before = strings.TrimSpace(strings.TrimSuffix(before, ","))
		x, errs = syntax.ParseExpr(s.file.Files, s.file.Files.Position(at.Start).String(), "<"+before+">")
	} else {
		at.Start, at.End = at.Start-1, at.End+1 // with its brackets
		x, errs = syntax.ParseAt(s.file.Files, at)
	}
	if len(errs) > 0 {
		return nil, nil, ended, errs
	}
	info, err := s.settle(x, (*types.Info).Events)
	errs, _ = AsErrors(err)
	return x, info, ended, errs
}

// AsErrors returns err as mistakes in a script, if that is what it is.
func AsErrors(err error) (Errors, bool) {
	var es Errors
	if errors.As(err, &es) {
		return es, true
	}
	var e *Error
	if errors.As(err, &e) {
		return Errors{e}, true
	}
	return nil, false
}
