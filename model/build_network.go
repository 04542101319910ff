package model

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
)

// ErrGrows is what an error of NewNetwork wraps if a process calls itself
// where something else of it is left on, so that it may grow without bound.
var ErrGrows = errors.New("no finite network")

// NewNetwork makes a network of a process. Its leaves become components,
// static operators (parallel, hiding, renaming) only rules; a dynamic one
// (choice, sequence, interrupt) becomes rules and one more component, a
// small machine that is on an operand or has left it. Components come in the
// order of the tree, an operator before its operands, so that what is below
// an operator is a range of components.
//
// Time and space are in proportion to the leaves and to the rules, and rules
// don't multiply out: where joint moves are products that have, in all, more
// participants than four times the rules of the leaves, and some 1000, operands
// are made whole (see Whole), the smallest first.
//
// A process that has done ✓ does nothing more, and however it came there its
// state is the same.
func NewNetwork(name string, events *Events, p *Process) (*Network, error) {
	return NewNetworkWithin(func() error { return nil }, name, events, p)
}

// NewNetworkWithin is NewNetwork, but asks check now and then, and ends with
// its error.
func NewNetworkWithin(check func() error, name string, events *Events, p *Process) (*Network, error) {
	return newNetwork(check, name, events, p, nil)
}

// newNetwork makes the network, or makes it again if boxed is not nil.
func newNetwork(check func() error, name string, events *Events, p *Process, boxed map[Span]bool) (*Network, error) {
	b := &builder{
		check: check, events: events, links: make([]link, 1), drafts: make([]draft, 0, 64),
		machines: map[*Machine]*leafMachine{}, boxed: boxed, again: boxed != nil,
	}
	if !b.again {
		b.boxed = map[Span]bool{}
	}
	root := p
	var priority Priority
	if p != nil && p.op == OpPrioritise && p.wrong == "" {
		p, priority = p.kids[0], p.prio
	}
	f := b.build(p)
	if b.stopped != nil {
		return nil, b.stopped
	}
	if err := errors.Join(b.problems...); err != nil {
		return nil, fmt.Errorf("network %s: %w", name, err)
	}
	net, err := b.finish(name, f, priority)
	if err == nil {
		boxed := b.boxed
		net.again = func() (*Network, error) { return newNetwork(check, name, events, root, boxed) }
	}
	return net, err
}

// After how many processes built, or rules, NewNetworkWithin asks its check.
const (
	checkEvery  = 64
	draftsEvery = 1 << 10
)

// ask asks check. Loops that make rules end once it has said no.
func (b *builder) ask() {
	if b.stopped == nil {
		b.stopped = b.check()
	}
}

// A builder holds what NewNetwork has made so far.
type builder struct {
	check      func() error
	built      int   // processes
	stopped    error // by check
	events     *Events
	components []Component // of those with Name == dead only the number is used
	dead       []bool
	drafts     []draft
	links      []link
	machines   map[*Machine]*leafMachine
	calls      []call // the OpRecursives that are being built
	problems   []error

	// What had to be made whole, by its components; again says that this was
	// settled when the network was made first, and is to stay.
	boxed map[Span]bool
	again bool
}

// A draft is a rule in the making. What the world sees of it is kept in the
// form that has it, so that hiding and renaming move lists of rules about.
// A rule belongs to one form; operators change it in place.
type draft struct {
	hidden Event
	tied   Event
	again  int32 // starts the call again that has this number; 0: none
	parts  ref
	resets ref
}

// A ref is an index into the builder's links: 0 is nothing, and others are a
// pair of refs, or an atom. Joining costs one link, and parts are shared.
type ref int32

type link struct {
	left  int32 // of an atom: ^left is its first number
	right int32
}

// A call is an OpRecursive whose body is being built.
type call struct {
	again *Process
	id    int32
}

// A form is what a process has become: the components lo to hi, and rules.
type form struct {
	lo, hi int32
	by     map[Event][]int32 // drafts by what the world sees
	weight int               // how many rules the leaves and machines in it had
	again  bool              // some draft has an again
	tree   *Operator
}

