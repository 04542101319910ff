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

func table(names ...string) *model.Events {
	events := model.NewEvents()
	for _, name := range names {
		events.Event(name)
	}
	return events
}

// A world is all that a term can become, state by state, with what has been
// on so far.
type world struct {
	shape  shape
	states []*part
	depth  []int
	begun  []bool // main has been on
	does   [][]doing
	to     [][]int
}

// newWorld enumerates the states, or returns nil if there are more than most.
func newWorld(p *part, main, most int) *world {
	w := &world{shape: shape{map[int]model.Op{}, map[int]int{}, nil}}
	w.shape.note(p, -1)
	type key struct {
		text  string
		begun bool
	}
	place := map[key]int{}
	number := func(p *part, begun bool, depth int) int {
		begun = begun || p.on(main) != nil
		k := key{p.key(), begun}
		i, ok := place[k]
		if !ok {
			i = len(w.states)
			place[k] = i
			w.states, w.depth, w.begun = append(w.states, p), append(w.depth, depth), append(w.begun, begun)
		}
		return i
	}
	number(p, false, 0)
	for i := 0; i < len(w.states); i++ {
		if len(w.states) > most {
			return nil
		}
		does := w.states[i].does()
		var to []int
		for _, d := range does {
			to = append(to, number(d.to, w.begun[i], w.depth[i]+1))
		}
		w.does, w.to = append(w.does, does), append(w.to, to)
	}
	return w
}

// is reports whether a transition is by an event of a set, by the name in
// sight or else where it was hidden.
func (d *doing) is(set model.Alphabet) bool {
	if d.e != model.Tau {
		return d.e != model.Tick && set.Contains(d.e)
	}
	return slices.ContainsFunc(d.hidden, set.Contains)
}

// race reports whether two transitions of a state race for a variable.
func (w *world) race(i int, reads, writes model.Alphabet) bool {
	task := func(a int) bool { return w.shape.op[a] == model.OpLeaf || w.shape.op[a] == model.OpHost }
	lacks := func(x, y []int) bool { // y lacks somebody of x
		return slices.ContainsFunc(x, func(a int) bool {
			return task(a) && !slices.ContainsFunc(y, func(b int) bool {
				return task(b) && (a == b || !w.shape.beside(a, b))
			})
		})
	}
	all := reads.Union(writes)
	for _, x := range w.does[i] {
		for _, y := range w.does[i] {
			if x.is(writes) && y.is(all) && lacks(x.who, y.who) && lacks(y.who, x.who) {
				return true
			}
		}
	}
	return false
}

// nearest returns the least depth of a state that is bad, or -1.
func (w *world) nearest(bad func(i int) bool) int {
	best := -1
	for i := range w.states {
		if bad(i) && (best < 0 || w.depth[i] < best) {
			best = w.depth[i]
		}
	}
	return best
}

// can returns the states from which one that is good can be reached.
func (w *world) can(good func(i int) bool) []bool {
	out := make([]bool, len(w.states))
	for changed := true; changed; {
		changed = false
		for i := range out {
			if !out[i] && (good(i) || slices.ContainsFunc(w.to[i], func(t int) bool { return out[t] })) {
				out[i], changed = true, true
			}
		}
	}
	return out
}

// over reports whether a part has ended, could, or is not on.
func (w *world) over(i, id int) bool {
	x := w.states[i].on(id)
	return x == nil || x.able()
}

func (w *world) moves(i, id int) bool {
	return slices.ContainsFunc(w.does[i], func(d doing) bool {
		return slices.ContainsFunc(d.who, func(a int) bool { return w.shape.within(a, id) })
	})
}

// stuck returns how near a state is from which one of the parts never moves.
func (w *world) stuck(tasks []int) int {
	best := -1
	for _, id := range tasks {
		can := w.can(func(i int) bool { return w.over(i, id) || w.moves(i, id) })
		if d := w.nearest(func(i int) bool { return !can[i] }); d >= 0 && (best < 0 || d < best) {
			best = d
		}
	}
	return best
}

// leak returns how near a state is from which on main has ended, and one of
// the others never does.
func (w *world) leak(main int, others []int) int {
	best := -1
	wakes := w.can(func(i int) bool { return !w.begun[i] || !w.over(i, main) })
	for _, id := range others {
		can := w.can(func(i int) bool { return w.over(i, id) })
		if d := w.nearest(func(i int) bool { return !wakes[i] && !can[i] }); d >= 0 && (best < 0 || d < best) {
			best = d
		}
	}
	return best
}

