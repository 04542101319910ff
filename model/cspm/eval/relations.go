package eval

import (
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// The built-in functions of relations: sets of pairs.

// relation returns the pairs of a set, in canonical order.
func relationOf(v value.Value) (xs, ys []value.Value) {
	return pairs(value.Listed(value.ToSet(v)))
}

func pairOf(x, y value.Value) value.Value { return &value.Tuple{Elems: []value.Value{x, y}} }

// transpose(R) = {(y, x) | (x, y) <- R}.
func transpose(_ *Machine, a args) value.Value {
	xs, ys := relationOf(a[0])
	out := make([]value.Value, len(xs))
	for i := range xs {
		out[i] = pairOf(ys[i], xs[i])
	}
	return value.SetOf(out...)
}

// relationalImage(R)(x) = {y | (x, y) <- R}.
func relationalImage(m *Machine, a args) value.Value {
	xs, ys := relationOf(a[0])
	return m.image("relational_image", a[0], xs, ys)
}

// relationalInverseImage(R)(y) = {x | (x, y) <- R}.
func relationalInverseImage(m *Machine, a args) value.Value {
	xs, ys := relationOf(a[0])
	return m.image("relational_inverse_image", a[0], ys, xs)
}

// image returns the function that maps each of from to what is tied to it.
func (m *Machine) image(name string, rel value.Value, from, to []value.Value) value.Value {
	tied := map[value.Key][]value.Value{}
	for i, x := range from {
		k := m.keys.Of(x)
		tied[k] = append(tied[k], to[i])
	}
	sets := map[value.Key]value.Set{}
	apply := func(m *Machine, a args) value.Value {
		k := m.keys.Of(value.Force(a[0]))
		if sets[k] == nil {
			sets[k] = value.SetOf(tied[k]...)
		}
		return sets[k]
	}
	return &Func{m: m, built: &builtin{name: name, arity: 1, call: apply}, given: []value.Value{value.Force(rel)}}
}

// mtransclose(R, S): R related its elements into classes. For each class, and
// the first r of it that is in S, the pairs (r, x) for the others x in S.
func mtransclose(m *Machine, a args) value.Value {
	xs, ys := relationOf(a[0])
	class := map[value.Key]value.Key{} // a forest: a root is its own parent
	root := func(k value.Key) value.Key {
		p, ok := class[k]
		if !ok {
			class[k] = k
			return k
		}
		for p != class[p] {
			class[k] = class[p] // halve the way
			k, p = class[p], class[class[p]]
		}
		return p
	}
	for i := range xs {
		class[root(m.keys.Of(value.Force(xs[i])))] = root(m.keys.Of(value.Force(ys[i])))
	}
	first := map[value.Key]value.Value{}
	var out []value.Value
	for _, x := range value.Listed(value.ToSet(a[1])) {
		k := m.keys.Of(x)
		if _, related := class[k]; !related {
			continue
		}
		r, ok := first[root(k)]
		if !ok {
			first[root(k)] = x
			continue
		}
		out = append(out, pairOf(r, x))
	}
	return value.SetOf(out...)
}
