package eval

import (
	"encoding/binary"
	"slices"
	"sync"

	"github.com/cspcheck/cspcheck/model/cspm/process"
	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// A double of a machine runs the same script for another goroutine. It
// evaluates everything for itself; in common they have the tables that say which
// keys are equal, and which sites.

// Signatures number the structures of sites, for a machine and its doubles.
type signatures struct {
	sync.Mutex
	ids map[string]uint32
}

func (s *signatures) of(sig []byte) uint32 {
	s.Lock()
	defer s.Unlock()
	id, ok := s.ids[string(sig)]
	if !ok {
		id = uint32(len(s.ids))
		s.ids[string(sig)] = id
	}
	return id
}

// double returns the space of a double of m, and its guard. It has the limits
// that m has now. There is none of a script with a Timed section: sections have
// numbers of their own in each machine.
func (m *Machine) double() (*process.Space, func(func()) error) {
	if len(m.timings) > 0 || slices.ContainsFunc(m.prog.Objects, func(o *resolve.Object) bool { return o.Timed != nil }) {
		return nil, nil
	}
	m.compileAll()
	d := newMachine(m.prog, m.files, m.keys.Double(), m.sigs)
	d.Within(m.within, m.limits)
	d.space.Uncompressed = m.space.Uncompressed
	d.compileAll()
	return d.space, d.Guard(m.ctx)
}

// A place is where in the script a process stands that has not started: one
// that has no place in a definition is not there in every double, and of two of
// one structure a key does not tell which it is.
type place struct {
	p     *proto
	alone bool // it is in a definition, and no other has its structure
}

// place notes the place of a process that has not started.
func (m *Machine) place(p *proto) {
	at := m.places[p.sig]
	if at == nil {
		m.places[p.sig] = &place{p, p.of.inside != nil}
	} else if at.p.span != p.span {
		at.alone = false
	}
}

// compileAll compiles the definitions of processes: then the places in them are
// known.
func (m *Machine) compileAll() {
	for _, o := range m.prog.Objects {
		if !o.Local && o.Proc && (o.Kind == resolve.Func || o.Kind == resolve.Value) {
			m.global(o).fn.compile()
		}
	}
}

// placed takes apart the encoding of a process that has not started: its place,
// nil if it is none, and the keys of the values that it captured.
func (m *Machine) placed(b []byte) (at *place, caps []byte) {
	if len(b) < 5 || b[0] != keyAnon {
		return nil, nil
	}
	return m.places[binary.LittleEndian.Uint32(b[1:])], b[5:]
}

// known returns what the script declares outside lets, by its order.
func (m *Machine) known(order int) *resolve.Object {
	if m.byOrder == nil {
		m.byOrder = map[int]*resolve.Object{}
		for _, o := range m.prog.Objects {
			if !o.Local && o.Order >= 0 {
				m.byOrder[o.Order] = o
			}
		}
	}
	return m.byOrder[order]
}

func (m *Machine) hasHead(order int) bool {
	o := m.known(order)
	return o != nil && (o.Kind == resolve.Channel || o.Kind == resolve.Constructor)
}

func (m *Machine) headOf(order int) *value.Head { return m.head(m.known(order)) }

// called takes apart the encoding of a call of a definition outside lets: the
// definition, and the keys of its arguments. It is nil if it is none.
func (m *Machine) called(b []byte) (o *resolve.Object, args []byte) {
	if len(b) < 5 || b[0] != keyCall {
		return nil, nil
	}
	o, args = m.known(int(binary.LittleEndian.Uint32(b[1:]))), b[5:]
	if o == nil || !o.Proc || o.Kind != resolve.Func && o.Kind != resolve.Value {
		return nil, nil
	}
	total := 0
	if o.Kind == resolve.Func {
		for _, g := range o.Clauses[0].Groups {
			total += len(g)
		}
	}
	if len(args) != 8*total {
		return nil, nil
	}
	return o, args
}

// revivable reports whether revive can do with an encoding, in every double.
func (m *Machine) revivable(b []byte) bool {
	o, keys := m.called(b)
	if at, caps := m.placed(b); at != nil && at.alone {
		keys = caps
	} else if o == nil {
		return false
	}
	for ; len(keys) > 0; keys = keys[8:] {
		if !m.keys.Plain(value.Key(binary.LittleEndian.Uint64(keys)), m.hasHead) {
			return false
		}
	}
	return true
}

// revive returns the process that has an encoding, which is revivable.
func (m *Machine) revive(b []byte) *process.Term {
	if at, keys := m.placed(b); at != nil {
		a := &anon{at.p, make([]value.Value, at.p.n)}
		for i, c := range at.p.caps {
			a.frame[c.to] = m.keys.Revive(value.Key(binary.LittleEndian.Uint64(keys[8*i:])), m.headOf)
		}
		return m.space.Delay(a)
	}
	o, keys := m.called(b)
	c := &call{f: m.global(o).fn, at: o.At}
	for ; len(keys) > 0; keys = keys[8:] {
		c.args = append(c.args, m.keys.Revive(value.Key(binary.LittleEndian.Uint64(keys)), m.headOf))
	}
	return m.space.Delay(c)
}
