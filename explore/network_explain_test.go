package explore_test

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

// leaves returns the machines of a term from left to right, or false if some
// may start twice.
func leaves(t *modeltest.Term, out []*model.Machine) ([]*model.Machine, bool) {
	if t.Op == model.OpLeaf {
		return append(out, t.Machine), true
	}
	ok := t.Op != model.OpHost && t.Op != model.OpRecursive && t.Op != modeltest.Call
	for _, k := range t.Kids {
		var more bool
		out, more = leaves(k, out)
		ok = ok && more
	}
	return out, ok
}

// What a story says of each component is something that the component can do
// on its own, from its initial state to its end.
func TestNetworkStoriesAreTrue(t *testing.T) {
	told, ended, parts, hidden := 0, 0, 0, 0
	repeatedly(t, 20, func(t *rapid.T) {
		x := modeltest.Terms(3).Draw(t, "term")
		machines, once := leaves(x, nil)
		net, err := x.Network()
		if err != nil || len(machines) > 12 {
			return
		}
		sys := explore.Network(net)
		s, err := explore.Run(context.Background(), sys, explore.Limits{States: 30}, nil)
		if s == nil || s.Len() == 0 {
			t.Fatal(err)
		}
		for i := range s.Len() {
			path, err := s.Path(i)
			if err != nil {
				t.Fatal(err)
			}
			b, err := explore.Explain(sys, path)
			if err != nil {
				t.Fatal(err)
			}
			told++
			checkStory(t, b, x.Events, path)
			if n := len(path); n > 0 { // the last step was a road before it was taken
				before, err := explore.Explain(sys, path[:n-1])
				if err != nil {
					t.Fatal(err)
				}
				last := b.Steps[n-1]
				if last.Hidden != "" {
					hidden++
				}
				if !slices.ContainsFunc(before.Final, func(r explore.Branch) bool { return r.Event == last.Event && r.Hidden == last.Hidden }) {
					t.Fatalf("%s (%s) is none of %v: %s", last.Event, last.Hidden, before.Final, x)
				}
			}
			for _, w := range b.Waits {
				if len(w.For) == 0 || b.Ends[w.Component].Status != explore.Running || len(b.Final) > 0 {
					t.Fatalf("a wait %+v: %s", w, x)
				}
			}
			if !once {
				continue
			}
			for c, m := range machines {
				now := map[model.State]bool{m.Initial(): true}
				over := false
				for _, step := range b.Steps {
					for _, p := range step.Parts {
						if p.Component == c {
							parts++
							over = over || p.Event == "✓"
							now = after(m, now, p.Event)
						}
					}
				}
				if len(now) == 0 {
					t.Fatalf("component %d can't do what it does in %+v: %s", c, b, x)
				}
				end := b.Ends[c]
				if over {
					ended++
				}
				if over != (end.Status == explore.Terminated) {
					t.Fatalf("component %d did ✓: %v, and is %s: %s", c, over, end.Status, x)
				}
				if end.Status == explore.Running && !offersOf(m, now, end.Offers) {
					t.Fatalf("component %d offers %v: %s", c, end.Offers, x)
				}
			}
		}
	})
	t.Logf("%d stories told, %d components ended, %d parts, %d hidden events", told, ended, parts, hidden)
	if ended == 0 || parts == 0 || hidden == 0 {
		t.Error("they say nothing")
	}
}

func checkStory(t *rapid.T, b *explore.Behaviour, events *model.Events, path []explore.PathStep) {
	if len(b.Steps) != len(path) || len(b.Ends) != len(b.Components) {
		t.Fatalf("%d steps for %d, %d ends for %d", len(b.Steps), len(path), len(b.Ends), len(b.Components))
	}
	for i, step := range b.Steps {
		if step.Event != events.Name(path[i].Event) {
			t.Fatalf("step %d is %s, not %s", i, step.Event, events.Name(path[i].Event))
		}
		if step.Event != "τ" && len(step.Parts) == 0 && !slices.ContainsFunc(b.Components, func(c explore.Component) bool { return c.Name != "M" }) {
			t.Fatalf("step %d %s has nobody", i, step.Event)
		}
		if !slices.IsSortedFunc(step.Parts, func(x, y explore.Part) int { return x.Component - y.Component }) {
			t.Fatalf("step %d: parts %v are not in order", i, step.Parts)
		}
	}
}

// after returns the states that m can be in after it did the event.
func after(m *model.Machine, now map[model.State]bool, event string) map[model.State]bool {
	next := map[model.State]bool{}
	for s := range now {
		events, targets := m.Transitions(s)
		for i, e := range events {
			if m.Events().Name(e) == event {
				next[targets[i]] = true
			}
		}
	}
	return next
}

// offersOf reports whether one of the states offers exactly that.
func offersOf(m *model.Machine, now map[model.State]bool, offers []explore.Part) bool {
	for s := range now {
		var names, want []string
		events, _ := m.Transitions(s)
		for _, e := range slices.Compact(slices.Clone(events)) {
			names = append(names, m.Events().Name(e))
		}
		for _, o := range offers {
			want = append(want, o.Event)
		}
		if slices.Equal(names, want) {
			return true
		}
	}
	return false
}

