package render

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/emicklei/dot"
)

// A Graph is a state graph to be drawn or written. It is plain data.
type Graph struct {
	Name    string
	Initial int
	States  []State
	Edges   []Edge
}

// A State of a Graph.
type State struct {
	Name       string // shown if it is short; "" is the state's number
	Deadlocked bool   // it has no transitions, and ✓ does not lead to it
	Terminated bool   // ✓ leads to it
}

// An Edge is a transition: "τ" and "✓" are the two special events.
type Edge struct {
	From, To int
	Event    string
}

const (
	splineEdges  = 60  // drawn edges; above, Graphviz's splines may take minutes
	maxLaidOut   = 500 // states; above, a layout is neither quick nor readable
	maxStateName = 14
	eventsOnEdge = 5
)

// A TooLarge error says that a graph should not be laid out.
type TooLarge struct{ States int }

func (e *TooLarge) Error() string {
	return fmt.Sprintf("%s are too many for a picture, %s are the most: write the graph as dot, aut or json instead, "+
		"draw a compressed process, or draw a counterexample's path", count(e.States, "state"), number(maxLaidOut))
}

// Drawable returns a *TooLarge error if a layout of g would take too long to
// make or to read. GraphDOT writes it all the same.
func (g *Graph) Drawable() error {
	if len(g.States) > maxLaidOut {
		return &TooLarge{len(g.States)}
	}
	return nil
}

// GraphDOT draws g: the initial, the deadlocked and the terminated states by
// shape and colour, τ dashed. The events that lead from one state to another
// share an edge, but for τ, which has its own.
//
// It keeps the whole picture in memory, some hundred bytes an edge; Aut
// streams.
func GraphDOT(w io.Writer, g *Graph) error {
	if err := g.check(); err != nil {
		return err
	}
	edges := g.merged()
	size := count(len(g.States), "state") + ", " + count(len(g.Edges), "transition")
	d := newDrawing(processName(g.Name), "", size+" · dashed: τ")
	d.Attrs("rankdir", "LR", "nodesep", "0.4", "ranksep", "0.5")
	labelled := "label"
	if len(edges) > splineEdges {
		// A label in the ranks would stand where a spline would have gone; an
		// xlabel stands where the straight line goes.
		labelled = "xlabel"
		d.Attrs("nodesep", "0.5", "ranksep", "0.9", "splines", "line", "nslimit", "0.2", "nslimit1", "0.5", "mclimit", "0.2")
	}

	nodes := make([]dot.Node, len(g.States))
	for i, s := range g.States {
		name, tip := fmt.Sprint(i), short(s.Name, maxReason)
		if s.Name != "" && width(tip) <= maxStateName {
			name = tip
		}
		var attrs []any
		switch {
		case s.Terminated:
			attrs = terminated(name)
		case s.Deadlocked:
			attrs = deadlocked(name)
		default:
			attrs = ordinary(name)
		}
		if width(name) > 3 && !s.Terminated && !s.Deadlocked {
			attrs = append(attrs, "shape", "ellipse", "margin", "0.06,0.03")
		}
		if i == g.Initial && !s.Terminated && !s.Deadlocked {
			attrs = initial(name) // in the others the arrow from nowhere must do
		}
		if tip != "" {
			attrs = append(attrs, "tooltip", plainLabel(tip))
		}
		nodes[i] = d.node(fmt.Sprintf("s%09d", i), attrs...)
	}
	d.edge(d.node("from", "label", "", "shape", "point", "width", "0.06", "color", blue), nodes[g.Initial],
		"color", blue, "penwidth", "1.5")

	for _, e := range edges {
		attrs := []any{labelled, lines(firstOf(e.events, eventsOnEdge)), "fontsize", "10"}
		if e.tau {
			attrs = append(attrs, "style", "dashed", "color", grey, "fontcolor", grey)
		}
		d.edge(nodes[e.from], nodes[e.to], attrs...)
	}
	return d.write(w)
}

func (g *Graph) check() error {
	n := len(g.States)
	if g.Initial < 0 || g.Initial >= n {
		return fmt.Errorf("render: the initial state is %d of %d", g.Initial, n)
	}
	for _, e := range g.Edges {
		if e.From < 0 || e.From >= n || e.To < 0 || e.To >= n {
			return fmt.Errorf("render: an edge from state %d to %d of %d", e.From, e.To, n)
		}
	}
	return nil
}

// A mergedEdge is all τ, or all else, from one state to another.
type mergedEdge struct {
	from, to int
	tau      bool
	events   []string
}

func (g *Graph) merged() []mergedEdge {
	sorted := slices.Clone(g.Edges)
	slices.SortStableFunc(sorted, func(a, b Edge) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To),
			cmp.Compare(boolInt(a.Event == "τ"), boolInt(b.Event == "τ")))
	})
	var out []mergedEdge
	for _, e := range sorted {
		tau := e.Event == "τ"
		if k := len(out) - 1; k < 0 || out[k].from != e.From || out[k].to != e.To || out[k].tau != tau {
			out = append(out, mergedEdge{from: e.From, to: e.To, tau: tau})
		}
		last := &out[len(out)-1]
		last.events = append(last.events, label(e.Event, "", maxEvent))
	}
	for i := range out {
		out[i].events = distinct(out[i].events)
	}
	return out
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
