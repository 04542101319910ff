package inductive

import (
	"container/list"
	"encoding/binary"
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// A Firing is a rule of the network, and where those that take part in it or
// are reset by it go.
type Firing struct {
	Rule  int
	Moves []Move // by component
}

// A Move is where a component goes.
type Move struct {
	Component int
	To        model.State
}

// DeadlockPath returns firings from the network's initial state to one in
// which nothing can happen. The composition must have one, see Deadlocks.
//
// It costs a search of each intermediate machine, each state as often as
// there are steps of the path that its part takes part in with others.
func (c *Composition) DeadlockPath(check func() error) ([]Firing, error) {
	return c.path(nil, nil, []int32{}, check)
}

// Path returns firings by which the network follows a path of Machine: events
// and the states after them, from the initial one. If it is to settle, the path
// leads to a stable state, and so do the firings: there the network offers
// nothing but what is offered in that state. The plan must have kept Failures.
func (c *Composition) Path(events []model.Event, states []model.State, settle bool, check func() error) ([]Firing, error) {
	var trace []int32
	var seen []model.Event
	s := c.root.machine.Initial()
	for i, e := range events {
		if e != model.Tau {
			trace, seen = append(trace, c.actionOf(s, e, states[i])), append(seen, e)
		}
		s = states[i]
	}
	var offers []int32
	if settle {
		offers = offersOf(c.root.machine, s)
	}
	return c.path(trace, seen, offers, check)
}

// actionOf returns an action that the world sees as e, and leads from s to t.
func (c *Composition) actionOf(s model.State, e model.Event, t model.State) int32 {
	events, targets := c.root.machine.Transitions(s)
	for i, a := range events {
		if a != model.Tau && targets[i] == t && slices.Contains(c.seen(a), e) {
			return int32(a - firstAction)
		}
	}
	panic("inductive: a step is none of the composed machine")
}

// offersOf returns the actions that a state offers; nil if it is not stable.
func offersOf(m *model.Machine, s model.State) []int32 {
	events, _ := m.Transitions(s)
	offers := []int32{}
	for _, e := range events {
		if e == model.Tau {
			return nil
		}
		offers = append(offers, int32(e-firstAction))
	}
	return slices.Compact(offers)
}

// path returns firings along a trace of the root, which the world sees as the
// events.
func (c *Composition) path(trace []int32, events []model.Event, offers []int32, check func() error) ([]Firing, error) {
	t := &retracer{Composition: c, check: check}
	acts := make([]act, len(trace))
	for i, a := range trace {
		acts[i] = act{t.firings.PushBack(&draft{seen: events[i]}), a}
	}
	if err := t.trace(c.root, acts, offers); err != nil {
		return nil, err
	}
	rules := c.byActions()
	var out []Firing
	for e := t.firings.Front(); e != nil; e = e.Next() {
		out = append(out, c.firing(e.Value.(*draft), rules))
	}
	return out, nil
}

// A retracer finds what the components do. The firings are in order; what a
// part does by itself is added when the part is looked at.
type retracer struct {
	*Composition
	firings list.List // of *draft
	check   func() error
	spent   int
}

// A draft is a firing in the making.
type draft struct {
	seen    model.Event // what the world sees, if it looks; otherwise τ
	actions []componentAction
	moves   []Move
}

// An act is a part's action in a firing.
type act struct {
	firing *list.Element
	action int32
}

// trace finds what the components of a part do in the acts, and between them:
// in the end it is in a stable state that offers nothing but offers, unless
// these are nil.
func (t *retracer) trace(p *part, acts []act, offers []int32) error {
	var component *model.Machine
	if p.kids[0] == nil {
		component = t.machines[p.component]
	}
	x := newStepper(p, component)
	steps, err := t.search(x, acts, offers)
	if err != nil {
		return err
	}
	var left, right []act
	at := x.initial()
	for next := 0; len(steps) > 0; steps = steps[1:] {
		s := steps[0]
		at = s.target
		if s.way == byItself {
			continue
		}
		var f *list.Element
		switch {
		case s.event != model.Tau:
			f = acts[next].firing
			next++
		case next < len(acts):
			f = t.firings.InsertBefore(&draft{}, acts[next].firing)
		default:
			f = t.firings.PushBack(&draft{})
		}
		if component != nil {
			d := f.Value.(*draft)
			d.actions = append(d.actions, componentAction{p.component, p.leaf[s.way.left]})
			d.moves = append(d.moves, Move{int(p.component), s.target.left})
			continue
		}
		if s.way.left >= 0 {
			left = append(left, act{f, s.way.left})
		}
		if s.way.right >= 0 {
			right = append(right, act{f, s.way.right})
		}
	}
	if component != nil {
		return nil
	}
	if err := t.trace(p.kids[0], left, endOffers(p.kids[0], at.left, offers)); err != nil {
		return err
	}
	return t.trace(p.kids[1], right, endOffers(p.kids[1], at.right, offers))
}

// endOffers returns what a kid may offer in the end, if the part's offers
// matter.
func endOffers(kid *part, s model.State, offers []int32) []int32 {
	if offers == nil {
		return nil
	}
	return offersOf(kid.machine, s)
}

// search returns a shortest way of a part along the acts, to such an end as
// trace says.
func (t *retracer) search(x *stepper, acts []act, offers []int32) ([]step, error) {
	type place struct {
		pair
		done int32
	}
	type visit struct {
		place
		by     step
		parent int32
	}
	queue := []visit{{place: place{x.initial(), 0}, parent: -1}}
	seen := map[place]bool{queue[0].place: true}
	var steps []step
	for i := 0; i < len(queue); i++ {
		v := queue[i]
		steps = x.steps(v.pair, steps[:0])
		if int(v.done) == len(acts) && fits(steps, offers) {
			var way []step
			for k := int32(i); k > 0; k = queue[k].parent {
				way = append(way, queue[k].by)
			}
			slices.Reverse(way)
			return way, nil
		}
		for _, s := range steps {
			to := place{s.target, v.done}
			if s.event != model.Tau {
				if int(v.done) == len(acts) || s.event != firstAction+model.Event(acts[v.done].action) {
					continue
				}
				to.done++
			}
			if !seen[to] {
				seen[to] = true
				queue = append(queue, visit{to, s, int32(i)})
			}
		}
		if t.spent += 1 + len(steps); t.spent >= 1<<14 {
			t.spent = 0
			if err := t.check(); err != nil {
				return nil, err
			}
		}
	}
	panic("inductive: what a compressed machine does is not done by what it was made of")
}

// fits reports whether a state with such steps is stable and offers nothing
// but offers, which rise; or these are nil.
func fits(steps []step, offers []int32) bool {
	if offers == nil {
		return true
	}
	for _, s := range steps {
		if s.event == model.Tau {
			return false
		}
		if _, ok := slices.BinarySearch(offers, int32(s.event-firstAction)); !ok {
			return false
		}
	}
	return true
}

// byActions returns the network's rules by what they ask of components.
func (c *Composition) byActions() map[string][]int {
	rules := make(map[string][]int, c.net.NumRules())
	var key []byte
	for r := range c.net.NumRules() {
		key = appendActions(key[:0], actionsOf(c.net, r))
		rules[string(key)] = append(rules[string(key)], r)
	}
	return rules
}

func appendActions(b []byte, actions []componentAction) []byte {
	for _, a := range actions {
		b = binary.LittleEndian.AppendUint32(b, uint32(a.component))
		b = binary.LittleEndian.AppendUint32(b, uint32(a.event))
		if a.reset {
			b = append(b, 'r')
		} else {
			b = append(b, 's')
		}
	}
	return b
}

// firing returns the first rule that a draft can be, and its moves.
func (c *Composition) firing(d *draft, rules map[string][]int) Firing {
	slices.SortFunc(d.actions, func(a, b componentAction) int { return int(a.component - b.component) })
	slices.SortFunc(d.moves, func(a, b Move) int { return a.Component - b.Component })
	for _, r := range rules[string(appendActions(nil, d.actions))] {
		if !c.visible || c.net.Event(r) == d.seen {
			return Firing{r, d.moves}
		}
	}
	panic("inductive: what components do together is no rule of the network")
}
