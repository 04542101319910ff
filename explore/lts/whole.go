package lts

import (
	"encoding/binary"
	"slices"
)

// A Budget bounds an attempt to make a normal form as a whole.
type Budget struct {
	Nodes int
	Work  int // states in nodes, and what follows them
}

// Whole makes all of the normal form, if that fits in the budget, and then
// merges nodes that are equivalent: that remember the same, and lead by the
// same events to equivalent nodes. Where it is led from then on is the first
// of such nodes. It reports whether it fits; if not, the normal form is as
// good as before, and larger.
//
// It costs a round over all nodes for each step that it takes to tell two of
// them apart.
func (n *Normal) Whole(b Budget) (bool, error) {
	if n.permits != nil {
		return false, nil
	}
	for x := Node(0); int(x) < len(n.nodes); x++ {
		groups, err := n.groupsOf(x)
		if err != nil {
			return false, err
		}
		for _, g := range groups {
			if _, err := n.After(x, g.event); err != nil {
				return false, err
			}
		}
		if len(n.nodes) > b.Nodes || len(n.members)+len(n.kernels) > b.Work {
			return false, nil
		}
	}
	n.merge()
	n.complete = true
	return true, nil
}

// merge finds the classes of equivalent nodes: the coarsest partition that no
// round refines (Moore, 1956).
func (n *Normal) merge() {
	class := make([]Node, len(n.nodes)) // of a node, the first node of its class
	for count := 1; ; {
		first := map[string]Node{}
		next := make([]Node, len(n.nodes))
		var key []byte
		for x := range Node(len(n.nodes)) {
			key = n.appendKey(key[:0], x, class)
			y, ok := first[string(key)]
			if !ok {
				y = x
				first[string(key)] = x
			}
			next[x] = y
		}
		class = next
		if len(first) == count {
			break
		}
		count = len(first)
	}
	for i := range n.after.entries {
		if e := &n.after.entries[i]; e.key != 0 && e.node >= 0 {
			e.node = class[e.node]
		}
	}
}

// appendKey appends what tells a node from others: its class so far, what it
// remembers, and the classes it leads to.
func (n *Normal) appendKey(b []byte, x Node, class []Node) []byte {
	number := func(i int) { b = binary.LittleEndian.AppendUint32(b, uint32(i)) }
	p := &n.nodes[x]
	number(int(class[x]))
	if n.Diverges(x) {
		b = append(b, 'd')
	} else {
		b = append(b, 's')
	}
	acceptances := slices.Clone(p.acceptances.all)
	slices.SortFunc(acceptances, slices.Compare)
	number(len(acceptances))
	for _, a := range acceptances {
		number(len(a))
		for _, e := range a {
			number(int(e))
		}
	}
	for _, g := range n.groups[p.first:p.last] {
		y, _ := n.after.get(x, g.event)
		number(int(g.event))
		number(int(class[y]))
	}
	return b
}
