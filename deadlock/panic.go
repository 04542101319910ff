package deadlock

import (
	"context"
	"errors"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// NoPanic asks whether none of the events can ever happen, in sight of the
// world or hidden: as for RaceFree, an event is known by the name that the
// world sees or, if it was hidden, by its name where it was hidden.
//
// The counterexample, of Kind Panic, is a shortest path whose last step is
// such an event. Of a system that is no explore.Mover (a single machine) only
// visible events are known.
func NoPanic(ctx context.Context, sys explore.System, events model.EventSet, limits explore.Limits) (*Verdict, error) {
	q, err := noPanic(sys, events)
	if err != nil {
		return nil, err
	}
	return q.run(ctx, limits)
}

func noPanic(sys explore.System, events model.EventSet) (*inquiry, error) {
	if events == nil {
		return nil, errors.New("a panic is one of a set of events: none is given")
	}
	p := &panics{sys: sys, events: events}
	return &inquiry{sys: sys, spoilt: p.at, tell: p.tell}, nil
}

// panics looks for events that must not happen.
type panics struct {
	sys    explore.System
	events model.EventSet
	steps  explore.Steps
}

func (p *panics) wanted(e model.Event) bool { return e > model.Tick && p.events.Contains(e) }

func (p *panics) at(s []uint64) (bool, error) {
	m, err := p.find(s)
	return m != nil, err
}

// find returns the first move in s that is a panic, or nil.
func (p *panics) find(s []uint64) (found *explore.Move, err error) {
	err = p.each(s, func(m *explore.Move) {
		if found == nil {
			found = m
		}
	})
	return found, err
}

// each tells the moves in s that are panics.
func (p *panics) each(s []uint64, tell func(*explore.Move)) error {
	if m, ok := p.sys.(explore.Mover); ok {
		return m.Moves(s, p.wanted, tell)
	}
	p.steps.Reset()
	if err := p.sys.Successors(s, &p.steps); err != nil {
		return err
	}
	for _, e := range p.steps.Events {
		if p.wanted(e) {
			tell(&explore.Move{Event: e})
		}
	}
	return nil
}

// tell tells of the panic that is possible at the end of a path: as one step
// more. What other moves by the same event would have led to is among the
// roads not taken.
func (p *panics) tell(f *finding) (*explore.Counterexample, error) {
	s, err := last(p.sys, f.path)
	if err != nil {
		return nil, err
	}
	move, err := p.find(s)
	if err != nil {
		return nil, err
	}
	p.steps.Reset()
	if err := p.sys.Successors(s, &p.steps); err != nil {
		return nil, err
	}
	w := p.sys.Width()
	var told []explore.Step
	m, known := p.sys.(explore.Mover)
	if known {
		if _, told, err = m.Tell(f.path, move); err != nil {
			return nil, err
		}
	}
	var b *explore.Behaviour
	for i, e := range p.steps.Events {
		if e != move.Event {
			continue
		}
		step := explore.PathStep{Event: e, State: p.steps.States[i*w : (i+1)*w]}
		if b, err = story(p.sys, &finding{append(f.path[:len(f.path):len(f.path)], step), -1}); err != nil {
			return nil, err
		}
		end := &b.Steps[len(b.Steps)-1]
		if !known || samePanic(end, &told[0]) {
			break
		}
		// Another step that looks the same; if no better one comes, what leads
		// to its state is told as the panic that it is.
		end.Hidden, end.Parts = told[0].Hidden, told[0].Parts
	}
	return &explore.Counterexample{Kind: explore.Panic, Impl: *b}, nil
}

func samePanic(a, b *explore.Step) bool {
	if a.Hidden != b.Hidden || len(a.Parts) != len(b.Parts) {
		return false
	}
	for i := range a.Parts {
		if a.Parts[i].Component != b.Parts[i].Component || a.Parts[i].Event != b.Parts[i].Event {
			return false
		}
	}
	return true
}
