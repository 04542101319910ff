package symmetry

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/modeltest"
	"pgregory.net/rapid"
)

// nearestEnd returns the path to the first state without transitions that a
// search finds, and whether there is one; and how many states it has seen in
// all.
func nearestEnd(t interface{ Fatal(...any) }, sys explore.System) (path []explore.PathStep, found bool, states int) {
	end := -1
	s, err := explore.Run(context.Background(), sys, explore.Limits{States: 20000}, func(v *explore.Visit) bool {
		if end < 0 && len(v.Steps.Events) == 0 {
			end = v.State
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	if end >= 0 {
		if path, err = s.Path(end); err != nil {
			t.Fatal(err)
		}
	}
	return path, end >= 0, s.Len()
}

// standsFor returns how many states those that a search visits stand for, if
// that is known.
func standsFor(t interface{ Fatal(...any) }, sys explore.System) (string, bool) {
	s, err := explore.Run(context.Background(), sys, explore.Limits{States: 20000, Workers: 2, Eager: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Usage.Reductions) == 0 {
		return "", false
	}
	return s.Usage.Reductions[0].Of.Text('f', 0), true
}

// walk checks that a path is one of sys.
func walk(t interface {
	Fatal(...any)
	Fatalf(string, ...any)
}, sys explore.System, path []explore.PathStep) {
	w := sys.Width()
	at := make([]uint64, w)
	if err := sys.Initial(at); err != nil {
		t.Fatal(err)
	}
	for i, p := range path {
		var steps explore.Steps
		if err := sys.Successors(at, &steps); err != nil {
			t.Fatal(err)
		}
		ok := false
		for k, e := range steps.Events {
			ok = ok || e == p.Event && slices.Equal(steps.States[k*w:(k+1)*w], p.State)
		}
		if !ok {
			t.Fatalf("step %d of %v is none of the network", i, path)
		}
		at = p.State
	}
}

// A quotient has an end where the network has one, as near, however states
// are taken to those that stand for them; and its paths become those of the
// network.
func TestQuotientsHaveTheSameEnds(t *testing.T) {
	ways := map[string]int{}
	known := 0
	for range 5 {
		rapid.Check(t, func(t *rapid.T) {
			x := modeltest.Symmetrics().Draw(t, "network")
			sub := subject(x.Net, nil)
			g, err := Find(sub)
			if err != nil {
				return
			}
			way := "the least"
			switch {
			case rapid.Bool().Draw(t, "go down"):
				way = "down"
				found := find(sub).found
				orbits, rest := orbitsOf(found)
				g.orbits, g.least = orbits, false
				if g.elements, _ = closure(rest, rapid.IntRange(1, 8).Draw(t, "elements")); rapid.Bool().Draw(t, "without orbits") {
					g.orbits, g.elements = nil, found
				}
			case !g.least:
				way = "sorted"
			}
			ways[way]++
			sys := explore.Network(x.Net)
			quotient := NewQuotient(sys, g)
			want, stuck, all := nearestEnd(t, sys)
			path, found, few := nearestEnd(t, quotient)
			if stuck != found || len(path) != len(want) || few > all {
				t.Fatalf("%s: an end (%v) after %d steps, of %d states; in the network %v after %d, of %d", way, found, len(path), few, stuck, len(want), all)
			}
			lifted, err := quotient.Lift(path, -1)
			if err != nil || len(lifted) != len(path) {
				t.Fatalf("%d steps become %d: %v", len(path), len(lifted), err)
			}
			walk(t, sys, lifted)
			if stands, ok := standsFor(t, quotient); ok && stands != fmt.Sprint(all) || !ok && g.least {
				t.Fatalf("%s: %d states stand for %s (%v), not for %d", way, few, stands, ok, all)
			} else if ok && !g.least {
				known++
			}
			reduced, why := sys.(explore.Reducible).Reduced(explore.Deadlocks, explore.Hybrid)
			if why != "" {
				return
			}
			quotient = NewQuotientOf(reduced, sys, g)
			if path, found, _ = nearestEnd(t, quotient); stuck != found {
				t.Fatalf("%s: an end (%v) by stubborn sets, too; in the network %v", way, found, stuck)
			}
			if lifted, err = quotient.Lift(path, -1); err != nil || len(lifted) != len(path) {
				t.Fatalf("%d steps become %d: %v", len(path), len(lifted), err)
			}
			if walk(t, sys, lifted); stuck && len(path) > 0 {
				ways["by stubborn sets, too"]++
			}
		})
	}
	t.Log(ways, known)
	if known == 0 {
		t.Error("no sizes of sorted orbits were known")
	}
	for _, way := range []string{"the least", "sorted", "down", "by stubborn sets, too"} {
		if ways[way] == 0 {
			t.Errorf("%s: only %d", way, ways[way])
		}
	}
}

// Of components that end each for itself, a stubborn set has one, the first in
// the state at hand; a step of it stands for one of another component where the
// path is lifted to, which the stubborn set of that state need not have.
func TestPathsOfStubbornSetsAreLifted(t *testing.T) {
	events := model.NewEvents()
	b := model.NewRules("RUNNERS", events)
	runner := model.NewMachine("RUNNER", events)
	runner.Initial("here")
	runner.On("here", "run", "there")
	runner.On("there", "rest", "resting")
	m, err := runner.Build()
	if err != nil {
		t.Fatal(err)
	}
	for i := range int32(4) {
		b.Component(model.Component{Name: fmt.Sprint("RUNNER", i), Machine: m})
		for _, name := range []string{"run", "rest"} {
			b.Rule(events.Event(fmt.Sprint(name, i)), []model.Part{{Component: i, Event: events.Event(name)}})
		}
	}
	net, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	sys := explore.Network(net)
	g, err := Find(subject(net, nil))
	if err != nil {
		t.Fatal(err)
	}
	reduced, why := sys.(explore.Reducible).Reduced(explore.Deadlocks, explore.Hybrid)
	if why != "" {
		t.Fatal(why)
	}
	quotient := NewQuotientOf(reduced, sys, g)
	path, found, states := nearestEnd(t, quotient)
	if !found || len(path) != 8 || states != 9 {
		t.Fatalf("an end (%v) after %d steps of %d states; want 8 of 9", found, len(path), states)
	}
	lifted, err := quotient.Lift(path, -1)
	if err != nil {
		t.Fatal(err)
	}
	walk(t, sys, lifted)
}

// What a state is taken to is its image by the element that is told; and by
// the two exact ways, all images of a state are taken to the same.
func TestNormaliseStaysInTheOrbit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := modeltest.Symmetrics().Draw(t, "network")
		sub := subject(x.Net, nil)
		g, err := Find(sub)
		if err != nil {
			return
		}
		z, found := newNormaliser(g), find(sub).found
		exact := g.Complete && (g.least || len(g.elements) == 0)
		for range 20 {
			v := make(vector, len(sub.Fields))
			for c, f := range sub.Fields {
				v[c] = uint32(rapid.IntRange(0, f.Machine.Len()-1).Draw(t, "state"))
			}
			normal := func(v vector, wanted bool) ([]uint64, *element) {
				copy(z.x, v)
				words := make([]uint64, g.width)
				z.pack(words)
				return words, z.normalise(words, wanted)
			}
			words, e := normal(v, true)
			e.apply(v, z.y)
			z.unpack(words)
			if !slices.Equal(z.x, z.y) {
				t.Fatalf("%v is taken to %v, but the element takes it to %v", v, z.x, z.y)
			}
			image := make(vector, len(v))
			rapid.SampledFrom(found).Draw(t, "element").apply(v, image)
			if other, _ := normal(image, false); exact && !slices.Equal(words, other) {
				t.Fatalf("%v is taken to %x, its image %v to %x", v, words, image, other)
			}
		}
	})
}

// clients is n clients, each of which has a buffer of its own, and a server
// that knows whom it serves. If it is spoilt, something is different in the
// last client.
func clients(t *testing.T, n int, spoilt string) *model.Network {
	events, local := model.NewEvents(), model.NewEvents()
	b := model.NewRules("CLIENTS", events)
	server := model.NewMachine("SERVER", local)
	server.Initial("free")
	e := local.Event
	for i := range n {
		last := i == n-1
		client := model.NewMachine("CLIENT", local)
		client.Initial("idle")
		client.On("idle", "write", "waiting")
		client.On("waiting", "answer", "idle")
		if last && spoilt == "transition" {
			client.On("idle", "answer", "idle")
		}
		buffer := model.NewMachine("BUFFER", local)
		buffer.Initial("empty")
		buffer.On("empty", "write", "full")
		buffer.On("full", "ask", "empty")
		if last && spoilt == "initial state" {
			buffer.Initial("full")
		}
		server.On("free", fmt.Sprint("ask", i), fmt.Sprint("busy", i))
		server.On(fmt.Sprint("busy", i), fmt.Sprint("answer", i), "free")
		for _, m := range []*model.MachineBuilder{client, buffer} {
			machine, err := m.Build()
			if err != nil {
				t.Fatal(err)
			}
			b.Component(model.Component{Name: fmt.Sprint(i), Machine: machine})
		}
	}
	m, err := server.Build()
	if err != nil {
		t.Fatal(err)
	}
	s := int32(b.Component(model.Component{Name: "SERVER", Machine: m}))
	for i := range int32(n) {
		asks := events.Event(fmt.Sprint("ask", i))
		if i == int32(n)-1 && spoilt == "event" {
			asks = model.Tau
		}
		b.Rule(events.Event(fmt.Sprint("write", i)), []model.Part{{Component: 2 * i, Event: e("write")}, {Component: 2*i + 1, Event: e("write")}})
		b.Rule(asks, []model.Part{{Component: 2*i + 1, Event: e("ask")}, {Component: s, Event: e(fmt.Sprint("ask", i))}})
		b.Rule(events.Event(fmt.Sprint("answer", i)), []model.Part{{Component: 2 * i, Event: e("answer")}, {Component: s, Event: e(fmt.Sprint("answer", i))}})
		if i == int32(n)-1 && spoilt == "rule" {
			b.Rule(events.Event("again"), []model.Part{{Component: 2*i + 1, Event: e("ask")}})
		}
		if strings.HasPrefix(spoilt, "cancel") { // and what is in the buffer is lost, but for the last: that in another
			lost := 2*i + 1
			if i == int32(n)-1 && spoilt == "cancel's reset" {
				lost = 2*i - 1
			}
			b.Rule(events.Event(fmt.Sprint("cancel", i)), []model.Part{{Component: 2 * i, Event: e("answer")}}, model.Span{Lo: lost, Hi: lost + 1})
		}
		if i == int32(n)-1 && spoilt == "reset" {
			b.Rule(events.Event("write0"), []model.Part{{Component: 2 * i, Event: e("write")}}, model.Span{Lo: 0, Hi: 2})
		}
	}
	net, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// Symmetries exchange clients together with their buffers and what the server
// knows of them, and those that something tells from the others stay where
// they are.
func TestAlmostSymmetric(t *testing.T) {
	for _, tt := range []struct {
		n      int
		spoilt string
		want   string
	}{
		{4, "", "24 symmetries of 9 components"},
		{4, "transition", "6 symmetries of 7 components"},
		{4, "initial state", "6 symmetries of 7 components"},
		{4, "event", "6 symmetries of 7 components"},
		{4, "rule", "6 symmetries of 7 components"},
		{4, "reset", "2 symmetries of 5 components"}, // it tells the first as well
		{4, "cancel", "24 symmetries of 9 components"},
		{4, "cancel's reset", "2 symmetries of 5 components"},
		{2, "transition", "no components are interchangeable"},
		{2, "rule", "no components are interchangeable"},
		{8, "", "40320 symmetries of 17 components"},
	} {
		g, err := Find(subject(clients(t, tt.n, tt.spoilt), nil))
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = g.Text()
		}
		if got != tt.want {
			t.Errorf("%d clients, the last with another %s: %s, want %s", tt.n, tt.spoilt, got, tt.want)
		}
	}
}

// Known counts. A client and its buffer are idle or waiting, or one of them is
// served: 2ⁿ + n·2ⁿ⁻¹ states. All that matters is how many wait, and whether
// one is served. The elements of seven are too many to try them all.
func TestQuotientStates(t *testing.T) {
	for _, tt := range []struct {
		n, all, few int
		least       bool
	}{
		{4, 48, 9, true},
		{7, 576, 15, false},
	} {
		net := clients(t, tt.n, "")
		sys := explore.Network(net)
		g, err := Find(subject(net, nil))
		if err != nil {
			t.Fatal(err)
		}
		_, _, all := nearestEnd(t, sys)
		_, _, few := nearestEnd(t, NewQuotient(sys, g))
		if all != tt.all || few != tt.few || g.least != tt.least {
			t.Errorf("%d clients: %d states, %d of them stand for all; want %d and %d", tt.n, all, few, tt.all, tt.few)
		}
	}
}
