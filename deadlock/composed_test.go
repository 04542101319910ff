package deadlock_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/modeltest"
)

// A weave draws networks of machines that are tied to each other as the edges
// of a graph say.
type weave struct {
	t      *rapid.T
	events *model.Events
	rules  *model.Rules
	taus   bool // some rules are hidden
}

// shapes are graphs of n nodes, as edges from a node to one before it.
var shapes = map[string]func(t *rapid.T, n int) [][2]int{
	"chain": func(_ *rapid.T, n int) (edges [][2]int) {
		for i := 1; i < n; i++ {
			edges = append(edges, [2]int{i - 1, i})
		}
		return edges
	},
	"ring": func(_ *rapid.T, n int) (edges [][2]int) {
		for i := range n {
			edges = append(edges, [2]int{i, (i + 1) % n})
		}
		return edges
	},
	"tree": func(t *rapid.T, n int) (edges [][2]int) {
		for i := 1; i < n; i++ {
			edges = append(edges, [2]int{rapid.IntRange(0, i-1).Draw(t, "up"), i})
		}
		return edges
	},
	"any": func(t *rapid.T, n int) (edges [][2]int) {
		for range n + 1 {
			i := rapid.IntRange(0, n-2).Draw(t, "i")
			edges = append(edges, [2]int{i, rapid.IntRange(i+1, n-1).Draw(t, "j")})
		}
		return edges
	},
}