// build returns the form of p. On a mistake it notes it, and returns
// something.
func (b *builder) build(p *Process) *form {
	if b.built++; b.built%checkEvery == 0 {
		b.ask()
	}
	if b.stopped != nil {
		return b.wrong("stopped")
	}
	if p == nil {
		return b.wrong("a process is nil")
	}
	if p.wrong != "" {
		return b.wrong("%s", p.wrong)
	}
	if least := p.op.least(); len(p.kids) < least {
		return b.wrong("an operator %s has %d operands, and needs %d", p.op, len(p.kids), least)
	}
	switch p.op {
	case OpLeaf:
		return b.leaf(p)
	case OpHost:
		return b.host(p)
	case OpWhole:
		f := b.build(p.kids[0])
		b.box(f)
		return f.marked(p)
	case OpPrioritise:
		f := b.build(p.kids[0])
		b.boxBy(f, p.prio)
		return f.marked(p)
	case OpRecursive:
		return b.recursive(p)
	case OpInterleave, OpPar:
		return b.par(p)
	case OpAlphaPar:
		return b.alphaPar(p)
	case OpLink:
		return b.link(p)
	case OpHide, OpProject:
		return b.hide(p)
	case OpRename:
		return b.rename(p)
	case OpSeq:
		return b.seq(p)
	case OpExtChoice, OpSyncChoice:
		return b.extChoice(p)
	case OpIntChoice:
		return b.intChoice(p)
	case OpSlide:
		return b.slide(p)
	case OpInterrupt, OpSyncInterrupt:
		return b.interrupt(p)
	case OpThrow:
		return b.throw(p)
	case opAgain:
		return b.wrong("%s calls itself before it has done anything, or below an operator that stays around it: %w", p.name, ErrGrows)
	}
	panic(fmt.Sprintf("model: no way to build operator %d", p.op))
}

// marked gives a part that is one component the mark of what made it one, if
// that has one.
func (f *form) marked(p *Process) *form {
	if p.mark != nil {
		f.tree.Mark = p.mark
	}
	return f
}

// least returns how many operands op must have.
func (op Op) least() int {
	switch op {
	case OpLeaf, OpHost, opAgain:
		return 0
	}
	return 1
}

func (b *builder) wrong(format string, args ...any) *form {
	b.problems = append(b.problems, fmt.Errorf(format, args...))
	return &form{by: map[Event][]int32{}, tree: &Operator{Component: -1}}
}

// join returns the two together.
func (b *builder) join(x, y ref) ref {
	if x == 0 {
		return y
	}
	if y == 0 {
		return x
	}
	b.links = append(b.links, link{int32(x), int32(y)})
	return ref(len(b.links) - 1)
}

// atom returns a new ref to a pair of numbers: a component and its local
// event, or the ends of a span.
func (b *builder) atom(x, y int32) ref {
	b.links = append(b.links, link{^x, y})
	return ref(len(b.links) - 1)
}

func (b *builder) span(f *form) ref { return b.spanOf(f.lo, f.hi) }

func (b *builder) spanOf(lo, hi int32) ref {
	if lo == hi {
		return 0
	}
	return b.atom(lo, hi)
}

// atoms calls yield for each atom of r, from left to right.
func (b *builder) atoms(r ref, yield func(x, y int32)) {
	if r == 0 {
		return
	}
	stack := []ref{r}
	for len(stack) > 0 {
		l := b.links[stack[len(stack)-1]]
		stack = stack[:len(stack)-1]
		if l.left < 0 {
			yield(^l.left, l.right)
			continue
		}
		stack = append(stack, ref(l.right), ref(l.left))
	}
}

// add makes a new rule of f.
func (b *builder) add(f *form, e Event, d draft) int32 {
	id := int32(len(b.drafts))
	b.drafts = append(b.drafts, d)
	f.by[e] = append(f.by[e], id)
	if id%draftsEvery == 0 {
		b.ask()
	}
	return id
}

// component adds a component and returns its number.
func (b *builder) component(c Component) int32 {
	b.components = append(b.components, c)
	b.dead = append(b.dead, false)
	return int32(len(b.components) - 1)
}

// keys returns the events of f, sorted.
func (f *form) keys() []Event {
	out := make([]Event, 0, len(f.by))
	for e := range f.by {
		out = append(out, e)
	}
	slices.Sort(out)
	return out
}

