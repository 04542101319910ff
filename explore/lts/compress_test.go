package lts_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/explore/lts"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/modeltest"
)

var compressions = []struct {
	name    string
	of      func(*model.Machine, func() error) (*model.Machine, error)
	shrinks bool // there are never more states
}{
	{"explicate", lts.Explicate, true},
	{"sbisim", lts.Bisim, true},
	{"tau_loop_factor", lts.TauLoops, true},
	{"dbisim", lts.DBisim, true},
	{"wbisim", lts.WBisim, true},
	{"diamond", lts.Diamond, true},
	{"normal", lts.Normalise, false},
}

func goOn() error { return nil }

// forMachines checks a property of machines that have more τ than others.
func forMachines(t *testing.T, states int, f func(t *rapid.T, m *model.Machine)) {
	rapid.Check(t, func(t *rapid.T) {
		for range 5 {
			f(t, drawMachine(t, states))
		}
	})
}

func drawMachine(t *rapid.T, states int) *model.Machine {
	visible := rapid.IntRange(1, 4).Draw(t, "visible")
	m := modeltest.Pairs(states, visible).Draw(t, "pair").Impl
	hidden := model.Tick + 1
	if rapid.Bool().Draw(t, "hide nothing") {
		hidden = model.Tau
	}
	b := model.NewMachine(m.Name(), m.Events())
	b.States(m.Len())
	b.Start(m.Initial())
	for s := range model.State(m.Len()) {
		events, targets := m.Transitions(s)
		for i, e := range events {
			if e == hidden {
				e = model.Tau
			}
			b.Add(s, e, targets[i])
		}
	}
	return must(b.Build())
}

func equal(t interface{ Fatalf(string, ...any) }, m, got *model.Machine) {
	for _, in := range []deadlock.Model{deadlock.T, deadlock.F, deadlock.FD} {
		for _, p := range [][2]*model.Machine{{m, got}, {got, m}} {
			v, err := deadlock.Refines(context.Background(), explore.Machine(p[0]), explore.Machine(p[1]), in, explore.Limits{})
			if err != nil || v.Answer != deadlock.Holds {
				t.Fatalf("in %s, %v %v:\n%sof\n%s", in, v.Answer, err, got, m)
			}
		}
	}
}

// What a compression makes is equal to the machine, and small.
func TestCompressionsAreEqual(t *testing.T) {
	for _, c := range compressions {
		t.Run(c.name, func(t *testing.T) {
			smaller := 0
			forMachines(t, 12, func(t *rapid.T, m *model.Machine) {
				got := must(c.of(m, goOn))
				equal(t, m, got)
				if again := must(c.of(m, goOn)); again.String() != got.String() {
					t.Fatalf("not always the same:\n%sand\n%sof\n%s", got, again, m)
				}
				// A state that Diamond leaves no τ covers less than before; so
				// there may be more transitions the second time.
				if again := must(c.of(got, goOn)); again.Len() != got.Len() || c.name != "diamond" && again.String() != got.String() {
					t.Fatalf("compressed again\n%sis\n%sof\n%s", got, again, m)
				}
				reachable := must(lts.Explicate(m, goOn)).Len()
				if c.shrinks && got.Len() > reachable {
					t.Fatalf("larger:\n%sof\n%s", got, m)
				}
				if got.Len() < reachable {
					smaller++
				}
				if next := breadthFirst(got); next != got.Len() {
					t.Fatalf("not breadth first:\n%s", got)
				}
			})
			if smaller == 0 && c.name != "explicate" {
				t.Error("nothing became smaller")
			}
		})
	}
}

// breadthFirst returns the number of states, if they are numbered so.
func breadthFirst(m *model.Machine) int {
	if m.Initial() != 0 {
		return -1
	}
	next := model.State(1)
	for s := range model.State(m.Len()) {
		_, targets := m.Transitions(s)
		for _, to := range targets {
			if to > next {
				return -1
			}
			next = max(next, to+1)
		}
		if s+1 == next {
			break
		}
	}
	return int(next)
}

