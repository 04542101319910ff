package explore

import (
	"slices"
	"unsafe"

	"github.com/cspcheck/cspcheck/model"
)

// The looks of an index are at adjoining fields of together at most lookBits,
// as long as the lists are few in all, or share of what they list. What they
// need of each other is then known, and so is left out.
const (
	lookBits  = 8
	fewLists  = 1 << 10
	lookShare = 4
	longList  = 16 // is split, if it can be

	lookBytes = 1 << 16 // that most take less than
)

// look makes the looks of all words.
func (b *indexer) look() {
	byWord := make([][]int32, b.width)
	for c := range b.members {
		if b.chance[c] != nil {
			w := b.members[c].word
			byWord[w] = append(byWord[w], int32(c))
		}
	}
	for w, members := range byWord {
		x := indexWord{word: int32(w), rests: true}
		for len(members) > 0 {
			n := b.together(members)
			if n == 0 {
				members = members[1:] // nothing is listed under it
				continue
			}
			if b.short(lookBytes) {
				return
			}
			l := b.lookAt(members[:n])
			at := uint64(0)
			for _, c := range members[:n] {
				m := &b.members[c]
				at |= uint64(b.likeliest(c)) << m.shift
			}
			x.mask |= l.mask << l.shift
			x.rest |= at
			v := at >> l.shift & l.mask
			x.rests = x.rests && l.first[v] == l.first[v+1] && (l.further == nil || l.further[v] == nil)
			x.looks = append(x.looks, l)
			members = members[n:]
		}
		if len(x.looks) > 0 {
			b.x.words = append(b.x.words, x)
		}
	}
}

// likeliest returns the local state in which a member is most often.
func (b *indexer) likeliest(c int32) model.State {
	best := 0
	for s, chance := range b.chance[c] {
		if chance > b.chance[c][best] {
			best = s
		}
	}
	return model.State(best)
}

// together returns how many of some members one look is to be at, or 0 if
// nothing is listed under the first.
func (b *indexer) together(members []int32) int {
	count := func(c int32) (all int) {
		for _, list := range b.lists[c] {
			all += len(list)
		}
		return all
	}
	total, cases, entries := uint(0), 0, 0 // entries are all lists together, at most
	for i, c := range members {
		m := &b.members[c]
		own := count(c)
		if i == 0 && own == 0 {
			return 0
		}
		cases += own
		entries = entries<<m.bits() + own<<total
		total += m.bits()
		adjoins := i == 0 || b.members[members[i-1]].shift+b.members[members[i-1]].bits() == m.shift
		if i > 0 && (!adjoins || total > lookBits || entries > max(fewLists, lookShare*cases)) {
			return i
		}
	}
	return len(members)
}

// lookAt makes the look at some adjoining members.
func (b *indexer) lookAt(members []int32) look {
	l := b.emptyLook(members)
	for _, c := range members {
		b.settled[c] = true
	}
	for v := range l.mask + 1 {
		var list []int32
		for _, c := range members {
			m := &b.members[c]
			if local := v >> (m.shift - uint(l.shift)) & m.mask; local < uint64(m.machine.Len()) {
				list = append(list, b.lists[c][local]...)
			}
		}
		list = slices.DeleteFunc(list, func(number int32) bool {
			return slices.ContainsFunc(b.needs(number), func(n literal) bool {
				m := &b.members[n.member]
				return slices.Contains(members, n.member) && v>>(m.shift-uint(l.shift))&m.mask != uint64(n.state)
			})
		})
		b.fill(&l, list, nil)
	}
	for _, c := range members {
		b.settled[c] = false
	}
	return l
}

// emptyLook returns a look at some adjoining members, with no values yet.
func (b *indexer) emptyLook(members []int32) look {
	from := &b.members[members[0]]
	l := look{word: int32(from.word), shift: uint8(from.shift), first: []int32{0}}
	for _, c := range members {
		m := &b.members[c]
		l.mask |= m.mask << (m.shift - from.shift)
	}
	return l
}

// fill lists cases for the next value of a look. Who needs what of whom is
// counted, or nil.
func (b *indexer) fill(l *look, list []int32, counted []needed) {
	list, further := b.split(list, counted)
	if all := len(l.entries) + len(list); all > cap(l.entries) && b.short(2*all*int(unsafe.Sizeof(indexEntry{}))) {
		list = nil
	}
	for _, number := range list {
		l.entries = append(l.entries, b.entry(number))
	}
	l.first = append(l.first, int32(len(l.entries)))
	if further != nil && l.further == nil {
		l.further = make([][]look, l.mask+1)
	}
	if further != nil {
		l.further[len(l.first)-2] = further
	}
}

// A needed is a member, and how many cases of a list need something of it.
type needed struct {
	member int32
	cases  int
}

// count counts them.
func (b *indexer) count(list []int32) (counted []needed) {
	for _, number := range list {
		for _, n := range b.needs(number) {
			if b.counts[n.member]++; b.counts[n.member] == 1 {
				counted = append(counted, needed{member: n.member})
			}
		}
	}
	for i := range counted {
		c := &counted[i]
		c.cases, b.counts[c.member] = b.counts[c.member], 0
	}
	return counted
}

// split makes looks of a list that is long, at members of which many of its
// cases need something, and returns what is left. Where all need the same of one,
// what they need besides is not counted again.
func (b *indexer) split(list []int32, counted []needed) (left []int32, further []look) {
	for ; len(list) > longList; counted = nil {
		if counted == nil {
			counted = b.count(list)
		}
		best, most := int32(-1), 0
		for _, c := range counted {
			if c.cases > most && !b.settled[c.member] && b.chance[c.member] != nil {
				best, most = c.member, c.cases
			}
		}
		if best < 0 || most <= longList/2 || len(b.chance[best]) > lookShare*most {
			break
		}
		all := len(list)
		byState := make([][]int32, len(b.chance[best]))
		list = slices.DeleteFunc(slices.Clone(list), func(number int32) bool {
			for _, n := range b.needs(number) {
				if n.member == best {
					byState[n.state] = append(byState[n.state], number)
					return true
				}
			}
			return false
		})
		l := b.emptyLook([]int32{best})
		b.settled[best] = true
		for v := range l.mask + 1 {
			var own []int32
			if v < uint64(len(byState)) {
				own = byState[v]
			}
			if len(own) == all {
				b.fill(&l, own, counted)
			} else {
				b.fill(&l, own, nil)
			}
		}
		b.settled[best] = false
		further = append(further, l)
	}
	return list, further
}

// entry returns what a case needs besides what is settled: in the word with
// the least likely of it, if there are several.
func (b *indexer) entry(number int32) indexEntry {
	e := indexEntry{number: number}
	least := 2.0
	for _, n := range b.needs(number) {
		chance := 1.0 // unknown
		if b.chance[n.member] != nil {
			chance = b.chance[n.member][n.state]
		}
		if !b.settled[n.member] && chance < least {
			e.word, least = int32(b.members[n.member].word), chance
		}
	}
	for _, n := range b.needs(number) {
		m := &b.members[n.member]
		switch {
		case b.settled[n.member]:
		case int32(m.word) != e.word:
			b.x.cases[number].whole = false
		default:
			e.mask |= m.mask << m.shift
			e.want |= uint64(n.state) << m.shift
		}
	}
	return e
}
