package explore

import (
	"cmp"
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// stubbornTables is what the choice of stubborn sets knows of a network's
// rules. It takes some 40 bytes for each participant of a rule, and 16 for each
// transition of a component.
type stubbornTables struct {
	partFirst []int32 // the participants of r are parts[partFirst[r]:partFirst[r+1]]
	parts     []stubbornPart
	tau       []bool  // by rule: the world sees τ
	sticky    []bool  // by rule: see stickies; nil if it was not asked for
	ticks     []int32 // the rules that the world sees ✓ of

	rank []int32 // of a rule: when it is found by a look at all leaders

	roles  []stubbornRole // of the components
	inWord [][]int32      // those in a word
	demand bool           // one is on demand

	setRules [][]int32 // by reset set: its rules
}

// A stubbornPart is a participant of a rule.
type stubbornPart struct {
	member int32
	event  model.Event
	reset  bool   // the rule resets it
	tabled bool   // what follows is known: the member has few local states
	able   uint64 // bit s: it can do its part in local state s
	moves  uint64 // bit s: that may change it
}

// tabledStates is how many local states a member has at most that parts are
// tabled of.
const tabledStates = 64

// partMasks are what a stubbornPart knows of its event.
type partMasks struct{ able, moves uint64 }

// table fills in what is known of the parts of a component.
func (x *stubbornTables) table(c int32, machine *model.Machine) {
	if machine == nil || machine.Len() > tabledStates {
		return
	}
	masks := map[model.Event]partMasks{}
	for s := range model.State(machine.Len()) {
		events, targets := machine.Transitions(s)
		for i, e := range events {
			m := masks[e]
			m.able |= 1 << s
			if targets[i] != s {
				m.moves |= 1 << s
			}
			masks[e] = m
		}
	}
	for _, r := range x.roles[c].rules {
		parts := x.partsOf(r) // by member
		i, _ := slices.BinarySearchFunc(parts, c, func(p stubbornPart, c int32) int { return cmp.Compare(p.member, c) })
		p := &parts[i]
		m := masks[p.event]
		p.tabled, p.able, p.moves = true, m.able, m.moves
	}
}

// A stubbornRole knows which rules a component has a part in, and where its
// local state is.
type stubbornRole struct {
	word    int
	shift   uint
	mask    uint64
	initial model.State

	rules []int32 // by its event, then those that it leads before the others
	spans map[model.Event]eventRules
	sets  []int32 // the reset sets that it is in

	resetters int32 // rules that reset it

	at []stubbornLocal // by local state; nil of a member on demand
}

// eventRules are rules[lo:hi] of a member, of which it leads rules[lo:mid].
type eventRules struct{ lo, mid, hi int32 }

// A stubbornLocal sorts the rules that are ready at a component in a local
// state: those that may change it, and others that read it.
type stubbornLocal struct {
	spans          []eventRules // by event: first the leads spans in which there are rules that it leads
	leads          int
	ready          int32
	changes, reads readyRules
	cost           int32 // rules that may change it
}

// readyRules are rules that are ready at a component. Of those with one other
// participant it is enough to know how many there are: such a rule is possible
// unless the other one keeps it from that.
type readyRules struct {
	pairs []readyPairs // by the other
	more  []int32      // the rules of more than two
}

type readyPairs struct{ member, rules int32 }

func (n *network) stubbornTables() *stubbornTables {
	if n.stubborn != nil {
		return n.stubborn
	}
	net := n.net
	rules := net.NumRules()
	x := &stubbornTables{partFirst: make([]int32, rules+1), tau: make([]bool, rules), roles: make([]stubbornRole, len(n.members)), setRules: make([][]int32, net.NumResetSets())}
	for set := range net.NumResetSets() {
		for _, span := range net.SpansOf(set) {
			for c := span.Lo; c < span.Hi; c++ {
				x.roles[c].sets = append(x.roles[c].sets, int32(set))
			}
		}
	}
	type share struct {
		rule  int32
		event model.Event
		leads bool
	}
	shares := make([][]share, len(n.members))
	parts := 0
	for r := range rules {
		parts += len(net.Parts(r))
	}
	x.parts = make([]stubbornPart, 0, parts)
	leader := make([]int32, rules)
	for c, led := range n.led {
		for _, r := range led {
			leader[r] = int32(c)
		}
	}
	for r := range rules {
		set := int32(net.ResetSet(r))
		x.setRules[set] = append(x.setRules[set], int32(r))
		x.tau[r] = net.Event(r) == model.Tau
		if net.Event(r) == model.Tick {
			x.ticks = append(x.ticks, int32(r))
		}
		for _, p := range net.Parts(r) {
			_, reset := slices.BinarySearch(x.roles[p.Component].sets, set)
			x.parts = append(x.parts, stubbornPart{member: p.Component, event: p.Event, reset: reset})
			shares[p.Component] = append(shares[p.Component], share{int32(r), p.Event, leader[r] == p.Component})
		}
		x.partFirst[r+1] = int32(len(x.parts))
	}
	x.setRules[0] = nil
	counts := make([]int32, len(x.roles))
	x.inWord = make([][]int32, n.width)
	for c := range x.roles {
		m := &x.roles[c]
		slices.SortStableFunc(shares[c], func(a, b share) int {
			if c := cmp.Compare(a.event, b.event); c != 0 || a.leads == b.leads {
				return c
			}
			if a.leads {
				return -1
			}
			return 1
		})
		m.spans = map[model.Event]eventRules{}
		for _, a := range shares[c] {
			span, ok := m.spans[a.event]
			if !ok {
				at := int32(len(m.rules))
				span = eventRules{at, at, at}
			}
			if a.leads {
				span.mid++
			}
			span.hi++
			m.spans[a.event] = span
			m.rules = append(m.rules, a.rule)
		}
		for _, set := range m.sets {
			m.resetters += int32(len(x.setRules[set]))
		}
		at := &n.members[c]
		m.word, m.shift, m.mask, m.initial = at.word, at.shift, at.mask, at.initial
		x.inWord[m.word] = append(x.inWord[m.word], int32(c))
		x.demand = x.demand || at.machine == nil
		x.table(int32(c), at.machine)
		if machine := at.machine; machine != nil {
			m.at = make([]stubbornLocal, machine.Len())
			for s := range m.at {
				events, targets := machine.Transitions(model.State(s))
				m.at[s] = x.sort(int32(c), model.State(s), events, targets, counts)
			}
		}
	}
	x.rank = make([]int32, rules)
	rank := int32(0)
	for _, c := range n.leaders {
		for _, r := range x.roles[c].rules {
			if leader[r] == c {
				x.rank[r] = rank
				rank++
			}
		}
	}
	n.stubborn = x
	return x
}

// sort makes the stubbornLocal of a local state of component c. The counts
// are one for each component, 0 before and after.
func (x *stubbornTables) sort(c int32, s model.State, events []model.Event, targets []model.State, counts []int32) stubbornLocal {
	var l stubbornLocal
	m := &x.roles[c]
	var others, changed, read []eventRules
	for i := 0; i < len(events); {
		e, changes := events[i], false
		for ; i < len(events) && events[i] == e; i++ {
			changes = changes || targets[i] != s
		}
		span, ok := m.spans[e]
		if !ok {
			continue
		}
		if span.mid > span.lo {
			l.spans = append(l.spans, span)
		} else {
			others = append(others, span)
		}
		l.ready += span.hi - span.lo
		if changes {
			changed = append(changed, span)
			l.cost += span.hi - span.lo
		} else {
			read = append(read, span)
		}
	}
	l.leads = len(l.spans)
	l.spans = append(l.spans, others...)
	l.changes, l.reads = x.ready(c, changed, counts), x.ready(c, read, counts)
	return l
}

// ready makes the readyRules of component c by some of its events.
func (x *stubbornTables) ready(c int32, spans []eventRules, counts []int32) readyRules {
	var out readyRules
	for _, span := range spans {
		for _, r := range x.roles[c].rules[span.lo:span.hi] {
			switch d := x.other(r, c); {
			case d >= 0:
				if counts[d]++; counts[d] == 1 {
					out.pairs = append(out.pairs, readyPairs{member: d})
				}
			case x.partFirst[r+1]-x.partFirst[r] > 2:
				out.more = append(out.more, r)
			}
		}
	}
	for i := range out.pairs {
		p := &out.pairs[i]
		p.rules, counts[p.member] = counts[p.member], 0
	}
	return out
}

// other returns the other participant of a rule of two; -1 if it has more, or
// one.
func (x *stubbornTables) other(r, c int32) int32 {
	i := x.partFirst[r]
	switch {
	case x.partFirst[r+1]-i != 2:
		return -1
	case x.parts[i].member == c:
		return x.parts[i+1].member
	}
	return x.parts[i].member
}

// partsOf returns the participants of a rule.
func (x *stubbornTables) partsOf(r int32) []stubbornPart {
	return x.parts[x.partFirst[r]:x.partFirst[r+1]]
}
