package inductive

import (
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// A stepper tells what a part does before it is compressed: a state is a pair
// of states of its kids, or one of a component.
//
//	the kids are P and Q          p -τ-> p'  ⟹  (p, q) -τ-> (p', q)     and likewise for Q
//	(x, y) is a way to do α       p -x-> p' and q -y-> q'  ⟹  (p, q) -α-> (p', q')
//	(x, none) is one              p -x-> p'  ⟹  (p, q) -α-> (p', q)     and likewise for Q
//
// where α is an action, or τ; unless (p', q') weighs what it never does (see
// weights).
type stepper struct {
	part        *part
	left, right *model.Machine // right is nil of a component
	ways        [][]outcome    // by the action of the left kid
	rightAlone  [][]outcome
}

// An outcome is what comes of an action of the left kid: the event, with an
// action of the right kid, or alone, -1.
type outcome struct {
	event model.Event
	way   inner
}

// A pair of states, and what it weighs.
type pair struct {
	left, right model.State
	load
}

// A step is a transition between pairs. Its way is none of a kid's τ.
type step struct {
	event  model.Event
	way    inner
	target pair
}

var byItself = inner{-1, -1}

func (c *composer) newStepper(p *part) *stepper {
	if p.kids[0] == nil {
		return newStepper(p, c.machines[p.component])
	}
	return newStepper(p, nil)
}

// newStepper returns the stepper of a part; component is the machine of a
// leaf.
func newStepper(p *part, component *model.Machine) *stepper {
	x := &stepper{part: p}
	if component != nil {
		x.left = component
		x.ways = make([][]outcome, len(p.leaf))
	} else {
		x.left, x.right = p.kids[0].machine, p.kids[1].machine
		x.ways = make([][]outcome, len(p.kids[0].actions))
		x.rightAlone = make([][]outcome, len(p.kids[1].actions))
	}
	add := func(e model.Event, w inner) {
		if w.left < 0 {
			x.rightAlone[w.right] = append(x.rightAlone[w.right], outcome{e, w})
		} else {
			x.ways[w.left] = append(x.ways[w.left], outcome{e, w})
		}
	}
	for _, w := range p.internal {
		add(model.Tau, w)
	}
	for a, ways := range p.actions {
		for _, w := range ways {
			add(firstAction+model.Event(a), w)
		}
	}
	return x
}

func (x *stepper) initial() pair {
	s := pair{left: x.left.Initial()}
	if x.right != nil {
		s.right = x.right.Initial()
	}
	if x.part.scale != nil {
		s.load = x.part.scale.start
	}
	return s
}

// steps appends the transitions of a state, some perhaps several times.
func (x *stepper) steps(s pair, out []step) []step {
	before := len(out)
	if x.right == nil {
		out = x.leafSteps(s, out)
	} else {
		out = x.pairSteps(s, out)
	}
	if x.part.scale == nil {
		return out
	}
	kept := out[:before]
	for _, t := range out[before:] {
		if x.part.scale.weigh(s.load, &t) {
			kept = append(kept, t)
		}
	}
	return kept
}

// pairSteps is steps of two kids.
func (x *stepper) pairSteps(s pair, out []step) []step {
	events, targets := x.left.Transitions(s.left)
	yours, ends := x.right.Transitions(s.right)
	for i, e := range events {
		if e == model.Tau {
			out = append(out, step{model.Tau, byItself, pair{left: targets[i], right: s.right}})
			continue
		}
		for _, o := range x.ways[e-firstAction] {
			if o.way.right < 0 {
				out = append(out, step{o.event, o.way, pair{left: targets[i], right: s.right}})
				continue
			}
			f := firstAction + model.Event(o.way.right)
			k, _ := slices.BinarySearch(yours, f)
			for ; k < len(yours) && yours[k] == f; k++ {
				out = append(out, step{o.event, o.way, pair{left: targets[i], right: ends[k]}})
			}
		}
	}
	for k, f := range yours {
		if f == model.Tau {
			out = append(out, step{model.Tau, byItself, pair{left: s.left, right: ends[k]}})
			continue
		}
		for _, o := range x.rightAlone[f-firstAction] {
			out = append(out, step{o.event, o.way, pair{left: s.left, right: ends[k]}})
		}
	}
	return out
}

// leafSteps is steps of a component.
func (x *stepper) leafSteps(s pair, out []step) []step {
	events, targets := x.left.Transitions(s.left)
	for a, local := range x.part.leaf {
		if local.event < 0 {
			for _, o := range x.ways[a] {
				out = append(out, step{o.event, o.way, pair{left: x.left.Initial()}})
			}
			continue
		}
		k, _ := slices.BinarySearch(events, local.event)
		for ; k < len(events) && events[k] == local.event; k++ {
			to := targets[k]
			if local.reset {
				to = x.left.Initial()
			}
			for _, o := range x.ways[a] {
				out = append(out, step{o.event, o.way, pair{left: to}})
			}
		}
	}
	return out
}

// product returns what a part does before it is compressed, as a machine.
func (c *composer) product(p *part) (*model.Machine, error) {
	x := c.newStepper(p)
	b := model.NewMachine("", c.events(len(p.actions)))
	number := map[pair]model.State{}
	queue := []pair{x.initial()}
	number[queue[0]] = 0
	var steps []step
	for i := 0; i < len(queue); i++ {
		steps = x.steps(queue[i], steps[:0])
		if err := c.spend(1 + len(steps)); err != nil {
			return nil, err
		}
		for _, s := range steps {
			n, ok := number[s.target]
			if !ok {
				n = model.State(len(queue))
				number[s.target] = n
				queue = append(queue, s.target)
			}
			b.Add(model.State(i), s.event, n)
		}
		if len(queue) > c.States {
			return nil, unsuited("what is composed has more than %d states", c.States)
		}
	}
	b.States(len(queue))
	b.Start(0)
	m, err := b.Build()
	if err != nil {
		panic("inductive: a product is not well formed: " + err.Error())
	}
	return m, nil
}