// network draws a network: on each edge two events, and an event of its own of
// each component. The world may see several of them as the same, or one as τ,
// and some reset a component.
func (w *weave) network(n int, edges [][2]int) *model.Network {
	t := w.t
	alphabets := make([][]model.Event, n)
	local := model.NewEvents()
	type tie struct {
		e   model.Event
		who []int
	}
	var ties []tie
	for i := range n {
		e := local.Event(fmt.Sprint("own", i))
		alphabets[i] = []model.Event{model.Tau, e}
		ties = append(ties, tie{model.Tau, []int{i}}, tie{e, []int{i}})
	}
	for k, edge := range edges {
		for j := range 2 {
			e := local.Event(fmt.Sprint("tie", k, j))
			for _, i := range edge {
				alphabets[i] = append(alphabets[i], e)
			}
			ties = append(ties, tie{e, edge[:]})
		}
	}
	w.rules = model.NewRules("N", w.events)
	does := make([]map[model.Event]bool, n)
	for i := range n {
		does[i] = map[model.Event]bool{}
		b := model.NewMachine(fmt.Sprint("M", i), local)
		states := rapid.IntRange(1, 3).Draw(t, "states")
		b.States(states)
		b.Start(0)
		for range rapid.IntRange(1, 2*states).Draw(t, "transitions") {
			e := rapid.SampledFrom(alphabets[i]).Draw(t, "event")
			if e == model.Tau && !w.taus {
				continue
			}
			s, to := rapid.IntRange(0, states-1).Draw(t, "from"), rapid.IntRange(0, states-1).Draw(t, "to")
			b.Add(model.State(s), e, model.State(to))
			does[i][e] = true
		}
		m, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		w.rules.Component(model.Component{Name: m.Name(), Machine: m})
	}
	for _, x := range ties {
		var parts []model.Part
		for _, i := range x.who {
			if does[i][x.e] {
				parts = append(parts, model.Part{Component: int32(i), Event: x.e})
			}
		}
		if len(parts) < len(x.who) {
			continue
		}
		seen := model.Tau
		if x.e != model.Tau && (!w.taus || rapid.IntRange(0, 2).Draw(t, "shown") > 0) {
			seen = model.Event(rapid.IntRange(int(model.Tick)+1, w.events.Len()-1).Draw(t, "seen"))
		}
		var resets []model.Span
		if rapid.IntRange(0, 9).Draw(t, "resets") == 9 {
			i := int32(rapid.IntRange(0, n-1).Draw(t, "reset"))
			resets = append(resets, model.Span{Lo: i, Hi: i + 1})
		}
		w.rules.Rule(seen, parts, resets...)
	}
	if !slices.ContainsFunc(does, func(d map[model.Event]bool) bool { return len(d) > 0 }) {
		t.Skip("nothing moves")
	}
	net, err := w.rules.Build()
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// A tally counts what came out, so that a test of nothing is noticed.
type tally map[string]int

// agree holds a question answered by composition against a search.
func (c tally) agree(t interface{ Fatalf(string, ...any) }, q deadlock.Question) {
	ctx := context.Background()
	q.Compress = deadlock.WithoutCompression
	want, err := deadlock.Ask(ctx, q, explore.Limits{})
	if err != nil {
		t.Fatalf("%v", err)
	}
	q.Compress = deadlock.CompressFirst
	got, err := deadlock.Ask(ctx, q, explore.Limits{})
	if err != nil || got.Answer != want.Answer {
		t.Fatalf("%s %s: %v %v by composition, and %v", q.Topic, q.Model, got.Answer, err, want.Answer)
	}
	if got.Composition.Refused != "" {
		c["refused"]++
		return
	}
	c[string(q.Model)+" "+string(got.Answer)]++
	if got.Composition.Weights > 0 {
		c["bounded"]++
	}
	if got.Answer != deadlock.Fails {
		return
	}
	if why, err := deadlock.Replay(ctx, q, got.Counterexample, explore.Limits{}); why != "" || err != nil {
		t.Fatalf("%s %s: the counterexample does not stand: %s %v", q.Topic, q.Model, why, err)
	}
	if n, least := len(got.Counterexample.Impl.Steps), len(want.Counterexample.Impl.Steps); n < least && want.Counterexample.Kind == got.Counterexample.Kind && want.Counterexample.Kind != explore.Divergence {
		t.Fatalf("%s %s: a counterexample of %d steps, and %d are fewest", q.Topic, q.Model, n, least)
	}
}

// all asks all questions that are answered by composition.
func (c tally) all(t *rapid.T, net *model.Network, specs *rapid.Generator[*model.Machine]) {
	impl := explore.Network(net)
	for _, m := range []deadlock.Model{deadlock.F, deadlock.FD} {
		c.agree(t, deadlock.Question{Topic: deadlock.DeadlockFreedom, Model: m, Impl: impl})
	}
	if specs == nil {
		return
	}
	spec := explore.Machine(specs.Draw(t, "spec"))
	for _, m := range []deadlock.Model{deadlock.T, deadlock.F, deadlock.FD} {
		c.agree(t, deadlock.Question{Topic: deadlock.Refinement, Model: m, Spec: spec, Impl: impl})
	}
}

// enough complains unless every outcome has come up.
func (c tally) enough(t *testing.T, models ...deadlock.Model) {
	for _, m := range models {
		for _, a := range []deadlock.Answer{deadlock.Holds, deadlock.Fails} {
			if k := string(m) + " " + string(a); c[k] == 0 {
				t.Errorf("nothing %s: %v", k, c)
			}
		}
	}
	t.Log(c)
}

func TestComposedAnswersDeadlock(t *testing.T) {
	for _, shape := range slices.Sorted(maps.Keys(shapes)) {
		edges := shapes[shape]
		t.Run(shape, func(t *testing.T) {
			c := tally{}
			rapid.Check(t, func(t *rapid.T) {
				w := &weave{t: t, events: table("a", "b", "c"), taus: rapid.Bool().Draw(t, "taus")}
				for range 5 {
					n := rapid.IntRange(3, 6).Draw(t, "components")
					c.all(t, w.network(n, edges(t, n)), nil)
				}
			})
			c.enough(t, deadlock.F, deadlock.FD)
		})
	}
}

func TestComposedAnswersRefinement(t *testing.T) {
	for _, shape := range slices.Sorted(maps.Keys(shapes)) {
		edges := shapes[shape]
		t.Run(shape, func(t *testing.T) {
			c := tally{}
			rapid.Check(t, func(t *rapid.T) {
				events := table("a", "b", "c")
				w := &weave{t: t, events: events, taus: true}
				specs := rapid.Custom(func(t *rapid.T) *model.Machine { return drawSpec(t, events) })
				for range 2 {
					n := rapid.IntRange(2, 5).Draw(t, "components")
					c.all(t, w.network(n, edges(t, n)), specs)
				}
			})
			c.enough(t, deadlock.T, deadlock.F, deadlock.FD)
		})
	}
}

// tokens draws a ring that hands tokens round: a state of a component has one,
// or has none. Between components, or beside them, there may be others, which do
// anything.
func (w *weave) tokens(n int) *model.Network {
	t := w.t
	local := table("give", "take", "own", "meet")
	give, take, own, meet := local.Event("give"), local.Event("take"), local.Event("own"), local.Event("meet")
	w.rules = model.NewRules("N", w.events)
	does := make([]map[model.Event]bool, n)
	for i := range n {
		does[i] = map[model.Event]bool{}
		b := model.NewMachine(fmt.Sprint("M", i), local)
		states := rapid.IntRange(2, 4).Draw(t, "states")
		b.States(states)
		b.Start(model.State(rapid.IntRange(0, 1).Draw(t, "start")))
		for range rapid.IntRange(states, 2*states).Draw(t, "transitions") {
			s, to := rapid.IntRange(0, states-1).Draw(t, "from"), rapid.IntRange(0, states-1).Draw(t, "to")
			e := []model.Event{give, own, take}[1+to%2-s%2] // odd states have a token
			if e == own {
				e = rapid.SampledFrom([]model.Event{own, meet, model.Tau}).Draw(t, "event")
			}
			does[i][e] = true
			b.Add(model.State(s), e, model.State(to))
		}
		m, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		w.rules.Component(model.Component{Name: m.Name(), Machine: m})
	}
	rule := func(parts ...model.Part) {
		for _, p := range parts {
			if !does[p.Component][p.Event] {
				return
			}
		}
		seen := model.Tau
		if rapid.IntRange(0, 2).Draw(t, "shown") > 0 {
			seen = model.Event(rapid.IntRange(int(model.Tick)+1, w.events.Len()-1).Draw(t, "seen"))
		}
		w.rules.Rule(seen, parts)
	}
	for i := range int32(n) {
		next := (i + 1) % int32(n)
		rule(model.Part{Component: i, Event: give}, model.Part{Component: next, Event: take})
		rule(model.Part{Component: i, Event: own})
		rule(model.Part{Component: i, Event: meet}, model.Part{Component: next, Event: meet})
		if does[i][model.Tau] {
			w.rules.Rule(model.Tau, []model.Part{{Component: i, Event: model.Tau}})
		}
	}
	net, err := w.rules.Build()
	if err != nil {
		t.Fatal(err)
	}
	if net.NumRules() == 0 {
		t.Skip("nothing moves")
	}
	return net
}

// Where there are tokens, parts of a ring do no more than they can in it.
func TestComposedAnswersRingsOfTokens(t *testing.T) {
	c := tally{}
	rapid.Check(t, func(t *rapid.T) {
		events := table("a", "b", "c")
		w := &weave{t: t, events: events, taus: true}
		specs := rapid.Custom(func(t *rapid.T) *model.Machine { return drawSpec(t, events) })
		for range 5 {
			c.all(t, w.tokens(rapid.IntRange(3, 5).Draw(t, "components")), specs)
		}
	})
	c.enough(t, deadlock.T, deadlock.F, deadlock.FD)
	if c["bounded"] == 0 {
		t.Errorf("no sum bounded anything: %v", c)
	}
}

// drawSpec draws a specification that allows much.
func drawSpec(t *rapid.T, events *model.Events) *model.Machine {
	b := model.NewMachine("SPEC", events)
	n := rapid.IntRange(1, 3).Draw(t, "states")
	b.States(n)
	b.Start(0)
	for s := range n {
		for e := model.Tick + 1; int(e) < events.Len(); e++ {
			if rapid.IntRange(0, 3).Draw(t, "allowed") > 0 {
				b.Add(model.State(s), e, model.State(rapid.IntRange(0, n-1).Draw(t, "to")))
			}
		}
		if rapid.Bool().Draw(t, "may stop") {
			b.Add(model.State(s), model.Tau, b.States(1))
		}
	}
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Networks of terms have everything: operators that reset, ✓, priorities,
// parts that are networks.
func TestComposedTerms(t *testing.T) {
	c := tally{}
	rapid.Check(t, func(t *rapid.T) {
		for range 10 {
			c.all(t, modeltest.Networks(4).Draw(t, "network"), nil)
		}
	})
	c.enough(t, deadlock.F, deadlock.FD)
}

// A specification of more states than are searched before composing is none of more
// than there may be.
func TestComposedBesideLargeSpecifications(t *testing.T) {
	const states = 1<<16 + 2
	net := hub(t, 0, 4, true)
	b := model.NewMachine("SPEC", net.Events())
	b.States(states)
	b.Start(0)
	for i := range model.State(states - 1) {
		b.Add(0, model.Tau, i+1)
	}
	for r := range net.NumRules() {
		b.Add(1, net.Event(r), 1)
	}
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	v, err := deadlock.Ask(context.Background(), deadlock.Question{
		Topic: deadlock.Refinement, Model: deadlock.T, Spec: explore.Machine(m), Impl: explore.Network(net),
	}, explore.Limits{})
	if err != nil || v.Answer != deadlock.Holds {
		t.Errorf("it %s (%s), %v", v.Answer, v.Reason, err)
	}
}
