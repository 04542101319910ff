package symmetry

import (
	"fmt"
	"math/big"
	"slices"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/modeltest"
	"pgregory.net/rapid"
)

func subject(net *model.Network, spec *Spec) *Subject {
	flat := explore.Network(net).(explore.Flat)
	l := flat.Layout()
	for c := range l.Fields {
		l.Fields[c].Machine = flat.Spelled(c)
	}
	return &Subject{Layout: l, Spec: spec}
}

// find is Find but for how the group is used.
func find(x *Subject) *search {
	g := newGraph(x)
	s := newSearch(g, newVerifier(g))
	s.run()
	return s
}

// eachState calls f for all states that the components could be in together,
// reachable or not.
func eachState(net *model.Network, f func(vector)) {
	x := make(vector, len(net.Components()))
	var from func(c int)
	from = func(c int) {
		if c == len(x) {
			f(x)
			return
		}
		for s := range net.Components()[c].Machine.Len() {
			x[c] = uint32(s)
			from(c + 1)
		}
	}
	from(0)
}

// naiveSteps returns what a network does in a state, by the definition: the
// kinds of events, τ, ✓ or visible, and local states, as text, each once.
func naiveSteps(net *model.Network, x vector, image func(vector) vector) []string {
	var out []string
	for r := range net.NumRules() {
		tos := []vector{slices.Clone(x)}
		for _, p := range net.Parts(r) {
			var next []vector
			events, targets := net.Components()[p.Component].Machine.Transitions(model.State(x[p.Component]))
			for k, e := range events {
				for _, to := range tos {
					if e == p.Event {
						to = slices.Clone(to)
						to[p.Component] = uint32(targets[k])
						next = append(next, to)
					}
				}
			}
			tos = next
		}
		for _, to := range tos {
			for _, span := range net.Resets(r) {
				for c := span.Lo; c < span.Hi; c++ {
					to[c] = uint32(net.Components()[c].Machine.Initial())
				}
			}
			out = append(out, fmt.Sprint(min(net.Event(r), model.Tick+1), image(to)))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// What is found maps the initial state to itself and steps to steps, by the
// definition, whatever the network; and of all symmetries that were built in,
// none is missing.
func TestSymmetriesMapSteps(t *testing.T) {
	spoilt, whole, incomplete := 0, 0, 0
	for range 5 {
		rapid.Check(t, func(t *rapid.T) {
			x := modeltest.Symmetrics().Draw(t, "network")
			s := find(subject(x.Net, nil))
			if !s.complete {
				incomplete++
			}
			if x.Whole {
				whole++
				if order := s.order.Int64(); s.complete && order%int64(x.Order) != 0 {
					t.Fatalf("%d symmetries found, %d are built in", order, x.Order)
				}
			} else if len(s.found) == 0 {
				spoilt++
			}
			initial := make(vector, len(x.Net.Components()))
			for c := range initial {
				initial[c] = uint32(x.Net.Components()[c].Machine.Initial())
			}
			for _, e := range s.found {
				image := func(x vector) vector {
					y := make(vector, len(x))
					e.apply(x, y)
					return y
				}
				if !slices.Equal(image(initial), initial) {
					t.Fatalf("the initial state becomes %v", image(initial))
				}
				states := 0
				eachState(x.Net, func(v vector) {
					if states++; states > 60 {
						return
					}
					plain := func(x vector) vector { return x }
					if got, want := naiveSteps(x.Net, image(v), plain), naiveSteps(x.Net, v, image); !slices.Equal(got, want) {
						t.Fatalf("%v does %v; its image %v does %v", v, want, image(v), got)
					}
				})
			}
		})
	}
	t.Log(whole, spoilt, incomplete)
	if whole == 0 || spoilt == 0 || incomplete > 3+whole/20 {
		t.Errorf("%d whole, %d spoilt without symmetries, %d that choices led astray", whole, spoilt, incomplete)
	}
}

// pool is n workers that share a queue, and may say so many things to each
// other.
func pool(n, talks int) (*model.Rules, *model.Events) {
	events := model.NewEvents()
	b := model.NewRules("POOL", events)
	queue := model.NewMachine("QUEUE", model.NewEvents())
	queue.Initial("empty")
	local := model.NewEvents()
	for i := range n {
		w := model.NewMachine("W", local)
		w.Initial("idle")
		w.On("idle", "take", "busy")
		w.On("busy", "done", "idle")
		for j := range n {
			for k := 0; k < talks && j != i; k++ {
				w.On("idle", fmt.Sprint("send", j, ".", k), "busy")
				w.On("busy", fmt.Sprint("receive", j, ".", k), "idle")
			}
		}
		m, _ := w.Build()
		b.Component(model.Component{Name: fmt.Sprint("W", i), Machine: m})
		queue.On("full", fmt.Sprint("take", i), "empty")
	}
	queue.On("empty", "put", "full")
	m, _ := queue.Build()
	b.Component(model.Component{Name: "QUEUE", Machine: m})
	put, _ := m.Events().Lookup("put")
	b.Rule(events.Event("put"), []model.Part{{Component: int32(n), Event: put}})
	for i := range n {
		take, _ := m.Events().Lookup(fmt.Sprint("take", i))
		b.Rule(events.Event(fmt.Sprint("take", i)), []model.Part{{Component: int32(i), Event: local.Event("take")}, {Component: int32(n), Event: take}})
		b.Rule(events.Event(fmt.Sprint("done", i)), []model.Part{{Component: int32(i), Event: local.Event("done")}})
		for j := range n {
			for k := 0; k < talks && j != i; k++ {
				b.Rule(events.Event(fmt.Sprint("talk", i, ".", j, ".", k)), []model.Part{
					{Component: int32(i), Event: local.Event(fmt.Sprint("send", j, ".", k))},
					{Component: int32(j), Event: local.Event(fmt.Sprint("receive", i, ".", k))}})
			}
		}
	}
	return b, events
}

// Finding the symmetries of a large network takes a few looks at each of its
// edges for colours, and then what the generators move: not more for each of
// them, the larger the network.
func TestFindingIsProportional(t *testing.T) {
	for _, tt := range []struct {
		n, talks int
	}{{200, 0}, {2000, 0}, {50, 1}, {150, 1}, {50, 3}, {3, 10000}} {
		b, _ := pool(tt.n, tt.talks)
		net, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		x := subject(net, nil)
		s := find(x)
		want := new(big.Int).MulRange(1, int64(tt.n))
		if s.order.Cmp(want) != 0 || !s.complete {
			t.Errorf("%d workers have %d! symmetries, not %v", tt.n, tt.n, s.order.BitLen())
		}
		looks := s.worked() / int64(len(s.next))
		t.Logf("%d components, %d rules, %d edges: %d looks at each", tt.n+1, net.NumRules(), len(s.next), looks)
		if looks > 32 {
			t.Errorf("%d workers: %d looks at each edge", tt.n, looks)
		}
	}
}

// In a network of 200 components and 10⁵ rules symmetries are found within a
// second.
func BenchmarkFind(b *testing.B) {
	for _, talks := range []int{0, 1, 3} {
		rules, _ := pool(200, talks)
		net, err := rules.Build()
		if err != nil {
			b.Fatal(err)
		}
		x := subject(net, nil)
		b.Run(fmt.Sprint(net.NumRules()), func(b *testing.B) {
			for b.Loop() {
				find(x)
			}
		})
	}
}
