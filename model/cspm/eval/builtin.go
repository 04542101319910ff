package eval

import (
	"math"
	"slices"

	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/process"
	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// A builtin is a built-in function. Its arguments may be thunks.
type builtin struct {
	name  string
	arity int
	call  func(m *Machine, args []value.Value) value.Value
}

type args = []value.Value

// functions are the built-in functions by name.
var functions = makeFunctions()

func makeFunctions() map[string]*builtin {
	functions := map[string]*builtin{}
	for _, b := range []builtin{
		{"union", 2, func(_ *Machine, a args) value.Value { return value.Union(value.ToSet(a[0]), value.ToSet(a[1])) }},
		{"inter", 2, func(_ *Machine, a args) value.Value { return value.Inter(value.ToSet(a[0]), value.ToSet(a[1])) }},
		{"diff", 2, func(_ *Machine, a args) value.Value { return value.Diff(value.ToSet(a[0]), value.ToSet(a[1])) }},
		{"Union", 1, func(_ *Machine, a args) value.Value {
			var sets []value.Set
			for _, s := range value.Listed(value.ToSet(a[0])) {
				sets = append(sets, value.ToSet(s))
			}
			return value.Unions(sets)
		}},
		{"Inter", 1, func(m *Machine, a args) value.Value {
			sets := value.Listed(value.ToSet(a[0]))
			if len(sets) == 0 {
				return value.EmptySet
			}
			out := value.ToSet(sets[0])
			for _, s := range sets[1:] {
				m.ask()
				out = value.Inter(out, value.ToSet(s))
			}
			return out
		}},
		{"member", 2, func(_ *Machine, a args) value.Value { return value.Bool(value.Member(a[0], value.ToSet(a[1]))) }},
		{"card", 1, func(_ *Machine, a args) value.Value {
			s := value.ToSet(a[0])
			switch s.Size() {
			case value.Infinite:
				value.Fail("the set %s is infinite: it has no card", value.Short(s))
			case math.MaxInt64:
				value.FailLimit("the set %s is too large to be counted", value.Short(s))
			}
			return value.Num(s.Size())
		}},
		{"empty", 1, func(_ *Machine, a args) value.Value { return value.Bool(value.ToSet(a[0]).Size() == 0) }},
		{"set", 1, func(m *Machine, a args) value.Value { return m.setOf(forceAll(value.ToSeq(a[0]).All())) }},
		{"seq", 1, func(_ *Machine, a args) value.Value { return value.Elements(value.ToSet(a[0])) }},
		{"Set", 1, func(_ *Machine, a args) value.Value { return value.PowerSet(value.ToSet(a[0])) }},
		{"Seq", 1, func(_ *Machine, a args) value.Value { return value.Sequences(value.ToSet(a[0])) }},

		{"length", 1, func(_ *Machine, a args) value.Value { return value.Num(int64(value.ToSeq(a[0]).Len())) }},
		{"null", 1, func(_ *Machine, a args) value.Value { return value.Bool(value.ToSeq(a[0]).Empty()) }},
		{"head", 1, func(_ *Machine, a args) value.Value { return value.Force(value.ToSeq(a[0]).Head()) }},
		{"tail", 1, func(_ *Machine, a args) value.Value { return value.ToSeq(a[0]).Tail() }},
		{"concat", 1, func(_ *Machine, a args) value.Value { return (&concat{rest: value.ToSeq(a[0])}).Next() }},
		{"elem", 2, func(m *Machine, a args) value.Value {
			s := value.ToSeq(a[1])
			for i := 0; ; i++ {
				m.tick()
				x, ok := s.At(i)
				if !ok {
					return value.Bool(false)
				}
				if value.Equal(x, a[0]) {
					return value.Bool(true)
				}
			}
		}},

		{"mapFromList", 1, func(_ *Machine, a args) value.Value {
			return value.EmptyMap.With(pairs(value.ToSeq(a[0]).All()))
		}},
		{"mapToList", 1, func(_ *Machine, a args) value.Value {
			m := value.ToMap(a[0])
			var out []value.Value
			for i := range m.Len() {
				k, v := m.Entry(i)
				out = append(out, &value.Tuple{Elems: []value.Value{k, v}})
			}
			return value.SeqOf(out...)
		}},
		{"mapLookup", 2, func(_ *Machine, a args) value.Value {
			v, ok := value.ToMap(a[0]).Lookup(a[1])
			if !ok {
				value.Fail("the map has no key %s", value.Short(a[1]))
			}
			return value.Force(v)
		}},
		{"mapMember", 2, func(_ *Machine, a args) value.Value {
			_, ok := value.ToMap(a[0]).Lookup(a[1])
			return value.Bool(ok)
		}},
		{"mapUpdate", 3, func(_ *Machine, a args) value.Value { return value.ToMap(a[0]).Update(a[1], a[2]) }},
		{"mapUpdateMultiple", 2, func(_ *Machine, a args) value.Value {
			keys, vals := pairs(value.ToSeq(a[1]).All())
			slices.Reverse(keys) // the earlier pair wins
			slices.Reverse(vals)
			return value.ToMap(a[0]).With(keys, vals)
		}},
		{"mapDelete", 2, func(_ *Machine, a args) value.Value { return value.ToMap(a[0]).Delete(a[1]) }},
		{"Map", 2, func(_ *Machine, a args) value.Value { return value.Maps(value.ToSet(a[0]), value.ToSet(a[1])) }},

		{"extensions", 1, func(_ *Machine, a args) value.Value {
			d := dotted(a[0])
			if d.Complete() {
				value.Fail("%s is complete: it has no extensions", value.Short(d))
			}
			return value.ExtensionsOf(d)
		}},
		{"productions", 1, func(_ *Machine, a args) value.Value { return value.Productions(dotted(a[0])) }},
		{"show", 1, func(_ *Machine, a args) value.Value { return value.Text(value.Show(a[0])) }},
		{"error", 1, func(_ *Machine, a args) value.Value {
			value.Fail("error: %s", value.Raw(a[0]))
			return nil
		}},

		{"CHAOS", 1, func(m *Machine, a args) value.Value {
			return m.space.Chaos(m.space.EventSet(value.ToSet(a[0])), m.here)
		}},
		{"RUN", 1, func(m *Machine, a args) value.Value { return m.space.Run(m.space.EventSet(value.ToSet(a[0])), m.here) }},
		{"BUFFER", 2, buffer},
		{"prioritise", 2, prioritise}, {"prioritise_nocache", 2, prioritise},
		{"prioritisepo", 4, prioritisePO},
		{"chase", 1, chase}, {"chase_nocache", 1, chase},
		{"loop", 1, func(m *Machine, a args) value.Value {
			at := m.here
			return m.space.Loop(m.term(value.Force(a[0]), at), at)
		}},
		{"deter", 1, func(m *Machine, a args) value.Value { return m.space.Deter(m.term(value.Force(a[0]), m.here)) }},
		{"trace_watchdog", 3, watchdog("trace_watchdog", (*process.Space).TraceWatchdog)},
		{"failure_watchdog", 3, watchdog("failure_watchdog", (*process.Space).FailureWatchdog)},

		{"transpose", 1, transpose}, {"mtransclose", 2, mtransclose},
		{"relational_image", 1, relationalImage}, {"relational_inverse_image", 1, relationalInverseImage},
	} {
		functions[b.name] = &b
	}
	for _, name := range process.Compressions() {
		functions[name] = &builtin{name, 1, func(m *Machine, a args) value.Value {
			at := m.here
			return m.space.Compress(name, m.term(value.Force(a[0]), at), at)
		}}
	}
	for name, no := range unsupported {
		functions[name] = &builtin{name, no.arity, func(*Machine, args) value.Value {
			value.FailLimit("%s is not supported: %s", name, no.because)
			return nil
		}}
	}
	return functions
}

// unsupported are the built-ins that can be named, but not executed.
//
// What WEAK_BUFFER does once it has overflown, and when SIGNAL_BUFFER signals,
// is nowhere written down. A guess could have a question hold that does not.
var unsupported = map[string]struct {
	arity   int
	because string
}{
	"WEAK_BUFFER":   {3, "what it does after it has overflown is not documented; write out the buffer that is meant, as a process"},
	"SIGNAL_BUFFER": {4, "when it signals is not documented; write out the buffer that is meant, as a process"},
}

func forceAll(vs []value.Value) []value.Value {
	out := make([]value.Value, len(vs))
	for i, v := range vs {
		out[i] = value.Force(v)
	}
	return out
}

// pairs takes pairs apart: keys and values.
func pairs(list []value.Value) (keys, vals []value.Value) {
	for _, p := range list {
		k, v := pair(p)
		keys, vals = append(keys, k), append(vals, v)
	}
	return keys, vals
}

// pair takes a pair apart.
func pair(v value.Value) (value.Value, value.Value) {
	t, ok := value.Force(v).(*value.Tuple)
	if !ok || len(t.Elems) != 2 {
		value.Fail("%s is not a pair", value.Short(value.Force(v)))
	}
	return t.Elems[0], t.Elems[1]
}

// dotted returns a headed value.
func dotted(v value.Value) *value.Dot {
	d, ok := value.Force(v).(*value.Dot)
	if !ok || d.Head == nil {
		value.Fail("%s is %s: a channel, constructor or what it begins is needed here", value.Short(value.Force(v)), value.Force(v).Kind())
	}
	return d
}

// A concat is the rest of the concatenation of a sequence of sequences.
type concat struct{ rest *value.Seq }

func (c *concat) Next() *value.Seq {
	if c.rest.Empty() {
		return value.SeqOf()
	}
	first := value.ToSeq(c.rest.Head())
	return value.Concat(first, value.SeqThen(nil, &concat{c.rest.Tail()}))
}

// buffer is BUFFER(n, pairs).
func buffer(m *Machine, a args) value.Value {
	var pairs [][2]model.Event
	for _, p := range value.Listed(value.ToSet(a[1])) {
		x, y := pair(p)
		in, out := dotted(x), dotted(y)
		if !in.Complete() || !out.Complete() {
			value.Fail("(%s, %s) is not a pair of complete events", value.Short(in), value.Short(out))
		}
		pairs = append(pairs, [2]model.Event{m.space.Event(in), m.space.Event(out)})
	}
	return m.space.Buffer(int(value.ToInt(a[0])), pairs)
}

// prioritise is prioritise(P, <A, B, ...>).
func prioritise(m *Machine, a args) value.Value {
	var levels []*process.EventSet
	for _, s := range forceAll(value.ToSeq(a[1]).All()) {
		levels = append(levels, m.space.EventSet(value.ToSet(s)))
	}
	if len(levels) == 0 {
		value.Fail("the list of priorities is empty: it names sets of events, the highest first")
	}
	return m.space.WithSets(process.Prioritise, levels, m.term(value.Force(a[0]), m.here))
}

// prioritisePO is prioritisepo(P, E, O, M).
func prioritisePO(m *Machine, a args) value.Value {
	var above [][2]*value.Dot
	for _, p := range value.Listed(value.ToSet(a[2])) {
		x, y := pair(p)
		above = append(above, [2]*value.Dot{dotted(x), dotted(y)})
	}
	o := m.space.Order(m.space.EventSet(value.ToSet(a[1])), above, m.space.EventSet(value.ToSet(a[3])))
	return m.space.WithOrder(o, m.term(value.Force(a[0]), m.here))
}

// chase is chase(P).
func chase(m *Machine, a args) value.Value {
	at := m.here
	return m.space.Chase(m.term(value.Force(a[0]), at), at)
}

// watchdog returns trace_watchdog(P, A, bark) or failure_watchdog(P, A, bark),
// by what makes it. If the bark were among what is watched, it would need the
// implementation to bark, or be taken for something that this does.
func watchdog(name string, of func(*process.Space, *process.Term, *process.EventSet, model.Event, syntax.Span) *process.Term) func(*Machine, args) value.Value {
	return func(m *Machine, a args) value.Value {
		at, bark := m.here, dotted(a[2])
		if !bark.Complete() {
			value.Fail("%s is not a complete event", value.Short(bark))
		}
		events := m.space.EventSet(value.ToSet(a[1]))
		if events.Contains(m.space.Event(bark)) {
			value.Fail("%s is watched by %s, and cannot be its bark", value.Short(bark), name)
		}
		return of(m.space, m.term(value.Force(a[0]), at), events, m.space.Event(bark), at)
	}
}

// constants are the built-ins that are no functions.
func (m *Machine) constant(name string) value.Value {
	switch name {
	case "Bool":
		return value.SetOf(value.Bool(false), value.Bool(true))
	case "Int":
		return value.AllInts()
	case "Char":
		return value.AllChars()
	case "Events":
		return &value.Values{Of: m.events}
	case "Proc":
		return value.ProcType()
	case "True":
		return value.Bool(true)
	case "False":
		return value.Bool(false)
	case "STOP":
		return m.space.Stop()
	case "SKIP":
		return m.space.Skip()
	case "DIV":
		return m.space.Div()
	case "emptyMap":
		return value.EmptyMap
	}
	return nil
}

// builtin compiles a built-in name.
func (s *site) builtin(x *syntax.Name, o *resolve.Object) code {
	s.noteText('B', o.Name)
	s.noteTimed()
	v := s.m.constant(o.Name)
	if v == nil {
		v = &Func{m: s.m, built: functions[o.Name]}
	}
	if s.timed != nil {
		switch o.Name {
		case "STOP":
			stop := s.stop()
			return func(m *Machine, _ []value.Value) value.Value { return stop(m) }
		case "SKIP":
			skip := s.skip()
			return func(m *Machine, _ []value.Value) value.Value { return skip(m) }
		case "WAIT", "timed_priority":
			v = &Func{m: s.m, built: s.timed.function(o.Name)}
		}
	}
	return func(*Machine, []value.Value) value.Value { return v }
}

// applyBuiltin compiles a call of a built-in function.
func (s *site) applyBuiltin(x *syntax.Apply, o *resolve.Object) code {
	s.noteText('B', o.Name)
	s.noteTimed()
	b, at := functions[o.Name], x.At()
	if timed := s.timed.function(o.Name); timed != nil {
		b = timed
	}
	if b == nil || b.arity != len(x.Args) {
		return func(m *Machine, _ []value.Value) value.Value {
			m.here = at
			if b == nil {
				value.Fail("%s is not a function", o.Name)
			}
			value.Fail("%s takes %s, not %d", b.name, count(b.arity, "argument"), len(x.Args))
			return nil
		}
	}
	if c := s.oneMoreOrLess(b, x, at); c != nil {
		return c
	}
	if c := s.unionOf(b, x, at); c != nil {
		return c
	}
	cs := make([]code, len(x.Args))
	for i, a := range x.Args {
		if b.name == "mapUpdate" && i == 2 || o.Proc {
			cs[i] = s.lazy(a)
		} else {
			cs[i] = s.expr(a) // it is looked at in any case
		}
	}
	return func(m *Machine, e []value.Value) value.Value {
		base := len(m.stack)
		for _, c := range cs {
			v := c(m, e)
			m.stack = append(m.stack, v)
		}
		m.here = at
		v := b.call(m, m.stack[base:])
		m.pop(base)
		m.spend(value.Bulk(v))
		return v
	}
}

// oneMoreOrLess compiles union(A, {x}) and diff(A, {x}), for which no set {x}
// has to be made; or returns nil.
func (s *site) oneMoreOrLess(b *builtin, x *syntax.Apply, at syntax.Span) code {
	one, ok := unparen(x.Args[len(x.Args)-1]).(*syntax.List)
	if !ok || b != functions["union"] && b != functions["diff"] || one.Kind != syntax.SetBracket || one.Comp || len(one.Elems) != 1 {
		return nil
	}
	set, elem := s.expr(x.Args[0]), s.expr(one.Elems[0])
	s.note('1')
	do := value.Plus
	if b == functions["diff"] {
		do = value.Minus
	}
	return func(m *Machine, e []value.Value) value.Value {
		v := set(m, e)
		w := elem(m, e)
		m.here = at
		if w.Kind() == value.KFunc {
			return m.setOf([]value.Value{w})
		}
		v = do(value.ToSet(v), w)
		m.spend(value.Bulk(v))
		return v
	}
}

func unparen(x syntax.Expr) syntax.Expr {
	for {
		p, ok := x.(*syntax.Paren)
		if !ok {
			return x
		}
		x = p.X
	}
}
