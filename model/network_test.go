package model_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/model"
)

// loop returns the machine that does the events in turn, for ever.
func loop(name string, events *model.Events, names ...string) *model.Process {
	b := model.NewMachine(name, events)
	b.States(len(names))
	for i, e := range names {
		b.Add(model.State(i), events.Event(e), model.State((i+1)%len(names)))
	}
	b.Start(0)
	return model.Leaf(must(b.Build()))
}

// once returns the machine that does the events in turn, and then ✓.
func once(name string, events *model.Events, names ...string) *model.Process {
	b := model.NewMachine(name, events)
	b.States(len(names) + 2)
	for i, e := range append(names, "✓") {
		b.Add(model.State(i), events.Event(e), model.State(i+1))
	}
	b.Start(0)
	return model.Leaf(must(b.Build()))
}

func must[T any](x T, err error) T {
	if err != nil {
		panic(err)
	}
	return x
}

func set(events *model.Events, names ...string) model.Alphabet {
	var out []model.Event
	for _, n := range names {
		out = append(out, events.Event(n))
	}
	return model.NewAlphabet(out...)
}

// A process that hosts a network between two of its own events, over and
// over, and whatever becomes of the network then.
func ExampleHost() {
	events := model.NewEvents()
	b := model.NewMachine("X", events)
	b.On("idle", "a", "busy")
	b.Initial("idle")
	busy, idle := b.State("busy"), b.State("idle")
	both := model.Interleave(once("P", events, "p"), once("Q", events, "q"))
	x, err := model.NewNetwork("X", events, model.Host(must(b.Build()), model.Hosted{State: busy, Process: both, Next: idle}))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(x)
	fmt.Println(x.Tree())
	// Output:
	// 0 X (2)
	// 1 P (3)
	// 2 Q (3)
	// p: X.in 1 P.p
	// q: X.in 1 Q.q
	// a: X.a
	// τ: X.after 1 P.✓ Q.✓ reset P Q
	// X(|||(P, Q))
}

