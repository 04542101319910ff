package value

// A Seq is a sequence: elements that are known, which may be thunks, and
// perhaps a rest that is not yet worked out. It may be infinite.
//
// The known elements are elems and then those of more. What is short has no
// more; what is put together from something long shares it.
type Seq struct {
	elems []Value // some, unless no element is known
	more  *rope   // nil: no known element follows elems
	rest  Rest    // nil: nothing follows what is known
	own   bool    // no other Seq appends to the array of elems
	key   Key
}

// A Rest is the unknown end of a sequence.
type Rest interface{ Next() *Seq }

// A Drainer is a Rest that tells quicker what all of it is than step by step.
type Drainer interface {
	Rest
	// Drain calls add with one part after another, which may be empty, until
	// add returns false. It reports whether that was all.
	Drain(add func(part *Seq) bool) (all bool)
}

func (*Seq) Kind() Kind { return KSeq }

var emptySeq = &Seq{key: keyEmptySeq}

// SeqOf returns the sequence of the elements, which it keeps.
func SeqOf(elems ...Value) *Seq {
	if len(elems) == 0 {
		return emptySeq
	}
	return &Seq{elems: elems}
}

// SeqThen returns elems followed by rest.
func SeqThen(elems []Value, rest Rest) *Seq { return &Seq{elems: elems, rest: rest} }

// Text returns s as a sequence of characters.
func Text(s string) *Seq {
	var elems []Value
	for _, r := range s {
		elems = append(elems, Char(r))
	}
	return SeqOf(elems...)
}

// fill works out the rest until at least n elements are known, or all.
func (s *Seq) fill(n int) {
	empty := 0 // steps that gave no element
	for s.rest != nil && s.size() < n {
		next := s.rest.Next()
		if len(next.elems) == 0 {
			if empty++; next.rest == s.rest || empty > MaxList {
				Fail("the end of this sequence depends on itself")
			}
		}
		switch {
		case len(next.elems) == 0:
			s.rest = next.rest
			continue
		case len(s.elems) == 0:
			s.elems, s.more, s.rest = next.elems, next.more, next.rest
			continue
		case s.more != nil || next.more != nil || len(next.elems) > chunk:
			t := knit(s, next)
			s.elems, s.more, s.rest, s.own = t.elems, t.more, t.rest, false
			continue
		}
		if !s.own {
			s.elems, s.own = append(make([]Value, 0, 2*len(s.elems)+len(next.elems)), s.elems...), true
		}
		s.elems = append(s.elems, next.elems...)
		s.rest = next.rest
	}
}

// drain works out all of the rest if that is quickly done, and not much.
// Otherwise, and if it panics, it leaves s as it was.
func (s *Seq) drain() {
	d, ok := s.rest.(Drainer)
	if !ok || s.more != nil {
		return
	}
	elems := append(make([]Value, 0, len(s.elems)+4), s.elems...)
	all := d.Drain(func(part *Seq) bool {
		if part.rest != nil || part.more != nil || len(elems)+len(part.elems) > short {
			return false
		}
		elems = append(elems, part.elems...)
		return true
	})
	if all {
		s.elems, s.rest, s.own = elems, nil, true
	}
}

// MaxList is the most elements of a sequence that are listed, and MaxSet of a
// set. Whoever lists a set that may be large asks for room first.
const (
	MaxList = 1 << 20
	MaxSet  = 1 << 26
)

// finish works out all of the rest. An infinite sequence is a limit.
func (s *Seq) finish() {
	s.drain()
	for n := s.size() + 1; s.rest != nil; n = s.size() + 1 {
		if s.infinite() {
			FailLimit("an infinite sequence cannot be listed")
		}
		tooLong(n)
		s.fill(n)
	}
}

// All returns the elements; they may be thunks. An infinite sequence is a
// limit.
func (s *Seq) All() []Value {
	s.finish()
	return s.known()
}

// size returns the number of known elements.
func (s *Seq) size() int {
	if s.more == nil {
		return len(s.elems)
	}
	return len(s.elems) + s.more.size()
}

// known returns the known elements.
func (s *Seq) known() []Value {
	if s.more == nil {
		return s.elems
	}
	tooLong(s.size())
	all := make([]Value, 0, s.size())
	s.slices(func(vs []Value) { all = append(all, vs...) })
	return all
}

// slices calls f with the known elements, slice by slice.
func (s *Seq) slices(f func([]Value)) {
	f(s.elems)
	if s.more != nil {
		s.more.tree.each(f)
		f(s.more.last)
	}
}

// tooLong panics if n elements are too many to go through.
func tooLong(n int) {
	if n > MaxList {
		FailLimit("a sequence of more than %d elements cannot be listed", MaxList)
	}
}

// infinite reports whether s is known never to end.
func (s *Seq) infinite() bool {
	switch r := s.rest.(type) {
	case upFrom:
		return true
	case *listing:
		return r.set.Size() == Infinite
	}
	return false
}

// Empty reports whether s has no elements.
func (s *Seq) Empty() bool {
	s.fill(1)
	return len(s.elems) == 0
}

// Head returns the first element of s, which is not empty.
func (s *Seq) Head() Value {
	if s.Empty() {
		Fail("head of the empty sequence")
	}
	return s.elems[0]
}

