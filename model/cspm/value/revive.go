package value

import (
	"encoding/binary"
	"slices"
)

// Plain reports whether any Keys that are doubles of k can Revive what has the
// key: numbers, booleans and characters, and finite tuples, sequences, sets and
// dotted values of such. has reports whether there is a channel or constructor of an order.
func (k *Keys) Plain(key Key, has func(order int) bool) bool {
	if key&7 != keyTable {
		return true
	}
	n := key.Number()
	if n < len(k.plain) && k.plain[n] != 0 {
		return k.plain[n] > 0
	}
	plain := k.plainParts(k.common.Read(n-1), has)
	for n >= len(k.plain) {
		k.plain = append(k.plain, 0)
	}
	if k.plain[n] = -1; plain {
		k.plain[n] = 1
	}
	return plain
}

func (k *Keys) plainParts(b []byte, has func(int) bool) bool {
	if b[0] == tagLong || b[0] == tagGroup {
		return !slices.ContainsFunc(grouped(b), func(key Key) bool { return !k.Plain(key, has) })
	}
	tag, order, parts := composite(b)
	if tag == 0 || tag == tagDot && !has(order) {
		return false
	}
	for ; len(parts) > 0; parts = parts[8:] {
		if !k.Plain(Key(binary.LittleEndian.Uint64(parts)), has) {
			return false
		}
	}
	return true
}

// grouped returns the keys in the encoding of a long sequence, or of a group in
// one: of its elements, or of groups of them.
func grouped(b []byte) []Key {
	tag, b := b[0], b[1:]
	if tag == tagLong {
		_, from := binary.Uvarint(b)
		b = b[from:]
	}
	var keys []Key
	for len(b) > 0 {
		key, size := binary.Uvarint(b)
		keys, b = append(keys, Key(key)), b[size:]
	}
	return keys
}

// elems appends the elements of a long sequence, or of a group in one.
func (k *Keys) elems(vs []Value, b []byte, head func(int) *Head) []Value {
	for _, key := range grouped(b) {
		if key&7 == keyTable {
			if part := k.common.Read(key.Number() - 1); part[0] == tagGroup {
				vs = k.elems(vs, part, head)
				continue
			}
		}
		vs = append(vs, k.Revive(key, head))
	}
	return vs
}

// composite takes an encoding apart: its tag, the order of the head if it is a
// dotted value that has one, and the keys of its parts. The tag is 0 if it is
// of another kind.
func composite(b []byte) (tag byte, order int, parts []byte) {
	tag, b = b[0], b[1:]
	switch tag {
	case tagDot:
		order, b = int(binary.LittleEndian.Uint32(b)), b[4:]
	case tagTuple, tagSeq, tagSet, tagPlain:
	default:
		return 0, 0, nil
	}
	_, from := binary.Uvarint(b)
	return tag, order, b[from:]
}

// Revive returns a value that has the key, which is Plain: one that only the
// goroutine of k knows. head returns the channel or constructor of an order.
func (k *Keys) Revive(key Key, head func(order int) *Head) Value {
	switch key & 7 {
	case keyInt:
		return Int(int64(key) >> 3)
	case keyBool:
		return Bool(key>>3 != 0)
	case keyChar:
		return Char(key >> 3)
	}
	n := key.Number()
	if one := k.oneOf(n); one != nil {
		return one
	}
	v := k.revive(k.common.Read(n-1), head)
	if at := v.(interface{ cache() *Key }).cache(); *at == 0 {
		*at = key
	}
	k.setOne(n, v)
	return v
}

func (k *Keys) revive(b []byte, head func(int) *Head) Value {
	if b[0] == tagLong {
		return SeqOf(k.elems(nil, b, head)...)
	}
	tag, order, parts := composite(b)
	vs := make([]Value, len(parts)/8)
	for i := range vs {
		vs[i] = k.Revive(Key(binary.LittleEndian.Uint64(parts[8*i:])), head)
	}
	switch tag {
	case tagTuple:
		return &Tuple{Elems: vs}
	case tagSeq:
		return SeqOf(vs...)
	case tagSet:
		if len(vs) == 0 {
			return EmptySet
		}
		return &List{elems: vs}
	case tagPlain:
		return &Dot{Fields: vs}
	}
	return &Dot{Head: head(order), Fields: vs}
}

func (t *Tuple) cache() *Key { return &t.key }
func (s *Seq) cache() *Key   { return &s.key }
func (d *Dot) cache() *Key   { return &d.key }

// Double returns Keys that give equal values the same keys as k does, for
// another goroutine; k may go on.
func (k *Keys) Double() *Keys {
	if k.common == nil {
		k.Intern([]byte{tagSet, 0}) // what all tables share
		k.common = NewCommon(&k.number)
	}
	return &Keys{common: k.common, recent: make([]recent, mostRecent)}
}

// Read returns the encoding whose key it is, which begins with a tag; nil if k has no
// double. An Opaque's begins with TagOpaque.
func (k *Keys) Read(key Key) []byte {
	if k.common == nil || key&7 != keyTable {
		return nil
	}
	return k.common.Read(key.Number() - 1)
}

// TagOpaque begins the encodings of processes and functions.
const TagOpaque = tagOpaque
