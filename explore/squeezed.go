package explore

import (
	"fmt"
	"math/bits"
)

// A Growing is a Narrow in whose words there are fields for numbers of which
// nobody knows yet how large they will be, as those of the states of a
// component on demand. A store gives them as few bits as it can.
type Growing interface {
	Narrow
	Growing() []Bitfield
}

// A Bitfield is some adjoining bits of a word of a state.
type Bitfield struct {
	Word        int
	Shift, Bits uint
}

// GrowingFields returns those of a system, none if it has none.
func GrowingFields(sys System) []Bitfield {
	if g, ok := sys.(Growing); ok {
		return g.Growing()
	}
	return nil
}

// A squeezed folds the words of a state into one, giving growing fields as
// many bits as they need as yet. When one needs more, the keys of all states
// are made again.
type squeezed struct {
	layout []int
	fields []squeeze
	most   uint // bits of a key
	over   bool // a field needs more bits than it has
}

// A squeeze is a field of a squeezed.
type squeeze struct {
	Bitfield
	grows bool
	now   uint   // bits in a key
	seen  uint64 // all values, together
}

// fewBits are those that a growing field gets at first.
const fewBits = 6

// newSqueezed returns one for states of a layout with growing fields, or nil
// if keys would have more than most bits.
func newSqueezed(layout []int, growing []Bitfield, most uint) *squeezed {
	q := &squeezed{layout: layout, most: most}
	for w, n := range layout {
		from := uint(0)
		fixed := func(to uint) {
			if to > from {
				q.fields = append(q.fields, squeeze{Bitfield: Bitfield{w, from, to - from}, now: to - from})
			}
		}
		for _, f := range growing { // they come in order, see network.pack
			if f.Word == w {
				fixed(f.Shift)
				q.fields = append(q.fields, squeeze{Bitfield: f, grows: true, now: min(fewBits, f.Bits)})
				from = f.Shift + f.Bits
			}
		}
		fixed(uint(n))
	}
	if q.bits() > q.most {
		return nil
	}
	return q
}

// bits returns those of a key.
func (q *squeezed) bits() (total uint) {
	for i := range q.fields {
		total += q.fields[i].now
	}
	return total
}

func (q *squeezed) fold(words, keys []uint64, learn bool) bool {
	w := len(q.layout)
	clear(keys)
	over := uint64(0)
	for i := range q.fields {
		f := &q.fields[i]
		shift, now, mask, all := f.Shift, f.now, uint64(1)<<f.Bits-1, uint64(0)
		for k, at := 0, f.Word; k < len(keys); k, at = k+1, at+w {
			v := words[at] >> shift & mask
			all |= v
			keys[k] = keys[k]<<now | v&(1<<now-1)
		}
		over |= all >> now
		if learn {
			f.seen |= all
		}
	}
	q.must(words)
	if over != 0 && learn {
		q.over = true
	}
	return over == 0 || learn
}

// must panics if a word has bits that no field has.
func (q *squeezed) must(words []uint64) {
	w := len(q.layout)
	for i, n := range q.layout {
		all := uint64(0)
		for at := i; at < len(words); at += w {
			all |= words[at]
		}
		if all>>n != 0 {
			panic(beyond)
		}
	}
}

// unfold sets words to those of a key.
func (q *squeezed) unfold(key uint64, words []uint64) {
	clear(words)
	for i := len(q.fields) - 1; i >= 0; i-- {
		f := &q.fields[i]
		words[f.Word] |= key & (1<<f.now - 1) << f.Shift
		key >>= f.now
	}
}

// fits reports whether a state has a key as yet.
func (q *squeezed) fits(words []uint64) bool {
	for i := range q.fields {
		if f := &q.fields[i]; words[f.Word]>>f.Shift&(1<<f.Bits-1)>>f.now != 0 {
			return false
		}
	}
	return true
}

func (q *squeezed) outgrown() bool { return q.over }

// widen gives fields the bits that they need, all keys together being those
// given, and what else slots have room for: so that they need more again as
// late as may be. It reports whether keys have enough bits for that.
func (q *squeezed) widen(keys uint64) bool {
	q.over = false
	words := make([]uint64, len(q.layout))
	q.unfold(keys, words)
	for i := range q.fields {
		f := &q.fields[i]
		f.seen |= words[f.Word] >> f.Shift & (1<<f.Bits - 1) // forks don't note it
		if f.grows {
			f.now = uint(bits.Len64(f.seen))
		}
	}
	total := q.bits()
	if total > q.most {
		return false
	}
	spare := q.most - total
	if total <= exactBits {
		spare = min((total+leastOff+7)/8*8-leastOff, exactBits) - total
	}
	for spare > 0 { // to the narrowest
		var least *squeeze
		for i := range q.fields {
			if f := &q.fields[i]; f.grows && f.now < f.Bits && (least == nil || f.now < least.now) {
				least = f
			}
		}
		if least == nil {
			break
		}
		least.now++
		spare--
	}
	return true
}

// repack makes the keys of all states again, for a fold that has outgrown its
// keys. Where they would be too long for that, the states go into another
// kind of store. The error is a *Limit.
func (s *store) repack(q *squeezed) error {
	was, old := *q, s.set.(inline)
	was.fields = append([]squeeze(nil), q.fields...)
	words, key, all := make([]uint64, s.width), make([]uint64, 1), uint64(0)
	old.each(func(k uint64, _ int) { all |= k })
	switch {
	case q.widen(all):
		s.set = rekeyed(old, int(q.bits()), func(k uint64) uint64 {
			was.unfold(k, words)
			q.fold(words, key, true)
			return key[0]
		})
	case s.strict && s.width == plainWords:
		x := newDouble()
		x.resize(old.table().count)
		old.each(func(k uint64, number int) {
			was.unfold(k, words)
			x.insertAt(hash(words), words[1], uint32(number+1), 0)
		})
		s.set, s.fold = x, nil
	case s.strict:
		q.fields = was.fields
		return &Limit{Reason: fmt.Sprintf("states need more bits than --store %s has room for, which is %d, or %d words, and they have %d", s.kind, plainBits, plainWords, s.width)}
	case s.kept:
		t := newTagged(s.states)
		t.extend(old.table().count)
		t.refill()
		s.kind, s.set, s.fold = StorePacked, t, nil
	default:
		t := newTree(s.layout)
		old.each(func(k uint64, _ int) { // it learns the parts
			was.unfold(k, words)
			t.fold(words, key, true)
		})
		if err := t.enough(); err != nil {
			return err
		}
		old.table().ample = 0 // a tree is to take little
		s.set = rekeyed(old, int(t.halves[0]+t.halves[1]), func(k uint64) uint64 {
			was.unfold(k, words)
			t.fold(words, key, true)
			return key[0]
		})
		s.kind, s.fold = StoreTree, t
	}
	return nil
}
