// Package resolve settles the names of a script: it says for every use of a
// name which declaration is meant, unfolds modules and their instances, and
// reports what is undefined, defined twice, private or out of place.
//
// The tree is not changed. What a name means stands in an Info beside it;
// each instance of a module has an Info of its own for the same tree.
//
// To read the code, start at Resolve in resolve.go.
package resolve

import "github.com/cspcheck/cspcheck/model/cspm/syntax"

// A Kind says what a name was declared as.
type Kind uint8

const (
	Channel Kind = iota
	Constructor
	Datatype // the set of its values; subtypes too
	Nametype
	Func   // a function, at the top, in a module or in a let
	Value  // a name of a pattern binding: N = 3, (x, y) = e
	Local  // a parameter, or a name bound by a pattern on the way
	Param  // a parameter of a module
	Module // with or without parameters
	Instance
	Builtin
)

var kindNames = [...]string{
	"channel", "constructor", "datatype", "nametype", "function", "definition", "variable", "module parameter", "module", "instance", "built-in",
}

func (k Kind) String() string { return kindNames[k] }

// a returns its name with the article.
func (k Kind) a() string {
	if k == Instance {
		return "an " + k.String()
	}
	return "a " + k.String()
}

// An Object is what a name stands for.
type Object struct {
	Kind Kind
	Name string // with the instances it belongs to: Q1::put
	At   syntax.Span
	Info *Info // of the declaration that it comes from; nil for built-ins

	// Order is its place among all declarations. It tells objects apart.
	Order int
	// Local says that it is declared in a let.
	Local bool
	// Proc says that it is a process, or a function that makes one when it is
	// given all its arguments. It is false where the text does not tell.
	Proc bool
	// Timed is the section that it stands in, or nil.
	Timed *Section

	Clauses []*syntax.Clause // of a Func
	Uneven  bool             // of a Func: its clauses do not take the same arguments
	Bind    *syntax.Bind     // of a Value
	Fields  syntax.Expr      // of a Channel or Constructor, or nil; the type of a Nametype
	Type    *Object          // of a Constructor
	Ctors   []*Object        // of a Datatype, none for a subtype
	Sub     *syntax.Datatype // of a subtype
	SubOf   []*Object        // of a subtype: the constructor of each clause
	Arg     syntax.Expr      // of a Param in an instance
	ArgInfo *Info            // where the names of Arg are

	// Annotation is the type that the script gives it, or nil.
	Annotation *syntax.Annotation

	module   *module   // of a Module or Instance
	Import   string    // of a Builtin: "", "transparent" or "external"
	mentions []*Object // what its results are calls of
	evident  bool      // one of its results is a process operator
	ends     bool      // one of its results is something else, and no call
}

// An Info says what the names in a piece of the tree mean.
type Info struct {
	Uses map[*syntax.Name]*Object
	// Pats has the variables that patterns bind, and the constants in them.
	Pats map[*syntax.PatName]*Object
	// Lets has what each let declares, in the order of the text.
	Lets map[*syntax.Let][]*Object
	// Types has the datatypes that annotations name. A name of a type that is
	// not here is one of the five atoms, or a type variable.
	Types map[*syntax.TypeName]*Object
	// Sections has the Timed sections.
	Sections map[*syntax.Timed]*Section
	// prefix is put before the names declared here.
	prefix string
}

func newInfo(prefix string) *Info {
	return &Info{
		Uses:     map[*syntax.Name]*Object{},
		Pats:     map[*syntax.PatName]*Object{},
		Lets:     map[*syntax.Let][]*Object{},
		Types:    map[*syntax.TypeName]*Object{},
		Sections: map[*syntax.Timed]*Section{},
		prefix:   prefix,
	}
}

// A Body is a list of declarations whose names are settled: those of the
// script, or of a module or an instance.
type Body struct {
	Decls  []syntax.Decl
	Info   *Info
	Module *syntax.Module // nil: the script
	In     *Body          // around the declaration of the module or instance
	// Instance is set if these are an instance's declarations. Without it the
	// parameters of a module stand for any arguments.
	Instance *syntax.Instance
	Home     *Body // of an instance: around the declaration of its module
	Params   []*Object
}

// constant reports whether the name stands for itself in a pattern.
func (o *Object) constant() bool { return o.Kind == Channel || o.Kind == Constructor }

// A module is a declared module, or one instance of it.
type module struct {
	decl    *syntax.Module
	outer   *scope // where it is declared
	timed   *Section
	in      *module // the module or instance in which it is declared
	members *scope  // of an instance, or of a module without parameters
	inst    *syntax.Instance
	body    *Body
	at      *scope // where the instance is declared
	atInfo  *Info
	state   expansion
}

type expansion uint8

const (
	untouched expansion = iota
	expanding
	expanded
	failed
)

// A Section is a Timed section, in the script or in an instance of a module.
type Section struct {
	*syntax.Timed
	Info *Info   // of the names in its function
	Tock *Object // the channel, nil if there is none
}
