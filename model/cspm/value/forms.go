package value

import (
	"encoding/binary"
	"fmt"
	"iter"
	"math"
	"strings"
	"unicode/utf8"
)

// times multiplies two sizes; Infinite times 0 is 0.
func times(m, n int64) int64 {
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

// plus adds two sizes.
func plus(m, n int64) int64 {
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
		size = times(size, parts[i].Size())
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
		n = times(n, s.Size())
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

// Power is the set of all subsets of a set.
type Power struct {
	form
	of Set
}

// PowerSet returns Set(s).
func PowerSet(s Set) Set { return &Power{of: s} }

func (p *Power) Has(v Value) bool {
	s, ok := Force(v).(Set)
	return ok && Subset(s, p.of)
}

func (p *Power) Size() int64 {
	n := p.of.Size()
	switch {
	case n == Infinite:
		return Infinite
	case n >= 63:
		return math.MaxInt64
	}
	return 1 << n
}

func (p *Power) All() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if p.Size() == Infinite {
			inStages(p, yield)
			return
		}
		base := Listed(p.of)
		var from func(chosen []Value, i int) bool
		from = func(chosen []Value, i int) bool {
			if !yield(&List{elems: append([]Value(nil), chosen...)}) {
				return false
			}
			for ; i < len(base); i++ {
				if !from(append(chosen, base[i]), i+1) {
					return false
				}
			}
			return true
		}
		from(nil, 0)
	}
}

func (p *Power) appendForm(k *Keys, b []byte) []byte {
	return appendForms(k, append(b, 's'), []Set{p.of})
}
func (p *Power) show() string { return "Set(" + Short(p.of) + ")" }

// sequences is the set of all finite sequences over a set.
type sequences struct {
	form
	of Set
}

// Sequences returns Seq(s). It does not look into s, which may be the type
// that is just being declared.
func Sequences(s Set) Set { return &sequences{of: s} }

func (s *sequences) Has(v Value) bool {
	t, ok := Force(v).(*Seq)
	if !ok {
		return false
	}
	if t.infinite() {
		return false
	}
	for _, e := range t.All() {
		if !s.of.Has(e) {
			return false
		}
	}
	return true
}

func (s *sequences) Size() int64 {
	if s.of.Size() == 0 {
		return 1
	}
	return Infinite
}

// All yields the shorter sequences first.
func (s *sequences) All() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if s.of.Size() == Infinite {
			inStages(s, yield)
			return
		}
		base := Listed(s.of)
		if len(base) == 0 {
			yield(emptySeq)
			return
		}
		for n := 0; ; n++ {
			var from func(t []Value) bool
			from = func(t []Value) bool {
				if len(t) == n {
					return yield(SeqOf(append([]Value(nil), t...)...))
				}
				for _, v := range base {
					if !from(append(t, v)) {
						return false
					}
				}
				return true
			}
			if !from(nil) {
				return
			}
		}
	}
}

func (s *sequences) appendForm(k *Keys, b []byte) []byte {
	return appendForms(k, append(b, 'q'), []Set{s.of})
}
func (s *sequences) show() string { return "Seq(" + Short(s.of) + ")" }

// maps is the set of all maps from some of a set of keys to values.
type maps struct {
	form
	from, to Set
}

// Maps returns Map(from, to).
func Maps(from, to Set) Set { return &maps{from: from, to: to} }

func (m *maps) Has(v Value) bool {
	x, ok := Force(v).(*Map)
	if !ok {
		return false
	}
	for i, k := range x.keys {
		if !m.from.Has(k) || !m.to.Has(x.vals[i]) {
			return false
		}
	}
	return true
}

func (m *maps) Size() int64 {
	n, choices := m.from.Size(), plus(m.to.Size(), 1)
	switch {
	case m.to.Size() == 0 || n == 0:
		return 1
	case n == Infinite:
		return Infinite
	}
	size := int64(1)
	for range min(n, 64) {
		size = times(size, choices)
	}
	return size
}

func (m *maps) All() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		all := []Value{EmptyMap}
		if m.Size() == 1 {
			yield(EmptyMap)
			return
		}
		if m.Size() == Infinite {
			inStages(m, yield)
			return
		}
		values := Listed(m.to)
		for _, k := range Listed(m.from) {
			for _, x := range all[:len(all):len(all)] {
				for _, v := range values {
					all = append(all, x.(*Map).Update(k, v))
					if len(all) > MaxList {
						FailLimit("the set %s is too large to be listed", Short(m))
					}
				}
			}
		}
		SetOf(all...).All()(yield)
	}
}

func (m *maps) appendForm(k *Keys, b []byte) []byte {
	return appendForms(k, append(b, 'm'), []Set{m.from, m.to})
}
func (m *maps) show() string { return fmt.Sprintf("Map(%s, %s)", Short(m.from), Short(m.to)) }

