package explore

import (
	"fmt"
	"testing"

	"github.com/cspcheck/cspcheck/model"
	"pgregory.net/rapid"
)

// wideNetwork draws a network of so many components that most stay as they are
// in a step.
func wideNetwork(t *rapid.T) *model.Network {
	return networkOf(t, rapid.IntRange(20, 60).Draw(t, "components"), 3, 20)
}

// networkOf draws a network of n components: for each some rules, of one, two
// or more participants, and of as many as resets says one that resets others.
func networkOf(t *rapid.T, n, rules, resets int) *model.Network {
	events := model.NewEvents()
	local := []model.Event{events.Event("a"), events.Event("b"), events.Event("c")}
	b := model.NewRules("WIDE", events)
	number := func(label string, lo, hi int) int { return rapid.IntRange(lo, hi).Draw(t, label) }
	for i := range n {
		m := model.NewMachine(fmt.Sprint("M", i), events)
		states := number("states", 1, 4)
		m.States(states)
		m.Start(0)
		for k, e := range local { // each can do each event somewhere
			m.Add(model.State(k%states), e, model.State(number("to", 0, states-1)))
		}
		for range number("more", 0, 3) {
			m.Add(model.State(number("from", 0, states-1)), rapid.SampledFrom(local).Draw(t, "event"), model.State(number("to", 0, states-1)))
		}
		built, err := m.Build()
		if err != nil {
			t.Fatal(err)
		}
		b.Component(model.Component{Name: fmt.Sprint("c", i), Machine: built})
	}
	for range number("rules", n/2, rules*n) {
		var parts []model.Part
		for c, left := number("first", 0, n-1), number("participants", 1, 4); c < n && left > 0; left-- {
			parts = append(parts, model.Part{Component: int32(c), Event: rapid.SampledFrom(local).Draw(t, "local")})
			c += number("apart", 1, 3)
		}
		var spans []model.Span
		if number("resets", 0, resets-1) == 0 {
			lo := number("from", 0, n-2)
			spans = []model.Span{{Lo: int32(lo), Hi: int32(number("to", lo+2, min(n, lo+4)))}}
		}
		b.Rule(rapid.SampledFrom([]model.Event{model.Tau, local[0]}).Draw(t, "seen"), parts, spans...)
	}
	net, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// Where a stubborn set is found by what has changed since the state before, it
// is that which is found by a look at everything. What is walked through are
// steps of the whole network, and now and then other states that were seen.
func TestStubbornSetsOfWhatHasChanged(t *testing.T) {
	followed, few := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		net := Network(wideNetwork(t)).(*network)
		keeps := rapid.SampledFrom([]Keeps{Deadlocks, Endings, Failures, Divergences}).Draw(t, "keeps")
		effort := Effort(rapid.IntRange(0, int(Precise)).Draw(t, "effort"))
		sys, why := net.Reduced(keeps, effort)
		if why != "" {
			t.Skip(why)
		}
		x := sys.(*stubborn)
		s := make([]uint64, net.Width())
		if err := net.Initial(s); err != nil {
			t.Fatal(err)
		}
		seen := [][]uint64{s}
		for range 40 {
			var got, want, all Steps
			if y := x.scratch; y.known {
				if y.known = x.follow(s); y.known {
					y.state = append(y.state[:0], s...)
					followed++
				}
			}
			if err := x.Successors(s, &got); err != nil {
				t.Fatal(err)
			}
			fresh := x.Fork().(*stubborn)
			if err := fresh.Successors(s, &want); err != nil {
				t.Fatal(err)
			}
			for _, r := range x.scratch.enabled {
				if y, z := x.scratch, fresh.scratch; !y.jumbled && y.keys[r] != z.keys[r] {
					t.Fatalf("the key of rule %d is %x, and by a look at everything %x", r, y.keys[r], z.keys[r])
				}
			}
			if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
				t.Fatalf("%v leads to %s, and by a look at everything to %s", s, g, w)
			}
			if err := net.Successors(s, &all); err != nil {
				t.Fatal(err)
			}
			if len(got.Events) < len(all.Events) {
				few++
			}
			if len(all.Events) == 0 || rapid.IntRange(0, 9).Draw(t, "go back") == 0 {
				s = rapid.SampledFrom(seen).Draw(t, "state")
				continue
			}
			w := net.Width()
			i := rapid.IntRange(0, len(all.Events)-1).Draw(t, "step")
			s = all.States[i*w : (i+1)*w]
			seen = append(seen, s)
		}
	})
	if t.Log(followed, few); followed < 500 || few < 500 {
		t.Errorf("%d states were followed, and %d reduced: that is not much of a test", followed, few)
	}
}
