package lts_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/explore/lts"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/modeltest"
)

// machineOf reads a machine of lines "0 a 1"; 0 is the initial state.
func machineOf(lines string) *model.Machine {
	b := model.NewMachine("M", model.NewEvents())
	b.Initial("0")
	b.State("0")
	for line := range strings.Lines(lines) {
		f := strings.Fields(line)
		b.On(f[0], f[1], f[2])
	}
	m, err := b.Build()
	if err != nil {
		panic(err)
	}
	return m
}

func TestMinimise(t *testing.T) {
	for _, tt := range []struct{ name, machine, want string }{
		{"nothing to do", "0 a 1\n1 b 0", "> 0: a -> 1\n  1: b -> 0\n"},
		{"a loop unrolled", "0 a 1\n1 a 2\n2 a 0", "> 0: a -> 0\n"},
		{"not reachable", "1 a 0\n1 b 1", "> 0:\n"},
		{"numbers are breadth first", "0 b 3\n0 c 1\n1 c 2\n3 a 2", "> 0: b -> 1, c -> 2\n  1: a -> 3\n  2: c -> 3\n  3:\n"},
		// What comes after ✓ is as dead as a deadlock.
		{"✓ and STOP", "0 ✓ 1\n0 a 2", "> 0: ✓ -> 1, a -> 1\n  1:\n"},
		{"τ counts", "0 a 1\n0 b 2\n1 τ 3\n2 c 4\n3 c 4", "> 0: a -> 1, b -> 2\n  1: τ -> 2\n  2: c -> 3\n  3:\n"},
		// a -> (b [] c) is not a -> b [] a -> c, and has the same traces.
		{"when a choice is made", "0 τ 1\n0 τ 2\n1 a 3\n3 b 4\n3 c 4\n2 a 5\n2 a 6\n5 b 4\n6 c 4",
			"> 0: τ -> 1, τ -> 2\n  1: a -> 3\n  2: a -> 4, a -> 5\n  3: b -> 6, c -> 6\n  4: b -> 6\n  5: c -> 6\n  6:\n"},
		// 1 leads into both halves of what 2 and 3 lead into one each.
		{"split in three", "0 a 1\n0 b 2\n0 c 3\n1 d 4\n1 d 5\n2 d 4\n3 d 5\n4 a 4\n5 b 5",
			"> 0: a -> 1, b -> 2, c -> 3\n  1: d -> 4, d -> 5\n  2: d -> 4\n  3: d -> 5\n  4: a -> 4\n  5: b -> 5\n"},
		// The same at the end of the refinement, where only 3 is split off.
		{"split in three at last", "0 τ 1\n1 τ 2\n1 τ 3\n2 τ 3", "> 0: τ -> 1\n  1: τ -> 2, τ -> 3\n  2: τ -> 3\n  3:\n"},
	} {
		if got := minimise(machineOf(tt.machine)).String(); got != tt.want {
			t.Errorf("%s:\n%swant\n%s", tt.name, got, tt.want)
		}
	}
}

// classes returns which states are strongly bisimilar: the coarsest relation
// in which equal states have the same events to equal states, by going on
// until nothing changes. Only reachable states count; others are -1.
func classes(m *model.Machine) (class []int, n int) {
	class = make([]int, m.Len())
	for s := range class {
		class[s] = -1
	}
	class[m.Initial()] = 0
	queue := []model.State{m.Initial()}
	for i := 0; i < len(queue); i++ {
		_, targets := m.Transitions(queue[i])
		for _, to := range targets {
			if class[to] < 0 {
				class[to] = 0
				queue = append(queue, to)
			}
		}
	}
	for n = 1; ; {
		number := map[string]int{}
		next := slices.Clone(class)
		for _, s := range queue {
			sig := []string{}
			events, targets := m.Transitions(s)
			for i, e := range events {
				sig = append(sig, fmt.Sprint(e, "→", class[targets[i]]))
			}
			slices.Sort(sig)
			k := fmt.Sprint(class[s], slices.Compact(sig))
			if _, ok := number[k]; !ok {
				number[k] = len(number)
			}
			next[s] = number[k]
		}
		class = next
		if len(number) == n {
			return class, n
		}
		n = len(number)
	}
}

// beside is a machine with m from state 1 and w from the state that it
// returns as well.
func beside(m, w *model.Machine) (*model.Machine, model.State) {
	b := model.NewMachine("BOTH", m.Events())
	root := b.States(1)
	b.Start(root)
	base := make([]model.State, 2)
	for i, x := range []*model.Machine{m, w} {
		base[i] = b.States(x.Len())
		b.Add(root, model.Tau, base[i]+x.Initial())
		for s := range model.State(x.Len()) {
			events, targets := x.Transitions(s)
			for k, e := range events {
				b.Add(base[i]+s, e, base[i]+targets[k])
			}
		}
	}
	return must(b.Build()), base[1]
}

