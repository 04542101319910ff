package deadlock

import (
	"context"
	"encoding/binary"
	"fmt"
	"iter"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// A chart is all reachable states, the steps between them with who takes part
// in each, and who could. It is for questions about infinite runs: a step that
// stays where it is is one, and two steps between the same states are two if
// others take part in them.
//
// It takes 8 bytes for each step and 12 for each state, besides what a search
// takes; sets of who is concerned are kept once. All but 4 for each state may be
// on disk.
type chart struct {
	*explore.Search
	sys   *since
	tasks []int // places
	up    []int // of places
	leaf  []bool
	units []int // places that are treated fairly

	rows   explore.Rows // by state: the set of units that can move, and two numbers for each step
	waits  []uint32     // by state: the set of tasks that wait, by their index
	sets   []places
	number map[string]uint32 // of sets
	takes  []places          // by set of who moves: all places that take part, those above included
	moves  []places          // by set of who moves: the units that move

	check func() error
	room  func(bytes int64) error
	fixed int64 // bytes of what a look for regions takes for each state
}

// charted is a step: where it leads, and the set of places that move.
type charted struct {
	to, by uint32
}

// places is a sorted set of places, or of tasks.
type places []int

func (p places) has(i int) bool {
	_, ok := slices.BinarySearch(p, i)
	return ok
}

// newChart searches the whole of sys. The error may be a *explore.Limit; the
// chart says what was seen.
func newChart(ctx context.Context, sys explore.Composed, tasks []Task, limits explore.Limits) (*chart, error) {
	g := &chart{sys: &since{Composed: sys, place: -1}, number: map[string]uint32{}, room: limits.Room()}
	g.check = limits.WatchBeside(ctx, func() int64 { return kept(g.Search, &g.rows) + g.fixed })
	for _, t := range tasks {
		g.tasks = append(g.tasks, t.place)
	}
	for _, p := range sys.Places() {
		g.up, g.leaf = append(g.up, p.Up), append(g.leaf, p.Leaf)
	}
	stands := make([]explore.Standing, len(tasks))
	var failed error
	limits.Keep = true
	limits.Enter(explore.Exploring)
	s, err := explore.RunKept(ctx, g.sys, limits, &explore.Visitor{
		Name: "all states, and who moves",
		Visit: func(v *explore.Visit) bool {
			failed = g.visit(v, stands)
			return failed == nil
		},
		Rows: &g.rows, Save: g.save, Load: g.load,
		Again: func(words []uint64) error {
			own := g.sys.plain(words)
			if err := g.sys.Ways(own, func(*explore.Way) {}); err != nil {
				return err
			}
			return g.sys.Standing(own, g.tasks, stands)
		},
	})
	g.Search = s
	if failed != nil {
		return g, failed
	}
	if err == nil {
		err = g.rows.Err()
	}
	if err != nil {
		return g, err
	}
	seen := map[int]bool{}
	for _, units := range g.moves {
		for _, u := range units {
			if !seen[u] {
				seen[u] = true
				g.units = append(g.units, u)
			}
		}
	}
	slices.Sort(g.units)
	return g, nil
}

// visit charts a state.
func (g *chart) visit(v *explore.Visit, stands []explore.Standing) error {
	w := len(v.Words)
	own := g.sys.plain(v.Words)
	var steps []charted
	var ready places
	var lost error
	number := map[string]uint32{} // of the states that are led to
	for i, t := range v.Targets {
		number[stepKey(v.Steps.Events[i], v.Steps.States[i*w:(i+1)*w-1])] = t
	}
	err := g.sys.Ways(own, func(x *explore.Way) {
		by := g.moving(x.Places)
		ready = append(ready, g.moves[by]...)
		if to, ok := number[stepKey(x.Event, x.To)]; ok {
			steps = append(steps, charted{to, by})
			return
		}
		lost = fmt.Errorf("deadlock: a way to do %s in state %d is no step of the system", g.sys.Events().Name(x.Event), v.State)
	})
	if err != nil {
		return err
	}
	if lost != nil {
		return lost
	}
	slices.Sort(ready)
	row := []uint32{g.set(slices.Compact(ready))}
	for _, x := range distinct(steps) {
		row = append(row, x.to, x.by)
	}
	g.rows.Add(row)
	if err := g.sys.Standing(own, g.tasks, stands); err != nil {
		return err
	}
	var waiting places
	for i, t := range stands {
		if t.On && !t.Able && !t.Ended && v.Words[w-1]&hasEnded == 0 {
			waiting = append(waiting, i)
		}
	}
	g.waits = append(g.waits, g.set(waiting))
	return nil
}

// stepKey is an event and the state that it leads to, as the key of a map.
func stepKey(e model.Event, to []uint64) string {
	key := binary.AppendVarint(nil, int64(e))
	for _, w := range to {
		key = binary.LittleEndian.AppendUint64(key, w)
	}
	return string(key)
}

// distinct moves the first of equal steps to the front, in their order.
func distinct(steps []charted) []charted {
	out := steps[:0]
	seen := map[charted]bool{}
	for _, x := range steps {
		if !seen[x] {
			seen[x] = true
			out = append(out, x)
		}
	}
	return out
}

// set returns the number of a set.
func (g *chart) set(p places) uint32 {
	var key []byte
	for _, i := range p {
		key = binary.AppendUvarint(key, uint64(i))
	}
	n, ok := g.number[string(key)]
	if !ok {
		n = uint32(len(g.sets))
		g.number[string(key)] = n
		g.sets = append(g.sets, slices.Clone(p))
		g.takes, g.moves = append(g.takes, nil), append(g.moves, nil)
	}
	return n
}

// moving returns the number of a set of places that move together. A
// component moves when it takes part. An operator that has states of its own
// moves when it takes part and no component does: when it decides by itself.
func (g *chart) moving(p []int) uint32 {
	n := g.set(p)
	if g.takes[n] != nil || len(p) == 0 {
		return n
	}
	var takes, units places
	for _, i := range p {
		if g.leaf[i] {
			units = append(units, i)
		}
		for ; i >= 0; i = g.up[i] {
			takes = append(takes, i)
		}
	}
	if units == nil {
		units = slices.Clone(p)
	}
	slices.Sort(takes)
	g.takes[n], g.moves[n] = slices.Compact(takes), units
	return n
}

// of returns the steps of a state; none, if the disk failed.
func (g *chart) of(s uint32) iter.Seq[charted] {
	return func(yield func(charted) bool) {
		row := g.rows.At(int(s))
		for i := 1; i < len(row); i += 2 {
			if !yield(charted{row[i], row[i+1]}) {
				return
			}
		}
	}
}

// ready returns the units that can move in a state; any, if the disk failed.
func (g *chart) ready(s uint32) places { return g.sets[g.readySet(s)] }

// readySet returns the number of that set.
func (g *chart) readySet(s uint32) uint32 {
	if row := g.rows.At(int(s)); len(row) > 0 {
		return row[0]
	}
	return 0
}

// without returns which steps go on while a task waits and takes no part: its
// index is t.
func (g *chart) without(t int) func(from uint32, x charted) bool {
	return func(from uint32, x charted) bool {
		return g.sets[g.waits[from]].has(t) && g.sets[g.waits[x.to]].has(t) && !g.takes[x.by].has(g.tasks[t])
	}
}
