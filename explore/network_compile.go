package explore

import (
	"cmp"
	"slices"
	"unsafe"

	"github.com/cspcheck/cspcheck/model"
)

// short asks for room, and notes that there is none.
func (n *network) short(bytes int) bool {
	if n.room != nil && n.broken == nil {
		n.broken = n.room(int64(bytes))
	}
	return n.broken != nil
}

// compile chooses the leaders and spells out what each member leads, as far as
// there is room.
func (n *network) compile() {
	net := n.net
	if n.short(net.NumRules() * int(unsafe.Sizeof(rule{})+unsafe.Sizeof(peer{}))) {
		return
	}
	often := n.frequencies()
	n.led = make([][]int32, len(n.members))
	lead := make([]int32, net.NumRules()) // which of its parts
	for r := range net.NumRules() {
		parts := net.Parts(r)
		best := 0
		if len(parts) > 1 {
			least := often(parts[0])
			for i, p := range parts[1:] {
				if f := often(p); f < least {
					best, least = i+1, f
				}
			}
		}
		lead[r] = int32(best)
		c := parts[best].Component
		n.led[c] = append(n.led[c], int32(r))
	}
	n.compileRules(lead)
	if n.broken != nil {
		return
	}
	for i := range net.NumResetSets() {
		n.resets = append(n.resets, n.compileReset(net.SpansOf(i)))
	}
	local := func(r int32) model.Event { return net.Parts(int(r))[lead[r]].Event }
	for c := range n.members {
		rules := n.led[c]
		slices.SortStableFunc(rules, func(q, r int32) int { return cmp.Compare(local(q), local(r)) })
		if len(rules) > 0 {
			n.leaders = append(n.leaders, int32(c))
		}
		m := &n.members[c]
		starts := startsOf(rules, local)
		m.starts = starts
		if m.lazy != nil {
			m.lazy.rules, m.lazy.starts = rules, starts
			continue
		}
		count := movesOf(m.machine, starts)
		if n.short(count * int(unsafe.Sizeof(move{}))) {
			return
		}
		m.first = make([]int32, m.machine.Len()+1)
		m.moves = make([]move, 0, count)
		for s := range model.State(m.machine.Len()) {
			events, targets := m.machine.Transitions(s)
			m.moves = n.appendMoves(m.moves, m, s, events, targets, rules, starts)
			m.first[s+1] = int32(len(m.moves))
		}
	}
	n.distinct = n.allDistinct()
	if n.width == 1 {
		n.stage()
	}
}

// allDistinct reports whether no two transitions of a state can be equal: an
// event is of one rule only, whose participants never go the same way twice;
// and nothing is reset, which would make one of what differs.
func (n *network) allDistinct() bool {
	events := make([]model.Event, len(n.rules))
	for i := range n.rules {
		if n.rules[i].reset != 0 {
			return false
		}
		events[i] = n.rules[i].event
	}
	slices.Sort(events)
	return len(slices.Compact(events)) == len(n.rules)
}

// readily is how much rather a component on demand leads than another that can do its
// part as often: it is asked once what it can do, and not for each move of a partner's.
// So a server on demand of n clients costs what it offers, not what all of them do.
const readily = 2

// frequencies returns a function that estimates how often a participant can
// do its part. Of a machine with all its states, that is the share of those
// in which it can, where one of more transitions counts for more: a random
// walk through a graph in which each edge has one back is in each node as
// often as it has edges (see also walk).
func (n *network) frequencies() func(model.Part) float64 {
	known := map[*model.Machine]map[model.Event]float64{}
	shares := make([]map[model.Event]float64, len(n.members)) // of each, once it is asked for
	of := func(m *model.Machine) map[model.Event]float64 {
		if known[m] == nil {
			sums := map[model.Event]float64{}
			for s := range model.State(m.Len()) {
				events, _ := m.Transitions(s)
				for k, e := range events {
					if k == 0 || events[k-1] != e {
						sums[e] += float64(len(events)) / float64(m.NumTransitions())
					}
				}
			}
			known[m] = sums
		}
		return known[m]
	}
	return func(p model.Part) float64 {
		if l := n.members[p.Component].lazy; l != nil {
			return l.frequency(p.Event) / readily
		}
		if shares[p.Component] == nil {
			shares[p.Component] = of(n.members[p.Component].machine)
		}
		return shares[p.Component][p.Event]
	}
}

