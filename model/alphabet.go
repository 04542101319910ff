package model

import (
	"fmt"
	"iter"
	"math/bits"
	"slices"
	"strings"
)

// An Alphabet is a set of visible events, ✓ allowed and τ not. The zero
// value is the empty set. Its methods make new sets and leave the old ones
// as they were.
type Alphabet struct {
	words []uint64 // event e is bit e%64 of words[e/64]; the last word is not 0
}

// NewAlphabet returns the set of the given events. It panics if one is τ.
func NewAlphabet(events ...Event) Alphabet {
	var a Alphabet
	for _, e := range events {
		if e <= Tau {
			panic(fmt.Sprintf("model: event %d in an alphabet is not visible", e))
		}
		if n := int(e)/64 + 1; n > len(a.words) {
			a.words = append(a.words, make([]uint64, n-len(a.words))...)
		}
		a.words[e/64] |= 1 << (e % 64)
	}
	return a
}

// Contains reports whether e is in a.
func (a Alphabet) Contains(e Event) bool {
	return e >= 0 && int(e)/64 < len(a.words) && a.words[e/64]>>(e%64)&1 != 0
}

// Len returns how many events a has.
func (a Alphabet) Len() int {
	n := 0
	for _, w := range a.words {
		n += bits.OnesCount64(w)
	}
	return n
}

// All yields the events of a, smallest number first.
func (a Alphabet) All() iter.Seq[Event] {
	return func(yield func(Event) bool) {
		for i, w := range a.words {
			for ; w != 0; w &= w - 1 {
				if !yield(Event(i*64 + bits.TrailingZeros64(w))) {
					return
				}
			}
		}
	}
}

// Union returns a ∪ b.
func (a Alphabet) Union(b Alphabet) Alphabet {
	if len(a.words) < len(b.words) {
		a, b = b, a
	}
	words := slices.Clone(a.words)
	for i, w := range b.words {
		words[i] |= w
	}
	return Alphabet{words}
}

// Inter returns a ∩ b.
func (a Alphabet) Inter(b Alphabet) Alphabet {
	words := slices.Clone(a.words[:min(len(a.words), len(b.words))])
	for i := range words {
		words[i] &= b.words[i]
	}
	return Alphabet{trim(words)}
}

// Diff returns a \ b.
func (a Alphabet) Diff(b Alphabet) Alphabet {
	words := slices.Clone(a.words)
	for i := range min(len(a.words), len(b.words)) {
		words[i] &^= b.words[i]
	}
	return Alphabet{trim(words)}
}

// Equal reports whether a and b have the same events.
func (a Alphabet) Equal(b Alphabet) bool { return slices.Equal(a.words, b.words) }

// SubsetOf reports whether every event of a is in b.
func (a Alphabet) SubsetOf(b Alphabet) bool {
	if len(a.words) > len(b.words) {
		return false
	}
	for i, w := range a.words {
		if w&^b.words[i] != 0 {
			return false
		}
	}
	return true
}

// Text returns the set with its names, in the order of the numbers: "{a, b}".
func (a Alphabet) Text(t *Events) string {
	var names []string
	for e := range a.All() {
		names = append(names, t.Name(e))
	}
	return "{" + strings.Join(names, ", ") + "}"
}

// trim drops zeros at the end, so that equal sets are equal slices.
func trim(words []uint64) []uint64 {
	for len(words) > 0 && words[len(words)-1] == 0 {
		words = words[:len(words)-1]
	}
	return words
}
