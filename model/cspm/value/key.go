package value

import "encoding/binary"

// A Key stands for a value: two values have the same key exactly if they are
// equal (but see maxKeyed). The low three bits say what the others are. 0 is no key.
type Key uint64

const (
	keyInt   = 1 // a signed integer that fits
	keyBool  = 2
	keyChar  = 3
	keyTable = 4 // a number in the table
)

// The keys of the values that all scripts share are the same in every table.
const (
	keyEmptySet Key = 1<<3 | keyTable
	keyEmptySeq Key = 2<<3 | keyTable
	keyEmptyMap Key = 3<<3 | keyTable
)

// Keys numbers composite values. The zero value is ready for use.
type Keys struct {
	// Try, if not nil, calls its argument and returns the Fault that it panics
	// with, or nil; evaluation can go on then as if it had not been called.
	Try func(func()) *Fault
	// MainOnly, if not nil, is called before what a double must leave to others.
	MainOnly func()

	number Numbering // of encodings
	free   [][]byte  // buffers that are not in use
	nest   int       // calls of Of that have not returned, but for those of atoms
	one    []Value   // by number: the value that stands for those that are equal
	recent []recent  // in place of one, of a double: some of them, by number modulo its length
	ranks  map[Key]int
	plain  []int8  // by number: 1, what Plain says; -1, what it does not
	common *Common // in place of number, once there is a double
}

// Nest returns how deep the value is nested that is being numbered. Whoever
// catches a Fault hands the depth from before to Unwind.
func (k *Keys) Nest() int { return k.nest }

// Unwind goes back to a depth after a panic.
func (k *Keys) Unwind(nest int) { k.nest = nest }

// Tags of composite values in the table.
const (
	tagBig = iota + 1
	tagTuple
	tagSeq
	tagSeqFrom
	tagSet
	tagInfinite
	tagMap
	tagPlain
	tagDot
	tagOpaque
	tagFault
	tagSeqFault
	tagLong
	tagGroup
	// TagUser is the first tag free for other packages.
	TagUser
)

// Of returns the key of v, which it evaluates completely.
//
// What fails to evaluate has a key too, that of the mistake: a process may be
// called with an argument that it never looks at.
func (k *Keys) Of(v Value) Key {
	if t, ok := v.(*Thunk); ok && t.Code != nil {
		if f := k.try(func() { Force(t) }); f != nil {
			return k.Intern(f.append([]byte{tagFault}))
		}
	}
	switch v := Force(v).(type) {
	case Int:
		if n := int64(v); n<<3>>3 == n {
			return Key(uint64(n)<<3 | keyInt)
		}
		return k.Intern(binary.LittleEndian.AppendUint64([]byte{tagBig}, uint64(v)))
	case Bool:
		return Key(uint64(btoi(bool(v)))<<3 | keyBool)
	case Char:
		return Key(uint64(v)<<3 | keyChar)
	case *Tuple:
		return k.cached(&v.key, v)
	case *Seq:
		return k.cached(&v.key, v)
	case *Map:
		return k.cached(&v.key, v)
	case *Dot:
		return k.cached(&v.key, v)
	case Set:
		return k.cached(v.cache(), v)
	case Opaque:
		return k.cached(v.KeyCache(), v)
	}
	panic("value: a value of an unknown kind")
}

// try calls f and returns the mistake that it fails with. Limits it lets pass.
func (k *Keys) try(f func()) *Fault {
	if k.Try == nil {
		f()
		return nil
	}
	fault := k.Try(f)
	if fault != nil && fault.Limit {
		panic(fault)
	}
	return fault
}

// append appends what tells f from other mistakes.
func (f *Fault) append(b []byte) []byte {
	b = binary.LittleEndian.AppendUint64(b, uint64(f.At.Start)<<32|uint64(f.At.End))
	return append(b, f.Msg...)
}

