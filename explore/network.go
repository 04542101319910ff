package explore

import (
	"fmt"
	"math/bits"

	"github.com/cspcheck/cspcheck/model"
)

// Network returns n as a System. A state is the components' local states,
// packed into as few bits as they need; a component made on demand gets 32,
// unless it turns out to be small at once. Tables give it fewer, see Growing.
//
// Each rule is led by the participant that can do its part least often (an
// estimate, of components on demand from a short random walk), and
// each local state of a component lists the moves that it leads. The
// successors of a state come by leading component, then by its local event,
// then by rule, then by the leader's target, then by the others' targets.
//
// Under a priority, those that give way are left out of them.
//
// A network that needs more than 2³² states of a component on demand ends
// the search with a *Limit. One with a leaf that turns out to do new events
// is made again (see model.OpenEnded): its states stay as they are.
func Network(n *model.Network) System { return newNetwork(n) }

// NetworkWithin is Network, but asks room before it takes so many bytes more:
// an error ends the making of it, and is that of whoever asks for states.
func NetworkWithin(room func(bytes int64) error, n *model.Network) System {
	return newNetworkIn(n, 64, room)
}

func newNetwork(n *model.Network) *network { return newNetworkIn(n, 64, nil) }

type network struct {
	net      *model.Network
	width    int
	bits     []int    // of each word
	remade   int      // how often it was made again
	asked    int64    // how often a component on demand was
	of       *network // of a fork: what it is one of
	members  []member
	wholes   []*whole // of the members that are networks
	leaders  []int32  // the members that lead a rule
	stages   []stage  // of one word
	index    *index   // of several words, once asked for successors, or forked
	distinct bool     // see Distinct
	broken   error    // a component has no initial state, or there was no room

	room func(bytes int64) error // nil: there is
	err  error                   // found during Successors

	rules  []rule
	guards []guard
	peers  []peer
	resets [][]reset // by reset set
	dense  []uint64  // of peers, by local state: see peer

	led [][]int32 // led[c]: the rules that member c leads, sorted by its local event

	priority *priority // nil: none

	cast *story                                  // who is who, once asked for
	ends map[*model.Machine]map[model.State]bool // see over

	stubborn *stubbornTables // once asked for

	one, spare []uint64 // memory for spread: a state of one word, and a state
	found      []int32  // memory for stepsN
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
	first  []int32
	moves  []move
	starts map[model.Event][2]int32 // where in what it leads each local event begins
	table  hashed                   // of its part in others' rules, if it is too large to be dense
}

// A rule is what a rule needs of others than its leader: that fields of the
// leader's word have certain values, given here, that so have fields of other
// words, guards[guardLo:guardHi], and what is not that simple,
// peers[peerLo:peerHi].
type rule struct {
	guard
	event            model.Event
	reset            int32
	guardLo, guardHi int32
	peerLo, peerHi   int32
}

// A move is a rule as its leader sees it in one of its local states.
type move struct {
	rule
	delta uint64 // xor this into the leader's word, instead of the guard's
}

// A guard holds if the word is want under the mask. What those fields become
// is a delta to xor into the word. It is what participants need that can do
// their part in one local state only, and in one way.
type guard struct {
	mask, want, delta uint64
	word              int32
}

// A peer is another participant of a rule than the leader. What it needs to
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

// newNetworkIn packs states into words of which so many bits are used, or as
// many as a component needs.
func newNetworkIn(n *model.Network, wordBits uint, room func(bytes int64) error) *network {
	x := &network{net: n, room: room}
	if by := n.Priority(); by != nil {
		x.priority = &priority{by: by}
	}
	for i := range n.Components() {
		m, err := newMember(&n.Components()[i], n.Events(), room)
		if err != nil {
			x.broken = fmt.Errorf("component %s: %w", n.Components()[i].Name, err)
			return x
		}
		x.members = append(x.members, m)
		if m.whole != nil {
			x.wholes = append(x.wholes, m.whole)
		}
	}
	x.pack(wordBits)
	x.compile()
	return x
}

