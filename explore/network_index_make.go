package explore

import (
	"math/bits"
	"math/rand/v2"
	"slices"
	"unsafe"

	"github.com/cspcheck/cspcheck/model"
)

// What is larger than this is not spelt out in an index.
const (
	indexStates = 1 << 12 // of a member, for cases to be listed under them
	indexMoves  = 1 << 18 // that a member leads
	indexCases  = 1 << 8  // of a move
)

// To list a case takes about so many bytes: of who shares looks, and of the
// lists.
const listBytes = 64

// An indexer makes an index.
type indexer struct {
	*network
	x        *index
	fields   [][64]int32             // by word: the member that has a bit
	literals []literal               // of all cases
	first    []int32                 // those of case i are literals[first[i]:first[i+1]]
	leader   int32                   // whose moves are spelt out
	ledBy    []int32                 // by case: its leader
	chance   [][]float64             // by member and local state: how often it is in it, about; nil if nothing can be listed there
	many     [][]int32               // likewise: the cases that need it, of few others
	shares   map[common]int          // see share
	lists    [][][]int32             // likewise: the cases listed
	able     map[int32][]model.State // of tables, by their place in dense, see ableIn
	settled  []bool                  // by member: what is listed is known to agree with it
	counts   []int                   // by member: 0
}

// makeIndex makes the index of a network of several words, if there is room.
func (n *network) makeIndex() {
	b := &indexer{
		network: n, x: &index{}, first: []int32{0},
		fields: make([][64]int32, n.width),
		chance: make([][]float64, len(n.members)), lists: make([][][]int32, len(n.members)),
		able: map[int32][]model.State{}, settled: make([]bool, len(n.members)), counts: make([]int, len(n.members)),
	}
	n.index = b.x
	for c := range n.members {
		m := &n.members[c]
		for i := range m.bits() {
			b.fields[m.word][m.shift+i] = int32(c)
		}
		if m.mask != 0 && m.lazy == nil && m.machine.Len() <= indexStates {
			b.chance[c], b.lists[c] = make([]float64, m.machine.Len()), make([][]int32, m.machine.Len())
		}
	}
	for _, c := range n.leaders {
		b.spell(c)
	}
	if n.short(len(b.x.cases) * listBytes) {
		return
	}
	b.estimate()
	b.share()
	for i := range b.x.cases {
		b.list(int32(i))
	}
	b.look()
	if n.broken != nil {
		return
	}
	for i := range b.x.cases {
		if c := &b.x.cases[i]; !c.whole {
			c.lo = int32(len(b.x.literals))
			b.x.literals = append(b.x.literals, b.needs(int32(i))...)
			c.hi = int32(len(b.x.literals))
		}
	}
}

// spell adds the cases of what a member leads.
func (b *indexer) spell(c int32) {
	m := &b.members[c]
	if m.lazy != nil || m.machine.Len() > indexStates || len(m.moves) > indexMoves {
		b.x.lone = append(b.x.lone, lone{c, int32(len(b.x.cases))})
		return
	}
	for s := range model.State(m.machine.Len()) {
		for i := m.first[s]; i < m.first[s+1] && b.broken == nil; i++ {
			v := &m.moves[i]
			needs := append([]guard{{
				mask: v.mask | m.mask<<m.shift, want: v.want | uint64(s)<<m.shift, delta: v.delta, word: v.word,
			}}, b.guards[v.guardLo:v.guardHi]...)
			b.leader = c
			b.spellFrom(indexCase{whole: v.reset == 0, event: v.event, move: v}, v.peerLo, needs, 1)
		}
	}
}

