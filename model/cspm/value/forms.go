package value

import (
	"encoding/binary"
	"iter"
	"math"
	"strings"
	"unicode/utf8"
)

// SizeTimes multiplies two sizes; Infinite times 0 is 0.
func SizeTimes(m, n int64) int64 {
	switch {
	case m == 0 || n == 0:
		return 0
	case m == Infinite || n == Infinite:
		return Infinite
	case m > math.MaxInt64/n:
		return math.MaxInt64
	}
	return m * n
}

// SizePlus adds two sizes.
func SizePlus(m, n int64) int64 {
	switch {
	case m == Infinite || n == Infinite:
		return Infinite
	case m > math.MaxInt64-n:
		return math.MaxInt64
	}
	return m + n
}

// form is what all described sets share.
type form struct{ key Key }

func (*form) Kind() Kind    { return KSet }
func (f *form) cache() *Key { return &f.key }

// Product is a product of sets: of dotted values if Dot, otherwise of
// tuples.
type Product struct {
	form
	Dot   bool
	Parts []Set // two or more
}

// NewProduct returns the product of the parts; a part of a dotted product
// whose elements are themselves plain lists becomes several.
func NewProduct(dot bool, parts ...Set) *Product {
	p := &Product{Dot: dot, Parts: parts}
	if dot {
		p.Parts = nil
		for _, s := range parts {
			p.Parts = append(p.Parts, Split(s)...)
		}
	}
	return p
}

// Split returns the sets of the fields that s describes: a product, or a
// listed set of plain lists, is several fields, anything else is one. It
// panics with a Fault if the plain lists are not a product.
func Split(s Set) []Set {
	if p, ok := s.(*Product); ok && p.Dot {
		return p.Parts
	}
	switch s.(type) {
	case *inter:
		return []Set{s}
	}
	if like, ok := sample(s); ok { // what it consists of, without a look at its size: a datatype may be defined with it
		if d, ok := like.(*Dot); !ok || d.Head != nil {
			return []Set{s}
		}
	}
	if s.Size() == Infinite {
		return []Set{s}
	}
	elems := Listed(s)
	if len(elems) == 0 {
		return []Set{s}
	}
	first, ok := elems[0].(*Dot)
	if !ok || first.Head != nil {
		return []Set{s}
	}
	columns := make([][]Value, len(first.Fields))
	for _, e := range elems {
		d, ok := e.(*Dot)
		if !ok || d.Head != nil || len(d.Fields) != len(columns) {
			Fail("the elements of %s do not have the same number of fields", Short(s))
		}
		for i, f := range d.Fields {
			columns[i] = append(columns[i], f)
		}
	}
	parts := make([]Set, len(columns))
	size := int64(1)
	for i, c := range columns {
		parts[i] = SetOf(c...)
		size = SizeTimes(size, parts[i].Size())
	}
	if size != int64(len(elems)) {
		Fail("%s is not rectangular: it has %d elements, and the product of its fields %d", Short(s), len(elems), size)
	}
	return parts
}

func (p *Product) items(v Value) []Value {
	switch v := Force(v).(type) {
	case *Tuple:
		if !p.Dot {
			return v.Elems
		}
	case *Dot:
		if p.Dot && v.Head == nil {
			return v.Fields
		}
	}
	return nil
}

func (p *Product) Has(v Value) bool {
	items := p.items(v)
	if len(items) != len(p.Parts) {
		return false
	}
	for i, s := range p.Parts {
		if !s.Has(items[i]) {
			return false
		}
	}
	return true
}

func (p *Product) Size() int64 {
	n := int64(1)
	for _, s := range p.Parts {
		n = SizeTimes(n, s.Size())
	}
	return n
}

func (p *Product) All() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if p.Size() == Infinite {
			inStages(p, yield)
			return
		}
		items := make([]Value, 0, len(p.Parts))
		var from func(i int) bool
		from = func(i int) bool {
			if i == len(p.Parts) {
				vs := append([]Value(nil), items...)
				if p.Dot {
					return yield(&Dot{Fields: vs})
				}
				return yield(&Tuple{Elems: vs})
			}
			for v := range p.Parts[i].All() {
				items = append(items, v)
				more := from(i + 1)
				items = items[:i]
				if !more {
					return false
				}
			}
			return true
		}
		from(0)
	}
}

func (p *Product) appendForm(k *Keys, b []byte) []byte {
	b = append(b, 'p', byte(btoi(p.Dot)))
	return appendForms(k, b, p.Parts)
}

func appendForms(k *Keys, b []byte, sets []Set) []byte {
	b = binary.AppendUvarint(b, uint64(len(sets)))
	for _, s := range sets {
		b = binary.LittleEndian.AppendUint64(b, uint64(k.FormOf(s)))
	}
	return b
}

// FormOf returns a key of how s is described: sets with the same form are
// equal, but equal sets may have different forms. It lists no set.
func (k *Keys) FormOf(s Set) Key { return k.Intern(s.appendForm(k, []byte{tagInfinite})) }

func (p *Product) show() string {
	parts := make([]string, len(p.Parts))
	for i, s := range p.Parts {
		parts[i] = Short(s)
	}
	if p.Dot {
		return strings.Join(parts, ".")
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// abstract is a set known by what belongs to it: Char and Proc.
type abstract struct {
	form
	name string
	kind Kind
}

// AllChars returns Char. ProcType returns Proc, which can only be the type
// of a field.
func AllChars() Set { return &abstract{name: "Char", kind: KChar} }
func ProcType() Set { return &abstract{name: "Proc", kind: KProc} }

func (s *abstract) Has(v Value) bool { return Force(v).Kind() == s.kind }
func (s *abstract) Size() int64 {
	if s.kind == KChar {
		return utf8.MaxRune + 1
	}
	return Infinite
}

func (s *abstract) All() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if s.kind != KChar {
			FailLimit("the set %s is infinite: it cannot be listed", s.name)
		}
		for c := range Char(utf8.MaxRune + 1) {
			if !yield(c) {
				return
			}
		}
	}
}

func (s *abstract) appendForm(_ *Keys, b []byte) []byte { return append(append(b, 'a'), s.name...) }
func (s *abstract) show() string                        { return s.name }
