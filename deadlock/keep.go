package deadlock

import (
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/explore/checkpoint"
)

// This file writes what questions have gathered during a search to a file,
// and reads it back: see explore.Visitor.

// unkept is for searches that only prepare another, or look whether there is a
// better counterexample: they are short, and done again when a run is resumed.
func unkept(l explore.Limits) explore.Limits {
	l.Checkpoint = nil
	return l
}

func (g *taus) save(w *checkpoint.Writer) {
	w.Int(g.expanded)
	falling := 0
	if g.falling {
		falling = 1
	}
	w.Int(falling)
	w.Int(g.enough)
	w.Int(len(g.chunks))
	for _, c := range g.chunks {
		w.Small(c.sources)
		w.Small(c.ends)
		w.Small(c.targets)
	}
}

func (g *taus) load(r *checkpoint.Reader) {
	g.expanded, g.falling, g.enough = r.Int(), r.Int() != 0, r.Int()
	last := -1
	for k := r.Int(); k > 0 && r.Err() == nil; k-- {
		c := &tauChunk{r.Small(), r.Small(), r.Small()}
		n := len(c.sources)
		good := n > 0 && n <= tauSources && (n == tauSources || k == 1) && len(c.ends) == n &&
			slices.IsSorted(c.ends) && int(c.ends[n-1]) == len(c.targets)
		for _, s := range c.sources {
			good = good && int(s) > last && int(s) < g.expanded
			last = int(s)
		}
		if !good {
			r.Fail("its numbers do not fit together")
			return
		}
		g.chunks = append(g.chunks, c)
	}
}

// steady reports whether numbers do not fall, and are at most the last.
func steady(ns []int, last int) bool {
	for i, n := range ns {
		if n > last || i > 0 && n < ns[i-1] {
			return false
		}
	}
	return true
}

func (g *graph) save(w *checkpoint.Writer) {
	w.Ints(g.first)
	w.Small(g.targets)
}

func (g *graph) load(r *checkpoint.Reader) {
	g.first, g.targets = r.Ints(), r.Small()
	if !steady(g.first, len(g.targets)) {
		r.Fail("its numbers do not fit together")
	}
}

func (g *chart) save(w *checkpoint.Writer) {
	w.Ints(g.first)
	steps := make([]uint32, 0, 2*len(g.steps))
	for _, x := range g.steps {
		steps = append(steps, x.to, x.by)
	}
	w.Small(steps)
	w.Small(g.ready)
	w.Small(g.waits)
	w.Int(len(g.sets))
	for i := range g.sets {
		w.Ints(g.sets[i])
		w.Int(len(g.takes[i])) // whether it is a set of who moves
	}
}

func (g *chart) load(r *checkpoint.Reader) {
	g.first = r.Ints()
	steps := r.Small()
	g.ready, g.waits = r.Small(), r.Small()
	for range r.Int() {
		set := r.Ints()
		if r.Int() > 0 && r.Err() == nil {
			g.moving(set)
		} else if r.Err() == nil {
			g.set(set)
		} else {
			return
		}
	}
	for i := 0; i+1 < len(steps); i += 2 {
		g.steps = append(g.steps, charted{steps[i], steps[i+1]})
	}
	n := len(g.sets)
	beyond := func(sets []uint32) bool {
		for _, s := range sets {
			if int(s) >= n {
				return true
			}
		}
		return false
	}
	for _, x := range g.steps {
		if int(x.by) >= n {
			r.Fail("its numbers do not fit together")
		}
	}
	if !steady(g.first, len(g.steps)) || beyond(g.ready) || beyond(g.waits) {
		r.Fail("its numbers do not fit together")
	}
}

// visitor makes a graph the visitor of its search.
func (g *graph) visitor() *explore.Visitor {
	return &explore.Visitor{Name: "all states", Visit: g.visit, Save: g.save, Load: g.load}
}