// spellFrom adds the cases of a move for what its peers from j on can be in,
// of which each adds to needs. One that can be in too much, or in what is not
// known, or go several ways, is left to be asked.
func (b *indexer) spellFrom(c indexCase, j int32, needs []guard, ways int) {
	if j == c.move.peerHi {
		b.add(c, needs)
		return
	}
	p := &b.peers[j]
	able, ok := b.ableIn(p)
	if !ok || len(able)*ways > indexCases {
		c.whole = false
		b.spellFrom(c, j+1, needs, ways)
		return
	}
	for _, s := range able {
		d := c
		delta := b.dense[p.base+int32(s)]
		if delta == several {
			d.whole, delta = false, 0
		}
		own := slices.Clone(needs)
		i := slices.IndexFunc(own, func(g guard) bool { return g.word == p.word })
		if i < 0 {
			i = len(own)
			own = append(own, guard{word: p.word})
		}
		own[i].mask |= p.mask << p.shift
		own[i].want |= uint64(s) << p.shift
		own[i].delta ^= delta
		b.spellFrom(d, j+1, own, ways*len(able))
	}
}

// ableIn returns the local states in which a peer can do its part, if it has
// a table of few.
func (b *indexer) ableIn(p *peer) ([]model.State, bool) {
	if p.kind != isDense || b.members[p.member].machine.Len() > indexStates {
		return nil, false
	}
	able, ok := b.able[p.base]
	if !ok {
		for s := range model.State(b.members[p.member].machine.Len()) {
			if b.dense[p.base+int32(s)] != blocked {
				able = append(able, s)
			}
		}
		b.able[p.base] = able
	}
	return able, true
}

// add adds a case that needs some guards.
func (b *indexer) add(c indexCase, needs []guard) {
	if len(needs) > len(c.words) {
		c.whole = false
	}
	for i, g := range needs {
		if i < len(c.words) {
			c.words[i], c.deltas[i] = g.word, g.delta
		}
		for rest := g.mask; rest != 0; {
			member := b.fields[g.word][bits.TrailingZeros64(rest)]
			m := &b.members[member]
			b.literals = append(b.literals, literal{member, model.State(g.want >> m.shift & m.mask)})
			rest &^= m.mask << m.shift
		}
	}
	if all := len(b.x.cases); all == cap(b.x.cases) && b.short(all*int(unsafe.Sizeof(c)+unsafe.Sizeof(b.leader)+2*unsafe.Sizeof(literal{}))) {
		return
	}
	b.x.cases = append(b.x.cases, c)
	b.ledBy = append(b.ledBy, b.leader)
	b.first = append(b.first, int32(len(b.literals)))
}

func (b *indexer) needs(number int32) []literal {
	return b.literals[b.first[number]:b.first[number+1]]
}

// estimate finds how often members are in their local states, on a random
// walk. One on which a member came to t local states in n steps is taken to
// come to others in t of n+t (Witten and Bell, 1991), by how many transitions
// these have.
func (b *indexer) estimate() {
	steps := b.walk(func(s []uint64) {
		for c := range b.members {
			if b.chance[c] != nil {
				b.chance[c][b.members[c].get(s)]++
			}
		}
	})
	for c, chance := range b.chance {
		m := b.members[c].machine
		met, unmet := 0.0, 0
		weight := func(s int) int {
			events, _ := m.Transitions(model.State(s))
			return len(events) + 1
		}
		for s := range chance {
			if chance[s] > 0 {
				met++
			} else {
				unmet += weight(s)
			}
		}
		all := float64(steps) + max(met, 1)
		for s := range chance {
			if chance[s] == 0 {
				chance[s] = max(met, 1) * float64(weight(s)) / float64(unmet)
			}
			chance[s] /= all
		}
	}
}

// walk tells of the states on a random walk, always the same one, and returns
// how many. If there are members on demand, which number their states in the
// order in which they are asked, there are none.
func (b *indexer) walk(tell func(s []uint64)) (steps int) {
	if slices.ContainsFunc(b.members, func(m member) bool { return m.lazy != nil }) {
		return 0
	}
	random := rand.New(rand.NewPCG(1, 1))
	s := make([]uint64, b.width)
	if b.Initial(s) != nil {
		return 0
	}
	for steps < walkSteps {
		tell(s)
		steps++
		if !b.wander(s, random) {
			_ = b.Initial(s)
		}
	}
	return steps
}