// OfOpaque returns the key that an Opaque has whose AppendKey appends what o's
// does behind a tag.
func (k *Keys) OfOpaque(tag byte, o interface {
	AppendKey(*Keys, []byte) []byte
}) Key {
	b := o.AppendKey(k, append(k.take(), tagOpaque, tag))
	key := k.Intern(b)
	k.free = append(k.free, b)
	return key
}

// cached returns the key of v, a composite value that remembers it there.
func (k *Keys) cached(at *Key, v Value) Key {
	if *at == 0 {
		k.nest++
		tooDeep(k.nest)
		b := k.encode(k.take(), v)
		*at = k.Intern(b)
		k.free = append(k.free, b)
		k.nest--
	}
	return *at
}

// encode appends a tag and the keys of what v is made of.
func (k *Keys) encode(b []byte, v Value) []byte {
	switch v := v.(type) {
	case *Tuple:
		return k.AppendAll(append(b, tagTuple), v.Elems)
	case *Seq:
		return k.appendSeq(b, v)
	case *Map:
		keys, vals := v.all()
		return k.AppendAll(k.AppendAll(append(b, tagMap), keys), vals)
	case *Dot:
		if v.Head == nil {
			return k.AppendAll(append(b, tagPlain), v.Fields)
		}
		b = binary.LittleEndian.AppendUint32(append(b, tagDot), uint32(v.Head.Order))
		return k.AppendAll(b, v.Fields)
	case Set:
		return k.appendSet(b, v)
	}
	return v.(Opaque).AppendKey(k, append(b, tagOpaque))
}

// take hands out an empty buffer. Calls of Of are nested: each has its own
// until it gives it back.
func (k *Keys) take() []byte {
	n := len(k.free)
	if n == 0 {
		return make([]byte, 0, 64)
	}
	b := k.free[n-1]
	k.free = k.free[:n-1]
	return b[:0]
}

// Append appends the key of v.
func (k *Keys) Append(b []byte, v Value) []byte {
	return binary.LittleEndian.AppendUint64(b, uint64(k.Of(v)))
}

// AppendAll appends how many values there are, and their keys.
func (k *Keys) AppendAll(b []byte, vs []Value) []byte {
	b = binary.AppendUvarint(b, uint64(len(vs)))
	for _, v := range vs {
		b = k.Append(b, v)
	}
	return b
}

// Intern returns the number of an encoding that starts with a tag.
func (k *Keys) Intern(b []byte) Key {
	if k.common != nil {
		n, _ := k.common.Of(b)
		return Key(uint64(n+1)<<3 | keyTable)
	}
	if k.number.Len() == 0 {
		for _, shared := range [][]byte{{tagSet, 0}, {tagSeq, 0}, {tagMap, 0, 0}} {
			k.number.Of(shared)
		}
	}
	n, _ := k.number.Of(b)
	return Key(uint64(n+1)<<3 | keyTable)
}

// Number returns the number of a key of an Opaque: 1, 2, ..., a few of which
// are those of other composite values.
func (key Key) Number() int { return int(key >> 3) }

// KeyOf returns the key that has a Number.
func KeyOf(number int) Key { return Key(uint64(number)<<3 | keyTable) }

// Share returns the value that stands for all that are equal to v, which is
// evaluated completely: whoever keeps many values keeps each once.
func (k *Keys) Share(v Value) Value {
	key := k.Of(v)
	v = Force(v)
	if key&7 != keyTable {
		return v
	}
	n := key.Number()
	if one := k.oneOf(n); one != nil {
		return one
	}
	k.setOne(n, v)
	return v
}

// A recent is a value that stands for those that are equal, and its number.
type recent struct {
	number int
	value  Value
}

// How many values a double has in recent.
const mostRecent = 1 << 11

func (k *Keys) oneOf(n int) Value {
	if k.recent != nil {
		if r := &k.recent[n%mostRecent]; r.number == n {
			return r.value
		}
		return nil
	}
	if n < len(k.one) {
		return k.one[n]
	}
	return nil
}

