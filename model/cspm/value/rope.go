package value

import (
	"math"
	"slices"
)

// A rope is elements that long sequences share: those of a tree, then those
// of last (Boehm, Atkinson and Plass, "Ropes", 1995). It is not changed.
//
// What is put at an end goes into the slice there until that holds chunk
// elements, and then into the tree. So one element more takes a copy of less
// than a chunk, and a path of the tree each chunk elements, however long the
// sequence is and however many sequences go on from it.
type rope struct {
	tree *tree   // nil: nothing comes before last
	last []Value // not empty
}

const (
	// Up to so many elements, a sequence is put together in one slice.
	short = 32
	// Up to so many elements, slices in a longer one are put together.
	chunk = 16
	// No more elements are known of a sequence; a^a, repeated, soon has more.
	maxKnown = math.MaxInt / 2
)

func (r *rope) size() int { return r.tree.len() + len(r.last) }

func (r *rope) at(i int) Value {
	if n := r.tree.len(); i >= n {
		return r.last[i-n]
	}
	return r.tree.at(i)
}

// parts returns the tree and the last slice; nil has neither.
func (r *rope) parts() (*tree, []Value) {
	if r == nil {
		return nil, nil
	}
	return r.tree, r.last
}

// gather returns a sequence of first, then the elements of t, then last, any
// of which may be missing, then rest.
func gather(first []Value, t *tree, last []Value, rest Rest) *Seq {
	if len(first) == 0 {
		if t == nil {
			first, last = last, nil
		} else {
			first, t = t.popFirst()
		}
	}
	if len(last) == 0 && t != nil {
		last, t = t.popLast()
	}
	s := &Seq{elems: first, rest: rest}
	if len(last) > 0 {
		s.more = &rope{t, last}
	}
	return s
}

// knit returns the known elements of s and then those of u, of which each has
// some, followed by the rest of u.
func knit(s, u *Seq) *Seq {
	if s.more == nil && u.more == nil && len(s.elems)+len(u.elems) <= short {
		return &Seq{elems: cat(s.elems, u.elems), rest: u.rest}
	}
	if s.size() > maxKnown-u.size() {
		FailLimit("a sequence has more than %d elements", maxKnown)
	}
	t, last := u.more.parts()
	if s.more == nil {
		switch {
		case len(s.elems)+len(u.elems) <= chunk:
			return gather(cat(s.elems, u.elems), t, last, u.rest)
		case u.more == nil:
			return gather(s.elems, nil, u.elems, u.rest)
		}
		return gather(s.elems, join(leaf(u.elems), t), last, u.rest)
	}
	before, end := s.more.parts()
	if len(end)+len(u.elems) <= chunk {
		end = cat(end, u.elems)
	} else {
		before, end = join(before, leaf(end)), u.elems
	}
	if u.more == nil {
		return gather(s.elems, before, end, u.rest)
	}
	return gather(s.elems, join(join(before, leaf(end)), t), last, u.rest)
}

func cat(a, b []Value) []Value {
	return append(append(make([]Value, 0, len(a)+len(b)), a...), b...)
}

// A tree has its elements in the leaves. The heights of two siblings differ
// by one at most. nil is the empty tree.
type tree struct {
	left, right *tree   // nil in a leaf, and only there
	leaf        []Value // nil but in a leaf
	size        int
	height      int8 // of a leaf 0
}

func leaf(vs []Value) *tree { return &tree{leaf: vs, size: len(vs)} }

func fork(l, r *tree) *tree {
	return &tree{left: l, right: r, size: l.size + r.size, height: 1 + max(l.height, r.height)}
}

func (t *tree) len() int {
	if t == nil {
		return 0
	}
	return t.size
}

func (t *tree) at(i int) Value {
	for t.leaf == nil {
		if n := t.left.size; i < n {
			t = t.left
		} else {
			t, i = t.right, i-n
		}
	}
	return t.leaf[i]
}

