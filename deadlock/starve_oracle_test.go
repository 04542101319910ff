package deadlock_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/deadlock/verdicttest"
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

// contended draws a term of any form, or one in which two clients want the
// same of a server.
func (d *sketch) contended() *part {
	if d.pick(3) == 0 {
		return d.term(1+d.pick(2), nil)
	}
	leaf := func() *part {
		p := &part{op: model.OpLeaf, id: d.next, m: d.ring()}
		d.next++
		return p
	}
	clients := &part{op: model.OpInterleave, id: d.next}
	d.next++
	clients.kids = []*part{leaf(), leaf()}
	p := &part{op: model.OpPar, id: d.next, set: d.alphabet()}
	d.next++
	p.kids = []*part{clients, leaf()}
	return p
}

// ring draws a machine that goes round, perhaps with a short cut.
func (d *sketch) ring() *model.Machine {
	n := 1 + d.pick(2)
	b := model.NewMachine("M", d.events)
	b.States(n)
	b.Start(0)
	for s := range n {
		b.Add(model.State(s), model.Event(2+d.pick(3)), model.State((s+1)%n))
	}
	for range d.pick(3) {
		b.Add(model.State(d.pick(n)), model.Event(2+d.pick(3)), model.State(d.pick(n)))
	}
	m, err := b.Build()
	if err != nil {
		panic(err)
	}
	return m
}

// Starvation is what the definition says, of all sets of moves that a run of
// a small term can do for ever; and what is shown is such a run.
func TestStarvationMeansAFairRunWithout(t *testing.T) {
	want := 4000
	if testing.Short() {
		want /= 20
	}
	fairnesses := []deadlock.Fairness{deadlock.Unfair, deadlock.Weak, deadlock.Strong}
	compared := 0
	suffices := map[string]int{}
	for compared < want && !t.Failed() {
		rapid.Check(t, func(t *rapid.T) {
			d := &sketch{t: t, events: table("a", "b", "c")}
			p := d.contended()
			net, err := model.NewNetwork("X", d.events, p.process(map[int]*model.Process{}))
			if errors.Is(err, model.ErrGrows) {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			w := newWorld(p, -1, 60)
			if w == nil {
				return
			}
			sys := explore.Network(net).(explore.Composed)
			of := map[int]deadlock.Task{}
			var leaves []int
			for i, x := range sys.Places() {
				if x.Mark == nil {
					continue
				}
				n := x.Mark.(int)
				of[n] = deadlock.TaskAt(sys, i)
				if x.Leaf {
					leaves = append(leaves, n)
				}
			}
			var ids []int
			var tasks []deadlock.Task
			for _, n := range slices.Sorted(maps.Keys(of)) {
				if d.pick(2) == 0 {
					ids, tasks = append(ids, n), append(tasks, of[n])
				}
			}
			if len(tasks) == 0 {
				return
			}
			nearest := map[deadlock.Fairness]int{}
			for _, f := range fairnesses {
				depth, ok := w.starves(f, ids, 10)
				if !ok {
					return
				}
				nearest[f] = depth
			}
			compared++
			for i, f := range fairnesses {
				q := deadlock.Question{Topic: deadlock.StarvationFreedom, Impl: sys, Tasks: tasks, Fairness: f}
				v, err := deadlock.Ask(context.Background(), q, explore.Limits{})
				if err != nil {
					t.Fatal(err)
				}
				if (v.Answer == deadlock.Fails) != (nearest[f] >= 0) || v.Answer == deadlock.Unknown {
					t.Fatalf("%q fairness, %v of\n%s\n%s: %s, want %v", f, ids, net, net.Tree(), v.Answer, nearest)
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
					t.Fatalf("%q fairness, %v of\n%s\n%s: %+v, want %v", f, ids, net, net.Tree(), x, nearest)
				}
				if err := verdicttest.Replay(nil, sys, ce); err != nil {
					t.Fatalf("%v of\n%s\n%s: %v", ids, net, net.Tree(), err)
				}
				if !slices.ContainsFunc(ids, func(n int) bool { return of[n].Name == x.Task && w.lasso(ce, leaves, n) }) {
					t.Fatalf("%v of\n%s\n%s: not a run: %+v\n%+v of %v", ids, net, net.Tree(), ce.Impl, ce.Stuck, of)
				}
				trace := (&explore.Behaviour{Steps: ce.Impl.Steps[:x.Since]}).Trace()
				if why, err := deadlock.CheckTrace(context.Background(), q, v, trace, explore.Limits{}); why != "" || err != nil {
					t.Fatalf("%v of\n%s\n%s: %v is not accepted: %s, %v", ids, net, net.Tree(), trace, why, err)
				}
				if why, err := deadlock.Replay(context.Background(), q, ce, explore.Limits{}); why != "" || err != nil {
					t.Fatalf("%v of\n%s\n%s: it does not stand: %s, %v", ids, net, net.Tree(), why, err)
				}
			}
		})
	}
	t.Logf("compared %d; what suffices: %v", compared, suffices)
	for _, f := range fairnesses {
		if suffices[string(f)] < compared/100 {
			t.Errorf("only %d have %q as what suffices", suffices[string(f)], f)
		}
	}
}
