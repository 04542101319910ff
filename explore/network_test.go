package explore_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/modeltest"
	"pgregory.net/rapid"
)

// A graph is a transition system spelt out; state 0 is the initial one.
type graph [][]edge

type edge struct {
	e  model.Event
	to int
}

// termGraph returns the transitions of the terms that t can become, or false
// if there are more than most.
func termGraph(t *modeltest.Term, most int) (graph, bool) {
	spelt, ok := t.Graph(most)
	var g graph
	for _, edges := range spelt {
		var out []edge
		for _, x := range edges {
			out = append(out, edge{x.Event, x.To})
		}
		g = append(g, out)
	}
	return g, ok
}

func systemGraph(t interface{ Fatal(...any) }, sys explore.System) graph {
	var g graph
	_, err := explore.Run(context.Background(), sys, explore.Limits{States: 200000}, func(v *explore.Visit) bool {
		var out []edge
		for i, e := range v.Steps.Events {
			out = append(out, edge{e, int(v.Targets[i])})
		}
		g = append(g, out)
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// bisimilar reports whether the initial states of g and h are strongly
// bisimilar, by naive refinement of a partition.
func bisimilar(g, h graph) bool {
	all := slices.Clone(g)
	for _, out := range h {
		var moved []edge
		for _, x := range out {
			moved = append(moved, edge{x.e, x.to + len(g)})
		}
		all = append(all, moved)
	}
	class := make([]int, len(all))
	var sig []byte
	for classes := 1; ; {
		number := map[string]int{}
		next := make([]int, len(all))
		for s, out := range all {
			var does []uint64
			for _, x := range out {
				does = append(does, uint64(x.e)<<32|uint64(class[x.to]))
			}
			slices.Sort(does)
			sig = binary.AppendUvarint(sig[:0], uint64(class[s]))
			for _, x := range slices.Compact(does) {
				sig = binary.AppendUvarint(sig, x)
			}
			if _, ok := number[string(sig)]; !ok {
				number[string(sig)] = len(number)
			}
			next[s] = number[string(sig)]
		}
		class = next
		if len(number) == classes {
			return class[0] == class[len(g)]
		}
		classes = len(number)
	}
}

// repeatedly checks rounds times as many cases as rapid does unless told
// otherwise.
func repeatedly(t *testing.T, rounds int, check func(*rapid.T)) {
	if testing.Short() {
		rounds = min(rounds, 10)
	}
	for range rounds {
		if !t.Failed() {
			rapid.Check(t, check)
		}
	}
}

// until checks until *count is n, or a twentieth if tests are to be short,
// however many cases rapid checks at a time.
func until(t *testing.T, count *int, n int, check func(*rapid.T)) {
	if testing.Short() {
		n /= 20
	}
	for *count < n && !t.Failed() {
		rapid.Check(t, check)
	}
}

// The law that matters: a network does what the firing rules say of the term
// that it was made of, and after ✓ there is one state and nothing more.
func TestNetworkFollowsTheFiringRules(t *testing.T) {
	var compared, grew, large, deep, calls int
	until(t, &compared, 40000, func(t *rapid.T) {
		x := modeltest.Terms(4).Draw(t, "term")
		net, err := x.Network()
		if errors.Is(err, model.ErrGrows) {
			grew++
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := net.Validate(); err != nil {
			t.Fatal(err)
		}
		want, ok := termGraph(x, 400)
		if !ok {
			return
		}
		got := systemGraph(t, explore.Network(net))
		compared++
		if len(got) > 20 {
			large++
		}
		parts := slices.Collect(x.All())
		if len(parts) > 9 {
			deep++
		}
		if slices.ContainsFunc(parts, func(p *modeltest.Term) bool { return p.Op == modeltest.Call }) {
			calls++
		}
		if !bisimilar(got, want) {
			t.Fatalf("not bisimilar: %s\nnetwork %s\n%v\n%v", x, net, got, want)
		}
		if len(got) > len(want) {
			t.Fatalf("%d states, and only %d terms: equal futures are not equal states: %s\nnetwork %s", len(got), len(want), x, net)
		}
		end := -1
		for _, out := range got {
			for _, e := range out {
				if e.e == model.Tick && (end >= 0 && e.to != end || len(got[e.to]) > 0) {
					t.Fatalf("✓ leads to state %d with %v, and to state %d: %s\nnetwork %s", e.to, got[e.to], end, x, net)
				}
				if e.e == model.Tick {
					end = e.to
				}
			}
		}
	})
	t.Logf("compared %d: %d of more than 20 states, %d of more than 9 parts, %d with calls; %d have no finite network", compared, large, deep, calls, grew)
	if compared < grew || large == 0 || deep == 0 || calls == 0 {
		t.Error("too few of them say much")
	}
}

// padding is n processes that can only do ✓, each of which takes a bit.
func padding(events *model.Events, n int) []*model.Process {
	b := model.NewMachine("SKIP", events)
	b.On("start", "✓", "end")
	b.Initial("start")
	m := must(b.Build())
	out := make([]*model.Process, n)
	for i := range out {
		out[i] = model.Leaf(m)
	}
	return out
}

// A shifted is a machine on demand whose states have large numbers, so that
// it is never spelt out.
type shifted struct{ m *model.Machine }

const shift = 1 << 15

func (x shifted) Initial() (model.State, error) { return x.m.Initial() + shift, nil }

func (x shifted) Transitions(s model.State) ([]model.Event, []model.State, error) {
	events, targets := x.m.Transitions(s - shift)
	var out []model.State
	for _, t := range targets {
		out = append(out, t+shift)
	}
	return events, out, nil
}

// P ||| SKIP = P, and P is the same with its leaves on demand, its states in
// several words, and a part of it made whole: all kinds of component and
// width take the same steps.
func TestNetworkShapesAgree(t *testing.T) {
	wide := 0
	repeatedly(t, 5, func(t *rapid.T) {
		x := modeltest.Terms(3).Draw(t, "term")
		plain, err := x.Network()
		if err != nil {
			return
		}
		want := systemGraph(t, explore.Network(plain))
		if len(want) > 400 {
			return
		}
		skips := padding(x.Events, 70)
		shapes := []*model.Process{
			model.Interleave(append(skips[:40:40], append([]*model.Process{x.Process()}, skips[40:]...)...)...),
			model.Whole(model.Interleave(x.Process(), skips[0])),
			x.ProcessOf(func(m *model.Machine) *model.Process {
				return model.LeafOnDemand("M", shifted{m}, x.Events, []model.Event{0, 1, 2, 3, 4})
			}),
		}
		for i, p := range shapes {
			net, err := model.NewNetwork("Y", x.Events, p)
			if errors.Is(err, model.ErrGrows) && i == 2 {
				continue // what is said to be done on demand need not be
			}
			if err != nil {
				t.Fatal(err)
			}
			sys := explore.Network(net)
			if sys.Width() > 1 {
				wide++
			}
			if got := systemGraph(t, sys); len(got) < 400 && !bisimilar(got, want) {
				t.Fatalf("shape %d is not bisimilar: %s\nnetwork %s\n%v\n%v", i, x, net, got, want)
			}
		}
	})
	if wide == 0 {
		t.Error("no state had more than one word")
	}
}

// A whole too large to be spelt out: its states are made as they are met.
func TestNetworkLargeWhole(t *testing.T) {
	events := model.NewEvents()
	var ps []*model.Process
	for i := range 5 {
		var steps []string
		for j := range 7 {
			steps = append(steps, fmt.Sprintf("step.%d.%d", i, j))
		}
		ps = append(ps, model.Leaf(cycle(fmt.Sprint("C ", i), events, 0, steps...)))
	}
	net := must(model.NewNetwork("N", events, model.Interleave(model.Whole(model.Interleave(ps[:4]...)), ps[4])))
	if got := len(net.Components()); got != 2 {
		t.Fatalf("%d components", got)
	}
	s, err := explore.Run(context.Background(), explore.Network(net), explore.Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.States != 16807 || s.Transitions != 5*16807 {
		t.Errorf("%d states, %d transitions, want 16807, %d", s.States, s.Transitions, 5*16807)
	}
	path, err := s.Path(16806)
	if err != nil {
		t.Fatal(err)
	}
	story, err := explore.Explain(explore.Network(net), nil)
	if err != nil || len(story.Components) != 5 {
		t.Errorf("%d components told, %v", len(story.Components), err)
	}
	if len(path) != int(s.Depth) {
		t.Errorf("a path of %d steps to the deepest state, of depth %d", len(path), s.Depth)
	}
}

// counter is infinite: up counts for ever.
type counter struct{ up, broken model.Event }

func (counter) Initial() (model.State, error) { return 0, nil }
func (c counter) Transitions(s model.State) ([]model.Event, []model.State, error) {
	if c.broken != 0 && s == 50000 {
		return nil, nil, &explore.Limit{Reason: "no more"}
	}
	return []model.Event{c.up}, []model.State{s + 1}, nil
}

// An infinite component is kept small by its partner; alone, it runs into a
// limit, and an error of its own ends the search.
func TestNetworkOnDemand(t *testing.T) {
	events := model.NewEvents()
	up := events.Event("up")
	b := model.NewMachine("THRICE", events)
	for i := range 3 {
		b.On(fmt.Sprint(i), "up", fmt.Sprint(i+1))
	}
	b.Initial("0")
	thrice := model.Leaf(must(b.Build()))
	infinite := model.LeafOnDemand("N", counter{up: up}, events, []model.Event{up})
	net := must(model.NewNetwork("X", events, model.Par(model.NewAlphabet(up), infinite, thrice)))
	s, err := explore.Run(context.Background(), explore.Network(net), explore.Limits{}, nil)
	if err != nil || s.States != 4 || s.Transitions != 3 {
		t.Errorf("%d states, %d transitions, %v", s.States, s.Transitions, err)
	}
	var limit *explore.Limit
	net = must(model.NewNetwork("X", events, infinite))
	if s, err = explore.Run(context.Background(), explore.Network(net), explore.Limits{States: 70000}, nil); !errors.As(err, &limit) || s.States != 70000 {
		t.Errorf("%d states, %v", s.States, err)
	}
	net = must(model.NewNetwork("X", events, model.LeafOnDemand("N", counter{up, up}, events, []model.Event{up})))
	if s, err = explore.Run(context.Background(), explore.Network(net), explore.Limits{}, nil); err == nil || err.Error() != "no more" || s.States != 50001 {
		t.Errorf("%d states, %v", s.States, err)
	}
	if path, err := s.Path(50000); err != nil || len(path) != 50000 {
		t.Errorf("after an error, a path of %d steps, %v", len(path), err)
	}
}

// novel does an event of its own in each of its states, and knows only those
// of the states that it was asked for.
type novel struct {
	events *model.Events
	last   model.State
	known  *[]model.Event
}

func (novel) Initial() (model.State, error) { return 0, nil }

func (n novel) Transitions(s model.State) ([]model.Event, []model.State, error) {
	if s == n.last {
		return nil, nil, nil
	}
	e := n.events.Event(fmt.Sprint("novel.", s))
	*n.known = append(*n.known, e)
	return []model.Event{e}, []model.State{s + 1}, nil
}

func (n novel) Does() []model.Event { return *n.known }

// every is the set of the events of novel.
type every struct{ events *model.Events }

func (s every) Contains(e model.Event) bool { return strings.HasPrefix(s.events.Name(e), "novel.") }

// A leaf turns out to do events that no rule was made for, at the top, below
// operators with states, and inside of a part that is whole: states stay what
// they are, and nothing is missed.
func TestNetworkOpenEnded(t *testing.T) {
	const last = 6000 // more than are spelt out at the start
	for _, shape := range []func(leaf, other *model.Process) *model.Process{
		func(leaf, other *model.Process) *model.Process { return model.Interleave(leaf, other) },
		func(leaf, other *model.Process) *model.Process {
			return model.Interrupt(model.Hide(model.Interleave(leaf, other), model.NewAlphabet()), model.Interleave(other))
		},
		func(leaf, other *model.Process) *model.Process {
			return model.Whole(model.Interleave(model.Whole(model.Interleave(leaf, leaf)), other))
		},
	} {
		var counts []string
		for _, ahead := range []bool{false, true} {
			events := model.NewEvents()
			known := &[]model.Event{}
			leaf := model.LeafOnDemand("N", novel{events, last, known}, events, nil)
			if ahead {
				for i := range last {
					*known = append(*known, events.Event(fmt.Sprint("novel.", i)))
				}
			}
			var steps []string
			for i := range 40 {
				steps = append(steps, fmt.Sprint("novel.", i))
			}
			bound := model.Leaf(cycle("C", events, 0, steps...))
			net := must(model.NewNetwork("X", events, shape(model.Par(every{events}, leaf, bound), model.Leaf(cycle("O", events, 0, "a", "b")))))
			s, err := explore.Run(context.Background(), explore.Network(net), explore.Limits{}, nil)
			counts = append(counts, fmt.Sprint(s.States, s.Transitions, s.Depth, err))
		}
		if counts[0] != counts[1] {
			t.Errorf("states, transitions and depth %s, want %s", counts[0], counts[1])
		}
	}
}

// Twenty interruptible processes tick together in 2²⁰ ways, by one rule.
func TestNetworkTicksTogether(t *testing.T) {
	events := model.NewEvents()
	var ps []*model.Process
	for range 20 {
		skip := padding(events, 2)
		ps = append(ps, model.Interrupt(skip[0], skip[1]))
	}
	net := must(model.NewNetwork("X", events, model.Interleave(ps...)))
	s, err := explore.Run(context.Background(), explore.Network(net), explore.Limits{}, nil)
	if err != nil || s.States != 2 || s.Transitions != 1 {
		t.Errorf("%d states, %d transitions, %v", s.States, s.Transitions, err)
	}
}

// Two machines of many events, few in each state: their tables are hashed.
func TestNetworkLargeTables(t *testing.T) {
	events := model.NewEvents()
	var names []string
	for i := range 300 {
		names = append(names, fmt.Sprint("e.", i))
	}
	all := cycle("P", events, 0, names...)
	short := cycle("Q", events, 0, append(slices.Clone(names[:250]), "other")...)
	net := must(model.NewNetwork("X", events, model.Par(all.Alphabet(), model.Leaf(all), model.Leaf(short), model.Leaf(all))))
	s, err := explore.Run(context.Background(), explore.Network(net), explore.Limits{}, nil)
	if err != nil || s.States != 252 || s.Transitions != 251 { // 250 together, other, and stuck
		t.Errorf("%d states, %d transitions, %v", s.States, s.Transitions, err)
	}
}

// A rule is led by who can do its part least often, made on demand or not:
// here by the second component, which can do one get where the first can do
// all. The order of the steps shows it.
func TestNetworkLeaders(t *testing.T) {
	events := model.NewEvents()
	var gets []string
	hub := model.NewMachine("HUB", events)
	hub.Initial("open")
	for i := range 10 {
		gets = append(gets, fmt.Sprint("get.", i))
		hub.On("open", gets[i], "open")
	}
	hub.On("open", "close", "closed")
	hub.On("closed", "open", "open")
	one, all := cycle("ONE", events, 0, gets...), must(hub.Build())
	leaf := func(m *model.Machine, demand bool) *model.Process {
		if demand {
			return model.LeafOnDemand(m.Name(), shifted{m}, events, slices.Collect(m.Alphabet().All()))
		}
		return model.Leaf(m)
	}
	for _, demand := range [][2]bool{{false, false}, {false, true}, {true, false}, {true, true}} {
		p := model.Par(one.Alphabet(), leaf(all, demand[0]), leaf(one, demand[1]))
		sys := explore.Network(must(model.NewNetwork("X", events, p)))
		s := make([]uint64, sys.Width())
		var steps explore.Steps
		if err := errors.Join(sys.Initial(s), sys.Successors(s, &steps)); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range steps.Events {
			got = append(got, events.Name(e))
		}
		if want := []string{"close", "get.0"}; !slices.Equal(got, want) {
			t.Errorf("on demand %v: %v, want %v", demand, got, want)
		}
	}
}
