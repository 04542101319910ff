package deadlock

import (
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/explore/inductive"
	"github.com/cspcheck/cspcheck/explore/lts"
	"github.com/cspcheck/cspcheck/model"
)

// follow returns the path of the inquiry's system, a state of which begins
// with one of the network, by some firings. They must lead to a bad state.
func (c *composing) follow(q *inquiry, firings []inductive.Firing) ([]explore.PathStep, error) {
	w, width := c.Impl.Width(), q.sys.Width()
	s, want := make([]uint64, width), make([]uint64, w)
	if err := q.sys.Initial(s); err != nil {
		return nil, err
	}
	var path []explore.PathStep
	for _, f := range firings {
		if err := c.plan.Check(); err != nil {
			return nil, err
		}
		copy(want, s)
		for _, m := range f.Moves {
			c.Fields[m.Component].Put(want, m.To)
		}
		to, err := c.led(q.sys, s, want, f.Rule)
		if err != nil {
			return nil, err
		}
		s = to
		path = append(path, explore.PathStep{Event: c.Net.Event(f.Rule), State: s})
	}
	var steps explore.Steps
	if err := q.sys.Successors(s, &steps); err != nil {
		return nil, err
	}
	if !q.bad(s, steps.Events) {
		panic("deadlock: a counterexample of the composed network is none of the network")
	}
	return path, nil
}

// led returns the state of an inquiry's system, beginning with one of the network,
// to which a rule leads from s. There must be one.
func (c *composing) led(sys explore.System, s, want []uint64, rule int) ([]uint64, error) {
	e := c.Net.Event(rule)
	if to, err := ledAlone(sys, s, want, rule, e); to != nil || err != nil {
		return to, err
	}
	var steps explore.Steps
	if err := sys.Successors(s, &steps); err != nil {
		return nil, err
	}
	width := len(s)
	for i, f := range steps.Events {
		if to := steps.States[i*width : (i+1)*width]; f == e && slices.Equal(to[:len(want)], want) {
			return slices.Clone(to), nil
		}
	}
	panic("deadlock: a path of the composed network is none of the network")
}

// ledAlone is led, but asks about that rule alone: of n components side by side, what
// else could happen is n steps. It returns nil where that is not enough.
func ledAlone(sys explore.System, s, want []uint64, rule int, e model.Event) ([]uint64, error) {
	switch x := sys.(type) {
	case *watched:
		w, node := x.width, x.node(s)
		if node == lts.Broken || x.spec.Diverges(node) {
			return nil, nil
		}
		to, err := ledAlone(x.impl, s[:w:w], want, rule, e)
		if to == nil || err != nil {
			return nil, err
		}
		word, err := x.follow(s[w], e)
		return append(to, word), err
	case *ends:
		w := len(s) - 1
		to, err := ledAlone(x.System, s[:w:w], want, rule, e)
		if to == nil || err != nil {
			return nil, err
		}
		return append(to, endWord(e)), nil
	case explore.Ruled:
		if f, ok := x.Leads(rule, s, want); ok && f == e {
			return slices.Clone(want), nil
		}
	}
	return nil, nil
}
