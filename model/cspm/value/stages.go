package value

import (
	"iter"
	"math"
)

// Infinite sets are enumerated in stages, so that every element comes up
// after finitely many: stage n has the elements that can be built with n
// layers of constructors and brackets, from the first n elements of what is
// infinite at the bottom. Each stage contains the one before.

// inStages yields the elements of an infinite set.
func inStages(s Set, yield func(Value) bool) {
	var before []Value
	for n := 1; ; n++ {
		now := stage(s, n)
		old := before
		for _, v := range now {
			if len(old) > 0 && Compare(old[0], v) == 0 {
				old = old[1:]
			} else if !yield(v) {
				return
			}
		}
		before = now
	}
}

// stage returns the elements of s at stage n, in canonical order.
func stage(s Set, n int) []Value {
	if s.Size() != Infinite {
		return Listed(s)
	}
	if n == 0 {
		return nil
	}
	switch s := s.(type) {
	case *Values:
		var lists [][]Value
		for _, h := range s.Of.Heads {
			lists = append(lists, h.Bare().stage(h.Fields(), n-1))
		}
		return mergeAll(lists)
	case *Prods:
		if parts, ok := s.Of.lacking(); ok {
			return s.Of.stage(parts, n-1)
		}
	case *restricted:
		return s.head.Bare().stage(s.parts, n-1)
	case *Product:
		return (&Product{Dot: s.Dot, Parts: stages(s.Parts, n)}).list()
	case *Power:
		subsets := &Power{of: &List{elems: stage(s.of, n-1)}}
		stageable(subsets, n)
		return Listed(subsets)
	case *maps:
		some := &maps{from: &List{elems: stage(s.from, n-1)}, to: &List{elems: stage(s.to, n-1)}}
		stageable(some, n)
		return Listed(some)
	case *sequences:
		base := &List{elems: stage(s.of, n-1)}
		lists := [][]Value{{emptySeq}}
		for k := 1; k <= n; k++ {
			longer := &Product{Parts: make([]Set, k)}
			for i := range longer.Parts {
				longer.Parts[i] = base
			}
			of := longer.list()
			for i, v := range of {
				of[i] = SeqOf(v.(*Tuple).Elems...)
			}
			lists = append(lists, of)
		}
		return mergeAll(lists)
	case *union:
		return mergeAll(listsOf(stages(s.parts, n)))
	case *diff:
		return filter(&List{elems: stage(s.a, n)}, func(v Value) bool { return !s.b.Has(v) }).(*List).all()
	}
	var first []Value
	for v := range s.All() {
		if first = append(first, v); len(first) == n {
			break
		}
	}
	return SetOf(first...).(*List).all()
}

func stages(sets []Set, n int) []Set {
	out := make([]Set, len(sets))
	for i, s := range sets {
		out[i] = &List{elems: stage(s, n)}
	}
	return out
}

func listsOf(sets []Set) [][]Value {
	out := make([][]Value, len(sets))
	for i, s := range sets {
		out[i] = Listed(s)
	}
	return out
}

// stage returns d with what it lacks, one item of each set at stage n.
func (d *Dot) stage(lacking []Set, n int) []Value {
	if len(lacking) == 0 {
		return []Value{d}
	}
	out := (&Product{Dot: true, Parts: stages(lacking, n)}).list()
	for i, v := range out {
		e := d
		for _, item := range v.(*Dot).Fields {
			e = e.put(item)
		}
		out[i] = e
	}
	return out
}

// stageable panics if s, whose elements have about n parts each, is too
// large for a stage: a stage is made at once.
func stageable(s Set, n int) {
	if SizeTimes(s.Size(), int64(n)) > MaxList {
		FailLimit("too many elements of an infinite set are used")
	}
}

// list lists a product in a new slice; of one part, its elements as lists of
// one item.
func (p *Product) list() []Value {
	stageable(p, len(p.Parts))
	var out []Value
	for v := range p.All() {
		out = append(out, v)
	}
	return out
}

// allInts yields a set of integers without a least one: from where its
// lowest part ends (Int: from 0) downwards and upwards in turn.
func (s *Ints) allInts(yield func(Value) bool) {
	down, up := s.ivs[0].hi, &Ints{ivs: s.ivs[1:]}
	if down == math.MaxInt64 {
		down, up = -1, &Ints{ivs: []interval{{0, math.MaxInt64}}}
	}
	for v := range up.All() {
		if !yield(v) || !yield(Num(down)) {
			return
		}
		down--
	}
	for ; yield(Num(down)); down-- {
	}
}

// restricted is the set of the complete values of a head whose fields are in
// certain sets: a clause of a subtype.
type restricted struct {
	form
	head  *Head
	parts []Set // one for each field
}

// Restrict returns the complete values of h whose first fields are in the
// product of the sets that fields describes. Elements that are no values of
// h are a Fault.
func Restrict(h *Head, fields Set) Set {
	parts, declared := Split(fields), h.Fields()
	if len(parts) > len(declared) {
		Fail("%s has %d fields, not %d", h.Name, len(declared), len(parts))
	}
	for i, p := range parts {
		if !Subset(p, declared[i]) {
			Fail("%s is not contained in %s, the set of the %s field of %s", Short(p), Short(declared[i]), Ordinal(i+1), h.Name)
		}
	}
	return &restricted{head: h, parts: append(parts[:len(parts):len(parts)], declared[len(parts):]...)}
}

func (s *restricted) Has(v Value) bool {
	d, ok := Force(v).(*Dot)
	if !ok || d.Head != s.head || !d.Complete() {
		return false
	}
	for i, f := range d.Fields {
		if !s.parts[i].Has(f) {
			return false
		}
	}
	return true
}

func (s *restricted) All() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if s.Size() == Infinite {
			inStages(s, yield)
			return
		}
		for v := range (&Product{Dot: true, Parts: s.parts}).All() {
			if !yield(&Dot{Head: s.head, Fields: v.(*Dot).Fields}) {
				return
			}
		}
	}
}

func (s *restricted) Size() int64 { return (&Product{Parts: s.parts}).Size() }

func (s *restricted) appendForm(k *Keys, b []byte) []byte {
	return appendForms(k, k.Append(append(b, 'r'), s.head.Bare()), s.parts)
}

func (s *restricted) show() string {
	return s.head.Name + "." + (&Product{Dot: true, Parts: s.parts}).show()
}
