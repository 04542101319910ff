package explore

import (
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/cspcheck/cspcheck/model"
)

// A part is some states that follow each other in the search, while they are
// expanded together.
type part struct {
	sys   System
	width int
	first int // the number of the first state

	steps    Steps
	bounds   []int     // the steps of the k-th state end at bounds[k]
	lefts    []Leaving // what was left out of the steps up to there; none if sys leaves nothing out
	after    []int     // how many states had been found after them
	keys     []uint64
	keyWidth int      // words of a key
	buf      []uint64 // memory for keys
	hashes   []uint64
	targets  []uint32
	once     once

	rest        []uint32 // steps that no memo knows where they lead
	again       []uint32 // steps that lead where an earlier one does, which is in rest
	lost        []uint32 // those of rest that need more than one look
	asked       []uint64 // memory for look
	found, left []uint32

	err error // of the state after the last

	// In a round, see rounds:
	known   bool                 // its keys need no learning
	by      *memo                // that remembered where its steps lead; nil if none did
	worker  int                  // that expanded it, or most of it
	where   []uint32             // where those in rest are in the order of regions
	sorted  []uint64             // their hashes in that order
	leads   []uint32             // and where they lead: a number, provisional or not, or isNew
	order   []uint32             // and which they are; of a set that is injective nobody asks
	at      [mostRegions + 1]int // those of region r are sorted[at[r]:at[r+1]]
	settled atomic.Bool          // all its targets are numbers
}

// clear makes it a part without states, from one on.
func (p *part) clear(first int) {
	p.first, p.err = first, nil
	p.steps.Reset()
	p.bounds, p.lefts, p.after = p.bounds[:0], p.lefts[:0], p.after[:0]
}

// stepBytes returns about what a step takes: its event and where it leads, as
// words, as a key and as a hash, and what is noted of it; see hash and scatter.
func (p *part) stepBytes() int64 { return 16*int64(p.width) + 48 }

// expand asks for the steps of states, up to a number of states and, but for
// the last one, of steps. After an error the part ends with the state before.
func (p *part) expand(s *store, states, steps int) {
	p.err = nil
	for i := p.first + len(p.bounds); i < s.n && len(p.bounds) < states && len(p.steps.Events) < steps; i++ {
		if p.err = p.one(s.at(i)); p.err != nil {
			return
		}
	}
}

// expandAll asks for the steps of states with such words, up to a number of steps
// but for the last state. After an error the part ends with the state before.
func (p *part) expandAll(words []uint64, steps int) {
	for ; len(words) > 0 && p.err == nil && len(p.steps.Events) < steps; words = words[p.width:] {
		p.err = p.one(words[:p.width])
	}
}

// one asks for the steps of the next state.
func (p *part) one(words []uint64) error {
	if err := p.steps.Ask(p.sys, words); err != nil {
		return err
	}
	if len(p.steps.States) != p.width*len(p.steps.Events) {
		panic(fmt.Sprintf("explore: %d events lead to states of %d words in all, of width %d", len(p.steps.Events), len(p.steps.States), p.width))
	}
	p.bounds = append(p.bounds, len(p.steps.Events))
	if p.steps.left.Name != "" {
		for len(p.lefts) < len(p.bounds)-1 { // these left out nothing
			p.lefts = append(p.lefts, Leaving{})
		}
		p.lefts = append(p.lefts, p.steps.left)
	}
	return nil
}

// leaving returns what was left out of the steps of the k-th state.
func (p *part) leaving(k int) Leaving {
	l := p.lefts[k]
	if k > 0 {
		l.Taken, l.Of = l.Taken-p.lefts[k-1].Taken, l.Of-p.lefts[k-1].Of
	}
	return l
}

// hash makes the keys of where the steps lead, and their hashes, and drops
// repeated steps of a state. It returns false if that takes learning and it
// may not, or wider keys.
func (p *part) hash(s *store, learn bool) bool {
	n := len(p.steps.Events)
	var ok bool
	if p.keys, ok = s.keysOf(p.steps.States, n, &p.buf, learn); !ok || s.outgrown() {
		return false
	}
	if n > cap(p.hashes) {
		p.hashes = make([]uint64, n+n/2)
		p.targets, p.rest = make([]uint32, n+n/2), make([]uint32, n+n/2)
	}
	p.hashes, p.targets, p.rest = p.hashes[:n], p.targets[:n], p.rest[:n]
	p.keyWidth = len(p.keys) / max(1, n)
	s.hashes(p.keys, p.hashes)
	if !isDistinct(p.sys) {
		p.compact()
	}
	return true
}

