package process

import (
	"errors"
	"fmt"
	"math"

	"github.com/cspcheck/cspcheck/explore/lts"
	"github.com/cspcheck/cspcheck/model"
)

// Network returns the network of root: static operators become rules,
// dynamic ones small machines, and what has nothing parallel in it a machine
// whose states are terms (Goldsmith, "Operational Semantics for Fun and
// Profit", 2005). What is sequential around something parallel becomes a
// host; recursion that comes back to a shape that is being compiled starts it
// again.
//
// It fails with ErrNoNetwork where there is none, or none that is found: a
// process that grows without bound, or that is too large and has something
// parallel in it, or takes too much work. Faults of what runs from the start
// pass.
func (s *Space) Network(root *Term, o NetworkOptions) (*model.Network, error) {
	c, p, err := s.compile(root, o)
	if err != nil {
		return nil, err
	}
	return c.network(root, p)
}

// compile returns the process that root becomes.
func (s *Space) compile(root *Term, o NetworkOptions) (*compiler, *model.Process, error) {
	if o.LeafStates == 0 {
		o.LeafStates = mostLeafStates
	}
	c := &compiler{Space: s, NetworkOptions: o, calls: map[int32]*recursion{}, throwing: newThrowing(), numbers: numbers{}}
	s.State(root) // which has to be known however it is searched
	c.start = s.worked
	p, err := c.process(root)
	return c, p, err
}

// network returns the network of what root has become.
func (c *compiler) network(root *Term, p *model.Process) (*model.Network, error) {
	spend := func() error { c.Spend(1 << 10); return nil }
	net, err := model.NewNetworkWithin(spend, root.String(), c.events, p)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoNetwork, err)
	}
	return net, nil
}

// numbers tell which state of a machine a term is.
type numbers map[*model.Machine]map[int32]model.State

// ErrNoNetwork is what the errors of Network wrap.
var ErrNoNetwork = errors.New("the process is no network")

// NetworkOptions say how a network is made.
type NetworkOptions struct {
	// Deep makes every operator a part of the network, also those with
	// nothing parallel inside: for tests.
	Deep bool
	// LeafStates is how many states a leaf may have that is made at once; a
	// larger one is evaluated on demand. 0: a default.
	LeafStates int
	// Parts keeps what users take for a part apart: each component is a term
	// with nothing parallel inside, and operators have a *Mark each. There is
	// no network where that cannot be.
	Parts bool
	// Hidden, with Parts, makes hiding a part of the network wherever it stands,
	// so that what was hidden is known.
	Hidden bool
	// Minimise merges states of a leaf that are strongly bisimilar: for
	// questions that are not about how many states there are. A host's states
	// are told apart by what they host, and are left as they are; so is what
	// is evaluated on demand.
	Minimise bool
}

const (
	mostLeafStates = 1 << 12
	hostsToLeaves  = 8     // as many states may a host have
	mostNested     = 20000 // operators inside each other, those counted tenfold that start or end others

	// A machine may have this many transitions, all together that many; when
	// that is used up, small ones still are machines.
	mostTransitions  = 1 << 20
	allTransitions   = 1 << 22
	leastTransitions = 1 << 12
)

// To make a network so many transitions of terms may be worked out, and so
// many for each that is found to be one of a machine: if many terms are few
// states, it is time to leave them to the explorer.
const (
	someWork = 1 << 19
	moreWork = 1 << 6
)

// A compiler makes the operator tree of a network.
type compiler struct {
	*Space
	NetworkOptions
	calls map[int32]*recursion // processes being compiled, by their states; see throwing
	throwing
	depth   int     // of operators around the term being compiled, weighed
	numbers numbers // of what has become a machine
	alone   bool    // the root is a leaf on demand
	found   int     // transitions
	start   int     // what the space had worked out before, of root the first state
}

// A recursion is a process that is being compiled.
type recursion struct {
	x      *model.Process // the call of it
	called bool
}

// process compiles a term under the name by which it is called.
func (c *compiler) process(t *Term) (*model.Process, error) {
	st := c.State(t)
	if r := c.calling(st); r != nil {
		r.called = true
		return r.x, nil
	}
	name := ""
	h := t
	for ; h.Op == Delayed; h = h.Unfold() {
		if name == "" {
			name = h.delay().Name()
		}
	}
	switch h = c.headOf(h); {
	case c.Parts && h.layered():
		h = c.spelled(h, math.MaxInt)
	case !c.Parts && h.Op.merges():
		h = c.merged(h)
	}
	defer c.throw(st)()
	p, err := c.recursive(name, c.callOf(st), func() (*model.Process, error) { return c.body(h) })
	if err != nil {
		return nil, err
	}
	if name != "" {
		p = p.Named(name)
	}
	if c.Parts {
		p = p.Marked(&Mark{t, st.id})
	}
	return p, nil
}

// recursive compiles a process that may call itself, by a number for calls.
func (c *compiler) recursive(name string, id int32, body func() (*model.Process, error)) (*model.Process, error) {
	r := &recursion{}
	var inner *model.Process
	var err error
	p := model.Recursive(name, func(x *model.Process) *model.Process {
		r.x = x
		c.calls[id] = r
		defer delete(c.calls, id)
		inner, err = body()
		return inner
	})
	if !r.called {
		p = inner
	}
	return p, err
}

