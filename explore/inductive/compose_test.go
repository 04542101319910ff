package inductive_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/explore/inductive"
	"github.com/cspcheck/cspcheck/explore/lts"
	"github.com/cspcheck/cspcheck/model"
)

// A table builds networks: machines by their transitions, "0 a 1", and rules
// by the local events of those who take part, "M0.a M1.b".
type table struct {
	t      *testing.T
	events *model.Events
	rules  *model.Rules
	all    []*model.Machine
}

func newTable(t *testing.T) *table {
	events := model.NewEvents()
	return &table{t, events, model.NewRules("N", events), nil}
}

func (x *table) machine(lines ...string) {
	b := model.NewMachine(fmt.Sprint("M", len(x.all)), x.events)
	b.Initial("0")
	b.State("0")
	for _, line := range lines {
		f := strings.Fields(line)
		b.On(f[0], f[1], f[2])
	}
	m, err := b.Build()
	if err != nil {
		x.t.Fatal(err)
	}
	x.all = append(x.all, m)
	x.rules.Component(model.Component{Name: m.Name(), Machine: m})
}

// rule adds a rule; component i is reset for each i of resets.
func (x *table) rule(seen, parts string, resets ...int32) {
	var out []model.Part
	for _, p := range strings.Fields(parts) {
		var i int32
		var e string
		if _, err := fmt.Sscanf(p, "M%d.%s", &i, &e); err != nil {
			x.t.Fatal(err)
		}
		out = append(out, model.Part{Component: i, Event: x.events.Event(e)})
	}
	var spans []model.Span
	for _, i := range resets {
		spans = append(spans, model.Span{Lo: i, Hi: i + 1})
	}
	x.rules.Rule(x.events.Event(seen), out, spans...)
}

func (x *table) network() *model.Network {
	n, err := x.rules.Build()
	if err != nil {
		x.t.Fatal(err)
	}
	return n
}

func goOn() error { return nil }

func plan(keep lts.Keep) inductive.Plan {
	return inductive.Plan{Keep: keep, Visible: keep != lts.Failures, States: 1000, Work: 1 << 24, Check: goOn}
}

// philosophers sit in a ring with forks between them; all take the left one
// first, but for the last one, if they are not greedy.
func philosophers(t *testing.T, n int, greedy bool) *table {
	x := newTable(t)
	for i := range n {
		first, second := "left", "right"
		if !greedy && i == n-1 {
			first, second = second, first
		}
		x.machine("0 "+first+" 1", "1 "+second+" 2", "2 eat 3", "3 drop 0")
	}
	for range n {
		x.machine("0 left 1", "0 right 1", "1 drop 0")
	}
	for i := range n {
		j := (i + 1) % n
		x.rule("left", fmt.Sprintf("M%d.left M%d.left", i, n+i))
		x.rule("right", fmt.Sprintf("M%d.right M%d.right", i, n+j))
		x.rule("eat", fmt.Sprintf("M%d.eat", i))
		x.rule("drop", fmt.Sprintf("M%d.drop M%d.drop M%d.drop", i, n+i, n+j))
	}
	return x
}

// In a ring the machines stay as small as they are, and all that is made
// grows with the ring.
func TestRingsStaySmall(t *testing.T) {
	for _, greedy := range []bool{false, true} {
		var made [2]*inductive.Composition
		for i, n := range []int{20, 200} {
			x := philosophers(t, n, greedy)
			c, err := inductive.Compose(x.network(), x.all, plan(lts.Failures))
			if err != nil {
				t.Fatal(err)
			}
			if c.Deadlocks() != greedy {
				t.Errorf("%d philosophers, greedy: %v: deadlocks: %v", n, greedy, c.Deadlocks())
			}
			if c.Components != 2*n {
				t.Errorf("%d components, want %d", c.Components, 2*n)
			}
			made[i] = c
			if !greedy {
				continue
			}
			path, err := c.DeadlockPath(goOn)
			if err != nil || len(path) != n {
				t.Errorf("a deadlock of %d philosophers after %d steps, %v", n, len(path), err)
			}
		}
		if a, b := made[0], made[1]; a.Largest != b.Largest || a.Compressed != b.Compressed || b.States > 11*a.States {
			t.Errorf("greedy: %v: of 20 %+v, of 200 %+v", greedy, a.Report, b.Report)
		}
	}
}