// Machines that are equal in every respect have the same normal form. All
// compressions keep even which traces diverge that extend a divergence.
func TestNormaliseIsCanonical(t *testing.T) {
	forMachines(t, 12, func(t *rapid.T, m *model.Machine) {
		normal := must(lts.Normalise(m, goOn))
		for _, c := range compressions {
			got := must(c.of(m, goOn))
			if other := must(lts.Normalise(got, goOn)); other.String() != normal.String() {
				t.Fatalf("after %s,\n%shas the normal form\n%swant\n%sof\n%s", c.name, got, other, normal, m)
			}
		}
	})
}

// A weakly is a machine and what comes of τ, by going all ways.
type weakly struct {
	*model.Machine
	taus     [][]model.State // =τ*=>
	diverges []bool
}

func newWeakly(m *model.Machine) *weakly {
	w := &weakly{m, make([][]model.State, m.Len()), make([]bool, m.Len())}
	loops := make([]bool, m.Len())
	for s := range model.State(m.Len()) {
		w.taus[s] = []model.State{s}
		for i := 0; i < len(w.taus[s]); i++ {
			events, targets := m.Transitions(w.taus[s][i])
			for k, e := range events {
				if e != model.Tau {
					continue
				}
				loops[s] = loops[s] || targets[k] == s
				if !slices.Contains(w.taus[s], targets[k]) {
					w.taus[s] = append(w.taus[s], targets[k])
				}
			}
		}
	}
	for s := range w.diverges {
		w.diverges[s] = slices.ContainsFunc(w.taus[s], func(t model.State) bool { return loops[t] })
	}
	return w
}

// does yields where s =τ* e=> leads to, or by =τ* e τ*=>.
func (w *weakly) does(s model.State, e model.Event, weak bool) (out []model.State) {
	for _, u := range w.taus[s] {
		if e == model.Tau {
			out = append(out, u)
			continue
		}
		events, targets := w.Transitions(u)
		for i, f := range events {
			if e != f {
				continue
			}
			if out = append(out, targets[i]); weak {
				out = append(out, w.taus[targets[i]]...)
			}
		}
	}
	return out
}

// bisimilar returns the largest relation that respects divergence and is a
// delay or weak bisimulation: all pairs but those that are refuted, again and
// again.
func (w *weakly) bisimilar(weak bool) [][]bool {
	r := make([][]bool, w.Len())
	for s := range r {
		r[s] = make([]bool, w.Len())
		for t := range r {
			r[s][t] = w.diverges[s] == w.diverges[t]
		}
	}
	matched := func(s, t model.State) bool {
		events, targets := w.Transitions(s)
		for i, e := range events {
			if !slices.ContainsFunc(w.does(t, e, weak), func(u model.State) bool { return r[targets[i]][u] }) {
				return false
			}
		}
		return true
	}
	for again := true; again; {
		again = false
		for s := range r {
			for t := range s {
				if a, b := model.State(s), model.State(t); r[s][t] && !(matched(a, b) && matched(b, a)) {
					r[s][t], r[t][s], again = false, false, true
				}
			}
		}
	}
	return r
}

// reachable returns the states of m that can be reached.
func reachable(m *model.Machine) []model.State {
	all := []model.State{m.Initial()}
	for i := 0; i < len(all); i++ {
		_, targets := m.Transitions(all[i])
		for _, t := range targets {
			if !slices.Contains(all, t) {
				all = append(all, t)
			}
		}
	}
	return all
}

// count returns how many of the states are alike no earlier one.
func count(states []model.State, alike func(s, t model.State) bool) (n int) {
	for i, s := range states {
		if !slices.ContainsFunc(states[:i], func(t model.State) bool { return alike(s, t) }) {
			n++
		}
	}
	return n
}

