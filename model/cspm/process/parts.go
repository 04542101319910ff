package process

import (
	"fmt"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// A Mark is what an operator or leaf of a network of parts was made from.
type Mark struct {
	term  *Term
	state int32
}

// hiding reports whether something in t that is on hides events.
func hiding(t *Term) bool {
	t = t.Head()
	if t.Op == Hide {
		return true
	}
	for i, kid := range t.Kids {
		if !t.Op.off(i) && t.Op != Chase && hiding(kid) {
			return true
		}
	}
	return false
}

// veiled returns an error if it cannot be seen who does what in t, in a
// network of parts: below chase and deter.
func (c *compiler) veiled(t *Term) error {
	if !c.Parts {
		return nil
	}
	t = t.Head()
	if t.Op == Chase && (c.Hidden || concurrent(t.Kids[0])) {
		return fmt.Errorf("%w of components: chase does not let see who does what below it", ErrNoNetwork)
	}
	if _, ok := t.leaf.(*deter); ok {
		return fmt.Errorf("%w of components: deter does not let see who does what below it", ErrNoNetwork)
	}
	for i, kid := range t.Kids {
		if !t.Op.off(i) {
			if err := c.veiled(kid); err != nil {
				return err
			}
		}
	}
	return nil
}

// parted returns a function that fails for what may not come about in a leaf
// on demand of a network of parts, or nil.
func (c *compiler) parted() func(*Term) error {
	if !c.Parts {
		return nil
	}
	return func(t *Term) error {
		if err := c.veiled(t); err != nil {
			return err
		}
		if c.whole(t) {
			return fmt.Errorf("%w of components: something parallel stands in a part that is evaluated on demand", ErrNoNetwork)
		}
		return nil
	}
}

// A Parted is a process as a network whose components are what the user
// wrote: it can be asked who does what. Its stories are told by the terms.
type Parted struct {
	Networked
	composed explore.Composed
}

var _ explore.Composed = (*Parted)(nil)

// Parted returns the states of sys as such a network; the error wraps
// ErrNoNetwork if there is none. Hidden makes known what was hidden, at the
// price that there are fewer such networks.
func (sys *System) Parted(hidden bool) (p *Parted, err error) {
	fault := sys.guard(func() {
		var n *Networked
		if n, err = sys.network(NetworkOptions{Parts: true, Hidden: hidden}); err == nil {
			p = &Parted{*n, n.System.(explore.Composed)}
			p.Networked.ask = p.Networked.answer
		}
	})
	if fault != nil {
		return nil, fault
	}
	return p, err
}

// guarded calls f, in which parts may be evaluated.
func (p *Parted) guarded(f func() error) (err error) {
	fault := p.terms.guard(func() {
		if err = f(); err != nil {
			meetAgain(err)
		}
	})
	if fault != nil {
		return fault
	}
	return err
}

func (p *Parted) Moves(s []uint64, wanted func(model.Event) bool, tell func(*explore.Move)) error {
	return p.guarded(func() error { return p.composed.Moves(s, wanted, tell) })
}

func (p *Parted) Ways(s []uint64, tell func(*explore.Way)) error {
	return p.guarded(func() error { return p.composed.Ways(s, tell) })
}

func (p *Parted) Wants(s []uint64, wanted func(model.Event) bool, places []int, out []bool) error {
	return p.guarded(func() error { return p.composed.Wants(s, wanted, places, out) })
}

func (p *Parted) Beside(a, b *explore.Move) bool { return p.composed.Beside(a, b) }

func (p *Parted) On(s []uint64, place int) bool { return p.composed.On(s, place) }

func (p *Parted) Standing(s []uint64, places []int, out []explore.Standing) error {
	return p.guarded(func() error { return p.composed.Standing(s, places, out) })
}

// Places gives parts the names that stories use.
func (p *Parted) Places() []explore.Place {
	r := &replay{sys: p.terms}
	places := p.composed.Places()
	for i := range places {
		m, ok := places[i].Mark.(*Mark)
		if !ok {
			continue
		}
		p.terms.guard(func() { places[i].Name = r.nameOf(m.term, firstName(m.term)) }) // else it keeps the name that it has
	}
	return places
}

// Shares: see explore.Composed.
func (p *Parted) Shares() (shares []explore.Share, err error) {
	err = p.guarded(func() (err error) {
		shares, err = p.composed.Shares()
		return err
	})
	return shares, err
}

// NameOf returns the name of a process, as stories use it.
func (p *Parted) NameOf(t *Term) (name string) {
	name = t.String()
	p.terms.guard(func() { name = (&replay{sys: p.terms}).nameOf(t, firstName(t)) })
	return name
}

// Find returns the places that are a process: those that were called by the
// same name, if there are some.
func (p *Parted) Find(t *Term) (found []int, err error) {
	err = p.terms.guard(func() {
		id, name := p.terms.space.State(t).id, firstName(t)
		var named []int
		for i, x := range p.composed.Places() {
			m, ok := x.Mark.(*Mark)
			if !ok || m.state != id {
				continue
			}
			found = append(found, i)
			if name != "" && firstName(m.term) == name {
				named = append(named, i)
			}
		}
		if named != nil {
			found = named
		}
	})
	return found, err
}

// Tell finds the moves among those of the terms: by the components that take
// part, or, where these cannot be told, by what was hidden.
func (p *Parted) Tell(path []explore.PathStep, moves ...*explore.Move) (b *explore.Behaviour, steps []explore.Step, err error) {
	told, err := p.told(path)
	if err != nil {
		return nil, nil, err
	}
	var r *replay
	err = p.guarded(func() error {
		if r, b, err = p.replay(path, told); err != nil {
			return err
		}
		who, err := p.pair(path, r)
		if err != nil {
			return err
		}
		for _, m := range moves {
			steps = append(steps, r.stepLike(m, who))
		}
		return nil
	})
	return b, steps, err
}

// Waiting: see explore.Composed.
func (p *Parted) Waiting(path []explore.PathStep, places []int) (b *explore.Behaviour, components [][]int, err error) {
	told, err := p.told(path)
	if err != nil {
		return nil, nil, err
	}
	err = p.guarded(func() error {
		var r *replay
		if r, b, err = p.replay(path, told); err != nil {
			return err
		}
		who, err := p.pair(path, r)
		if err != nil {
			return err
		}
		asked := map[int]bool{}
		for _, x := range places {
			comps := who.below(x)
			components = append(components, comps)
			for _, c := range comps {
				asked[c] = true
			}
		}
		b.Waits = nil
		for _, w := range r.waits() {
			if asked[w.Component] && len(w.For) > 0 { // else it can do it now
				b.Waits = append(b.Waits, w)
			}
		}
		return nil
	})
	return b, components, err
}

// replay follows a path, told in terms, by the moves that it says, where it
// does: by who takes part, and by what was hidden if that can be told.
func (p *Parted) replay(path, told []explore.PathStep) (r *replay, b *explore.Behaviour, err error) {
	r = &replay{sys: p.terms}
	r.choose = func(i int, among []int) int {
		by := path[i].By
		if by == nil || err != nil {
			return among[0]
		}
		var who *pairing
		if who, err = p.pair(path[:i], r); err != nil {
			return among[0]
		}
		want := map[int]bool{}
		for _, a := range by.Who() {
			want[who.actor[a]] = true
		}
		best := -1
		for _, k := range among {
			if !like(r.partsOf(r.tree, k, nil), want) {
				continue
			}
			if h, _ := p.terms.space.hidden(r.tree.term, k); by.Event != model.Tau || h == by.Hidden {
				return k
			}
			if best < 0 {
				best = k
			}
		}
		if best < 0 {
			return among[0]
		}
		return best
	}
	b = r.run(told)
	return r, b, err
}

// like reports whether the participants are just the wanted components.
func like(parts []explore.Part, want map[int]bool) bool {
	has := map[int]bool{}
	for _, p := range parts {
		if !want[p.Component] {
			return false
		}
		has[p.Component] = true
	}
	return len(has) == len(want)
}

// stepLike tells a move as the step of the terms that it is.
func (r *replay) stepLike(m *explore.Move, who *pairing) explore.Step {
	events := r.sys.space.events
	step := explore.Step{Event: events.Name(m.Event)}
	if m.Event == model.Tau && m.Hidden != model.Tau {
		step.Hidden = events.Name(m.Hidden)
	}
	want := map[int]bool{}
	for _, p := range m.Parts {
		want[who.actor[p.Who]] = true
	}
	for k, tr := range r.sys.space.Trans(r.tree.term) {
		if tr.Event != m.Event {
			continue
		}
		if h, _ := r.sys.space.hidden(r.tree.term, k); m.Event == model.Tau && h != m.Hidden {
			continue
		}
		parts := r.partsOf(r.tree, k, nil)
		same := len(want) > 0 && like(parts, want)
		if step.Parts == nil || same {
			step.Parts = parts
		}
		if same {
			break
		}
	}
	return step
}