// startsOf tells where in rules those with a local event start.
func startsOf(rules []int32, local func(int32) model.Event) map[model.Event][2]int32 {
	starts := map[model.Event][2]int32{}
	for i := 0; i < len(rules); {
		e, j := local(rules[i]), i
		for j < len(rules) && local(rules[j]) == e {
			j++
		}
		starts[e] = [2]int32{int32(i), int32(j)}
		i = j
	}
	return starts
}

// movesOf returns how many moves a machine leads.
func movesOf(m *model.Machine, starts map[model.Event][2]int32) (moves int) {
	for s := range model.State(m.Len()) {
		events, _ := m.Transitions(s)
		for i := 0; i < len(events); {
			at, j := starts[events[i]], i
			for ; j < len(events) && events[j] == events[i]; j++ {
				moves += int(at[1] - at[0])
			}
			i = j
		}
	}
	return moves
}

// appendMoves appends the moves that m leads in state s.
func (n *network) appendMoves(moves []move, m *member, s model.State, events []model.Event, targets []model.State, rules []int32, starts map[model.Event][2]int32) []move {
	for i := 0; i < len(events); {
		e, j := events[i], i
		for j < len(events) && events[j] == e {
			j++
		}
		at := starts[e]
		for _, r := range rules[at[0]:at[1]] {
			for _, t := range targets[i:j] {
				moves = append(moves, move{n.rules[r], n.rules[r].delta ^ uint64(s^t)<<m.shift})
			}
		}
		i = j
	}
	return moves
}

// compileRules works out what each rule needs of others than its leader, and
// makes the tables of its peers.
func (n *network) compileRules(lead []int32) {
	net := n.net
	n.rules = make([]rule, net.NumRules())
	needs := make([][]model.Event, len(n.members)) // the events by which each is a peer
	simple := n.simple()
	for i := range n.rules {
		r := &n.rules[i]
		parts := net.Parts(i)
		*r = rule{
			guard: guard{word: int32(n.members[parts[lead[i]].Component].word)},
			event: net.Event(i), reset: int32(net.ResetSet(i)),
			guardLo: int32(len(n.guards)), peerLo: int32(len(n.peers)),
		}
		for k, p := range parts {
			if int32(k) == lead[i] {
				continue
			}
			m := &n.members[p.Component]
			if once, ok := simple(p); ok {
				g := n.guardOf(r, int32(m.word))
				g.mask |= m.mask << m.shift
				g.want |= uint64(once.from) << m.shift
				g.delta |= uint64(once.from^once.to) << m.shift
				continue
			}
			n.peers = append(n.peers, peer{mask: m.mask, word: int32(m.word), shift: uint8(m.shift), member: p.Component, event: p.Event})
			needs[p.Component] = append(needs[p.Component], p.Event)
		}
		r.guardHi, r.peerHi = int32(len(n.guards)), int32(len(n.peers))
	}
	base := make([]map[model.Event]int32, len(n.members))
	for c := range n.members {
		slices.Sort(needs[c])
		if n.short(16 * len(needs[c])) {
			return
		}
		base[c] = n.tables(&n.members[c], slices.Compact(needs[c]))
	}
	for i := range n.peers {
		p := &n.peers[i]
		switch m := &n.members[p.member]; {
		case m.lazy != nil:
			p.kind = isLazy
		case base[p.member] == nil:
			p.kind = isHashed
		default:
			p.base = base[p.member][p.event]
		}
	}
}

