// Package render draws counterexamples and state graphs.
//
// What comes in is plain data: an explore.Counterexample, made by a search,
// by hand, or read back from JSON; or a Graph. What comes out is bytes:
//
//	Explain      what is wrong and why, in two or three sentences; all the others begin with it
//	Text         words and a table, for a terminal
//	HTML         a page to step through
//	SequenceSVG  a sequence diagram; Mermaid and PlantUML write the same as text
//	PathDOT      the path through the state graph, with the roads not taken
//	WaitsDOT     who waits for whom at the path's end
//	GraphDOT     a whole state graph; GraphJSON and GraphML write it for programs
//	NetworkDOT   components, and the channels they share; NetworkJSON writes them for programs
//	Aut          a state graph in the Aldebaran format, streamed
//	JSON         a documented form that ReadJSON reads back
//	SVG          DOT that a Layouter has laid out
//
// The same input gives the same bytes. Names may hold anything: control
// characters are shown as escapes and long names are shortened, so neither
// a terminal, Graphviz nor a browser takes them for commands. Input that
// contradicts itself, such as a step of a component that does not exist, is
// an error. The package starts no process and opens no file.
//
// To read the code, start at Text in text.go, then PathDOT in dot.go.
package render

import (
	"errors"
	"fmt"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
)

// check tells whether every index in ce has something to point at.
func check(ce *explore.Counterexample) error {
	if ce == nil {
		return errors.New("render: no counterexample")
	}
	if err := checkBehaviour(&ce.Impl); err != nil {
		return err
	}
	switch n := len(ce.Impl.Steps); {
	case ce.Kind == explore.Nondeterminism && (ce.Spec == nil || n == 0):
		return errors.New("render: nondeterminism takes two behaviours, one of which does an event")
	case ce.Kind == explore.TraceViolation && n == 0:
		return errors.New("render: no event breaks the specification")
	case ce.Kind == explore.Panic && n == 0:
		return errors.New("render: nothing happens, and so no panic")
	case ce.Kind == explore.NoTrace && len(ce.Impl.Trace()) >= len(ce.Wanted):
		return errors.New("render: the trace that is wanted is there")
	}
	if err := checkParts(ce); err != nil {
		return err
	}
	if ce.Spec != nil {
		return checkBehaviour(ce.Spec)
	}
	return nil
}

// hopeless are the kinds in which something never happens to a task.
var hopeless = []explore.Kind{explore.Stuck, explore.Leak, explore.Starvation}

// checkParts is check for what is told of components.
func checkParts(ce *explore.Counterexample) error {
	if (ce.Kind == explore.Race) != (ce.Race != nil) {
		return errors.New("render: a race is of two accesses")
	}
	if slices.Contains(hopeless, ce.Kind) != (ce.Stuck != nil) {
		return errors.New("render: somebody is stuck, leaks or starves")
	}
	if err := checkPassed(ce); err != nil {
		return err
	}
	if (ce.Kind == explore.Lost) != (ce.Lost != nil) {
		return errors.New("render: a notification is lost, or not")
	}
	if x := ce.Lost; x != nil && !(0 <= x.Vain && x.Vain < x.Wait && x.Wait < x.Since && x.Since <= len(ce.Impl.Steps)) {
		return fmt.Errorf("render: a notification in step %d, a wait in %d, lost since %d of %d", x.Vain, x.Wait, x.Since, len(ce.Impl.Steps))
	}
	var parts []int
	if x := ce.Race; x != nil {
		for _, a := range x.Accesses {
			for _, p := range a.Parts {
				parts = append(parts, p.Component)
			}
		}
	}
	if x := ce.Stuck; x != nil {
		if x.Since < 0 || x.Since > len(ce.Impl.Steps) {
			return fmt.Errorf("render: stuck since step %d of %d", x.Since, len(ce.Impl.Steps))
		}
		parts = append(append(parts, x.Components...), x.MainComponents...)
	}
	for _, c := range parts {
		if c < 0 || c >= len(ce.Impl.Components) {
			return fmt.Errorf("render: component %d of %d", c, len(ce.Impl.Components))
		}
	}
	return nil
}

func checkBehaviour(b *explore.Behaviour) error {
	parts := func(where string, ps []explore.Part) error {
		for _, p := range ps {
			if p.Component < 0 || p.Component >= len(b.Components) {
				return fmt.Errorf("render: %s: component %d of %d", where, p.Component, len(b.Components))
			}
		}
		return nil
	}
	branches := func(where string, bs []explore.Branch) error {
		for _, r := range bs {
			if r.To < -1 || r.To > len(b.Steps) {
				return fmt.Errorf("render: %s: a branch to state %d of %d", where, r.To, len(b.Steps)+1)
			}
		}
		return nil
	}
	for i, s := range b.Steps {
		where := fmt.Sprintf("step %d", i+1)
		if err := errors.Join(parts(where, s.Parts), branches(where, s.Others)); err != nil {
			return err
		}
	}
	if b.Loop < -1 || b.Loop >= len(b.Steps) && b.Loop >= 0 {
		return fmt.Errorf("render: the loop starts at step %d of %d", b.Loop+1, len(b.Steps))
	}
	if err := branches("after the last step", b.Final); err != nil {
		return err
	}
	for _, w := range b.Waits {
		if w.Component < 0 || w.Component >= len(b.Components) {
			return fmt.Errorf("render: component %d of %d waits", w.Component, len(b.Components))
		}
		for _, f := range w.For {
			if f.Component < -1 || f.Component >= len(b.Components) {
				return fmt.Errorf("render: waiting for component %d of %d", f.Component, len(b.Components))
			}
		}
	}
	if len(b.Ends) != 0 && len(b.Ends) != len(b.Components) {
		return fmt.Errorf("render: %d ends of %d components", len(b.Ends), len(b.Components))
	}
	for _, e := range b.Ends {
		if err := parts("an end", e.Offers); err != nil {
			return err
		}
	}
	return nil
}
