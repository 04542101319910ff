package lts

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// A Normal is the normal form of a system: a deterministic machine without τ,
// each of whose nodes stands for all the states that the system may be in
// after some trace (Roscoe, "Model-checking CSP", 1994: the subset
// construction). It is made on demand: a node when it is first led to, and
// what follows it when that is first asked for. n states can become 2ⁿ
// nodes; specifications are small, so in practice they seldom do.
//
// Invariants: a node has at most one successor for each event, and none for
// τ; two nodes are different sets of states; no acceptance of a node
// contains another; and with Divergences, all that diverge are one node,
// which has no successors, as after a divergence everything is allowed.
//
// A set of k states costs 4 bytes each, and what follows it 8 bytes for each
// of their visible transitions.
type Normal struct {
	states   *explore.States
	keep     Keep
	check    func(*Normal) error
	divs     divergences
	nodes    []node
	complete bool
	members  []uint32          // of node x: members[x.lo:x.hi], rising
	byHash   map[uint64][]Node // of their members
	diverged Node              // or none
	permits  model.EventSet    // of Anything; otherwise nil

	ofOne   []Node // that τ leads to from a state, plus one; 0: not known
	after   table  // (node, event) → node, where it is known
	groups  []group
	kernels []uint32
	scratch scratch
}

// A Node of a Normal. They are numbered from 0, the initial one, as they are
// met.
type Node int32

// Broken is where an event leads that a node has no successor for.
const Broken Node = -1

const none = Broken

// Keep says what the nodes of a Normal remember.
type Keep int

const (
	// Traces: nothing but which events may follow.
	Traces Keep = iota
	// Failures: what the stable states of the node accept.
	Failures
	// Divergences: that, and whether a state of the node diverges; then
	// nothing else.
	Divergences
	// Everything: both, for all nodes; also what comes after a divergence.
	Everything
)

// A node is a set of states. Its successors are groups[first:last], once
// they have been asked for.
type node struct {
	lo, hi      int
	expanded    bool
	diverges    bool // a state of it does, as far as keep wants to know
	anything    bool // it accepts everything
	first, last int
	acceptances acceptances
}

// A group is where an event leads from the states of a node: they are
// kernels[lo:hi]. What τ leads to from there belongs to the node, too.
type group struct {
	event  model.Event
	lo, hi int
}

type scratch struct {
	edges  []edge
	set    []uint32
	seen   marks
	bits   []uint64
	marked marks
	times  []int32 // by event
}

type edge struct {
	event  model.Event
	target uint32
}

// NewNormal returns the normal form of sys. It asks check now and then
// whether to go on, showing how far it is, and gives up with its error.
func NewNormal(sys explore.System, keep Keep, check func(*Normal) error) (*Normal, error) {
	states, err := explore.NewStates(sys)
	if err != nil {
		return nil, err
	}
	n := &Normal{
		states: states, keep: keep, check: check, divs: divergences{states: states},
		byHash: map[uint64][]Node{}, diverged: none, after: newTable(),
	}
	n.scratch.seen, n.scratch.marked = newMarks(1), newMarks(1)
	_, err = n.closure([]uint32{0})
	return n, err
}

// Anything returns the normal form of what may always do or refuse any of a
// set of events, and nothing else, as CHAOS(A): a node that leads to itself.
// The set, which does not have ✓, is asked about events that happen elsewhere;
// Initials does not know them.
func Anything(permits model.EventSet) *Normal {
	n := &Normal{byHash: map[uint64][]Node{}, diverged: none, after: newTable(), permits: permits}
	n.nodes = []node{{expanded: true, anything: true}}
	return n
}

// Len returns how many nodes there are so far, and States how many states of
// the system have been met.
func (n *Normal) Len() int { return len(n.nodes) }
func (n *Normal) States() int {
	if n.permits != nil {
		return 1
	}
	return n.states.Len()
}

// Learnt is that of an explore.Learner: nodes are numbered as they are met.
func (n *Normal) Learnt() int64 {
	if n.permits != nil {
		return 0
	}
	of := n.states.Learnt()
	if of < 0 {
		return -1
	}
	return of + int64(len(n.nodes))
}

// Members returns the states of a node, as numbers of the system's states,
// rising.
func (n *Normal) Members(x Node) []uint32 { return n.members[n.nodes[x].lo:n.nodes[x].hi] }

// Words returns the words of a state of the system.
func (n *Normal) Words(state uint32) []uint64 { return n.states.Words(int(state)) }

// Diverges reports whether a state of the node diverges; only with
// Divergences and Everything is that known.
func (n *Normal) Diverges(x Node) bool { return n.nodes[x].diverges }

// After returns the node that x leads to by e, a visible event or ✓, or
// Broken if there is none. With Divergences, a node that diverges leads
// nowhere.
func (n *Normal) After(x Node, e model.Event) (Node, error) {
	if y, ok := n.after.get(x, e); ok {
		return y, nil
	}
	if n.permits != nil {
		y := Broken
		if n.permits.Contains(e) {
			y = x
		}
		n.after.put(x, e, y)
		return y, nil
	}
	groups, err := n.groupsOf(x)
	if err != nil {
		return none, err
	}
	y := Broken
	i, ok := slices.BinarySearchFunc(groups, e, func(g group, e model.Event) int { return cmp.Compare(g.event, e) })
	if ok {
		if y, err = n.closure(n.kernels[groups[i].lo:groups[i].hi]); err != nil {
			return none, err
		}
	}
	n.after.put(x, e, y)
	return y, nil
}

