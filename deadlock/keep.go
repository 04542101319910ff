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

// Outcomes of parts of a question that are over, by name: they are not done again
// when it is resumed, if no system has learnt anything by them.
const (
	outcomeUnsettled = "representatives that do not settle"
	outcomeComposing = "why composition does not answer"
	outcomeOvertaken = "overtaking of task "
)

// lessons are how much systems had learnt at some time; -1 if one can't say.
type lessons []int64

func learnt(systems ...explore.System) lessons {
	var all lessons
	for _, sys := range systems {
		if sys != nil {
			all = append(all, explore.Learnt(sys))
		}
	}
	return all
}

// same reports whether the systems have learnt nothing since.
func (l lessons) same(systems ...explore.System) bool {
	return !slices.Contains(l, -1) && slices.Equal(l, learnt(systems...))
}

func (g *taus) save(w *checkpoint.Writer) {
	w.Int(g.expanded)
	falling := 0
	if g.falling {
		falling = 1
	}
	w.Int(falling)
	w.Int(g.enough)
	g.rows.Save(w)
}

func (g *taus) load(r *checkpoint.Reader) {
	g.expanded, g.falling, g.enough = r.Int(), r.Int() != 0, r.Int()
	g.rows.Load(r)
	last := -1
	for k := 0; k < g.rows.Len() && r.Err() == nil && g.rows.Err() == nil; k++ {
		state, steps := g.at(k)
		if len(steps) == 0 || int(state) <= last || int(state) >= g.expanded {
			r.Fail("its numbers do not fit together")
		}
		last = int(state)
	}
}

func (g *chart) save(w *checkpoint.Writer) {
	g.rows.Save(w)
	w.Small(g.waits)
	w.Int(len(g.sets))
	for i := range g.sets {
		w.Ints(g.sets[i])
		w.Int(len(g.takes[i])) // whether it is a set of who moves
	}
}

func (g *chart) load(r *checkpoint.Reader) {
	g.rows.Load(r)
	g.waits = r.Small()
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
	n := uint32(len(g.sets))
	good := len(g.waits) == g.rows.Len()
	for _, set := range g.waits {
		good = good && set < n
	}
	for i := 0; i < g.rows.Len() && good; i++ {
		row := g.rows.At(i)
		good = len(row)%2 == 1 && row[0] < n
		for k := 2; k < len(row) && good; k += 2 {
			good = row[k] < n
		}
	}
	if !good && g.rows.Err() == nil {
		r.Fail("its numbers do not fit together")
	}
}

// visitor makes a graph the visitor of its search.
func (g *graph) visitor() *explore.Visitor {
	return &explore.Visitor{Name: "all states", Visit: g.visit(), Rows: &g.rows, Save: g.rows.Save, Load: g.rows.Load}
}
