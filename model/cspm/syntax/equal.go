package syntax

import "reflect"

// Equal tells whether two trees are the same but for brackets that only
// group, comments, and where the text stands.
func Equal(a, b Node) bool { return equal(reflect.ValueOf(a), reflect.ValueOf(b)) }

// EqualFiles tells whether two scripts have Equal declarations.
func EqualFiles(a, b *File) bool {
	return equal(reflect.ValueOf(a.Decls), reflect.ValueOf(b.Decls))
}

var (
	spanType = reflect.TypeFor[Span]()
	posType  = reflect.TypeFor[Pos]()
)

func equal(a, b reflect.Value) bool {
	a, b = unwrap(a), unwrap(b)
	if !a.IsValid() || !b.IsValid() {
		return a.IsValid() == b.IsValid()
	}
	if a.Type() != b.Type() {
		return false
	}
	switch a.Kind() {
	case reflect.Struct:
		for i := range a.NumField() {
			if t := a.Type().Field(i).Type; t == spanType || t == posType {
				continue
			}
			if !equal(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !equal(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	}
	return a.Equal(b)
}

// unwrap goes through interfaces, pointers and grouping brackets. Nil becomes
// the zero Value.
func unwrap(v reflect.Value) reflect.Value {
	for v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer {
		switch n := v.Interface().(type) {
		case *Paren:
			v = reflect.ValueOf(n.X)
		case *PatParen:
			v = reflect.ValueOf(n.X)
		case *TypeParen:
			v = reflect.ValueOf(n.X)
		default:
			v = v.Elem()
		}
	}
	return v
}
