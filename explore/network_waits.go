package explore

import (
	"slices"
	"strings"

	"github.com/cspcheck/cspcheck/model"
)

// end describes an actor after the last step.
func (y *story) end(a *actor) End {
	if st := y.status(a); st != Running {
		return End{Status: st}
	}
	return End{Status: Running, Offers: y.offers(a)}
}

// status says how far an actor is. One whose ✓ is imposed on it, in a network
// made rule by rule, has ended when it could do ✓, or has not begun.
func (y *story) status(a *actor) Status {
	switch {
	case a.ended:
		return Terminated
	case !a.born:
		return Unborn
	case !a.node.on:
		return Gone
	}
	c := a.component()
	if slices.Contains(c.Imposed, model.Tick) && slices.Contains(y.possible(a), model.Tick) {
		if a.at.local(y.now, a.op.Component) == c.Machine.Initial() {
			return Unborn
		}
		return Terminated
	}
	return Running
}

func (a *actor) component() *model.Component { return &a.at.net.net.Components()[a.op.Component] }

// offers lists what an actor could do on its own, each event once.
func (y *story) offers(a *actor) []Part {
	var out []Part
	for _, local := range y.localOffers(a) {
		if world, own := a.op.World(local); own {
			name := a.at.net.localName(a.op.Component, local, world)
			out = append(out, Part{Component: a.node.actor, Event: name, Label: name})
		}
	}
	return out
}

// localOffers returns the local events that an actor's state has, sorted, but
// for those that are imposed on it.
func (y *story) localOffers(a *actor) []model.Event {
	imposed := a.component().Imposed
	return slices.DeleteFunc(y.possible(a), func(e model.Event) bool { return slices.Contains(imposed, e) })
}

// possible returns the local events that an actor's state has, sorted.
func (y *story) possible(a *actor) []model.Event {
	m := &a.at.net.members[a.op.Component]
	s := a.at.local(y.now, a.op.Component)
	var events []model.Event
	if m.lazy != nil {
		if a.at.net.expandLazy(m, s); a.at.net.err != nil {
			return nil
		}
		events, _ = m.lazy.transitions(s)
	} else {
		events, _ = m.machine.Transitions(s)
	}
	return slices.Compact(slices.Clone(events))
}

// waits says for each event that an actor offers, and cannot do, who does not
// join in, and what that one does instead. Moves are all that can happen.
func (y *story) waits(moves []Move) []Wait {
	type offer struct {
		who   int
		local model.Event
	}
	can := map[offer]bool{}
	for _, m := range moves {
		for _, p := range m.Parts {
			can[offer{int(p.Who), p.Event}] = true
		}
	}
	var out []Wait
	for i := range y.actors {
		a := &y.actors[i]
		if y.status(a) != Running || a.component().Resource {
			continue
		}
		for _, local := range y.localOffers(a) {
			world, own := a.op.World(local)
			if !own || world == model.Tau || can[offer{i, local}] {
				continue
			}
			name := a.at.net.localName(a.op.Component, local, world)
			w := Wait{Component: i, Event: name, Label: name, For: y.blockers(a.at, int32(a.op.Component), local, i)}
			if w.For == nil {
				w.For = []Blocker{{Component: -1, Event: name}}
			}
			out = append(out, w)
		}
	}
	return out
}

// blockers returns who keeps component c of a frame from its local event: of
// each rule that has it, the participants that do not join in; and where they
// all do, because the network is itself one component, those further out.
func (y *story) blockers(f *frame, c int32, local model.Event, self int) []Blocker {
	var out []Blocker
	add := func(bs ...Blocker) {
		for _, b := range bs {
			if b.Component != self && !slices.Contains(out, b) {
				out = append(out, b)
			}
		}
	}
	n, s := f.net, f.words(y.now)
	above := map[model.Event]bool{}
	for r := range n.net.NumRules() {
		parts := n.net.Parts(r)
		if !slices.Contains(parts, model.Part{Component: c, Event: local}) {
			continue
		}
		free := true
		for _, p := range parts {
			if len(n.targetsOf(p, s)) == 0 || y.off(f, p) {
				free = false
				add(y.partners(f, p)...)
			}
		}
		if e := n.net.Event(r); free && f.up != nil && !above[e] {
			above[e] = true
			add(y.blockers(f.up, int32(f.member), e, self)...)
		}
	}
	return out
}

// off reports whether a participant is an actor that is not on.
func (y *story) off(f *frame, p model.Part) bool {
	i, ok := f.of[int(p.Component)]
	return ok && !y.actors[i].node.on
}

// partners returns the actors that would have to move for p to be possible.
// That of an operator's machine is told by the operands it rules.
func (y *story) partners(f *frame, p model.Part) []Blocker {
	if i, ok := f.of[int(p.Component)]; ok {
		a := &y.actors[i]
		world, own := a.op.World(p.Event)
		if !own {
			return nil
		}
		return []Blocker{{Component: i, Event: f.net.localName(a.op.Component, p.Event, world), Reason: y.reason(a)}}
	}
	g := f.inner[int(p.Component)]
	if g == nil {
		return nil
	}
	var out []Blocker
	s := g.words(y.now)
	for r := range g.net.net.NumRules() {
		if g.net.net.Event(r) != p.Event {
			continue
		}
		for _, q := range g.net.net.Parts(r) {
			if len(g.net.targetsOf(q, s)) == 0 || y.off(g, q) {
				for _, b := range y.partners(g, q) {
					if !slices.Contains(out, b) {
						out = append(out, b)
					}
				}
			}
		}
	}
	return out
}

// How many offers a reason lists.
const mostOffers = 4

// reason says what an actor does instead of joining in.
func (y *story) reason(a *actor) string {
	switch y.status(a) {
	case Terminated:
		return "has terminated"
	case Unborn:
		return "has not started"
	case Gone:
		return "is gone"
	}
	var offers []string
	for _, p := range y.offers(a) {
		offers = append(offers, p.Event)
	}
	switch {
	case len(offers) == 0:
		return "offers nothing"
	case len(offers) > mostOffers:
		offers = append(offers[:mostOffers], "…")
	}
	return "offers only " + strings.Join(offers, ", ")
}
