package process

import "github.com/cspcheck/cspcheck/model/cspm/value"

// What a component waits for is told as it was before it was narrowed: that it never
// comes is what there is to tell.

// A Narrowed offer has left out events that cannot happen.
type Narrowed interface {
	Offer
	// Told returns it with some of them back: all if they are few, or else those that
	// come first. What follows them is not to be asked.
	Told(most int) Offer
}

// How many events are told, besides those that can happen, of all components of a
// process together, and of a prefix in any case.
const (
	mostTold  = 1 << 16
	leastTold = mostBlockers
)

// told returns what a component offers.
func (r *replay) told(c *component) *Term {
	t := c.leaf.term
	out := r.tolds[t]
	if out == nil {
		out = r.sys.space.told(t, max(leastTold, mostTold/len(r.comps)))
		if r.tolds == nil {
			r.tolds = map[*Term]*Term{}
		}
		r.tolds[t] = out
	}
	return out
}

// told returns t with events back that were left out of the prefixes that are on.
func (s *Space) told(t *Term, most int) *Term {
	t = t.Head()
	if t.Op == Chase {
		return t
	}
	if t.Op == Prefix {
		switch leaf := t.leaf.(type) {
		case Narrowed:
			return s.Offer(leaf.Told(most))
		case *always:
			if leaf.whole != nil {
				return s.Offer(leaf.told(most))
			}
		}
		return t
	}
	kids, changed := make([]*Term, len(t.Kids)), false
	for i, kid := range t.Kids {
		if kids[i] = kid; !t.Op.off(i) {
			kids[i] = s.told(kid, most)
			changed = changed || kids[i] != kid.Head()
		}
	}
	if !changed {
		return t
	}
	return t.over(kids)
}

func (o *always) told(most int) Offer {
	back := *o
	back.events, back.whole = o.whole, nil
	if bounded(value.Most(o.whole.set)) <= int64(most) {
		return &back
	}
	var first []value.Value
	for v := range o.whole.set.All() {
		if first = append(first, v); len(first) == most {
			break
		}
	}
	back.events, back.whole = o.events.space.EventSet(value.Union(o.events.set, value.SetOf(first...))), o.whole
	return &back
}
