// Package types infers the types of a script whose names are settled, and
// reports what has none, before anything is evaluated.
//
// The types are those of Hindley and Milner, their variables constrained by
// Eq, Ord, Set, Complete and Yieldable, with a theory of dots on top (dot.go,
// unify.go). Declarations are taken in the order in which they depend on each
// other; those that depend on each other mutually are one group. A group that
// fails gives its names a type that fits everywhere: what follows from a
// mistake is not reported.
//
// The cost is proportional to the length of a script whose types are small.
// Types can become exponentially larger than the text; they are given up
// beyond a bound, with an error of class limit.
//
// Info says what was found: Of and All for names, Expr for an expression in
// the scope of the script.
//
// To read the code, start at Check in check.go; the forms of types are in
// form.go.
package types

import (
	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// A form is a type: an atom, data, wrong or a pointer to one of the structs
// below. Two forms that are == are the same type; prune first.
type form interface{ form() }

// The atoms.
const (
	intType   atom = "Int"
	boolType  atom = "Bool"
	charType  atom = "Char"
	procType  atom = "Proc"
	eventType atom = "Event"
)

type (
	atom string

	// data is a datatype. Each instance of a module has its own.
	data struct{ of *resolve.Object }

	setOf   struct{ elem form }
	seqOf   struct{ elem form }
	tupleOf struct{ elems []form }
	mapOf   struct{ key, value form }

	// function takes its arguments all at once.
	function struct {
		params []form
		result form
	}

	// dot is x.y, of which it is not known yet, or never will be, what it
	// builds. As soon as that is known, is has it (see settle).
	dot struct {
		x, y form
		is   form
		at   syntax.Span // of x, for messages
		last syntax.Span // of y, if that is not dotted
	}

	// dotable is arg => result: what is dotted with an arg to make a result.
	dotable struct{ arg, result form }

	// extendable is v =>* result: some fields v, perhaps none, make it a
	// result. Once rest is bound prune takes it for the dotable that it is.
	extendable struct {
		rest   *rest
		result form
	}

	// variable is a type that is not known yet, or, if is is set, the type is.
	// A rigid one is a name in an annotation: it stands for any type, so
	// nothing but itself fits.
	variable struct {
		is    form
		level int // see scheme.go
		rank  int // at least 2^rank variables lead here
		needs needs
		rigid string
		found syntax.Span // where is became known
		asked syntax.Span // where a need came up
	}

	// rest is a list of fields that is not known yet, or, if bound is set,
	// fields and then what tail stands for; no tail, no more fields.
	rest struct {
		bound  bool
		fields []form
		tail   *rest
		level  int
		needs  needs
		rigid  string
	}

	// wrong is the type of what has been reported: it fits everywhere.
	wrong struct{}
)

func (atom) form()        {}
func (data) form()        {}
func (*setOf) form()      {}
func (*seqOf) form()      {}
func (*tupleOf) form()    {}
func (*mapOf) form()      {}
func (*function) form()   {}
func (*dot) form()        {}
func (*dotable) form()    {}
func (*extendable) form() {}
func (*variable) form()   {}
func (wrong) form()       {}

// prune returns what is known of t at its root: no variable or dot whose is
// is set, no extendable whose rest is bound.
func prune(t form) form {
	for {
		switch x := t.(type) {
		case *variable:
			if x.is == nil {
				return t
			}
			t = x.is
		case *dot:
			if x.is == nil {
				return t
			}
			t = x.is
		case *extendable:
			if !x.rest.bound {
				return t
			}
			t = x.known()
		default:
			return t
		}
	}
}

// known returns the same type with the fields that are known in front.
func (x *extendable) known() form {
	var fields []form
	r := x.rest
	for r != nil && r.bound {
		fields = append(fields, r.fields...)
		r = r.tail
	}
	t := x.result
	if r != nil {
		t = &extendable{r, x.result}
	}
	return arrows(fields, t)
}

// arrows returns fields[0] => fields[1] => ... => result.
func arrows(fields []form, result form) form {
	for i := len(fields) - 1; i >= 0; i-- {
		result = &dotable{fields[i], result}
	}
	return result
}

// spine takes a type apart into the fields that it waits for and what it
// makes then; open is not nil if more fields may follow.
func spine(t form) (fields []form, result form, open *rest) {
	for {
		t = prune(t)
		switch x := t.(type) {
		case *dotable:
			fields = append(fields, x.arg)
			t = x.result
		case *extendable:
			return fields, x.result, x.rest
		default:
			return fields, t, nil
		}
	}
}

// free reports whether a pruned type is a variable that may become anything.
func free(t form) (*variable, bool) {
	v, ok := t.(*variable)
	return v, ok && v.rigid == ""
}

// waits reports whether a pruned type waits for fields, or may.
func waits(t form) bool {
	switch t.(type) {
	case *dotable, *extendable:
		return true
	}
	return false
}

// builds reports whether dots can build a value of a pruned type.
func builds(t form) bool {
	_, ok := t.(data)
	return ok || t == eventType || waits(t)
}
