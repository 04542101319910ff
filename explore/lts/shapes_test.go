package lts_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/explore/lts"
	"github.com/cspcheck/cspcheck/model"
)

// Shapes are machines in which τ leads far, each of about n states.
var shapes = []struct {
	name string
	of   func(n int) *model.Machine
}{
	{"chain", tauChain},
	{"grid", tauGrid},
	{"random", tauRandom},
	{"tree", tauTree},
	{"towers", func(n int) *model.Machine { return taus(n, 100) }},
	{"ring", hidden},
	{"deterministic", deterministic},
	{"confluent", confluent},
	{"cells", func(n int) *model.Machine { return cells(int(math.Log2(float64(n)) + 0.5)) }},
}

// A shaping builds a machine of n states with four events.
type shaping struct {
	*model.MachineBuilder
	events [4]model.Event
	*rand.Rand
}

func newShaping(name string, n int) *shaping {
	events := model.NewEvents()
	s := &shaping{MachineBuilder: model.NewMachine(name, events), Rand: rand.New(rand.NewPCG(1, 2))}
	for i := range s.events {
		s.events[i] = events.Event(fmt.Sprint("e", i))
	}
	s.Start(0)
	s.States(n)
	return s
}

// visible adds a transition by any of the events.
func (s *shaping) visible(from, to int) {
	s.Add(model.State(from), s.events[s.IntN(len(s.events))], model.State(to))
}

func (s *shaping) tau(from, to int) { s.Add(model.State(from), model.Tau, model.State(to)) }

// tauChain is one chain of τ, with an exit from each state to anywhere.
func tauChain(n int) *model.Machine {
	b := newShaping("CHAIN", n)
	for s := range n {
		if s+1 < n {
			b.tau(s, s+1)
		}
		b.visible(s, b.IntN(n))
	}
	return must(b.Build())
}

// tauGrid is three counters, each of which steps by τ, with exits that depend on
// one of them.
func tauGrid(n int) *model.Machine {
	k := int(math.Cbrt(float64(n)) + 0.5)
	b := newShaping("GRID", k*k*k)
	for s := range k * k * k {
		for at, unit := s, 1; unit < k*k*k; at, unit = at/k, unit*k {
			if at%k+1 < k {
				b.tau(s, s+unit)
			}
		}
		b.Add(model.State(s), b.events[s%4], model.State(s%k))
	}
	return must(b.Build())
}

// tauRandom has three transitions from each state to anywhere, half of them τ.
func tauRandom(n int) *model.Machine {
	b := newShaping("RANDOM", n)
	for s := range n {
		for range 3 {
			if to := b.IntN(n); b.IntN(2) == 0 {
				b.tau(s, to)
			} else {
				b.visible(s, to)
			}
		}
	}
	return must(b.Build())
}

// tauTree is a binary tree of τ; its leaves lead to anywhere.
func tauTree(n int) *model.Machine {
	b := newShaping("TREE", n)
	for s := range n {
		if 2*s+2 < n {
			b.tau(s, 2*s+1)
			b.tau(s, 2*s+2)
		} else {
			b.visible(s, b.IntN(n))
		}
	}
	return must(b.Build())
}

// deterministic leads from each state by two events to anywhere, and has no τ.
func deterministic(n int) *model.Machine {
	b := newShaping("DETERMINISTIC", n)
	for s := range n {
		e := b.IntN(len(b.events))
		b.Add(model.State(s), b.events[e], model.State(b.IntN(n)))
		b.Add(model.State(s), b.events[(e+1)%len(b.events)], model.State(b.IntN(n)))
	}
	return must(b.Build())
}

// confluent is three events in turn, between which there are two steps of τ in
// either order; one of the events leads anywhere.
func confluent(n int) *model.Machine {
	b := newShaping("CONFLUENT", n/4*4)
	for s := 0; s < n/4*4; s += 4 {
		b.tau(s, s+1)
		b.tau(s, s+2)
		b.tau(s+1, s+3)
		b.tau(s+2, s+3)
		e := b.IntN(len(b.events))
		b.Add(model.State(s+3), b.events[e], model.State((s+4)%(n/4*4)))
		b.Add(model.State(s+3), b.events[(e+1)%len(b.events)], model.State(b.IntN(n/4)*4))
	}
	return must(b.Build())
}

// A compression looks whether to go on every 2^14 steps. Some normal forms have no
// end in sight, and take a few bytes a step.
const mostLooks = 1 << 15

var errLong = errors.New("it takes too long")

func BenchmarkShapes(b *testing.B) {
	for _, c := range compressions[1:] {
		for _, shape := range shapes {
			for _, n := range []int{1e4, 1e5, 1e6} {
				b.Run(fmt.Sprintf("%s/%s/%d", c.name, shape.name, n), func(b *testing.B) {
					m := shape.of(n)
					b.ReportAllocs()
					var got *model.Machine
					for b.Loop() {
						looks := 0
						var err error
						if got, err = c.of(m, func() error {
							if looks++; looks > mostLooks {
								return errLong
							}
							return nil
						}); err != nil {
							b.Skip(err)
						}
					}
					b.ReportMetric(float64(got.Len()), "states")
					b.ReportMetric(float64(got.NumTransitions()), "transitions")
				})
			}
		}
	}
}

// BenchmarkNodes counts the sets of states that a normal form has for nodes,
// before those that are equal become one, and the states in them.
func BenchmarkNodes(b *testing.B) {
	for _, shape := range shapes[:5] {
		for _, n := range []int{150, 300, 600, 1200, 2400} {
			b.Run(fmt.Sprintf("%s/%d", shape.name, n), func(b *testing.B) {
				m := must(lts.DBisim(shape.of(n), goOn))
				nodes, members := 0, 0
				for b.Loop() {
					normal := must(lts.NewNormal(explore.Machine(m), lts.Everything, func(*lts.Normal) error { return nil }))
					if whole := must(normal.Whole(lts.Budget{Nodes: 1 << 16, Work: 1 << 24})); !whole {
						b.Skip("more than 65536 nodes, or too many states in them")
					}
					nodes, members = normal.Len(), 0
					for x := range lts.Node(nodes) {
						members += len(normal.Members(x))
					}
				}
				b.ReportMetric(float64(nodes), "nodes")
				b.ReportMetric(float64(members), "members")
			})
		}
	}
}
