package types

import "github.com/cspcheck/cspcheck/model/cspm/syntax"

// An item is an element of a dotted list, and the place it comes from, if
// that is known.
type item struct {
	of form
	at syntax.Span
}

// flatten returns the elements of a dotted type: (x.y).z and x.(y.z) are
// x, y, z. What is not dotted is its only element.
func (c *checker) flatten(t form) []item { return c.flattenAt(nil, t, syntax.Span{}) }

// flattenAt appends the elements of a dotted type that stands at a place.
func (c *checker) flattenAt(list []item, t form, at syntax.Span) []item {
	for {
		c.step()
		_, known := t.(*variable)
		t = prune(t)
		d, ok := t.(*dot)
		if ok && known && at != (syntax.Span{}) { // its dots stand elsewhere
			for _, x := range c.flatten(d) {
				list = append(list, item{x.of, at})
			}
			return list
		}
		if !ok {
			if len(list) == maxElements {
				panic(tooLarge{})
			}
			return append(list, item{t, at})
		}
		list = c.flattenAt(list, d.x, d.at)
		t, at = d.y, d.last
	}
}

// flattenAll returns the elements of several types.
func (c *checker) flattenAll(ts []form) []item {
	var list []item
	for _, t := range ts {
		list = c.flattenAt(list, t, syntax.Span{})
	}
	return list
}

// dotted returns the type of the elements dotted together.
func dotted(list []item) form {
	end := list[len(list)-1]
	t := end.of
	for i := len(list) - 2; i >= 0; i-- {
		t = &dot{x: list[i].of, y: t, at: list[i].at, last: end.at}
	}
	return t
}

func dottedForms(ts []form) form {
	t := ts[len(ts)-1]
	for i := len(ts) - 2; i >= 0; i-- {
		t = &dot{x: ts[i], y: t}
	}
	return t
}

// reduce lets the heads in a dotted list take their fields, from left to
// right. With a head a1 => ... => b,
//
//  1. what is not dotable is kept;
//  2. a next element that is not dotable is a1, and a2 => ... => b goes on;
//  3. a next element that is dotable is a1 if a1 is dotable too;
//  4. otherwise, being x1 => ... => y, it is the beginning of a1: y is a1,
//     and x1 => ... => a2 => ... => b goes on;
//  5. a next element that may be anything and is the last is all that is
//     missing, a1.a2. ... (the longest match), and what is made is b.
//     If it is not the last it is a1.
//
// With longest false the list is left alone where rule 5 would apply.
func (c *checker) reduce(list []item, longest bool) ([]item, *clash) {
	var out []item
	for i := 0; i < len(list); i++ {
		c.step()
		head := list[i]
		head.of = prune(head.of)
		if head.of == (wrong{}) {
			return []item{head}, nil
		}
		for i+1 < len(list) {
			d, ok := head.of.(*dotable)
			if !ok {
				break
			}
			next := list[i+1]
			next.of = prune(next.of)
			first, after := prune(d.arg), d.result
			if x, ok := first.(*dot); ok { // a field that turned out to be several
				head.of = &dotable{x.x, &dotable{x.y, after}}
				continue
			}
			var cl *clash
			switch of := next.of.(type) {
			case wrong:
				return []item{next}, nil
			case *dotable:
				if _, ok := first.(*dotable); ok {
					cl = c.same(first, of, false)
					break
				}
				fields, makes, open := spine(of)
				if open != nil {
					makes = &extendable{open, makes}
				}
				cl = c.same(first, makes, false)
				after = arrows(fields, after)
			case *variable:
				if of.rigid == "" && i+2 == len(list) {
					if !longest {
						return append(out, head, next), nil
					}
					fields, makes, open := spine(head.of)
					cl = c.same(dottedForms(fields), of, false)
					if after = makes; open != nil {
						after = &extendable{open, makes}
					}
					break
				}
				cl = c.same(first, of, false)
			default:
				cl = c.same(first, of, false)
			}
			if cl != nil {
				if cl.at == (syntax.Span{}) {
					cl.at, cl.head = next.at, head.at
					if cl.need == 0 && !cl.infinite {
						cl.want, cl.got = first, next.of
					}
				}
				return nil, cl
			}
			head.of = prune(after)
			i++
		}
		out = append(out, head)
	}
	return out, nil
}

// settle finds what the dots in t build, by the longest match, inside sets,
// sequences, tuples and maps too.
func (c *checker) settle(t form) *clash {
	c.down()
	defer c.up()
	switch t := prune(t).(type) {
	case *setOf:
		return c.settle(t.elem)
	case *seqOf:
		return c.settle(t.elem)
	case *tupleOf:
		for _, x := range t.elems {
			if cl := c.settle(x); cl != nil {
				return cl
			}
		}
	case *mapOf:
		if cl := c.settle(t.key); cl != nil {
			return cl
		}
		return c.settle(t.value)
	case *dot:
		list := c.flatten(t)
		short, cl := c.reduce(list, true)
		if cl != nil {
			return cl
		}
		if len(short) < len(list) && t.is == nil {
			c.setDot(t, dotted(short))
		}
	}
	return nil
}
