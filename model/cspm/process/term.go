// Package process holds process terms and the rules by which they act.
//
// A Term is an operator over operands. Package eval makes terms from
// expressions; an operand that has not started yet, or the body of a named
// process, is a delayed term that is evaluated when it is needed.
//
// A Space applies the firing rules. It keeps each term that is reached as a
// state once: definitions unfolded, equal terms shared. Its System is the
// term explorer: right by construction and slow, the oracle for whatever is
// faster.
//
// To read the code, start at the rules in rules.go.
package process

import (
	"fmt"

	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// An Op is the outermost operator of a term.
type Op uint8

const (
	Stop          Op = iota
	Omega            // after ✓: no transitions
	Skip             // SKIP
	Div              // DIV
	Prefix           // e -> P and all its forms, RUN(A), BUFFER(n, R): what Offer says
	Delayed          // a call, or an expression that is not yet evaluated
	ExtChoice        // P [] Q, n-ary
	IntChoice        // P |~| Q, n-ary
	Slide            // P [> Q
	Seq              // P ; Q
	Interrupt        // P /\ Q
	Throw            // P [|A|> Q
	Hide             // P \ A
	Rename           // P[[R]]
	Par              // P [|A|] Q, n-ary; P ||| Q with A empty
	AlphaPar         // P [A||B] Q, n-ary
	Link             // P [R] Q
	SyncChoice       // P [+A+] Q, n-ary
	SyncInterrupt    // P /+A+\ Q
	Prioritise       // prioritise(P, <A, B>), prioritisepo(P, E, O, M)
	Chase            // chase(P)
	Explicit         // a state of a machine: sbisim(P) and other compressions
	Slides           // P and a chain of what is behind [>: see slide.go
	Throws           // P and several [|A|> around it: see layers.go
)

var opNames = [...]string{"STOP", "Ω", "SKIP", "DIV", "->", "call", "[]", "|~|", "[>", ";", `/\`, "[|A|>", `\`, "[[R]]", "[|A|]", "[A||B]", "[R]", "[+A+]", `/+A+\`, "prioritise", "chase", "machine", "[>", "[|A|>"}

func (op Op) String() string { return opNames[op] }

// off reports whether operand i is not started while the operator is there:
// its τ does not happen and its events do not count (cspm: active
// positions). Delayed terms have no operands.
func (op Op) off(i int) bool {
	switch op {
	case IntChoice:
		return true
	case Slide, Slides, Seq, Throw:
		return i == 1
	}
	return false
}

// parallel reports whether the operands run side by side to the end.
func (op Op) parallel() bool { return op == Par || op == AlphaPar || op == Link }

// merges reports whether operators op that stand directly around each other are one in
// a state.
func (op Op) merges() bool { return op == Hide || op == Rename || op.one() == Throw }

// one returns the operator that several of are op.
func (op Op) one() Op {
	if op == Throws {
		return Throw
	}
	return op
}

// relabels reports whether the operand acts as it would alone, but that the
// world sees other events of it, or fewer.
func (op Op) relabels() bool { return op == Hide || op == Rename || op == Prioritise }

// A Term is a process. It is immutable, but for what is worked out about it
// on the way.
type Term struct {
	Op   Op
	busy bool    // of a shared Delayed: its state is being worked out
	runs runs    // of one that is not Delayed: see concurrent
	meet bool    // of [+A+] in which something of A is offered, once met: see stepper.nested
	id   int32   // as a state of its Space, if it is one; otherwise -1
	Kids []*Term // the operands
	args *args   // what else the operator takes
	leaf leaf    // the Offer of Prefix, the Delay of Delayed

	state *Term // the state it is equal to, once known
	body  *Term // of Delayed: what it stands for, once known; of what merges: see Space.head
	work  *work // its transitions, once known
	key   value.Key
}

// Runs is whether something in a term that is on runs in parallel, once known.
type runs uint8

const (
	unknown runs = iota
	alone
	together
)

// args is what an operator takes besides operands. Terms share it.
type args struct {
	space  *Space
	set    *EventSet   // of Throw, Hide, Par, SyncChoice, SyncInterrupt
	sets   []*EventSet // of AlphaPar: one for each operand; of Prioritise: the levels
	rel    *Relation   // of Rename, Link
	layers *layer      // of Throws, innermost first
	order  *Order      // of Prioritise, if it is not by levels
	at     syntax.Span // of Chase: where it stands

	parties *parties // of AlphaPar, once asked for
}

// A leaf is an Offer, a Delay, or a state of a machine.
type leaf interface {
	AppendKey(k *value.Keys, b []byte) []byte
}

// A Branch is an event of an offer and what follows it.
type Branch struct {
	Event model.Event
	To    *Term
}

// An Offer is the choice of events at a prefix.
type Offer interface {
	// Branches returns the events and what follows each. They are read before
	// any other offer is asked.
	Branches() []Branch
	// AppendKey tells the offer from others without working out the branches.
	AppendKey(k *value.Keys, b []byte) []byte
	// Label returns the i-th branch as the prefix writes it, such as c?1!2,
	// and where the prefix stands.
	Label(i int) (string, syntax.Span)
}

// A Labeller is an Offer that finds a label by going through those before it;
// Labels finds all at once.
type Labeller interface {
	Labels() (labels []string, at syntax.Span)
}

// A Delay makes a delayed term.
type Delay interface {
	// Unfold returns the term; it may itself be delayed.
	Unfold() *Term
	// AppendKey tells the delayed term from others without unfolding it.
	AppendKey(k *value.Keys, b []byte) []byte
	// Name returns the call as it is shown, such as PHIL(0), or "".
	Name() string
	// Span returns where the called definition, or the expression, stands.
	Span() syntax.Span
}

func (t *Term) Kind() value.Kind     { return value.KProc }
func (t *Term) Keys() *value.Keys    { return t.args.space.Keys }
func (t *Term) KeyCache() *value.Key { return &t.key }
func (s *Space) Stop() *Term         { return s.stop }
func (s *Space) Skip() *Term         { return s.skip }
func (s *Space) Div() *Term          { return s.div }

// Offer returns the prefix that o describes.
func (s *Space) Offer(o Offer) *Term { return s.OfferAt(new(Term), o) }

// OfferAt makes t, which is new, the prefix that o describes. Whoever makes
// many has them side by side with what describes them.
func (s *Space) OfferAt(t *Term, o Offer) *Term {
	t.Op, t.id, t.args, t.leaf = Prefix, -1, s.plain, o
	return t
}

// Delay returns a term that is worked out when it is needed.
func (s *Space) Delay(d Delay) *Term { return s.DelayAt(new(Term), d) }

// DelayAt makes t, which is new, a term that is worked out when it is needed.
func (s *Space) DelayAt(t *Term, d Delay) *Term {
	t.Op, t.id, t.args, t.leaf = Delayed, -1, s.plain, d
	return t
}

// Make returns the operator op, which takes no sets, over the operands.
func (s *Space) Make(op Op, kids ...*Term) *Term {
	return &Term{Op: op, id: -1, Kids: kids, args: s.plain}
}

// WithSet returns the operator op with a set of events over the operands.
func (s *Space) WithSet(op Op, set *EventSet, kids ...*Term) *Term {
	return &Term{Op: op, id: -1, Kids: kids, args: &args{space: s, set: set}}
}

// WithSets returns the operator op with several sets of events over the
// operands.
func (s *Space) WithSets(op Op, sets []*EventSet, kids ...*Term) *Term {
	return &Term{Op: op, id: -1, Kids: kids, args: &args{space: s, sets: sets}}
}

// WithRelation returns a renaming of one operand or a linked parallel of
// two.
func (s *Space) WithRelation(op Op, rel *Relation, kids ...*Term) *Term {
	return &Term{Op: op, id: -1, Kids: kids, args: &args{space: s, rel: rel}}
}

// WithOrder returns prioritisepo of a process.
func (s *Space) WithOrder(o *Order, kid *Term) *Term {
	return &Term{Op: Prioritise, id: -1, Kids: []*Term{kid}, args: &args{space: s, order: o}}
}

// Chase returns chase(P), which stands at a place in the script.
func (s *Space) Chase(kid *Term, at syntax.Span) *Term {
	return &Term{Op: Chase, id: -1, Kids: []*Term{kid}, args: &args{space: s, at: at}}
}

// over returns t with other operands.
func (t *Term) over(kids []*Term) *Term { return &Term{Op: t.Op, id: -1, Kids: kids, args: t.args} }

// delay returns what a delayed term delays.
func (t *Term) delay() Delay { return t.leaf.(Delay) }

// AppendKey tells t from other processes as values: calls by definition and
// arguments, other terms by their structure. Nothing is unfolded.
func (t *Term) AppendKey(k *value.Keys, b []byte) []byte {
	b = append(b, byte(t.Op))
	if t.leaf != nil {
		return t.leaf.AppendKey(k, b)
	}
	b = t.appendSets(b)
	for _, kid := range t.Kids {
		b = k.Append(b, kid)
	}
	return b
}

// String returns a short form, for messages.
func (t *Term) String() string {
	switch t.Op {
	case Stop, Omega, Skip, Div:
		return t.Op.String()
	case Delayed:
		if name := t.delay().Name(); name != "" {
			return name
		}
	}
	if s, ok := t.leaf.(fmt.Stringer); ok {
		return s.String()
	}
	return "<process>"
}
