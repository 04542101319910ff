package modeltest

import (
	"fmt"
	"slices"

	"github.com/cspcheck/cspcheck/model"
	"pgregory.net/rapid"
)

// A Symmetric is a network with symmetries built in: some of its components
// are copies with indices, and so are some events and states of the others.
// All that it consists of was drawn once and then repeated for each
// permutation of the indices in a group.
type Symmetric struct {
	Net   *model.Network
	Order int  // of the group
	Whole bool // nothing was spoilt: each permutation of the group is a symmetry

	perms  [][]int
	events *model.Events // of the world
}

// Symmetrics draws such networks, some of them spoilt: a transition or a rule
// is missing, the world sees another event of a rule, or a copy begins
// elsewhere.
func Symmetrics() *rapid.Generator[*Symmetric] {
	return rapid.Custom(func(t *rapid.T) *Symmetric {
		d := &symmetricDraft{perms: permutations(t), events: model.NewEvents()}
		d.draw(t)
		whole := rapid.IntRange(0, 2).Draw(t, "spoil") > 0 || !d.spoil(t)
		return &Symmetric{Net: d.network(t), Order: len(d.perms), Whole: whole, perms: d.perms, events: d.events}
	})
}

// permutations draws a group of permutations of 2 to 4 indices: all, the
// rotations, or these and reflections.
func permutations(t *rapid.T) [][]int {
	n := rapid.IntRange(2, 4).Draw(t, "indices")
	rotation, reflection, swap := make([]int, n), make([]int, n), make([]int, n)
	for i := range n {
		rotation[i], reflection[i], swap[i] = (i+1)%n, (n-i)%n, i
	}
	swap[0], swap[1] = 1, 0
	generators := [][]int{rotation}
	switch rapid.SampledFrom([]string{"all", "rotations", "dihedral"}).Draw(t, "group") {
	case "all":
		generators = append(generators, swap)
	case "dihedral":
		generators = append(generators, reflection)
	}
	group := [][]int{}
	queue := [][]int{slices.Clone(rotation)}
	for len(queue) > 0 {
		p := queue[0]
		queue = queue[1:]
		if slices.ContainsFunc(group, func(q []int) bool { return slices.Equal(p, q) }) {
			continue
		}
		group = append(group, p)
		for _, g := range generators {
			q := make([]int, n)
			for i := range q {
				q[i] = g[p[i]]
			}
			queue = append(queue, q)
		}
	}
	return group
}

// An indexed is a thing with or without an index: plain ones have -1.
type indexed struct{ kind, index int }

func (x indexed) moved(p []int) indexed {
	if x.index >= 0 {
		x.index = p[x.index]
	}
	return x
}

type (
	symmetricStep struct {
		of              indexed // the component
		from, event, to indexed
	}
	symmetricPart struct{ of, event indexed }
	symmetricRule struct {
		event  indexed
		parts  []symmetricPart // by component
		resets []indexed
	}
	symmetricDraft struct {
		perms  [][]int
		events *model.Events
		comps  []indexed
		states map[int][]indexed // by kind of component
		steps  []symmetricStep
		rules  []symmetricRule
		start  map[indexed]indexed // of components that do not begin in the first state
	}
)

// things returns n plain things, and one with each index.
func (d *symmetricDraft) things(plain int, withIndex bool) []indexed {
	var out []indexed
	for k := range plain {
		out = append(out, indexed{k, -1})
	}
	if withIndex {
		for i := range d.perms[0] {
			out = append(out, indexed{plain, i})
		}
	}
	return out
}

