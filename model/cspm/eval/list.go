package eval

import (
	"iter"
	"slices"
	"unsafe"

	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// list compiles <...>, {...} and {| ... |}, comprehensions included.
func (s *site) list(x *syntax.List) code {
	s.note('[', int(x.Kind), len(x.Elems))
	if x.Comp {
		return s.comprehension(x)
	}
	at := x.At()
	if x.Kind == syntax.SeqBracket {
		elems := s.lazies(x.Elems)
		return func(m *Machine, e []value.Value) value.Value { return value.SeqOf(evalAll(m, e, elems)...) }
	}
	elems := s.stricts(x.Elems)
	if x.Kind == syntax.SetBracket {
		return func(m *Machine, e []value.Value) value.Value {
			vs := evalAll(m, e, elems)
			m.here = at
			return m.setOf(vs)
		}
	}
	return func(m *Machine, e []value.Value) value.Value {
		vs := evalAll(m, e, elems)
		m.here = at
		return m.productions(vs)
	}
}

// setOf returns the set of the values, which may not be functions.
func (m *Machine) setOf(vs []value.Value) value.Value {
	for _, v := range vs {
		if v.Kind() == value.KFunc {
			value.Fail("%s is a function: there are no sets of functions", value.Short(v))
		}
	}
	return value.SetAsking(m.ask, vs)
}

// productions returns {| vs |}. What comes again, as c does in
// {| c, d.x | x <- S |}, counts once.
func (m *Machine) productions(vs []value.Value) value.Value {
	sets := make([]value.Set, 0, len(vs))
	seen := map[value.Key]bool{}
	for _, v := range vs {
		d, ok := v.(*value.Dot)
		if !ok || d.Head == nil {
			value.Fail("%s is %s: {| |} takes channels, constructors and what they begin", value.Short(v), v.Kind())
		}
		if len(vs) > 1 {
			k := m.keys.Of(d)
			if seen[k] {
				continue
			}
			seen[k] = true
		}
		sets = append(sets, value.Productions(d))
	}
	return value.Unions(sets)
}

// comprehension compiles a list with statements. Sequences are worked out as
// they are consumed, sets at once.
func (s *site) comprehension(x *syntax.List) code {
	if x.Kind == syntax.SeqBracket {
		return s.sequence(x.Stmts, func() func(*Machine, []value.Value) *value.Seq {
			elems := s.lazies(x.Elems)
			return func(m *Machine, e []value.Value) *value.Seq { return value.SeqOf(evalAll(m, e, elems)...) }
		})
	}
	stmts := s.stmts(x.Stmts, setGenerators)
	elems, at := s.stricts(x.Elems), x.At()
	described := s.describingAll(x)
	var part *partOf
	if x.Kind == syntax.SetBracket && len(x.Elems) == 1 {
		part = s.partOf(x.Elems[0], x.Stmts)
	}
	return func(m *Machine, e []value.Value) value.Value {
		set, ok, mistaken := m.describe(e, described)
		run := stmts.run
		if part != nil {
			of := stmts[0].source(m, e)
			set, ok, mistaken = part.of(m, e, of)
			run = func(m *Machine, e []value.Value, f func()) { stmts.over(m, e, of, f) }
		}
		if ok {
			return set
		}
		if mistaken {
			defer m.listed()()
		}
		var vs []value.Value
		run(m, e, func() {
			for _, c := range elems {
				vs = append(m.grown(vs), c(m, e))
				m.more(len(vs), elementBytes)
			}
		})
		m.spend(len(vs))
		m.need(len(vs)) // a copy, to be sorted
		m.here = at
		if x.Kind == syntax.EnumBracket {
			return m.productions(vs)
		}
		return m.setOf(vs)
	}
}

// room panics if a list grows too long.
func (m *Machine) room(n int) {
	m.tick()
	if n > value.MaxList {
		value.FailLimit("more than %d elements cannot be listed", value.MaxList)
	}
}

// What an element of a set takes in all, about, a branch of a prefix with its
// event, and a tie of a renaming.
const (
	elementBytes = 300
	branchBytes  = 600
	tieBytes     = 800
)

// manyValues is how many are copied without asking whether there is room.
const manyValues = 1 << 12

// need asks for room for so many values in a row; it panics if there is none.
func (m *Machine) need(n int) {
	if n >= manyValues {
		m.claim(int64(n) * int64(unsafe.Sizeof(value.Value(nil))))
	}
}

// claim asks for room for so many bytes; it panics if there is none.
func (m *Machine) claim(bytes int64) {
	if err := m.space.Room(bytes); err != nil {
		m.space.Quit(err)
	}
}

// grown returns a list with room for one more, for which it may have to be copied.
func (m *Machine) grown(vs []value.Value) []value.Value {
	if n := len(vs); n == cap(vs) && n >= manyValues {
		more := n / 4
		m.need(n + more)
		return slices.Grow(vs, more)
	}
	return vs
}

// more asks for room, now and then, for a list that has come to n and is not
// one that users write as a sequence; it panics if there is none.
func (m *Machine) more(n int, bytes int64) {
	const often = 1 << 14
	m.tick()
	if n%often == 0 {
		m.claim(often * bytes)
	}
	if n > value.MaxSet {
		value.FailLimit("more than %d elements cannot be listed", value.MaxSet)
	}
}

func (s *site) rangeExpr(x *syntax.Range) code {
	to := 0
	if x.To == nil {
		to = 1
	}
	s.note('r', int(x.Kind), to)
	if !x.Comp {
		return s.rangeOf(x)
	}
	if x.Kind == syntax.SeqBracket {
		return s.sequence(x.Stmts, func() func(*Machine, []value.Value) *value.Seq {
			c := s.rangeOf(x)
			return func(m *Machine, e []value.Value) *value.Seq { return value.ToSeq(c(m, e)) }
		})
	}
	stmts := s.stmts(x.Stmts, setGenerators)
	c := s.rangeOf(x)
	return func(m *Machine, e []value.Value) value.Value {
		var sets []value.Set
		stmts.run(m, e, func() {
			sets = append(sets, value.ToSet(c(m, e)))
			m.more(len(sets), elementBytes)
		})
		return value.Unions(sets)
	}
}

// rangeOf compiles m..n or m.. without statements.
func (s *site) rangeOf(x *syntax.Range) code {
	from := s.int(x.From)
	set := x.Kind == syntax.SetBracket
	if x.To == nil {
		return func(m *Machine, e []value.Value) value.Value {
			if n := from(m, e); set {
				return value.IntsFrom(n)
			} else {
				return value.SeqFrom(n)
			}
		}
	}
	to := s.int(x.To)
	return func(m *Machine, e []value.Value) value.Value {
		a := from(m, e)
		b := to(m, e)
		if set {
			return value.IntRange(a, b)
		}
		return value.SeqRange(a, b)
	}
}

// int compiles an expression that must be an integer.
func (s *site) int(x syntax.Expr) func(*Machine, []value.Value) int64 {
	c, at := s.expr(x), x.At()
	return func(m *Machine, e []value.Value) int64 {
		v := c(m, e)
		if n, ok := v.(value.Int); ok {
			return int64(n)
		}
		m.here = at
		return value.ToInt(v)
	}
}

func (s *site) mapLit(x *syntax.MapLit) code {
	s.note('m', len(x.Entries))
	var keys, vals []code
	for _, entry := range x.Entries {
		keys = append(keys, s.expr(entry.Key))
		vals = append(vals, s.lazy(entry.Value))
	}
	at := x.At()
	return func(m *Machine, e []value.Value) value.Value {
		out := value.EmptyMap
		for i, k := range keys {
			key := k(m, e)
			m.here = at
			out = out.Update(key, vals[i](m, e))
		}
		return out
	}
}

// stmts is a compiled list of statements.
type stmts []stmt

// A stmt is a generator, or a filter if match is nil.
type stmt struct {
	source code
	match  matcher
	cond   func(*Machine, []value.Value) bool
	at     syntax.Span
	seq    bool // the source is a sequence
}

// The two kinds of generators: of sets, and of sequences.
const (
	setGenerators = false
	seqGenerators = true
)

// stmts compiles statements; their variables have slots of s.
func (s *site) stmts(list []syntax.Stmt, seq bool) stmts {
	s.note('|', len(list))
	out := make(stmts, len(list))
	for i, x := range list {
		switch x := x.(type) {
		case *syntax.Generator:
			c := s.expr(x.Source)
			out[i] = stmt{source: c, match: s.pattern(x.Pat), at: x.Source.At(), seq: seq}
		case *syntax.Filter:
			out[i] = stmt{cond: s.cond(x.Cond)}
		}
	}
	return out
}

// run calls f for every way in which the statements can be satisfied, in
// order, with their variables in e.
func (ss stmts) run(m *Machine, e []value.Value, f func()) {
	m.tick()
	if len(ss) == 0 {
		f()
		return
	}
	st, rest := ss[0], ss[1:]
	if st.match == nil {
		if st.cond(m, e) {
			rest.run(m, e, f)
		}
		return
	}
	ss.over(m, e, st.source(m, e), f)
}

// over is run where the first of the statements is a generator over v.
func (ss stmts) over(m *Machine, e []value.Value, v value.Value, f func()) {
	st, rest := ss[0], ss[1:]
	m.here = st.at
	if st.seq {
		t := value.ToSeq(v)
		for i := 0; ; i++ {
			m.tick()
			x, ok := t.At(i)
			if !ok {
				return
			}
			if st.match(m, e, x) {
				rest.run(m, e, f)
			}
		}
	}
	for x := range st.elements(v) {
		m.tick()
		if st.match(m, e, x) {
			rest.run(m, e, f)
		}
	}
}

// elements yields those of the set of a generator.
func (st *stmt) elements(v value.Value) iter.Seq[value.Value] {
	if v.Kind() == value.KSeq {
		value.Fail("%s is a sequence: generators take sets here", value.Short(v))
	}
	return value.Each(value.ToSet(v))
}

// sequence compiles a comprehension of sequences; items compiles what each
// step yields.
func (s *site) sequence(list []syntax.Stmt, compile func() func(*Machine, []value.Value) *value.Seq) code {
	stmts := s.stmts(list, seqGenerators)
	items := compile()
	return func(m *Machine, e []value.Value) value.Value {
		c := &comprehension{m: m, stmts: stmts, items: items, e: append([]value.Value(nil), e...)}
		c.at = make([]cursor, len(stmts))
		return c.work(c)
	}
}

// whole compiles an expression of which all will be looked at: sequences given
// by statements are worked out at once.
func (s *site) whole(x syntax.Expr) code {
	l, ok := unparen(x).(*syntax.List)
	if !ok || !l.Comp || l.Kind != syntax.SeqBracket {
		return s.expr(x)
	}
	s.nest++
	s.height = max(s.height, s.nest)
	stmts := s.stmts(l.Stmts, seqGenerators)
	elems := s.lazies(l.Elems)
	s.nest--
	return func(m *Machine, e []value.Value) value.Value {
		var vs []value.Value
		stmts.run(m, e, func() {
			for _, c := range elems {
				vs = append(vs, c(m, e))
			}
			m.room(len(vs))
		})
		return value.SeqOf(vs...)
	}
}

// A comprehension is the rest of a sequence given by statements: it has the
// frame and how far each generator has come. It is not changed by Next, for
// several sequences may have the same rest.
type comprehension struct {
	m       *Machine
	stmts   stmts
	items   func(*Machine, []value.Value) *value.Seq
	e       []value.Value
	at      []cursor
	started bool
	busy    bool       // next is being worked out
	next    *value.Seq // once known
}

// A cursor is a generator's sequence and the next position in it.
type cursor struct {
	seq  *value.Seq
	next int
}

// Next returns the items of the next step that has any, then the rest.
func (c *comprehension) Next() *value.Seq {
	if c.next == nil {
		if c.busy {
			value.Fail("this comprehension depends on itself")
		}
		c.busy = true
		defer func() { c.busy = false }()
		c.next = c.work(c.clone())
	}
	return c.next
}

// work moves rest on to the next step that has items.
func (c *comprehension) work(rest *comprehension) *value.Seq {
	for rest.advance() {
		if items := rest.items(c.m, rest.e); !items.Empty() {
			return value.Concat(items, value.SeqThen(nil, rest))
		}
	}
	return value.SeqOf()
}

// Drain calls add with the items of each step: it is Next until the end, but
// no step is kept for others. It gives up when add does.
func (c *comprehension) Drain(add func(items *value.Seq) bool) (all bool) {
	if c.next != nil || c.busy {
		return false
	}
	c.busy = true
	defer func() { c.busy = false }()
	for rest := c.clone(); rest.advance(); {
		if !add(rest.items(c.m, rest.e)) {
			return false
		}
	}
	return true
}

func (c *comprehension) clone() *comprehension {
	d := *c
	d.next, d.busy = nil, false
	d.e = append([]value.Value(nil), c.e...)
	d.at = append([]cursor(nil), c.at...)
	return &d
}

// advance moves to the next way of satisfying the statements.
func (c *comprehension) advance() bool {
	m := c.m
	i := len(c.stmts) - 1
	if !c.started {
		c.started = true
		i = 0
		c.open(0)
	} else if i < 0 {
		return false
	}
	for i < len(c.stmts) {
		m.tick()
		st := &c.stmts[i]
		moved := false
		if st.match == nil {
			if c.at[i].next == 0 {
				c.at[i].next = 1
				moved = st.cond(m, c.e)
			}
		} else {
			for !moved {
				x, ok := c.at[i].seq.At(c.at[i].next)
				if !ok {
					break
				}
				c.at[i].next++
				m.tick()
				moved = st.match(m, c.e, x)
			}
		}
		if moved {
			i++
			c.open(i)
			continue
		}
		if i--; i < 0 {
			return false
		}
	}
	return true
}

// open starts statement i anew.
func (c *comprehension) open(i int) {
	if i == len(c.stmts) {
		return
	}
	c.at[i] = cursor{}
	if st := &c.stmts[i]; st.match != nil {
		v := st.source(c.m, c.e)
		c.m.here = st.at
		if v.Kind() == value.KSet {
			value.Fail("%s is a set: generators take sequences here", value.Short(v))
		}
		c.at[i].seq = value.ToSeq(v)
	}
}
