package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/render"
)

// A prober stands in a state of a process, at the end of the path that led
// there, and remembers what was ahead when it went back.
type prober struct {
	ctx     context.Context
	sys     explore.System
	limits  explore.Limits
	random  *rand.Rand
	path    []explore.PathStep
	at      int // it stands after path[:at]
	choices []explore.PathStep
	arrived int // how often it has arrived somewhere

	saved func(file string) ([]*saved, error) // reads saved counterexamples
}

func newProber(ctx context.Context, sys explore.System, limits explore.Limits, seed uint64) (*prober, error) {
	limits.Progress = nil
	p := &prober{ctx: ctx, sys: sys, limits: limits, random: rand.New(rand.NewPCG(seed, 0))}
	return p, p.arrive()
}

// state returns the state after so many steps.
func (p *prober) state(steps int) ([]uint64, error) {
	if steps > 0 {
		return p.path[steps-1].State, nil
	}
	s := make([]uint64, p.sys.Width())
	return s, p.sys.Initial(s)
}

// arrive finds out what can happen where the prober stands: each event and
// state once, in the System's order.
func (p *prober) arrive() error {
	s, err := p.state(p.at)
	if err != nil {
		return err
	}
	p.choices, err = stepsFrom(p.sys, s)
	p.arrived++
	return err
}

func stepsFrom(sys explore.System, s []uint64) ([]explore.PathStep, error) {
	var steps explore.Steps
	if err := sys.Successors(s, &steps); err != nil {
		return nil, err
	}
	var out []explore.PathStep
	seen := map[string]bool{}
	w := sys.Width()
	for i, e := range steps.Events {
		to := steps.States[i*w : (i+1)*w]
		if k := fmt.Sprint(e, " ", stateKey(to)); !seen[k] {
			seen[k] = true
			out = append(out, explore.PathStep{Event: e, State: slices.Clone(to)})
		}
	}
	return out, nil
}

func (p *prober) name(e model.Event) string { return p.sys.Events().Name(e) }

// add does a step. What was ahead is kept if the step is the next of it.
func (p *prober) add(step explore.PathStep) {
	if p.at == len(p.path) || p.path[p.at].Event != step.Event || !slices.Equal(p.path[p.at].State, step.State) {
		p.path = append(p.path[:p.at:p.at], step)
	}
	p.at++
}

// choose does the n-th of the choices, from 1.
func (p *prober) choose(n int) error {
	if n < 1 || n > len(p.choices) {
		return fmt.Errorf("there is no choice %d: %s", n, p.several())
	}
	p.add(p.choices[n-1])
	return p.arrive()
}

func (p *prober) several() string {
	switch len(p.choices) {
	case 0:
		return "nothing can happen"
	case 1:
		return "there is only 1"
	}
	return fmt.Sprintf("there are 1 to %d", len(p.choices))
}

// chooseEvent does the one choice that is an event.
func (p *prober) chooseEvent(event string) error {
	var found []string
	n := 0
	for i, c := range p.choices {
		if p.name(c.Event) == event {
			n = i + 1
			found = append(found, fmt.Sprint(n))
		}
	}
	switch len(found) {
	case 0:
		return fmt.Errorf("%s cannot happen now; it is no command, either", shortName(event))
	case 1:
		return p.choose(n)
	}
	return fmt.Errorf("%s can happen in several ways: choose %s by its number", event, strings.Join(found, " or "))
}

// back and forward go along the path, n steps or as many as there are.
func (p *prober) back(n int) error {
	if p.at == 0 {
		return errors.New("this is the beginning")
	}
	p.at -= min(n, p.at)
	return p.arrive()
}

func (p *prober) forward(n int) error {
	if p.at == len(p.path) {
		return errors.New("nothing is ahead")
	}
	p.at += min(n, len(p.path)-p.at)
	return p.arrive()
}

// walk does n steps at random, or as many as can be done, and says how many.
func (p *prober) walk(n int) (int, error) {
	for i := range n {
		if len(p.choices) == 0 {
			return i, nil
		}
		if l := explore.Cancelled(p.ctx); l != nil {
			return i, l
		}
		if err := p.choose(1 + p.random.IntN(len(p.choices))); err != nil {
			return i, err
		}
	}
	return n, nil
}

// until goes a shortest way to where an event, or one of a channel, has just
// happened.
func (p *prober) until(ctx context.Context, event string) error {
	s, err := p.state(p.at)
	if err != nil {
		return err
	}
	is := func(e model.Event) bool {
		name := p.name(e)
		return name == event || strings.HasPrefix(name, event+".")
	}
	sys := &startingIn{p.sys, s}
	var last explore.PathStep
	end := -1
	search, err := explore.Run(ctx, sys, p.limits, func(v *explore.Visit) bool {
		w := sys.Width()
		for i, e := range v.Steps.Events {
			if is(e) {
				last = explore.PathStep{Event: e, State: slices.Clone(v.Steps.States[i*w : (i+1)*w])}
				end = v.State
				return false
			}
		}
		return true
	})
	if ctx.Err() != nil {
		return cutShort(ctx, "until "+shortName(event), search.Stats)
	}
	if err != nil {
		return err
	}
	if end < 0 {
		return fmt.Errorf("from here %s never happens (%s searched)", shortName(event), plural(search.States, "state"))
	}
	way, err := search.Path(end)
	if err != nil {
		return err
	}
	for _, step := range append(way, last) {
		p.add(step)
	}
	return p.arrive()
}

// startingIn is a System from another state on.
type startingIn struct {
	explore.System
	state []uint64
}

func (s *startingIn) Initial(out []uint64) error {
	copy(out, s.state)
	return nil
}

// load goes along a saved counterexample or path, to its end.
func (p *prober) load(file string) error {
	all, err := p.saved(file)
	if err != nil {
		return err
	}
	one, err := pick(all, 0, "write the line of its assertion after the file's name")
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	path, err := retrace(p.ctx, p.sys, &one.Impl, p.limits)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	p.path, p.at = path, len(path)
	return p.arrive()
}

// save writes the path so far, in the form of a counterexample.
func (p *prober) save(file string) error {
	b, err := explore.Explain(p.sys, p.path[:p.at])
	if err != nil {
		return err
	}
	f, err := os.Create(file)
	if err != nil {
		return plainPathError(err)
	}
	return errors.Join(render.JSON(f, &explore.Counterexample{Kind: explore.Walk, Impl: *b}), f.Close())
}

// trace is the visible events so far.
func (p *prober) trace() []string {
	tr := []string{}
	for _, s := range p.path[:p.at] {
		if s.Event != model.Tau {
			tr = append(tr, p.name(s.Event))
		}
	}
	return tr
}