// The result is bisimilar, and has one state for each class.
func TestQuotientsAreBisimilar(t *testing.T) {
	delayLess := 0
	forMachines(t, 9, func(t *rapid.T, m *model.Machine) {
		delay, weak := must(lts.DBisim(m, goOn)), must(lts.WBisim(m, goOn))
		for _, tt := range []struct {
			got  *model.Machine
			weak bool
		}{{delay, false}, {weak, true}} {
			both, base := beside(m, tt.got)
			r := newWeakly(both).bisimilar(tt.weak)
			if !r[1+m.Initial()][base+tt.got.Initial()] {
				t.Fatalf("weak %v: not bisimilar:\n%sto\n%s", tt.weak, tt.got, m)
			}
			if n := count(reachable(m), func(s, t model.State) bool { return r[1+s][1+t] }); tt.got.Len() != n {
				t.Fatalf("weak %v: %d classes, want %d:\n%sof\n%s", tt.weak, tt.got.Len(), n, tt.got, m)
			}
		}
		if delay.Len() < must(lts.Bisim(must(lts.TauLoops(m, goOn)), goOn)).Len() {
			delayLess++
		}
	})
	if delayLess == 0 {
		t.Error("delay bisimulation never said more than strong")
	}
}

// a.(b + τ.c) and a.(b + τ.c) + a.c are weakly bisimilar (Milner's third τ
// law), and not by delay, as no τ may come after the a.
func TestWeakSaysMoreThanDelay(t *testing.T) {
	m := machine(t, "r d s, r e q, s a x, s a y, q a x, x b z, x τ y, y c z")
	if n := must(lts.DBisim(m, goOn)).Len(); n != 6 {
		t.Errorf("%d classes by delay, want 6", n)
	}
	if n := must(lts.WBisim(m, goOn)).Len(); n != 5 {
		t.Errorf("%d classes by weak bisimulation, want 5", n)
	}
}

// TauLoops has one state for all that lead to each other by τ, is delay
// bisimilar, and has no loops of τ but single ones.
func TestTauLoopsMergesLoops(t *testing.T) {
	forMachines(t, 12, func(t *rapid.T, m *model.Machine) {
		got := must(lts.TauLoops(m, goOn))
		w := newWeakly(m)
		if n := count(reachable(m), func(s, t model.State) bool {
			return slices.Contains(w.taus[s], t) && slices.Contains(w.taus[t], s)
		}); got.Len() != n {
			t.Fatalf("%d states, want %d:\n%sof\n%s", got.Len(), n, got, m)
		}
		both, base := beside(m, got)
		if r := newWeakly(both).bisimilar(false); !r[1+m.Initial()][base+got.Initial()] {
			t.Fatalf("not bisimilar:\n%sto\n%s", got, m)
		}
		w = newWeakly(got)
		for s, all := range w.taus {
			for _, u := range all {
				if u != model.State(s) && slices.Contains(w.taus[u], model.State(s)) {
					t.Fatalf("a loop is left:\n%sof\n%s", got, m)
				}
			}
		}
	})
}

// After Diamond and Normalise, τ leads to stable states, or back; Normalise
// has one transition for each other event.
func TestTausThatAreLeft(t *testing.T) {
	forMachines(t, 12, func(t *rapid.T, m *model.Machine) {
		for _, c := range compressions[len(compressions)-2:] {
			got := must(c.of(m, goOn))
			for s := range model.State(got.Len()) {
				events, targets := got.Transitions(s)
				for i, e := range events {
					after, _ := got.Transitions(targets[i])
					if e == model.Tau && targets[i] != s && slices.Contains(after, model.Tau) {
						t.Fatalf("%s: τ leads to τ:\n%sof\n%s", c.name, got, m)
					}
					if c.name == "normal" && e != model.Tau && i > 0 && events[i-1] == e {
						t.Fatalf("not deterministic:\n%sof\n%s", got, m)
					}
				}
			}
		}
	})
}

