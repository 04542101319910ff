package lts

import (
	"math/bits"

	"github.com/cspcheck/cspcheck/model"
)

// A table tells where events lead from nodes: open addressing with linear
// probing, at most half full.
type table struct {
	entries []entry
	used    int
}

type entry struct {
	key  uint64 // never 0, which is empty
	node Node
}

func newTable() table { return table{entries: make([]entry, 64)} }

func keyOf(x Node, e model.Event) uint64 { return uint64(uint32(x)+1)<<32 | uint64(uint32(e)) }

func (t *table) get(x Node, e model.Event) (Node, bool) {
	key, mask := keyOf(x, e), uint64(len(t.entries)-1)
	for i := mix(key, k0) & mask; ; i = (i + 1) & mask {
		switch t.entries[i].key {
		case key:
			return t.entries[i].node, true
		case 0:
			return none, false
		}
	}
}

// put adds what is not there yet.
func (t *table) put(x Node, e model.Event, y Node) {
	if 2*(t.used+1) > len(t.entries) {
		old := t.entries
		t.entries = make([]entry, 2*len(old))
		for _, o := range old {
			if o.key != 0 {
				t.place(o)
			}
		}
	}
	t.place(entry{keyOf(x, e), y})
	t.used++
}

func (t *table) place(o entry) {
	mask := uint64(len(t.entries) - 1)
	i := mix(o.key, k0) & mask
	for t.entries[i].key != 0 {
		i = (i + 1) & mask
	}
	t.entries[i] = o
}

const k0, k1 = 0xa0761d6478bd642f, 0xe7037ed1a0b428db

// hash mixes a set of states.
func hash(set []uint32) uint64 {
	h := uint64(len(set)) ^ k1
	for _, s := range set {
		h = mix(h^uint64(s), k0)
	}
	return h
}

func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}
