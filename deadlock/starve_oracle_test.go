package deadlock_test

import (
	"context"
	"slices"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"pgregory.net/rapid"
)

// A move is a transition of a world.
type move struct {
	from, to int
	e        model.Event
	who      []int // all that take part
	units    []int // those that are treated fairly
}

// transitions returns them all. Who takes part is treated fairly: the
// leaves, or else the operator that decides.
func (w *world) transitions() []move {
	var out []move
	for i := range w.states {
		for k, d := range w.does[i] {
			m := move{from: i, to: w.to[i][k], e: d.e, who: d.who}
			for _, a := range d.who {
				if slices.Contains(w.shape.leaf, a) {
					m.units = append(m.units, a)
				}
			}
			if m.units == nil {
				m.units = d.who
			}
			out = append(out, m)
		}
	}
	return out
}

// fair reports whether a run that does some moves again and again, and no
// others, is fair. It is the definition.
func (w *world) fair(f deadlock.Fairness, all, run []move) bool {
	moves := func(u int) bool {
		return slices.ContainsFunc(run, func(m move) bool { return slices.Contains(m.units, u) })
	}
	ready := func(u, state int) bool {
		return slices.ContainsFunc(all, func(m move) bool { return m.from == state && slices.Contains(m.units, u) })
	}
	for u := range w.shape.op {
		always, ever := true, false
		for _, m := range run {
			always, ever = always && ready(u, m.from), ever || ready(u, m.from)
		}
		if !moves(u) && (f == deadlock.Weak && always || f == deadlock.Strong && ever) {
			return false
		}
	}
	return true
}

// round reports whether there is a run that does just these moves again and
// again: each leads on to every other.
func round(run []move) bool {
	for _, m := range run {
		reached := map[int]bool{m.to: true}
		for range run {
			for _, n := range run {
				if reached[n.from] {
					reached[n.to] = true
				}
			}
		}
		for _, n := range run {
			if !reached[n.from] {
				return false
			}
		}
	}
	return len(run) > 0
}

// starves returns how near a state is on which a fair run for ever comes by,
// again and again, that passes over one of the parts; -1 if there is none. It
// tries every set of moves that a run may do for ever. It gives up, with
// false, if there are too many.
func (w *world) starves(f deadlock.Fairness, tasks []int, most int) (int, bool) {
	all := w.transitions()
	best := -1
	for _, id := range tasks {
		var may []move
		for _, m := range all {
			if !w.over(m.from, id) && !w.over(m.to, id) && !slices.ContainsFunc(m.who, func(a int) bool { return w.shape.within(a, id) }) {
				may = append(may, m)
			}
		}
		if len(may) > most {
			return 0, false
		}
		for set := 1; set < 1<<len(may); set++ {
			var run []move
			for i, m := range may {
				if set>>i&1 == 1 {
					run = append(run, m)
				}
			}
			if !round(run) || !w.fair(f, all, run) {
				continue
			}
			for _, m := range run {
				if d := w.depth[m.from]; best < 0 || d < best {
					best = d
				}
			}
		}
	}
	return best, true
}

