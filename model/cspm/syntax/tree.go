package syntax

// A Node is a piece of the tree. Every node knows its text.
type Node interface{ At() Span }

// An Expr is an expression. Processes are expressions.
type Expr interface {
	Node
	expr()
}

// A Pat is a pattern.
type Pat interface {
	Node
	pat()
}

// A Decl is a declaration.
type Decl interface {
	Node
	decl()
}

// A Stmt is a statement of a comprehension or of a replicated operator.
type Stmt interface {
	Node
	stmt()
}

// A File is a script. The declarations of an included file stand in its
// Include.
type File struct {
	Files    *Files
	Decls    []Decl
	Comments []Comment // of all files, in the order of the text

	// Lost is the text that could not be read, of all files; LostFile says
	// that a whole file could not. What is declared there is not in Decls.
	Lost     []Span
	LostFile bool
}

// A Comment is a comment with its marks. "--!" comments are pragmas: an
// expectation that stands beside an assertion is attached to it as well.
type Comment struct {
	Span
	Text string // from "--" to the end of the line, or from "{-" to "-}"
}

// An Ident is a name where it is declared.
type Ident struct {
	Span
	Name string
}

// Expressions.
type (
	// Name is a use of a name: x, M::x, M::N::x.
	Name struct {
		Span
		Path []Ident // the qualifiers, outermost first; mostly empty
		Ident
	}

	IntLit struct {
		Span
		Value int64
	}
	BoolLit struct {
		Span
		Value bool
	}
	CharLit struct {
		Span
		Value rune
	}
	StringLit struct {
		Span
		Value string
	}

	// Paren is (X). It means X.
	Paren struct {
		Span
		X Expr
	}
	// Tuple has two components or more.
	Tuple struct {
		Span
		Elems []Expr
	}
	// Apply is Fn(Args). No arguments is a call too: f().
	Apply struct {
		Span
		Fn   Expr
		Args []Expr
	}
	// Lambda is \ Params @ Body.
	Lambda struct {
		Span
		Params []Pat
		Body   Expr
	}
	Let struct {
		Span
		Decls []Decl
		Body  Expr
	}
	If struct {
		Span
		Cond, Then, Else Expr
	}

	// List is <Elems>, {Elems} or {| Elems |}; with Comp also a
	// comprehension, {Elems | Stmts}.
	List struct {
		Span
		Kind  Bracket
		Elems []Expr
		Comp  bool
		Stmts []Stmt
	}
	// Range is <From..To>, {From..To}, or with To nil <From..>, {From..};
	// with Comp also {From..To | Stmts}.
	Range struct {
		Span
		Kind     Bracket // SeqBracket or SetBracket
		From, To Expr
		Comp     bool
		Stmts    []Stmt
	}
	// MapLit is (| k => v, ... |).
	MapLit struct {
		Span
		Entries []MapEntry
	}

	// Unary is -X, not X or #X.
	Unary struct {
		Span
		Op Op
		X  Expr
	}
	// Binary is X Op Y for the operators that take nothing else, processes
	// included. Dots are Binary too: x.y.z is x.(y.z).
	Binary struct {
		Span
		Op    Op
		OpPos Pos
		X, Y  Expr
	}

	// Prefix is Event Fields -> Body.
	Prefix struct {
		Span
		Event  Expr
		Fields []Field
		Body   Expr
	}
	// Rename is X[[Ties]] or X[[Ties | Stmts]].
	Rename struct {
		Span
		X     Expr
		Ties  []Tie
		Comp  bool
		Stmts []Stmt
	}
	// Synced is X [|A|] Y (OpPar), X [|A|> Y (OpThrow), X [+A+] Y
	// (OpSyncChoice) or X /+A+\ Y (OpSyncInterrupt).
	Synced struct {
		Span
		Op   Op
		X, A Expr
		Y    Expr
	}
	// AlphaPar is X [A || B] Y.
	AlphaPar struct {
		Span
		X, A, B, Y Expr
	}
	// Linked is X [Ties] Y or X [Ties | Stmts] Y.
	Linked struct {
		Span
		X     Expr
		Ties  []Tie
		Comp  bool
		Stmts []Stmt
		Y     Expr
	}
	// Replicated is a process operator over statements:
	//
	//	OpExtChoice, OpIntChoice, OpInterleave, OpSeq:  [] Stmts @ Body ...
	//	OpPar, OpSyncChoice:   [|A|] Stmts @ Body, [+A+] Stmts @ Body
	//	OpAlphaPar:            || Stmts @ [A] Body
	//	OpLink:                [Ties | TieStmts] Stmts @ Body
	Replicated struct {
		Span
		Op       Op
		Stmts    []Stmt
		A        Expr
		Ties     []Tie
		Comp     bool
		TieStmts []Stmt
		Body     Expr
	}
)

