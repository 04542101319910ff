package process

import (
	"encoding/binary"
	"slices"
	"sync/atomic"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// The states of a large sequential process are evaluated by several workers.
// Each has a double of the evaluator, with terms and values of its own; they
// share no more than two tables, in which keys of values, and of states, have
// numbers. The numbers depend on who comes first, and nothing else does: they
// only tell whether two are equal.
//
// The key of a state tells all that it does: events and the keys of processes
// that follow, or an operator and the states of its operands. So no worker needs
// the term of a state that another has found: it makes one from the key, and
// evaluates what follows, but for what anyone has evaluated before. A process
// that follows is made from its key, too: a call of a definition or a place in
// one, with values.
//
// Whatever is not so simple is left to the System itself, which is asked
// between rounds, in order (explore.ErrLater): states with operators that take
// sets, mistakes in the script, and events that are met first, since these have
// numbers that can be seen.

// A team is what the doubles share.
type team struct {
	states *value.Common

	known     index // by the number of a process's key: its state, and one; 0: not yet known
	from      index // by state: the number of the key of a process that comes to it; 0: unknown
	revivable index // by the number of a process's key: 1, every double can revive it
	told      index // by state: 1, its key tells what follows, and every double can go on from there
}

// An index is an array for all numbers that there are, which several
// goroutines read and write.
type index struct {
	chunks [1 << 17]atomic.Pointer[[1 << 14]atomic.Int32]
}

func (x *index) at(n int) *atomic.Int32 {
	c := &x.chunks[n>>14]
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
	d.byID.recent, d.shared.recent = make([]remembered, mostRecent), make([]remembered, mostRecent)
	d.Keys.MainOnly = d.mainOnly
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

// follows appends what the state with a number does, if that leads to
// processes that its key tells, with nothing around them. It is what rebuild
// and a step would find out, without terms.
func (t *team) follows(id int32, out []following) ([]following, bool) {
	key := t.states.Read(int(id))
	op, key := Op(key[0]), key[1:]
	switch op {
	case Stop, Omega:
		return out, true
	case Prefix:
		return appendFollowing(out, key), true
	case IntChoice:
		for ; len(key) > 0; key = key[8:] {
			out = append(out, following{model.Tau, keyAt(key)})
		}
		return out, true
	case ExtChoice: // of prefixes: each event resolves it
		for len(key) > 0 {
			branches, id, rest := operand(key)
			if branches == nil {
				from, ok := len(out), false
				out, ok = t.follows(id, out)
				if !ok || slices.ContainsFunc(out[from:], func(f following) bool { return f.event == model.Tau }) {
					return out, false
				}
			}
			out, key = appendFollowing(out, branches), rest
		}
		return out, true
	}
	return out, false
}

func appendFollowing(out []following, branches []byte) []following {
	for b := branches; len(b) > 0; b = b[branchSize:] {
		out = append(out, following{model.Event(binary.LittleEndian.Uint32(b)), keyAt(b[4:])})
	}
	return out
}

// operand takes off the first operand, one that is on: its branches, or, if it is
// not told, its state.
func operand(key []byte) (branches []byte, id int32, rest []byte) {
	n, key := binary.LittleEndian.Uint32(key), key[4:]
	if n&told == 0 {
		return nil, int32(n), key
	}
	size := int(n&^told) * branchSize
	return key[:size], 0, key[size:]
}

func keyAt(b []byte) value.Key { return value.Key(binary.LittleEndian.Uint64(b)) }

// stateOf returns the number of the state of the process with a key, which
// may have to be evaluated. It is one with which any other double can go on.
func (s *Space) stateOf(k value.Key) int32 {
	if id := s.team.known.at(k.Number()).Load(); id != 0 {
		return id - 1
	}
	if !s.revivable(k) {
		panic(later{})
	}
	return s.tellable(s.State(s.revive(k)))
}

// tellable returns the number of a state with which any other double can go on.
func (s *Space) tellable(t *Term) int32 {
	if !s.tells(t.id) {
		panic(later{})
	}
	return t.id
}

// published returns the state of a process, if a double has evaluated it; it is
// the doubles' that ask.
func (s *Space) published(t *Term) *Term {
	if s.main == nil {
		return nil
	}
	id := s.team.known.at(s.Keys.Of(t).Number()).Load()
	if id == 0 {
		return nil
	}
	return s.rebuild(id - 1)
}

// publish tells other doubles the state of a process, if they can go on with it.
func (s *Space) publish(t *Term) {
	if s.main == nil || !s.tells(t.state.id) {
		return
	}
	n := s.Keys.Of(t).Number()
	if s.revivable(t.key) {
		s.team.from.at(int(t.state.id)).CompareAndSwap(0, int32(n))
	}
	s.team.known.at(n).Store(t.state.id + 1)
}

// tells reports whether the key of a state tells what follows, and any double
// can evaluate that.
func (s *Space) tells(id int32) bool {
	at := s.team.told.at(int(id))
	if at.Load() != 0 {
		return true
	}
	key := s.team.states.Read(int(id))
	op, key := Op(key[0]), key[1:]
	switch op {
	case Stop, Omega, Skip, Div:
	case Prefix:
		if !s.tellsBranches(key) {
			return false
		}
	case ExtChoice, IntChoice, Slide, Seq, Interrupt:
		for i := 0; len(key) > 0; i++ {
			if op.off(i) {
				if !s.revivable(keyAt(key)) {
					return false
				}
				key = key[8:]
				continue
			}
			branches, id, rest := operand(key)
			if branches == nil && !s.tells(id) || !s.tellsBranches(branches) {
				return false
			}
			key = rest
		}
	default:
		return false
	}
	at.Store(1)
	return true
}

func (s *Space) tellsBranches(b []byte) bool {
	for ; len(b) > 0; b = b[branchSize:] {
		if !s.revivable(keyAt(b[4:])) {
			return false
		}
	}
	return true
}

// revivable reports whether every double can revive the process with a key.
func (s *Space) revivable(k value.Key) bool {
	at := s.team.revivable.at(k.Number())
	if at.Load() == 0 {
		b := s.Keys.Read(k)
		if b[0] != value.TagOpaque || !s.revivableTerm(b[1:]) {
			return false
		}
		at.Store(1)
	}
	return true
}

// revivableTerm is revivable of the process that has an encoding.
func (s *Space) revivableTerm(b []byte) bool {
	switch Op(b[0]) {
	case Delayed:
		return s.Revivable(b[1:])
	case Seq:
		return s.revivable(keyAt(b[1:])) && s.revivable(keyAt(b[9:]))
	}
	return s.constant(b) != nil
}

// constant returns the process that has no operands and that encoding, if it is
// one.
func (s *Space) constant(b []byte) *Term {
	if len(b) == 1 {
		switch Op(b[0]) {
		case Stop:
			return s.stop
		case Omega:
			return s.omega
		case Skip:
			return s.skip
		case Div:
			return s.div
		}
	}
	return nil
}

// revive returns the process that has a key, which is revivable.
func (s *Space) revive(k value.Key) *Term {
	if t := s.shared.at(k.Number()); t != nil {
		return t
	}
	b := s.Keys.Read(k)
	if t := s.constant(b[1:]); t != nil {
		return t
	}
	if Op(b[1]) == Seq {
		t := s.Make(Seq, s.revive(keyAt(b[2:])), s.revive(keyAt(b[10:])))
		t.key = k
		return s.Share(t)
	}
	if s.main != nil {
		return s.Share(s.husk(k))
	}
	t := s.Revive(b[2:])
	t.key = k
	return s.Share(t)
}

// A husk is a process of which no more than the key is known, which is
// revivable: in a double most are only compared.
type husk struct {
	term  Term
	space *Space
	live  *Term
}

func (s *Space) husk(k value.Key) *Term {
	h := &husk{space: s}
	h.term.key = k
	return s.DelayAt(&h.term, h)
}

func (h *husk) alive() *Term {
	if h.live == nil {
		h.live = h.space.Revive(h.space.Keys.Read(h.term.key)[2:])
	}
	return h.live
}

func (h *husk) Unfold() *Term                            { return h.alive().Unfold() }
func (h *husk) AppendKey(k *value.Keys, b []byte) []byte { return h.alive().leaf.AppendKey(k, b) }
func (h *husk) Name() string                             { return h.alive().delay().Name() }
func (h *husk) Span() syntax.Span                        { return h.alive().delay().Span() }

// rebuild returns the state with a number, whose key tells what it does.
func (s *Space) rebuild(id int32) *Term {
	if t := s.byID.at(int(id)); t != nil {
		return t
	}
	key := s.team.states.Read(int(id))
	if t := s.constant(key); t != nil {
		return s.enter(t, int(id))
	}
	op, key := Op(key[0]), key[1:]
	if op == Prefix {
		return s.enter(s.Offer(&retold{s, key}), int(id))
	}
	t := s.Make(op)
	for i := 0; len(key) > 0; i++ {
		if op.off(i) {
			t.Kids, key = append(t.Kids, s.revive(keyAt(key))), key[8:]
			continue
		}
		branches, id, rest := operand(key)
		if branches != nil {
			t.Kids = append(t.Kids, s.Offer(&retold{s, branches}))
		} else {
			t.Kids = append(t.Kids, s.rebuild(id))
		}
		key = rest
	}
	return s.enter(t, int(id))
}

// A retold offer is that of a state, as its key tells it.
type retold struct {
	space *Space
	key   []byte
}

func (o *retold) Branches() []Branch {
	out := make([]Branch, 0, len(o.key)/branchSize)
	for _, f := range appendFollowing(nil, o.key) {
		out = append(out, Branch{f.event, o.space.revive(f.to)})
	}
	return out
}

func (o *retold) AppendKey(_ *value.Keys, b []byte) []byte {
	return append(append(b, keyRetold), o.key...)
}

func (o *retold) Label(i int) (string, syntax.Span) {
	return o.space.events.Name(o.Branches()[i].Event), syntax.Span{}
}