// lasso reports whether a counterexample, by the events and by who takes part,
// is a run of the world that passes over a part, as fairly as it says. Leaves
// are the components' numbers, or those of what stands for them alone.
func (w *world) lasso(ce *explore.Counterexample, leaves []int, task int) bool {
	all := w.transitions()
	fits := func(s *explore.Step, m move, events *model.Events) bool {
		var who, want []int
		for _, p := range s.Parts {
			who = append(who, leaves[p.Component])
		}
		for _, a := range m.who {
			if slices.Contains(w.shape.leaf, a) {
				want = append(want, a)
			}
		}
		slices.Sort(want)
		want = slices.Compact(want)
		return events.Name(m.e) == s.Event && len(who) == len(want) && !slices.ContainsFunc(want, func(a int) bool {
			return !slices.ContainsFunc(who, func(n int) bool { return w.shape.within(a, n) })
		})
	}
	events := table("a", "b", "c")
	b := &ce.Impl
	at := map[int]bool{0: true}
	for i := range b.Steps[:b.Loop] {
		next := map[int]bool{}
		for _, m := range all {
			if at[m.from] && m.e == eventOf(events, b.Steps[i].Event) {
				next[m.to] = true
			}
		}
		at = next
	}
	var walk func(start, state, i int, run []move) bool
	walk = func(start, state, i int, run []move) bool {
		if i == len(b.Steps) {
			return state == start && w.fair(deadlock.Fairness(ce.Stuck.Fair), all, run)
		}
		for _, m := range all {
			if m.from != state || !fits(&b.Steps[i], m, events) || w.over(m.from, task) || w.over(m.to, task) ||
				slices.ContainsFunc(m.who, func(a int) bool { return w.shape.within(a, task) }) {
				continue
			}
			if walk(start, m.to, i+1, append(run[:len(run):len(run)], m)) {
				return true
			}
		}
		return false
	}
	for s := range at {
		if walk(s, s, b.Loop, nil) {
			return true
		}
	}
	return false
}

func eventOf(events *model.Events, name string) model.Event {
	e, _ := events.Lookup(name)
	return e
}

// Starvation is what the definition says, of all sets of moves that a run of
// a small term can do for ever; and what is shown is such a run.
func TestStarvationMeansAFairRunWithout(t *testing.T) {
	fairnesses := []deadlock.Fairness{deadlock.Unfair, deadlock.Weak, deadlock.Strong}
	suffices := map[string]int{}
	compared := eachContest(t, 4000, 60, func(t *rapid.T, c *contest) bool {
		nearest := map[deadlock.Fairness]int{}
		for _, f := range fairnesses {
			depth, ok := c.w.starves(f, c.ids, 10)
			if !ok {
				return false
			}
			nearest[f] = depth
		}
		for i, f := range fairnesses {
			q := deadlock.Question{Topic: deadlock.StarvationFreedom, Impl: c.sys, Tasks: c.tasks, Fairness: f}
			v, err := deadlock.Ask(context.Background(), q, explore.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if (v.Answer == deadlock.Fails) != (nearest[f] >= 0) || v.Answer == deadlock.Unknown {
				t.Fatalf("%q fairness, %v of\n%s\n%s: %s, want %v", f, c.ids, c.net, c.net.Tree(), v.Answer, nearest)
			}
			ce := v.Counterexample
			if ce == nil {
				continue
			}
			strongest, enough := f, deadlock.Unfair
			for k := i; k < len(fairnesses); k++ {
				if nearest[fairnesses[k]] >= 0 {
					strongest = fairnesses[k]
				}
			}
			for _, g := range slices.Backward(fairnesses) {
				if nearest[g] < 0 {
					enough = g
				}
			}
			x := ce.Stuck
			suffices[x.Suffices]++
			if x.Fair != string(strongest) || x.Assumed != string(f) || x.Suffices != string(enough) || x.Since != nearest[strongest] || ce.Impl.Loop != x.Since {
				t.Fatalf("%q fairness, %v of\n%s\n%s: %+v, want %v", f, c.ids, c.net, c.net.Tree(), x, nearest)
			}
			if !slices.ContainsFunc(c.ids, func(n int) bool { return c.of[n].Name == x.Task && c.w.lasso(ce, c.leaves, n) }) {
				t.Fatalf("%v of\n%s\n%s: not a run: %+v\n%+v of %v", c.ids, c.net, c.net.Tree(), ce.Impl, ce.Stuck, c.of)
			}
			c.stands(t, q, v, (&explore.Behaviour{Steps: ce.Impl.Steps[:x.Since]}).Trace())
		}
		return true
	})
	t.Logf("compared %d; what suffices: %v", compared, suffices)
	for _, f := range fairnesses {
		if suffices[string(f)] < compared/100 {
			t.Errorf("only %d have %q as what suffices", suffices[string(f)], f)
		}
	}
}