func TestCompressions(t *testing.T) {
	const (
		stop   = "> 0:\n"
		div    = "> 0: τ -> 0\n"
		loop   = "> 0: a -> 0\n"
		aStop  = "> 0: a -> 1\n  1:\n"
		choice = "> 0: τ -> 1, τ -> 2\n  1: a -> 3\n  2: b -> 3\n  3:\n"
	)
	for _, tt := range []struct {
		name, machine                    string
		loops, delay, weak, diamond, nrm string // "" is the one before
	}{
		{"STOP", "", stop, "", "", "", ""},
		{"SKIP", "0 ✓ 1", "> 0: ✓ -> 1\n  1:\n", "", "", "", ""},
		{"not reachable", "1 τ 1\n1 a 0", stop, "", "", "", ""},
		{"STOP after a while", "0 τ 1\n1 τ 2", "> 0: τ -> 1\n  1: τ -> 2\n  2:\n", stop, "", "", ""},
		{"DIV", "0 τ 1\n1 τ 2\n2 τ 0", div, "", "", "", ""},
		{"DIV or STOP", "0 τ 0\n0 τ 1", "> 0: τ -> 0, τ -> 1\n  1:\n", "", "", "", ""},
		// After the first τ nothing new comes to be possible.
		{"into DIV", "0 τ 1\n1 τ 1", "> 0: τ -> 1\n  1: τ -> 1\n", div, "", "", ""},
		{"an event on a loop", "0 τ 1\n1 a 2\n2 τ 0", "> 0: τ -> 1\n  1: a -> 2\n  2: τ -> 0\n", loop, "", "> 0: a -> 1\n  1: a -> 1\n", loop},
		{"loops of two and three", "0 a 1\n0 a 3\n1 τ 2\n2 τ 1\n2 b 0\n3 τ 4\n4 τ 5\n5 τ 3\n5 b 0",
			"> 0: a -> 1, a -> 2\n  1: τ -> 1, b -> 0\n  2: τ -> 2, b -> 0\n", "> 0: a -> 1\n  1: τ -> 1, b -> 0\n", "",
			"> 0: a -> 1, a -> 2\n  1: τ -> 1, b -> 0\n  2: τ -> 2, b -> 0\n", "> 0: a -> 1\n  1: τ -> 1, b -> 0\n"},
		{"a loop with an exit", "0 τ 1\n1 τ 0\n1 a 2", "> 0: τ -> 0, a -> 1\n  1:\n", "", "", "", ""},
		{"a |~| b", "0 τ 1\n0 τ 2\n1 a 3\n2 b 3", choice, "", "", "> 0: τ -> 1, τ -> 2, a -> 3, b -> 3\n  1: a -> 3\n  2: b -> 3\n  3:\n", ""},
		{"a [> b", "0 a 2\n0 τ 1\n1 b 2", "> 0: τ -> 1, a -> 2\n  1: b -> 2\n  2:\n", "", "", "> 0: τ -> 1, a -> 2, b -> 2\n  1: b -> 2\n  2:\n", ""},
		{"a [> a", "0 a 2\n0 τ 1\n1 a 3", "> 0: τ -> 1, a -> 2\n  1: a -> 3\n  2:\n  3:\n", aStop, "", "> 0: a -> 1, a -> 2\n  1:\n  2:\n", aStop},
		// Two hidden steps in either order, and a: whence the name.
		{"a diamond", "0 τ 1\n0 τ 2\n1 τ 3\n2 τ 3\n3 a 4", "> 0: τ -> 1, τ -> 2\n  1: τ -> 3\n  2: τ -> 3\n  3: a -> 4\n  4:\n", aStop, "", "", ""},
		// After a, 1 leads by τ to 2: who goes there at once does nothing new, if
		// also τ after an event counts.
		{"a; τ", "0 a 1\n0 a 2\n1 τ 2\n1 b 3\n2 c 3",
			"> 0: a -> 1, a -> 2\n  1: τ -> 2, b -> 3\n  2: c -> 3\n  3:\n", "", "",
			"> 0: a -> 1\n  1: τ -> 2, b -> 3, c -> 3\n  2: c -> 3\n  3:\n", ""},
		{"weak, not delay", "0 a 1\n0 τ 4\n4 a 1\n4 a 2\n1 τ 2\n1 b 3\n2 c 3",
			"> 0: τ -> 1, a -> 2\n  1: a -> 2, a -> 3\n  2: τ -> 3, b -> 4\n  3: c -> 4\n  4:\n",
			"> 0: a -> 1, a -> 2\n  1: τ -> 2, b -> 3\n  2: c -> 3\n  3:\n", "",
			"> 0: a -> 1\n  1: τ -> 2, b -> 3, c -> 3\n  2: c -> 3\n  3:\n", ""},
		{"two ways to diverge", "0 τ 0\n0 a 1\n0 τ 2\n2 τ 2", "> 0: τ -> 0, τ -> 1, a -> 2\n  1: τ -> 1\n  2:\n",
			"> 0: τ -> 1, a -> 2\n  1: τ -> 1\n  2:\n", "", "> 0: τ -> 0, a -> 1\n  1:\n", ""},
		// Who accepts a alone refuses more.
		{"(a [] b) |~| a", "0 τ 1\n0 τ 2\n1 a 3\n1 b 3\n2 a 3",
			"> 0: τ -> 1, τ -> 2\n  1: a -> 3, b -> 3\n  2: a -> 3\n  3:\n", "", "", "> 0: τ -> 1, a -> 2, b -> 2\n  1: a -> 2\n  2:\n", ""},
		// What is a choice of its own to a bisimulation is none to CSP.
		{"a -> (b |~| c)", "0 a 1\n0 a 2\n1 b 3\n2 c 3",
			"> 0: a -> 1, a -> 2\n  1: b -> 3\n  2: c -> 3\n  3:\n", "", "", "",
			"> 0: a -> 1\n  1: τ -> 2, τ -> 3, b -> 4, c -> 4\n  2: b -> 4\n  3: c -> 4\n  4:\n"},
		// What is after a divergence matters in T and F.
		{"after a divergence", "0 τ 0\n0 a 1\n1 b 2\n1 τ 1\n1 τ 2",
			"> 0: τ -> 0, a -> 1\n  1: τ -> 1, τ -> 2, b -> 2\n  2:\n", "", "", "", ""},
	} {
		want := ""
		for i, w := range []string{tt.loops, tt.delay, tt.weak, tt.diamond, tt.nrm} {
			if w != "" {
				want = w
			}
			c := compressions[2+i]
			if got := must(c.of(machineOf(tt.machine), goOn)).String(); got != want {
				t.Errorf("%s of %s:\n%swant\n%s", c.name, tt.name, got, want)
			}
		}
	}
}

