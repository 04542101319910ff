package process

import (
	"errors"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// A fork is a System that evaluates states for another worker.
type fork struct {
	sys   *System
	space *Space
	guard func(func()) error

	state   int32
	follows []following
	steps   []found
	stepper stepper
	ask     func() // finds the steps of state: one function for all states
}

// A found is a step: an event, and the state that it leads to.
type found struct {
	event model.Event
	to    int32
}

// Fork makes it an explore.Forker, if the process is a large sequential one:
// others are networks. It learns from its forks, so that a search that is kept
// has none.
func (sys *System) Fork() explore.System {
	if !sys.alone || sys.space.Double == nil {
		return nil
	}
	sys.forks++
	f := &fork{sys: sys}
	f.ask = f.step
	return f
}

// prepare makes the double that f evaluates with, unless it has one, and
// reports whether there can be one. Forks may be asked together, and their
// System is not asked meanwhile.
func (f *fork) prepare() bool {
	if f.space == nil {
		f.sys.space.doubling.Lock()
		defer f.sys.space.doubling.Unlock()
		f.space, f.guard = f.sys.space.double()
		f.stepper.space = f.space
	}
	return f.space != nil
}

func (f *fork) Events() *model.Events    { return f.sys.Events() }
func (f *fork) Width() int               { return 1 }
func (f *fork) Initial(s []uint64) error { return explore.ErrLater }

func (f *fork) Successors(s []uint64, out *explore.Steps) error {
	if !f.prepare() {
		return explore.ErrLater
	}
	f.state, f.steps = int32(s[0]), f.steps[:0]
	if err := f.guard(f.ask); err != nil {
		var limit *explore.Limit
		if errors.As(err, &limit) {
			return err
		}
		return explore.ErrLater // the System meets the mistake again, in order
	}
	for _, x := range f.steps {
		out.Add(x.event, uint64(x.to))
	}
	return nil
}

func (f *fork) step() {
	s := f.space
	var ok bool
	if f.follows, ok = s.team.follows(f.state, f.follows[:0]); ok {
		for _, x := range f.follows {
			f.steps = append(f.steps, found{x.event, s.stateOf(x.to)})
		}
		return
	}
	if !s.tells(f.state) {
		panic(later{})
	}
	x := &f.stepper
	x.collect(s.rebuild(f.state))
	for i := range x.trans {
		to := s.next(x.t, &x.work, i)
		f.steps = append(f.steps, found{x.trans[i].Event, s.tellable(to)})
	}
}

// term returns the term of a state, which a double may have found. That of a
// process is evaluated again: what follows then stands where it was written,
// as messages tell.
func (sys *System) term(word uint64) *Term {
	s, id := sys.space, int(word)
	if t := s.byID.at(id); t != nil {
		return t
	}
	if n := s.team.from.at(id).Load(); n != 0 {
		if t := s.State(s.revive(value.KeyOf(int(n)))); int(t.id) != id {
			panic("process: a process has another state in a double")
		}
		return s.byID.at(id)
	}
	return s.rebuild(int32(id))
}
