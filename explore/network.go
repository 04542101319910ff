package explore

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// Network returns n as a System. A state is the components' local states,
// packed into as few bits as they need; a component made on demand gets 32,
// unless it turns out to be small at once.
//
// Each rule is led by the participant that can do its part least often, and
// each local state of a component lists the moves that it leads. The
// successors of a state come by leading component, then by its local event,
// then by rule, then by the leader's target, then by the others' targets.
//
// A network that needs more than 2³² states of a component on demand ends
// the search with a *Limit.
func Network(n *model.Network) System { return newNetwork(n) }

type network struct {
	net     *model.Network
	width   int
	members []member
	leaders []int32 // the members that lead a rule
	broken  error   // a component has no initial state
	err     error   // found during Successors

	peers  []peer // those of rule r are peers[peersOf[r]:peersOf[r+1]]
	rule   []int32
	resets [][]reset // by reset set
	dense  []uint64  // of peers, by local state: see peer

	led [][]int32 // led[c]: the rules that member c leads, sorted by its local event

}

// A member is a component, and where its local state is in a state's words.
type member struct {
	word    int
	shift   uint
	mask    uint64
	initial model.State
	machine *model.Machine // nil if its states are made on demand
	lazy    *lazy          // nil if not
	whole   *whole         // of a component that is a network; its machine, if any, has the same states

	// What the member leads in local state s is moves[first[s]:first[s+1]].
	// (Those of a lazy member are in its ranges.)
	first []int32
	moves []move
	table hashed // of its part in others' rules, if it is too large to be dense
}

// A move is a rule as its leader sees it in one of its local states.
type move struct {
	delta uint64 // xor this into the leader's word
	word  int32
	event model.Event
	from  int32 // its peers are peers[from:to]
	to    int32
	reset int32
}

// A peer is a participant of a rule other than the leader. What it needs to
// do becomes, by its local state, a delta to xor into its word.
type peer struct {
	mask   uint64
	word   int32
	shift  uint8
	kind   uint8
	member int32
	base   int32       // dense: deltas are at network.dense[base+local state]
	event  model.Event // local
}

const (
	isDense = iota
	isHashed
	isLazy
)

// Deltas that are none. A true one has at most 32 bits set.
const (
	blocked = ^uint64(0)
	several = ^uint64(1) // more than one target
)

// A reset gives the fields of a word that are set in clear their initial
// values.
type reset struct {
	word        int
	clear, init uint64
}

func newNetwork(n *model.Network) *network {
	x := &network{net: n}
	for i := range n.Components() {
		m, err := newMember(&n.Components()[i], n.Events())
		if err != nil {
			x.broken = fmt.Errorf("component %s: %w", n.Components()[i].Name, err)
			return x
		}
		x.members = append(x.members, m)
	}
	x.pack()
	x.compile()
	return x
}

func newMember(c *model.Component, events *model.Events) (member, error) {
	m := member{machine: c.Machine}
	if m.machine != nil {
		m.initial = m.machine.Initial()
		return m, nil
	}
	source := c.Demand
	if c.Net != nil {
		m.whole = newWhole(c.Net)
		source = m.whole
	}
	initial, err := source.Initial()
	if err != nil {
		return m, err
	}
	m.initial = initial
	m.lazy = &lazy{source: source}
	if m.machine = m.lazy.tabulate(c.Name, initial, events); m.machine != nil {
		m.lazy = nil
	}
	return m, nil
}

// How many bits a component on demand gets.
const lazyBits = 32

// pack gives each member its place: the first word that has room.
func (n *network) pack() {
	var used []uint
	for i := range n.members {
		m := &n.members[i]
		need := uint(lazyBits)
		if m.machine != nil {
			need = uint(bits.Len(uint(m.machine.Len() - 1)))
		}
		m.mask = 1<<need - 1
		if need == 0 {
			continue // no bits: any place will do
		}
		w := max(0, len(used)-16)
		for w < len(used) && used[w]+need > 64 {
			w++
		}
		if w == len(used) {
			used = append(used, 0)
		}
		m.word, m.shift = w, used[w]
		used[w] += need
	}
	n.width = max(1, len(used))
}

