package model

import "fmt"

// A Process is a term of CSP over machines: what NewNetwork makes a network
// of. It is never changed once made. Used twice, it stands for two copies.
//
// Mistakes (an operand that is nil, a machine over other events) are kept,
// and NewNetwork says them all.
type Process struct {
	op    Op
	name  string
	mark  any
	kids  []*Process
	leaf  Component
	set   EventSet
	sets  []EventSet
	who   func(Event) []int32 // of OpAlphaPar: whose sets have an event; nil: they are asked
	rel   Relation
	hosts []Hosted
	prio  Priority
	wrong string // a mistake in making it, or ""

	events *Events // of a leaf on demand
	visits []Event // all that a leaf on demand may do
}

// Leaf returns the process that m describes.
func Leaf(m *Machine) *Process {
	if m == nil {
		return &Process{op: OpLeaf, name: "?", wrong: "a leaf has no machine"}
	}
	return &Process{op: OpLeaf, name: m.name, leaf: Component{Name: m.name, Machine: m}}
}

// LeafOnDemand returns the process that m describes. It may do the given
// events of the table and no others; τ and ✓ must be among them if it does
// them. Of an OpenEnded these are only those that it may do besides τ, ✓ and
// what it says.
func LeafOnDemand(name string, m OnDemand, events *Events, does []Event) *Process {
	p := &Process{op: OpLeaf, name: name, leaf: Component{Name: name, Demand: m}, events: events, visits: does}
	if m == nil {
		p.wrong = "leaf " + name + " has no machine"
	}
	return p
}

// Named returns p under a name for reports.
func (p *Process) Named(name string) *Process {
	if p == nil {
		return nil
	}
	q := *p
	q.name = name
	if q.op == OpLeaf {
		q.leaf.Name = name
	}
	return &q
}

// Marked returns p with a mark that its Operator in the tree of a network
// keeps. It is not taken for part of an operator around it that is the same:
// a marked P ||| Q beside R stays an operand of two.
func (p *Process) Marked(mark any) *Process {
	if p == nil {
		return nil
	}
	q := *p
	q.mark = mark
	return &q
}

func operator(op Op, kids ...*Process) *Process {
	return &Process{op: op, name: op.String(), kids: kids}
}

// Interleave returns P ||| Q ||| ...: the operands move on their own, and do
// ✓ together.
func Interleave(operands ...*Process) *Process { return operator(OpInterleave, operands...) }

// Par returns P [| set |] Q [| set |] ...: the events of set need all
// operands, and so does ✓.
func Par(set EventSet, operands ...*Process) *Process {
	p := operator(OpPar, operands...)
	p.set = set
	return p.needsSet()
}

// A Party is an operand of an alphabetised parallel.
type Party struct {
	Process  *Process
	Alphabet EventSet
}

// AlphaPar returns || i @ [Alphabet i] Process i: an event needs those whose
// alphabet has it, and can't happen if none has; ✓ needs all.
func AlphaPar(parties ...Party) *Process {
	p := operator(OpAlphaPar)
	for i, x := range parties {
		p.kids = append(p.kids, x.Process)
		p.sets = append(p.sets, x.Alphabet)
		if x.Alphabet == nil {
			p.wrong = fmt.Sprintf("operand %d of %s has no alphabet", i, p.op)
		}
	}
	return p
}

// AlphaParBy is AlphaPar, but who tells which alphabets have an event, by the
// numbers of the operands, rising: they are not asked. What it returns stays as
// it is.
func AlphaParBy(who func(Event) []int32, parties ...Party) *Process {
	p := AlphaPar(parties...)
	p.who = who
	return p
}

// Link returns P [a <-> b, ...] Q: an event a of P and the b of Q that it is
// tied to happen together, as τ, and never alone.
func Link(p, q *Process, ties Relation) *Process {
	l := operator(OpLink, p, q)
	l.rel = ties
	return l.needsRelation()
}

// Hide returns P \ set: events of set become τ.
func Hide(p *Process, set EventSet) *Process {
	h := operator(OpHide, p)
	h.set = set
	return h.needsSet()
}

// Project returns P |\ set: all visible events but those of set become τ.
func Project(p *Process, set EventSet) *Process {
	h := operator(OpProject, p)
	h.set = set
	return h.needsSet()
}

// Rename returns P[[R]]: an event becomes each of its images, or stays as it
// is if it has none.
func Rename(p *Process, r Relation) *Process {
	n := operator(OpRename, p)
	n.rel = r
	return n.needsRelation()
}

