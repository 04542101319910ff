package model

import (
	"cmp"
	"slices"
)

// An edge is a transition of a machine in the making.
type edge struct {
	from, to State
	event    Event
}

func (t edge) compare(u edge) int {
	return cmp.Or(cmp.Compare(t.from, u.from), cmp.Compare(t.event, u.event), cmp.Compare(t.to, u.to))
}

// An edgeList has edges in chunks: there may be very many, and a slice that
// grows is there twice for a while.
type edgeList struct {
	n      int
	chunks [][]edge // all but the last are full
}

// The first chunk has few edges, the next ones as many as there are by then,
// but no more than many.
const (
	fewEdges  = 8
	manyEdges = 1 << 16
)

func (l *edgeList) add(t edge) {
	last := len(l.chunks) - 1
	if last < 0 || len(l.chunks[last]) == cap(l.chunks[last]) {
		l.chunks = append(l.chunks, make([]edge, 0, max(fewEdges, min(l.n, manyEdges))))
		last++
	}
	l.chunks[last] = append(l.chunks[last], t)
	l.n++
}

func (l *edgeList) all(yield func(edge) bool) {
	for _, chunk := range l.chunks {
		for _, t := range chunk {
			if !yield(t) {
				return
			}
		}
	}
}

// sort puts them in the order of a Machine, each once. It is quick if they came
// like that.
func (l *edgeList) sort() {
	rising, before := true, edge{from: -1}
	for t := range l.all {
		if rising = before.compare(t) < 0; !rising {
			break
		}
		before = t
	}
	if rising {
		return
	}
	edges := slices.Concat(l.chunks...)
	slices.SortFunc(edges, edge.compare)
	edges = slices.Compact(edges)
	l.n, l.chunks = len(edges), [][]edge{edges}
}
