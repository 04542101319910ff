package symmetry

import (
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// A graph is a Subject as an undirected graph with coloured vertices, whose
// automorphisms are the symmetries:
//
//	component — its states, its local events
//	transition s -x-> t: two vertices, (out) — s, x, (in); (in) — t
//	the same, if x has no other: one vertex, s — x — (in) — t
//	rule — the local events of its participants, what the world sees, its reset set, if it has one
//	reset set — its components
//	node of the specification, as a state of one component more
//	acceptance — its node, its events
//
// Local events that are in no rule, and transitions by them, are left out:
// they never happen. So is all but one of rules that say the same.
type graph struct {
	*Subject
	colour []colour
	first  []int32 // the neighbours of v are next[first[v]:first[v+1]]
	next   []int32

	comps  int // components, the specification included
	base   []int32
	locals []locals      // by component
	events []int32       // of an event that the world sees, its vertex; or 0
	local  []model.Event // of vertex lbase+i, the event local[i] of component owner[i]
	owner  []int32
	lbase  int32
	world  []model.Event // of vertex wbase+i, the event world[i]
	wbase  int32
	ruled  []int   // by component, the transitions that rules are about
	rules  []int32 // each different rule once
	byRule ruleSet
	ends   []int32 // edges in the making, two vertices each
}

// locals is the local events of a component that are in rules, rising;
// events[i] is vertex first+i.
type locals struct {
	events []model.Event
	first  int32
}

// vertex returns the vertex of a local event, if it is in a rule.
func (l *locals) vertex(e model.Event) (int32, bool) {
	i, ok := slices.BinarySearch(l.events, e)
	return l.first + int32(i), ok
}

type colour uint8

const (
	isComponent colour = iota
	isSpec
	isState
	isInitial
	isDiverging
	isInitialDiverging
	isLocal
	isLocalOnce // with one transition
	isWorld
	isTau
	isTick
	isOut
	isIn
	isRule
	isResets
	isAcceptance
)

func newGraph(x *Subject) *graph {
	g := &graph{Subject: x, events: make([]int32, x.Net.Events().Len())}
	g.byRule = newRuleSet(x.Net)
	for r := range x.Net.NumRules() {
		if g.byRule.add(int32(r)) {
			g.rules = append(g.rules, int32(r))
		}
	}
	g.components()
	g.labels()
	g.ruled = make([]int, len(x.Fields))
	for c, f := range x.Fields {
		g.machine(c, f.Machine)
	}
	g.addRules()
	g.addSpec()
	g.link()
	return g
}

// vertex adds a vertex.
func (g *graph) vertex(k colour) int32 {
	g.colour = append(g.colour, k)
	return int32(len(g.colour) - 1)
}

func (g *graph) edge(u, v int32) { g.ends = append(g.ends, u, v) }

// components adds the components and then the states, both by number.
func (g *graph) components() {
	sizes := []int{}
	for _, f := range g.Fields {
		g.vertex(isComponent)
		sizes = append(sizes, f.Machine.Len())
	}
	if g.Spec != nil {
		g.vertex(isSpec)
		sizes = append(sizes, len(g.Spec.Nodes))
	}
	g.comps = len(sizes)
	g.locals = make([]locals, g.comps)
	for c, size := range sizes {
		g.base = append(g.base, int32(len(g.colour)))
		for range size {
			g.edge(int32(c), g.vertex(isState))
		}
	}
	g.base = append(g.base, int32(len(g.colour)))
	for c, f := range g.Fields {
		g.colour[g.state(c, f.Machine.Initial())] = isInitial
	}
	if g.Spec != nil {
		for i := range g.Spec.Nodes {
			k := isState
			switch diverges := g.Spec.Nodes[i].Diverges; {
			case diverges && i == 0:
				k = isInitialDiverging
			case diverges:
				k = isDiverging
			case i == 0:
				k = isInitial
			}
			g.colour[g.base[g.comps-1]+int32(i)] = k
		}
	}
}

// state returns the vertex of a local state.
func (g *graph) state(c int, s model.State) int32 { return g.base[c] + int32(s) }

// labels adds the local events of components, then those of the world.
func (g *graph) labels() {
	g.lbase = int32(len(g.colour))
	for _, r := range g.rules {
		for _, p := range g.Net.Parts(int(r)) {
			l := &g.locals[p.Component]
			l.events = append(l.events, p.Event)
		}
	}
	for c := range g.locals {
		l := &g.locals[c]
		slices.Sort(l.events)
		l.events = slices.Compact(l.events)
		l.first = int32(len(g.colour))
		for _, e := range l.events {
			g.edge(int32(c), g.vertex(isLocal))
			g.local = append(g.local, e)
			g.owner = append(g.owner, int32(c))
		}
	}
	g.wbase = int32(len(g.colour))
	for _, r := range g.rules {
		g.event(g.Net.Event(int(r)))
	}
	if g.Spec != nil {
		for i := range g.Spec.Nodes {
			for _, e := range g.Spec.Nodes[i].Events {
				g.event(e)
			}
			for _, a := range g.Spec.Nodes[i].Acceptances {
				for _, e := range a {
					g.event(e)
				}
			}
		}
	}
}

// event returns the vertex of an event of the world.
func (g *graph) event(e model.Event) int32 {
	v := g.events[e] // 0 is a component
	if v == 0 {
		k := isWorld
		switch e {
		case model.Tau:
			k = isTau
		case model.Tick:
			k = isTick
		}
		v = g.vertex(k)
		g.events[e] = v
		g.world = append(g.world, e)
	}
	return v
}

// machine adds the transitions of a component that may happen.
func (g *graph) machine(c int, m *model.Machine) {
	l := &g.locals[c]
	times := make([]int32, len(l.events))
	g.ruledTransitions(c, m, func(_ model.State, k int, _ model.State) { times[k]++ })
	for k, n := range times {
		g.ruled[c] += int(n)
		if n == 1 {
			g.colour[l.first+int32(k)] = isLocalOnce
		}
	}
	g.ruledTransitions(c, m, func(s model.State, k int, t model.State) {
		x := l.first + int32(k)
		if times[k] > 1 {
			g.transition(g.state(c, s), x, g.state(c, t))
			return
		}
		in := g.vertex(isIn)
		g.edge(x, g.state(c, s))
		g.edge(x, in)
		g.edge(in, g.state(c, t))
	})
}

// ruledTransitions tells the transitions of a component by events in rules,
// the k-th of them.
func (g *graph) ruledTransitions(c int, m *model.Machine, tell func(s model.State, k int, t model.State)) {
	l := &g.locals[c]
	for s := range model.State(m.Len()) {
		events, targets := m.Transitions(s)
		if len(events) == 0 {
			continue
		}
		k, _ := slices.BinarySearch(l.events, events[0])
		for i, e := range events { // both rise
			for k < len(l.events) && l.events[k] < e {
				k++
			}
			if k < len(l.events) && l.events[k] == e {
				tell(s, k, targets[i])
			}
		}
	}
}

func (g *graph) transition(s, x, t int32) {
	out, in := g.vertex(isOut), g.vertex(isIn)
	g.edge(out, s)
	g.edge(out, x)
	g.edge(out, in)
	g.edge(in, t)
}

func (g *graph) addRules() {
	sets := make([]int32, g.Net.NumResetSets())
	for i := range sets {
		sets[i] = g.vertex(isResets)
		for _, span := range g.Net.SpansOf(i) {
			for c := span.Lo; c < span.Hi; c++ {
				g.edge(sets[i], c)
			}
		}
	}
	for _, r := range g.rules {
		v := g.vertex(isRule)
		g.edge(v, g.events[g.Net.Event(int(r))])
		if set := g.Net.ResetSet(int(r)); len(g.Net.SpansOf(set)) > 0 {
			g.edge(v, sets[set])
		}
		for _, p := range g.Net.Parts(int(r)) {
			x, _ := g.locals[p.Component].vertex(p.Event)
			g.edge(v, x)
		}
	}
}

func (g *graph) addSpec() {
	if g.Spec == nil {
		return
	}
	c := g.comps - 1
	for i := range g.Spec.Nodes {
		n := &g.Spec.Nodes[i]
		x := g.state(c, model.State(i))
		for k, e := range n.Events {
			g.transition(x, g.events[e], g.state(c, model.State(n.After[k])))
		}
		for _, a := range n.Acceptances {
			v := g.vertex(isAcceptance)
			g.edge(v, x)
			for _, e := range a {
				g.edge(v, g.events[e])
			}
		}
	}
}

// link makes the lists of neighbours.
func (g *graph) link() {
	g.first = make([]int32, len(g.colour)+1)
	for _, v := range g.ends {
		g.first[v+1]++
	}
	for v := range g.colour {
		g.first[v+1] += g.first[v]
	}
	at := slices.Clone(g.first)
	g.next = make([]int32, len(g.ends))
	for i := 0; i < len(g.ends); i += 2 {
		u, v := g.ends[i], g.ends[i+1]
		g.next[at[u]], g.next[at[v]] = v, u
		at[u]++
		at[v]++
	}
	g.ends = nil
}

// near returns the neighbours of a vertex.
func (g *graph) near(v int32) []int32 { return g.next[g.first[v]:g.first[v+1]] }

// componentOf returns the component of a vertex that is a state.
func (g *graph) componentOf(state int32) int {
	c, ok := slices.BinarySearch(g.base, state)
	if !ok {
		c--
	}
	return c
}
