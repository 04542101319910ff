package process

import (
	"encoding/binary"
	"errors"
	"sync/atomic"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// The states of a large sequential process are evaluated by several workers.
// Each has a double of the evaluator, with terms and values of its own; they
// share no more than two tables, in which keys of values, and of states, have
// numbers. The numbers depend on who comes first, and nothing else does: they
// only tell whether two are equal.
//
// The key of a state with prefixes only says all that it does: its events, and
// the keys of what follows each. So no worker needs the term of a state that
// another has found: it reads its key, and evaluates the states of what follows,
// those that nobody has met. A process that follows is made anew from its key:
// a call of a definition, with arguments.
//
// Whatever is not so simple is left to the System itself, which is asked
// between rounds, in order (explore.ErrLater): states with other operators,
// mistakes in the script, and events that are met first, since these have
// numbers that can be seen.

// A team is what the doubles share.
type team struct {
	states *value.Common
	known  index // the states of processes, by the numbers of their keys, and one; 0: not yet known

	revivable index // 1: the process with a key of that number is
}

// An index is a large array that several goroutines read and write.
type index struct {
	chunks [1 << 14]atomic.Pointer[[1 << 14]atomic.Int32]
}

func (x *index) at(n int) *atomic.Int32 {
	c := &x.chunks[n>>14%len(x.chunks)]
	if c.Load() == nil {
		c.CompareAndSwap(nil, new([1 << 14]atomic.Int32))
	}
	return &c.Load()[n&(1<<14-1)]
}

// later is the panic of a double that would have to find out what only its
// main space can.
type later struct{}

// double returns a double of s, and a function that turns what goes wrong in it
// into errors; nil if there can be none.
func (s *Space) double() (*Space, func(func()) error) {
	d, guard := s.Double()
	if d == nil {
		return nil, nil
	}
	if s.team == nil {
		s.team = &team{states: value.NewCommon(&s.states)}
	}
	d.team, d.main, d.events = s.team, s, s.events
	return d, func(f func()) (err error) {
		defer func() {
			if p := recover(); p != nil {
				if _, ok := p.(later); !ok {
					panic(p)
				}
				err = explore.ErrLater
			}
		}()
		return guard(f)
	}
}

// mainOnly keeps a double from what has numbers of its own in each space.
func (s *Space) mainOnly() {
	if s.main != nil {
		panic(later{})
	}
}

// eventOfMain returns the number that an event has in the main space. That is
// not used while doubles are.
func (s *Space) eventOfMain(d *value.Dot, k value.Key) model.Event {
	e, ok := s.main.number[k]
	if !ok {
		panic(later{})
	}
	if int(e) >= len(s.dots) {
		s.dots = append(s.dots, make([]*value.Dot, int(e)+1-len(s.dots))...)
	}
	s.dots[e], d.Mark = d, int32(e)
	return e
}

// A following is an event of a state, and the key of the process that follows.
type following struct {
	event model.Event
	to    value.Key
}

// follows appends what the state with a number does, if its key tells.
func (t *team) follows(id int32, out []following) ([]following, bool) {
	key := t.states.Read(int(id))
	op, key := Op(key[0]), key[1:]
	switch op {
	case Stop:
		return out, true
	case Prefix:
		for ; len(key) > 0; key = key[12:] {
			out = append(out, following{model.Event(binary.LittleEndian.Uint32(key)), value.Key(binary.LittleEndian.Uint64(key[4:]))})
		}
		return out, true
	case ExtChoice: // of prefixes: each event resolves it
		ok := true
		for ; len(key) > 0 && ok; key = key[4:] {
			out, ok = t.follows(int32(binary.LittleEndian.Uint32(key)), out)
		}
		return out, ok
	}
	return out, false
}

// stateOf returns the number of the state of the process with a key, which
// may have to be evaluated. In a double it is one with which any other can go on.
func (s *Space) stateOf(k value.Key) int32 {
	at := s.team.known.at(k.Number())
	if id := at.Load(); id != 0 {
		return id - 1
	}
	if !s.revivable(k) {
		panic(later{})
	}
	id := s.State(s.revive(k)).id
	if !s.tells(id) {
		panic(later{})
	}
	at.Store(id + 1)
	return id
}

// tells reports whether the key of a state tells what follows, and any double
// can evaluate that.
func (s *Space) tells(id int32) bool {
	follows, ok := s.team.follows(id, s.following[:0])
	s.following = follows
	for _, f := range follows {
		ok = ok && s.revivable(f.to)
	}
	return ok
}

// revivable reports whether every double can revive the process with a key.
func (s *Space) revivable(k value.Key) bool {
	at := s.team.revivable.at(k.Number())
	if at.Load() == 0 {
		b := s.Keys.Read(k)
		if b[0] != value.TagOpaque || Op(b[1]) != Delayed || !s.Revivable(b[2:]) {
			return false
		}
		at.Store(1)
	}
	return true
}

// revive returns the process that has a key, which is revivable.
func (s *Space) revive(k value.Key) *Term {
	if n := k.Number(); n < len(s.shared) && s.shared[n] != nil {
		return s.shared[n]
	}
	t := s.Revive(s.Keys.Read(k)[2:])
	t.key = k
	return s.Share(t)
}

// A fork is a System that evaluates states for another worker.
type fork struct {
	sys   *System
	space *Space
	guard func(func()) error

	follows []following
	ids     []int32
}

// Fork makes it an explore.Forker, if the process is a large sequential one:
// others are networks. It learns from its forks, so that a search that is kept
// has none.
func (sys *System) Fork() explore.System {
	if !sys.alone || sys.space.Double == nil {
		return nil
	}
	sys.forks++
	return &fork{sys: sys}
}

// prepare makes the double that f evaluates with, unless it has one, and
// reports whether there can be one. Forks may be asked together, and their
// System is not asked meanwhile.
func (f *fork) prepare() bool {
	if f.space == nil {
		f.sys.space.doubling.Lock()
		defer f.sys.space.doubling.Unlock()
		f.space, f.guard = f.sys.space.double()
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
	err := f.guard(func() {
		var ok bool
		f.follows, ok = f.space.team.follows(int32(s[0]), f.follows[:0])
		if !ok {
			panic(later{})
		}
		f.ids = f.ids[:0]
		for _, x := range f.follows {
			f.ids = append(f.ids, f.space.stateOf(x.to))
		}
	})
	if err != nil {
		var limit *explore.Limit
		if errors.As(err, &limit) {
			return err
		}
		return explore.ErrLater // the System meets the mistake again, in order
	}
	for i, x := range f.follows {
		out.Add(x.event, uint64(f.ids[i]))
	}
	return nil
}

// foreign reports whether a state is one that a double has found.
func (sys *System) foreign(word uint64) bool {
	return sys.space.team != nil && (word >= uint64(len(sys.space.byID)) || sys.space.byID[word] == nil)
}

// adopt adds what follows a state that a double has found.
func (sys *System) adopt(id int32, out *explore.Steps) {
	follows, ok := sys.space.team.follows(id, nil)
	if !ok {
		panic("process: a double found a state that its key does not tell")
	}
	for _, x := range follows {
		out.Add(x.event, uint64(sys.space.State(sys.space.revive(x.to)).id))
	}
}