// Seq returns P ; Q ; ...
func Seq(operands ...*Process) *Process { return operator(OpSeq, operands...) }

// ExtChoice returns P [] Q [] ...
func ExtChoice(operands ...*Process) *Process { return operator(OpExtChoice, operands...) }

// IntChoice returns P |~| Q |~| ...
func IntChoice(operands ...*Process) *Process { return operator(OpIntChoice, operands...) }

// Slide returns P [> Q: P, until a τ gives up waiting for it.
func Slide(p, q *Process) *Process { return operator(OpSlide, p, q) }

// Interrupt returns P /\ Q: P, until Q begins.
func Interrupt(p, q *Process) *Process { return operator(OpInterrupt, p, q) }

// Throw returns P [| set |> Q: P, until it does an event of set.
func Throw(p *Process, set EventSet, q *Process) *Process {
	t := operator(OpThrow, p, q)
	t.set = set
	return t.needsSet()
}

// SyncChoice returns P [+ set +] Q [+ set +] ...: as [], but the operands do
// the events of set together, which leaves the choice open.
func SyncChoice(set EventSet, operands ...*Process) *Process {
	p := operator(OpSyncChoice, operands...)
	p.set = set
	return p.needsSet()
}

// SyncInterrupt returns P /+ set +\ Q: as /\, but P and Q do the events of
// set together, which leaves both on.
func SyncInterrupt(p *Process, set EventSet, q *Process) *Process {
	i := operator(OpSyncInterrupt, p, q)
	i.set = set
	return i.needsSet()
}

// A Hosted says that a host runs a process while it is in a state.
type Hosted struct {
	State   State    // of the host's machine
	Process *Process // starts whenever the host enters State
	Next    State    // where the host goes, by τ, when the process does ✓
	Last    bool     // instead of Next: the process's ✓ is that of the host
}

// Host returns the process of a machine that runs other processes in some of
// its states: X = a -> ((P ||| Q) ; X) is
//
//	start -a-> inside        inside runs P ||| Q, and then comes start
//
// A transition of the machine itself out of such a state leaves what runs
// there, which goes back to its initial state. Processes that are equal
// pointers share their components, as only one of them can be on.
func Host(m *Machine, runs ...Hosted) *Process {
	h := Leaf(m)
	h.op = OpHost
	h.hosts = runs
	seen := map[State]bool{}
	for _, x := range runs {
		switch {
		case m == nil:
		case x.State < 0 || int(x.State) >= m.Len():
			h.wrong = fmt.Sprintf("host %s runs a process in the unknown state %d", m.name, x.State)
		case !x.Last && (x.Next < 0 || int(x.Next) >= m.Len()):
			h.wrong = fmt.Sprintf("host %s goes on in the unknown state %d", m.name, x.Next)
		case seen[x.State]:
			h.wrong = fmt.Sprintf("host %s runs two processes in state %s", m.name, m.StateName(x.State))
		}
		seen[x.State] = true
	}
	return h
}

// Whole returns p as one component whose states are made when they are
// needed. NewNetwork does the same wherever rules would multiply out.
func Whole(p *Process) *Process { return operator(OpWhole, p) }

// Prioritise returns P under a priority: of what P can do in a state, that
// which gives way to nothing else that it can do. It is one component, as by
// Whole, unless it is all that a network is made of.
func Prioritise(p *Process, by Priority) *Process {
	q := operator(OpPrioritise, p)
	q.prio = by
	if by == nil {
		q.wrong = "an operator prioritise has no priority"
	}
	return q
}

// Recursive returns the process X with X = body(X). The X inside is a call:
// it starts X again from its initial state. It may only stand where nothing
// else of X is left on when it is entered: as a later operand of ; or the
// second of [>, /\ or [|A|>, as a choice of |~|, as what a host runs Last;
// and inside operands of [] and the right one of /\ where a visible event
// comes before it. Elsewhere X has no finite network, and NewNetwork says so.
func Recursive(name string, body func(x *Process) *Process) *Process {
	again := &Process{op: opAgain, name: name}
	p := operator(OpRecursive, body(again), again)
	p.name = name
	return p
}

func (p *Process) needsSet() *Process {
	if p.set == nil {
		p.wrong = "an operator " + p.op.String() + " has no set"
	}
	return p
}

func (p *Process) needsRelation() *Process {
	if p.rel == nil {
		p.wrong = "an operator " + p.op.String() + " has no relation"
	}
	return p
}