// guardOf returns the guard of a rule that is about a word.
func (n *network) guardOf(r *rule, word int32) *guard {
	if r.word == word {
		return &r.guard
	}
	for i := r.guardLo; i < int32(len(n.guards)); i++ {
		if n.guards[i].word == word {
			return &n.guards[i]
		}
	}
	n.guards = append(n.guards, guard{word: word})
	return &n.guards[len(n.guards)-1]
}

// A hop is a transition.
type hop struct{ from, to model.State }

// simple returns a function that tells whether a participant can do its part
// in one local state only, and in one way, and then which.
func (n *network) simple() func(model.Part) (hop, bool) {
	type first struct {
		hop
		more bool
	}
	type hops map[model.Event]first
	known := map[*model.Machine]hops{}
	all := make([]hops, len(n.members)) // of each, once it is asked for
	of := func(m *model.Machine) hops {
		if known[m] == nil {
			known[m] = hops{}
			for s := range model.State(m.Len()) {
				events, targets := m.Transitions(s)
				for k, e := range events {
					_, more := known[m][e]
					known[m][e] = first{hop{s, targets[k]}, more}
				}
			}
		}
		return known[m]
	}
	return func(p model.Part) (hop, bool) {
		m := n.members[p.Component].machine
		if m == nil {
			return hop{}, false
		}
		if all[p.Component] == nil {
			all[p.Component] = of(m)
		}
		h, ok := all[p.Component][p.Event]
		return h.hop, ok && !h.more
	}
}

// A dense table may have this many entries, and this many more than those
// that say something.
const (
	smallTable  = 1 << 12
	sparseTable = 8
	mostDense   = 1 << 30
)

// tables makes the tables of a member's part in rules that others lead:
// dense ones, whose places it returns, or else a hashed one.
func (n *network) tables(m *member, events []model.Event) map[model.Event]int32 {
	if m.lazy != nil || len(events) == 0 {
		return nil
	}
	size := len(events) * m.machine.Len()
	filled := 0
	for s := range model.State(m.machine.Len()) {
		own, _ := m.machine.Transitions(s)
		filled += len(own)
	}
	if size > max(smallTable, sparseTable*filled) || len(n.dense)+size > mostDense {
		m.table = newHashed(filled)
		for s := range model.State(m.machine.Len()) {
			m.eachDelta(s, func(e model.Event, delta uint64) { m.table.put(e, s, delta) })
		}
		return nil
	}
	if n.short(8 * size) {
		return nil
	}
	base := make(map[model.Event]int32, len(events))
	for _, e := range events {
		base[e] = int32(len(n.dense))
		for range m.machine.Len() {
			n.dense = append(n.dense, blocked)
		}
	}
	for s := range model.State(m.machine.Len()) {
		m.eachDelta(s, func(e model.Event, delta uint64) {
			if at, ok := base[e]; ok {
				n.dense[at+int32(s)] = delta
			}
		})
	}
	return base
}

// eachDelta tells, for each event of local state s, where it leads.
func (m *member) eachDelta(s model.State, tell func(model.Event, uint64)) {
	events, targets := m.machine.Transitions(s)
	for i := 0; i < len(events); {
		j := i + 1
		for j < len(events) && events[j] == events[i] {
			j++
		}
		delta := uint64(several)
		if j == i+1 {
			delta = uint64(s^targets[i]) << m.shift
		}
		tell(events[i], delta)
		i = j
	}
}

func (n *network) compileReset(spans []model.Span) []reset {
	var out []reset
	for _, span := range spans {
		for c := span.Lo; c < span.Hi; c++ {
			m := &n.members[c]
			i := slices.IndexFunc(out, func(r reset) bool { return r.word == m.word })
			if i < 0 {
				i = len(out)
				out = append(out, reset{word: m.word})
			}
			out[i].clear |= m.mask << m.shift
			out[i].init |= uint64(m.initial) << m.shift
		}
	}
	return out
}