// draw draws what is repeated, and repeats it.
func (d *symmetricDraft) draw(t *rapid.T) {
	d.states, d.start = map[int][]indexed{}, map[indexed]indexed{}
	for k := range rapid.IntRange(1, 2).Draw(t, "kinds of copies") {
		for i := range d.perms[0] {
			d.comps = append(d.comps, indexed{k, i})
		}
		d.states[k] = d.things(rapid.IntRange(1, 3).Draw(t, "states"), false)
	}
	if rapid.Bool().Draw(t, "another component") {
		d.comps = append(d.comps, indexed{2, -1})
		d.states[2] = d.things(rapid.IntRange(1, 2).Draw(t, "states"), rapid.Bool().Draw(t, "with index"))
	}
	local := d.things(2, true)
	for range rapid.IntRange(2, 8).Draw(t, "transitions") {
		c := rapid.SampledFrom(d.comps).Draw(t, "component")
		state := rapid.SampledFrom(d.states[c.kind])
		d.step(symmetricStep{c, state.Draw(t, "from"), rapid.SampledFrom(local).Draw(t, "event"), state.Draw(t, "to")})
	}
	world := append(d.things(2, true), indexed{-1, -1}) // the last is τ
	for range rapid.IntRange(1, 6).Draw(t, "rules") {
		r := symmetricRule{event: rapid.SampledFrom(world).Draw(t, "world")}
		taken := map[indexed]bool{}
		for range rapid.IntRange(1, 3).Draw(t, "participants") {
			s := rapid.SampledFrom(d.steps).Draw(t, "part")
			if !taken[s.of] {
				taken[s.of] = true
				r.parts = append(r.parts, symmetricPart{s.of, s.event})
			}
		}
		if rapid.IntRange(0, 3).Draw(t, "resets") == 0 {
			r.resets = rapid.SliceOfNDistinct(rapid.SampledFrom(d.comps), 1, 2, rapid.ID[indexed]).Draw(t, "reset")
		}
		d.rule(r)
	}
}

// step adds a transition and its images.
func (d *symmetricDraft) step(s symmetricStep) {
	for _, p := range d.perms {
		image := symmetricStep{s.of.moved(p), s.from.moved(p), s.event.moved(p), s.to.moved(p)}
		if !slices.Contains(d.steps, image) {
			d.steps = append(d.steps, image)
		}
	}
}

// rule adds a rule and its images.
func (d *symmetricDraft) rule(r symmetricRule) {
	for _, p := range d.perms {
		image := symmetricRule{event: r.event.moved(p)}
		for _, x := range r.parts {
			image.parts = append(image.parts, symmetricPart{x.of.moved(p), x.event.moved(p)})
		}
		for _, x := range r.resets {
			image.resets = append(image.resets, x.moved(p))
		}
		byNumber := func(a, b indexed) int { return slices.Index(d.comps, a) - slices.Index(d.comps, b) }
		slices.SortFunc(image.parts, func(a, b symmetricPart) int { return byNumber(a.of, b.of) })
		slices.SortFunc(image.resets, byNumber)
		same := func(q symmetricRule) bool { return fmt.Sprint(q) == fmt.Sprint(image) }
		if !slices.ContainsFunc(d.rules, same) {
			d.rules = append(d.rules, image)
		}
	}
}

// spoil changes one thing, and reports whether it did.
func (d *symmetricDraft) spoil(t *rapid.T) bool {
	switch rapid.SampledFrom([]string{"transition", "rule", "event", "initial"}).Draw(t, "what") {
	case "transition":
		i := rapid.IntRange(0, len(d.steps)-1).Draw(t, "missing transition")
		lost := d.steps[i]
		d.steps = slices.Delete(d.steps, i, i+1)
		if !slices.ContainsFunc(d.steps, func(s symmetricStep) bool { return s.of == lost.of && s.event == lost.event }) {
			d.steps = slices.Insert(d.steps, i, lost) // a rule may need it
			return false
		}
	case "rule":
		i := rapid.IntRange(0, len(d.rules)-1).Draw(t, "missing rule")
		d.rules = slices.Delete(d.rules, i, i+1)
	case "event":
		d.rules[rapid.IntRange(0, len(d.rules)-1).Draw(t, "rule")].event = indexed{-1, -1}
	case "initial":
		c := rapid.SampledFrom(d.comps).Draw(t, "component")
		d.start[c] = d.states[c.kind][len(d.states[c.kind])-1]
	}
	return true
}