// Operators as rules: what each adds.
func TestNetworkText(t *testing.T) {
	events := model.NewEvents()
	p, q := once("P", events, "a", "b"), once("Q", events, "a", "c")
	a := set(events, "a")
	pairs := model.NewPairs([2]model.Event{events.Event("b"), events.Event("c")}, [2]model.Event{events.Event("b"), events.Event("b")})
	for _, tt := range []struct {
		name string
		p    *model.Process
		want string
	}{
		{"|||", model.Interleave(p, q), "a: P.a | b: P.b | a: Q.a | c: Q.c | ✓: P.✓ Q.✓"},
		{"[|A|]", model.Par(a, p, q), "b: P.b | c: Q.c | a: P.a Q.a | ✓: P.✓ Q.✓"},
		{"[A||B]", model.AlphaPar(model.Party{Process: p, Alphabet: set(events, "a", "b")}, model.Party{Process: q, Alphabet: a}),
			"b: P.b | a: P.a Q.a | ✓: P.✓ Q.✓"},
		{"[b<->b, b<->c]", model.Link(p, q, pairs), "a: P.a | a: Q.a | τ (b): P.b Q.c | ✓: P.✓ Q.✓"},
		{"\\", model.Hide(p, a), "✓: P.✓ | τ (a): P.a | b: P.b"},
		{"|\\", model.Project(p, a), "✓: P.✓ | a: P.a | τ (b): P.b"},
		{"[[R]]", model.Rename(p, pairs), "✓: P.✓ | a: P.a | b: P.b | c: P.b"},
		{";", model.Seq(p, q), "τ: ;.after 1 P.✓ reset P | a: ;.in 1 P.a | b: ;.in 1 P.b | ✓: ;.in 2 Q.✓ | a: ;.in 2 Q.a | c: ;.in 2 Q.c"},
		{"[]", model.ExtChoice(p, q), "✓: [].✓ of 1 P.✓ reset P Q | a: [].to 1 P.a reset Q | b: [].to 1 P.b reset Q | ✓: [].✓ of 2 Q.✓ reset P Q | a: [].to 2 Q.a reset P | c: [].to 2 Q.c reset P"},
		{"|~|", model.IntChoice(p, q), "✓: |~|.✓ of 1 P.✓ reset P | a: |~|.in 1 P.a | b: |~|.in 1 P.b | ✓: |~|.✓ of 2 Q.✓ reset Q | a: |~|.in 2 Q.a | c: |~|.in 2 Q.c | τ: |~|.choose 1 | τ: |~|.choose 2"},
		{"[>", model.Slide(p, q), "✓: [>.✓ of P P.✓ reset P | a: [>.to P P.a | b: [>.to P P.b | ✓: [>.✓ of Q Q.✓ reset Q | a: [>.in Q Q.a | c: [>.in Q Q.c | τ: [>.begin Q reset P"},
		{"/\\", model.Interrupt(p, q), "✓: /\\.✓ of P P.✓ reset P Q | a: /\\.in P P.a | b: /\\.in P P.b | ✓: /\\.✓ of Q Q.✓ reset P Q | a: /\\.to Q Q.a reset P | c: /\\.to Q Q.c reset P"},
		{"[|A|>", model.Throw(p, a, q), "✓: [|A|>.✓ of P P.✓ reset P | a: [|A|>.P to Q P.a reset P | b: [|A|>.in P P.b | ✓: [|A|>.✓ of Q Q.✓ reset Q | a: [|A|>.in Q Q.a | c: [|A|>.in Q Q.c"},
		{"[+A+]", model.SyncChoice(a, p, q), "✓: [+A+].✓ of 1 P.✓ reset P Q | a: [+A+].only 1 P.a | b: [+A+].to 1 P.b reset Q | ✓: [+A+].✓ of 2 Q.✓ reset P Q | a: [+A+].only 2 Q.a | c: [+A+].to 2 Q.c reset P | a: [+A+].together P.a Q.a"},
		{"/+A+\\", model.SyncInterrupt(p, a, q), "✓: /+A+\\.✓ of P P.✓ reset P Q | b: /+A+\\.in P P.b | ✓: /+A+\\.✓ of Q Q.✓ reset P Q | a: /+A+\\.only Q Q.a | c: /+A+\\.to Q Q.c reset P | a: /+A+\\.together P.a Q.a"},
		{"X = a -> X", model.Recursive("X", func(x *model.Process) *model.Process { return model.Seq(model.Interleave(p, p), x) }),
			"a: ;.in 1 P.a | b: ;.in 1 P.b | a: ;.in 1 P.a | b: ;.in 1 P.b | τ: ;.after 1 P.✓ P.✓ reset ; P P"},
		{"whole", model.Par(a, model.Whole(model.Interleave(p, p)), q), "b: |||.b | c: Q.c | a: |||.a Q.a | ✓: |||.✓ Q.✓"},
	} {
		n, err := model.NewNetwork("N", events, tt.p)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		var rules []string
		for r := range n.NumRules() {
			rules = append(rules, n.RuleText(r))
		}
		if got := strings.Join(rules, " | "); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func TestNetworkMistakes(t *testing.T) {
	events := model.NewEvents()
	p := once("P", events, "a")
	machine := func() *model.Machine {
		b := model.NewMachine("H", events)
		b.On("s", "a", "t")
		b.Initial("s")
		return must(b.Build())
	}()
	recursive := func(body func(x *model.Process) *model.Process) *model.Process { return model.Recursive("X", body) }
	var stray *model.Process
	recursive(func(x *model.Process) *model.Process { stray = x; return p })
	for _, tt := range []struct {
		name string
		p    *model.Process
		want []string
		grew bool
	}{
		{"nil", nil, []string{"a process is nil"}, false},
		{"no operands", model.Interleave(), []string{"an operator ||| has 0 operands, and needs 1"}, false},
		{"two mistakes", model.Seq(model.Hide(p, nil), model.Leaf(nil)), []string{"an operator \\ has no set", "a leaf has no machine"}, false},
		{"other table", model.Seq(p, once("Q", model.NewEvents(), "a")), []string{"leaf Q has another table of events than the network"}, false},
		{"no relation", model.Rename(p, nil), []string{"an operator [[a<-b]] has no relation"}, false},
		{"no alphabet", model.AlphaPar(model.Party{Process: p}), []string{"operand 0 of [A||B] has no alphabet"}, false},
		{"host's state", model.Host(machine, model.Hosted{State: 7, Process: p}), []string{"host H runs a process in the unknown state 7"}, false},
		{"host's next", model.Host(machine, model.Hosted{State: 1, Process: p, Next: -1}), []string{"host H goes on in the unknown state -1"}, false},
		{"host's state twice", model.Host(machine, model.Hosted{State: 1, Process: p}, model.Hosted{State: 1, Process: p}), []string{"host H runs two processes in state t"}, false},
		{"stray call", model.Seq(p, stray), []string{"a call of X stands outside of it"}, false},
		{"X = X", recursive(func(x *model.Process) *model.Process { return x }), []string{"X calls itself before"}, true},
		{"X = X [] P", recursive(func(x *model.Process) *model.Process { return model.ExtChoice(x, p) }), []string{"X calls itself before"}, true},
		{"X = P ; X ; P", recursive(func(x *model.Process) *model.Process { return model.Seq(p, x, p) }), []string{"a call of X is not the last operand of ;"}, true},
		{"X = P ||| (P ; X)", recursive(func(x *model.Process) *model.Process { return model.Interleave(p, model.Seq(p, x)) }), []string{"an operand of ||| calls what the ||| stands in"}, true},
		{"X = (P ; X) \\ A", recursive(func(x *model.Process) *model.Process { return model.Hide(model.Seq(p, x), model.Alphabet{}) }), []string{"an operand of \\ calls"}, true},
		{"X = (P |~| X) [] P", recursive(func(x *model.Process) *model.Process { return model.ExtChoice(model.IntChoice(p, x), p) }), []string{"an operand of [] calls"}, true},
		{"X = (P ; X) /\\ P", recursive(func(x *model.Process) *model.Process { return model.Interrupt(model.Seq(p, x), p) }), []string{"an operand of /\\ calls"}, true},
		{"X = whole(P ; X)", recursive(func(x *model.Process) *model.Process { return model.Whole(model.Seq(p, x)) }), []string{"is to be one component"}, true},
		{"X = a -> (X ; P)", recursive(func(x *model.Process) *model.Process {
			return model.Host(machine, model.Hosted{State: 1, Process: x, Next: 0})
		}), []string{"host H goes on after a call of X"}, true},
	} {
		_, err := model.NewNetwork("N", events, tt.p)
		if err == nil {
			t.Errorf("%s: no error", tt.name)
			continue
		}
		for _, w := range tt.want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %q does not say %q", tt.name, err, w)
			}
		}
		if errors.Is(err, model.ErrGrows) != tt.grew {
			t.Errorf("%s: %q is ErrGrows: %v", tt.name, err, !tt.grew)
		}
	}
}

