package explore

import (
	"cmp"
	"slices"

	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/scc"
)

// stickies says of each rule whether it is sticky: by τ, and such that each
// loop of τ has one that is (Kurshan, Levin, Minea, Peled, Yenigün, "Static
// partial order reduction", 1998). On such a loop each component goes round in
// a closed walk, or stays: so, one component after the other, the rules are
// taken that close its walks, and count no more for the next.
//
// It looks at each transition of a component a few times. Of components on
// demand it supposes that they can do anything again and again.
func (x *stubbornTables) stickies(n *network) []bool {
	if x.sticky == nil {
		x.stickyRules(n)
	}
	return x.sticky
}

func (x *stubbornTables) stickyRules(n *network) {
	y := &loops{stubbornTables: x, net: n, alive: slices.Clone(x.tau)}
	x.sticky = make([]bool, len(x.tau))
	if !slices.Contains(x.tau, true) {
		return
	}
	y.trim()
	closing := make([][]int32, len(x.roles))
	var order []int32
	for c := range int32(len(x.roles)) {
		if closing[c] = y.closing(c); len(closing[c]) > 0 {
			order = append(order, c)
		}
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(len(closing[a]), len(closing[b])) })
	for _, c := range order {
		for _, r := range y.closing(c) {
			x.sticky[r], y.alive[r] = true, false
		}
	}
	y.trim()
	// What is left goes round in components on demand, or changes nothing.
	for r, alive := range y.alive {
		x.sticky[r] = x.sticky[r] || alive
	}
}

// Converges reports whether no rule can be part of a loop of τ.
func (n *network) Converges() bool {
	return n.broken == nil && !n.growing() && !slices.Contains(n.stubbornTables().stickies(n), true)
}

// loops looks for loops of τ by rules that are alive.
type loops struct {
	*stubbornTables
	net   *network
	alive []bool // by rule
}

// trim drops rules that cannot be part of a loop: in some component they
// lead from where nothing leads back. It stops early rather than look at a
// component again and again.
func (y *loops) trim() {
	const most = 8
	times := make([]uint8, len(y.roles))
	var todo []int32
	for c := range int32(len(y.roles)) {
		todo = append(todo, c)
	}
	for len(todo) > 0 {
		c := todo[0]
		todo = todo[1:]
		times[c]++
		for _, r := range y.straight(c) {
			y.alive[r] = false
			for _, p := range y.parts[y.partFirst[r]:y.partFirst[r+1]] {
				if p.member != c && times[p.member] < most && !slices.Contains(todo, p.member) {
					todo = append(todo, p.member)
				}
			}
		}
	}
}

// straight returns the rules alive with a part in c that are part of none of
// its closed walks.
func (y *loops) straight(c int32) []int32 {
	m := &y.roles[c]
	if y.net.members[c].machine == nil || !slices.ContainsFunc(m.rules, func(r int32) bool { return y.alive[r] }) {
		return nil
	}
	g := y.walk(c)
	var out []int32
	for _, e := range sortedEvents(m.spans) {
		span := m.spans[e]
		for _, r := range m.rules[span.lo:span.hi] {
			if y.alive[r] && !g.round(e, y.resets(c, r)) {
				out = append(out, r)
			}
		}
	}
	return out
}

func sortedEvents(spans map[model.Event]eventRules) []model.Event {
	events := make([]model.Event, 0, len(spans))
	for e := range spans {
		events = append(events, e)
	}
	slices.Sort(events)
	return events
}

// resets reports whether a rule resets a component.
func (y *loops) resets(c, r int32) bool {
	_, found := slices.BinarySearch(y.roles[c].sets, y.net.rules[r].reset)
	return found
}

// closing returns rules alive without which c has no closed walk but where
// it stays.
func (y *loops) closing(c int32) []int32 {
	if y.net.members[c].machine == nil {
		return nil
	}
	g := y.walk(c)
	m := &y.roles[c]
	var out []int32
	for _, e := range sortedEvents(m.spans) {
		span := m.spans[e]
		for _, r := range m.rules[span.lo:span.hi] {
			if y.alive[r] && g.closes(e, y.resets(c, r)) {
				out = append(out, r)
			}
		}
	}
	if g.leaves {
		for _, set := range m.sets {
			for _, r := range y.setRules[set] {
				if y.alive[r] {
					out = append(out, r)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// walks is how a component can move by rules that are alive: each in a
// strongly connected component of its states, or out of it.
type walks struct {
	machine *model.Machine
	initial model.State
	moves   map[model.Event]bool // some rule alive does it, and does not reset the component
	back    bool                 // some rule alive resets it
	leaves  bool                 // it can leave its initial state

	edges map[model.Event][]hop // of events with a rule
	group []int32               // of a state: its strongly connected component
	order []int32               // of a state: when it was left, the first first
}

// walk returns the walks of a component.
func (y *loops) walk(c int32) *walks {
	m := &y.roles[c]
	g := &walks{machine: y.net.members[c].machine, initial: y.net.members[c].initial, moves: map[model.Event]bool{}, edges: map[model.Event][]hop{}}
	tau := map[model.Event]bool{} // some rule alive does it
	for e, span := range m.spans {
		for _, r := range m.rules[span.lo:span.hi] {
			if y.alive[r] {
				tau[e] = true
				g.moves[e] = g.moves[e] || !y.resets(c, r)
			}
		}
	}
	for _, set := range m.sets {
		g.back = g.back || slices.ContainsFunc(y.setRules[set], func(r int32) bool { return y.alive[r] })
	}
	for s := range model.State(g.machine.Len()) {
		events, targets := g.machine.Transitions(s)
		for i, e := range events {
			if tau[e] {
				g.edges[e] = append(g.edges[e], hop{s, targets[i]})
				g.leaves = g.leaves || s == g.initial && targets[i] != s && g.moves[e]
			}
		}
	}
	g.connect()
	return g
}

// after returns where the component can go from s: by a reset to its initial
// state, too.
func (g *walks) after(s model.State) (to []model.State) {
	events, targets := g.machine.Transitions(s)
	for i, e := range events {
		if g.moves[e] {
			to = append(to, targets[i])
		}
	}
	if g.back {
		to = append(to, g.initial)
	}
	return to
}

// connect fills in group and order, the initial state first.
func (g *walks) connect() {
	n := g.machine.Len()
	g.group, g.order = make([]int32, n), make([]int32, n)
	groups, left := int32(0), int32(0)
	search := scc.Search[model.State]{
		After: g.after,
		Found: func(component []model.State) {
			groups++
			for _, s := range component {
				g.group[s] = groups
			}
		},
		Left: func(s model.State) {
			left++
			g.order[s] = left
		},
	}
	search.Grow(n)
	if err := cmp.Or(search.From(g.initial), search.All(n)); err != nil {
		panic("explore: stopped by nothing: " + err.Error())
	}
}

// round reports whether the component can do e on a closed walk, by a rule
// that resets it or not.
func (g *walks) round(e model.Event, reset bool) bool {
	return slices.ContainsFunc(g.edges[e], func(h hop) bool {
		if reset {
			h.to = g.initial
		}
		return g.group[h.from] == g.group[h.to]
	})
}

// closes reports whether a step by e may close a walk that does not just
// stay: a step that leads to where is left later, as on each such walk one
// does. The initial state is left last of those that it leads to.
func (g *walks) closes(e model.Event, reset bool) bool {
	return slices.ContainsFunc(g.edges[e], func(h hop) bool {
		if reset {
			h.to = g.initial
		}
		return h.from != h.to && g.group[h.from] == g.group[h.to] && g.order[h.to] > g.order[h.from]
	})
}
