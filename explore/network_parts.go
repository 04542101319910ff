package explore

import (
	"errors"
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// This file looks at networks rule by rule, and into the parts that are one
// component. It is for questions about who does what; it takes some ten times
// as long as Successors.

var _ Composed = (*network)(nil)

// who returns the nodes and actors of the network.
func (n *network) who() *story {
	if n.cast == nil || n.cast.of != n.net {
		n.cast = &story{sys: n, of: n.net}
		n.cast.build(&frame{net: n}, nil)
	}
	return n.cast
}

// again calls f, once more whenever the network had to be made again.
func (n *network) again(f func(*story) error) error {
	for {
		err := f(n.who())
		if err == nil || !errors.Is(err, errNewEvents) {
			return err
		}
		net, err := n.net.Again()
		if err != nil {
			return &Limit{Reason: err.Error()}
		}
		if err := n.remake(net); err != nil {
			return err
		}
	}
}

func (n *network) Moves(s []uint64, wanted func(model.Event) bool, tell func(*Move)) error {
	var moves []Move
	err := n.again(func(y *story) (err error) {
		moves, err = y.movesOf(y.nodes[0].at, s, wanted)
		return err
	})
	if err != nil {
		return err
	}
	for i := range moves {
		tell(&moves[i])
	}
	return nil
}

// movesOf returns the moves of a frame by wanted events when its network is
// in s.
func (y *story) movesOf(f *frame, s []uint64, wanted func(model.Event) bool) ([]Move, error) {
	net := f.net.net
	move := func(r int) Move { return Move{Event: net.Event(r), Hidden: net.Hidden(r), Tied: net.Tied(r)} }
	inside := func(r int) bool { // its name may stand inside of a part
		m := move(r)
		return m.Event == model.Tau && m.Hidden == model.Tau && slices.ContainsFunc(net.Parts(r), func(p model.Part) bool {
			return p.Event == model.Tau && f.inner[int(p.Component)] != nil
		})
	}
	rules, err := f.net.enabled(s, func(r int) bool {
		m := move(r)
		return m.Is(wanted) || inside(r)
	})
	if err != nil {
		return nil, err
	}
	var out []Move
	for _, r := range rules {
		ways, err := y.ways(f, s, int(r), move(int(r)))
		if err != nil {
			return nil, err
		}
		for _, m := range ways {
			if m.Is(wanted) {
				slices.SortFunc(m.Parts, func(p, q Participant) int { return int(p.Who - q.Who) })
				out = append(out, m)
			}
		}
	}
	return out, nil
}

// A rule may have so many ways in which parts that are one component join in.
const mostWays = 1 << 16

// ways returns the ways in which a rule of a frame can be done: one, but for
// what parts that are networks can do by its event.
func (y *story) ways(f *frame, s []uint64, r int, m Move) ([]Move, error) {
	ways := []Move{m}
	for _, p := range f.net.net.Parts(r) {
		g := f.inner[int(p.Component)]
		if g == nil {
			if i, ok := f.of[int(p.Component)]; ok {
				if _, own := y.actors[i].op.World(p.Event); own {
					for k := range ways {
						ways[k].Parts = append(ways[k].Parts, Participant{int32(i), p.Event})
					}
				}
			}
			continue
		}
		within, err := y.movesOf(g, f.wordsOf(s, int(p.Component)), nil)
		if err != nil {
			return nil, err
		}
		within = slices.DeleteFunc(within, func(in Move) bool { return in.Event != p.Event })
		if len(ways)*len(within) > mostWays {
			return nil, &Limit{Reason: "parts that are one component can join in in too many ways"}
		}
		var next []Move
		for _, way := range ways {
			for _, in := range within {
				both := way
				both.Parts = slices.Concat(way.Parts, in.Parts)
				if both.Name() == model.Tau {
					both.Hidden, both.Tied = in.Hidden, in.Tied
				}
				next = append(next, both)
			}
		}
		ways = next
	}
	return ways, nil
}

// enabled returns the rules that are possible in s, of those that are wanted,
// by their leaders. What a priority leaves out is not possible.
func (n *network) enabled(s []uint64, wanted func(r int) bool) ([]int32, error) {
	n.err = nil
	var out []int32
	for _, c := range n.leaders {
		m := &n.members[c]
		events, _ := n.transitions(m, m.get(s))
		for i, e := range events {
			if i > 0 && events[i-1] == e {
				continue
			}
			at := m.starts[e]
			for _, r := range n.led[c][at[0]:at[1]] {
				if (n.priority != nil || wanted(int(r))) && n.ready(int(r), c, s) {
					out = append(out, r)
				}
			}
		}
		if n.err != nil {
			return nil, n.err
		}
	}
	if n.priority != nil {
		var events []model.Event
		for _, r := range out {
			events = append(events, n.net.Event(int(r)))
		}
		n.priority.enable(events)
		out = slices.DeleteFunc(out, func(r int32) bool { return !n.priority.keeps(n.net.Event(int(r))) || !wanted(int(r)) })
	}
	return out, nil
}

// ready reports whether all participants of a rule but for its leader can do
// their parts in s.
func (n *network) ready(r int, leader int32, s []uint64) bool {
	for _, p := range n.net.Parts(r) {
		if p.Component == leader {
			continue
		}
		m := &n.members[p.Component]
		events, _ := n.transitions(m, m.get(s))
		if _, ok := slices.BinarySearch(events, p.Event); !ok {
			return false
		}
	}
	return true
}

// transitions returns those of a member in a local state. Those of one on
// demand may be an error, which is noted.
func (n *network) transitions(m *member, s model.State) ([]model.Event, []model.State) {
	if m.lazy == nil {
		return m.machine.Transitions(s)
	}
	if n.expandLazy(m, s); n.err != nil {
		return nil, nil
	}
	return m.lazy.transitions(s)
}

// wordsOf returns the state of a member that is a network when the frame's
// network is in s.
func (f *frame) wordsOf(s []uint64, member int) []uint64 {
	m := &f.net.members[member]
	return m.whole.states.at(int(m.get(s)))
}

func (n *network) Beside(p, q *Move) bool {
	y := n.who()
	return Apart(p, q, func(a, b int32) bool { return y.beside(y.actors[a].node, y.actors[b].node) })
}

// beside reports whether the lowest operator above two nodes, which are
// leaves, is a parallel one.
func (y *story) beside(a, b *node) bool {
	above := map[*node]bool{}
	for ; a != nil; a = a.up {
		above[a] = true
	}
	for !above[b] {
		b = b.up
	}
	return b.op.Op.Parallel()
}

func (n *network) Places() []Place {
	y := n.who()
	var out []Place
	for _, x := range y.nodes {
		p := Place{Name: x.op.Name, Component: -1, Leaf: x.actor >= 0, Up: -1, Op: x.op.Op, Mark: x.op.Mark}
		if x.up != nil {
			p.Up = x.up.id
		}
		if x.at.up == nil {
			p.Component = x.op.Component
		}
		out = append(out, p)
	}
	return out
}

func (n *network) Standing(s []uint64, places []int, out []Standing) error {
	return n.again(func(y *story) error {
		moves := make([]bool, len(y.nodes))
		if err := y.moving(y.nodes[0].at, s, nil, moves); err != nil {
			return err
		}
		y.now = s
		y.settle(nil)
		for i, p := range places {
			x := y.nodes[p]
			out[i] = Standing{On: x.on, Moves: moves[p]}
			if !x.on {
				continue
			}
			able, err := y.able(x)
			if err != nil {
				return err
			}
			out[i].Able, out[i].Ended = able, y.over(x)
		}
		return nil
	})
}

func (n *network) On(s []uint64, place int) bool {
	y := n.who()
	for x := y.nodes[place]; x.up != nil; x = x.up {
		up := x.up
		if up.op.Component >= 0 && up.op.Op != model.OpWhole && !up.op.On(up.at.local(s, up.op.Component), x.index) {
			return false
		}
	}
	return true
}

// Chosen reports whether the operator that a place is has made its choice in
// s, so that one operand is left of it.
func (n *network) Chosen(s []uint64, place int) bool {
	x := n.who().nodes[place]
	return x.op.Component >= 0 && x.op.Chosen(x.at.local(s, x.op.Component))
}

// moving notes which nodes take part in what can happen in a frame whose
// network is in s: those of the participants, and all above them.
func (y *story) moving(f *frame, s []uint64, by *model.Event, out []bool) error {
	net := f.net.net
	rules, err := f.net.enabled(s, func(r int) bool { return by == nil || net.Event(r) == *by })
	if err != nil {
		return err
	}
	for _, r := range rules {
		for _, p := range net.Parts(int(r)) {
			for x := f.node[int(p.Component)]; x != nil && !out[x.id]; x = x.up {
				out[x.id] = true
			}
			if g := f.inner[int(p.Component)]; g != nil {
				if err := y.moving(g, f.wordsOf(s, int(p.Component)), &p.Event, out); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// able reports whether what is below a node that is on could do ✓ in the
// present state, if all around it let it.
func (y *story) able(x *node) (bool, error) {
	local, ticks := model.State(0), false
	if c := x.op.Component; c >= 0 {
		n := x.at.net
		m := &n.members[c]
		local = x.at.local(y.now, c)
		n.err = nil
		events, _ := n.transitions(m, local)
		if n.err != nil {
			return false, n.err
		}
		ticks = slices.ContainsFunc(events, func(e model.Event) bool {
			world, own := x.op.World(e)
			return own && world == model.Tick
		})
		if x.op.Op == model.OpWhole {
			return ticks, nil // its kid may be under a priority
		}
	}
	parallel := x.op.Op.Parallel()
	all := parallel && len(x.kids) > 0
	for i, kid := range x.kids {
		able := false
		if x.op.Component < 0 || x.op.Ends(local, i) {
			var err error
			if able, err = y.able(kid); err != nil {
				return false, err
			}
		}
		all = all && able
		ticks = ticks || able && !parallel
	}
	return ticks || all, nil
}

// over reports whether a node is a component of a network made rule by rule
// in a state that ✓ leads to. In one that was made of a process, no component
// ends before the whole, unless it is left.
func (y *story) over(x *node) bool {
	n, c := x.at.net, x.op.Component
	if n.net.Tree() != nil || c < 0 || n.members[c].machine == nil {
		return false
	}
	m := n.members[c].machine
	if n.ends == nil {
		n.ends = map[*model.Machine]map[model.State]bool{}
	}
	if n.ends[m] == nil {
		n.ends[m] = map[model.State]bool{}
		for s := range model.State(m.Len()) {
			events, targets := m.Transitions(s)
			for i, e := range events {
				if e == model.Tick {
					n.ends[m][targets[i]] = true
				}
			}
		}
	}
	return n.ends[m][x.at.local(y.now, c)]
}

func (n *network) Tell(path []PathStep, moves ...*Move) (*Behaviour, []Step, error) {
	y, b, err := n.tell(path)
	if err != nil {
		return nil, nil, err
	}
	var steps []Step
	for _, m := range moves {
		steps = append(steps, y.stepBy(m))
	}
	return b, steps, nil
}

// stepBy tells a move as a step.
func (y *story) stepBy(m *Move) Step {
	events := y.sys.Events()
	step := Step{Event: events.Name(m.Event)}
	if m.Event == model.Tau && m.Hidden != model.Tau {
		step.Hidden = events.Name(m.Hidden)
	}
	for _, p := range m.Parts {
		a := &y.actors[p.Who]
		world, _ := a.op.World(p.Event)
		name := a.at.net.localName(a.op.Component, p.Event, world)
		step.Parts = append(step.Parts, Part{Component: int(p.Who), Event: name, Label: name})
	}
	return step
}

func (n *network) Waiting(path []PathStep, places []int) (*Behaviour, [][]int, error) {
	y, b, err := n.tell(path)
	if err != nil {
		return nil, nil, err
	}
	components := make([][]int, len(places))
	asked := map[int]bool{}
	for i, p := range places {
		for _, x := range y.nodes[p:] {
			if x.actor >= 0 && x.within(y.nodes[p]) {
				components[i] = append(components[i], x.actor)
				asked[x.actor] = true
			}
		}
	}
	var moves []Move
	err = n.again(func(who *story) (err error) {
		moves, err = who.movesOf(who.nodes[0].at, y.now, nil)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	b.Waits = slices.DeleteFunc(y.waits(moves), func(w Wait) bool { return !asked[w.Component] })
	return b, components, nil
}

// within reports whether a node is another, or below it.
func (x *node) within(z *node) bool {
	for ; x != nil; x = x.up {
		if x == z {
			return true
		}
	}
	return false
}
