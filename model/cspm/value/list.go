package value

import (
	"iter"
	"slices"
)

// A List is a set that is listed: as elems or, of a long one that was made of
// another by a few elements, as a tree that shares what it can with that one's.
// all() makes elems of it.
type List struct {
	elems []Value // in canonical order, none twice, no thunks
	tree  *tree   // nil, or the same in place of elems
	key   Key
}

// EmptySet has no elements.
var EmptySet = &List{key: keyEmptySet}

func (*List) Kind() Kind    { return KSet }
func (s *List) Size() int64 { return int64(s.len()) }
func (s *List) cache() *Key { return &s.key }

func (s *List) appendForm(k *Keys, b []byte) []byte { return k.AppendAll(append(b, 'l'), s.all()) }

func (s *List) len() int { return len(s.elems) + s.tree.len() }

// all returns the elements in canonical order.
func (s *List) all() []Value {
	if s.tree != nil {
		s.elems, s.tree = s.tree.all(), nil
	}
	return s.elems
}

// first returns the first of some elements.
func (s *List) first() Value {
	if s.tree != nil {
		return s.tree.at(0)
	}
	return s.elems[0]
}

func (s *List) Has(v Value) bool {
	v = Force(v)
	if s.len() == 0 || !alike(s.first(), v) {
		return false
	}
	_, ok := s.find(v)
	return ok
}

// find returns where v is in s, or would be.
func (s *List) find(v Value) (int, bool) {
	if s.tree != nil {
		return s.tree.find(v)
	}
	return slices.BinarySearchFunc(s.elems, v, Compare)
}

// Of so many elements, or so many times as many as are added, a list is a tree.
const (
	fewElems = 64
	manyMore = 16
)

// grown returns the tree of a list.
func (s *List) grown() *tree {
	if s.tree != nil {
		return s.tree
	}
	return treeOf(s.elems)
}

// plus returns s ∪ t.
func (s *List) plus(t *List) Set {
	if s.len() < t.len() {
		s, t = t, s
	}
	more := t.all()
	if len(more) == 1 {
		if i, ok := s.find(more[0]); ok {
			return s
		} else if s.len() < fewElems {
			return &List{elems: insert(s.all(), i, more[0])}
		}
	}
	if n := s.len(); n < fewElems || n < manyMore*len(more) {
		return &List{elems: merge(s.all(), more)}
	}
	out := s.grown()
	for _, v := range more {
		if i, ok := out.find(v); !ok {
			out = out.with(i, v)
		}
	}
	return &List{tree: out}
}

// minus returns s ∖ {v}.
func (s *List) minus(v Value) Set {
	i, ok := s.find(v)
	switch {
	case !ok:
		return s
	case s.len() == 1:
		return EmptySet
	case s.len() >= fewElems && (s.tree != nil || i > 0 && i < s.len()-1):
		return &List{tree: s.grown().without(i)}
	}
	elems := s.all()
	switch i {
	case 0:
		return &List{elems: elems[1:]}
	case len(elems) - 1:
		return &List{elems: elems[:i:i]}
	}
	return &List{elems: slices.Concat(elems[:i], elems[i+1:])}
}

func (s *List) All() iter.Seq[Value] { return slices.Values(s.all()) }
