package render

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/emicklei/dot"

	"github.com/cspcheck/cspcheck/explore"
)

// How much of a path a picture holds.
const (
	firstDrawn, lastDrawn = 8, 10 // steps of a long path
	nearLoop              = 2     // steps before and after the loop's start
	someRoads             = 3     // not taken, at a state
	someParts             = 3
)

// PathDOT draws the implementation's path through its state graph: the steps
// taken, bold, and the roads not taken, dashed. State n is the one after n
// steps. The middle of a long path is left out, and the picture says so.
func PathDOT(w io.Writer, ce *explore.Counterexample) error {
	if err := check(ce); err != nil {
		return err
	}
	legend := "bold: the path · dashed: roads not taken"
	if ce.Impl.Loop >= 0 {
		legend = "bold: the path · orange, hollow heads: for ever · dashed: roads not taken"
	}
	x := explain(ce)
	p := &pathDrawing{
		drawing: newDrawing(x.Headline, x.Paragraph(), legend),
		b:       &ce.Impl,
		kind:    ce.Kind,
		end:     endOf(ce),
		names:   componentNames(ce.Impl.Components, maxName),
	}
	return p.draw(w)
}

// SpecDOT draws what stands beside the implementation's behaviour, as PathDOT
// does that: the specification's by the same trace or, of nondeterminism,
// the process's other one.
func SpecDOT(w io.Writer, ce *explore.Counterexample) error {
	if err := check(ce); err != nil {
		return err
	}
	if ce.Spec == nil {
		return errors.New("render: there is no specification's behaviour")
	}
	p := &pathDrawing{b: ce.Spec, names: componentNames(ce.Spec.Components, maxName)}
	title := "The specification, " + specName(ce)
	switch ce.Kind {
	case explore.TraceViolation:
		p.end = "allows only " + shortSet(ce.Allowed)
		if ce.AllowedSet != "" {
			p.end = "allows only " + short(ce.AllowedSet, maxEvent)
		}
	case explore.Refusal:
		p.end = "is not stable"
		if len(ce.Acceptances) > 0 {
			p.end = "offers at least " + shortSet(ce.Acceptances[0])
		}
		if more := len(ce.Acceptances) - 1; more > 0 {
			p.end += ", or others"
		}
	case explore.Divergence:
		p.end = "does not diverge"
	case explore.Nondeterminism:
		title = specName(ce) + " may refuse " + label(ce.Impl.Steps[len(ce.Impl.Steps)-1].Event, "", maxEvent)
		p.end = "refuses"
	}
	p.good = ce.Kind != explore.Nondeterminism
	p.drawing = newDrawing(title, "", "bold: the path · dashed: roads not taken")
	return p.draw(w)
}

// shortSet names a few of a set of events.
func shortSet(events []string) string {
	var words []string
	for _, e := range firstOf(events, someRoads) {
		words = append(words, short(e, maxEvent))
	}
	if len(words) == 0 {
		return "nothing"
	}
	return strings.Join(words, ", ")
}

func (p *pathDrawing) draw(w io.Writer) error {
	p.choose()
	p.states()
	p.steps()
	p.roads()
	return p.write(w)
}

// endOf says what is wrong at the end of a path, in a word or two.
func endOf(ce *explore.Counterexample) string {
	switch ce.Kind {
	case explore.TraceViolation:
		return "not allowed"
	case explore.Refusal:
		return "refuses"
	case explore.Nondeterminism:
		return "or not"
	case explore.Race:
		return "race"
	case explore.Panic:
		return "panic"
	case explore.Bypass:
		return "overtaken"
	case explore.NoTrace:
		return "no " + label(ce.Wanted[len(ce.Impl.Trace())], "", maxEvent)
	}
	return ""
}

type pathDrawing struct {
	*drawing
	b     *explore.Behaviour
	kind  explore.Kind
	end   string // what the last state is called; "": by its kind
	good  bool   // the end is as it should be
	names []string
	drawn []bool // by state; states that are left out have no node
}

// choose decides which states are drawn. A single state is never left out:
// saying so would take as much room.
func (p *pathDrawing) choose() {
	n := len(p.b.Steps)
	p.drawn = make([]bool, n+1)
	for i := range p.drawn {
		p.drawn[i] = n <= firstDrawn+lastDrawn+2 || i <= firstDrawn || i >= n-lastDrawn ||
			p.b.Loop >= 0 && i >= p.b.Loop-nearLoop && i <= p.b.Loop+nearLoop
	}
	for i := 1; i < n; i++ {
		if p.drawn[i-1] && p.drawn[i+1] {
			p.drawn[i] = true
		}
	}
}

// at is the drawn state i; after the loop's last step the loop starts again.
func (p *pathDrawing) at(i int) int {
	if p.b.Loop >= 0 && i == len(p.b.Steps) {
		return p.b.Loop
	}
	return i
}

func (p *pathDrawing) state(i int) dot.Node { return p.node(fmt.Sprintf("s%06d", p.at(i))) }

// last is the index of the last state that has a node of its own.
func (p *pathDrawing) last() int {
	if p.b.Loop >= 0 {
		return len(p.b.Steps) - 1
	}
	return len(p.b.Steps)
}