// Bisim of m is bisimilar to m, has one state for each class of m's, and is
// numbered breadth first.
func TestMinimiseMergesWhatIsBisimilar(t *testing.T) {
	merged, kept := 0, 0
	check := func(t *rapid.T) {
		visible := rapid.IntRange(0, 3).Draw(t, "visible")
		m := modeltest.Machines(14, visible).Draw(t, "machine")
		if rapid.Bool().Draw(t, "deep") {
			m = modeltest.Pairs(12, visible+1).Draw(t, "pair").Impl
		}
		got := minimise(m)
		class, n := classes(m)
		if got.Len() != n {
			t.Fatalf("%d states of %d classes:\n%s\nof\n%s", got.Len(), n, got, m)
		}
		both, base := beside(m, got)
		if class, _ := classes(both); class[1+m.Initial()] != class[base+got.Initial()] {
			t.Fatalf("not bisimilar:\n%s\nto\n%s", got, m)
		}
		reachable := 0
		for _, c := range class {
			if c >= 0 {
				reachable++
			}
		}
		if n < reachable {
			merged++
		} else {
			kept++
		}
		next := model.State(1)
		for s := range model.State(got.Len()) {
			_, targets := got.Transitions(s)
			for _, to := range targets {
				if to > next {
					t.Fatalf("not breadth first:\n%s", got)
				}
				next = max(next, to+1)
			}
		}
		if again := minimise(got).String(); again != got.String() {
			t.Fatalf("minimised again:\n%s\nwas\n%s", again, got)
		}
	}
	for range 20 {
		if !t.Failed() {
			rapid.Check(t, check)
		}
	}
	if merged == 0 || kept == 0 {
		t.Errorf("%d machines had states to merge, %d had none", merged, kept)
	}
}

// countdown does a for a long time: no two of its states are bisimilar, and all
// differences come from its end. Whoever goes over all states in each round
// takes n² steps.
func countdown(n int) *model.Machine {
	events := model.NewEvents()
	a := events.Event("a")
	b := model.NewMachine("CHAIN", events)
	b.States(n + 1)
	b.Start(0)
	for s := range model.State(n) {
		b.Add(s, a, s+1)
	}
	return must(b.Build())
}

func must[T any](x T, err error) T {
	if err != nil {
		panic(err)
	}
	return x
}

// jumps goes on by an event that is always the same, or anywhere by one of
// several.
func jumps(n, events int) *model.Machine {
	table := model.NewEvents()
	for i := range events {
		table.Event(fmt.Sprint("e", i))
	}
	b := model.NewMachine("JUMPS", table)
	random := rand.New(rand.NewPCG(1, 2))
	b.States(n)
	b.Start(0)
	for s := range n {
		b.Add(model.State(s), model.Tick+1, model.State((s+1)%n))
		e := model.Event(random.IntN(events))
		b.Add(model.State(s), model.Tick+1+e, model.State(random.IntN(n)))
	}
	return must(b.Build())
}

// copies is k copies of a machine that lead into each other: all but one are
// merged.
func copies(m *model.Machine, k int) *model.Machine {
	b := model.NewMachine("COPIES", m.Events())
	n := model.State(m.Len())
	b.States(int(n) * k)
	b.Start(0)
	for s := range n * model.State(k) {
		events, targets := m.Transitions(s % n)
		for i, e := range events {
			to := (s/n + 1 + model.State(i)) % model.State(k)
			b.Add(s, e, to*n+targets[i])
		}
	}
	return must(b.Build())
}

// A million transitions are no trouble, however many rounds a naive
// algorithm would need.
func TestMinimiseLarge(t *testing.T) {
	for _, tt := range []struct {
		m    *model.Machine
		want int
	}{
		{countdown(200000), 200001},
		{copies(countdown(100), 1000), 101},
	} {
		if got := minimise(tt.m); got.Len() != tt.want {
			t.Errorf("%s: %d states, want %d", tt.m.Name(), got.Len(), tt.want)
		}
	}
}

func BenchmarkMinimise(b *testing.B) {
	for _, n := range []int{1e5, 1e6} {
		for _, m := range []*model.Machine{countdown(n), jumps(n/2, 8), copies(jumps(50, 4), n/100)} {
			b.Run(fmt.Sprintf("%s-%.0e", m.Name(), float64(n)), func(b *testing.B) {
				b.ReportAllocs()
				states := 0
				for b.Loop() {
					states = minimise(m).Len()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*m.NumTransitions()), "ns/transition")
				b.ReportMetric(float64(states), "classes")
			})
		}
	}
}

// minimise is Bisim that nothing stops.
func minimise(m *model.Machine) *model.Machine { return must(lts.Bisim(m, goOn)) }