// story tells in one line each what happened on the way to the deepest state
// and how it ended.
func story(t *testing.T, p *model.Process, events *model.Events) string {
	sys := explore.Network(must(model.NewNetwork("X", events, p)))
	last := 0
	s := must(explore.Run(context.Background(), sys, explore.Limits{}, func(v *explore.Visit) bool {
		last = v.State
		return true
	}))
	b := must(explore.Explain(sys, must(s.Path(last))))
	var out []string
	for _, s := range b.Steps {
		line := s.Event
		if s.Hidden != "" {
			line += " (" + s.Hidden + ")"
		}
		line += ":"
		for _, p := range s.Parts {
			line += " " + b.Components[p.Component].Name + "." + p.Event
		}
		out = append(out, line)
	}
	for i, e := range b.Ends {
		line := b.Components[i].Name + " " + string(e.Status)
		for _, o := range e.Offers {
			line += " " + o.Event
		}
		out = append(out, line)
	}
	for _, w := range b.Waits {
		line := b.Components[w.Component].Name + " waits for " + w.Event
		for _, f := range w.For {
			who := "nobody"
			if f.Component >= 0 {
				who = b.Components[f.Component].Name
			}
			line += strings.TrimRight(", "+who+" "+f.Reason, " ")
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func TestNetworkStories(t *testing.T) {
	events := model.NewEvents()
	line := func(name string, end bool, names ...string) *model.Process {
		b := model.NewMachine(name, events)
		for i, e := range names {
			b.On(fmt.Sprint(i), e, fmt.Sprint(i+1))
		}
		if end {
			b.On(fmt.Sprint(len(names)), "✓", "end")
		}
		b.State("0")
		b.Initial("0")
		return model.Leaf(must(b.Build()))
	}
	event := func(names ...string) model.Alphabet {
		var out []model.Event
		for _, n := range names {
			out = append(out, events.Event(n))
		}
		return model.NewAlphabet(out...)
	}
	hostMachine := func() *model.Machine {
		b := model.NewMachine("H", events)
		b.On("idle", "go", "busy")
		b.On("done", "bye", "gone")
		b.Initial("idle")
		return must(b.Build())
	}()
	state := func(name string) model.State {
		for s := range model.State(hostMachine.Len()) {
			if hostMachine.StateName(s) == name {
				return s
			}
		}
		panic(name)
	}
	for _, tt := range []struct {
		name string
		p    *model.Process
		want string
	}{
		{"they wait for each other",
			model.Par(event("a", "b"), line("P", false, "x", "a", "b"), line("Q", false, "b", "a")),
			`
x: P.x
P running a
Q running b
P waits for a, Q offers only b
Q waits for b, P offers only a`},
		{"nobody can join in",
			model.Par(event("a"), line("P", false, "a"), line("Q", true)),
			`
P running a
Q running ✓
P waits for a, nobody
Q waits for ✓, nobody`},
		{"a hidden event, renamed before, and an operand not started",
			model.Seq(model.Par(event("b"), model.Hide(model.Rename(line("P", false, "a", "b"), model.NewPairs([2]model.Event{events.Event("a"), events.Event("c")})), event("c")), line("Q", true, "d", "b")), line("R", true)),
			`
τ (c): P.a
d: Q.d
b: P.b Q.b
P running
Q running ✓
R not started
Q waits for ✓, nobody`},
		{"a choice leaves an operand, ; another",
			model.Seq(model.ExtChoice(line("P", false, "a"), line("Q", true, "b", "b", "b")), line("R", false, "c")),
			`
b: Q.b
b: Q.b
b: Q.b
τ: Q.✓
c: R.c
P gone
Q terminated
R running`},
		{"inside a whole",
			model.Par(event("b"), model.Whole(model.Par(event("a", "b"), line("P", false, "a", "b"), line("Q", false, "a", "b", "b"))), line("R", false, "b", "d", "b")),
			`
a: P.a Q.a
b: P.b Q.b R.b
d: R.d
P running
Q running b
R running b
Q waits for b, P offers nothing
R waits for b, P offers nothing`},
		{"a whole and its partner",
			model.Par(event("b"), model.Whole(model.Par(event("a", "b"), line("P", false, "a", "b"), line("Q", false, "a", "b"))), line("R", true, "e")),
			`
a: P.a Q.a
e: R.e
P running b
Q running b
R running ✓
P waits for b, nobody
Q waits for b, nobody
R waits for ✓, nobody`},
		{"a host",
			model.Host(hostMachine, model.Hosted{State: state("busy"), Process: model.Interleave(line("P", true, "p"), line("Q", true)), Next: state("done")}),
			`
go: H.go
p: P.p
τ: P.✓ Q.✓
bye: H.bye
H running
P terminated
Q terminated`},
		{"a host that ends with what it runs",
			model.Host(hostMachine, model.Hosted{State: state("busy"), Process: model.Interleave(line("P", true), line("P", true)), Last: true}),
			`
go: H.go
✓: P #1.✓ P #2.✓
H terminated
P #1 terminated
P #2 terminated`},
	} {
		if got := story(t, tt.p, events); got != strings.TrimSpace(tt.want) {
			t.Errorf("%s:\n%s\nwant%s", tt.name, got, tt.want)
		}
	}
}

// A component that did ✓ and was started again is running.
func TestNetworkStoryBeginsAgain(t *testing.T) {
	events := model.NewEvents()
	p := padding(events, 2)
	sys := explore.Network(must(model.NewNetwork("X", events, model.Recursive("X", func(x *model.Process) *model.Process {
		return model.Seq(model.Interleave(p...), x)
	}))))
	initial := make([]uint64, sys.Width())
	if err := sys.Initial(initial); err != nil {
		t.Fatal(err)
	}
	b := must(explore.Explain(sys, []explore.PathStep{{Event: model.Tau, State: initial}}))
	if len(b.Steps[0].Parts) != 2 || b.Steps[0].Parts[1].Event != "✓" {
		t.Errorf("parts %v", b.Steps[0].Parts)
	}
	for i, e := range b.Ends {
		if e.Status != explore.Running {
			t.Errorf("component %d is %s", i, e.Status)
		}
	}
}