func (k *Keys) setOne(n int, v Value) {
	if k.recent != nil {
		k.recent[n%mostRecent] = recent{n, v}
		return
	}
	for n >= len(k.one) {
		k.one = append(k.one, nil)
	}
	k.one[n] = v
}

// rank returns where a process or function stands among others, in an order
// that depends on nothing but which of them were asked for first.
func (k *Keys) rank(v Value) int {
	if k.MainOnly != nil {
		k.MainOnly()
	}
	key := k.Of(v)
	n, ok := k.ranks[key]
	if !ok {
		if k.ranks == nil {
			k.ranks = map[Key]int{}
		}
		n = len(k.ranks)
		k.ranks[key] = n
	}
	return n
}

func (k *Keys) appendSeq(b []byte, s *Seq) []byte {
	if s.rest == nil && s.more == nil && len(s.elems) <= short {
		return k.AppendAll(append(b, tagSeq), s.elems)
	}
	if _, ok := s.rest.(Drainer); ok {
		k.try(s.drain)
	}
	for s.rest != nil && !s.infinite() && s.size() <= MaxList {
		if f := k.try(func() { s.fill(s.size() + 1) }); f != nil {
			return f.append(k.AppendAll(append(b, tagSeqFault), s.known()))
		}
	}
	if n, ok := s.rest.(upFrom); ok {
		// 1, 2, <3..> is <1..>
		elems := s.known()
		for i := len(elems) - 1; i >= 0; i-- {
			if v, ok := Force(elems[i]).(Int); !ok || int64(v) != int64(n)-1 {
				break
			}
			elems, n = elems[:i], n-1
		}
		b = binary.LittleEndian.AppendUint64(append(b, tagSeqFrom), uint64(n))
		return k.AppendAll(b, elems)
	}
	if s.Len() > short {
		return k.appendLong(b, s)
	}
	return k.AppendAll(append(b, tagSeq), s.known())
}

// appendLong appends what stands for a long sequence: instead of the keys of
// its elements those of groups of them, or of groups of groups, as long as
// there are many. Groups are counted from the front, so that sequences that
// begin alike have most groups in common: one element more takes one new
// group, and one that it is in, and so on.
func (k *Keys) appendLong(b []byte, s *Seq) []byte {
	n := s.size()
	tooLong(n)
	groups := make([]Key, 0, (n+group-1)/group)
	part, of := append(k.take(), tagGroup), 0
	add := func(key Key, last bool) {
		part = binary.AppendUvarint(part, uint64(key))
		if of++; of == group || last {
			groups = append(groups, k.Intern(part))
			part, of = part[:1], 0
		}
	}
	left := n
	s.slices(func(vs []Value) {
		for _, v := range vs {
			left--
			add(k.Of(v), left == 0)
		}
	})
	for len(groups) > group {
		lower := groups
		groups = lower[:0] // what is written has been read
		for i, key := range lower {
			add(key, i == len(lower)-1)
		}
	}
	k.free = append(k.free, part)
	b = binary.AppendUvarint(append(b, tagLong), uint64(n))
	for _, key := range groups {
		b = binary.AppendUvarint(b, uint64(key))
	}
	return b
}

// How many keys are taken together.
const group = 32

// The largest set that is listed for its key. Two larger ones, or infinite
// ones, that are equal but described differently have different keys: a
// search then takes two equal states for different ones, never the reverse.
const maxKeyed = 1 << 16

func (k *Keys) appendSet(b []byte, s Set) []byte {
	if n := Most(s); n > 4*MaxList { // it need not be possible to count it
		return s.appendForm(k, append(b, tagInfinite))
	}
	if n := s.Size(); n != Infinite && n <= maxKeyed {
		return k.AppendAll(append(b, tagSet), Listed(s))
	}
	return s.appendForm(k, append(b, tagInfinite))
}
