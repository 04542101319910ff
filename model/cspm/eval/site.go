package eval

import (
	"encoding/binary"

	"github.com/cspcheck/cspcheck/model/cspm/process"
	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// Code computes a value from the slots of a frame. Strict code returns no
// thunk; lazy code may.
type code func(m *Machine, e []value.Value) value.Value

// A site is a place in the script whose code runs in a frame of its own.
// This is it while it is being compiled.
type site struct {
	m         *Machine
	info      *resolve.Info
	fn        *fn     // the definition whose site it is, or nil
	inside    *fn     // the definition that it stands in, or nil
	up        *site   // the site around it, from whose frame it captures
	timed     *timing // of the Timed section that it stands in, or nil
	constant_ bool    // the site of a kept expression

	outer *syntax.Name // the last use that closed has found of what is bound outside

	slots  map[*resolve.Object]int
	n      int // slots in a frame
	caps   []capture
	sig    []byte // its structure: equal for sites that differ in names only
	nest   int    // of the expression being compiled
	height int    // the greatest nest so far

	inputs  map[int]bool // of a prefix: the slots that its inputs bind
	onInput bool         // one of them has been asked for
}

// A capture copies slot from of the frame around into slot to.
type capture struct{ from, to int }

// top returns a site outside all definitions.
func (m *Machine) top(info *resolve.Info) *site {
	return &site{m: m, info: info, slots: map[*resolve.Object]int{}}
}

// child returns a site inside s.
func (s *site) child() *site {
	return &site{m: s.m, info: s.info, inside: s.inside, up: s, timed: s.timed, slots: map[*resolve.Object]int{}}
}

// frame returns a frame for a site that captures nothing.
func (s *site) frame() []value.Value { return make([]value.Value, s.n) }

// bind gives a variable a slot.
func (s *site) bind(o *resolve.Object) int {
	slot := s.slot()
	if o != nil {
		s.slots[o] = slot
	}
	return slot
}

// slot returns a new slot.
func (s *site) slot() int {
	s.n++
	return s.n - 1
}

// local returns the slot of a variable, which it captures if it is bound
// further out.
func (s *site) local(o *resolve.Object) int {
	if slot, ok := s.slots[o]; ok {
		s.onInput = s.onInput || s.inputs[slot]
		return slot
	}
	if s.up == nil {
		panic("eval: the variable " + o.Name + " is not bound here")
	}
	from := s.up.local(o)
	to := s.bind(o)
	s.caps = append(s.caps, capture{from, to})
	return to
}

// note adds to the structure of the site.
func (s *site) note(tag byte, ns ...int) {
	s.sig = append(s.sig, tag)
	for _, n := range ns {
		s.sig = binary.AppendVarint(s.sig, int64(n))
	}
}

func (s *site) noteText(tag byte, text string) {
	s.note(tag, len(text))
	s.sig = append(s.sig, text...)
}

// A proto is a compiled site.
type proto struct {
	m      *Machine
	of     *site
	code   code
	n      int
	caps   []capture
	sig    uint32
	height int
	span   syntax.Span
}

// proto finishes a site whose code is c, and notes it in the site around.
func (s *site) proto(c code, span syntax.Span) *proto {
	m := s.m
	id := m.sigs.of(s.sig)
	if s.up != nil {
		s.up.note('s', int(id), len(s.caps))
		for _, c := range s.caps {
			s.up.note('v', c.from)
		}
	}
	return &proto{m: m, of: s, code: c, n: s.n, caps: s.caps, sig: id, height: s.height + 2, span: span}
}

// frame makes a frame with what the site captures from e.
func (p *proto) frame(e []value.Value) []value.Value {
	f := make([]value.Value, p.n)
	p.fill(f, e)
	return f
}

func (p *proto) fill(f, e []value.Value) {
	for _, c := range p.caps {
		f[c.to] = e[c.from]
	}
}

// appendKey appends what tells the site with this frame from others.
func (p *proto) appendKey(b []byte, frame []value.Value) []byte {
	b = binary.LittleEndian.AppendUint32(b, p.sig)
	for _, c := range p.caps {
		b = p.m.keys.Append(b, frame[c.to])
	}
	return b
}

// run runs the code of the site in a frame.
func (p *proto) run(frame []value.Value) value.Value {
	m := p.m
	here := m.here
	m.enter(p.height)
	v := p.code(m, frame)
	m.depth -= p.height
	m.here = here
	return v
}

// Force evaluates a thunk whose code is p.
func (p *proto) Force(t *value.Thunk) value.Value {
	m := p.m
	m.running = append(m.running, busyThunk{t, p})
	t.Code = busy{p.span}
	v := p.run(t.Env)
	m.running = m.running[:len(m.running)-1]
	t.Val, t.Code, t.Env = v, nil, nil
	return v
}

// busy is the code of a thunk that is being evaluated.
type busy struct{ at syntax.Span }

func (b busy) Force(*value.Thunk) value.Value {
	panic(&value.Fault{Msg: "this value depends on itself", At: b.at})
}

// later returns code that makes a thunk of x.
func (s *site) later(x syntax.Expr) code { return s.thunk(x, false) }

func (s *site) thunk(x syntax.Expr, constant bool) code {
	c := s.child()
	c.constant_ = constant
	p := c.proto(c.expr(x), x.At())
	if len(p.caps) == 0 {
		shared := &value.Thunk{Code: p, Env: make([]value.Value, p.n)}
		return func(*Machine, []value.Value) value.Value { return shared }
	}
	return func(_ *Machine, e []value.Value) value.Value {
		return &value.Thunk{Code: p, Env: p.frame(e)}
	}
}

// An anon is a process expression that has not started.
type anon struct {
	p     *proto
	frame []value.Value
}

// Keys of delayed terms start with their kind.
const (
	keyAnon byte = iota + 0x40
	keyCall
	keyNondet
	keyOffer
	keyLambda
	keyFunc
	keyBuiltin
	keyGroup
	keyTimed
	keyTocks
	keyTskip
	keyAmong
	keyChosen
)

func (a *anon) Unfold() *process.Term { return a.p.m.term(a.p.run(a.frame), a.p.span) }

func (a *anon) AppendKey(_ *value.Keys, b []byte) []byte {
	return a.p.appendKey(append(b, keyAnon), a.frame)
}

func (a *anon) Name() string      { return "" }
func (a *anon) Span() syntax.Span { return a.p.span }

// term returns v as a process.
func (m *Machine) term(v value.Value, at syntax.Span) *process.Term {
	if t, ok := v.(*process.Term); ok {
		return t
	}
	v = value.Force(v)
	t, ok := v.(*process.Term)
	if !ok {
		m.here = at
		value.Fail("%s is %s: a process is needed here", value.Short(v), v.Kind())
	}
	return t
}