// network builds the network; components, local states and local events are
// numbered in a random order.
func (d *symmetricDraft) network(t *rapid.T) *model.Network {
	b := model.NewRules("N", d.events)
	number := map[indexed]int32{}
	local := map[indexed]*model.Events{}
	for _, c := range rapid.Permutation(d.comps).Draw(t, "components") {
		local[c] = model.NewEvents()
		for _, e := range rapid.Permutation(d.things(2, true)).Draw(t, "local events") {
			local[c].Event(name("l", e))
		}
		m := model.NewMachine(name("C", c), local[c])
		for _, s := range rapid.Permutation(d.states[c.kind]).Draw(t, "states") {
			m.State(name("s", s))
		}
		for _, s := range d.steps {
			if s.of == c {
				m.On(name("s", s.from), name("l", s.event), name("s", s.to))
			}
		}
		first, ok := d.start[c]
		if !ok {
			first = d.states[c.kind][0]
		}
		m.Initial(name("s", first))
		machine, err := m.Build()
		if err != nil {
			t.Fatal(err)
		}
		number[c] = int32(b.Component(model.Component{Name: name("C", c), Machine: machine}))
	}
	for _, r := range d.rules {
		var parts []model.Part
		for _, p := range r.parts {
			parts = append(parts, model.Part{Component: number[p.of], Event: local[p.of].Event(name("l", p.event))})
		}
		var resets []model.Span
		for _, c := range r.resets {
			resets = append(resets, model.Span{Lo: number[c], Hi: number[c] + 1})
		}
		b.Rule(worldEvent(d.events, r.event), parts, resets...)
	}
	if len(d.rules) == 0 { // Build wants none, but questions want events
		worldEvent(d.events, indexed{0, -1})
	}
	net, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return net
}

func name(kind string, x indexed) string {
	if x.index < 0 {
		return fmt.Sprintf("%s%d", kind, x.kind)
	}
	return fmt.Sprintf("%s%d.%d", kind, x.kind, x.index)
}

func worldEvent(events *model.Events, x indexed) model.Event {
	if x.kind < 0 {
		return model.Tau
	}
	return events.Event(name("e", x))
}

// Specs draws specifications of the network: some that the group maps onto
// themselves, and some of which a transition is missing.
func (x *Symmetric) Specs() *rapid.Generator[*model.Machine] {
	return rapid.Custom(func(t *rapid.T) *model.Machine {
		d := &symmetricDraft{perms: x.perms, events: x.events}
		states := d.things(rapid.IntRange(1, 2).Draw(t, "states"), rapid.Bool().Draw(t, "with index"))
		world := append(d.things(2, true), indexed{-1, -1})
		state := rapid.SampledFrom(states)
		if rapid.Bool().Draw(t, "much") { // so that something holds
			for _, e := range world[:len(world)-1] {
				d.step(symmetricStep{from: states[0], event: e, to: states[0]})
			}
		}
		for range rapid.IntRange(0, 6).Draw(t, "transitions") {
			d.step(symmetricStep{from: state.Draw(t, "from"), event: rapid.SampledFrom(world).Draw(t, "event"), to: state.Draw(t, "to")})
		}
		if n := len(d.steps); n > 0 && rapid.IntRange(0, 3).Draw(t, "spoil") == 0 {
			i := rapid.IntRange(0, n-1).Draw(t, "missing")
			d.steps = slices.Delete(d.steps, i, i+1)
		}
		m := model.NewMachine("SPEC", x.events)
		for _, s := range states {
			m.State(name("s", s))
		}
		for _, s := range d.steps {
			m.Add(m.State(name("s", s.from)), worldEvent(x.events, s.event), m.State(name("s", s.to)))
		}
		m.Initial(name("s", states[0]))
		machine, err := m.Build()
		if err != nil {
			t.Fatal(err)
		}
		return machine
	})
}

// GoString returns the network, for reports of property tests.
func (x *Symmetric) GoString() string {
	return fmt.Sprintf("%d permutations, whole: %v\n%v", x.Order, x.Whole, x.Net)
}
