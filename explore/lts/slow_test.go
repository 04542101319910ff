package lts_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cspcheck/cspcheck/explore/lts"
	"github.com/cspcheck/cspcheck/model"
)

// slowClasses returns how many classes of delay or weak bisimilar states
// can be reached. Every state's reach and offers are spelt out, in rounds,
// until none tells more states apart.
func slowClasses(m *model.Machine, weak bool) int {
	w := newWeakly(m)
	states := reachable(m)
	class := map[model.State]int{}
	for s, d := range w.diverges {
		if d {
			class[model.State(s)] = 1
		}
	}
	for n := 0; ; {
		number := map[string]int{}
		next := map[model.State]int{}
		for _, s := range states {
			all := map[string]bool{}
			for _, u := range w.taus[s] {
				all[fmt.Sprint("τ ", class[u])] = true
				events, targets := m.Transitions(u)
				for i, e := range events {
					after := targets[i : i+1]
					if weak {
						after = w.taus[targets[i]]
					}
					for _, t := range after {
						if e != model.Tau {
							all[fmt.Sprint(e, " ", class[t])] = true
						}
					}
				}
			}
			key := fmt.Sprint(class[s], slices.Sorted(maps.Keys(all)))
			c, ok := number[key]
			if !ok {
				c = len(number)
				number[key] = c
			}
			next[s] = c
		}
		if class = next; len(number) == n {
			return n
		}
		n = len(number)
	}
}

// randomMachine has some states, and τ for a share of its transitions.
func randomMachine(r *rand.Rand, states int) *model.Machine {
	b := newShaping("RANDOM", states)
	share := r.Float64()
	visible := 1 + r.IntN(3)
	for range r.IntN(3*states + 1) {
		from, to := r.IntN(states), r.IntN(states)
		if near := r.IntN(4); near > 0 && from+near < states { // long ways
			to = from + near
		}
		if r.Float64() < share {
			b.tau(from, to)
		} else {
			b.Add(model.State(from), b.events[r.IntN(visible)], model.State(to))
		}
	}
	return must(b.Build())
}

// Whatever the effort, there are as many classes as when everything is spelt
// out, and the machines are the same.
func TestQuotientsHaveTheClassesOfSlowOnes(t *testing.T) {
	machines := 1500
	if testing.Short() {
		machines = 300
	}
	r := rand.New(rand.NewPCG(3, 4))
	split := 0
	for range machines {
		m := randomMachine(r, 1+r.IntN(40))
		for _, weak := range []bool{false, true} {
			want := slowClasses(m, weak)
			if want > 2 && want < len(reachable(m)) {
				split++
			}
			usual := must(lts.QuotientBy(m, weak, lts.Efforts["usual"]))
			for name, how := range lts.Efforts {
				got := must(lts.QuotientBy(m, weak, how))
				if got.Len() != want || got.String() != usual.String() {
					t.Fatalf("weak %v, %s: %d classes, want %d, those of\n%sof\n%s", weak, name, got.Len(), want, usual, m)
				}
			}
		}
	}
	if split < machines/10 {
		t.Errorf("only %d machines had some, but not all states bisimilar", split)
	}
}

// Large machines, for which rounds, sweeps and sets in use do matter.
func TestQuotientsOfLargeMachines(t *testing.T) {
	for _, shape := range shapes {
		m := shape.of(4000)
		for _, weak := range []bool{false, true} {
			usual := must(lts.QuotientBy(m, weak, lts.Efforts["usual"]))
			for name, how := range lts.Efforts {
				if got := must(lts.QuotientBy(m, weak, how)); got.String() != usual.String() {
					t.Errorf("%s, weak %v, %s: %d states, want %d", shape.name, weak, name, got.Len(), usual.Len())
				}
			}
		}
	}
}

// slowDiamond is Diamond as its comment says, of a machine without loops of τ
// but single ones.
func slowDiamond(m *model.Machine) *model.Machine {
	w := newWeakly(m)
	b := model.NewMachine(m.Name(), m.Events())
	b.States(m.Len())
	b.Start(m.Initial())
	initials := func(s model.State) []model.Event {
		events, _ := m.Transitions(s)
		return slices.Compact(slices.Clone(events))
	}
	for s := range model.State(m.Len()) {
		add := func(e model.Event, t model.State) { b.Add(s, e, t) }
		offered := map[model.Event]bool{}
		diverges := false
		var stable []model.State
		after := map[model.Event][]model.State{}
		for _, u := range w.taus[s] {
			events, targets := m.Transitions(u)
			for k, e := range events {
				if e == model.Tau {
					diverges = diverges || targets[k] == u
				} else {
					offered[e] = true
					after[e] = append(after[e], targets[k])
				}
			}
			if !slices.Contains(events, model.Tau) {
				stable = append(stable, u)
			}
		}
		for e, all := range after {
			slices.Sort(all)
			all = slices.Compact(all)
			for _, t := range all {
				if !slices.ContainsFunc(all, func(u model.State) bool { return u != t && slices.Contains(w.taus[u], t) }) {
					add(e, t)
				}
			}
		}
		slices.Sort(stable)
		var least []model.State
		for k, u := range stable {
			offer := initials(u)
			if !slices.ContainsFunc(stable, func(v model.State) bool {
				other := initials(v)
				less := !slices.ContainsFunc(other, func(e model.Event) bool { return !slices.Contains(offer, e) })
				return less && (len(other) < len(offer) || slices.Index(stable, v) < k)
			}) {
				least = append(least, u)
			}
		}
		if diverges {
			add(model.Tau, s)
		}
		if diverges || len(least) != 1 || len(initials(least[0])) < len(offered) {
			for _, u := range least {
				add(model.Tau, u)
			}
		}
	}
	return must(lts.Explicate(must(b.Build()), goOn))
}

func TestDiamondIsThatOfASlowOne(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		m := must(lts.TauLoops(randomMachine(r, 1+r.IntN(30)), goOn))
		want := slowDiamond(m)
		for _, got := range []*model.Machine{must(lts.Diamond(m, goOn)), must(lts.DiamondCrowded(m))} {
			if got.String() != want.String() {
				t.Fatalf("%swant\n%sof\n%s", got, want, m)
			}
		}
	}
}

// Where a diamond has the square of as many transitions, it is given up.
func TestDiamondThatOutgrows(t *testing.T) {
	m := tauRandom(5000)
	got := must(lts.Diamond(m, goOn))
	if most := 8*(m.Len()+m.NumTransitions()) + 1<<16; got.NumTransitions() > most {
		t.Errorf("%d transitions, want at most %d", got.NumTransitions(), most)
	}
	if delay := must(lts.DBisim(must(lts.TauLoops(m, goOn)), goOn)); got.String() != delay.String() {
		t.Errorf("%d states, want the %d of delay bisimilarity", got.Len(), delay.Len())
	}
}
