package deadlock

import (
	"context"
	"errors"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// represented is a system beside its own representatives. The second of the
// twins is stable, and stands for all states that the first may be in after the
// same trace: what the system first does by each event, and then, while it
// can, by its first τ. A bit says that one does the last event and the other,
// being stable, refuses it: of two such states those of the first are kept.
//
// The words of the second say in which bits it differs from the first, mostly in
// none or few: so they are much the same for all states, and take little room
// where states share their parts.
type represented struct {
	twins
	settling
	rep   []uint64      // words of the second
	c     explore.Steps // of states that settle
	first []int32       // by event: the representative's first step, plus one; all 0 between states
	watch func() func() error
	check func() error // whether to go on
}

// errUnsettled is the error of a state from which the first τ lead on for ever.
var errUnsettled = errors.New("τ for ever: there is no stable state")

func newRepresented(ctx context.Context, sys explore.System, limits explore.Limits) *represented {
	watch := func() func() error { return limits.Watch(ctx) }
	return &represented{twins: newTwins(sys), watch: watch, check: watch()}
}

// Fork makes it an explore.Forker, if the system is one.
func (p *represented) Fork() explore.System {
	if fork, ok := p.twins.Fork().(*twins); ok {
		return &represented{twins: *fork, watch: p.watch, check: p.watch()}
	}
	return nil
}

func (p *represented) Initial(s []uint64) error {
	w := p.width
	clear(s)
	if err := p.sys.Initial(s[:w:w]); err != nil {
		return err
	}
	if err := p.settle(s[:w:w], s[w:2*w:2*w]); err != nil {
		return err
	}
	differ(s[w:2*w], s[:w])
	return nil
}

// differ makes of the words of a state those in which it differs from another,
// and of these the state.
func differ(words, from []uint64) {
	for i := range words {
		words[i] ^= from[i]
	}
}

// second returns the words of the representative of a state, good until it is
// called again.
func (p *represented) second(s []uint64) []uint64 {
	w := p.width
	p.rep = append(p.rep[:0], s[w:2*w]...)
	differ(p.rep, s[:w])
	return p.rep
}

func (p *represented) Successors(s []uint64, out *explore.Steps) error {
	if p.bad(s, nil) {
		return nil
	}
	w := p.width
	p.a.Reset()
	if err := p.sys.Successors(s[:w:w], &p.a); err != nil {
		return err
	}
	out.LeaveAs(&p.a)
	rep, own := &p.a, p.second(s)
	if !slices.Equal(s[:w], own) {
		rep = &p.b
		rep.Reset()
		if err := p.sys.Successors(own, rep); err != nil {
			return err
		}
	}
	p.index(rep)
	defer p.forget(rep)
	stable := true
	for i, e := range p.a.Events {
		to := p.a.States[i*w : (i+1)*w]
		out.Events = append(out.Events, e)
		out.States = append(out.States, to...)
		at := len(out.States)
		out.States = append(out.States, own...)
		out.States = append(out.States, s[2*w:]...) // 0, if there is one
		second, refuses := out.States[at:at+w], false
		if e == model.Tau {
			stable = false
		} else if j := p.step(e); j < 0 {
			copy(second, to)
			refuses = true
		} else if err := p.settle(rep.States[j*w:(j+1)*w], second); err != nil {
			return err
		}
		differ(second, to)
		if refuses {
			out.States[len(out.States)-1] |= p.refused
		}
	}
	if stable && rep != &p.a {
		p.refuse(s, rep, out)
	}
	return nil
}

// refuse appends the least event that the representative does and a state,
// which is stable, does not, if there is one.
func (p *represented) refuse(s []uint64, rep *explore.Steps, out *explore.Steps) {
	for _, e := range p.a.Events {
		if int(e) < len(p.first) {
			p.first[e] = 0
		}
	}
	lacks := model.Tau // which the representative does not do
	for _, e := range rep.Events {
		if p.step(e) >= 0 && (lacks == model.Tau || e < lacks) {
			lacks = e
		}
	}
	if lacks == model.Tau {
		return
	}
	out.Events = append(out.Events, lacks)
	out.States = append(out.States, s[:p.width]...)
	out.States = append(out.States, make([]uint64, len(s)-p.width)...)
	out.States[len(out.States)-1] = p.refused
}

// index notes the first step by each event, and forget forgets them.
func (p *represented) index(rep *explore.Steps) {
	for i, e := range rep.Events {
		if int(e) >= len(p.first) {
			p.first = append(p.first, make([]int32, int(e)+1-len(p.first))...)
		}
		if p.first[e] == 0 {
			p.first[e] = int32(i) + 1
		}
	}
}

func (p *represented) forget(rep *explore.Steps) {
	for _, e := range rep.Events {
		p.first[e] = 0
	}
}

// step returns the representative's first step by an event, or -1.
func (p *represented) step(e model.Event) int {
	if int(e) < len(p.first) {
		return int(p.first[e]) - 1
	}
	return -1
}

// settle puts the state that s settles in into to. The first τ that leads back
// to where some τ before it was is found after at most three times as many as
// there are (Brent, "An improved Monte Carlo factorization algorithm", 1980).
func (p *represented) settle(s, to []uint64) error {
	if p.settled(s, to) {
		return nil
	}
	steps, w := &p.c, p.width
	copy(to, s)
	before, next := slices.Clone(to), 1
	for taken := 1; ; taken++ {
		steps.Reset()
		if err := p.sys.Successors(to, steps); err != nil {
			return err
		}
		i := slices.Index(steps.Events, model.Tau)
		if i < 0 {
			p.note(s, to)
			return nil
		}
		copy(to, steps.States[i*w:(i+1)*w])
		if slices.Equal(to, before) {
			return errUnsettled
		}
		if taken == next {
			copy(before, to)
			next *= 2
		}
		if taken%1024 == 0 {
			if err := p.check(); err != nil {
				return err
			}
		}
	}
}

func (p *represented) tell(ctx context.Context, f *finding, limits explore.Limits) (*explore.Counterexample, error) {
	w := p.width
	if f.loop >= 0 {
		b, err := story(p.sys, &finding{narrowed(f.path, 0, w), f.loop})
		if err != nil {
			return nil, err
		}
		return &explore.Counterexample{Kind: explore.Divergence, Impl: *b}, nil
	}
	n := len(f.path) - 1
	e := f.path[n].Event
	last := make([]uint64, p.Width())
	if n == 0 {
		if err := p.Initial(last); err != nil {
			return nil, err
		}
	} else {
		last = f.path[n-1].State
	}
	// The way of the representative, which is another state of the system.
	from, words := last[:w:w], p.second(last)
	path, err := along(ctx, p.sys, visible(f.path[:n]), limits, func(s []uint64, _ []model.Event) bool { return slices.Equal(s, words) })
	if err != nil {
		return nil, err
	}
	own := narrowed(f.path[:n], 0, w)
	does, refuses := own, path
	next, ok, err := stepBy(p.sys, from, e)
	if err == nil && !ok {
		does, refuses = path, own
		next, _, err = stepBy(p.sys, words, e)
	}
	if err != nil {
		return nil, err
	}
	return nondeterminism(p.sys, append(slices.Clip(does), next), refuses)
}

// A settling remembers in which states some have settled lately. Most steps of
// a search lead to where others led a moment ago.
type settling struct {
	slots []uint64 // of a few words each: a state, where it settles, and 1 if they are there
	since int      // notes since there are so many slots
}

// slot returns that of a state.
func (x *settling) slot(s []uint64) []uint64 {
	h := uint64(0)
	for _, w := range s {
		h = (h ^ w) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	each := 2*len(s) + 1
	at := int(h%uint64(len(x.slots)/each)) * each
	return x.slots[at : at+each]
}

const (
	leastSettled = 1 << 6  // slots
	mostSettled  = 1 << 19 // words
)

// settled puts the state that s is known to settle in into to, if it is known.
func (x *settling) settled(s, to []uint64) bool {
	if len(x.slots) == 0 {
		return false
	}
	slot, w := x.slot(s), len(s)
	if slot[2*w] == 0 || !slices.Equal(slot[:w], s) {
		return false
	}
	copy(to, slot[w:])
	return true
}

// note notes that s settles in to.
func (x *settling) note(s, to []uint64) {
	each := 2*len(s) + 1
	if n := len(x.slots) / each; x.since >= n && (n == 0 || 2*n*each <= mostSettled) {
		x.slots, x.since = make([]uint64, max(leastSettled, 2*n)*each), 0
	}
	x.since++
	slot := x.slot(s)
	copy(slot, s)
	copy(slot[len(s):], to)
	slot[2*len(s)] = 1
}