// Questions about components mean what they say of the states of the term,
// enumerated by the firing rules; the counterexamples are shortest, can be
// replayed, and their traces are accepted as expectations.
func TestQuestionsAboutComponents(t *testing.T) {
	want := 20000
	if testing.Short() {
		want /= 20
	}
	compared, loops := 0, 0
	fails := map[explore.Kind]int{}
	for compared < want && !t.Failed() {
		rapid.Check(t, func(t *rapid.T) {
			d := &sketch{t: t, events: table("a", "b", "c")}
			p := d.term(1+d.pick(3), nil)
			net, err := model.NewNetwork("X", d.events, p.process(map[int]*model.Process{}))
			if errors.Is(err, model.ErrGrows) {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			sys := explore.Network(net).(explore.Composed)
			places := sys.Places()
			of := map[int]deadlock.Task{}
			for i, x := range places {
				if x.Mark != nil {
					of[x.Mark.(int)] = deadlock.TaskAt(sys, i)
				}
			}
			shape := shape{map[int]model.Op{}, map[int]int{}, nil}
			shape.note(p, -1)
			first := slices.Min(slices.Collect(maps.Keys(of))) // a priority at the top is no part
			main := d.pick(d.next)
			if _, ok := of[main]; !ok {
				main = first
			}
			w := newWorld(p, main, 300)
			if w == nil {
				return
			}
			ask := func(q deadlock.Question, want int) {
				q.Impl = sys
				v, err := deadlock.Ask(context.Background(), q, explore.Limits{})
				if err != nil {
					t.Fatalf("%s: %v", q.Topic, err)
				}
				got := -1
				if ce := v.Counterexample; ce != nil {
					fails[ce.Kind]++
					got = len(ce.Impl.Steps)
					switch {
					case ce.Stuck != nil:
						got = ce.Stuck.Since
						if ce.Impl.Loop >= 0 {
							loops++
						}
					case ce.Kind == explore.Panic:
						got--
					}
					if err := verdicttest.Replay(nil, sys, ce); err != nil {
						t.Fatalf("%s of %s\n%s: %v", q.Topic, net, net.Tree(), err)
					}
					trace := ce.Impl.Trace()
					if ce.Stuck != nil {
						trace = (&explore.Behaviour{Steps: ce.Impl.Steps[:ce.Stuck.Since]}).Trace()
					}
					if why, err := deadlock.CheckTrace(context.Background(), q, v, trace, explore.Limits{}); why != "" || err != nil {
						t.Fatalf("%s of %s\n%s: %v is not accepted: %s, %v", q.Topic, net, net.Tree(), trace, why, err)
					}
				}
				if (v.Answer == deadlock.Fails) != (want >= 0) || got != want {
					t.Fatalf("%s of %s\n%s: %s after %d steps, want %d\ntasks %v", q.Topic, net, net.Tree(), v.Answer, got, want, q.Tasks)
				}
			}
			compared++

			reads, writes := d.alphabet(), d.alphabet()
			ask(deadlock.Question{Topic: deadlock.RaceFreedom, Variables: []deadlock.Variable{{Reads: reads, Writes: writes}}},
				w.nearest(func(i int) bool { return w.race(i, reads, writes) }))
			ask(deadlock.Question{Topic: deadlock.PanicFreedom, Events: writes},
				w.nearest(func(i int) bool {
					return slices.ContainsFunc(w.does[i], func(d doing) bool { return d.is(writes) })
				}))

			var ids []int
			var tasks, others []deadlock.Task
			for id := range d.next {
				if x, ok := of[id]; ok && d.pick(2) == 0 {
					ids, tasks = append(ids, id), append(tasks, x)
				}
			}
			if len(ids) == 0 {
				ids, tasks = []int{first}, []deadlock.Task{of[first]}
			}
			ask(deadlock.Question{Topic: deadlock.Liveness, Tasks: tasks}, w.stuck(ids))
			if d.pick(2) == 0 {
				ids = nil
				for _, id := range shape.leaf {
					if !shape.within(id, main) {
						ids = append(ids, id)
					}
				}
			} else {
				others = tasks
			}
			ask(deadlock.Question{Topic: deadlock.LeakFreedom, Tasks: append([]deadlock.Task{of[main]}, others...)}, w.leak(main, ids))
		})
	}
	t.Logf("compared %d, failed %v, %d with loops", compared, fails, loops)
	for _, k := range []explore.Kind{explore.Race, explore.Stuck, explore.Leak, explore.Panic} {
		if fails[k] < compared/100 {
			t.Errorf("only %d are of kind %s", fails[k], k)
		}
	}
	if loops < compared/100 {
		t.Errorf("only %d have loops", loops)
	}
}
