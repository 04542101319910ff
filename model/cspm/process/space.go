package process

import (
	"encoding/binary"
	"fmt"
	"sync"

	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// A Space holds the terms of one script that have been reached.
type Space struct {
	Keys *value.Keys
	// Spend is told of work that takes about as long as handling n elements;
	// it may panic to end it.
	Spend func(n int)
	// Room is asked before so many bytes more are taken at once; it returns a
	// limit if they are too many.
	Room func(bytes int64) error
	// Declared returns how many events there are, met or not, or value.Infinite.
	Declared func() int64
	// Quit ends the evaluation, with an error that Room has returned.
	Quit func(error)

	events *model.Events
	dots   []*value.Dot // the value of each event; nil for τ and ✓
	number map[value.Key]model.Event
	sets   map[setKey]*EventSet
	rels   map[value.Key]*Relation

	states   value.Numbering // by operator and operands
	byID     catalogue       // by their numbers
	worked   int             // transitions of terms that have been worked out
	shared   catalogue       // delayed terms, by the numbers of their keys
	spare    [][]byte        // buffers that are not in use
	steppers []*stepper      // the same
	onlys    int             // that have been made

	chased  map[int32]*Term  // the states chase(P) of states P
	normals map[viewed]*view // by their specifications, see normal

	compressed map[string]*compressed // by compression and process
	unsound    bool                   // one of them does not keep what priorities look at

	// Uncompressed leaves processes as they are that are to be compressed: for
	// questions about what is in them.
	Uncompressed bool
	// MostStates is how many states a process that is compressed may have; 0:
	// no limit.
	MostStates int64
	// Compressed, if not nil, is told of each compression that is done.
	Compressed func(Compression)

	pending []*Term // the shared terms whose state is being worked out, outermost first

	doubling sync.Mutex // held while a double is made
	team     *team      // there are doubles, or this is one
	main     *Space     // of which this is a double, or nil
	// Double, if not nil, returns a space for another goroutine, whose states
	// and keys have the numbers that those of this have, and a function that
	// turns what goes wrong in it into errors.
	Double func() (*Space, func(func()) error)
	// Revive returns a process that has an encoding, which is that of a Delayed
	// behind its operator; Revivable whether any double could.
	Revive    func(encoding []byte) *Term
	Revivable func(encoding []byte) bool

	plain                  *args // of operators that take none
	stop, omega, skip, div *Term
}

// NewSpace returns a space without terms; its values are compared with keys.
func NewSpace(keys *value.Keys) *Space {
	s := &Space{
		Keys:     keys,
		Spend:    func(int) {},
		Room:     func(int64) error { return nil },
		Declared: func() int64 { return value.Infinite },
		Quit:     func(err error) { panic(err) },
		events:   model.NewEvents(),
		dots:     make([]*value.Dot, 2),
		number:   map[value.Key]model.Event{},
		sets:     map[setKey]*EventSet{},
		rels:     map[value.Key]*Relation{},
		chased:   map[int32]*Term{},
		normals:  map[viewed]*view{},

		compressed: map[string]*compressed{},
	}
	s.plain = &args{space: s}
	s.stop, s.omega, s.skip, s.div = s.Make(Stop), s.Make(Omega), s.Make(Skip), s.Make(Div)
	return s
}

// Events returns the events met so far.
func (s *Space) Events() *model.Events { return s.events }

// maxUnfold bounds how deep definitions unfold into each other before the
// first event.
const maxUnfold = 20000

// State returns the state that t is: definitions unfolded in every active
// position, so that a call and what it unfolds to are one state. What has
// not started is left alone.
//
// A process that needs itself before its first event has no state: that is
// a Fault, a limit.
func (s *Space) State(t *Term) *Term {
	if t.state != nil {
		return t.state
	}
	if t.Op == Delayed {
		t.state = s.stateOfCall(t)
		return t.state
	}
	if t.Op == Prefix && len(s.Trans(t)) == 0 {
		t.state = s.State(s.stop)
		return t.state
	}
	if t.Op == Chase {
		t.state = s.chase(t, s.State(t.Kids[0]))
		return t.state
	}
	var of func(*Term) *Term // knows t with what stands directly around it, or below
	switch {
	case t.Op == Seq:
		of = s.stateOfSequence
	case t.slides():
		of = s.stateOfSlide
	case t.Op == Hide:
		of = s.stateOfHiding
	case t.layered():
		of = s.stateOfLayers
	case t.alike(t):
		of = s.stateOfInterrupt
	}
	if of != nil {
		if t.state = of(t); t.state != t {
			t.work = nil
		}
		return t.state
	}
	key := s.take(t.Op)
	switch t.Op {
	case Prefix:
		key = s.appendBranches(key, t)
	case Explicit:
		key = t.leaf.AppendKey(s.Keys, key)
	default:
		key = t.appendSets(key)
		states := t.Kids // a copy, once one of them differs
		for i, kid := range t.Kids {
			if !t.Op.off(i) && !(t.Op.tells(kid) && len(s.Trans(kid)) > 0) {
				if st := s.State(kid); st != kid {
					if &states[0] == &t.Kids[0] {
						states = append([]*Term(nil), t.Kids...)
					}
					states[i] = st
				}
			}
		}
		for i, kid := range states {
			if t.Op.off(i) {
				key = s.Keys.Append(key, kid)
			} else {
				key = s.appendOperand(key, t.Op, kid)
			}
		}
		if len(states) > 0 && &states[0] != &t.Kids[0] {
			t.state = s.intern(key, t.over(states))
			return t.state
		}
	}
	t.state = s.intern(key, t)
	if t.state != t {
		t.work = nil // many calls may come to the same, and each has done its work
	}
	return t.state
}

// tells reports whether the key of a state with this operator tells what an
// operand does, rather than which state it is: the prefixes of a choice are
// seldom met elsewhere.
func (op Op) tells(kid *Term) bool { return op == ExtChoice && kid.Op == Prefix }

// told is the bit of a word that the key of an operand begins with: its
// branches follow, as many as the other bits say. Otherwise it is the number of a
// state.
const told = 1 << 31

// appendOperand appends what tells an operand that is on from others: a state, or
// a prefix with branches of an operator that tells it.
func (s *Space) appendOperand(key []byte, op Op, kid *Term) []byte {
	if !op.tells(kid) {
		return binary.LittleEndian.AppendUint32(key, uint32(kid.id))
	}
	key = binary.LittleEndian.AppendUint32(key, uint32(told|len(s.Trans(kid))))
	return s.appendBranches(key, kid)
}

// How many bytes appendBranches appends for each branch.
const branchSize = 12

// appendBranches appends the branches of a prefix: events, and the keys of what follows.
// That is shared from now on.
func (s *Space) appendBranches(key []byte, t *Term) []byte {
	trans := s.Trans(t)
	for i := range trans {
		tr := &trans[i]
		key = binary.LittleEndian.AppendUint32(key, uint32(tr.Event))
		key = s.Keys.Append(key, tr.To)
		if tr.To.Op == Delayed {
			tr.To = s.Share(tr.To)
		}
	}
	return key
}

// intern returns the state with the key: t, if it is new.
func (s *Space) intern(key []byte, t *Term) *Term {
	n := s.numberOf(key)
	s.give(key)
	if st := s.byID.at(n); st != nil {
		return st
	}
	return s.enter(t, n)
}

// numberOf returns the number of the state with the key, which may be new.
func (s *Space) numberOf(key []byte) (n int) {
	if s.team == nil {
		n, _ = s.states.Of(key)
	} else {
		n, _ = s.team.states.Of(key)
	}
	return n
}

// enter makes t the state with a number.
func (s *Space) enter(t *Term, n int) *Term {
	t.id, t.state = int32(n), t
	s.byID.set(n, t)
	return t
}

// take hands out a buffer that begins with an operator: calls are nested.
// give takes it back.
func (s *Space) take(op Op) []byte {
	n := len(s.spare)
	if n == 0 {
		return append(make([]byte, 0, 64), byte(op))
	}
	b := s.spare[n-1]
	s.spare = s.spare[:n-1]
	return append(b[:0], byte(op))
}

func (s *Space) give(b []byte) { s.spare = append(s.spare, b) }

// Find returns the shared term that d delays if there is one. Otherwise it
// returns the key that it would have, and Keep makes it. d is not kept.
func (s *Space) Find(d Delay) (*Term, value.Key) {
	key := s.Keys.OfOpaque(byte(Delayed), d)
	one := s.shared.at(key.Number())
	if one == nil && s.main != nil && s.revivable(key) {
		one = s.husk(key)
		s.shared.set(key.Number(), one)
	}
	return one, key
}

// Keep makes t, which is new, the shared term that d delays, which Find has
// not found.
func (s *Space) Keep(t *Term, d Delay, key value.Key) *Term {
	s.DelayAt(t, d)
	t.key = key
	return s.Share(t)
}

// Share returns the delayed term that stands for all that are equal to t.
func (s *Space) Share(t *Term) *Term {
	n := s.Keys.Of(t).Number()
	if one := s.shared.at(n); one != nil {
		return one
	}
	s.shared.set(n, t)
	return t
}

func (s *Space) stateOfCall(t *Term) *Term {
	one := s.Share(t)
	if st := s.stateKnown(one); st != nil {
		return st
	}
	s.begin(one)
	one.state = s.State(one.Unfold())
	s.Release(len(s.pending) - 1)
	s.publish(one)
	return one.state
}

// A level is an operator around others, and the calls that come to it.
type level struct {
	op    *Term
	calls []*Term
}

// descend goes down the first operands of t as long as they are like it, calls
// unfolded. It returns those that are, outermost first, and the state of what stands
// below them all.
func (s *Space) descend(t *Term, like func(*Term) bool) (around []level, st *Term) {
	before := len(s.pending)
	var calls []*Term // that come to t
	for t.Op == Delayed || like(t) {
		if t.Op != Delayed {
			around, t, calls = append(around, level{t, calls}), t.Kids[0], nil
			continue
		}
		one := s.Share(t)
		if t = s.stateKnown(one); t == nil {
			s.begin(one)
			calls = append(calls, one)
			t = one.Unfold()
		}
	}
	st = s.State(t)
	for _, one := range calls {
		one.state = st
	}
	s.Release(before)
	for _, one := range calls {
		s.publish(one)
	}
	return around, st
}

// stateKnown returns the state of a shared call that has been worked out, or
// nil.
func (s *Space) stateKnown(one *Term) *Term {
	if one.state == nil && !one.busy {
		one.state = s.published(one)
	}
	return one.state
}

// begin begins to work out the state of a shared call. Release ends it.
func (s *Space) begin(t *Term) {
	if t.busy {
		endless(t)
	}
	if len(s.pending) == maxUnfold {
		panic(&value.Fault{
			Limit: true, At: t.delay().Span(),
			Msg: fmt.Sprintf("more than %d definitions unfold into each other before the first event of %s", maxUnfold, describe(t)),
		})
	}
	t.busy = true
	s.pending = append(s.pending, t)
}

// Pending returns how many calls are being unfolded. Whoever catches a Fault
// hands the number from before to Release.
func (s *Space) Pending() int { return len(s.pending) }

// Unfolding returns what is being worked out, outermost first: all but the
// innermost are unfolded, and so may that be.
func (s *Space) Unfolding() []Delay {
	ds := make([]Delay, len(s.pending))
	for i, t := range s.pending {
		ds[i] = t.delay()
	}
	return ds
}

// Release forgets the calls that were being unfolded, but for the first n.
func (s *Space) Release(n int) {
	for _, t := range s.pending[n:] {
		t.busy = false
	}
	s.pending = s.pending[:n]
}

// endless panics because t needs itself before its first event.
func endless(t *Term) {
	panic(&value.Fault{Limit: true, At: t.delay().Span(), Msg: describe(t) + " needs itself before its first event"})
}

func describe(t *Term) string {
	if name := t.delay().Name(); name != "" {
		return name
	}
	return "a process"
}

// Unfold returns what a delayed term stands for, which may be delayed too;
// t itself if it is not delayed.
func (t *Term) Unfold() *Term {
	if t.Op != Delayed {
		return t
	}
	if t.body == nil {
		t.body = t.delay().Unfold()
	}
	return t.body
}

// Head unfolds t until it is not delayed.
func (t *Term) Head() *Term {
	for n := 0; t.Op == Delayed; n++ {
		if n == maxUnfold {
			endless(t)
		}
		t = t.Unfold()
	}
	return t
}