// Values is the set of all complete values of a datatype, or all events.
type Values struct {
	form
	Of *Type
}

// A sizing says how far the size of a type has been worked out.
type sizing uint8

const (
	unsized sizing = iota
	sizingNow
	isSized
)

func (s *Values) Has(v Value) bool {
	d, ok := Force(v).(*Dot)
	return ok && d.Head != nil && d.Head.Type == s.Of && d.Complete()
}

// Size is infinite if the datatype is recursive.
func (s *Values) Size() int64 {
	t := s.Of
	switch t.sized {
	case isSized:
		return t.size
	case sizingNow:
		return Infinite
	}
	t.sized = sizingNow
	defer func() {
		if t.sized == sizingNow { // unwinding
			t.sized = unsized
		}
	}()
	n := int64(0)
	for _, h := range t.Heads {
		fields := int64(1)
		for _, f := range h.Fields() {
			fields = times(fields, f.Size())
		}
		n = plus(n, fields)
	}
	t.size, t.sized = n, isSized
	return n
}

func (s *Values) All() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if s.Size() == Infinite {
			inStages(s, yield)
			return
		}
		for _, h := range s.Of.Heads {
			for e := range h.Bare().Extensions() {
				if !yield(e) {
					return
				}
			}
		}
	}
}

func (s *Values) appendForm(_ *Keys, b []byte) []byte {
	b = append(b, 'v')
	if len(s.Of.Heads) > 0 {
		b = binary.LittleEndian.AppendUint32(b, uint32(s.Of.Heads[0].Order))
	}
	return append(b, s.Of.Name...)
}

func (s *Values) show() string {
	if s.Of.Name == "Event" {
		return "Events"
	}
	return s.Of.Name
}

// ExtensionsOf returns the set of what d, which lacks fields, must be dotted
// with to be complete.
func ExtensionsOf(d *Dot) Set {
	parts, ok := d.lacking()
	switch {
	case !ok:
		var out []Value
		listable(Productions(d))
		for _, items := range d.Extensions() {
			out = append(out, Plain(items))
		}
		return SetOf(out...)
	case len(parts) == 1:
		return parts[0]
	}
	return &Product{Dot: true, Parts: parts}
}

// lacking returns the sets of the fields that d lacks, innermost first; not
// if they depend on each other or on the fields that d has.
func (d *Dot) lacking() (parts []Set, ok bool) {
	fields := d.Head.Fields()
	if f := d.open(); f != nil {
		if _, all := fields[len(d.Fields)-1].(*Values); !all {
			return nil, false
		}
		if parts, ok = f.lacking(); !ok {
			return nil, false
		}
	}
	return append(parts[:len(parts):len(parts)], fields[len(d.Fields):]...), true
}

// Prods is the set of the complete values that extend a headed value:
// {| c |}.
type Prods struct {
	form
	Of *Dot
}

// Productions returns the complete extensions of d.
func Productions(d *Dot) Set {
	if d.Complete() {
		return &List{elems: []Value{d}}
	}
	return &Prods{Of: d}
}

func (s *Prods) Has(v Value) bool {
	d, ok := Force(v).(*Dot)
	return ok && d.Head != nil && d.Complete() && s.Of.IsPrefix(d)
}

func (s *Prods) Size() int64 { return s.Of.count(nil) }

// count returns the number of complete extensions of d (those in within, if
// that is not nil).
func (d *Dot) count(within Set) int64 {
	if within != nil && within.Size() != Infinite {
		listable(within)
		n := int64(0)
		for e := range within.All() {
			if e, ok := e.(*Dot); ok && d.IsPrefix(e) {
				n++
			}
		}
		return n
	}
	n := int64(1)
	if f := d.open(); f != nil {
		set := d.Head.Fields()[len(d.Fields)-1]
		if _, all := set.(*Values); all {
			set = nil
		}
		n = f.count(set)
	}
	for _, s := range d.Head.Fields()[len(d.Fields):] {
		n = times(n, s.Size())
	}
	return n
}

func (s *Prods) All() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if _, ok := s.Of.lacking(); s.Size() == Infinite && ok {
			inStages(s, yield)
			return
		}
		for e := range s.Of.Extensions() {
			if !yield(e) {
				return
			}
		}
	}
}

func (s *Prods) appendForm(k *Keys, b []byte) []byte { return k.Append(append(b, 'e'), s.Of) }
func (s *Prods) show() string                        { return "{|" + Short(s.Of) + "|}" }

// union is a union of which a part is described.
type union struct {
	form
	parts  []Set
	listed []Value
	sorted *[]Set // see disjointProds; nil: not yet asked
}