// in returns the visible events of the forms that are in set, sorted.
func in(set EventSet, forms ...*form) []Event {
	many := 0
	for _, f := range forms {
		many += len(f.by)
	}
	var out []Event
	if n, all, ok := list(set); ok && n*len(forms) < many {
		for e := range all {
			if e > Tick && slices.ContainsFunc(forms, func(f *form) bool { return len(f.by[e]) > 0 }) {
				out = append(out, e)
			}
		}
	} else {
		for _, f := range forms {
			for _, e := range f.keys() { // in order: to ask a renaming gives events numbers
				if e > Tick && set.Contains(e) {
					out = append(out, e)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// A leafMachine is a machine made ready to be a leaf.
type leafMachine struct {
	machine *Machine
	events  []Event // of reachable transitions, sorted
}

// leaf makes one rule of each event.
func (b *builder) leaf(p *Process) *form {
	c := p.leaf
	does, table := p.visits, p.events
	if m, ok := c.Demand.(OpenEnded); ok {
		// With τ and ✓ always there, the states of the operators' machines are
		// the same whatever else becomes known; and in every state in which the
		// leaf is on the rule for τ asks for its transitions.
		does = slices.Concat([]Event{Tau, Tick}, does, m.Does())
		slices.Sort(does)
		does = slices.Compact(does)
		c.Does = does
	}
	if c.Machine != nil {
		lm := b.machines[c.Machine]
		if lm == nil {
			lm = &leafMachine{machine: c.Machine.oneEnd(), events: c.Machine.does()}
			b.machines[c.Machine] = lm
		}
		c.Machine, does, table = lm.machine, lm.events, c.Machine.events
	}
	if table != b.events {
		return b.wrong("leaf %s has another table of events than the network", p.name)
	}
	i := b.component(c)
	f := &form{lo: i, hi: i + 1, by: make(map[Event][]int32, len(does)), tree: &Operator{Op: OpLeaf, Name: p.name, Mark: p.mark, Component: int(i), From: p.leaf.Machine}}
	for _, e := range does {
		if e < 0 || int(e) >= b.events.Len() {
			return b.wrong("leaf %s does the unknown event %d", p.name, e)
		}
		if len(f.by[e]) == 0 {
			b.add(f, e, draft{parts: b.atom(i, int32(e))})
			f.weight++
		}
	}
	return f
}

// does returns the events of the transitions that can be reached, sorted.
func (m *Machine) does() []Event {
	seen := make([]bool, m.Len())
	does := map[Event]bool{}
	stack := []State{m.initial}
	seen[m.initial] = true
	last := Event(-1) // seen last: most states do what others do, and a map takes time
	for len(stack) > 0 {
		s := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		events, targets := m.Transitions(s)
		for i, e := range events {
			if e != last {
				does[e] = true
				last = e
			}
			if t := targets[i]; !seen[t] {
				seen[t] = true
				stack = append(stack, t)
			}
		}
	}
	return slices.Sorted(maps.Keys(does))
}

// oneEnd returns m with all its ✓ leading to the same state.
func (m *Machine) oneEnd() *Machine {
	end := State(-1)
	var target []State
	for i, e := range m.event {
		switch {
		case e != Tick:
		case end < 0:
			end = m.target[i]
		case m.target[i] != end:
			if target == nil {
				target = slices.Clone(m.target)
			}
			target[i] = end
		}
	}
	if target == nil {
		return m
	}
	n := *m
	n.target = target
	// Of equal transitions one is enough.
	n.first = make([]int, 1, len(m.first))
	n.event, n.target = nil, nil
	for s := range State(m.Len()) {
		for i := m.first[s]; i < m.first[s+1]; i++ {
			if i > m.first[s] && m.event[i] == Tick && m.event[i-1] == Tick {
				continue
			}
			n.event = append(n.event, m.event[i])
			n.target = append(n.target, target[i])
		}
		n.first = append(n.first, len(n.event))
	}
	return &n
}

// finish makes the network of the components and rules of f.
func (b *builder) finish(name string, f *form, priority Priority) (*Network, error) {
	if f.again {
		return nil, fmt.Errorf("network %s: a call of a Recursive stands outside of it", name)
	}
	r := b.network(name, f)
	if b.stopped != nil {
		return nil, b.stopped
	}
	r.net.priority = priority
	return r.Build()
}

// network collects the components and rules of f, renumbered from 0. Rules
// come in the order in which they were made.
func (b *builder) network(name string, f *form) *Rules {
	out := NewRules(name, b.events)
	number := make([]int32, f.hi-f.lo+1) // of components, dead ones as the next
	for i := f.lo; i < f.hi; i++ {
		number[i-f.lo] = int32(len(out.net.components))
		if !b.dead[i] {
			out.net.components = append(out.net.components, b.components[i])
		}
	}
	number[f.hi-f.lo] = int32(len(out.net.components))
	at := func(x int32) int32 { return number[x-f.lo] }

	type rule struct {
		id int32
		e  Event
	}
	var rules []rule
	for e, ids := range f.by {
		for _, id := range ids {
			rules = append(rules, rule{id, e})
		}
	}
	slices.SortFunc(rules, func(x, y rule) int { return int(x.id) - int(y.id) })
	sets := map[ref]int32{}
	var parts []Part
	var spans []Span
	for i, r := range rules {
		if i%draftsEvery == 0 {
			b.ask()
		}
		if b.stopped != nil {
			return out
		}
		d := &b.drafts[r.id]
		parts = parts[:0]
		b.atoms(d.parts, func(c, e int32) { parts = append(parts, Part{at(c), Event(e)}) })
		set, ok := sets[d.resets]
		if !ok {
			spans = spans[:0]
			b.atoms(d.resets, func(lo, hi int32) { spans = append(spans, Span{at(lo), at(hi)}) })
			set = out.spanSet(spans)
			sets[d.resets] = set
		}
		out.rule(r.e, d.hidden, d.tied, parts, set)
	}
	f.tree.renumber(at)
	out.net.tree = f.tree
	if len(rules) > math.MaxInt32 || len(b.links) > math.MaxInt32 {
		out.full = true
	}
	return out
}

func (o *Operator) renumber(at func(int32) int32) {
	if o.Component >= 0 {
		o.Component = int(at(int32(o.Component)))
	}
	for _, k := range o.Kids {
		k.renumber(at)
	}
}
