package explore

import (
	"math"
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// An index finds the moves that are possible in a state of several words,
// without a look at each component, or at each move that a leader could do if
// its peers let it.
//
// What a move needs is spelt out as cases: in each, some components are in one
// local state each. A case is listed under the least likely of these, whether
// that is its leader's or not: a component at rest is then likely to have
// nothing listed under it, and whole words of such components are passed by
// at one look. The cases found are sorted into the order of successors.
//
// (To find the rules whose conditions hold by the facts that are rare, and
// share the tests of many: Forgy, "Rete", 1982.)
type index struct {
	words  []indexWord
	always []int32 // cases that need nothing
	cases  []indexCase
	lone   []lone

	literals []literal
}

// An indexWord is what is listed under the local states in a word. There is
// nothing if they are all at rest.
type indexWord struct {
	word  int32
	rests bool // there is such a value
	mask  uint64
	rest  uint64 // under the mask
	looks []look
}

// A look lists cases by the value of some adjoining bits of a word.
type look struct {
	mask    uint64 // shifted down
	word    int32
	shift   uint8
	first   []int32 // those of value v are entries[first[v]:first[v+1]]
	entries []indexEntry
	further [][]look // and, by value, those that others list; nil if none do
}

// An indexEntry is a case, in states that are want under the mask.
type indexEntry struct {
	mask, want uint64
	word       int32
	number     int32 // of the case
}

// An indexCase is a way in which a move is possible. The numbers of cases are
// in the order of successors. If it is whole, what is listed with it is all
// that it needs, and the deltas are all that it does. Or else, if what it needs
// is so, the move is to be asked: at most one case of a move comes to that.
type indexCase struct {
	deltas [2]uint64 // to be xored into the words
	words  [2]int32
	event  model.Event
	whole  bool
	lo, hi int32 // what it needs is literals[lo:hi], if it is not whole
	move   *move
}

// A literal is that a member is in a local state.
type literal struct {
	member int32
	state  model.State
}

// A lone is a leader whose moves are not in the index. They come before the
// cases from a number on.
type lone struct {
	leader int32
	before int32
}

// find returns the cases of s, in order, but for some that may turn out not
// to be: those that are not whole.
func (x *index) find(s []uint64, found []int32) []int32 {
	found = append(found, x.always...)
	for i := range x.words {
		w := &x.words[i]
		if s[w.word]&w.mask == w.rest && w.rests {
			continue
		}
		for j := range w.looks {
			found = w.looks[j].find(s, found)
		}
	}
	if !slices.IsSorted(found) {
		slices.Sort(found)
	}
	return found
}

// find appends the cases of s that are listed. No branch depends on what else
// they need: that could not be predicted.
func (l *look) find(s []uint64, found []int32) []int32 {
	v := s[l.word] >> l.shift & l.mask
	if entries := l.entries[l.first[v]:l.first[v+1]]; len(entries) > 0 {
		n := len(found)
		found = room(found, len(entries))
		for i := range entries {
			e := &entries[i]
			found[n] = e.number
			if s[e.word]&e.mask == e.want {
				n++
			}
		}
		found = found[:n]
	}
	if l.further != nil {
		for i := range l.further[v] {
			found = l.further[v][i].find(s, found)
		}
	}
	return found
}

// stepsN is steps1 for states of several words.
func (n *network) stepsN(s []uint64, out *Steps) {
	if n.index == nil {
		n.makeIndex()
	}
	if n.err = n.broken; n.err != nil {
		return
	}
	x := n.index
	n.found = x.find(s, n.found[:0])
	late := x.lone
	for found := n.found; len(found) > 0; {
		for len(late) > 0 && late[0].before <= found[0] {
			n.stepsOf(late[0].leader, s, out)
			late = late[1:]
		}
		if err := out.check(); err != nil {
			n.err = err
			return
		}
		if c := &x.cases[found[0]]; !c.whole {
			if n.all(x.literals[c.lo:c.hi], s) {
				n.try(c.move, s, out)
			}
			found = found[1:]
			continue
		}
		before := int32(math.MaxInt32)
		if len(late) > 0 {
			before = late[0].before
		}
		found = x.write(s, found, before, out)
	}
	for _, l := range late {
		n.stepsOf(l.leader, s, out)
	}
}

// all reports whether members are in certain local states.
func (n *network) all(literals []literal, s []uint64) bool {
	for _, l := range literals {
		if n.members[l.member].get(s) != l.state {
			return false
		}
	}
	return true
}

// write appends what comes of the first cases of some found that are whole,
// and below a number. It returns the others.
func (x *index) write(s []uint64, found []int32, before int32, out *Steps) []int32 {
	w := len(s)
	at := len(out.States)
	out.Events = slices.Grow(out.Events, len(found))
	states := room(out.States, w*len(found))
	for len(found) > 0 && found[0] < before {
		c := &x.cases[found[0]]
		if !c.whole {
			break
		}
		t := states[at : at+w]
		copy(t, s)
		t[c.words[0]] ^= c.deltas[0]
		t[c.words[1]] ^= c.deltas[1]
		out.Events = append(out.Events, c.event)
		at += w
		found = found[1:]
	}
	out.States = states[:at]
	return found
}