func unionParts(s Set) []Set {
	if u, ok := s.(*union); ok {
		return u.parts
	}
	return []Set{s}
}

// A union of more parts is listed rather than asked part by part.
const manyParts = 8

func (u *union) Has(v Value) bool {
	if len(u.parts) > manyParts {
		if u.listed != nil {
			return (&List{elems: u.listed}).Has(v)
		}
		if parts := u.prods(); len(parts) > 0 {
			return among(parts, v)
		}
		if n := u.bound(); n != Infinite && n <= MaxList {
			return (&List{elems: u.list()}).Has(v)
		}
	}
	for _, p := range u.parts {
		if p.Has(v) {
			return true
		}
	}
	return false
}

// prods returns the parts as disjointProds does, if it does.
func (u *union) prods() []Set {
	if u.sorted == nil {
		parts, _ := disjointProds(u.parts)
		u.sorted = &parts
	}
	return *u.sorted
}

// bound returns the sum of the sizes of the parts.
func (u *union) bound() int64 {
	n := int64(0)
	for _, p := range u.parts {
		n = plus(n, p.Size())
	}
	return n
}

func (u *union) Size() int64 {
	if u.listed != nil {
		return int64(len(u.listed))
	}
	n := u.bound()
	if n == Infinite || n == math.MaxInt64 {
		return n
	}
	if n, ok := u.count(); ok {
		return n
	}
	if n > 4*MaxList {
		FailLimit("the set %s is too large to be counted", Short(u))
	}
	return int64(len(u.list()))
}

// inTurn yields the elements of the sets, one set after the other.
func inTurn(sets []Set, yield func(Value) bool) {
	for _, s := range sets {
		for v := range s.All() {
			if !yield(v) {
				return
			}
		}
	}
}

func (u *union) list() []Value {
	if u.listed == nil {
		lists := make([][]Value, len(u.parts))
		for i, p := range u.parts {
			lists[i] = Listed(p)
		}
		u.listed = mergeAll(lists)
	}
	return u.listed
}

func (u *union) All() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if u.bound() != Infinite {
			if parts := u.prods(); len(parts) > 0 && u.listed == nil {
				inTurn(parts, yield)
				return
			}
			for _, v := range u.list() {
				if !yield(v) {
					return
				}
			}
			return
		}
		for i, p := range u.parts {
			earlier := &union{parts: u.parts[:i]}
			for v := range p.All() {
				if !earlier.Has(v) && !yield(v) {
					return
				}
			}
		}
	}
}

func (u *union) appendForm(k *Keys, b []byte) []byte { return appendForms(k, append(b, 'u'), u.parts) }

func (u *union) show() string {
	parts := make([]string, 0, 4)
	for i, p := range u.parts {
		if i == 3 && len(u.parts) > 4 {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, Short(p))
	}
	return "Union({" + strings.Join(parts, ", ") + "})"
}

// diff is a ∖ b where a is described.
type diff struct {
	form
	a, b Set
	size int64 // plus 1, once counted
}

func (d *diff) Has(v Value) bool { return d.a.Has(v) && !d.b.Has(v) }

func (d *diff) Size() int64 {
	switch {
	case d.size > 0:
		return d.size - 1
	case d.a.Size() == Infinite && d.b.Size() == Infinite:
		FailLimit("cannot tell whether %s is finite", Short(d))
	case d.a.Size() == Infinite:
		return Infinite
	}
	n, ok := d.count()
	switch {
	case ok:
	case d.a.Size() > 4*MaxList:
		FailLimit("the set %s is too large to be counted", Short(d))
	default:
		n = 0
		for range d.All() {
			n++
		}
	}
	d.size = n + 1
	return n
}

func (d *diff) All() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		for v := range d.a.All() {
			if !d.b.Has(v) && !yield(v) {
				return
			}
		}
	}
}

func (d *diff) appendForm(k *Keys, b []byte) []byte {
	return appendForms(k, append(b, 'd'), []Set{d.a, d.b})
}
func (d *diff) show() string { return fmt.Sprintf("diff(%s, %s)", Short(d.a), Short(d.b)) }

// inter is the intersection of two infinite sets.
type inter struct {
	form
	a, b Set
}

func (s *inter) Has(v Value) bool { return s.a.Has(v) && s.b.Has(v) }

func (s *inter) Size() int64 {
	FailLimit("cannot tell whether %s is finite", Short(s))
	return 0
}

func (s *inter) All() iter.Seq[Value] {
	s.Size()
	return nil
}

func (s *inter) appendForm(k *Keys, b []byte) []byte {
	return appendForms(k, append(b, 'n'), []Set{s.a, s.b})
}
func (s *inter) show() string { return fmt.Sprintf("inter(%s, %s)", Short(s.a), Short(s.b)) }

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
