package golang

import (
	"fmt"
	"slices"
	"strconv"
)

// A Type is a finite range of values, which are numbers, perhaps with names.
type Type struct {
	lo, hi int
	names  []string
}

// Range returns the type of the numbers from lo to hi, both included.
func Range(lo, hi int) Type { return Type{lo: lo, hi: hi} }

// Enum returns the type of the numbers from 0 on with the given names.
func Enum(names ...string) Type { return Type{0, len(names) - 1, names} }

// Unit is the type with one value, as struct{} is: its events show none.
var Unit = Type{names: []string{""}}

// Bool is the type of 0 and 1.
var Bool = Enum("false", "true")

// Len returns how many values there are.
func (t Type) Len() int { return max(t.hi-t.lo+1, 0) }

// Zero returns the value that a variable starts with, and that a receive from
// a closed channel gives: 0 if it is in the type, otherwise the least.
func (t Type) Zero() int {
	if t.Has(0) {
		return 0
	}
	return t.lo
}

// Has reports whether v is of the type.
func (t Type) Has(v int) bool { return t.lo <= v && v <= t.hi }

// Text returns the name of a value, or else its digits.
func (t Type) Text(v int) string {
	if t.names != nil && t.Has(v) {
		return t.names[v-t.lo]
	}
	return strconv.Itoa(v)
}

func (t Type) String() string {
	switch {
	case t.Len() == 1 && t.Text(t.lo) == "":
		return "struct{}"
	case t.names != nil:
		return fmt.Sprint(t.names)
	}
	return fmt.Sprintf("%d..%d", t.lo, t.hi)
}

// suffix is what a value adds to the name of an event.
func (t Type) suffix(v int) string {
	if text := t.Text(v); text != "" {
		return "." + text
	}
	return ""
}

func (t Type) check() error {
	switch {
	case t.lo > t.hi:
		return fmt.Errorf("the type %v has no values", t)
	case uint64(t.hi)-uint64(t.lo) >= Most:
		return fmt.Errorf("the type %v has more than %d values", t, Most)
	}
	for i, name := range t.names {
		if slices.Contains(t.names[:i], name) {
			return fmt.Errorf("the type %v has two values %q", t, name)
		}
	}
	return nil
}

// A Local is a variable of a function: each goroutine has its own. It starts
// with the zero value of its type.
type Local struct {
	name string
	typ  Type
	at   string
}

// NewLocal returns a variable. It belongs to every function that uses it.
func NewLocal(name string, t Type) *Local { return &Local{name, t, caller()} }

// An Expr is an expression over the variables of a function. It is a *Local, a
// number (Int), or made by Apply and its kin.
type Expr interface {
	eval(env *frame) int
	uses(visit func(*Local)) // nil for what is missing
	String() string
}

// An Int is a constant.
type Int int

func (n Int) eval(*frame) int      { return int(n) }
func (n Int) uses(func(*Local))    {}
func (n Int) String() string       { return strconv.Itoa(int(n)) }
func (v *Local) eval(f *frame) int { return f.get(v) }

func (v *Local) uses(visit func(*Local)) { visit(v) }
func (v *Local) String() string          { return v.name }

// An applied is a function of Go and its arguments.
type applied struct {
	text string
	f    func(args []int) int
	args []Expr
}

func (a *applied) eval(env *frame) int {
	args := make([]int, len(a.args))
	for i, x := range a.args {
		args[i] = x.eval(env)
	}
	return a.f(args)
}

func (a *applied) uses(visit func(*Local)) {
	if a.f == nil {
		visit(nil)
	}
	for _, x := range a.args {
		if x == nil {
			visit(nil)
			continue
		}
		x.uses(visit)
	}
}

func (a *applied) String() string { return a.text }

// Apply returns the expression f(args...). The function must depend on its
// arguments alone; the text is for reports.
func Apply(text string, f func(args []int) int, args ...Expr) Expr {
	return &applied{text, f, args}
}

func infix(op string, x, y Expr, f func(x, y int) int) Expr {
	return Apply(fmt.Sprintf("%v %s %v", x, op, y), func(a []int) int { return f(a[0], a[1]) }, x, y)
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Plus returns x + y.
func Plus(x, y Expr) Expr { return infix("+", x, y, func(x, y int) int { return x + y }) }

// Minus returns x - y.
func Minus(x, y Expr) Expr { return infix("-", x, y, func(x, y int) int { return x - y }) }

// Eq returns x == y, as 1 or 0.
func Eq(x, y Expr) Expr { return infix("==", x, y, func(x, y int) int { return truth(x == y) }) }

// Less returns x < y, as 1 or 0.
func Less(x, y Expr) Expr { return infix("<", x, y, func(x, y int) int { return truth(x < y) }) }

// And returns x && y, as 1 or 0.
func And(x, y Expr) Expr {
	return infix("&&", x, y, func(x, y int) int { return truth(x != 0 && y != 0) })
}

// Or returns x || y, as 1 or 0.
func Or(x, y Expr) Expr {
	return infix("||", x, y, func(x, y int) int { return truth(x != 0 || y != 0) })
}

// Not returns !x, as 1 or 0.
func Not(x Expr) Expr {
	return Apply(fmt.Sprintf("!(%v)", x), func(a []int) int { return truth(a[0] == 0) }, x)
}
