package deadlock

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
)

// StarvationFree asks whether no task starves: there is no infinite run, fair
// as assumed, from some point on which a task waits for ever and is passed
// over: it is on, is not able to do ✓ and has not ended, and takes part in
// nothing, whatever the others do. A run that stops is none: that is for
// NeverStuck.
//
// The counterexample, of Kind Starvation, is a run as fair as there is one:
// if tasks starve under a stronger fairness than is assumed, it is one of
// those, and it says which fairness suffices, if one does. It goes by a
// shortest path to a state from which a task can starve, and then round a
// loop in which every component is treated that fairly.
//
// The whole state space is kept, with who takes part in what: see chart. Each
// task takes a look at all of it, and under strong fairness at most one more
// for each component.
func StarvationFree(ctx context.Context, sys explore.System, tasks []Task, fair Fairness, limits explore.Limits) (*Verdict, error) {
	c, err := composed(sys, StarvationFreedom)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(fairnesses, fair) {
		return nil, fmt.Errorf("there is no fairness %q: there are weak, strong and none", fair)
	}
	if len(tasks) == 0 {
		return nil, errors.New("of no task it is asked whether it starves: take tasks from Tasks")
	}
	if err := checkTasks(c.Places(), tasks); err != nil {
		return nil, err
	}
	limits = limits.Begun()
	g, err := newChart(ctx, c, tasks, limits)
	v := &Verdict{Answer: Holds}
	if g.Search != nil {
		v.Stats = g.Stats
	}
	if err != nil {
		return limited(v, err)
	}
	var worst *starvation
	err = relieved(g.Search, func() (err error) {
		worst, err = g.starving(fair)
		return err
	})
	if err != nil {
		return limited(v, err)
	}
	if worst == nil {
		return v, nil
	}
	v.Answer = Unknown // until it can be told
	limits.Enter(explore.Telling)
	var ce *explore.Counterexample
	err = relieved(g.Search, func() (err error) {
		ce, err = worst.tell(g, tasks)
		return err
	})
	if err != nil {
		return untold(v, err)
	}
	ce.Stuck.Assumed = string(fair)
	v.Answer, v.Counterexample = Fails, ce
	v.hope = &inquiry{sys: g.sys, spoilt: (&loss{never: worst.from}).spoilt(g.Search)}
	v.steps = ce.Stuck.Since
	return v, nil
}

// A starvation is a task that starves, on runs of some fairness.
type starvation struct {
	fair  Fairness
	task  int
	state uint32 // the first, as they were found, in which a run for ever without it can be
	where region // that state's
	from  []bool // by state: one of the tasks starves on runs that stay there
}

// starving returns what starves under the strongest fairness under which
// something does, if not under a weaker one than the given; nil if nothing.
func (g *chart) starving(least Fairness) (*starvation, error) {
	for i := len(fairnesses) - 1; i >= slices.Index(fairnesses, least); i-- {
		x := &starvation{fair: fairnesses[i], task: -1, from: make([]bool, g.Len())}
		for t := range g.tasks {
			regions, err := g.regions(x.fair, g.without(t))
			if err != nil {
				return nil, err
			}
			for _, r := range regions {
				if x.task < 0 || r.states[0] < x.state {
					x.task, x.state, x.where = t, r.states[0], r
				}
				for _, s := range r.states {
					x.from[s] = true
				}
			}
		}
		if x.task >= 0 {
			return x, nil
		}
	}
	return nil, nil
}

// suffices returns the weakest fairness under which nothing starves, given
// that something does on runs that are fair; "" if none is strong enough.
func (f Fairness) suffices() Fairness {
	if i := slices.Index(fairnesses, f) + 1; i < len(fairnesses) {
		return fairnesses[i]
	}
	return Unfair
}

