// Package value holds the values of CSPM: integers, booleans, characters,
// tuples, sequences, sets, maps and dotted values; functions and processes
// are values of other packages that join in through Opaque.
//
// Values are immutable. What CSPM evaluates lazily (components of tuples,
// elements and tails of sequences, values of maps) may be a *Thunk until
// Force makes it a value. Sets may be infinite: they are kept as described
// ({n..}, Seq(S), a datatype) and answer membership without being listed.
//
// Compare is the canonical order in which sets are listed (integers
// ascending, dotted values in the order of declaration, ...); LessEq is
// CSPM's <=, which on sequences means prefix and on sets inclusion. Keys
// turns values into small numbers: equal values have equal keys.
//
// What goes wrong in here is a panic with a *Fault; package eval catches it
// and adds the place in the script.
package value

import (
	"fmt"

	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// A Value is a value of CSPM, or a *Thunk that stands for one.
type Value interface{ Kind() Kind }

// A Kind is the kind of a value, as messages call it.
type Kind string

const (
	KInt   Kind = "an integer"
	KBool  Kind = "a boolean"
	KChar  Kind = "a character"
	KTuple Kind = "a tuple"
	KSeq   Kind = "a sequence"
	KSet   Kind = "a set"
	KMap   Kind = "a map"
	KDot   Kind = "a dotted value"
	KFunc  Kind = "a function"
	KProc  Kind = "a process"
	KThunk Kind = "unevaluated"
)

// Int, Bool and Char are the atoms.
type (
	Int  int64
	Bool bool
	Char rune
)

func (Int) Kind() Kind  { return KInt }
func (Bool) Kind() Kind { return KBool }
func (Char) Kind() Kind { return KChar }

// Small integers are made once: an interface holding one is not allocated.
const smallMin, smallMax = -256, 4095

var small = func() (vs [smallMax - smallMin + 1]Value) {
	for i := range vs {
		vs[i] = Int(i + smallMin)
	}
	return
}()

// Num returns n as a Value.
func Num(n int64) Value {
	if smallMin <= n && n <= smallMax {
		return small[n-smallMin]
	}
	return Int(n)
}

// A Tuple has two components or more. They may be thunks.
type Tuple struct {
	Elems []Value
	key   Key
}

func (*Tuple) Kind() Kind { return KTuple }

// An Opaque is a value of another package: a function or a process.
type Opaque interface {
	Value
	fmt.Stringer
	// AppendKey appends what tells it from other values of its kind.
	AppendKey(k *Keys, b []byte) []byte
	// KeyCache returns where its key is kept once it is known.
	KeyCache() *Key
	// Keys returns the table with which it is compared.
	Keys() *Keys
}

// A Thunk is a value that is evaluated when it is first needed. Code is nil
// once Val is known.
type Thunk struct {
	Val  Value
	Code Code
	Env  []Value
}

// Code evaluates thunks: Force sets t.Val and clears t.Code and t.Env.
type Code interface{ Force(t *Thunk) Value }

func (*Thunk) Kind() Kind { return KThunk }

// Force evaluates v to a value that is no thunk; its parts may be thunks.
func Force(v Value) Value {
	if t, ok := v.(*Thunk); ok {
		if t.Code == nil {
			return t.Val
		}
		return t.Code.Force(t)
	}
	return v
}

// Known returns the value of v if it takes no evaluation.
func Known(v Value) (Value, bool) {
	if t, ok := v.(*Thunk); ok {
		return t.Val, t.Code == nil
	}
	return v, true
}

// A Fault is the panic of this package: what is wrong with a value.
type Fault struct {
	Limit bool // a bound was met; otherwise it is a mistake
	Msg   string
	At    syntax.Span // where, if that is not what is being evaluated
	Note  syntax.Note // another place that matters, if it has a message
}

func (f *Fault) Error() string { return f.Msg }

// Fail panics with a mistake.
func Fail(format string, args ...any) { panic(&Fault{Msg: fmt.Sprintf(format, args...)}) }

// FailLimit panics with a bound that was met.
func FailLimit(format string, args ...any) {
	panic(&Fault{Limit: true, Msg: fmt.Sprintf(format, args...)})
}

// want panics unless v is of the kind of T.
func want[T Value](v Value, what Kind) T {
	v = Force(v)
	if t, ok := v.(T); ok {
		return t
	}
	Fail("%s is %s, not %s", Short(v), v.Kind(), what)
	panic("unreachable")
}

// ToInt, ToBool, ToSeq, ToSet and ToMap force v and panic with a Fault if it
// is of another kind.
func ToInt(v Value) int64 {
	if n, ok := v.(Int); ok {
		return int64(n)
	}
	return int64(want[Int](v, KInt))
}

func ToBool(v Value) bool { return bool(want[Bool](v, KBool)) }
func ToSeq(v Value) *Seq  { return want[*Seq](v, KSeq) }
func ToSet(v Value) Set   { return want[Set](v, KSet) }
func ToMap(v Value) *Map  { return want[*Map](v, KMap) }