// A MapEntry is Key => Value.
type MapEntry struct{ Key, Value Expr }

// A Tie is From <- To in a renaming, From <-> To in a linked parallel.
type Tie struct{ From, To Expr }

// A Field is ?Pat, ?Pat:Set, $Pat, $Pat:Set or !Value.
type Field struct {
	Span
	Kind  FieldKind
	Pat   Pat  // of In and Nondet
	Set   Expr // of In and Nondet, or nil
	Value Expr // of Out
}

// A FieldKind is the mark before a field.
type FieldKind byte

const (
	In     FieldKind = '?'
	Nondet FieldKind = '$'
	Out    FieldKind = '!'
)

// A Bracket is the kind of a List or Range.
type Bracket byte

const (
	SeqBracket  Bracket = iota // < >
	SetBracket                 // { }
	EnumBracket                // {| |}
)

// Statements.
type (
	// Generator is Pat <- Source, or with Colon Pat : Source.
	Generator struct {
		Span
		Pat    Pat
		Source Expr
		Colon  bool
	}
	// Filter is a condition.
	Filter struct {
		Span
		Cond Expr
	}
)

// Patterns.
type (
	// PatName is a variable, or a channel or constructor: names are settled
	// by package resolve. With a Path it can only be the latter.
	PatName struct {
		Span
		Path []Ident
		Ident
	}
	PatWild struct{ Span }
	// PatLit is an integer (negative ones included), character, string or
	// boolean.
	PatLit struct {
		Span
		Value Expr // IntLit, BoolLit, CharLit or StringLit
	}
	PatParen struct {
		Span
		X Pat
	}
	PatTuple struct {
		Span
		Elems []Pat
	}
	PatSeq struct {
		Span
		Elems []Pat
	}
	// PatSet is {Elems}. More than one element is a static error, found later.
	PatSet struct {
		Span
		Elems []Pat
	}
	PatConcat struct {
		Span
		X, Y Pat
	}
	PatDot struct {
		Span
		X, Y Pat
	}
	// PatBoth is X @@ Y.
	PatBoth struct {
		Span
		X, Y Pat
	}
)

