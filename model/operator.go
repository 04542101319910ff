package model

import (
	"slices"
	"strings"
)

// An Op is an operator of CSP, or what stands at the leaves of its terms.
type Op uint8

const (
	OpLeaf          Op = iota // a machine, or a machine on demand
	OpWhole                   // a subnetwork that is one component
	OpHost                    // a machine some of whose states run a process
	OpRecursive               // what it holds may call it again
	OpInterleave              // |||
	OpPar                     // [| A |]
	OpAlphaPar                // [A || B]
	OpLink                    // [a <-> b]
	OpHide                    // \ A
	OpProject                 // |\ A
	OpRename                  // [[a <- b]]
	OpSeq                     // ;
	OpExtChoice               // []
	OpIntChoice               // |~|
	OpSlide                   // [>
	OpInterrupt               // /\
	OpThrow                   // [| A |>
	OpSyncChoice              // [+ A +]
	OpSyncInterrupt           // /+ A +\
	OpPrioritise              // prioritise(P, <A, B>)
	opAgain                   // a call of an OpRecursive above; not in a finished tree
)

var opNames = [...]string{
	"leaf", "whole", "host", "recursive", "|||", "[|A|]", "[A||B]", "[a<->b]", "\\", "|\\", "[[a<-b]]",
	";", "[]", "|~|", "[>", "/\\", "[|A|>", "[+A+]", "/+A+\\", "prioritise", "again",
}

func (op Op) String() string { return opNames[op] }

// Parallel reports whether operands of op run side by side and do ✓ together.
func (op Op) Parallel() bool { return op >= OpInterleave && op <= OpLink }

// An Operator is a node of the operator tree that a network was made from.
// Operators that were flattened into one (a [] b [] c) are one.
type Operator struct {
	Op   Op
	Name string
	Kids []*Operator
	Mark any // what the process was marked with, or nil

	// Component is, of a leaf, a whole and a host, the component that it is;
	// of an operator that has states, its machine; otherwise -1.
	Component int

	// From is, of a leaf that is no machine on demand and of a host, the machine
	// that it was made from: its states have the same numbers.
	From *Machine

	Set  EventSet   // of [|A|], \, |\, [|A|> (the outermost of several), [+A+] and /+A+\
	Sets []EventSet // the alphabets of [A||B]
	Rel  Relation   // of [[a<-b]] and [a<->b]

	local []Event   // of a host: the world's name of each local event, or -1
	runs  [][]State // of a host: the states in which each of Kids runs
	last  [][]State // of a host: those of runs in which the ✓ of the kid is the host's
	ended State     // of a host: where it is after ✓
}

// On reports whether kid number i runs when the operator's machine is in s.
// Operators without a machine run all of them.
func (o *Operator) On(s State, i int) bool {
	kid := State(i)
	switch o.Op {
	case OpHost:
		return slices.Contains(o.runs[i], s)
	case OpSeq:
		return s == kid
	case OpExtChoice, OpSyncChoice:
		return s == 0 || s == kid+1
	case OpIntChoice:
		return s == kid+1
	case OpSlide:
		last := State(len(o.Kids) - 1)
		return s == kid && kid < last || s == last+kid
	case OpInterrupt, OpSyncInterrupt:
		return s <= kid
	case OpThrow:
		return s == kid
	}
	return true
}

// Chosen reports whether at most one operand is left of the operator, and nothing around
// it, when its machine is in s.
func (o *Operator) Chosen(s State) bool {
	switch o.Op {
	case OpLeaf, OpHost, OpWhole:
		return false
	case OpSeq, OpSlide, OpInterrupt, OpThrow:
		return int(s) >= len(o.Kids)-1
	}
	return s > 0
}

// Ends reports whether ✓ of kid number i is ✓ of the operator, or a share in
// it, when the operator's machine is in s.
func (o *Operator) Ends(s State, i int) bool {
	switch o.Op {
	case OpHost:
		return slices.Contains(o.last[i], s)
	case OpSeq:
		return int(s) == i && i == len(o.Kids)-1
	}
	return o.On(s, i)
}

// World returns the event of the network's table that a local event of a leaf
// or host stands for; false if it stands for none, being the host's part in
// a move of what it runs.
func (o *Operator) World(local Event) (Event, bool) {
	if o.Op != OpHost {
		return local, o.Op == OpLeaf || o.Op == OpWhole
	}
	e := o.local[local]
	return e, e >= 0
}

// Ended reports whether state s of a host is the one after ✓.
func (o *Operator) Ended(s State) bool { return o.Op == OpHost && s == o.ended }

// String returns the tree in one line: "(VM ||| [](A, B))".
func (o *Operator) String() string {
	if len(o.Kids) == 0 {
		return o.Name
	}
	var kids []string
	for _, k := range o.Kids {
		kids = append(kids, k.String())
	}
	head := o.Op.String()
	if o.Op == OpHost {
		head = o.Name
	}
	return head + "(" + strings.Join(kids, ", ") + ")"
}