// key returns the key of where a step leads.
func (p *part) key(step int) []uint64 {
	w := p.keyWidth
	return p.keys[step*w : (step+1)*w]
}

// compact keeps the first of equal steps of each state, in order.
func (p *part) compact() {
	n, from := 0, 0
	for b, to := range p.bounds {
		start := n
		p.once.begin(to - from)
		for k := from; k < to; k++ {
			if p.once.likely(p.steps.Events[k], p.hashes[k]) && p.repeats(start, n, k) {
				continue
			}
			if n != k {
				p.move(n, k)
			}
			if p.once.many() {
				p.once.add(p.steps.Events[n], p.hashes[n], n)
			}
			n++
		}
		from = to
		p.bounds[b] = n
	}
	if dropped := len(p.hashes) - n; dropped > 0 {
		p.keys = p.keys[:p.keyWidth*n]
	}
	p.steps.Events, p.steps.States = p.steps.Events[:n], p.steps.States[:n*p.width]
	p.hashes, p.targets, p.rest = p.hashes[:n], p.targets[:n], p.rest[:n]
}

// move copies step k to n.
func (p *part) move(n, k int) {
	w := p.width
	p.steps.Events[n] = p.steps.Events[k]
	copy(p.steps.States[n*w:(n+1)*w], p.steps.States[k*w:(k+1)*w])
	if w > 0 && &p.keys[0] != &p.steps.States[0] {
		w = p.keyWidth
		copy(p.keys[n*w:(n+1)*w], p.keys[k*w:(k+1)*w])
	}
	p.hashes[n] = p.hashes[k]
}

// repeats reports whether step k is one of those from start to n.
func (p *part) repeats(start, n, k int) bool {
	if p.once.many() {
		return p.once.has(p.steps.Events[k], p.hashes[k], func(i int) bool { return p.same(i, k) })
	}
	for i := start; i < n; i++ {
		if p.same(i, k) {
			return true
		}
	}
	return false
}

// same reports whether two steps of a state are the same.
func (p *part) same(i, k int) bool {
	w := p.width
	return p.steps.Events[i] == p.steps.Events[k] && p.hashes[i] == p.hashes[k] &&
		slices.Equal(p.steps.States[i*w:(i+1)*w], p.steps.States[k*w:(k+1)*w])
}

// once notices what may be repeated transitions of a state.
type once struct {
	bits  uint64   // for hashes of those so far, if they are few
	table []uint32 // open addressing by hash: places plus one, if they are many
}

// begin forgets all, and makes room for n.
func (o *once) begin(n int) {
	const few = 24
	o.bits, o.table = 0, o.table[:0]
	if n <= few {
		return
	}
	size := 64
	for size < 2*n {
		size *= 2
	}
	o.table = room(o.table, size)
	clear(o.table)
}

func (o *once) many() bool { return len(o.table) > 0 }

// likely reports whether a transition may have come before: it says no only
// if it has not.
func (o *once) likely(e model.Event, h uint64) bool {
	if o.many() {
		return true
	}
	bit := uint64(1) << ((h>>32 + 5*uint64(uint32(e))) % 64)
	was := o.bits&bit != 0
	o.bits |= bit
	return was
}

// start returns where a transition belongs in the table.
func (o *once) start(e model.Event, h uint64) uint64 {
	return mix(h^uint64(uint32(e)), 0x9e3779b97f4a7c15) & uint64(len(o.table)-1)
}

// has reports whether one of those with a hash is the same.
func (o *once) has(e model.Event, h uint64, same func(i int) bool) bool {
	mask := uint64(len(o.table) - 1)
	for i := o.start(e, h); o.table[i] != 0; i = (i + 1) & mask {
		if same(int(o.table[i]) - 1) {
			return true
		}
	}
	return false
}

// add notes the place of a transition.
func (o *once) add(e model.Event, h uint64, place int) {
	mask := uint64(len(o.table) - 1)
	i := o.start(e, h)
	for o.table[i] != 0 {
		i = (i + 1) & mask
	}
	o.table[i] = uint32(place) + 1
}
