package types

import "github.com/cspcheck/cspcheck/model/cspm/syntax"

// All that is found out about variables, rests and dots is noted here, so
// that it can be taken back (see group in group.go, and try).

// A trail holds what takes back the changes since it was begun, in their
// order.
type trail []func()

// newVar returns a type of which nothing is known but what it needs.
func (c *checker) newVar(n needs) *variable {
	return &variable{level: c.level, needs: n, asked: c.at}
}

func (c *checker) newRest() *rest { return &rest{level: c.level} }

func (c *checker) note(undo func()) {
	if c.trailing {
		c.trail = append(c.trail, undo)
	}
}

func (c *checker) takeBack() { c.takeBackTo(0) }

// takeBackTo takes back all but the first n changes.
func (c *checker) takeBackTo(n int) {
	for i := len(c.trail) - 1; i >= n; i-- {
		c.trail[i]()
	}
	c.trail = c.trail[:n]
}

// try calls f, and takes back what f has found out if there is a clash.
func (c *checker) try(f func() *clash) *clash {
	trailing, before, notEq := c.trailing, len(c.trail), c.notEq
	c.trailing = true
	cl := f()
	if cl != nil {
		c.takeBackTo(before)
		c.notEq = notEq
	}
	if c.trailing = trailing; !trailing {
		c.trail = c.trail[:0]
	}
	return cl
}

func (c *checker) setNeeds(v *variable, n needs) {
	old := v.needs
	c.note(func() { v.needs = old })
	v.needs = n
}

func (c *checker) setLevel(v *variable, level int) {
	old := v.level
	c.note(func() { v.level = old })
	v.level = level
}

func (c *checker) setDot(d *dot, is form) {
	c.note(func() { d.is = nil })
	d.is = is
}

func (c *checker) setRest(r *rest, to rest) {
	old := *r
	c.note(func() { *r = old })
	*r = to
}

// foundAt returns where it was found out what t is: here, if it was not a
// variable before.
func (c *checker) foundAt(t form) syntax.Span {
	at := c.at
	for {
		v, ok := t.(*variable)
		if !ok || v.is == nil {
			return at
		}
		t, at = v.is, v.found
	}
}

// bind makes a free variable the type t, which is pruned and another; at is
// where that was found out.
func (c *checker) bind(v *variable, t form, at syntax.Span) *clash {
	if w, ok := free(t); ok {
		if w.rank < v.rank {
			v, w, t = w, v, v
		}
		if w.rank == v.rank {
			w.rank++
		}
	}
	switch c.lower(v, t) {
	case occurs:
		// A dotted type may yet build something that is not: with S : T => T,
		// S.x is an x.
		if d, ok := t.(*dot); ok {
			if cl := c.settle(d); cl == nil {
				if is := prune(t); is != t {
					return c.same(v, is, false)
				}
			}
		}
		if x, ok := t.(*extendable); ok && prune(x.result) == form(v) {
			return c.bindRest(x.rest, nil, nil)
		}
		return &clash{want: v, got: t, infinite: true}
	case escapes:
		return &clash{want: v, got: t}
	}
	for _, n := range v.needs.list() {
		if cl := c.require(t, n); cl != nil {
			cl.from = v.asked
			return cl
		}
	}
	// A constraint may have found out what a dotted t is.
	if v.is != nil || prune(t) == form(v) {
		return c.same(v, t, false)
	}
	c.note(func() { v.is = nil })
	v.is, v.found = t, at
	return nil
}

// bindRest makes the rest of an extendable fields and then what tail stands
// for.
func (c *checker) bindRest(r *rest, fields []form, tail *rest) *clash {
	if r == tail {
		if len(fields) > 0 {
			return &clash{infinite: true}
		}
		return nil
	}
	if r.rigid != "" {
		if len(fields) == 0 && tail != nil && tail.rigid == "" {
			return c.bindRest(tail, nil, r)
		}
		return &clash{}
	}
	for _, f := range fields {
		if c.lowerRest(r, f) != fine {
			return &clash{infinite: true}
		}
		for _, n := range r.needs.list() {
			if cl := c.require(f, n); cl != nil {
				return cl
			}
		}
	}
	if tail != nil {
		if tail.level > r.level || r.needs&^tail.needs != 0 {
			if tail.rigid != "" {
				return &clash{}
			}
			c.setRest(tail, rest{level: min(tail.level, r.level), needs: tail.needs.with(r.needs)})
		}
	}
	c.setRest(r, rest{bound: true, fields: fields, tail: tail, level: r.level})
	return nil
}

// What can come of making a variable a type.
type outcome uint8

const (
	fine    outcome = iota
	occurs          // the variable is in the type
	escapes         // a rigid variable would leave the scope of its annotation
)

// lower gives the variables in t at most the level of v, which will stand
// for t.
func (c *checker) lower(v *variable, t form) outcome {
	return c.lowered(v.level, t, func(x any) bool { return x == any(v) })
}

func (c *checker) lowerRest(r *rest, t form) outcome {
	return c.lowered(r.level, t, func(x any) bool { return x == any(r) })
}

func (c *checker) lowered(level int, t form, itself func(any) bool) outcome {
	c.down()
	defer c.up()
	each := func(ts ...form) outcome {
		for _, t := range ts {
			if o := c.lowered(level, t, itself); o != fine {
				return o
			}
		}
		return fine
	}
	switch t := prune(t).(type) {
	case *variable:
		switch {
		case itself(t):
			return occurs
		case t.level <= level:
		case t.rigid != "":
			return escapes
		default:
			c.setLevel(t, level)
		}
	case *setOf:
		return each(t.elem)
	case *seqOf:
		return each(t.elem)
	case *tupleOf:
		return each(t.elems...)
	case *mapOf:
		return each(t.key, t.value)
	case *function:
		if o := each(t.params...); o != fine {
			return o
		}
		return each(t.result)
	case *dot:
		for _, x := range c.flatten(t) {
			if o := each(x.of); o != fine {
				return o
			}
		}
	case *dotable:
		if o := each(t.arg); o != fine {
			return o
		}
		return each(t.result)
	case *extendable:
		switch {
		case itself(t.rest):
			return occurs
		case t.rest.level <= level:
		case t.rest.rigid != "":
			return escapes
		default:
			c.setRest(t.rest, rest{level: level, needs: t.rest.needs})
		}
		return each(t.result)
	}
	return fine
}

// Types can become exponentially larger than the text that they are of. A
// checker gives up on a group of declarations beyond these.
const (
	maxDepth     = 200_000   // of a type
	maxElements  = 500_000   // of a dotted type
	stepsPerByte = 2_000     // of the text, for work on types
	fewestSteps  = 4_000_000 // for any text
	stepsAfter   = 2_000_000 // for what is left when they were used up
)

// tooLarge is panicked with when types become too large.
type tooLarge struct{}

func (c *checker) step() {
	if c.steps--; c.steps < 0 {
		c.steps = stepsAfter
		panic(tooLarge{})
	}
}

// down notes that work on a type goes one level deeper, up that it comes
// back.
func (c *checker) down() {
	c.step()
	if c.depth++; c.depth > maxDepth {
		panic(tooLarge{})
	}
}

func (c *checker) up() { c.depth-- }