// again compiles an operand that is the same state as the hiding around it, which
// hides nothing more: that is no call of it.
func (c *compiler) again(t *Term) (*model.Process, error) {
	id := c.State(t).id
	around := c.calls[id]
	delete(c.calls, id)
	defer func() { c.calls[id] = around }()
	return c.process(t)
}

// later compiles an operand that is not on. It may be a mistake in the
// script, which concerns nobody before it starts.
func (c *compiler) later(t *Term) (p *model.Process, err error) {
	if c.fails(func() { p, err = c.process(t) }) {
		if c.Parts {
			return nil, fmt.Errorf("%w of components: there is a mistake in the part %s", ErrNoNetwork, t)
		}
		return c.onDemand(t, nil), nil
	}
	return p, err
}

// body compiles a term that is not delayed.
func (c *compiler) body(t *Term) (*model.Process, error) {
	if err := c.veiled(t); err != nil {
		return nil, err
	}
	if c.whole(t) {
		return c.operator(t)
	}
	return c.sequential(t)
}

// whole reports whether t becomes an operator of the network: if something
// in it that is on runs in parallel.
func (c *compiler) whole(t *Term) bool {
	if c.Deep {
		return len(t.Kids) > 0 && t.Op != Chase
	}
	return concurrent(t) || c.Hidden && hiding(t)
}

// operator compiles an operator and its operands.
func (c *compiler) operator(t *Term) (*model.Process, error) {
	// What is done for one that starts or ends its operands grows with its depth.
	weight := 10
	if t.Op.parallel() || t.Op == Hide || t.Op == Rename {
		weight = 1
	}
	if c.depth+weight > mostNested {
		return nil, fmt.Errorf("%w: too many operators stand inside each other", ErrNoNetwork)
	}
	c.depth += weight
	if t.Op == Throws {
		p, err := c.throws(t)
		c.depth -= weight
		return p, err
	}
	kids := make([]*model.Process, len(t.Kids))
	for i, kid := range t.Kids {
		c.Spend(1)
		var err error
		process := c.process
		switch {
		case t.Op.off(i):
			process = c.later
		case t.Op == Hide && c.State(kid) == c.State(t):
			process = c.again
		}
		if kids[i], err = process(kid); err != nil {
			return nil, err
		}
	}
	c.depth -= weight
	a := t.args
	switch t.Op {
	case ExtChoice:
		return model.ExtChoice(kids...), nil
	case IntChoice:
		return model.IntChoice(kids...), nil
	case Slide:
		return model.Slide(kids[0], kids[1]), nil
	case Seq:
		return model.Seq(kids...), nil
	case Interrupt:
		return model.Interrupt(kids[0], kids[1]), nil
	case Throw:
		return model.Throw(kids[0], a.set, kids[1]), nil
	case Hide:
		return model.Hide(kids[0], a.set), nil
	case Rename:
		p := kids[0]
		for l := c.layersOf(t); l != nil; l = l.out {
			p = model.Rename(p, l.op.args.rel)
		}
		return p, nil
	case Par:
		return model.Par(a.set, kids...), nil
	case AlphaPar:
		parties := make([]model.Party, len(kids))
		for i, p := range kids {
			parties[i] = model.Party{Process: p, Alphabet: a.sets[i]}
		}
		return model.AlphaParBy(func(e model.Event) []int32 { return c.who(a, e) }, parties...), nil
	case Link:
		return model.Link(kids[0], kids[1], a.rel), nil
	case SyncChoice:
		return model.SyncChoice(a.set, kids...), nil
	case SyncInterrupt:
		return model.SyncInterrupt(kids[0], a.set, kids[1]), nil
	case Prioritise:
		return model.Prioritise(kids[0], t.priority()), nil
	}
	panic("process: no network for " + t.Op.String())
}

// sequential compiles a term with nothing parallel in it: its states are
// those of a machine. A state that is an operator of the network is one in
// which the machine hosts it.
func (c *compiler) sequential(t *Term) (*model.Process, error) {
	first := c.State(t)
	if e, ok := first.leaf.(*explicit); ok && !c.Parts && e.state == e.machine.Initial() {
		return model.Leaf(e.machine), nil
	}
	x := &table{compiler: c, first: first, m: model.NewMachine(t.String(), c.events), number: map[int32]model.State{}, parts: map[int32]*model.Process{}}
	x.m.Start(x.visit(t))
	for i := 0; i < len(x.queue); i++ {
		if x.tooLarge(i) {
			return x.onDemand(t, i, "it is too large")
		}
		c.Spend(1)
		var err error
		if c.fails(func() { err = x.expand(i) }) {
			return x.onDemand(t, i+1, "there is a mistake in it")
		}
		if err != nil {
			return nil, err
		}
	}
	m, hosted := x.m, x.hosted
	machine, err := m.Build()
	if err != nil {
		panic("process: a leaf is not well formed: " + err.Error())
	}
	if len(hosted) == 0 {
		number := x.number
		if c.Minimise {
			var of []model.State
			machine, of, err = lts.Classes(machine, func() error { c.Spend(askAtOnce); return nil })
			if err != nil {
				panic(err) // faults come as panics
			}
			for id, n := range number {
				number[id] = of[n]
			}
		}
		c.numbers[machine] = number
		return model.Leaf(machine), nil
	}
	c.numbers[machine] = x.number
	return model.Host(machine, hosted...), nil
}