// get returns the local state of m in s.
func (m *member) get(s []uint64) model.State {
	return model.State(s[m.word] >> m.shift & m.mask)
}

// compile chooses the leaders and spells out what each member leads.
func (n *network) compile() {
	net := n.net
	cost := n.costs()
	n.led = make([][]int32, len(n.members))
	lead := make([]int32, net.NumRules()) // which of its parts
	for r := range net.NumRules() {
		parts := net.Parts(r)
		best, least := 0, cost(parts[0])
		for i, p := range parts[1:] {
			if c := cost(p); c < least {
				best, least = i+1, c
			}
		}
		lead[r] = int32(best)
		c := parts[best].Component
		n.led[c] = append(n.led[c], int32(r))
	}
	n.compilePeers(lead)
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
		if m.lazy != nil {
			m.lazy.rules, m.lazy.starts = rules, starts
			continue
		}
		m.first = make([]int32, m.machine.Len()+1)
		for s := range model.State(m.machine.Len()) {
			events, targets := m.machine.Transitions(s)
			m.moves = n.appendMoves(m.moves, m, s, events, targets, rules, starts)
			m.first[s+1] = int32(len(m.moves))
		}
	}
}

// costs returns a function that tells how often a participant can do its
// part, and how much else it could do then.
func (n *network) costs() func(model.Part) float64 {
	const unknown = 1e18
	known := map[*model.Machine]map[model.Event]float64{}
	of := make([]map[model.Event]float64, len(n.members))
	for i := range n.members {
		m := n.members[i].machine
		if m == nil {
			continue
		}
		if known[m] == nil {
			sums := map[model.Event]float64{}
			for s := range model.State(m.Len()) {
				events, _ := m.Transitions(s)
				for k, e := range events {
					if k == 0 || events[k-1] != e {
						sums[e] += float64(len(events)) / float64(m.Len())
					}
				}
			}
			known[m] = sums
		}
		of[i] = known[m]
	}
	return func(p model.Part) float64 {
		if of[p.Component] == nil {
			return unknown
		}
		return of[p.Component][p.Event]
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
				moves = append(moves, move{
					delta: uint64(s^t) << m.shift,
					word:  int32(m.word),
					event: n.net.Event(int(r)),
					from:  n.rule[r],
					to:    n.rule[r+1],
					reset: int32(n.net.ResetSet(int(r))),
				})
			}
		}
		i = j
	}
	return moves
}

// compilePeers lists the peers of each rule and makes their tables.
func (n *network) compilePeers(lead []int32) {
	net := n.net
	n.rule = make([]int32, net.NumRules()+1)
	needs := make([][]model.Event, len(n.members)) // the events by which each is a peer
	for r := range net.NumRules() {
		for i, p := range net.Parts(r) {
			if int32(i) == lead[r] {
				continue
			}
			m := &n.members[p.Component]
			n.peers = append(n.peers, peer{mask: m.mask, word: int32(m.word), shift: uint8(m.shift), member: p.Component, event: p.Event})
			needs[p.Component] = append(needs[p.Component], p.Event)
		}
		n.rule[r+1] = int32(len(n.peers))
	}
	base := make([]map[model.Event]int32, len(n.members))
	for c := range n.members {
		slices.Sort(needs[c])
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

func (n *network) Name() string { return n.net.Name() }

func (n *network) Events() *model.Events { return n.net.Events() }

func (n *network) Width() int { return n.width }

func (n *network) Initial(s []uint64) error {
	clear(s)
	if n.broken != nil {
		return n.broken
	}
	for i := range n.members {
		m := &n.members[i]
		s[m.word] |= uint64(m.initial) << m.shift
	}
	return nil
}