// wander changes s by a move, if there is one.
func (b *indexer) wander(s []uint64, random *rand.Rand) bool {
	if len(b.leaders) == 0 {
		return false
	}
	from := random.IntN(len(b.leaders))
	for k := range b.leaders {
		m := &b.members[b.leaders[(from+k)%len(b.leaders)]]
		moves := b.movesOf(m, uint64(m.get(s)))
		start := random.IntN(len(moves) + 1)
		for i := range moves {
			if b.move(s, &moves[(start+i)%len(moves)]) {
				return true
			}
		}
	}
	return false
}

// move changes s by a move in the first way, if it is possible.
func (b *indexer) move(s []uint64, v *move) bool {
	if s[v.word]&v.mask != v.want {
		return false
	}
	t := b.spare
	copy(t, s)
	t[v.word] ^= v.delta
	for _, g := range b.guards[v.guardLo:v.guardHi] {
		if s[g.word]&g.mask != g.want {
			return false
		}
		t[g.word] ^= g.delta
	}
	for j := v.peerLo; j < v.peerHi; j++ {
		p := &b.peers[j]
		local := s[p.word] >> p.shift & p.mask
		targets := b.targets(p, local)
		if len(targets) == 0 {
			return false
		}
		t[p.word] ^= (local ^ uint64(targets[0])) << p.shift
	}
	for _, r := range b.resets[v.reset] {
		t[r.word] = t[r.word]&^r.clear | r.init
	}
	copy(s, t)
	return true
}

// leaning is by how much less likely what another needs must be than what the
// leader needs, for a case to be listed there: what is found under leaders is
// in order. So is what is found of many that need the same.
const leaning = 4

// A common is of the cases that a literal and a member's local state are
// needed for.
type common struct {
	literal
	by int32
}

// pairwise is how many literals a case has at most that share looks.
const pairwise = 4

// share counts the cases of literals; and, for those of many, the local states that these need
// of another member: a look at that one is enough for all of them, see split.
func (b *indexer) share() {
	b.many = make([][]int32, len(b.members))
	for c := range b.chance {
		b.many[c] = make([]int32, len(b.chance[c]))
	}
	each := func(do func(needs []literal, l literal)) {
		for number := range b.x.cases {
			needs := b.needs(int32(number))
			for _, l := range needs {
				if len(needs) <= pairwise && b.chance[l.member] != nil {
					do(needs, l)
				}
			}
		}
	}
	each(func(_ []literal, l literal) { b.many[l.member][l.state]++ })
	b.shares = map[common]int{}
	counted := map[[2]literal]bool{}
	each(func(needs []literal, l literal) {
		for _, o := range needs {
			if b.many[l.member][l.state] > longList && o.member != l.member && !counted[[2]literal{l, o}] {
				counted[[2]literal{l, o}] = true
				b.shares[common{l, o.member}]++
			}
		}
	})
}

// list lists a case under what costs least: what is not likely, or shared by
// many at one look.
func (b *indexer) list(number int32) {
	var under literal
	least := 0.0
	needs := b.needs(number)
	for _, l := range needs {
		if b.chance[l.member] == nil {
			continue
		}
		cost, most := b.chance[l.member][l.state], 1
		if len(needs) <= pairwise {
			for _, o := range needs {
				if n := b.shares[common{l, o.member}]; n > longList && len(b.chance[o.member]) <= lookShare*n {
					most = max(most, n)
				}
			}
		}
		cost /= float64(most)
		if l.member == b.ledBy[number] || most > 1 || b.many[l.member][l.state] > longList {
			cost /= leaning
		}
		if least == 0 || cost < least {
			under, least = l, cost
		}
	}
	if least == 0 {
		c := &b.x.cases[number]
		c.whole = c.whole && len(needs) == 0
		b.x.always = append(b.x.always, number)
		return
	}
	at := &b.lists[under.member][under.state]
	*at = append(*at, number)
}
