package types

import "math"

// Variables have levels (Rémy 1992): 0 for what belongs to the whole script,
// such as the parameters of a module, and one more inside each group of
// declarations that is generalised. A variable that stands for a type of an
// outer level is lowered to it (see lower). So what is found in a group may
// stand for anything exactly if its level is still that of the group.
//
// A variable that may stand for anything has the level generic. It is in no
// type that is unified: instantiate puts a fresh one in its place.
const generic = math.MaxInt32

// generalise lets all variables of a type beyond the current level stand for
// anything.
func (c *checker) generalise(t form) {
	c.eachVariable(t, func(v *variable) {
		if v.level > c.level && v.rigid == "" {
			c.setLevel(v, generic)
		}
	}, func(r *rest) {
		if r.level > c.level && r.rigid == "" {
			c.setRest(r, rest{level: generic, needs: r.needs})
		}
	})
}

// eachVariable calls f and g for the variables and rests in a type.
func (c *checker) eachVariable(t form, f func(*variable), g func(*rest)) {
	c.eachLeaf(t, func(t form) {
		if v, ok := t.(*variable); ok {
			f(v)
		}
	}, g)
}

// eachLeaf calls f for what in a type has no parts, and g for the rests.
func (c *checker) eachLeaf(t form, f func(form), g func(*rest)) {
	c.down()
	defer c.up()
	switch t := prune(t).(type) {
	case *setOf:
		c.eachLeaf(t.elem, f, g)
	case *seqOf:
		c.eachLeaf(t.elem, f, g)
	case *tupleOf:
		for _, x := range t.elems {
			c.eachLeaf(x, f, g)
		}
	case *mapOf:
		c.eachLeaf(t.key, f, g)
		c.eachLeaf(t.value, f, g)
	case *function:
		for _, x := range t.params {
			c.eachLeaf(x, f, g)
		}
		c.eachLeaf(t.result, f, g)
	case *dot:
		for _, x := range c.flatten(t) {
			c.eachLeaf(x.of, f, g)
		}
	case *dotable:
		c.eachLeaf(t.arg, f, g)
		c.eachLeaf(t.result, f, g)
	case *extendable:
		g(t.rest)
		c.eachLeaf(t.result, f, g)
	default:
		f(t)
	}
}

// A copier copies types, with other variables for the generic ones.
type copier struct {
	c     *checker
	rigid bool // the others are rigid, and have the names in names
	names map[any]string
	vars  map[*variable]form
	rests map[*rest]*rest
}

// instantiate returns a type of which t is the general form.
func (c *checker) instantiate(t form) form {
	cp := copier{c: c}
	return cp.copy(t)
}

// copy returns t itself if nothing in it is generic.
func (cp *copier) copy(t form) form {
	cp.c.down()
	defer cp.c.up()
	t = prune(t)
	switch x := t.(type) {
	case *variable:
		if x.level == generic {
			return cp.variable(x)
		}
	case *setOf:
		if elem := cp.copy(x.elem); elem != x.elem {
			return &setOf{elem}
		}
	case *seqOf:
		if elem := cp.copy(x.elem); elem != x.elem {
			return &seqOf{elem}
		}
	case *tupleOf:
		if elems, changed := cp.all(x.elems); changed {
			return &tupleOf{elems}
		}
	case *mapOf:
		key, value := cp.copy(x.key), cp.copy(x.value)
		if key != x.key || value != x.value {
			return &mapOf{key, value}
		}
	case *function:
		params, changed := cp.all(x.params)
		if result := cp.copy(x.result); changed || result != x.result {
			return &function{params, result}
		}
	case *dot:
		list, changed := cp.c.flatten(x), false
		for i := range list {
			of := cp.copy(list[i].of)
			changed = changed || of != list[i].of
			list[i].of = of
		}
		if changed {
			return dotted(list)
		}
	case *dotable:
		arg, result := cp.copy(x.arg), cp.copy(x.result)
		if arg != x.arg || result != x.result {
			return &dotable{arg, result}
		}
	case *extendable:
		r, result := x.rest, cp.copy(x.result)
		if r.level == generic {
			r = cp.restOf(r)
		}
		if r != x.rest || result != x.result {
			return &extendable{r, result}
		}
	}
	return t
}

func (cp *copier) all(ts []form) ([]form, bool) {
	out, changed := make([]form, len(ts)), false
	for i, t := range ts {
		out[i] = cp.copy(t)
		changed = changed || out[i] != t
	}
	return out, changed
}

func (cp *copier) variable(v *variable) form {
	t := cp.vars[v]
	if t == nil {
		w := cp.c.newVar(v.needs)
		if cp.rigid {
			w.rigid = cp.names[v]
		}
		if cp.vars == nil {
			cp.vars = map[*variable]form{}
		}
		t, cp.vars[v] = w, w
	}
	return t
}

func (cp *copier) restOf(r *rest) *rest {
	s := cp.rests[r]
	if s == nil {
		s = cp.c.newRest()
		s.needs = r.needs
		if cp.rigid {
			s.rigid = cp.names[r]
		}
		if cp.rests == nil {
			cp.rests = map[*rest]*rest{}
		}
		cp.rests[r] = s
	}
	return s
}