func TestUnsuited(t *testing.T) {
	large := newTable(t)
	for i := range 12 { // 2¹² states, and the world sees all that is done
		large.machine("0 a 1", "1 b 0")
		large.rule(fmt.Sprint("a", i), fmt.Sprintf("M%d.a", i))
		large.rule(fmt.Sprint("b", i), fmt.Sprintf("M%d.b", i))
	}
	still := newTable(t)
	still.machine()
	hasty := plan(lts.Failures)
	hasty.Work = 100
	for _, tt := range []struct {
		what string
		of   *table
		plan inductive.Plan
		want string
	}{
		{"states", large, plan(lts.Everything), "what is composed has more than 1000 states"},
		{"work", philosophers(t, 9, false), hasty, "to compose it takes too much work"},
		{"nothing", still, plan(lts.Failures), "nothing in it ever moves"},
	} {
		_, err := inductive.Compose(tt.of.network(), tt.of.all, tt.plan)
		var u *inductive.Unsuited
		if !errors.As(err, &u) || u.Reason != tt.want {
			t.Errorf("%s: %v, want %s", tt.what, err, tt.want)
		}
	}
	x := philosophers(t, 5, false)
	x.all[3] = nil
	if _, err := inductive.Compose(x.network(), x.all, plan(lts.Failures)); err == nil || err.Error() != "component M3 is evaluated on demand" {
		t.Errorf("a component on demand: %v", err)
	}
	stop := errors.New("stop")
	p := plan(lts.Failures)
	p.Check = func() error { return stop }
	x = philosophers(t, 2000, false)
	if _, err := inductive.Compose(x.network(), x.all, p); err != stop {
		t.Errorf("stopped: %v", err)
	}
}

func TestMachineOfAVisiblePlan(t *testing.T) {
	x := newTable(t)
	x.machine("0 a 1", "1 τ 0")
	x.machine("0 b 1", "1 c 0")
	x.rule("a", "M0.a M1.b")
	x.rule("τ", "M0.τ")
	x.rule("c", "M1.c")
	x.rule("d", "M1.c") // the world may see either
	c, err := inductive.Compose(x.network(), x.all, plan(lts.Everything))
	if err != nil {
		t.Fatal(err)
	}
	want := "> 0: a -> 1\n  1: c -> 0, d -> 0\n"
	if got := c.Machine().String(); got != want {
		t.Errorf("\n%swant\n%s", got, want)
	}
}

func TestSettles(t *testing.T) {
	for _, tt := range []struct {
		what string
		of   func(x *table)
		want bool
	}{
		{"no τ", func(x *table) { x.machine("0 a 0"); x.rule("a", "M0.a") }, true},
		{"τ for ever", func(x *table) { x.machine("0 a 0"); x.rule("τ", "M0.a") }, false},
		{"τ twice", func(x *table) { x.machine("0 a 1", "1 a 2"); x.rule("τ", "M0.a") }, true},
		{"a partner runs dry", func(x *table) {
			x.machine("0 a 0")
			x.machine("0 b 1")
			x.rule("τ", "M0.a M1.b")
		}, true},
		{"and so does the next", func(x *table) {
			x.machine("0 a 1", "1 b 0")
			x.machine("0 c 1")
			x.rule("τ", "M0.a M1.c")
			x.rule("τ", "M0.b")
		}, true},
		{"round by two rules", func(x *table) {
			x.machine("0 a 1", "1 b 0")
			x.rule("τ", "M0.a")
			x.rule("τ", "M0.b")
		}, false},
		{"one of them can be seen", func(x *table) {
			x.machine("0 a 1", "1 b 0")
			x.rule("τ", "M0.a")
			x.rule("b", "M0.b")
		}, true},
		{"a reset goes round", func(x *table) {
			x.machine("0 a 1")
			x.rule("τ", "M0.a", 0)
		}, false},
		{"another is reset", func(x *table) {
			x.machine("0 a 1")
			x.machine("0 b 0")
			x.rule("τ", "M0.a")
			x.rule("τ", "M1.b", 0)
		}, false},
	} {
		x := newTable(t)
		tt.of(x)
		if got := inductive.Settles(x.network(), x.all); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.what, got, tt.want)
		}
	}
}
