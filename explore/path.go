package explore

import (
	"fmt"
	"slices"
)

// Len returns how many states were found.
func (s *Search) Len() int { return s.states.n }

// Words returns the words of state i. They must not be changed.
func (s *Search) Words(i int) []uint64 { return s.states.at(i) }

// Bytes returns what the states, their parents and the table took, without
// what the System keeps.
func (s *Search) Bytes() int64 { return s.bytes }

// Path returns a shortest path from the initial state to state i: the one
// that found it. Only parents are stored; the events come from expanding the
// states of the path again, and of several events the first is taken.
func (s *Search) Path(i int) ([]PathStep, error) {
	var chain []int
	for ; i != 0; i = s.states.parent(i) {
		chain = append(chain, i)
	}
	slices.Reverse(chain)
	var path []PathStep
	var steps Steps
	from := 0
	for _, to := range chain {
		step, err := s.step(from, to, &steps)
		if err != nil {
			return nil, err
		}
		path = append(path, step)
		from = to
	}
	return path, nil
}

// Through returns a path from state i by the others, in their order, each of
// which must follow the one before.
func (s *Search) Through(i int, states []uint32) ([]PathStep, error) {
	var path []PathStep
	var steps Steps
	for _, to := range states {
		step, err := s.step(i, int(to), &steps)
		if err != nil {
			return nil, err
		}
		path = append(path, step)
		i = int(to)
	}
	return path, nil
}

// step returns the first transition between two states.
func (s *Search) step(from, to int, steps *Steps) (PathStep, error) {
	steps.Reset()
	if err := s.sys.Successors(s.Words(from), steps); err != nil {
		return PathStep{}, err
	}
	w := s.states.width
	for k, e := range steps.Events {
		if slices.Equal(steps.States[k*w:(k+1)*w], s.Words(to)) {
			return PathStep{Event: e, State: slices.Clone(s.Words(to))}, nil
		}
	}
	return PathStep{}, fmt.Errorf("explore: a system that gave state %d a transition to state %d now does not: its successors must always be the same", from, to)
}