// Declarations.
type (
	// Clause is one clause of a function: Name(Groups[0])(Groups[1])... = Body.
	Clause struct {
		Span
		Name   Ident
		Groups [][]Pat
		Body   Expr
	}
	// Bind is Pat = Body.
	Bind struct {
		Span
		Pat  Pat
		Body Expr
	}
	// Annotation is Names :: Type, Type being constrained by Constraints.
	Annotation struct {
		Span
		Names       []Ident
		Constraints []Constraint
		Type        TypeExpr
	}
	// Channel is channel Names, or with Type channel Names : Type.
	Channel struct {
		Span
		Names []Ident
		Type  Expr // or nil
	}
	// Datatype is datatype Name = Ctors, or with Sub subtype Name = Ctors.
	Datatype struct {
		Span
		Sub   bool
		Name  Ident
		Ctors []Ctor
	}
	Nametype struct {
		Span
		Name Ident
		Type Expr
	}
	// Import is transparent Names or external Names.
	Import struct {
		Span
		Transparent bool
		Names       []Ident
	}
	// Include is include "Path" with what stands there.
	Include struct {
		Span
		Path  string
		Decls []Decl
	}
	// Print is print Text. The text is parsed when it is run.
	Print struct {
		Span
		Text     string
		TextSpan Span
	}
	// Module is module Name(Params) Private exports Public endmodule.
	Module struct {
		Span
		Name    Ident
		Params  []Ident // nil: an ordinary namespace
		Private []Decl
		Public  []Decl
	}
	// Instance is instance Name = Module(Args).
	Instance struct {
		Span
		Name   Ident
		Module *Name
		Args   []Expr // nil: none
	}
	// Timed is Timed(Fn) { Decls }.
	Timed struct {
		Span
		Fn    Expr // or nil
		Decls []Decl
	}
	// Assert is an assertion.
	Assert struct {
		Span
		Not         bool
		Kind        AssertKind
		Model       Model // the one written, or NoModel
		Spec        Expr  // of Refines
		Impl        Expr
		Trace       []Expr // of HasTrace
		Operand     Expr   // of RaceFree and the other questions in comments; nil: none
		Fairness    string // of StarvationFree: "weak", "strong" or ""
		Extension   bool   // it stands in a comment, which other tools pass over
		TauPriority Expr   // the set of :[tau priority]:, or nil
		Reduce      string // "" none; "default", "precise", "hybrid" or "fast"
		Expect      *Expectation
	}
)

// A Ctor is a constructor of a datatype, or a clause of a subtype.
type Ctor struct {
	Span
	Name Ident
	Type Expr // its fields, or nil
}

// An AssertKind is the question an assertion asks.
type AssertKind string

const (
	Refines        AssertKind = "refines"
	DeadlockFree   AssertKind = "deadlock free"
	DivergenceFree AssertKind = "divergence free"
	Deterministic  AssertKind = "deterministic"
	HasTrace       AssertKind = "has trace"

	// In comments only, see Assert.Extension. Their operands are a set of pairs
	// of sets of events, a sequence of processes, a process or a sequence, and a
	// set of events.
	RaceFree   AssertKind = "race free"
	NeverStuck AssertKind = "never stuck"
	NoLeak     AssertKind = "no leak"
	NoPanic    AssertKind = "no panic"

	// The operands of these are a sequence of processes, and a triple of such a
	// sequence, a set of events and a number.
	StarvationFree AssertKind = "starvation free"
	BoundedBypass  AssertKind = "bounded bypass"

	// A set of triples of sets of events: in vain, a wait begins, it ends.
	NoLostNotification AssertKind = "no lost notification"
)

// A Model is a semantic model: T, F, FD, V, VD, R or RD.
type Model string

// NoModel stands where an assertion names none.
const NoModel Model = ""

// An Expectation is a "--!" comment on the line on which an assertion ends:
//
//	--! holds
//	--! fails
//	--! fails after <a, b>
//
// or, of an assertion in a comment, on the line after it.
type Expectation struct {
	Span
	Holds     bool
	HasTrace  bool
	Trace     string // what stands between "<" and ">"
	TraceSpan Span
}

// Types, as they are written after "::".
type (
	// TypeExpr is a written type.
	TypeExpr interface {
		Node
		typeExpr()
	}
	// TypeName is Int, Bool, Char, Proc, Event, a datatype or a variable.
	TypeName struct {
		Span
		Path []Ident
		Ident
	}
	TypeSet struct {
		Span
		Elem TypeExpr
	}
	TypeSeq struct {
		Span
		Elem TypeExpr
	}
	TypeParen struct {
		Span
		X TypeExpr
	}
	TypeTuple struct {
		Span
		Elems []TypeExpr
	}
	TypeMap struct {
		Span
		Key, Value TypeExpr
	}
	TypeFunc struct {
		Span
		Params []TypeExpr
		Result TypeExpr
	}
	// TypeDot is X.Y, TypeDotable X => Y, TypeExtendable X =>* Y.
	TypeDot struct {
		Span
		X, Y TypeExpr
	}
	TypeDotable struct {
		Span
		X, Y TypeExpr
	}
	TypeExtendable struct {
		Span
		X, Y TypeExpr
	}
)

