package process

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

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
// process that grows without bound, a leaf of too many states, or a term that
// cannot be evaluated and may never be reached. Faults of limits pass.
func (s *Space) Network(root *Term, o NetworkOptions) (*model.Network, error) {
	if o.LeafStates == 0 {
		o.LeafStates = mostLeafStates
	}
	c := &compiler{Space: s, NetworkOptions: o, calls: map[int32]*recursion{}}
	p, err := c.process(root)
	if err != nil {
		return nil, err
	}
	spend := func() error { s.Spend(1 << 10); return nil }
	net, err := model.NewNetworkWithin(spend, root.String(), s.events, p)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoNetwork, err)
	}
	return net, nil
}

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
	// Minimise merges states of a leaf that are strongly bisimilar: for
	// questions that are not about how many states there are. A host's states
	// are told apart by what they host, and are left as they are; so is what
	// is evaluated on demand.
	Minimise bool
	// Alphabet returns all visible events of the script, or nil if there are
	// too many. A leaf that is evaluated on demand may do any of them.
	Alphabet func() []model.Event
}

const (
	mostLeafStates = 1 << 12
	mostNested     = 2000 // operators inside each other
)

// A compiler makes the operator tree of a network.
type compiler struct {
	*Space
	NetworkOptions
	calls map[int32]*recursion // processes being compiled, by their states
	depth int                  // of operators around the term being compiled
}

// A recursion is a process that is being compiled.
type recursion struct {
	x      *model.Process // the call of it
	called bool
}

// process compiles a term under the name by which it is called.
func (c *compiler) process(t *Term) (*model.Process, error) {
	id := c.State(t).id
	if r := c.calls[id]; r != nil {
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
	r := &recursion{}
	var inner *model.Process
	var err error
	p := model.Recursive(name, func(x *model.Process) *model.Process {
		r.x = x
		c.calls[id] = r
		inner, err = c.body(h)
		delete(c.calls, id)
		return inner
	})
	if err != nil {
		return nil, err
	}
	if !r.called {
		p = inner
	}
	if name != "" {
		p = p.Named(name)
	}
	return p, nil
}

// body compiles a term that is not delayed.
func (c *compiler) body(t *Term) (*model.Process, error) {
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
	return concurrent(t)
}

// operator compiles an operator and its operands.
func (c *compiler) operator(t *Term) (*model.Process, error) {
	if c.depth == mostNested {
		return nil, fmt.Errorf("%w: more than %d operators stand inside each other", ErrNoNetwork, mostNested)
	}
	c.depth++
	kids := make([]*model.Process, len(t.Kids))
	for i, kid := range t.Kids {
		c.Spend(1)
		var err error
		if kids[i], err = c.process(kid); err != nil {
			return nil, err
		}
	}
	c.depth--
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
		return model.Rename(kids[0], a.rel), nil
	case Par:
		return model.Par(a.set, kids...), nil
	case AlphaPar:
		parties := make([]model.Party, len(kids))
		for i, p := range kids {
			parties[i] = model.Party{Process: p, Alphabet: a.sets[i]}
		}
		return model.AlphaPar(parties...), nil
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
	if e, ok := first.leaf.(*explicit); ok && e.state == e.machine.Initial() {
		return model.Leaf(e.machine), nil
	}
	m := model.NewMachine(t.String(), c.events)
	number := map[int32]model.State{}
	var queue []*Term
	visit := func(t *Term) model.State {
		st := c.State(t)
		n, ok := number[st.id]
		if !ok {
			n = model.State(len(queue))
			number[st.id] = n
			queue = append(queue, t)
			m.States(1)
		}
		return n
	}
	m.Start(visit(t))
	var hosted []model.Hosted
	for i := 0; i < len(queue); i++ {
		if i == c.LeafStates {
			if len(hosted) > 0 {
				return nil, fmt.Errorf("%w: a part with something parallel in it has more than %d states", ErrNoNetwork, c.LeafStates)
			}
			return c.onDemand(t)
		}
		c.Spend(1)
		h := queue[i].Head()
		st := c.State(h)
		if st != first {
			if c.calls[st.id] != nil || c.whole(h) {
				run, err := c.host(queue[i], h, model.State(i), visit)
				if err != nil {
					return nil, err
				}
				hosted = append(hosted, run)
				continue
			}
		}
		for k, tr := range c.Trans(st) {
			m.Add(model.State(i), tr.Event, visit(c.to(st, k)))
		}
	}
	machine, err := m.Build()
	if err != nil {
		panic("process: a leaf is not well formed: " + err.Error())
	}
	if len(hosted) == 0 {
		if c.Minimise {
			machine = lts.Minimise(machine)
		}
		return model.Leaf(machine), nil
	}
	return model.Host(machine, hosted...), nil
}

// onDemand compiles a term to a leaf whose states are evaluated when they are
// needed: one of too many states, or of infinitely many, of which the others
// perhaps leave but a few.
func (c *compiler) onDemand(t *Term) (*model.Process, error) {
	var events []model.Event
	if c.Alphabet != nil {
		events = c.Alphabet()
	}
	if events == nil {
		return nil, fmt.Errorf("%w: a part has more than %d states, and there are too many events", ErrNoNetwork, c.LeafStates)
	}
	d := &demand{space: c.Space, first: t, number: map[int32]model.State{}}
	return model.LeafOnDemand(t.String(), d, c.events, append([]model.Event{model.Tau, model.Tick}, events...)), nil
}

// A demand is a leaf that is evaluated on demand. Its states are those of the
// term, numbered as they are met.
type demand struct {
	space  *Space
	first  *Term
	number map[int32]model.State
	states []*Term
}

func (d *demand) Initial() (model.State, error) { return d.state(d.space.State(d.first)), nil }

func (d *demand) state(t *Term) model.State {
	n, ok := d.number[t.id]
	if !ok {
		n = model.State(len(d.states))
		d.number[t.id] = n
		d.states = append(d.states, t)
	}
	return n
}

func (d *demand) Transitions(n model.State) ([]model.Event, []model.State, error) {
	t := d.states[n]
	type transition struct {
		e  model.Event
		to model.State
	}
	var ts []transition
	work := d.space.workOf(t)
	for k := range work.trans {
		tr := &work.trans[k]
		ts = append(ts, transition{tr.Event, d.state(d.space.next(t, tr, d.space.moves(t, k)))})
	}
	slices.SortFunc(ts, func(a, b transition) int { return cmp.Or(cmp.Compare(a.e, b.e), cmp.Compare(a.to, b.to)) })
	ts = slices.Compact(ts)
	events, targets := make([]model.Event, len(ts)), make([]model.State, len(ts))
	for i, tr := range ts {
		events[i], targets[i] = tr.e, tr.to
	}
	return events, targets, nil
}

// host returns what a sequential process hosts in state n, which is t: what
// stands before a ; comes back to the machine when it has ended.
func (c *compiler) host(t, h *Term, n model.State, visit func(*Term) model.State) (model.Hosted, error) {
	run := model.Hosted{State: n, Last: true}
	if h.Op == Seq && c.calls[c.State(h).id] == nil {
		run.Last, run.Next = false, visit(h.Kids[1])
		t = h.Kids[0]
	}
	var err error
	run.Process, err = c.process(t)
	return run, err
}