// A check that says no is heard, whenever it does, and is asked often enough.
func TestCompressionsGiveUp(t *testing.T) {
	stopped := errors.New("stopped")
	m := hidden(20000)
	for _, c := range compressions {
		asked := 0
		if _, err := c.of(m, func() error { asked++; return nil }); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if asked == 0 {
			t.Errorf("%s does not ask", c.name)
		}
		for _, n := range []int{0, asked / 2, asked - 1} {
			got, err := c.of(m, func() error {
				if n--; n < 0 {
					return stopped
				}
				return nil
			})
			if err != stopped || got != nil {
				t.Errorf("%s: %v", c.name, err)
			}
		}
	}
}

// In a chain all differences come from its end. Whoever goes over all states
// again for each takes n² steps.
func TestCompressionsAreQuick(t *testing.T) {
	m := countdown(50000)
	for _, c := range compressions {
		left := 1000
		if c.name == "normal" {
			left += m.Len() // it asks at each
		}
		got, err := c.of(m, func() error {
			if left--; left < 0 {
				return errors.New("too slow")
			}
			return nil
		})
		if err != nil || got.Len() != m.Len() {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// A Normal that knows everything tells apart what differs only by divergence,
// also once equivalent nodes are merged.
func TestNormalOfEverything(t *testing.T) {
	m := machineOf("0 a 1\n0 b 2\n0 c 3\n1 τ 1\n1 τ 4\n2 τ 4\n3 d 5\n4 d 4\n5 d 5")
	n := must(lts.NewNormal(explore.Machine(m), lts.Everything, func(*lts.Normal) error { return nil }))
	if !must(n.Whole(lts.Budget{Nodes: 100, Work: 100})) {
		t.Fatal("too large")
	}
	var after [3]lts.Node
	for i, name := range []string{"a", "b", "c"} {
		e, _ := m.Events().Lookup(name)
		after[i] = must(n.After(0, e))
	}
	if !n.Diverges(after[0]) || n.Diverges(after[1]) || after[1] != after[2] {
		t.Errorf("a, b and c lead to %v; want those of b and c merged, and that of a to diverge", after)
	}
	d, _ := m.Events().Lookup("d")
	if y := must(n.After(after[0], d)); y == lts.Broken || n.Diverges(y) {
		t.Errorf("d after a divergence leads to %v", y)
	}
}

// hidden is n rounds of a parent who asks for one of two things, and hides
// how: τ makes diamonds, and some rounds loop.
func hidden(n int) *model.Machine {
	events := model.NewEvents()
	visible := []model.Event{events.Event("a"), events.Event("b"), events.Event("c")}
	b := model.NewMachine("HIDDEN", events)
	random := rand.New(rand.NewPCG(1, 2))
	b.Start(0)
	b.States(n)
	for s := 0; s+5 <= n; s += 5 {
		at := func(i int) model.State { return model.State(s+i) % model.State(n) }
		b.Add(at(0), model.Tau, at(1))
		b.Add(at(0), model.Tau, at(2))
		b.Add(at(1), model.Tau, at(3))
		b.Add(at(2), model.Tau, at(3))
		b.Add(at(2), visible[random.IntN(3)], at(4))
		b.Add(at(3), visible[random.IntN(3)], at(4))
		b.Add(at(4), visible[random.IntN(3)], at(5))
		if random.IntN(10) == 0 {
			b.Add(at(3), model.Tau, at(0))
		}
	}
	return must(b.Build())
}

// cells is n cells, each of which holds something or nothing, and hands it to
// the next by τ.
func cells(n int) *model.Machine {
	events := model.NewEvents()
	in, out := events.Event("in"), events.Event("out")
	b := model.NewMachine("CELLS", events)
	b.Start(0)
	b.States(1 << n)
	for s := range model.State(1 << n) {
		if s&1 == 0 {
			b.Add(s, in, s|1)
		}
		for i := range n - 1 {
			if s>>i&3 == 1 {
				b.Add(s, model.Tau, s+1<<i)
			}
		}
		if s>>(n-1) == 1 {
			b.Add(s, out, s&^(1<<(n-1)))
		}
	}
	return must(b.Build())
}

// All that can be seen of cells is how many are full.
func TestCompressionsOfCells(t *testing.T) {
	const n = 10
	for _, c := range compressions {
		want := n + 1
		if c.name == "explicate" || c.name == "sbisim" || c.name == "tau_loop_factor" {
			want = 1 << n
		}
		if got := must(c.of(cells(n), goOn)); got.Len() != want {
			t.Errorf("%s: %d states, want %d", c.name, got.Len(), want)
		}
	}
}

// taus leads by τ to where much can be done, and by a to anywhere: n states
// in towers of τ.
func taus(n, height int) *model.Machine {
	events := model.NewEvents()
	b := model.NewMachine("TAUS", events)
	random := rand.New(rand.NewPCG(1, 2))
	b.Start(0)
	b.States(n)
	for s := range n {
		if (s+1)%height != 0 && s+1 < n {
			b.Add(model.State(s), model.Tau, model.State(s+1))
		}
		b.Add(model.State(s), events.Event(fmt.Sprint("e", random.IntN(4))), model.State(random.IntN(n)))
	}
	return must(b.Build())
}

func BenchmarkCompressions(b *testing.B) {
	for _, c := range compressions {
		for _, m := range []*model.Machine{countdown(1e5), copies(jumps(50, 4), 1e3), hidden(7e4), cells(14), taus(5e3, 10), taus(4e3, 4e3)} {
			if c.name == "normal" && m.Name() == "TAUS" {
				continue // its normal form is too large
			}
			b.Run(fmt.Sprintf("%s/%s-%d-%d", c.name, m.Name(), m.Len(), m.NumTransitions()), func(b *testing.B) {
				b.ReportAllocs()
				var got *model.Machine
				for b.Loop() {
					got = must(c.of(m, goOn))
				}
				b.ReportMetric(float64(m.Len()), "before")
				b.ReportMetric(float64(got.Len()), "states")
				b.ReportMetric(float64(got.NumTransitions()), "transitions")
			})
		}
	}
}