// A Constraint is Class Var, as in Eq a.
type Constraint struct {
	Span
	Class string // Eq, Ord, Set, Complete or Yieldable
	Var   Ident
}

// An Op is an operator, spelt as in a script, without its sets.
type Op string

const (
	OpNeg    Op = "neg" // unary -
	OpNot    Op = "not"
	OpLength Op = "#"

	OpDot    Op = "."
	OpOr     Op = "or"
	OpAnd    Op = "and"
	OpEq     Op = "=="
	OpNe     Op = "!="
	OpLt     Op = "<"
	OpLe     Op = "<="
	OpGt     Op = ">"
	OpGe     Op = ">="
	OpAdd    Op = "+"
	OpSub    Op = "-"
	OpMul    Op = "*"
	OpDiv    Op = "/"
	OpMod    Op = "%"
	OpConcat Op = "^"

	OpGuard         Op = "&"
	OpSeq           Op = ";"
	OpSlide         Op = "[>"
	OpInterrupt     Op = `/\`
	OpExtChoice     Op = "[]"
	OpIntChoice     Op = "|~|"
	OpInterleave    Op = "|||"
	OpHide          Op = `\`
	OpProject       Op = `|\`
	OpPar           Op = "[| |]"
	OpAlphaPar      Op = "||"
	OpThrow         Op = "[| |>"
	OpLink          Op = "[<->]"
	OpSyncChoice    Op = "[+ +]"
	OpSyncInterrupt Op = `/+ +\`
)

func (*Name) expr()       {}
func (*IntLit) expr()     {}
func (*BoolLit) expr()    {}
func (*CharLit) expr()    {}
func (*StringLit) expr()  {}
func (*Paren) expr()      {}
func (*Tuple) expr()      {}
func (*Apply) expr()      {}
func (*Lambda) expr()     {}
func (*Let) expr()        {}
func (*If) expr()         {}
func (*List) expr()       {}
func (*Range) expr()      {}
func (*MapLit) expr()     {}
func (*Unary) expr()      {}
func (*Binary) expr()     {}
func (*Prefix) expr()     {}
func (*Rename) expr()     {}
func (*Synced) expr()     {}
func (*AlphaPar) expr()   {}
func (*Linked) expr()     {}
func (*Replicated) expr() {}

func (*Generator) stmt() {}
func (*Filter) stmt()    {}

func (*PatName) pat()   {}
func (*PatWild) pat()   {}
func (*PatLit) pat()    {}
func (*PatParen) pat()  {}
func (*PatTuple) pat()  {}
func (*PatSeq) pat()    {}
func (*PatSet) pat()    {}
func (*PatConcat) pat() {}
func (*PatDot) pat()    {}
func (*PatBoth) pat()   {}

func (*Clause) decl()     {}
func (*Bind) decl()       {}
func (*Annotation) decl() {}
func (*Channel) decl()    {}
func (*Datatype) decl()   {}
func (*Nametype) decl()   {}
func (*Import) decl()     {}
func (*Include) decl()    {}
func (*Print) decl()      {}
func (*Module) decl()     {}
func (*Instance) decl()   {}
func (*Timed) decl()      {}
func (*Assert) decl()     {}

func (*TypeName) typeExpr()       {}
func (*TypeSet) typeExpr()        {}
func (*TypeSeq) typeExpr()        {}
func (*TypeParen) typeExpr()      {}
func (*TypeTuple) typeExpr()      {}
func (*TypeMap) typeExpr()        {}
func (*TypeFunc) typeExpr()       {}
func (*TypeDot) typeExpr()        {}
func (*TypeDotable) typeExpr()    {}
func (*TypeExtendable) typeExpr() {}
