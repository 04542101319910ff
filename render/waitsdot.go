package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/cspcheck/cspcheck/explore"
)

const (
	maxWaits       = 40 // edges in a picture
	ringDrawn      = 24 // components of a cycle in a picture
	eventsTogether = 3  // on an edge
	shortReason    = 48
)

// WaitsDOT draws who waits for whom after the last step: an edge leads from
// a component that waits to one that would have to join in, and is labelled
// with the event and the reason why it does not. The shortest cycle is bold.
// Of very many waits the cycle's are drawn first, and the picture says how
// many are not.
func WaitsDOT(w io.Writer, ce *explore.Counterexample) error {
	if err := check(ce); err != nil {
		return err
	}
	b := &ce.Impl
	names := componentNames(b.Components, maxName)
	cycle := WaitCycle(b)
	edges := waitEdges(b, cycle)

	legend := "arrow: waits for"
	if cycle != nil {
		legend += " · bold: a cycle"
	}
	drawn := edges
	if len(edges) > maxWaits {
		drawn = chooseWaits(edges, cycle)
		legend += " · " + count(len(edges)-len(drawn), "more wait") + " not drawn"
	}
	if len(edges) == 0 {
		legend = "nobody waits for anybody"
	}
	x := explain(ce)
	d := newDrawing(x.Headline, x.Paragraph(), legend)
	d.Attrs("nodesep", "0.6", "ranksep", "0.55")

	component := func(c int) string { return fmt.Sprintf("c%06d", c) }
	draw := func(c int) {
		label := names[c]
		attrs := []any{"shape", "box", "style", "rounded,filled", "fillcolor", paleGrey, "color", grey, "margin", "0.16,0.08", "height", "0.4"}
		if slices.Contains(cycle, c) {
			attrs = append(attrs, "fillcolor", paleRed, "color", red, "penwidth", "2.5")
		}
		if len(b.Ends) > 0 && b.Ends[c].Status != explore.Running {
			label += " (" + short(string(b.Ends[c].Status), maxEvent) + ")"
			attrs = append(attrs, "style", "rounded,filled,dashed")
		}
		d.node(component(c), append(attrs, "label", plainLabel(label))...)
	}
	for i, e := range drawn {
		draw(e.from)
		to := fmt.Sprintf("n%06d", i)
		if e.to >= 0 {
			to = component(e.to)
			draw(e.to)
		} else {
			d.node(to, append(aside("nobody"), "fontsize", "11")...)
		}
		attrs := []any{"label", boldLines(firstOf(e.events, eventsTogether), e.reason), "color", pale}
		if e.ring {
			attrs = append(attrs, "color", red, "penwidth", "2.5", "weight", "10", "style", "bold")
		}
		d.edge(d.node(component(e.from)), d.node(to), attrs...)
	}
	if gap, ok := ringGap(drawn, cycle); ok {
		d.node("gap", aside("⋮  "+count(gap.left, "component")+" of the cycle left out  ⋮")...)
		d.edge(d.node(component(gap.from)), d.node("gap"), "style", "dotted", "color", red, "penwidth", "2.5", "arrowhead", "none")
		d.edge(d.node("gap"), d.node(component(gap.to)), "style", "dotted", "color", red, "penwidth", "2.5")
	}
	return d.write(w)
}

// A waitEdge is all waits of one component for another that have the same
// reason.
type waitEdge struct {
	from, to int // to is -1 where nobody can ever join in
	events   []string
	reason   string
	ring     bool // on the cycle
}

func waitEdges(b *explore.Behaviour, cycle []int) []waitEdge {
	next := make(map[int]int)
	for i, c := range cycle {
		next[c] = cycle[(i+1)%len(cycle)]
	}
	type key struct {
		from, to int
		reason   string
	}
	var edges []waitEdge
	index := make(map[key]int)
	for _, w := range b.Waits {
		for _, f := range w.For {
			k := key{w.Component, f.Component, short(f.Reason, shortReason)}
			// Such a reason names its event: without it those of many are one.
			if neverDoes(f) {
				k.reason = neverThem(f)
			}
			i, ok := index[k]
			if !ok {
				i = len(edges)
				index[k] = i
				to, on := next[k.from]
				edges = append(edges, waitEdge{from: k.from, to: k.to, reason: short(f.Reason, shortReason), ring: on && to == k.to})
			} else if !slices.Contains(edges[i].events, label(w.Event, "", maxEvent)) {
				edges[i].reason = k.reason
			}
			edges[i].events = append(edges[i].events, label(w.Event, "", maxEvent))
		}
	}
	for i := range edges {
		edges[i].events = distinct(edges[i].events)
	}
	return edges
}

// neverThem is the reason of somebody who never does any of several events.
func neverThem(f explore.Blocker) string {
	if strings.HasSuffix(f.Reason, " again") {
		return "never does them again"
	}
	return "never does them"
}

// chooseWaits keeps maxWaits edges: the cycle's, but for the middle of a long
// one, then the first of the others.
func chooseWaits(edges []waitEdge, cycle []int) []waitEdge {
	var kept, others []waitEdge
	place := make(map[int]int)
	for i, c := range cycle {
		place[c] = i
	}
	for _, e := range edges {
		switch {
		case !e.ring:
			others = append(others, e)
		case len(cycle) <= ringDrawn || place[e.from] < ringDrawn/2 || place[e.from] >= len(cycle)-ringDrawn/2:
			kept = append(kept, e)
		}
	}
	room := max(0, maxWaits-len(kept))
	kept = kept[:min(len(kept), maxWaits)]
	return append(kept, others[:min(room, len(others))]...)
}

type ringGapAt struct{ from, to, left int }

// ringGap finds the part of the cycle that is not drawn.
func ringGap(drawn []waitEdge, cycle []int) (ringGapAt, bool) {
	has := make(map[int]bool)
	for _, e := range drawn {
		if e.ring {
			has[e.from] = true
		}
	}
	for i, c := range cycle {
		if has[c] {
			continue
		}
		// c itself is drawn, being waited for; its own wait is not.
		j := i
		for j < len(cycle) && !has[cycle[j]] {
			j++
		}
		return ringGapAt{from: c, to: cycle[j%len(cycle)], left: j - i - 1}, true
	}
	return ringGapAt{}, false
}
