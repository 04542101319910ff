package render

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/emicklei/dot"
)

// A Graph is a state graph, or a part of one, to be drawn or written. It is
// plain data.
type Graph struct {
	Name    string
	Initial int // a state; -1: it is not in this part
	States  []State
	Edges   []Edge
	Path    []int // edges that follow each other: a counterexample's; nil: none
}

// A State of a Graph.
type State struct {
	Name       string // shown if it is short; "" is the state's number
	Deadlocked bool   // it has no transitions, and ✓ does not lead to it
	Terminated bool   // ✓ leads to it
	Beyond     int    // transitions that lead out of this part
}

// An Edge is a transition: "τ" and "✓" are the two special events.
type Edge struct {
	From, To int
	Event    string
}

const (
	splineEdges  = 150 // drawn edges; above, Graphviz's splines may take minutes
	maxStateName = 14
	eventsOnEdge = 5
)

// MaxLaidOut is how many states a picture should have at most: above, a
// layout is neither quick nor readable.
const MaxLaidOut = 500

// GraphDOT draws g: the initial, the deadlocked and the terminated states by
// shape and colour, τ dashed, the path bold. The events that lead from one
// state to another share an edge, but for τ, and those on the path.
//
// It keeps the whole picture in memory, some hundred bytes an edge; Aut
// streams.
func GraphDOT(w io.Writer, g *Graph) error {
	if err := g.check(); err != nil {
		return err
	}
	edges := g.merged()
	size := count(len(g.States), "state") + ", " + count(len(g.Edges), "transition")
	d := newDrawing(processName(g.Name), "", size+g.legend())
	d.Attrs("rankdir", "LR", "nodesep", "0.4", "ranksep", "0.5")
	labelled := "label"
	if len(edges) > splineEdges {
		// A label in the ranks would stand where a spline would have gone; an
		// xlabel stands where the straight line goes.
		labelled = "xlabel"
		d.Attrs("nodesep", "0.5", "ranksep", "0.9", "splines", "line", "nslimit", "0.2", "nslimit1", "0.5", "mclimit", "0.2")
	}

	nodes := make([]dot.Node, len(g.States))
	for i := range g.States {
		nodes[i] = d.node(fmt.Sprintf("s%09d", i), g.look(i)...)
		if n := g.States[i].Beyond; n > 0 {
			d.edge(nodes[i], d.node(fmt.Sprintf("t%09d", i), dotdotdot()...),
				append(slices.Clone(unused), "arrowhead", "none", "tooltip", count(n, "transition")+" not drawn")...)
		}
	}
	if g.Initial >= 0 {
		d.edge(d.node("from", "label", "", "shape", "point", "width", "0.06", "color", blue), nodes[g.Initial],
			"color", blue, "penwidth", "1.5")
	}
	for _, e := range edges {
		attrs := []any{labelled, lines(firstOf(e.events, eventsOnEdge)), "fontsize", "10"}
		if e.tau {
			attrs = append(attrs, "style", "dashed", "color", grey, "fontcolor", grey)
		}
		if e.path {
			attrs = append(attrs, labelled, boldLines(e.events, ""), "color", ink, "fontcolor", ink, "penwidth", "2.6", "weight", "10")
		}
		d.edge(nodes[e.from], nodes[e.to], attrs...)
	}
	return d.write(w)
}

// legend is what line styles mean, those that there are.
func (g *Graph) legend() string {
	text := " · dashed: τ"
	if len(g.Path) > 0 {
		text += " · bold: the path"
	}
	if slices.ContainsFunc(g.States, func(s State) bool { return s.Beyond > 0 }) {
		text += " · …: there is more"
	}
	return text
}

// look is how state i looks.
func (g *Graph) look(i int) []any {
	s := &g.States[i]
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
	return attrs
}

func (g *Graph) check() error {
	n := len(g.States)
	if g.Initial < -1 || g.Initial >= n || n == 0 {
		return fmt.Errorf("render: the initial state is %d of %d", g.Initial, n)
	}
	for _, e := range g.Edges {
		if e.From < 0 || e.From >= n || e.To < 0 || e.To >= n {
			return fmt.Errorf("render: an edge from state %d to %d of %d", e.From, e.To, n)
		}
	}
	for i, k := range g.Path {
		if k < 0 || k >= len(g.Edges) {
			return fmt.Errorf("render: step %d of the path is edge %d of %d", i+1, k, len(g.Edges))
		}
		if i > 0 && g.Edges[g.Path[i-1]].To != g.Edges[k].From {
			return fmt.Errorf("render: step %d of the path does not begin where the step before ends", i+1)
		}
	}
	return nil
}

// A mergedEdge is all τ, or all else, from one state to another, or all that
// is on the path.
type mergedEdge struct {
	from, to  int
	tau, path bool
	events    []string
}

func (g *Graph) merged() []mergedEdge {
	on := make(map[int]bool)
	for _, k := range g.Path {
		on[k] = true
	}
	order := make([]int, len(g.Edges))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := &g.Edges[i], &g.Edges[j]
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To),
			cmp.Compare(boolInt(on[i]), boolInt(on[j])), cmp.Compare(boolInt(a.Event == "τ"), boolInt(b.Event == "τ")))
	})
	var out []mergedEdge
	for _, i := range order {
		e := &g.Edges[i]
		next := mergedEdge{from: e.From, to: e.To, tau: e.Event == "τ", path: on[i]}
		if k := len(out) - 1; k < 0 || out[k].from != next.from || out[k].to != next.to || out[k].tau != next.tau || out[k].path != next.path {
			out = append(out, next)
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
