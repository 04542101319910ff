package process

import (
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// (P [|A|> Q) [|B|> R is one state, but what follows may call P [|A|> Q, which is in it: each
// of the processes that the layers make, from inside, is being compiled then. Of n layers
// these would be n states with up to n layers each. So each has a number as that of the
// one in it and a layer more.

type throwing struct {
	nests map[nest]int32 // their numbers, which are negative: others are of states
	below map[int32]int  // how many layers those have at most that are being compiled around a state
}

// A nest is a layer around a state or a nest.
type nest struct {
	in    int32
	layer value.Key
}

func newThrowing() throwing { return throwing{map[nest]int32{}, map[int32]int{}} }

func (c *compiler) nestOf(in int32, l *layer) int32 {
	key := nest{in, c.layer(l.op, nil).key}
	n, ok := c.nests[key]
	if !ok {
		n = int32(-1 - len(c.nests))
		c.nests[key] = n
	}
	return n
}

// callOf returns the number that calls of a state have.
func (c *compiler) callOf(st *Term) int32 {
	id := st.id
	if st.Op.one() == Throw {
		id = st.Kids[0].id
		for l := c.layersOf(st); l != nil; l = l.out {
			id = c.nestOf(id, l)
		}
	}
	return id
}

// calling returns the process that is being compiled which is the state st, or nil.
func (c *compiler) calling(st *Term) *recursion {
	if st.Op.one() == Throw && !c.within(st, c.below[st.Kids[0].id]) {
		return nil
	}
	return c.calls[c.callOf(st)]
}

// within reports whether st has no more than so many layers.
func (c *compiler) within(st *Term, most int) bool {
	l := c.layersOf(st)
	for ; l != nil && most > 0; most-- {
		l = l.out
	}
	return l == nil
}

// throw notes that st, if it is a [|A|>, is being compiled, until what it returns is
// called.
func (c *compiler) throw(st *Term) (done func()) {
	if st.Op.one() != Throw {
		return func() {}
	}
	below, layers := st.Kids[0].id, 0
	for l := c.layersOf(st); l != nil; l = l.out {
		layers++
	}
	before := c.below[below]
	c.below[below] = max(before, layers)
	return func() { c.below[below] = before }
}

// throws compiles t, which is several [|A|>.
func (c *compiler) throws(t *Term) (*model.Process, error) {
	var layers []*layer
	below := c.State(t.Kids[0]).id
	ids := []int32{below}
	for l := c.layersOf(t); l != nil; l = l.out {
		layers, ids = append(layers, l), append(ids, c.nestOf(ids[len(ids)-1], l))
	}
	var throw, around func(n int) (*model.Process, error)
	around = func(n int) (*model.Process, error) { // n layers
		if n == 0 {
			return c.process(t.Kids[0])
		}
		return c.recursive("", ids[n], func() (*model.Process, error) { return throw(n) })
	}
	throw = func(n int) (*model.Process, error) {
		p, err := around(n - 1)
		if err != nil {
			return nil, err
		}
		op := layers[n-1].op
		q, err := c.later(op.Kids[1])
		if err != nil {
			return nil, err
		}
		return model.Throw(p, op.args.set, q), nil
	}
	return throw(len(layers))
}