func TestNetworkValidate(t *testing.T) {
	events := model.NewEvents()
	b := model.NewMachine("M", events)
	b.On("s", "a", "t")
	b.Initial("s")
	m := must(b.Build())
	a := events.Event("a")
	never := events.Event("never")
	rules := model.NewRules("N", events)
	if _, err := rules.Build(); err == nil || err.Error() != "network N: no components" {
		t.Errorf("empty: %v", err)
	}
	rules.Component(model.Component{Name: "M", Machine: m})
	rules.Component(model.Component{Name: "none"})
	other := model.NewRules("O", model.NewEvents())
	other.Component(model.Component{Name: "M", Machine: m})
	rules.Component(model.Component{Name: "inner", Net: must(other.Build())})
	rules.Rule(a, []model.Part{{Component: 0, Event: a}}, model.Span{Lo: 0, Hi: 2}) // right
	rules.Rule(99, []model.Part{{Component: 0, Event: a}})
	rules.Rule(a, nil)
	rules.Rule(a, []model.Part{{Component: 3, Event: a}})
	rules.Rule(a, []model.Part{{Component: 0, Event: a}, {Component: 0, Event: a}})
	rules.Rule(a, []model.Part{{Component: 0, Event: never}})
	rules.Rule(a, []model.Part{{Component: 0, Event: a}}, model.Span{Lo: 2, Hi: 4})
	_, err := rules.Build()
	want := strings.Join([]string{
		"network N: component 1 none is 0 of: a machine, a network, a machine on demand",
		"network N: component 2 inner has another table of events",
		"network N: rule 1 shows the unknown event 99: the events are 0 to 3",
		"network N: rule 2 has no participants",
		"network N: rule 3 has the unknown component 3: the components are 0 to 2",
		"network N: rule 4 has component 0 M twice",
		"network N: rule 5 needs never of component 0 M, which never does it",
		"network N: rule 6 resets components 2 to 3: the components are 0 to 2",
	}, "\n")
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

// Networks are as large as what they describe.
func TestRulesDoNotMultiply(t *testing.T) {
	for _, tt := range []struct {
		name              string
		make              func(*model.Events) *model.Process
		components, rules int // at most
	}{
		{"200 in pairs", func(ev *model.Events) *model.Process {
			var ps []model.Party
			for i := range 200 {
				names := []string{fmt.Sprint("s.", i/2), fmt.Sprint("own.", i)}
				ps = append(ps, model.Party{Process: loop(fmt.Sprint("P", i), ev, names...), Alphabet: set(ev, names...)})
			}
			return model.AlphaPar(ps...)
		}, 200, 300},
		{"ring of 200, nested", func(ev *model.Events) *model.Process {
			p := loop("P0", ev, "s.0", "s.1")
			for i := 1; i < 200; i++ {
				s, u := fmt.Sprint("s.", i), fmt.Sprint("s.", i+1)
				p = model.Par(set(ev, s), p, loop(fmt.Sprint("P", i), ev, s, u))
			}
			return p
		}, 200, 201},
		{"broadcast to 100", func(ev *model.Events) *model.Process {
			ps := []*model.Process{loop("S", ev, "go")}
			for i := range 100 {
				ps = append(ps, loop(fmt.Sprint("R", i), ev, "go", "go"))
			}
			return model.Par(set(ev, "go"), ps...)
		}, 101, 1},
		{"one to many", func(ev *model.Events) *model.Process {
			var pairs [][2]model.Event
			for i := range 5000 {
				pairs = append(pairs, [2]model.Event{ev.Event("a"), ev.Event(fmt.Sprint("a.", i))})
			}
			return model.Rename(loop("P", ev, "a", "b"), model.NewPairs(pairs...))
		}, 1, 5001},
		{"one to many of many", func(ev *model.Events) *model.Process {
			var pairs [][2]model.Event
			for i := range 1000 {
				pairs = append(pairs, [2]model.Event{ev.Event("a"), ev.Event(fmt.Sprint("a.", i))})
			}
			var ps []*model.Process
			for i := range 100 {
				ps = append(ps, loop(fmt.Sprint("P", i), ev, "a"))
			}
			return model.Rename(model.Interleave(ps...), model.NewPairs(pairs...))
		}, 1, 1000},
		{"20 interruptible", func(ev *model.Events) *model.Process {
			var ps []*model.Process
			for i := range 20 {
				ps = append(ps, model.Interrupt(once(fmt.Sprint("N", i), ev, fmt.Sprint("n.", i)), once("K", ev, "kill")))
			}
			return model.Interleave(ps...)
		}, 60, 1400},
		{"20 interruptible, nested", func(ev *model.Events) *model.Process {
			p := once("P", ev, "a")
			for i := range 20 {
				p = model.Par(set(ev, fmt.Sprint("none.", i)), p, model.Interrupt(once(fmt.Sprint("N", i), ev, fmt.Sprint("n.", i)), once("K", ev, "kill")))
			}
			return p
		}, 61, 3000},
		{"8 operands, each of 8 ways", func(ev *model.Events) *model.Process {
			var ps []*model.Process
			for range 8 {
				var ways []*model.Process
				for range 8 {
					ways = append(ways, loop("P", ev, "a"))
				}
				ps = append(ps, model.Interleave(ways...))
			}
			return model.Par(set(ev, "a"), ps...)
		}, 64, 1400},
	} {
		ev := model.NewEvents()
		n, err := model.NewNetwork("N", ev, tt.make(ev))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if c, r := len(n.Components()), n.NumRules(); c > tt.components || r > tt.rules {
			t.Errorf("%s: %d components, %d rules, want at most %d, %d", tt.name, c, r, tt.components, tt.rules)
		}
	}
}

// Equal input gives equal rules, though maps are walked on the way.
func TestNewNetworkIsDeterministic(t *testing.T) {
	make := func() string {
		ev := model.NewEvents()
		for i := range 30 {
			ev.Event(fmt.Sprint("e", i))
		}
		r := rand.New(rand.NewPCG(1, 2))
		some := func() []string {
			var out []string
			for range 5 {
				out = append(out, fmt.Sprint("e", r.IntN(30)))
			}
			return out
		}
		p := once("P", ev, some()...)
		for range 12 {
			q := loop("Q", ev, some()...)
			switch r.IntN(6) {
			case 0:
				p = model.Par(set(ev, some()...), p, q)
			case 1:
				p = model.ExtChoice(q, p)
			case 2:
				p = model.Hide(model.Interleave(q, p), set(ev, "e1"))
			case 3:
				p = model.Rename(p, model.NewPairs([2]model.Event{2, 9}, [2]model.Event{3, 9}, [2]model.Event{3, 10}))
			case 4:
				p = model.SyncInterrupt(p, set(ev, some()...), q)
			case 5:
				p = model.Interleave(p, q, q)
			}
		}
		return must(model.NewNetwork("N", ev, p)).String()
	}
	first := make()
	for range 20 {
		if got := make(); got != first {
			t.Fatalf("first\n%s\nthen\n%s", first, got)
		}
	}
}

func BenchmarkNewNetwork(b *testing.B) {
	for _, n := range []int{250, 500, 1000, 2000} {
		b.Run(fmt.Sprint("ring-", n), func(b *testing.B) {
			for b.Loop() {
				ev := model.NewEvents()
				p := loop("P", ev, "s.0", "s.1")
				for i := 1; i < n; i++ {
					s, u := fmt.Sprint("s.", i), fmt.Sprint("s.", i+1)
					p = model.Par(set(ev, s), p, loop("P", ev, s, u))
				}
				must(model.NewNetwork("N", ev, p))
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/component")
		})
		b.Run(fmt.Sprint("interrupts-", n), func(b *testing.B) {
			for b.Loop() {
				ev := model.NewEvents()
				var ps []*model.Process
				for i := range n {
					ps = append(ps, model.Interrupt(once("N", ev, fmt.Sprint("n.", i)), once("K", ev, "kill")))
				}
				must(model.NewNetwork("N", ev, model.Interleave(ps...)))
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/component")
		})
	}
}

// A check that fails ends the work with its error.
func TestNewNetworkWithin(t *testing.T) {
	events := model.NewEvents()
	b := model.NewMachine("M", events)
	b.On("s", "a", "s")
	b.Initial("s")
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	p := model.Leaf(m)
	for range 1000 {
		p = model.Interleave(model.Leaf(m), model.Hide(p, model.NewAlphabet()))
	}
	stop := errors.New("enough")
	asked := 0
	_, err = model.NewNetworkWithin(func() error {
		if asked++; asked < 5 {
			return nil
		}
		return stop
	}, "N", events, p)
	if err != stop || asked != 5 {
		t.Errorf("asked %d times, and ended with %v", asked, err)
	}
	if _, err := model.NewNetwork("N", events, p); err != nil {
		t.Error(err)
	}
}
