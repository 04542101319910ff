package explore

import (
	"fmt"
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// Len returns how many states were found.
func (s *Search) Len() int { return int(s.States) }

// Words returns the words of state i, good until a few others have been asked
// for. They must not be changed. It is for searches that keep them: see
// Limits.Keep. The error is a *Limit.
func (s *Search) Words(i int) ([]uint64, error) {
	if d := s.states.onDisk; d != nil {
		words, err := d.queue.words(i)
		if err != nil {
			return nil, spillLimit(err)
		}
		return words, nil
	}
	return s.states.at(i), nil
}

// Bytes returns what the states, their parents and the table took, without
// what the System keeps.
func (s *Search) Bytes() int64 { return s.bytes }

// Path returns a shortest path from the initial state to state i: the one
// that found it. Only parents are stored; events and states come from
// expanding the states of the path again, and of several events the first is
// taken.
func (s *Search) Path(i int) ([]PathStep, error) {
	var chain []uint32
	for ; i != 0; i = s.states.up.of(i) {
		chain = append(chain, uint32(i))
	}
	slices.Reverse(chain)
	initial := make([]uint64, s.states.width)
	if err := s.sys.Initial(initial); err != nil {
		return nil, err
	}
	return s.Through(initial, chain, nil)
}

// Through returns a path from a state by others, in their order, each of which
// must follow the one before by an event that is wanted. A nil wanted wants
// all.
func (s *Search) Through(from []uint64, states []uint32, wanted func(model.Event) bool) ([]PathStep, error) {
	var path []PathStep
	var steps Steps
	for i, to := range states {
		if i%askOnPath == 0 && s.cancelled != nil {
			if err := s.cancelled(); err != nil {
				return nil, err
			}
		}
		step, err := s.step(from, int(to), wanted, &steps)
		if err != nil {
			return nil, err
		}
		path = append(path, step)
		from = step.State
	}
	return path, nil
}

// After how many steps a path that is followed asks whether to go on.
const askOnPath = 64

// step returns the first transition from a state to that with a number.
func (s *Search) step(from []uint64, to int, wanted func(model.Event) bool, steps *Steps) (PathStep, error) {
	steps.Reset()
	if err := s.sys.Successors(from, steps); err != nil {
		return PathStep{}, err
	}
	w := s.states.width
	for k, e := range steps.Events {
		if wanted != nil && !wanted(e) {
			continue
		}
		state := steps.States[k*w : (k+1)*w]
		i, err := s.states.anyNumber(state)
		if err != nil {
			return PathStep{}, err
		}
		if i == to {
			return PathStep{Event: e, State: slices.Clone(state)}, nil
		}
	}
	return PathStep{}, fmt.Errorf("explore: a system that gave a state a transition to state %d now does not: its successors must always be the same", to)
}