// join returns l followed by r, in as many steps as their heights differ
// (Blelloch, Ferizovic and Sun, "Just Join for Parallel Ordered Sets", 2016).
// It is one higher than the higher of them, or as high.
func join(l, r *tree) *tree {
	switch {
	case l == nil:
		return r
	case r == nil:
		return l
	case l.height > r.height+1:
		return balance(l.left, join(l.right, r))
	case r.height > l.height+1:
		return balance(join(l, r.left), r.right)
	}
	return fork(l, r)
}

// balance is fork of trees whose heights differ by two at most.
func balance(l, r *tree) *tree {
	switch {
	case r.height > l.height+1 && r.left.height > r.right.height:
		return fork(fork(l, r.left.left), fork(r.left.right, r.right))
	case r.height > l.height+1:
		return fork(fork(l, r.left), r.right)
	case l.height > r.height+1 && l.right.height > l.left.height:
		return fork(fork(l.left, l.right.left), fork(l.right.right, r))
	case l.height > r.height+1:
		return fork(l.left, fork(l.right, r))
	}
	return fork(l, r)
}

// popFirst returns the first leaf, and the others.
func (t *tree) popFirst() ([]Value, *tree) {
	if t.leaf != nil {
		return t.leaf, nil
	}
	vs, left := t.left.popFirst()
	return vs, join(left, t.right)
}

// popLast returns the last leaf, and the others.
func (t *tree) popLast() ([]Value, *tree) {
	if t.leaf != nil {
		return t.leaf, nil
	}
	vs, right := t.right.popLast()
	return vs, join(t.left, right)
}

// take returns the first n elements, of at least so many.
func (t *tree) take(n int) *tree {
	switch {
	case n == 0:
		return nil
	case n == t.size:
		return t
	case t.leaf != nil:
		return leaf(t.leaf[:n:n])
	case n <= t.left.size:
		return t.left.take(n)
	}
	return join(t.left, t.right.take(n-t.left.size))
}

// treeOf returns a tree of elements, which it keeps.
func treeOf(vs []Value) *tree {
	if len(vs) <= chunk {
		return leaf(vs)
	}
	half := len(vs) / 2
	return fork(treeOf(vs[:half:half]), treeOf(vs[half:]))
}

// with returns t with another element before the i-th.
func (t *tree) with(i int, v Value) *tree {
	switch half := t.size / 2; {
	case t.leaf != nil && t.size < chunk:
		return leaf(insert(t.leaf, i, v))
	case t.leaf != nil && i <= half:
		return fork(leaf(insert(t.leaf[:half], i, v)), leaf(t.leaf[half:]))
	case t.leaf != nil:
		return fork(leaf(t.leaf[:half:half]), leaf(insert(t.leaf[half:], i-half, v)))
	case i <= t.left.size:
		return balance(t.left.with(i, v), t.right)
	}
	return balance(t.left, t.right.with(i-t.left.size, v))
}

// without returns t without the i-th element.
func (t *tree) without(i int) *tree {
	switch {
	case t.leaf != nil && t.size == 1:
		return nil
	case t.leaf != nil:
		return leaf(slices.Concat(t.leaf[:i], t.leaf[i+1:]))
	case i < t.left.size:
		return join(t.left.without(i), t.right)
	}
	return join(t.left, t.right.without(i-t.left.size))
}

// find returns where v is in t, whose elements are in canonical order, or would be.
func (t *tree) find(v Value) (int, bool) {
	before := 0
	for t.leaf == nil {
		if Compare(t.right.at(0), v) <= 0 {
			before += t.left.size
			t = t.right
		} else {
			t = t.left
		}
	}
	i, ok := slices.BinarySearchFunc(t.leaf, v, Compare)
	return before + i, ok
}

func (t *tree) all() []Value {
	out := make([]Value, 0, t.len())
	t.each(func(vs []Value) { out = append(out, vs...) })
	return out
}

// each calls f with the leaves in order.
func (t *tree) each(f func([]Value)) {
	if t == nil {
		return
	}
	if t.leaf != nil {
		f(t.leaf)
		return
	}
	t.left.each(f)
	t.right.each(f)
}
