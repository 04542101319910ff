package process

import (
	"encoding/binary"
	"fmt"

	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// A Space holds the terms of one script that have been reached.
type Space struct {
	Keys *value.Keys
	// Spend is told of work that takes about as long as handling n elements;
	// it may panic to end it.
	Spend func(n int)

	events *model.Events
	dots   []*value.Dot // the value of each event; nil for τ and ✓
	number map[value.Key]model.Event
	sets   map[setKey]*EventSet
	rels   map[value.Key]*Relation

	states map[string]*Term // by operator and operands
	byID   []*Term
	worked int              // transitions of terms that have been worked out
	calls  map[string]*Term // states of delayed terms, by their keys
	buf    []byte

	chased  map[int32]*Term  // the states chase(P) of states P
	normals map[string]*view // by their specifications, see normal

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

	unfolding map[string]bool // the calls whose state is being worked out
	pending   []string        // the same, outermost first

	plain                  *args // of operators that take none
	stop, omega, skip, div *Term
}

// NewSpace returns a space without terms; its values are compared with keys.
func NewSpace(keys *value.Keys) *Space {
	s := &Space{
		Keys:    keys,
		Spend:   func(int) {},
		events:  model.NewEvents(),
		dots:    make([]*value.Dot, 2),
		number:  map[value.Key]model.Event{},
		sets:    map[setKey]*EventSet{},
		rels:    map[value.Key]*Relation{},
		states:  map[string]*Term{},
		calls:   map[string]*Term{},
		chased:  map[int32]*Term{},
		normals: map[string]*view{},

		compressed: map[string]*compressed{},
		unfolding:  map[string]bool{},
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
	key := s.take(byte(t.Op))
	switch t.Op {
	case Prefix:
		for _, tr := range s.Trans(t) {
			key = binary.LittleEndian.AppendUint32(key, uint32(tr.Event))
			key = s.Keys.Append(key, tr.To)
		}
	case Explicit:
		key = t.leaf.AppendKey(s.Keys, key)
	default:
		key = t.appendSets(key)
		states := t.Kids // a copy, once one of them differs
		for i, kid := range t.Kids {
			if !t.Op.off(i) {
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
				key = binary.LittleEndian.AppendUint32(key, uint32(kid.id))
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

// intern returns the state with the key: t, if it is new.
func (s *Space) intern(key []byte, t *Term) *Term {
	st, ok := s.states[string(key)]
	if !ok {
		st = t
		st.id = int32(len(s.byID))
		st.state = st
		s.byID = append(s.byID, st)
		s.states[string(key)] = st
	}
	s.buf = key
	return st
}

// take hands out the buffer; nested calls get a fresh one.
func (s *Space) take(op ...byte) []byte {
	b := s.buf
	s.buf = nil
	return append(b[:0], op...)
}

func (s *Space) stateOfCall(t *Term) *Term {
	b := t.delay().AppendKey(s.Keys, s.take())
	st := s.calls[string(b)]
	if st != nil {
		s.buf = b
		return st
	}
	key := string(b)
	s.buf = b
	if s.unfolding[key] {
		endless(t)
	}
	if len(s.pending) == maxUnfold {
		panic(&value.Fault{
			Limit: true, At: t.delay().Span(),
			Msg: fmt.Sprintf("more than %d definitions unfold into each other before the first event of %s", maxUnfold, describe(t)),
		})
	}
	s.unfolding[key] = true
	s.pending = append(s.pending, key)
	st = s.State(t.Unfold())
	s.Release(len(s.pending) - 1)
	s.calls[key] = st
	return st
}

// Pending returns how many calls are being unfolded. Whoever catches a Fault
// hands the number from before to Release.
func (s *Space) Pending() int { return len(s.pending) }

// Release forgets the calls that were being unfolded, but for the first n.
func (s *Space) Release(n int) {
	for _, key := range s.pending[n:] {
		delete(s.unfolding, key)
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
