package deadlock

import (
	"context"
	"fmt"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// A Variable is a shared variable, as the events by which it is accessed.
type Variable struct {
	Name   string // for reports; "" is allowed
	Reads  model.EventSet
	Writes model.EventSet
}

// RaceFree asks whether no two accesses to a shared variable race: in no
// reachable state are two moves possible that both access the same variable,
// one at least writing it, each with a participant that the other lacks (see
// explore.Mover). That is the data race of the
// memory models (Boehm, Adve, "Foundations of the C++ concurrency memory
// model", 2008) in sequentially consistent executions, which are all that
// matter until there is a race.
//
// A move is known by the event that the world sees, after all renaming, or, if
// that was hidden, by its name where it was hidden.
//
// The counterexample, of Kind Race, is a shortest path to a state with a
// race. The system must be an explore.Mover: a network, and no single machine.
func RaceFree(ctx context.Context, sys explore.System, variables []Variable, limits explore.Limits) (*Verdict, error) {
	q, err := raceFree(sys, variables)
	if err != nil {
		return nil, err
	}
	return q.run(ctx, limits)
}

// mover returns sys as one that knows who does what.
func mover(sys explore.System, topic Topic) (explore.Mover, error) {
	m, ok := sys.(explore.Mover)
	if !ok {
		return nil, fmt.Errorf("%s is a question about the components of a system, and this one is not made of any: build a network of them", topic)
	}
	return m, nil
}

func raceFree(sys explore.System, variables []Variable) (*inquiry, error) {
	m, err := mover(sys, RaceFreedom)
	if err != nil {
		return nil, err
	}
	for i, v := range variables {
		if v.Reads == nil || v.Writes == nil {
			return nil, fmt.Errorf("variable %d of %d lacks a set of events: reads and writes may be empty, not nil", i, len(variables))
		}
	}
	r := &races{sys: m, variables: variables}
	return &inquiry{sys: sys, spoilt: r.at, tell: r.tell}, nil
}

// races looks for races.
type races struct {
	sys       explore.Mover
	variables []Variable
	moves     []*explore.Move
}

// A race is two moves of a state.
type race struct {
	variable int
	first    *explore.Move
	second   *explore.Move
}

// find returns the first race in s, or nil: by variables, then by the moves in
// their order.
func (r *races) find(s []uint64) (*race, error) {
	r.moves = r.moves[:0]
	err := r.sys.Moves(s, r.accesses, func(m *explore.Move) { r.moves = append(r.moves, m) })
	if err != nil || len(r.moves) < 2 {
		return nil, err
	}
	for i, v := range r.variables {
		for j, p := range r.moves {
			for _, q := range r.moves[:j] {
				if v.clash(p, q) && r.sys.Beside(p, q) {
					return &race{i, q, p}, nil
				}
			}
		}
	}
	return nil, nil
}

// accesses reports whether an event is an access to some variable.
func (r *races) accesses(e model.Event) bool {
	return slices.ContainsFunc(r.variables, func(v Variable) bool { return e > model.Tick && v.accesses(e) })
}

func (v *Variable) accesses(e model.Event) bool { return v.Reads.Contains(e) || v.Writes.Contains(e) }

// clash reports whether both moves access v, and one of them writes.
func (v *Variable) clash(p, q *explore.Move) bool {
	return p.Is(v.accesses) && q.Is(v.accesses) && (p.Is(v.Writes.Contains) || q.Is(v.Writes.Contains))
}

func (r *races) at(s []uint64) (bool, error) {
	x, err := r.find(s)
	return x != nil, err
}

// tell tells of the race at the end of a path.
func (r *races) tell(f *finding) (*explore.Counterexample, error) {
	s, err := last(r.sys, f.path)
	if err != nil {
		return nil, err
	}
	x, err := r.find(s)
	if err != nil {
		return nil, err
	}
	b, steps, err := r.sys.Tell(f.path, x.first, x.second)
	if err != nil {
		return nil, err
	}
	b.Loop = -1
	v := &r.variables[x.variable]
	told := &explore.RaceOf{Variable: v.Name}
	for i, m := range []*explore.Move{x.first, x.second} {
		told.Accesses[i] = explore.Access{Step: steps[i], Writes: m.Is(v.Writes.Contains)}
	}
	return &explore.Counterexample{Kind: explore.Race, Impl: *b, Race: told}, nil
}

// last returns the state at the end of a path.
func last(sys explore.System, path []explore.PathStep) ([]uint64, error) {
	if n := len(path); n > 0 {
		return path[n-1].State, nil
	}
	s := make([]uint64, sys.Width())
	return s, sys.Initial(s)
}