// Known is After where it is known without work; false where it is not.
func (n *Normal) Known(x Node, e model.Event) (Node, bool) {
	if y, ok := n.after.get(x, e); ok {
		return y, true
	}
	return Broken, n.complete
}

// Complete reports whether all of it is made.
func (n *Normal) Complete() bool { return n.complete }

// Expanded reports whether it is known which events a node has successors for.
func (n *Normal) Expanded(x Node) bool { return n.nodes[x].expanded }

// Initials appends the events that a node has successors for, rising.
func (n *Normal) Initials(x Node, out []model.Event) ([]model.Event, error) {
	groups, err := n.groupsOf(x)
	for _, g := range groups {
		out = append(out, g.event)
	}
	return out, err
}

// groupsOf returns where the events of a node lead, by event.
func (n *Normal) groupsOf(x Node) ([]group, error) {
	if !n.nodes[x].expanded {
		if err := n.expand(x); err != nil {
			return nil, err
		}
	}
	return n.groups[n.nodes[x].first:n.nodes[x].last], nil
}

func (n *Normal) expand(x Node) error {
	edges := n.scratch.edges[:0]
	for _, s := range n.Members(x) {
		events, targets, err := n.states.Transitions(int(s))
		if err != nil {
			return err
		}
		for i, e := range events {
			if e != model.Tau {
				edges = append(edges, edge{e, targets[i]})
			}
		}
	}
	n.scratch.edges = edges
	edges = n.sorted(edges)
	p := &n.nodes[x]
	p.first = len(n.groups)
	for i, e := range edges {
		if i == 0 || edges[i-1].event != e.event {
			n.groups = append(n.groups, group{event: e.event, lo: len(n.kernels)})
		}
		n.kernels = append(n.kernels, e.target)
		n.groups[len(n.groups)-1].hi = len(n.kernels)
	}
	p.last, p.expanded = len(n.groups), true
	return nil
}

// closure returns the node of the states that τ leads to from a kernel, none
// of which is repeated. Of kernels of one state it knows the nodes: n events may
// lead to one from which n τ lead on.
func (n *Normal) closure(kernel []uint32) (Node, error) {
	if err := n.check(n); err != nil {
		return none, err
	}
	if len(kernel) > 1 {
		return n.close(kernel)
	}
	s := int(kernel[0])
	if more := s + 1 - len(n.ofOne); more > 0 {
		n.ofOne = append(n.ofOne, make([]Node, more)...)
	}
	if n.ofOne[s] == 0 {
		x, err := n.close(kernel)
		if err != nil {
			return none, err
		}
		n.ofOne[s] = x + 1
	}
	return n.ofOne[s] - 1, nil
}

// close is closure of what is not known.
func (n *Normal) close(kernel []uint32) (Node, error) {
	set := append(n.scratch.set[:0], kernel...)
	defer func() { n.scratch.set = set }()
	seen := &n.scratch.seen
	seen.clear()
	seen.grow(n.states.Len())
	for _, s := range set {
		seen.add(int(s))
	}
	for i := 0; i < len(set); i++ {
		if i%1024 == 1023 {
			if err := n.check(n); err != nil {
				return none, err
			}
		}
		events, targets, err := n.states.Transitions(int(set[i]))
		if err != nil {
			return none, err
		}
		seen.grow(n.states.Len())
		for k, e := range events {
			if e != model.Tau {
				break // τ comes first
			}
			if t := targets[k]; !seen.has(int(t)) {
				seen.add(int(t))
				set = append(set, t)
			}
		}
	}
	if n.keep == Divergences {
		if diverges, err := n.divs.fromAny(kernel); err != nil {
			return none, err
		} else if diverges {
			return n.diverge(), nil
		}
	}
	if len(set) > n.states.Len()/scanned {
		set = seen.appendAll(set[:0])
	} else {
		slices.Sort(set)
	}
	return n.intern(set)
}

// diverge returns the node of all that diverges. It has no members.
func (n *Normal) diverge() Node {
	if n.diverged == none {
		n.diverged = Node(len(n.nodes))
		n.nodes = append(n.nodes, node{lo: len(n.members), hi: len(n.members), diverges: true, anything: true})
	}
	return n.diverged
}

// intern returns the node of a set of states, which rise.
func (n *Normal) intern(set []uint32) (Node, error) {
	h := hash(set)
	for _, x := range n.byHash[h] {
		if slices.Equal(n.Members(x), set) {
			return x, nil
		}
	}
	x := Node(len(n.nodes))
	p := node{lo: len(n.members)}
	n.members = append(n.members, set...)
	p.hi = len(n.members)
	if n.keep != Traces {
		var err error
		if p.acceptances, err = n.minimal(set); err != nil {
			return none, err
		}
		p.anything = len(p.acceptances.all) == 1 && len(p.acceptances.all[0]) == 0
	}
	if n.keep == Everything {
		var err error
		if p.diverges, err = n.divs.fromAny(set); err != nil {
			return none, err
		}
	}
	n.nodes = append(n.nodes, p)
	n.byHash[h] = append(n.byHash[h], x)
	return x, nil
}

// String returns how far the normal form has been made.
func (n *Normal) String() string {
	return fmt.Sprintf("%d nodes of %d states", n.Len(), n.States())
}