// A table is the machine of a sequential term in the making.
type table struct {
	*compiler
	first  *Term
	m      *model.MachineBuilder
	number map[int32]model.State
	queue  []*Term // by number
	trans  int     // how many transitions there are
	nodes  int     // of large terms, for each of their transitions
	hosted []model.Hosted
	parts  map[int32]*model.Process // what is hosted, by its states
	hosts  bool                     // something parallel, or a call
	outer  bool                     // a call
}

// tooLarge reports whether the table has too much in it before state i is
// expanded: states, transitions, or terms that grow through operators with
// nothing parallel in them (P = a -> (P ; Q)), which are soon too large to go
// on with, however few. A host may have more states than a leaf, as little else can be
// done for it.
func (x *table) tooLarge(i int) bool {
	states := x.LeafStates
	if x.hosts {
		states *= hostsToLeaves
	}
	trans := max(leastTransitions, min(mostTransitions, allTransitions-x.found))
	return i >= states || x.trans > trans || x.nodes > mostNodes || len(x.parts) > x.LeafStates
}

// onDemand gives the table up after n states. A host becomes a leaf, too: in
// a network of others its states, with what it hosts, may be few. Alone it
// would be the term explorer under another name.
func (x *table) onDemand(t *Term, n int, why string) (*model.Process, error) {
	if x.outer || x.hosts && (x.depth == 0 || x.Parts) {
		return nil, fmt.Errorf("%w: something parallel stands in the part %s, and %s", ErrNoNetwork, t, why)
	}
	return x.compiler.onDemand(t, x.queue[:n]), nil
}

// How large the terms of a table may be together, those of up to smallTerm
// operators not counted: of those that grow by an operator at each step, some
// 500 states with a transition each.
const (
	mostNodes = 1 << 17
	smallTerm = 8
)

// A Choice is an offer that stands for a choice of several, and is counted as that.
type Choice interface{ Choices() int }

// size returns how many operators that are on a term is made of, delayed ones
// not looked into.
func (t *Term) size() int {
	n := 1
	if c, ok := t.leaf.(Choice); ok {
		n += c.Choices()
	}
	for i, kid := range t.Kids {
		if !t.Op.off(i) {
			n += kid.size()
		}
	}
	return n
}

// visit returns the number of a term's state.
func (x *table) visit(t *Term) model.State {
	st := x.State(t)
	n, ok := x.number[st.id]
	if !ok {
		n = model.State(len(x.queue))
		x.number[st.id] = n
		x.queue = append(x.queue, t)
		x.m.States(1)
	}
	return n
}

// expand adds what follows state i.
func (x *table) expand(i int) error {
	if err := x.tired(); err != nil {
		return err
	}
	st := x.State(x.queue[i])
	h := x.headOf(x.queue[i])
	if err := x.veiled(h); err != nil {
		return err
	}
	if called := x.calling(st) != nil; st != x.first && (called || x.whole(h)) {
		x.hosts, x.outer = true, x.outer || called
		return x.host(x.queue[i], h, model.State(i))
	}
	large := max(0, st.size()-smallTerm)
	for k, tr := range x.Trans(st) {
		x.nodes += large
		if err := x.tired(); err != nil {
			return err
		}
		x.trans, x.found = x.trans+1, x.found+1
		x.m.Add(model.State(i), tr.Event, x.visit(x.to(st, k)))
	}
	return nil
}

// tired returns an error if it takes too much work.
func (c *compiler) tired() error {
	if c.worked-c.start > someWork+moreWork*c.found {
		return fmt.Errorf("%w: it takes too much work to find out", ErrNoNetwork)
	}
	return nil
}

// fails reports whether f meets a mistake in the script. If so, it is as if f
// had not been called.
func (c *compiler) fails(f func()) bool {
	depth := c.depth
	fault := c.Keys.Try(f)
	if fault == nil {
		return false
	}
	c.depth = depth
	return true
}

// host adds what the process hosts in state n, which is t: what stands before
// a ; comes back to the machine when it has ended.
func (x *table) host(t, h *Term, n model.State) error {
	run := model.Hosted{State: n, Last: true}
	if h.Op == Seq && x.calling(x.State(h)) == nil {
		run.Last, run.Next = false, x.visit(h.Kids[1])
		t = h.Kids[0]
	}
	id := x.State(t).id
	if run.Process = x.parts[id]; run.Process == nil {
		var err error
		if run.Process, err = x.process(t); err != nil {
			return err
		}
		x.parts[id] = run.Process
	}
	x.hosted = append(x.hosted, run)
	return nil
}
