package types

import (
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// needs is a set of constraints.
type needs uint8

const (
	eq        needs = 1 << iota // == and != compare it
	ord                         // < compares it
	set                         // it can be in a set
	complete                    // it waits for no more fields
	yieldable                   // {| |} can yield it: events and datatypes
)

var needNames = []struct {
	need needs
	name string
}{{eq, "Eq"}, {ord, "Ord"}, {set, "Set"}, {complete, "Complete"}, {yieldable, "Yieldable"}}

func (n needs) String() string {
	for _, k := range needNames {
		if k.need == n {
			return k.name
		}
	}
	return "no constraint"
}

// needOf returns the constraint with a name.
func needOf(name string) needs {
	for _, k := range needNames {
		if k.name == name {
			return k.need
		}
	}
	return 0
}

// with returns n and m; Eq implies Set.
func (n needs) with(m needs) needs {
	if n |= m; n&eq != 0 {
		n &^= set
	}
	return n
}

// has reports whether n implies m.
func (n needs) has(m needs) bool { return n&m == m || m == set && n&eq != 0 }

// list returns the constraints one by one.
func (n needs) list() []needs {
	var out []needs
	for _, k := range needNames {
		if n&k.need != 0 {
			out = append(out, k.need)
		}
	}
	return out
}

// require makes t meet a constraint:
//
//	Eq         Int Bool Char Event; <a> {a} (a, b) (| a => b |) a.b a=>b of
//	           such; datatypes all of whose fields are
//	Set        as Eq, and Proc and all datatypes
//	Ord        Int Char; <a> and {a} of Eq a; tuples and maps of Ord
//	Complete   all but functions and a=>b; a =>* b is taken for b
//	Yieldable  Event and datatypes; a =>* b is taken for b
func (c *checker) require(t form, need needs) *clash {
	c.down()
	defer c.up()
	t = prune(t)
	no := &clash{got: t, need: need}
	all := func(n needs, ts ...form) *clash {
		for _, t := range ts {
			if cl := c.require(t, n); cl != nil {
				return cl
			}
		}
		return nil
	}
	comparable := need&(eq|set) != 0
	switch t := t.(type) {
	case wrong:
		return nil
	case *variable:
		if t.needs.has(need) {
			return nil
		}
		if t.rigid != "" {
			return no
		}
		c.setNeeds(t, t.needs.with(need))
		if t.asked == (syntax.Span{}) {
			t.asked = c.at
		}
		return nil
	case atom:
		switch {
		case need == ord && t != intType && t != charType,
			need == yieldable && t != eventType,
			need == eq && t == procType:
			return no
		}
		return nil
	case data:
		if need == ord || need == eq && !c.comparable(t) {
			return no
		}
		return nil
	case *setOf:
		return c.container(t, t.elem, need)
	case *seqOf:
		return c.container(t, t.elem, need)
	case *tupleOf:
		switch {
		case comparable || need == ord:
			return all(need, t.elems...)
		case need == complete:
			return nil
		}
	case *mapOf:
		switch {
		case comparable || need == ord:
			return all(need, t.key, t.value)
		case need == complete:
			return nil
		}
	case *dot:
		if comparable {
			return all(need, t.x, t.y)
		}
		if need == ord {
			return no
		}
		if cl := c.settle(t); cl != nil {
			return cl
		}
		if d, ok := prune(t).(*dot); !ok {
			return c.require(t, need)
		} else if need == complete {
			for _, x := range c.flatten(d) {
				if cl := c.require(x.of, need); cl != nil {
					return cl
				}
			}
			return nil
		}
	case *dotable:
		if comparable {
			return all(need, t.arg, t.result)
		}
	case *extendable:
		if comparable {
			if !t.rest.needs.has(need) {
				if t.rest.rigid != "" {
					return no
				}
				c.setRest(t.rest, rest{level: t.rest.level, needs: t.rest.needs.with(need)})
			}
			return c.require(t.result, need)
		}
		if cl := c.bindRest(t.rest, nil, nil); cl != nil {
			return no
		}
		return c.require(t.result, need)
	}
	return no
}

// container requires a constraint of a set or sequence.
func (c *checker) container(t, elem form, need needs) *clash {
	switch need {
	case complete:
		return nil
	case yieldable:
		return &clash{got: t, need: need}
	case ord:
		need = eq
	}
	return c.require(elem, need)
}
