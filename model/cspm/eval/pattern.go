package eval

import (
	"strconv"

	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// A matcher says whether v, which may be a thunk, fits a pattern, and puts
// what the variables are bound to into e. It forces what it looks at.
type matcher func(m *Machine, e []value.Value, v value.Value) bool

// pattern compiles a pattern; its variables get slots of s.
func (s *site) pattern(p syntax.Pat) matcher {
	switch p := p.(type) {
	case *syntax.PatParen:
		return s.pattern(p.X)
	case *syntax.PatWild:
		s.note('_')
		return func(*Machine, []value.Value, value.Value) bool { return true }
	case *syntax.PatName:
		if h := s.constantPat(p); h != nil {
			at := p.At()
			return func(m *Machine, _ []value.Value, v value.Value) bool {
				d := m.headed(v, h, at)
				return d.Head == h && len(d.Fields) == 0
			}
		}
		slot := s.bind(s.info.Pats[p])
		s.note('p', slot)
		return func(_ *Machine, e []value.Value, v value.Value) bool {
			e[slot] = v
			return true
		}
	case *syntax.PatLit:
		return s.literalPat(p)
	case *syntax.PatTuple:
		s.note('t', len(p.Elems))
		elems, at := s.patterns(p.Elems), p.At()
		return func(m *Machine, e []value.Value, v value.Value) bool {
			t, ok := value.Force(v).(*value.Tuple)
			if !ok || len(t.Elems) != len(elems) {
				m.illTyped(v, at, "a tuple of "+strconv.Itoa(len(elems)))
			}
			return matchAll(m, e, elems, t.Elems)
		}
	case *syntax.PatSet:
		s.note('{', len(p.Elems))
		elems, at := s.patterns(p.Elems), p.At()
		return func(m *Machine, e []value.Value, v value.Value) bool {
			t, ok := value.Force(v).(value.Set)
			if !ok {
				m.illTyped(v, at, "a set")
			}
			return t.Size() == int64(len(elems)) && matchAll(m, e, elems, value.Listed(t))
		}
	case *syntax.PatSeq, *syntax.PatConcat:
		return s.seqPat(p)
	case *syntax.PatDot:
		return s.dotPat(p)
	case *syntax.PatBoth:
		s.note('@')
		x, y := s.pattern(p.X), s.pattern(p.Y)
		return func(m *Machine, e []value.Value, v value.Value) bool { return x(m, e, v) && y(m, e, v) }
	}
	panic("eval: a pattern of an unknown kind")
}

// illTyped panics because v cannot have the type of the pattern there.
func (m *Machine) illTyped(v value.Value, at syntax.Span, pattern string) {
	v = value.Force(v)
	m.here = at
	value.Fail("%s is %s: it cannot be matched with %s", value.Short(v), v.Kind(), pattern)
}

// headed returns v as a value of the type that h makes.
func (m *Machine) headed(v value.Value, h *value.Head, at syntax.Span) *value.Dot {
	d, ok := value.Force(v).(*value.Dot)
	if !ok || d.Head == nil || d.Head.Type != h.Type {
		m.illTyped(v, at, h.Name)
	}
	return d
}

func (s *site) patterns(ps []syntax.Pat) []matcher {
	ms := make([]matcher, len(ps))
	for i, p := range ps {
		ms[i] = s.pattern(p)
	}
	return ms
}

func matchAll(m *Machine, e []value.Value, ms []matcher, vs []value.Value) bool {
	for i, match := range ms {
		if !match(m, e, vs[i]) {
			return false
		}
	}
	return true
}

// constantPat returns the head that a name in a pattern stands for, or nil
// if it is a variable.
func (s *site) constantPat(p *syntax.PatName) *value.Head {
	o := s.info.Pats[p]
	if !isHead(o) {
		return nil
	}
	s.note('h', o.Order)
	return s.m.head(o)
}

// isHead reports whether a name in a pattern, perhaps a variable, is that of a
// channel or constructor.
func isHead(o *resolve.Object) bool {
	return o != nil && (o.Kind == resolve.Channel || o.Kind == resolve.Constructor)
}

// literal returns the value of a literal.
func literal(x syntax.Expr) value.Value {
	switch x := x.(type) {
	case *syntax.IntLit:
		return value.Num(x.Value)
	case *syntax.BoolLit:
		return value.Bool(x.Value)
	case *syntax.CharLit:
		return value.Char(x.Value)
	case *syntax.StringLit:
		return value.Text(x.Value)
	}
	panic("eval: a literal of an unknown kind")
}

func (s *site) literalPat(p *syntax.PatLit) matcher {
	lit := literal(p.Value)
	s.noteText('l', value.Show(lit))
	at := p.At()
	return func(m *Machine, _ []value.Value, v value.Value) bool {
		v = value.Force(v)
		if v.Kind() != lit.Kind() {
			m.illTyped(v, at, value.Short(lit))
		}
		return value.Compare(v, lit) == 0
	}
}

// seqPat compiles a pattern of sequences: elements in front, perhaps an open
// middle, elements at the end.
func (s *site) seqPat(p syntax.Pat) matcher {
	var front, back []matcher
	var middle matcher
	var flatten func(p syntax.Pat)
	flatten = func(p syntax.Pat) {
		add := func(m matcher) {
			if middle == nil {
				front = append(front, m)
			} else {
				back = append(back, m)
			}
		}
		switch p := p.(type) {
		case *syntax.PatParen:
			flatten(p.X)
		case *syntax.PatConcat:
			s.note('^')
			flatten(p.X)
			flatten(p.Y)
		case *syntax.PatSeq:
			s.note('<', len(p.Elems))
			for _, q := range p.Elems {
				add(s.pattern(q))
			}
		case *syntax.PatLit:
			text, ok := p.Value.(*syntax.StringLit)
			if !ok {
				add(s.literalPat(p))
				return
			}
			s.noteText('"', text.Value)
			for _, r := range text.Value {
				c := value.Char(r)
				add(func(_ *Machine, _ []value.Value, v value.Value) bool { return value.Compare(v, c) == 0 })
			}
		default:
			middle = s.pattern(p)
		}
	}
	flatten(p)
	at := p.At()
	return func(m *Machine, e []value.Value, v value.Value) bool {
		t, ok := value.Force(v).(*value.Seq)
		if !ok {
			m.illTyped(v, at, "a sequence")
		}
		for i, match := range front {
			x, ok := t.At(i)
			if !ok || !match(m, e, x) {
				return false
			}
		}
		if middle == nil {
			_, more := t.At(len(front))
			return !more
		}
		for range front {
			t = t.Tail()
		}
		if len(back) == 0 {
			return middle(m, e, t)
		}
		n := t.Len() - len(back)
		if n < 0 || !middle(m, e, t.Take(n)) {
			return false
		}
		for i, match := range back {
			if x, _ := t.At(n + i); !match(m, e, x) {
				return false
			}
		}
		return true
	}
}

// A dotPart is one part of a flattened dot pattern.
type dotPart struct {
	head  *value.Head // a constant; otherwise match
	match matcher
	width int // how many fields it takes if it is not the last
	at    syntax.Span
}

// dotParts flattens a dot pattern.
func (s *site) dotParts(p syntax.Pat) []dotPart {
	switch p := p.(type) {
	case *syntax.PatParen:
		return s.dotParts(p.X)
	case *syntax.PatDot:
		s.note('.')
		return append(s.dotParts(p.X), s.dotParts(p.Y)...)
	case *syntax.PatName:
		if h := s.constantPat(p); h != nil {
			return []dotPart{{head: h, at: p.At()}}
		}
	}
	return []dotPart{{match: s.pattern(p), width: s.width(p), at: p.At()}}
}

// width returns how many fields a part of a dot pattern takes.
func (s *site) width(p syntax.Pat) int {
	switch p := p.(type) {
	case *syntax.PatParen:
		return s.width(p.X)
	case *syntax.PatBoth:
		return max(s.width(p.X), s.width(p.Y))
	case *syntax.PatDot:
		first := p.X
		for {
			if q, ok := first.(*syntax.PatParen); ok {
				first = q.X
				continue
			}
			break
		}
		if n, ok := first.(*syntax.PatName); ok {
			if o := s.info.Pats[n]; o != nil && (o.Kind == resolve.Channel || o.Kind == resolve.Constructor) {
				return 1
			}
		}
		return s.width(p.X) + s.width(p.Y)
	}
	return 1
}

// dotPat compiles a dot pattern. The parts are matched with the fields from
// left to right: a constructor opens its own fields in place, every other
// part takes one field, the last part what remains.
func (s *site) dotPat(p syntax.Pat) matcher {
	parts := s.dotParts(p)
	return func(m *Machine, e []value.Value, v value.Value) bool {
		return matchDot(m, e, parts, value.Items(value.Force(v)))
	}
}

func matchDot(m *Machine, e []value.Value, parts []dotPart, items []value.Value) bool {
	for i, p := range parts {
		last := i == len(parts)-1
		if len(items) == 0 {
			return false
		}
		switch {
		case p.head != nil:
			d := m.headed(items[0], p.head, p.at)
			if d.Head != p.head || last && len(d.Fields) > 0 {
				return false
			}
			items = append(append([]value.Value(nil), d.Fields...), items[1:]...)
		case last:
			return p.match(m, e, value.Plain(items))
		default:
			if len(items) < p.width || !p.match(m, e, value.Plain(items[:p.width:p.width])) {
				return false
			}
			items = items[p.width:]
		}
	}
	return len(items) == 0
}