// Tail returns s without its first element.
func (s *Seq) Tail() *Seq {
	if s.Empty() {
		Fail("tail of the empty sequence")
	}
	if len(s.elems) == 1 {
		switch {
		case s.more != nil:
			return gather(nil, s.more.tree, s.more.last, s.rest)
		case s.rest == nil:
			return emptySeq
		}
	}
	return &Seq{elems: s.elems[1:], more: s.more, rest: s.rest}
}

// Take returns the first n elements of s, of which so many are known.
func (s *Seq) Take(n int) *Seq {
	if n <= len(s.elems) {
		return SeqOf(s.elems[:n:n]...)
	}
	n -= len(s.elems)
	t, last := s.more.parts()
	if size := t.len(); n > size {
		return gather(s.elems, t, last[:n-size:n-size], nil)
	}
	return gather(s.elems, t.take(n), nil, nil)
}

// At returns the element at i, counting from 0, if there is one.
func (s *Seq) At(i int) (Value, bool) {
	if i < len(s.elems) {
		return s.elems[i], true
	}
	return s.far(i)
}

// far is At beyond elems.
func (s *Seq) far(i int) (Value, bool) {
	if s.rest != nil {
		tooLong(i + 1)
		s.fill(i + 1)
	}
	if i >= s.size() {
		return nil, false
	}
	tooLong(i + 1)
	return s.get(i), true
}

// get returns a known element.
func (s *Seq) get(i int) Value {
	if n := len(s.elems); i >= n {
		return s.more.at(i - n)
	}
	return s.elems[i]
}

// peek returns the element at i of a sequence that ends in <n..>, without
// working out those before it.
func (s *Seq) peek(i int) Value {
	if n := s.size(); i >= n {
		return Num(int64(s.rest.(upFrom)) + int64(i-n))
	}
	return s.get(i)
}

// peekAt is At that works out as little as it can.
func (s *Seq) peekAt(i int) (Value, bool) {
	if _, ok := s.rest.(upFrom); ok {
		return s.peek(i), true
	}
	return s.At(i)
}

// Len returns the number of elements.
func (s *Seq) Len() int {
	s.finish()
	return s.size()
}

// Complete reports whether all elements are known to be there.
func (s *Seq) Complete() bool { return s.rest == nil }

// Concat returns s ^ t; t may be a thunk, and is looked at only when s has
// been consumed. To put an element at either end of n takes O(1) memory, and
// to put two long ones together O(log n).
func Concat(s *Seq, t Value) *Seq {
	if s.rest != nil {
		return &Seq{elems: s.elems, more: s.more, rest: &then{s.rest, t}}
	}
	v, ok := Known(t)
	switch {
	case len(s.elems) == 0:
		return ToSeq(t)
	case !ok:
		return &Seq{elems: s.elems, more: s.more, rest: later{t}}
	}
	u := ToSeq(v)
	switch {
	case len(u.elems) > 0:
		return knit(s, u)
	case u.rest == nil:
		return s
	}
	return &Seq{elems: s.elems, more: s.more, rest: u.rest}
}

// later is a rest that is a thunk.
type later struct{ v Value }

func (l later) Next() *Seq { return ToSeq(l.v) }

// then is a rest followed by another sequence.
type then struct {
	first  Rest
	second Value
}

func (t *then) Next() *Seq { return Concat(t.first.Next(), t.second) }

// upFrom is the rest of <n..>, from n on.
type upFrom int64

// How many elements of <n..> are made at once.
const upChunk = 16

func (n upFrom) Next() *Seq {
	elems := make([]Value, upChunk)
	for i := range elems {
		elems[i] = Num(int64(n) + int64(i))
	}
	return &Seq{elems: elems, rest: n + upChunk}
}

// SeqFrom returns <n..>.
func SeqFrom(n int64) *Seq { return &Seq{rest: upFrom(n)} }

// SeqRange returns <m..n>.
func SeqRange(m, n int64) *Seq {
	if n < m {
		return emptySeq
	}
	if uint64(n-m) >= MaxList {
		return &Seq{rest: upTo{m, n}}
	}
	elems := make([]Value, n-m+1)
	for i := range elems {
		elems[i] = Num(m + int64(i))
	}
	return &Seq{elems: elems}
}

// upTo is a long range, made chunk by chunk.
type upTo struct{ m, n int64 }

func (r upTo) Next() *Seq {
	if uint64(r.n-r.m) < 1024 {
		return SeqRange(r.m, r.n)
	}
	return &Seq{elems: SeqRange(r.m, r.m+1023).elems, rest: upTo{r.m + 1024, r.n}}
}

// Elements returns the sequence of the elements of a set, in canonical order
// if it is finite; those of a huge or infinite set as they are consumed.
func Elements(s Set) *Seq {
	if n := s.Size(); n != Infinite && n <= MaxList {
		return SeqOf(Listed(s)...)
	}
	return &Seq{rest: &listing{set: s}}
}

// A listing is the rest of the elements of a set, after the first from.
type listing struct {
	set  Set
	from int
}

// Next lists twice as many elements as have been listed.
func (l *listing) Next() *Seq {
	n := max(2*l.from, 16)
	tooLong(n)
	var out []Value
	i := 0
	for v := range l.set.All() {
		if i >= l.from {
			out = append(out, v)
		}
		if i++; i == n {
			return SeqThen(out, &listing{l.set, n})
		}
	}
	return SeqOf(out...)
}
