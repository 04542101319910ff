package explore

import (
	"fmt"
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// Explain tells a path in terms of the leaves and hosts of the operator tree,
// from left to right. Of several rules that make the same step, the first
// tells who took part.
func (n *network) Explain(path []PathStep) (*Behaviour, error) {
	y, b, err := n.tell(path)
	if err == nil && len(b.Final) == 0 {
		b.Waits = y.waits(nil)
	}
	return b, err
}

// tell is Explain but for the Waits, and also returns the story so far.
func (n *network) tell(path []PathStep) (*story, *Behaviour, error) {
	initial := make([]uint64, n.width)
	if err := n.Initial(initial); err != nil {
		return nil, nil, err
	}
	y := &story{sys: n, of: n.net, now: initial}
	y.build(&frame{net: n}, nil)
	b := &Behaviour{Process: n.Name(), Loop: -1}
	x := branches{sys: n, place: map[string]int{}, hidden: y.tau}
	for i, s := range append([][]uint64{initial}, statesOf(path)...) {
		if _, ok := x.place[key(s)]; !ok {
			x.place[key(s)] = i
		}
	}
	y.settle(nil)
	for i := range y.actors {
		y.starts = append(y.starts, y.stateOf(&y.actors[i]))
	}
	for i := range path {
		others, err := x.of(y.now, &path[i])
		if err != nil {
			return nil, nil, err
		}
		step, err := y.step(&path[i])
		if err != nil {
			return nil, nil, err
		}
		step.Others = others
		b.Steps = append(b.Steps, step)
	}
	final, err := x.of(y.now, nil)
	if err != nil {
		return nil, nil, err
	}
	b.Final = final
	for i := range y.actors {
		a := &y.actors[i]
		b.Components = append(b.Components, Component{Name: a.op.Name, Start: y.starts[i]})
		b.Ends = append(b.Ends, y.end(a))
	}
	distinguish(b.Components)
	return y, b, nil
}

func statesOf(path []PathStep) [][]uint64 {
	var out [][]uint64
	for _, p := range path {
		out = append(out, p.State)
	}
	return out
}

// distinguish numbers the components of equal name.
func distinguish(cs []Component) {
	count, seen := map[string]int{}, map[string]int{}
	for _, c := range cs {
		count[c.Name]++
	}
	for i, c := range cs {
		if count[c.Name] > 1 {
			seen[c.Name]++
			cs[i].Name = fmt.Sprintf("%s #%d", c.Name, seen[c.Name])
		}
	}
}

// A story follows a path.
type story struct {
	sys    *network
	of     *model.Network // that sys was then
	now    []uint64
	nodes  []*node // the trees of all networks, an operator before its operands
	actors []actor
	starts []string // of each actor: its first state
}

// A frame is a network in its place: the whole system, or a member of one.
type frame struct {
	net    *network
	up     *frame
	member int
	of     map[int]int    // the actor that a component is
	inner  map[int]*frame // of components that are networks
	node   map[int]*node  // of components
}

// A node is a place in an operator tree.
type node struct {
	id    int // its index in nodes
	op    *model.Operator
	at    *frame
	up    *node
	kids  []*node
	index int // of it in up
	actor int // -1 if it is none
	on    bool
}

// An actor is a leaf or host, with what has become of it.
type actor struct {
	op    *model.Operator
	at    *frame
	node  *node
	born  bool
	ended bool
}

func (y *story) build(f *frame, up *node) {
	f.of, f.inner, f.node = map[int]int{}, map[int]*frame{}, map[int]*node{}
	tree := f.net.net.Tree()
	if tree == nil { // a network made rule by rule
		tree = &model.Operator{Op: model.OpInterleave, Component: -1}
		for i, c := range f.net.net.Components() {
			op := model.OpLeaf
			if c.Net != nil {
				op = model.OpWhole
			}
			tree.Kids = append(tree.Kids, &model.Operator{Op: op, Name: c.Name, Component: i})
		}
	}
	y.grow(f, tree, up, 0)
}

func (y *story) grow(f *frame, op *model.Operator, up *node, index int) {
	n := &node{id: len(y.nodes), op: op, at: f, up: up, index: index, actor: -1}
	y.nodes = append(y.nodes, n)
	if up != nil {
		up.kids = append(up.kids, n)
	}
	if op.Component >= 0 {
		f.node[op.Component] = n
	}
	switch {
	case op.Component < 0:
	case op.Op == model.OpWhole:
		g := &frame{net: f.net.members[op.Component].whole.net, up: f, member: op.Component}
		f.inner[op.Component] = g
		y.build(g, n)
	case op.Op == model.OpLeaf, op.Op == model.OpHost:
		n.actor = len(y.actors)
		f.of[op.Component] = n.actor
		y.actors = append(y.actors, actor{op: op, at: f, node: n})
	}
	for i, k := range op.Kids {
		y.grow(f, k, n, i)
	}
}

// words returns the state of the frame's network when the system is in s.
func (f *frame) words(s []uint64) []uint64 {
	if f.up == nil {
		return s
	}
	m := &f.up.net.members[f.member]
	return m.whole.states.at(int(m.get(f.up.words(s))))
}

// local returns the local state of component c.
func (f *frame) local(s []uint64, c int) model.State {
	return f.net.members[c].get(f.words(s))
}

// settle works out, in the present state, who is on; done tells what the last
// step did to actors.
func (y *story) settle(done *deeds) {
	for _, n := range y.nodes {
		n.on = true
		if n.up != nil {
			n.on = n.up.on
			if up := n.up; n.on && up.op.Component >= 0 && up.op.Op != model.OpWhole {
				n.on = up.op.On(up.at.local(y.now, up.op.Component), n.index)
			}
		}
		if n.actor < 0 {
			continue
		}
		a := &y.actors[n.actor]
		a.born = a.born || n.on
		if done == nil {
			continue
		}
		a.ended = a.ended || done.ended[n.actor]
		if n.on && done.reset[n.actor] {
			a.ended = false // it begins again
		}
	}
}

// deeds is what a step does to actors.
type deeds struct {
	ended, reset map[int]bool
	parts        []Part
	rules        map[*frame]int // by which it is done, where that is known
}

// step does a step of the path and reports it.
func (y *story) step(p *PathStep) (Step, error) {
	f := y.nodes[0].at
	done := &deeds{ended: map[int]bool{}, reset: map[int]bool{}}
	var err error
	if done.rules, err = y.by(p, y.now); err != nil {
		return Step{}, err
	}
	r := y.move(f, y.now, p.State, p.Event, done)
	if r < 0 {
		return Step{}, fmt.Errorf("explore: the path is not one of network %s: no rule does %s", y.sys.Name(), y.sys.Events().Name(p.Event))
	}
	step := Step{Event: y.sys.Events().Name(p.Event), Parts: done.parts}
	if p.Event == model.Tau {
		step.Hidden = y.hidden(f, r, y.now, p.State, done.rules)
	}
	slices.SortStableFunc(step.Parts, func(a, b Part) int { return a.Component - b.Component })
	y.now = p.State
	y.settle(done)
	for i := range step.Parts {
		step.Parts[i].After = y.stateOf(&y.actors[step.Parts[i].Component])
	}
	return step, nil
}

// stateOf is the present state of an actor as text: what its machine calls it.
func (y *story) stateOf(a *actor) string {
	if m := a.component().Machine; m != nil {
		return m.StateName(a.at.local(y.now, a.op.Component))
	}
	return ""
}

// tau is what the τ from s to t was before it was hidden, or "".
func (y *story) tau(s, t []uint64) string {
	f := y.nodes[0].at
	r := f.net.ruleOf(s, t, model.Tau)
	if r < 0 {
		return ""
	}
	return y.hidden(f, r, s, t, nil)
}

// hidden is the event that rule r, which leads from s to t by τ, has hidden,
// or that is hidden inside a whole that does the τ; or "".
func (y *story) hidden(f *frame, r int, s, t []uint64, rules map[*frame]int) string {
	if h := f.net.net.Hidden(r); h != model.Tau {
		return f.net.net.Events().Name(h)
	}
	for _, p := range f.net.net.Parts(r) {
		g := f.inner[int(p.Component)]
		if g == nil || p.Event != model.Tau {
			continue
		}
		m := &f.net.members[p.Component]
		if to := m.get(t); !covers(f.net.net.Resets(r), p.Component) {
			a, b := m.whole.states.at(int(m.get(s))), m.whole.states.at(int(to))
			if q := g.ruleOf(rules, a, b, p.Event); q >= 0 {
				return y.hidden(g, q, a, b, rules)
			}
		}
	}
	return ""
}

func covers(spans []model.Span, c int32) bool {
	return slices.ContainsFunc(spans, func(s model.Span) bool { return s.Lo <= c && c < s.Hi })
}

// move finds the rule of the frame's network that leads from s to t by e, and
// adds to done who takes part.
func (y *story) move(f *frame, s, t []uint64, e model.Event, done *deeds) int {
	n := f.net
	r := f.ruleOf(done.rules, s, t, e)
	if r < 0 {
		return r
	}
	resets := n.net.Resets(r)
	for _, p := range n.net.Parts(r) {
		m := &n.members[p.Component]
		from := m.get(s)
		if g := f.inner[int(p.Component)]; g != nil {
			y.moveInside(g, m, from, m.get(t), covers(resets, p.Component), p.Event, done)
			continue
		}
		i, ok := f.of[int(p.Component)]
		if !ok {
			continue // an operator's machine
		}
		op := y.actors[i].op
		world, own := op.World(p.Event)
		if own {
			name := n.localName(int(p.Component), p.Event, world)
			done.parts = append(done.parts, Part{Component: i, Event: name, Label: name})
		}
		switch {
		case own && world == model.Tick:
			done.ended[i] = true
		case !own:
			events, targets := m.machine.Transitions(from)
			if k := slices.Index(events, p.Event); k >= 0 && targets[k] != from && op.Ended(targets[k]) {
				done.ended[i] = true
			}
		}
	}
	for _, span := range resets {
		for c := span.Lo; c < span.Hi; c++ {
			y.reset(f, int(c), done)
		}
	}
	return r
}

// moveInside is move for a network that is a component, from one of its
// states to another; or anywhere, if it is reset as well.
func (y *story) moveInside(g *frame, m *member, from, to model.State, reset bool, e model.Event, done *deeds) {
	if reset {
		events, targets, err := m.whole.Transitions(from)
		k := slices.Index(events, e)
		if err != nil || k < 0 {
			return
		}
		to = targets[k]
	}
	y.move(g, m.whole.states.at(int(from)), m.whole.states.at(int(to)), e, done)
}

func (y *story) reset(f *frame, c int, done *deeds) {
	if i, ok := f.of[c]; ok {
		done.reset[i] = true
	}
	if g := f.inner[c]; g != nil {
		for i := range g.net.members {
			y.reset(g, i, done)
		}
	}
}

// localName returns the name of a local event of component c that means an
// event of the world.
func (n *network) localName(c int, local, world model.Event) string {
	if m := n.net.Components()[c].Machine; m != nil && m.Events() != n.net.Events() && n.net.Tree() == nil {
		return m.Events().Name(local)
	}
	return n.net.Events().Name(world)
}

// ruleOf returns the rule that is known to be the one, or else the first that
// leads from s to t and shows e, or -1.
func (f *frame) ruleOf(known map[*frame]int, s, t []uint64, e model.Event) int {
	if r, ok := known[f]; ok {
		return r
	}
	return f.net.ruleOf(s, t, e)
}

// ruleOf returns the first rule that leads from s to t and shows e, or -1.
func (n *network) ruleOf(s, t []uint64, e model.Event) int {
	for r := range n.net.NumRules() {
		if n.net.Event(r) == e && n.leads(r, s, t) {
			return r
		}
	}
	return -1
}

// Leads makes it a Ruled. Where there are priorities, other rules matter.
func (n *network) Leads(rule int, s, t []uint64) (model.Event, bool) {
	if n.priority != nil || n.broken != nil {
		return 0, false
	}
	n.err = nil
	leads := n.leads(rule, s, t)
	return n.net.Event(rule), leads && n.err == nil
}

// leads reports whether rule r leads from s to t.
func (n *network) leads(r int, s, t []uint64) bool {
	resets := n.net.Resets(r)
	parts := n.net.Parts(r)
	for _, p := range parts {
		targets := n.targetsOf(p, s)
		if len(targets) == 0 {
			return false
		}
		if !covers(resets, p.Component) && !slices.Contains(targets, n.members[p.Component].get(t)) {
			return false
		}
	}
	for c := range n.members {
		m := &n.members[c]
		switch after := m.get(t); {
		case covers(resets, int32(c)):
			if after != m.initial {
				return false
			}
		case after != m.get(s):
			if !slices.ContainsFunc(parts, func(p model.Part) bool { return int(p.Component) == c }) {
				return false
			}
		}
	}
	return true
}

// targetsOf returns where a participant's part leads from s.
func (n *network) targetsOf(p model.Part, s []uint64) []model.State {
	m := &n.members[p.Component]
	return n.targets(&peer{member: p.Component, event: p.Event}, uint64(m.get(s)))
}