// tell tells the path, and the loop without the task.
func (x *starvation) tell(g *chart, tasks []Task) (*explore.Counterexample, error) {
	path, err := g.Path(int(x.state))
	if err != nil {
		return nil, err
	}
	since := len(path)
	round, err := g.round(x.state, x.where, x.fair)
	if err != nil {
		return nil, err
	}
	at := x.state
	for _, step := range round {
		p, err := g.step(at, step)
		if err != nil {
			return nil, err
		}
		path = append(path, *p)
		at = step.to
	}
	path = narrowed(path, 0, g.sys.Composed.Width())
	b, components, err := g.sys.Waiting(path, []int{g.tasks[x.task]})
	if err != nil {
		return nil, err
	}
	b.Loop = since
	return &explore.Counterexample{Kind: explore.Starvation, Impl: *b, Stuck: &explore.StuckOf{
		Task: tasks[x.task].Name, Components: components[0], Since: since,
		Fair: string(x.fair), Suffices: string(x.fair.suffices()),
	}}, nil
}

// round returns a fair way round a region, from a state back to it: shortest
// ways, again and again, to where somebody is treated fairly who was not yet.
func (g *chart) round(start uint32, r region, f Fairness) ([]charted, error) {
	var steps []charted
	moved := map[int]bool{}
	met := map[uint32]bool{start: true}
	able := map[int]int{} // in how many of the states that were met
	for _, u := range g.ready(start) {
		able[u]++
	}
	owed := func(u int) bool {
		return !moved[u] && (f == Weak && able[u] == len(met) || f == Strong && able[u] > 0)
	}
	for at := start; ; {
		wanted := func(x charted) bool { return x.to == start }
		if slices.ContainsFunc(g.units, owed) {
			wanted = func(x charted) bool {
				return slices.ContainsFunc(g.units, func(u int) bool {
					return owed(u) && (g.moves[x.by].has(u) || f == Weak && !g.ready(x.to).has(u))
				})
			}
		} else if len(steps) > 0 && at == start {
			return steps, nil
		}
		way, err := g.way(at, r, wanted)
		if err != nil {
			return nil, err
		}
		for _, x := range way {
			for _, u := range g.moves[x.by] {
				moved[u] = true
			}
			if !met[x.to] {
				met[x.to] = true
				for _, u := range g.ready(x.to) {
					able[u]++
				}
			}
		}
		steps = append(steps, way...)
		at = steps[len(steps)-1].to
	}
}

// way returns the steps of a shortest way of at least one step, in a region,
// whose last one is wanted. There must be one.
func (g *chart) way(start uint32, r region, wanted func(charted) bool) ([]charted, error) {
	type arrival struct {
		from uint32
		by   charted
	}
	from := map[uint32]arrival{}
	for queue := []uint32{start}; len(queue) > 0; queue = queue[1:] {
		if len(from)%lookEvery == 0 {
			if err := g.check(); err != nil {
				return nil, err
			}
		}
		for x := range g.of(queue[0]) {
			if !r.in(queue[0], x) {
				continue
			}
			if wanted(x) {
				way := []charted{x}
				for at := queue[0]; at != start; at = from[at].from {
					way = append(way, from[at].by)
				}
				slices.Reverse(way)
				return way, nil
			}
			if _, seen := from[x.to]; !seen && x.to != start {
				from[x.to] = arrival{queue[0], x}
				queue = append(queue, x.to)
			}
		}
	}
	if err := g.rows.Err(); err != nil {
		return nil, err
	}
	panic("deadlock: no way round a region that was found")
}

// step returns a charted step with its event, and who does it.
func (g *chart) step(from uint32, x charted) (p *explore.PathStep, err error) {
	to, err := g.Words(int(x.to))
	if err != nil {
		return nil, err
	}
	own, err := g.Words(int(from))
	if err != nil {
		return nil, err
	}
	err = g.sys.Ways(g.sys.plain(own), func(w *explore.Way) {
		if p == nil && slices.Equal(w.To, g.sys.plain(to)) && slices.Equal(w.Places, []int(g.sets[x.by])) {
			by := w.Move
			p = &explore.PathStep{Event: w.Event, State: slices.Clone(to), By: &by}
		}
	})
	if err == nil && p == nil {
		err = fmt.Errorf("deadlock: a step from state %d to state %d is there no more", from, x.to)
	}
	return p, err
}