// remake gives n the rules of net, which is its network made again. States
// stay the same: so do the components, which of them are on demand, and how
// many states the others have.
func (n *network) remake(net *model.Network) error {
	changed := &Limit{Reason: "a part does events that were not known of, and with them the network has other states"}
	if len(net.Components()) != len(n.members) {
		return changed
	}
	x := &network{net: net, width: n.width, bits: n.bits, priority: n.priority, wholes: n.wholes, one: n.one, spare: n.spare, room: n.room}
	for i := range n.members {
		old, c := &n.members[i], &net.Components()[i]
		m := member{word: old.word, shift: old.shift, mask: old.mask, initial: old.initial, machine: old.machine, whole: old.whole}
		switch {
		case (old.whole != nil) != (c.Net != nil):
			return changed
		case c.Machine != nil:
			if old.lazy != nil || c.Machine.Len() != old.machine.Len() || c.Machine.Initial() != old.initial {
				return changed
			}
			m.machine = c.Machine
		case old.lazy == nil: // it turned out small: it is known completely
		case c.Net != nil:
			if err := old.whole.net.remake(c.Net); err != nil {
				return err
			}
			m.lazy = &lazy{source: old.whole, often: old.lazy.often, steps: old.lazy.steps}
		default:
			m.lazy = newLazy(c)
			m.lazy.often, m.lazy.steps = old.lazy.often, old.lazy.steps
		}
		x.members = append(x.members, m)
	}
	x.compile()
	if n.index != nil && x.broken == nil {
		x.makeIndex() // forks don't
	}
	x.remade, x.asked = n.remade+1, n.asked+1
	*n = *x
	return nil
}

func newMember(c *model.Component, events *model.Events, room func(bytes int64) error) (member, error) {
	m := member{machine: c.Machine}
	if m.machine != nil {
		m.initial = m.machine.Initial()
		return m, nil
	}
	m.lazy = newLazy(c)
	if c.Net != nil {
		m.whole = newWhole(c.Net, room)
		m.lazy.source = m.whole
	}
	initial, err := m.lazy.source.Initial()
	if err != nil {
		return m, err
	}
	m.initial = initial
	if m.machine = m.lazy.tabulate(c.Name, initial, events, spelledStates, spelledTransitions); m.machine != nil {
		m.lazy = nil
	} else {
		m.lazy.walk(initial)
	}
	return m, nil
}

// How many bits a component on demand gets.
const lazyBits = 32

// pack gives each member its place: the first word that has room.
func (n *network) pack(wordBits uint) {
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
		for w < len(used) && used[w]+need > wordBits {
			w++
		}
		if w == len(used) {
			used = append(used, 0)
		}
		m.word, m.shift = w, used[w]
		used[w] += need
	}
	n.width = max(1, len(used))
	n.bits = make([]int, n.width)
	for i, b := range used {
		n.bits[i] = int(b)
	}
	n.one, n.spare = make([]uint64, 1), make([]uint64, n.width)
}

// bits returns how many bits its local states have.
func (m *member) bits() uint { return uint(bits.Len64(m.mask)) }

// get returns the local state of m in s.
func (m *member) get(s []uint64) model.State {
	return model.State(s[m.word] >> m.shift & m.mask)
}

// Local returns the local state of a component in s.
func (n *network) Local(s []uint64, component int) model.State { return n.members[component].get(s) }

// Within returns the network that a component is, and its state in s.
func (n *network) Within(s []uint64, component int) (System, *model.Network, []uint64) {
	m := &n.members[component]
	return m.whole.net, m.whole.net.net, m.whole.states.at(int(m.get(s)))
}

func (n *network) Name() string { return n.net.Name() }

func (n *network) Events() *model.Events { return n.net.Events() }

func (n *network) Width() int { return n.width }

// Bits makes a network a Narrow System.
func (n *network) Bits() []int { return n.bits }

// Growing makes it a Growing System.
func (n *network) Growing() []Bitfield {
	var fields []Bitfield
	for i := range n.members {
		if m := &n.members[i]; m.machine == nil {
			fields = append(fields, Bitfield{m.word, m.shift, m.bits()})
		}
	}
	return fields
}

// Distinct makes it a Distinct System.
func (n *network) Distinct() bool { return n.distinct }

// Fork makes it a Forker. What a fork does not share is memory to work with.
func (n *network) Fork() System { return n.fork() }

func (n *network) fork() *network {
	if n.width > 1 && n.index == nil && n.broken == nil {
		n.makeIndex() // once for all forks
	}
	f := &network{}
	f.become(n)
	return f
}

// become makes a fork like the network that it is one of.
func (f *network) become(n *network) {
	*f = *n
	f.of, f.one, f.spare, f.found = n, make([]uint64, 1), make([]uint64, n.width), nil
	if n.priority != nil {
		f.priority = &priority{by: n.priority.by}
	}
}

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
