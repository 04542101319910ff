// Package symmetry finds out which components of a network are
// interchangeable, and searches one state of each orbit instead of all.
//
// What comes in is a Subject: a network whose machines are all known, and
// perhaps the normal form of the specification that watches it. A symmetry
// permutes components, local states, local events, events that the world sees
// and nodes of the specification, so that machines, rules, resets, initial
// states and the specification are mapped onto themselves; τ and ✓ stay what
// they are. Then it maps transitions of the whole to transitions, and what
// breaks a property to what breaks it (Emerson and Sistla, "Symmetry and
// Model Checking", 1996).
//
// Find looks for generators of the group as programs for graph automorphisms
// do (McKay, "Practical graph isomorphism", 1981; Darga, Sakallah and Markov,
// "Faster symmetry discovery using sparsity of symmetries", 2008): colour
// refinement of a graph, see graph.go, suggests them. Nothing rests on that:
// each is checked against the network and the specification themselves, see
// verify.go, before it is used.
//
// A Quotient is a System that has one state for each orbit, or a few. Its
// shortest paths are as long as those of the system, and Lift turns them into
// such.
//
// To read the code, start at Find, then Quotient in quotient.go.
package symmetry

import (
	"fmt"
	"math/big"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// A Subject is what a symmetry has to map onto itself.
type Subject struct {
	*explore.Layout
	Spec *Spec // or nil
}

// A Spec is a normal form, node 0 being the initial one. All nodes are to be
// reachable: others would be taken for interchangeable.
type Spec struct{ Nodes []Node }

// A Node leads to the node After[i] by Events[i], which rise.
type Node struct {
	Word        uint64 // what stands for it in states
	Events      []model.Event
	After       []int32
	Acceptances [][]model.Event
	Diverges    bool
}

// A Group is the symmetries of a Subject, or those that were found. It does
// not change: several goroutines may use it.
type Group struct {
	Order      *big.Int // how many there are
	Complete   bool     // there are no others; else Order is a lower bound
	Components int      // that some symmetry exchanges, or whose states it permutes

	fields   []explore.Field
	node     bool              // the word after the network's is a node of the specification
	words    []uint64          // of nodes
	numbers  map[uint64]uint32 // the other way
	width    int               // of the network
	elements []*element
	orbits   []*orbit
	least    bool // elements are all of the group
}

// None is the error of a Subject without symmetries that are of use, or
// whose symmetries may not be used.
type None struct{ Reason string }

func (e *None) Error() string { return e.Reason }

// The largest network that is looked at, in transitions and participants.
const mostEdges = 1 << 23

// Find returns the symmetries of x. The error is a *None.
//
// It costs one colour refinement, O(m log m) in the transitions and
// participants of rules, and for each generator what that moves.
func Find(x *Subject) (*Group, error) {
	if x.Net.Priority() != nil {
		return nil, &None{"the network is under a priority"}
	}
	size := 0
	for i, f := range x.Fields {
		if f.Machine == nil {
			return nil, &None{fmt.Sprintf("the states of component %s are evaluated on demand", x.Net.Components()[i].Name)}
		}
		size += f.Machine.NumTransitions()
	}
	for r := range x.Net.NumRules() {
		size += len(x.Net.Parts(r))
	}
	if size > mostEdges {
		return nil, &None{fmt.Sprintf("the network is too large to look for symmetries: more than %d transitions and participants of rules", mostEdges)}
	}
	g := newGraph(x)
	s := newSearch(g, newVerifier(g))
	s.run()
	if len(s.found) == 0 {
		why := "no components are interchangeable"
		if x.Spec != nil {
			why += " in the network and for the specification"
		}
		if !s.complete {
			why = "no interchangeable components were found"
		}
		return nil, &None{why}
	}
	return newGroup(x, s), nil
}

// newGroup makes what was found ready to be used.
func newGroup(x *Subject, s *search) *Group {
	g := &Group{Order: s.order, Complete: s.complete, fields: x.Fields, node: x.Spec != nil}
	touched := map[int32]bool{}
	for _, e := range s.found {
		for _, c := range e.touch {
			if int(c) < len(x.Fields) {
				touched[c] = true
			}
		}
	}
	g.Components = len(touched)
	for _, f := range x.Fields {
		g.width = max(g.width, f.Word+1)
	}
	if x.Spec != nil {
		g.numbers = map[uint64]uint32{}
		for i := range x.Spec.Nodes {
			g.words = append(g.words, x.Spec.Nodes[i].Word)
			g.numbers[x.Spec.Nodes[i].Word] = uint32(i)
		}
	}
	g.choose(s.found)
	return g
}

// Text says what the group is: "24 symmetries of 4 components".
func (g *Group) Text() string {
	least := ""
	if !g.Complete {
		least = "at least "
	}
	return fmt.Sprintf("%s%v symmetries of %d components", least, g.Order, g.Components)
}
