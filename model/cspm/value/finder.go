package value

import (
	"slices"
	"sort"
)

// A finder finds the parts of a union that may have an event by what all events of a
// part have in common, see Anchor.
type finder struct {
	by     map[finderKey][]finderPart // those of a field by its value, in order
	others []Set                      // parts that have nothing in common that is told
}

// A finderKey is a field of a head; -1 is for parts that have the head alone in
// common, and a nil head for whole events.
type finderKey struct {
	head  *Head
	field int
}

type finderPart struct {
	value Value
	set   Set
}

// newFinder returns a finder of some parts, or nil if there are many of which it would
// have to ask each.
func newFinder(parts []Set) *finder {
	f := &finder{by: map[finderKey][]finderPart{}}
	var anchors []Anchor
	for _, p := range parts {
		var ok bool
		if anchors, ok = Anchors(p, manyParts, anchors[:0]); !ok {
			if f.others = append(f.others, p); len(f.others) > manyParts {
				return nil
			}
		}
		for _, a := range anchors {
			k, v := finderKey{a.Head, a.Field}, a.Value
			switch {
			case a.Whole != nil:
				k, v = finderKey{}, a.Whole
			case v == nil:
				k.field = -1
			}
			f.by[k] = append(f.by[k], finderPart{v, p})
		}
	}
	for k, found := range f.by {
		if k.field >= 0 {
			slices.SortStableFunc(found, func(a, b finderPart) int { return Compare(a.value, b.value) })
		}
	}
	return f
}

// has reports whether one of the parts has v.
func (f *finder) has(v Value) bool {
	v = Force(v)
	has := func(s Set) bool { return s.Has(v) }
	if slices.ContainsFunc(f.others, has) {
		return true
	}
	d, ok := v.(*Dot)
	if !ok || d.Head == nil {
		return false
	}
	if slices.ContainsFunc(f.by[finderKey{d.Head, -1}], func(p finderPart) bool { return has(p.set) }) || f.among(finderKey{}, d, has) {
		return true
	}
	for i, field := range d.Fields {
		if f.among(finderKey{d.Head, i}, field, has) {
			return true
		}
	}
	return false
}

// among reports whether one of the parts that have a value in common has what is looked for.
func (f *finder) among(k finderKey, v Value, has func(Set) bool) bool {
	found := f.by[k]
	i := sort.Search(len(found), func(i int) bool { return Compare(found[i].value, v) >= 0 })
	for ; i < len(found) && Compare(found[i].value, v) == 0; i++ {
		if has(found[i].set) {
			return true
		}
	}
	return false
}
