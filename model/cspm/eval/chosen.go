package eval

import (
	"encoding/binary"
	"iter"
	"slices"

	"github.com/cspcheck/cspcheck/model/cspm/process"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// [] x : S @ x -> P is a choice of as many prefixes as S has events. Where S is large it is
// one prefix, which has the transitions and labels of all of them, in their order: as
// c?i?j -> P it need not be listed beside others that do few of its events.

// A choosing is a choice of that form.
type choosing struct {
	pre  *prefix // x -> P
	slot int     // of x in its frames
}

// choosing returns the choosing that a choice is, or nil.
func (s *site) choosing(x *syntax.Replicated) *choosing {
	if x.Op != syntax.OpExtChoice || s.timed != nil || len(x.Stmts) != 1 {
		return nil
	}
	g, ok := x.Stmts[0].(*syntax.Generator)
	pre, is := unparen(x.Body).(*syntax.Prefix)
	if !ok || !is || len(pre.Fields) > 0 {
		return nil
	}
	p, ok := g.Pat.(*syntax.PatName)
	e, is := unparen(pre.Event).(*syntax.Name)
	if !ok || !is || isHead(s.info.Pats[p]) || s.info.Uses[e] != s.info.Pats[p] {
		return nil
	}
	c := &choosing{pre: s.compilePrefix(pre)}
	c.slot = c.pre.p.of.slots[s.info.Pats[p]]
	return c
}

// offer returns the prefix that the choice over a set is, or nil if it is better
// listed.
func (c *choosing) offer(m *Machine, e []value.Value, over value.Value) *process.Term {
	set, ok := over.(value.Set)
	if _, listed := set.(*value.List); !ok || listed {
		return nil
	}
	if n := value.Most(set); n == value.Infinite || n <= value.LargeSet {
		return nil
	}
	return m.space.Offer(&chosen{offer{pre: c.pre, frame: c.pre.p.frame(e)}, c.slot, set, nil})
}

// A chosen is that at run time; if only is not nil, of which only some events can happen.
type chosen struct {
	offer // for each event in turn
	slot  int
	set   value.Set
	only  *process.Only
}

var (
	_ process.Wide     = (*chosen)(nil)
	_ process.Narrowed = (*chosen)(nil)
	_ process.Choice   = (*chosen)(nil)
)

// each makes the offer that of one event after the other, until f returns false.
func (c *chosen) each(f func() bool) {
	for e := range c.events() {
		c.frame[c.slot] = e
		if !f() {
			return
		}
	}
}

// events returns those that can happen, in order.
func (c *chosen) events() iter.Seq[value.Value] {
	if c.only != nil {
		if left := c.only.Among(c.pre.p.m.space.EventSet(c.set)); left != nil {
			return left.All()
		}
	}
	return c.set.All()
}

func (c *chosen) Branches() []process.Branch {
	return c.pre.branches(func(out []process.Branch, next procCode) []process.Branch {
		c.each(func() bool {
			out = c.offer.branches(out, next, c.only)
			return true
		})
		return out
	})
}

func (c *chosen) AppendKey(k *value.Keys, b []byte) []byte {
	last := c.frame[c.slot]
	c.frame[c.slot] = value.EmptySet // whichever it was
	b = c.pre.p.appendKey(append(b, keyChosen), c.frame)
	c.frame[c.slot] = last
	b = binary.LittleEndian.AppendUint64(b, uint64(k.FormOf(c.set)))
	if c.only != nil {
		b = c.only.AppendKey(b)
	}
	return b
}

func (c *chosen) Label(i int) (label string, at syntax.Span) {
	c.each(func() bool {
		if i > 0 {
			i--
			return true
		}
		label, at = c.offer.Label(0)
		return false
	})
	return label, at
}

func (c *chosen) Labels() (labels []string, at syntax.Span) {
	c.each(func() bool {
		label, _ := c.offer.Label(0)
		labels = append(labels, label)
		return true
	})
	return labels, c.pre.span
}

func (c *chosen) Most() int64 {
	if c.only != nil {
		return 0 // what is left is few
	}
	return value.Most(c.set)
}

// Choices returns how many prefixes it stands for.
func (c *chosen) Choices() int { return int(min(c.Most(), value.MaxSet)) }

func (c *chosen) Each(yield func(*value.Dot, *process.Term) bool) {
	more := true
	c.each(func() bool {
		c.offer.Each(func(e *value.Dot, t *process.Term) bool {
			if c.only != nil {
				t = c.only.Of(t)
			}
			more = yield(e, t)
			return more
		})
		return more
	})
}

func (c *chosen) Fields() (h *value.Head, fields []value.Set, ok bool) {
	products, ok := value.Products(c.set)
	if !ok || len(products) != 1 {
		return nil, nil, false
	}
	return products[0].Head, products[0].Fields, true
}

func (c *chosen) After(e *value.Dot) (out []*process.Term) {
	if c.set.Has(e) {
		c.frame[c.slot] = e
		c.offer.Each(func(_ *value.Dot, t *process.Term) bool {
			out = append(out, t)
			return true
		})
	}
	return out
}

func (c *chosen) Within(only *process.Only) process.Offer {
	if c.only != nil {
		return c
	}
	return c.among(only)
}

func (c *chosen) among(only *process.Only) *chosen {
	return &chosen{offer{pre: c.pre, frame: slices.Clone(c.frame)}, c.slot, c.set, only}
}

func (c *chosen) Told(most int) process.Offer {
	if c.only == nil {
		return c
	}
	if value.Most(c.set) <= int64(most) {
		return c.among(nil)
	}
	var events []value.Value
	for e := range c.set.All() {
		if events = append(events, e); len(events) == most {
			break
		}
	}
	c.each(func() bool {
		events = append(events, c.frame[c.slot])
		return true
	})
	return c.among(c.pre.p.m.space.Only(value.SetOf(events...)))
}