func (p *pathDrawing) states() {
	for i := 0; i <= p.last(); i++ {
		if !p.drawn[i] {
			continue
		}
		name := number(i)
		if i == 0 {
			name = "start"
		}
		attrs := ordinary(name)
		if i == 0 {
			attrs = initial(name)
		}
		if p.b.Loop >= 0 && i >= p.b.Loop {
			attrs = append(attrs, "fillcolor", paleOrange, "color", orange)
		}
		if i == len(p.b.Steps) && p.b.Loop < 0 && p.end != "" {
			attrs = deadlocked(p.end)
			if p.good {
				attrs = append(attrs, "fillcolor", paleGreen, "color", green, "shape", "box")
			}
		} else if i == len(p.b.Steps) && len(p.b.Final) == 0 {
			switch {
			case p.kind == explore.Termination, i > 0 && p.b.Steps[i-1].Event == "✓":
				attrs = terminated("✓")
			case p.kind == explore.Deadlock && i == 0:
				attrs = deadlocked("start: deadlock")
			case p.kind == explore.Deadlock:
				attrs = deadlocked("deadlock")
			case p.kind == explore.Stuck, p.kind == explore.Leak, p.kind == explore.Lost:
				attrs = deadlocked(string(p.kind))
			}
		}
		p.node(fmt.Sprintf("s%06d", i), attrs...)
	}
}

func (p *pathDrawing) steps() {
	for i := 0; i < len(p.b.Steps); i++ {
		if !p.drawn[i+1] {
			i = p.leaveOut(i)
			continue
		}
		s := &p.b.Steps[i]
		label := boldLines([]string{eventName(s, maxEvent)}, p.who(s))
		attrs := []any{"label", label, "penwidth", "2.2", "weight", "100"}
		if p.b.Loop >= 0 && i >= p.b.Loop {
			attrs = append(attrs, "color", orange, "fontcolor", orange, "arrowhead", "empty")
		}
		p.edge(p.state(i), p.state(i+1), attrs...)
	}
}

// leaveOut draws the gap that begins after state i, and returns the last
// step in it.
func (p *pathDrawing) leaveOut(i int) int {
	j := i + 1
	for !p.drawn[j] {
		j++
	}
	gap := p.node(fmt.Sprintf("s%06d", i+1), aside("⋮  "+count(j-i, "step")+" left out  ⋮")...)
	attrs := []any{"style", "dotted", "penwidth", "2.2", "weight", "100"}
	if p.b.Loop >= 0 && i >= p.b.Loop {
		attrs = append(attrs, "color", orange, "arrowhead", "empty")
	}
	p.edge(p.state(i), gap, append(attrs, "arrowhead", "none")...)
	p.edge(gap, p.state(j), attrs...)
	return j - 1
}

// who is "PHIL(0) with FORK(0)".
func (p *pathDrawing) who(s *explore.Step) string {
	var who []string
	for _, part := range s.Parts {
		who = append(who, p.names[part.Component])
	}
	who = distinct(who)
	if len(who) < 2 {
		return strings.Join(who, "")
	}
	return who[0] + " with " + list(who[1:], someParts-1)
}

// roads draws what else was possible at each drawn state.
func (p *pathDrawing) roads() {
	for i := range p.b.Steps {
		if p.drawn[i] {
			p.roadsAt(i, p.b.Steps[i].Others)
		}
	}
	if p.b.Loop < 0 { // else the last state is the loop's first, and its roads are drawn
		p.roadsAt(len(p.b.Steps), p.b.Final)
	}
}

func (p *pathDrawing) roadsAt(i int, roads []explore.Branch) {
	// Roads to one state are one edge; to elsewhere, each event is a road.
	type road struct {
		to     int
		events []string
	}
	var ways []road
	index := make(map[string]int)
	for _, r := range roads {
		event, to := branchName(&r), r.To
		if to >= 0 && !p.drawn[p.at(to)] {
			to = -1
		}
		key := event
		if to >= 0 {
			to = p.at(to)
			key = fmt.Sprint("\x00", to)
		}
		k, ok := index[key]
		if !ok {
			k = len(ways)
			index[key] = k
			ways = append(ways, road{to: to})
		}
		ways[k].events = append(ways[k].events, event)
	}
	for k := range ways {
		ways[k].events = distinct(ways[k].events)
	}
	more := 0
	for k, r := range ways {
		if k >= someRoads && len(ways) > someRoads+1 {
			more += len(r.events)
			continue
		}
		to := p.state(max(r.to, 0))
		if r.to < 0 {
			to = p.node(fmt.Sprintf("t%06d_%d", i, k), dotdotdot()...)
		}
		attrs := append(slices.Clone(unused), "label", lines(firstOf(r.events, someRoads)))
		if r.to == p.at(i) {
			attrs = append(attrs, "tailport", "w", "headport", "w") // the other roads leave to the right
		}
		p.edge(p.state(i), to, attrs...)
	}
	if more > 0 {
		to := p.node(fmt.Sprintf("t%06d_more", i), aside("+"+number(more)+" more")...)
		p.edge(p.state(i), to, unused...)
	}
}

// unused is the look of a road not taken.
var unused = []any{"style", "dashed", "color", pale, "fontcolor", grey, "fontsize", "9", "arrowsize", "0.6", "arrowhead", "open"}
