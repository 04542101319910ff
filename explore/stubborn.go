package explore

import (
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// A Keeps says what a reduced system has in common with the whole one. Its
// states and transitions are some of the whole one's.
type Keeps int

const (
	// Deadlocks: the same states without transitions are reachable.
	Deadlocks Keeps = iota
	// Endings: and by a last event that is ✓, or another, in the same cases.
	Endings
	// Traces: the same traces.
	Traces
	// Failures: the same traces, and after each the same refusals.
	Failures
	// Divergences: the same failures and divergences, up to those after
	// which it has diverged.
	Divergences
)

// An Effort says how many stubborn sets are tried in a state before the
// smallest is taken.
type Effort int

const (
	Hybrid  Effort = iota // one from each rule that is possible, until one has a single such rule
	Fast                  // a few of these
	Precise               // the same as Hybrid, and as many again by another choice of what keeps rules from being possible
)

// fastSeeds is how many sets Fast tries. Few are not enough: philosophers of
// 20 have 2575 states by all, 3037 by 16, 144,325 by 8 and millions by 4.
const fastSeeds = 16

// A Reducible is a System that can leave out of its interleavings those that
// come to the same.
type Reducible interface {
	System

	// Reduced returns a system with less states that keeps what is asked for
	// or, if there is none, why not.
	Reduced(Keeps, Effort) (sys System, why string)

	// Converges reports whether its rules show that it has no loop of τ. It
	// may have none and not show it.
	Converges() bool
}

var _ Reducible = (*network)(nil)

// Reduced returns the network with, in each state, only the transitions by
// the rules of a stubborn set T (Valmari, "Stubborn sets for reduced state
// space generation", 1991): whatever sequence of other rules is possible,
//
//	D1  a rule of T that is possible after it is possible before it, and leads to the same states;
//	D2  a rule of T that is possible before it is possible after it;
//	D0  T has a rule that is possible, if any is.
//
// That keeps Deadlocks. For the rest (Valmari, "Stubborn set methods for
// process algebras", 1997; Gibson-Robinson, Hansen, Roscoe, Wang, "Practical
// partial order reduction for CSP", 2015),
//
//	V  if a visible rule of T is possible, T has all visible rules;
//	I  if a rule by τ is possible, T has one that is;
//	S  on each loop of τ there is a state in which T has all rules.
//
// A trace r1 … rn of the whole system is a trace of the reduced one: of the
// ri that are in T the first can go first, by D1, and by V that changes no
// order of visible events. If there is none, and a visible ri is left, what
// is possible in T is τ, and by D2 the trace is possible after it, too; that
// cannot go on for ever, by S. If a stable state is reached by τ alone, T has
// one of these by I and D2. So Traces and Failures are kept. For Divergences S
// is not needed: where it goes on for ever, there is a divergence.
//
// What is possible in a state is the same in each state, with the same rules
// in T: no two searches see different transitions.
func (n *network) Reduced(keeps Keeps, effort Effort) (System, string) {
	switch {
	case n.broken != nil:
		return nil, n.broken.Error()
	case n.priority != nil:
		return nil, "under a priority every rule depends on what else is possible"
	case n.growing():
		return nil, "a component is evaluated on demand, and may come to do what no rule is known for"
	case len(n.members) < 2:
		return nil, "nothing in it is parallel"
	}
	t := n.stubbornTables()
	switch {
	case keeps >= Traces && !slices.Contains(t.tau, true):
		return nil, "every event is visible, and the order of these matters"
	case keeps == Endings && n.net.Tree() != nil:
		keeps = Deadlocks // nothing happens after ✓
	case keeps == Traces || keeps == Failures:
		t.stickies(n)
	}
	x := &stubborn{stubbornTables: t, net: n, keeps: keeps, effort: effort, scratch: newStubbornScratch(t)}
	return x, ""
}

// growing reports whether a component, or one inside of one, may turn out to
// do events that no rule is known for. A set without a rule that is not known
// may not be stubborn.
func (n *network) growing() bool {
	return slices.ContainsFunc(n.members, func(m member) bool {
		return m.lazy != nil && (m.lazy.open || m.whole != nil && m.whole.net.growing())
	})
}

// stubborn is a network reduced. The tables never change; the scratch memory
// is of one goroutine.
type stubborn struct {
	*stubbornTables
	net     *network
	keeps   Keeps
	effort  Effort
	scratch *stubbornScratch
}

func (x *stubborn) Name() string             { return x.net.Name() }
func (x *stubborn) Events() *model.Events    { return x.net.Events() }
func (x *stubborn) Width() int               { return x.net.Width() }
func (x *stubborn) Bits() []int              { return x.net.Bits() }
func (x *stubborn) Growing() []Bitfield      { return x.net.Growing() }
func (x *stubborn) Initial(s []uint64) error { return x.net.Initial(s) }

// Fork makes it a Forker.
func (x *stubborn) Fork() System {
	return &stubborn{stubbornTables: x.stubbornTables, net: x.net.fork(), keeps: x.keeps, effort: x.effort, scratch: newStubbornScratch(x.stubbornTables)}
}

// Explain tells a path of the whole network.
func (x *stubborn) Explain(path []PathStep) (*Behaviour, error) { return x.net.Explain(path) }

// Successors appends the transitions by the rules of a stubborn set: rule by
// rule or, if it has all that are possible, as the network does.
func (x *stubborn) Successors(s []uint64, out *Steps) error {
	x.net.err = nil
	set, all := x.choose(s)
	if x.net.err != nil {
		return x.net.err
	}
	possible := float64(len(x.scratch.enabled))
	l := Leaving{Name: "stubborn sets", What: "rules that were possible in the states visited", Taken: float64(len(set)), Of: possible}
	if all {
		l.Taken = possible
	}
	out.Leave(l)
	if all {
		return x.net.Successors(s, out)
	}
	for _, r := range set {
		x.fire(s, r, out)
	}
	return x.net.err
}

// fire appends the transitions of s by a rule, which is possible. The first
// participant's targets vary slowest.
func (x *stubborn) fire(s []uint64, r int32, out *Steps) {
	t := append(x.scratch.next[:0], s...)
	x.scratch.next = t
	x.fireFrom(s, t, r, x.partFirst[r], out)
}

func (x *stubborn) fireFrom(s, t []uint64, r, i int32, out *Steps) {
	if x.net.err != nil {
		return
	}
	if i == x.partFirst[r+1] {
		x.net.err = out.check()
		base := len(out.States)
		out.States = append(out.States, t...)
		u := out.States[base:]
		for _, c := range x.net.resets[x.net.rules[r].reset] {
			u[c.word] = u[c.word]&^c.clear | c.init
		}
		out.Events = append(out.Events, x.net.rules[r].event)
		return
	}
	p := &x.parts[i]
	m := &x.net.members[p.member]
	local := m.get(s)
	for _, to := range x.targets(p, local) {
		delta := uint64(local^to) << m.shift
		t[m.word] ^= delta
		x.fireFrom(s, t, r, i+1, out)
		t[m.word] ^= delta
	}
}

// targets returns where a participant's event leads from a local state:
// nowhere, if it cannot do it.
func (x *stubborn) targets(p *stubbornPart, local model.State) []model.State {
	events, targets := x.net.transitions(&x.net.members[p.member], local)
	i, ok := slices.BinarySearch(events, p.event)
	if !ok {
		return nil
	}
	j := i + 1
	for j < len(events) && events[j] == p.event {
		j++
	}
	return targets[i:j]
}
